"""A build is repeated only when something that decides its result has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import ROOT_VARIABLE
from helpers.runner import Build, manifest, staleness


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Path]]:
    """Return a target with its manifest, and the two files that decided it."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    inputs = [tmp_path / "params" / "a.yaml", tmp_path / "data" / "b.csv"]
    for path in inputs:
        path.parent.mkdir()
        path.write_text(path.name, encoding="utf-8")
    target = tmp_path / "reports" / "thu"
    (target / "districts").mkdir(parents=True)
    (target / "districts" / "ky-son.html").write_text("bản", encoding="utf-8")
    build = Build("thu", target, (), tuple(inputs), parameters={"district": "Kỳ Sơn"})
    manifest.write(build, target, manifest.fingerprint(inputs), (), manifest.outputs(target))
    return target, inputs


def test_nothing_changed_is_seen(built: tuple[Path, list[Path]]) -> None:
    """With the same inputs and outputs there is no reason to build; failed/ is none either."""
    target, inputs = built
    (target / "failed").mkdir()
    assert staleness(target, reversed(inputs)) == ()


def test_each_kind_of_change_is_named(built: tuple[Path, list[Path]]) -> None:
    """Changed, new and missing inputs, and edited or missing outputs, are told by name."""
    target, (plan, data) = built
    plan.write_text("khác", encoding="utf-8")
    assert staleness(target, [plan, data]) == ("params/a.yaml đã đổi",)
    plan.write_text("a.yaml", encoding="utf-8")
    extra = data.with_name("c.csv")
    extra.touch()
    assert staleness(target, [plan, data, extra]) == ("data/c.csv mới thêm",)
    assert staleness(target, [plan]) == ("data/b.csv không còn",)
    data.unlink()
    assert staleness(target, [plan, data]) == ("data/b.csv không còn",)
    data.write_text("b.csv", encoding="utf-8")
    page = target / "districts" / "ky-son.html"
    page.write_text("sửa tay", encoding="utf-8")
    (reason,) = staleness(target, [plan, data])
    assert reason == "reports/thu/districts/ky-son.html đã bị sửa sau lần dựng trước"
    page.unlink()
    assert staleness(target, [plan, data]) == ("reports/thu/districts/ky-son.html không còn",)


def test_another_python_is_a_reason(
    built: tuple[Path, list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports made by another version of Python are made again."""
    target, inputs = built
    monkeypatch.setattr(manifest.platform, "python_version", lambda: "3.99.0")
    (reason,) = staleness(target, inputs)
    assert "3.99.0" in reason


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"schema": 0}'])
def test_a_missing_or_damaged_manifest_means_no_build(
    built: tuple[Path, list[Path]], text: str | None
) -> None:
    """Without a whole manifest the reports count as never built."""
    target, inputs = built
    if text is None:
        (target / manifest.MANIFEST).unlink()
    else:
        (target / manifest.MANIFEST).write_text(text, encoding="utf-8")
    assert staleness(target, inputs) == ("chưa có bản dựng nào",)


def test_the_manifest_is_readable_and_tells_no_time_or_place(
    built: tuple[Path, list[Path]], tmp_path: Path
) -> None:
    """Vietnamese stands in it as written, and nothing that differs between two builds."""
    text = (built[0] / manifest.MANIFEST).read_text(encoding="utf-8")
    assert "Kỳ Sơn" in text
    assert str(tmp_path) not in text


def test_the_quick_answer_imports_nothing_slow() -> None:
    """Finding that nothing has changed needs no papermill, nbconvert or pandas."""
    code = (
        "import sys, helpers.cli, helpers.runner\n"
        "slow = {'papermill', 'nbconvert', 'nbformat', 'pandas', 'matplotlib', 'psutil', 'tqdm'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

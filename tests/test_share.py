"""`make share`: the archive holds what may leave the house, and nothing else."""

from __future__ import annotations

import io
import json
import platform
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from build_samples import real_project

from helpers import cli, jobs
from helpers.brief import share
from helpers.brief.reader import Brief
from helpers.cli.sharing import SHARE
from helpers.data.catalogue import CATALOGUE
from helpers.paths import ROOT_VARIABLE
from helpers.runner import manifest

PLAN = "nghe-an-2024"
DOCUMENTS = {
    "provincial-brief": ("provincial-brief.html", "provincial-brief.pdf"),
    "districts/ky-son": ("districts/ky-son.html", "districts/ky-son.docx"),
}


def _word(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("word/document.xml", f"<w:t>{text}</w:t>")
    return packed.getvalue()


def _record(target: Path) -> Mapping[str, Any]:
    """Write the manifest of reports as they stand, and return it."""
    content = {
        "schema": manifest.SCHEMA,
        "inputs": {},
        "python": platform.python_version(),
        "outputs": manifest.outputs(target),
        "jobs": [
            {"label": f"Bản tóm tắt: {name}", "renders": {place: [] for place in places}}
            for name, places in DOCUMENTS.items()
        ],
    }
    (target / manifest.MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    return content


@pytest.fixture
def target(tmp_path: Path, shipped_brief: Brief, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of reports in a project of its own, whose inputs never change."""
    assert shipped_brief.output is not None
    folder = tmp_path / "reports" / PLAN
    shutil.copytree(shipped_brief.output, folder)
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / f"{PLAN}.yaml").write_text("", encoding="utf-8")
    for place in ("districts", "notebooks", "failed", "edited"):
        (folder / place).mkdir()
    (folder / "tables" / "households.csv").write_text("hộ,điểm\n", encoding="utf-8")
    (folder / "notebooks" / "01.ipynb").write_text("{}", encoding="utf-8")
    (folder / "failed" / "x.ipynb").write_text("{}", encoding="utf-8")
    (folder / "edited" / "provincial-brief.html").write_text("sửa", encoding="utf-8")
    (folder / "ghi-chu.txt").write_text("riêng", encoding="utf-8")
    (folder / "changes.csv").write_text("", encoding="utf-8")
    (folder / "index.html").write_text("", encoding="utf-8")
    for places in DOCUMENTS.values():
        for place in places:
            text = f"<p>Văn bản {place}</p>"
            (folder / place).write_bytes(_word(text) if "docx" in place else text.encode())
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    monkeypatch.setattr(jobs, "inputs", lambda plan: ())
    _record(folder)
    return folder


def _archive(target: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(target.parent / SHARE / f"{PLAN}.zip")


def test_only_what_may_leave_is_packed(target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Index, briefs and public tables go; all else stays, and the terminal says why."""
    assert cli.run_here(["share"]) == 0
    said = capsys.readouterr().out
    names = {name.removeprefix(f"{PLAN}/") for name in _archive(target).namelist()}
    tables = {name for name in names if name.startswith("tables/")}
    assert names - tables == {"index.html", *(p for places in DOCUMENTS.values() for p in places)}
    assert "tables/targets.csv" in tables
    public = {f"tables/{name}.csv" for name, spec in CATALOGUE.items() if not spec.internal}
    assert tables <= public
    for reason in (share.INTERNAL, share.UNKNOWN, share.SIDECAR, share.FOREIGN, "sổ tính đã chạy"):
        assert reason in said
    assert f"{len(names)} tệp" in said


def test_what_tells_of_returns_and_households_is_internal() -> None:
    """The working tables of the review, the register and the data's places are never public."""
    kept = {name for name, spec in CATALOGUE.items() if spec.internal}
    assert kept >= {
        *("review_checks", "reconciliation", "known_errors", "data_checks", "data_sources"),
        *("register_measures", "register_indicators", "plan_facts", "allocation_warnings"),
        *("coefficients", "rounding", "comparison_rules"),
    }


def test_the_shared_index_has_no_dead_link(target: Path) -> None:
    """Every file that the first page links is in the archive."""
    assert cli.run_here(["share"]) == 0
    with _archive(target) as archive:
        page = archive.read(f"{PLAN}/index.html").decode()
        names = set(archive.namelist())
    links = set(re.findall(r'href="([^"#]+)"', page))
    assert "districts/ky-son.docx" in links
    assert {f"{PLAN}/{link}" for link in links} <= names


def test_the_same_reports_give_the_same_bytes(target: Path) -> None:
    """Nothing of the time or the machine is in the archive."""
    path = target.parent / SHARE / f"{PLAN}.zip"
    assert cli.run_here(["share"]) == 0
    first = path.read_bytes()
    (target / "districts" / "ky-son.html").touch()
    assert cli.run_here(["share"]) == 0
    assert path.read_bytes() == first
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {share.OLDEST}
        assert archive.namelist() == sorted(archive.namelist())


@pytest.mark.parametrize("place", ["provincial-brief.html", "districts/ky-son.docx"])
@pytest.mark.parametrize("trace", ["/home/lan/ke-hoach/a.csv", r"C:\Users\lan\a.csv", "root"])
def test_a_trace_of_this_machine_stops_it(
    target: Path, place: str, trace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path of a home or of the project, in a page or in a Word file, is named and refused."""
    planted = f"<p>Xem {target.parents[1] if trace == 'root' else trace}</p>"
    (target / place).write_bytes(_word(planted) if "docx" in place else planted.encode())
    _record(target)
    assert cli.run_here(["share"]) == 2
    said = capsys.readouterr().out
    assert place in said
    assert "lộ đường dẫn" in said
    assert not (target.parent / SHARE).exists()


def test_the_name_of_the_user_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's own name is found as a word; one that is an ordinary word tells nothing."""
    monkeypatch.setattr(share.getpass, "getuser", lambda: "lan.nguyen")
    assert share.traces("a.html", b"<p>lan.nguyen viet</p>") == ["lan.nguyen"]
    assert share.traces("a.html", b"<p>xlan.nguyen</p>") == []
    monkeypatch.setattr(share.getpass, "getuser", lambda: "root")
    assert share.traces("a.html", b"<p>root</p>") == []


def test_stale_or_missing_reports_are_refused(
    target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What no longer fits its inputs, or is not there, is first to be made."""
    (target / "districts" / "ky-son.html").write_text("sửa tay", encoding="utf-8")
    assert cli.run_here(["share"]) == 2
    assert "không còn đúng" in capsys.readouterr().out
    shutil.rmtree(target)
    assert cli.run_here(["share"]) == 2
    assert "chạy make trước" in capsys.readouterr().out
    assert not (target.parent / SHARE).exists()


def test_clean_takes_the_archives_away(target: Path) -> None:
    """The archives are made, so they go with what is made."""
    assert cli.run_here(["share"]) == 0
    assert cli.run_here(["clean"]) == 0
    assert not (target.parent / SHARE).exists()


@pytest.mark.slow
def test_the_real_reports_can_be_shared(tmp_path: Path) -> None:
    """What a build has made holds no trace of its machine, and only public tables go along."""
    project = real_project(tmp_path / "kế hoạch", "Kỳ Sơn")
    code, said = project.build()
    assert code == 0, said[-600:]
    target = project.reports
    content = manifest.read(target)
    shared = share.chosen(target, content)
    with zipfile.ZipFile(io.BytesIO(share.pack(target, content, shared))) as archive:
        names = archive.namelist()
    assert f"{PLAN}/index.html" in names
    assert not [name for name in names if name.endswith((".ipynb", ".yml", ".json"))]
    assert not [name for name in shared.tables if CATALOGUE[name].internal]

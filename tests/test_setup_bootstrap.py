"""The project's own Python is made once, again when the pins change, and failures are explained."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import bootstrap
from helpers.runner import pins

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project folder with pins, and an environment that fits them."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]", encoding="utf-8")
    for name in ("build", "cluster", "test", "lab"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    bootstrap._write_stamp(tmp_path, "build")
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the steps of a set-up, which are only noted down."""
    steps: list[str] = []

    def new_venv(folder: Path, _: object) -> None:
        steps.append(f"venv {folder.name}")
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        python = folder / "bin" / "python"
        if not python.exists():
            python.unlink(missing_ok=True)
            python.symlink_to(sys.executable)

    monkeypatch.setattr(bootstrap, "_new_venv", new_venv)
    monkeypatch.setattr(bootstrap, "_install", lambda root, name, _: steps.append(f"pins {name}"))
    monkeypatch.setattr(bootstrap, "_install_project", lambda *_: steps.append("project"))
    monkeypatch.setattr(bootstrap, "_call", lambda *_: None)
    return steps


def test_an_environment_that_fits_is_left_alone(project: Path, made: list[str]) -> None:
    """Nothing is done where the stamp says what is wanted."""
    bootstrap.ensure(project, "build")
    assert made == []


@pytest.mark.parametrize("spoil", ["pins", "stamp", "python", "half", "moved"])
def test_an_environment_that_does_not_fit_is_made_anew(
    project: Path, made: list[str], spoil: str
) -> None:
    """New pins, an interrupted set-up, a Python that is gone, and a moved project all show."""
    stamp = project / ".venv" / "helpers-build.json"
    if spoil == "pins":
        (project / "requirements" / "build.txt").write_text("new", encoding="utf-8")
    elif spoil == "stamp":
        stamp.unlink()
    elif spoil == "python":
        (project / ".venv" / "bin" / "python").unlink()
        (project / ".venv" / "bin" / "python").symlink_to(project / "gone")
    elif spoil == "half":
        stamp.write_text('{"pins": ', encoding="utf-8")
    else:
        content = json.loads(stamp.read_text(encoding="utf-8"))
        stamp.write_text(json.dumps(content | {"root": "/elsewhere"}), encoding="utf-8")
    bootstrap.ensure(project, "build")
    assert made == ["venv .venv", "pins build", "project"]
    assert bootstrap.fits(project, "build")


def test_a_new_pyproject_registers_the_project_only(project: Path, made: list[str]) -> None:
    """New entry points need no new packages."""
    (project / "pyproject.toml").write_text("[project]\nname = 'x'", encoding="utf-8")
    bootstrap.ensure(project, "build")
    assert made == ["project"]


def test_the_tests_packages_are_added_to_the_builds(project: Path, made: list[str]) -> None:
    """The same environment is extended, and then serves both."""
    bootstrap.ensure(project, "test")
    assert made == ["pins test", "project"]
    assert bootstrap.fits(project, "build")
    assert bootstrap.fits(project, "cluster")
    assert bootstrap.fits(project, "test")


def test_jupyterlab_has_an_environment_of_its_own(project: Path, made: list[str]) -> None:
    """JupyterLab's packages never reach the build's environment."""
    bootstrap.ensure(project, "lab")
    assert made == ["venv .venv-lab", "pins lab", "project"]
    assert bootstrap.ENVIRONMENTS["lab"].folder != bootstrap.ENVIRONMENTS["build"].folder


def test_a_missing_venv_module_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's Python without python3-venv brings the name of the package to install."""
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(bootstrap.SetupFailed, match="python3-venv"):
        bootstrap._new_venv(tmp_path / ".venv", {})


@pytest.mark.parametrize(
    ("said", "explained"),
    [
        ("ERROR: No matching distribution found for uv==0.13.9", "kết nối mạng"),
        ("error: Failed to fetch: dns error", "kết nối mạng"),
        ("OSError: [Errno 28] No space left on device", "Đĩa đã đầy"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "quyền ghi"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "mã băm"),
        ("something else", "người hỗ trợ"),
    ],
)
def test_an_installers_words_are_explained(said: str, explained: str) -> None:
    """The usual causes are told apart: network, disk, rights, hashes."""
    assert explained in bootstrap._explain(said)


def test_where_uv_fails_pip_installs_the_same_pins(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a mirror that only pip knows, pip alone does the work, hashes still required."""
    commands: list[list[str]] = []

    def call(command: list[object], _: object) -> str | None:
        commands.append([str(part) for part in command])
        return "Failed to fetch" if "uv" in commands[-1] else None

    monkeypatch.setattr(bootstrap, "_call", call)
    monkeypatch.setattr(bootstrap, "_mirror", lambda *_: {})
    bootstrap._install(project, "build", {})
    assert [command[2] for command in commands] == ["pip", "uv", "pip"]
    assert all("--require-hashes" in command for command in commands)
    assert commands[-1][-1].endswith("requirements/build.txt")


@pytest.mark.parametrize("place", pins.SETS)
def test_pins_have_hashes_and_no_address(place: str) -> None:
    """Every pinned package has a version and hashes; no registry is named."""
    text = (ROOT / place).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.\[\],-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_larger_sets_keep_to_the_builds_versions() -> None:
    """What is tested and shown in JupyterLab is what builds the reports."""

    def versions(place: str) -> set[str]:
        text = (ROOT / place).read_text(encoding="utf-8")
        return set(re.findall(r"(?m)^([\w.-]+==[^\s;]+)", text))

    build = versions("requirements/build.txt")
    assert build <= versions("requirements/cluster.txt") <= versions("requirements/test.txt")
    assert build <= versions("requirements/lab.txt")
    assert not [pin for pin in build if pin.startswith(("jupyterlab==", "rfc3987"))]


def test_the_start_can_be_read_by_an_old_python(tmp_path: Path) -> None:
    """What runs before the version check uses nothing newer than Python 3.7."""
    import ast

    for name in ("__main__.py", "__init__.py"):
        text = (ROOT / "src" / "helpers" / name).read_text(encoding="utf-8")
        ast.parse(text, feature_version=(3, 7))


def test_an_old_python_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Too old a Python, with no newer one beside it, ends with a sentence and code 2."""
    import shutil

    from helpers import __main__ as start

    monkeypatch.setattr(start.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert start._start() == 2
    assert "Cần Python 3.11 trở lên, máy này đang dùng Python 3.9" in capsys.readouterr().err


@pytest.mark.slow
def test_the_start_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    """An isolated Python without any installed package prints the help."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "helpers", "help"],
        env={"PYTHONPATH": str(ROOT / "src"), "LANG": "C", "PATH": ""},
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "Cách dùng" in done.stdout.decode("utf-8")

"""The command line: help, mistakes and refusals, all in Vietnamese and without a traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
from runner_toys import job, toy, write_notebook

import helpers
from helpers import cli
from helpers.errors import InputRefused, Problem
from helpers.paths import ROOT_VARIABLE
from helpers.runner import Build
from helpers.runner.code import Package

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with two plans, whose only notebook is a toy."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    (tmp_path / "params").mkdir()
    for name in ("nghe-an-2024", "thu"):
        (tmp_path / "params" / f"{name}.yaml").write_text("year: 2024\n", encoding="utf-8")
    notebook = write_notebook(tmp_path, "ban", "year")
    jobs = types.ModuleType("helpers.jobs")

    def make_build(plan: Path, known: Package) -> Build:
        if "sai" in plan.read_text(encoding="utf-8"):
            raise InputRefused([Problem("params/thu.yaml", "sai", "sửa"), Problem("dữ liệu", "x")])
        renders = (("markdown", "ban.md"),)
        return toy(tmp_path, job(notebook, renders=renders), inputs=(plan, notebook))

    jobs.inputs = lambda plan: (plan, notebook)  # type: ignore[attr-defined]
    jobs.make_build = make_build  # type: ignore[attr-defined]
    jobs.package = lambda: Package(tmp_path / "src")  # type: ignore[attr-defined]
    jobs.PRELOAD = ()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "helpers.jobs", jobs)
    monkeypatch.setattr(helpers, "jobs", jobs, raising=False)
    return tmp_path


def test_make_and_the_command_line_offer_the_same() -> None:
    """Each target of the Makefile is a command, each command a target."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(cli.COMMANDS)
    rules = re.findall(r"^([a-z][a-z -]*):", makefile, re.MULTILINE)
    assert {name for rule in rules for name in rule.split()} == set(cli.COMMANDS)


def test_help_has_a_line_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command is told with one line."""
    assert cli.run_here(["help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in cli.COMMANDS:
        assert sum(line.startswith(f"  {name} ") for line in lines) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bild"], "Có phải là “build”?"),
        (["build", "--pln", "x"], "Có phải là --plan?"),
        (["build", "--plan"], "--plan cần một giá trị"),
        (["build", "--plan", "params/tu.yaml"], "params/thu.yaml"),
        (["build", "--timeout", "lâu"], "số nguyên dương"),
        (["check", "nhanh"], "lệnh check không có “nhanh”"),
    ],
)
def test_a_mistyped_command_line_is_explained(
    project: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """A wrong word ends with code 2, the nearest right one, and no traceback."""
    assert cli.run_here(words) == 2
    out = capsys.readouterr().out
    assert said in out
    assert "Traceback" not in out


def test_refused_input_is_one_numbered_list(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every problem of the plan and the data is told at once, and nothing has run."""
    (project / "params" / "thu.yaml").write_text("sai", encoding="utf-8")
    assert cli.run_here(["build", "--plan", "params/thu.yaml", "--stock"]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Có 2 lỗi cần sửa trước khi chạy:",
        "  1. params/thu.yaml: sai → sửa",
        "  2. dữ liệu: x",
    ]
    assert not (project / "reports" / "thu").exists()


def test_a_fault_of_the_program_is_no_traceback_for_a_planner(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unforeseen error ends with a sentence; its traceback goes to a file."""

    def fail(plan: Path, known: Package) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys.modules["helpers.jobs"], "make_build", fail)
    assert cli.run_here(["build", "--plan=params/thu.yaml", "--stock"]) == 1
    assert "Traceback" not in capsys.readouterr().out
    assert "ZeroDivisionError" in (project / "reports" / "error.log").read_text(encoding="utf-8")


def test_schema_writes_what_editors_read(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The schema command writes the files that an editor reads, and says where they are."""
    (project / "params" / "rules").mkdir()
    assert cli.run_here(["schema"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = ("rules.schema.json", "cases.schema.json")
    assert lines == [f"Đã ghi params/rules/{name}" for name in names]
    for name in names:
        shipped = (ROOT / "params" / "rules" / name).read_bytes()
        assert (project / "params" / "rules" / name).read_bytes() == shipped


@pytest.mark.slow
def test_a_build_is_made_told_and_not_repeated(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first run builds, the second says that nothing changed, an edit says why it builds."""
    words = ["build", "--plan", "params/thu.yaml", "--stock"]
    assert cli.run_here(words) == 0
    first = capsys.readouterr().out
    assert "[1/1] Bản ban … xong" in first
    assert "reports/thu/ban.md" in first
    assert cli.run_here(words) == 0
    second = capsys.readouterr().out
    assert second.startswith("Không có gì thay đổi")
    assert "reports/thu/ban.md" in second
    write_notebook(project, "ban", "year + 1")
    assert cli.run_here(["explain", *words[1:3]]) == 0
    assert capsys.readouterr().out == "Chạy lại: Bản ban (sổ tính đã sửa)\n"
    assert cli.run_here(words) == 0
    third = capsys.readouterr().out
    assert third.startswith("[1/1] Bản ban (sổ tính đã sửa) … xong")
    assert cli.run_here(["clean"]) == 0
    assert not (project / "reports" / "thu").exists()


def test_the_command_line_needs_no_package() -> None:
    """Before anything is set up, the commands can be read with the standard library alone."""
    command = [sys.executable, "-S", "-c", "import helpers.cli"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

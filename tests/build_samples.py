"""Projects whose builds run in processes of their own, to be killed, starved and looked into."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import toy_build
from runner_toys import write_notebook

from helpers.paths import ROOT_VARIABLE

TESTS = Path(__file__).parent
PATIENCE = 5.0
"""Seconds within which no process of an ended build may be left."""


@dataclass
class Project:
    """A folder with a project, and the processes that build it."""

    root: Path
    driver: str
    """Module of the tests whose `main` builds the project."""
    name: str
    """Of the plan, and of its folder among the reports."""
    code: str = str(TESTS.parent / "src")
    arguments: tuple[str, ...] = ()
    mark: str = field(default_factory=lambda: uuid4().hex)

    @property
    def reports(self) -> Path:
        """The published reports."""
        return self.root / "reports" / self.name

    def start(self, *arguments: str, command: str = "", **more: Any) -> subprocess.Popen[str]:
        """Start a build in a session of its own; what it says is read through pipes."""
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        given = {"stdin": nothing, "stdout": pipe, "stderr": pipe, **more}
        variables = {
            **os.environ,
            ROOT_VARIABLE: str(self.root),
            "PYTHONPATH": os.pathsep.join([self.code, str(TESTS)]),
            toy_build.MARK: self.mark,
            **given.pop("environment", {}),
        }
        code = command or f"from {self.driver} import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, *self.arguments, *arguments],
            cwd=self.root,
            env=variables,
            encoding="utf-8",
            start_new_session=True,
            **given,
        )

    def build(self, *arguments: str, **more: Any) -> tuple[int, str]:
        """Build and wait; return the exit code and what was said, errors among it."""
        started = self.start(*arguments, **{"stderr": subprocess.STDOUT, **more})
        said, _ = started.communicate(timeout=120)
        return started.returncode, said

    def left(self) -> list[str]:
        """Return the processes of this project's builds that are there after some patience."""
        deadline = time.monotonic() + PATIENCE
        while (found := marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    def broken(self) -> list[str]:
        """Return what keeps the published reports from being one build's whole set."""
        try:
            content = json.loads((self.reports / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            return [f"manifest.json: {error}"]
        made = {place: facts["sha256"] for job in content["jobs"] for place, facts in _made(job)}
        made |= {place: facts["sha256"] for place, facts in content["outputs"].items()}
        there = {
            path.relative_to(self.reports).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.reports.rglob("*")
            if path.is_file()
            and path.name not in ("manifest.json", "changes.csv")
            and path.relative_to(self.reports).parts[0] != "failed"
        }
        return sorted(
            place for place in {*made, *there} if made.get(place, "") != there.get(place, "")
        )

    def finished(self) -> list[str]:
        """Return the jobs that a build which was cut short has finished."""
        shed = self.reports.with_name(f".{self.name}.work") / "jobs"
        return sorted(path.relative_to(shed).as_posix() for path in shed.rglob("*.json"))


def _made(job: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from job["outputs"].items()


def marked(mark: str) -> list[str]:
    """Return the processes that were started with the mark among their variables."""
    found = []
    wanted = f"{toy_build.MARK}={mark}".encode()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                found.append(f"{folder.name} {state} {command[:100]}")
        except OSError:
            continue  # it has ended meanwhile
    return found


def toy_project(root: Path) -> Project:
    """Write the toy project of twelve notebooks into a folder."""
    for place in ("params", "data"):
        (root / place).mkdir(parents=True)
    (root / toy_build.PLAN).write_text("a: 1\n", encoding="utf-8")
    for number in range(1, toy_build.TABLES + 1):
        table = f"bang-{number}"
        write_notebook(
            root,
            f"phan-tich-{number}",
            toy_build.ANALYSIS.format(table=table),
            parameters=None,
        )
    parameters = 'table: str = "bang-1.csv"\nnumber: int = 1'
    write_notebook(root, "ban", toy_build.BRIEF, parameters=parameters)
    tell(root, dict.fromkeys(range(1, toy_build.TABLES + 1), "lần 0"))
    return Project(root, "toy_build", "thu")


def real_project(root: Path, *districts: str) -> Project:
    """Copy the shipped project into a folder, its code included; build only these districts."""
    for place in ("params", "data", "notebooks", "requirements", "src"):
        hidden = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.egg-info")
        shutil.copytree(TESTS.parent / place, root / place, ignore=hidden)
    shutil.copy2(TESTS.parent / "pyproject.toml", root)
    return Project(root, "real_build", "nghe-an-2024", str(root / "src"), districts)


def waiting(
    project: Project,
    notebook: str,
    cell: str,
    *,
    parameters: str | None = None,
    seconds: float = 60,
    always: bool = False,
) -> Path:
    """Have a notebook wait before its cell, the first time it runs or always; return its mark.

    The mark holds the numbers of the kernel's process and of the worker's that runs it.
    """
    mark = project.root / f"{notebook}.dau"
    wait = (
        "import os, time\nfrom pathlib import Path\n"
        f"mark, new = Path('../{mark.name}'), Path('../{mark.name}.new')\n"
        f"if {always} or not mark.exists():\n"
        "    _ = new.write_text(f\"{os.getpid()} {os.environ['JPY_PARENT_PID']}\")\n"
        "    _ = new.replace(mark)\n"
        f"    time.sleep({seconds})"
    )
    write_notebook(project.root, notebook, wait, cell, parameters=parameters)
    return mark


def numbers_in(mark: Path) -> list[int]:
    """Wait for a mark; return the numbers in it."""
    deadline = time.monotonic() + 30
    while not mark.exists():
        assert time.monotonic() < deadline, f"{mark.name} never came"
        time.sleep(0.01)
    return [int(number) for number in mark.read_text(encoding="utf-8").split()]


def tell(root: Path, texts: Mapping[int, str]) -> None:
    """Write what the toy's tables are made from."""
    for number, text in texts.items():
        (root / "data" / f"bang-{number}.csv").write_text(f"{text}\n", encoding="utf-8")


def told(reports: Path) -> dict[int, str]:
    """Return what the toy's published tables tell."""
    found = {}
    for number in range(1, toy_build.TABLES + 1):
        text = (reports / "tables" / f"bang-{number}.csv").read_text(encoding="utf-8")
        found[number] = text.splitlines()[1].partition(",")[2]
    return found


def shown(reports: Path) -> dict[int, set[str]]:
    """Return what the toy's briefs tell of each table."""
    found: dict[int, set[str]] = {}
    for number in range(1, toy_build.BRIEFS + 1):
        table = number % toy_build.TABLES + 1
        text = (reports / "huyen" / f"{number}.md").read_text(encoding="utf-8")
        line = next(line.strip() for line in text.splitlines() if f"bang-{table}," in line)
        found.setdefault(table, set()).add(line.partition(",")[2])
    return found


@contextmanager
def mounted(folder: Path, *words: str) -> Iterator[Path]:
    """Mount something on a folder for a time, such as a small disk."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *words, str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def may_mount(folder: Path) -> bool:
    """Tell whether this user may mount."""
    try:
        with mounted(folder, "-t", "tmpfs", "tmpfs"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False

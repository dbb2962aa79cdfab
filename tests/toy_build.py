"""A toy project of twelve quick notebooks, built by the real command in a process of its own.

Four analyses read a data file each and publish a table each; eight briefs show one of the tables
as text, two of them as HTML too.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers import cli
from helpers.cli import building
from helpers.paths import project_root
from helpers.runner import Build, Job, manifest, open_shop, publish, staleness

PLAN = "params/thu.yaml"
MARK = "BUILD_TEST_MARK"
"""Variable that tells the processes of one project's builds from all others."""

STRUCK = "BUILD_TEST_STRUCK"
"""Variable with a step in publishing before which the build is killed or waits: "3 killed"."""

HELD = "publishing.dau"
"""File that appears in the project while the build waits there."""

PRELOAD = (
    *("papermill.execute", "nbconvert.exporters", "helpers.runner.execute"),
    *("helpers.runner.render", "helpers.runner.watch", "toy_build"),
)
TABLES = 4
BRIEFS = 8
PAGES = 2
JOBS = TABLES + BRIEFS
RESULTS = TABLES * 2 + BRIEFS + PAGES + JOBS + 1
"""Files that a build makes: tables with sidecars, documents, notebooks, the index."""

ANALYSIS = """\
import os
from pathlib import Path
folder = Path(os.environ['HELPERS_OUTPUT']) / 'tables'
folder.mkdir(parents=True, exist_ok=True)
told = Path('../data/{table}.csv').read_text(encoding='utf-8').strip()
_ = (folder / '{table}.csv').write_text('key,told\\n{table},' + told + '\\n', encoding='utf-8')
_ = (folder / '{table}.meta.yml').write_text('key: [key]\\n', encoding='utf-8')"""

BRIEF = """\
import os
from pathlib import Path
print((Path(os.environ['HELPERS_OUTPUT']) / 'tables' / table).read_text(encoding='utf-8'))"""

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree", "shutil.copyfile")
"""What Python tells of before files and folders change."""


# --- in the process that builds


def write_index(folder: Path) -> None:
    """Make the last step of a build: a page."""
    (folder / "index.html").write_text("mục lục", encoding="utf-8")


def toy_build(root: Path) -> Build:
    """Return the build of the project in a folder."""
    pages = root / "notebooks"
    data = [root / "data" / f"bang-{number}.csv" for number in range(1, TABLES + 1)]
    jobs = [
        Job(
            f"Phân tích {number}",
            pages / f"phan-tich-{number}.ipynb",
            {},
            f"phan-tich-{number}",
            publishes=(f"bang-{number}",),
            files=(data[number - 1],),
        )
        for number in range(1, TABLES + 1)
    ]
    for number in range(1, BRIEFS + 1):
        table, name = f"bang-{number % TABLES + 1}", f"huyen/{number}"
        formats = (("markdown", f"{name}.md"), ("html", f"{name}.html"))
        jobs.append(
            Job(
                f"Bản {number}",
                pages / "ban.ipynb",
                {"table": f"{table}.csv", "number": number},
                name,
                renders=formats[: 2 if number <= PAGES else 1],
                reads=(table,),
            )
        )
    inputs = tuple(dict.fromkeys([*data, root / PLAN, *(job.notebook for job in jobs)]))
    return Build("thu", root / "reports" / "thu", tuple(jobs), inputs, finish=write_index)


def strike(step: int, killed: bool) -> None:
    """Have this process be killed, or wait, before a step of publishing.

    A step is that a file or folder is written, moved or removed; of the moment at which two folders
    change places there are two, before and after.
    """
    taken = 0
    started: list[bool] = []
    write, exchanged = manifest.write, publish._exchanged

    def stepped(*_: object) -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            if killed:
                os.kill(os.getpid(), signal.SIGKILL)
            (project_root() / HELD).touch()
            time.sleep(60)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        written = event == "open" and "w" in str(arguments[1] or "")
        if started and (written or event in CHANGES):
            stepped()

    def write_manifest(*arguments: Any) -> Any:
        started.append(True)
        return write(*arguments)

    def exchange(*places: Path) -> bool:
        stepped()
        done = exchanged(*places)
        stepped()
        return done

    manifest.write = write_manifest  # type: ignore[assignment]
    publish._exchanged = exchange  # type: ignore[assignment]
    sys.addaudithook(hook)


def main() -> None:
    """Build as `python -m helpers build` does."""
    build = toy_build(project_root())

    @contextlib.contextmanager
    def opened(*_: object) -> Iterator[tuple[Any, Build]]:
        with open_shop(PRELOAD, workers=2) as shop:
            yield shop, build

    building._opened = opened
    building._stale = lambda _, target: staleness(target, build.inputs)
    if struck := os.environ.get(STRUCK):
        step, what = struck.split()
        strike(int(step), what == "killed")
    sys.exit(cli.run_here(["build", "--plan", PLAN, *sys.argv[1:]]))

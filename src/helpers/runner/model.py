"""What the runner is asked to do, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "OUTPUT_VARIABLE",
    "TABLES",
    "VOLATILE",
    "Build",
    "Failure",
    "Job",
    "Limits",
    "Result",
]

OUTPUT_VARIABLE = "HELPERS_OUTPUT"
"""Environment variable that tells a notebook the folder into which it publishes."""

TABLES = "tables"
"""The folder in it where a table stands: name.csv, and its sidecar name.meta.yml."""


VOLATILE = frozenset(
    {"ExecuteTime", "collapsed", "execution", "jupyter", "papermill", "scrolled", "trusted"}
)
"""What tools write into the metadata of a notebook's cells: it decides nothing, and goes."""


@dataclass(frozen=True)
class Job:
    """One run of one notebook with its parameters, and the documents rendered from it."""

    label: str
    """What the planner reads: "Bản tóm tắt huyện Kỳ Sơn"."""
    notebook: Path
    parameters: Mapping[str, object]
    name: str
    """Stem of the executed notebook, folders included: "districts/ky-son"."""
    renders: tuple[tuple[str, str], ...] = ()
    """Pairs of an nbconvert exporter's name and the path of its file in the reports folder."""
    reads: tuple[str, ...] = ()
    """Names of the tables that it may read; it waits for those who publish them."""
    publishes: tuple[str, ...] = ()
    """Names of the tables that it has to publish."""
    files: tuple[Path, ...] = ()
    """Files of the project that it may read besides; which of them it did is found out."""
    named: tuple[Path, ...] = ()
    """Files that its cells name: they count as read, even where nobody sees how they are opened."""
    code: tuple[Path, ...] = ()
    """Source files, templates and fonts that its code can reach."""


@dataclass(frozen=True)
class Limits:
    """What a notebook may take."""

    cell: int = 600
    """Seconds of one cell."""
    notebook: int = 3600
    """Seconds of all cells together."""
    memory: int = 0
    """Bytes beyond what every notebook starts with; 0 for no limit but the machine's."""


@dataclass(frozen=True)
class Build:
    """Every job of one plan, what decides their results, and where the results go."""

    name: str
    target: Path
    jobs: tuple[Job, ...]
    inputs: tuple[Path, ...] = ()
    """Every file that decides a result; where none has changed, nothing is looked into further."""
    common: tuple[Path, ...] = ()
    """Those that decide every result, such as the pinned packages."""
    exporters: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    """The files behind each exporter: its code, its templates, its fonts."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Set for the kernels and the exporters, besides `OUTPUT_VARIABLE`."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    """Recorded in the manifest."""
    check: Callable[[], object] | None = None
    """Called in a worker before anything runs; it may refuse with InputRefused."""
    learn: tuple[str, ...] = ()
    """Modules that only notebooks with documents need: the template imports them while others
    run."""
    rehearse: str = ""
    """A function ("package.module:name") for the template to call with the folder of the tables
    before the first notebook that ends in documents, and with whether several of them are to run:
    what it learns, all of them know."""
    finish: Callable[[Path], object] | None = None
    """Called with the folder of the finished files, before they are published."""


@dataclass(frozen=True)
class Failure:
    """Why one job failed, in words for a planner; every text is Vietnamese."""

    label: str
    notebook: str
    what: str
    todo: str
    heading: str = ""
    cell: int | None = None
    """Position of the cell in the planner's notebook, counted from 1, text cells included."""
    details: str = ""
    """The whole traceback, for the log file."""
    log: str = ""
    """Where the log file is, from the project folder on."""
    hopeless: bool = False
    """Whether the others would fail as well: the disk is full, or nothing may be written."""

    def __str__(self) -> str:
        """Return the message: what failed, where, why, and what to do next."""
        where = f"{self.label} ({self.notebook}"
        where += f", ô thứ {self.cell}" if self.cell is not None else ""
        where += f", dưới mục “{self.heading}”" if self.heading else ""
        lines = [f"{where}):", *(f"  {line}" for line in self.what.splitlines())]
        return "\n".join([*lines, f"  → {self.todo}"])


@dataclass(frozen=True)
class Result:
    """How a build ended: exit code 0 (published), 1 (some notebook failed) or 130 (stopped)."""

    code: int
    failures: tuple[Failure, ...] = ()
    skipped: tuple[str, ...] = ()
    """Labels of the jobs that were not started, since one that they need had failed."""
    made: tuple[str, ...] = ()
    """Labels of the jobs that were run or rendered."""
    kept: tuple[str, ...] = ()
    """Labels of the jobs whose results of before are still right."""
    changed_briefs: tuple[str, ...] = ()
    changed_values: int = 0
    seconds: float = 0.0

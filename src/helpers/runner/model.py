"""What the runner is asked to do, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["OUTPUT_VARIABLE", "Build", "Failure", "Job", "Result"]

OUTPUT_VARIABLE = "HELPERS_OUTPUT"
"""Environment variable that tells a notebook the folder into which it publishes."""


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
    stage: int = 0
    """Jobs of one stage run side by side; a stage starts when the one before has ended."""


@dataclass(frozen=True)
class Build:
    """Every job of one plan, what decides their results, and where the results go."""

    name: str
    target: Path
    jobs: tuple[Job, ...]
    inputs: tuple[Path, ...] = ()
    """Every file that decides the result; a build is repeated only when one has changed."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Set for the kernels and the exporters, besides `OUTPUT_VARIABLE`."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    """Recorded in the manifest."""
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
    """Labels of the jobs that were not started, since a stage before them had failed."""
    changed_briefs: tuple[str, ...] = ()
    changed_values: int = 0
    seconds: float = 0.0

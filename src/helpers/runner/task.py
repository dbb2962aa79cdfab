"""One job as it is handed to a worker, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.runner.model import Failure, Job, Limits

__all__ = ["Done", "Task"]


@dataclass(frozen=True)
class Task:
    """One job to be done, and where."""

    job: Job
    folder: Path
    """The folder of the reports that are being made."""
    broken: Path
    """Where a run that failed is kept."""
    root: Path
    """The project's folder."""
    renders: tuple[tuple[str, str], ...]
    """The documents to render."""
    execute: bool = True
    """Whether to run the notebook; else the documents are made from its last run."""
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    common: tuple[Path, ...] = ()
    """Files that any notebook may read."""
    stock: bool = False
    """Whether papermill's own way of running is to be used."""


@dataclass(frozen=True)
class Done:
    """How a job ended."""

    failure: Failure | None = None
    source: str = ""
    """Digest of the notebook as it was read for this run."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What its process told of the files that it read and wrote."""
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Digest and size of each file that it made."""
    seconds: float = 0.0
    processor: float = 0.0
    memory: int = 0
    """The most bytes that the notebook's process held at once."""

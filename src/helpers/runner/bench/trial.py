"""What is to be measured, as the one who knows the project's content describes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import HelpersError
from helpers.runner.bench.measure import Used, measured
from helpers.runner.copies import run_there

__all__ = ["Edit", "Trial", "answer", "run_measured"]


@dataclass(frozen=True)
class Edit:
    """A change of one file that asks for a build."""

    label: str
    file: str
    """The file, from the project folder on."""
    change: Callable[[bytes], bytes]
    """Returns the changed content."""

    @contextmanager
    def made(self, root: Path) -> Iterator[None]:
        """Change the file for a time."""
        path = root / self.file
        before = path.read_bytes()
        path.write_bytes(self.change(before))
        try:
            yield
        finally:
            path.write_bytes(before)


@dataclass(frozen=True)
class Trial:
    """What to build, change and multiply; commands are what stands behind Python's name."""

    name: str
    """The folder of the plan's reports."""
    build: tuple[str, ...]
    edits: tuple[Edit, ...]
    """Changes of one cell of the data."""
    look: Edit
    """A change that only has the documents rendered anew."""
    few: Callable[[int], tuple[str, ...]]
    """Returns the command that makes so many of the plan's briefs; it ends with its answer."""
    many: Callable[[int, str], tuple[str, ...]]
    """Returns the command that makes so many short documents in reports of that name; likewise."""


def run_measured(root: Path, command: Sequence[str], *, memory: bool = False) -> tuple[Used, str]:
    """Run a command in the copy; return what it took and what it said.

    Raises:
        HelpersError: the command failed.
    """
    with measured(memory=memory) as used:
        done = run_there(root, command)
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise HelpersError(f"Không đo được: lệnh {' '.join(command[:4])} hỏng.\n{end}")
    return used, done.stdout


def answer(said: str) -> dict[str, Any]:
    """Return what a command answers in the last line that it prints, as JSON."""
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found

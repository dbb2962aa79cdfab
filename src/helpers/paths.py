"""Where the project's folders are. Imports nothing of the project."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

ROOT_VARIABLE = "HELPERS_ROOT"
"""Environment variable that names the project folder, when it is not found by looking upward."""

MARKS = ("params", "notebooks", "pyproject.toml")


@lru_cache(maxsize=8)
def _find(start: Path) -> Path:
    for folder in (start, *start.parents):
        if all((folder / mark).exists() for mark in MARKS):
            return folder
    return Path(__file__).resolve().parents[2]


def project_root() -> Path:
    """Return the project folder: the named one, else the nearest above the working directory."""
    named = os.environ.get(ROOT_VARIABLE)
    return Path(named).resolve() if named else _find(Path.cwd().resolve())


def relative(path: Path) -> str:
    """Return the path as a planner knows it: from the project folder on, with forward slashes."""
    root = project_root()
    plain = path.is_relative_to(root) and ".." not in path.parts  # most are; the rest takes longer
    found = path if plain else path.resolve()
    return (found.relative_to(root) if found.is_relative_to(root) else path).as_posix()

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


@lru_cache(maxsize=8)
def _resolved(named: str) -> Path:
    return Path(named).resolve()


def project_root() -> Path:
    """Return the project folder: the named one, else the nearest above the working directory."""
    named = os.environ.get(ROOT_VARIABLE)
    if named and Path(named).is_absolute():
        return _resolved(named)
    return Path(named).resolve() if named else _find(Path.cwd().resolve())


def relative(path: Path) -> str:
    """Return the path as a planner knows it: from the project folder on, with forward slashes."""
    root = project_root()
    text, above = str(path), f"{root}{os.sep}"
    if text.startswith(above) and ".." not in text:  # most do; the rest takes ten times as long
        return text.removeprefix(above).replace(os.sep, "/")
    found = path.resolve()
    return (found.relative_to(root) if found.is_relative_to(root) else path).as_posix()

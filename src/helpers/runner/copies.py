"""Copy a project elsewhere and run it there, for proofs and measurements."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.paths import ROOT_VARIABLE

__all__ = ["copy_project", "run_there", "variables_there"]

_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv*", "reports", "__pycache__", ".*_cache", ".hypothesis", ".ipynb_checkpoints"
)


def copy_project(root: Path, goal: Path) -> None:
    """Copy what decides a build: the project without its history, environments and reports."""
    shutil.copytree(root, goal, ignore=_NOT_COPIED)


def variables_there(root: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of a process that belongs to the copy."""
    return {**os.environ, ROOT_VARIABLE: str(root), "PYTHONPATH": str(root / "src"), **(more or {})}


def run_there(
    root: Path, arguments: Sequence[str], variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run this very Python in the copy with the arguments; return what it said and its code.

    Args:
        root: The copy.
        arguments: What stands behind the interpreter's name.
        variables: Environment variables that differ from this process's.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env=variables_there(root, variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )

"""Copy a project elsewhere and build it there, for proofs and measurements."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from helpers.paths import ROOT_VARIABLE

__all__ = ["build_there", "copy_project"]

_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv*", "reports", "__pycache__", ".*_cache", ".hypothesis", ".ipynb_checkpoints"
)


def copy_project(root: Path, goal: Path) -> None:
    """Copy what decides a build: the project without its history, environments and reports."""
    shutil.copytree(root, goal, ignore=_NOT_COPIED)


def build_there(
    root: Path, plan: str, environment: Mapping[str, str] | None = None
) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Build the copy with this very Python; return the wall seconds and what was said."""
    variables = {
        **os.environ,
        ROOT_VARIABLE: str(root),
        "PYTHONPATH": str(root / "src"),
        **(environment or {}),
    }
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "helpers.cli", "build", "--plan", plan],
        cwd=root,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return time.monotonic() - start, done

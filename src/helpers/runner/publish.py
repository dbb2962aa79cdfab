"""Put finished reports in place whole, or not at all; never lose what a planner put there."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from helpers.runner.manifest import MANIFEST, digest, read

__all__ = ["CHANGES", "EDITED", "FAILED", "publish", "remove_made", "repair", "staging", "sweep"]

FAILED = "failed"
CHANGES = "changes.csv"
EDITED = "edited"
"""Folder in the reports where documents edited by hand are kept when new ones take their place."""

_OWN = {MANIFEST, CHANGES}
_NOT_KEPT = {FAILED, ".ipynb_checkpoints", "__pycache__"}
_TRIES = 3


def _old(target: Path) -> Path:
    return target.parent / f".{target.name}.old"


def staging(target: Path) -> Path:
    """Make and return an empty folder beside the target, its name telling this process."""
    folder = target.parent / f".{target.name}.{os.getpid()}.{uuid4().hex[:6]}"
    folder.mkdir(parents=True)
    return folder


def repair(target: Path) -> None:
    """Undo a publication that was cut short: bring the last good reports back."""
    old = _old(target)
    if old.is_dir():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)


def sweep(target: Path) -> None:
    """Remove the staging folders that dead processes left behind."""
    import psutil

    pattern = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.[0-9a-f]{{6}}")
    for folder in target.parent.glob(f".{target.name}.*"):
        found = pattern.fullmatch(folder.name)
        if found and not psutil.pid_exists(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and not _NOT_KEPT & set(place.parts) and str(place) not in _OWN:
            yield path


def _carry_over(source: Path, folder: Path, made: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Copy into the new reports what a planner added to the old ones or edited by hand."""
    kept = []
    for path in _files(source):
        place = path.relative_to(source).as_posix()
        if place in made:
            if digest(path) == made[place]["sha256"]:
                continue
            place = f"{EDITED}/{place}"
        goal = folder / place
        if goal.exists():
            if digest(goal) == digest(path):
                continue
            goal = folder / EDITED / place
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, goal)
        kept.append(goal.relative_to(folder).as_posix())
    return kept


def publish(folder: Path, target: Path, made: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Swap the finished folder in for the target; return the planner's files that were kept.

    Args:
        folder: The finished reports, beside the target.
        target: Where the reports are read.
        made: What the last build had made there, from its manifest; everything else is a
            planner's and goes along.
    """
    # Reports without a manifest were not finished by this runner's publication: nothing in them
    # can be told from a planner's own files, so all of them are kept.
    kept = _carry_over(target, folder, made) if target.is_dir() else []
    old = _old(target)
    for attempt in range(_TRIES):
        try:
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
                target.rename(old)
            folder.rename(target)
            break
        except OSError:
            repair(target)
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.2)  # another build was publishing at this very moment
    shutil.rmtree(old, ignore_errors=True)
    return kept


def remove_made(target: Path) -> list[str]:
    """Remove what builds have made in the target; return what a planner put there, which stays."""
    for place, facts in read(target).get("outputs", {}).items():
        path = target / place
        if path.is_file() and digest(path) == facts["sha256"]:
            path.unlink()
    shutil.rmtree(target / FAILED, ignore_errors=True)
    for name in _OWN:
        (target / name).unlink(missing_ok=True)
    for folder in sorted((path for path in target.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    kept = [path.relative_to(target).as_posix() for path in _files(target)]
    if not kept and not any(target.iterdir()):
        target.rmdir()
    return kept

"""Put finished reports in place whole, or not at all; never lose what a planner put there."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helpers.runner.manifest import MANIFEST, digest, made

__all__ = [
    "CHANGES",
    "EDITED",
    "FAILED",
    "forget_failures",
    "publish",
    "remove_made",
    "repair",
    "workshop",
]

FAILED = "failed"
CHANGES = "changes.csv"
EDITED = "edited"
"""Folder in the reports where documents edited by hand are kept when new ones take their place."""

_OWN = {MANIFEST, CHANGES}
_NOT_KEPT = {FAILED, ".ipynb_checkpoints", "__pycache__"}
_TRIES = 3

_FROM_HERE = -100
_EXCHANGE = 2
"""Of Linux's renameat2: paths are taken as usual (AT_FDCWD), and change places."""


def _old(target: Path) -> Path:
    return target.parent / f".{target.name}.old"


def _shed(target: Path) -> Path:
    return target.parent / f".{target.name}.work"


def workshop(target: Path) -> Path:
    """Make and return the folder beside the target where the next reports come together.

    What a build that was cut short has finished there is found again by the next one.
    """
    folder = _shed(target)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def forget_failures(target: Path) -> None:
    """Take away what is left of builds that failed or were cut short."""
    for folder in (target / FAILED, _shed(target)):
        shutil.rmtree(folder, ignore_errors=True)


def repair(target: Path) -> None:
    """Undo a publication that was cut short: bring the last good reports back."""
    old = _old(target)
    if old.is_dir():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)


def _files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and not _NOT_KEPT & set(place.parts) and str(place) not in _OWN:
            yield path


def _carry_over(source: Path, folder: Path, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Copy into the new reports what a planner added to the old ones or edited by hand."""
    kept = []
    for path in _files(source):
        place = path.relative_to(source).as_posix()
        if place in known:
            if digest(path) == known[place]["sha256"]:
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


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; tell whether the system can do that."""
    if sys.platform != "linux":
        return False
    import ctypes

    call = getattr(ctypes.CDLL(None), "renameat2", None)
    names = (_FROM_HERE, os.fsencode(one), _FROM_HERE, os.fsencode(other), _EXCHANGE)
    return call is not None and call(*names) == 0


def publish(folder: Path, target: Path, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Swap the finished folder in for the target; return the planner's files that were kept.

    Args:
        folder: The finished reports, beside the target.
        target: Where the reports are read.
        known: What the last build had made there, from its manifest; everything else is a
            planner's and goes along.
    """
    # Reports without a manifest were not finished by this runner's publication: nothing in them
    # can be told from a planner's own files, so all of them are kept.
    kept = _carry_over(target, folder, known) if target.is_dir() else []
    old = _old(target)
    for attempt in range(_TRIES):
        try:
            if target.exists() and _exchanged(folder, target):
                old = folder  # at no moment was there no report
                break
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
    for place, facts in made(target).items():
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

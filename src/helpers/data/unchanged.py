"""Whether files are still what they were, told by what the file system says of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["Facts", "facts_of", "settled"]

Facts = tuple[tuple[str, int, int, int, int], ...]
"""Of each file and folder: its place, inode, size, and when content and inode last changed (ns)."""

_COARSE = 100_000_000
"""Nanoseconds within which two changes of a file may get one time."""


def facts_of(places: Iterable[Path]) -> Facts:
    """Return what tells a change of files, and of all that lies in folders; no file is opened."""
    return tuple(_fact(path) for place in places for path in _within(place))


def settled(facts: Facts, moment: int) -> bool:
    """Tell whether all are there, and left alone since well before a moment (ns since 1970).

    Only then do equal facts later on prove that what was read from that moment on still holds.
    """
    return all(inode and max(times) < moment - _COARSE for _, inode, _, *times in facts)


def _within(place: Path) -> Iterator[Path]:
    yield place
    for folder, folders, files in os.walk(place):
        yield from (Path(folder, name) for name in sorted([*folders, *files]))


def _fact(path: Path) -> tuple[str, int, int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0, 0, 0
    return str(path), found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

"""What a piece of work takes: seconds, processor seconds and memory of all its processes."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Used", "alive", "measured", "processes"]

PAUSE = 0.25
"""Seconds between two looks at the memory: each costs what it measures some time."""

GRACE = 10.0
"""Seconds that processes may take to end, once the work is said to be done."""

_ADOPT_ORPHANS, _ADOPTS_ORPHANS = 36, 37


@dataclass
class Used:
    """What a piece of work has taken; whole only once its context is left."""

    wall: float = 0.0
    processor: float = 0.0
    """Seconds of user and system time, of every process that the work has started."""
    memory: int = 0
    """The most bytes that its processes held together, pages that they share counted once."""
    left: int = 0
    """How many processes had not ended when the work was said to be done."""


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                listed = (thread / "children").read_text(encoding="ascii")
                found += [int(child) for child in listed.split()]
    return found


def processes(pid: int) -> list[int]:
    """Return the living processes that stem from one, as far as the system tells."""
    found = _children(pid)
    for child in found:
        found += _children(child)
    return found


def alive(pid: int) -> bool:
    """Tell whether a process runs: one that has ended and waits to be taken note of does not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] not in "ZX"


def _share(pid: int) -> int:
    """Return the bytes of a process, each page that it shares divided among those who share it."""
    with contextlib.suppress(OSError), Path(f"/proc/{pid}/smaps_rollup").open("rb") as facts:
        for line in facts:
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    return 0


@contextmanager
def _watching(used: Used) -> Iterator[None]:
    """Look at the memory from time to time."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(PAUSE):
            used.memory = max(used.memory, sum(map(_share, processes(os.getpid()))))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def _adopting() -> Iterator[None]:
    """Have this process become the parent of whatever its children leave behind.

    So every process that the work starts is waited for here or by a child of this process, and
    what it has used is in the system's account of this process's children.
    """
    if sys.platform != "linux":
        yield
        return
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    before = ctypes.c_int()
    prctl(_ADOPTS_ORPHANS, ctypes.byref(before), 0, 0, 0)
    prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_ADOPT_ORPHANS, before.value, 0, 0, 0)


def _wait_for_rest(own: set[int]) -> int:
    """Wait until what the work has left behind has ended; return how many processes that were."""
    rest = [pid for pid in processes(os.getpid()) if pid not in own and alive(pid)]
    deadline = time.monotonic() + GRACE
    while orphans := [pid for pid in _children(os.getpid()) if pid not in own]:
        for pid in orphans:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return len(rest)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def measured(*, memory: bool = False) -> Iterator[Used]:
    """Measure what the processes started inside take; they are waited for at the end.

    Args:
        memory: Whether to watch the memory too, which takes some processor time itself.
    """
    used = Used()
    own = set(processes(os.getpid()))
    with _adopting():
        before = _processor()
        start = time.monotonic()
        try:
            with _watching(used) if memory else contextlib.nullcontext():
                yield used
        finally:
            used.wall = time.monotonic() - start
            used.left = _wait_for_rest(own)
            used.processor = _processor() - before

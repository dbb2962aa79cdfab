"""One build at a time in a folder: the second waits, and says for whom."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

__all__ = ["alone", "lock_file"]


def lock_file(target: Path) -> Path:
    """Return the file by whose lock a build holds the reports folder."""
    return target.parent / f".{target.name}.lock"


def _holder(stream: IO[str]) -> str:
    """Return who holds the lock, in words, as far as it can be told."""
    stream.seek(0)
    try:
        facts = json.loads(stream.read())
        return f"tiến trình {facts['pid']} trên máy {facts['host']}, từ {facts['since']}"
    except (ValueError, KeyError, TypeError):
        return "chưa rõ tiến trình nào"


@contextlib.contextmanager
def alone(target: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the reports folder for the time of a build; wait while another build holds it.

    The lock is the system's: it goes with the process that holds it, however that ends.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stream = lock_file(target).open("a+", encoding="utf-8")
    except OSError:  # nothing may be written here, so no build can be in anyone's way
        yield
        return
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Kế hoạch này đang được dựng ở nơi khác ({_holder(stream)}); đang chờ …")
            fcntl.flock(stream, fcntl.LOCK_EX)
        now = datetime.now().strftime("%H:%M:%S ngày %d/%m/%Y")
        facts = {"pid": os.getpid(), "host": socket.gethostname(), "since": now}
        with contextlib.suppress(OSError):  # a full disk keeps nobody from what needs no room
            os.ftruncate(stream.fileno(), 0)
            os.write(stream.fileno(), json.dumps(facts).encode())
        yield

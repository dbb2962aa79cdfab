"""Where work is done: in processes of this machine, through `concurrent.futures`.

`LocalExecutor` keeps as many worker processes as it may; each does one task after the other. A
worker that dies takes only its own task with it: that task is tried once more in a new worker.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from helpers.runner.warm.channel import Channel, Closed
from helpers.runner.warm.template import NotWarm, Template

__all__ = ["LocalExecutor", "WorkerDied", "cores", "free_memory", "serve", "workers_for"]

T = TypeVar("T")
FOR_A_WORKER = 600 * 2**20
"""Bytes of memory that a worker and the notebook that it runs should find free."""

_MALLOC = ((-1, 1 << 28), (-2, 1 << 25), (-3, 1 << 25))
"""glibc's M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD with their bytes."""

_SERVE = "helpers.runner.executor:serve"


class WorkerDied(Exception):
    """The process that did the work is gone; the message says how it ended."""


def workers_for(cores: int, free: int) -> int:
    """Return how many workers fit: one a core, fewer where memory is short, never none."""
    return max(1, min(cores, free // FOR_A_WORKER)) if free else max(1, cores)


def free_memory() -> int:
    """Return the bytes of memory that processes may still take; 0 where nobody can tell."""
    found = 0
    with contextlib.suppress(OSError), Path("/proc/meminfo").open(encoding="ascii") as facts:
        found = next(int(line.split()[1]) * 1024 for line in facts if line[:12] == "MemAvailable")
    for name in ("memory.max", "memory/memory.limit_in_bytes"):  # what a container may take
        with contextlib.suppress(OSError, ValueError):
            limit = int((Path("/sys/fs/cgroup") / name).read_text(encoding="ascii"))
            found = min(found, limit) if found else limit
    return found


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux, where a container may have fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    """A worker process forked from a template."""

    def __init__(self, template: Template, generation: int) -> None:
        self.template = template
        self.generation = generation
        self.pid, self._channel = template.fork(_SERVE)

    def run(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        try:
            self._channel.send((function, arguments))
            good, value = self._channel.receive()
        except Closed:
            ended = self.template.ended(self.pid)
            self._channel.close()
            raise WorkerDied(f"mã thoát {ended.code}") from None
        if good:
            return value  # type: ignore[no-any-return]
        raise value

    def close(self) -> None:
        self._channel.close()


def _take_in_large_pieces() -> None:
    """Have C's library keep the memory that a task gives back: the next one will take it again."""
    if sys.platform == "linux":
        import ctypes

        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):
            for option, value in _MALLOC:
                library.mallopt(option, value)


def serve(channel: Channel) -> int:
    """Be a worker: do one task after the other until nobody asks any more."""
    _take_in_large_pieces()
    while True:
        function, arguments = channel.receive()
        try:
            answer = (True, function(*arguments))
        except Exception as error:
            answer = (False, error)
        channel.send(answer)


class LocalExecutor(ThreadPoolExecutor):
    """An executor of this machine: each of its threads waits for a process that does the work."""

    def __init__(self, template: Template, workers: int) -> None:
        """Fork the workers from the template, when they are first needed.

        Args:
            template: What to fork from.
            workers: How many tasks are worked on at once.
        """
        super().__init__(workers, thread_name_prefix="worker")
        self._template = template
        self._idle: list[_Worker] = []
        self._guard = threading.Lock()
        self._generation = 0

    def submit(  # type: ignore[override]  # the work is done elsewhere, so it must be portable
        self, function: Callable[..., T], /, *arguments: Any
    ) -> Future[T]:
        """Have a worker call a module's function; return its future answer.

        The future raises WorkerDied where the worker died twice over this task.
        """
        return super().submit(self.call, function, *arguments)

    def call(self, function: Callable[..., T], /, *arguments: Any) -> T:
        """Have a worker call a module's function, and wait here for its answer."""
        try:
            return self._once(function, arguments)
        except WorkerDied:
            return self._once(function, arguments)

    def _once(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        with self._guard:
            worker = self._idle.pop() if self._idle else None
            generation = self._generation
        try:
            worker = worker or _Worker(self._template, generation)
        except NotWarm as gone:
            raise WorkerDied(str(gone)) from None
        try:
            answer = worker.run(function, arguments)
        except WorkerDied:
            raise
        except Exception:
            self._put_back(worker)
            raise
        self._put_back(worker)
        return answer

    def _put_back(self, worker: _Worker) -> None:
        with self._guard:
            current = worker.generation == self._generation
            if current:
                self._idle.append(worker)
        if not current:
            worker.close()

    def renew(self) -> None:
        """Let the workers go once they are idle: what the template has learnt, they do not know."""
        with self._guard:
            self._generation += 1
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers once their tasks are done."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        with self._guard:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

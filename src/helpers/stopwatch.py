"""How long work takes: what the benchmarks share."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

__all__ = ["median_seconds"]

TIMES = 5


def median_seconds(work: Callable[[], object]) -> float:
    """Return the median seconds of some runs, after one that fills the caches."""
    work()
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)

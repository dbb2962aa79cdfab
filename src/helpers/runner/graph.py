"""Which job waits for which: whoever reads a table waits for the one who publishes it."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from helpers.errors import Problem
from helpers.paths import relative
from helpers.runner.model import Job
from helpers.text import nearest

__all__ = ["Waiting", "in_order", "needs", "problems"]


def needs(jobs: Sequence[Job]) -> dict[str, set[str]]:
    """Return the names of the jobs that each job waits for."""
    makers = {table: job.name for job in jobs for table in job.publishes}
    return {
        job.name: {makers[table] for table in job.reads if table in makers} - {job.name}
        for job in jobs
    }


def problems(jobs: Sequence[Job]) -> list[Problem]:
    """Return what is wrong with the declarations of jobs: unknown tables, two makers, a circle."""
    found = []
    makers: dict[str, Job] = {}
    for job in jobs:
        for table in job.publishes:
            other = makers.setdefault(table, job)
            if other is not job:
                what = f"bảng “{table}” đã do {relative(other.notebook)} công bố"
                found.append(Problem(relative(job.notebook), what, "đổi tên bảng ở một trong hai"))
    for job in jobs:
        for table in job.reads:
            if table not in makers:
                near = nearest(table, makers)
                todo = f"có phải là “{near}”?" if near else "xem các ô publish của sổ phân tích"
                what = f"không sổ phân tích nào công bố bảng “{table}”"
                found.append(Problem(relative(job.notebook), what, todo))
    try:
        TopologicalSorter(needs(jobs)).prepare()
    except CycleError as circle:
        by_name = {job.name: job for job in jobs}
        listed = dict.fromkeys(relative(by_name[name].notebook) for name in circle.args[1])
        what = f"các sổ tính chờ bảng của nhau: {', '.join(listed)}"
        found.append(Problem(next(iter(listed)), what, "bỏ một chỗ đọc bảng để hết vòng"))
    return list(dict.fromkeys(found))


def in_order(jobs: Sequence[Job]) -> list[str]:
    """Return the names of the jobs, each after those that it waits for."""
    return list(TopologicalSorter(needs(jobs)).static_order())


class Waiting:
    """The jobs that are still to be started, as those before them get done."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        """Start with those that wait for nobody."""
        self._sorter = TopologicalSorter(needs(jobs))
        self._sorter.prepare()
        self._order = {job.name: place for place, job in enumerate(jobs)}
        self._stopped = False

    def ready(self) -> list[str]:
        """Return the jobs that have just become ready, in the order of the build."""
        if self._stopped:
            return []
        return sorted(self._sorter.get_ready(), key=self.place)

    def place(self, name: str) -> int:
        """Return a job's place in the build's order."""
        return self._order[name]

    def done(self, name: str) -> None:
        """Let the jobs that waited for this one come."""
        self._sorter.done(name)

    def stop(self) -> None:
        """Start none any more."""
        self._stopped = True

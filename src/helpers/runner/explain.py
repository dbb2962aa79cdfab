"""Say what a build would do and why, without doing it."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.runner import graph, manifest
from helpers.runner.judge import judge, shortened
from helpers.runner.model import Build
from helpers.runner.records import Facts, Tables, published_records

__all__ = ["explained"]

AGAIN, RENDER, MAYBE = "Chạy lại", "Xuất lại", "Có thể chạy lại"


def explained(build: Build) -> Iterator[str]:
    """Yield what would be done, or may have to be, with the reason: alike ones in one line."""
    before = manifest.read(build.target)
    inputs = manifest.fingerprint(path for path in build.inputs if path.is_file())
    facts, tables = Facts(build, inputs), Tables(build.target)
    records = published_records(before)
    needs = graph.needs(build.jobs)
    by_name = {job.name: job for job in build.jobs}
    lines: dict[tuple[str, str], list[str]] = {}
    unsettled: dict[str, None] = {}
    kept = 0
    for name in graph.in_order(build.jobs):
        job = by_name[name]
        found = [(records[name], build.target)] if name in records else []
        verdict = judge(job, found, facts, tables, before.get("inputs", {}))
        waits = [by_name[other] for other in needs[name] if other in unsettled]
        if verdict.record is None:
            unsettled[name] = None
            lines.setdefault((AGAIN, verdict.reason), []).append(job.label)
        elif verdict.stale:
            lines.setdefault((RENDER, verdict.reason), []).append(job.label)
        elif waits:
            unsettled[name] = None
            published = {table for other in waits for table in other.publishes}
            reason = ", ".join(sorted(published & {*job.reads}))
            lines.setdefault((MAYBE, f"nếu phần đã dùng đổi: {reason}"), []).append(job.label)
        else:
            kept += 1
    for (what, reason), labels in lines.items():
        yield f"{what}: {shortened(labels)} ({reason})"
    if kept:
        yield f"Giữ nguyên {kept} sổ tính."

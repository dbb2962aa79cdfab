"""Whether a job's earlier results are still right, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.runner.model import Job
from helpers.runner.records import Facts, Record, Tables, damaged

__all__ = ["Verdict", "judge", "shortened", "some"]

REASONS_SHOWN = 3
NAMES_SHOWN = 6


@dataclass(frozen=True)
class Verdict:
    """What is to be made of a job's earlier results."""

    record: Record | None = None
    """The earlier run that still holds; None where the notebook has to run again."""
    folder: Path = Path()
    """Where its files are."""
    stale: Mapping[str, str] = field(default_factory=dict)
    """Documents that have to be rendered anew from it, each with the reason."""
    reason: str = ""
    """Why something has to be done; empty where nothing has."""


def some(reasons: Iterable[str]) -> str:
    """Return reasons as one short text."""
    listed = list(dict.fromkeys(reasons))
    more = len(listed) - REASONS_SHOWN
    return ", ".join(listed[:REASONS_SHOWN]) + (f" và {more} lý do khác" if more > 0 else "")


def judge(
    job: Job,
    candidates: Iterable[tuple[Record, Path]],
    facts: Facts,
    tables: Tables,
    before: Mapping[str, Any],
) -> Verdict:
    """Return the verdict on a job.

    Args:
        job: The job as it is now.
        candidates: Its earlier runs, each with the folder of its files, the nearest first.
        facts: What holds of the inputs now.
        tables: The tables as they are now.
        before: The digests of all inputs at the last publication, to name what has changed.
    """
    reason = ""
    for earlier, folder in candidates:
        record = earlier.asked_for(job)
        reasons = list(facts.reasons(job, record, before))
        reasons += facts.table_reasons(record, tables) if not reasons else []
        stale = facts.stale_renders(job, record, before) if not reasons else {}
        for place in damaged(record, folder) if not reasons else ():
            lost = f"{place} đã bị sửa hoặc mất"
            if any(place == document for _, document in job.renders):
                stale.setdefault(place, lost)
            else:
                reasons.append(lost)
        if not reasons:
            return Verdict(record, folder, stale, some(stale.values()))
        reason = reason or some(reasons)
    return Verdict(reason=reason or "chưa có kết quả")


def shortened(names: Sequence[str]) -> str:
    """Return the first names of a long list, and how many more there are."""
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" … và {more} bản khác" if more > 0 else "")

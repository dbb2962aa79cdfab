"""Say at the end of a build what failed, and what has changed."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from helpers.paths import relative
from helpers.runner import publish
from helpers.runner.changes import Change, summary
from helpers.runner.console import Console
from helpers.runner.judge import shortened
from helpers.runner.model import Build, Failure

__all__ = ["tell_changes", "tell_failures"]


def _alike(failures: Sequence[Failure]) -> list[list[Failure]]:
    """Return the failures in groups that stand in the same cell of the same notebook."""
    groups: dict[tuple[str, int | None], list[Failure]] = {}
    for failure in failures:
        groups.setdefault((failure.notebook, failure.cell), []).append(failure)
    return list(groups.values())


def tell_failures(
    build: Build, failures: Mapping[str, Failure], broken: Path, console: Console
) -> tuple[Failure, ...]:
    """Keep the failed runs beside the last good reports, and say what failed and why.

    Args:
        build: What was built.
        failures: Each failure by the name of its job.
        broken: Where the workers have left the runs that failed.
        console: Where to say it.

    Returns:
        The failures in the build's order, each with the place of its log.
    """
    folder = build.target / publish.FAILED
    with contextlib.suppress(OSError):  # a full disk must not hide what failed
        shutil.rmtree(folder, ignore_errors=True)
        if broken.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(broken, folder)
    order = {job.name: place for place, job in enumerate(build.jobs)}
    logged = []
    for name in sorted(failures, key=lambda name: order.get(name, -1)):
        failure, log = failures[name], folder / f"{name}.log"
        if not log.is_file():
            with contextlib.suppress(OSError):
                log.parent.mkdir(parents=True, exist_ok=True)
                log.write_text(f"{failure}\n\n{failure.details}\n", encoding="utf-8")
        logged.append(replace(failure, log=relative(log) if log.is_file() else ""))
    console.say()
    console.say(f"Có {len(logged)} sổ tính chạy hỏng:", "bad")
    for same in _alike(logged):
        console.say(f"- {same[0]}")
        if same[0].log:
            console.say(f"  Chi tiết: {same[0].log}")
        if len(same) > 1:
            others = shortened([failure.label for failure in same[1:]])
            console.say(f"  Cùng chỗ này còn hỏng {len(same) - 1} lần chạy khác: {others}")
    return tuple(logged)


def tell_changes(
    build: Build, found: Sequence[Change], briefs: Sequence[str], console: Console
) -> None:
    """Say which values and which documents are not what they were."""
    if found:
        tables = len({change.table for change in found})
        console.say(f"So với lần trước: {len(found)} giá trị đổi, trong {tables} bảng:")
        for line in summary(found):
            console.say(f"  {line}")
        console.say(f"  Danh sách đầy đủ: {relative(build.target / publish.CHANGES)}")
    if briefs:
        console.say(f"Có {len(briefs)} bản tóm tắt đổi nội dung: {shortened(briefs)}")
    if not found and not briefs:
        console.say("So với lần trước: không bảng nào và bản tóm tắt nào đổi nội dung.")

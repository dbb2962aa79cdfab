"""The command that packs what may leave the house."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from helpers.cli.options import Options, UsageError, plan_file
from helpers.paths import relative

__all__ = ["SHARE", "share"]

SHARE = "share"
"""The folder among the reports where the archives stand."""

REASONS = 3
"""So many changes are named where the reports are no longer right."""


def share(root: Path, options: Options) -> int:
    """Write reports/share/<plan>.zip and say what went along, what stayed and why."""
    from fractions import Fraction

    from helpers import jobs
    from helpers.brief.share import INDEX, chosen, pack
    from helpers.runner import manifest
    from helpers.words import decimal

    plan = plan_file(root, options)
    target = root / "reports" / plan.stem
    content = manifest.read(target)
    if not content or not (target / INDEX).is_file():
        raise UsageError(f"chưa có báo cáo của {relative(plan)}: chạy make trước, rồi make share")
    changed = manifest.staleness(target, jobs.inputs(plan))
    if changed:
        more = f" và {len(changed) - REASONS} thay đổi khác" if len(changed) > REASONS else ""
        raise UsageError(
            f"các báo cáo không còn đúng ({'; '.join(changed[:REASONS])}{more}): "
            "chạy make trước, rồi make share"
        )
    shared = chosen(target, content)
    archive = pack(target, content, shared)
    path = root / "reports" / SHARE / f"{plan.stem}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_bytes(archive)
    beside.replace(path)
    print(f"Đã đóng gói {relative(path)}: {len(shared.goes) + 1} tệp, ", end="")
    print(f"{decimal(Fraction(len(archive), 10**6), 1)} MB; giải nén, mở {INDEX} trước.")
    for reason, number in Counter(shared.stays.values()).most_common():
        print(f"  để lại {number} tệp: {reason}")
    return 0

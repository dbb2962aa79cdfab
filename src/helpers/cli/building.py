"""The commands that build, compare and take away reports."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from helpers.cli.options import Options, number, plan_file
from helpers.cli.tools import TESTED
from helpers.paths import relative

__all__ = ["bench", "build", "clean", "verify"]

REASONS_SHOWN = 5
FORMS = "forms"
"""The folder of the forms to send out."""
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")


def _say_places(target: Path) -> None:
    from helpers.runner.places import places

    for line in places(target):
        print(f"  {line}")


def build(root: Path, options: Options) -> int:
    """Run every notebook of the plan and render its briefs, unless nothing has changed."""
    from helpers import jobs
    from helpers.runner import manifest, publish, run, staleness
    from helpers.runner.build import CELL_TIMEOUT
    from helpers.runner.console import seconds

    plan = plan_file(root, options)
    timeout = number(options, "--timeout", CELL_TIMEOUT)
    target = root / "reports" / plan.stem
    publish.repair(target)
    reasons = staleness(target, jobs.inputs(plan))
    if not reasons and "--force" not in options.values:
        shutil.rmtree(target / publish.FAILED, ignore_errors=True)
        print(f"Không có gì thay đổi từ lần dựng trước, các báo cáo vẫn đúng ({plan.stem}):")
        _say_places(target)
        return 0
    if reasons and manifest.read(target):
        print("Dựng lại vì:")
        for reason in reasons[:REASONS_SHOWN]:
            print(f"  {reason}")
        if len(reasons) > REASONS_SHOWN:
            print(f"  … và {len(reasons) - REASONS_SHOWN} lý do khác")
    result = run(jobs.make_build(plan), timeout=timeout)
    if result.code == 0:
        print(f"Xong sau {seconds(result.seconds)}. Các báo cáo:")
        _say_places(target)
    return result.code


def bench(root: Path, options: Options) -> int:
    """Time the parts and the whole beside the stock tools."""
    from helpers.allocation.bench import bench as allocation_bench
    from helpers.data.review.bench import bench_review
    from helpers.poverty.bench import bench_register
    from helpers.runner.bench import bench as build_bench
    from helpers.runner.console import Console

    plan = plan_file(root, options)
    for lines in (allocation_bench(plan), bench_review(plan), bench_register()):
        for line in lines:
            print(line, flush=True)
    return build_bench(root, relative(plan), Console())


def verify(root: Path, options: Options) -> int:
    """Build twice elsewhere and compare the bytes."""
    from helpers.runner.console import Console
    from helpers.runner.verify import verify as build_twice

    return build_twice(root, relative(plan_file(root, options)), Console())


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
        else:
            continue
        print(f"Đã xóa {relative(path)}")


def clean(root: Path, options: Options) -> int:
    """Remove what was made; what a planner keeps among it stays."""
    from helpers.runner import publish

    for target in sorted((root / "reports").glob("*")):
        if not target.is_dir():
            continue
        if target.name.startswith("."):
            _remove([target])
            continue
        if target.name == FORMS:
            print(f"Giữ lại {relative(target)}: biểu có thể đã được điền; không cần thì tự xóa")
            continue
        kept = publish.remove_made(target)
        print(f"Đã xóa các báo cáo trong {relative(target)}")
        if kept:
            print(f"  giữ lại {len(kept)} tệp không do hệ thống tạo ra")
    _remove(root / cache for cache in CACHES if (root / cache).exists())
    for folder in TESTED:
        for cache in sorted((root / folder).rglob("__pycache__")):
            shutil.rmtree(cache)
    if "--all" in options.values:
        _remove(sorted(root.glob(".venv*")))
    return 0

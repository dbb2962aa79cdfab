"""The commands that build, compare and take away reports."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.cli.browser import FOLDER
from helpers.cli.options import Options, number, plan_file
from helpers.cli.sharing import SHARE
from helpers.cli.tools import TESTED
from helpers.legible import clean_lines
from helpers.paths import relative
from helpers.runner.model import Limits

if TYPE_CHECKING:
    from helpers.runner import Build, Shop

__all__ = ["bench", "build", "clean", "explain", "verify"]

MOST = 0.8
"""The part of the free memory that a notebook may take where nothing else is said."""

FORMS = "forms"
"""The folder of the forms to send out."""
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")


def _say(line: str) -> None:
    print(line, flush=True)


def _say_places(target: Path) -> None:
    from helpers.runner.places import places

    for line in places(target):
        print(f"  {line}")


def _stale(plan: Path, target: Path) -> tuple[str, ...]:
    """Return what is not as it was at the last build, of all that a plan's reports rest on."""
    from helpers import jobs
    from helpers.runner import staleness

    return staleness(target, jobs.inputs(plan))


@contextlib.contextmanager
def _opened(root: Path, plan: Path, options: Options) -> Iterator[tuple[Shop, Build]]:
    """Open where notebooks run, and give the plan's build, its plan and data checked."""
    from helpers import jobs
    from helpers.runner import open_shop

    cluster = options.values.get("--cluster", "")
    workers = number(options, "--workers", 0, "sổ tính") if "--workers" in options.values else None
    shop = open_shop(
        (*jobs.PRELOAD, *jobs.OF_BRIEFS)
        if cluster
        else jobs.PRELOAD,  # stations learn nothing later
        cluster=cluster,
        workers=workers,
        stock="--stock" in options.values,
    )
    with shop as opened:
        found = jobs.package()  # looked through while the template is still importing
        found.look_through()
        yield opened, opened.call("helpers.jobs:make_build", plan, found)


def _limits(options: Options) -> Limits:
    from helpers.runner.executor import free_memory

    usual = Limits()
    free = int(free_memory() * MOST) // 2**20
    memory = number(options, "--memory", free, "MB")
    return Limits(
        cell=number(options, "--timeout", usual.cell),
        notebook=number(options, "--timeout-all", usual.notebook),
        memory=memory * 2**20,
    )


def build(root: Path, options: Options) -> int:
    """Run what has changed of the plan's notebooks and briefs; nothing where nothing has."""
    from helpers import jobs
    from helpers.runner import lock, publish, run
    from helpers.runner.build import touched
    from helpers.runner.console import seconds

    start = time.monotonic()
    plan = plan_file(root, options)
    limits = _limits(options)
    target = root / "reports" / plan.stem
    afresh = "--force" in options.values
    with lock.alone(target, _say):
        publish.repair(target)
        since = touched(jobs.inputs(plan))  # before the code is imported and the data are read
        if not (afresh or _stale(plan, target)):
            publish.forget_failures(target)
            print(f"Không có gì thay đổi từ lần dựng trước, các báo cáo vẫn đúng ({plan.stem}):")
            _say_places(target)
            return 0
        with _opened(root, plan, options) as (shop, made):
            result = run(made, shop, limits=limits, afresh=afresh, since=since)
    if result.code == 0:
        print(f"Xong sau {seconds(time.monotonic() - start)}. Các báo cáo:")
        _say_places(target)
    return result.code


def explain(root: Path, options: Options) -> int:
    """Say what `build` would do and why, without running anything."""
    from helpers import jobs
    from helpers.runner.explain import explained

    plan = plan_file(root, options)
    if not _stale(plan, root / "reports" / plan.stem):
        print("Không có gì thay đổi: make sẽ không chạy lại sổ tính nào.")
        return 0
    found = jobs.package()
    found.look_through()
    for line in explained(jobs.make_build(plan, found)):
        print(clean_lines(line))
    return 0


def bench(root: Path, options: Options) -> int:
    """Time the parts and the whole beside the stock tools."""
    from helpers.allocation.bench import bench as allocation_bench
    from helpers.benchmarks.forms import bench_forms
    from helpers.benchmarks.trial import trial_of
    from helpers.data.review.bench import bench_review
    from helpers.poverty.bench import bench_register
    from helpers.runner.bench import bench as build_bench
    from helpers.runner.console import Console
    from helpers.runner.manifest import MANIFEST

    plan = plan_file(root, options)
    if "--build" not in options.values:
        if not (root / "reports" / plan.stem / MANIFEST).is_file():
            code = build(root, Options({"--plan": relative(plan)}))  # its documents are measured
            if code:
                return code
        forms = bench_forms(root, plan.stem)
        for lines in (forms, allocation_bench(plan), bench_review(plan), bench_register()):
            for line in lines:
                print(line, flush=True)
    return build_bench(root, trial_of(plan), Console(), quick="--quick" in options.values)


def verify(root: Path, options: Options) -> int:
    """Build twice elsewhere, under other clocks and settings, and compare the bytes."""
    from helpers import jobs
    from helpers.runner.console import Console
    from helpers.runner.verify import verify as build_twice

    plan = plan_file(root, options)
    command = ("-m", "helpers.cli", "build", "--plan", relative(plan))
    return build_twice(root, plan.stem, command, jobs.inputs(plan), Console())


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
        if target.name.startswith(".") or target.name == SHARE:
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
        _remove([*sorted(root.glob(".venv*")), root / FOLDER])
    return 0

"""Run every job of a build, stage by stage, and publish the whole or nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.errors import HelpersError, InputRefused
from helpers.paths import project_root, relative
from helpers.runner import changes, manifest, parameters, publish
from helpers.runner.console import Console, seconds
from helpers.runner.model import OUTPUT_VARIABLE, Build, Failure, Job, Result

if TYPE_CHECKING:
    from helpers.runner.kernels import Kernels

__all__ = ["CELL_TIMEOUT", "run"]

CELL_TIMEOUT = 600
"""Seconds that one cell may take."""

STOPPED = 130
NAMES_SHOWN = 6


@dataclass(frozen=True)
class _Ended:
    """One job that has ended: how long it took, and why it failed if it did."""

    job: Job
    seconds: float
    failure: Failure | None = None
    notebook: Any = None


def _workers() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux, where a container may have fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def _variables(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the time of the build; exporters run in this process."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Treat a request to end (SIGTERM) like Ctrl-C, so that everything is put away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _kernel_variables(build: Build, folder: Path, scratch: Path) -> dict[str, str]:
    """Return what the kernels see: the same on every machine, nothing of the user's settings."""
    return {
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **build.environment,
        OUTPUT_VARIABLE: str(folder),
    }


def _run_job(job: Job, folder: Path, kernels: Kernels, timeout: int) -> _Ended:
    """Execute, save and render one job; a failure is an answer here, not an exception."""
    import nbformat

    from helpers.runner.execute import execute
    from helpers.runner.failures import RunFailed, explain
    from helpers.runner.render import render

    start = time.monotonic()
    folders = (str(folder), str(project_root()))
    try:
        notebook = execute(job.notebook, job.parameters, kernels, timeout=timeout, folders=folders)
        path = folder / "notebooks" / f"{job.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        render(job, notebook, folder)
    except RunFailed as failed:
        failure = explain(job, failed, timeout=timeout)
        return _Ended(job, time.monotonic() - start, failure, failed.notebook)
    return _Ended(job, time.monotonic() - start)


def _run_stage(
    jobs: list[Job], folder: Path, kernels: Kernels, timeout: int, workers: int
) -> Generator[_Ended, None, None]:
    """Yield the jobs of one stage as they end; on Ctrl-C stop the kernels and wait for threads."""
    with ThreadPoolExecutor(workers, thread_name_prefix="job") as pool:
        waiting: set[Future[_Ended]] = {
            pool.submit(_run_job, job, folder, kernels, timeout) for job in jobs
        }
        try:
            while waiting:
                ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.stop()
            raise


def _run_stages(
    build: Build, folder: Path, kernels: Kernels, console: Console, timeout: int, workers: int
) -> tuple[list[_Ended], list[Job]]:
    """Return the jobs that failed, and those not started because of them."""
    failed: list[_Ended] = []
    skipped: list[Job] = []
    console.begin(len(build.jobs))
    try:
        ordered = sorted(build.jobs, key=lambda job: job.stage)
        for _, stage in groupby(ordered, key=lambda job: job.stage):
            jobs = list(stage)
            if failed:
                skipped += jobs
                for job in jobs:
                    console.step(job.label, "bỏ qua", "dim")
                continue
            running = _run_stage(jobs, folder, kernels, timeout, workers)
            with contextlib.closing(running):
                for ended in running:
                    took = seconds(ended.seconds)
                    if ended.failure is None:
                        console.step(ended.job.label, f"xong {took}")
                    else:
                        console.step(ended.job.label, f"HỎNG sau {took}", "bad")
                        failed.append(ended)
    finally:
        console.end()
    return failed, skipped


def _finish(build: Build, folder: Path) -> _Ended | None:
    """Make what needs all jobs' results, such as the index page."""
    if build.finish is None:
        return None
    try:
        build.finish(folder)
    except Exception as error:  # whatever the composition does must not leave half a build
        own = isinstance(error, HelpersError)
        what = str(error) if own else f"lỗi {type(error).__name__}: {error}"
        todo = "sửa theo lời báo trên rồi chạy lại make" if own else "báo người hỗ trợ"
        failure = Failure("Trang mục lục", "bước cuối", what, todo, details=traceback.format_exc())
        return _Ended(Job("Trang mục lục", Path("index"), {}, "index"), 0, failure)
    return None


def _alike(failures: list[Failure]) -> list[list[Failure]]:
    """Return the failures in groups that stand in the same cell of the same notebook."""
    groups: dict[tuple[str, int | None], list[Failure]] = {}
    for failure in failures:
        groups.setdefault((failure.notebook, failure.cell), []).append(failure)
    return list(groups.values())


def _report_failures(
    build: Build, failed: list[_Ended], skipped: list[Job], console: Console
) -> tuple[Failure, ...]:
    """Keep the failed runs beside the last good reports, and say what failed and why."""
    from helpers.runner.failures import keep

    folder = build.target / publish.FAILED
    shutil.rmtree(folder, ignore_errors=True)
    places = {job.name: place for place, job in enumerate(build.jobs)}
    failures = []
    for ended in sorted(failed, key=lambda ended: places.get(ended.job.name, 0)):
        assert ended.failure is not None
        log = relative(folder / f"{ended.job.name}.log")
        failure = replace(ended.failure, log=log)
        keep(folder, ended.job.name, failure, ended.notebook)
        failures.append(failure)
    console.say()
    console.say(f"Có {len(failures)} sổ tính chạy hỏng:", "bad")
    for same in _alike(failures):
        console.say(f"- {same[0]}")
        console.say(f"  Chi tiết: {same[0].log}")
        if len(same) > 1:
            others = _shortened([failure.label for failure in same[1:]])
            console.say(f"  Cùng chỗ này còn hỏng {len(same) - 1} lần chạy khác: {others}")
    if skipped:
        console.say(f"Bỏ qua {len(skipped)} sổ tính ở các bước sau.")
    if manifest.read(build.target):
        console.say(f"Các báo cáo tốt gần nhất trong {relative(build.target)} được giữ nguyên.")
    return tuple(failures)


def _shortened(names: list[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" … và {more} bản khác" if more > 0 else "")


def _say_changes(
    build: Build, found: tuple[changes.Change, ...], briefs: list[str], console: Console
) -> None:
    if found:
        tables = len({change.table for change in found})
        console.say(f"So với lần trước: {len(found)} giá trị đổi, trong {tables} bảng:")
        for line in changes.summary(found):
            console.say(f"  {line}")
        console.say(f"  Danh sách đầy đủ: {relative(build.target / publish.CHANGES)}")
    if briefs:
        console.say(f"Có {len(briefs)} bản tóm tắt đổi nội dung: {_shortened(briefs)}")
    if not found and not briefs:
        console.say("So với lần trước: không bảng nào và bản tóm tắt nào đổi nội dung.")


def _publish(build: Build, folder: Path, inputs: Mapping[str, str], console: Console) -> Result:
    """Write the manifest, compare with the last reports, and put the new ones in place."""
    before = manifest.read(build.target)
    made = before.get("outputs", {})
    after = manifest.write(build, folder, inputs)["outputs"]
    found: tuple[changes.Change, ...] = ()
    briefs: list[str] = []
    if before:
        found = changes.compare(build.target, folder)
        briefs = [
            job.label
            for job in build.jobs
            if any(made.get(place) != after.get(place) for _, place in job.renders)
        ]
        if found:
            changes.write(folder / publish.CHANGES, found)
    kept = publish.publish(folder, build.target, made)
    if before:
        _say_changes(build, found, briefs, console)
    if kept:
        console.say(f"Giữ lại {len(kept)} tệp của bạn trong thư mục báo cáo: {_shortened(kept)}")
    return Result(0, changed_briefs=tuple(briefs), changed_values=len(found))


def run(
    build: Build,
    *,
    timeout: int = CELL_TIMEOUT,
    workers: int | None = None,
    console: Console | None = None,
) -> Result:
    """Run the build and publish its reports, or leave the last good ones untouched.

    Args:
        build: What to run and where the reports go.
        timeout: Seconds that one cell may take.
        workers: Notebooks run side by side; as many as cores where not given.
        console: Where to say how it is getting on.

    Raises:
        InputRefused: where parameters do not fit their notebooks; nothing has run then.
    """
    console = console or Console()
    start = time.monotonic()
    if problems := parameters.check(build.jobs):
        raise InputRefused(problems)
    build.target.parent.mkdir(parents=True, exist_ok=True)
    publish.repair(build.target)
    publish.sweep(build.target)
    # Taken before anything runs: a file edited meanwhile makes the next build run again.
    inputs = manifest.fingerprint(build.inputs)
    folder = publish.staging(build.target)
    scratch = Path(tempfile.mkdtemp(prefix="nb-"))
    try:
        with _stoppable(), _variables({**build.environment, OUTPUT_VARIABLE: str(folder)}):
            from helpers.runner import execute
            from helpers.runner.kernels import Kernels

            execute.prepare()
            kernels = Kernels(scratch, _kernel_variables(build, folder, scratch))
            failed, skipped = _run_stages(
                build, folder, kernels, console, timeout, workers or _workers()
            )
            if not failed and (last := _finish(build, folder)) is not None:
                failed = [last]
            if failed:
                failures = _report_failures(build, failed, skipped, console)
                result = Result(1, failures, tuple(job.label for job in skipped))
            else:
                result = _publish(build, folder, inputs, console)
    except KeyboardInterrupt:
        console.say("Đã dừng theo yêu cầu; các báo cáo cũ không bị thay đổi.")
        result = Result(STOPPED)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
    return replace(result, seconds=time.monotonic() - start)

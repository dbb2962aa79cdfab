"""What a worker does with one job: run its notebook, render its documents, say what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers.paths import ROOT_VARIABLE, relative
from helpers.runner.manifest import measured
from helpers.runner.model import OUTPUT_VARIABLE, TABLES, Failure, Job
from helpers.runner.records import executed
from helpers.runner.surroundings import variables
from helpers.runner.task import Done, Task

__all__ = ["run"]


def run(task: Task) -> Done:
    """Do the job in this process; a failure is an answer here, not an exception."""
    from helpers.runner.failures import HOPELESS, RunFailed, explain, keep

    start = time.monotonic()
    wanted = {
        **task.environment,
        OUTPUT_VARIABLE: str(task.folder),
        ROOT_VARIABLE: str(task.root),
    }
    with variables(wanted):
        try:
            return _done(task, start)
        except RunFailed as failed:
            failure = explain(task.job, failed, limits=task.limits)
            with suppress(OSError):  # a full disk must not hide what failed
                keep(task.broken, task.job.name, failure, failed.notebook)
        except OSError as error:
            what, todo = HOPELESS.get(error.errno or 0, (str(error), "kiểm tra đĩa, quyền ghi"))
            named = relative(task.job.notebook)
            hopeless = error.errno in HOPELESS
            failure = Failure(task.job.label, named, what, todo, hopeless=hopeless)
    return Done(failure, seconds=time.monotonic() - start)


def _done(task: Task, start: float) -> Done:
    import nbformat

    from helpers.runner.execute import execute
    from helpers.runner.failures import RunFailed
    from helpers.runner.render import render
    from helpers.runner.written import text_of

    job, folder = task.job, task.folder
    place = executed(job.name)
    told: Mapping[str, Any] = {}
    source, processor, memory = "", 0.0, 0
    if task.execute:
        _clear(folder, job)
        ran = execute(task)
        notebook, source = ran.notebook, ran.source
        processor, memory = ran.processor, ran.memory
        told = _everything(job) if task.stock else ran.told
        _check(task, notebook, told)
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        # What papermill's client put together is valid; to check it again takes longer than this.
        path.write_text(text_of(notebook), encoding="utf-8")
    else:
        notebook = nbformat.read(folder / place, as_version=4)
    before = time.process_time()
    extras = render(job, task.renders, notebook, folder)
    processor += time.process_time() - before
    made = [*(document for _, document in task.renders), *extras]
    if task.execute:
        made += [place, *_published(job)]
    try:
        outputs = {name: measured(folder / name) for name in made}
    except FileNotFoundError as gone:
        raise RunFailed("broken", notebook, None, "FileNotFoundError", str(gone)) from gone
    return Done(None, source, told, outputs, time.monotonic() - start, processor, memory)


def _published(job: Job) -> list[str]:
    return [f"{TABLES}/{name}{end}" for name in job.publishes for end in (".csv", ".meta.yml")]


def _clear(folder: Path, job: Job) -> None:
    """Take away what an earlier run of the job has left in the folder."""
    for place in _published(job):
        (folder / place).unlink(missing_ok=True)
    (folder / executed(job.name)).unlink(missing_ok=True)


def _everything(job: Job) -> Mapping[str, Any]:
    """Return what a kernel would tell that had read all it may: none of papermill's own tells."""
    whole: list[Any] = [[[], []]]
    tables = [f"{name}{end}" for name in job.reads for end in (".csv", ".meta.yml")]
    return {
        "files": dict.fromkeys(map(relative, job.files), whole),
        "tables": dict.fromkeys(tables, whole),
    }


def _check(task: Task, notebook: Any, told: Mapping[str, Any]) -> None:
    """Refuse a run that has read what it did not declare, or not published what it did."""
    from helpers.runner.failures import RunFailed

    job = task.job
    may = (*job.files, *job.named, *job.code, *task.common, job.notebook)
    plain = {str(path) for path in may}
    files = [
        place
        for place in told.get("files", ())
        if str(task.root / place) not in plain and (task.root / place).is_file()
    ]
    if files:  # there are few, if any: a path may be spelt in another way
        allowed = set(map(relative, may))
        files = [place for place in files if place not in allowed]
    tables = {*job.reads, *job.publishes}
    unread = [name for name in told.get("tables", ()) if name.split(".")[0] not in tables]
    if files or unread:
        names = dict.fromkeys(name.split(".")[0] for name in unread)
        found = [*files, *(f"bảng “{name}”" for name in names)]
        raise RunFailed("undeclared", notebook, None, "", ", ".join(found))
    missing = [
        name for name in job.publishes if not (task.folder / TABLES / f"{name}.csv").is_file()
    ]
    if missing:
        raise RunFailed("unpublished", notebook, None, "", ", ".join(missing))

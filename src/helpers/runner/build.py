"""Run what has to be run again, side by side, and publish the whole or nothing."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers.errors import HelpersError, InputRefused, Problem
from helpers.paths import project_root, relative
from helpers.runner import changes, graph, manifest, parameters, publish
from helpers.runner.console import Console, seconds
from helpers.runner.executor import WorkerDied
from helpers.runner.judge import Verdict, judge, shortened
from helpers.runner.lessons import Lessons
from helpers.runner.model import OUTPUT_VARIABLE, Build, Failure, Job, Limits, Result
from helpers.runner.outcome import tell_changes, tell_failures
from helpers.runner.records import Facts, Record, Tables, published_records, record_of
from helpers.runner.shop import Shop
from helpers.runner.stopping import stoppable
from helpers.runner.surroundings import variables
from helpers.runner.task import Done, Task
from helpers.runner.work import run as do

__all__ = ["run", "touched"]

STOPPED = 130
SEVERAL = 4
"""So many more notebooks with documents make a whole rehearsal worth its time."""
USUAL = Limits()

REPORTS, RECORDS, BROKEN = "reports", "jobs", "failed"
"""Folders of the workshop: the reports in the making, what is known of each job that is done, and
what is left of those that failed."""


@dataclass(frozen=True)
class _Decision:
    """What has to be done for a job, and why."""

    job: Job
    task: Task
    reason: str
    known: Record | None = None
    """The earlier run whose documents are to be rendered anew."""


@dataclass
class _Run:
    """A build under way."""

    build: Build
    shed: Path
    """The workshop."""
    facts: Facts
    shop: Shop
    console: Console
    limits: Limits
    before: Mapping[str, Any]
    """The manifest of the reports that are published now."""
    published: dict[str, Record]
    unfinished: dict[str, Record]
    """The records of jobs that a build which was cut short has finished."""
    tables: Tables
    lessons: Lessons
    touched: Mapping[Path, int]
    """When each input was last written before the build began."""
    records: dict[str, Record] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    skipped: list[Job] = field(default_factory=list)
    ready: dict[str, None] = field(default_factory=dict)
    """Jobs that may start, but have not yet."""
    started: dict[Future[Done], _Decision] = field(default_factory=dict)
    finished: int = 0
    """The inode of the folder with the finished reports, wherever it is then."""

    @property
    def folder(self) -> Path:
        """The folder of the reports in the making."""
        return self.shed / REPORTS

    # --- deciding

    def _candidates(self, job: Job) -> Iterator[tuple[Record, Path]]:
        """Yield the job's earlier results that may still be right, with the folder they are in."""
        for records, folder in (
            (self.unfinished, self.folder),
            (self.published, self.build.target),
        ):
            if job.name in records:
                yield records[job.name], folder

    def verdict(self, job: Job) -> Verdict:
        """Return what an earlier result of the job is worth."""
        inputs = self.before.get("inputs", {})
        return judge(job, self._candidates(job), self.facts, self.tables, inputs)

    def decide(self, job: Job) -> _Decision | None:
        """Return what has to be done for a job; None where its results are still right."""
        verdict = self.verdict(job)
        if verdict.record is None:
            task = self._task(job, renders=job.renders, execute=True)
            return _Decision(job, task, verdict.reason)
        self._take_over(verdict.record, verdict.folder, set(verdict.stale))
        if not verdict.stale:
            self.records[job.name] = verdict.record
            return None
        renders = tuple(pair for pair in job.renders if pair[1] in verdict.stale)
        task = self._task(job, renders=renders, execute=False)
        return _Decision(job, task, verdict.reason, verdict.record)

    def _take_over(self, record: Record, folder: Path, but: set[str]) -> None:
        """Bring the files of a record into the folder of the new reports."""
        if folder == self.folder:
            return
        for place in record.outputs.keys() - but:
            goal = self.folder / place
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / place, goal)

    def _task(self, job: Job, *, renders: tuple[tuple[str, str], ...], execute: bool) -> Task:
        return Task(
            job=job,
            folder=self.folder,
            broken=self.shed / BROKEN,
            root=project_root(),
            renders=renders,
            execute=execute,
            environment=self.build.environment,
            limits=self.limits,
            common=self.build.common,
            stock=self.shop.stock,
        )

    # --- doing

    def all(self) -> None:
        """Do every job, each as soon as those that it needs are done."""
        waiting = graph.Waiting(self.build.jobs)
        by_name = {job.name: job for job in self.build.jobs}
        try:
            self._start_ready(waiting, by_name)
            self.lessons.begin()
            while self.started:
                ended, _ = wait(self.started, return_when=FIRST_COMPLETED)
                for future in ended:
                    decision = self.started.pop(future)
                    self._end(decision, self._answer(future, decision.job))
                    if decision.job.name in self.records:
                        waiting.done(decision.job.name)
                if any(failure.hopeless for failure in self.failures.values()):
                    for future in self.started:
                        future.cancel()
                    self.started = {f: what for f, what in self.started.items() if not f.done()}
                    waiting.stop()
                    self.ready.clear()
                self._start_ready(waiting, by_name)
        except BaseException:
            for future in self.started:
                future.cancel()
            raise
        rest = [job for job in self.build.jobs if job.name not in self.records]
        self.skipped = [job for job in rest if job.name not in self.failures]
        for job in self.skipped:
            self.console.step(job.label, "bỏ qua", "dim")

    def _start_ready(self, waiting: graph.Waiting, by_name: Mapping[str, Job]) -> None:
        """Start what may start, the build's order kept, and no more than the shop takes at once.

        What becomes ready later but stands earlier in the order (a long brief) then comes first.
        """
        while True:
            self.ready |= dict.fromkeys(waiting.ready())
            if not self.ready or len(self.started) >= self.shop.width:
                return
            name = min(self.ready, key=waiting.place)
            del self.ready[name]
            job = by_name[name]
            decision = self.decide(job)
            if decision is None:
                self.kept.append(job.label)
                self.console.pass_over()
                waiting.done(name)
            else:
                self.lessons.before(decision.task, self.folder, self._several)
                self.started[self.shop.executor.submit(do, decision.task)] = decision

    def _several(self) -> bool:
        """Tell whether several of the notebooks with documents that may start have to run."""
        waiting = [job for job in self.build.jobs if job.name in self.ready and job.renders]
        stale = (self.verdict(job).record is None for job in waiting)
        return sum(itertools.islice(filter(None, stale), SEVERAL)) == SEVERAL

    @staticmethod
    def _answer(future: Future[Done], job: Job) -> Done:
        named = relative(job.notebook)
        try:
            return future.result()
        except WorkerDied as died:
            what = f"tiến trình chạy và xuất bản bị tắt hai lần ({died})"
            todo = "đóng bớt chương trình rồi chạy lại make; nếu vẫn lỗi, báo người hỗ trợ"
            return Done(Failure(job.label, named, what, todo))
        except Exception as error:  # a fault of the runner itself must not stop the others
            what = f"bộ chạy gặp lỗi {type(error).__name__}: {error}"
            details = traceback.format_exc()
            return Done(Failure(job.label, named, what, "báo người hỗ trợ", details=details))

    def _end(self, decision: _Decision, done: Done) -> None:
        """Keep what came of a job."""
        job = decision.job
        label = f"{job.label} ({decision.reason})" if self.before else job.label
        if done.failure is not None:
            self.failures[job.name] = done.failure
            self.console.step(label, f"HỎNG sau {seconds(done.seconds)}", "bad")
            return
        if decision.known is None and done.source != self.facts.source(job):
            what, todo = "sổ tính bị sửa trong lúc đang chạy", "lưu xong rồi chạy lại make"
            self.failures[job.name] = Failure(job.label, relative(job.notebook), what, todo)
            self.console.step(label, "HỎNG: bị sửa trong lúc chạy", "bad")
            return
        if decision.known is None:
            self.tables.forget(job.publishes)
            record = record_of(job, self.facts, self.tables, done.told, done.outputs)
        else:
            pairs = decision.task.renders
            renders = {place: self.facts.exporter(exporter) for exporter, place in pairs}
            record = decision.known.rendered(renders, done.outputs)
        self.records[job.name] = record
        self.made.append(job.label)
        if not _moved(self):  # else nobody knows what was read
            _keep_record(self.shed, record)
        what = "xong" if decision.known is None else "xuất lại"
        self.console.step(label, f"{what} {seconds(done.seconds)}")


def _keep_record(shed: Path, record: Record) -> None:
    """Write a job's record: from then on its results are found again, whatever happens."""
    path = shed / RECORDS / f"{record.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(record.to_json(), ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


def _kept_records(shed: Path) -> dict[str, Record]:
    found = {}
    for path in sorted((shed / RECORDS).rglob("*.json")):
        with contextlib.suppress(OSError, ValueError):
            record = Record.from_json(json.loads(path.read_text(encoding="utf-8")))
            if record is not None:
                found[record.name] = record
    return found


def finish(build: Build, folder: Path) -> None:
    """Make what needs all jobs' results, such as the index page."""
    if build.finish is not None:
        with variables({**build.environment, OUTPUT_VARIABLE: str(folder)}):
            build.finish(folder)


def _finished(under_way: _Run) -> None:
    """Have the last step done in a worker; keep its failure as one of the build's."""
    build = under_way.build
    if build.finish is None:
        return
    try:
        under_way.shop.executor.submit(finish, build, under_way.folder).result()
    except Exception as error:  # whatever the composition does must not leave half a build
        own = isinstance(error, HelpersError)
        what = str(error) if own else f"lỗi {type(error).__name__}: {error}"
        todo = "sửa theo lời báo trên rồi chạy lại make" if own else "báo người hỗ trợ"
        details = traceback.format_exc()
        label = "Trang mục lục"
        under_way.failures[label] = Failure(label, "bước cuối", what, todo, details=details)


def touched(inputs: Iterable[Path]) -> dict[Path, int]:
    """Return when each input was last written, or changed in any other way; 0 for a missing one."""
    return {path: _touched(path) for path in inputs}


def _touched(path: Path) -> int:
    try:
        return path.stat().st_ctime_ns
    except OSError:
        return 0


def _moved(under_way: _Run) -> list[str]:
    """Return the inputs that are not what they were when the build began.

    One that was written meanwhile counts even with its old content: nobody knows what was read.
    """
    then, now = under_way.touched, touched(under_way.build.inputs)
    return sorted(relative(path) for path in now if then.get(path) != now[path])


def _put_in_place(under_way: _Run) -> Result:
    """Write the manifest, compare with the last reports, and put the new ones in place."""
    build, folder, console = under_way.build, under_way.folder, under_way.console
    before = under_way.before
    made = manifest.made(build.target)
    records = [under_way.records[job.name] for job in build.jobs]
    outputs = _outputs(under_way)
    outputs |= {
        path.relative_to(folder).as_posix(): manifest.measured(path)
        for path in _beside(folder, outputs)
    }
    listed = [record.to_json() for record in records]
    after = manifest.write(build, folder, under_way.facts.inputs, listed, outputs)["outputs"]
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
    under_way.finished = folder.stat().st_ino
    kept = publish.publish(folder, build.target, made)
    shutil.rmtree(under_way.shed, ignore_errors=True)
    if under_way.kept:
        console.say(f"Giữ nguyên {len(under_way.kept)} sổ tính không có gì thay đổi.")
    if before:
        tell_changes(build, found, briefs, console)
    if kept:
        console.say(f"Giữ lại {len(kept)} tệp của bạn trong thư mục báo cáo: {shortened(kept)}")
    return Result(
        0,
        made=tuple(under_way.made),
        kept=tuple(under_way.kept),
        changed_briefs=tuple(briefs),
        changed_values=len(found),
    )


def _outputs(under_way: _Run) -> dict[str, dict[str, Any]]:
    """Return the facts of every file that the jobs have made."""
    records = under_way.records.values()
    return {place: facts for record in records for place, facts in record.outputs.items()}


def _beside(folder: Path, known: Mapping[str, Any]) -> list[Path]:
    """Return the files of a folder that are not among the known ones."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in known
    ]


def _tidy(under_way: _Run) -> None:
    """Take away what no job of this build has made."""
    folder = under_way.folder
    for path in _beside(folder, _outputs(under_way)):
        path.unlink()
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


def _problems(build: Build) -> tuple[Problem, ...]:
    return (*parameters.check(build.jobs), *graph.problems(build.jobs))


def run(
    build: Build,
    shop: Shop,
    *,
    limits: Limits = USUAL,
    console: Console | None = None,
    afresh: bool = False,
    since: Mapping[Path, int] | None = None,
) -> Result:
    """Run what has to be run and publish the reports, or leave the last good ones untouched.

    Args:
        build: What to run and where the reports go.
        shop: Where to run it.
        limits: What one notebook may take.
        console: Where to say how it is getting on.
        afresh: Whether to take over nothing of earlier builds.
        since: When each input was last written (see `touched`), taken before any of it was read;
            now where not given.

    Raises:
        InputRefused: where parameters or declarations do not fit; nothing has run then.
    """
    console = console or Console()
    start = time.monotonic()
    if problems := _problems(build):
        raise InputRefused(problems)
    if build.check is not None:
        shop.executor.submit(_call, build.check).result()
    # Taken before anything runs: a file edited meanwhile makes the next build run again.
    since = touched(build.inputs) if since is None else since
    inputs = manifest.fingerprint(path for path in build.inputs if path.is_file())
    publish.repair(build.target)
    shed = publish.workshop(build.target)
    shutil.rmtree(shed / BROKEN, ignore_errors=True)
    (shed / REPORTS).mkdir(exist_ok=True)
    before = manifest.read(build.target)
    under_way = _Run(
        build=build,
        shed=shed,
        facts=Facts(build, inputs),
        shop=shop,
        console=console,
        limits=limits,
        before=before,
        published={} if afresh else published_records(before),
        unfinished={} if afresh else _kept_records(shed),
        tables=Tables(shed / REPORTS),
        lessons=Lessons(build, shop),
        touched=since,
    )
    try:
        with stoppable():
            result = _through(under_way)
    except KeyboardInterrupt:
        shop.stop()
        publish.repair(build.target)
        there = build.target.stat().st_ino if build.target.exists() else 0
        new = there and there == under_way.finished
        what = "các báo cáo mới đã xong" if new else "các báo cáo cũ không bị thay đổi"
        console.say(f"Đã dừng theo yêu cầu; {what}.")
        result = Result(STOPPED)
    return replace(result, seconds=time.monotonic() - start)


def _call(check: Any) -> None:
    check()


def _through(under_way: _Run) -> Result:
    build, console = under_way.build, under_way.console
    console.begin(len(build.jobs))
    try:
        under_way.all()
    finally:
        console.end()
    if not under_way.failures:
        _tidy(under_way)
        _finished(under_way)
    if not under_way.failures and (moved := _moved(under_way)):
        what = "tệp đầu vào bị sửa trong lúc đang chạy: " + shortened(moved)
        label = "Số liệu đầu vào"
        failure = Failure(label, "kiểm tra cuối", what, "lưu xong các tệp rồi chạy lại make")
        under_way.failures[label] = failure
    if under_way.failures:
        return _failed(under_way)
    return _put_in_place(under_way)


def _failed(under_way: _Run) -> Result:
    """Say what failed, what was left out because of it, and what is as good as before."""
    build, console = under_way.build, under_way.console
    failures = tell_failures(build, under_way.failures, under_way.shed / BROKEN, console)
    skipped = tuple(job.label for job in under_way.skipped)
    if skipped:
        names = shortened(skipped)
        console.say(f"Bỏ qua {len(skipped)} sổ tính cần kết quả của sổ hỏng: {names}")
    if under_way.made:
        console.say(f"{len(under_way.made)} sổ tính đã chạy xong sẽ được dùng lại ở lần chạy sau.")
    if under_way.before:
        console.say(f"Các báo cáo tốt gần nhất trong {relative(build.target)} được giữ nguyên.")
    return Result(1, failures, skipped, tuple(under_way.made), tuple(under_way.kept))

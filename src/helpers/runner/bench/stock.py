"""The same notebooks with papermill's and nbconvert's own commands, as many side by side."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import HelpersError
from helpers.runner.bench.measure import Used, measured
from helpers.runner.copies import variables_there
from helpers.runner.graph import Waiting
from helpers.runner.model import OUTPUT_VARIABLE, Job
from helpers.runner.records import Record, executed

__all__ = ["Printer", "Stock", "jobs_of", "printer", "run_stock"]

LONGEST = 900
"""Seconds that one command may take."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_BROWSER = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-dev-shm-usage", "--no-pdf-header-footer"),
)


@dataclass(frozen=True)
class Printer:
    """How the stock tools come to a PDF here: nbconvert's webpdf, a browser, or not at all."""

    said: str
    webpdf: bool = False
    browser: str = ""


def printer() -> Printer:
    """Return the way to a PDF that this machine has."""
    if importlib.util.find_spec("playwright") is not None:
        return Printer("nbconvert --to webpdf", webpdf=True)
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    if found:
        name = Path(found).name
        return Printer(
            f"{name} --print-to-pdf, thay webpdf vì máy không có playwright", browser=found
        )
    return Printer("không có PDF vì máy không có trình duyệt Chromium")


@dataclass(frozen=True)
class Stock:
    """What the stock tools took for the analyses, and for so many of the briefs."""

    analyses: Used
    briefs: Used
    done: int
    wanted: int

    def _whole(self, analyses: float, briefs: float) -> float:
        return analyses + briefs * self.wanted / self.done if self.done else analyses

    @property
    def wall(self) -> float:
        """Seconds for everything, those of the briefs that were left out reckoned in."""
        return self._whole(self.analyses.wall, self.briefs.wall)

    @property
    def processor(self) -> float:
        """Processor seconds for everything, reckoned likewise."""
        return self._whole(self.analyses.processor, self.briefs.processor)

    @property
    def reckoned(self) -> bool:
        """Whether some briefs were left out."""
        return self.done < self.wanted


def jobs_of(root: Path, records: Sequence[Record]) -> list[Job]:
    """Return the jobs of a build from its records, as far as the stock tools need to know them."""
    return [
        Job(
            label=record.label,
            notebook=root / record.notebook,
            parameters=record.parameters,
            name=record.name,
            renders=tuple(("", place) for place in record.renders),
            reads=tuple(dict.fromkeys(place.split(".")[0] for place in record.tables)),
            publishes=tuple(record.publishes),
        )
        for record in records
    ]


def _call(command: Sequence[str], cwd: Path, variables: Mapping[str, str]) -> None:
    """Run a command that must go well."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        end = "\n".join(done.stderr.splitlines()[-5:])
        raise HelpersError(f"Không đo được công cụ gốc: {' '.join(command[:4])} …\n{end}")


@dataclass(frozen=True)
class _Bench:
    """Where the stock tools work."""

    root: Path
    output: Path
    printer: Printer

    def __call__(self, job: Job) -> None:
        """Run a job's notebook, and make its documents."""
        variables = variables_there(self.root, {OUTPUT_VARIABLE: str(self.output)})
        ran = self.output / executed(job.name)
        ran.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            given = Path(scratch) / "parameters.yaml"
            given.write_text(json.dumps(dict(job.parameters), ensure_ascii=False), encoding="utf-8")
            papermill = [
                *_python("papermill"),
                "--no-progress-bar",
                "-k",
                "python3",
                "-l",
                "python",
            ]
            files = ["-f", str(given), str(job.notebook), str(ran)]
            _call([*papermill, *files], job.notebook.parent, variables)
            if job.renders:
                self._convert(ran, variables, scratch)

    def _convert(self, ran: Path, variables: Mapping[str, str], scratch: str) -> None:
        _call([*_python("nbconvert"), "--to", "html", ran.name], ran.parent, variables)
        if self.printer.webpdf:
            webpdf = ["--to", "webpdf", "--disable-chromium-sandbox", ran.name]
            _call([*_python("nbconvert"), *webpdf], ran.parent, variables)
        elif self.printer.browser:
            goal = ran.with_suffix(".pdf")
            own = [f"--user-data-dir={scratch}", f"--print-to-pdf={goal}"]
            page = ran.with_suffix(".html").as_uri()
            _call([self.printer.browser, *_BROWSER, *own, page], ran.parent, variables)
            if not goal.is_file():
                raise HelpersError(f"Không đo được công cụ gốc: {goal.name} không in được.")


def _python(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def _in_order(jobs: Sequence[Job], work: Callable[[Job], None], workers: int) -> None:
    """Do the jobs side by side, each after those whose tables it reads."""
    waiting = Waiting(jobs)
    by_name = {job.name: job for job in jobs}
    under_way: dict[Future[None], str] = {}
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                for name in waiting.ready():
                    under_way[pool.submit(work, by_name[name])] = name
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    future.result()
                    waiting.done(under_way.pop(future))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def run_stock(
    root: Path, output: Path, jobs: Sequence[Job], *, workers: int, briefs: int, way: Printer
) -> Stock:
    """Run the analyses and so many of the briefs with the stock tools; return what they took.

    Args:
        root: The project.
        output: The folder for what they make.
        jobs: Every job of the plan.
        workers: How many run side by side.
        briefs: How many of the briefs to make.
        way: How to come to a PDF.

    Raises:
        HelpersError: a command failed or took too long.
    """
    made = [job for job in jobs if job.renders]
    work = _Bench(root, output, way)
    try:
        with measured() as analyses:
            _in_order([job for job in jobs if not job.renders], work, workers)
        with measured() as some:
            _in_order(made[-briefs:], work, workers)
    except subprocess.TimeoutExpired as late:
        raise HelpersError(f"Công cụ gốc chạy quá {LONGEST} giây: {late.cmd[:4]}") from late
    return Stock(analyses, some, min(briefs, len(made)), len(made))

"""Build a copy of the shipped project, cut to a few districts, in a process of its own.

`main` builds once, as the command does. `serve` answers one line of JSON for each line that it
reads: it keeps its template, as only the data and the notebooks change from one to the next.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from helpers import cli, jobs
from helpers.cli import building
from helpers.errors import InputRefused
from helpers.paths import project_root
from helpers.runner import Build, Shop, judge, open_shop, run
from helpers.runner.console import Console
from helpers.runner.explain import explained
from helpers.runner.task import Task

PLAN = "params/nghe-an-2024.yaml"


def cut(build: Build, districts: Iterable[str]) -> Build:
    """Return the build with the briefs of these districts only, and an index of what is left."""
    wanted = {"", *districts}
    left = [job for job in build.jobs if job.parameters.get("district", "") in wanted]
    shown = {job.label for job in left}
    assert isinstance(build.finish, partial)
    made = [one for one in build.finish.keywords["made"] if one[0] in shown]
    finish = partial(build.finish.func, **{**build.finish.keywords, "made": made})
    return replace(build, jobs=tuple(left), finish=finish)


def answer(shop: Shop, districts: Iterable[str]) -> dict[str, object]:
    """Explain a build, then run it; return what both said."""
    try:
        made = shop.call("helpers.jobs:make_build", project_root() / PLAN, jobs.package())
        build = cut(made, districts)
        lines = list(explained(build))
        said = io.StringIO()
        tasks = []
        submit = shop.executor.submit

        def listening(function: Any, *given: Any) -> Any:
            asked = [task for task in given if isinstance(task, Task)]
            tasks.extend((one.job.label, one.execute, dict(one.renders)) for one in asked)
            return submit(function, *given)

        shop.executor.submit = listening  # type: ignore[method-assign]
        try:
            result = run(build, shop, console=Console(said))
        finally:
            shop.executor.submit = submit  # type: ignore[method-assign]
    except InputRefused as refused:
        return {"refused": [str(problem) for problem in refused.problems]}
    return {
        "explained": lines,
        "tasks": [(label, ran, list(renders.values())) for label, ran, renders in tasks],
        "code": result.code,
        "made": result.made,
        "kept": result.kept,
        "skipped": result.skipped,
        "failures": [str(failure) for failure in result.failures],
        "said": said.getvalue(),
    }


def serve() -> None:
    """Explain and build for each line that comes."""
    judge.NAMES_SHOWN = 99  # every name is to be compared
    with open_shop(jobs.PRELOAD) as shop:
        for _ in sys.stdin:
            print(json.dumps(answer(shop, sys.argv[1:])), flush=True)


def main() -> None:
    """Build as `python -m helpers build` does."""
    whole = building._opened

    @contextlib.contextmanager
    def opened(*given: Any) -> Iterator[tuple[Any, Build]]:
        with whole(*given) as (shop, build):
            yield shop, cut(build, sys.argv[1:])

    building._opened = opened
    sys.exit(cli.run_here(["build"]))

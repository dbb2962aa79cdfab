"""Measure a plan's build: from nothing, with nothing changed, after one change, and one more."""

from __future__ import annotations

import re
import shutil
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import HelpersError
from helpers.runner import manifest
from helpers.runner.bench.measure import Used
from helpers.runner.bench.stock import Printer, Stock, jobs_of, run_stock
from helpers.runner.bench.telling import decimal, second, taken
from helpers.runner.bench.trial import Edit, Trial, run_measured
from helpers.runner.executor import cores, free_memory, workers_for
from helpers.runner.records import published_records

__all__ = ["Whole", "beside_stock", "cold", "edited", "margins", "unchanged"]

COLD, UNCHANGED, EDITED, MARGIN = 15.0, 0.3, 3.0, 0.4
"""The goals: seconds; of one more brief, processor seconds."""

TIMES_WALL, TIMES_PROCESSOR = 10, 15
"""By how many times less the build should take than the stock tools."""

REPEATS, COLD_REPEATS = 5, 3
"""So often the shortest builds are timed, and those from nothing: the middle one counts."""

QUICK_BRIEFS = 3

_STEP = re.compile(r"^\[ *\d+/(\d+)\]", re.MULTILINE)


@dataclass(frozen=True)
class Whole:
    """A plan's build from nothing."""

    used: Used
    content: dict[str, Any]
    """Its manifest."""

    @property
    def documents(self) -> int:
        """How many documents were rendered."""
        return sum(len(record["renders"]) for record in self.content["jobs"])

    @property
    def briefs(self) -> int:
        """How many notebooks end in documents."""
        return sum(bool(record["renders"]) for record in self.content["jobs"])

    def lines(self) -> Iterator[str]:
        """Yield what it took, and the largest page."""
        what = f"{len(self.content['jobs'])} sổ tính, {self.documents} văn bản"
        goal = f"(mục tiêu {COLD:.0f} s)"
        yield f"Dựng toàn bộ từ đầu ({what}):   {taken(self.used)} {goal}"
        made = self.content["outputs"]
        pages = [(facts["size"], place) for place, facts in made.items() if place[-5:] == ".html"]
        if pages:
            size, place = max(pages)
            yield f"Trang HTML lớn nhất:   {size / 1024:.0f} KB ({place})"


def cold(root: Path, trial: Trial) -> Whole:
    """Build from nothing: first for the memory and the bytecode, then thrice for the time."""
    first, _ = run_measured(root, trial.build, memory=True)
    found = []
    for _ in range(COLD_REPEATS):
        shutil.rmtree(root / "reports")
        found.append(run_measured(root, trial.build)[0])
    used = sorted(found, key=lambda one: one.processor)[COLD_REPEATS // 2]
    used.memory = first.memory
    return Whole(used, manifest.read(root / "reports" / trial.name))


def beside_stock(root: Path, whole: Whole, way: Printer, *, quick: bool) -> Iterator[str]:
    """Yield what the stock tools take for the same notebooks, and how that compares."""
    jobs = jobs_of(root, list(published_records(whole.content).values()))
    workers = workers_for(cores(), free_memory())
    briefs = QUICK_BRIEFS if quick else whole.briefs
    output = root.parent / "stock"
    stock = run_stock(root, output, jobs, workers=workers, briefs=briefs, way=way)
    tools = f"papermill, nbconvert --to html, {way.said}"
    reckoned = f", ước lượng từ {stock.done} bản" if stock.reckoned else ""
    yield (
        f"Công cụ gốc, cùng các sổ tính, {workers} sổ một lúc ({tools}):   "
        f"{second(stock.wall)}, bộ xử lý {second(stock.processor)}{reckoned}"
    )
    yield compared(whole.used, stock)


def compared(ours: Used, stock: Stock) -> str:
    """Return by how many times less the build takes than the stock tools, and the goals."""
    wall = decimal(stock.wall / ours.wall, 1)
    processor = decimal(stock.processor / ours.processor, 1)
    return (
        f"So với công cụ gốc:   nhanh gấp {wall} lần (mục tiêu {TIMES_WALL}), "
        f"bộ xử lý ít hơn {processor} lần (mục tiêu {TIMES_PROCESSOR})"
    )


def unchanged(root: Path, trial: Trial) -> str:
    """Return what a build takes that finds nothing to do."""
    times = [run_measured(root, trial.build)[0].wall for _ in range(REPEATS)]
    goal = f"(trung vị của {REPEATS} lần; mục tiêu {second(UNCHANGED)})"
    return f"Chạy lại khi không có gì thay đổi:   {second(statistics.median(times))} {goal}"


def edited(root: Path, trial: Trial, edit: Edit) -> str:
    """Return what a build takes after one change; the slower of changing and changing back."""
    with edit.made(root):
        there, said = run_measured(root, trial.build)
    back, _ = run_measured(root, trial.build)
    steps = _STEP.findall(said)
    if not steps:
        raise HelpersError(f"Không đo được: đổi {edit.label} mà không sổ tính nào chạy lại.")
    used = max(there, back, key=lambda one: one.wall)
    again = f"{len(steps)} trên {steps[0]} sổ tính chạy lại"
    return f"Đổi {edit.label}:   {taken(used)}, {again} (mục tiêu {EDITED:.0f} s)"


def margins(root: Path, trial: Trial, briefs: int) -> Iterator[str]:
    """Yield what one more brief takes, by two builds of unlike numbers: made, and only rendered."""
    some, more = max(1, briefs // 2), briefs
    if more == some:
        return
    made = [run_measured(root, trial.few(number))[0].processor for number in (some, more)]
    with trial.look.made(root):
        shown = [run_measured(root, trial.few(number))[0].processor for number in (some, more)]
    one, look = ((last - first) / (more - some) for first, last in (made, shown))
    between, goal = f"từ {some} lên {more} bản", f"mục tiêu {second(MARGIN)}"
    yield f"Thêm một bản, HTML và PDF:   bộ xử lý {second(one)} ({between}; {goal})"
    yield f"Thêm một bản chỉ xuất lại ({trial.look.label}):   bộ xử lý {second(look)} ({between})"

"""Measure the allocation: the plan's cube, all communes of the country, a thousand scenarios.

Speed claims are ratios within one run: the same vector shared by the `apportionment` package.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from helpers.allocation.batch import prepare
from helpers.allocation.cube import cube_frame
from helpers.allocation.distribution import distribute
from helpers.allocation.engine import allocate
from helpers.allocation.exact.kernel import share
from helpers.allocation.model import Cell
from helpers.data.reading import read_data
from helpers.data.units import IntArray, Units, number_column, word_column
from helpers.errors import HelpersError
from helpers.paths import project_root
from helpers.plan.loading import load_plan
from helpers.plan.rules.model import RuleSet, RuleSetContent
from helpers.stopwatch import median_seconds

__all__ = ["bench"]

COMMUNES = 10_598
"""The country's communes, wards and townships before 2025-07-01."""
LINES = 11
SCENARIOS = 1_000
MILLION = 10**6
SEED = 2024


def _communes() -> Units:
    """Return as many communes as the country has, their figures drawn by a fixed seed."""
    chance = np.random.default_rng(SEED)
    codes = tuple(f"{number:05d}" for number in range(COMMUNES))
    regions = np.asarray(["highland", "mountainous", "lowland"])[chance.integers(0, 3, COMMUNES)]
    columns = [
        number_column("poor_rate", chance.integers(0, 7001, COMMUNES), scale=100),
        number_column("poor_households", chance.integers(0, 900, COMMUNES)),
        number_column("area_km2", chance.integers(100, 40_000, COMMUNES), scale=100),
        word_column("region", map(str, regions)),
    ]
    return Units("commune", codes, codes, codes, {column.name: column for column in columns})


def _rules() -> RuleSet:
    """Return eleven rules with bands, base and steps, weights and a multiplier."""
    rules = [
        {
            "lines": [f"TDA{line}"],
            "basis": {"document": "Phép đo"},
            "status": "unverified",
            "communes": {
                "eligible": "all",
                "criteria": [
                    {
                        "column": "poor_rate",
                        "bands": [
                            {"below": 10, "points": line},
                            {"from": 10, "below": 30, "points": "2,5"},
                            {"from": 30, "points": 4},
                        ],
                    },
                    {"column": "poor_households", "per_unit": "0,02"},
                    {
                        "column": "area_km2",
                        "steps": {
                            "from": 50,
                            "under": 0,
                            "points": 1,
                            "beyond": 100,
                            "every": 50,
                            "add": "0,5",
                        },
                    },
                ],
                "multipliers": [
                    {"column": "region", "lookup": {"highland": "1,2"}, "otherwise": 1}
                ],
            },
        }
        for line in range(1, LINES + 1)
    ]
    content = {"title": "Phép đo", "valid": {"from": "2024-01-01"}, "rules": rules}
    read = RuleSetContent.model_validate(content)
    return RuleSet.model_construct(**dict(read), id="bench", path=project_root() / "bench.yaml")


def _pots() -> dict[Cell, int]:
    return {Cell(f"TDA{line}", "NSTW", "SN"): 50_000_007_001 * line for line in range(1, LINES + 1)}


def _scenarios() -> None:
    """Run the scenarios in this process and say the seconds and the peak of memory."""
    pots, units = _pots(), _communes()
    batch = prepare(_rules(), list(pots), {"commune": units}, MILLION)
    chance = np.random.default_rng(SEED)
    base = np.asarray(list(pots.values()))
    percents = chance.integers(50, 151, (SCENARIOS, len(pots)))
    totals: IntArray = base * percents // 100
    start = time.perf_counter()
    amounts = batch.run(totals)
    seconds = time.perf_counter() - start
    if not (amounts.sum(axis=2) == totals).all():
        raise HelpersError("Phép đo nghìn phương án cộng không đúng tổng.")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def _thousand() -> tuple[float, int]:
    """Return seconds and peak bytes of the scenarios, run in a process of their own."""
    words = f"from {__name__} import _scenarios; _scenarios()"
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise HelpersError(f"Không đo được nghìn phương án: {done.stderr[-500:]}")
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak)


def _stock() -> tuple[float, float, int]:
    """Return the time of one sharing here and by `apportionment`, and how many units there were.

    Both give out the same number of whole units by largest remainder to the same weights.
    """
    import apportionment.methods as stock

    weights = _communes().columns["poor_households"].values + 1
    total = 50_000
    ours = median_seconds(lambda: share(total, weights))
    votes = [int(weight) for weight in weights]
    names = [str(place) for place in range(len(votes))]
    theirs = median_seconds(lambda: stock.compute("hamilton", votes, total, parties=names))
    return ours, theirs, len(votes)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms".replace(".", ",")


def bench(plan_path: Path) -> Iterator[str]:
    """Yield what was measured, one line each, with the goal beside it."""
    plan = load_plan(plan_path)
    data = read_data(project_root() / plan.data)
    whole = median_seconds(lambda: allocate(plan, data).cube)
    yield f"Toàn bộ phân bổ của kế hoạch:   {_milliseconds(whole)} (mục tiêu 50 ms)"
    pots, units, rules = _pots(), {"commune": _communes()}, _rules()
    country = median_seconds(lambda: cube_frame(distribute(rules, pots, units, MILLION), 2024))
    yield (f"{LINES} tiểu dự án × {COMMUNES} xã:   {_milliseconds(country)} (mục tiêu 300 ms)")
    seconds, peak = _thousand()
    yield (
        f"{SCENARIOS} phương án × {LINES} tiểu dự án × {COMMUNES} xã:   {seconds:.2f} s, "
        f"bộ nhớ cao nhất {peak / 2**30:.2f} GiB (mục tiêu 15 s, 2 GB); "
        f"mỗi lần chia {_milliseconds(seconds / SCENARIOS / LINES)}"
    ).replace(".", ",")
    ours, theirs, size = _stock()
    yield (
        f"Một lần chia cho {size} đơn vị:   {_milliseconds(ours)}, gói apportionment "
        f"{_milliseconds(theirs)} (gấp {theirs / ours:.1f} lần)"
    ).replace(".", ",")

"""Measure the register: a million households by district, and the nation's from Parquet.

Speed claims are ratios within one run: the same million measured by the `mpitb` package.
"""

from __future__ import annotations

import datetime
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from helpers.data.register.reading import Register, open_register, register_of
from helpers.data.register.sample import Profile, sample_frame, write_sample
from helpers.errors import HelpersError
from helpers.plan.standards import Standard, load_standards, standard_at
from helpers.poverty.alkire_foster import Measures
from helpers.poverty.register import classified, count_register, measures
from helpers.stopwatch import median_seconds
from helpers.words import count

__all__ = ["bench_register"]

PROVINCE = (460, 21)
"""Communes and districts of the province whose size the million households have."""
NATION = (10_598, 705)
"""The country's communes and districts before 2025-07-01."""
DAY = datetime.date(2024, 12, 31)
SEED = 2024
NEAR = 1e-9


def _communes(
    communes: int, districts: int
) -> tuple[list[Profile], dict[str, str], dict[str, str]]:
    """Return made-up communes, the kind of each and the district of each, spread evenly."""
    kinds = ("xã", "xã", "xã", "phường", "thị trấn")
    profiles = [
        Profile(
            code=f"{number:05d}",
            kind=kinds[number % len(kinds)],
            weight=50 + number % 97,
            poor=(number % 41) / 100,
            near_poor=(number % 17) / 100,
            dtts=(number % 7) / 10,
        )
        for number in range(communes)
    ]
    kind = {profile.code: profile.kind for profile in profiles}
    places = (number * districts // communes for number in range(communes))
    district = {
        profile.code: f"{place:03d}" for profile, place in zip(profiles, places, strict=True)
    }
    return profiles, kind, district


def _standard() -> Standard:
    return standard_at(load_standards(), DAY)


def _by_district(register: Register, districts: dict[str, str]) -> dict[str, Measures]:
    """Classify and measure; the measures are of whoever lacks enough, as `mpitb` has them."""
    counts = count_register(register, districts)
    classified(counts)
    return measures(counts, official=False)


def _stock(frame: pd.DataFrame, standard: Standard) -> Callable[[], list[dict[str, Any]]]:
    """Return what measures the same households with `mpitb`: H, A, M0 and headcounts."""
    from mpitb.core import MPIToolbox

    keys = [item.key for item in standard.indicators]
    total = sum(item.weight for item in standard.indicators)
    toolbox = MPIToolbox()
    toolbox.set(name="chuan", dimensions=[(keys, "chung")])
    weights = {item.key: item.weight / total for item in standard.indicators}
    # Halfway below the cut-off: sums of binary fractions may fall just short of it.
    cutoff = 100 * (standard.minimum - 0.5) / total

    def work() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = toolbox.est(
            frame, "chuan", [cutoff], weights=weights, indmeasures=["hdk"], over=["district"]
        )
        return found

    return work


def _compare(ours: dict[str, Measures], theirs: list[dict[str, Any]]) -> None:
    """Refuse a comparison of two computations that do not come to the same."""
    wanted: dict[tuple[str, str], Fraction] = {}
    for district, item in ours.items():
        wanted |= {
            (district, "H"): item.headcount,
            (district, "A"): item.intensity,
            (district, "M0"): item.mpi,
        }
    found = {
        (str(row["subg"]), str(row["measure"])): float(row["b"])
        for row in theirs
        if row.get("loa") == "district" and row["measure"] in ("H", "A", "M0")
    }
    if found.keys() != wanted.keys() or any(
        abs(float(wanted[key]) - found[key]) > NEAR for key in wanted
    ):
        raise HelpersError("Phép đo danh sách hộ: kết quả khác với gói mpitb.")


def _million(rows: int) -> Iterator[str]:
    standard = _standard()
    profiles, kinds, districts = _communes(*PROVINCE)
    frame = sample_frame(profiles, standard, rows, SEED).collect()
    register = register_of(frame, standard, kinds)
    ours = median_seconds(lambda: _by_district(register, districts))
    columns = {item.key: frame[item.key].cast(pl.Int64) for item in standard.indicators}
    columns["district"] = frame["area"].replace_strict(districts)
    stock = _stock(
        pd.DataFrame({name: values.to_numpy() for name, values in columns.items()}), standard
    )
    start = time.perf_counter()
    found = stock()
    theirs = time.perf_counter() - start
    _compare(_by_district(register, districts), found)
    yield (
        f"Phân loại và đo {count(rows)} hộ theo {PROVINCE[1]} huyện:   {_seconds(ours)} "
        f"(mục tiêu 0,5 s); gói mpitb {_seconds(theirs)} (gấp {_times(theirs / ours)} lần)"
    )


def _peak() -> int:
    """Return the most memory that this process has held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike getrusage, this leaves out the process that started this one.
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _nation(file: str) -> None:
    """Classify and measure a file in this process; say seconds, the peak of memory, households."""
    standard = _standard()
    _, kinds, districts = _communes(*NATION)
    start = time.perf_counter()
    counts = count_register(open_register(Path(file), standard, kinds), districts)
    classified(counts)
    found = measures(counts)
    seconds = time.perf_counter() - start
    print(seconds, _peak(), sum(item.population for item in found.values()))


def _country(rows: int) -> Iterator[str]:
    profiles, _, _ = _communes(*NATION)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "register.parquet"
        write_sample(path, profiles, _standard(), rows, day=DAY, seed=SEED)
        size = path.stat().st_size
        words = f"import sys; from {__name__} import _nation; _nation(sys.argv[1])"
        done = subprocess.run(
            [sys.executable, "-c", words, str(path)], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise HelpersError(f"Không đo được danh sách hộ cả nước: {done.stderr[-500:]}")
    seconds, peak, households = done.stdout.split()
    if int(households) != rows:
        raise HelpersError(f"Phép đo danh sách hộ cả nước đếm {households} hộ, tệp có {rows}.")
    gib = f"{int(peak) / 2**30:.2f}".replace(".", ",")
    yield (
        f"Đọc, phân loại và đo {count(rows)} hộ từ tệp Parquet {count(size // 2**20)} MiB:   "
        f"{_seconds(float(seconds))}, bộ nhớ cao nhất {gib} GiB (mục tiêu 30 s, 2 GB)"
    )


def _seconds(value: float) -> str:
    return f"{value:.2f} s".replace(".", ",")


def _times(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def bench_register(rows_small: int = 1_000_000, rows_large: int = 26_000_000) -> Iterator[str]:
    """Yield what was measured, one line each, with the goal beside it.

    Args:
        rows_small: households in memory, classified and measured here and by `mpitb`.
        rows_large: households in a Parquet file, read and measured in a process of its own.
    """
    yield from _million(rows_small)
    yield from _country(rows_large)

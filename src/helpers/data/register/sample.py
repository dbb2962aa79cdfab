"""A made-up household register (minh họa) of any size, for demonstration, tests and measuring.

Nothing in it is a real household. How poor each commune is follows the shares given; incomes,
deprivations and flags are drawn by a seeded generator, so that the poor and the near-poor of the
standard come out about as the shares say. Households are made and written in parts, each with a
seed of its own: memory stays bounded, and the same arguments give the same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.io.plugins import register_io_source

from helpers.data.dataset import DataSet
from helpers.data.register.model import titles_for
from helpers.data.register.place import SIDECAR_NAME
from helpers.data.sidecar import write_yaml
from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.plan.standards import Standard

__all__ = ["Profile", "profiles_of", "sample_frame", "write_sample"]

PART = 250_000
"""Households made at a time; part of what the result depends on."""
SEED = 2024
STEP = 10_000
"""Incomes are drawn in steps of so many đồng."""

_MEMBERS = np.repeat(np.arange(1, 9, dtype=np.uint8), [8, 16, 20, 26, 16, 8, 4, 2])
"""A hundred households by size."""

# Assumed shares: who lacks an indicator, by class of household; who has a flag, by class.
_LACKING = (0.05, 0.12, 0.42)
_NO_LABOUR = (0.01, 0.05, 0.14)
_MERIT = (0.05, 0.03, 0.02)
_DTTS_BY_REGION: Mapping[str, float] = {"highland": 0.75, "mountainous": 0.2, "lowland": 0.01}
_NOTE = (
    "KHÔNG PHẢI SỐ LIỆU THẬT: không hộ nào trong danh sách có thật. Thay bằng danh sách của tỉnh "
    "trước khi dùng cho quyết định nào."
)
_NEITHER, _NEAR_POOR, _POOR = range(3)


@dataclass(frozen=True)
class Profile:
    """A commune to make households for: its weight and its shares of poor, near-poor and DTTS."""

    code: str
    kind: str
    weight: int
    poor: float
    near_poor: float
    dtts: float = 0.0


def profiles_of(data: DataSet) -> tuple[Profile, ...]:
    """Return the province's communes as the latest figures have them.

    A commune takes its own figures of commune_poverty; without them it takes its district's rates
    and an equal part of what the district's other communes leave.
    """
    district = _latest(data.poverty, "district_code")
    commune = _latest(data.commune_poverty, "code")
    regions = dict(zip(data.districts["code"], data.districts["region"], strict=True))
    peers = data.communes["district_code"].value_counts()
    found = []
    for row in data.communes.itertuples(index=False):
        own = commune.get(row.code)
        households, poor, near_poor = own or district[row.district_code]
        found.append(
            Profile(
                code=row.code,
                kind=row.kind,
                weight=max(1, households if own else households // int(peers[row.district_code])),
                poor=poor / max(1, households),
                near_poor=near_poor / max(1, households),
                dtts=_DTTS_BY_REGION[regions[row.district_code]],
            )
        )
    return tuple(found)


def _latest(frame: Any, key: str) -> dict[str, tuple[int, int, int]]:
    """Return households, poor and near-poor by unit at the last year-end that there is."""
    if frame.empty:
        return {}
    columns = [key, "households", "poor_households", "near_poor_households"]
    last = frame.loc[frame["year"] == frame["year"].max(), columns]
    return {
        unit: (int(households), int(poor), int(near_poor))
        for unit, households, poor, near_poor in last.itertuples(index=False)
    }


def sample_frame(
    profiles: Sequence[Profile], standard: Standard, households: int, seed: int = SEED
) -> pl.LazyFrame:
    """Return so many made-up households, in the communes' order, made only as they are read."""
    schema = dict.fromkeys(_columns(standard), pl.UInt8) | {
        "area": pl.String,
        "income": pl.Int32,
    }

    def parts(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        # Columns and rows that nobody asks for are left out afterwards: what is drawn stays put.
        left = households if n_rows is None else min(n_rows, households)
        for number, first in enumerate(range(0, left, PART)):
            part = _part(profiles, standard, households, first, number, seed)
            part = part.head(left - first)
            part = part if predicate is None else part.filter(predicate)
            yield part if with_columns is None else part.select(with_columns)

    ordered = {name: schema[name] for name in _columns(standard)}
    return register_io_source(parts, schema=pl.Schema(ordered), is_pure=True)


def write_sample(
    path: Path,
    profiles: Sequence[Profile],
    standard: Standard,
    households: int,
    *,
    day: datetime.date,
    seed: int = SEED,
) -> Path:
    """Write a made-up register (.parquet or .csv) with a sidecar that marks it so; return its path.

    Args:
        path: the file to write; its name says the form.
        profiles: the communes, see `profiles_of`.
        standard: the standard that gives the lines and the indicators.
        households: how many rows.
        day: the date that the register pretends to be of.
        seed: another seed gives other households.

    Raises:
        InputRefused: the file's name ends in neither, or a line of the standard is not known.
    """
    frame = sample_frame(profiles, standard, households, seed)
    if path.suffix == ".parquet":
        frame.sink_parquet(path, row_group_size=PART, maintain_order=True)
    elif path.suffix == ".csv":
        frame.sink_csv(path, include_bom=True, maintain_order=True)
    else:
        what, todo = "danh sách hộ phải là tệp .parquet hoặc .csv", "đổi đuôi tệp"
        raise InputRefused([Problem(relative(path), what, todo)])
    titles = titles_for(standard)
    sidecar = {
        "title": f"Danh sách {households} hộ (minh họa)",
        "producer": "Bộ sinh danh sách hộ của công cụ",
        "source": "Sinh tự động; tỷ lệ hộ nghèo, hộ cận nghèo theo số liệu của từng xã, huyện",
        "date": day,
        "licence": "Được dùng tự do",
        "status": "illustrative",
        "note": _NOTE,
        "generator": "helpers.data.register.sample",
        "seed": seed,
        "known": {"rows": households, "source": "Bộ sinh danh sách hộ"},
        "columns": {name: {"label": titles[name]} for name in _columns(standard)},
    }
    write_yaml(path.parent / SIDECAR_NAME, sidecar)
    return path


def _columns(standard: Standard) -> list[str]:
    keys = [item.key for item in standard.indicators]
    return ["area", "members", "income", *keys, "dtts", "no_labour", "merit"]


def _part(
    profiles: Sequence[Profile],
    standard: Standard,
    households: int,
    first: int,
    number: int,
    seed: int,
) -> pl.DataFrame:
    """Return the households from place `first` on, PART of them or what is left."""
    size = min(PART, households - first)
    chance = np.random.default_rng([seed, number])
    ends = np.cumsum([profile.weight for profile in profiles])
    # The household at place i of n lives where the weights have passed i/n of their whole.
    places = (np.arange(first, first + size) * int(ends[-1])) // households
    where = np.searchsorted(ends, places, side="right")
    draw = chance.random(size)
    poor = np.array([profile.poor for profile in profiles])[where]
    near = np.array([profile.near_poor for profile in profiles])[where]
    group = np.where(draw < poor, _POOR, np.where(draw < poor + near, _NEAR_POOR, _NEITHER))
    lines = np.array([standard.income_line(standard.area_type(p.kind)) for p in profiles])[where]
    flags = _lacking(chance, group, standard)
    dtts = np.array([profile.dtts for profile in profiles])[where]
    more = {
        # The poor are more often of a minority than their commune as a whole.
        "dtts": chance.random(size) < np.where(group == _POOR, np.sqrt(dtts), dtts),
        "no_labour": chance.random(size) < np.array(_NO_LABOUR)[group],
        "merit": chance.random(size) < np.array(_MERIT)[group],
    }
    columns = {
        "area": pl.Series([profile.code for profile in profiles], dtype=pl.String)[where],
        "members": _MEMBERS[chance.integers(0, len(_MEMBERS), size)],
        "income": _incomes(chance, group, lines),
        **{item.key: flags[:, place] for place, item in enumerate(standard.indicators)},
        **more,
    }
    return pl.DataFrame(columns).with_columns(pl.col(pl.Boolean).cast(pl.UInt8))


def _incomes(
    chance: np.random.Generator, group: NDArray[np.int64], lines: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return incomes on the right side of the line: 40–100% of it, or up to four times as much."""
    steps = lines // STEP
    low = np.where(group == _NEITHER, steps + 1, steps * 2 // 5)
    high = np.where(group == _NEITHER, steps * 4, steps)
    return (chance.integers(low, high, endpoint=True) * STEP).astype(np.int32)


def _lacking(
    chance: np.random.Generator, group: NDArray[np.int64], standard: Standard
) -> NDArray[np.bool_]:
    """Return which indicators each household lacks, the poor enough of them, the near-poor fewer.

    Whoever would lack too few or too many keeps those drawn lowest.
    """
    weights = np.array([item.weight for item in standard.indicators])
    # Some indicators are lacking twice as often as others.
    shares = np.linspace(1.4, 0.6, len(weights))
    draws = chance.random((len(group), len(weights)), dtype=np.float32) / shares.astype(np.float32)
    flags: NDArray[np.bool_] = draws < np.array(_LACKING, dtype=np.float32)[group][:, None]
    fixed = np.flatnonzero(group != _NEITHER)
    order = np.argsort(draws[fixed], axis=1, kind="stable")
    reached = np.cumsum(weights[order], axis=1)
    # In the order of the draws: enough to reach the minimum, and as many as stay below it.
    enough = np.zeros_like(flags[fixed])
    np.put_along_axis(enough, order, reached - weights[order] < standard.minimum, axis=1)
    below = np.zeros_like(enough)
    np.put_along_axis(below, order, reached < standard.minimum, axis=1)
    poor = (group[fixed] == _POOR)[:, None]
    flags[fixed] = np.where(poor, flags[fixed] | enough, flags[fixed] & below)
    return flags

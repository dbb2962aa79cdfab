"""A household register classified by a poverty standard, by way of exact counts.

Each chunk of households becomes whole-number counts by area, area type, flags, income-poor or not,
and what is lacking. Chunks add up, so neither their size nor the order of rows matters, and every
measure follows from the counts.

Poor (hộ nghèo): income-poor and lacking at least the standard's minimum; near-poor (hộ cận nghèo):
income-poor and lacking less (Nghị định 07/2021/NĐ-CP).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from helpers.data.register.reading import CHUNK, FLAGS, Register, read_chunks
from helpers.plan.standards import Standard
from helpers.poverty.alkire_foster import (
    IntArray,
    Measures,
    alkire_foster,
    first_of_each,
    scores_of,
    sums,
)

__all__ = ["Counts", "classified", "count_register", "measures"]

_MERGE = 4_000_000
"""Cells held before the chunks' counts are added up, so that memory stays bounded."""
_ALL_FLAGS = 1 << len(FLAGS)


@dataclass(frozen=True, eq=False)
class Counts:
    """Households and persons by cell, the cells ascending by area; all arrays are int64.

    `area` is a place in `codes`, `area_type` one in the standard's area types. `flags` has a bit
    for each of FLAGS, `income_poor` is 0 or 1. `code` is the deprivation pattern (bit i: indicator
    i is lacking) or, unless `patterns`, the number of weighted deprivations. `flagged` are those
    of FLAGS that the register has.
    """

    standard: Standard
    codes: tuple[str, ...]
    patterns: bool
    flagged: tuple[str, ...]
    area: IntArray
    area_type: IntArray
    flags: IntArray
    income_poor: IntArray
    code: IntArray
    households: IntArray
    persons: IntArray

    @property
    def weights(self) -> tuple[int, ...]:
        """Return the weights of the standard's indicators."""
        return tuple(item.weight for item in self.standard.indicators)

    @property
    def score(self) -> IntArray:
        """Return the weighted deprivations of each cell."""
        return scores_of(self.code, self.weights) if self.patterns else self.code

    def only(self, flag: str) -> Counts:
        """Return the counts of the households that have a flag of FLAGS."""
        chosen = (self.flags >> list(FLAGS).index(flag) & 1) == 1
        return replace(self, **{name: getattr(self, name)[chosen] for name in _ARRAYS})


_ARRAYS = ("area", "area_type", "flags", "income_poor", "code", "households", "persons")


class _Shape:
    """How the parts of a cell are packed into one number, the area first."""

    def __init__(self, register: Register) -> None:
        standard = register.standard
        total = sum(item.weight for item in standard.indicators)
        self.patterns = register.by_indicator
        self.sizes = {
            "area_type": len(standard.area_types),
            "flags": _ALL_FLAGS,
            "income_poor": 2,
            "code": 1 << len(standard.indicators) if self.patterns else total + 1,
        }

    def key(self, area: pl.Expr, income_poor: pl.Expr) -> pl.Expr:
        """Return the expression of a household's cell."""
        key = area.cast(pl.UInt64)
        for name, size in self.sizes.items():
            part = income_poor if name == "income_poor" else pl.col(name)
            key = key * size + part.cast(pl.UInt64)
        return key.alias("key")

    def parts(self, keys: IntArray) -> dict[str, IntArray]:
        """Return the parts of cells."""
        found = {}
        for name, size in reversed(self.sizes.items()):
            keys, found[name] = np.divmod(keys, size)
        return {"area": keys, **found}


def count_register(
    register: Register, districts: Mapping[str, str] | None = None, rows: int = CHUNK
) -> Counts:
    """Return the counts of a register's households, read in chunks of so many rows.

    Args:
        register: the register.
        districts: the district of each commune by code, to count by district at once; else
            counts are by commune.
        rows: households read at a time; the result does not depend on it.

    Raises:
        InputRefused: cells that cannot be used, or a line of the standard that is not known.
    """
    shape = _Shape(register)
    lines = _lines(register)
    codes, places = _areas(register, districts)
    waiting: list[pl.DataFrame] = []
    held = 0
    for chunk in read_chunks(register, rows):
        poor = pl.col("measure") <= pl.Series(lines[chunk["area_type"].to_numpy()])
        area = pl.lit(pl.Series(places[chunk["unit"].to_numpy()]))
        keyed = chunk.select(shape.key(area, poor), "members")
        waiting.append(
            keyed.group_by("key").agg(
                pl.len().cast(pl.Int64).alias("households"),
                pl.col("members").sum().alias("persons"),
            )
        )
        held += waiting[-1].height
        if held > _MERGE:
            waiting = [_merged(waiting)]
            held = waiting[0].height
    cells = _merged(waiting).sort("key")
    arrays = {
        name: np.array(cells[name].to_numpy(), dtype=np.int64) for name in ("households", "persons")
    }
    keys = np.array(cells["key"].to_numpy(), dtype=np.int64)
    flagged = tuple(flag for flag in FLAGS if flag in register.headers)
    parts = {**shape.parts(keys), **arrays}
    return Counts(register.standard, codes, shape.patterns, flagged, **parts)


def _merged(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by("key").agg(pl.col("households", "persons").sum())


def _lines(register: Register) -> IntArray:
    """Return each area type's line, of income or of the score B1."""
    standard = register.standard
    line = standard.income_line if register.by_income else standard.b1_line
    return np.array([line(key) for key in standard.area_types], dtype=np.int64)


def _areas(
    register: Register, districts: Mapping[str, str] | None
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the areas to count by, and each commune's place among them."""
    if districts is None:
        return register.codes, np.arange(len(register.codes), dtype=np.int64)
    codes = tuple(sorted(set(districts.values())))
    place = {code: number for number, code in enumerate(codes)}
    return codes, np.array([place[districts[code]] for code in register.codes], dtype=np.int64)


def classified(counts: Counts) -> pd.DataFrame:
    """Return by area how many households and persons are poor, near-poor and neither.

    Indexed by the area's code: `households`, `persons`, `poor_households`, `poor_persons`,
    `near_poor_households`, `near_poor_persons`, and for each of FLAGS `poor_<flag>` and
    `near_poor_<flag>`, the households concerned. Only areas with households.
    """
    low = counts.income_poor == 1
    lacking = counts.score >= counts.standard.minimum
    groups = {"": np.ones_like(low), "poor_": low & lacking, "near_poor_": low & ~lacking}
    columns: dict[str, IntArray] = {}
    for name, chosen in groups.items():
        columns[f"{name}households"] = np.where(chosen, counts.households, 0)
        columns[f"{name}persons"] = np.where(chosen, counts.persons, 0)
    for bit, flag in enumerate(FLAGS):
        flagged = counts.flags >> bit & 1
        for name in ("poor_", "near_poor_"):
            columns[f"{name}{flag}"] = columns[f"{name}households"] * flagged
    starts = first_of_each(counts.area)
    summed = {name: sums(values, starts) for name, values in columns.items()}
    index = pd.Index([counts.codes[area] for area in counts.area[starts]], name="code", dtype=str)
    return pd.DataFrame(summed, index=index)


def measures(
    counts: Counts,
    *,
    by: Literal["households", "persons"] = "households",
    official: bool = True,
) -> dict[str, Measures]:
    """Return the Alkire–Foster measures of each area that has households, by the area's code.

    The cut-off is the standard's minimum. With `official` only the income-poor can be poor, as
    the standard has it; else whoever lacks the minimum is.
    """
    found = alkire_foster(
        counts.area,
        counts.code,
        counts.households if by == "households" else counts.persons,
        counts.weights,
        counts.standard.minimum,
        eligible=counts.income_poor == 1 if official else None,
        patterns=counts.patterns,
    )
    return {counts.codes[area]: item for area, item in found.items()}

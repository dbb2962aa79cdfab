"""Poverty rates from counts of households.

A rate is announced with two decimals, and a cut is the difference of two announced rates, so that
every figure of a brief can be checked with a pencil against the figures beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from helpers.data.dataset import DataSet
from helpers.data.groups import DISTRICT_GROUPS, DTTS, GROUP_NAMES, districts_of
from helpers.data.published import Result
from helpers.rates import announced_rate

__all__ = ["dtts_counts", "most_poor_households", "poverty_rates"]

COUNTS = ["households", "poor_households", "near_poor_households"]


def most_poor_households(rate: Decimal, households: int) -> int:
    """Return the largest number of poor households whose announced rate is at most the given one.

    The answer may be -1: no number is small enough for a rate below zero.
    """
    bound = (Fraction(rate) + Fraction(1, 200)) * households / 100
    return -(-bound.numerator // bound.denominator) - 1


def poverty_rates(data: DataSet) -> Result:
    """Return households, poor and near-poor households and their rates by area and year-end.

    Areas are the groups (province, mountains, lowland, poor districts), the households of ethnic
    minorities where their counts are reported, and every district; a group's counts are the sums
    of its districts'.
    """
    counted = _counted(data.poverty)
    sums_of = [
        (key, key, GROUP_NAMES[key], _sums(counted, districts_of(key, data.districts)))
        for key in DISTRICT_GROUPS
    ]
    if data.has("dtts_poverty"):
        dtts = dtts_counts(data)
        minorities = zip(dtts.index.tolist(), dtts[COUNTS].to_numpy().tolist(), strict=True)
        sums_of.append((DTTS, DTTS, GROUP_NAMES[DTTS], dict(minorities)))
    sums_of += [
        ("district", code, name, _sums(counted, (code,)))
        for code, name in sorted(data.district_names.items())
    ]
    rows = []
    for group, code, name, sums in sums_of:
        for year, counts in sorted(sums.items()):
            households, poor, near_poor = map(int, counts)
            rows.append(
                {
                    "group": group,
                    "area_code": code,
                    "area": name,
                    "year": year,
                    "households": households,
                    "poor_households": poor,
                    "near_poor_households": near_poor,
                    "poor_rate": announced_rate(poor, households),
                    "near_poor_rate": announced_rate(near_poor, households),
                }
            )
    tables = ["poverty", *(["dtts_poverty"] if data.has("dtts_poverty") else [])]
    return Result(pd.DataFrame(rows), data.marks(*tables), data.names(*tables, "districts"))


def _counted(poverty: pd.DataFrame) -> Mapping[str, Mapping[int, Sequence[int]]]:
    """Return the counts by district and year.

    Plain rows, since a handful of numbers for each of many areas is added up in a tenth of the time
    that frames take.
    """
    found: dict[str, dict[int, Sequence[int]]] = {}
    columns = [poverty[name].tolist() for name in ("district_code", "year", *COUNTS)]
    for code, year, *counts in zip(*columns, strict=True):
        found.setdefault(code, {})[year] = counts
    return found


def _sums(
    counted: Mapping[str, Mapping[int, Sequence[int]]], members: Iterable[str]
) -> dict[int, Sequence[int]]:
    """Return the sums over districts, by year."""
    parts: dict[int, list[Sequence[int]]] = {}
    for code in members:
        for year, counts in counted.get(code, {}).items():
            parts.setdefault(year, []).append(counts)
    return {
        year: [sum(column) for column in zip(*rows, strict=True)] for year, rows in parts.items()
    }


def dtts_counts(data: DataSet) -> pd.DataFrame:
    """Return the counts of ethnic-minority households (hộ dân tộc thiểu số), indexed by year.

    A year in which one of the districts that ever reported is missing is left out: its sum could
    not be compared with that of another year.
    """
    counts = data.dtts_poverty
    districts = counts.groupby("year")["district_code"].nunique()
    whole = districts.index[districts == counts["district_code"].nunique()]
    return counts[counts["year"].isin(whole)].groupby("year")[COUNTS].sum()

"""Poverty rates from counts of households.

A rate is announced with two decimals, and a cut is the difference of two announced rates, so that
every figure of a brief can be checked with a pencil against the figures beside it.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd

from helpers.data.groups import GROUP_NAMES, districts_of
from helpers.data.published import Result
from helpers.data.reading import DataSet
from helpers.rates import announced_rate

__all__ = ["most_poor_households", "poverty_rates"]

COUNTS = ["households", "poor_households", "near_poor_households"]


def most_poor_households(rate: Decimal, households: int) -> int:
    """Return the largest number of poor households whose announced rate is at most the given one.

    The answer may be -1: no number is small enough for a rate below zero.
    """
    bound = (Fraction(rate) + Fraction(1, 200)) * households / 100
    return -(-bound.numerator // bound.denominator) - 1


def poverty_rates(data: DataSet) -> Result:
    """Return households, poor and near-poor households and their rates by area and year-end.

    Areas are the groups (province, mountains, lowland, poor districts) and every district; a
    group's counts are the sums of its districts'.
    """
    poverty = data.poverty
    names = dict(zip(data.districts["code"], data.districts["name"], strict=True))
    areas = [
        (key, key, name, districts_of(key, data.districts)) for key, name in GROUP_NAMES.items()
    ] + [("district", code, name, (code,)) for code, name in sorted(names.items())]
    rows = []
    for group, code, name, members in areas:
        sums = poverty[poverty["district_code"].isin(members)].groupby("year")[COUNTS].sum()
        for year, counts in sums.iterrows():
            households, poor, near_poor = (int(counts[column]) for column in COUNTS)
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
    return Result(pd.DataFrame(rows), data.marks("poverty"), data.names("poverty", "districts"))

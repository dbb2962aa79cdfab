"""How many households still have to leave poverty for a target to be reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from helpers.data.dataset import DataSet
from helpers.poverty.rates import most_poor_households
from helpers.poverty.reported import area_sums
from helpers.progress.observations import Observation, Standing, year_end
from helpers.progress.pace import rounded

__all__ = [
    "expected_households",
    "households_to_go",
    "inflow_left",
    "most_allowed",
    "yearly_inflow",
]

FALLING = ("from_near_poor", "relapsed", "newly")
"""Columns of form 2 (Biểu 2) by which households come into poverty: 5, 6 and 7."""


def most_allowed(baseline: Decimal, cut: Fraction, households: int) -> int:
    """Return how many may stay poor when the announced rate has fallen so far; -1 if none may."""
    goal = Fraction(baseline) - cut
    return most_poor_households(Decimal(goal.numerator) / goal.denominator, households)


def households_to_go(poor: int, baseline: Decimal, cut: Fraction, households: int) -> int:
    """Return how many more households must leave poverty for the announced rate to fall so far."""
    return max(0, poor - max(most_allowed(baseline, cut, households), 0))


def expected_households(standing: Standing, end: date) -> int:
    """Return the number of households expected by a later day.

    The change per day since the baseline, or since the year-end before it where nothing newer is
    known, goes on; never fewer than the poor households of now.
    """
    now = standing.now
    earlier = [item for item in standing.year_ends if item.day < now.day]
    reference = standing.baseline if standing.measured else (earlier[-1] if earlier else now)
    passed = (now.day - reference.day).days
    growth = Fraction(now.households - reference.households, passed) if passed else Fraction(0)
    expected = now.households + growth * (end - now.day).days
    return max(int(rounded(expected, 0)), now.poor)


def yearly_inflow(data: DataSet, year: int, as_of: date | None) -> Mapping[str, int]:
    """Return the households that came into poverty within a year, by area.

    From the flows of the latest review up to the year that was known on the day; an area of which
    not all districts have reported is not there.
    """
    by_year: dict[int, dict[str, int]] = {}
    for area, reviewed, sums in area_sums(data, 2):
        if reviewed <= year and (as_of is None or year_end(reviewed) <= as_of):
            total = sum(sums[column] for column in FALLING)
            by_year.setdefault(reviewed, {})[area.code] = total
    return by_year[max(by_year)] if by_year else {}


def inflow_left(yearly: int, now: Observation, year: int) -> int:
    """Return the part of a year's inflow that its remaining days are expected to bring."""
    start, end = year_end(year - 1), year_end(year)
    return int(rounded(Fraction(yearly * (end - now.day).days, (end - start).days), 0))

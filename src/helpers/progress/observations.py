"""What is known of an area's poverty, day by day: year-ends and reports within the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from helpers.data.dataset import DataSet
from helpers.data.groups import DISTRICT_GROUPS, districts_of
from helpers.rates import announced_rate

__all__ = ["Observation", "Standing", "observations", "standing", "standings", "year_end"]

COUNTS = ["households", "poor_households"]


@dataclass(frozen=True)
class Observation:
    """An area's households and poor households on a day; `reported` within the year or measured.

    A year-end (cuối năm) is taken to be 31 December.
    """

    day: date
    households: int
    poor: int
    reported: bool = False

    @property
    def rate(self) -> Decimal:
        """Return the announced poverty rate in percent."""
        return announced_rate(self.poor, self.households)


@dataclass(frozen=True)
class Standing:
    """Where an area stands in a plan's year: the year-end before it, now, and all year-ends.

    `now` is the plan's year-end, else the latest report of the year, else the baseline itself;
    `year_ends` are ascending, as far as they are known by the day that the plan names.
    """

    year: int
    baseline: Observation
    now: Observation
    year_ends: tuple[Observation, ...]

    @property
    def open(self) -> bool:
        """Tell whether the plan's year is still running."""
        return self.now.day < year_end(self.year)

    @property
    def measured(self) -> bool:
        """Tell whether anything is known of the plan's year."""
        return self.now.day > self.baseline.day


def year_end(year: int) -> date:
    """Return the day on which a year's figures are closed."""
    return date(year, 12, 31)


def observations(rates: pd.DataFrame, data: DataSet) -> Mapping[str, Sequence[Observation]]:
    """Return each area's observations by its code, ascending by day.

    A day on which not all districts reported counts for those that did, not for any group. Of
    a year-end that is measured, a report of the same day is left out.
    """
    found: dict[str, dict[date, Observation]] = defaultdict(dict)
    for code, day, households, poor in _reports(data):
        found[code][day] = Observation(day, households, poor, reported=True)
    columns = ["area_code", "year", *COUNTS]
    for code, year, households, poor in rates[columns].itertuples(index=False, name=None):
        day = year_end(int(year))
        found[code][day] = Observation(day, int(households), int(poor))
    return {code: [by_day[day] for day in sorted(by_day)] for code, by_day in found.items()}


def _reports(data: DataSet) -> list[tuple[str, date, int, int]]:
    """Return area code, day, households and poor households of the reports within years."""
    if not data.has("poverty_periods"):
        return []
    periods = data.poverty_periods[["district_code", "date", *COUNTS]]
    rows = [(str(code), day, int(n), int(poor)) for code, day, n, poor in periods.to_numpy()]
    districts = periods.groupby("date")["district_code"].nunique()
    whole = periods[periods["date"].isin(districts.index[districts == len(data.districts)])]
    for group in DISTRICT_GROUPS:
        members = whole["district_code"].isin(districts_of(group, data.districts))
        sums = whole[members].groupby("date")[COUNTS].sum()
        rows += [(group, day, int(n), int(poor)) for day, n, poor in sums.itertuples(name=None)]
    return rows


def standing(known: Sequence[Observation], year: int, as_of: date | None) -> Standing | None:
    """Return where an area stands in a year, by what was known on a day (None: by all of it).

    None where the year-end before the year is not known.
    """
    start, end = year_end(year - 1), year_end(year)
    seen = [item for item in known if item.day <= (as_of or end)]
    baseline = next((item for item in seen if item.day == start), None)
    if baseline is None:
        return None
    now = max((item for item in seen if start <= item.day <= end), key=lambda item: item.day)
    closed = tuple(item for item in seen if not item.reported or item.day == end)
    return Standing(year, baseline, now, closed)


def standings(
    rates: pd.DataFrame, data: DataSet, year: int, as_of: date | None
) -> Mapping[str, Standing]:
    """Return where each area stands, by its code; without those whose baseline is not known."""
    found = {
        code: standing(known, year, as_of) for code, known in observations(rates, data).items()
    }
    return {code: item for code, item in found.items() if item is not None}

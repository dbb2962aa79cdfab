"""The year's targets against what the counts say.

A target is a range of percentage points by which the poverty rate has to fall from one year-end
to the next (mức giảm tỷ lệ hộ nghèo). Rates are the announced ones, see `poverty.rates`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from helpers.data.groups import GROUP_NAMES
from helpers.data.published import Result
from helpers.data.reading import DataSet
from helpers.marks import merge_marks
from helpers.plan.areas import resolve_area
from helpers.plan.model import Plan, Target
from helpers.poverty.rates import most_poor_households, poverty_rates

__all__ = [
    "EXCEEDED",
    "MISSED",
    "REACHED",
    "UNKNOWN",
    "households_to_go",
    "judge",
    "target_progress",
]

EXCEEDED, REACHED, MISSED, UNKNOWN = "vượt", "đạt", "chưa đạt", "chưa có số liệu"


def judge(cut: Decimal, low: Fraction, high: Fraction) -> str:
    """Return the word for a cut: beyond the range, within it (ends included), or short of it."""
    if cut > high:
        return EXCEEDED
    return REACHED if cut >= low else MISSED


@dataclass(frozen=True)
class _Rule:
    target: Target
    basis: str


def _rules(plan: Plan, data: DataSet) -> dict[str, _Rule]:
    """Return the target that holds for each area code: its own, else its group's."""
    names = data.district_names
    codes = {name: code for code, name in names.items()}
    own: dict[str, Target] = {}
    for target in plan.targets:
        area = resolve_area(target.area, names.values())
        own[codes.get(area, area)] = target
    rules = {}
    for group in GROUP_NAMES:
        if group in own:
            rules[group] = _Rule(own[group], GROUP_NAMES[group])
    for row in data.districts.itertuples():
        region = "lowland" if row.region == "lowland" else "mountains"
        chain = ["poor_districts"] if row.poor_district == "yes" else []
        for code in [row.code, *chain, region]:
            if code in own:
                rules[row.code] = _Rule(own[code], names.get(code, GROUP_NAMES.get(code, code)))
                break
    return rules


def households_to_go(poor: int, baseline: Decimal, cut: Fraction, households: int) -> int:
    """Return how many more households must leave poverty for the announced rate to fall so far."""
    goal = Fraction(baseline) - cut
    allowed = most_poor_households(Decimal(goal.numerator) / goal.denominator, households)
    return max(0, poor - max(allowed, 0))


def target_progress(plan: Plan, data: DataSet) -> Result:
    """Return, for each area with a target, baseline, now, cut, judgement and households to go.

    The baseline is the year-end before the plan's year. "Now" is the plan's year-end where data
    have it, else the baseline itself: the cut is then open and the households to go are counted
    on the baseline's number of households.
    """
    rates = poverty_rates(data)
    rules = _rules(plan, data)
    baseline_year = plan.year - 1
    current_year = min(plan.year, int(data.poverty["year"].max()))
    by_area = rates.frame.set_index(["area_code", "year"])
    rows = []
    for code, rule in rules.items():
        base, now = by_area.loc[(code, baseline_year)], by_area.loc[(code, current_year)]
        low, high = rule.target.cut
        measured = current_year == plan.year
        cut = base["poor_rate"] - now["poor_rate"] if measured else None
        start, poor, households = base["poor_rate"], int(now["poor_households"]), now["households"]
        rows.append(
            {
                "group": base["group"],
                "area_code": code,
                "area": base["area"],
                "baseline_year": baseline_year,
                "baseline_rate": start,
                "current_year": current_year,
                "current_rate": now["poor_rate"],
                "cut": cut,
                "target_low": _decimal(low),
                "target_high": _decimal(high),
                "rate_low": max(start - _decimal(low), Decimal(0)),
                "rate_high": max(start - _decimal(high), Decimal(0)),
                "result": UNKNOWN if cut is None else judge(cut, low, high),
                "households": int(households),
                "poor_households": poor,
                "to_low": households_to_go(poor, start, low, int(households)),
                "to_high": households_to_go(poor, start, high, int(households)),
                "basis": rule.basis,
                "status": rule.target.status,
            }
        )
    frame = pd.DataFrame(rows)
    district = frame["group"] == "district"
    order = frame[district].sort_values(
        ["current_rate", "area_code"], ascending=[False, True], kind="stable"
    )
    ranks = {code: place for place, code in enumerate(order["area_code"], start=1)}
    frame["rank"] = [ranks.get(code, "") for code in frame["area_code"]]
    statuses = {rule.target.status for rule in rules.values()}
    return Result(frame, merge_marks(rates.marks, statuses), (plan.file, *rates.inputs))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)

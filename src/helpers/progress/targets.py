"""The year's targets against what the counts say, at its end or on the way.

A target is a range of percentage points by which the poverty rate has to fall from one year-end
to the next (mức giảm tỷ lệ hộ nghèo), or of households by which the poor have to become fewer.
Rates are the announced ones, see `poverty.rates`; the words of the judgement are those of `pace`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.plan.model import Plan
from helpers.poverty.reported import table_frame
from helpers.progress.assigned import (
    Assigned,
    count_targets_of,
    rate_targets_of,
)
from helpers.progress.ground import open_ground
from helpers.progress.needs import (
    expected_households,
    households_to_go,
    inflow_left,
    yearly_inflow,
)
from helpers.progress.observations import Standing, year_end
from helpers.progress.pace import (
    EXCEEDED,
    MISSED,
    REACHED,
    UNKNOWN,
    due,
    judge,
    judge_within_year,
    part_of_year,
    rounded,
)

__all__ = [
    "EXCEEDED",
    "MISSED",
    "REACHED",
    "UNKNOWN",
    "count_targets",
    "households_to_go",
    "judge",
    "target_progress",
]


def target_progress(plan: Plan, data: DataSet) -> Result:
    """Return, for each area with a target for its rate, baseline, now, judgement and what is left.

    The baseline is the year-end before the plan's year. "Now" is the plan's year-end where data
    have it (and the plan's `as_of` allows), else the latest report within the year, else the
    baseline itself: the cut is then open.

    `elapsed` is the part of the year by the plan's pace in percent, `due_low` and `due_high` what
    is due by now in percentage points. `households_end` is the number of households expected at
    the year-end, `to_low` and `to_high` how many poor households must still leave, net, so that
    the announced rate then meets the target. `inflow` are those expected to come into poverty in
    the rest of the year (tái nghèo, phát sinh), and `gross_to_low` how many must therefore escape,
    which may be some even where the low end is reached for now; both blank where no review tells.

    Raises:
        InputRefused: a target speaks of households that the data do not have.
    """
    ground = open_ground(plan, data)
    yearly = yearly_inflow(data, plan.year, plan.progress.as_of)
    assigned = rate_targets_of(plan, data)
    rows = []
    for code, item in assigned.items():
        stand = ground.standings[code]
        rows.append(
            {
                **ground.place(code),
                **_when(plan, stand),
                **_rate_row(plan, stand, item, yearly.get(code)),
                "basis": item.basis,
                "status": item.target.status,
            }
        )
    ranks = _ranks(rows)
    frame = table_frame(
        "targets", [row | {"rank": ranks.get(row["area_code"], "")} for row in rows]
    )
    still_open = any(ground.standings[code].open for code in assigned)
    return ground.result(frame, assigned, review=still_open and bool(yearly))


def _when(plan: Plan, stand: Standing) -> dict[str, object]:
    """Return which figures are compared: baseline, and now."""
    part = part_of_year(plan.progress.pace, plan.year, stand.now.day)
    return {
        "baseline_year": plan.year - 1,
        "current_year": stand.now.day.year,
        "as_of": stand.now.day.isoformat(),
        "elapsed": rounded(100 * part, 2),
    }


def _judged(
    plan: Plan, stand: Standing, cut: Decimal | int, low: Fraction, high: Fraction, digits: int
) -> dict[str, object]:
    """Return what is due of a target by now, and the word for the cut."""
    part = part_of_year(plan.progress.pace, plan.year, stand.now.day)
    due_low, due_high = due(low, part, digits), due(high, part, digits)
    if not stand.measured:
        word = UNKNOWN
    elif stand.open:
        word = judge_within_year(cut, due_low, due_high, plan.progress.at_risk_below)
    else:
        word = judge(cut, low, high)
    return {"due_low": due_low, "due_high": due_high, "result": word}


def _rate_row(plan: Plan, stand: Standing, item: Assigned, yearly: int | None) -> dict[str, object]:
    """Return what the table says of one area's rate."""
    assert item.target.cut
    low, high = item.target.cut
    start, now = stand.baseline.rate, stand.now
    cut = start - now.rate
    end = expected_households(stand, year_end(plan.year))
    inflow = None if stand.open and yearly is None else inflow_left(yearly or 0, now, plan.year)
    return {
        "baseline_rate": start,
        "current_rate": now.rate,
        "cut": cut if stand.measured else None,
        "target_low": _decimal(low),
        "target_high": _decimal(high),
        "rate_low": max(start - _decimal(low), Decimal(0)),
        "rate_high": max(start - _decimal(high), Decimal(0)),
        **_judged(plan, stand, cut, low, high, 2),
        "households": now.households,
        "households_end": end,
        "poor_households": now.poor,
        "to_low": households_to_go(now.poor, start, low, end),
        "to_high": households_to_go(now.poor, start, high, end),
        "inflow": inflow,
        "gross_to_low": None
        if inflow is None
        else households_to_go(now.poor + inflow, start, low, end),
    }


def _ranks(rows: Iterable[Mapping[str, object]]) -> dict[object, int]:
    """Return the districts' ranks, 1 for the highest rate."""
    districts = [row for row in rows if row["group"] == "district"]
    ordered = sorted(districts, key=lambda row: (-row["current_rate"], row["area_code"]))  # type: ignore[operator]
    return {row["area_code"]: rank for rank, row in enumerate(ordered, start=1)}


def count_targets(plan: Plan, data: DataSet) -> Result:
    """Return, for each area with a target for its number of poor households, how far it is.

    Judged like the rates, within the year against what is due by now, rounded to whole
    households. Empty where the plan has no such target.

    Raises:
        InputRefused: a target speaks of households that the data do not have.
    """
    ground = open_ground(plan, data)
    assigned = count_targets_of(plan, data)
    rows = []
    for code, item in assigned.items():
        assert item.target.households
        stand, (low, high) = ground.standings[code], item.target.households
        cut = stand.baseline.poor - stand.now.poor
        rows.append(
            {
                **ground.place(code),
                **_when(plan, stand),
                "baseline": stand.baseline.poor,
                "current": stand.now.poor,
                "cut": cut if stand.measured else None,
                "target_low": low,
                "target_high": high,
                **_judged(plan, stand, cut, Fraction(low), Fraction(high), 0),
                "to_low": max(0, low - cut),
                "basis": item.basis,
                "status": item.target.status,
            }
        )
    return ground.result(table_frame("count_targets", rows), assigned)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)

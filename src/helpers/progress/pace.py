"""The pace that a plan asks for within the year, and the words for keeping it or not.

At the year-end a target is judged as a whole: vượt (beyond the range), đạt (within it, ends
included), chưa đạt (short of it). Within the year the same range is first scaled to what is due by
the day of the figures (mức phải đạt đến nay): low and high end times the part of the year that has
passed by the plan's pace, rounded half up as rates are announced, so that it can be compared with
a pencil. Then

- vượt: the cut so far is more than the high end due;
- đạt: it is within the range due, ends included;
- chậm: it is short of the low end due, but at least `at_risk_below` percent of it;
- nguy cơ không đạt: it is less than that.

Where nothing is due yet, no cut is đạt and any rise is nguy cơ không đạt: there is no chậm between
zero and less than zero. The rule at the year-end is the limit of the rule within the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from helpers.plan.model import PacePoint
from helpers.progress.observations import year_end

__all__ = [
    "AT_RISK",
    "EXCEEDED",
    "MISSED",
    "MISSED_WORDS",
    "REACHED",
    "SLOW",
    "UNKNOWN",
    "due",
    "judge",
    "judge_within_year",
    "judgement_rule",
    "part_of_year",
    "rounded",
]

EXCEEDED, REACHED, MISSED, UNKNOWN = "vượt", "đạt", "chưa đạt", "chưa có số liệu"
SLOW, AT_RISK = "chậm", "nguy cơ không đạt"
MISSED_WORDS = (MISSED, AT_RISK)
"""Judgements that call for action; what is only slow can still be reached."""


def judgement_rule(at_risk_below: int) -> str:
    """Return the rule of the four words within the year, as a brief states it."""
    return (
        "Trong năm, mục tiêu được nhân với phần của năm đã qua theo nhịp độ của kế hoạch, thành "
        "mức phải đạt đến ngày chốt số liệu. “Vượt” khi đã giảm nhiều hơn mức cao phải đạt đến "
        "nay; “đạt” khi nằm trong khoảng đó, kể cả hai đầu; “chậm” khi dưới mức thấp nhưng được từ "
        f"{at_risk_below}% mức thấp trở lên; “nguy cơ không đạt” khi ít hơn nữa."
    )


def part_of_year(pace: Sequence[PacePoint], year: int, day: date) -> Fraction:
    """Return what part of the year's cut is due by a day, from 0 (year-end before) to 1.

    By days between the points of the pace; without points evenly over the year (linear).
    """
    start, end = (
        PacePoint(year_end(year - 1), Fraction(0)),
        PacePoint(year_end(year), Fraction(100)),
    )
    inner = [point for point in pace if start.day < point.day < end.day]
    if day <= start.day:
        return Fraction(0)
    for before, after in pairwise([start, *inner, end]):
        if day <= after.day:
            passed = Fraction((day - before.day).days, (after.day - before.day).days)
            return (before.percent + passed * (after.percent - before.percent)) / 100
    return Fraction(1)


def rounded(value: Fraction, digits: int) -> Decimal:
    """Return the value rounded half up to so many decimals."""
    shifted = abs(value) * 10**digits
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def due(end: Fraction, part: Fraction, digits: int) -> Decimal:
    """Return how much of one end of a target is due when a part of the year has passed."""
    whole = Decimal(end.numerator) / Decimal(end.denominator)
    return whole if part == 1 else rounded(end * part, digits)


def judge(cut: Decimal | int, low: Fraction, high: Fraction) -> str:
    """Return the word at the year-end: beyond the range, within it (ends included), or short."""
    if cut > high:
        return EXCEEDED
    return REACHED if cut >= low else MISSED


def judge_within_year(
    cut: Decimal | int, due_low: Decimal, due_high: Decimal, at_risk_below: int
) -> str:
    """Return the word within the year for the cut so far, by the rule at the head of this module.

    `at_risk_below` is in percent of `due_low`.
    """
    if cut > due_high:
        return EXCEEDED
    if cut >= due_low:
        return REACHED
    return SLOW if 100 * Fraction(cut) >= at_risk_below * Fraction(due_low) else AT_RISK

"""The range of values that a band or a condition takes in, its ends included or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from helpers.plan.rules.columns import PERCENT
from helpers.plan.rules.model import Band, Condition
from helpers.plan.rules.readers import MISSING
from helpers.words import decimal

__all__ = ["Interval", "gaps", "interval_of", "overlaps", "shown"]

DIGITS = 6


def shown(number: Fraction) -> str:
    """Return a number as a planner writes it ("1.234,5")."""
    return decimal(number, DIGITS, least=0)


class Interval(NamedTuple):
    """Values of zero or more between two ends; no `high` is open upward."""

    low: Fraction
    low_in: bool
    high: Fraction | None
    high_in: bool

    def __contains__(self, value: object) -> bool:
        """Tell whether a number lies within the ends."""
        if not isinstance(value, Fraction | int):
            return False
        above = value > self.low or (self.low_in and value == self.low)
        if self.high is None:
            return above
        return above and (value < self.high or (self.high_in and value == self.high))

    @property
    def empty(self) -> bool:
        """Tell whether no value lies within the ends."""
        if self.high is None or self.low < self.high:
            return False
        return self.low > self.high or not (self.low_in and self.high_in)

    @property
    def text(self) -> str:
        """Return the range in words ("từ 50 đến dưới 55")."""
        return self.worded("")

    def worded(self, unit: str) -> str:
        """Return the range in words, its ends with a unit ("từ 50% đến dưới 55%", "dưới 5 hộ")."""
        tail = unit if unit in ("", PERCENT) else f" {unit}"
        if self.high is not None and self.low == self.high:
            return f"đúng {shown(self.low)}{tail}"
        parts = []
        if self.low or not self.low_in:
            parts.append(f"{'từ' if self.low_in else 'trên'} {shown(self.low)}{tail}")
        if self.high is not None:
            word = "đến" if parts else ("từ 0 đến" if self.high_in else "")
            edge = "" if self.high_in else "dưới"
            parts.append(" ".join(filter(None, (word, edge, f"{shown(self.high)}{tail}"))))
        elif self.low_in and parts:
            parts.append("trở lên")
        return " ".join(parts) or "mọi giá trị"


def interval_of(item: Band | Condition) -> Interval | None:
    """Return the values that lie within the ends, or None where an end is not known yet."""
    ends = (item.from_, item.above, item.to, item.below)
    if MISSING in ends:
        return None
    from_, above, to, below = (end if isinstance(end, Fraction) else None for end in ends)
    low = from_ if from_ is not None else above
    high = to if to is not None else below
    return Interval(low or Fraction(0), above is None, high, to is not None)


def _upper(interval: Interval) -> tuple[bool, Fraction, bool]:
    """Return what orders intervals by their upper end."""
    return (interval.high is None, interval.high or Fraction(0), interval.high_in)


def overlaps(intervals: Sequence[Interval]) -> Iterator[tuple[int, int, Interval]]:
    """Yield the places of two neighbours that share values, and the values that they share."""
    order = sorted(range(len(intervals)), key=lambda i: (intervals[i].low, not intervals[i].low_in))
    widest = order[0] if order else 0
    for place in order[1:]:
        one, other = intervals[widest], intervals[place]
        high = min((one, other), key=_upper)
        shared = Interval(other.low, other.low_in and other.low in one, high.high, high.high_in)
        if not shared.empty:
            yield min(widest, place), max(widest, place), shared
        widest = max(widest, place, key=lambda i: _upper(intervals[i]))


def gaps(
    intervals: Sequence[Interval], top: Fraction | None = None
) -> Iterator[tuple[int | None, int | None, Interval]]:
    """Yield the values from 0 up that no interval takes in, with the places on either side.

    Args:
        intervals: none empty, no two of which share values.
        top: the highest value that there can be, or None.
    """
    if not intervals:
        return
    order = sorted(range(len(intervals)), key=lambda i: (intervals[i].low, not intervals[i].low_in))
    first, last = intervals[order[0]], intervals[order[-1]]
    below = Interval(Fraction(0), True, first.low, not first.low_in)
    if not below.empty:
        yield None, order[0], below
    for one, other in pairwise(order):
        high = intervals[one].high
        if high is not None:
            start, end = intervals[one], intervals[other]
            between = Interval(high, not start.high_in, end.low, not end.low_in)
            if not between.empty:
                yield one, other, between
    if last.high is not None:
        above = Interval(last.high, not last.high_in, top, top is not None)
        if not above.empty:
            yield order[-1], None, above

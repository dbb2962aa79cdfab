"""From a rule's words to each unit's coefficient, for all units at once and exactly.

Points are whole numbers over one common denominator; where they could overflow int64 they are
Python's own whole numbers in object arrays, so no point is ever rounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from helpers.data.units import BoolArray, Column, IntArray, Units
from helpers.errors import InputRefused, Problem
from helpers.plan.rules.columns import PERCENT
from helpers.plan.rules.model import Band, Condition, Criterion, Sharing, Steps
from helpers.plan.rules.readers import Missing
from helpers.text import listing, match_key, nearest

__all__ = ["Points", "Scores", "criterion_name", "eligible_places", "score", "weights_of"]

SAFE = 2**62
NAMED = 5


@dataclass(frozen=True, eq=False)
class Points:
    """One whole-number value a unit, each over the same denominator."""

    values: IntArray
    denominator: int = 1

    def at(self, place: int) -> Fraction:
        """Return one unit's points."""
        return Fraction(int(self.values[place]), self.denominator)


@dataclass(frozen=True, eq=False)
class Scores:
    """What the eligible units are worth: points by criterion, factors, class, coefficient."""

    units: Units
    criteria: tuple[Points, ...]
    multipliers: tuple[Points, ...]
    points: Points
    """Σ criteria × multipliers."""
    coefficients: Points
    """X: the points, or where the rule has classes, the class's coefficient."""


class _Stop(Exception):
    """A criterion cannot be judged; what is wrong has been noted."""


def _scaled(values: IntArray, factor: int) -> IntArray:
    """Return the values times a factor, in Python's whole numbers where int64 could overflow."""
    if factor == 1:
        return values
    if values.dtype != object and len(values) and _largest(values) * abs(factor) >= SAFE:
        values = values.astype(object)
    return values * factor


def _largest(values: IntArray) -> int:
    return max(abs(int(values.max())), abs(int(values.min()))) if len(values) else 0


def _over(points: Points, denominator: int) -> IntArray:
    return _scaled(points.values, denominator // points.denominator)


def _aligned(parts: tuple[Points, ...]) -> tuple[list[IntArray], int]:
    """Return the parts over their common denominator."""
    common = math.lcm(*(part.denominator for part in parts))
    return [_over(part, common) for part in parts], common


def _sum(parts: tuple[Points, ...]) -> Points:
    values, common = _aligned(parts)
    if sum(map(_largest, values)) >= SAFE:
        values = [array.astype(object) for array in values]
    return Points(np.sum(values, axis=0), common)


def _highest(parts: tuple[Points, ...]) -> Points:
    values, common = _aligned(parts)
    found = values[0]
    for array in values[1:]:
        found = np.maximum(found, array)
    return Points(found, common)


def _product(points: Points, factor: Points) -> Points:
    values, by = points.values, factor.values
    if _largest(values) * _largest(by) >= SAFE:
        values = values.astype(object)
    return Points(values * by, points.denominator * factor.denominator)


def _reduced(points: Points) -> Points:
    """Return the same points in the smallest whole numbers."""
    values = points.values
    divisor = math.gcd(points.denominator, int(np.gcd.reduce(values)) if len(values) else 0)
    if divisor > 1:
        values = values // divisor
    if values.dtype == object and _largest(values) < SAFE:
        values = values.astype(np.int64)
    return Points(values, points.denominator // (divisor or 1))


def _fractions(values: tuple[Fraction, ...]) -> tuple[IntArray, int]:
    """Return fractions as whole numbers over their common denominator."""
    common = math.lcm(*(value.denominator for value in values))
    whole = [int(value * common) for value in values]
    fits = all(abs(value) < SAFE for value in whole)
    return np.asarray(whole, dtype=np.int64 if fits else object), common


def _known(value: Fraction | Missing | None) -> Fraction:
    """Return a number that the caller has made sure is there."""
    if not isinstance(value, Fraction):
        raise TypeError("a missing number reached the arithmetic")
    return value


def _within(
    values: IntArray,
    scale: int,
    item: Band | Condition,
) -> BoolArray:
    """Return which values lie within the ends; comparing whole numbers, never quotients."""
    inside = np.ones(len(values), dtype=np.bool_)
    if item.from_ is not None:
        inside &= values >= math.ceil(_known(item.from_) * scale)
    if item.above is not None:
        inside &= values > math.floor(_known(item.above) * scale)
    if item.to is not None:
        inside &= values <= math.floor(_known(item.to) * scale)
    if item.below is not None:
        inside &= values < math.ceil(_known(item.below) * scale)
    return inside.astype(np.bool_)


def _stepped(values: IntArray, scale: int, steps: Steps) -> Points:
    """Return base and step points: full steps by floor, started ones by ceiling."""
    low, beyond, every = (_known(v) * scale for v in (steps.from_, steps.beyond, steps.every))
    _, common = _fractions((beyond, every))
    whole, start, step = _scaled(values, common), int(beyond * common), int(every * common)
    further = whole - start
    number = -(-further // step) if steps.counts == "started" else further // step
    number = np.maximum(number, 0)
    (under, base, add), denominator = _fractions(
        tuple(map(_known, (steps.under, steps.points, steps.add)))
    )
    points = _scaled(number, int(add)) + int(base)
    if steps.most is not None:
        most = _known(steps.most)
        wider = math.lcm(denominator, most.denominator)
        points = np.minimum(_scaled(points, wider // denominator), int(most * wider))
        under, denominator = int(under) * (wider // denominator), wider
    reached = values >= math.ceil(low)
    return Points(np.where(reached, points, int(under)), denominator)


class _Judge:
    """Judges the eligible units by one rule; notes all that is wrong on the way."""

    def __init__(self, units: Units, where: str) -> None:
        self.units = units
        self.where = where
        self.problems: list[Problem] = []

    def fail(self, what: str, todo: str, file: str = "") -> None:
        self.problems.append(Problem(f"{file}, {self.where}" if file else self.where, what, todo))

    def names(self, places: BoolArray) -> str:
        """Return the units in question, the first few by name."""
        found = [self.units.names[i] for i in np.flatnonzero(places)]
        more = f" và {len(found) - NAMED} đơn vị khác" if len(found) > NAMED else ""
        return (", ".join(found[:NAMED]) if more else listing(found)) + more

    def column(self, name: str) -> Column:
        """Return a column whose values are all there and none absurd."""
        if name not in self.units.columns:
            near = nearest(name, self.units.columns)
            todo = (
                f"có phải là “{near}”?"
                if near
                else (f"các cột dùng được: {', '.join(sorted(self.units.columns))}")
            )
            self.fail(f"số liệu không có cột “{name}”", todo)
            raise _Stop
        column = self.units.columns[name]
        label = f"{column.label} ({name})"
        before = len(self.problems)
        if column.absent.any():
            what = f"chưa có giá trị “{label}” của {self.names(column.absent)}"
            self.fail(what, "điền số liệu, hoặc sửa điều kiện eligible", column.file)
        if column.words is None:
            low = column.values < 0
            if low.any():
                self.fail(f"“{label}” âm ở {self.names(low)}", "sửa số liệu", column.file)
            high = column.values > 100 * column.scale
            if column.unit == PERCENT and high.any():
                what = f"“{label}” lớn hơn 100% ở {self.names(high)}"
                self.fail(what, "sửa số liệu", column.file)
        if len(self.problems) > before:
            raise _Stop
        return column

    def numbers(self, name: str) -> Column:
        """Return a column of numbers."""
        column = self.column(name)
        if column.words is not None:
            self.fail(f"cột “{name}” là cột chữ, không phải cột số", "dùng lookup cho cột này")
            raise _Stop
        return column

    def bands(self, values: IntArray, scale: int, bands: tuple[Band, ...], name: str) -> Points:
        """Return the points of the band in which each value lies."""
        points, denominator = _fractions(tuple(_known(band.points) for band in bands))
        found = np.zeros(len(values), dtype=points.dtype)
        hit = np.zeros(len(values), dtype=np.bool_)
        for band, worth in zip(bands, points, strict=True):
            inside = _within(values, scale, band)
            found[inside] = worth
            hit |= inside
        if not hit.all():
            what = f"“{name}” của {self.names(~hit)} không thuộc khoảng nào"
            self.fail(what, "thêm khoảng cho giá trị này, hoặc sửa số liệu")
            raise _Stop
        return Points(found, denominator)

    def lookup(self, criterion: Criterion) -> Points:
        """Return the points of each unit's category."""
        column = self.column(criterion.column)
        if column.words is None:
            what = f"cột “{criterion.column}” là cột số, không tra theo loại được"
            self.fail(what, "dùng bands cho cột này")
            raise _Stop
        known = {match_key(word): _known(worth) for word, worth in criterion.lookup.items()}
        rest = None if criterion.otherwise is None else _known(criterion.otherwise)
        used = set(np.unique(column.values).tolist())
        worths = []
        strange = []
        for place, word in enumerate(column.words):
            worth = known.get(match_key(word), rest)
            if worth is None and place in used:
                strange.append(word)
            worths.append(worth or Fraction(0))
        if strange:
            what = f"lookup của “{column.label}” không có loại {listing(strange)}"
            self.fail(what, "thêm loại này vào lookup, hoặc thêm otherwise")
            raise _Stop
        points, denominator = _fractions(tuple(worths))
        return Points(points[column.values], denominator)

    def points(self, criterion: Criterion) -> Points:
        """Return one criterion's points."""
        form = criterion.form
        if form in ("highest", "sum"):
            parts = tuple(self.points(part) for part in getattr(criterion, form))
            return _highest(parts) if form == "highest" else _sum(parts)
        if form == "lookup":
            return self.lookup(criterion)
        column = self.numbers(criterion.column)
        values, scale = column.values, column.scale
        if form == "bands":
            return self.bands(values, scale, criterion.bands, column.label)
        if form == "steps" and criterion.steps is not None:
            return _stepped(values, scale, criterion.steps)
        if form == "per_unit":
            worth = _known(criterion.per_unit)
            return Points(_scaled(values, worth.numerator), worth.denominator * scale)
        worth = _known(criterion.share)
        total = (
            int(values.sum())
            if values.dtype == object or _safe_sum(values)
            else int(values.astype(object).sum())
        )
        if total == 0:
            what = f"tiêu chí “{column.label}” bằng 0 ở mọi đơn vị được phân bổ"
            self.fail(what, f"sửa số liệu, hoặc bỏ {criterion.column} khỏi criteria")
            raise _Stop
        return Points(_scaled(values, worth.numerator), worth.denominator * total)

    def all(self, criteria: tuple[Criterion, ...]) -> Iterator[Points]:
        """Yield each criterion's points as far as they can be found."""
        for criterion in criteria:
            try:
                yield _reduced(self.points(criterion))
            except _Stop:
                continue


def _safe_sum(values: IntArray) -> bool:
    return _largest(values) * max(len(values), 1) < SAFE


def criterion_name(criterion: Criterion, columns: Mapping[str, Column]) -> str:
    """Return what a criterion is called: its own name, else its column's label."""
    if criterion.name:
        return criterion.name
    return columns[criterion.column].label if criterion.column in columns else criterion.column


_GROUPS: Mapping[str, Condition | None] = {
    "all": None,
    "poor_districts": Condition(column="poor_district", is_=("yes",)),
    "mountains": Condition(column="region", is_=("highland", "mountainous")),
    "lowland": Condition(column="region", is_=("lowland",)),
}


def _holds(units: Units, condition: Condition, judge: _Judge) -> BoolArray:
    """Return for which units a condition holds; a missing value makes it fail with a problem."""
    everyone = np.ones(len(units), dtype=np.bool_)
    if condition.group is not None:
        inner = _GROUPS[condition.group]
        return everyone if inner is None else _holds(units, inner, judge)
    if condition.one_of:
        found = ~everyone
        for part in condition.one_of:
            found |= _holds(units, part, judge)
        return found
    if condition.names:
        return _named(units, condition.names, judge)
    column = judge.column(condition.column)
    if condition.is_ or condition.not_:
        wanted = {match_key(word) for word in condition.is_ or condition.not_}
        shown = [match_key(str(column.value(i))) for i in range(len(units))]
        if column.words is not None:
            kept = np.asarray([match_key(word) in wanted for word in column.words] or [False])
            inside = kept[column.values]
        else:
            inside = np.asarray([word in wanted for word in shown], dtype=np.bool_)
        return inside if condition.is_ else ~inside
    column = judge.numbers(condition.column)
    return _within(column.values, column.scale, condition)


def _named(units: Units, names: tuple[str, ...], judge: _Judge) -> BoolArray:
    known: dict[str, int] = {}
    for place, (code, name) in enumerate(zip(units.codes, units.names, strict=True)):
        known |= {match_key(code): place, match_key(name): place}
    found = np.zeros(len(units), dtype=np.bool_)
    for name in names:
        if match_key(name) in known:
            found[known[match_key(name)]] = True
            continue
        near = nearest(name, units.names)
        todo = f"có phải là “{near}”?" if near else "sửa tên ở khóa eligible → names"
        judge.fail(f"không có đơn vị “{name}” trong số liệu", todo)
    return found


def eligible_places(units: Units, sharing: Sharing, where: str) -> BoolArray:
    """Return which units may share (đơn vị thuộc diện được phân bổ).

    Raises:
        InputRefused: a condition names a column or a unit that is not there, or lacks a value.
    """
    judge = _Judge(units, where)
    found = np.ones(len(units), dtype=np.bool_)
    for condition in sharing.eligible:
        try:
            found &= _holds(units, condition, judge)
        except _Stop:
            continue
    if judge.problems:
        raise InputRefused(judge.problems)
    return found


def score(units: Units, sharing: Sharing, where: str) -> Scores:
    """Return the coefficients of units that are all eligible.

    Args:
        units: the eligible ones.
        sharing: the rule's part for this level, none of its numbers missing.
        where: file and rule, for messages.

    Raises:
        InputRefused: a column is not there, a value is missing, negative or absurd, or in no
            band; every problem is in it.
    """
    judge = _Judge(units, where)
    criteria = tuple(judge.all(sharing.criteria))
    multipliers = tuple(judge.all(sharing.multipliers))
    if judge.problems:
        raise InputRefused(judge.problems)
    points = _sum(criteria)
    for factor in multipliers:
        points = _reduced(_product(points, factor))
    points = _reduced(points)
    coefficients = points
    if sharing.classes:
        try:
            coefficients = _reduced(
                judge.bands(points.values, points.denominator, sharing.classes, "tổng điểm")
            )
        except _Stop:
            raise InputRefused(judge.problems) from None
    return Scores(units, criteria, multipliers, points, coefficients)


def weights_of(scores: Scores) -> IntArray:
    """Return whole numbers in the proportions of the coefficients, as small as can be."""
    values = scores.coefficients.values
    divisor = int(np.gcd.reduce(values)) if len(values) else 1
    return values // divisor if divisor > 1 else values

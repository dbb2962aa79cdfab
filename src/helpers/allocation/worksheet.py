"""One unit's coefficient, criterion by criterion, as a clerk would work it out by hand.

This goes its own way, with fractions and one unit at a time, so that it checks the engine's
arithmetic and does not merely repeat it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from helpers import words
from helpers.allocation.scoring import criterion_name
from helpers.data.units import Column, Units
from helpers.plan.rules.columns import PERCENT
from helpers.plan.rules.intervals import interval_of
from helpers.plan.rules.model import Band, Criterion, Sharing, Steps
from helpers.plan.rules.readers import Missing
from helpers.text import match_key

__all__ = ["Step", "UnitScore", "band_words", "figure", "judge_unit"]


@dataclass(frozen=True)
class Step:
    """One criterion or factor: the unit's value, what it hit in the rule, what that is worth."""

    name: str
    value: str
    hit: str
    points: Fraction


@dataclass(frozen=True)
class UnitScore:
    """How one unit's coefficient X came about."""

    criteria: tuple[Step, ...]
    multipliers: tuple[Step, ...]
    points: Fraction
    """Σ criteria × multipliers."""
    class_name: str
    coefficient: Fraction


def figure(value: Fraction | Missing | None, digits: int = 6) -> str:
    """Return a number of a rule as a worksheet writes it."""
    return words.decimal(value, digits, least=0) if isinstance(value, Fraction) else "chưa có"


def _measured(value: Fraction | Missing | None, unit: str) -> str:
    space = "" if unit in ("", PERCENT) else " "
    return f"{figure(value)}{space}{unit}"


def band_words(band: Band, unit: str = "") -> str:
    """Return a band in words ("từ 50% đến dưới 55%"), its name in front."""
    interval = interval_of(band)
    said = interval.worded(unit) if interval else "chưa có"
    return f"{band.name} ({said})" if band.name else said


def _hit(bands: Iterable[Band], value: Fraction) -> Band:
    """Return the band in which a value lies."""
    return next(band for band in bands if value in (interval_of(band) or ()))


def _number(value: Fraction | Missing | None) -> Fraction:
    if not isinstance(value, Fraction):
        raise TypeError("a missing number reached the worksheet")
    return value


def _stepped(value: Fraction, steps: Steps, unit: str) -> tuple[Fraction, str]:
    low, beyond, every = map(_number, (steps.from_, steps.beyond, steps.every))
    if value < low:
        return _number(steps.under), f"dưới {_measured(low, unit)}"
    base = f"từ {_measured(low, unit)} được {figure(steps.points)} điểm"
    if value <= beyond:
        return _capped(_number(steps.points), steps), base
    further = (value - beyond) / every
    number = math.ceil(further) if steps.counts == "started" else math.floor(further)
    kind = "bậc" if steps.counts == "started" else "bậc đủ"
    said = (
        f"{base}; vượt {_measured(beyond, unit)} là {_measured(value - beyond, unit)}, tức "
        f"{number} {kind} {_measured(every, unit)}, mỗi bậc thêm {figure(steps.add)} điểm"
    )
    points = _number(steps.points) + number * _number(steps.add)
    capped = _capped(points, steps)
    return capped, said + (f"; tối đa {figure(steps.most)} điểm" if capped < points else "")


def _capped(points: Fraction, steps: Steps) -> Fraction:
    return points if steps.most is None else min(points, _number(steps.most))


def _step(criterion: Criterion, units: Units, place: int) -> Step:
    name = criterion_name(criterion, units.columns)
    form = criterion.form
    if form in ("highest", "sum"):
        parts = [_step(part, units, place) for part in getattr(criterion, form)]
        said = "; ".join(f"{part.name}: {part.value}, {figure(part.points)} điểm" for part in parts)
        if form == "highest":
            best = max(parts, key=lambda part: part.points)
            return Step(name, best.value, f"cao nhất trong: {said}", best.points)
        return Step(name, "", f"cộng: {said}", sum((p.points for p in parts), Fraction(0)))
    column = units.columns[criterion.column]
    value, shown = column.value(place), column.shown(place)
    if form == "lookup":
        known = {match_key(word): worth for word, worth in criterion.lookup.items()}
        found = known.get(match_key(str(value)))
        hit = "theo loại" if found is not None else "loại khác"
        return Step(name, shown, hit, _number(found if found is not None else criterion.otherwise))
    if not isinstance(value, Fraction):
        raise TypeError("a column of words reached the worksheet as numbers")
    points, hit = _worth(criterion, value, column)
    return Step(name, shown, hit, points)


def _worth(criterion: Criterion, value: Fraction, column: Column) -> tuple[Fraction, str]:
    """Return what a number is worth, and what it hit in the rule."""
    form = criterion.form
    if form == "bands":
        band = _hit(criterion.bands, value)
        return _number(band.points), band_words(band, column.unit)
    if form == "steps" and criterion.steps is not None:
        return _stepped(value, criterion.steps, column.unit)
    if form == "per_unit":
        worth = _number(criterion.per_unit)
        each = column.unit or "đơn vị"
        return value * worth, f"{figure(worth)} điểm mỗi {each}"
    percent = _number(criterion.share)
    total = Fraction(sum(int(v) for v in column.values), column.scale)
    said = f"tỷ trọng {figure(percent)}% × {figure(value)}/{_measured(total, column.unit)}"
    return percent * value / total, said


def _steps(criteria: Iterable[Criterion], units: Units, place: int) -> tuple[Step, ...]:
    return tuple(_step(criterion, units, place) for criterion in criteria)


def judge_unit(sharing: Sharing, units: Units, place: int) -> UnitScore:
    """Return how one of the eligible units comes to its coefficient."""
    criteria = _steps(sharing.criteria, units, place)
    multipliers = _steps(sharing.multipliers, units, place)
    points = sum((step.points for step in criteria), Fraction(0))
    for factor in multipliers:
        points *= factor.points
    if not sharing.classes:
        return UnitScore(criteria, multipliers, points, "", points)
    band = _hit(sharing.classes, points)
    return UnitScore(criteria, multipliers, points, band_words(band), _number(band.points))

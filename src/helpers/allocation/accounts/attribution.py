"""Why a unit's capital differs: every difference taken apart, exactly, down to the criterion.

A unit's capital is taken apart exactly. With x_k the unit's points by criterion k, m the product of
its multipliers, ΣX over the eligible units and G what they share of a line:

    amount = Σ_k G·s_k + bounds + earmarks + rounding,    s_k = x_k·m / ΣX

`bounds` is what floor, cap and minimum lot add to or take from G·Σ_k s_k, what got stuck within the
district included. So a multiplier counts with the criteria that it multiplies. Communes stand with
their district. Where a rule has classes (xếp loại), they take the place of the criteria.

With ω_k criterion k's part of ΣX over all units and s = Σ_k s_k, a prime for afterwards:

    G'·s' − G·s = (G' − G)·s + Σ_k G'·[(s'_k − ω'_k·s) − (s_k − ω_k·s)]

The first term is the effect of what there is to share (mức vốn đem chia). In the second,
s_k − ω_k·s = ω_k·(s_k/ω_k − s) says how far criterion k, by its weight and by the unit's part of
it, pulls the unit away from the share that it had. As Σ_k ω_k = 1 and Σ_k (s_k − ω_k·s) = 0, the
sum is exact, and over all units a criterion takes from some just what it gives to others. Mere
differences G'·s'_k − G·s_k would add up too, but name the same criterion for everybody whenever
one is dropped or put in.

Every effect is rounded to the đồng; what the effects then lack stands with the rounding, so that a
row's effects always add up to its difference.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

from helpers.allocation.accounts.tables import TOTAL
from helpers.allocation.cube import UNPLACED
from helpers.allocation.model import UNITS, Cell, Distribution, Portion, Unplaced
from helpers.allocation.scoring import criterion_name
from helpers.text import match_key

__all__ = [
    "ALL",
    "LAST_YEAR",
    "NOBODY",
    "POT",
    "LineTaken",
    "Stake",
    "Unit",
    "effects_between",
    "effects_since",
    "lines_taken",
    "main_effect",
    "sharing_effects",
    "sum_of_fractions",
    "whole_effects",
]

POT, ELIGIBLE = "mức vốn đem chia", "diện được phân bổ"
CLASSES, BOUNDS = "xếp loại", "mức sàn, mức trần, mức giao tối thiểu"
AGENCIES, EARMARKS = "phần của sở, ngành", "khoản cố định"
LEFT, ROUNDING = "vốn chưa phân bổ", "làm tròn"


class Unit(NamedTuple):
    """Who holds capital: a district with its communes, an agency, or nobody yet."""

    level: str
    code: str


NOBODY, ALL = Unit(UNPLACED, UNPLACED), Unit(TOTAL, TOTAL)

Parts = Mapping[str, Fraction]
"""Parts of ΣX by criterion: a unit's (s_k), or those of all units together (ω_k)."""

LAST_YEAR: Parts = {"": Fraction(1)}
"""ω of last year, whose criteria are not known: they stand as one, in which nothing can move."""


@dataclass
class LineTaken:
    """What one line gives, taken apart."""

    pot: int = 0
    """G: what the units share."""
    rest: int = 0
    """What is left after earmarks and reserve, for agencies and units together."""
    parts: Mapping[str, Parts] = field(default_factory=dict)
    """By the eligible units' districts."""
    amounts: dict[Unit, int] = field(default_factory=lambda: defaultdict(int))
    bounds: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    earmarks: dict[Unit, int] = field(default_factory=lambda: defaultdict(int))
    percents: dict[str, Fraction] = field(default_factory=dict)
    """Of agencies, by code."""

    @cached_property
    def total(self) -> int:
        """Return the line's whole capital."""
        return sum(self.amounts.values())

    @cached_property
    def weights(self) -> Parts:
        """Return each criterion's part of ΣX over all units."""
        sums: dict[str, list[Fraction]] = defaultdict(list)
        for own in self.parts.values():
            for name, part in own.items():
                sums[name].append(part)
        return {name: sum_of_fractions(parts) for name, parts in sums.items()}

    def seen_by(self, code: str) -> Stake:
        """Return what a district's units share."""
        return Stake(self.pot, self.parts.get(code), self.weights)


def _districts(portion: Portion) -> tuple[str, ...]:
    """Return the district of each unit that shares."""
    units = portion.scores.units
    return units.codes if units.level == "district" else units.parents


def _parts(portion: Portion) -> dict[str, Parts]:
    """Return the part of ΣX that each district's units have by each criterion."""
    scores, sharing = portion.scores, portion.sharing
    if sharing.classes:
        named = [(CLASSES, scores.coefficients.values.astype(object))]
    else:
        # The multipliers' denominators are the same for every criterion, so they cancel out.
        common = math.lcm(*(points.denominator for points in scores.criteria))
        factor = math.prod(points.values.astype(object) for points in scores.multipliers)
        named = [
            (
                criterion_name(criterion, scores.units.columns),
                points.values.astype(object) * (common // points.denominator) * factor,
            )
            for criterion, points in zip(sharing.criteria, scores.criteria, strict=True)
        ]
    whole = sum(int(values.sum()) for _, values in named) or 1
    sums: dict[str, dict[str, int]] = {code: {} for code in _districts(portion)}
    for name, values in named:
        for code, value in zip(_districts(portion), values.tolist(), strict=True):
            own = sums[code]
            own[name] = own.get(name, 0) + value
    return {
        code: {name: Fraction(value, whole) for name, value in own.items()}
        for code, own in sums.items()
    }


def _add_bounds(line: LineTaken, portion: Portion) -> None:
    """Note what floors, caps and the minimum lot do to each district in one pot."""
    shared = portion.shared
    if not (shared.bound.any() or shared.unplaced or not portion.kept.all()):
        return
    for code, parts in line.parts.items():
        line.bounds[code] -= portion.total * sum(parts.values())
    exact = shared.numerators.tolist()
    for code, numerator in zip(_districts(portion), exact, strict=True):
        line.bounds[code] += Fraction(int(numerator), shared.denominator)


def lines_taken(
    distribution: Distribution,
    without_line: Iterable[Unplaced],
    sources: Collection[str] | None = None,
) -> dict[str, LineTaken]:
    """Return what each line gives, from all sources or only from some, taken apart."""
    found: dict[str, LineTaken] = defaultdict(LineTaken)

    def wanted(cell: Cell) -> bool:
        return sources is None or cell.source in sources

    for (cell, parent), portion in distribution.portions.items():
        if parent or not wanted(cell):
            continue
        line = found[cell.line]
        line.parts = line.parts or _parts(portion)
        line.pot += portion.total
        if cell not in distribution.agencies:
            line.rest += portion.total
        for code, amount in zip(_districts(portion), portion.shared.amounts.tolist(), strict=True):
            line.amounts[Unit("district", code)] += int(amount)
        _add_bounds(line, portion)
    for cell, shared in distribution.agencies.items():
        if not wanted(cell):
            continue
        line = found[cell.line]
        line.rest += shared.total
        line.percents |= {s.key: Fraction(s.weight) for s in shared.shares if s.key != UNITS}
    for item in distribution.fixed:
        if not wanted(item.cell):
            continue
        line = found[item.cell.line]
        unit = Unit(item.level, item.unit_code)
        if item.level == "commune":
            unit = Unit("district", item.district_code)
        line.amounts[unit] += item.amount
        if item.name:
            line.earmarks[unit] += item.amount
    for lost in (*distribution.unplaced, *without_line):
        if not wanted(lost.cell):
            continue
        line = found[lost.cell.line]
        line.amounts[NOBODY] += lost.amount
        if lost.district_code:
            line.amounts[Unit("district", lost.district_code)] -= lost.amount
            line.bounds[lost.district_code] -= lost.amount
    return dict(found)


_key = lru_cache(maxsize=256)(match_key)


class Stake(NamedTuple):
    """One unit's stake in a sharing: what all share (đồng), its parts of it, and everyone's."""

    pot: int
    parts: Parts | None
    """None where the unit is not eligible."""
    weights: Parts

    @property
    def share(self) -> Fraction:
        """Return the unit's part of what is shared."""
        return sum((self.parts or {}).values(), Fraction(0))


def sharing_effects(before: Stake, after: Stake) -> dict[str, Fraction]:
    """Return what moved a unit's part of a sharing, exactly, by the formula above.

    Criteria are matched by name. Where the unit is eligible on one side only, the second term is
    the effect of eligibility (diện được phân bổ); where one side has nothing to share, all is the
    effect of what there is to share.
    """
    was, now = before.share, after.share
    if not before.pot or not after.pot:
        return {POT: after.pot * now - before.pot * was}
    effects = {POT: (after.pot - before.pot) * was}
    if before.parts is None or after.parts is None:
        return effects | {ELIGIBLE: after.pot * (now - was)}
    pulls: dict[str, Fraction] = defaultdict(Fraction)
    names: dict[str, str] = {}
    for side, sign in ((after, 1), (before, -1)):
        for name, part in (side.parts or {}).items():
            key = _key(name)
            names.setdefault(key, name)
            pulls[key] += sign * (part - side.weights[name] * was)
    return effects | {name: after.pot * pulls[key] for key, name in names.items()}


def _half_up(amount: Fraction) -> int:
    """Return the nearest whole number, a half away from zero."""
    size = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return size if amount.numerator > 0 else -size


def whole_effects(difference: int, exact: Mapping[str, Fraction]) -> dict[str, int]:
    """Return effects in whole đồng that add up to the difference, the largest first.

    Each is rounded half away from zero; the rest is the effect of rounding (làm tròn), which
    stands last. An effect of zero has no entry.
    """
    whole = {name: _half_up(amount) for name, amount in exact.items()}
    ordered = sorted(whole.items(), key=lambda item: (-abs(item[1]), item[0]))
    found = {name: amount for name, amount in ordered if amount}
    rest = difference - sum(found.values())
    return found | ({ROUNDING: rest} if rest else {})


def main_effect(difference: int, effects: Mapping[str, int]) -> tuple[str, int]:
    """Return what explains most of a difference beyond what there is to share, and its đồng.

    It is the largest effect in the direction in which the unit's part moved; "" and 0 where the
    part moved by rounding alone.
    """
    moved = difference - effects.get(POT, 0)
    pulling = [
        (name, amount)
        for name, amount in effects.items()
        if amount * moved > 0 and name not in (POT, ROUNDING)
    ]
    return min(pulling, key=lambda item: (-abs(item[1]), item[0])) if pulling else ("", 0)


def sum_of_fractions(amounts: Iterable[Fraction]) -> Fraction:
    """Return a sum of fractions, those over the same denominator first: that is much faster."""
    sums: dict[int, int] = defaultdict(int)
    for amount in amounts:
        sums[amount.denominator] += amount.numerator
    return sum((Fraction(top, below) for below, top in sums.items()), Fraction(0))


def _agency_effects(before: LineTaken, after: LineTaken, code: str) -> dict[str, Fraction]:
    """Return the effects on an agency's percent of a line: R'·p' − R·p, taken apart as above."""
    percents = before.percents.get(code, Fraction(0)), after.percents.get(code, Fraction(0))
    was, now = (percent / 100 for percent in percents)
    if not before.rest or not after.rest:
        return {POT: after.rest * now - before.rest * was}
    return {
        POT: (after.rest - before.rest) * was,
        AGENCIES: after.rest * (now - was),
    }


def effects_between(before: LineTaken, after: LineTaken, unit: Unit) -> dict[str, Fraction]:
    """Return what moved a unit's capital of one line from one rule set to the other."""
    code = unit.code
    fixed = {EARMARKS: Fraction(after.earmarks.get(unit, 0) - before.earmarks.get(unit, 0))}
    if unit.level == "agency":
        return _agency_effects(before, after, code) | fixed
    if unit == NOBODY:
        return {LEFT: Fraction(after.amounts.get(unit, 0) - before.amounts.get(unit, 0))}
    effects = sharing_effects(before.seen_by(code), after.seen_by(code))
    bounds = after.bounds.get(code, Fraction(0)) - before.bounds.get(code, Fraction(0))
    return effects | fixed | {BOUNDS: bounds}


def effects_since(last: Mapping[Unit, int], now: LineTaken, unit: Unit) -> dict[str, Fraction]:
    """Return what moved a unit's capital of one line since last year."""
    amount, whole = last.get(unit, 0), sum(last.values())
    earmark = Fraction(now.earmarks.get(unit, 0))
    if unit == NOBODY:
        return {LEFT: Fraction(now.amounts.get(unit, 0) - amount)}
    if unit.level == "agency":
        own = now.amounts.get(unit, 0) - earmark
        if not whole or not now.total:
            return {POT: own - amount, EARMARKS: earmark}
        share = Fraction(amount, whole)
        return {
            POT: share * (now.total - whole),
            AGENCIES: own - share * now.total,
            EARMARKS: earmark,
        }
    shared = sum(found for other, found in last.items() if other.level == "district")
    before = Stake(shared, {"": Fraction(amount, shared or 1)}, LAST_YEAR)
    effects = sharing_effects(before, now.seen_by(unit.code))
    return effects | {EARMARKS: earmark, BOUNDS: now.bounds.get(unit.code, Fraction(0))}

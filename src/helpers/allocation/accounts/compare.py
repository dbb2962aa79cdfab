"""Before and after, unit by unit: by other rules or last year, who gains and loses, and why.

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
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import pandas as pd

from helpers.allocation.accounts.register import check_units
from helpers.allocation.accounts.tables import unit_result
from helpers.allocation.cube import UNPLACED, UNPLACED_NAME
from helpers.allocation.engine import Allocation
from helpers.allocation.model import UNITS, Cell, Distribution, Portion, Unplaced
from helpers.allocation.scoring import criterion_name
from helpers.data.published import Result
from helpers.data.unit_names import resolver
from helpers.errors import InputRefused
from helpers.marks import merge_marks
from helpers.rates import announced_rate
from helpers.text import match_key

__all__ = [
    "LAST_YEAR",
    "Stake",
    "biggest_moves",
    "compare_last_year",
    "compare_rules",
    "comparison_effects",
    "last_year_effects",
    "main_effect",
    "sharing_effects",
    "whole_effects",
]

TOTAL, TOTAL_NAME = "total", "Tổng cộng"
NO_LINE_NAME = "Chưa bố trí cho dự án, tiểu dự án"
POT, ELIGIBLE = "mức vốn đem chia", "diện được phân bổ"
CLASSES, BOUNDS = "xếp loại", "mức sàn, mức trần, mức giao tối thiểu"
AGENCIES, EARMARKS = "phần của sở, ngành", "khoản cố định"
LEFT, ROUNDING = "vốn chưa phân bổ", "làm tròn"
GAIN, LOSS = "tăng", "giảm"

COLUMNS = [
    "line",
    "short",
    "level",
    "unit_code",
    "unit",
    "before",
    "after",
    "difference",
    "share_before",
    "share_after",
    "pot_effect",
    "criterion",
    "criterion_effect",
    "sources",
]
EFFECT_COLUMNS = ["line", "short", "level", "unit_code", "unit", "order", "effect", "amount"]
MOVE_COLUMNS = [
    "direction",
    "rank",
    "level",
    "unit_code",
    "unit",
    "before",
    "after",
    "difference",
    "pot_effect",
    "criterion",
    "criterion_effect",
]


class Unit(NamedTuple):
    """Who holds capital: a district with its communes, an agency, or nobody yet."""

    level: str
    code: str


NOBODY, ALL = Unit(UNPLACED, UNPLACED), Unit(TOTAL, TOTAL)
_LEVELS = ("district", "agency", UNPLACED, TOTAL)

Parts = Mapping[str, Fraction]
"""Parts of ΣX by criterion: a unit's (s_k), or those of all units together (ω_k)."""

LAST_YEAR: Parts = {"": Fraction(1)}
"""ω of last year, whose criteria are not known: they stand as one, in which nothing can move."""


@dataclass
class _Line:
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
        return {name: _sum(parts) for name, parts in sums.items()}

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


def _add_bounds(line: _Line, portion: Portion) -> None:
    """Note what floors, caps and the minimum lot do to each district in one pot."""
    shared = portion.shared
    if not (shared.bound.any() or shared.unplaced or not portion.kept.all()):
        return
    for code, parts in line.parts.items():
        line.bounds[code] -= portion.total * sum(parts.values())
    exact = shared.numerators.tolist()
    for code, numerator in zip(_districts(portion), exact, strict=True):
        line.bounds[code] += Fraction(int(numerator), shared.denominator)


def _lines(
    distribution: Distribution,
    without_line: Iterable[Unplaced],
    sources: Collection[str] | None = None,
) -> dict[str, _Line]:
    """Return what each line gives, from all sources or only from some, taken apart."""
    found: dict[str, _Line] = defaultdict(_Line)

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


@dataclass(frozen=True)
class _Move:
    """One unit's capital of one line (or of all) before and after."""

    line: str
    unit: Unit
    before: int
    after: int
    exact: Mapping[str, Fraction]

    @cached_property
    def effects(self) -> Mapping[str, int]:
        """Return the effects in whole đồng."""
        return whole_effects(self.after - self.before, self.exact)


def _summed(line: str, unit: Unit, moves: Sequence[_Move]) -> _Move:
    """Return the sum of some moves, effect by effect."""
    parts: dict[str, list[Fraction]] = defaultdict(list)
    for move in moves:
        for name, amount in move.exact.items():
            parts[name].append(amount)
    before, after = sum(m.before for m in moves), sum(m.after for m in moves)
    return _Move(line, unit, before, after, {name: _sum(own) for name, own in parts.items()})


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    """Return a sum of fractions, those over the same denominator first: that is much faster."""
    sums: dict[int, int] = defaultdict(int)
    for amount in amounts:
        sums[amount.denominator] += amount.numerator
    return sum((Fraction(top, below) for below, top in sums.items()), Fraction(0))


def _agency_effects(before: _Line, after: _Line, code: str) -> dict[str, Fraction]:
    """Return the effects on an agency's percent of a line: R'·p' − R·p, taken apart as above."""
    percents = before.percents.get(code, Fraction(0)), after.percents.get(code, Fraction(0))
    was, now = (percent / 100 for percent in percents)
    if not before.rest or not after.rest:
        return {POT: after.rest * now - before.rest * was}
    return {
        POT: (after.rest - before.rest) * was,
        AGENCIES: after.rest * (now - was),
    }


def _moved(before: _Line, after: _Line, unit: Unit) -> dict[str, Fraction]:
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


def _moved_since(last: Mapping[Unit, int], now: _Line, unit: Unit) -> dict[str, Fraction]:
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


def _all_moves(moves: Iterable[_Move]) -> list[_Move]:
    """Return the moves that are any, line by line, with the totals of lines and of units."""
    single = [move for move in moves if move.before or move.after]
    by_line: dict[str, list[_Move]] = defaultdict(list)
    by_unit: dict[Unit, list[_Move]] = defaultdict(list)
    for move in single:
        by_line[move.line].append(move)
        by_unit[move.unit].append(move)
    by_line[TOTAL] = [_summed(TOTAL, unit, own) for unit, own in by_unit.items()]
    found = []
    for line, own in by_line.items():
        found += sorted(own, key=lambda move: (_LEVELS.index(move.unit.level), move.unit.code))
        if own:
            found.append(_summed(line, ALL, own))
    return found


class _Names:
    """What lines and units are called."""

    def __init__(self, *allocations: Allocation) -> None:
        self.lines = {"": NO_LINE_NAME, TOTAL: TOTAL_NAME}
        self.units = {NOBODY: UNPLACED_NAME, ALL: TOTAL_NAME}
        for allocation in allocations:
            self.lines |= {line.code: line.short for line in allocation.plan.lines}
            names = allocation.data.district_names
            self.units |= {Unit("district", code): name for code, name in names.items()}
            agencies = (*allocation.plan.rule_set.agencies, *allocation.rule_set.agencies)
            self.units |= {Unit("agency", agency.code): agency.name for agency in agencies}

    def keys(self, move: _Move) -> dict[str, object]:
        """Return the columns that say which line and unit it is."""
        return {
            "line": move.line,
            "short": self.lines.get(move.line, move.line),
            "level": move.unit.level,
            "unit_code": move.unit.code,
            "unit": self.units[move.unit],
        }


def _table(moves: Iterable[_Move], names: _Names, sources: Collection[str]) -> pd.DataFrame:
    """Return the comparison of the capital of some sources: one row a move."""
    chosen = list(moves)
    totals = {move.line: (move.before, move.after) for move in chosen if move.unit == ALL}
    rows = []
    for move in chosen:
        difference = move.after - move.before
        criterion, effect = main_effect(difference, move.effects)
        whole_before, whole_after = totals[move.line]
        rows.append(
            names.keys(move)
            | {"before": move.before, "after": move.after, "difference": difference}
            | {"share_before": announced_rate(move.before, whole_before)}
            | {"share_after": announced_rate(move.after, whole_after)}
            | {"pot_effect": move.effects.get(POT, 0)}
            | {"criterion": criterion, "criterion_effect": effect, "sources": ", ".join(sources)}
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _effects_table(moves: Iterable[_Move], names: _Names) -> pd.DataFrame:
    """Return the effects: one row a move and effect, the largest first."""
    rows = [
        names.keys(move) | {"order": order, "effect": name, "amount": amount}
        for move in moves
        for order, (name, amount) in enumerate(move.effects.items(), start=1)
    ]
    return pd.DataFrame(rows, columns=EFFECT_COLUMNS)


def _moves_between(before: Allocation, after: Allocation) -> list[_Move]:
    was = _lines(before.distribution, before.without_line)
    now = _lines(after.distribution, after.without_line)
    moves = []
    for line in _ordered(after, {*was, *now}):
        old, new = was.get(line, _Line()), now.get(line, _Line())
        for unit in {**old.amounts, **new.amounts}:
            amounts = old.amounts.get(unit, 0), new.amounts.get(unit, 0)
            moves.append(_Move(line, unit, *amounts, _moved(old, new, unit)))
    return _all_moves(moves)


def _ordered(allocation: Allocation, lines: set[str]) -> list[str]:
    """Return the lines in the plan's order, then those that it does not know, "" last."""
    known = [line.code for line in allocation.plan.lines]
    others = sorted(lines - set(known), key=lambda line: (line == "", line))
    return [line for line in known if line in lines] + others


def _of_both(before: Allocation, after: Allocation, frame: pd.DataFrame) -> Result:
    """Return a table that rests on two allocations."""
    was, now = unit_result(before, frame), unit_result(after, frame)
    inputs = tuple(dict.fromkeys((*now.inputs, *was.inputs)))
    return Result(frame, merge_marks(was.marks, now.marks), inputs)


def compare_rules(before: Allocation | None, after: Allocation) -> Result:
    """Return who gets more and who less than by another rule set, and by which criterion.

    One row a line and district (its communes within it), agency, and what is not allocated, where
    either side has any; with the line "total" for each unit and the unit "total" for each line.
    Amounts are đồng, shares percent of the line. `pot_effect` is what there is more or less to
    share; of the rest of the difference `criterion` explains most, by `criterion_effect`. The
    formula stands at the head of this module. Without anything to compare with it is empty.
    """
    if before is None:
        return unit_result(after, pd.DataFrame(columns=COLUMNS))
    names = _Names(before, after)
    moves = _moves_between(before, after)
    return _of_both(before, after, _table(moves, names, after.plan.capital.sources))


def comparison_effects(before: Allocation | None, after: Allocation) -> Result:
    """Return the effects behind `compare_rules`, in đồng: they add up to each row's difference.

    Besides the criteria by name: mức vốn đem chia, diện được phân bổ, xếp loại, phần của sở,
    ngành, khoản cố định, mức sàn, mức trần, mức giao tối thiểu, vốn chưa phân bổ, làm tròn.
    """
    if before is None:
        return unit_result(after, pd.DataFrame(columns=EFFECT_COLUMNS))
    names = _Names(before, after)
    return _of_both(before, after, _effects_table(_moves_between(before, after), names))


def _assigned(allocation: Allocation) -> dict[str, dict[Unit, int]]:
    """Return what was assigned in the year before the plan's, by line and unit, in đồng."""
    plan, data = allocation.plan, allocation.data
    problems = check_units(plan, data)
    if problems:
        raise InputRefused(problems)
    agencies = {agency.code: agency.name for agency in plan.rule_set.agencies}
    names = resolver(data.districts, agencies)
    rows = data.history[data.history["year"] == plan.year - 1]
    units = {
        text: Unit("district" if known[0] in data.district_names else "agency", known[0])
        for text in set(rows["unit"])
        if (known := names(text))
    }
    found: dict[str, dict[Unit, int]] = defaultdict(lambda: defaultdict(int))
    columns = (rows[name].tolist() for name in ("line", "unit", "assigned"))
    for line, text, amount in zip(*columns, strict=True):
        found[line][units[text]] += amount
    return {line: dict(amounts) for line, amounts in found.items()}


def _sources(allocation: Allocation) -> set[str]:
    """Return the sources of capital that last year is known of."""
    history = allocation.data.history
    return set(history.loc[history["year"] == allocation.plan.year - 1, "source"])


def _moves_since(allocation: Allocation) -> list[_Move]:
    """Return every move since last year; none where last year is not known."""
    assigned = _assigned(allocation)
    if not assigned:
        return []
    now = _lines(allocation.distribution, allocation.without_line, _sources(allocation))
    moves = []
    for line in _ordered(allocation, {*assigned, *now}):
        last, new = assigned.get(line, {}), now.get(line, _Line())
        for unit in {**last, **new.amounts}:
            amounts = last.get(unit, 0), new.amounts.get(unit, 0)
            moves.append(_Move(line, unit, *amounts, _moved_since(last, new, unit)))
    return _all_moves(moves)


def compare_last_year(allocation: Allocation) -> Result:
    """Return who gets more and who less than was assigned last year, and by which criterion.

    The table is that of `compare_rules`; before is what history.csv says was assigned in the year
    before the plan's, all capital types together; after is this year's capital of the same
    sources, which the column `sources` names. Last year's criteria are not known, so s is the
    district's part of what districts got then, and a criterion's effect is G'·(s'_k − ω'_k·s): how
    far it pulls the unit away from last year's share. For an agency s is its part of the whole
    line, and what it has beyond s × the line is the effect of the agencies' parts (phần của sở,
    ngành). Without such rows of the history the table is empty.

    Raises:
        InputRefused: the history names a unit or a line that is not known.
    """
    known = _sources(allocation)
    sources = [source for source in allocation.plan.capital.sources if source in known]
    frame = _table(_moves_since(allocation), _Names(allocation), sources)
    return unit_result(allocation, frame)


def last_year_effects(allocation: Allocation) -> Result:
    """Return the effects behind `compare_last_year`, in đồng: they add up to each difference."""
    return unit_result(allocation, _effects_table(_moves_since(allocation), _Names(allocation)))


def biggest_moves(result: Result, n: int = 5) -> Result:
    """Return the n districts and agencies that gain most over all lines, and the n that lose most.

    Args:
        result: a table of `compare_rules` or `compare_last_year`.
        n: how many of each at most; whoever keeps the same amount is not in it.
    """
    frame = result.frame
    held = frame[(frame["line"] == TOTAL) & frame["level"].isin(["district", "agency"])]
    rows: list[dict[str, Any]] = []
    for direction, sign in ((GAIN, 1), (LOSS, -1)):
        moved = [row for row in held.to_dict("records") if row["difference"] * sign > 0]
        moved.sort(key=lambda row: (-abs(row["difference"]), row["unit_code"]))
        for rank, row in enumerate(moved[:n], start=1):
            rows.append({**row, "direction": direction, "rank": rank})
    return Result(pd.DataFrame(rows, columns=MOVE_COLUMNS), result.marks, result.inputs)

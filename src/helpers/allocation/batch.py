"""Many allocations at once: the same rules and units, other pots or other weights of criteria.

A scenario is a row of pots, and perhaps factors by which the criteria of a line count more or
less. Units are scored once; what differs from scenario to scenario is done on whole arrays.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.allocation.distribution import parts_of_bound, share_bounded, taking_part
from helpers.allocation.exact.many import share_many
from helpers.allocation.model import Cell
from helpers.allocation.scoring import eligible_places, score
from helpers.data.units import IntArray, Units
from helpers.errors import InputRefused, Problem
from helpers.plan.rules.missing import missing_numbers
from helpers.plan.rules.model import Rule, RuleSet, Sharing

__all__ = ["Batch", "prepare"]

PERCENT = 100
SAFE = 2**62


@dataclass(frozen=True, eq=False)
class _Pool:
    """The pots of one line and capital type, and what its units are worth by criterion."""

    cells: tuple[int, ...]
    sharing: Sharing
    unit: int
    places: IntArray
    parts: IntArray
    """Points by criterion and unit, factors included, as whole numbers in one proportion."""

    def weights(self, factors: IntArray | None) -> IntArray:
        """Return the units' weights: one row for all scenarios, or one row for each."""
        if factors is None:
            return np.asarray(self.parts.sum(axis=0))
        return np.asarray(factors @ self.parts)

    def one(self, weights: IntArray, parts: list[int], own: int) -> IntArray:
        """Return what units get from one of the pots, within the rule's bounds."""
        kept = taking_part(self.sharing, weights, sum(parts))
        if not kept.any():
            return np.zeros(len(weights), dtype=np.int64)
        floor = parts_of_bound(self.sharing.floor, parts, self.unit, up=True)[own]
        cap = parts_of_bound(self.sharing.cap, parts, self.unit, up=False)[own]
        bounds = (floor, cap)
        return share_bounded(self.sharing, weights, kept, parts[own], bounds, self.unit).amounts

    @property
    def bounded(self) -> bool:
        """Tell whether the pots must be shared one by one."""
        rule = self.sharing
        drops = rule.minimum_lot is not None and rule.minimum_lot.action == "drop"
        special = rule.method != "largest_remainder" or drops
        return special or rule.floor is not None or rule.cap is not None


@dataclass(frozen=True, eq=False)
class Batch:
    """Rules and units made ready for many scenarios."""

    pots: tuple[Cell, ...]
    units: Units
    _pools: tuple[_Pool, ...]

    def run(
        self,
        totals: IntArray,
        factors: Mapping[str, IntArray] | None = None,
        out: IntArray | None = None,
    ) -> IntArray:
        """Return đồng by scenario, pot and unit.

        Args:
            totals: đồng by scenario and pot: what the units share, agencies' parts taken off.
            factors: for each line whose criteria are to count otherwise, percent by scenario and
                criterion (100 leaves a criterion as it is).
            out: where to write; made where none is given.

        Raises:
            NothingToShareBy: a pot with money whose units are all worth nothing.
        """
        shape = (len(totals), len(self.pots), len(self.units))
        result = np.zeros(shape, dtype=np.int64) if out is None else out
        for pool in self._pools:
            line = self.pots[pool.cells[0]].line
            weights = pool.weights(factors.get(line) if factors else None)
            for place in pool.cells:
                self._fill(result[:, place, :], pool, weights, totals, place)
        return result

    def _fill(
        self, rows: IntArray, pool: _Pool, weights: IntArray, totals: IntArray, place: int
    ) -> None:
        """Write one pot's amounts for every scenario."""
        amounts = totals[:, place]
        everyone = len(pool.places) == len(self.units)
        if not pool.bounded:
            ties = pool.sharing.ties
            if everyone:
                share_many(amounts, weights, unit=pool.unit, ties=ties, out=rows)
            else:
                rows[:, pool.places] = share_many(amounts, weights, unit=pool.unit, ties=ties)
            return
        own = pool.cells.index(place)
        for scenario, parts in enumerate(totals[:, list(pool.cells)].tolist()):
            if parts[own]:
                given = weights if weights.ndim == 1 else weights[scenario]
                rows[scenario, pool.places] = pool.one(given, parts, own)


def _parts(units: Units, sharing: Sharing, where: str) -> tuple[IntArray, IntArray]:
    """Return the eligible places, and points by criterion as whole numbers in one proportion."""
    places = np.flatnonzero(eligible_places(units, sharing, where))
    if not len(places):
        todo = "sửa điều kiện ở khóa eligible"
        raise InputRefused([Problem(where, "không có đơn vị nào thuộc diện được phân bổ", todo)])
    chosen = units if len(places) == len(units) else units.take(places)
    scores = score(chosen, sharing, where)
    parts = [scores.coefficients] if sharing.classes else list(scores.criteria)
    common = math.lcm(*(part.denominator for part in parts))
    rows = np.asarray([part.values.astype(object) * (common // part.denominator) for part in parts])
    for factor in () if sharing.classes else scores.multipliers:
        rows = rows * factor.values.astype(object)
    divisor = math.gcd(*(int(value) for value in np.gcd.reduce(rows, axis=1))) or 1
    rows = rows // divisor
    # Percent factors of up to a thousand, and the sum over units, have to fit as well.
    fits = int(rows.sum()) * PERCENT * 10 < SAFE
    return places, rows.astype(np.int64) if fits else rows


def _level(rule: Rule, units: Mapping[str, Units]) -> tuple[Sharing | None, Units | None]:
    if rule.districts is not None:
        return rule.districts, units["district"]
    return rule.communes, units.get("commune")


def prepare(
    rule_set: RuleSet, pots: Sequence[Cell], units: Mapping[str, Units], unit: int
) -> Batch:
    """Return rules and units ready for many scenarios; all lines must share over one level.

    Args:
        rule_set: the rules, one for every line of the pots.
        pots: the cells whose amounts differ from scenario to scenario.
        units: those of each level.
        unit: the rounding unit (đồng) where the rules state none.

    Raises:
        InputRefused: rules and data do not fit; every problem is in it.
    """
    by_line: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, cell in enumerate(pots):
        by_line[cell.line, cell.capital_type].append(place)
    problems: list[Problem] = []
    found: list[_Pool] = []
    made: dict[int, tuple[IntArray, IntArray]] = {}
    level: Units | None = None
    for (line, _), cells in by_line.items():
        where = f"{rule_set.file}, quy tắc {line}"
        rule = rule_set.rule(line)
        sharing, own = _level(rule, units) if rule else (None, None)
        if rule is None or sharing is None or own is None or (level or own) is not own:
            what = "không có quy tắc chia cho cùng một cấp với các dự án khác"
            problems.append(Problem(where, what, "sửa quy tắc"))
            continue
        if missing_numbers(rule):
            problems.append(Problem(where, "còn số “chưa có”", "điền số theo văn bản"))
            continue
        level = own
        try:
            if id(sharing) not in made:
                made[id(sharing)] = _parts(own, sharing, where)
        except InputRefused as refused:
            problems += refused.problems
            continue
        places, parts = made[id(sharing)]
        step = sharing.rounding_unit or rule_set.rounding_unit or unit
        found.append(_Pool(tuple(cells), sharing, step, places, parts))
    if problems or level is None:
        raise InputRefused(problems)
    return Batch(tuple(pots), level, tuple(found))

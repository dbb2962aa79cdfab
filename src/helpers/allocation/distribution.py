"""Sharing pots out by written rules, to the đồng.

Off the top of each pot go earmarks, the reserve and the province agencies' parts; what is left
goes over the eligible districts, and within each over its communes, by the rule. What nobody can
take stands as not allocated (chưa phân bổ) with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from helpers.allocation.exact.kernel import Shared, kept_by_lot, share
from helpers.allocation.model import UNITS, Cell, Distribution, Fixed, Portion, Unplaced
from helpers.allocation.scoring import Scores, eligible_places, score, weights_of
from helpers.data.units import BoolArray, IntArray, Units
from helpers.errors import InputRefused, Problem
from helpers.money import Apportionment, ApportionmentRefused, apportion, written
from helpers.plan.rules.missing import missing_numbers
from helpers.plan.rules.model import Bound, Earmark, Rule, RuleSet, Sharing
from helpers.plan.rules.pots import part_of
from helpers.text import match_key, nearest

__all__ = ["distribute", "parts_of_bound", "share_bounded", "taking_part"]

CAPS_REACHED = "các đơn vị được phân bổ đều đã đạt mức trần"
BELOW_LOT = "không đơn vị nào đạt mức giao tối thiểu"


class _Distributor:
    """Shares pots out, one line after the other; scores are found once for each sharing."""

    def __init__(self, rule_set: RuleSet, units: Mapping[str, Units], unit: int) -> None:
        self.rule_set = rule_set
        self.units = units
        self.unit = rule_set.rounding_unit or unit
        self.problems: list[Problem] = []
        self.agencies: dict[Cell, Apportionment[str]] = {}
        self.fixed: list[Fixed] = []
        self.portions: dict[tuple[Cell, str], Portion] = {}
        self.unplaced: list[Unplaced] = []
        self._scores: dict[tuple[int, str], Scores | None] = {}
        self._agency_names = {agency.code: agency.name for agency in rule_set.agencies}

    def where(self, line: str) -> str:
        return f"{self.rule_set.file}, quy tắc {line}"

    def line(self, line: str, pots: Mapping[Cell, int]) -> None:
        """Share the pots of one line."""
        rule = self.rule_set.rule(line)
        if rule is None:
            what = "chưa có quy tắc phân bổ cho dự án, tiểu dự án này"
            self.problems.append(Problem(self.where(line), what, f"thêm quy tắc lines: [{line}]"))
            return
        missing = missing_numbers(rule)
        if missing:
            what = f"còn {len(missing)} số “chưa có”: {'; '.join(missing)}"
            todo = "điền số theo văn bản; khi còn thiếu thì chưa phân bổ được"
            self.problems.append(Problem(self.where(line), what, todo))
            return
        rests = {cell: self.off_the_top(cell, amount, rule) for cell, amount in pots.items()}
        for capital_type in dict.fromkeys(cell.capital_type for cell in rests):
            part = {cell: rest for cell, rest in rests.items() if cell.capital_type == capital_type}
            if rule.districts is not None:
                self.districts(line, part, rule)
            elif rule.communes is not None:
                self.share(line, "", part, rule.communes, self.units["commune"])

    def off_the_top(self, cell: Cell, pot: int, rule: Rule) -> int:
        """Take earmarks, reserve and agencies' parts off a pot; return what the units share."""
        earmarks = [
            earmark
            for earmark in rule.earmarks
            if (earmark.source, earmark.type) == (cell.source, cell.capital_type)
        ]
        rest = pot - sum(earmark.amount for earmark in earmarks)
        for earmark in earmarks:
            self.earmark(cell, earmark)
        if rule.reserve is not None and isinstance(rule.reserve.percent, Fraction):
            kept = part_of(pot, rule.reserve.percent, self.unit)
            if kept:
                self.unplaced.append(Unplaced(cell, kept, rule.reserve.reason, reserve=True))
            rest -= kept
        if rest < 0:
            what = (
                f"các khoản trừ trước của {cell.source}, {cell.capital_type} cộng lại vượt khoản "
                f"vốn {written(pot)} là {written(-rest)}"
            )
            self.problems.append(Problem(self.where(cell.line), what, "giảm earmarks hoặc reserve"))
            return 0
        if not rule.agencies:
            return rest
        percents = {
            self.agency_code(item.agency): item.percent
            for item in rule.agencies
            if isinstance(item.percent, Fraction)
        }
        percents[UNITS] = 100 - sum(percents.values(), Fraction(0))
        shared = apportion(rest, percents, unit=self.unit)
        self.agencies[cell] = shared
        for code, amount in shared.amounts.items():
            if code != UNITS:
                name = self._agency_names[code]
                self.fixed.append(Fixed(cell, "agency", code, name, amount))
        return shared.amounts[UNITS]

    def agency_code(self, text: str) -> str:
        """Return the code of an agency named by its code or name."""
        key = match_key(text)
        return next(
            code
            for code, name in self._agency_names.items()
            if key in (match_key(code), match_key(name))
        )

    def earmark(self, cell: Cell, earmark: Earmark) -> None:
        key = match_key(earmark.unit)
        found = [
            Fixed(cell, "agency", code, name, earmark.amount, earmark.name)
            for code, name in self._agency_names.items()
            if key in (match_key(code), match_key(name))
        ]
        for level, units in self.units.items():
            told = zip(units.codes, units.names, units.parents, strict=True)
            found += [
                Fixed(cell, level, code, name, earmark.amount, earmark.name, district)
                for code, name, district in told
                if key in (match_key(code), match_key(name))
            ]
        if len(found) == 1:
            self.fixed.append(found[0])
            return
        known = [*self._agency_names.values(), *(n for u in self.units.values() for n in u.names)]
        near = nearest(earmark.unit, known)
        what = f"khoản “{earmark.name}” giao cho “{earmark.unit}”: " + (
            f"có {len(found)} đơn vị cùng tên" if found else "không có đơn vị này"
        )
        todo = "ghi mã đơn vị" if found else f"có phải là “{near}”?" if near else "sửa khóa unit"
        self.problems.append(Problem(self.where(cell.line), what, todo))

    def districts(self, line: str, rests: Mapping[Cell, int], rule: Rule) -> None:
        """Share a line's pots of one type over districts, then within them if the rule does."""
        if rule.districts is None:
            return
        self.share(line, "", rests, rule.districts, self.units["district"])
        if rule.communes is None:
            return
        within: dict[str, dict[Cell, int]] = defaultdict(dict)
        for cell in rests:
            portion = self.portions.get((cell, ""))
            if portion is not None:
                codes = portion.scores.units.codes
                for code, amount in zip(codes, portion.shared.amounts.tolist(), strict=True):
                    if amount:
                        within[code][cell] = amount
        for code, parts in within.items():
            self.share(line, code, parts, rule.communes, self.units["commune"].within(code))

    def scores(self, line: str, parent: str, sharing: Sharing, units: Units) -> Scores | None:
        """Return the eligible units' coefficients, found once; None where they cannot be found."""
        key = (id(sharing), parent)
        if key not in self._scores:
            self._scores[key] = None
            where = self.where(line)
            try:
                eligible = eligible_places(units, sharing, where)
                chosen = units if eligible.all() else units.take(eligible)
                if len(chosen):
                    self._scores[key] = score(chosen, sharing, where)
                else:
                    self.nobody(line, parent)
            except InputRefused as refused:
                self.problems += refused.problems
        return self._scores[key]

    def place(self, parent: str) -> str:
        """Return within which district, in words."""
        if not parent:
            return ""
        units = self.units["district"]
        return f" của {units.names[units.codes.index(parent)]}"

    def nobody(self, line: str, parent: str) -> None:
        kind = "xã" if parent else "đơn vị"
        what = f"không có {kind} nào{self.place(parent)} thuộc diện được phân bổ"
        self.problems.append(Problem(self.where(line), what, "sửa điều kiện ở khóa eligible"))

    def share(
        self, line: str, parent: str, rests: Mapping[Cell, int], sharing: Sharing, units: Units
    ) -> None:
        """Share amounts of one capital type among units, each source's by the same scores."""
        pool = sum(rests.values())
        if not pool:
            return
        scores = self.scores(line, parent, sharing, units)
        if scores is None:
            return
        unit = sharing.rounding_unit or self.unit
        weights = weights_of(scores)
        kept = taking_part(sharing, weights, pool)
        floors, caps = (
            parts_of_bound(bound, list(rests.values()), unit, up=up)
            for bound, up in ((sharing.floor, True), (sharing.cap, False))
        )
        for (cell, amount), floor, cap in zip(rests.items(), floors, caps, strict=True):
            if not kept.any():
                self.unplaced.append(Unplaced(cell, amount, BELOW_LOT, parent))
                continue
            try:
                shared = share_bounded(sharing, weights, kept, amount, (floor, cap), unit)
            except ApportionmentRefused as refused:
                what = f"{cell.source}, {cell.capital_type}{self.place(parent)}: {refused}"
                todo = "sửa tiêu chí, mức sàn hoặc mức trần của quy tắc"
                self.problems.append(Problem(self.where(line), what, todo))
                continue
            if shared.unplaced:
                self.unplaced.append(Unplaced(cell, shared.unplaced, CAPS_REACHED, parent))
            self.portions[cell, parent] = Portion(
                cell, parent, amount, sharing, scores, shared, unit, kept
            )

    def result(self, pots: Mapping[Cell, int]) -> Distribution:
        if self.problems:
            raise InputRefused(self.problems)
        return Distribution(
            self.rule_set,
            self.units,
            MappingProxyType(dict(pots)),
            MappingProxyType(self.agencies),
            tuple(self.fixed),
            MappingProxyType(self.portions),
            tuple(self.unplaced),
        )


def taking_part(sharing: Sharing, weights: IntArray, pool: int) -> BoolArray:
    """Return which units share a line's capital of a type: all, or those that reach the lot."""
    if sharing.minimum_lot is not None and sharing.minimum_lot.action == "drop":
        return kept_by_lot(pool, weights, sharing.minimum_lot.amount)
    return np.ones(len(weights), dtype=np.bool_)


def parts_of_bound(
    bound: Bound | None, amounts: Sequence[int], unit: int, *, up: bool
) -> list[int | None]:
    """Return what part of a unit's floor or cap each pot carries (đồng), in proportion to the pots.

    The parts add up to the bound in whole rounding units: a floor rounded up, a cap down.
    """
    pool = sum(amounts)
    if bound is None or not pool:
        return [None] * len(amounts)
    whole = bound.amount if bound.amount is not None else pool * (bound.percent or 0) / 100
    steps = Fraction(whole) / unit
    number = -(-steps.numerator // steps.denominator) if up else steps.__floor__()
    return list(apportion(number * unit, enumerate(amounts), unit=unit).amounts.values())


def share_bounded(
    sharing: Sharing,
    weights: IntArray,
    kept: BoolArray,
    amount: int,
    bounds: tuple[int | None, int | None],
    unit: int,
) -> Shared:
    """Share one pot among the units that take part, each within floor and cap.

    Raises:
        ApportionmentRefused: the weights are all zero, or the floors exceed the pot.
    """
    floor, cap = (
        None if bound is None else np.where(kept, bound, 0).astype(np.int64) for bound in bounds
    )
    return share(
        amount,
        weights if kept.all() else np.where(kept, weights, 0),
        unit=unit,
        method=sharing.method,
        ties=sharing.ties,
        floors=floor,
        caps=cap,
    )


def distribute(
    rule_set: RuleSet, pots: Mapping[Cell, int], units: Mapping[str, Units], unit: int
) -> Distribution:
    """Share pots by a rule set over units of each level ("district", "commune").

    Args:
        rule_set: the rules; every line with money needs one.
        pots: đồng by cell.
        units: those of each level that a rule may speak of.
        unit: the rounding unit (đồng) where the rule set states none.

    Returns:
        A `Distribution` in which every pot is accounted for to the đồng.

    Raises:
        InputRefused: rules and data do not fit; every problem is in it, nothing is allocated.
    """
    work = _Distributor(rule_set, units, unit)
    lines: dict[str, dict[Cell, int]] = defaultdict(dict)
    for cell, amount in pots.items():
        if amount:
            lines[cell.line][cell] = amount
    for line, cells in lines.items():
        work.line(line, cells)
    return work.result(pots)

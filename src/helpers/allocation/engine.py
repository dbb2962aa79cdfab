"""A plan's capital, shared to the đồng by written rules.

Three steps, each exact at its margins:
1. by capital type: what rules give themselves and known amounts first, then by the lines' weights;
2. each line's amount of a type over the sources that fund this type, so that every line and every
   source keeps its total; such a cell (line × source × type) is a pot;
3. each pot over agencies, districts and communes by the line's rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from helpers.allocation.cube import cube_frame
from helpers.allocation.distribution import distribute
from helpers.allocation.model import Cell, Distribution, Portion, Unplaced
from helpers.data.dataset import DataSet
from helpers.data.units import commune_units, district_units
from helpers.money import apportion, apportion_table
from helpers.plan.model import Plan
from helpers.plan.rules.model import Missing, RuleSet
from helpers.plan.rules.pots import pot_amount

__all__ = ["Allocation", "allocate", "pots_of"]

NO_LINE = "chưa có dự án, tiểu dự án nào được bố trí"


def _given(plan: Plan, rule_set: RuleSet) -> dict[Cell, int]:
    """Return what the rules themselves give lines, in whole rounding units."""
    funding = plan.funding_table
    found: dict[Cell, int] = {}
    for rule in rule_set.rules:
        for pot in rule.pots:
            amount = pot_amount(pot, funding[pot.source, pot.type], plan.rounding_unit)
            if not isinstance(amount, Missing):
                found |= {Cell(line, pot.source, pot.type): amount for line in rule.lines}
    return found


def _line_amounts(plan: Plan, capital_type: str, left: int, taken: Iterable[str]) -> dict[str, int]:
    """Return each line's amount of a type that its split gives: known ones, then by weights."""
    splits = {
        line.code: line.split[capital_type]
        for line in plan.lines
        if capital_type in line.split and line.code not in set(taken)
    }
    amounts = {code: split.amount for code, split in splits.items() if split.amount is not None}
    weights = {code: split.weight for code, split in splits.items() if split.weight is not None}
    if any(weights.values()):
        rest = left - sum(amounts.values())
        amounts |= apportion(rest, weights, unit=plan.rounding_unit).amounts
    return {code: amounts.get(code, 0) for code in splits}


def pots_of(plan: Plan, rule_set: RuleSet) -> tuple[dict[Cell, int], tuple[Unplaced, ...]]:
    """Return the pots, in the order of lines, types and sources, and what no line takes."""
    given = _given(plan, rule_set)
    found: dict[Cell, int] = dict(given)
    unplaced = []
    for capital_type in plan.type_totals:
        columns = {
            source: amount
            - sum(
                gift
                for cell, gift in given.items()
                if (cell.source, cell.capital_type) == (source, kind)
            )
            for (source, kind), amount in plan.funding_table.items()
            if kind == capital_type
        }
        taken = [cell.line for cell in given if cell.capital_type == capital_type]
        left = sum(columns.values())
        rows = _line_amounts(plan, capital_type, left, taken)
        rows[""] = left - sum(rows.values())
        table = apportion_table(rows, columns, unit=plan.rounding_unit)
        for (code, source), amount in table.items():
            cell = Cell(code, source, capital_type)
            if code:
                found[cell] = amount
            elif amount:
                unplaced.append(Unplaced(cell, amount, NO_LINE))
    ordered = {
        cell: found[cell]
        for line in plan.lines
        for capital_type in plan.type_totals
        for source in plan.capital.sources
        if (cell := Cell(line.code, source, capital_type)) in found
    }
    return ordered, tuple(unplaced)


@dataclass(frozen=True, eq=False)
class Allocation:
    """A plan's whole allocation: its pots, how each was shared, and what stands unallocated."""

    plan: Plan
    data: DataSet
    distribution: Distribution
    without_line: tuple[Unplaced, ...]

    @property
    def rule_set(self) -> RuleSet:
        """Return the rules by which it was made."""
        return self.distribution.rule_set

    @property
    def pots(self) -> Mapping[Cell, int]:
        """Return đồng by line, source and capital type."""
        return self.distribution.pots

    @property
    def portions(self) -> Mapping[tuple[Cell, str], Portion]:
        """Return every sharing, by pot and district ("" for the pot itself)."""
        return self.distribution.portions

    @property
    def unplaced(self) -> tuple[Unplaced, ...]:
        """Return all that is not allocated, with its reason."""
        return (*self.distribution.unplaced, *self.without_line)

    @cached_property
    def lines(self) -> Mapping[tuple[str, str], int]:
        """Return đồng by line and capital type."""
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for cell, amount in self.pots.items():
            sums[cell.line, cell.capital_type] += amount
        return MappingProxyType(dict(sums))

    @cached_property
    def cube(self) -> pd.DataFrame:
        """Return every đồng of the year once, by line, unit, source and capital type."""
        return cube_frame(self.distribution, self.plan.year, self.without_line)


def allocate(plan: Plan, data: DataSet, rules: RuleSet | None = None) -> Allocation:
    """Share the plan's capital by its rules, or by another rule set.

    Counts of poor households are those at the end of the year before the plan's.

    Returns:
        An `Allocation` whose amounts (đồng) add up exactly to the plan's total, to each funding
        cell (source × type), to each line and to each known amount; what could not be placed is
        in `unplaced`.

    Raises:
        InputRefused: rules and data do not fit; every problem is in it.
    """
    rule_set = rules or plan.rule_set
    year = plan.year - 1
    units = {"district": district_units(data, year), "commune": commune_units(data, year)}
    pots, without_line = pots_of(plan, rule_set)
    distribution = distribute(rule_set, pots, units, plan.rounding_unit)
    return Allocation(plan, data, distribution, without_line)

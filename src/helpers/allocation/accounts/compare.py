"""Before and after, unit by unit: by other rules or last year, who gains and loses, and why.

How a difference is taken apart stands in `attribution`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from helpers.allocation.accounts.attribution import (
    ALL,
    NOBODY,
    POT,
    LineTaken,
    Unit,
    effects_between,
    effects_since,
    lines_taken,
    main_effect,
    sum_of_fractions,
    whole_effects,
)
from helpers.allocation.accounts.register import check_units
from helpers.allocation.accounts.tables import TOTAL, TOTAL_NAME, unit_result
from helpers.allocation.cube import UNPLACED, UNPLACED_NAME
from helpers.allocation.engine import Allocation
from helpers.data.published import Result
from helpers.data.unit_names import resolver
from helpers.errors import InputRefused
from helpers.marks import merge_marks
from helpers.rates import announced_rate

__all__ = [
    "biggest_moves",
    "compare_last_year",
    "compare_rules",
    "comparison_effects",
    "last_year_effects",
]

NO_LINE_NAME = "Chưa bố trí cho dự án, tiểu dự án"
GAIN, LOSS = "tăng", "giảm"
_LEVELS = ("district", "agency", UNPLACED, TOTAL)

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
    return _Move(
        line, unit, before, after, {name: sum_of_fractions(own) for name, own in parts.items()}
    )


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
    was = lines_taken(before.distribution, before.without_line)
    now = lines_taken(after.distribution, after.without_line)
    moves = []
    for line in _ordered(after, {*was, *now}):
        old, new = was.get(line, LineTaken()), now.get(line, LineTaken())
        for unit in {**old.amounts, **new.amounts}:
            amounts = old.amounts.get(unit, 0), new.amounts.get(unit, 0)
            moves.append(_Move(line, unit, *amounts, effects_between(old, new, unit)))
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
    formula stands in `attribution`. Without anything to compare with it is empty.
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
    now = lines_taken(allocation.distribution, allocation.without_line, _sources(allocation))
    moves = []
    for line in _ordered(allocation, {*assigned, *now}):
        last, new = assigned.get(line, {}), now.get(line, LineTaken())
        for unit in {**last, **new.amounts}:
            amounts = last.get(unit, 0), new.amounts.get(unit, 0)
            moves.append(_Move(line, unit, *amounts, effects_since(last, new, unit)))
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

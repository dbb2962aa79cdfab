"""Which cells of tied tables must be hidden so that no small number can be told.

A small cell (0 < n < threshold) is hidden by the rule: primary suppression (ẩn sơ cấp). Other
cells are hidden with it where the printed numbers and the relations would tell it: secondary
suppression (ẩn thứ cấp). Nothing is rounded or changed, so what is printed still adds up.

The level of protection. A reader is granted to know every printed cell, every relation, that no
count is below zero, and even which hidden cells are small ones, hence from 1 to threshold - 1.
A small cell is protected when that reader must still think it possible that it is 1, and that
it is threshold - 1: the print then tells no more of it than the rule does. Every other hidden cell
has at least two possible values. A number counts as possible only by a whole-number example that
fits everything printed; each is checked in whole numbers and not taken from a solver on trust.
So a sum of hidden cells that can be told is at least threshold - 1 where one of them is small.

A zero is no household and is printed. Where a total and zeros alone would tell a small cell, other
cells are hidden, zeros last of all: a hidden zero can only be larger, and protects only that way.

Searching the cheapest set of other cells is hard; here each small cell in turn asks for the
cheapest moves of printed cells (by a linear programme) that let it be 1 and threshold - 1, and at
the end cells that turned out not to be needed are printed again, the dearest first. The answer is
safe, small, the same every time, and not necessarily the smallest.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.poverty.disclosure.block import (
    Block,
    BoolArray,
    FloatArray,
    Goal,
    IntArray,
    Relations,
    moved,
    undetermined,
)

__all__ = ["Relation", "Suppression", "suppress"]

Relation = Mapping[Any, int]
"""Coefficients by cell (anything hashable) of a sum that is zero."""

ZERO_COST = 300
"""What hiding a zero costs: more than any number that a province can have."""


@dataclass(frozen=True)
class Suppression:
    """Which cells are hidden, and of which small ones the print still says too much.

    `exposed`: small cells that a reader can tell all the same, since they are fixed or since
    everything that could be hidden is. `narrow`: small cells with at least two possible values,
    but of which the print tells more than that they are small. Both are judged by the reader who
    also knows which hidden cells are small.
    """

    hidden: frozenset[Hashable] = frozenset()
    exposed: frozenset[Hashable] = frozenset()
    narrow: frozenset[Hashable] = frozenset()


def suppress(
    values: Mapping[Any, int],
    relations: Iterable[Relation],
    threshold: int,
    *,
    costs: Mapping[Any, int] | None = None,
    fixed: Collection[Hashable] = frozenset(),
    unpublished: Collection[Hashable] = frozenset(),
    signed: Collection[Hashable] = frozenset(),
) -> Suppression:
    """Return which cells to hide so that none with 0 < value < threshold can be told.

    Args:
        values: each cell's whole number.
        relations: each a coefficient by cell; the weighted sum is known to be zero. Where the
            values do not add up, a reader is granted to know by how much.
        threshold: numbers from 1 to threshold - 1 are small.
        costs: how much dearer than a plain cell it is to hide this one; 1 where not named.
        fixed: cells that are printed elsewhere, and so cannot be hidden.
        unpublished: cells that no table prints; they are not hidden, nobody knows them.
        signed: differences, which may be below zero and are never small.

    The order of cells and relations makes no difference.

    Raises:
        KeyError: a relation names a cell without a value.
    """
    small = {
        cell
        for cell, value in values.items()
        if 0 < value < threshold and cell not in unpublished and cell not in signed
    }
    wanted = small.difference(fixed)
    if not wanted:
        return Suppression(exposed=frozenset(small))
    free = [cell for cell in values if cell not in fixed]
    hidden: set[Hashable] = set()
    exposed, narrow = small.intersection(fixed), set()
    for cells, rows in _blocks(free, wanted, _rows(values, relations, free)):
        facts = _Facts(
            np.array([values[cell] for cell in cells], dtype=np.int64),
            np.array([_cost(abs(values[cell])) * (costs or {}).get(cell, 1) for cell in cells]),
            np.array([cell in wanted for cell in cells]),
            np.array([cell not in unpublished for cell in cells]),
            np.array([cell in signed for cell in cells]),
        )
        block = _block(facts, rows, threshold)
        shown, reached = _protect(block)
        hidden.update(cells[place] for place in np.flatnonzero(shown))
        for place in np.flatnonzero(block.small):
            goals = [goal for goal in block.goals if goal.cell == place]
            if not any(reached[goal] for goal in goals):
                exposed.add(cells[place])
            elif any(reached[goal] < block.goals[goal] for goal in goals):
                narrow.add(cells[place])
    return Suppression(frozenset(hidden), frozenset(exposed), frozenset(narrow))


@dataclass(frozen=True, eq=False)
class _Facts:
    """What is known of each cell, by number."""

    values: IntArray
    costs: IntArray
    small: BoolArray
    published: BoolArray
    signed: BoolArray


_Row = Sequence[tuple[int, int]]
"""A relation: cells by number, each with its coefficient."""


def _rows(
    values: Mapping[Any, int], relations: Iterable[Relation], free: Sequence[Any]
) -> list[_Row]:
    """Return the relations among the cells that can be hidden, by their numbers."""
    number = {cell: place for place, cell in enumerate(free)}
    rows: list[_Row] = []
    for relation in relations:
        row = []
        for cell, by in relation.items():
            place = number.get(cell)
            if place is None and cell not in values:
                raise KeyError(cell)
            if place is not None and by:
                row.append((place, int(by)))
        if row:
            rows.append(row)
    return rows


def _blocks(
    free: Sequence[Any], wanted: Collection[Any], rows: Sequence[_Row]
) -> Iterable[tuple[list[Any], list[_Row]]]:
    """Yield the cells that hang together, and their relations, where one of them is wanted.

    Only these are put in order, cells by their names and relations by their cells, each once.
    """
    parent = list(range(len(free)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for row in rows:
        first = root(row[0][0])
        for place, _ in row[1:]:
            parent[root(place)] = first
    tops = dict.fromkeys(root(place) for place, cell in enumerate(free) if cell in wanted)
    members: dict[int, list[int]] = {top: [] for top in tops}
    own: dict[int, list[_Row]] = {top: [] for top in tops}
    for place in range(len(parent)):
        if (top := root(place)) in members:
            members[top].append(place)
    for row in rows:
        if (top := root(row[0][0])) in own:
            own[top].append(row)
    for top, places in members.items():
        ordered = sorted(places, key=lambda place: repr(free[place]))
        local = {place: index for index, place in enumerate(ordered)}
        turned = {_turned([(local[place], by) for place, by in row]) for row in own[top]}
        ties: list[_Row] = [*sorted(turned)]
        yield [free[place] for place in ordered], ties


def _turned(row: _Row) -> tuple[tuple[int, int], ...]:
    """Return a relation in the order of its cells, the first of them with a coefficient above 0."""
    ordered = sorted(row)
    sign = 1 if ordered[0][1] > 0 else -1
    return tuple((place, sign * by) for place, by in ordered)


def _block(facts: _Facts, rows: Sequence[_Row], threshold: int) -> Block:
    values, small = facts.values, facts.small
    # A threshold of 2 leaves a single small number; there a 1 must be able to be a 2.
    largest = max(threshold - 1, 2)
    up = np.where(small, largest - values, np.inf)
    down = np.where(small, values - 1, np.maximum(values, 0))
    down = np.where(facts.signed, np.inf, down)
    goals = {
        Goal(int(place), sign): int(room[place])
        for place in np.flatnonzero(small)
        for sign, room in ((1, up), (-1, down))
        if room[place]
    }
    ties = _relations(rows, len(values))
    return Block(ties, up, down, facts.costs, facts.published, small, goals)


def _cost(value: int) -> int:
    """Return what hiding a number costs: eight for every doubling, in whole steps between."""
    length = value.bit_length()
    return 8 * length + (8 * value >> length - 1) - 8 if length else ZERO_COST


def _relations(rows: Sequence[_Row], width: int) -> Relations:
    places = [(line, place, by) for line, row in enumerate(rows) for place, by in row]
    lines, cells, entries = np.array(places, dtype=np.int64).reshape(-1, 3).T
    return Relations(lines, cells, entries, len(rows), width)


class _Proofs:
    """Moves that fit everything printed, and the goals that they reach."""

    def __init__(self, steps: Mapping[Goal, int], moves: Sequence[IntArray] = ()) -> None:
        self.steps = dict(steps)
        self.moves = list(moves)
        self._cells = [goal.cell for goal in steps]
        self._signs = np.array([goal.sign for goal in steps], dtype=np.int64)
        self._farthest = np.zeros(len(steps), dtype=np.int64)
        if self._cells and self.moves:
            reach = np.stack(self.moves)[:, self._cells] * self._signs
            self._farthest = reach.max(axis=0)

    def add(self, move: IntArray) -> None:
        """Take in one more move."""
        self.moves.append(move)
        self._farthest = np.maximum(self._farthest, move[self._cells] * self._signs)

    def unmet(self) -> list[Goal]:
        """Return the goals that no move reaches."""
        far = self._farthest.tolist()
        waiting = zip(self.steps.items(), far, strict=True)
        return [goal for (goal, step), reach in waiting if reach < step]


def _protect(block: Block) -> tuple[BoolArray, Mapping[Goal, int]]:
    """Return which cells to hide, and how far each small cell can then move."""
    hidden = block.small.copy()
    proofs = _Proofs(block.goals)
    everything = np.ones(len(hidden), dtype=np.bool_)
    for goal in block.goals:
        waiting = proofs.unmet()
        if goal not in waiting:
            continue
        prices = np.where(hidden | ~block.published, 0, block.costs).astype(float)
        move = moved(block, everything, prices, _wishes(block, goal, waiting))
        proofs.add(move)
        proofs.steps[goal] = abs(int(move[goal.cell]))
        hidden |= (move != 0) & block.published
    reachable = {goal: step for goal, step in proofs.steps.items() if step}
    hidden = _relent(block, hidden, _Proofs(reachable, proofs.moves))
    return hidden, proofs.steps


def _wishes(block: Block, goal: Goal, waiting: Sequence[Goal]) -> FloatArray:
    """Return what moves are worth: the goal's more than all else, the others' next to nothing.

    The others move along only where that costs nothing, so that one programme serves many goals.
    """
    wishes = np.zeros(len(block.costs))
    for other in sorted(waiting, key=lambda one: one.sign == goal.sign):
        wishes[other.cell] = other.sign / len(waiting)
    wishes[goal.cell] = goal.sign * (1 + block.costs.sum())
    return wishes


def _relent(block: Block, hidden: BoolArray, proofs: _Proofs) -> BoolArray:
    """Return what must stay hidden: cells that no goal needs are printed, the dearest first."""
    others = np.flatnonzero(hidden & ~block.small)
    for cell in sorted(others.tolist(), key=lambda place: (-block.costs[place], place)):
        fewer = hidden.copy()
        fewer[cell] = False
        kept = _Proofs(proofs.steps, [move for move in proofs.moves if not move[cell]])
        if _proved(block, fewer, kept, cell):
            hidden, proofs = fewer, kept
    movable = np.any([move != 0 for move in proofs.moves], axis=0) if proofs.moves else False
    return hidden & (block.small | movable)


def _proved(block: Block, hidden: BoolArray, proofs: _Proofs, shown: int) -> bool:
    """Tell whether every goal is reached with only these cells hidden; add the moves that do.

    Goals near the cell that is now shown are tried first, since they are the likeliest to fail.
    """
    unmet = proofs.unmet()
    if not unmet:
        return True
    free, prices = undetermined(block, hidden), np.zeros(len(hidden))
    if not free[[goal.cell for goal in unmet]].all():
        return False
    near = block.relations.near(shown)
    while unmet:
        goal = min(unmet, key=lambda one: not near[one.cell])
        move = moved(block, free, prices, _wishes(block, goal, unmet))
        if goal.sign * move[goal.cell] < proofs.steps[goal]:
            return False
        proofs.add(move)
        unmet = proofs.unmet()
    return True

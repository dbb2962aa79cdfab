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
    determined,
    moved,
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
    cells = sorted(set(values).difference(fixed), key=repr)
    number = {cell: place for place, cell in enumerate(cells)}
    facts = _Facts(
        np.array([values[cell] for cell in cells], dtype=np.int64),
        np.array([_cost(abs(values[cell])) * (costs or {}).get(cell, 1) for cell in cells]),
        np.array([cell in wanted for cell in cells]),
        np.array([cell not in unpublished for cell in cells]),
        np.array([cell in signed for cell in cells]),
    )
    hidden: set[Hashable] = set()
    exposed, narrow = small.intersection(fixed), set()
    for members, rows in _blocks(facts.small, _rows(values, relations, number)):
        block = _block(facts.of(members), rows, threshold)
        shown, reached = _protect(block)
        hidden.update(cells[members[place]] for place in np.flatnonzero(shown))
        for place in np.flatnonzero(block.small):
            goals = [goal for goal in block.goals if goal.cell == place]
            if not any(reached[goal] for goal in goals):
                exposed.add(cells[members[place]])
            elif any(reached[goal] < block.goals[goal] for goal in goals):
                narrow.add(cells[members[place]])
    return Suppression(frozenset(hidden), frozenset(exposed), frozenset(narrow))


@dataclass(frozen=True, eq=False)
class _Facts:
    """What is known of each cell, by number."""

    values: IntArray
    costs: IntArray
    small: BoolArray
    published: BoolArray
    signed: BoolArray

    def of(self, members: Sequence[int]) -> _Facts:
        """Return what is known of some cells."""
        numbers = self.values[members], self.costs[members]
        return _Facts(*numbers, self.small[members], self.published[members], self.signed[members])


_Row = tuple[tuple[int, int], ...]


def _rows(
    values: Mapping[Any, int], relations: Iterable[Relation], number: Mapping[Hashable, int]
) -> list[_Row]:
    """Return the relations among cells that can be hidden, each once, in a fixed order."""
    rows = set()
    for relation in relations:
        for cell in relation:
            if cell not in values:
                raise KeyError(cell)
        row = sorted((number[cell], int(by)) for cell, by in relation.items() if cell in number)
        row = [(place, by) for place, by in row if by]
        if row:
            sign = 1 if row[0][1] > 0 else -1
            rows.add(tuple((place, sign * by) for place, by in row))
    return sorted(rows)


def _blocks(small: BoolArray, rows: Sequence[_Row]) -> Iterable[tuple[list[int], list[_Row]]]:
    """Yield the cells that hang together, and their relations, where one of them is small."""
    parent = list(range(len(small)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for row in rows:
        first = root(row[0][0])
        for place, _ in row[1:]:
            parent[root(place)] = first
    members: dict[int, list[int]] = {root(place): [] for place in np.flatnonzero(small).tolist()}
    own: dict[int, list[_Row]] = {top: [] for top in members}
    for place in range(len(parent)):
        if (top := root(place)) in members:
            members[top].append(place)
    for row in rows:
        if (top := root(row[0][0])) in own:
            own[top].append(row)
    for top, places in members.items():
        local = {place: index for index, place in enumerate(places)}
        yield places, [tuple((local[place], by) for place, by in row) for row in own[top]]


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
    ties = _matrix(rows, len(values))
    return Block(ties, up, down, facts.costs, facts.published, small, goals)


def _cost(value: int) -> int:
    """Return what hiding a number costs: eight for every doubling, in whole steps between."""
    length = value.bit_length()
    return 8 * length + (8 * value >> length - 1) - 8 if length else ZERO_COST


def _matrix(rows: Sequence[_Row], width: int) -> Any:
    places = [(line, place, by) for line, row in enumerate(rows) for place, by in row]
    lines, columns, entries = np.array(places, dtype=np.int64).reshape(-1, 3).T
    from scipy.sparse import csr_array

    return csr_array((entries, (lines, columns)), shape=(len(rows), width), dtype=np.int64)


class _Proofs:
    """Moves that fit everything printed, and the goals that they reach."""

    def __init__(self, steps: Mapping[Goal, int], moves: Iterable[IntArray] = ()) -> None:
        self.steps = dict(steps)
        self.moves = list(moves)

    def unmet(self) -> list[Goal]:
        """Return the goals that no move reaches."""
        goals = list(self.steps)
        if not self.moves or not goals:
            return goals
        cells, signs = zip(*goals, strict=True)
        reach = np.stack(self.moves)[:, cells] * signs
        met = (reach >= list(self.steps.values())).any(axis=0)
        return [goal for goal, reached in zip(goals, met.tolist(), strict=True) if not reached]


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
        proofs.moves.append(move)
        proofs.steps[goal] = abs(int(move[goal.cell]))
        hidden |= (move != 0) & block.published
    proofs.steps = {goal: step for goal, step in proofs.steps.items() if step}
    hidden = _relent(block, hidden, proofs)
    return hidden, {goal: proofs.steps.get(goal, 0) for goal in block.goals}


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
        kept = _Proofs(proofs.steps, (move for move in proofs.moves if not move[cell]))
        if _proved(block, fewer, kept, cell):
            hidden, proofs = fewer, kept
    movable = np.any([move != 0 for move in proofs.moves], axis=0) if proofs.moves else False
    return hidden & (block.small | movable)


def _proved(block: Block, hidden: BoolArray, proofs: _Proofs, shown: int) -> bool:
    """Tell whether every goal is reached with only these cells hidden; add the moves that do.

    Goals near the cell that is now shown are tried first, since they are the likeliest to fail.
    """
    unmet = proofs.unmet()
    if unmet and determined(block, hidden)[[goal.cell for goal in unmet]].any():
        return False
    free, prices = hidden | ~block.published, np.zeros(len(hidden))
    near = block.near(shown) if unmet else free
    while unmet:
        goal = min(unmet, key=lambda one: not near[one.cell])
        move = moved(block, free, prices, _wishes(block, goal, unmet))
        if goal.sign * move[goal.cell] < proofs.steps[goal]:
            return False
        proofs.moves.append(move)
        unmet = proofs.unmet()
    return True

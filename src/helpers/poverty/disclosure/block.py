"""Cells that relations tie together, and other numbers that fit the same print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "Block",
    "BoolArray",
    "FloatArray",
    "Goal",
    "IntArray",
    "Relations",
    "Ties",
    "cheapest",
    "moved",
    "undetermined",
]

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Goal(NamedTuple):
    """A small cell that must be able to be another number: a larger one (+1) or a smaller (-1)."""

    cell: int
    sign: int


class Ties(NamedTuple):
    """Relations column by column: where each column's entries start, their lines and values."""

    starts: IntArray
    lines: IntArray
    entries: IntArray
    height: int


@dataclass(frozen=True, eq=False)
class Relations:
    """Whole coefficients of cells in relations: only those that are not zero, with their places.

    Plain arrays, in which one relation follows the other: importing a library of sparse matrices
    takes longer than all that is done with them here.
    """

    lines: IntArray
    cells: IntArray
    entries: IntArray
    height: int
    width: int

    def hold(self, moves: IntArray) -> bool:
        """Tell whether the moves leave every relation as it is."""
        sums = np.zeros(self.height, dtype=np.int64)
        np.add.at(sums, self.lines, self.entries * moves[self.cells])
        return not sums.any()

    def within(self, lines: BoolArray) -> BoolArray:
        """Tell which cells some of the relations name."""
        named = np.zeros(self.width, dtype=np.bool_)
        named[self.cells[lines[self.lines]]] = True
        return named

    def near(self, cell: int) -> BoolArray:
        """Tell which cells have a relation in common with a cell."""
        lines = np.zeros(self.height, dtype=np.bool_)
        lines[self.lines[self.cells == cell]] = True
        return self.within(lines)

    def naming_one(self, cells: BoolArray) -> BoolArray:
        """Tell which relations name a single one of the cells."""
        return np.asarray(np.bincount(self.lines[cells[self.cells]], minlength=self.height) == 1)

    @cached_property
    def _by_cell(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return columns, lines and entries of moves, then of moves the other way."""
        order = np.argsort(self.cells, kind="stable")
        cells, lines, entries = self.cells[order], self.lines[order], self.entries[order]
        columns = np.concatenate([cells, cells + self.width])
        return columns, np.tile(lines, 2), np.concatenate([entries, -entries])

    def both_ways(self, used: BoolArray) -> Ties:
        """Return the used columns of the relations of moves, then of moves the other way."""
        columns, lines, entries = self._by_cell
        kept = used[columns]
        sizes = np.bincount(columns[kept], minlength=len(used))[used]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        return Ties(starts, lines[kept], entries[kept], self.height)


@dataclass(frozen=True, eq=False)
class Block:
    """Cells that relations tie together, by number.

    `up` and `down` say how far a reader must think that a cell may be above and below its value.
    `costs` are those of hiding a cell; `published` is false for cells that no table prints. `goals`
    tells of each small cell how far it should be able to move, so that the print says no more than
    the rule itself.
    """

    relations: Relations
    up: FloatArray
    down: FloatArray
    costs: IntArray
    published: BoolArray
    small: BoolArray
    goals: Mapping[Goal, int]


def moved(block: Block, free: BoolArray, prices: FloatArray, wishes: FloatArray) -> IntArray:
    """Return whole moves of the free cells that keep every relation and every bound.

    Moving a cell by one costs its price; a wish above zero is what it is worth to move the cell
    up by one, one below zero to move it down. The moves are the best found by the simplex method
    where those are whole, else by branch and bound; that they keep the relations is then tested
    in whole numbers. No move at all is always right, and is the answer where nothing was found.
    """
    # Up and down are two variables, so that what need not move stays where it is.
    room = np.concatenate([block.up, block.down])
    used = np.tile(free, 2) & (room > 0)
    worth = np.concatenate([prices - wishes, prices + wishes])[used]
    ties, room = block.relations.both_ways(used), room[used]
    steps = np.zeros(len(used), dtype=np.int64)
    for whole in (False, True):
        answer = cheapest(worth, room, ties, whole=whole)
        if answer is None:
            continue
        found = np.rint(answer).astype(np.int64)
        if (found < 0).any() or (found > room).any():
            continue
        steps[used] = found
        moves = steps[: len(free)] - steps[len(free) :]
        if block.relations.hold(moves):
            return moves
    return np.zeros(len(free), dtype=np.int64)


def cheapest(worth: FloatArray, room: FloatArray, ties: Ties, *, whole: bool) -> FloatArray | None:
    """Return the cheapest moves from zero up to their room that leave every tie at zero.

    The answer is that of `scipy.optimize.milp`, which takes three times as long for it: on such
    small programmes it spends more on checking and translating than HiGHS does on solving.
    """
    highs, solver = _solver(whole)
    columns, nothing = len(worth), np.zeros(ties.height)
    solver.passModel(
        columns,
        ties.height,
        len(ties.entries),
        int(highs.MatrixFormat.kColwise),
        int(highs.ObjSense.kMinimize),
        0.0,
        worth,
        np.zeros(columns),
        room,
        nothing,
        nothing,
        ties.starts.astype(np.int32),
        ties.lines.astype(np.int32),
        ties.entries.astype(np.float64),
        np.full(columns, int(whole), dtype=np.int32),
    )
    solver.run()
    solved = solver.getModelStatus() == highs.HighsModelStatus.kOptimal
    return np.array(solver.getSolution().col_value) if solved else None


@cache
def _solver(whole: bool) -> tuple[Any, Any]:
    """Return HiGHS and a solver of programmes, in whole numbers or not.

    One solver takes all programmes, since making it costs as much as solving a small one. A model
    that it is handed clears what it knew of the last, so an answer depends on its own model alone.
    """
    import highspy

    highs: Any = highspy  # its package tells no types
    options, solver = highs.HighsOptions(), highs.Highs()
    options.log_to_console, options.mip_rel_gap = False, 0.0
    # Presolving costs more than such small programmes do.
    options.presolve = "on" if whole else "off"
    solver.passOptions(options)
    return highs, solver


def undetermined(block: Block, hidden: BoolArray) -> BoolArray:
    """Tell which unknown cells do not follow one after the other from relations with one unknown.

    A quick test that needs no solver: that the others follow is certain, but of these some may
    follow too.
    """
    unknown = hidden | ~block.published
    while True:
        solved = unknown & block.relations.within(block.relations.naming_one(unknown))
        if not solved.any():
            return unknown
        unknown = unknown & ~solved

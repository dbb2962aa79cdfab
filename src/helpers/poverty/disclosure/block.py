"""Cells that relations tie together, and other numbers that fit the same print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "Block",
    "BoolArray",
    "FloatArray",
    "Goal",
    "IntArray",
    "cheapest",
    "determined",
    "moved",
]

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Goal(NamedTuple):
    """A small cell that must be able to be another number: a larger one (+1) or a smaller (-1)."""

    cell: int
    sign: int


@dataclass(frozen=True, eq=False)
class Block:
    """Cells that relations tie together, by number.

    `relations` is a sparse matrix of whole numbers, a row a relation. `up` and `down` say how far
    a reader must think that a cell may be above and below its value. `costs` are those of hiding a
    cell; `published` is false for cells that no table prints. `goals` tells of each small cell how
    far it should be able to move, so that the print says no more than the rule itself.
    """

    relations: Any
    up: FloatArray
    down: FloatArray
    costs: IntArray
    published: BoolArray
    small: BoolArray
    goals: Mapping[Goal, int]

    @cached_property
    def both(self) -> Any:
        """Return the relations of moves, then of moves the other way."""
        from scipy.sparse import hstack

        return hstack([self.relations, -self.relations], format="csc")

    @cached_property
    def named(self) -> Any:
        """Return, a row a relation, 1 for each cell that the relation names."""
        return abs(self.relations).sign()

    @cached_property
    def naming(self) -> Any:
        """Return the same, a row a cell."""
        return self.named.T.tocsr()

    def within(self, lines: BoolArray) -> BoolArray:
        """Tell which cells some of the relations name."""
        return np.asarray(self.naming @ lines.astype(np.int64) > 0)

    def near(self, cell: int) -> BoolArray:
        """Tell which cells have a relation in common with a cell."""
        lines = np.zeros(self.relations.shape[0], dtype=np.bool_)
        lines[self.naming.indices[slice(*self.naming.indptr[cell : cell + 2])]] = True
        return self.within(lines)


def moved(block: Block, free: BoolArray, prices: FloatArray, wishes: FloatArray) -> IntArray:
    """Return whole moves of the free cells that keep every relation and every bound.

    Moving a cell by one costs its price; a wish above zero is what it is worth to move the cell
    up by one, one below zero to move it down. The moves are the best found by the simplex method
    where those are whole, else by branch and bound; that they keep the relations is then tested
    in whole numbers. No move at all is always right, and is the answer where nothing was found.
    """
    # Up and down are two variables, so that what need not move stays where it is.
    room = np.concatenate([block.up, block.down])
    used = np.flatnonzero(np.tile(free, 2) & (room > 0))
    ties, worth = block.both[:, used], np.concatenate([prices - wishes, prices + wishes])
    steps = np.zeros(len(room), dtype=np.int64)
    for whole in (False, True):
        answer = cheapest(worth[used], room[used], ties, whole=whole)
        if answer is None:
            continue
        found = np.rint(answer).astype(np.int64)
        if not (ties @ found).any() and (found >= 0).all() and (found <= room[used]).all():
            steps[used] = found
            break
    return steps[: len(free)] - steps[len(free) :]


def cheapest(worth: FloatArray, room: FloatArray, ties: Any, *, whole: bool) -> FloatArray | None:
    """Return the cheapest moves from zero up to their room that leave every tie at zero.

    The answer is that of `scipy.optimize.milp`, which takes three times as long for it: on such
    small programmes it spends more on checking and translating than HiGHS does on solving.
    """
    import highspy

    highs: Any = highspy  # its package tells no types
    options, solver = highs.HighsOptions(), highs.Highs()
    options.log_to_console, options.mip_rel_gap = False, 0.0
    # Presolving costs more than such small programmes do.
    options.presolve = "on" if whole else "off"
    solver.passOptions(options)
    rows, columns = ties.shape
    nothing = np.zeros(rows)
    solver.passModel(
        columns,
        rows,
        ties.nnz,
        int(highs.MatrixFormat.kColwise),
        int(highs.ObjSense.kMinimize),
        0.0,
        worth,
        np.zeros(columns),
        room,
        nothing,
        nothing,
        ties.indptr,
        ties.indices,
        ties.data.astype(np.float64),
        np.full(columns, int(whole), dtype=np.int32),
    )
    solver.run()
    solved = solver.getModelStatus() == highs.HighsModelStatus.kOptimal
    return np.array(solver.getSolution().col_value) if solved else None


def determined(block: Block, hidden: BoolArray) -> BoolArray:
    """Tell which cells follow one after the other from relations with a single unknown.

    A quick test that needs no solver: what it finds is certain, but it does not find everything.
    """
    unknown = hidden | ~block.published
    while True:
        single = block.named @ unknown.astype(np.int64) == 1
        solved = unknown & block.within(single)
        if not solved.any():
            return hidden & ~unknown
        unknown = unknown & ~solved

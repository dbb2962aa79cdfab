"""A reader who tries to tell the hidden cells: whole-number programmes over all that is printed."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

__all__ = ["Reader"]

LARGE = 10**6
"""A number that no hidden cell reaches."""


class Reader:
    """Someone who knows all printed numbers, and how the cells of the tables are tied.

    `relations` are coefficients by cell; their right sides are `sums`, zeros where not given. A
    cell that is not printed is at least zero, or within bounds `between` that the reader knows by
    some other way. The first of a pair of `at_most` is not above the second.
    """

    def __init__(
        self,
        printed: Mapping[Any, int],
        relations: Iterable[Mapping[Any, int]],
        *,
        sums: Iterable[int] | None = None,
        between: Mapping[Any, tuple[int, int]] | None = None,
        at_most: Iterable[tuple[Hashable, Hashable]] = (),
    ) -> None:
        """Put the printed numbers in, so that the hidden cells' relations are left."""
        ties = list(relations)
        sides = list(sums) if sums is not None else [0] * len(ties)
        limits = [
            *((tie, side, side) for tie, side in zip(ties, sides, strict=True)),
            *(({part: 1, whole: -1}, -LARGE, 0) for part, whole in at_most),
        ]
        cells = {cell for tie, _, _ in limits for cell in tie if cell not in printed}
        cells |= set(between or {}).difference(printed)
        self.place = {cell: number for number, cell in enumerate(sorted(cells, key=repr))}
        rows, low, high = [], [], []
        for tie, least, most in limits:
            row, known = np.zeros(len(self.place)), 0
            for cell, by in tie.items():
                if cell in printed:
                    known += by * printed[cell]
                else:
                    row[self.place[cell]] += by
            if row.any():
                rows.append(row)
                low.append(least - known)
                high.append(most - known)
        bounds = [(between or {}).get(cell, (0, LARGE)) for cell in self.place]
        self.bounds = Bounds([least for least, _ in bounds], [most for _, most in bounds])
        self.ties = [LinearConstraint(np.array(rows), low, high)] if rows else []

    def example(self, worth: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return whole numbers that fit everything, as worthless as can be."""
        answer = milp(worth, bounds=self.bounds, constraints=self.ties, integrality=1)
        assert answer.status == 0, answer.message
        return np.rint(answer.x)

    def ends(self, cell: Hashable) -> tuple[int, int]:
        """Return a cell's least and greatest possible number; a large one stands for no limit."""
        if cell not in self.place:
            return 0, LARGE
        worth = np.zeros(len(self.place))
        worth[self.place[cell]] = 1
        least, most = (self.example(sign * worth)[self.place[cell]] for sign in (1, -1))
        return int(least), int(most)

    def told(self, cells: Collection[Hashable]) -> set[Hashable]:
        """Return those of the cells that have a single possible number."""
        open_cells = sorted((cell for cell in cells if cell in self.place), key=repr)
        told: set[Hashable] = set()
        if not open_cells:
            return told
        first = self.example(np.zeros(len(self.place)))
        other = first != first
        for cell in open_cells:
            for sign in (1, -1):
                if not other[self.place[cell]]:
                    worth = np.zeros(len(self.place))
                    worth[self.place[cell]] = sign
                    other |= self.example(worth) != first
            if not other[self.place[cell]]:
                told.add(cell)
        return told

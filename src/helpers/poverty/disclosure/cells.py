"""Tables as cells with names, and the relations that a reader of the tables knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from helpers.data.published import SUPPRESSED
from helpers.poverty.disclosure.suppression import Relation, Suppression, suppress

__all__ = ["CellName", "Layout", "Table", "area_totals", "guard_table", "row_sums", "same"]


class CellName(NamedTuple):
    """A count by its column and by the key of what it counts, (key column, value) in order.

    Rows may repeat a count (the whole of several parts): it is one cell. A `rest` is what parts
    leave of a whole: no table prints it, but everyone knows that it is not below zero.
    """

    column: str
    key: tuple[tuple[str, Hashable], ...]
    rest: bool = False

    def at(self, **changes: Hashable) -> CellName:
        """Return the cell with other values in its key."""
        key = [(name, changes.get(name, value)) for name, value in self.key]
        return CellName(self.column, tuple(key), self.rest)

    def of(self, column: str) -> CellName:
        """Return the cell of another column with the same key."""
        return CellName(column, self.key, self.rest)

    def get(self, name: str) -> Hashable:
        """Return a value of the key; None where it has no such part."""
        return next((value for key, value in self.key if key == name), None)


@dataclass(frozen=True)
class Layout:
    """What a table counts, and what follows from its counts.

    `counts` names for each column of counts the columns that tell its cells apart. `derived` names
    for each computed column the columns that it would betray. `signed` are differences of counts.
    """

    counts: Mapping[str, tuple[str, ...]]
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """A frame's counts as cells: each cell's value, and each column's cells row by row.

    A blank (None or NaN) is no cell.
    """

    values: Mapping[CellName, int]
    columns: Mapping[str, Sequence[CellName | None]]

    @classmethod
    def of(cls, frame: pd.DataFrame, layout: Layout) -> Table:
        """Return the cells of a frame."""
        values: dict[CellName, int] = {}
        columns: dict[str, list[CellName | None]] = {}
        for column, names in layout.counts.items():
            keys = zip(*(frame[name].tolist() for name in names), strict=True)
            cells = []
            for key, value in zip(keys, frame[column].tolist(), strict=True):
                blank = bool(pd.isna(value))
                cell = None if blank else CellName(column, tuple(zip(names, key, strict=True)))
                if cell is not None:
                    values[cell] = int(value)
                cells.append(cell)
            columns[column] = cells
        return cls(MappingProxyType(values), MappingProxyType(columns))

    def cells(self, *columns: str) -> Iterator[CellName]:
        """Yield the cells of some columns, each once."""
        yield from dict.fromkeys(
            cell for column in columns for cell in self.columns[column] if cell is not None
        )

    def known(self, relation: Mapping[CellName, int]) -> bool:
        """Tell whether every cell of a relation is in the table."""
        return all(cell in self.values for cell in relation)

    def holds(self, relation: Mapping[CellName, int]) -> bool:
        """Tell whether the numbers add up as a relation says."""
        return self.known(relation) and not sum(
            by * self.values[cell] for cell, by in relation.items()
        )


def row_sums(table: Table, total: str, **parts: int) -> Iterator[Relation]:
    """Yield, row by row, that a column is the sum of others, each with its sign."""
    for cell in table.cells(total):
        relation = {cell: -1, **{cell.of(part): sign for part, sign in parts.items()}}
        if table.known(relation):
            yield relation


def area_totals(table: Table, members: Mapping[str, Sequence[str]]) -> Iterator[Relation]:
    """Yield that each group's count is the sum of its districts'."""
    for cell in table.values:
        codes = members.get(str(cell.get("area_code")))
        if codes is not None:
            parts = [cell.at(area_code=code) for code in codes]
            yield {cell: -1, **{part: 1 for part in parts if part in table.values}}


def same(
    table: Table, column: str, other: Callable[[CellName], CellName | None]
) -> Iterator[Relation]:
    """Yield that a column's cells are those that `other` names, where the table has them."""
    for cell in table.cells(column):
        twin = other(cell)
        if twin is not None and twin in table.values:
            yield {cell: 1, twin: -1}


def guard_table(
    frame: pd.DataFrame,
    layout: Layout,
    table: Table,
    relations: Sequence[Relation],
    threshold: int,
    *,
    fixed: Collection[CellName] = frozenset(),
    rests: Sequence[Mapping[CellName, int]] = (),
    costs: Mapping[CellName, int] | None = None,
) -> tuple[pd.DataFrame, Suppression]:
    """Return the frame with its small cells and what would tell them hidden, and which those are.

    `table` has the frame's cells. Each of `rests` is a whole (-1) with parts (1) that together are
    not above it. A column in which nothing is hidden keeps its dtype; another becomes object. Rows
    keep their order.
    """
    unpublished, left = _rests(table, rests)
    found = suppress(
        {**table.values, **unpublished},
        [*relations, *left],
        threshold,
        costs=costs,
        fixed=fixed,
        unpublished=set(unpublished),
        signed=set(table.cells(*layout.signed)),
    )
    return _printed(frame, layout, table, found.hidden), found


def _rests(
    table: Table, wholes: Sequence[Mapping[CellName, int]]
) -> tuple[dict[CellName, int], list[Relation]]:
    """Return what parts leave of their wholes: the cells with their values, and the relations."""
    values: dict[CellName, int] = {}
    relations: list[Relation] = []
    for parts in wholes:
        if table.known(parts):
            first = next(cell for cell, by in parts.items() if by > 0)
            rest = CellName(first.column, first.key, rest=True)
            values[rest] = max(0, -sum(by * table.values[cell] for cell, by in parts.items()))
            relations.append({**parts, rest: 1})
    return values, relations


def _printed(
    frame: pd.DataFrame, layout: Layout, table: Table, hidden: frozenset[Hashable]
) -> pd.DataFrame:
    """Return the frame as it may be printed."""
    masks = {column: [cell in hidden for cell in cells] for column, cells in table.columns.items()}
    for column, sources in layout.derived.items():
        masks[column] = [any(row) for row in zip(*(masks[name] for name in sources), strict=True)]
    changed = {
        column: frame[column].astype(object).mask(pd.Series(mask, index=frame.index), SUPPRESSED)
        for column, mask in masks.items()
        if any(mask)
    }
    return frame.assign(**changed)

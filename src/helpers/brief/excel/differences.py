"""Which cells of a table follow from others in their row: differences and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpers.brief.excel.sums import FAMILY, Place, exact
from helpers.brief.excel.values import shown
from helpers.brief.table import Row, Table

__all__ = ["Parts", "differences"]

Parts = tuple[tuple[Place, ...], tuple[Place, ...]]
"""The cells that are added and the cells that are taken off."""

RELATIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("difference", ("after",), ("before",)),
    ("difference", ("planned",), ("required",)),
    ("difference", ("returns",), ("department",)),
    ("current", ("original", "transferred_in"), ("transferred_out", "returned")),
    (
        "closing",
        ("opening", "from_other", "relapsed", "newly", "other_increase"),
        ("changed", "above", "other_decrease"),
    ),
    ("net", ("opening",), ("closing",)),
)
"""Columns by their keys, as the published tables define them: what follows from adding which and
taking off which."""


def differences(table: Table) -> dict[Place, Parts]:
    """Return the cells that follow from others in their row → the cells they follow from.

    A relation counts only if the exact values agree in every row where all of them are numbers;
    rows with a value withheld or missing keep their numbers.
    """
    at = {column.key: number for number, column in enumerate(table.columns)}
    found: dict[Place, Parts] = {}
    for key, added, taken in RELATIONS:
        if not {key, *added, *taken} <= at.keys():
            continue
        target, plus, minus = at[key], [at[part] for part in added], [at[part] for part in taken]
        if len({FAMILY.get(table.columns[c].kind) for c in (target, *plus, *minus)}) > 1:
            continue
        rows = list(_full(table, (target, *plus, *minus)))
        if rows and all(_holds(row, target, plus, minus) for _, row in rows):
            for number, _ in rows:
                places = tuple(tuple((number, c) for c in part) for part in (plus, minus))
                found.setdefault((number, target), (places[0], places[1]))
    return found


def _full(table: Table, columns: Sequence[int]) -> Iterator[tuple[int, Row]]:
    """Yield the rows in which all of these columns are numbers of the sheet."""
    for number, row in enumerate(table.rows):
        if all(isinstance(shown(row.cells[c], table.columns[c]), tuple) for c in columns):
            yield number, row


def _holds(row: Row, target: int, plus: Sequence[int], minus: Sequence[int]) -> bool:
    added = sum(exact(row.cells[c]) or 0 for c in plus)
    return exact(row.cells[target]) == added - sum(exact(row.cells[c]) or 0 for c in minus)

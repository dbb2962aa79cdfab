"""Rows of the latest year-end of published tables, and numbers that were withheld in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

import pandas as pd

from helpers.brief.reader import Brief
from helpers.data.published import SUPPRESSED, Published
from helpers.poverty.disclosure import suppression_note
from helpers.retelling import retold

__all__ = [
    "WITHHELD",
    "latest",
    "latest_records",
    "latest_year",
    "note_for",
    "one_of",
    "told",
    "total_of",
    "withheld_note",
]

WITHHELD = "“…”: số nhỏ, không công bố."
"""What a figure's note says of withheld numbers; tables and methods say more."""


def latest(table: Published, **wanted: object) -> pd.DataFrame:
    """Return the rows with the wanted values at the latest year-end that any of them has."""
    rows = table.rows(**wanted)
    return rows[rows["year"] == rows["year"].max()] if len(rows) else rows


def latest_records(table: Published, **wanted: object) -> list[dict[str, Any]]:
    """Return the same rows as mappings: for few rows, in a tenth of the time."""
    rows = table.records(**wanted)
    last = max((row["year"] for row in rows), default="")
    return [row for row in rows if row["year"] == last]


def latest_year(table: Published, **wanted: object) -> str:
    """Return the latest year-end that any row with the wanted values has; blank without rows."""
    return str(max((row["year"] for row in table.records("year", **wanted)), default=""))


def one_of(table: Published, **wanted: object) -> Mapping[str, Any] | None:
    """Return the only such row of the latest year-end; None where nothing was reported."""
    return next(iter(latest_records(table, **wanted)), None)


def told(value: object) -> TypeGuard[Any]:
    """Tell whether a number is there to be said: neither missing nor withheld."""
    return value is not None and value != SUPPRESSED


def total_of(values: Iterable[Any]) -> Any:
    """Return the sum of numbers, or what stands for a withheld one among them."""
    numbers = list(values)
    return sum(numbers) if all(map(told, numbers)) else SUPPRESSED


def withheld_note(brief: Brief) -> str:
    """Return what stands under a table with withheld numbers."""
    return retold(suppression_note(int(brief.fact("plan", "small_cell_threshold"))))


def note_for(brief: Brief, rows: pd.DataFrame | Sequence[Mapping[str, Any]], note: str = "") -> str:
    """Return a table's note, with the one on withheld numbers where the rows have any."""
    hides = (
        (rows == SUPPRESSED).to_numpy().any()
        if isinstance(rows, pd.DataFrame)
        else any(SUPPRESSED in row.values() for row in rows)
    )
    hidden = withheld_note(brief) if hides else ""
    return " ".join(filter(None, [note, hidden]))

"""Rows of the latest year-end of published tables, and numbers that were withheld in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

import pandas as pd

from helpers.brief.reader import Brief
from helpers.data.published import SUPPRESSED, Published
from helpers.poverty.disclosure import suppression_note

__all__ = [
    "WITHHELD",
    "latest",
    "latest_year",
    "note_for",
    "one_of",
    "told",
    "total_of",
    "with_number",
    "withheld_note",
]

WITHHELD = f"“{SUPPRESSED}”: số nhỏ, không công bố."
"""What a figure's note says of withheld numbers; tables and methods say more."""


def latest(table: Published, **wanted: object) -> pd.DataFrame:
    """Return the rows with the wanted values at the latest year-end that any of them has."""
    rows = table.rows(**wanted)
    return rows[rows["year"] == rows["year"].max()] if len(rows) else rows


def latest_year(table: Published, **wanted: object) -> str:
    """Return the latest year-end that any row with the wanted values has; blank without rows."""
    return str(max(table.only("year", **wanted)["year"], default=""))


def one_of(table: Published, **wanted: object) -> Mapping[str, Any] | None:
    """Return the only such row of the latest year-end; None where nothing was reported."""
    rows = latest(table, **wanted).to_dict("records")
    return rows[0] if rows else None


def told(value: object) -> TypeGuard[Any]:
    """Tell whether a number is there to be said: neither missing nor withheld."""
    return value is not None and value != SUPPRESSED


def with_number(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows whose number in a column is there to be said."""
    return rows.loc[[told(value) for value in rows[column]]]


def total_of(values: Iterable[Any]) -> Any:
    """Return the sum of numbers, or what stands for a withheld one among them."""
    numbers = list(values)
    return sum(numbers) if all(map(told, numbers)) else SUPPRESSED


def withheld_note(brief: Brief) -> str:
    """Return what stands under a table with withheld numbers."""
    return suppression_note(int(brief.fact("plan", "small_cell_threshold")))


def note_for(brief: Brief, frame: pd.DataFrame, note: str = "") -> str:
    """Return a table's note, with the one on withheld numbers where the rows have any."""
    hidden = withheld_note(brief) if (frame == SUPPRESSED).to_numpy().any() else ""
    return " ".join(filter(None, [note, hidden]))

"""What the tables of the briefs share: titles and marks of a published table, rows set off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pandas as pd

from helpers.brief.sources import source_line
from helpers.brief.table import Column, Row, Table
from helpers.data.published import Published
from helpers.language import say
from helpers.marks import Mark, merge_marks
from helpers.retelling import name as name_of

__all__ = ["HOLDERS", "MILLIONS", "leveled", "named", "preview", "source_of", "table_of"]

MILLIONS = "Đơn vị tính: Triệu đồng"

HOLDERS: Mapping[str, str] = {
    "district": "Huyện, thành phố, thị xã",
    "agency": "Sở, ngành của tỉnh",
    "unplaced": "Chưa phân bổ",
}
"""Who may hold capital, by level, in the order of a table."""


def preview(table: Published, rows: int) -> Table:
    """Return a published table's first rows with every column, for reading in a notebook."""
    columns = [
        Column(name, field.label or name, field.kind)
        for name in table.frame.columns
        if (field := table.spec.field(name))
    ]
    number = len(table.frame)
    said = f"Đã công bố {number} dòng tại tables/{table.name}.csv."
    note = f"{said} Dưới đây là {rows} dòng đầu." if number > rows else said
    return table_of(table, columns, title=table.title, note=note, frame=table.frame.head(rows))


def table_of(
    table: Published,
    columns: Sequence[Column],
    *,
    title: str,
    unit: str = "",
    note: str = "",
    frame: pd.DataFrame | None = None,
    records: Sequence[Mapping[str, Any]] | None = None,
    levels: str | None = None,
    landscape: bool = False,
    dense: bool = False,
) -> Table:
    """Return columns of a published table, or of rows chosen from it, with its source and marks.

    The rows are those of a frame, or mappings, which is quicker for few; `levels` names what holds
    a row's level. The title and the note are worded already, the unit is not yet.
    """
    unit = say(unit)
    if records is None:
        return Table.from_frame(
            table.frame if frame is None else frame,
            columns,
            title=title,
            unit=unit,
            note=note,
            level_column=levels,
            landscape=landscape,
            dense=dense,
            **source_of(table),
        )
    rows = tuple(
        Row(tuple(row[column.key] for column in columns), row[levels] if levels else "normal")
        for row in records
    )
    return Table(
        title,
        tuple(columns),
        rows,
        unit=unit,
        note=note,
        landscape=landscape,
        dense=dense,
        **source_of(table),
    )


class Foot(TypedDict):
    """What stands under a table: the published tables behind it and their marks."""

    source: str
    marks: tuple[Mark, ...]


def source_of(*tables: Published) -> Foot:
    """Return where a table drawn from these comes from, and what must be said about it."""
    return Foot(source=source_line(*tables), marks=merge_marks(*(table.marks for table in tables)))


def leveled(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the frame with a column `row_level`: its total row set off."""
    levels = ["total" if value == "total" else "normal" for value in frame[column]]
    return frame.assign(row_level=levels)


def named(codes: Mapping[str, str]) -> str:
    """Say what the codes in a table's head stand for."""
    said = (f"{name_of(code)}: {name[0].lower()}{name[1:]}" for code, name in codes.items())
    return "; ".join(said) + "."

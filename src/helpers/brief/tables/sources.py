"""What the figures of a brief rest on."""

from __future__ import annotations

from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import table_of

__all__ = ["sources_table"]


def sources_table(brief: Brief) -> Table:
    """Return the input tables with their sources and what they are worth."""
    table = brief.table("data_sources")
    columns = [
        Column("table", "Bảng", "text", width=1.5),
        Column("title", "Nội dung", "text", width=3),
        Column("status", "Tính chất", "text", width=1.1),
        Column("source", "Nguồn", "text", width=4.5),
    ]
    return table_of(table, columns, title="Số liệu đầu vào")

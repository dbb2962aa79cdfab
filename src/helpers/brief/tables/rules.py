"""The rules by which the capital is shared, one row a line and level."""

from __future__ import annotations

import re

from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import table_of

__all__ = ["rules_table"]

COMMUNES = "Chia tiếp trong huyện"
_PART = re.compile(r"; (?![^()]*\))")
"""What parts two criteria, limits or agencies; within brackets it parts bands."""


def _apart(said: str) -> str:
    """Return each criterion on a line of its own."""
    return "\n".join(f"{part[0].upper()}{part[1:]}" for part in _PART.split(said) if part)


def rules_table(brief: Brief) -> Table:
    """Return who shares each line, by which criteria, within which limits, and how sure that is."""
    table = brief.table("rules_in_force")
    further = table.frame["line"].duplicated()
    frame = table.frame.assign(
        line=table.frame["line"].mask(further, ""),
        short=table.frame["short"].mask(further, COMMUNES),
        eligible=table.frame["eligible"].map(_apart),
        criteria=table.frame["criteria"].map(_apart),
        limits=table.frame["limits"].map(_apart),
        agencies=table.frame["agencies"].map(_apart),
        status=table.frame["status"].mask(further, ""),
    )
    columns = [
        Column("line", "Mã", "text", width=1.3),
        Column("short", "Dự án, tiểu dự án", "text", width=2.2),
        Column("agencies", "Trừ trước; phần của sở, ngành", "text", width=2.6),
        Column("eligible", "Đơn vị được chia", "text", width=2),
        Column("criteria", "Tiêu chí và điểm", "text", width=4.6),
        Column("limits", "Giới hạn", "text", width=1.8),
        Column("status", "Độ tin cậy", "text", width=1.5),
    ]
    return table_of(
        table,
        columns,
        title="Quy tắc chia vốn của từng dự án, tiểu dự án",
        note="Tỷ lệ sau tên tiêu chí là tỷ trọng của tiêu chí; điểm các tiêu chí cộng lại rồi nhân"
        " hệ số (nếu có).",
        frame=frame,
        landscape=True,
        dense=True,
    )

"""What the household register says: the poor by the standard, and the multidimensional index."""

from __future__ import annotations

from helpers.brief.blocks import Series, Text
from helpers.brief.latest import note_for
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import table_of

__all__ = ["register_measures_tables"]


def register_measures_tables(brief: Brief, heading: str) -> Series:
    """Return the measures by area and by indicator under a heading; nothing without a register."""
    if brief.table("register_measures").frame.empty:
        return Series()
    return Series((Text(heading), _measures(brief), _indicators(brief)))


def _measures(brief: Brief) -> Table:
    table = brief.table("register_measures")
    levels = ["normal" if group == "district" else "group" for group in table.frame["group"]]
    columns = [
        Column("area", "Địa bàn", "text", width=2),
        Column("households", "Số hộ", "count"),
        Column("poor_households", "Hộ nghèo", "count"),
        Column("poor_rate", "Tỷ lệ hộ nghèo (%)", "rate"),
        Column("near_poor_households", "Hộ cận nghèo", "count"),
        Column("near_poor_rate", "Tỷ lệ hộ cận nghèo (%)", "rate"),
        Column("intensity", "A (%)", "number", digits=2),
        Column("mpi", "M0", "number", digits=4),
        Column("mpi_contribution", "Đóng góp vào M0 (%)", "number", digits=2),
    ]
    frame = table.frame.assign(row_level=levels)
    standard = frame["standard"].iloc[0]
    note = (
        f"Phân loại theo {standard[0].lower()}{standard[1:]}. A: mức độ thiếu hụt bình quân của"
        " hộ nghèo; M0: tỷ lệ hộ nghèo nhân A."
    )
    return table_of(
        table,
        columns,
        title="Hộ nghèo và chỉ số nghèo đa chiều từ danh sách hộ",
        note=note_for(brief, frame, note),
        frame=frame,
        levels="row_level",
    )


def _indicators(brief: Brief) -> Table:
    table = brief.table("register_indicators")
    rows = table.rows(area_code="province")
    columns = [
        Column("service", "Dịch vụ xã hội cơ bản", "text", width=2),
        Column("label", "Chỉ số", "text", width=3),
        Column("raw", "Hộ thiếu hụt (%)", "number", digits=2),
        Column("censored", "Hộ nghèo và thiếu hụt (%)", "number", digits=2),
        Column("contribution", "Đóng góp vào M0 (%)", "number", digits=2),
    ]
    return table_of(
        table,
        columns,
        title="Thiếu hụt theo chỉ số, từ danh sách hộ",
        note=note_for(brief, rows, "Tỷ lệ trong tổng số hộ toàn tỉnh."),
        frame=rows,
    )

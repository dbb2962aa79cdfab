"""The tables of poverty: targets and results, and one district's rates."""

from __future__ import annotations

import pandas as pd

from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import table_of

__all__ = ["district_targets_table", "rates_table", "targets_table"]


def _target_columns(brief: Brief) -> list[Column]:
    """Return the columns of targets: with results, or while the year is open, with goals only."""
    rows = brief.table("targets").frame
    now, rates, cuts = rows.iloc[0], "Tỷ lệ hộ nghèo cuối năm (%)", "Mức giảm (điểm %)"
    measured = any(cut is not None for cut in rows["cut"])
    current = Column("current_rate", str(now["current_year"]), "rate", group=(rates,))
    cut = Column("cut", "Đã giảm", "points", group=(cuts,))
    return [
        Column("area", "Địa bàn", "text", width=2.2),
        Column("baseline_rate", str(now["baseline_year"]), "rate", group=(rates,)),
        *([current, cut] if measured else []),
        Column("target", "Mục tiêu", "range", group=(cuts,)),
        *([Column("result", "Đánh giá", "text", width=1.2)] if measured else []),
        Column("poor_households", "Số hộ nghèo", "count"),
        Column("to_low", "Hộ còn phải giảm", "count"),
    ]


def _with_range(frame: pd.DataFrame) -> pd.DataFrame:
    pairs = list(zip(frame["target_low"], frame["target_high"], strict=True))
    return frame.assign(target=pd.Series(pairs, index=frame.index, dtype=object))


NEEDED = "Hộ còn phải giảm: số hộ nghèo phải giảm thêm để đạt mức thấp của mục tiêu."


def targets_table(brief: Brief) -> Table:
    """Return the targets of the province and its groups."""
    table = brief.table("targets")
    frame = _with_range(table.frame[table.frame["group"] != "district"])
    return table_of(
        table,
        _target_columns(brief),
        title=f"Mục tiêu giảm nghèo năm {brief.year}",
        note=NEEDED,
        frame=frame,
    )


def district_targets_table(brief: Brief) -> Table:
    """Return the targets of every district, the poorest first."""
    table = brief.table("targets")
    frame = _with_range(table.frame[table.frame["group"] == "district"].sort_values("rank"))
    return table_of(
        table,
        _target_columns(brief),
        title=f"Mục tiêu giảm nghèo năm {brief.year} theo huyện",
        note=NEEDED,
        frame=frame,
    )


def rates_table(brief: Brief, district_code: str) -> Table:
    """Return one district's households and rates from year-end to year-end."""
    table = brief.table("poverty_rates")
    frame = table.rows(area_code=district_code)
    columns = [
        Column("year", "Cuối năm", "text"),
        Column("households", "Tổng số hộ", "count"),
        Column("poor_households", "Hộ nghèo", "count"),
        Column("poor_rate", "Tỷ lệ hộ nghèo (%)", "rate"),
        Column("near_poor_households", "Hộ cận nghèo", "count"),
        Column("near_poor_rate", "Tỷ lệ hộ cận nghèo (%)", "rate"),
    ]
    return table_of(
        table, columns, title=f"Hộ nghèo, hộ cận nghèo của {frame['area'].iloc[0]}", frame=frame
    )

"""Who gets more and who less than last year, and what made the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.brief.blocks import Series, Text
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import HOLDERS, MILLIONS, table_of
from helpers.data.published import Published
from helpers.language import say
from helpers.retelling import retold
from helpers.text import listing

__all__ = ["comparison_table", "district_comparison_table", "rules_comparison_table"]

NOTE = (
    "Mức vốn đem chia: phần chênh lệch do khoản vốn của từng dự án tăng, giảm, nếu tỷ trọng của đơn"
    " vị giữ nguyên. Nguyên nhân chính: tiêu chí hay quy định kéo tỷ trọng của đơn vị lên hoặc"
    " xuống nhiều nhất; các nguyên nhân nhỏ hơn không nêu, nên hai số không cộng thành chênh lệch."
)
UNKNOWN = "Chưa có số vốn giao của năm trước để so sánh."


def comparison_table(brief: Brief) -> Series:
    """Return each unit's capital beside last year's: who gains most first, agencies apart."""
    table = brief.table("comparison_last_year")
    if table.frame.empty:
        return Series((Text(UNKNOWN),))
    return Series((_of_units(table, f"{_title(brief)} của từng đơn vị", _years(brief)),))


def rules_comparison_table(brief: Brief) -> Series:
    """Return each unit's capital beside what other rules would give; nothing without any."""
    table = brief.table("comparison_rules")
    if table.frame.empty:
        return Series()
    title = f"Vốn năm {brief.year} theo quy tắc đang áp dụng so với quy tắc đem so sánh"
    return Series((_of_units(table, title, ("Đem so sánh", "Đang áp dụng")),))


def district_comparison_table(brief: Brief, district_code: str) -> Series:
    """Return one district's lines beside last year's; nothing where last year is not known."""
    table = brief.table("comparison_last_year")
    found = table.records(level="district", unit_code=district_code)
    if not found:
        return Series()
    rows = [
        row | {"unit": retold(row["short"]), "row_level": "total"}
        if row["line"] == "total"
        else row | {"unit": f"{row['line']}. {retold(row['short'])}", "row_level": "normal"}
        for row in found
    ]
    first = Column("unit", say("Dự án, tiểu dự án"), "text", width=12)
    return Series((_compared(table, rows, first, _title(brief), _years(brief)),))


def _title(brief: Brief) -> str:
    years = {"year": brief.year, "before": brief.year - 1}
    only = listing(brief.compared_sources)
    if only:
        return say("Vốn {sources} năm {year} so với vốn giao năm {before}", sources=only, **years)
    return say("Vốn năm {year} so với vốn giao năm {before}", **years)


def _years(brief: Brief) -> tuple[str, str]:
    return say("Năm {year}", year=brief.year - 1), say("Năm {year}", year=brief.year)


def _of_units(table: Published, title: str, sides: tuple[str, str]) -> Table:
    """Return the units over all lines, level by level, who gains most first."""
    rows = table.rows(line="total")
    parts = []
    for level, head in HOLDERS.items():
        chosen = rows[rows["level"] == level].sort_values(
            ["difference", "unit_code"], ascending=[False, True]
        )
        if len(chosen) > 1:
            blank = dict.fromkeys(rows.columns, "")
            parts.append(pd.DataFrame([blank | {"unit": head, "row_level": "group"}]))
        parts.append(chosen.assign(row_level="normal"))
    # Over all units no criterion gives or takes: what moves the total is what there is to share.
    whole = rows[rows["level"] == "total"]
    parts.append(whole.assign(row_level="total", criterion="", criterion_effect=""))
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return _compared(
        table, frame.to_dict("records"), Column("unit", "Đơn vị", "text", width=8), title, sides
    )


def _compared(
    table: Published,
    rows: Sequence[dict[str, Any]],
    first: Column,
    title: str,
    sides: tuple[str, str],
) -> Table:
    """Return before, after and difference, with what moved them."""
    before, after = sides
    share, why = (say("Tỷ trọng (%)"),), (say("Trong chênh lệch"),)
    columns = [
        first,
        Column("before", before, "money"),
        Column("after", after, "money"),
        Column("difference", say("Chênh lệch"), "change"),
        Column("share_before", before, "rate", group=share),
        Column("share_after", after, "rate", group=share),
        Column("pot_effect", say("Mức vốn đem chia"), "change_tenths", group=why),
        Column("criterion", say("Nguyên nhân chính"), "text", group=why, width=20),
        Column("criterion_effect", say("Tác động"), "change_tenths", group=why),
    ]
    named = [row | {"criterion": _begun(retold(row["criterion"]))} for row in rows]
    return table_of(
        table,
        columns,
        title=title,
        unit=MILLIONS,
        note=say(NOTE),
        records=named,
        levels="row_level",
        dense=True,
    )


def _begun(name: str) -> str:
    """Return a name as a cell begins with it."""
    return name[:1].upper() + name[1:]

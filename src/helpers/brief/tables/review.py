"""Where the returned forms and the department disagree: only what does."""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.brief.blocks import Block, Series, Text
from helpers.brief.latest import note_for
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import table_of
from helpers.data.findings import AGREES, DISAGREES, NOTABLE
from helpers.data.published import SUPPRESSED

__all__ = ["review_tables"]

MOST = 40
"""So many disagreements are printed; the published tables have them all."""

AGREED = "Các biểu rà soát khớp với nhau, khớp giữa các năm và khớp với số của sở."
EFFECT = "Ảnh hưởng đến tỷ lệ của tỉnh (điểm %)"


def review_tables(brief: Brief, heading: str) -> Series:
    """Return what disagrees, or the sentence that nothing does; nothing where no form came back."""
    if all(brief.table(name).frame.empty for name in ("flows", "deprivations", "reconciliation")):
        return Series()
    found = (_checks(brief), _compared(brief), _known(brief))
    blocks: list[Block] = [table for table in found if table is not None]
    blocks = blocks or [Text(AGREED)]
    remarks = _remarks(brief)
    return Series((Text(heading), *blocks, *([Text(remarks)] if remarks else [])))


def _remarks(brief: Brief) -> str:
    """Say how many places are only worth a look."""
    number = len(brief.table("review_checks").rows(result=NOTABLE))
    if not number:
        return ""
    return f"Còn {words.count(number)} chỗ chỉ cần lưu ý, ghi tại tables/review_checks.csv."


def _more(name: str, number: int) -> str:
    """Say where the rest is when not all rows are printed."""
    if number <= MOST:
        return ""
    return f"Nêu {MOST} trong {number} chỗ; tất cả ghi tại tables/{name}.csv."


def _withheld(brief: Brief, rows: pd.DataFrame, *numbers: str) -> pd.DataFrame:
    """Return the rows without the numbers of those in which one is small (see disclosure)."""
    threshold = int(brief.fact("plan", "small_cell_threshold"))
    small = [
        any(value is not None and 0 < abs(value) < threshold for value in values)
        for values in zip(*(rows[name] for name in numbers[:2]), strict=True)
    ]
    hidden = pd.Series(small, index=rows.index, dtype=bool)
    return rows.assign(
        **{name: rows[name].astype(object).mask(hidden, SUPPRESSED) for name in numbers}
    )


def _checks(brief: Brief) -> Table | None:
    table = brief.table("review_checks")
    rows = table.rows(result=DISAGREES)
    if rows.empty:
        return None
    shown = _withheld(brief, rows.head(MOST), "value", "expected", "difference", "effect")
    columns = [
        Column("form", "Biểu", "text", whole=True),
        Column("year", "Năm", "text", whole=True),
        Column("unit", "Đơn vị", "text", width=2),
        Column("column", "Cột", "text", width=3),
        Column("against", "Đối chiếu với", "text", width=3),
        Column("value", "Số trong biểu", "number"),
        Column("expected", "Số đối chiếu", "number"),
        Column("difference", "Chênh lệch", "number"),
        Column("effect", EFFECT, "number"),
        Column("where", "Vị trí", "text", width=3),
    ]
    return table_of(
        table,
        columns,
        title="Chỗ không khớp trong các biểu rà soát",
        note=note_for(brief, shown, _more(table.name, len(rows))),
        frame=shown,
        landscape=True,
        dense=True,
    )


def _compared(brief: Brief) -> Table | None:
    table = brief.table("reconciliation")
    rows = table.frame[table.frame["result"] != AGREES]
    if rows.empty:
        return None
    columns = [
        Column("year", "Cuối năm", "text", whole=True),
        Column("district", "Huyện", "text", width=2),
        Column("indicator", "Chỉ tiêu", "text", width=2),
        Column("returns", "Xã, huyện báo cáo", "count"),
        Column("department", "Số của sở", "count"),
        Column("difference", "Chênh lệch", "count"),
        Column("effect", EFFECT, "number"),
        Column("result", "Kết quả", "text", width=1),
    ]
    return table_of(
        table,
        columns,
        title="Chỗ lệch giữa số xã, huyện báo cáo và số của sở",
        note=_more(table.name, len(rows)),
        frame=rows.head(MOST),
        dense=True,
    )


def _known(brief: Brief) -> Table | None:
    table = brief.table("known_errors")
    if table.frame.empty:
        return None
    shown = _withheld(brief, table.frame.head(MOST), "found", "corrected")
    columns = [
        Column("form", "Biểu", "text", whole=True),
        Column("year", "Cuối năm", "text", whole=True),
        Column("unit", "Đơn vị", "text", width=1.5),
        Column("column", "Cột", "text", width=2),
        Column("found", "Số trong biểu", "count"),
        Column("corrected", "Số dùng thay", "count"),
        Column("reason", "Lý do", "text", width=3),
    ]
    return table_of(
        table,
        columns,
        title="Sai sót đã biết và số được dùng thay",
        note=note_for(brief, shown, _more(table.name, len(table.frame))),
        frame=shown,
        dense=True,
    )

"""The year's register: what local budgets add, what is carried over, and what has moved."""

from __future__ import annotations

import pandas as pd

from helpers.brief.blocks import Block, Series, Text
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import MILLIONS, table_of
from helpers.data.published import Published

__all__ = ["counterpart_table", "district_register_tables", "register_tables"]

MOVED = ["original", "transferred_in", "transferred_out", "returned", "current"]


def counterpart_table(brief: Brief) -> Series:
    """Return what local budgets must add to the central capital, by capital type."""
    table = brief.table("counterpart")
    rows = table.rows(line="total")
    if rows.empty:
        return Series((Text("Bộ quy tắc không quy định vốn đối ứng."),))
    levels = ("Trong đó ngân sách",)
    columns = [
        Column("capital_type", "Loại vốn", "text"),
        Column("central", "Vốn được đối ứng", "money"),
        Column("percent", "Tỷ lệ (%)", "rate"),
        Column("required", "Phải đối ứng", "money"),
        Column("province", "Tỉnh", "money", group=levels),
        Column("district", "Huyện", "money", group=levels),
        Column("commune", "Xã", "money", group=levels),
        Column("planned", "Đã bố trí", "money"),
        Column("difference", "Thừa, thiếu", "change"),
    ]
    made = table_of(
        table,
        columns,
        title=f"Vốn đối ứng năm {brief.year}",
        unit=MILLIONS,
        note="Thừa, thiếu: số đã bố trí trừ số phải đối ứng.",
        frame=rows,
    )
    return Series((made,))


def register_tables(brief: Brief, heading: str) -> Series:
    """Return what is carried over and what has moved, under a heading; nothing where neither is."""
    table = brief.table("capital_by_vintage")
    return _section(
        heading,
        _vintages(brief, table, table.frame),
        _movements(brief, brief.table("movements").frame),
    )


def district_register_tables(brief: Brief, district_code: str, heading: str) -> Series:
    """Return the same of one district."""
    table, movements = brief.table("balances"), brief.table("movements")
    rows = table.rows(unit_code=district_code)
    sums = rows.groupby(["vintage", "capital_type"], as_index=False)[MOVED].sum()
    named = brief.table("capital_by_district").one(district_code=district_code)["district"]
    out, into = movements.rows(unit_code=district_code), movements.rows(other_unit=named)
    moved = pd.concat([out, into[~into.index.isin(out.index)]]).sort_index()
    return _section(heading, _vintages(brief, table, sums), _movements(brief, moved))


def _section(heading: str, *tables: Table | None) -> Series:
    blocks: list[Block] = [table for table in tables if table is not None]
    return Series((Text(heading), *blocks) if blocks else ())


def _vintages(brief: Brief, table: Published, frame: pd.DataFrame) -> Table | None:
    """Return the capital in hand by vintage and type, unless all of it is this year's, unmoved."""
    year = str(brief.year)
    if (frame["vintage"] == year).all() and (frame["original"] == frame["current"]).all():
        return None
    whole = {"vintage": "Tổng cộng", "capital_type": ""} | dict(frame[MOVED].sum())
    rows = pd.concat([frame[list(whole)], pd.DataFrame([whole])], ignore_index=True)
    last = len(rows) - 1
    rows["row_level"] = ["total" if place == last else "normal" for place in range(len(rows))]
    rows["vintage"] = [
        f"{value} (kéo dài)" if value.isdigit() and value != year else value
        for value in rows["vintage"]
    ]
    columns = [
        Column("vintage", "Năm vốn", "text"),
        Column("capital_type", "Loại vốn", "text"),
        Column("original", "Ban đầu", "money"),
        Column("transferred_in", "Nhận điều chuyển", "money"),
        Column("transferred_out", "Chuyển đi", "money"),
        Column("returned", "Trả lại", "money"),
        Column("current", "Hiện có", "money"),
    ]
    return table_of(
        table,
        columns,
        title="Vốn năm nay và vốn các năm trước kéo dài",
        unit=MILLIONS,
        frame=rows,
        levels="row_level",
    )


def _movements(brief: Brief, frame: pd.DataFrame) -> Table | None:
    """Return each transfer and return once, as it left a balance."""
    left = frame[frame["change"] < 0]
    if left.empty:
        return None
    rows = left.assign(
        date=[f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in left["date"]],
        capital=left["capital_type"] + " " + left["vintage"],
        to=[
            _destination(*told)
            for told in zip(
                left["kind"], left["other_unit"], left["other_line"], left["line"], strict=True
            )
        ],
        amount=-left["change"],
    )
    columns = [
        Column("date", "Ngày", "text", whole=True),
        Column("line", "Dự án", "text"),
        Column("capital", "Loại, năm vốn", "text", whole=True),
        Column("unit", "Nơi đi", "text", width=8),
        Column("to", "Nơi đến", "text", width=10),
        Column("amount", "Số vốn", "money"),
        Column("document", "Văn bản", "text", width=12),
    ]
    return table_of(
        brief.table("movements"),
        columns,
        title=f"Điều chuyển, trả lại vốn trong năm {brief.year}",
        unit=MILLIONS,
        frame=rows,
        dense=True,
    )


def _destination(kind: str, unit: str, line: str, origin: str) -> str:
    """Return where capital went, with the line where that changed too; a return says so itself."""
    if not unit:
        return kind
    return unit if line == origin else f"{unit} ({line})"

"""The year's register: what local budgets add, what is carried over, and what has moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from helpers.brief.blocks import Block, Series, Text
from helpers.brief.headings import headline
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import MILLIONS, table_of
from helpers.data.published import Published
from helpers.language import say
from helpers.retelling import name, retold

__all__ = ["counterpart_table", "district_register_tables", "register_tables"]

Row = dict[str, Any]

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
        _vintages(brief, table, table.records()),
        _movements(brief, brief.table("movements").records()),
    )


def district_register_tables(brief: Brief, district_code: str, heading: str) -> Series:
    """Return the same of one district."""
    table, movements = brief.table("balances"), brief.table("movements")
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    for row in table.records(unit_code=district_code):
        key = (row["vintage"], row["capital_type"])
        held = sums.setdefault(key, {"vintage": key[0], "capital_type": key[1]})
        held.update({name: held.get(name, 0) + row[name] for name in MOVED})
    named = brief.table("capital_by_district").one(district_code=district_code)["district"]
    out, into = movements.records(unit_code=district_code), movements.records(other_unit=named)
    moved = {row["order"]: row for row in [*out, *into]}
    return _section(
        heading,
        _vintages(brief, table, [sums[key] for key in sorted(sums)]),
        _movements(brief, [moved[order] for order in sorted(moved)]),
    )


def _section(heading: str, *tables: Table | None) -> Series:
    blocks: list[Block] = [table for table in tables if table is not None]
    return Series((Text(headline(heading)), *blocks) if blocks else ())


def _vintages(brief: Brief, table: Published, held: Sequence[Row]) -> Table | None:
    """Return the capital in hand by vintage and type, unless all of it is this year's, unmoved."""
    year = str(brief.year)
    if all(row["vintage"] == year and row["original"] == row["current"] for row in held):
        return None
    rows = [
        row
        | {
            "vintage": _vintage(row["vintage"], year),
            "capital_type": name(row["capital_type"]),
            "row_level": "normal",
        }
        for row in held
    ]
    whole = {"vintage": say("Tổng cộng"), "capital_type": "", "row_level": "total"}
    rows.append(whole | {name: sum(row[name] for row in held) for name in MOVED})
    columns = [
        Column("vintage", say("Năm vốn"), "text"),
        Column("capital_type", say("Loại vốn"), "text"),
        Column("original", say("Ban đầu"), "money"),
        Column("transferred_in", say("Nhận điều chuyển"), "money"),
        Column("transferred_out", say("Chuyển đi"), "money"),
        Column("returned", say("Trả lại"), "money"),
        Column("current", say("Hiện có"), "money"),
    ]
    return table_of(
        table,
        columns,
        title=say("Vốn năm nay và vốn các năm trước kéo dài"),
        unit=MILLIONS,
        records=rows,
        levels="row_level",
    )


def _vintage(vintage: str, year: str) -> str:
    """Return a year of capital, marked where it was carried over."""
    if not vintage.isdigit():
        return name(vintage)
    return vintage if vintage == year else say("{year} (kéo dài)", year=vintage)


def _movements(brief: Brief, moved: Sequence[Row]) -> Table | None:
    """Return each transfer and return once, as it left a balance."""
    rows = [
        row
        | {
            "date": date.fromisoformat(row["date"]),
            "capital": f"{name(row['capital_type'])} {row['vintage']}",
            "unit": name(row["unit"]),
            "document": name(row["document"]),
            "to": _destination(row["kind"], row["other_unit"], row["other_line"], row["line"]),
            "amount": -row["change"],
        }
        for row in moved
        if row["change"] < 0
    ]
    if not rows:
        return None
    columns = [
        Column("date", say("Ngày"), "date", whole=True),
        Column("line", say("Dự án"), "text"),
        Column("capital", say("Loại, năm vốn"), "text", whole=True),
        Column("unit", say("Nơi đi"), "text", width=8),
        Column("to", say("Nơi đến"), "text", width=10),
        Column("amount", say("Số vốn"), "money"),
        Column("document", say("Văn bản"), "text", width=12),
    ]
    return table_of(
        brief.table("movements"),
        columns,
        title=say("Điều chuyển, trả lại vốn trong năm {year}", year=brief.year),
        unit=MILLIONS,
        records=rows,
        dense=True,
    )


def _destination(kind: str, unit: str, line: str, origin: str) -> str:
    """Return where capital went, with the line where that changed too; a return says so itself."""
    if not unit:
        return retold(kind)
    return name(unit) if line == origin else f"{name(unit)} ({line})"

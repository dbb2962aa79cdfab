"""The tables of capital: by project, by unit, of one district, and what could not be placed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.brief.blocks import Series
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import HOLDERS, MILLIONS, leveled, named, table_of
from helpers.language import say
from helpers.retelling import name as name_of
from helpers.retelling import retold

__all__ = [
    "agencies_table",
    "district_capital_table",
    "districts_table",
    "lines_table",
    "matrix_table",
    "not_allocated_table",
    "projects_table",
]


def projects_table(brief: Brief) -> Table:
    """Return the first page's table: seven projects by their short names, and the total."""
    table = brief.table("capital_by_project")
    frame = table.frame[table.frame["level"] != "subproject"]
    said = {"code": frame["code"].replace("total", ""), "short": frame["short"].map(retold)}
    frame = leveled(frame.assign(**said), "level")
    columns = [
        Column("code", say("Mã"), "text", width=0.8),
        Column("short", say("Dự án"), "text", width=4),
        *[Column(code, name_of(code), "money", width=1.3) for code in brief.types],
        Column("total", say("Tổng số"), "money", width=1.3),
        Column("share", say("Tỷ trọng (%)"), "rate", width=1.6),
    ]
    return table_of(
        table,
        columns,
        title=say("Vốn năm {year} theo dự án", year=brief.year),
        unit=MILLIONS,
        note=named(brief.types),
        frame=frame,
        levels="row_level",
    )


def lines_table(brief: Brief) -> Table:
    """Return projects and sub-projects by capital type and source, with the trust in each."""
    table = brief.table("capital_by_project")
    frame = table.frame.assign(
        code=table.frame["code"].replace("total", ""),
        row_level=table.frame["level"].map(
            {"project": "group", "subproject": "normal", "total": "total"}
        ),
    )
    unplaced = table.one(code="total")["unplaced"]
    columns = [
        Column("code", "Mã", "text", width=1.4),
        Column("name", "Dự án, tiểu dự án", "text", width=5.5),
        *[Column(code, code, "money", group=("Loại vốn",)) for code in brief.types],
        *[Column(code, code, "money", group=("Nguồn vốn",)) for code in brief.sources],
        Column("total", "Tổng số", "money"),
        *([Column("unplaced", "Trong đó chưa phân bổ", "money")] if unplaced else []),
        Column("status", "Độ tin cậy", "text", width=1.6),
    ]
    return table_of(
        table,
        columns,
        title=f"Vốn năm {brief.year} theo tiểu dự án, loại vốn và nguồn vốn",
        unit=MILLIONS,
        note=named(brief.types | brief.sources),
        frame=frame,
        levels="row_level",
        landscape=True,
    )


def matrix_table(brief: Brief) -> Table:
    """Return what units get by project: districts, then agencies, then what is not placed."""
    table = brief.table("capital_by_district_project")
    projects = brief.table("capital_by_project").rows(level="project")
    sums = [*projects["code"], "total"]
    columns = [
        Column("district", "Đơn vị", "text", width=8),
        *[
            Column(row.code, f"{row.code}. {row.short}", "money", width=1.3)
            for row in projects.itertuples()
        ],
        Column("total", "Tổng số", "money", width=1.2),
    ]
    return table_of(
        table,
        columns,
        title=f"Vốn năm {brief.year} theo đơn vị và dự án",
        unit=MILLIONS,
        note=f"Vốn của huyện gồm cả phần của các xã.{_why_unplaced(brief)}",
        frame=_with_holders(table.frame, sums),
        levels="row_level",
        dense=True,
    )


def _with_holders(frame: pd.DataFrame, sums: Sequence[str]) -> pd.DataFrame:
    """Return the rows with one of sums above each level's, unless a level is one row itself."""
    parts = []
    for level, name in HOLDERS.items():
        rows = frame[frame["level"] == level]
        if len(rows) > 1:
            head = pd.DataFrame([{"district": name, "row_level": "group"} | dict(rows[sums].sum())])
            parts.append(head)
        alone = "group" if level == "unplaced" else "normal"
        parts.append(rows.assign(row_level=alone))
    parts.append(frame[frame["level"] == "total"].assign(row_level="total"))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _why_unplaced(brief: Brief) -> str:
    """Return where the reasons stand, when something is not placed."""
    rows = brief.table("not_allocated").frame
    return " Lý do của phần chưa phân bổ nêu tại mục II." if len(rows) else ""


def not_allocated_table(brief: Brief) -> Series:
    """Return what could not be placed, each amount with its reason; nothing where all is."""
    table = brief.table("not_allocated")
    if table.frame.empty:
        return Series()
    columns = [
        Column("line", "Mã", "text", width=1.4),
        Column("source", "Nguồn vốn", "text", width=1.2),
        Column("capital_type", "Loại vốn", "text", width=1.1),
        Column("reason", "Lý do", "text", width=6),
        Column("amount", "Số vốn", "money", width=1.3),
    ]
    if (table.frame["district_code"] != "").any():
        columns.insert(3, Column("district", "Thuộc huyện", "text", width=1.8))
    title = f"Vốn năm {brief.year} chưa phân bổ"
    return Series((table_of(table, columns, title=title, unit=MILLIONS),))


def agencies_table(brief: Brief) -> Series:
    """Return what each province agency gets from each line; nothing where none gets any."""
    table = brief.table("agency_lines")
    if table.frame.empty:
        return Series()
    wholes = table.frame["line"] == "total"
    heads = table.frame[wholes].assign(
        line=table.frame.loc[wholes, "agency"], short="", row_level="group"
    )
    parts = [
        pd.concat([heads[heads["agency_code"] == code], rows[rows["line"] != "total"]])
        for code, rows in table.frame.groupby("agency_code", sort=False)
    ]
    frame = pd.concat(parts, ignore_index=True)
    columns = [
        Column("line", "Mã", "text", width=1.4),
        Column("short", "Sở, ngành; dự án, tiểu dự án", "text", width=5),
        *[Column(code, code, "money", width=1.2) for code in brief.types],
        Column("total", "Tổng số", "money", width=1.2),
    ]
    title = f"Vốn năm {brief.year} giao cho sở, ngành của tỉnh"
    made = table_of(
        table,
        columns,
        title=title,
        unit=MILLIONS,
        note=named(brief.types),
        frame=frame.assign(row_level=frame["row_level"].fillna("normal")),
        dense=True,
        levels="row_level",
    )
    return Series((made,))


def districts_table(brief: Brief) -> Table:
    """Return each district's capital by type and per poor household."""
    table = brief.table("capital_by_district")
    columns = [
        Column("district", "Huyện, thành phố, thị xã", "text", width=2.4),
        *[Column(code, code, "money") for code in brief.types],
        Column("total", "Tổng số", "money"),
        Column("share", "Tỷ trọng (%)", "rate"),
        Column("poor_households", "Hộ nghèo đầu năm", "count"),
        Column("per_poor_household", "Triệu đồng/hộ nghèo", "money_tenths"),
    ]
    elsewhere = set(brief.table("capital_by_district_project").frame["level"])
    outside = " Không gồm vốn giao cho sở, ngành." if "agency" in elsewhere else ""
    return table_of(
        table,
        columns,
        title=f"Vốn năm {brief.year} theo huyện và bình quân hộ nghèo",
        unit=MILLIONS,
        note=f"Tỷ trọng tính trên tổng vốn của tỉnh.{outside}",
    )


def district_capital_table(brief: Brief, district_code: str) -> Table:
    """Return what one district gets from each line."""
    table = brief.table("district_lines")
    rows = [
        row
        | {"short": retold(row["short"])}
        | ({"line": "", "level": "total"} if row["line"] == "total" else {"level": "normal"})
        for row in table.records(district_code=district_code)
    ]
    columns = [
        Column("line", say("Mã"), "text", width=1.4),
        Column("short", say("Dự án, tiểu dự án"), "text", width=4),
        *[Column(code, name_of(code), "money", width=1.2) for code in brief.types],
        Column("total", say("Tổng số"), "money", width=1.2),
    ]
    return table_of(
        table,
        columns,
        title=say(
            "Vốn năm {year} phân bổ cho {district}",
            year=brief.year,
            district=name_of(rows[0]["district"]),
        ),
        unit=MILLIONS,
        note=named(brief.types),
        records=rows,
        levels="level",
    )

"""The tables of the briefs: which published columns, under which headings."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.brief.table import Column, Table
from helpers.data.published import Published

__all__ = [
    "criteria_table",
    "district_capital_table",
    "district_targets_table",
    "districts_table",
    "lines_table",
    "matrix_table",
    "preview",
    "projects_table",
    "rates_table",
    "sources_table",
    "targets_table",
]

MILLIONS = "Đơn vị tính: Triệu đồng"


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
    return _table(table, columns, title=table.title, note=note, frame=table.frame.head(rows))


def _table(
    table: Published,
    columns: Sequence[Column],
    *,
    title: str,
    unit: str = "",
    note: str = "",
    frame: pd.DataFrame | None = None,
    levels: str | None = None,
    landscape: bool = False,
) -> Table:
    return Table.from_frame(
        table.frame if frame is None else frame,
        columns,
        title=title,
        unit=unit,
        note=note,
        source=source_line(table),
        marks=table.marks,
        level_column=levels,
        landscape=landscape,
    )


def _leveled(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the frame with a column `row_level`: its total row set off."""
    levels = ["total" if value == "total" else "normal" for value in frame[column]]
    return frame.assign(row_level=levels)


def projects_table(brief: Brief) -> Table:
    """Return the first page's table: seven projects by their short names, and the total."""
    table = brief.table("capital_by_project")
    frame = table.frame[table.frame["level"] != "subproject"]
    frame = _leveled(frame.assign(code=frame["code"].replace("total", "")), "level")
    columns = [
        Column("code", "Mã", "text", width=0.8),
        Column("short", "Dự án", "text", width=4),
        *[Column(code, code, "money", width=1.3) for code in brief.types],
        Column("total", "Tổng số", "money", width=1.3),
        Column("share", "Tỷ trọng (%)", "rate", width=1.6),
    ]
    return _table(
        table,
        columns,
        title=f"Vốn năm {brief.year} theo dự án",
        unit=MILLIONS,
        note=_named(brief.types),
        frame=frame,
        levels="row_level",
    )


def _named(codes: dict[str, str]) -> str:
    """Say what the codes in a table's head stand for."""
    return "; ".join(f"{code}: {name[0].lower()}{name[1:]}" for code, name in codes.items()) + "."


def lines_table(brief: Brief) -> Table:
    """Return projects and sub-projects by capital type and source, with the trust in each."""
    table = brief.table("capital_by_project")
    frame = table.frame.assign(
        code=table.frame["code"].replace("total", ""),
        row_level=table.frame["level"].map(
            {"project": "group", "subproject": "normal", "total": "total"}
        ),
    )
    columns = [
        Column("code", "Mã", "text", width=1.4),
        Column("name", "Dự án, tiểu dự án", "text", width=5.5),
        *[Column(code, code, "money", group=("Loại vốn",)) for code in brief.types],
        *[Column(code, code, "money", group=("Nguồn vốn",)) for code in brief.sources],
        Column("total", "Tổng số", "money"),
        Column("status", "Độ tin cậy", "text", width=1.6),
    ]
    return _table(
        table,
        columns,
        title=f"Vốn năm {brief.year} theo tiểu dự án, loại vốn và nguồn vốn",
        unit=MILLIONS,
        note=_named(brief.types | brief.sources),
        frame=frame,
        levels="row_level",
        landscape=True,
    )


def matrix_table(brief: Brief) -> Table:
    """Return districts by projects, on a landscape page."""
    table = brief.table("capital_by_district_project")
    projects = brief.table("capital_by_project").rows(level="project")
    columns = [
        Column("district", "Huyện, thành phố, thị xã", "text", width=2.2),
        *[
            Column(row.code, f"{row.code}. {row.short}", "money", width=1.3)
            for row in projects.itertuples()
        ],
        Column("total", "Tổng số", "money", width=1.2),
    ]
    return _table(
        table,
        columns,
        title=f"Vốn năm {brief.year} theo huyện và dự án",
        unit=MILLIONS,
        frame=_leveled(table.frame, "district_code"),
        levels="row_level",
        landscape=True,
    )


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
    return _table(
        table,
        columns,
        title=f"Vốn năm {brief.year} theo huyện và bình quân hộ nghèo",
        unit=MILLIONS,
    )


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
    return _table(
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
    return _table(
        table,
        _target_columns(brief),
        title=f"Mục tiêu giảm nghèo năm {brief.year} theo huyện",
        note=NEEDED,
        frame=frame,
    )


def sources_table(brief: Brief) -> Table:
    """Return the input tables with their sources and what they are worth."""
    table = brief.table("data_sources")
    columns = [
        Column("table", "Bảng", "text", width=1.5),
        Column("title", "Nội dung", "text", width=3),
        Column("status", "Tính chất", "text", width=1.1),
        Column("source", "Nguồn", "text", width=4.5),
    ]
    return _table(table, columns, title="Số liệu đầu vào")


def district_capital_table(brief: Brief, district_code: str) -> Table:
    """Return what one district gets from each line."""
    table = brief.table("district_lines")
    frame = _leveled(table.rows(district_code=district_code), "line")
    frame = frame.assign(line=frame["line"].replace("total", ""))
    columns = [
        Column("line", "Mã", "text", width=1.4),
        Column("short", "Dự án, tiểu dự án", "text", width=4),
        *[Column(code, code, "money", width=1.2) for code in brief.types],
        Column("total", "Tổng số", "money", width=1.2),
    ]
    return _table(
        table,
        columns,
        title=f"Vốn năm {brief.year} phân bổ cho {frame['district'].iloc[0]}",
        unit=MILLIONS,
        note=_named(brief.types),
        frame=frame,
        levels="row_level",
    )


def criteria_table(brief: Brief) -> Table:
    """Return by which criteria each line is shared among districts, and how far that is sure."""
    table = brief.table("criteria_in_force")
    columns = [
        Column("line", "Mã", "text", width=1.2),
        Column("short", "Dự án, tiểu dự án", "text", width=2.4),
        Column("eligible", "Đơn vị được phân bổ", "text", width=2.2),
        Column("criteria", "Tiêu chí và tỷ trọng", "text", width=4),
        Column("status", "Độ tin cậy", "text", width=1.4),
    ]
    return _table(table, columns, title="Tiêu chí chia vốn cho huyện, thành phố, thị xã")


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
    return _table(
        table, columns, title=f"Hộ nghèo, hộ cận nghèo của {frame['area'].iloc[0]}", frame=frame
    )

"""The tables of poverty: flows, deprivations, communes, and the districts at risk."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.brief.blocks import Series, Text
from helpers.brief.headings import headline
from helpers.brief.latest import latest, latest_records, note_for
from helpers.brief.reader import Brief
from helpers.brief.table import Column
from helpers.brief.tables.layout import table_of
from helpers.language import say
from helpers.retelling import name as name_of

__all__ = ["at_risk_table", "communes_table", "deprivations_table", "flows_table"]

HEADS: Sequence[tuple[str, str, str]] = (
    ("", "opening", "Đầu năm"),
    ("Thoát nghèo", "changed", "Thành cận nghèo"),
    ("Thoát nghèo", "above", "Vượt chuẩn cận nghèo"),
    ("", "other_decrease", "Giảm khác"),
    ("Nghèo mới", "from_other", "Từ cận nghèo"),
    ("Nghèo mới", "relapsed", "Tái nghèo"),
    ("Nghèo mới", "newly", "Phát sinh mới"),
    ("", "other_increase", "Tăng khác"),
    ("", "closing", "Cuối năm"),
    ("", "net", "Giảm thuần"),
)
"""The columns of flows: caption above, column, caption."""


def _areas(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the districts by code with the province as their total below."""
    districts = rows[rows["group"] == "district"].sort_values("area_code")
    whole = rows[rows["group"] == "province"]
    levels = ["normal"] * len(districts) + ["total"] * len(whole)
    return pd.concat([districts, whole]).assign(row_level=levels)


def flows_table(brief: Brief, heading: str) -> Series:
    """Return every district's flows of poor households; nothing where no review tells."""
    table = brief.table("flows")
    rows = _areas(latest(table, kind="poor"))
    if rows.empty:
        return Series()
    columns = [Column("area", "Địa bàn", "text", width=2)]
    columns += [
        Column(key, label, "count", group=(group,) if group else ()) for group, key, label in HEADS
    ]
    columns.append(Column("relapse_rate", "Tái nghèo/ thoát nghèo (%)", "rate"))
    made = table_of(
        table,
        columns,
        title=f"Diễn biến hộ nghèo năm {rows['year'].iloc[0]} theo huyện",
        unit="Đơn vị tính: Hộ",
        note=note_for(brief, rows, "Giảm thuần: số hộ đầu năm trừ số hộ cuối năm."),
        frame=rows,
        levels="row_level",
        landscape=True,
    )
    return Series((Text(heading), made))


def deprivations_table(brief: Brief, heading: str) -> Series:
    """Return the share of poor households that lack each indicator, by district."""
    table = brief.table("deprivations")
    rows = latest(table, kind="poor")
    areas = _areas(rows.drop_duplicates("area_code"))
    if areas.empty:
        return Series()
    items = rows[rows["area_code"] == areas["area_code"].iloc[0]]
    wide = rows.pivot(index="area_code", columns="indicator", values="percent")
    frame = areas.join(wide, on="area_code")
    columns = [
        Column("area", "Địa bàn", "text", width=2),
        Column("households", "Hộ nghèo", "count"),
        *(
            Column(item.indicator, item.label, "rate", group=(item.service,))
            for item in items.itertuples()
        ),
    ]
    made = table_of(
        table,
        columns,
        title=f"Tỷ lệ hộ nghèo thiếu hụt từng chỉ số, cuối năm {rows['year'].iloc[0]}",
        unit="Đơn vị tính: %",
        note=note_for(brief, frame),
        frame=frame,
        levels="row_level",
        landscape=True,
        dense=True,
    )
    return Series((Text(heading), made))


def communes_table(brief: Brief, district_code: str, heading: str) -> Series:
    """Return a district's communes, most poor households first, under a heading."""
    table = brief.table("commune_rates")
    rows = latest_records(table, district_code=district_code)
    if not rows:
        return Series()
    rows.sort(key=lambda row: (-_known(row["poor_households"]), row["unit_code"]))
    year = rows[0]["year"]
    before = any(row["poor_before"] is not None for row in rows)
    columns = [
        Column("unit", say("Xã, phường, thị trấn"), "text", width=3),
        Column("households", say("Tổng số hộ"), "count"),
        *([Column("poor_before", say("Hộ nghèo đầu năm"), "count")] if before else []),
        Column("poor_households", say("Hộ nghèo cuối năm"), "count"),
        Column("poor_rate", say("Tỷ lệ hộ nghèo (%)"), "rate"),
        Column("near_poor_households", say("Hộ cận nghèo"), "count"),
    ]
    made = table_of(
        table,
        columns,
        title=say(
            "Hộ nghèo, hộ cận nghèo của các xã thuộc {district}, cuối năm {year}",
            district=name_of(rows[0]["district"]),
            year=year,
        ),
        note=note_for(brief, rows),
        records=[row | {"unit": name_of(row["unit"])} for row in rows],
    )
    return Series((Text(headline(heading)), made))


def _known(number: object) -> int:
    """Return a number to sort by; what is missing or withheld comes after all."""
    return number if isinstance(number, int) else -1


def at_risk_table(brief: Brief) -> Series:
    """Return the districts at risk and why; nothing where none is."""
    table = brief.table("districts_at_risk")
    if table.frame.empty:
        return Series()
    likely = any(value is not None for value in table.frame["probability_low"])
    both = zip(table.frame["to_low"], table.frame["gross_to_low"], strict=True)
    gross = any(more is not None and more != net for net, more in both)
    columns = [
        Column("district", "Huyện", "text", width=1.6),
        Column("rate", "Tỷ lệ hộ nghèo (%)", "rate"),
        Column("result", "Đánh giá", "text", width=1.2),
        Column("to_low", "Hộ còn phải giảm", "count"),
        *([Column("gross_to_low", "Cần thoát nghèo", "count")] if gross else []),
        *([Column("probability_low", "Khả năng đạt (%)", "number", digits=0)] if likely else []),
        Column("message", "Lý do", "text", width=6),
    ]
    note = "Cần thoát nghèo: số hộ còn phải giảm cộng số hộ dự kiến tái nghèo, nghèo mới."
    made = table_of(
        table,
        columns,
        title="Các huyện có nguy cơ và lý do",
        note=note_for(brief, table.frame, note if gross else ""),
        dense=True,
    )
    return Series((made,))

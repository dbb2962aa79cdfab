"""The plan's detail of all units, for its workbook: every amount's way, every commune's part."""

from __future__ import annotations

from helpers.brief.blocks import Series
from helpers.brief.latest import latest, note_for
from helpers.brief.reader import Brief
from helpers.brief.table import Column
from helpers.brief.tables.layout import MILLIONS, table_of

__all__ = ["all_communes_capital", "all_communes_poor", "all_shares"]

UNITS = {"district": "huyện, thành phố, thị xã", "commune": "xã, phường, thị trấn"}


def all_shares(brief: Brief) -> Series:
    """Return for each pot how every unit's share was bounded and rounded; a table for each level.

    A district's share is cut from the whole pot, a commune's from that of its district where the
    rule shares it further.
    """
    table = brief.table("rounding")
    made = []
    for level, units in UNITS.items():
        rows = table.rows(level=level)
        if rows.empty:
            continue
        columns = [
            Column("line", "Mã", "text", whole=True),
            Column("source", "Nguồn vốn", "text", whole=True),
            Column("capital_type", "Loại vốn", "text", whole=True),
            *([Column("district", "Huyện", "text", width=2)] if level == "commune" else []),
            Column("unit_code", "Mã đơn vị", "text", whole=True),
            Column("unit", "Đơn vị", "text", width=3),
            Column("pot", "Khoản vốn đem chia", "money"),
            Column("coefficient", "Hệ số X", "number"),
            Column("exact", "Số chia chính xác", "money"),
            Column("bound", "Giới hạn", "text", width=2),
            Column("gained", "Làm tròn thêm", "money"),
            Column("amount", "Số vốn", "money"),
        ]
        made.append(
            table_of(
                table,
                columns,
                title=f"Từ khoản vốn đem chia đến số vốn của từng {units}",
                unit=MILLIONS,
                note="Số chia chính xác là khoản vốn đem chia nhân X/ΣX.",
                frame=rows,
                landscape=True,
                dense=True,
            )
        )
    return Series(tuple(made))


def all_communes_capital(brief: Brief) -> Series:
    """Return what every commune gets from each line that is shared so far; nothing without any."""
    table = brief.table("commune_lines")
    if table.frame.empty:
        return Series()
    keys = ["district_code", "district", "unit_code", "unit"]
    wide = table.frame.pivot(index=keys, columns="line", values="amount").fillna(0).astype("int64")
    lines = [line for line in brief.lines if line in wide.columns]
    frame = wide.assign(total=wide[lines].sum(axis=1)).reset_index()
    columns = [
        Column("district", "Huyện", "text", width=2),
        Column("unit_code", "Mã", "text", whole=True),
        Column("unit", "Xã, phường, thị trấn", "text", width=3),
        *(Column(line, f"{line}. {brief.lines[line]}", "money") for line in lines),
        *([Column("total", "Tổng số", "money")] if len(lines) > 1 else []),
    ]
    made = table_of(
        table,
        columns,
        title=f"Vốn năm {brief.year} của từng xã, phường, thị trấn",
        unit=MILLIONS,
        frame=frame,
    )
    return Series((made,))


def all_communes_poor(brief: Brief) -> Series:
    """Return the poor and near-poor households of every commune; nothing where none reported."""
    table = brief.table("commune_rates")
    rows = latest(table)
    if rows.empty:
        return Series()
    before = any(value is not None for value in rows["poor_before"])
    columns = [
        Column("district", "Huyện", "text", width=2),
        Column("unit_code", "Mã", "text", whole=True),
        Column("unit", "Xã, phường, thị trấn", "text", width=3),
        Column("households", "Tổng số hộ", "count"),
        *([Column("poor_before", "Hộ nghèo đầu năm", "count")] if before else []),
        Column("poor_households", "Hộ nghèo cuối năm", "count"),
        Column("poor_rate", "Tỷ lệ hộ nghèo (%)", "rate"),
        Column("near_poor_households", "Hộ cận nghèo", "count"),
    ]
    made = table_of(
        table,
        columns,
        title=f"Hộ nghèo, hộ cận nghèo của từng xã, cuối năm {rows['year'].iloc[0]}",
        note=note_for(brief, rows),
        frame=rows,
    )
    return Series((made,))

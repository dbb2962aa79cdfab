"""One district's worksheet: from its figures to its points, from its points to its capital."""

from __future__ import annotations

from helpers import words
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Row, Table
from helpers.brief.tables.coefficients import Told, alike_lines
from helpers.brief.tables.layout import MILLIONS, source_of, table_of
from helpers.text import listing

__all__ = ["shares_table", "worksheet_table"]


def worksheet_table(brief: Brief, district_code: str) -> Table:
    """Return for each line the district's criteria, what they hit, X and the capital."""
    coefficients, money = brief.table("coefficients"), brief.table("district_lines")
    held = money.records(district_code=district_code)
    amounts = {row["line"]: row["total"] for row in held}
    whole = amounts.pop("total")
    rows: list[Row] = []
    for alike in alike_lines(coefficients, level="district", unit_code=district_code):
        rows += [_line_row(brief, line, amounts.pop(line, 0)) for line in alike.lines]
        rows += [_step_row(told) for parts in alike.units for told in parts]
    for line, amount in amounts.items():
        rows.append(_line_row(brief, line, amount))
        rows.append(Row(("", "", _without(brief, line, district_code), "", "")))
    rows.append(Row(("Tổng cộng", "", "", "", whole), "total"))
    columns = (
        Column("name", "Dự án, tiêu chí", "text", width=3),
        Column("value", "Số liệu của huyện", "text", width=1.8),
        Column("hit", "Mức áp dụng", "text", width=3.2),
        Column("points", "Điểm", "number"),
        Column("amount", "Số vốn", "money"),
    )
    return Table(
        f"Phiếu tính vốn năm {brief.year} của {held[0]['district']}",
        columns,
        tuple(rows),
        unit=MILLIONS,
        note="X là tổng điểm các tiêu chí, nhân với hệ số nếu có; ΣX là tổng X của các đơn vị được"
        " chia. Dự án, tiểu dự án có cùng cách chia đứng liền nhau.",
        dense=True,
        **source_of(coefficients, money),
    )


def _line_row(brief: Brief, line: str, amount: int) -> Row:
    return Row((f"{line}. {brief.lines[line]}", "", "", "", amount), "group")


def _step_row(told: Told) -> Row:
    if told.part == "total":
        whole = words.decimal(told.whole or 0, 6, least=0)
        cells = ("Hệ số X", f"ΣX = {whole}", f"X chiếm {told.hit}", told.points, "")
        return Row(cells, "detail")
    name = told.name
    if told.part == "multiplier":
        name = f"Nhân với {name[0].lower()}{name[1:]}"
    return Row((name, told.value, told.hit, told.points, ""))


def _without(brief: Brief, line: str, district_code: str) -> str:
    """Return how a line without a coefficient of the district reached it."""
    communes = brief.table("commune_lines").records(district_code=district_code, line=line)
    return "chia thẳng cho các xã" if communes else "khoản giao đích danh"


def shares_table(brief: Brief, district_code: str) -> Table:
    """Return how each pot's share for the district was bounded and rounded."""
    table = brief.table("rounding")
    rows = table.records(level="district", unit_code=district_code)
    bound = any(row["bound"] for row in rows)
    columns = [
        Column("line", "Mã", "text", width=1.3),
        Column("source", "Nguồn vốn", "text"),
        Column("capital_type", "Loại vốn", "text"),
        Column("pot", "Khoản vốn đem chia", "money"),
        Column("coefficient", "Hệ số X", "number"),
        Column("exact", "Số chia chính xác", "money"),
        *([Column("bound", "Giới hạn", "text")] if bound else []),
        Column("gained", "Làm tròn thêm", "money"),
        Column("amount", "Số vốn", "money"),
    ]
    return table_of(
        table,
        columns,
        title=f"Từ khoản vốn đem chia đến số vốn của {rows[0]['unit']}",
        unit=MILLIONS,
        note="Số chia chính xác là khoản vốn đem chia nhân X/ΣX, tính đến phần trăm đồng."
        + _earmarks(brief, district_code),
        records=rows,
    )


def _earmarks(brief: Brief, district_code: str) -> str:
    """Say what the district was given by name, before anything was shared."""
    rows = brief.table("pots").records(kind="earmark", district_code=district_code)
    said = [
        f"{row['name']} ({row['line']}, {row['source']}, {row['capital_type']})"
        f" {words.million(row['amount'])}"
        for row in rows
    ]
    return f" Ngoài ra được giao đích danh: {listing(said)}." if said else ""

"""One district's worksheet: from its figures to its points, from its points to its capital."""

from __future__ import annotations

from helpers import words
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Row, Table
from helpers.brief.tables.coefficients import Told, alike_lines
from helpers.brief.tables.layout import MILLIONS, source_of, table_of
from helpers.language import say
from helpers.retelling import name as name_of
from helpers.retelling import retold
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
    rows.append(Row((say("Tổng cộng"), "", "", "", whole), "total"))
    columns = (
        Column("name", say("Dự án, tiêu chí"), "text", width=3),
        Column("value", say("Số liệu của huyện"), "text", width=1.8),
        Column("hit", say("Mức áp dụng"), "text", width=3.2),
        Column("points", say("Điểm"), "number"),
        Column("amount", say("Số vốn"), "money"),
    )
    return Table(
        say(
            "Phiếu tính vốn năm {year} của {district}",
            year=brief.year,
            district=name_of(held[0]["district"]),
        ),
        columns,
        tuple(rows),
        unit=say(MILLIONS),
        note=say(
            "X là tổng điểm các tiêu chí, nhân với hệ số nếu có; ΣX là tổng X của các đơn vị được"
            " chia. Dự án, tiểu dự án có cùng cách chia đứng liền nhau."
        ),
        dense=True,
        **source_of(coefficients, money),
    )


def _line_row(brief: Brief, line: str, amount: int) -> Row:
    return Row((f"{line}. {brief.lines[line]}", "", "", "", amount), "group")


def _step_row(told: Told) -> Row:
    if told.part == "total":
        whole = words.decimal(told.whole or 0, 6, least=0)
        part = say("X chiếm {part}", part=retold(told.hit))
        return Row((say("Hệ số X"), f"ΣX = {whole}", part, told.points, ""), "detail")
    name = retold(told.name)
    if told.part == "multiplier":
        name = say("Nhân với {factor}", factor=f"{name[0].lower()}{name[1:]}")
    return Row((name, retold(told.value), retold(told.hit), told.points, ""))


def _without(brief: Brief, line: str, district_code: str) -> str:
    """Return how a line without a coefficient of the district reached it."""
    communes = brief.table("commune_lines").records(district_code=district_code, line=line)
    return say("chia thẳng cho các xã") if communes else say("khoản giao đích danh")


def shares_table(brief: Brief, district_code: str) -> Table:
    """Return how each pot's share for the district was bounded and rounded."""
    table = brief.table("rounding")
    rows = [
        row
        | {
            "source": name_of(row["source"]),
            "capital_type": name_of(row["capital_type"]),
            "bound": retold(row["bound"]),
        }
        for row in table.records(level="district", unit_code=district_code)
    ]
    bound = any(row["bound"] for row in rows)
    columns = [
        Column("line", say("Mã"), "text", width=1.3),
        Column("source", say("Nguồn vốn"), "text"),
        Column("capital_type", say("Loại vốn"), "text"),
        Column("pot", say("Khoản vốn đem chia"), "money"),
        Column("coefficient", say("Hệ số X"), "number"),
        Column("exact", say("Số chia chính xác"), "money"),
        *([Column("bound", say("Giới hạn"), "text")] if bound else []),
        Column("gained", say("Làm tròn thêm"), "money"),
        Column("amount", say("Số vốn"), "money"),
    ]
    return table_of(
        table,
        columns,
        title=say(
            "Từ khoản vốn đem chia đến số vốn của {district}",
            district=name_of(rows[0]["unit"]),
        ),
        unit=MILLIONS,
        note=say("Số chia chính xác là khoản vốn đem chia nhân X/ΣX, tính đến phần trăm đồng.")
        + _earmarks(brief, district_code),
        records=rows,
    )


def _earmarks(brief: Brief, district_code: str) -> str:
    """Say what the district was given by name, before anything was shared."""
    rows = brief.table("pots").records(kind="earmark", district_code=district_code)
    said = [
        f"{name_of(row['name'])} ({row['line']}, {name_of(row['source'])},"
        f" {name_of(row['capital_type'])}) {words.million(row['amount'])}"
        for row in rows
    ]
    return say(" Ngoài ra được giao đích danh: {named}.", named=listing(said)) if said else ""

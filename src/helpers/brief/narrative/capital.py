"""Sentences about the capital: how much, to whom, and what could not be placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpers import words
from helpers.brief.reader import Brief
from helpers.text import listing

__all__ = [
    "capital_sentence",
    "district_capital_sentence",
    "district_counterpart_sentence",
    "placement_sentence",
]

COMMUNES = "xã, phường, thị trấn"
DISTRICTS = "huyện, thành phố, thị xã"


def capital_sentence(brief: Brief) -> str:
    """Say the plan's total and its split by capital type and by source."""
    total = brief.table("capital_by_project").one(code="total")
    whole = total["total"]

    def parts(names: Mapping[str, str]) -> str:
        return listing(
            f"{name[0].lower()}{name[1:]} {words.money(total[code])}"
            f" ({words.share(total[code], whole)})"
            for code, name in names.items()
            if total[code]
        )

    return (
        f"Tổng vốn thực hiện Chương trình năm {brief.year} của {brief.province} là"
        f" **{words.money(whole)}**. Chia theo loại vốn: {parts(brief.types)}."
        f" Chia theo nguồn: {parts(brief.sources)}."
    )


def placement_sentence(brief: Brief) -> str:
    """Say how much goes to districts, their communes and agencies, and what goes to nobody."""
    rows = brief.table("capital_by_district_project").frame
    whole = brief.table("capital_by_project").one(code="total")["total"]

    def part(amounts: Iterable[int]) -> str:
        amount = sum(map(int, amounts))
        return f"{words.money(amount)} ({words.share(amount, whole)})"

    said = []
    districts = rows[(rows["level"] == "district") & (rows["total"] > 0)]
    if len(districts):
        placed = f"{part(districts['total'])} phân bổ cho {len(districts)} {DISTRICTS}"
        said.append(placed + _communes(brief))
    agencies = rows[rows["level"] == "agency"]
    if len(agencies):
        named = listing(f"{row.district} {words.money(row.total)}" for row in agencies.itertuples())
        number = words.spelled(len(agencies))
        given = part(agencies["total"])
        said.append(
            f"{given} giao cho {number} sở, ngành ({named})"
            if len(agencies) > 1
            else f"{given} giao cho {agencies['district'].iloc[0]}"
        )
    begun = f"Trong tổng vốn, {'; '.join(said)}. " if said else ""
    return f"{begun}{_unplaced(brief, whole)}"


def _communes(brief: Brief) -> str:
    """Say how much of the districts' capital is shared further."""
    rows = brief.table("commune_lines").frame
    amount = rows["amount"].sum()
    if not amount:
        return ""
    number = words.count(rows["unit_code"].nunique())
    return f", trong đó {words.money(int(amount))} đã chia đến {number} {COMMUNES}"


def _unplaced(brief: Brief, whole: int) -> str:
    """Say what nobody has been given yet, and why."""
    rows = brief.table("not_allocated").frame
    if rows.empty:
        return "Không có khoản nào chưa phân bổ."
    sums = rows.groupby("reason", sort=False)["amount"].sum()
    total = int(sums.sum())
    left = f"Còn **{words.money(total)}** ({words.share(total, whole)}) chưa phân bổ"
    if len(sums) == 1:
        return f"{left}; lý do: {sums.index[0]}."
    named = "; ".join(f"{reason} ({words.money(int(amount))})" for reason, amount in sums.items())
    return f"{left}, gồm: {named}."


def district_capital_sentence(brief: Brief, district_code: str) -> str:
    """Say what one district gets, its place, and what that is per poor household."""
    row = brief.table("capital_by_district").one(district_code=district_code)
    amount = row["total"]
    per = row["per_poor_household"]
    each = (
        f"; bình quân {words.million(per)} triệu đồng trên một hộ"
        f" nghèo đầu năm ({words.households(row['poor_households'])})"
        if per is not None
        else ""
    )
    return (
        f"Vốn Chương trình năm {brief.year} phân bổ cho {row['district']} là"
        f" **{words.money(amount)}**, bằng {words.rate(row['share'])} tổng vốn của tỉnh,"
        f" đứng thứ {row['rank']} trong {brief.districts} huyện{each}."
    )


def district_counterpart_sentence(brief: Brief, district_code: str) -> str:
    """Say what the budgets of a district and its communes must add; nothing where that is none."""
    table = brief.table("counterpart_by_district")
    rows = table.records(district_code=district_code, line="total")
    sums = {
        "ngân sách huyện": sum(row["district_budget"] for row in rows),
        "ngân sách xã": sum(row["commune_budget"] for row in rows),
    }
    named = [f"{name} {words.money(amount)}" for name, amount in sums.items() if amount]
    return f"Vốn đối ứng phải có: {listing(named)}." if named else ""

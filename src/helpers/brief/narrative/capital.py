"""Sentences about the capital: how much, to whom, and what could not be placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpers import words
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.retelling import name as said_name
from helpers.retelling import retold
from helpers.text import listing

__all__ = [
    "capital_sentence",
    "district_capital_sentence",
    "district_counterpart_sentence",
    "placement_sentence",
]


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

    return say(
        "Tổng vốn thực hiện Chương trình năm {year} của {province} là **{amount}**. Chia theo loại"
        " vốn: {types}. Chia theo nguồn: {sources}.",
        year=brief.year,
        province=brief.province,
        amount=words.money(whole),
        types=parts(brief.types),
        sources=parts(brief.sources),
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
        placed = say(
            "{amount} phân bổ cho {n} huyện, thành phố, thị xã",
            amount=part(districts["total"]),
            n=len(districts),
        )
        said.append(placed + _communes(brief))
    agencies = rows[rows["level"] == "agency"]
    if len(agencies) > 1:
        named = listing(
            f"{retold(row.district)} {words.money(row.total)}" for row in agencies.itertuples()
        )
        said.append(
            say(
                "{amount} giao cho {number} sở, ngành ({named})",
                amount=part(agencies["total"]),
                number=words.spelled(len(agencies)),
                named=named,
            )
        )
    elif len(agencies):
        only = retold(agencies["district"].iloc[0])
        said.append(say("{amount} giao cho {agency}", amount=part(agencies["total"]), agency=only))
    begun = say("Trong tổng vốn, {parts}. ", parts="; ".join(said)) if said else ""
    return f"{begun}{_unplaced(brief, whole)}"


def _communes(brief: Brief) -> str:
    """Say how much of the districts' capital is shared further."""
    rows = brief.table("commune_lines").frame
    amount = rows["amount"].sum()
    if not amount:
        return ""
    number = int(rows["unit_code"].nunique())
    return say(
        ", trong đó {amount} đã chia đến {number} xã, phường, thị trấn",
        n=number,
        number=words.count(number),
        amount=words.money(int(amount)),
    )


def _unplaced(brief: Brief, whole: int) -> str:
    """Say what nobody has been given yet, and why."""
    rows = brief.table("not_allocated").frame
    if rows.empty:
        return say("Không có khoản nào chưa phân bổ.")
    sums = rows.groupby("reason", sort=False)["amount"].sum()
    total = int(sums.sum())
    left = {"amount": words.money(total), "share": words.share(total, whole)}
    if len(sums) == 1:
        return say(
            "Còn **{amount}** ({share}) chưa phân bổ; lý do: {reason}.",
            reason=retold(sums.index[0]),
            **left,
        )
    named = "; ".join(
        f"{retold(reason)} ({words.money(int(amount))})" for reason, amount in sums.items()
    )
    return say("Còn **{amount}** ({share}) chưa phân bổ, gồm: {named}.", named=named, **left)


def district_capital_sentence(brief: Brief, district_code: str) -> str:
    """Say what one district gets, its place, and what that is per poor household."""
    row = brief.table("capital_by_district").one(district_code=district_code)
    if not row["total"]:
        return say(
            "Năm {year}, {district} không được phân bổ vốn Chương trình.",
            year=brief.year,
            district=said_name(row["district"]),
        )
    per = row["per_poor_household"]
    each = (
        say(
            "; bình quân {amount} triệu đồng trên một hộ nghèo đầu năm ({households})",
            amount=words.million(per),
            households=words.households(row["poor_households"]),
        )
        if per is not None
        else ""
    )
    return say(
        "Vốn Chương trình năm {year} phân bổ cho {district} là **{amount}**, bằng {share} tổng vốn"
        " của tỉnh, đứng thứ {rank} trong {districts} huyện{each}.",
        year=brief.year,
        district=said_name(row["district"]),
        amount=words.money(row["total"]),
        share=words.rate(row["share"]),
        rank=row["rank"],
        districts=brief.districts,
        each=each,
    )


def district_counterpart_sentence(brief: Brief, district_code: str) -> str:
    """Say what the budgets of a district and its communes must add; nothing where that is none."""
    table = brief.table("counterpart_by_district")
    rows = table.records(district_code=district_code, line="total")
    sums = {
        "ngân sách huyện": sum(row["district_budget"] for row in rows),
        "ngân sách xã": sum(row["commune_budget"] for row in rows),
    }
    named = [f"{say(name)} {words.money(amount)}" for name, amount in sums.items() if amount]
    return say("Vốn đối ứng phải có: {named}.", named=listing(named)) if named else ""

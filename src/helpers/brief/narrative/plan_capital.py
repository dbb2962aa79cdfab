"""The capital in the official plan: its total in figures and in words, who pays, who gets it."""

from __future__ import annotations

from helpers import words
from helpers.brief.narrative.plan_words import amounts, lettered
from helpers.brief.reader import Brief
from helpers.text import listing

__all__ = ["plan_carried", "plan_counterpart", "plan_total"]


def plan_total(brief: Brief) -> str:
    """Say the whole capital, in words too, and its parts by source and by type."""
    row = brief.table("capital_by_project").one(code="total")
    whole = row["total"]
    said = (
        f"Tổng vốn thực hiện Chương trình năm {brief.year} là **{words.money(whole)}** (Bằng chữ:"
        f" {words.in_words(whole)}), trong đó:"
    )
    parts = lettered(
        (
            f"Theo nguồn vốn: {listing(amounts(row, brief.sources))};",
            f"Theo loại vốn: {listing(amounts(row, brief.types))}.",
        )
    )
    return "\n\n".join([said, *parts])


def plan_counterpart(brief: Brief) -> str:
    """Say what local budgets have to add, and whether it is in the plan."""
    rows = brief.table("counterpart").records(line="total")
    if not rows:
        return "Bộ quy tắc phân bổ không quy định vốn đối ứng."
    required = sum(row["required"] for row in rows)
    planned = sum(row["planned"] for row in rows)
    levels = {"tỉnh": "province", "huyện": "district", "xã": "commune"}
    sums = {name: sum(row[key] for row in rows) for name, key in levels.items()}
    shared = listing(
        f"ngân sách {name} {words.money(amount)}" for name, amount in sums.items() if amount
    )
    said = (
        f"Theo tỷ lệ đối ứng, ngân sách địa phương phải bố trí {words.money(required)}"
        f"{f' ({shared})' if shared else ''}; kế hoạch đã bố trí {words.money(planned)}"
    )
    gap = planned - required
    if not gap:
        return f"{said}, đúng mức quy định."
    way = "cao hơn" if gap > 0 else "thấp hơn"
    return f"{said}, {way} mức quy định {words.money(abs(gap))}."


def plan_carried(brief: Brief) -> str:
    """Say what is carried over from earlier years; nothing where nothing is."""
    year = str(brief.year)
    rows = [
        row
        for row in brief.table("capital_by_vintage").records()
        if row["vintage"] != year and row["current"]
    ]
    if not rows:
        return ""
    by_year: dict[str, int] = {}
    for row in rows:
        by_year[row["vintage"]] = by_year.get(row["vintage"], 0) + row["current"]
    shared = listing(f"{words.money(amount)} vốn năm {one}" for one, amount in by_year.items())
    return (
        f"Ngoài vốn giao trong năm, vốn các năm trước được kéo dài sang năm {year} hiện có"
        f" {words.money(sum(by_year.values()))} ({shared}), được theo dõi riêng theo năm vốn."
    )

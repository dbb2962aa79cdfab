"""Sentences about what to look at again: the change since last year, and the warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from helpers import words
from helpers.brief.reader import Brief
from helpers.text import listing

__all__ = [
    "comparison_paragraph",
    "district_comparison_sentence",
    "district_warnings",
    "rules_comparison_paragraph",
    "warnings_list",
]

Row = Mapping[str, Any]

MOST = 3
"""So many who gain most and who lose most are named."""

LEAST = 10
"""Less than one part in so many of a difference is not worth a word."""

WARNED = 5
"""So many warnings are printed; the published table has them all."""

WARNING = "cảnh báo"
"""The published severity of what is more than a notice."""

BILLION = 10**9


def _about(amount: int) -> str:
    """Return an effect as prose says it, with its sign: one decimal of a tỷ, or whole triệu."""
    sign = "+" if amount > 0 else "-"
    if abs(amount) >= BILLION:
        return f"{sign}{words.decimal(Fraction(abs(amount), BILLION), 1)} tỷ đồng"
    return f"{sign}{words.decimal(Fraction(abs(amount), 10**6))} triệu đồng"


class Direction(NamedTuple):
    """How prose says that an amount is above or below another."""

    sign: int
    verb: str
    most: str


YEARS = (Direction(1, "tăng", "Tăng nhiều nhất"), Direction(-1, "giảm", "Giảm nhiều nhất"))
RULES = (
    Direction(1, "được nhiều hơn", "Nhiều hơn cả"),
    Direction(-1, "được ít hơn", "Ít hơn cả"),
)


def _turned(row: Row, directions: Sequence[Direction] = YEARS) -> str:
    """Say by how much one amount is above or below the other."""
    change, before = row["difference"], row["before"]
    if not change:
        return "không thay đổi"
    up, down = directions
    part = f" ({words.share(abs(change), before)})" if before else ""
    return f"{(up if change > 0 else down).verb} {words.money(abs(change))}{part}"


def _from_to(row: Row) -> str:
    """Say between which amounts it moved, when it did."""
    if not row["difference"]:
        return f" ({words.money(row['after'])})"
    end = "lên" if row["difference"] > 0 else "xuống"
    return f", từ {words.money(row['before'])} {end} {words.money(row['after'])}"


def _why(row: Row) -> str:
    """Say what moved it: what there was to share, and the criterion that pulled most."""
    said = []
    if abs(row["pot_effect"]) * LEAST >= abs(row["difference"]) > 0:
        said.append(f"do mức vốn đem chia {_about(row['pot_effect'])}")
    if row["criterion"]:
        name = row["criterion"]
        said.append(f"do {name[0].lower()}{name[1:]} {_about(row['criterion_effect'])}")
    return f", trong đó {', '.join(said)}" if said else ""


def comparison_paragraph(brief: Brief) -> str:
    """Say how the capital moved since last year, who gains and loses most, and why."""
    rows = brief.table("comparison_last_year").rows(line="total")
    if rows.empty:
        return f"Chưa có số vốn giao năm {brief.year - 1} để so sánh."
    (whole,) = rows[rows["level"] == "total"].to_dict("records")
    only = brief.compared_sources
    what = f"vốn {listing(only)}" if only else "tổng vốn"
    opening = f"So với vốn giao năm {brief.year - 1}, {what} {_turned(whole)}{_from_to(whole)}."
    if only:
        opening += " Chỉ so nguồn vốn có số giao năm trước."
    agencies = rows[rows["level"] == "agency"]
    if len(agencies):
        before, after = int(agencies["before"].sum()), int(agencies["after"].sum())
        held = words.money(before) if before else "không có"
        opening += f" Phần của sở, ngành là {words.money(after)} (năm {brief.year - 1}: {held})."
    items = _who_moved(rows, YEARS)
    if not items:
        return f"{opening} Vốn của từng huyện không thay đổi."
    return "\n".join([opening, "", *items])


def rules_comparison_paragraph(brief: Brief) -> str:
    """Say who gets more and who less than by the other rules; nothing where there are none."""
    rows = brief.table("comparison_rules").rows(line="total")
    if rows.empty:
        return ""
    title = brief.facts("other_rules").get("title", "")
    other = f"bộ quy tắc “{title}”" if title else "bộ quy tắc đem so sánh"
    items = _who_moved(rows, RULES)
    if not items:
        return f"Chia theo {other} thì vốn của từng huyện không thay đổi."
    opening = f"So với cách chia theo {other}, theo quy tắc đang áp dụng:"
    return "\n".join([opening, "", *items])


def _who_moved(rows: pd.DataFrame, directions: Sequence[Direction]) -> list[str]:
    """Return a list item for each direction in which any district moved, the furthest first."""
    districts = rows[rows["level"] == "district"]
    items = []
    for sign, verb, most in directions:
        moved = districts.assign(size=districts["difference"] * sign)
        moved = moved[moved["size"] > 0].sort_values(["size", "unit_code"], ascending=[False, True])
        named = "; ".join(
            f"{row['unit']} {_turned(row, directions)}{_why(row)}"
            for row in moved.head(MOST).to_dict("records")
        )
        if len(moved) == 1:
            items.append(f"- **Một huyện {verb}:** {named}.")
        elif named:
            items.append(f"- **{most}** trong {len(moved)} huyện {verb}: {named}.")
    return items


def district_comparison_sentence(brief: Brief, district_code: str) -> str:
    """Say how one district's capital moved since last year, and why."""
    rows = brief.table("comparison_last_year").records(
        line="total", level="district", unit_code=district_code
    )
    if not rows:
        return f"Chưa có số vốn giao năm {brief.year - 1} để so sánh."
    (row,) = rows
    only = brief.compared_sources
    what = f"vốn {listing(only)}" if only else "vốn"
    return (
        f"So với vốn giao năm {brief.year - 1}, {what} của {row['unit']}"
        f" {_turned(row)}{_from_to(row)}{_why(row)}."
    )


def warnings_list(brief: Brief) -> str:
    """Return the gravest warnings about the allocation, each kind in one item."""
    rows = brief.table("allocation_warnings").frame
    grave = rows[rows["severity"] == WARNING]
    if grave.empty:
        return "Không có cảnh báo nào khi phân bổ."
    # What concerns many units is one row with their number; their own rows follow it.
    summed = [row for row in grave.to_dict("records") if row["count"] is not None]
    shown = (summed or grave.to_dict("records"))[:WARNED]
    items = [f"- {row['message']}" for row in shown]
    if len(grave) > len(items):
        more = f"Tất cả {words.count(len(grave))} cảnh báo ghi tại tables/allocation_warnings.csv."
        items += ["", more]
    return "\n".join(items)


def district_warnings(brief: Brief, district_code: str, heading: str) -> str:
    """Return the warnings about one district under a heading; nothing where there are none."""
    name = brief.table("capital_by_district").one(district_code=district_code)["district"]
    rows = brief.table("allocation_warnings").records("message", severity=WARNING, subject=name)
    if not rows:
        return ""
    items = [f"- {row['message']}" for row in rows[:WARNED]]
    return "\n".join([heading, "", *items])

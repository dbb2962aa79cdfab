"""Sentences about what to look at again: the change since last year, and the warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from helpers import words
from helpers.brief.headings import under
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.legible import literal
from helpers.retelling import name as named_as
from helpers.retelling import retold
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
TENTH = words.MILLION // 10


def _about(amount: int) -> str:
    """Return an effect as prose says it, with its sign: one decimal of a tỷ, or whole triệu.

    It is rounded from the tenths of a triệu that the table beside it shows.
    """
    sign = "+" if amount > 0 else "-"
    shown = (2 * abs(amount) + TENTH) // (2 * TENTH) * TENTH
    if shown >= BILLION:
        return sign + say("{number} tỷ đồng", number=words.decimal(shown, 1, unit=BILLION))
    return sign + say("{number} triệu đồng", number=words.decimal(shown, unit=words.MILLION))


class Direction(NamedTuple):
    """How prose says that an amount is above or below another."""

    sign: int
    moved: str
    one: str
    most: str


YEARS = (
    Direction(
        1,
        "tăng {amount}{part}",
        "- **Một huyện tăng:** {named}.",
        "- **Tăng nhiều nhất** trong {n} huyện tăng: {named}.",
    ),
    Direction(
        -1,
        "giảm {amount}{part}",
        "- **Một huyện giảm:** {named}.",
        "- **Giảm nhiều nhất** trong {n} huyện giảm: {named}.",
    ),
)
RULES = (
    Direction(
        1,
        "được nhiều hơn {amount}{part}",
        "- **Một huyện được nhiều hơn:** {named}.",
        "- **Nhiều hơn cả** trong {n} huyện được nhiều hơn: {named}.",
    ),
    Direction(
        -1,
        "được ít hơn {amount}{part}",
        "- **Một huyện được ít hơn:** {named}.",
        "- **Ít hơn cả** trong {n} huyện được ít hơn: {named}.",
    ),
)


def _turned(row: Row, directions: Sequence[Direction] = YEARS) -> str:
    """Say by how much one amount is above or below the other."""
    change, before = row["difference"], row["before"]
    if not change:
        return say("không thay đổi")
    up, down = directions
    part = f" ({words.share(abs(change), before)})" if before else ""
    return say((up if change > 0 else down).moved, amount=words.money(abs(change)), part=part)


def _from_to(row: Row) -> str:
    """Say between which amounts it moved, when it did."""
    before, after = words.money(row["before"]), words.money(row["after"])
    if not row["difference"]:
        return f" ({after})"
    if row["difference"] > 0:
        return say(", từ {before} lên {after}", before=before, after=after)
    return say(", từ {before} xuống {after}", before=before, after=after)


def _why(row: Row) -> str:
    """Say what moved it: what there was to share, and the criterion that pulled most."""
    said = []
    if abs(row["pot_effect"]) * LEAST >= abs(row["difference"]) > 0:
        said.append(say("do mức vốn đem chia {amount}", amount=_about(row["pot_effect"])))
    if row["criterion"]:
        name = retold(row["criterion"])
        name = f"{name[0].lower()}{name[1:]}"
        effect = _about(row["criterion_effect"])
        said.append(say("do {criterion} {amount}", criterion=name, amount=effect))
    return say(", trong đó {parts}", parts=", ".join(said)) if said else ""


def _what(brief: Brief, all_of_it: str) -> str:
    """Return which capital is compared: that of some sources, or all of it."""
    only = brief.compared_sources
    return say("vốn {sources}", sources=listing(only)) if only else say(all_of_it)


def _unknown(brief: Brief) -> str:
    return say("Chưa có số vốn giao năm {year} để so sánh.", year=brief.year - 1)


def comparison_paragraph(brief: Brief) -> str:
    """Say how the capital moved since last year, who gains and loses most, and why."""
    rows = brief.table("comparison_last_year").rows(line="total")
    if rows.empty:
        return _unknown(brief)
    (whole,) = rows[rows["level"] == "total"].to_dict("records")
    opening = [
        say(
            "So với vốn giao năm {year}, {what} {moved}.",
            year=brief.year - 1,
            what=_what(brief, "tổng vốn"),
            moved=f"{_turned(whole)}{_from_to(whole)}",
        )
    ]
    if brief.compared_sources:
        opening.append(say("Chỉ so nguồn vốn có số giao năm trước."))
    agencies = rows[rows["level"] == "agency"]
    if len(agencies):
        before, after = int(agencies["before"].sum()), int(agencies["after"].sum())
        opening.append(
            say(
                "Phần của sở, ngành là {after} (năm {year}: {before}).",
                year=brief.year - 1,
                after=words.money(after),
                before=words.money(before) if before else say("không có"),
            )
        )
    items = _who_moved(rows, YEARS)
    if not items:
        opening.append(say("Vốn của từng huyện không thay đổi."))
    return "\n".join([" ".join(opening), *([""] if items else []), *items])


def rules_comparison_paragraph(brief: Brief) -> str:
    """Say who gets more and who less than by the other rules; nothing where there are none."""
    rows = brief.table("comparison_rules").rows(line="total")
    if rows.empty:
        return ""
    title = brief.facts("other_rules").get("title", "")
    other = (
        say("bộ quy tắc “{title}”", title=named_as(title))
        if title
        else say("bộ quy tắc đem so sánh")
    )
    items = _who_moved(rows, RULES)
    if not items:
        return say("Chia theo {other} thì vốn của từng huyện không thay đổi.", other=other)
    opening = say("So với cách chia theo {other}, theo quy tắc đang áp dụng:", other=other)
    return "\n".join([opening, "", *items])


def _who_moved(rows: pd.DataFrame, directions: Sequence[Direction]) -> list[str]:
    """Return a list item for each direction in which any district moved, the furthest first."""
    districts = rows[rows["level"] == "district"]
    items = []
    for sign, _, one, most in directions:
        moved = districts.assign(size=districts["difference"] * sign)
        moved = moved[moved["size"] > 0].sort_values(["size", "unit_code"], ascending=[False, True])
        named = "; ".join(
            f"{named_as(row['unit'])} {_turned(row, directions)}{_why(row)}"
            for row in moved.head(MOST).to_dict("records")
        )
        if named:
            items.append(say(one if len(moved) == 1 else most, n=len(moved), named=named))
    return items


def district_comparison_sentence(brief: Brief, district_code: str) -> str:
    """Say how one district's capital moved since last year, and why."""
    rows = brief.table("comparison_last_year").records(
        line="total", level="district", unit_code=district_code
    )
    if not rows:
        return _unknown(brief)
    (row,) = rows
    return say(
        "So với vốn giao năm {year}, {what} của {district} {moved}.",
        year=brief.year - 1,
        what=_what(brief, "vốn"),
        district=named_as(row["unit"]),
        moved=f"{_turned(row)}{_from_to(row)}{_why(row)}",
    )


def warnings_list(brief: Brief, most: int = WARNED) -> str:
    """Return the gravest warnings about the allocation, each kind in one item, `most` at most."""
    rows = brief.table("allocation_warnings").frame
    grave = rows[rows["severity"] == WARNING]
    if grave.empty:
        return say("Không có cảnh báo nào khi phân bổ.")
    # What concerns many units is one row with their number; their own rows follow it.
    summed = [row for row in grave.to_dict("records") if row["count"] is not None]
    shown = (summed or grave.to_dict("records"))[:most]
    items = [f"- {literal(retold(row['message']))}" for row in shown]
    if len(grave) > len(items):
        more = say(
            "Tất cả {number} cảnh báo ghi tại tables/allocation_warnings.csv.",
            number=words.count(len(grave)),
        )
        items += ["", more]
    return "\n".join(items)


def district_warnings(brief: Brief, district_code: str, heading: str) -> str:
    """Return the warnings about one district under a heading; nothing where there are none."""
    name = brief.table("capital_by_district").one(district_code=district_code)["district"]
    rows = brief.table("allocation_warnings").records("message", severity=WARNING, subject=name)
    if not rows:
        return ""
    items = [f"- {literal(retold(row['message']))}" for row in rows[:WARNED]]
    return under(heading, "\n".join(items))

"""Sentences about what poor households lack, why they are poor, and where they live."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from helpers import words
from helpers.brief.latest import latest, latest_year, one_of, told, with_number
from helpers.brief.reader import Brief
from helpers.text import listing

__all__ = ["communes_paragraph", "deprivation_paragraph", "district_needs_paragraph"]

Row = Mapping[str, Any]

LARGEST = 3
"""So many indicators and causes are named."""

CLEAR = Decimal(5)
"""Percentage points from which a district stands out against its region."""

KINDS: Mapping[str, str] = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}

REGIONS: Mapping[str, str] = {"mountains": "miền núi", "lowland": "đồng bằng"}

MOST_NAMED = 6
"""So many communes are named."""


def deprivation_paragraph(brief: Brief, heading: str, more: str = "") -> str:
    """Say what the province's poor and near-poor lack most; nothing where no review tells.

    `more` is what the reader is told where there is anything at all ("Từng huyện tại …").
    """
    table = brief.table("deprivations")
    said = [
        sentence
        for kind in KINDS
        if (sentence := _largest(latest(table, kind=kind, area_code="province"), kind, "toàn tỉnh"))
    ]
    if not said:
        return ""
    causes = _causes(brief, "province")
    return "\n".join([heading, "", " ".join(filter(None, [*said, causes, more]))])


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _said(rows: pd.DataFrame, column: str = "percent") -> pd.DataFrame:
    """Return the rows whose percentage is told, the largest first."""
    known = with_number(rows, column)
    return known.assign(place=known["order"].astype(int)).sort_values(
        [column, "place"], ascending=[False, True]
    )


def _largest(rows: pd.DataFrame, kind: str, area: str) -> str:
    """Name what an area's households lack most."""
    known = _said(rows)
    known = known[known["percent"] > 0].head(LARGEST)
    if known.empty:
        return ""
    whole, year = known["households"].iloc[0], known["year"].iloc[0]
    named = listing(
        f"{_lower(row.label)} ({words.rate(row.percent, 1)})" for row in known.itertuples()
    )
    if kind != "poor":
        count = f" ({words.households(whole)})" if told(whole) else ""
        return f"{KINDS[kind]}{count} thiếu hụt nhiều nhất về {named}."
    count = f"{words.count(whole)} " if told(whole) else ""
    return f"Cuối năm {year}, {count}{KINDS[kind].lower()} {area} thiếu hụt nhiều nhất về {named}."


def district_needs_paragraph(brief: Brief, district_code: str, heading: str) -> str:
    """Say why a district's households are poor and what they lack, against region and province."""
    name = brief.table("capital_by_district").one(district_code=district_code)
    region = "lowland" if name["region"] == "lowland" else "mountains"
    table = brief.table("deprivations")
    now = {"kind": "poor", "year": latest_year(table, kind="poor")}
    own = table.rows(area_code=district_code, **now)
    around = table.only("indicator", "percent", area_code=region, **now)
    said = [
        _causes(brief, district_code),
        _groups(brief, district_code),
        _largest(own, "poor", name["district"]) if len(own) else "",
        _outstanding(own, around, REGIONS[region]),
    ]
    text = " ".join(filter(None, said))
    return "\n".join([heading, "", text]) if text else ""


def _outstanding(own: pd.DataFrame, region: pd.DataFrame, name: str) -> str:
    """Name the indicators in which a district stands out for the worse against its region."""
    around = dict(zip(region["indicator"], region["percent"], strict=True))
    worse = [
        (row.percent - around[row.indicator], row)
        for row in _said(own).itertuples()
        if told(around.get(row.indicator)) and row.percent - around[row.indicator] >= CLEAR
    ]
    if not worse:
        return ""
    worst = sorted(worse, key=lambda pair: (-pair[0], pair[1].order))[:LARGEST]
    named = listing(
        f"{_lower(row.label)} ({words.rate(row.percent, 1)} so với"
        f" {words.rate(around[row.indicator], 1)})"
        for _, row in worst
    )
    return f"Nặng hơn hẳn {name} là {named}."


def _beside(brief: Brief, topic: str, area_code: str) -> pd.DataFrame:
    """Return an area's items of the profile with the province's percentages beside them."""
    table = brief.table("poor_profile")
    now = {"topic": topic, "year": latest_year(table, topic=topic)}
    whole = table.only("item", "percent", area_code="province", **now)
    found = dict(zip(whole["item"], whole["percent"], strict=True))
    own = table.rows(area_code=area_code, **now)
    return own.assign(whole=[found.get(item) for item in own["item"]])


def _against(row: Any, area_code: str) -> str:
    compared = area_code != "province" and told(row.whole)
    return f"{words.rate(row.percent, 1)}" + (
        f"; toàn tỉnh {words.rate(row.whole, 1)}" if compared else ""
    )


def _causes(brief: Brief, area_code: str) -> str:
    """Name the commonest causes of poverty."""
    rows = _said(_beside(brief, "cause", area_code))
    rows = rows[rows["percent"] > 0].head(LARGEST)
    if rows.empty:
        return ""
    named = listing(
        f"{_lower(row.label)} ({_against(row, area_code)})" for row in rows.itertuples()
    )
    return f"Nguyên nhân nghèo nhiều nhất: {named}."


GROUPS: Mapping[str, str] = {
    "dtts": "là hộ dân tộc thiểu số",
    "no_labour": "không có khả năng lao động",
    "merit": "có thành viên là người có công",
}


def _groups(brief: Brief, area_code: str) -> str:
    """Say who the poor households are."""
    rows = _said(_beside(brief, "group", area_code))
    named = [
        f"{words.rate(row.percent, 1)} {GROUPS[row.item]}"
        + (f" (toàn tỉnh {words.rate(row.whole, 1)})" if told(row.whole) else "")
        for row in rows.itertuples()
        if row.item in GROUPS and row.percent
    ]
    return f"Trong số hộ nghèo, {listing(named)}." if named else ""


def communes_paragraph(brief: Brief, district_code: str, heading: str, more: str = "") -> str:
    """Say which communes carry most of a district's poor; nothing where none reported.

    `more` is what the reader is told where there is anything at all ("Từng xã tại …").
    """
    rows = latest(brief.table("commune_rates"), district_code=district_code)
    if rows.empty:
        return ""
    known = with_number(rows, "poor_households")
    known = known[known["poor_households"] > 0].sort_values(
        ["poor_households", "unit_code"], ascending=[False, True]
    )
    total = _poor_of(brief, rows)
    year = rows["year"].iloc[0]
    if known.empty:
        few = "không xã nào còn hộ nghèo" if not total else "số hộ nghèo của từng xã nhỏ, không nêu"
        return "\n".join([heading, "", " ".join(filter(None, [f"Cuối năm {year}, {few}.", more]))])
    heavy = _half(known, total)
    part = words.share(int(heavy["poor_households"].sum()), total)
    named = [
        f"{_lower(row.unit)} ({words.households(row.poor_households)})"
        for row in heavy.head(MOST_NAMED).itertuples()
    ]
    named += [f"{len(heavy) - MOST_NAMED} xã khác"] if len(heavy) > MOST_NAMED else []
    highest = _highest(rows)
    kind = brief.table("capital_by_district").one(district_code=district_code)["kind"]
    opening = (
        f"Cuối năm {year}, {words.spelled(len(heavy))} trong {words.spelled(len(rows))} xã,"
        f" phường, thị trấn có {part} số hộ nghèo của {kind}: {listing(named)}."
    )
    return "\n".join([heading, "", " ".join(filter(None, [opening, highest, more]))])


def _poor_of(brief: Brief, communes: pd.DataFrame) -> int:
    """Return a district's poor households: its communes' sum, the announced one where withheld."""
    known = with_number(communes, "poor_households")
    district, year = communes["district_code"].iloc[0], communes["year"].iloc[0]
    whole = one_of(brief.table("poverty_rates"), area_code=district, year=year)
    if len(known) == len(communes) or whole is None:
        return int(known["poor_households"].sum())
    return int(whole["poor_households"])


def _half(known: pd.DataFrame, total: int) -> pd.DataFrame:
    """Return the fewest communes that have half of the poor, as far as their numbers are told."""
    sums = known["poor_households"].astype(int).cumsum()
    before = sums - known["poor_households"].astype(int)
    return known.loc[[2 * int(value) < total for value in before]]


def _highest(rows: pd.DataFrame) -> str:
    """Name the commune with the highest rate."""
    known = with_number(rows, "poor_rate")
    if known.empty:
        return ""
    top = known.sort_values(["poor_rate", "unit_code"], ascending=[False, True]).iloc[0]
    return f"Tỷ lệ hộ nghèo cao nhất là {_lower(top['unit'])} ({words.rate(top['poor_rate'])})."

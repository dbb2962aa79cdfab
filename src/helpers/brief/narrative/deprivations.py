"""Sentences about what poor households lack, why they are poor, and where they live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any

from helpers import words
from helpers.brief.headings import headed
from helpers.brief.latest import latest_records, latest_year, one_of, told
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.retelling import name as name_of
from helpers.retelling import retold
from helpers.text import listing

__all__ = ["communes_paragraph", "deprivation_paragraph", "district_needs_paragraph"]

Row = Mapping[str, Any]

LARGEST = 3
"""So many indicators and causes are named."""

CLEAR = Decimal(5)
"""Percentage points from which a district stands out against its region."""

KINDS = ("poor", "near_poor")

REGIONS: Mapping[str, str] = {"mountains": "miền núi", "lowland": "đồng bằng"}

MOST_NAMED = 3
"""So many communes are named."""


def deprivation_paragraph(brief: Brief, heading: str, more: str = "") -> str:
    """Say what the province's poor and near-poor lack most; nothing where no review tells.

    `more` is what the reader is told where there is anything at all ("Từng huyện tại …").
    """
    table = brief.table("deprivations")
    said = [
        sentence
        for kind in KINDS
        if (
            sentence := _largest(
                latest_records(table, kind=kind, area_code="province"), kind, say("toàn tỉnh")
            )
        )
    ]
    if not said:
        return ""
    return headed(heading, *said, _causes(brief, "province"), say(more))


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _said(rows: Sequence[Row]) -> list[Row]:
    """Return the rows whose percentage is told, the largest first."""
    known = [row for row in rows if told(row["percent"])]
    return sorted(known, key=lambda row: (-row["percent"], int(row["order"])))


def _largest(rows: Sequence[Row], kind: str, area: str) -> str:
    """Name what an area's households lack most."""
    known = [row for row in _said(rows) if row["percent"] > 0][:LARGEST]
    if not known:
        return ""
    whole, year = known[0]["households"], known[0]["year"]
    named = listing(
        f"{_lower(retold(row['label']))} ({words.rate(row['percent'], 1)})" for row in known
    )
    if kind != "poor":
        if not told(whole):
            return say("Hộ cận nghèo thiếu hụt nhiều nhất về {named}.", named=named)
        return say(
            "Hộ cận nghèo ({households}) thiếu hụt nhiều nhất về {named}.",
            households=words.households(whole),
            named=named,
        )
    if not told(whole):
        return say(
            "Cuối năm {year}, hộ nghèo {area} thiếu hụt nhiều nhất về {named}.",
            year=year,
            area=area,
            named=named,
        )
    return say(
        "Cuối năm {year}, {number} hộ nghèo {area} thiếu hụt nhiều nhất về {named}.",
        n=whole,
        number=words.count(whole),
        year=year,
        area=area,
        named=named,
    )


def district_needs_paragraph(brief: Brief, district_code: str, heading: str) -> str:
    """Say why a district's households are poor and what they lack, against region and province."""
    name = brief.table("capital_by_district").one(district_code=district_code)
    region = "lowland" if name["region"] == "lowland" else "mountains"
    table = brief.table("deprivations")
    now = {"kind": "poor", "year": latest_year(table, kind="poor")}
    own = table.records(area_code=district_code, **now)
    around = table.records("indicator", "percent", area_code=region, **now)
    said = [
        _causes(brief, district_code),
        _groups(brief, district_code),
        _largest(own, "poor", _at(name["district"])) if own else "",
        _outstanding(own, around, say(REGIONS[region])),
    ]
    return headed(heading, *said)


def _at(district: str) -> str:
    return say("tại {district}", district=name_of(district))


def _outstanding(own: Sequence[Row], region: Sequence[Row], name: str) -> str:
    """Name the indicators in which a district stands out for the worse against its region."""
    around = {row["indicator"]: row["percent"] for row in region}
    worse = [
        (row["percent"] - around[row["indicator"]], row)
        for row in _said(own)
        if told(around.get(row["indicator"])) and row["percent"] - around[row["indicator"]] >= CLEAR
    ]
    if not worse:
        return ""
    worst = sorted(worse, key=lambda pair: (-pair[0], pair[1]["order"]))[:LARGEST]
    named = listing(
        say(
            "{indicator} ({own} so với {region})",
            indicator=_lower(retold(row["label"])),
            own=words.rate(row["percent"], 1),
            region=words.rate(around[row["indicator"]], 1),
        )
        for _, row in worst
    )
    return say("Nặng hơn hẳn {region} là {named}.", region=name, named=named)


def _beside(brief: Brief, topic: str, area_code: str) -> list[Row]:
    """Return an area's items of the profile with the province's percentages beside them."""
    table = brief.table("poor_profile")
    now = {"topic": topic, "year": latest_year(table, topic=topic)}
    whole = table.records("item", "percent", area_code="province", **now)
    found = {row["item"]: row["percent"] for row in whole}
    own = table.records(area_code=area_code, **now)
    return [row | {"whole": found.get(row["item"])} for row in own]


def _against(row: Row, area_code: str) -> str:
    own = words.rate(row["percent"], 1)
    if area_code == "province" or not told(row["whole"]):
        return own
    return say("{own}; toàn tỉnh {whole}", own=own, whole=words.rate(row["whole"], 1))


def _causes(brief: Brief, area_code: str) -> str:
    """Name the commonest causes of poverty."""
    rows = _said(_beside(brief, "cause", area_code))
    largest = [row for row in rows if row["percent"] > 0][:LARGEST]
    if not largest:
        return ""
    named = listing(
        f"{_lower(retold(row['label']))} ({_against(row, area_code)})" for row in largest
    )
    return say("Nguyên nhân nghèo nhiều nhất: {named}.", named=named)


GROUPS: Mapping[str, str] = {
    "dtts": "{share} là hộ dân tộc thiểu số",
    "no_labour": "{share} không có khả năng lao động",
    "merit": "{share} có thành viên là người có công",
}


def _groups(brief: Brief, area_code: str) -> str:
    """Say who the poor households are."""
    rows = _said(_beside(brief, "group", area_code))
    named = [
        say(GROUPS[row["item"]], share=words.rate(row["percent"], 1)) + _whole(row["whole"])
        for row in rows
        if row["item"] in GROUPS and row["percent"]
    ]
    return say("Trong số hộ nghèo, {named}.", named=listing(named)) if named else ""


def _whole(percent: Any) -> str:
    """Return the province's percentage in brackets, where it is told."""
    return say(" (toàn tỉnh {whole})", whole=words.rate(percent, 1)) if told(percent) else ""


def communes_paragraph(brief: Brief, district_code: str, heading: str, more: str = "") -> str:
    """Say which communes carry most of a district's poor; nothing where none reported.

    `more` is what the reader is told where there is anything at all ("Từng xã tại …").
    """
    rows = latest_records(brief.table("commune_rates"), district_code=district_code)
    if not rows:
        return ""
    known = sorted(
        (row for row in rows if told(row["poor_households"]) and row["poor_households"] > 0),
        key=lambda row: (-row["poor_households"], row["unit_code"]),
    )
    total = _poor_of(brief, rows)
    year = rows[0]["year"]
    if not known:
        few = (
            "Cuối năm {year}, số hộ nghèo của từng xã nhỏ, không nêu."
            if total
            else "Cuối năm {year}, không xã nào còn hộ nghèo."
        )
        return headed(heading, say(few, year=year), say(more))
    heavy = _half(known, total)
    kind = brief.table("capital_by_district").one(district_code=district_code)["kind"]
    named = [
        say(
            "{commune} ({number} hộ)",
            commune=name_of(_lower(row["unit"])),
            number=words.count(row["poor_households"]),
        )
        for row in heavy[:MOST_NAMED]
    ]
    others = len(heavy) - MOST_NAMED
    named += [say("{n} xã khác", n=others)] if others > 0 else []
    opening = say(
        "Cuối năm {year}, {number} trong {whole} xã, phường, thị trấn có {part} số hộ nghèo của"
        " {kind}: {named}.",
        n=len(heavy),
        year=year,
        number=words.spelled(len(heavy)),
        whole=words.spelled(len(rows)),
        part=words.share(sum(row["poor_households"] for row in heavy), total),
        kind=retold(kind),
        named=listing(named),
    )
    return headed(heading, opening, _highest(rows), say(more))


def _poor_of(brief: Brief, communes: Sequence[Row]) -> int:
    """Return a district's poor households: its communes' sum, the announced one where withheld."""
    known = [row["poor_households"] for row in communes if told(row["poor_households"])]
    district, year = communes[0]["district_code"], communes[0]["year"]
    whole = one_of(brief.table("poverty_rates"), area_code=district, year=year)
    if len(known) == len(communes) or whole is None:
        return sum(known)
    return int(whole["poor_households"])


def _half(known: Sequence[Row], total: int) -> list[Row]:
    """Return the fewest communes that have half of the poor, as far as their numbers are told."""
    before = accumulate((row["poor_households"] for row in known), initial=0)
    return [row for row, sum_before in zip(known, before, strict=False) if 2 * sum_before < total]


def _highest(rows: Sequence[Row]) -> str:
    """Name the commune with the highest rate."""
    known = [row for row in rows if told(row["poor_rate"])]
    if not known:
        return ""
    top = min(known, key=lambda row: (-row["poor_rate"], row["unit_code"]))
    return say(
        "Tỷ lệ hộ nghèo cao nhất là {commune} ({rate}).",
        commune=name_of(_lower(top["unit"])),
        rate=words.rate(top["poor_rate"]),
    )

"""Figures of what poor households lack and why they are poor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure, Series
from helpers.brief.figures.dots import DotRow, dot_rows
from helpers.brief.figures.rows import beside
from helpers.brief.latest import WITHHELD, latest_year, told
from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.data.published import SUPPRESSED, Published
from helpers.language import say
from helpers.retelling import retold

__all__ = ["district_lacks", "district_needs", "province_needs"]

Areas = Mapping[str, str]
"""Codes of the areas to draw and their names; the last is what the others are compared with."""

REGIONS: Areas = {
    "poor_districts": "Huyện nghèo",
    "mountains": "Miền núi",
    "lowland": "Đồng bằng",
    "province": "Toàn tỉnh",
}


def _named(*codes: str) -> Areas:
    return {code: say(REGIONS[code]) for code in codes}


def province_needs(brief: Brief, most: int | None = None) -> Series:
    """Return what the poor lack beside why they are poor, by region; whichever there is.

    With `most` each figure has only so many of the largest, where a document has little room.
    """
    return _pair(brief, _named(*REGIONS), "province", most)


def district_needs(brief: Brief, district_code: str, most: int | None = None) -> Series:
    """Return the same of one district, against its region and the province."""
    areas = _around(brief, district_code)
    return _pair(brief, areas, district_code, most)


def district_lacks(brief: Brief, district_code: str, most: int | None = None) -> Figure | None:
    """Return only what a district's poor lack, to stand beside another figure."""
    return _lacks(brief, _around(brief, district_code), district_code, most)


def _around(brief: Brief, district_code: str) -> Areas:
    """Return the areas of a district's figures: itself, its region, the province."""
    own = brief.table("capital_by_district").one(district_code=district_code)
    region = "lowland" if own["region"] == "lowland" else "mountains"
    return {district_code: own["district"], **_named(region, "province")}


def _pair(brief: Brief, areas: Areas, about: str, most: int | None) -> Series:
    return beside(_lacks(brief, areas, about, most), _causes(brief, areas, about, most))


def _lacks(brief: Brief, areas: Areas, about: str, most: int | None) -> Figure | None:
    """Draw each indicator's share of deprived poor households, the services grouped."""
    table = brief.table("deprivations")
    now = {"kind": "poor", "year": latest_year(table, kind="poor")}
    # The largest few stand by size alone: headings would take the room of two more.
    group = None if most else "service"
    rows = _dot_rows(table, now, areas, about, "indicator", group)
    if not rows:
        return None
    finding = _finding(
        rows, areas, about,
        "Hộ nghèo thiếu hụt nhiều nhất về {item} ({percent})",
        "{area}: hộ nghèo thiếu hụt nhiều nhất về {item} ({percent})",
    )  # fmt: skip
    what = say("Tỷ lệ hộ nghèo thiếu hụt từng chỉ số, cuối năm {year}", year=now["year"])
    return _figure(table, rows, areas, about, finding, what, most)


def _causes(brief: Brief, areas: Areas, about: str, most: int | None) -> Figure | None:
    """Draw each cause's share of the poor households."""
    table = brief.table("poor_profile")
    now = {"topic": "cause", "year": latest_year(table, topic="cause")}
    rows = _dot_rows(table, now, areas, about, "item", None)
    if not rows:
        return None
    finding = _finding(
        rows, areas, about,
        "Nguyên nhân nghèo nhiều nhất là {item} ({percent})",
        "{area}: nguyên nhân nghèo nhiều nhất là {item} ({percent})",
    )  # fmt: skip
    what = say(
        "Tỷ lệ hộ nghèo theo nguyên nhân (một hộ có thể có nhiều nguyên nhân), cuối năm {year}",
        year=now["year"],
    )
    return _figure(table, rows, areas, about, finding, what, most)


def _rank(value: Any) -> Decimal:
    """Return a percentage for sorting; one that was withheld comes last."""
    return value if told(value) else Decimal(-1)


def _dot_rows(
    table: Published, now: Mapping[str, str], areas: Areas, about: str, item: str, group: str | None
) -> list[DotRow]:
    """Return the items, the area's largest first; groups of items by their largest.

    `now` says which rows of the table the figure is about.
    """
    named = table.records(area_code=about, **now)
    found = {}
    for code in areas if named else ():
        rows = table.records(item, "percent", area_code=code, **now)
        found[code] = {row[item]: row["percent"] for row in rows}
    firsts: dict[str, Decimal] = {}
    for row in named:
        heading, value = row[group] if group else "", _rank(row["percent"])
        firsts[heading] = max(value, firsts.get(heading, value))

    def place(row: Mapping[str, Any]) -> tuple[Decimal, str, Decimal, int]:
        heading = row[group] if group else ""
        return -firsts[heading], heading, -_rank(row["percent"]), int(row["order"])

    return [
        DotRow(
            retold(row[group]) if group else "",
            retold(row["label"]),
            tuple(found[code].get(row[item]) for code in areas),
            row["percent"],
        )
        for row in sorted(named, key=place)
    ]


def _finding(rows: Sequence[DotRow], areas: Areas, about: str, whole: str, district: str) -> str:
    """Name the item with the highest percentage in the area that the figure is about."""
    most = max(rows, key=lambda row: _rank(row.text))
    if not told(most.text):
        return say("{area}: số hộ quá nhỏ, không công bố", area=areas[about])
    text, area = (whole, "") if about == "province" else (district, areas[about])
    item = f"{most.name[0].lower()}{most.name[1:]}"
    return say(text, area=area, item=item, percent=words.rate(most.text, 1))


def _said(value: Any) -> str:
    return words.rate(value, 1) if told(value) else SUPPRESSED


def _figure(
    table: Published,
    rows: Sequence[DotRow],
    areas: Areas,
    about: str,
    finding: str,
    what: str,
    most: int | None,
) -> Figure:
    shown = rows[:most]
    items = "; ".join(
        f"{row.name}: "
        + ", ".join(
            f"{area} {_said(value)}" for area, value in zip(areas.values(), row.values, strict=True)
        )
        for row in shown
    )
    fewer = len(shown) < len(rows)
    chosen = f", {_chosen(len(shown), len(rows))}" if fewer else ""
    hidden = any(value == SUPPRESSED for row in shown for value in row.values)
    said = say(
        "{what}{chosen}; cột số bên phải: {area}.",
        what=what,
        chosen=chosen,
        area=areas[about] if about != "province" else say("toàn tỉnh"),
    )
    return Figure(
        svg=dot_rows(shown, list(areas.values())).svg(),
        title=finding,
        alt=say("Biểu đồ chấm. {what}{chosen}. {items}.", what=what, chosen=chosen, items=items),
        note=f"{said} {say(WITHHELD)}" if hidden else said,
        source=source_line(table),
        marks=table.marks,
    )


def _chosen(number: int, whole: int) -> str:
    return say("{number} mục lớn nhất trong {whole}", n=number, number=number, whole=whole)

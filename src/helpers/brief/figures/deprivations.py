"""Figures of what poor households lack and why they are poor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure, FigureRow, Series
from helpers.brief.figures.dots import DotRow, dot_rows
from helpers.brief.latest import WITHHELD, latest_year, told
from helpers.brief.sources import source_line
from helpers.data.published import SUPPRESSED, Published

__all__ = ["causes", "deprivation_profile", "district_needs", "province_needs"]

Areas = Mapping[str, str]
"""Codes of the areas to draw and their names; the last is what the others are compared with."""

REGIONS: Areas = {
    "poor_districts": "Huyện nghèo",
    "mountains": "Miền núi",
    "lowland": "Đồng bằng",
    "province": "Toàn tỉnh",
}


def province_needs(deprivations: Published, profile: Published) -> Series:
    """Return what the poor lack beside why they are poor, by region; whichever there is."""
    return _pair(deprivations, profile, REGIONS, "province")


def district_needs(
    deprivations: Published, profile: Published, districts: Published, district_code: str
) -> Series:
    """Return the same of one district, against its region and the province."""
    own = districts.one(district_code=district_code)
    region = "lowland" if own["region"] == "lowland" else "mountains"
    areas = {district_code: own["district"], region: REGIONS[region], "province": "Toàn tỉnh"}
    return _pair(deprivations, profile, areas, district_code)


def _pair(deprivations: Published, profile: Published, areas: Areas, about: str) -> Series:
    figures = (
        deprivation_profile(deprivations, areas, about),
        causes(profile, areas, about),
    )
    there = tuple(figure for figure in figures if figure)
    return Series((FigureRow(there),) if there else ())


def deprivation_profile(deprivations: Published, areas: Areas, about: str) -> Figure | None:
    """Draw each indicator's share of deprived poor households, the services grouped."""
    now = {"kind": "poor", "year": latest_year(deprivations, kind="poor")}
    drawn = _dot_rows(deprivations, now, areas, about, "indicator", "service")
    if not drawn:
        return None
    title = _finding("hộ nghèo thiếu hụt nhiều nhất về", drawn, areas, about)
    note = "Tỷ lệ hộ nghèo thiếu hụt từng chỉ số"
    return _figure(deprivations, drawn, areas, about, (title, note, now["year"]))


def causes(profile: Published, areas: Areas, about: str) -> Figure | None:
    """Draw each cause's share of the poor households."""
    now = {"topic": "cause", "year": latest_year(profile, topic="cause")}
    drawn = _dot_rows(profile, now, areas, about, "item", None)
    if not drawn:
        return None
    title = _finding("nguyên nhân nghèo nhiều nhất là", drawn, areas, about)
    note = "Tỷ lệ hộ nghèo theo nguyên nhân (một hộ có thể có nhiều nguyên nhân)"
    return _figure(profile, drawn, areas, about, (title, note, now["year"]))


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
            row[group] if group else "",
            row["label"],
            tuple(found[code].get(row[item]) for code in areas),
            row["percent"],
        )
        for row in sorted(named, key=place)
    ]


def _finding(verb: str, rows: Sequence[DotRow], areas: Areas, about: str) -> str:
    """Name the item with the highest percentage in the area that the figure is about."""
    most = max(rows, key=lambda row: _rank(row.text))
    place = "" if about == "province" else f"{areas[about]}: "
    said = f"{verb}: không công bố"
    if told(most.text):
        said = f"{verb} {most.name[0].lower()}{most.name[1:]} ({words.rate(most.text, 1)})"
    return f"{place}{said}" if place else f"{said[0].upper()}{said[1:]}"


def _said(value: Any) -> str:
    return words.rate(value, 1) if told(value) else SUPPRESSED


def _figure(
    table: Published,
    rows: Sequence[DotRow],
    areas: Areas,
    about: str,
    said: tuple[str, str, str],
) -> Figure:
    title, what, year = said
    items = "; ".join(
        f"{row.name}: "
        + ", ".join(
            f"{area} {_said(value)}" for area, value in zip(areas.values(), row.values, strict=True)
        )
        for row in rows
    )
    column = "toàn tỉnh" if about == "province" else areas[about]
    hidden = any(value == SUPPRESSED for row in rows for value in row.values)
    withheld = f" {WITHHELD}" if hidden else ""
    return Figure(
        svg=dot_rows(rows, list(areas.values())).svg(),
        title=title,
        alt=f"Biểu đồ chấm. {what}, cuối năm {year}. {items}.",
        note=f"{what}, cuối năm {year}; cột số bên phải: {column}.{withheld}",
        source=source_line(table),
        marks=table.marks,
    )

"""Figures of what poor households lack and why they are poor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from helpers import words
from helpers.brief.blocks import Figure, FigureRow, Series
from helpers.brief.figures.canvas import canvas, to_svg
from helpers.brief.figures.dots import DotRow, dot_rows, height_of
from helpers.brief.latest import WITHHELD, latest, told
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
    rows = latest(deprivations, kind="poor")
    drawn = _dot_rows(rows, areas, about, "indicator", "service")
    if not drawn:
        return None
    title = _finding("hộ nghèo thiếu hụt nhiều nhất về", drawn, areas, about)
    note = "Tỷ lệ hộ nghèo thiếu hụt từng chỉ số"
    name = f"deprivations-{about}"
    return _figure(deprivations, drawn, areas, about, (title, note, name, rows["year"].iloc[0]))


def causes(profile: Published, areas: Areas, about: str) -> Figure | None:
    """Draw each cause's share of the poor households."""
    rows = latest(profile, topic="cause")
    drawn = _dot_rows(rows, areas, about, "item", None)
    if not drawn:
        return None
    title = _finding("nguyên nhân nghèo nhiều nhất là", drawn, areas, about)
    note = "Tỷ lệ hộ nghèo theo nguyên nhân (một hộ có thể có nhiều nguyên nhân)"
    return _figure(
        profile, drawn, areas, about, (title, note, f"causes-{about}", rows["year"].iloc[0])
    )


def _rank(value: Any) -> Decimal:
    """Return a percentage for sorting; one that was withheld comes last."""
    return value if told(value) else Decimal(-1)


def _dot_rows(
    rows: pd.DataFrame, areas: Areas, about: str, item: str, group: str | None
) -> list[DotRow]:
    """Return the items, the area's largest first; groups of items by their largest."""
    found = {
        code: rows[rows["area_code"] == code].set_index(item)["percent"].to_dict() for code in areas
    }
    if not found[about]:
        return []
    named = rows[rows["area_code"] == about].assign(
        value=[_rank(value) for value in rows.loc[rows["area_code"] == about, "percent"]]
    )
    named["heading"] = named[group] if group else ""
    firsts = named.groupby("heading")["value"].max().to_dict()
    order = sorted(
        named.to_dict("records"),
        key=lambda row: (-firsts[row["heading"]], row["heading"], -row["value"], int(row["order"])),
    )
    return [
        DotRow(
            row["heading"],
            row["label"],
            tuple(found[code].get(row[item]) for code in areas),
            found[about][row[item]],
        )
        for row in order
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
    said: tuple[str, str, str, str],
) -> Figure:
    title, what, name, year = said
    with canvas(height_of(rows)) as (figure, axes):
        dot_rows(axes, rows, list(areas.values()))
        svg = to_svg(figure, name)
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
        svg=svg,
        title=title,
        alt=f"Biểu đồ chấm. {what}, cuối năm {year}. {items}.",
        note=f"{what}, cuối năm {year}; cột số bên phải: {column}.{withheld}",
        source=source_line(table),
        marks=table.marks,
    )

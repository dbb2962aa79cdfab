"""The map of poverty: districts as tiles in their rough places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.dates import days_words
from helpers.brief.figures.canvas import FULL, Sheet
from helpers.brief.figures.labels import SIZE, SMALL, Label
from helpers.brief.figures.palette import ACCENT, DARK, LIGHT, MIDDLE, ON_TILE, PALE, WHITE
from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.language import say

__all__ = ["poverty_map"]

STEPS: Sequence[tuple[int, str]] = ((20, DARK), (10, ACCENT), (5, MIDDLE), (2, LIGHT), (0, PALE))
"""Shades of the map: from this rate (percent) on, this colour."""

HIGH = 10
"""From this rate (percent) on the title counts a district."""

TILE, KEY = 30.0, 20.0
"""Points that a tile and the key are high, the gap included."""


def _shade(rate: float) -> str:
    return next((colour for least, colour in STEPS if rate >= least), PALE)


def poverty_map(brief: Brief) -> Figure:
    """Draw the districts as tiles in their rough places, shaded by poverty rate.

    The figure is as wide as the page, so that each tile has room for its name.
    """
    targets, districts = brief.table("targets"), brief.table("capital_by_district")
    records = targets.records("area_code", "area", "current_rate", "as_of", group="district")
    records.sort(key=lambda row: (-row["current_rate"], row["area_code"]))
    rates = {row["area_code"]: row["current_rate"] for row in records}
    when = days_words(row["as_of"] for row in records)
    tiles = districts.records("district_code", "district", "region", "tile_row", "tile_column")
    mountains = {tile["district_code"] for tile in tiles if tile["region"] != "lowland"}
    above = {code for code, rate in rates.items() if rate >= HIGH}
    said = "; ".join(f"{row['area']} {words.rate(row['current_rate'])}" for row in records)
    return Figure(
        svg=_drawn(tiles, rates).svg(),
        title=_finding(len(above), in_mountains=above <= mountains),
        alt=say("Bản đồ ô lưới tỷ lệ hộ nghèo {when} theo huyện: {said}.", when=when, said=said),
        note=say(
            "Tỷ lệ hộ nghèo {when}, %. Mỗi ô là một huyện, đặt theo vị trí tương đối.", when=when
        ),
        source=source_line(targets),
        marks=targets.marks,
    )


def _drawn(tiles: Sequence[dict[str, Any]], rates: dict[str, Any]) -> Sheet:
    columns = max(int(tile["tile_column"]) for tile in tiles) + 1
    lines = max(int(tile["tile_row"]) for tile in tiles) + 1
    sheet = Sheet(TILE * lines + KEY, (0, columns), (-lines - KEY / TILE, 0), width=FULL)
    wide, high = 1 - sheet.across(3), 1 - sheet.upwards(3)
    room = FULL / columns - 4.5
    shaded: dict[str, list[tuple[float, float]]] = {}
    for tile in tiles:
        rate = rates[tile["district_code"]]
        x, y = float(tile["tile_column"]), -float(tile["tile_row"])
        colour = _shade(float(rate))
        shaded.setdefault(colour, []).append((x + (1 - wide) / 2, y - 1 + (1 - high) / 2))
        ink = WHITE if colour in (DARK, ACCENT) else ON_TILE
        name = Label(x + 0.5, y - 0.3, tile["district"], colour=ink)
        size = SIZE * min(1, room / name.width)
        sheet.text(Label(name.x, name.y, name.text, size, colour=ink), ha="center")
        number = Label(x + 0.5, y - 0.7, words.decimal(rate, 1), bold=True, colour=ink)
        sheet.text(number, ha="center")
    for colour, corners in shaded.items():
        sheet.tiles(corners, (wide, high), colour, radius=2.5)
    _key(sheet, -lines - 12 / TILE)
    return sheet


def _finding(number: int, *, in_mountains: bool) -> str:
    """Say how many districts have a high rate, and whether all of them are in the mountains."""
    if number == 0:
        return say("Không huyện nào còn tỷ lệ hộ nghèo từ {high}% trở lên", high=HIGH)
    said = say(
        "{number} huyện còn tỷ lệ hộ nghèo từ {high}% trở lên",
        n=number,
        number=words.spelled(number).capitalize(),
        high=HIGH,
    )
    return say("{said}, đều ở miền núi", said=said) if in_mountains and number > 1 else said


def _key(sheet: Sheet, y: float) -> None:
    """Draw below the tiles which rates each shade stands for."""
    steps = list(reversed(STEPS))
    wide, high = sheet.across(12), sheet.upwards(9)
    for place, (least, colour) in enumerate(steps):
        last = place + 1 == len(steps)
        bound = say("từ {least}%", least=least) if last else f"{least}–{steps[place + 1][0]}%"
        x = sheet.left_edge(4 + place * 66)
        sheet.tiles([(x, y - high / 2)], (wide, high), colour)
        sheet.text(Label(x, y, bound, SMALL), shift=17)

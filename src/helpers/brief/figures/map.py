"""The map of poverty: districts as tiles in their rough places."""

from __future__ import annotations

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.dates import days_words
from helpers.brief.figures.canvas import Label, Sheet
from helpers.brief.sources import source_line
from helpers.data.published import Published

__all__ = ["poverty_map"]


MAP_STEPS = ((20, "#08306b"), (10, "#2f6f9f"), (5, "#7fb0d3"), (2, "#c3dcec"), (0, "#edf4f9"))
"""Shades of the map: from this rate (percent) on, this colour."""


def _shade(rate: float) -> str:
    return next(colour for least, colour in MAP_STEPS if rate >= least)


def poverty_map(targets: Published, districts: Published) -> Figure:
    """Draw the districts as tiles in their rough places, shaded by poverty rate."""
    rates = targets.rows(group="district").set_index("area_code")
    when = days_words(rates["as_of"])
    tiles = districts.frame
    above = rates[rates["current_rate"] >= MAP_STEPS[1][0]]
    mountains = set(tiles.loc[tiles["region"] != "lowland", "district_code"])
    highland = set(above.index) <= mountains
    columns, lines = int(tiles["tile_column"].max()) + 1, int(tiles["tile_row"].max())
    sheet = Sheet(3.25, (0, columns), (-lines - 1.75, 0), equal=True)
    shaded: dict[str, list[tuple[float, float]]] = {}
    for tile in tiles.itertuples():
        value = rates.loc[tile.district_code, "current_rate"]
        x, y = float(tile.tile_column), -float(tile.tile_row)
        shaded.setdefault(_shade(float(value)), []).append((x + 0.05, y - 0.95))
        ink = "white" if float(value) >= MAP_STEPS[1][0] else "black"
        name = Label(x + 0.5, y - 0.38, tile.district.replace(" ", "\n"), 7, colour=ink)
        sheet.text(name, ha="center", leading=0.9)
        number = Label(x + 0.5, y - 0.8, words.decimal(value, 1), 7, bold=True, colour=ink)
        sheet.text(number, ha="center")
    for colour, corners in shaded.items():
        sheet.tiles(corners, 0.9, colour, rounding=0.06)
    _map_key(sheet, -lines - 1.65)
    told = "; ".join(
        f"{row.area} {words.rate(row.current_rate)}"
        for row in rates.sort_values("current_rate", ascending=False).itertuples()
    )
    return Figure(
        svg=sheet.svg(),
        title=_high_title(len(above), highland),
        alt=f"Bản đồ ô lưới tỷ lệ hộ nghèo {when} theo huyện: {told}.",
        note=f"Tỷ lệ hộ nghèo {when}, %. Mỗi ô là một huyện, đặt theo vị trí tương đối.",
        source=source_line(targets),
        marks=targets.marks,
    )


def _high_title(number: int, in_mountains: bool) -> str:
    """Say how many districts have a high rate, and whether all of them are in the mountains."""
    bound = f"tỷ lệ hộ nghèo từ {MAP_STEPS[1][0]}% trở lên"
    if number == 0:
        return f"Không huyện nào còn {bound}"
    where = ", đều ở miền núi" if in_mountains and number > 1 else ""
    return f"{words.spelled(number).capitalize()} huyện còn {bound}{where}"


def _map_key(sheet: Sheet, y: float) -> None:
    """Draw below the tiles which rates each shade stands for."""
    steps = list(reversed(MAP_STEPS))
    for place, (least, colour) in enumerate(steps):
        upper = f"–{steps[place + 1][0]}" if place + 1 < len(steps) else " trở lên"
        sheet.tiles([(place * 1.38 + 0.05, y)], 0.28, colour)
        sheet.text(Label(place * 1.38 + 0.4, y + 0.14, f"{least}{upper}", 7.5))

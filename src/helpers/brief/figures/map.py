"""The map of poverty: districts as tiles in their rough places."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.dates import days_words
from helpers.brief.figures.canvas import GREY, canvas, plain_axes, to_svg
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
    when = days_words(rates)
    tiles = districts.frame
    above = rates[rates["current_rate"] >= MAP_STEPS[1][0]]
    mountains = set(tiles.loc[tiles["region"] != "lowland", "district_code"])
    highland = set(above.index) <= mountains
    with canvas(3.25) as (figure, axes):
        for tile in tiles.itertuples():
            value = rates.loc[tile.district_code, "current_rate"]
            colour = _shade(float(value))
            ink = "white" if float(value) >= MAP_STEPS[1][0] else "black"
            axes.add_patch(
                FancyBboxPatch(
                    (tile.tile_column + 0.05, -tile.tile_row - 0.95),
                    width=0.9,
                    height=0.9,
                    boxstyle="round,pad=0,rounding_size=0.06",
                    facecolor=colour,
                    edgecolor=GREY,
                    linewidth=0.4,
                )
            )
            middle = (tile.tile_column + 0.5, -tile.tile_row - 0.36)
            axes.text(*middle, tile.district.replace(" ", "\n"), ha="center", va="center",
                      size=7, color=ink, linespacing=0.95)  # fmt: skip
            axes.text(tile.tile_column + 0.5, -tile.tile_row - 0.81, words.decimal(value, 1),
                      ha="center", va="center", size=7, weight="bold", color=ink)  # fmt: skip
        axes.set_xlim(0, tiles["tile_column"].max() + 1)
        axes.set_ylim(-tiles["tile_row"].max() - 1.75, 0)
        axes.set_aspect("equal")
        plain_axes(axes)
        _map_key(axes, -float(tiles["tile_row"].max()) - 1.35)
        svg = to_svg(figure, "poverty-map")
    told = "; ".join(
        f"{row.area} {words.rate(row.current_rate)}"
        for row in rates.sort_values("current_rate", ascending=False).itertuples()
    )
    return Figure(
        svg=svg,
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


def _map_key(axes: Axes, y: float) -> None:
    steps = list(reversed(MAP_STEPS))
    for place, (least, colour) in enumerate(steps):
        upper = f"–{steps[place + 1][0]}" if place + 1 < len(steps) else " trở lên"
        label = f"{least}{upper}"
        axes.add_patch(
            FancyBboxPatch(
                (place * 1.38 + 0.05, y - 0.3),
                width=0.28,
                height=0.28,
                boxstyle="square,pad=0",
                facecolor=colour,
                edgecolor=GREY,
                linewidth=0.4,
            )
        )
        axes.text(place * 1.38 + 0.4, y - 0.16, label, va="center", size=7.5)

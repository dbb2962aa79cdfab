"""Figures of poverty: targets, trend, map, and one district among the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.figures.canvas import (
    ACCENT,
    DARK,
    FAINT,
    GREY,
    LIGHT,
    WARM,
    bars,
    canvas,
    plain_axes,
    to_svg,
)
from helpers.brief.sources import source_line
from helpers.data.published import Published

__all__ = [
    "district_place",
    "district_trend",
    "poor_households",
    "poverty_map",
    "target_ranges",
    "trend",
]

LOOK: Mapping[str, tuple[str, str]] = {
    "vượt": (DARK, "D"),
    "đạt": (ACCENT, "o"),
    "chưa đạt": (WARM, "X"),
}
"""Colour and shape for each judgement; the shape carries it where colour does not."""

MAP_STEPS = ((20, "#08306b"), (10, "#2f6f9f"), (5, "#7fb0d3"), (2, "#c3dcec"), (0, "#edf4f9"))
"""Shades of the map: from this rate (percent) on, this colour."""


def target_ranges(targets: Published) -> Figure:
    """Draw each district's cut against its target range, the poorest district on top."""
    rows = _ranked(targets)
    judged = rows[rows["cut"].map(lambda cut: cut is not None)]
    reached = judged[judged["result"] != "chưa đạt"]
    year = rows["current_year"].iloc[0]
    with canvas(4.6) as (figure, axes):
        for place, row in enumerate(rows.itertuples()):
            low, high = float(row.target_low), float(row.target_high)
            axes.barh(place, high - low, left=low, height=0.62, color=LIGHT)
            if row.cut is not None:
                colour, shape = LOOK[row.result]
                axes.plot([float(row.cut)], [place], shape, color=colour, markersize=5)
            axes.text(1.0, place, words.rate(row.current_rate), va="center", ha="right",
                      transform=axes.get_yaxis_transform(), size=8.5)  # fmt: skip
        _cut_axes(axes, rows["area"].tolist(), rows)
        svg = to_svg(figure, "target-ranges")
    told = "; ".join(_target_told(row) for row in rows.iloc[::-1].itertuples())
    title = (
        f"Có {len(reached)} trong {len(rows)} huyện đạt hoặc vượt mục tiêu giảm nghèo"
        if len(judged)
        else f"Mục tiêu giảm nghèo của {len(rows)} huyện"
    )
    return Figure(
        svg=svg,
        title=title,
        alt=f"Biểu đồ mức giảm tỷ lệ hộ nghèo so với khoảng mục tiêu của từng huyện: {told}.",
        note=f"Mức giảm tỷ lệ hộ nghèo trong năm, điểm phần trăm; dải màu nhạt là khoảng mục tiêu;"
        f" cột số bên phải là tỷ lệ hộ nghèo cuối năm {year}.",
        source=source_line(targets),
        marks=targets.marks,
    )


def _target_told(row: Any) -> str:
    cut = (
        "chưa có số liệu" if row.cut is None else f"giảm {words.decimal(row.cut, 2)} ({row.result})"
    )
    goal = words.points_range(row.target_low, row.target_high)
    return f"{row.area} mục tiêu {goal}, {cut}, tỷ lệ {words.rate(row.current_rate)}"


def _cut_axes(axes: Axes, names: Sequence[str], rows: pd.DataFrame) -> None:
    reach = [float(value) for column in ("cut", "target_high") for value in rows[column] if value]
    axes.set_xlim(min(0.0, *reach), max(reach) * 1.32)
    axes.set_ylim(-0.6, len(names) + 0.9)
    axes.set_yticks(range(len(names)), names)
    plain_axes(axes, x=True, y=True)
    axes.tick_params(axis="y", pad=2)
    axes.set_xticks(range(int(max(reach)) + 1))
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    x = 0.0
    for name, (colour, shape) in LOOK.items() if rows["cut"].notna().any() else ():
        axes.plot([x], [len(names) + 0.35], shape, color=colour, markersize=5, clip_on=False)
        axes.text(x + max(reach) * 0.04, len(names) + 0.35, name, va="center", size=8.5)
        x += max(reach) * 0.26


def _apart(labels: Sequence[tuple[float, str, str]], gap: float) -> list[tuple[float, str, str]]:
    """Return labels (height, text, colour) from below, each at least a gap above the last."""
    placed: list[tuple[float, str, str]] = []
    for height, text, colour in sorted(labels):
        least = placed[-1][0] + gap if placed else gap / 3
        placed.append((max(height, least), text, colour))
    return placed


_Series = Mapping[str, tuple[pd.DataFrame, str, str]]
"""Lines by name: the rows of poverty_rates, the colour, the style."""


def _lines(axes: Axes, series: _Series, right: float) -> None:
    """Draw one line a series with its name and last value at its end."""
    top = max(float(rows["poor_rate"].max()) for rows, _, _ in series.values())
    starts, ends = [], []
    for name, (rows, colour, style) in series.items():
        years = [int(year) for year in rows["year"]]
        values = [float(value) for value in rows["poor_rate"]]
        axes.plot(years, values, style, color=colour, linewidth=1.6, marker="o", markersize=3)
        starts.append(
            (values[0] + top * 0.045, words.decimal(rows["poor_rate"].iloc[0], 1), colour)
        )
        ends.append((values[-1], f"{name} {words.rate(rows['poor_rate'].iloc[-1])}", colour))
    shown: list[float] = []
    for height, text, colour in starts:
        # The first series are the ones that the figure is about: a later label gives way.
        if all(abs(height - other) > top * 0.07 for other in shown):
            shown.append(height)
            axes.text(years[0], height, text, va="center", ha="center", size=8, color=colour)
    for height, text, colour in _apart(ends, top * 0.085):
        axes.text(years[-1] + 0.12, height, text, va="center", color=colour, size=8.5)
    axes.set_xlim(years[0] - 0.25, years[-1] + right)
    axes.set_ylim(0, top * 1.12)
    axes.set_xticks(years)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.yaxis.set_visible(False)


def _trend(
    rates: Published, about: str, series: _Series, name: str, *, height: float, right: float
) -> Figure:
    """Return the figure of several areas' rates; the title speaks of one of them."""
    rows = rates.rows(area_code=about)
    first, last = rows.iloc[0], rows.iloc[-1]
    with canvas(height) as (figure, axes):
        _lines(axes, series, right)
        svg = to_svg(figure, name)
    told = "; ".join(
        f"{label}: "
        + ", ".join(f"{row.year}: {words.rate(row.poor_rate)}" for row in rows.itertuples())
        for label, (rows, _, _) in series.items()
    )
    return Figure(
        svg=svg,
        title=f"{first['area']}: tỷ lệ hộ nghèo từ {words.rate(first['poor_rate'])}"
        f" năm {first['year']} còn {words.rate(last['poor_rate'])} năm {last['year']}",
        alt=f"Biểu đồ đường tỷ lệ hộ nghèo. {told}.",
        note="Tỷ lệ hộ nghèo cuối năm, %.",
        source=source_line(rates),
        marks=rates.marks,
    )


def trend(rates: Published) -> Figure:
    """Draw the poverty rate of the province and its regions from year-end to year-end."""
    look = {
        "poor_districts": ("Huyện nghèo", WARM, "-"),
        "mountains": ("Miền núi", DARK, "-"),
        "province": ("Toàn tỉnh", "black", "--"),
        "lowland": ("Đồng bằng", ACCENT, "-"),
    }
    series = {
        name: (rates.rows(group=group), colour, style)
        for group, (name, colour, style) in look.items()
        if len(rates.rows(group=group))
    }
    return _trend(rates, "province", series, "trend", height=3.0, right=1.75)


def district_trend(rates: Published, districts: Published, district_code: str) -> Figure:
    """Draw one district's poverty rate beside its region's and the province's."""
    own = rates.rows(area_code=district_code)
    region = str(districts.one(district_code=district_code)["region"])
    around = rates.rows(group="lowland" if region == "lowland" else "mountains")
    series = {
        own["area"].iloc[0]: (own, WARM, "-"),
        around["area"].iloc[0]: (around, DARK, "-"),
        "Toàn tỉnh": (rates.rows(group="province"), "black", "--"),
    }
    name = f"district-trend-{district_code}"
    return _trend(rates, district_code, series, name, height=2.7, right=1.9)


def _ranked(targets: Published) -> pd.DataFrame:
    """Return the districts as figures stack them: the poorest last, that is on top."""
    return targets.rows(group="district").sort_values(
        ["current_rate", "area_code"], ascending=[True, False]
    )


def district_place(targets: Published, district_code: str) -> Figure:
    """Draw one district's poverty rate among all districts."""
    rows = _ranked(targets)
    own = targets.one(area_code=district_code)
    year = own["current_year"]
    with canvas(4.2) as (figure, axes):
        place = rows["area_code"].tolist().index(district_code)
        colours = [WARM if at == place else LIGHT for at in range(len(rows))]
        values = [float(value) for value in rows["current_rate"]]
        texts = [words.rate(value) for value in rows["current_rate"]]
        bars(axes, rows["area"], values, texts, colours, bold=place)
        svg = to_svg(figure, f"district-place-{district_code}")
    told = "; ".join(
        f"{row.area} {words.rate(row.current_rate)}" for row in rows.iloc[::-1].itertuples()
    )
    return Figure(
        svg=svg,
        title=f"{own['area']} có tỷ lệ hộ nghèo {_place(int(own['rank']), len(rows))}",
        alt=f"Biểu đồ thanh ngang: tỷ lệ hộ nghèo cuối năm {year} theo huyện: {told}.",
        note=f"Tỷ lệ hộ nghèo cuối năm {year}.",
        source=source_line(targets),
        marks=targets.marks,
    )


def poor_households(targets: Published) -> Figure:
    """Draw where the poor live: each district's number of poor households."""
    rows = _ranked(targets)
    year = rows["current_year"].iloc[0]
    counts = [int(value) for value in rows["poor_households"]]
    most = rows.sort_values(["poor_households", "area_code"], ascending=[False, True]).head(5)
    part = words.share(int(most["poor_households"].sum()), sum(counts))
    with canvas(4.6) as (figure, axes):
        heavy = set(most["area_code"])
        colours = [ACCENT if code in heavy else LIGHT for code in rows["area_code"]]
        texts = [words.count(number) for number in counts]
        bars(axes, rows["area"], counts, texts, colours, headroom=1.3)
        svg = to_svg(figure, "poor-households")
    told = "; ".join(
        f"{row.area} {words.count(row.poor_households)}" for row in rows.iloc[::-1].itertuples()
    )
    return Figure(
        svg=svg,
        title=f"{words.spelled(len(most)).capitalize()} huyện đông hộ nghèo nhất có {part}"
        " số hộ nghèo của tỉnh",
        alt=f"Biểu đồ thanh ngang: số hộ nghèo cuối năm {year} theo huyện: {told}.",
        note=f"Số hộ nghèo cuối năm {year}; cùng thứ tự với hình trước.",
        source=source_line(targets),
        marks=targets.marks,
    )


def _place(rank: int, number: int) -> str:
    """Say a place among so many, from the highest down."""
    if rank == 1:
        return f"cao nhất trong {number} huyện"
    return f"thấp nhất trong {number} huyện" if rank == number else f"cao thứ {rank}/{number} huyện"


def _shade(rate: float) -> str:
    return next(colour for least, colour in MAP_STEPS if rate >= least)


def poverty_map(targets: Published, districts: Published) -> Figure:
    """Draw the districts as tiles in their rough places, shaded by poverty rate."""
    rates = targets.rows(group="district").set_index("area_code")
    year = rates["current_year"].iloc[0]
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
        alt=f"Bản đồ ô lưới tỷ lệ hộ nghèo cuối năm {year} theo huyện: {told}.",
        note=f"Tỷ lệ hộ nghèo cuối năm {year}, %. Mỗi ô là một huyện, đặt theo vị trí tương đối.",
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

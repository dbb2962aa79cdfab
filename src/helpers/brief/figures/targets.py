"""Figures of targets: who keeps to the range, where the poor live, one district's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.dates import as_of_words, days_words, is_year_end, newest
from helpers.brief.figures.canvas import (
    ACCENT,
    DARK,
    FAINT,
    GREY,
    LIGHT,
    MIDDLE,
    WARM,
    bars,
    canvas,
    plain_axes,
    row_names,
    to_svg,
)
from helpers.brief.sources import source_line
from helpers.data.published import Published

__all__ = ["district_place", "poor_households", "target_ranges"]


LOOK: Mapping[str, tuple[str, str]] = {
    "vượt": (DARK, "D"),
    "đạt": (ACCENT, "o"),
    "chậm": (GREY, "^"),
    "nguy cơ không đạt": (WARM, "X"),
    "chưa đạt": (WARM, "X"),
}
"""Colour and shape for each judgement; the shape carries it where colour does not."""

KEPT = ("vượt", "đạt")
AT_YEAR_END = ("vượt", "đạt", "chưa đạt")
WITHIN_YEAR = ("vượt", "đạt", "chậm", "nguy cơ không đạt")
"""The judgements of a year that is over, and of one that is still open."""


def target_ranges(targets: Published) -> Figure:
    """Draw each district's cut against its target range, the poorest district on top.

    Within the year the range that is due by now stands inside the whole year's.
    """
    rows = _ranked(targets)
    judged = rows[rows["cut"].map(lambda cut: cut is not None)]
    open_year = len(judged) > 0 and not is_year_end(newest(rows))
    with canvas(4.6 + 0.2 * open_year) as (figure, axes):
        for place, row in enumerate(rows.itertuples()):
            _range(axes, place, row, open_year=open_year)
            if row.cut is not None:
                colour, shape = LOOK[row.result]
                axes.plot([float(row.cut)], [place], shape, color=colour, markersize=5)
            axes.text(1.0, place, words.rate(row.current_rate), va="center", ha="right",
                      transform=axes.get_yaxis_transform(), size=8.5)  # fmt: skip
        shown = (WITHIN_YEAR if open_year else AT_YEAR_END) if len(judged) else ()
        _cut_axes(axes, rows["area"].tolist(), rows, shown)
        svg = to_svg(figure, "target-ranges")
    told = "; ".join(_target_told(row, open_year) for row in rows.iloc[::-1].itertuples())
    ranges = (
        "dải nhạt là khoảng mục tiêu cả năm, dải đậm là khoảng phải đạt đến nay"
        if open_year
        else "dải màu nhạt là khoảng mục tiêu"
    )
    return Figure(
        svg=svg,
        title=_ranges_title(rows, judged, open_year),
        alt=f"Biểu đồ mức giảm tỷ lệ hộ nghèo so với khoảng mục tiêu của từng huyện: {told}.",
        note=f"Mức giảm tỷ lệ hộ nghèo trong năm, điểm phần trăm; {ranges};"
        f" cột số bên phải là tỷ lệ hộ nghèo {days_words(rows)}.",
        source=source_line(targets),
        marks=targets.marks,
    )


def _ranges_title(rows: pd.DataFrame, judged: pd.DataFrame, open_year: bool) -> str:
    reached = len(judged[judged["result"].isin(KEPT)])
    if judged.empty:
        return f"Mục tiêu giảm nghèo của {len(rows)} huyện"
    if open_year:
        day = as_of_words(newest(rows))
        return f"Có {reached} trong {len(rows)} huyện theo kịp nhịp độ giảm nghèo {day}"
    return f"Có {reached} trong {len(rows)} huyện đạt hoặc vượt mục tiêu giảm nghèo"


def _range(axes: Axes, place: int, row: Any, *, open_year: bool) -> None:
    """Draw a district's range; within the year a faint one, and on it what is due by now."""
    low, high = float(row.target_low), float(row.target_high)
    shade = FAINT if open_year else LIGHT
    axes.barh(place, high - low, left=low, height=0.62, color=shade)
    if open_year and row.cut is not None:
        low, high = float(row.due_low), float(row.due_high)
        axes.barh(place, high - low, left=low, height=0.36, color=MIDDLE)


def _target_told(row: Any, open_year: bool) -> str:
    moved = "" if row.cut is None else "giảm" if row.cut >= 0 else "tăng"
    cut = f"{moved} {words.decimal(abs(row.cut), 2)} ({row.result})" if moved else "chưa có số liệu"
    goal = words.points_range(row.target_low, row.target_high)
    due = ""
    if open_year and moved:
        due = f", phải đạt đến nay {words.points_range(row.due_low, row.due_high)}"
    return f"{row.area} mục tiêu {goal}{due}, {cut}, tỷ lệ {words.rate(row.current_rate)}"


def _cut_axes(
    axes: Axes, names: Sequence[str], rows: pd.DataFrame, judgements: Sequence[str]
) -> None:
    reach = [float(value) for column in ("cut", "target_high") for value in rows[column] if value]
    axes.set_xlim(min(0.0, *reach), max(reach) * 1.32)
    lines = -(-len(judgements) // 3)
    axes.set_ylim(-0.6, len(names) + 0.9 * max(lines, 1))
    row_names(axes, range(len(names)), names)
    plain_axes(axes, x=True)
    axes.set_xticks(range(int(max(reach)) + 1))
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    across = 3 if lines < 2 else 2
    where = axes.get_yaxis_transform()
    for number, name in enumerate(judgements):
        colour, shape = LOOK[name]
        x = 0.02 + (number % across) * (0.26 if across > 2 else 0.3)
        y = len(names) + 0.35 + 0.85 * (lines - 1 - number // across)
        axes.plot([x], [y], shape, color=colour, markersize=5, clip_on=False, transform=where)
        axes.text(x + 0.035, y, name, va="center", size=8.5, transform=where)


def _ranked(targets: Published, *columns: str) -> pd.DataFrame:
    """Return the districts as figures stack them: the poorest last, that is on top.

    Of the named columns, where only some are needed.
    """
    return targets.only(*columns, group="district").sort_values(
        ["current_rate", "area_code"], ascending=[True, False]
    )


def district_place(targets: Published, district_code: str) -> Figure:
    """Draw one district's poverty rate among all districts."""
    rows = _ranked(targets, "area", "area_code", "current_rate", "as_of")
    own = targets.one(area_code=district_code)
    when = days_words(rows)
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
        alt=f"Biểu đồ thanh ngang: tỷ lệ hộ nghèo {when} theo huyện: {told}.",
        note=f"Tỷ lệ hộ nghèo {when}.",
        source=source_line(targets),
        marks=targets.marks,
    )


def poor_households(targets: Published) -> Figure:
    """Draw where the poor live: each district's number of poor households."""
    rows = _ranked(targets)
    when = days_words(rows)
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
        alt=f"Biểu đồ thanh ngang: số hộ nghèo {when} theo huyện: {told}.",
        note=f"Số hộ nghèo {when}; cùng thứ tự với hình trước.",
        source=source_line(targets),
        marks=targets.marks,
    )


def _place(rank: int, number: int) -> str:
    """Say a place among so many, from the highest down."""
    if rank == 1:
        return f"cao nhất trong {number} huyện"
    return f"thấp nhất trong {number} huyện" if rank == number else f"cao thứ {rank}/{number} huyện"

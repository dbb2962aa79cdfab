"""Figures of targets: who keeps to the range, where the poor live, one district's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

import pandas as pd

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
    Label,
    Sheet,
    bar_chart,
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
    shown = (WITHIN_YEAR if open_year else AT_YEAR_END) if len(judged) else ()
    sheet = _cut_sheet(4.6 + 0.2 * open_year, rows, shown)
    _ranges(sheet, rows, open_year=open_year)
    cuts = list(enumerate(zip(rows["cut"], rows["result"], strict=True)))
    for judgement, (colour, shape) in LOOK.items():
        points = [(float(cut), place) for place, (cut, result) in cuts if result == judgement]
        sheet.marks(points, shape, colour, 6)
    told = "; ".join(_target_told(row, open_year) for row in rows.iloc[::-1].itertuples())
    ranges = (
        "dải nhạt là khoảng mục tiêu cả năm, dải đậm là khoảng phải đạt đến nay"
        if open_year
        else "dải màu nhạt là khoảng mục tiêu"
    )
    return Figure(
        svg=sheet.svg(),
        title=_ranges_title(rows, judged, open_year),
        alt=f"Biểu đồ mức giảm tỷ lệ hộ nghèo so với khoảng mục tiêu của từng huyện: {told}.",
        note=f"Mức giảm tỷ lệ hộ nghèo trong năm, điểm phần trăm; {ranges};"
        f" cột số bên phải là tỷ lệ hộ nghèo {days_words(rows['as_of'])}.",
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


Spans = Sequence[tuple[int, tuple[Any, Any]]]
"""Places of rows, and from where to where something reaches there."""


def _ranges(sheet: Sheet, rows: pd.DataFrame, *, open_year: bool) -> None:
    """Draw the districts' ranges; within the year faint ones, and on them what is due by now."""
    whole = list(enumerate(zip(rows["target_low"], rows["target_high"], strict=True)))
    _spans(sheet, whole, FAINT if open_year else LIGHT, 0.62)
    if open_year:
        due = enumerate(zip(rows["due_low"], rows["due_high"], strict=True))
        known = [cut is not None for cut in rows["cut"]]
        _spans(sheet, list(compress(due, known)), MIDDLE, 0.36)


def _spans(sheet: Sheet, spans: Spans, colour: str, thick: float) -> None:
    places, starts = [place for place, _ in spans], [float(low) for _, (low, _) in spans]
    lengths = [float(high - low) for _, (low, high) in spans]
    sheet.bars(places, lengths, [colour] * len(spans), thick, starts)


def _target_told(row: Any, open_year: bool) -> str:
    moved = "" if row.cut is None else "giảm" if row.cut >= 0 else "tăng"
    cut = f"{moved} {words.decimal(abs(row.cut), 2)} ({row.result})" if moved else "chưa có số liệu"
    goal = words.points_range(row.target_low, row.target_high)
    due = ""
    if open_year and moved:
        due = f", phải đạt đến nay {words.points_range(row.due_low, row.due_high)}"
    return f"{row.area} mục tiêu {goal}{due}, {cut}, tỷ lệ {words.rate(row.current_rate)}"


def _cut_sheet(height: float, rows: pd.DataFrame, judgements: Sequence[str]) -> Sheet:
    """Return the sheet of the cuts: its axis and grid, the rates at the right, the key on top."""
    reach = [float(value) for column in ("cut", "target_high") for value in rows[column] if value]
    lines = -(-len(judgements) // 3)
    top = len(rows) + 0.9 * max(lines, 1)
    numbers = range(int(max(reach)) + 1)
    sheet = Sheet(
        height,
        # A mark at the very left keeps from the row's name.
        (min(0.0, *reach) - max(reach) * 0.03, max(reach)),
        (-0.6, top),
        names=list(enumerate(rows["area"])),
        column=[(place, words.rate(rate)) for place, rate in enumerate(rows["current_rate"])],
        gap=12,
        axis=numbers,
    )
    sheet.lines([[(number, -0.6), (number, len(rows) - 0.4)] for number in numbers], FAINT, 0.6)
    across = 3 if lines < 2 else 2
    for number, name in enumerate(judgements):
        colour, shape = LOOK[name]
        x = sheet.across(5 + (number % across) * (42 if across > 2 else 48))
        y = len(rows) + 0.35 + 0.85 * (lines - 1 - number // across)
        sheet.marks([(x, y)], shape, colour, 6)
        sheet.text(Label(x, y, name), shift=6)
    return sheet


def _ranked(targets: Published) -> pd.DataFrame:
    """Return the districts as figures stack them: the poorest last, that is on top."""
    return targets.rows(group="district").sort_values(
        ["current_rate", "area_code"], ascending=[True, False]
    )


def district_place(targets: Published, district_code: str) -> Figure:
    """Draw one district's poverty rate among all districts."""
    rows = targets.records("area", "area_code", "current_rate", "as_of", group="district")
    rows.sort(key=lambda row: row["area_code"], reverse=True)
    rows.sort(key=lambda row: row["current_rate"])
    own = targets.one(area_code=district_code)
    when = days_words(row["as_of"] for row in rows)
    place = [row["area_code"] for row in rows].index(district_code)
    colours = [WARM if at == place else LIGHT for at in range(len(rows))]
    names, rates = [row["area"] for row in rows], [row["current_rate"] for row in rows]
    texts = [words.rate(rate) for rate in rates]
    sheet = bar_chart(4.2, names, list(map(float, rates)), texts, colours, bold=place)
    told = "; ".join(f"{name} {text}" for name, text in zip(names[::-1], texts[::-1], strict=True))
    return Figure(
        svg=sheet.svg(),
        title=f"{own['area']} có tỷ lệ hộ nghèo {_place(int(own['rank']), len(rows))}",
        alt=f"Biểu đồ thanh ngang: tỷ lệ hộ nghèo {when} theo huyện: {told}.",
        note=f"Tỷ lệ hộ nghèo {when}.",
        source=source_line(targets),
        marks=targets.marks,
    )


def poor_households(targets: Published) -> Figure:
    """Draw where the poor live: each district's number of poor households."""
    rows = _ranked(targets)
    when = days_words(rows["as_of"])
    counts = [int(value) for value in rows["poor_households"]]
    most = rows.sort_values(["poor_households", "area_code"], ascending=[False, True]).head(5)
    part = words.share(int(most["poor_households"].sum()), sum(counts))
    heavy = set(most["area_code"])
    colours = [ACCENT if code in heavy else LIGHT for code in rows["area_code"]]
    texts = [words.count(number) for number in counts]
    sheet = bar_chart(4.6, rows["area"].tolist(), counts, texts, colours, headroom=1.3)
    told = "; ".join(
        f"{row.area} {words.count(row.poor_households)}" for row in rows.iloc[::-1].itertuples()
    )
    return Figure(
        svg=sheet.svg(),
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

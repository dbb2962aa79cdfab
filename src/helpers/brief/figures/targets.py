"""Figures of targets: who keeps to the range, where the poor live, one district's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.dates import as_of_words, days_words, is_year_end
from helpers.brief.figures.canvas import FULL, HALF, Sheet, together
from helpers.brief.figures.charts import PITCH, Entry, bar_chart, columns, key, key_depth
from helpers.brief.figures.labels import SIZE
from helpers.brief.figures.palette import ACCENT, DARK, FAINT, GREY, LIGHT, MIDDLE, WARM
from helpers.brief.figures.typeface import typeface
from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.language import say
from helpers.retelling import retold

__all__ = ["poor_households", "target_ranges"]

Row = Mapping[str, Any]

LOOK: Mapping[str, tuple[str, str]] = {
    "vượt": (DARK, "D"),
    "đạt": (ACCENT, "o"),
    "chậm": (GREY, "^"),
    "nguy cơ không đạt": (WARM, "X"),
    "chưa đạt": (WARM, "X"),
}
"""Colour and shape for each judgement; the shape carries it where colour does not."""

MARK = 7.0
"""Points that a judgement's mark is wide."""

KEPT = ("vượt", "đạt")
AT_YEAR_END = ("vượt", "đạt", "chưa đạt")
WITHIN_YEAR = ("vượt", "đạt", "chậm", "nguy cơ không đạt")
"""The judgements of a year that is over, and of one that is still open."""


def ranked(brief: Brief) -> list[dict[str, Any]]:
    """Return the districts' targets, the poorest district first."""
    rows = brief.table("targets").records(group="district")
    rows.sort(key=lambda row: (-row["current_rate"], row["area_code"]))
    return rows


def target_ranges(brief: Brief) -> Figure:
    """Draw each district's cut against its target range, the poorest district first.

    Within the year the range that is due by now stands inside the whole year's. The figure is as
    wide as the page: two columns of districts on one scale.
    """
    targets, rows = brief.table("targets"), ranked(brief)
    judged = [row for row in rows if row["cut"] is not None]
    newest = max(rows, key=lambda row: str(row["as_of"]))
    open_year = bool(judged) and not is_year_end(newest)
    said = "; ".join(_target_said(row, open_year) for row in rows)
    ranges = say(
        "dải nhạt là khoảng mục tiêu cả năm, dải đậm là khoảng phải đạt đến nay"
        if open_year
        else "dải màu nhạt là khoảng mục tiêu"
    )
    return Figure(
        svg=_ranges(rows, judged=bool(judged), open_year=open_year),
        title=_ranges_finding(rows, judged, newest, open_year=open_year),
        alt=say(
            "Biểu đồ mức giảm tỷ lệ hộ nghèo so với khoảng mục tiêu của từng huyện: {said}.",
            said=said,
        ),
        note=say(
            "Mức giảm tỷ lệ hộ nghèo trong năm, điểm phần trăm; {ranges}; cột số bên phải là tỷ lệ"
            " hộ nghèo {when}.",
            ranges=ranges,
            when=days_words(row["as_of"] for row in rows),
        ),
        source=source_line(targets),
        marks=targets.marks,
    )


def _ranges_finding(
    rows: Sequence[Row], judged: Sequence[Row], newest: Row, *, open_year: bool
) -> str:
    reached = sum(row["result"] in KEPT for row in judged)
    if not judged:
        return say("Mục tiêu giảm nghèo của {n} huyện", n=len(rows))
    if open_year:
        return say(
            "Có {reached} trong {n} huyện theo kịp nhịp độ giảm nghèo {day}",
            n=len(rows),
            reached=reached,
            day=as_of_words(newest),
        )
    return say(
        "Có {reached} trong {n} huyện đạt hoặc vượt mục tiêu giảm nghèo",
        n=len(rows),
        reached=reached,
    )


def _target_said(row: Row, open_year: bool) -> str:
    """Say a district's goal, what is due of it, and what has been reached."""
    goal = words.points_range(row["target_low"], row["target_high"])
    due, reached, cut = "", say("chưa có số liệu"), row["cut"]
    if cut is not None:
        if open_year:
            ends = words.points_range(row["due_low"], row["due_high"])
            due = say(", phải đạt đến nay {ends}", ends=ends)
        text = "giảm {number} ({result})" if cut >= 0 else "tăng {number} ({result})"
        reached = say(text, number=words.decimal(abs(cut), 2), result=retold(row["result"]))
    return say(
        "{area} mục tiêu {goal}{due}, {reached}, tỷ lệ {rate}",
        area=row["area"],
        goal=goal,
        due=due,
        reached=reached,
        rate=words.rate(row["current_rate"]),
    )


def _entries(*, judged: bool, open_year: bool) -> list[Entry]:
    """Return what the key explains: the ranges, and the judgements that there can be."""
    bands = [Entry(say("khoảng mục tiêu"), LIGHT)]
    if open_year:
        bands.append(Entry(say("phải đạt đến nay"), MIDDLE))
    names = (WITHIN_YEAR if open_year else AT_YEAR_END) if judged else ()
    return bands + [Entry(say(name), *LOOK[name], MARK) for name in names]


AXIS = 19.0
"""Points of the axis below the rows."""


def _ranges(rows: Sequence[Row], *, judged: bool, open_year: bool) -> str:
    """Draw the key over two columns of districts: their ranges, marks and rates."""
    entries = _entries(judged=judged, open_year=open_year)
    head = key_depth(FULL, entries) + 1
    parts = columns(rows)
    height = head + PITCH * len(parts[0]) + AXIS
    reach = [float(row[name]) for row in rows for name in ("cut", "target_high") if row[name]]
    most = max(reach, default=1.0)
    numbers = range(int(most) + 1)
    face = typeface("Regular")
    bottom, top = -len(parts[0]) - 0.1, head / PITCH
    strip = Sheet(height, (0, 1), (bottom, top), width=FULL)
    key(strip, entries)
    sheets = [strip]
    for place, part in enumerate(parts):
        sheet = Sheet(
            height,
            # A mark at the very left keeps from the row's name.
            (min(0.0, *reach, 0.0) - most * 0.04, most * 1.03),
            (bottom, top),
            origin=place * (FULL - HALF),
            names=[(-at - 0.5, row["area"]) for at, row in enumerate(part)],
            name_room=max(face.width(row["area"], SIZE) for row in rows),
            column=[(-at - 0.5, words.rate(row["current_rate"])) for at, row in enumerate(part)],
            column_room=max(face.width(words.rate(row["current_rate"]), SIZE) for row in rows),
            gap=8,
            axis=numbers,
        )
        _rows(sheet, part, numbers, open_year=open_year)
        sheets.append(sheet)
    return together(*sheets)


def _rows(sheet: Sheet, part: Sequence[Row], numbers: Sequence[int], *, open_year: bool) -> None:
    """Draw a grid, the districts' ranges on it, what is due of them, and the marks."""
    sheet.baseline(numbers)
    sheet.lines([[(number, -len(part)), (number, 0)] for number in numbers], FAINT, 0.6)
    places = [-at - 0.5 for at in range(len(part))]
    _spans(sheet, places, part, "target", LIGHT, 0.7)
    if open_year:
        known = [(at, row) for at, row in zip(places, part, strict=True) if row["cut"] is not None]
        _spans(sheet, [at for at, _ in known], [row for _, row in known], "due", MIDDLE, 0.36)
    for judgement, (colour, shape) in LOOK.items():
        points = [
            (float(row["cut"]), at)
            for at, row in zip(places, part, strict=True)
            if row["cut"] is not None and row["result"] == judgement
        ]
        sheet.marks(points, shape, colour, MARK)


def _spans(
    sheet: Sheet, places: Sequence[float], rows: Sequence[Row], name: str, colour: str, thick: float
) -> None:
    """Draw ranges from their low to their high end."""
    starts = [float(row[f"{name}_low"]) for row in rows]
    lengths = [float(row[f"{name}_high"] - row[f"{name}_low"]) for row in rows]
    sheet.bars(places, lengths, [colour] * len(rows), thick, starts)


MOST, NAMED = 10, 5
"""So many districts have a bar of their own; of so many the title speaks."""


def poor_households(brief: Brief) -> Figure:
    """Draw where the poor live: the districts with the most poor households, and the others."""
    targets, rows = brief.table("targets"), ranked(brief)
    rows.sort(key=lambda row: (-row["poor_households"], row["area_code"]))
    counts = [int(row["poor_households"]) for row in rows]
    shown = len(rows) if len(rows) <= MOST + 1 else MOST
    bars = [
        (row["area"], count, ACCENT if place < NAMED else LIGHT)
        for place, (row, count) in enumerate(zip(rows[:shown], counts, strict=False))
    ]
    if shown < len(rows):
        rest = len(rows) - shown
        bars.append((say("{n} huyện khác", n=rest), sum(counts[shown:]), LIGHT))
    names, values, colours = zip(*reversed(bars), strict=True)
    sheet = bar_chart(names, values, [words.count(value) for value in values], colours)
    when, number = days_words(row["as_of"] for row in rows), min(NAMED, len(rows))
    said = "; ".join(
        f"{row['area']} {words.count(count)}" for row, count in zip(rows, counts, strict=True)
    )
    whole = sum(counts)
    return Figure(
        svg=sheet.svg(),
        title=say(
            "{number} huyện đông hộ nghèo nhất có {share} số hộ nghèo của tỉnh",
            n=number,
            number=words.spelled(number).capitalize(),
            share=words.share(sum(counts[:number]), whole) if whole else words.rate(0, 1),
        ),
        alt=say(
            "Biểu đồ thanh ngang: số hộ nghèo {when} theo huyện: {said}.", when=when, said=said
        ),
        note=say("Số hộ nghèo {when}.", when=when),
        source=source_line(targets),
        marks=targets.marks,
    )

"""Figures of the poverty rate through the years, and where it is heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.dates import as_of, as_of_words, is_year_end
from helpers.brief.figures.canvas import Sheet
from helpers.brief.figures.labels import SMALL, Label
from helpers.brief.figures.palette import ACCENT, DARK, INK, LIGHT, WARM
from helpers.brief.reader import Brief
from helpers.brief.rough import rough, rough_range
from helpers.brief.sources import source_line
from helpers.data.published import Published
from helpers.language import say
from helpers.marks import merge_marks
from helpers.retelling import name as name_of

__all__ = ["district_trend", "trend"]

Row = Mapping[str, Any]

Look = tuple[str, str, str]
"""A line's colour, its style, and the shape of its points: told apart without colour, too."""

SUBJECT: Look = (WARM, "-", "D")
REGION: Look = (DARK, "-", "o")
LOWLAND: Look = (ACCENT, "-", "s")
WHOLE: Look = (INK, "--", "o")

HEIGHT, LINE = 182.0, 11.2
"""Points of a figure, and of a label's line."""


@dataclass(frozen=True)
class _Point:
    """A rate at a point of time; a year-end stands at the whole number of its year."""

    time: float
    when: str
    rate: Decimal


@dataclass(frozen=True)
class _Line:
    """One area's rates in order of time and, where there is one, the forecast after them."""

    name: str
    look: Look
    points: tuple[_Point, ...]
    ahead: _Point | None = None
    band: tuple[Decimal, Decimal] | None = None

    @property
    def end(self) -> _Point:
        """Return where the line ends, the forecast included."""
        return self.ahead or self.points[-1]


def _time(day: date) -> float:
    """Return a day as a number that is the whole year at its end."""
    days = date(day.year, 12, 31).timetuple().tm_yday
    return day.year - 1 + day.timetuple().tm_yday / days


def _line(rates: Sequence[Row], forecast: Published, name: str, look: Look) -> _Line:
    """Return one area's line, the day within the year and the forecast added."""
    points = tuple(_Point(int(row["year"]), str(row["year"]), row["poor_rate"]) for row in rates)
    found = forecast.records(area_code=rates[0]["area_code"])
    if not found:
        return _Line(name, look, points)
    (row,) = found
    points = tuple(point for point in points if point.time <= _time(as_of(row)))
    if not is_year_end(row) and _time(as_of(row)) > points[-1].time:
        points += (_Point(_time(as_of(row)), as_of_words(row), row["rate_now"]),)
    if row["expected"] is None:
        return _Line(name, look, points)
    horizon = date.fromisoformat(row["horizon"])
    ahead = _Point(_time(horizon), say("dự báo {year}", year=horizon.year), row["expected"])
    band = (row["low"], row["high"]) if row["low"] is not None else None
    return _Line(name, look, points, ahead, band)


def _apart(
    labels: Sequence[tuple[float, str, str]], line: float, top: float
) -> list[tuple[float, str, str]]:
    """Return labels (height, text, colour) from below, none on another, none above the top.

    `line` is how high a line of text is, in the unit of the heights.
    """
    wanted = sorted(labels)
    halves = [line * (text.count("\n") + 1) / 2 for _, text, _ in wanted]
    heights: list[float] = []
    least = 0.0
    for (height, _, _), half in zip(wanted, halves, strict=True):
        heights.append(max(height, least + half))
        least = heights[-1] + half
    most = top
    for place in reversed(range(len(wanted))):
        heights[place] = min(heights[place], most - halves[place])
        most = heights[place] - halves[place]
    return [(height, *rest) for height, (_, *rest) in zip(heights, wanted, strict=True)]  # type: ignore[misc]


def _end_label(line: _Line, about: _Line) -> str:
    """Return what stands at a line's end: its name, with its last rate or the forecast."""
    if line.ahead is None:
        return f"{line.name} {words.rate(line.points[-1].rate)}"
    if line is not about or line.band is None:
        return f"{line.name}: {rough(line.ahead.rate)}"
    first = say("{area}: dự báo", area=line.name)
    return f"{first}\n{rough(line.ahead.rate)} ({rough_range(*line.band)})"


def _values(sheet: Sheet, points: Sequence[tuple[_Point, str]], shift: float = 0) -> None:
    """Write rates above their points; the first are what the figure is about, others give way.

    A rate that would stand on another text, or on another point, is not written. `shift` moves
    them so many points to the right, out of the way of a line that comes down to its point.
    """
    marks = [float(point.rate) for point, _ in points]
    near = sheet.upwards(4), sheet.upwards(15)
    for point, colour in points:
        height = float(point.rate)
        # From just above its own point to where its digits end.
        if any(near[0] < mark - height < near[1] for mark in marks):
            continue
        label = Label(point.time, height, words.decimal(point.rate, 1), SMALL, colour=colour)
        sheet.text(label, ha="center", shift=shift, lift=9, yielding=True)


def _draw(lines: Sequence[_Line], about: _Line) -> Sheet:
    """Draw the lines, each with its name at its end; dotted and with a band where it foresees."""
    rates = [float(point.rate) for line in lines for point in (*line.points, line.end)]
    top = max([*rates, *(float(line.band[1]) for line in lines if line.band)]) or 1.0
    first, last = lines[0].points[0].time, max(line.end.time for line in lines)
    ends = [(float(line.end.rate), _end_label(line, about), line.look[0]) for line in lines]
    years = range(int(first), int(last) + 1)
    # A label's line in the unit of rates; above the highest point its value has room.
    high = top * 1.13
    line_height = high * LINE / (HEIGHT - 24)
    sheet = Sheet(
        HEIGHT,
        (first - 0.45, last + 0.25),
        (0, high),
        ends=[
            Label(last + 0.08, place, text, colour=colour)
            for place, text, colour in _apart(ends, line_height, high)
        ],
        axis=years,
    )
    sheet.baseline(years)
    if about.ahead and about.band:
        low, upper = map(float, about.band)
        now, then = about.points[-1], about.ahead.time
        sheet.areas([[(now.time, float(now.rate)), (then, low), (then, upper)]], LIGHT)
    for line in lines:
        colour, style, shape = line.look
        points = [(point.time, float(point.rate)) for point in line.points]
        sheet.lines([points], colour, 1.6, style)
        sheet.marks(points, shape, colour, 4.5)
        if line.ahead:
            ahead = (line.ahead.time, float(line.ahead.rate))
            sheet.lines([[points[-1], ahead]], colour, 1.6, ":")
    _values(sheet, [(line.points[0], line.look[0]) for line in lines])
    foresees = [line for line in lines if line.ahead]
    _values(sheet, [(line.points[-1], line.look[0]) for line in foresees], shift=6)
    return sheet


def _said(line: _Line) -> str:
    points = (*line.points, line.ahead) if line.ahead else line.points
    rates = ", ".join(f"{point.when}: {words.rate(point.rate)}" for point in points)
    if not line.band:
        return f"{line.name}: {rates}"
    low, high = line.band
    ends = say("khoảng {ends}", ends=f"{words.decimal(low, 2)}–{words.rate(high)}")
    return f"{line.name}: {rates} ({ends})"


def _note(lines: Sequence[_Line], forecast: Published) -> str:
    """Say what is drawn, and how sure the forecast is where there is one."""
    if not any(line.ahead for line in lines):
        ended = all(point.when.isdigit() for line in lines for point in line.points)
        return say("Tỷ lệ hộ nghèo cuối năm, %." if ended else "Tỷ lệ hộ nghèo, %.")
    levels = {row["level"] for row in forecast.records("level") if row["level"] is not None}
    if not levels:
        return say("Tỷ lệ hộ nghèo, %. Nét chấm là dự báo; dải màu nhạt là khoảng dự báo.")
    return say(
        "Tỷ lệ hộ nghèo, %. Nét chấm là dự báo; dải màu nhạt là khoảng dự báo, độ tin cậy"
        " {level}%.",
        level=words.decimal(min(levels)),
    )


def _finding(area: str, about: _Line) -> str:
    """Say from where to where the rate went."""
    first, last = about.points[0], about.points[-1]
    falls = last.rate <= first.rate
    if last.when.isdigit():
        text = (
            "{area}: tỷ lệ hộ nghèo từ {first} năm {from_year} còn {last} năm {to_year}"
            if falls
            else "{area}: tỷ lệ hộ nghèo từ {first} năm {from_year} lên {last} năm {to_year}"
        )
    else:
        text = (
            "{area}: tỷ lệ hộ nghèo từ {first} năm {from_year} còn {last} {to_year}"
            if falls
            else "{area}: tỷ lệ hộ nghèo từ {first} năm {from_year} lên {last} {to_year}"
        )
    return say(
        text,
        area=area,
        first=words.rate(first.rate),
        from_year=first.when,
        last=words.rate(last.rate),
        to_year=last.when,
    )


def _trend(rates: Published, forecast: Published, lines: Sequence[_Line], area: str) -> Figure:
    """Return the figure of several areas' rates; the title speaks of the first line."""
    used = (rates, forecast) if any(line.ahead for line in lines) else (rates,)
    return Figure(
        svg=_draw(lines, lines[0]).svg(),
        title=_finding(area, lines[0]),
        alt=say("Biểu đồ đường tỷ lệ hộ nghèo. {said}.", said="; ".join(map(_said, lines))),
        note=_note(lines, forecast),
        source=source_line(*used),
        marks=merge_marks(*(table.marks for table in used)),
    )


LOOKS: Sequence[tuple[str, str, Look]] = (
    ("province", "Toàn tỉnh", WHOLE),
    ("poor_districts", "Huyện nghèo", SUBJECT),
    ("mountains", "Miền núi", REGION),
    ("lowland", "Đồng bằng", LOWLAND),
)
"""The lines of the province's figure: group, name, look."""


def trend(brief: Brief) -> Figure:
    """Draw the poverty rate of the province and its regions, and where it is heading."""
    rates, forecast = brief.table("poverty_rates"), brief.table("forecast")
    lines = [
        _line(rows, forecast, say(name), look)
        for group, name, look in LOOKS
        if (rows := rates.records(group=group))
    ]
    return _trend(rates, forecast, lines, say("Toàn tỉnh"))


def district_trend(brief: Brief, district_code: str) -> Figure:
    """Draw one district's poverty rate beside its region's and the province's."""
    rates, forecast = brief.table("poverty_rates"), brief.table("forecast")
    own = rates.records(area_code=district_code)
    district = brief.table("capital_by_district").one(district_code=district_code)
    wanted = ("area_code", "area", "year", "poor_rate")
    lowland = district["region"] == "lowland"
    around = rates.records(*wanted, group="lowland" if lowland else "mountains")
    whole = rates.records(*wanted, group="province")
    name = str(own[0]["area"])
    lines = [_line(own, forecast, name, SUBJECT)]
    if around:
        look = LOWLAND if lowland else REGION
        lines.append(_line(around, forecast, name_of(around[0]["area"]), look))
    if whole:
        lines.append(_line(whole, forecast, say("Toàn tỉnh"), WHOLE))
    return _trend(rates, forecast, lines, name)

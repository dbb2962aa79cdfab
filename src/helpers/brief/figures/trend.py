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
from helpers.brief.figures.canvas import ACCENT, DARK, LIGHT, WARM, Label, Sheet
from helpers.brief.rough import rough, rough_range
from helpers.brief.sources import source_line
from helpers.data.published import Published
from helpers.marks import merge_marks

__all__ = ["district_trend", "trend"]

Row = Mapping[str, Any]

LINE = 0.085
"""The height of a label's line, as part of the highest rate."""


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
    colour: str
    style: str
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


def _line(rates: Sequence[Row], forecast: Published, name: str, colour: str, style: str) -> _Line:
    """Return one area's line, the day within the year and the forecast added."""
    points = tuple(_Point(int(row["year"]), str(row["year"]), row["poor_rate"]) for row in rates)
    found = forecast.records(area_code=rates[0]["area_code"])
    if not found:
        return _Line(name, colour, style, points)
    (row,) = found
    points = tuple(point for point in points if point.time <= _time(as_of(row)))
    if not is_year_end(row) and _time(as_of(row)) > points[-1].time:
        points += (_Point(_time(as_of(row)), as_of_words(row), row["rate_now"]),)
    if row["expected"] is None:
        return _Line(name, colour, style, points)
    horizon = date.fromisoformat(row["horizon"])
    ahead = _Point(_time(horizon), f"dự báo {horizon.year}", row["expected"])
    band = (row["low"], row["high"]) if row["low"] is not None else None
    return _Line(name, colour, style, points, ahead, band)


def _apart(labels: Sequence[tuple[float, str, str]], line: float) -> list[tuple[float, str, str]]:
    """Return labels (height, text, colour) from below, none on the one before it."""
    placed: list[tuple[float, str, str]] = []
    least = 0.0
    for height, text, colour in sorted(labels):
        half = line * (text.count("\n") + 1) / 2
        placed.append((max(height, least + half * 0.75), text, colour))
        least = placed[-1][0] + half
    return placed


def _end_label(line: _Line, about: _Line) -> str:
    """Return what stands at a line's end: its name, with its last rate or the forecast."""
    if line.ahead is None:
        return f"{line.name} {words.rate(line.points[-1].rate)}"
    if line is not about or line.band is None:
        return f"{line.name}: {rough(line.ahead.rate)}"
    return f"{line.name}: dự báo\n{words.rate(line.ahead.rate)} ({rough_range(*line.band)})"


def _values(
    sheet: Sheet, points: Sequence[tuple[_Point, str]], top: float, shift: float = 0
) -> None:
    """Write rates above their points; the first are what the figure is about, others give way.

    A rate that would stand on another one, or on another line, is not written. `shift` moves them
    so many points to the right, out of the way of a line that comes down to its point.
    """
    shown: list[float] = []
    marks = [float(point.rate) for point, _ in points]
    for point, colour in points:
        height = float(point.rate) + top * 0.045
        clear = all(abs(height - mark) > top * 0.04 for mark in marks if mark != float(point.rate))
        if clear and all(abs(height - other) > top * 0.07 for other in shown):
            shown.append(height)
            text = words.decimal(point.rate, 1)
            label = Label(point.time, height, text, 8, colour=colour)
            sheet.text(label, ha="center", shift=shift, lift=1)


def _draw(lines: Sequence[_Line], about: _Line, height: float) -> Sheet:
    """Draw the lines, each with its name at its end; dotted and with a band where it foresees."""
    top = max(float(point.rate) for line in lines for point in (*line.points, line.end))
    first, last = lines[0].points[0].time, max(line.end.time for line in lines)
    ends = [(float(line.end.rate), _end_label(line, about), line.colour) for line in lines]
    years = range(int(first), int(last) + 1)
    sheet = Sheet(
        height,
        (first - 0.25, last + 0.25),
        (0, top * 1.12),
        ends=[
            Label(last + 0.08, place, text, colour=colour)
            for place, text, colour in _apart(ends, top * LINE)
        ],
        axis=years,
    )
    sheet.baseline(years)
    if about.ahead and about.band:
        low, high = map(float, about.band)
        now, then = about.points[-1], about.ahead.time
        sheet.areas([[(now.time, float(now.rate)), (then, low), (then, high)]], LIGHT)
    for line in lines:
        points = [(point.time, float(point.rate)) for point in line.points]
        sheet.lines([points], line.colour, 1.6, line.style)
        sheet.marks(points, "o", line.colour, 4)
        if line.ahead:
            ahead = (line.ahead.time, float(line.ahead.rate))
            sheet.lines([[points[-1], ahead]], line.colour, 1.6, ":")
    _values(sheet, [(line.points[0], line.colour) for line in lines], top)
    foresees = [line for line in lines if line.ahead]
    _values(sheet, [(line.points[-1], line.colour) for line in foresees], top, shift=5)
    return sheet


def _told(line: _Line) -> str:
    points = (*line.points, line.ahead) if line.ahead else line.points
    said = ", ".join(f"{point.when}: {words.rate(point.rate)}" for point in points)
    band = f" (khoảng {rough_range(*line.band)})" if line.band else ""
    return f"{line.name}: {said}{band}"


def _note(lines: Sequence[_Line], forecast: Published) -> str:
    """Say what is drawn, and how sure the forecast is where there is one."""
    if not any(line.ahead for line in lines):
        ended = all(point.when.isdigit() for line in lines for point in line.points)
        return f"Tỷ lệ hộ nghèo{' cuối năm' * ended}, %."
    levels = {row["level"] for row in forecast.records("level") if row["level"] is not None}
    sure = f", độ tin cậy {words.decimal(min(levels))}%" if levels else ""
    return f"Tỷ lệ hộ nghèo, %. Nét chấm là dự báo; dải màu nhạt là khoảng dự báo{sure}."


def _trend(
    rates: Published,
    forecast: Published,
    lines: Sequence[_Line],
    *,
    code: str,
    height: float,
) -> Figure:
    """Return the figure of several areas' rates; the title speaks of the first line."""
    about = lines[0]
    area = rates.records(area_code=code)[0]["area"]
    first, last = about.points[0], about.points[-1]
    way = "còn" if last.rate <= first.rate else "lên"
    day = f"năm {last.when}" if last.when.isdigit() else last.when
    used = (rates, forecast) if any(line.ahead for line in lines) else (rates,)
    return Figure(
        svg=_draw(lines, about, height).svg(),
        title=f"{area}: tỷ lệ hộ nghèo từ {words.rate(first.rate)} năm {first.when}"
        f" {way} {words.rate(last.rate)} {day}",
        alt=f"Biểu đồ đường tỷ lệ hộ nghèo. {'; '.join(map(_told, lines))}.",
        note=_note(lines, forecast),
        source=source_line(*used),
        marks=merge_marks(*(table.marks for table in used)),
    )


LOOK: Sequence[tuple[str, str, str, str]] = (
    ("province", "Toàn tỉnh", "black", "--"),
    ("poor_districts", "Huyện nghèo", WARM, "-"),
    ("mountains", "Miền núi", DARK, "-"),
    ("lowland", "Đồng bằng", ACCENT, "-"),
)
"""The lines of the province's figure: group, name, colour, style."""


def trend(rates: Published, forecast: Published) -> Figure:
    """Draw the poverty rate of the province and its regions, and where it is heading."""
    lines = [
        _line(rows, forecast, name, colour, style)
        for group, name, colour, style in LOOK
        if (rows := rates.records(group=group))
    ]
    return _trend(rates, forecast, lines, code="province", height=3.0)


def district_trend(
    rates: Published, forecast: Published, districts: Published, district_code: str
) -> Figure:
    """Draw one district's poverty rate beside its region's and the province's."""
    own = rates.records(area_code=district_code)
    region = str(districts.one(district_code=district_code)["region"])
    columns = ("area_code", "area", "year", "poor_rate")
    around = rates.records(*columns, group="lowland" if region == "lowland" else "mountains")
    whole = rates.records(*columns, group="province")
    lines = [
        _line(own, forecast, own[0]["area"], WARM, "-"),
        _line(around, forecast, around[0]["area"], DARK, "-"),
        _line(whole, forecast, "Toàn tỉnh", "black", "--"),
    ]
    return _trend(rates, forecast, lines, code=district_code, height=2.7)

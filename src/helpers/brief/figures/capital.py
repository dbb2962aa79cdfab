"""Figures of the capital: by project and source, and by district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.figures.canvas import AFTER, FULL, HALF, Sheet, together
from helpers.brief.figures.charts import PITCH, Entry, columns, key, key_depth
from helpers.brief.figures.labels import SIZE, SMALL, Label
from helpers.brief.figures.palette import ACCENT, DARK, GREY, LIGHT, WARM
from helpers.brief.figures.typeface import typeface
from helpers.brief.latest import told
from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.language import say
from helpers.retelling import retold
from helpers.text import listing

__all__ = ["capital_by_district", "capital_by_project"]

Row = Mapping[str, Any]

SHADES = (DARK, LIGHT, ACCENT)
"""Colours of the first, second and third part of a bar."""

PROJECT = 25.0
"""Points of a project's row: its name, and its bar below."""


def _unit() -> str:
    return say("Đơn vị tính: triệu đồng.")


def capital_by_project(brief: Brief) -> Figure:
    """Draw each project's capital, split by the source that it comes from."""
    projects, sources = brief.table("capital_by_project"), brief.sources
    rows = projects.records(level="project")
    whole = projects.one(code="total")
    largest = sorted(rows, key=lambda row: (-row["total"], row["code"]))[:2]
    parts = {code: name for code, name in sources.items() if code in whole}
    said = "; ".join(
        f"{row['code']} {words.million(row['total'])}"
        f" ({', '.join(f'{name} {words.million(row[code])}' for code, name in parts.items())})"
        for row in rows
    )
    return Figure(
        svg=_split_bars(rows, parts).svg(),
        title=say(
            "{who} chiếm {share} tổng vốn",
            who=listing(row["code"] for row in largest if row["total"]),
            share=_share(sum(row["total"] for row in largest), whole["total"]),
            n=len(largest),
        ),
        alt=say(
            "Biểu đồ thanh ngang: vốn theo dự án và theo nguồn, triệu đồng: {said}.", said=said
        ),
        note=_unit(),
        source=source_line(projects),
        marks=projects.marks,
    )


def _share(part: int, whole: int) -> str:
    return words.share(part, whole) if whole else words.rate(0, 1)


def _split_bars(rows: Sequence[Row], parts: Mapping[str, str]) -> Sheet:
    """Draw one stacked bar a project, its name above its bar, the total at its end."""
    entries = [Entry(name, shade) for name, shade in zip(parts.values(), SHADES, strict=False)]
    head = key_depth(HALF, entries)
    places = [-place - 0.76 for place in range(len(rows))]
    ends = [
        Label(row["total"], place, words.million(row["total"]))
        for place, row in zip(places, rows, strict=True)
    ]
    most = max((row["total"] for row in rows), default=0)
    height = head + PROJECT * len(rows) + 3
    sheet = Sheet(height, (0, most or 1), (-len(rows), head / PROJECT), ends=ends)
    starts = [0] * len(rows)
    for code, shade in zip(parts, SHADES, strict=False):
        lengths = [int(row[code]) for row in rows]
        sheet.bars(places, lengths, [shade] * len(rows), 0.4, starts)
        starts = [start + length for start, length in zip(starts, lengths, strict=True)]
    for place, row in zip(places, rows, strict=True):
        name = f"{row['code']}. {retold(row['short'])}"
        sheet.text(Label(0, place + 0.48, name))
    key(sheet, entries)
    return sheet


def capital_by_district(brief: Brief) -> Figure:
    """Draw each district's capital beside what each of its poor households gets of it.

    The figure is as wide as the page: two columns of districts, the largest amounts first.
    """
    districts, projects = brief.table("capital_by_district"), brief.table("capital_by_project")
    rows = districts.records()
    rows.sort(key=lambda row: (-row["total"], row["district_code"]))
    poor = [row for row in rows if row["poor_district"] == "yes"]
    said = "; ".join(
        say(
            "{area} {amount}, mỗi hộ nghèo {each}",
            area=row["district"],
            amount=words.million(row["total"]),
            each=_each(row),
        )
        for row in rows
    )
    mean = _mean(rows)
    average = say("Nét đứng: bình quân các huyện, {mean}.", mean=_tenths(mean)) if mean else ""
    each = say("Mỗi hộ nghèo: vốn chia cho số hộ nghèo đầu năm.")
    return Figure(
        svg=_panels(rows, mean),
        title=_district_finding(rows, poor, projects.one(code="total")["total"]),
        alt=say(
            "Hai biểu đồ thanh ngang theo huyện, triệu đồng: vốn phân bổ và vốn tính trên một hộ"
            " nghèo đầu năm: {said}.",
            said=said,
        ),
        note=" ".join(filter(None, [_unit(), each, average])),
        source=source_line(districts),
        marks=districts.marks,
    )


def _tenths(amount: Decimal | int) -> str:
    return words.decimal(amount, 1, unit=words.MILLION)


def _each(row: Row) -> str:
    """Return what a poor household gets, or a dash where there is none."""
    each = row["per_poor_household"]
    return _tenths(each) if told(each) else "–"


def _mean(rows: Sequence[Row]) -> Decimal:
    """Return what a poor household gets in all districts together; 0 without any household."""
    known = [row for row in rows if told(row["poor_households"])]
    households = sum(row["poor_households"] for row in known)
    amount = sum(row["total"] for row in known)
    return Decimal(amount) / households if households else Decimal()


def _district_finding(rows: Sequence[Row], poor: Sequence[Row], whole: int) -> str:
    """Say what part the poor districts have, or else the largest, and how far households differ."""
    each = [row["per_poor_household"] for row in rows if told(row["per_poor_household"])]
    chosen = poor or rows[:3]
    share = _share(sum(row["total"] for row in chosen), whole)
    if poor:
        number = words.spelled(len(poor)).capitalize()
        first = say("{number} huyện nghèo nhận {share} tổng vốn", n=len(poor), number=number,
                    share=share)  # fmt: skip
    else:
        who = listing(row["district"] for row in chosen)
        first = say("{who} nhận {share} tổng vốn", n=len(chosen), who=who, share=share)
    ends = [_tenths(end) for end in (min(each), max(each))] if each else []
    if len(set(ends)) < 2:
        return first
    return say(
        "{first}; mỗi hộ nghèo được {low}–{high} triệu đồng", first=first, low=ends[0], high=ends[1]
    )


HEAD = 15.0
"""Points of the line that says what a panel shows."""


def _panels(rows: Sequence[Row], mean: Decimal) -> str:
    """Draw two columns of rows, each with a bar of the amount and one of each household's part."""
    face = typeface("Regular")
    parts = columns(rows)
    entries = [Entry(say("Huyện nghèo"), WARM), Entry(say("Huyện khác"), LIGHT)]
    shown = {row["poor_district"] == "yes" for row in rows} == {True, False}
    head = key_depth(FULL, entries) * shown
    height = head + HEAD + PITCH * len(parts[0]) + 3
    names = max(face.width(row["district"], SIZE) for row in rows)
    top = (head + HEAD) / PITCH
    sheets = []
    for place, part in enumerate(parts):
        sheet = Sheet(
            height,
            (0, 1),
            (-len(parts[0]), top),
            origin=place * (FULL - HALF),
            names=[(-at - 0.5, row["district"]) for at, row in enumerate(part)],
            name_room=names,
            name_most=0.42,
        )
        layout = _Layout.of(sheet, rows)
        _amounts(sheet, layout, part, rows)
        _households(sheet, layout, part, rows, mean)
        sheets.append(sheet)
    if shown:
        strip = Sheet(height, (0, 1), (-len(parts[0]), top), width=FULL)
        key(strip, entries)
        sheets.insert(0, strip)
    return together(*sheets)


def _colours(rows: Sequence[Row]) -> list[str]:
    return [WARM if row["poor_district"] == "yes" else LIGHT for row in rows]


@dataclass(frozen=True)
class _Layout:
    """How the two panels of all rows share the room, in parts of it."""

    bars: float
    split: float
    size: float

    @classmethod
    def of(cls, sheet: Sheet, rows: Sequence[Row]) -> _Layout:
        """Return equal bars for both panels, in what the numbers leave; these yield at the end."""
        amount, each = (
            sheet.across(max(Label(0, 0, said(row)).width for row in rows))
            for said in (_amount, _each)
        )
        gap, least = sheet.across(AFTER), sheet.across(LEAST)
        smaller = min(1.0, (1 - 4 * gap - 2 * least) / (amount + each))
        amount, each = amount * smaller, each * smaller
        bars = (1 - 4 * gap - amount - each) / 2
        return cls(bars, bars + amount + 3 * gap, SIZE * smaller)


LEAST = 12.0
"""So many points of each panel stay for bars however long the numbers are."""


def _amount(row: Row) -> str:
    return words.million(row["total"])


def _amounts(sheet: Sheet, layout: _Layout, part: Sequence[Row], rows: Sequence[Row]) -> None:
    """Draw the amounts, each with its number at its bar's end."""
    amounts, most = [row["total"] for row in part], max(row["total"] for row in rows)
    lengths = _bars(sheet, part, amounts, (0.0, layout.bars, most))
    for at, (row, length) in enumerate(zip(part, lengths, strict=True)):
        label = Label(length, -at - 0.5, _amount(row), layout.size)
        sheet.text(label, shift=AFTER)
    _heading(sheet, 0.0, layout.split, say("Tổng vốn"))


def _households(
    sheet: Sheet, layout: _Layout, part: Sequence[Row], rows: Sequence[Row], mean: Decimal
) -> None:
    """Draw what a poor household gets, the numbers flush right, clear of the line of the mean."""
    most = max(map(_value, rows))
    _bars(sheet, part, [_value(row) for row in part], (layout.split, layout.bars, most))
    for at, row in enumerate(part):
        sheet.text(Label(1, -at - 0.5, _each(row), layout.size), ha="right")
    _heading(sheet, layout.split, 1.0, say("Mỗi hộ nghèo"))
    if mean and mean <= most:
        x = layout.split + layout.bars * float(mean) / most
        sheet.lines([[(x, -len(part)), (x, 0)]], DARK, 1, "--")


def _heading(sheet: Sheet, start: float, end: float, text: str) -> None:
    """Write what a panel shows above it, no wider than it."""
    room = (end - start) / sheet.across(1) - AFTER
    size = SMALL * min(1.0, room / Label(0, 0, text, SMALL).width)
    sheet.text(Label(start, 0.42, text, size, colour=GREY))


def _value(row: Row) -> int:
    each = row["per_poor_household"]
    return int(each) if told(each) else 0


def _bars(
    sheet: Sheet, part: Sequence[Row], values: Sequence[int], scale: tuple[float, float, int]
) -> list[float]:
    """Draw bars from a start across, the longest of all rows as long as the room; their lengths."""
    start, room, most = scale
    lengths = [room * value / (most or 1) for value in values]
    places = [-at - 0.5 for at in range(len(part))]
    sheet.bars(places, lengths, _colours(part), 0.68, [start] * len(part))
    return lengths

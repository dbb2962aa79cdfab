"""One row an item: its name, and a dot for each area on a line of percentages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from helpers import words
from helpers.brief.figures.canvas import HALF, Sheet
from helpers.brief.figures.charts import Entry, key, key_depth
from helpers.brief.figures.labels import SIZE, Label
from helpers.brief.figures.palette import ACCENT, DARK, FAINT, GREY, INK, WARM
from helpers.brief.latest import told
from helpers.data.published import SUPPRESSED

__all__ = ["LOOKS", "DotRow", "dot_rows"]

LOOKS: Sequence[tuple[str, str, float]] = (
    (WARM, "D", 6),
    (DARK, "o", 6),
    (ACCENT, "s", 5.5),
)
"""Colour, shape and size of the first, second and third area's dots."""

TICK = (INK, "|", 10.0)
"""The look of the province where it is one of the areas."""

ROW, HEADING = 25.0, 14.0
"""Points of an item's name and line, and of a heading above items."""


@dataclass(frozen=True)
class DotRow:
    """One item: under which heading, its name, a percentage for each area, what stands right."""

    heading: str
    name: str
    values: tuple[Decimal | str | None, ...]
    text: Decimal | str | None


def dot_rows(rows: Sequence[DotRow], areas: Sequence[str]) -> Sheet:
    """Draw the rows from above, each a faint line with its dots, and the key of the areas on top.

    The last of the areas is drawn as a tick: what the others are compared with.
    """
    looks = [*LOOKS[: len(areas) - 1], TICK]
    entries = [
        Entry(name, colour, shape, size)
        for name, (colour, shape, size) in zip(areas, looks, strict=True)
    ]
    top = max((float(value) for row in rows for value in row.values if told(value)), default=0.0)
    reach = top or 1.0
    y = key_depth(HALF, entries) + 1
    headings: list[tuple[float, str]] = []
    heights: list[float] = []
    for place, row in enumerate(rows):
        if row.heading and (not place or rows[place - 1].heading != row.heading):
            headings.append((-y - HEADING / 2, row.heading))
            y += HEADING
        heights.append(-y - ROW * 0.74)
        y += ROW
    said = [words.rate(row.text, 1) if told(row.text) else SUPPRESSED for row in rows]
    sheet = Sheet(
        y + 2,
        (-reach * 0.02, reach * 1.02),
        (-y, 0),
        column=list(zip(heights, said, strict=True)),
        gap=9,
    )
    for height, heading in headings:
        sheet.text(Label(0, height, heading, SIZE, bold=True, colour=GREY))
    for height, row in zip(heights, rows, strict=True):
        sheet.text(Label(0, height + ROW * 0.44, row.name))
    sheet.lines([[(0, height), (reach, height)] for height in heights], FAINT, 1.2)
    drawn = zip(*(row.values for row in rows), strict=True)
    for values, (colour, shape, size) in reversed(list(zip(drawn, looks, strict=True))):
        dots = [
            (float(value), at) for value, at in zip(values, heights, strict=True) if told(value)
        ]
        sheet.marks(dots, shape, colour, size)
    key(sheet, entries)
    return sheet

"""One row an item: its name, and a dot for each area on a line of percentages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from helpers import words
from helpers.brief.figures.canvas import ACCENT, DARK, FAINT, GREY, WARM, Label, Sheet
from helpers.brief.latest import told
from helpers.data.published import SUPPRESSED

__all__ = ["LOOKS", "DotRow", "dot_rows"]

LOOKS: Sequence[tuple[str, str, float]] = (
    (WARM, "D", 4.5),
    (DARK, "o", 5),
    (ACCENT, "s", 4.5),
)
"""Colour, shape and size of the first, second and third area's dots."""

TICK = ("black", "|", 9.0)
"""The look of the province where it is one of the areas."""

ROW, HEADING, KEY = 1.05, 0.7, 1.3
INCH = 0.315
"""Inches of a row."""


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
    top = max((float(value) for row in rows for value in row.values if told(value)), default=1.0)
    y = -0.3 - 0.62 * ((len(areas) - 1) // 2) - 0.25
    headings: list[tuple[float, str]] = []
    heights: list[float] = []
    for place, row in enumerate(rows):
        if row.heading and (not place or rows[place - 1].heading != row.heading):
            y -= HEADING
            headings.append((y, row.heading))
        y -= ROW
        heights.append(y + 0.1)
    said = [words.rate(row.text, 1) if told(row.text) else SUPPRESSED for row in rows]
    sheet = Sheet(
        INCH * (ROW * len(rows) + HEADING * len(headings) + KEY) + 0.25,
        (-top * 0.02, top * 1.02),
        (y - 0.4, 0.2),
        column=list(zip(heights, said, strict=True)),
        gap=9,
    )
    for height, heading in headings:
        sheet.text(Label(0, height - 0.2, heading, 8, bold=True, colour=GREY), va="bottom")
    for height, row in zip(heights, rows, strict=True):
        sheet.text(Label(0, height + 0.26, row.name), va="bottom")
    sheet.lines([[(0, height), (top, height)] for height in heights], FAINT, 1.2)
    columns = zip(*(row.values for row in rows), strict=True)
    for values, (colour, shape, size) in reversed(list(zip(columns, looks, strict=True))):
        dots = [
            (float(value), at) for value, at in zip(values, heights, strict=True) if told(value)
        ]
        sheet.marks(dots, shape, colour, size)
    _key(sheet, areas, looks)
    return sheet


def _key(sheet: Sheet, areas: Sequence[str], looks: Sequence[tuple[str, str, float]]) -> None:
    """Draw what each shape stands for in two columns."""
    for place, (name, (colour, shape, size)) in enumerate(zip(areas, looks, strict=True)):
        x, y = sheet.across(4 + (place % 2) * 110), -0.3 - 0.62 * (place // 2)
        sheet.marks([(x, y)], shape, colour, size)
        sheet.text(Label(x, y, name), shift=8)

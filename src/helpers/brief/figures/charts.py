"""What several figures share: bars with their values, and the key of colours and marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from helpers.brief.figures.canvas import Sheet
from helpers.brief.figures.labels import SIZE, SMALL, Label

__all__ = ["PITCH", "Entry", "bar_chart", "columns", "key", "key_depth"]

Item = TypeVar("Item")

PITCH = 13.4
"""Points from one row to the next."""

START, APART, LINE = 5.5, 15.0, 12.5
"""Points before a key's first mark, between a name and the next mark, from line to line."""


@dataclass(frozen=True)
class Entry:
    """What a colour stands for: an area's swatch, or a mark of a shape."""

    name: str
    colour: str
    shape: str = ""
    size: float = 6

    @property
    def width(self) -> float:
        """Return how many points it takes, the gap to the next one included."""
        return 7 + Label(0, 0, self.name, SMALL).width + APART


def key(sheet: Sheet, entries: Sequence[Entry]) -> None:
    """Write at the sheet's top what each colour stands for.

    What does not fit on a line goes on in the next.
    """
    x, y = START, SMALL / 2 + 1
    for entry in entries:
        if x > START and x + entry.width - APART > sheet.width:
            x, y = START, y + LINE
        at, place = sheet.left_edge(x), sheet.from_top(y)
        if entry.shape:
            sheet.marks([(at, place)], entry.shape, entry.colour, entry.size)
        else:
            wide, high = sheet.across(8) / 2, sheet.upwards(7.5) / 2
            low, top = place - high, place + high
            left, right = at - wide, at + wide
            sheet.areas([[(left, low), (right, low), (right, top), (left, top)]], entry.colour)
        sheet.text(Label(at, place, entry.name, SMALL), shift=7)
        x += entry.width


def key_depth(width: float, entries: Sequence[Entry]) -> float:
    """Return how many points the key of these entries takes on a sheet so wide."""
    x, lines = START, 1
    for entry in entries:
        if x > START and x + entry.width - APART > width:
            x, lines = START, lines + 1
        x += entry.width
    return lines * LINE + 2


def bar_chart(
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    colours: Sequence[str],
    *,
    bold: Sequence[int] = (),
    pitch: float = PITCH,
) -> Sheet:
    """Return a sheet with one bar a name from below, its value at its end; some may be bold."""
    rows = range(len(names))
    ends = [Label(max(values[row], 0.0), row, texts[row], SIZE, bold=row in bold) for row in rows]
    low = min(0.0, *values, 0.0)
    sheet = Sheet(
        pitch * len(names) + 4,
        (low, max([*values, 0.0])),
        (-0.55, len(names) - 0.45),
        names=list(zip(rows, names, strict=True)),
        ends=ends,
    )
    sheet.bars(rows, values, colours, 0.68)
    return sheet


def columns(rows: Sequence[Item]) -> list[Sequence[Item]]:
    """Return rows as two columns side by side, the first no shorter; one where there is one row."""
    half = -(-len(rows) // 2)
    return [part for part in (rows[:half], rows[half:]) if part]

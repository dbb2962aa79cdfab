"""How wide the columns of a sheet become and how high the rows whose cells are merged."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

__all__ = ["PAGE", "fitted", "height", "high", "lines"]

PAGE = {False: 88.0, True: 132.0}
"""How many digits stand side by side on a page of A4, upright and lying."""

LINE, NEXT, HIGHEST = 15.0, 13.2, 409.0
"""The height of a row of one line, what each further line adds, and the highest row that Excel
allows, in points."""

LETTER = 1.12
"""So many letters stand where a digit does, on average."""

BOLD = 1.1
ROOM = 2.0
NARROWEST, WIDEST = 6.0, 60.0
COMFORT = 14.0
"""A column of texts is not pressed below this where its texts are longer."""


def fitted(
    header: Sequence[Sequence[dict[str, Any]]],
    columns: Sequence[Sequence[str]],
    whole: Sequence[bool],
    landscape: bool,
) -> list[float]:
    """Return the columns' widths in digits.

    A column of numbers holds its longest; texts wrap where the page would be too narrow, never
    within a word.
    """
    least: list[float] = []
    ideal: list[float] = []
    for texts, stays in zip(columns, whole, strict=True):
        longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
        word = max((len(word) for text in texts for word in text.split()), default=0)
        full = longest * BOLD
        least.append(full if stays else min(max(word * BOLD, min(full, COMFORT)), WIDEST))
        ideal.append(full if stays else min(full, WIDEST))
    for row in header:
        for cell in row:
            span = range(cell["column"], cell["column"] + cell["columns"])
            part = max(map(len, cell["text"].split()), default=0) * BOLD / len(span)
            label = min(len(cell["text"]) * BOLD / len(span), COMFORT)
            for at in span:
                least[at] = max(least[at], part)
                ideal[at] = max(ideal[at], label, least[at])
    spare = PAGE[landscape] - ROOM * len(least) - sum(least)
    wanted = sum(wide - low for wide, low in zip(ideal, least, strict=True))
    share = min(1.0, max(0.0, spare / wanted)) if wanted else 0.0
    return [
        round(max(NARROWEST, low + (wide - low) * share) + ROOM, 2)
        for low, wide in zip(least, ideal, strict=True)
    ]


def lines(text: str, width: float) -> int:
    """Return about how many lines a text takes in so many digits, rather too many than too few."""
    if "\n" not in text and len(text) <= width - 1:
        return 1
    room = max(1, int((width - 1) * LETTER))
    return sum(len(textwrap.wrap(line, room)) or 1 for line in text.split("\n"))


def height(text: str, width: float, *, larger: float = 1.0) -> float:
    """Return how high a row must be for a text set so much larger, in points."""
    return high(lines(text, width / larger)) * larger


def high(count: int) -> float:
    """Return how high a row of so many lines is, in points."""
    return min(LINE + NEXT * (count - 1), HIGHEST)

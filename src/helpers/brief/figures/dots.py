"""One row an item: its name, and a dot for each area on a line of percentages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes

from helpers import words
from helpers.brief.figures.canvas import ACCENT, DARK, FAINT, GREY, WARM, plain_axes, strokes
from helpers.brief.latest import told
from helpers.data.published import SUPPRESSED

__all__ = ["LOOKS", "DotRow", "dot_rows", "height_of"]

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


def _headings(rows: Sequence[DotRow]) -> int:
    return sum(
        1
        for place, row in enumerate(rows)
        if row.heading and (not place or rows[place - 1].heading != row.heading)
    )


def height_of(rows: Sequence[DotRow]) -> float:
    """Return how many inches the figure of these rows is high."""
    return INCH * (ROW * len(rows) + HEADING * _headings(rows) + KEY) + 0.25


def dot_rows(axes: Axes, rows: Sequence[DotRow], areas: Sequence[str]) -> None:
    """Draw the rows from above, each a faint line with its dots, and the key of the areas on top.

    The last of the areas is drawn as a tick: what the others are compared with.
    """
    looks = [*LOOKS[: len(areas) - 1], TICK]
    top = max((float(value) for row in rows for value in row.values if told(value)), default=1.0)
    y = _key(axes, areas, looks)
    heights: list[float] = []
    for place, row in enumerate(rows):
        if row.heading and (not place or rows[place - 1].heading != row.heading):
            y -= HEADING
            axes.text(0, y - 0.2, row.heading, va="bottom", size=8, weight="bold", color=GREY,
                      transform=axes.get_yaxis_transform())  # fmt: skip
        y -= ROW
        axes.text(0, y + 0.36, row.name, va="bottom", size=8.5,
                  transform=axes.get_yaxis_transform())  # fmt: skip
        heights.append(y + 0.1)
        text = words.rate(row.text, 1) if told(row.text) else SUPPRESSED
        axes.text(1, y + 0.1, text, ha="right", va="center", size=8.5,
                  transform=axes.get_yaxis_transform())  # fmt: skip
    strokes(axes, [((0, top), (height, height)) for height in heights], FAINT, 1.2, zorder=0)
    columns = zip(*(row.values for row in rows), strict=True)
    for values, (colour, shape, size) in reversed(list(zip(columns, looks, strict=True))):
        dots = [
            (float(value), at) for value, at in zip(values, heights, strict=True) if told(value)
        ]
        axes.plot([x for x, _ in dots], [at for _, at in dots], shape, color=colour,
                  markersize=size, markeredgewidth=1.8 if shape == "|" else 0)  # fmt: skip
    axes.set_xlim(-top * 0.02, top * 1.25)
    axes.set_ylim(y - 0.4, 0.2)
    plain_axes(axes)


def _key(axes: Axes, areas: Sequence[str], looks: Sequence[tuple[str, str, float]]) -> float:
    """Draw what each shape stands for in two columns; return where the rows begin."""
    y = 0.0
    for place, (name, (colour, shape, size)) in enumerate(zip(areas, looks, strict=True)):
        x, y = (place % 2) * 0.5 + 0.02, -0.3 - 0.62 * (place // 2)
        where = axes.get_yaxis_transform()
        edge = 1.8 if shape == "|" else 0
        axes.plot([x], [y], shape, color=colour, markersize=size, markeredgewidth=edge,
                  transform=where, clip_on=False)  # fmt: skip
        axes.text(x + 0.04, y, name, va="center", size=8.5, transform=where)
    return y - 0.25

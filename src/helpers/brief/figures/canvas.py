"""The sheet on which all figures are drawn.

A sheet is written as SVG straight from its plan. What a chart of rows knows beforehand, how much
room names and numbers need, a drawing library finds out by drawing, and takes many times as long.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from helpers.brief.figures.labels import SIZE, SMALL, Label, Written
from helpers.brief.figures.palette import GREY
from helpers.brief.figures.paths import Points, joined, marked, rounded
from helpers.brief.figures.typeface import typeface
from helpers.brief.fonts import FAMILY

__all__ = ["AFTER", "EDGE", "FULL", "HALF", "Sheet", "together"]

HALF, FULL = 226.8, 467.7
"""Points: one of two figures side by side on an A4 page (80 mm), and its whole text (165 mm)."""

EDGE, BESIDE, AFTER = 1.5, 5.5, 3.0
"""Points kept free at the page's edge, between a row's name and the plot, before a bar's number."""

TICK = 3.5
"""The length of a tick in points, and its distance from its number."""

DASHES: Mapping[str, Sequence[float]] = {"--": (3.7, 1.6), ":": (1.0, 1.65)}
"""Strokes and gaps of each style of line, in widths of the line."""

ANCHORS: Mapping[str, str] = {"left": "", "center": "middle", "right": "end"}
BEFORE: Mapping[str, float] = {"left": 0.0, "center": 0.5, "right": 1.0}
"""How a text is anchored, and which part of it stands before its place."""


class Sheet:
    """A drawing with a plot in it, in the unit of its rows and values.

    Names stand left of the plot, the numbers of a column right of it, the numbers of its axis
    below; the plot has what they leave. Later shapes lie on earlier ones, texts on all shapes. A
    text that would not fit between its place and the sheet's edge is set smaller.
    """

    def __init__(
        self,
        height: float,
        x: tuple[float, float],
        y: tuple[float, float],
        *,
        width: float = HALF,
        origin: float = 0,
        names: Sequence[tuple[float, str]] = (),
        name_room: float = 0,
        name_most: float = 0.62,
        column: Sequence[tuple[float, str]] = (),
        column_room: float = 0,
        gap: float = BESIDE,
        ends: Sequence[Label] = (),
        axis: Sequence[int] = (),
    ) -> None:
        """Lay out a sheet of `height` points, write what surrounds the plot.

        Args:
            height: of the drawing, in points.
            x: the lowest and highest value across; the highest grows until the `ends` have room.
            y: the lowest and highest place upwards.
            width: of the sheet, in points.
            origin: where the sheet begins on a page that several share, from the left.
            names: rows' places and names, left of the plot.
            name_room: the least room for names, in points.
            name_most: the most room for them, as a part of the sheet's width.
            column: rows' places and numbers, flush with the right edge.
            column_room: the least room for the column, in points.
            gap: points between plot and column.
            ends: texts that begin right of their points.
            axis: the numbers below the plot.
        """
        self.width, self.height = width, height
        self._start, self._end = origin, origin + width
        self._shapes: list[str] = []
        self._texts: list[Written] = []
        face = typeface("Regular")
        # However long a name is, the plot keeps some room; the name is set smaller then.
        most = width * name_most
        left = right = EDGE
        if names:
            widths = [name_room, *(face.width(name, SIZE) for _, name in names)]
            left += BESIDE + min(most, max(widths))
        if column:
            widths = [column_room, *(face.width(text, SIZE) for _, text in column)]
            right += gap + min(width * 0.2, max(widths))
        bottom = EDGE + (2 * TICK + SMALL * (face.ascent + face.descent) if axis else 0)
        across, upwards = width - left - right, height - EDGE - bottom
        low, high = x[0], max([x[1], *(_high(x[0], label, across) for label in ends)])
        wide, tall = (high - low) or 1.0, (y[1] - y[0]) or 1.0
        self._x, self._y = across / wide, upwards / tall
        self._left, self._bottom, self._low, self._base = left, bottom, low, y[0]
        self.right, self.top = low + wide, y[0] + tall
        for place, name in names:
            self.text(Label(low, place, name), ha="right", shift=-BESIDE)
        for place, text in column:
            self.text(Label(self.right, place, text), ha="right", shift=right - EDGE)
        for label in ends:
            self.text(label, shift=AFTER)
        for number in axis:
            where = Label(number, self._base, str(number), SMALL, colour=GREY)
            self.text(where, ha="center", va="top", lift=-2 * TICK, yielding=True)

    def across(self, points: float) -> float:
        """Return how much of the data's unit so many points across are."""
        return points / self._x

    def upwards(self, points: float) -> float:
        """Return how much of the rows' unit so many points upwards are."""
        return points / self._y

    def left_edge(self, points: float) -> float:
        """Return the value that stands so many points right of the sheet's left edge."""
        return self._low + (points - self._left) / self._x

    def from_top(self, points: float) -> float:
        """Return the place so many points below the sheet's upper edge."""
        return self._base + (self.height - self._bottom - points) / self._y

    def _page(self, points: Points) -> list[tuple[float, float]]:
        """Return points of the plot as points of the page, from its upper left corner."""
        left = self._start + self._left - self._low * self._x
        base = self.height - self._bottom + self._base * self._y
        return [(left + x * self._x, base - y * self._y) for x, y in points]

    def _fill(self, path: str, colour: str, edge: float = 0) -> None:
        stroke = f' stroke="{GREY}" stroke-width="{edge:g}"' if edge else ""
        self._shapes.append(f'<path d="{path}" fill="{colour}"{stroke}/>\n')

    def _stroke(self, path: str, colour: str, width: float, style: str = "-") -> None:
        gaps = " ".join(f"{part * width:.2f}" for part in DASHES.get(style, ()))
        dashes = f' stroke-dasharray="{gaps}"' if gaps else ""
        self._shapes.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>\n'
        )

    def bars(
        self,
        places: Sequence[float],
        lengths: Sequence[float],
        colours: Sequence[str],
        thick: float,
        starts: Sequence[float] | None = None,
    ) -> None:
        """Draw bars across, each around its place and from its start (else from zero).

        What lies beyond the plot is not drawn.
        """
        groups: dict[str, list[Points]] = {}
        begun = starts or [0.0] * len(places)
        for place, start, length, colour in zip(places, begun, lengths, colours, strict=True):
            low, high = place - thick / 2, place + thick / 2
            left, right = (min(max(end, self._low), self.right) for end in (start, start + length))
            if left != right:
                corners = [(left, low), (right, low), (right, high), (left, high)]
                groups.setdefault(colour, []).append(corners)
        for colour, polygons in groups.items():
            self.areas(polygons, colour)

    def areas(self, polygons: Iterable[Points], colour: str) -> None:
        """Fill areas, each given by its corners, with one colour."""
        self._fill(joined([self._page(corners) for corners in polygons], closed=True), colour)

    def tiles(
        self,
        corners: Points,
        size: tuple[float, float],
        colour: str,
        *,
        radius: float = 0,
        edge: float = 0.5,
    ) -> None:
        """Draw tiles of one colour with a grey edge, each from its lower left corner up.

        Their size is in the data's units, the radius of their corners in points.
        """
        wide, high = size
        pages = [self._page([(x, y + high), (x + wide, y)]) for x, y in corners]
        paths = [rounded(*upper, *lower, radius) for upper, lower in pages]
        self._fill("".join(paths), colour, edge)

    def lines(self, lines: Iterable[Points], colour: str, width: float, style: str = "-") -> None:
        """Draw lines, each through its points; all of one colour, width and style."""
        pages = [self._page(points) for points in lines]
        if pages:
            self._stroke(joined(pages, closed=False), colour, width, style)

    def marks(self, points: Points, shape: str, colour: str, size: float) -> None:
        """Draw a mark at each point, `size` points wide: o, D, s, ^, X or |."""
        if not points:
            return
        path = marked(self._page(points), shape, size)
        if shape == "|":
            self._stroke(path, colour, 1.8)
        else:
            self._fill(path, colour)

    def baseline(self, numbers: Sequence[int]) -> None:
        """Draw the line below the plot, with a tick at each of the numbers."""
        end = self._base - TICK / self._y
        self.lines([[(self._low, self._base), (self.right, self._base)]], GREY, 0.6)
        self.lines([[(number, self._base), (number, end)] for number in numbers], GREY, 0.6)

    def text(
        self,
        label: Label,
        *,
        ha: str = "left",
        va: str = "center",
        shift: float = 0,
        lift: float = 0,
        leading: float = 1.05,
        yielding: bool = False,
    ) -> None:
        """Write a text at its point, or so many points right of it (`shift`) and above (`lift`).

        The middle of a text's height is that of its capitals and digits, not counting marks above
        them, so that all texts of a row stand on one line.

        Args:
            label: what to write, and where.
            ha: which side of the text stands there: left, center, right.
            va: the same upwards: top, center, bottom.
            shift: points to the right.
            lift: points upwards.
            leading: the distance of two lines, in sizes of the text.
            yielding: whether it stays unwritten where it would stand on another text.
        """
        ((x, y),) = self._page([(label.x, label.y)])
        x += shift
        before, after = x - self._start, self._end - x
        room = {"left": after, "right": before, "center": 2 * min(before, after)}[ha]
        size = label.size
        if label.width > room:  # rounded down as it is written, so that the text keeps its room
            size = math.floor(100 * size * max(room, 0) / label.width) / 100
        face, step = label.face, leading * size
        ascent, below = face.ascent * size, (len(label.lines) - 1) * step
        # From the point down to the first line: all of what is above it, none of it, or half.
        down = {"top": ascent, "center": (ascent - below) / 2, "bottom": -below}[va]
        if va == "bottom":
            down -= face.descent * size
        written = []
        for number, line in enumerate(label.lines):
            at, wide = y - lift + down + number * step, face.width(line, size)
            left = x - BEFORE[ha] * wide
            box = (left, at - ascent, left + wide, at + face.descent * size)
            written.append(
                Written((y, x), x, at, line, size, ANCHORS[ha], label.bold, label.colour, box)
            )
        if not yielding or not any(self._taken(line.box) for line in written):
            self._texts += written

    def _taken(self, box: tuple[float, float, float, float]) -> bool:
        """Tell whether a text stands in a box, or the box leaves the page."""
        left, top, right, bottom = box
        if top < 0 or bottom > self.height:
            return True
        return any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in (text.box for text in self._texts)
        )

    def svg(self) -> str:
        """Return the drawing: its texts as texts, no ids, the same bytes every time."""
        return together(self)

    def _parts(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the elements of its shapes, and of its texts in the order of reading."""
        ordered = sorted(self._texts, key=lambda text: text.place)
        return self._shapes, [text.svg() for text in ordered]


def together(*sheets: Sheet) -> str:
    """Return one drawing of sheets that share a page; the texts of one are read after another."""
    width, height = max(sheet._end for sheet in sheets), max(sheet.height for sheet in sheets)
    parts = [sheet._parts() for sheet in sheets]
    shapes = "".join(shape for drawn, _ in parts for shape in drawn)
    texts = "".join(text for _, written in parts for text in written)
    size = f"{width:g}", f"{height:.4g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}pt" height="{size[1]}pt"'
        f' viewBox="0 0 {size[0]} {size[1]}">\n{shapes}<g font-family="{FAMILY}">\n{texts}'
        "</g>\n</svg>\n"
    )


def _high(low: float, label: Label, across: float) -> float:
    """Return the least upper end of a plot so many points wide that leaves a text its room."""
    left = max(across - AFTER - label.width, across * 0.1)
    return low + (label.x - low) * across / left

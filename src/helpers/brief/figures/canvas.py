"""One look for all figures: type, colours, size; and the sheet on which they are drawn.

A sheet is drawn straight by matplotlib's SVG renderer. Its figures and axes find out by drawing
what a chart of rows knows beforehand, how much room names and numbers need, and take many times as
long.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from helpers.brief.figures.paths import Points, joined, marker, rounded_square
from helpers.brief.figures.typeface import Typeface, typeface
from helpers.brief.fonts import FAMILY

__all__ = [
    "ACCENT",
    "DARK",
    "FAINT",
    "GREY",
    "LIGHT",
    "MIDDLE",
    "WARM",
    "WIDTH",
    "Label",
    "Sheet",
    "bar_chart",
]

WIDTH = 3.15
"""Inches: half the text width of an A4 page, and the whole width of a phone."""

POINTS = 72
"""A drawing's units in an inch."""

EDGE, BESIDE, AFTER = 1.5, 5.5, 3.0
"""Points kept free at the page's edge, between a row's name and the plot, before a bar's number."""

TICK = 3.5
"""The length of a tick in points, and its distance from its number."""

# Told apart by lightness too, so that a grey print and colour-blind readers lose nothing.
DARK, ACCENT, MIDDLE, LIGHT = "#16324f", "#2f6f9f", "#8fb6d3", "#b9d3e6"
WARM, GREY, FAINT = "#b5481e", "#5f6b76", "#e3e7eb"

DASHES: Mapping[str, Sequence[float]] = {"--": (3.7, 1.6), ":": (1.0, 1.65)}
"""Strokes and gaps of each style of line, in widths of the line."""

ANCHORS: Mapping[str, str] = {"left": "", "center": "middle", "right": "end"}


@dataclass(frozen=True)
class Label:
    """A text and the point of the plot at which it stands, in the data's units."""

    x: float
    y: float
    text: str
    size: float = 8.5
    bold: bool = False
    colour: str = "black"

    @property
    def lines(self) -> list[str]:
        """Return its lines."""
        return self.text.split("\n")

    @property
    def face(self) -> Typeface:
        """Return what it is written in."""
        return typeface("Bold" if self.bold else "Regular")

    @property
    def width(self) -> float:
        """Return how many points wide it is."""
        return max(self.face.width(line, self.size) for line in self.lines)


@dataclass(frozen=True)
class _Shape:
    """What is filled or stroked in one go, on the page: points from its lower left corner."""

    path: Path
    fill: str | None = None
    stroke: str | None = None
    width: float = 0
    style: str = "-"


@dataclass(frozen=True)
class _Written:
    """One line of text where it stands on the page: points from its upper left corner.

    `place` is where the whole text stands, by which texts are read: from above, from the left.
    """

    place: tuple[float, float]
    x: float
    y: float
    text: str
    size: float
    anchor: str
    bold: bool
    colour: str


class Sheet:
    """A drawing with a plot in it, in the unit of its rows and values.

    Names stand left of the plot, the numbers of a column right of it, the numbers of its axis
    below; the plot has what they leave. Later shapes lie on earlier ones, texts on all shapes. A
    text that would not fit between its place and the page's edge is set smaller.
    """

    def __init__(
        self,
        height: float,
        x: tuple[float, float],
        y: tuple[float, float],
        *,
        names: Sequence[tuple[float, str]] = (),
        name_size: float = 9,
        column: Sequence[tuple[float, str]] = (),
        gap: float = BESIDE,
        ends: Sequence[Label] = (),
        axis: Sequence[int] = (),
        equal: bool = False,
    ) -> None:
        """Lay out a sheet of `height` inches, write what surrounds the plot.

        Args:
            height: of the drawing, in inches.
            x: the lowest and highest value across; the highest grows until the `ends` have room.
            y: the lowest and highest place upwards.
            names: rows' places and names, left of the plot.
            name_size: the size of the names.
            column: rows' places and numbers, flush with the right edge.
            gap: points between plot and column.
            ends: texts that begin right of their points.
            axis: the numbers below the plot.
            equal: whether a unit is as high as it is wide.
        """
        self.width, self.height = WIDTH * POINTS, height * POINTS
        self._shapes: list[_Shape] = []
        self._texts: list[_Written] = []
        face = typeface("Regular")
        # However long a name is, the plot keeps some room; the name is set smaller then.
        most = self.width * 0.6
        left = right = EDGE
        if names:
            left += BESIDE + min(most, max(face.width(name, name_size) for _, name in names))
        if column:
            right += gap + min(most, max(face.width(text, 8.5) for _, text in column))
        bottom = EDGE + (2 * TICK + 8.5 * (face.ascent + face.descent) if axis else 0)
        across, upwards = self.width - left - right, self.height - EDGE - bottom
        low, high = x[0], max([x[1], *(_high(x[0], label, across) for label in ends)])
        wide, tall = (high - low) or 1.0, (y[1] - y[0]) or 1.0
        self._x, self._y = across / wide, upwards / tall
        if equal:
            self._x = self._y = min(self._x, self._y)
            left += (across - self._x * wide) / 2
            bottom += (upwards - self._y * tall) / 2
        self._left, self._bottom, self._low, self._base = left, bottom, low, y[0]
        self.right, self.top = low + wide, y[0] + tall
        for place, name in names:
            self.text(Label(low, place, name, name_size), ha="right", shift=-BESIDE)
        for place, text in column:
            self.text(Label(self.right, place, text), ha="right", shift=right - EDGE)
        for label in ends:
            self.text(label, shift=AFTER)
        for number in axis:
            where = Label(number, self._base, str(number), colour=GREY)
            self.text(where, ha="center", va="top", lift=-2 * TICK)

    def across(self, points: float) -> float:
        """Return how much of the data's unit so many points across are."""
        return points / self._x

    def upwards(self, points: float) -> float:
        """Return how much of the rows' unit so many points upwards are."""
        return points / self._y

    def _page(self, points: Points) -> list[tuple[float, float]]:
        """Return points of the plot as points of the page, from its lower left corner."""
        left, bottom = self._left - self._low * self._x, self._bottom - self._base * self._y
        return [(round(left + x * self._x, 2), round(bottom + y * self._y, 2)) for x, y in points]

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
        pages = [self._page(corners) for corners in polygons]
        self._shapes.append(_Shape(joined(pages, closed=True), fill=colour))

    def tiles(
        self, corners: Points, side: float, colour: str, *, rounding: float = 0, edge: float = 0.4
    ) -> None:
        """Draw squares of one colour with a grey edge, each from its lower left corner up."""
        pages = [self._page([(x, y), (x + side, y + side)]) for x, y in corners]
        rounded = rounding * self._x
        paths = [rounded_square(*low, *high, rounded) for low, high in pages]
        path = Path.make_compound_path(*paths)
        self._shapes.append(_Shape(path, fill=colour, stroke=GREY, width=edge))

    def lines(self, lines: Iterable[Points], colour: str, width: float, style: str = "-") -> None:
        """Draw lines, each through its points; all of one colour, width and style."""
        path = joined([self._page(points) for points in lines], closed=False)
        self._shapes.append(_Shape(path, stroke=colour, width=width, style=style))

    def marks(self, points: Points, shape: str, colour: str, size: float) -> None:
        """Draw one of matplotlib's marker shapes at each point, `size` points wide."""
        if not points:
            return
        vertices, codes = marker(shape)
        placed = [
            (round(x + dx * size, 2), round(y + dy * size, 2))
            for x, y in self._page(points)
            for dx, dy in vertices
        ]
        path = Path(placed, [*codes] * len(points))
        stroke = shape == "|"
        self._shapes.append(
            _Shape(path, stroke=colour, width=1.8) if stroke else _Shape(path, fill=colour)
        )

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
        """
        ((x, y),) = self._page([(label.x, label.y)])
        x += shift
        room = {"left": self.width - x, "right": x, "center": 2 * min(x, self.width - x)}[ha]
        size = label.size * min(1.0, max(room, 0) / (label.width or 1))
        ascent, step = label.face.ascent * size, leading * size
        below = (len(label.lines) - 1) * step
        # From the point down to the first line: all of what is above it, none of it, or half.
        down = {"top": ascent, "center": (ascent - below) / 2, "bottom": -below}[va]
        if va == "bottom":
            down -= label.face.descent * size
        place = (self.height - y, x)
        top = self.height - y - lift + down
        for number, line in enumerate(label.lines):
            at = top + number * step
            self._texts.append(
                _Written(place, x, at, line, size, ANCHORS[ha], label.bold, label.colour)
            )

    def svg(self) -> str:
        """Return the drawing: its texts as texts, no ids, the same bytes every time."""
        out = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        pen = RendererSVG(self.width, self.height, out, metadata=nothing)  # type: ignore[no-untyped-call]
        for shape in self._shapes:
            _draw(pen, shape)
        # Attributes where matplotlib writes a style to each text: half as much to read for
        # those who lay out the document.
        writer: Any = pen.writer
        writer.start("g", {"font-family": FAMILY})
        for text in sorted(self._texts, key=lambda text: text.place):
            weight = "bold" if text.bold else ""
            fill = text.colour if text.colour != "black" else ""
            writer.element("text", text.text, {
                "x": f"{text.x:.5g}", "y": f"{text.y:.5g}", "font-size": f"{text.size:.4g}",
                "text-anchor": text.anchor, "font-weight": weight, "fill": fill,
            })  # fmt: skip
        writer.end("g")
        pen.finalize()  # type: ignore[no-untyped-call]
        return out.getvalue()


def _high(low: float, label: Label, across: float) -> float:
    """Return the least upper end of a plot so many points wide that leaves a text its room."""
    left = max(across - AFTER - label.width, across * 0.1)
    return low + (label.x - low) * across / left


def _draw(pen: RendererSVG, shape: _Shape) -> None:
    context = GraphicsContextBase()
    context.set_linewidth(shape.width)
    if shape.stroke:
        context.set_foreground(shape.stroke)
    if shape.style in DASHES:
        context.set_dashes(0, [part * shape.width for part in DASHES[shape.style]])
    fill = to_rgb(shape.fill) if shape.fill else None
    pen.draw_path(context, shape.path, IdentityTransform(), fill)  # type: ignore[no-untyped-call]


def bar_chart(
    height: float,
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    colours: Sequence[str],
    *,
    bold: int | None = None,
    headroom: float = 0,
) -> Sheet:
    """Return a sheet with one bar a name from below, its value at its end; one may be bold.

    `headroom` leaves so many bars' height free above.
    """
    rows = range(len(names))
    ends = [Label(values[row], row, texts[row], bold=row == bold) for row in rows]
    top = len(names) - 0.4 + headroom
    sheet = Sheet(
        height, (0, max(values)), (-0.6, top), names=list(zip(rows, names, strict=True)), ends=ends
    )
    sheet.bars(rows, values, colours, 0.68)
    return sheet

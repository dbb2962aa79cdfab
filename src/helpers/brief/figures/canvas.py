"""One look for all figures: type, colours, size; and a figure's way into an SVG text."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.textpath import text_to_path
from matplotlib.transforms import ScaledTranslation

from helpers.brief.fonts import fonts_folder

__all__ = [
    "ACCENT",
    "DARK",
    "FAINT",
    "GREY",
    "LIGHT",
    "MIDDLE",
    "WARM",
    "WIDTH",
    "bars",
    "canvas",
    "plain_axes",
    "row_names",
    "strokes",
    "to_svg",
]

WIDTH = 3.15
"""Inches: half the text width of an A4 page, and the whole width of a phone."""

POINTS = 72
"""A drawing's units in an inch."""

BESIDE = 5.5
"""So many points a row's name keeps from the axes."""

# Told apart by lightness too, so that a grey print and colour-blind readers lose nothing.
DARK, ACCENT, MIDDLE, LIGHT = "#16324f", "#2f6f9f", "#8fb6d3", "#b9d3e6"
WARM, GREY, FAINT = "#b5481e", "#5f6b76", "#e3e7eb"

STYLE: dict[Any, Any] = {
    "font.family": "Tinos",
    "font.size": 9,
    "axes.labelsize": 9,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 9,
    "xtick.color": GREY,
    "ytick.color": "black",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0,
    "svg.fonttype": "none",
    "text.parse_math": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.unicode_minus": False,
}


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in sorted(fonts_folder().glob("*.ttf")):
        if str(path) not in known:
            font_manager.fontManager.addfont(path)


@contextmanager
def canvas(height: float, *, width: float = WIDTH) -> Iterator[tuple[Canvas, Axes]]:
    """Give an empty figure (inches) with one pair of axes in the house style.

    The figure is not one of pyplot's, so a notebook does not show it a second time.
    """
    _register_fonts()
    with mpl.rc_context(STYLE):
        figure = Canvas(figsize=(width, height), layout="constrained")
        figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)  # type: ignore[union-attr, call-arg]
        yield figure, figure.subplots()


def plain_axes(axes: Axes, *, x: bool = False) -> None:
    """Take away the frame, and the axes that direct labels make needless."""
    axes.spines[:].set_visible(False)
    axes.xaxis.set_visible(x)
    axes.yaxis.set_visible(False)


Stroke = tuple[tuple[float, float], tuple[float, float]]


def strokes(
    axes: Axes, ends: Sequence[Stroke], colour: str, width: float, zorder: float = 2
) -> None:
    """Draw straight lines, each given by its ends (both x, both y), as one line with gaps."""
    xs = [x for across, _ in ends for x in (*across, math.nan)]
    ys = [y for _, up in ends for y in (*up, math.nan)]
    axes.plot(xs, ys, color=colour, linewidth=width, zorder=zorder)


def row_names(axes: Axes, places: Sequence[float], names: Sequence[str], size: float = 9) -> None:
    """Write each row's name left of the axes: as an axis would, for a third of its time."""
    beside = ScaledTranslation(-BESIDE / POINTS, 0, axes.figure.dpi_scale_trans)
    where = axes.get_yaxis_transform() + beside
    for place, name in zip(places, names, strict=True):
        axes.text(0, place, name, ha="right", va="center_baseline", size=size, transform=where)


def bars(
    axes: Axes,
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    colours: Sequence[str],
    *,
    bold: int | None = None,
    headroom: float = 0,
) -> None:
    """Draw one bar a name from below, its value written at its end; one of them may be bold.

    `headroom` leaves so many bars' height free above.
    """
    axes.barh(range(len(values)), values, color=colours, height=0.68)
    row_names(axes, range(len(names)), names)
    widest = max(values)
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        weight = "bold" if place == bold else "normal"
        axes.text(value + widest * 0.015, place, text, va="center", size=8.5, weight=weight)
    axes.set_xlim(0, widest * 1.2)
    axes.set_ylim(-0.6, len(values) - 0.4 + headroom)
    plain_axes(axes)


@lru_cache(maxsize=64)
def _heights(prop: FontProperties) -> tuple[float, float, float]:
    """Return ascent, descent and gap of a typeface's lines in points, as its own table says."""
    font = get_font(font_manager.findfont(prop))
    table: Any = font.get_sfnt_table("OS/2")
    head: Any = font.get_sfnt_table("head")
    scale = prop.get_size_in_points() / head["unitsPerEm"]
    gap = table["sTypoLineGap"] * scale
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, gap


@lru_cache(maxsize=4096)
def _measured(text: str, prop: FontProperties) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(text, prop, ismath=False)


class _Pen(RendererSVG):
    """Draws as the usual one does, but measures each font and each text once."""

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return a text's width, height and descent in points."""
        return _measured(s, prop)

    # By this name matplotlib 3.11 asks; a version that does not reads the font's tables each time.
    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        return _heights(prop)


class _Paper(FigureCanvasBase):
    """What a figure is drawn on: one renderer measures its texts for the layout and draws them."""

    def __init__(self, figure: Canvas, out: io.StringIO) -> None:
        super().__init__(figure)
        figure.dpi = POINTS
        width, height = figure.get_size_inches() * POINTS
        self.renderer = _Pen(  # type: ignore[no-untyped-call]
            width, height, out, image_dpi=POINTS, metadata={"Date": None, "Creator": None}
        )

    def get_renderer(self) -> RendererSVG:
        """Return the renderer that the layout is made with."""
        return self.renderer


def to_svg(figure: Canvas, name: str) -> str:
    """Return the drawing as SVG: text as text, and the same bytes every time.

    The name salts the ids, so that two figures on one page keep theirs apart. The layout is made
    once and the figure drawn once, where `savefig` draws it twice.
    """
    out = io.StringIO()
    with mpl.rc_context(STYLE | {"svg.hashsalt": name}):
        paper = _Paper(figure, out)
        figure.get_layout_engine().execute(figure)  # type: ignore[union-attr]
        figure.set_layout_engine("none")
        figure.draw(paper.renderer)
        paper.renderer.finalize()  # type: ignore[no-untyped-call]
    return out.getvalue()

"""One look for all figures: type, colours, size; and a figure's way into an SVG text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

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
    "to_svg",
]

WIDTH = 3.15
"""Inches: half the text width of an A4 page, and the whole width of a phone."""

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
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.unicode_minus": False,
}


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


def plain_axes(axes: Axes, *, x: bool = False, y: bool = False) -> None:
    """Take away the frame, and the axis that direct labels make needless."""
    axes.spines[:].set_visible(False)
    axes.xaxis.set_visible(x)
    axes.yaxis.set_visible(y)


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
    axes.barh(names, values, color=colours, height=0.68)
    widest = max(values)
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        weight = "bold" if place == bold else "normal"
        axes.text(value + widest * 0.015, place, text, va="center", size=8.5, weight=weight)
    axes.set_xlim(0, widest * 1.2)
    axes.set_ylim(-0.6, len(values) - 0.4 + headroom)
    plain_axes(axes, y=True)
    axes.tick_params(axis="y", pad=2)


def to_svg(figure: Canvas, name: str) -> str:
    """Return the drawing as SVG: text as text, and the same bytes every time.

    The name salts the ids, so that two figures on one page keep theirs apart.
    """
    out = io.StringIO()
    with mpl.rc_context(STYLE | {"svg.hashsalt": name}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()

"""Figures are drawn in less time than matplotlib takes by itself, and look the same."""

from __future__ import annotations

import io
import re

import matplotlib as mpl
from matplotlib.axes import Axes

from helpers.brief.figures.canvas import STYLE, bars, canvas, plain_axes, row_names, strokes, to_svg

NAMES = ("Kỳ Sơn", "Thị xã Cửa Lò", "Vinh (thành phố)")


def _draw(axes: Axes) -> None:
    bars(axes, NAMES, [3.0, 12.5, 7.25], ["3%", "12,5%", "$7,25$%"], ["#16324f"] * 3, bold=1)
    axes.text(0.5, 2.4, "Hai\ndòng", va="center", size=8, linespacing=0.95)
    axes.plot([1, 2], [0, 2], "D", color="#b5481e", markersize=4.5)


def _texts(svg: str) -> set[tuple[str, str, str]]:
    """Return each text of a drawing with its place."""
    found = re.findall(r'<text [^>]*\bx="([^"]*)" y="([^"]*)"[^>]*>([^<]*)<', svg)
    return {(text, x, y) for x, y, text in found}


def test_a_figure_is_drawn_as_savefig_draws_it() -> None:
    """One layout and one drawing give the bytes of the usual way, which draws twice."""
    with canvas(2.0) as (figure, axes):
        _draw(axes)
        svg = to_svg(figure, "thử")
    out = io.StringIO()
    with canvas(2.0) as (figure, axes):
        _draw(axes)
        with mpl.rc_context(STYLE | {"svg.hashsalt": "thử"}):
            figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    assert svg == out.getvalue()
    assert {text for text, _, _ in _texts(svg)} >= {*NAMES, "$7,25$%"}


def test_a_rows_name_stands_where_an_axis_would_write_it() -> None:
    """Names beside the axes have the place, size and room that labels of ticks have."""
    drawn = []
    for by_axis in (True, False):
        with canvas(2.0) as (figure, axes):
            axes.barh([0, 1, 2], [3, 1, 2])
            axes.set_ylim(-0.6, 2.6)
            plain_axes(axes)
            if by_axis:
                axes.set_yticks([0, 1, 2], NAMES)
                axes.yaxis.set_visible(True)
                axes.tick_params(axis="y", pad=2)
            else:
                row_names(axes, [0, 1, 2], NAMES)
            drawn.append(to_svg(figure, "thử"))
    by_ticks, by_texts = map(_texts, drawn)
    assert by_texts == by_ticks
    assert len(by_texts) == len(NAMES)


def test_strokes_are_one_line_with_gaps() -> None:
    """Separate strokes are drawn as one path that begins anew for each."""
    with canvas(1.0) as (figure, axes):
        strokes(axes, [((0, 1), (0, 0)), ((0, 1), (1, 1)), ((0, 1), (2, 2))], "#123456", 1.5)
        plain_axes(axes)
        svg = to_svg(figure, "thử")
    (path,) = re.findall(r'<path d="([^"]*)"[^>]*stroke: #123456', svg)
    assert (path.count("M"), path.count("L")) == (3, 3)

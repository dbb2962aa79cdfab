"""Paths of lines, squares and markers, as matplotlib's renderer draws them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from matplotlib.markers import MarkerStyle
from matplotlib.path import Path

__all__ = ["Points", "joined", "marker", "rounded_square"]

Points = Sequence[tuple[float, float]]

Shape = tuple[Points, Sequence[Any]]
"""The points of a marker of size one, and what leads to each of them (codes of a `Path`)."""

BEND = 0.276
"""How far from its ends the handles of a quarter of a circle lie, in its diameters."""

CIRCLE: Shape = (
    ((0.5, 0), (0.5, BEND), (BEND, 0.5), (0, 0.5), (-BEND, 0.5), (-0.5, BEND), (-0.5, 0),
     (-0.5, -BEND), (-BEND, -0.5), (0, -0.5), (BEND, -0.5), (0.5, -BEND), (0.5, 0), (0.5, 0)),
    (Path.MOVETO, *(Path.CURVE4,) * 12, Path.CLOSEPOLY),
)  # fmt: skip
"""A circle of four curves; matplotlib's own has eight, which no dot of this size needs."""


def joined(lines: Sequence[Points], *, closed: bool) -> Path:
    """Return lines or polygons of straight strokes as one path."""
    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    for line in lines:
        vertices += [*line, line[0]] if closed else line
        codes += [Path.MOVETO, *[Path.LINETO] * (len(line) - 1)] + [Path.CLOSEPOLY] * closed
    return Path(vertices, codes)


def rounded_square(left: float, low: float, right: float, high: float, rounding: float) -> Path:
    """Return a square whose corners are rounded."""
    r = rounding
    if not r:
        return joined([[(left, low), (right, low), (right, high), (left, high)]], closed=True)
    vertices = [
        (left + r, low), (right - r, low), (right, low), (right, low + r), (right, high - r),
        (right, high), (right - r, high), (left + r, high), (left, high), (left, high - r),
        (left, low + r), (left, low), (left + r, low), (left + r, low),
    ]  # fmt: skip
    corner = [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path(vertices, [Path.MOVETO, *corner * 4, Path.CLOSEPOLY])


@lru_cache(maxsize=16)
def marker(name: str) -> Shape:
    """Return one of matplotlib's markers in size one."""
    if name == "o":
        return CIRCLE
    style = MarkerStyle(name)
    path = style.get_path().transformed(style.get_transform())
    strokes = list(path.iter_segments(simplify=False, curves=False))
    points = [tuple(map(float, point)) for point, _ in strokes]
    return [(x, y) for x, y in points], [int(code) for _, code in strokes]

"""Paths of lines, areas and marks as SVG writes them, in points from a page's upper left corner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Points", "joined", "marked", "rounded"]

Points = Sequence[tuple[float, float]]

BEND = 0.276
"""How far from its ends the handles of a quarter of a circle lie, in its diameters."""

SHAPES: Mapping[str, Points] = {
    "D": ((0, -0.62), (0.62, 0), (0, 0.62), (-0.62, 0)),
    "s": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "^": ((0, -0.55), (0.58, 0.48), (-0.58, 0.48)),
    "X": (
        (-0.28, -0.56), (0, -0.28), (0.28, -0.56), (0.56, -0.28), (0.28, 0), (0.56, 0.28),
        (0.28, 0.56), (0, 0.28), (-0.28, 0.56), (-0.56, 0.28), (-0.28, 0), (-0.56, -0.28),
    ),
}  # fmt: skip
"""Corners of marks of size one: a diamond, a square, a triangle, a cross."""

CIRCLE: Points = (
    (0.5, 0), (0.5, BEND), (BEND, 0.5), (0, 0.5), (-BEND, 0.5), (-0.5, BEND), (-0.5, 0),
    (-0.5, -BEND), (-BEND, -0.5), (0, -0.5), (BEND, -0.5), (0.5, -BEND), (0.5, 0),
)  # fmt: skip
"""Where a circle of size one begins, and three points for each of its four curves."""


def _at(x: float, y: float) -> str:
    return f"{x:.2f} {y:.2f}".replace(".00", "")


def joined(lines: Sequence[Points], *, closed: bool) -> str:
    """Return lines or polygons of straight strokes as one path."""
    end = "Z" if closed else ""
    return "".join(f"M{'L'.join(_at(x, y) for x, y in line)}{end}" for line in lines)


def marked(points: Points, shape: str, size: float) -> str:
    """Return a mark at each point as one path: o, D, s, ^, X, or the upright stroke |."""
    if shape == "|":
        return joined([[(x, y - size / 2), (x, y + size / 2)] for x, y in points], closed=False)
    if shape != "o":
        corners = SHAPES[shape]
        marks = [[(x + dx * size, y + dy * size) for dx, dy in corners] for x, y in points]
        return joined(marks, closed=True)
    circles = []
    for x, y in points:
        first, *curves = [_at(x + dx * size, y + dy * size) for dx, dy in CIRCLE]
        circles.append(f"M{first}C{' '.join(curves)}Z")
    return "".join(circles)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> str:
    """Return a rectangle whose corners are rounded."""
    if not radius:
        return joined([[(left, top), (right, top), (right, bottom), (left, bottom)]], closed=True)
    pieces = [f"M{_at(left + radius, top)}"]
    for corner, before, after in (
        ((right, top), (right - radius, top), (right, top + radius)),
        ((right, bottom), (right, bottom - radius), (right - radius, bottom)),
        ((left, bottom), (left + radius, bottom), (left, bottom - radius)),
        ((left, top), (left, top + radius), (left + radius, top)),
    ):
        pieces.append(f"L{_at(*before)}Q{_at(*corner)} {_at(*after)}")
    return "".join([*pieces, "Z"])

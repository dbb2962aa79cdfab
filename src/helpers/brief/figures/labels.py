"""Texts of a drawing: what to write and where, and what stands on the page."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from helpers.brief.figures.palette import INK
from helpers.brief.figures.typeface import Typeface, typeface
from helpers.legible import clean_lines

__all__ = ["SIZE", "SMALL", "Label", "Written"]

SIZE, SMALL = 10.5, 10.0
"""Points: texts, and what stands around them, as numbers of an axis. No text is smaller than the
notes under a figure; the body's 13 points leave two figures side by side no room for bars."""


@dataclass(frozen=True)
class Label:
    """A text and the point of the plot at which it stands, in the data's units."""

    x: float
    y: float
    text: str
    size: float = SIZE
    bold: bool = False
    colour: str = INK

    def __post_init__(self) -> None:
        """Leave out of its lines what cannot be seen, and what SVG does not take."""
        object.__setattr__(self, "text", clean_lines(self.text))

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
class Written:
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
    box: tuple[float, float, float, float]
    """Its left, upper, right and lower edge."""

    def svg(self) -> str:
        """Return its element."""
        anchor = f' text-anchor="{self.anchor}"' if self.anchor else ""
        weight = ' font-weight="bold"' if self.bold else ""
        fill = f' fill="{self.colour}"' if self.colour != INK else ""
        return (
            f'<text x="{self.x:.2f}" y="{self.y:.2f}" font-size="{self.size:.4g}"'
            f"{anchor}{weight}{fill}>{escape(self.text)}</text>\n"
        )

"""What stands in a drawing, and how much room its texts take by FreeType's measure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from helpers.brief.fonts import fonts_folder

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Written:
    """A text of a drawing and the edges of its capitals' and digits' room."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@lru_cache(maxsize=4096)
def measured(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide FreeType lays out a text, kerning and all."""
    path = fonts_folder() / f"Tinos-{'Bold' if bold else 'Regular'}.ttf"
    prop = FontProperties(fname=str(path), size=size)
    width: float = text_to_path.get_text_width_height_descent(text, prop, ismath=False)[0]
    return width


def written(svg: str) -> list[Written]:
    """Return the texts of a drawing in the order in which they are read."""
    found = []
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        x, y, size = (float(element.attrib[name]) for name in ("x", "y", "font-size"))
        text = element.text or ""
        width = measured(text, size, bold=element.get("font-weight") == "bold")
        part = {None: 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor")]
        left = x - part * width
        found.append(Written(text, left, left + width, y - 0.66 * size, y, size))
    return found


def box(svg: str) -> tuple[float, float]:
    """Return a drawing's width and height in points."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def points(svg: str) -> list[tuple[float, float]]:
    """Return all points of all shapes of a drawing."""
    drawn = " ".join(re.findall(r' d="([^"]*)"', svg))
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", drawn)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))

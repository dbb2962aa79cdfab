"""How wide and how high texts are in the briefs' typeface."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from matplotlib.ft2font import FT2Font, LoadFlags

from helpers.brief.fonts import FAMILY, fonts_folder

__all__ = ["Typeface", "typeface"]


@dataclass(frozen=True, eq=False)
class Typeface:
    """One style of the typeface; lengths are parts of a text's size.

    A sign's advance is read once, so that no text is laid out to be measured: without kerning,
    which in Vietnamese names is less than a hundredth of the width.
    """

    font: FT2Font
    ascent: float
    descent: float
    _advances: dict[str, float] = field(default_factory=dict, repr=False)

    def width(self, text: str, size: float) -> float:
        """Return the width of a text of one line, in the unit of `size`."""
        known = self._advances
        try:
            return size * sum([known[sign] for sign in text])
        except KeyError:
            for sign in set(text) - known.keys():
                known[sign] = self._advance(sign)
            return self.width(text, size)

    def _advance(self, sign: str) -> float:
        glyph = self.font.load_glyph(self.font.get_char_index(ord(sign)), flags=LoadFlags.NO_SCALE)
        return glyph.horiAdvance / self.font.units_per_EM


@lru_cache(maxsize=2)
def typeface(style: Literal["Regular", "Bold"], /) -> Typeface:
    """Return the typeface in a style, its file read at the first call."""
    path = fonts_folder() / f"{FAMILY}-{style}.ttf"
    # Of an open file, processes that are forked later would all move the one place in it.
    font = FT2Font(io.BytesIO(path.read_bytes()))
    table = font.get_sfnt_table("OS/2")
    if table is None:
        raise ValueError(f"{path.name} has no OS/2 table.")
    em = font.units_per_EM
    return Typeface(font, table["sTypoAscender"] / em, -table["sTypoDescender"] / em)

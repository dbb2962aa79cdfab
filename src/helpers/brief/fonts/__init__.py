"""The brief's typeface: Tinos, which has the metrics of Times New Roman and all of Vietnamese."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

__all__ = ["FAMILY", "UNICODES", "covered", "fonts_folder"]

FAMILY = "Tinos"

UNICODES = (
    "20-7E,A0-17F,192,1A0-1A1,1AF-1B0,300-304,306-309,30C,31B,323,391-3A1,3A3-3A9,3B1-3C9,"
    "1EA0-1EF9,2002-200A,2010-2015,2018-201E,2020-2022,2026,202F-2030,2032-2033,2039-203A,2044,"
    "2060,2070,2074-208E,20AB-20AC,2116,2122,2190-2195,2202,2206,220F,2211-2212,2215,2219-221A,"
    "221E,222B,2248,2260,2264-2265,25A0-25A1,25AA-25AB,25B2,25BA,25BC,25C4,25CA-25CB,25CF"
)
"""Every character of the kept subset, as hexadecimal ranges (the form that pyftsubset reads)."""


def fonts_folder() -> Path:
    """Return the folder of the four TrueType styles, which Typst and matplotlib load."""
    return Path(__file__).parent


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """Return the characters that the kept fonts can draw."""
    points: set[str] = set()
    for part in UNICODES.split(","):
        first, _, last = part.partition("-")
        points.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(points)

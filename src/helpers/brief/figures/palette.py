"""The few colours of all figures, each with one meaning, so that a page can change them for dark.

They differ in lightness, not by hue alone: a grey print and colour-blind readers lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = [
    "ACCENT",
    "ADJACENT",
    "DARK",
    "FAINT",
    "GREY",
    "INK",
    "LIGHT",
    "MIDDLE",
    "ON_TILE",
    "PALE",
    "PALETTE",
    "TEXTS",
    "WARM",
    "WHITE",
]

INK, ON_TILE, WHITE = "#000000", "#111111", "#ffffff"
DARK, ACCENT, MIDDLE, LIGHT, PALE = "#16324f", "#2f6f9f", "#8fb6d3", "#b9d3e6", "#edf4f9"
WARM, GREY, FAINT = "#b5481e", "#5f6b76", "#e3e7eb"

PALETTE: Mapping[str, str] = {
    INK: "the province beside others",
    DARK: "totals and wholes; the first of several series",
    ACCENT: "what has no other meaning",
    MIDDLE: "falls; what is due by now",
    LIGHT: "what the figure's subject is compared with; ranges and intervals",
    PALE: "the lowest of a map's steps",
    WARM: "what the figure is about; rises",
    GREY: "axes, edges, secondary text",
    FAINT: "grids and tracks",
    ON_TILE: "text on light tiles, which stay light on a dark page",
    WHITE: "text on dark tiles",
}
"""Each colour and what it stands for."""

TEXTS: Sequence[str] = (INK, DARK, ACCENT, WARM, GREY)
"""Colours in which texts are written on white."""

ADJACENT: Sequence[tuple[str, str]] = (
    (DARK, LIGHT),
    (DARK, MIDDLE),
    (DARK, WARM),
    (WARM, LIGHT),
    (WARM, MIDDLE),
    (ACCENT, LIGHT),
    (DARK, ACCENT),
    (ACCENT, MIDDLE),
    (ACCENT, FAINT),
    (WARM, FAINT),
)
"""Pairs of colours that tell areas apart that lie on or beside each other."""

"""How wide a bold text runs, nearly: enough for a line under it or the choice of its size."""

from __future__ import annotations

import unicodedata

__all__ = ["bold_width"]

NARROW, BROAD = frozenset(" .,;:!'|()[]/-iljtf"), frozenset("mwMW%")
_NARROW, _BROAD, _UPPER, _USUAL = 0.29, 0.9, 0.72, 0.5


def _ems(sign: str) -> float:
    if sign in NARROW:
        return _NARROW
    if sign in BROAD:
        return _BROAD
    return _UPPER if sign.isupper() else _USUAL


def bold_width(text: str, size: float) -> float:
    """Return about how wide a bold text runs at a size, in the unit of the size."""
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return size * sum(map(_ems, letters))

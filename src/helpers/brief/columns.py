"""How wide a table's columns become, so that no number is ever broken or cut."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

__all__ = ["fitted"]

PORTRAIT, LANDSCAPE = 165.0, 252.0
"""The text's width in millimetres on either page (Nghị định 30/2020/NĐ-CP margins)."""

SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
DENSE = 9.0
"""A dense table begins at this size."""

EASY = 10.0
"""Down to this size a label gets two lines; below, it wraps at every word."""

BOLD = 1.06
READING = 11.0
"""No column has to be wider than so many ems on a narrow screen."""

PADDING = 2.6
PATH = 14
"""A word longer than this is a path or an address."""

POINT = 25.4 / 72
_NARROW = frozenset("iljtfrI.,;:!'|()[]/ -")
_BROAD = frozenset("mwMW%")


@lru_cache(maxsize=4096)
def _ems(text: str) -> float:
    """Return about how wide a text runs in the brief's typeface, in ems, on the safe side."""
    width = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        if letter in _NARROW:
            width += 0.36
        elif letter in _BROAD:
            width += 0.88
        elif letter.isupper():
            width += 0.74
        else:
            width += 0.52
    return width


def _longest_word(text: str) -> float:
    """Return the widest piece that no line end parts; a path may part after "/" and "-"."""
    words = text.split()
    pieces = (re.split(r"(?<=[/-])", word) if len(word) > PATH else [word] for word in words)
    return max((_ems(piece) for piece in itertools.chain.from_iterable(pieces)), default=0.0)


def _in_two(text: str) -> float:
    """Return the width at which the text stands on two lines."""
    parts = text.split()
    cuts = range(1, len(parts))
    halves = (max(_ems(" ".join(parts[:at])), _ems(" ".join(parts[at:]))) for at in cuts)
    return min(halves, default=_ems(text))


def _needs(
    header: Sequence[Sequence[dict[str, Any]]],
    texts: Sequence[Sequence[str]],
    kept: Sequence[bool],
    two: bool,
) -> tuple[list[float], list[float]]:
    """Return, in ems, the least and the comfortable width of each column.

    With `two` a label takes two lines at most, otherwise as many as it has words.
    """
    least = [0.0] * len(kept)
    ideal = [0.0] * len(kept)
    for row in header:
        for cell in row:
            at, label, share = cell["column"], cell["text"], BOLD / cell["columns"]
            fewest = (_in_two(label) if two else _longest_word(label)) * share
            for covered in range(at, at + cell["columns"]):
                least[covered] = max(least[covered], fewest)
                ideal[covered] = max(ideal[covered], _in_two(label) * share)
    for cells in texts:
        for at, text in enumerate(cells):
            whole = max(_ems(line) for line in text.split("\n"))
            least[at] = max(least[at], whole if kept[at] else _longest_word(text))
            ideal[at] = max(ideal[at], whole)
    return least, [max(low, wide) for low, wide in zip(least, ideal, strict=True)]


def _poured(spare: float, caps: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return shares of what is left over: by weight, none above its cap while others can take."""
    shares = [0.0] * len(caps)
    open_ = [at for at, cap in enumerate(caps) if cap > 0 and weights[at] > 0]
    while open_ and spare > 1e-9:
        total = sum(weights[at] for at in open_)
        full = [at for at in open_ if spare * weights[at] / total >= caps[at]]
        if not full:
            for at in open_:
                shares[at] = spare * weights[at] / total
            return shares
        for at in full:
            shares[at] = caps[at]
            spare -= caps[at]
        open_ = [at for at in open_ if at not in full]
    return shares


def _lines(cells: Sequence[str], widths: Sequence[float], size: float) -> int:
    """Return about how many lines a row takes, rather too many than too few."""
    return max(
        sum(
            math.ceil(_ems(line) * size * POINT / width) if line else 1 for line in text.split("\n")
        )
        for text, width in zip(cells, widths, strict=True)
    )


def fitted(
    header: Sequence[Sequence[dict[str, Any]]],
    texts: Sequence[Sequence[str]],
    whole: Sequence[bool],
    weights: Sequence[float | None],
    *,
    landscape: bool = False,
    dense: bool = False,
) -> dict[str, Any]:
    """Return the type size in points, about how many lines the rows take, and columns' widths.

    The widths on paper are in millimetres, those below which a screen should scroll in ems.

    Texts of a column that is `whole` stay on one line. The largest size is taken at which the
    longest word or number of every column fits, labels in two lines where that is possible. What is
    left goes to the columns that wrap, by their weights where there are any.
    """
    room = (LANDSCAPE if landscape else PORTRAIT) - PADDING * len(whole)
    sizes = [size for size in SIZES if size <= DENSE] if dense else SIZES
    tries = [(size, True) for size in sizes if size >= EASY] + [(size, False) for size in sizes]
    for size, two in tries:
        least, ideal = _needs(header, texts, whole, two)
        if sum(least) * size * POINT <= room:
            break
    low = [width * size * POINT for width in least]
    flex = [(wide - width) * size * POINT for wide, width in zip(ideal, least, strict=True)]
    spare = room - sum(low)
    if spare < 0:
        widths = [width * room / sum(low) for width in low]
    else:
        stated = any(weight is not None for weight in weights)
        pull = [1.0 if weight is None else weight for weight in weights] if stated else flex
        poured = _poured(spare, flex, pull)
        rest = (spare - sum(poured)) / len(low)
        widths = [width + share + rest for width, share in zip(low, poured, strict=True)]
    return {
        "size": size,
        "lines": sum(_lines(cells, widths, size) for cells in texts),
        "widths": [round(width + PADDING, 3) for width in widths],
        "reading": [round(min(width, READING), 1) for width in ideal],
    }

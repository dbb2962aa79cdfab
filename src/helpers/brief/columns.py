"""How wide a table's columns become, so that no number is ever broken or cut."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from helpers.brief.fonts import covered

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

_WIDEST = {
    letter: width
    for width, letters in {
        25: ",.", 28: "/il|", 34: " -():;`fjt", 39: "!I[]s", 45: "cerz", 48: "{}",
        50: "#$*0123456789?J_agovxy–", 55: "≥≤", 56: '"Sbdhknpquđ', 57: "~", 59: "^", 62: "P",
        67: "BEFLTZ", 68: "+<=>−×", 73: "ACDNRUVXYwĐ", 78: "GHKOQ", 84: "&m", 94: "@", 95: "M",
        100: "%W…→",
    }.items()
    for letter in letters
}  # fmt: skip
"""Each sign of Vietnamese texts in the widest of the typeface's four styles, rounded up."""

_MARKS = dict.fromkeys("\u0300\u0301\u0302\u0303\u0306\u0309\u0323", 0) | {"\u031b": 7}
"""What the marks of Vietnamese letters add: the horn of "ơ" and "ư" alone takes room."""

UNKNOWN = 10_000
"""A sign of unknown width, a line end among them, makes any line too long."""

SURE = 0.99
"""A little less than the whole width, for the rounding of widths."""


@lru_cache(maxsize=1024)
def _hundredths(letter: str) -> int:
    """Return about how wide a letter runs, in hundredths of an em; marks on it add nothing."""
    width = 0
    for sign in unicodedata.normalize("NFD", letter):
        if unicodedata.combining(sign):
            continue
        if sign in _NARROW:
            width += 36
        elif sign in _BROAD:
            width += 88
        else:
            width += 74 if sign.isupper() else 52
    return width


@lru_cache(maxsize=4096)
def _ems(text: str) -> float:
    """Return about how wide a text runs in the brief's typeface, in ems, on the safe side."""
    return sum(map(_hundredths, text)) / 100


@lru_cache(maxsize=1024)
def _at_most(letter: str) -> int:
    """Return how wide a letter runs at most, in hundredths of an em, whatever its style."""
    if letter not in covered():  # another sign will stand for it
        return UNKNOWN
    base, *marks = list(unicodedata.normalize("NFD", letter))
    return _WIDEST.get(base, UNKNOWN) + sum(_MARKS.get(mark, UNKNOWN) for mark in marks)


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


def _of_labels(
    header: Sequence[Sequence[dict[str, Any]]], count: int, two: bool
) -> tuple[list[float], list[float]]:
    """Return, in ems, the least and the comfortable width that each column's labels ask for.

    With `two` a label takes two lines at most, otherwise as many as it has words.
    """
    least = [0.0] * count
    ideal = [0.0] * count
    for row in header:
        for cell in row:
            at, label, share = cell["column"], cell["text"], BOLD / cell["columns"]
            halved = _in_two(label) * share
            fewest = halved if two else _longest_word(label) * share
            for below in range(at, at + cell["columns"]):
                least[below] = max(least[below], fewest)
                ideal[below] = max(ideal[below], halved)
    return least, ideal


def _of_texts(
    columns: Sequence[Sequence[str]], kept: Sequence[bool]
) -> tuple[list[float], list[float]]:
    """Return, in ems, the least and the comfortable width that each column's texts ask for."""
    found = [set(texts) for texts in columns]
    ideal = [
        max((_ems(line) for text in texts for line in text.split("\n")), default=0.0)
        for texts in found
    ]
    least = [
        wide if stays else max(map(_longest_word, texts), default=0.0)
        for texts, wide, stays in zip(found, ideal, kept, strict=True)
    ]
    return least, ideal


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


def _lines(text: str, width: float, size: float) -> int:
    """Return about how many lines a text takes in a column, rather too many than too few."""
    if "\n" in text:
        return sum(_lines(line, width, size) for line in text.split("\n"))
    return math.ceil(_ems(text) * size * POINT / width) or 1


def _single(texts: Sequence[str], width: float, size: float) -> list[bool]:
    """Tell of each text of a column whether it surely stands on one line."""
    room = SURE * width / (size * POINT) * 100
    return [sum(map(_at_most, text)) <= room for text in texts]


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

    The widths on paper are in millimetres, those below which a screen should scroll in ems. Which
    rows surely take a single line is said too: a writer need not measure them.

    Texts of a column that is `whole` stay on one line. The largest size is taken at which the
    longest word or number of every column fits, labels in two lines where that is possible. What is
    left goes to the columns that wrap, by their weights where there are any.
    """
    room = (LANDSCAPE if landscape else PORTRAIT) - PADDING * len(whole)
    columns = list(zip(*texts, strict=True)) or [()] * len(whole)
    texts_least, texts_ideal = _of_texts(columns, whole)
    sizes = [size for size in SIZES if size <= DENSE] if dense else list(SIZES)
    easy = [size for size in sizes if size >= EASY]
    for two, tries in ((True, easy), (False, sizes)):
        labels_least, labels_ideal = _of_labels(header, len(whole), two)
        least = list(map(max, labels_least, texts_least))
        fitting = [size for size in tries if sum(least) * size * POINT <= room]
        if fitting:
            break
    size = fitting[0] if fitting else sizes[-1]
    ideal = list(map(max, labels_ideal, texts_ideal, least))
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
    heights = [
        [_lines(text, width, size) for text in texts]
        for texts, width in zip(columns, widths, strict=True)
    ]
    single = [_single(texts, width, size) for texts, width in zip(columns, widths, strict=True)]
    return {
        "size": size,
        "lines": sum(map(max, zip(*heights, strict=True))),
        "single": list(map(all, zip(*single, strict=True))),
        "widths": [round(width + PADDING, 3) for width in widths],
        "reading": [round(min(width, READING), 1) for width in ideal],
    }

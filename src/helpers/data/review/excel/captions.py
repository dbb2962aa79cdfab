"""How well the caption of a column, as a district writes it, fits the captions of a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from helpers.data.review.forms import Form
from helpers.text import match_key, slug

__all__ = ["HALVES", "best_fit", "caption_key", "half_of"]

_SHORT: Mapping[str, str] = {
    "dtts": "dan toc thieu so",
    "hcn": "ho can ngheo",
    "hn": "ho ngheo",
    "nk": "nhan khau",
    "ts": "tong so",
    "tl": "ty le",
    "mstb": "muc song trung binh",
    "bhyt": "bao hiem y te",
    "bq": "binh quan",
}
_CLOSE, _MARGIN = 0.6, 0.12
HALVES: Mapping[str, int] = {
    match_key(word): half
    for half, words in enumerate(
        (("Hộ", "Số hộ", "Hộ gia đình"), ("Nhân khẩu", "Số nhân khẩu", "Khẩu", "Số khẩu", "NK"))
    )
    for word in words
} | {match_key("Người"): 1, match_key("Số người"): 1}
"""What the second row of a paired form may say: 0 for households, 1 for persons."""


def half_of(text: str) -> int | None:
    """Return which half of a pair a sub-caption names, or None."""
    return HALVES.get(match_key(re.sub(r"[():]", " ", text)))


@lru_cache(maxsize=8192)
def caption_key(text: str) -> str:
    """Return what counts in a caption: plain words, known abbreviations written out."""
    return " ".join(_SHORT.get(word, word) for word in slug(text).split("-"))


@lru_cache(maxsize=8192)
def _grams(key: str) -> frozenset[str]:
    padded = f"  {key} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


@lru_cache(maxsize=32768)
def _similarity(one: str, other: str) -> float:
    """Return how much two keys share, from 0 to 1 (Dice's coefficient of their trigrams)."""
    if one == other:
        return 1.0
    left, right = _grams(one), _grams(other)
    return 2 * len(left & right) / (len(left) + len(right))


def _keys(form: Form) -> list[tuple[str, str]]:
    return [(caption_key(column.label), caption_key(column.caption)) for column in form.columns]


def best_fit(form: Form, number: int, caption: str) -> int | None:
    """Return the number of the column that a caption fits better than the numbered one.

    None where the caption fits no other column, or its own as well. `number` 0 is no column: then
    the one that the caption fits at all.
    """
    key = caption_key(caption)
    keys = _keys(form)
    if number and key in keys[number - 1]:
        return None
    fits = [max(_similarity(key, known) for known in both) for both in keys]
    own = fits[number - 1] if number else 0.0
    best = max(range(len(fits)), key=fits.__getitem__)
    if best == number - 1:
        return None
    exact = key == keys[best][0]
    better = fits[best] >= _CLOSE and fits[best] > own + _MARGIN
    return best + 1 if exact or better else None

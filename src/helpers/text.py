"""Vietnamese names: one Unicode form out, any form and either tone placement in."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from helpers.language import say

__all__ = ["listing", "match_key", "nearest", "nfc", "parted", "slug"]

LONGEST_SLUG = 80

# The five tone marks as combining characters: huyền, sắc, ngã, hỏi, nặng.
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def nfc(text: str) -> str:
    """Return the text in Unicode form NFC, its runs of white space made one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=1 << 14)
def match_key(text: str) -> str:
    """Return what two spellings of one name share.

    Letter case, Unicode form, spacing and the place of the tone mark within a syllable do not
    count, so "Hoà" (old placement), "Hòa" (new) and their decomposed forms give one key. The tone
    itself does count: "Hóa" stays another name.
    """
    syllables = []
    for word in nfc(text).casefold().split():
        letters = unicodedata.normalize("NFD", word)
        tones = "".join(letter for letter in letters if letter in _TONES)
        base = "".join(letter for letter in letters if letter not in _TONES)
        syllables.append(unicodedata.normalize("NFC", base) + tones)
    return " ".join(syllables)


def slug(text: str) -> str:
    """Return the name as a file name: no accents, lower case, hyphens ("Kỳ Sơn" → "ky-son")."""
    plain = unicodedata.normalize("NFD", nfc(text).casefold().replace("đ", "d"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(short) <= LONGEST_SLUG:
        return short
    # No system takes file names of any length; the digest tells two long names apart.
    return f"{short[: LONGEST_SLUG - 9]}-{hashlib.sha256(short.encode()).hexdigest()[:8]}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name most like the word, or None where none is near."""
    by_key = {slug(name): name for name in known}
    found = difflib.get_close_matches(slug(word), by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else None


def listing(names: Iterable[str]) -> str:
    """Return names as an enumeration: "A", "A và B", "A, B và C" (in English "A, B and C")."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return say("{names} và {last}", names=", ".join(items[:-1]), last=items[-1])


def parted(enumeration: str) -> list[str]:
    """Return the names of a Vietnamese enumeration, as `listing` joined them."""
    return re.split(r", | và ", enumeration)

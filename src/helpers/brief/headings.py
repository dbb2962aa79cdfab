"""Headings that a notebook hands to what stands below them, in the language that is spoken."""

from __future__ import annotations

import re

from helpers.language import say

__all__ = ["headed", "headline", "under"]

_HEADING = re.compile(r"(#+ )?(\d+\. |Phụ lục [IVX]+\. )?(.*)", re.DOTALL)


def headline(heading: str) -> str:
    """Return a heading in the language that is spoken, its level and its number kept.

    The catalogue holds the heading alone ("### 2. Diễn biến trong năm": "Diễn biến trong năm").
    """
    level, number, text = _HEADING.fullmatch(heading).groups(default="")  # type: ignore[union-attr]  # all optional
    if number.startswith("Phụ lục"):
        number = number.replace("Phụ lục", say("Phụ lục"))
    return f"{level}{number}{say(text)}"


def headed(heading: str, *sentences: str) -> str:
    """Return a paragraph of these sentences under a heading; nothing where nothing is said."""
    return under(heading, " ".join(filter(None, sentences)))


def under(heading: str, text: str) -> str:
    """Return a text under a heading, where it has one; nothing where there is no text."""
    return f"{headline(heading)}\n\n{text}" if heading and text else text

"""What the sections of the official plan share: its own sentences, and points a), b), c)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helpers import words
from helpers.brief.reader import Brief
from helpers.legible import literal

__all__ = ["amounts", "ended", "items", "lettered", "lower", "told_of", "upper"]

LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The Vietnamese alphabet, by which an official document letters its points."""

Row = Mapping[str, Any]


def told_of(brief: Brief, part: str, code: str) -> list[dict[str, Any]]:
    """Return the sentences of a part of the plan's texts, of one project or group.

    They are the planner's own words: nothing in them is Markdown.
    """
    rows = brief.table("plan_texts").records(part=part, code=code)
    return [
        {key: literal(text) if isinstance(text, str) else text for key, text in row.items()}
        for row in rows
    ]


def lower(text: str) -> str:
    """Return the text as it reads within a sentence; a name of an agency keeps its capital."""
    return text if text.startswith(NAMES) else f"{text[:1].lower()}{text[1:]}"


NAMES = ("Sở ", "Ban Dân", "Ủy ban", "Kho bạc", "Hội đồng", "Chương trình", "Tiểu dự án")
"""How names begin that are written with a capital wherever they stand."""


def upper(text: str) -> str:
    """Return the text as a sentence begins with it."""
    return f"{text[:1].upper()}{text[1:]}"


def ended(text: str, sign: str = ".") -> str:
    """Return the text, which holds no Markdown, with this sign at its end, whatever stood there."""
    return literal(f"{text.rstrip(' .;')}{sign}")


def items(texts: Iterable[str]) -> str:
    """Return list items as a document has them: each ends with a semicolon, the last with a stop.

    A list whose items are sentences of their own keeps their stops.
    """
    told = list(texts)
    sentences = any(". " in text for text in told) or all(text.endswith(".") for text in told)
    signs = ["." if sentences else ";"] * (len(told) - 1) + ["."]
    said = (f"- {ended(text, sign)}" for text, sign in zip(told, signs, strict=False))
    return "\n".join(said)


def lettered(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield the paragraphs that say anything, lettered a), b), c)."""
    told = (paragraph for paragraph in paragraphs if paragraph)
    for letter, paragraph in zip(LETTERS, told, strict=False):
        yield f"{letter}) {paragraph}"


def amounts(row: Row, names: Mapping[str, str]) -> list[str]:
    """Return what a row holds of each source or type, named, as far as it holds any."""
    return [
        f"{lower(literal(name))} {words.money(row[code])}"
        for code, name in names.items()
        if row[code]
    ]

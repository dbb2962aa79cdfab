"""How a cell of the table model stands in a workbook: as a number, a date or plain text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor

from helpers import words
from helpers.brief.table import Cell, Column

__all__ = ["LOCALES", "Shown", "date_format", "is_risky", "number_format", "shown"]

LOCALES = {"vi": "[$-42A]", "en": "[$-409]"}
"""The prefix of a number format that writes it as the language does."""

MONEY = frozenset({"money", "money_tenths", "change", "change_tenths"})
SIGNED = frozenset({"change", "change_tenths"})
FIXED = {"money_tenths": 1, "change_tenths": 1, "count": 0, "rate": 2, "points": 2}
"""Kinds that are always shown with so many decimals; the others with as many as they need."""

DIGITS, RANGE_DIGITS = 6, 2
LARGEST = 2**53
"""Beyond this a workbook's numbers leave out whole ones, so the cell stays text."""

LONGEST = 32_767
"""Excel takes no longer text in one cell."""

Shown = tuple[int | float, int] | date | None
"""A number and its decimals, a date, or nothing where the cell's text stands for it."""

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def is_risky(text: str) -> bool:
    """Say whether a spreadsheet would take the text for a formula once somebody edits it."""
    return text.startswith(_RISKY)


def shown(value: Cell, column: Column) -> Shown:
    """Return what the cell stores; đồng are stored as triệu.

    A range is a number only where its ends are one; "…" and nothing are text.
    """
    if isinstance(value, tuple):
        low, high = value
        if low != high:
            return None
        value = low
    if isinstance(value, date):
        return value
    if not isinstance(value, int | Fraction | Decimal) or isinstance(value, bool):
        return None
    if not -LARGEST < value < LARGEST:
        return None
    digits = column.digits if column.digits is not None else FIXED.get(column.kind)
    most = RANGE_DIGITS if column.kind == "range" else DIGITS
    unit = words.MILLION if column.kind in MONEY and column.digits is None else 1
    if isinstance(value, int):
        whole, rest = divmod(value, unit)
        if not rest:
            return whole, digits or 0
        return value / unit, _needed(Fraction(value, unit), most) if digits is None else digits
    exact = Fraction(value) / unit
    stored = int(exact) if exact.denominator == 1 else float(exact)
    return stored, _needed(exact, most) if digits is None else digits


def _needed(value: Fraction, most: int) -> int:
    """Return how many decimals the number has once it is rounded to the most that are shown.

    It is rounded half up, as the tables' words are and as a spreadsheet rounds what it shows.
    """
    rounded = floor(abs(value) * 10**most + Fraction(1, 2)) % 10**most
    return len(str(rounded).zfill(most).rstrip("0"))


@lru_cache(maxsize=64)
def number_format(kind: str, digits: int, language: str, *, nought: bool = False) -> str:
    """Return the number format of a kind of values with so many decimals.

    `nought` is for what is below nought and rounds to it, which carries no sign.
    """
    shape = f"#,##0.{'0' * digits}" if digits else "#,##0"
    if kind == "text":
        shape = shape.replace("#,##", "")
    locale = LOCALES[language]
    if nought:
        return f"{locale}{shape};{locale}{shape}"
    if kind not in SIGNED:
        return locale + shape
    return f"{locale}+{shape};{locale}-{shape};{locale}{shape}"


def date_format(language: str) -> str:
    """Return the number format of dates, day before month."""
    return f"{LOCALES[language]}dd/mm/yyyy"

"""The rows in which checks say what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from helpers.data.vocabulary import PROVINCE_AREAS
from helpers.text import listing
from helpers.words import decimal, points, rate

__all__ = [
    "AGREES",
    "COLUMNS",
    "DISAGREES",
    "NOTABLE",
    "PROVINCE",
    "Row",
    "compared",
    "found_or_none",
    "notable",
    "some",
]

AGREES, DISAGREES, NOTABLE = "khớp", "lệch", "lưu ý"
COLUMNS = ("check", "area", "period", "expected", "found", "difference", "result", "message")
PROVINCE = PROVINCE_AREAS["province"]
SHOWN = 5
"""So many names stand in a sentence; of more, the rest is counted."""

Row = tuple[str, str, str, str, str, str, str, str]
"""A finding as text, column by column."""


def some(names: Iterable[str], unit: str) -> str:
    """Return the names as an enumeration that stays short ("A, B, C, D, E và 3 huyện khác")."""
    items = list(names)
    rest = len(items) - SHOWN
    return listing([*items[:SHOWN], f"{decimal(rest)} {unit} khác"] if rest > 0 else items)


def compared(
    check: str,
    area: str,
    period: str,
    expected: int | Decimal,
    found: int | Decimal,
    *,
    weight: str,
    basis: str,
    worded: Callable[[int | Fraction], str] = decimal,
) -> Row:
    """Return the row that compares two figures, counts as int and announced rates as Decimal.

    `weight` is the result where they differ; `worded` says how a count or an amount is written.
    """
    difference = Fraction(found) - Fraction(expected)
    if isinstance(expected, Decimal):
        one, other = rate(expected), rate(found)
        gap, size = decimal(difference, 2), points(abs(difference))
    else:
        one, other = worded(expected), worded(int(found))
        gap, size = worded(difference), worded(abs(difference))
    subject = f"{check} {area.lower()}" + (f" cuối năm {period}" if period else "")
    if difference == 0:
        message = f"{subject}: số tính được {other} khớp với {basis}."
        return check, area, period, one, other, gap, AGREES, message
    way = "cao hơn" if difference > 0 else "thấp hơn"
    message = f"{subject}: số tính được {other} {way} {basis} ({one}) là {size}."
    return check, area, period, one, other, gap, weight, message


def notable(check: str, area: str, period: str, found: str, message: str) -> Row:
    """Return the row of something unusual."""
    return check, area, period, "", found, "", NOTABLE, message


def found_or_none(check: str, sought: str, rows: Iterable[Row]) -> list[Row]:
    """Return the finds, or one row that says that nothing of what was sought is there."""
    message = f"{check}: không có trường hợp nào {sought}."
    return list(rows) or [(check, PROVINCE, "", "", "", "", AGREES, message)]

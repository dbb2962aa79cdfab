"""Single values of a rule file: numbers that may still be missing, bounds, eligible groups."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final, NamedTuple

from helpers.money import AmountRefused, parse_amount
from helpers.plan import values
from helpers.plan.values import ValueRefused
from helpers.text import match_key, nfc

__all__ = [
    "MISSING",
    "MISSING_WORD",
    "Bound",
    "Missing",
    "bands",
    "bound",
    "conditions",
    "day",
    "number",
    "percent",
    "words",
]

MISSING_WORD: Final = "chưa có"


class Missing(Enum):
    """A number that the legal text sets and that has not been found yet ("chưa có")."""

    MISSING = MISSING_WORD


MISSING: Final = Missing.MISSING


class Bound(NamedTuple):
    """A floor or a cap for each unit: đồng, or percent of the pot, or not known yet."""

    amount: int | None
    percent: Fraction | None

    @property
    def missing(self) -> bool:
        """Tell whether neither is known."""
        return self.amount is None and self.percent is None


def _is_missing(value: object) -> bool:
    written = isinstance(value, str) and match_key(value) == match_key(MISSING_WORD)
    return written or value is MISSING


def number(value: object) -> Fraction | Missing:
    """Return a number of zero or more, exactly, or MISSING."""
    if _is_missing(value):
        return MISSING
    point = isinstance(value, Decimal) and value.as_tuple().exponent == -3 and value >= 1
    return values.number(str(value) if point else value)


def percent(value: object) -> Fraction | Missing:
    """Return a percentage from 0 to 100, or MISSING."""
    return MISSING if _is_missing(value) else values.percent(value)


def day(value: object) -> date | None:
    """Return a date, or none where it is still open or not known ("chưa có")."""
    return None if _is_missing(value) else values.day(value)


def bound(value: object) -> Bound:
    """Return a floor or cap, from "500 triệu", "30%" or "chưa có"."""
    if isinstance(value, Bound):
        return value
    if _is_missing(value):
        return Bound(None, None)
    if isinstance(value, str) and re.search(r"%\s*$", nfc(value)):
        return Bound(None, values.percent(value))
    try:
        return Bound(parse_amount(value), None)
    except AmountRefused as error:
        todo = f"{error.todo}; hoặc tỷ lệ phần trăm của khoản vốn, chẳng hạn “30%”"
        raise ValueRefused(error.what, todo) from None


def bands(value: Any) -> Any:
    """Return the bands as written; "chưa có" stands for one band whose points are missing."""
    return [{"points": MISSING_WORD}] if _is_missing(value) else value


def conditions(value: Any) -> Any:
    """Return a list of conditions; a word (all, poor_districts …) stands for that group."""
    listed = value if isinstance(value, list | tuple) else [value]
    return [{"group": item} if isinstance(item, str) else item for item in listed]


def words(value: Any) -> Any:
    """Return a list of words; a single word or number stands for itself."""
    return value if isinstance(value, list | tuple) else [value]

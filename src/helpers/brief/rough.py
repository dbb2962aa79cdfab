"""How prose and labels say what is only roughly known: forecasts, chances, multiples."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from helpers import words

__all__ = ["chance", "in_ten", "rough", "rough_range", "short_chance", "times"]

SURE, UNSURE = 95, 5
"""From this chance on (percent) something is all but sure; up to the other, all but excluded."""


def _digits(value: Decimal) -> int:
    """Return how many decimals a rough rate needs: small ones keep two."""
    return 1 if abs(value) >= 1 else 2


def rough(value: Decimal) -> str:
    """Return a rate that is only expected ("4,3%", "0,34%")."""
    return words.rate(value, _digits(value))


def rough_range(low: Decimal, high: Decimal) -> str:
    """Return the interval of a forecast ("3,9–4,8%")."""
    digits = max(_digits(low), _digits(high)) if low else _digits(high)
    return f"{words.decimal(low, digits)}–{words.rate(high, digits)}"


def chance(percent: Decimal) -> str:
    """Return a probability as people say it: so many in ten, at the ends with a word."""
    said = short_chance(percent)
    if percent >= SURE:
        return f"{said}, gần như chắc chắn"
    return f"{said}, rất khó" if percent <= UNSURE else f"khoảng {said}"


def short_chance(percent: Decimal) -> str:
    """Return a probability as one short number ("7/10", "trên 9/10")."""
    if percent >= SURE:
        return "trên 9/10"
    return "dưới 1/10" if percent <= UNSURE else f"{_tenths(percent)}/10"


def _tenths(percent: Decimal) -> int:
    """Return the nearest tenths, never none and never all of them."""
    return min(max(int(words.decimal(Fraction(percent) / 10)), 1), 9)


MULTIPLES = ((Fraction(3, 2), "gấp rưỡi"), (Fraction(2), "gấp đôi"), (Fraction(3), "gấp ba"))
NEAR = Fraction(1, 20)


def times(one: Decimal, other: Decimal) -> str:
    """Return how many times one is the other, both above zero ("gấp rưỡi", "gấp 1,8 lần")."""
    ratio = Fraction(one) / Fraction(other)
    if abs(ratio - 1) <= NEAR:
        return "bằng"
    if ratio < 1:
        return f"chỉ bằng {words.rate(ratio * 100, 0)}"
    said = (name for whole, name in MULTIPLES if abs(ratio - whole) <= NEAR * whole)
    return next(said, f"gấp {words.decimal(ratio, 1, least=0)} lần")


def in_ten(part: int, whole: int) -> tuple[int, int]:
    """Return a proportion in whole numbers: so many in ten, or where that is none, in a hundred."""
    for base in (10, 100):
        number = (2 * base * part + whole) // (2 * whole)
        if number:
            return number, base
    return 0, 100

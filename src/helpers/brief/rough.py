"""How prose and labels say what is only roughly known: forecasts, chances, multiples."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from helpers import words
from helpers.language import say

__all__ = ["chance", "in_ten", "rough", "rough_ends", "rough_range", "short_chance", "times"]

SURE, UNSURE = 95, 5
"""From this chance on (percent) something is all but sure; up to the other, all but excluded."""


def _digits(value: Decimal) -> int:
    """Return how many decimals a rough rate needs: small ones keep two."""
    return 1 if abs(value) >= 1 else 2


def rough(value: Decimal) -> str:
    """Return a rate that is only expected ("4,3%", "0,34%")."""
    return words.rate(value, _digits(value))


def rough_ends(low: Decimal, high: Decimal) -> tuple[str, str]:
    """Return both ends of a forecast's interval, with as many decimals ("3,9%", "4,8%")."""
    digits = max(_digits(low), _digits(high)) if low else _digits(high)
    return words.rate(low, digits), words.rate(high, digits)


def rough_range(low: Decimal, high: Decimal) -> str:
    """Return the interval of a forecast ("3,9–4,8%")."""
    first, last = rough_ends(low, high)
    return f"{first.removesuffix('%')}–{last}"


def chance(percent: Decimal) -> str:
    """Return a probability as people say it: so many in ten, at the ends with a word."""
    said = short_chance(percent)
    if percent >= SURE:
        return say("{chance}, gần như chắc chắn", chance=said)
    if percent <= UNSURE:
        return say("{chance}, rất khó", chance=said)
    return say("khoảng {chance}", chance=said)


def short_chance(percent: Decimal) -> str:
    """Return a probability as one short number ("7/10", "trên 9/10")."""
    if percent >= SURE:
        return say("trên 9/10")
    if percent <= UNSURE:
        return say("dưới 1/10")
    return say("{tenths}/10", tenths=_tenths(percent))


def _tenths(percent: Decimal) -> int:
    """Return the nearest tenths, never none and never all of them."""
    return min(max(int(words.decimal(Fraction(percent) / 10)), 1), 9)


MULTIPLES = ((Fraction(3, 2), "gấp rưỡi"), (Fraction(2), "gấp đôi"), (Fraction(3), "gấp ba"))
NEAR = Fraction(1, 20)


def times(one: Decimal, other: Decimal) -> str:
    """Return how many times one is the other, both above zero ("gấp rưỡi", "gấp 1,8 lần")."""
    ratio = Fraction(one) / Fraction(other)
    if abs(ratio - 1) <= NEAR:
        return say("bằng")
    if ratio < 1:
        return say("chỉ bằng {share}", share=words.rate(ratio * 100, 0))
    said = (say(name) for whole, name in MULTIPLES if abs(ratio - whole) <= NEAR * whole)
    return next(said, "") or say("gấp {ratio} lần", ratio=words.decimal(ratio, 1, least=0))


def in_ten(part: int, whole: int) -> tuple[int, int]:
    """Return a proportion in whole numbers: so many in ten, or where that is none, in a hundred."""
    for base in (10, 100):
        number = (2 * base * part + whole) // (2 * whole)
        if number:
            return number, base
    return 0, 100

"""Whole numbers in words, as the amount at the foot of a document has them."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["english", "vietnamese"]

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", "nghìn", "triệu")
BILLION = 10**9


def vietnamese(number: int) -> str:
    """Return a whole number in Vietnamese ("sáu trăm linh ba tỷ bảy trăm ba mươi sáu triệu")."""
    if number < 0:
        return f"âm {vietnamese(-number)}"
    return " ".join(_said(number, leading=True)) if number else DIGITS[0]


def _said(number: int, *, leading: bool) -> Iterator[str]:
    """Yield the words of a number: so many tỷ, and below them three groups of three digits.

    A group that another stands before says its hundreds though they be none ("không trăm linh
    năm"), or it could be taken for another number.
    """
    billions, rest = divmod(number, BILLION)
    if billions:
        yield from _said(billions, leading=leading)
        yield "tỷ"
        leading = False
    for place in (2, 1, 0):
        group = rest // 1000**place % 1000
        if group:
            yield from _group(group, leading=leading)
            if SCALES[place]:
                yield SCALES[place]
            leading = False


def _group(group: int, *, leading: bool) -> Iterator[str]:
    hundreds, rest = divmod(group, 100)
    if hundreds or not leading:
        yield f"{DIGITS[hundreds]} trăm"
    tens, ones = divmod(rest, 10)
    if not tens:
        if ones:
            yield DIGITS[ones] if leading and not hundreds else f"linh {DIGITS[ones]}"
        return
    yield "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if ones:
        yield _after_tens(ones, tens)


def _after_tens(ones: int, tens: int) -> str:
    """Return the last digit as it sounds behind tens: mốt, tư, lăm."""
    if ones == 5:
        return "lăm"
    return {1: "mốt", 4: "tư"}.get(ones, DIGITS[ones]) if tens > 1 else DIGITS[ones]


SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
POWERS = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))


def english(number: int) -> str:
    """Return a whole number in English ("six hundred and three billion")."""
    if number < 0:
        return f"minus {english(-number)}"
    for power, name in POWERS:
        if number >= power:
            whole, rest = divmod(number, power)
            return f"{english(whole)} {name}{_then(rest)}"
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return f"{SMALL[hundreds]} hundred{_then(rest)}"
    if number < 20:
        return SMALL[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens - 2]}-{SMALL[ones]}" if ones else TENS[tens - 2]


def _then(rest: int) -> str:
    """Return what follows a whole power; tens and ones alone are joined by "and"."""
    if not rest:
        return ""
    return f" and {english(rest)}" if rest < 100 else f" {english(rest)}"

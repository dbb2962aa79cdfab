"""Numbers and dates as Vietnamese official documents write them, and as English ones do.

One formatter for tables and one for prose: triệu đồng in tables, tỷ đồng in prose, no space before
the percent sign (Nghị định 30/2020/NĐ-CP, Phụ lục I and common usage). Each word and each sign
follows the language that is spoken (`helpers.language`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from helpers import spelling
from helpers.language import SOURCE, language, say

__all__ = [
    "Number",
    "count",
    "date_words",
    "day_words",
    "decimal",
    "households",
    "in_words",
    "million",
    "million_dong",
    "money",
    "points",
    "points_range",
    "rate",
    "share",
    "spelled",
]

MILLION = 10**6
BILLION = 10**9

Number = int | Fraction | Decimal


def decimal(value: Number, digits: int = 0, *, least: int | None = None, unit: int = 1) -> str:
    """Return the number with `.` for thousands and `,` for decimals, rounded half up.

    In English the two signs change places. With `least`, zeros at the end are dropped down to so
    many decimals. With `unit`, it is said in so many at a time, as đồng in triệu. The arithmetic is
    that of whole numbers: exact, and quick enough for the thousand cells of a brief, which Babel's
    wording is not.
    """
    if type(value) is int:  # most are: a fraction would take longer than all the rest
        top, bottom = value, unit
    else:
        exact = value if isinstance(value, Fraction) else Fraction(value)
        top, bottom = map(int, exact.as_integer_ratio())  # numpy's own would overflow
        bottom *= unit
    whole, rest = divmod((2 * abs(top) * 10**digits + bottom) // (2 * bottom), 10**digits)
    native = language() == SOURCE
    text = f"{whole:,}".replace(",", ".") if native else f"{whole:,}"
    if digits:
        after = f"{rest:0{digits}}"
        kept = digits if least is None else max(least, len(after.rstrip("0")))
        text = f"{text}{',' if native else '.'}{after[:kept]}" if kept else text
    return f"-{text}" if top < 0 and (whole or rest) else text


def count(value: int) -> str:
    """Return a whole number ("36.703")."""
    return decimal(value)


def households(value: int) -> str:
    """Return a number of households in prose ("36.703 hộ")."""
    return say("{number} hộ", n=value, number=count(value))


def million(amount: Number) -> str:
    """Return đồng as triệu for a table, with decimals only where there are any ("603.736")."""
    return decimal(amount, 6, least=0, unit=MILLION)


def million_dong(amount: Number) -> str:
    """Return đồng as triệu for a worksheet or a message ("1.234,5 triệu đồng")."""
    return say("{number} triệu đồng", number=million(amount))


def money(amount: int) -> str:
    """Return đồng as prose says it: tỷ with up to three decimals, triệu below one tỷ.

    What does not come out whole in thousandths of a tỷ is given in triệu or đồng instead, so that
    prose never contradicts the table beside it.
    """
    if abs(amount) >= BILLION and amount % MILLION == 0:
        return say("{number} tỷ đồng", number=decimal(amount, 3, least=0, unit=BILLION))
    if amount % 1000 == 0 and amount:
        return million_dong(amount)
    return say("{number} đồng", number=count(amount))


def in_words(amount: int) -> str:
    """Return đồng in words ("Sáu trăm linh ba tỷ bảy trăm ba mươi sáu triệu đồng")."""
    native = language() == SOURCE
    spelt = spelling.vietnamese(amount) if native else spelling.english(amount)
    unit = "đồng" if native else "Vietnamese dong"
    return f"{spelt[0].upper()}{spelt[1:]} {unit}"


def rate(percent: Number, digits: int = 2) -> str:
    """Return a percentage ("4,16%")."""
    return f"{decimal(percent, digits)}%"


def points(value: Number, digits: int = 2) -> str:
    """Return a difference of two percentages ("1,14 điểm phần trăm")."""
    return say("{number} điểm phần trăm", number=decimal(value, digits))


def points_range(low: Number, high: Number) -> str:
    """Return a range of percentage points, as short as exact ("1–1,5"; "3" where the ends meet)."""
    ends = [decimal(low, 2, least=0), decimal(high, 2, least=0)]
    return "–".join(dict.fromkeys(ends))


def date_words(day: date | None, place: str = "") -> str:
    """Return place and date as a document's head has them; dotted where the date is still open.

    Days below 10 and months 1 and 2 carry a leading zero (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    if day is None:
        text = say("ngày … tháng … năm …")
    elif language() != SOURCE:
        text = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    else:
        text = f"ngày {day.day:02d} tháng {_month(day)} năm {day.year}"
    return f"{place}, {text}" if place else text


def day_words(day: date) -> str:
    """Return a date in short ("30/9/2024", "05/02/2025"), zeros as in a document's head."""
    if language() != SOURCE:
        return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"
    return f"{day.day:02d}/{_month(day)}/{day.year}"


MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def share(part: int, whole: int) -> str:
    """Return part of whole as a percentage with one decimal ("61,4%")."""
    return rate(Fraction(100 * part, whole), 1)


SPELLED = 10
"""Up to this number prose writes a word."""


def spelled(number: int) -> str:
    """Return a small whole number as a word, a larger one in digits."""
    if not 0 <= number <= SPELLED:
        return count(number)
    return spelling.vietnamese(number) if language() == SOURCE else spelling.english(number)

"""Numbers and dates as Vietnamese official documents write them.

One formatter for tables and one for prose: triệu đồng in tables, tỷ đồng in prose, no space before
the percent sign (Nghị định 30/2020/NĐ-CP, Phụ lục I and common usage).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

__all__ = [
    "Number",
    "count",
    "date_words",
    "day_words",
    "decimal",
    "households",
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

    With `least`, zeros at the end are dropped down to so many decimals. With `unit`, it is said in
    so many at a time, as đồng in triệu. The arithmetic is that of whole numbers: exact, and quick
    enough for the thousand cells of a brief, which Babel's wording is not.
    """
    exact = value if isinstance(value, Fraction) else Fraction(value)
    top, bottom = map(int, exact.as_integer_ratio())  # numpy's own would overflow
    bottom *= unit
    whole, rest = divmod((2 * abs(top) * 10**digits + bottom) // (2 * bottom), 10**digits)
    text = f"{whole:,}".replace(",", ".")
    if digits:
        after = f"{rest:0{digits}}"
        kept = digits if least is None else max(least, len(after.rstrip("0")))
        text = f"{text},{after[:kept]}" if kept else text
    return f"-{text}" if top < 0 and (whole or rest) else text


def count(value: int) -> str:
    """Return a whole number ("36.703")."""
    return decimal(value)


def households(value: int) -> str:
    """Return a number of households in prose ("36.703 hộ")."""
    return f"{count(value)} hộ"


def million(amount: Number) -> str:
    """Return đồng as triệu for a table, with decimals only where there are any ("603.736")."""
    return decimal(amount, 6, least=0, unit=MILLION)


def million_dong(amount: Number) -> str:
    """Return đồng as triệu for a worksheet or a message ("1.234,5 triệu đồng")."""
    return f"{million(amount)} triệu đồng"


def money(amount: int) -> str:
    """Return đồng as prose says it: tỷ with up to three decimals, triệu below one tỷ.

    What does not come out whole in thousandths of a tỷ is given in triệu or đồng instead, so that
    prose never contradicts the table beside it.
    """
    if abs(amount) >= BILLION and amount % MILLION == 0:
        return f"{decimal(amount, 3, least=0, unit=BILLION)} tỷ đồng"
    if amount % 1000 == 0 and amount:
        return f"{million(amount)} triệu đồng"
    return f"{count(amount)} đồng"


def rate(percent: Number, digits: int = 2) -> str:
    """Return a percentage ("4,16%")."""
    return f"{decimal(percent, digits)}%"


def points(value: Number, digits: int = 2) -> str:
    """Return a difference of two percentages ("1,14 điểm phần trăm")."""
    return f"{decimal(value, digits)} điểm phần trăm"


def points_range(low: Number, high: Number) -> str:
    """Return a range of percentage points, as short as exact ("1–1,5"; "3" where the ends meet)."""
    ends = [decimal(low, 2, least=0), decimal(high, 2, least=0)]
    return "–".join(dict.fromkeys(ends))


def date_words(day: date | None, place: str = "") -> str:
    """Return place and date as a document's head has them; dotted where the date is still open.

    Days below 10 and months 1 and 2 carry a leading zero (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    if day is None:
        text = "ngày … tháng … năm …"
    else:
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        text = f"ngày {day.day:02d} tháng {month} năm {day.year}"
    return f"{place}, {text}" if place else text


def day_words(day: date) -> str:
    """Return a date in short ("30/9/2024", "05/02/2025"), zeros as in a document's head."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def share(part: int, whole: int) -> str:
    """Return part of whole as a percentage with one decimal ("61,4%")."""
    return rate(Fraction(100 * part, whole), 1)


SPELLED = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")


def spelled(number: int) -> str:
    """Return a small whole number as a word, a larger one in digits."""
    return SPELLED[number] if 0 <= number < len(SPELLED) else count(number)

"""Single values as planners write them: numbers, percentages, ranges, dates, words, texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from helpers.money import BILLION, AmountRefused, parse_amount
from helpers.text import listing, nearest, nfc

__all__ = [
    "Cut",
    "ValueRefused",
    "choice",
    "cut",
    "cut_text",
    "day",
    "number",
    "optional_text",
    "percent",
    "positive_amount",
    "rounding_unit",
    "suggestion",
    "text",
    "weight",
    "whole_number",
]

_RANGE_EXAMPLE = 'ghi mức thấp rồi mức cao, chẳng hạn "1,0–1,5"'
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_DASH = re.compile(r" ?(?:[-–—−]|đến) ?")


class ValueRefused(ValueError):
    """A value that cannot be used: what is wrong with it, and what to write instead."""

    def __init__(self, what: str, todo: str = "") -> None:
        """Keep both as Vietnamese phrases."""
        self.what, self.todo = what, todo
        super().__init__(what)


class Cut(NamedTuple):
    """By how many percentage points a poverty rate has to fall (mức giảm tỷ lệ hộ nghèo)."""

    low: Fraction
    high: Fraction


def suggestion(word: str, known: Iterable[str], fallback: str = "") -> str:
    """Return "did you mean …" where a known word is near, else the list of known words."""
    names = list(known)
    near = nearest(word, names)
    return f"có phải là “{near}”?" if near else fallback or f"chọn {listing(names)}"


def text(value: object) -> str:
    """Return a text that must not be blank, in NFC and with single spaces."""
    if value is None or value == "":
        raise ValueRefused("chưa ghi nội dung", "ghi nội dung vào sau dấu hai chấm")
    return optional_text(value)


def optional_text(value: object) -> str:
    """Return a text that may be blank."""
    if value is None:
        return ""
    if isinstance(value, dict) and len(value) == 1:
        key, rest = next(iter(value.items()))
        raise ValueRefused(
            "câu có dấu hai chấm nên bị hiểu thành khóa và giá trị",
            f'đặt cả câu giữa hai dấu nháy kép: "{key}: {rest if rest is not None else "…"}"',
        )
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueRefused("phải là một câu chữ", "ghi một câu chữ sau dấu hai chấm")
    return nfc(str(value))


def _number(value: object, name: str) -> Fraction:
    """Return a number of zero or more, exactly."""
    if value is None or value == "":
        raise ValueRefused(f"chưa ghi {name}", 'ghi một số, chẳng hạn 8 hoặc "33,3"')
    if isinstance(value, str):
        written = nfc(value).replace("−", "-").removesuffix("%").strip()
        if _NUMBER.fullmatch(written):
            value = Fraction(written.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise ValueRefused(f"{name} “{value}” không phải là số", 'ghi số, chẳng hạn 8 hoặc "33,3"')
    number = Fraction(value)
    if number < 0:
        raise ValueRefused(f"{name} “{_shown(number)}” là số âm", "ghi số dương hoặc 0")
    return number


def _shown(number: Fraction) -> str:
    return str(Decimal(number.numerator) / Decimal(number.denominator)).replace(".", ",")


def number(value: object, name: str = "số") -> Fraction:
    """Return a number of zero or more; a text whose point may part thousands is refused."""
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", nfc(value)):
        point = nfc(value)
        raise ValueRefused(
            f"{name} “{point}” có hai cách đọc",
            f'ghi {point.replace(".", "")} hoặc "{point.replace(".", ",")}"',
        )
    return _number(value, name)


def weight(value: object) -> Fraction:
    """Return a weight (trọng số), zero or more."""
    return number(value, "trọng số")


def percent(value: object) -> Fraction:
    """Return a percentage from 0 to 100 (tỷ trọng)."""
    number = _number(value, "tỷ trọng")
    if number > 100:
        raise ValueRefused(f"tỷ trọng {_shown(number)}% lớn hơn 100%", "ghi số từ 0 đến 100")
    return number


def cut(value: object) -> Cut:
    """Return a range of percentage points, from "1,0–1,5", "1-1,5", "1 đến 1,5" or [1.0, 1.5]."""
    shown = f"“{value}”" if isinstance(value, str) else "mức giảm"
    if isinstance(value, str):
        written = re.sub(r" ?(%|điểm phần trăm|điểm %)$", "", nfc(value))
        if re.match(r"[-–—−] ?\d", written):
            raise ValueRefused(f"{shown} có số âm", 'mức giảm ghi bằng số dương: "1,0–1,5"')
        ends: list[object] = list(_DASH.split(written))
    elif isinstance(value, list | tuple):
        ends = list(value)
    else:
        raise ValueRefused("chưa ghi đủ mức thấp và mức cao", _RANGE_EXAMPLE)
    if len(ends) != 2:
        raise ValueRefused(f"{shown} phải gồm đúng hai số", _RANGE_EXAMPLE)
    try:
        low, high = (_number(end, "mức giảm") for end in ends)
    except ValueRefused as error:
        raise ValueRefused(error.what, _RANGE_EXAMPLE) from None
    if low > high:
        todo = f'ghi mức thấp trước: "{_shown(high)}–{_shown(low)}"'
        raise ValueRefused(f"mức thấp {_shown(low)} lớn hơn mức cao {_shown(high)}", todo)
    if high > 100:
        raise ValueRefused(f"mức giảm {_shown(high)} lớn hơn 100 điểm phần trăm", _RANGE_EXAMPLE)
    return Cut(low, high)


def cut_text(value: Cut) -> str:
    """Return the range as a planner writes it, both ends with the same decimals ("1,0–1,5")."""
    ends = [Decimal(end.numerator) / Decimal(end.denominator) for end in value]
    digits = max(1, *(-int(end.as_tuple().exponent) for end in ends))
    return "–".join(f"{end:.{digits}f}".replace(".", ",") for end in ends)


def day(value: object) -> date | None:
    """Return a date, or none where it is still open."""
    if value is None or isinstance(value, date):
        return value
    written = nfc(str(value))
    if not written:
        return None
    vietnamese = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", written)
    iso = re.fullmatch(r"\d{4}-\d{2}-\d{2}", written)
    if not iso:
        example = "2024-03-05"
        if vietnamese:
            dd, mm, yyyy = vietnamese.groups()
            example = f"{yyyy}-{int(mm):02d}-{int(dd):02d}"
        raise ValueRefused(
            f"ngày “{written}” không đúng dạng năm-tháng-ngày",
            f'ghi "{example}", hoặc "" khi chưa có ngày',
        )
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueRefused(
            f"không có ngày “{written}” trong lịch", "sửa lại tháng và ngày"
        ) from None


def choice(known: Iterable[str], name: str) -> Callable[[object], str]:
    """Return a reader that accepts only the known words."""
    words = tuple(known)

    def read(value: object) -> str:
        if value is None or value == "":
            raise ValueRefused(f"chưa ghi {name}", f"chọn {listing(words)}")
        written = optional_text(value)
        if written not in words:
            raise ValueRefused(f"không có {name} “{written}”", suggestion(written, words))
        return written

    return read


def whole_number(low: int, high: int, name: str) -> Callable[[object], int]:
    """Return a reader that accepts only whole numbers within the bounds, ends included."""
    todo = f"ghi số nguyên từ {low} đến {high}"

    def read(value: object) -> int:
        if value is None or value == "":
            raise ValueRefused(f"chưa ghi {name}", todo)
        written = nfc(str(value))
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}", written):
            raise ValueRefused(f"{name} “{written}” không phải số nguyên", todo)
        if not low <= int(written) <= high:
            raise ValueRefused(f"{name} {written} nằm ngoài khoảng {low}–{high}", todo)
        return int(written)

    return read


def positive_amount(value: object) -> int:
    """Return an amount in đồng above zero."""
    amount = parse_amount(value)
    if amount == 0:
        raise AmountRefused("số tiền phải lớn hơn 0")
    return amount


def rounding_unit(value: object) -> int:
    """Return the step of all amounts in đồng (đơn vị làm tròn), from 1 đồng to 1 tỷ."""
    amount = parse_amount(value)
    if not 1 <= amount <= BILLION:
        raise AmountRefused(
            "đơn vị làm tròn phải từ 1 đồng đến 1 tỷ đồng", "ghi chẳng hạn “1 triệu”"
        )
    return amount

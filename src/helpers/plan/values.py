"""Single values as planners write them: numbers, percentages, ranges, dates, words, texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from helpers.money import BILLION, AmountRefused, parse_amount
from helpers.text import listing, nearest, nfc

__all__ = [
    "Cut",
    "HouseholdCut",
    "PacePoint",
    "ValueRefused",
    "choice",
    "cut",
    "cut_text",
    "day",
    "household_cut",
    "household_cut_text",
    "number",
    "optional_text",
    "pace",
    "percent",
    "positive_amount",
    "rounding_unit",
    "several",
    "suggestion",
    "switch",
    "text",
    "weight",
    "whole_number",
]

_RANGE_EXAMPLE = 'ghi mức thấp rồi mức cao, chẳng hạn "1,0–1,5"'
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_COUNT_EXAMPLE = 'ghi một số, hoặc mức thấp rồi mức cao, chẳng hạn "8.000–9.000"'
_COUNT = re.compile(r"\d{1,9}|\d{1,3}(?:\.\d{3}){1,2}")
_PACE_EXAMPLE = 'ghi linear, hoặc ngày và % phải đạt: {"2024-06-30": 40, "2024-09-30": 70}'
_SWITCH = {"true": True, "có": True, "false": False, "không": False}
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


class HouseholdCut(NamedTuple):
    """By how many households the poor have to become fewer (mức giảm số hộ nghèo)."""

    low: int
    high: int


class PacePoint(NamedTuple):
    """What part of the year's cut, in percent, has to be reached by a day (nhịp độ)."""

    day: date
    percent: Fraction


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


def household_cut(value: object) -> HouseholdCut:
    """Return a range of households, from "8.000–9.000", [8000, 9000], or one number for both."""
    ends: list[object]
    if isinstance(value, str):
        written = re.sub(r" ?hộ( nghèo)?$", "", nfc(value))
        if re.match(r"[-–—−] ?\d", written):
            raise ValueRefused(f"“{value}” có số âm", f"mức giảm là số dương: {_COUNT_EXAMPLE}")
        ends = list(_DASH.split(written))
    else:
        ends = list(value) if isinstance(value, list | tuple) else [value]
    if not 1 <= len(ends) <= 2:
        raise ValueRefused("số hộ phải gồm một hoặc hai số", _COUNT_EXAMPLE)
    low, high = _household_count(ends[0]), _household_count(ends[-1])
    if low > high:
        todo = f'ghi mức thấp trước: "{high}–{low}"'
        raise ValueRefused(f"mức thấp {low} hộ lớn hơn mức cao {high} hộ", todo)
    return HouseholdCut(low, high)


def _household_count(value: object) -> int:
    """Return a number of households, its thousands parted by points or not at all."""
    if value is None or value == "":
        raise ValueRefused("chưa ghi số hộ", _COUNT_EXAMPLE)
    written = nfc(str(value))
    if isinstance(value, bool) or not _COUNT.fullmatch(written):
        raise ValueRefused(f"“{written}” không phải là số hộ", _COUNT_EXAMPLE)
    return int(written.replace(".", ""))


def household_cut_text(value: HouseholdCut) -> str:
    """Return the range as a planner writes it ("8.000–9.000 hộ")."""
    ends = [f"{end:,}".replace(",", ".") for end in dict.fromkeys(value)]
    return f"{'–'.join(ends)} hộ"


def pace(value: object) -> tuple[PacePoint, ...]:
    """Return the days by which parts of the year's cut are due; none where the pace is even.

    "linear" is even by days; {"2024-06-30": 40, …} is even between the days given.
    """
    if value == "linear":
        return ()
    if not isinstance(value, dict) or not value:
        what = f"không có nhịp độ “{value}”" if value and isinstance(value, str) else ""
        raise ValueRefused(what or "chưa ghi nhịp độ", _PACE_EXAMPLE)
    points = [_pace_point(key, part) for key, part in value.items()]
    for before, after in pairwise(points):
        if after.day <= before.day:
            what = f"ngày {after.day} không sau ngày {before.day}"
            raise ValueRefused(what, "xếp các ngày theo thứ tự thời gian, mỗi ngày một lần")
        if after.percent < before.percent:
            what = f"nhịp độ ngày {after.day} thấp hơn ngày {before.day}"
            raise ValueRefused(what, "phần phải đạt không giảm theo thời gian: sửa lại các số %")
    return tuple(points)


def _pace_point(key: object, part: object) -> PacePoint:
    try:
        found = day(key)
    except ValueRefused as error:
        raise ValueRefused(error.what, _PACE_EXAMPLE) from None
    if found is None:
        raise ValueRefused("nhịp độ có ngày để trống", _PACE_EXAMPLE)
    try:
        number = _number(part, f"phần phải đạt đến ngày {found}")
    except ValueRefused as error:
        raise ValueRefused(error.what, _PACE_EXAMPLE) from None
    if number > 100:
        what = f"phần phải đạt đến ngày {found} là {_shown(number)}%, lớn hơn 100%"
        raise ValueRefused(what, "ghi số từ 0 đến 100")
    return PacePoint(found, number)


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


def several(known: Iterable[str], name: str) -> Callable[[object], tuple[str, ...]]:
    """Return a reader of a list of known words, each once, at least one."""
    one, words = choice(known, name), tuple(known)

    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise ValueRefused(f"chưa ghi {name} nào", f"ghi chẳng hạn [{words[0]}]")
        chosen = tuple(map(one, value))
        if len(set(chosen)) < len(chosen):
            raise ValueRefused(f"{name} ghi hai lần", "mỗi mục ghi một lần")
        return chosen

    return read


def switch(value: object) -> bool:
    """Return what a switch says: true or false, in a plan's words."""
    written = nfc(str(value)).casefold()
    if written not in _SWITCH:
        raise ValueRefused(f"“{value}” không phải true hay false", "ghi true (có) hoặc false")
    return _SWITCH[written]


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

"""Money in whole đồng: reading amounts as planners write them, and sharing them out exactly.

Vietnamese writes `.` between thousands and `,` before decimals. An amount that two readers could
take for two different sums is refused, with both readings said, and never guessed: the plan that
this project starts from printed "603.736 tỷ đồng" for 603.736 triệu đồng.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, NoReturn, Protocol, TypeVar

from helpers.errors import HelpersError
from helpers.text import nearest, nfc

__all__ = [
    "AmountRefused",
    "Apportionment",
    "ApportionmentRefused",
    "NothingToShareBy",
    "Share",
    "apportion",
    "apportion_table",
    "parse_amount",
    "written",
]

MILLION = 10**6
BILLION = 10**9

_UNITS = {
    **dict.fromkeys(("tỷ", "tỉ", "ty", "ti"), ("tỷ", BILLION)),
    **dict.fromkeys(("triệu", "trieu", "tr"), ("triệu", MILLION)),
    **dict.fromkeys(("nghìn", "ngàn", "nghin", "ngan"), ("nghìn", 1000)),
    **dict.fromkeys(("đồng", "dong", "đ", "vnđ", "vnd"), ("đồng", 1)),
}
_EXAMPLE = "ghi chẳng hạn “603.736 triệu”, “603,736 tỷ” hoặc “603.736.000.000 đồng”"
_AMOUNT = re.compile(r"(?P<number>\d(?:[\d., ]*\d)?) ?(?P<unit>[^\W\d]+)?(?: (?P<tail>[^\W\d]+))?")
_PLAIN = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+")


class AmountRefused(HelpersError, ValueError):
    """An amount is no amount, or could be read as two different ones."""

    def __init__(self, what: str, todo: str = _EXAMPLE) -> None:
        """Keep what is wrong and what to write instead, both as Vietnamese phrases."""
        self.what, self.todo = what, todo
        super().__init__(f"{what} → {todo}")


class ApportionmentRefused(HelpersError, ValueError):
    """A total or a weight cannot be shared out, for example because it is negative."""


class NothingToShareBy(ApportionmentRefused):
    """There is money to share, and no weight above zero to share it by."""


def _grouped(number: int | str) -> str:
    return f"{int(number):,}".replace(",", ".")


def written(amount: int) -> str:
    """Return đồng as a planner writes them, exact and with one reading ("603.736 triệu").

    `parse_amount` gives the same amount back for every amount of zero or more.
    """
    if amount and amount % MILLION == 0:
        return f"{_grouped(amount // MILLION)} triệu"
    return f"{_grouped(amount)} đồng"


def _unit(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Return the unit's name and its đồng; đồng itself where no unit is written."""
    word, tail = match["unit"] or "đồng", match["tail"]
    if word not in _UNITS:
        near = nearest(word, ("tỷ", "triệu", "nghìn", "đồng"))
        hint = f"có phải là “{match['number']} {near}”? Nếu không, " if near else ""
        raise AmountRefused(f"không có đơn vị tiền “{word}” trong “{text}”", hint + _EXAMPLE)
    name, size = _UNITS[word]
    if tail and (size == 1 or _UNITS.get(tail, ("", 0))[1] != 1):
        raise AmountRefused(f"không hiểu số tiền “{text}”")
    return name, size


def _refuse_point(text: str, number: str, unit: str, bare: bool) -> NoReturn:
    """Refuse a number whose points are not the thousands signs of a whole amount."""
    whole, _, rest = number.partition(".")
    below_one = whole.strip("0") == ""
    if bare and not below_one and _GROUPED.fullmatch(number):
        what = (
            f"“{text}” không có đơn vị: đọc dấu chấm là ngăn hàng nghìn thì chỉ là "
            f"{_grouped(whole + rest)} đồng, đọc là phần lẻ thì là {whole},{rest} của một đơn vị "
            "chưa ghi"
        )
        todo = f"ghi rõ đơn vị: “{number} triệu” hoặc “{whole},{rest} tỷ”"
    elif unit == "tỷ" and not below_one and _GROUPED.fullmatch(number):
        point = int(whole + rest)
        smaller = written(point * MILLION)
        what = (
            f"“{text}” có hai cách đọc hơn kém nhau một nghìn lần: dấu chấm ngăn hàng nghìn thì là "
            f"{written(point * BILLION)} đồng, dấu chấm là phần lẻ thì là {smaller} đồng"
        )
        todo = (
            f"nếu là số lớn, ghi “{point} tỷ”; nếu là số nhỏ, ghi “{whole},{rest} tỷ” "
            f"hoặc “{smaller}”"
        )
    else:
        what = f"dấu chấm trong “{text}” phải ngăn đúng từng nhóm ba chữ số"
        decimals = number.count(".") == 1 and (below_one or len(rest) != 3)
        shown = f"{whole},{rest} {'tỷ' if bare else unit}"
        todo = f"nếu là phần lẻ, ghi dấu phẩy và đơn vị: “{shown}”" if decimals else _EXAMPLE
    raise AmountRefused(what, todo)


def _refuse_comma(text: str, number: str, unit: str, size: int, bare: bool) -> NoReturn:
    """Refuse a number whose comma may be an English thousands sign, or cannot be anything."""
    whole, _, rest = number.partition(",")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number) and ("." in number or "," in rest):
        shown = number.translate(str.maketrans(",.", ".,"))
        what = f"“{text}” viết theo lối tiếng Anh (dấu phẩy ngăn hàng nghìn)"
        raise AmountRefused(what, f"ghi theo lối Việt Nam: “{shown} {unit}”")
    if re.fullmatch(r"\d{1,3},\d{3}", number):
        thousands = written(int(whole + rest) * size)
        if size == 1:
            what = (
                f"“{text}” có hai cách đọc: dấu phẩy ngăn hàng nghìn thì là {thousands}, dấu phẩy "
                "là phần lẻ thì lẻ dưới một đồng"
            )
            billions = f", hoặc ghi đơn vị: “{number} tỷ”" if bare else ""
            raise AmountRefused(what, f"ghi “{_grouped(whole + rest)} đồng”{billions}")
        exact = written(int(whole + rest) * size // 1000)
        what = (
            f"“{text}” có hai cách đọc hơn kém nhau một nghìn lần: dấu phẩy là phần lẻ thì là "
            f"{exact}, dấu phẩy ngăn hàng nghìn thì là {thousands}"
        )
        todo = f"nếu là số nhỏ, ghi “{exact}”; nếu là số lớn, ghi “{thousands}”"
        raise AmountRefused(what, todo)
    raise AmountRefused(f"không hiểu số “{number}” trong “{text}”")


def _read(text: str, number: str, unit: str, size: int, bare: bool) -> int:
    """Return the đồng of a number written in a unit."""
    whole, comma, decimals = number.partition(",")
    if comma and not _PLAIN.fullmatch(decimals):
        _refuse_comma(text, number, unit, size, bare)
    if not comma and re.fullmatch(r"\d{1,3}\.\d{3}", number) and (bare or unit == "tỷ"):
        _refuse_point(text, number, unit, bare)
    if _GROUPED.fullmatch(whole):
        digits = re.sub(r"\D", "", whole)
        if whole.startswith("0"):
            _refuse_point(text, number, unit, bare)
    elif _PLAIN.fullmatch(whole):
        digits = whole
        # Only a short whole part without a point can be the first group of English thousands.
        if len(decimals) == 3 and len(whole) <= 3 and unit != "tỷ" and not whole.startswith("0"):
            _refuse_comma(text, number, unit, size, bare)
    elif "." in whole:
        _refuse_point(text, whole, unit, bare)
    else:
        raise AmountRefused(f"không hiểu số “{number}” trong “{text}”")
    amount = Fraction(int(digits + decimals), 10 ** len(decimals)) * size
    if amount.denominator != 1:
        raise AmountRefused(f"“{text}” lẻ dưới một đồng", "bớt chữ số sau dấu phẩy")
    return amount.numerator


def parse_amount(value: object) -> int:
    """Return an amount in đồng, from an integer (đồng) or from a text with a unit.

    Reads "603.736 triệu", "603,736 tỷ đồng", "1.234,5 tỷ", "500 nghìn", "603.736.000.000" and
    their like, in any Unicode form and spacing; exact, without binary floats.

    Raises:
        AmountRefused: no amount, a negative one, a fraction of a đồng, or one with two readings.
    """
    if value is None:
        raise AmountRefused("chưa ghi số tiền")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise AmountRefused(f"“{value}” không phải số tiền")
    # Word and phones put typographic minus signs where a keyboard has a hyphen.
    text = nfc(str(value)).replace("−", "-")
    if not text:
        raise AmountRefused("chưa ghi số tiền")
    if text.startswith(("-", "–")) and re.match(r"[-–] ?\d", text):
        raise AmountRefused(f"số tiền “{text}” là số âm", "ghi số dương hoặc 0")
    if isinstance(value, int):
        return value
    match = _AMOUNT.fullmatch(text.casefold().removesuffix("."))
    if not match:
        raise AmountRefused(f"“{text}” không phải số tiền")
    unit, size = _unit(text, match)
    return _read(text, match["number"], unit, size, bare=match["unit"] is None)


class _Sortable(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=_Sortable)
R = TypeVar("R", bound=_Sortable)
C = TypeVar("C", bound=_Sortable)


class Share(NamedTuple, Generic[K]):
    """What one key gets, and how it came about (all money in đồng)."""

    key: K
    weight: Fraction | int
    quota_numerator: int
    quota_denominator: int
    floor: int
    """The whole units in the quota."""
    extra: int
    """Gained by rank: one unit, the rest below one unit, or 0."""
    rank: int
    """Place in line by remainder, from 1."""
    tied: bool
    """Whether others with the same remainder fared differently, so that the tie rule decided."""

    @property
    def quota(self) -> Fraction:
        """Return the exact share, before rounding."""
        return Fraction(self.quota_numerator, self.quota_denominator)

    @property
    def remainder(self) -> Fraction:
        """Return the part of the quota below one unit."""
        return self.quota - self.floor

    @property
    def amount(self) -> int:
        """Return what the key gets."""
        return self.floor + self.extra


@dataclass(frozen=True)
class Apportionment(Generic[K]):
    """A total shared out exactly; shares stand by key, ascending."""

    total: int
    unit: int
    shares: tuple[Share[K], ...]

    @cached_property
    def amounts(self) -> Mapping[K, int]:
        """Return đồng by key, keys ascending."""
        return MappingProxyType({share.key: share.floor + share.extra for share in self.shares})


def _whole_weights(weights: Sequence[Fraction | int]) -> list[int]:
    """Return whole numbers in the same proportions, so that the sharing needs no fractions."""
    common = math.lcm(*{weight.denominator for weight in weights})
    return [weight.numerator * (common // weight.denominator) for weight in weights]


def _line_up(remainders: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return the places by remainder, then weight, largest first, then as they stand (by key)."""
    # One whole number holds both: comparing tuples would take three times as long.
    base = max(weights, default=0) + 1
    scores = [
        remainder * base + weight for remainder, weight in zip(remainders, weights, strict=True)
    ]
    return sorted(range(len(scores)), key=scores.__getitem__, reverse=True)


def _hand_out(
    left: int, order: Iterable[int], unit: int, floors: Sequence[int], caps: Sequence[int] | None
) -> list[int]:
    """Return what each place gains when the money left is handed out, one unit each, in order."""
    extras = [0] * len(floors)
    for place in order:
        if not left:
            break
        room = unit if caps is None else min(unit, caps[place] - floors[place])
        extras[place] = min(room, left)
        left -= extras[place]
    return extras


def _check_total(total: int, unit: int) -> None:
    if total < 0:
        raise ApportionmentRefused(f"không chia được số tiền âm ({_grouped(total)} đồng)")
    if unit < 1:
        raise ApportionmentRefused("đơn vị làm tròn phải từ 1 đồng trở lên")


def _check_weights(total: int, pairs: Sequence[tuple[Any, Any]]) -> None:
    for key, weight in pairs:
        if not isinstance(weight, (int, Fraction)):
            raise ApportionmentRefused(f"trọng số của “{key}” phải là số nguyên hoặc phân số")
        if weight.numerator < 0:
            raise ApportionmentRefused(f"trọng số của “{key}” là số âm ({weight})")
    for (key, _), (following, _) in pairwise(pairs):
        if key == following:
            raise ApportionmentRefused(f"“{key}” có hai trọng số")
    if total and not any(weight for _, weight in pairs):
        raise NothingToShareBy(
            f"có {written(total)} cần chia nhưng mọi trọng số đều bằng 0, không có căn cứ để chia"
        )


def apportion(
    total: int,
    weights: Mapping[K, Fraction | int] | Iterable[tuple[K, Fraction | int]],
    *,
    unit: int = 1,
) -> Apportionment[K]:
    """Share a total by weights in whole units, by largest remainder (phương pháp số dư lớn nhất).

    Each key first gets the whole units in its exact quota (total × weight / sum of weights). The
    units left go one each by remainder, largest first; among equal remainders the larger weight
    goes first, then the smaller key, so the order of the rows never matters. What the total holds
    below one unit goes to the key next in line after those.

    Amounts add up exactly to the total, each is less than one unit from its quota, a larger weight
    never gets less, and a zero weight gets nothing. A total of zero gives zero to every key.

    Args:
        total: đồng, zero or more.
        weights: by key, zero or more, exact (int or Fraction).
        unit: đồng, the step of the amounts (đơn vị làm tròn).

    Raises:
        NothingToShareBy: the total is above zero and no weight is.
        ApportionmentRefused: a negative total or weight, a float, a key twice, a unit below 1.
    """
    items = weights.items() if isinstance(weights, Mapping) else weights
    pairs = sorted(items, key=lambda pair: pair[0])
    _check_total(total, unit)
    _check_weights(total, pairs)
    whole = _whole_weights([weight for _, weight in pairs])
    denominator = sum(whole) or 1
    step = denominator * unit
    numerators = [total * weight for weight in whole]
    floors = [numerator // step * unit for numerator in numerators]
    remainders = [numerator % step for numerator in numerators]
    order = _line_up(remainders, whole)
    extras = _hand_out(total - sum(floors), order, unit, floors, None)
    ranks = dict(zip(order, range(1, len(order) + 1), strict=True))
    divided = {
        remainders[i]
        for i, j in pairwise(order)
        if remainders[i] == remainders[j] and extras[i] != extras[j]
    }
    shares = [
        Share(key, weight, numerator, denominator, floor, extra, ranks[i], remainder in divided)
        for i, ((key, weight), numerator, floor, extra, remainder) in enumerate(
            zip(pairs, numerators, floors, extras, remainders, strict=True)
        )
    ]
    return Apportionment(total, unit, tuple(shares))


def apportion_table(
    rows: Mapping[R, int], columns: Mapping[C, int], *, unit: int = 1
) -> dict[tuple[R, C], int]:
    """Fill a table whose row totals and column totals are given, both kept to the đồng.

    Columns are filled one after the other, keys ascending, each by largest remainder over what the
    rows still have; no row gets more than it has, and the last column takes what remains. Cells
    are zero or more, and each is less than one unit from its proportional part of what its row
    still had; in a table of one or two columns that is less than one unit from row × column /
    total, and in the k-th of more columns less than k units. Where all totals are whole units, so
    are all cells.

    Returns:
        đồng by (row, column), rows ascending, then columns.

    Raises:
        ApportionmentRefused: a negative total, a unit below 1, or rows and columns that do not
            have the same sum.
    """
    negative = min([*rows.values(), *columns.values()], default=0)
    _check_total(min(negative, 0), unit)
    if sum(rows.values()) != sum(columns.values()):
        raise ApportionmentRefused(
            f"tổng các hàng ({written(sum(rows.values()))}) khác tổng các cột "
            f"({written(sum(columns.values()))})"
        )
    keys = sorted(rows)
    left = [rows[key] for key in keys]
    filled: dict[C, list[int]] = {}
    for column in sorted(columns):
        total, whole = columns[column], sum(left)
        step = (whole or 1) * unit
        floors = [total * amount // step * unit for amount in left]
        remainders = [total * amount % step for amount in left]
        order = _line_up(remainders, left)
        extras = _hand_out(total - sum(floors), order, unit, floors, left)
        filled[column] = [floor + extra for floor, extra in zip(floors, extras, strict=True)]
        left = [amount - gone for amount, gone in zip(left, filled[column], strict=True)]
    return {(key, column): filled[column][i] for i, key in enumerate(keys) for column in filled}

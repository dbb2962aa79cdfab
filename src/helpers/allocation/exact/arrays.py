"""Arrays of whole numbers that never overflow, and the line in which units wait for what is left.

Numbers are int64 where no product can overflow, which is found out beforehand, and Python's own
whole numbers (dtype object) elsewhere: the same code, the same results.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from helpers.data.units import IntArray
from helpers.money import ApportionmentRefused, written

__all__ = [
    "LIMIT",
    "Places",
    "check_ties",
    "check_total",
    "line_up",
    "nothing_to_share_by",
    "sum_of",
    "whole_numbers",
]

Places = npt.NDArray[np.int64]

LIMIT = 2**61
"""Products below this, their doubles and a sum of two stay within int64."""

_LARGER_FIRST = {"larger": -1, "smaller": 1, "code": 0}


def check_total(total: int, unit: int) -> None:
    """Refuse a negative total and a rounding unit below one đồng."""
    if total < 0:
        raise ApportionmentRefused(f"không chia được số tiền âm ({total} đồng)")
    if unit < 1:
        raise ApportionmentRefused("đơn vị làm tròn phải từ 1 đồng trở lên")


def whole_numbers(values: IntArray, what: str) -> IntArray:
    """Return the values as int64 where their sum fits, else as Python's whole numbers.

    Raises:
        ApportionmentRefused: one of them is negative or no whole number.
    """
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(array.shape, np.int64)
    whole = array.dtype.kind in "iu" or (
        array.dtype == object and set(map(type, array.ravel().tolist())) == {int}
    )
    if not whole:
        raise ApportionmentRefused(f"{what} phải là số nguyên")
    if array.min() < 0:
        raise ApportionmentRefused(f"{what} có số âm ({array.min()})")
    return array.astype(np.int64 if int(array.max()) * array.size < LIMIT else object)


def sum_of(values: IntArray) -> int:
    """Return the sum, of nothing zero."""
    return int(values.sum()) if values.size else 0


def check_ties(ties: str) -> None:
    """Refuse an unknown tie rule."""
    if ties not in _LARGER_FIRST:
        raise ApportionmentRefused(f"không có quy tắc khi bằng nhau “{ties}”")


def nothing_to_share_by(total: int) -> str:
    """Say that there is money and no weight to share it by."""
    return f"có {written(total)} cần chia nhưng mọi trọng số đều bằng 0, không có căn cứ để chia"


def line_up(claims: IntArray, weights: IntArray, ties: str) -> Places:
    """Return the places by claim, largest first, then by the tie rule, then as they stand."""
    coarse = claims
    if claims.dtype == object:
        spare = max(int(claims.max()).bit_length() - 62, 0) if len(claims) else 0
        coarse = (claims >> spare).astype(np.int64)
    order = np.argsort(-coarse)
    equal = coarse[order[1:]] == coarse[order[:-1]]
    if equal.any():
        # The quick sort leaves equal ones in any order; they alone are sorted by all there is.
        spots = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
        places = np.sort(order[spots])
        keys = [-claims[places]]
        if ties != "code":
            keys.insert(0, weights[places] * _LARGER_FIRST[ties])
        order[spots] = places[np.lexsort(keys)]
    return order

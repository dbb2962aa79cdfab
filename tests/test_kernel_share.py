"""Sharing one total exactly on arrays, without bounds, and leaving out below the lot."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.allocation.exact import kernel
from helpers.allocation.exact.kernel import Shared, kept_by_lot, share
from helpers.data.units import IntArray
from helpers.money import ApportionmentRefused, NothingToShareBy, apportion

TIES = ["larger", "smaller", "code"]
METHODS = ["largest_remainder", "sainte_lague"]

totals = st.one_of(st.integers(0, 60), st.integers(0, 10**15))
units = st.sampled_from([1, 7, 1000, 10**6])
weight = st.one_of(st.integers(0, 5), st.integers(0, 10**6), st.integers(0, 10**30))
weight_lists = st.lists(weight, min_size=1, max_size=9).filter(any)


def whole(*values: int) -> IntArray:
    """Return whole numbers of any size as an array."""
    return np.array(values, dtype=object)


def facts(shared: Shared) -> list[list[int]]:
    """Return everything that a sharing says of each unit, and of all together."""
    each = (shared.amounts, shared.floors, shared.extras, shared.ranks, shared.tied)
    rows = [column.tolist() for column in (*each, shared.bound, shared.numerators)]
    return [*rows, [shared.pot, shared.denominator, shared.unplaced]]


def test_by_hand() -> None:
    """100 by 1, 2, 3, 1: 14 + 2/7, 28 + 4/7, 42 + 6/7, 14 + 2/7, the two left to 6/7 and 4/7."""
    shared = share(100, whole(1, 2, 3, 1))
    assert shared.amounts.tolist() == [14, 29, 43, 14]
    assert shared.floors.tolist() == [14, 28, 42, 14]
    assert shared.extras.tolist() == [0, 1, 1, 0]
    assert shared.ranks.tolist() == [3, 2, 1, 4]
    assert shared.numerators.tolist() == [100, 200, 300, 100]
    assert shared.denominator == 7
    assert not shared.tied.any()


@pytest.mark.parametrize(
    ("ties", "amounts"), [("larger", [0, 2, 1]), ("smaller", [1, 1, 1]), ("code", [1, 1, 1])]
)
def test_tie_by_hand(ties: str, amounts: list[int]) -> None:
    """3 by 1, 3, 2 are 1/2, 1 + 1/2 and 1: the one left goes to one of two equal halves."""
    shared = share(3, whole(1, 3, 2), ties=ties)
    assert shared.amounts.tolist() == amounts
    assert shared.tied.tolist() == [True, True, False]


def test_tie_rules_differ_from_the_place_alone() -> None:
    """2 by 3, 1 are 1 + 1/2 and 1/2: only the smaller weight's rule favours the later place."""
    given_to = {ties: share(2, whole(3, 1), ties=ties).amounts.tolist() for ties in TIES}
    assert given_to == {"larger": [2, 0], "smaller": [1, 1], "code": [2, 0]}


def test_methods_differ_by_hand() -> None:
    """7 by 53, 24, 23 are 3,71, 1,68 and 1,61: the two methods round them differently.

    By remainder 3, 1 and 1 are given and ,71 and ,68 gain. Sainte-Laguë rounds to 4, 2 and 2, one
    too many, and takes the unit of the smallest priority: 53/7 = 7,57 against 24/3 = 8 and 23/3.
    """
    assert share(7, whole(53, 24, 23)).amounts.tolist() == [4, 2, 1]
    shared = share(7, whole(53, 24, 23), method="sainte_lague")
    assert shared.amounts.tolist() == [3, 2, 2]
    assert shared.floors.tolist() == [3, 1, 1]
    # For the next unit beyond those: 53/7 = 7,57, 24/3 = 8 and 23/3 = 7,67.
    assert shared.ranks.tolist() == [3, 1, 2]


@pytest.mark.parametrize("method", METHODS)
def test_rest_below_one_unit(method: str) -> None:
    """1.000.300 in thousands among three equal ones: a thousand for the first, 300 the second."""
    shared = share(1_000_300, whole(1, 1, 1), unit=1000, method=method)
    assert shared.amounts.tolist() == [334_000, 333_300, 333_000]
    assert shared.tied.all()


@given(totals, weight_lists, units)
def test_agrees_with_money(total: int, weights: list[int], unit: int) -> None:
    """Amounts, floors, ranks, ties and quotas are those of `helpers.money.apportion`."""
    shared = share(total, whole(*weights), unit=unit)
    found = zip(*facts(shared)[:5], shared.numerators, strict=True)
    expected = apportion(total, list(enumerate(weights)), unit=unit).shares
    assert list(found) == [
        (one.amount, one.floor, one.extra, one.rank, one.tied, one.quota_numerator)
        for one in expected
    ]
    assert shared.denominator == sum(weights)


@given(totals, weight_lists, units, st.sampled_from(METHODS), st.sampled_from(TIES))
def test_adds_up_exactly(total: int, weights: list[int], unit: int, method: str, ties: str) -> None:
    """Amounts add up to the total, none is negative, and a zero weight gets nothing."""
    shared = share(total, whole(*weights), unit=unit, method=method, ties=ties)
    amounts = shared.amounts.tolist()
    assert sum(amounts) == total
    assert min(amounts) >= 0
    assert not any(amount for amount, one in zip(amounts, weights, strict=True) if not one)
    assert (shared.floors + shared.extras).tolist() == amounts
    assert sum(amount % unit != 0 for amount in amounts) <= 1


@given(totals, weight_lists, units, st.sampled_from(TIES))
def test_keeps_the_quota(total: int, weights: list[int], unit: int, ties: str) -> None:
    """By largest remainder each amount is less than one unit from its exact share."""
    shared = share(total, whole(*weights), unit=unit, ties=ties)
    for amount, one in zip(shared.amounts.tolist(), weights, strict=True):
        assert abs(amount - Fraction(total * one, sum(weights))) < unit


@given(totals, weight_lists, units, st.sampled_from(METHODS), st.sampled_from(TIES))
def test_fair_between_units(
    total: int, weights: list[int], unit: int, method: str, ties: str
) -> None:
    """A larger weight never gets less; equal weights differ by one unit at most, first ones up."""
    shared = share(total, whole(*weights), unit=unit, method=method, ties=ties)
    pairs = sorted(zip(weights, range(len(weights)), shared.amounts.tolist(), strict=True))
    for (low, _, less), (high, _, more) in pairwise(pairs):
        assert less <= more if low < high else 0 <= less - more <= unit


@given(
    totals,
    st.lists(st.integers(1, 10**6), min_size=1, max_size=8, unique=True).flatmap(
        lambda weights: st.tuples(st.just(weights), st.permutations(range(len(weights))))
    ),
    st.sampled_from(METHODS),
    st.sampled_from(["larger", "smaller"]),
)
def test_order_counts_only_among_equals(
    total: int, case: tuple[list[int], list[int]], method: str, ties: str
) -> None:
    """Different weights in another order give the same amounts in that order."""
    weights, order = whole(*case[0]), np.array(case[1])
    amounts = share(total, weights, method=method, ties=ties).amounts
    shuffled = share(total, weights[order], method=method, ties=ties).amounts
    assert shuffled.tolist() == amounts[order].tolist()


@given(totals, weight_lists, units, st.sampled_from(METHODS))
def test_ties_are_reported(total: int, weights: list[int], unit: int, method: str) -> None:
    """Whoever would fare differently under another tie rule is marked as tied under each."""
    shared = [share(total, whole(*weights), unit=unit, method=method, ties=rule) for rule in TIES]
    for one in shared:
        for other in shared:
            assert not (~one.tied & (one.amounts != other.amounts)).any()


@given(totals, weight_lists, units, st.sampled_from(METHODS))
def test_proportions_alone_count(total: int, weights: list[int], unit: int, method: str) -> None:
    """Weights multiplied by a common number give the same amounts, ranks and ties."""
    first = share(total, whole(*weights), unit=unit, method=method)
    second = share(total, whole(*weights) * 10**25, unit=unit, method=method)
    assert facts(first)[:6] == facts(second)[:6]


@given(
    totals,
    st.lists(st.integers(0, 10**5), min_size=1, max_size=8).filter(any),
    units,
    st.sampled_from(METHODS),
)
def test_large_numbers_take_the_same_way(
    total: int, weights: list[int], unit: int, method: str
) -> None:
    """Python's whole numbers, used where int64 is too small, give the same in every respect."""
    small = share(total, np.array(weights), unit=unit, method=method)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LIMIT", 0)
        large = share(total, np.array(weights), unit=unit, method=method)
    assert large.amounts.dtype == object
    assert facts(large) == facts(small)


def test_amounts_are_plain_int64() -> None:
    """Amounts are int64 however large the weights are."""
    assert share(10**12, whole(10**40, 10**39, 1)).amounts.dtype == np.int64


def test_nothing_to_share() -> None:
    """A total of zero gives zero to all, whatever the weights, and to nobody where nobody is."""
    assert share(0, whole(0, 0)).amounts.tolist() == [0, 0]
    assert share(0, whole(3, 1), method="sainte_lague").amounts.tolist() == [0, 0]
    assert share(0, whole()).amounts.tolist() == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: share(-1, whole(1)), "số tiền âm"),
        (lambda: share(1, whole(1), unit=0), "từ 1 đồng"),
        (lambda: share(1, whole(1, -2)), "trọng số có số âm (-2)"),
        (lambda: share(1, np.array([0.5, 0.5])), "trọng số phải là số nguyên"),
        (lambda: share(1, np.array([Fraction(1, 2)], dtype=object)), "trọng số phải là số nguyên"),
        (lambda: share(1, whole(1), method="dhondt"), "phương pháp làm tròn “dhondt”"),
        (lambda: share(1, whole(1), ties="lot"), "quy tắc khi bằng nhau “lot”"),
        (lambda: kept_by_lot(-1, whole(1), 1), "số tiền âm"),
        (lambda: kept_by_lot(1, whole(1), -1), "mức giao tối thiểu là số âm"),
    ],
)
def test_refuses(call: Callable[[], object], said: str) -> None:
    """A total, weight, unit or rule that cannot be used is refused in words that name it."""
    with pytest.raises(ApportionmentRefused) as caught:
        call()
    assert said in str(caught.value)


@pytest.mark.parametrize("weights", [[], [0], [0, 0, 0]])
def test_nothing_to_share_by(weights: list[int]) -> None:
    """Money with no weight above zero is refused, with the amount."""
    with pytest.raises(NothingToShareBy, match="có 5 triệu cần chia"):
        share(5 * 10**6, whole(*weights))


def test_lot_by_hand() -> None:
    """100 by 6, 3, 1 with a lot of 20: the last would get 10 and leaves, then 33,3 is enough."""
    assert kept_by_lot(100, whole(6, 3, 1), 20).tolist() == [True, True, False]
    # Two equal ones leave together: 100 × 2/10 = 20 is below 21, and 100 × 6/6 is enough.
    assert kept_by_lot(100, whole(6, 2, 2), 21).tolist() == [True, False, False]
    assert kept_by_lot(100, whole(6, 2, 2), 101).tolist() == [False, False, False]
    assert kept_by_lot(100, whole(1, 0), 0).tolist() == [True, True]
    assert kept_by_lot(0, whole(0, 0), 1).tolist() == [False, False]


def _kept(total: int, weights: list[int], lot: int) -> list[bool]:
    """Leave out the smallest, one weight after the other."""
    left = set(weights)
    while left:
        kept = [one for one in weights if one in left]
        smallest = Fraction(total * min(kept), sum(kept)) if sum(kept) else Fraction(0)
        if smallest >= lot:
            break
        left.remove(min(left))
    return [one in left for one in weights]


@given(
    st.integers(0, 10**6),
    st.lists(st.one_of(st.integers(0, 6), st.integers(0, 10**25)), max_size=9),
    st.one_of(st.integers(0, 10), st.integers(0, 10**6)),
)
def test_lot_agrees_with_leaving_out_one_by_one(total: int, weights: list[int], lot: int) -> None:
    """Who stays is who stays when the smallest leave step by step."""
    assert kept_by_lot(total, whole(*weights), lot).tolist() == _kept(total, weights, lot)

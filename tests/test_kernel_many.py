"""Sharing many totals at once."""

from __future__ import annotations

from itertools import combinations_with_replacement
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.allocation.exact import kernel
from helpers.allocation.exact.kernel import share
from helpers.allocation.exact.many import share_many
from helpers.data.units import IntArray
from helpers.money import ApportionmentRefused, NothingToShareBy

TIES = ["larger", "smaller", "code"]
totals_of = st.lists(st.one_of(st.integers(0, 60), st.integers(0, 10**14)), max_size=4)
units = st.sampled_from([1, 7, 1000, 10**6])
weight = st.one_of(st.integers(0, 3), st.integers(0, 10**6), st.integers(0, 10**40))
weight_lists = st.lists(weight, min_size=1, max_size=9).filter(any)


def whole(*values: int) -> IntArray:
    """Return whole numbers of any size as an array."""
    return np.array(values, dtype=object)


def one_by_one(totals: list[int], rows: list[IntArray], unit: int, ties: str) -> list[list[int]]:
    """Return what sharing each total by its row of weights gives."""
    pairs = zip(totals, rows, strict=True)
    return [share(total, row, unit=unit, ties=ties).amounts.tolist() for total, row in pairs]


def test_by_hand() -> None:
    """10 and 11 by 6, 6, 2: 4,29 4,29 1,43 give the last one more; 4,71 4,71 1,57 do not."""
    amounts = share_many(np.array([10, 11]), np.array([6, 6, 2]))
    assert amounts.tolist() == [[4, 4, 2], [5, 5, 1]]


@given(totals_of, weight_lists, units, st.sampled_from(TIES))
def test_is_share_row_by_row(totals: list[int], weights: list[int], unit: int, ties: str) -> None:
    """Each row is what sharing its total alone gives, by weights of any size."""
    amounts = share_many(whole(*totals), whole(*weights), unit=unit, ties=ties)
    rows = [whole(*weights)] * len(totals)
    assert amounts.tolist() == one_by_one(totals, rows, unit, ties)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**13), st.lists(weight, min_size=4, max_size=4).filter(any)),
        min_size=1,
        max_size=3,
    ),
    units,
    st.sampled_from(TIES),
)
def test_each_row_by_its_own_weights(
    rows: list[tuple[int, list[int]]], unit: int, ties: str
) -> None:
    """With a row of weights for each total, each is shared by its own."""
    totals, weights = [total for total, _ in rows], np.array([row for _, row in rows], dtype=object)
    amounts = share_many(whole(*totals), weights, unit=unit, ties=ties)
    assert amounts.tolist() == one_by_one(totals, list(weights), unit, ties)


@given(
    totals_of,
    st.lists(st.integers(0, 40), min_size=1, max_size=30).filter(any),
    units,
    st.sampled_from(TIES),
)
def test_estimates_never_decide(
    totals: list[int], weights: list[int], unit: int, ties: str
) -> None:
    """Where quotas are only estimated first, on many ties and whole quotas, rows are the same."""
    expected = share_many(whole(*totals), np.array(weights), unit=unit, ties=ties)
    out = np.empty(expected.shape, np.int64)
    with patch.object(kernel, "LIMIT", 0):
        share_many(whole(*totals), np.array(weights), unit=unit, ties=ties, out=out)
    assert out.tolist() == expected.tolist()


def test_estimates_never_decide_in_small() -> None:
    """All small sharings among three give the same rows when quotas are only estimated first.

    Among them 2 by 1, 1, 4: a third is left of each quota, but a float's 4/3 - 1 is the smallest.
    """
    totals = np.arange(30)
    for weights in combinations_with_replacement(range(1, 8), 3):
        for ties in TIES:
            expected = share_many(totals, np.array(weights), ties=ties)
            out = np.empty_like(expected)
            with patch.object(kernel, "LIMIT", 0):
                share_many(totals, np.array(weights), ties=ties, out=out)
            assert out.tolist() == expected.tolist(), (weights, ties)


@pytest.mark.parametrize(
    ("total", "weights", "unit", "amounts"),
    [
        # Quotas of 1, 1 + 10^-30 and 1 - 10^-30, and their parts: no float tells them apart.
        (3, [10**30, 10**30 + 1, 10**30 - 1], 1, [1, 1, 1]),
        (1, [10**30, 10**30 + 1, 10**30 - 1], 1, [0, 1, 0]),
        (2, [10**30, 10**30 + 1, 10**30 - 1], 1, [1, 1, 0]),
        # Thirds are left of each, so the larger weight goes first.
        (2, [10**30, 10**30, 4 * 10**30], 1, [0, 0, 2]),
        # One đồng less than two units is, as a float, two units.
        (2 * 10**17 - 1, [10**30], 10**17, [2 * 10**17 - 1]),
    ],
)
def test_differences_below_a_float(
    total: int, weights: list[int], unit: int, amounts: list[int]
) -> None:
    """What differs less than a float can tell is still told apart."""
    assert share_many(whole(total), whole(*weights), unit=unit).tolist() == [amounts]


@pytest.mark.parametrize("big", [1, 10**30])
@pytest.mark.parametrize("ties", TIES)
def test_thousands_of_units(big: int, ties: str) -> None:
    """Among thousands of units with few different weights, rows are those of `share`."""
    rng = np.random.default_rng(11)
    weights = rng.choice([0, 1, 25, 30, 40, 50], 3000).astype(object) * big
    totals = [603_736_000_000, 603_736_400_001, 3_000_000, 79_240 * 10**6]
    amounts = share_many(whole(*totals), weights, unit=10**6, ties=ties)
    assert amounts.sum(axis=1).tolist() == totals
    assert amounts.tolist() == one_by_one(totals, [weights] * 4, 10**6, ties)


def test_written_where_it_should_be() -> None:
    """Rows go into the array that was given, of any size of number that holds them."""
    for kind in (np.int32, np.int64, object):
        out = np.full((2, 2), -1, kind)
        assert share_many(np.array([7, 0]), np.array([1, 1]), out=out) is out
        assert out.tolist() == [[4, 3], [0, 0]]


def test_memory_by_size_of_number() -> None:
    """Amounts take 32 bits where all totals fit, 64 where those fit, and Python's numbers else."""
    kinds = [share_many(whole(total), whole(1, 2)).dtype for total in (10, 10**12, 10**30)]
    assert kinds == [np.int32, np.int64, object]
    assert share_many(whole(10**30), whole(1, 3)).tolist() == [[10**30 // 4, 3 * 10**30 // 4]]


def test_refuses() -> None:
    """What cannot be shared in one row refuses the whole, as `share` does."""
    with pytest.raises(NothingToShareBy, match="có 5 triệu cần chia"):
        share_many(np.array([0, 5 * 10**6]), np.array([0, 0]))
    with pytest.raises(ApportionmentRefused, match="số tiền có số âm"):
        share_many(np.array([-1]), np.array([1]))
    with pytest.raises(ApportionmentRefused, match="quy tắc"):
        share_many(np.array([1]), np.array([1]), ties="row")
    with pytest.raises(ApportionmentRefused, match="từ 1 đồng"):
        share_many(np.array([1]), np.array([1]), unit=0)
    for out in (np.empty((1, 1), np.int64), np.empty((1, 2), np.int32)):
        with pytest.raises(ValueError, match="out must have"):
            share_many(np.array([10**12]), np.array([1, 1]), out=out)

"""Sharing a total exactly, by largest remainder."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.money import (
    ApportionmentRefused,
    NothingToShareBy,
    apportion,
    apportion_table,
)

totals = st.integers(min_value=0, max_value=10**15)
units = st.sampled_from([1, 7, 1000, 10**6, 10**9])
weights_of = st.dictionaries(
    st.text(alphabet="abcdefgh", min_size=1, max_size=3),
    st.one_of(
        st.integers(min_value=0, max_value=10**6),
        st.fractions(min_value=0, max_value=1000, max_denominator=997),
        st.sampled_from([1, 2, 3]),
    ),
    min_size=1,
    max_size=12,
).filter(lambda weights: any(weights.values()))


def test_by_hand() -> None:
    """100 units by 1, 2, 3 and 1: floors 14, 28, 42, 14 and two units left by remainder."""
    shared = apportion(100, {"a": 1, "b": 2, "c": 3, "d": 1})
    # Remainders in sevenths: a 2, b 4, c 6, d 2, so c and b gain one.
    assert dict(shared.amounts) == {"a": 14, "b": 29, "c": 43, "d": 14}
    c = shared.shares[2]
    assert (c.key, c.quota, c.floor, c.remainder) == ("c", Fraction(300, 7), 42, Fraction(6, 7))
    assert (c.extra, c.rank, c.amount, c.tied) == (1, 1, 43, False)


def test_rest_below_one_unit() -> None:
    """What the total holds below one unit goes to the key next in line."""
    shared = apportion(1_000_300, {"a": 1, "b": 1, "c": 1}, unit=1000)
    # 333.433,33 each: one unit left for a, then 300 đồng for b.
    assert dict(shared.amounts) == {"a": 334_000, "b": 333_300, "c": 333_000}


@pytest.mark.parametrize(
    ("total", "weights", "first"),
    [
        # Halves for both; the larger weight goes first although its key is the later one.
        (1, {"a": Fraction(1, 2), "b": Fraction(1, 2)}, "a"),
        (2, {"a": 1, "b": 3}, "b"),
    ],
)
def test_tie_rule(total: int, weights: dict[str, Fraction | int], first: str) -> None:
    """Equal remainders are decided by the larger weight, then by the smaller key, and say so."""
    shared = apportion(total, weights)
    assert [share.tied for share in shared.shares] == [True, True]
    assert min(shared.shares, key=lambda share: share.rank).key == first
    gained = next(share for share in shared.shares if share.key == first)
    assert gained.extra == 1


def test_tie_not_decided() -> None:
    """Equal remainders that all gain, or all do not, are no decided tie."""
    assert not any(share.tied for share in apportion(10, {"a": 1, "b": 1}).shares)
    assert not any(share.tied for share in apportion(2, {"a": 1, "b": 1, "c": 2}).shares[2:])


@given(totals, weights_of, units)
def test_exact_and_within_quota(total: int, weights: dict[str, Fraction | int], unit: int) -> None:
    """Amounts add up to the total, and each is less than one unit from its quota."""
    shared = apportion(total, weights, unit=unit)
    assert sum(shared.amounts.values()) == total
    whole = sum(weights.values(), Fraction(0))
    for share in shared.shares:
        assert share.quota == Fraction(total) * weights[share.key] / whole
        assert abs(share.amount - share.quota) < unit
        assert share.floor % unit == 0
        assert 0 <= share.remainder < unit
    odd = [share for share in shared.shares if share.amount % unit]
    assert len(odd) == (1 if total % unit else 0)


@given(totals, weights_of, units, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    total: int, weights: dict[str, Fraction | int], unit: int, chance: random.Random
) -> None:
    """Rows in another order give the same result, down to ranks and ties."""
    pairs = list(weights.items())
    chance.shuffle(pairs)
    assert apportion(total, pairs, unit=unit) == apportion(total, weights, unit=unit)


@given(totals, weights_of, units)
def test_larger_weight_never_gets_less(
    total: int, weights: dict[str, Fraction | int], unit: int
) -> None:
    """A larger weight never gets less, equal weights at most one unit apart, zero gets nothing."""
    amounts = apportion(total, weights, unit=unit).amounts
    for one, first in weights.items():
        for other, second in weights.items():
            if first > second:
                assert amounts[one] >= amounts[other]
            elif first == second:
                assert abs(amounts[one] - amounts[other]) <= unit
        if first == 0:
            assert amounts[one] == 0


def test_zero_total() -> None:
    """Nothing to share gives zero to every key, whatever the weights."""
    assert dict(apportion(0, {"a": 0, "b": 3}).amounts) == {"a": 0, "b": 0}
    assert dict(apportion(0, {}).amounts) == {}


@pytest.mark.parametrize("weights", [{}, {"a": 0, "b": Fraction(0)}])
def test_nothing_to_share_by(weights: dict[str, int]) -> None:
    """Money without any weight above zero is refused in Vietnamese."""
    with pytest.raises(NothingToShareBy, match="5 triệu cần chia"):
        apportion(5_000_000, weights)


def test_refusals() -> None:
    """Negative totals and weights, floats, double keys and bad units are refused."""
    with pytest.raises(ApportionmentRefused, match="âm"):
        apportion(-1, {"a": 1})
    with pytest.raises(ApportionmentRefused, match="“b” là số âm"):
        apportion(1, {"a": 1, "b": -1})
    with pytest.raises(ApportionmentRefused, match="phân số"):
        apportion(1, {"a": 0.5})  # type: ignore[dict-item]
    with pytest.raises(ApportionmentRefused, match="hai trọng số"):
        apportion(1, [("a", 1), ("a", 2)])
    with pytest.raises(ApportionmentRefused, match="đơn vị làm tròn"):
        apportion(1, {"a": 1}, unit=0)


def test_ten_thousand_units_are_quick() -> None:
    """Ten thousand keys with fractions for weights are shared exactly and in whole units."""
    weights = {f"{i:05d}": Fraction(i % 977 + 1, i % 7 + 1) for i in range(10_000)}
    shared = apportion(603_736_000_000, weights, unit=1_000_000)
    assert sum(shared.amounts.values()) == 603_736_000_000
    assert all(amount % 1_000_000 == 0 for amount in shared.amounts.values())


def test_table_by_hand() -> None:
    """A small table keeps both margins: 5 and 5 in rows, 3 and 7 in columns."""
    table = apportion_table({"x": 5, "y": 5}, {"p": 3, "q": 7})
    assert table == {("x", "p"): 2, ("x", "q"): 3, ("y", "p"): 1, ("y", "q"): 4}


@st.composite
def margins(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int], int]:
    """Draw row and column totals with one sum, by cutting it at two sets of places."""
    total = draw(st.integers(min_value=0, max_value=10**12))
    found = []
    for letter in "rc":
        cuts = sorted(draw(st.lists(st.integers(0, total), max_size=6)))
        ends = [0, *cuts, total]
        found.append({f"{letter}{i}": end - start for i, (start, end) in enumerate(pairwise(ends))})
    return found[0], found[1], draw(units)


@given(margins())
def test_table_margins(drawn: tuple[dict[str, int], dict[str, int], int]) -> None:
    """Both margins are kept to the đồng, no cell is negative, deviations stay below k units."""
    rows, columns, unit = drawn
    table = apportion_table(rows, columns, unit=unit)
    assert min(table.values()) >= 0
    for row, amount in rows.items():
        assert sum(table[row, column] for column in columns) == amount
    for k, (column, amount) in enumerate(sorted(columns.items()), start=1):
        assert sum(table[row, column] for row in rows) == amount
        steps = 1 if len(columns) == 2 else k
        for row in rows if sum(rows.values()) else ():
            exact = Fraction(rows[row] * amount, sum(rows.values()))
            assert abs(table[row, column] - exact) < steps * unit


@given(margins())
def test_table_in_whole_units(drawn: tuple[dict[str, int], dict[str, int], int]) -> None:
    """Where all margins are whole units, so are all cells; order of rows does not matter."""
    rows, columns, unit = drawn
    rows = {key: amount * unit for key, amount in rows.items()}
    columns = {key: amount * unit for key, amount in columns.items()}
    table = apportion_table(rows, columns, unit=unit)
    assert all(amount % unit == 0 for amount in table.values())
    turned = apportion_table(
        dict(reversed(rows.items())), dict(reversed(columns.items())), unit=unit
    )
    assert list(turned.items()) == list(table.items())


def test_table_refusals() -> None:
    """Margins of different sums, negative ones and bad units are refused."""
    with pytest.raises(ApportionmentRefused, match="khác tổng các cột"):
        apportion_table({"x": 5}, {"p": 4})
    with pytest.raises(ApportionmentRefused, match="âm"):
        apportion_table({"x": 5, "y": -1}, {"p": 4})
    with pytest.raises(ApportionmentRefused, match="đơn vị làm tròn"):
        apportion_table({"x": 5}, {"p": 5}, unit=0)

"""Sharing within floors and caps, by both methods, against slow references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.allocation.exact import kernel
from helpers.allocation.exact.kernel import Shared, share
from helpers.data.units import IntArray
from helpers.money import ApportionmentRefused, NothingToShareBy

METHODS = ["largest_remainder", "sainte_lague"]
TIES: Mapping[str, int] = {"larger": -1, "smaller": 1, "code": 0}


def whole(*values: int) -> IntArray:
    """Return whole numbers of any size as an array."""
    return np.array(values, dtype=object)


@dataclass(frozen=True)
class Case:
    """A sharing that can be done: the floors do not exceed the total, and the caps reach it."""

    total: int
    unit: int
    weights: list[int]
    floors: list[int]
    caps: list[int]

    def share(self, method: str = METHODS[0], ties: str = "larger", more: int = 0) -> Shared:
        """Share it, or more than it."""
        return share(
            self.total + more,
            whole(*self.weights),
            unit=self.unit,
            method=method,
            ties=ties,
            floors=whole(*self.floors),
            caps=whole(*self.caps),
        )

    @property
    def rows(self) -> list[tuple[int, int, int]]:
        """Weight, floor and cap by unit; at weight zero the floor is the cap too."""
        rows = zip(self.weights, self.floors, self.caps, strict=True)
        return [(weight, low, high if weight else low) for weight, low, high in rows]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a sharing within bounds, often tight ones and equal claims."""
    unit = draw(st.sampled_from([1, 10, 1000]))
    weight = st.one_of(st.integers(0, 4), st.integers(0, 1000), st.integers(0, 10**25))
    weights = draw(st.lists(weight, min_size=1, max_size=7).filter(any))
    size = len(weights)
    floors = draw(st.lists(st.integers(0, 6), min_size=size, max_size=size))
    room = st.one_of(st.integers(0, 6), st.just(10**15))
    rooms = draw(st.lists(room, min_size=size, max_size=size))
    most = sum(gap for gap, one in zip(rooms, weights, strict=True) if one)
    more = draw(st.integers(0, min(most, 60) * unit))
    return Case(
        sum(floors) * unit + more,
        unit,
        weights,
        [low * unit for low in floors],
        [(low + gap) * unit for low, gap in zip(floors, rooms, strict=True)],
    )


def _exact_shares(case: Case) -> list[Fraction]:
    """Search the Q between the points where a unit meets a bound, in fractions."""

    def shares(q: Fraction) -> list[Fraction]:
        return [min(max(q * one, Fraction(low)), Fraction(high)) for one, low, high in case.rows]

    points = {Fraction(bound, one) for one, *bounds in case.rows if one for bound in bounds}
    before = Fraction(0)
    for point in sorted(points):
        if sum(shares(point)) >= case.total:
            rise = sum(shares(point)) - sum(shares(before))
            part = (case.total - sum(shares(before))) / rise if rise else Fraction(0)
            return shares(before + (point - before) * part)
        before = point
    raise AssertionError("the caps do not reach the total")


def _by_remainder(case: Case, ties: str) -> list[int]:
    """Give whole units, then one each by remainder to those with room."""
    exact = _exact_shares(case)
    amounts = [int(one // case.unit) * case.unit for one in exact]
    left = case.total - sum(amounts)
    line = sorted(
        range(len(exact)),
        key=lambda i: (amounts[i] - exact[i], TIES[ties] * case.weights[i], i),
    )
    for i in line:
        gain = min(left, case.unit, case.rows[i][2] - amounts[i])
        amounts[i] += gain
        left -= gain
    return amounts


def _by_priority(case: Case, ties: str) -> list[int]:
    """Give unit after unit, from the floors on, to the largest weight / (2 × units + 1)."""
    amounts = list(case.floors)
    while left := case.total - sum(amounts):
        line = min(
            (-Fraction(one, 2 * (amounts[i] // case.unit) + 1), TIES[ties] * one, i)
            for i, (one, _, high) in enumerate(case.rows)
            if amounts[i] + min(case.unit, left) <= high and amounts[i] % case.unit == 0
        )
        amounts[line[2]] += min(case.unit, left)
    return amounts


def test_cap_by_hand() -> None:
    """10 by 5, 3, 1, caps of 4: 5,6 is held at 4, then 6 × 3/4 = 4,5 too, and 2 are left."""
    shared = share(10, whole(5, 3, 1), caps=whole(4, 4, 4))
    assert shared.amounts.tolist() == [4, 4, 2]
    assert shared.bound.tolist() == [1, 1, 0]
    assert shared.ranks.tolist() == [0, 0, 1]
    assert (shared.pot, shared.denominator, shared.numerators.tolist()) == (2, 1, [4, 4, 2])


def test_floor_by_hand() -> None:
    """100 by 8, 1, 1, floors of 15: the two would get 10, are held at 15, and 70 are left."""
    shared = share(100, whole(8, 1, 1), floors=whole(15, 15, 15))
    assert shared.amounts.tolist() == [70, 15, 15]
    assert shared.bound.tolist() == [0, -1, -1]


def test_floor_and_cap_by_hand() -> None:
    """100 by 6, 3, 1 within 20 and 50: 60 is 10 too much and 10 is 10 too little, 30 is left."""
    shared = share(100, whole(6, 3, 1), floors=whole(20, 20, 20), caps=whole(50, 50, 50))
    assert shared.amounts.tolist() == [50, 30, 20]
    assert shared.bound.tolist() == [1, 0, -1]


@pytest.mark.parametrize("method", METHODS)
def test_rest_below_one_unit_within_caps(method: str) -> None:
    """25 in tens, half each, the first capped at 10: the second gets 10 and the 5 below a ten."""
    shared = share(25, whole(1, 1), unit=10, caps=whole(10, 20), method=method)
    assert shared.amounts.tolist() == [10, 15]
    assert shared.unplaced == 0


@pytest.mark.parametrize("method", METHODS)
def test_all_at_their_caps(method: str) -> None:
    """25 with caps of 10 and 10: both get 10, and 5 find no place; a zero weight takes none."""
    shared = share(25, whole(1, 0, 1), unit=10, caps=whole(10, 30, 10), method=method)
    assert shared.amounts.tolist() == [10, 0, 10]
    assert shared.unplaced == 5
    assert shared.bound.tolist() == [1, 0, 1]


@pytest.mark.parametrize("method", METHODS)
def test_weight_zero_gets_its_floor(method: str) -> None:
    """A unit of weight zero gets its floor and no more; with all weights zero floors can do."""
    shared = share(50, whole(0, 1), floors=whole(20, 0), method=method)
    assert shared.amounts.tolist() == [20, 30]
    assert shared.bound.tolist() == [-1, 0]
    assert share(30, whole(0, 0), floors=whole(20, 10)).amounts.tolist() == [20, 10]


@given(cases(), st.sampled_from(sorted(TIES)))
def test_exact_shares_are_the_only_ones(case: Case, ties: str) -> None:
    """The exact shares are those of the slow search, and who is held is at that bound."""
    shared = case.share(ties=ties)
    exact = _exact_shares(case)
    assert [Fraction(int(one), shared.denominator) for one in shared.numerators] == exact
    assert not shared.unplaced
    for place, bound in enumerate(shared.bound.tolist()):
        if bound:
            assert exact[place] == (case.floors if bound < 0 else case.caps)[place]
        assert (shared.ranks[place] == 0) == bool(bound)


@given(cases(), st.sampled_from(sorted(TIES)))
def test_agrees_with_rounding_one_by_one(case: Case, ties: str) -> None:
    """By largest remainder the amounts are those of the slow reference."""
    assert case.share(ties=ties).amounts.tolist() == _by_remainder(case, ties)


@given(cases(), st.sampled_from(sorted(TIES)))
def test_agrees_with_giving_unit_after_unit(case: Case, ties: str) -> None:
    """By Sainte-Laguë the amounts are those of giving unit after unit by priority."""
    assert case.share("sainte_lague", ties).amounts.tolist() == _by_priority(case, ties)


@given(cases(), st.sampled_from(METHODS), st.sampled_from(sorted(TIES)))
def test_bounds_hold(case: Case, method: str, ties: str) -> None:
    """Amounts add up to the total and stay within floor and cap."""
    amounts = case.share(method, ties).amounts.tolist()
    assert sum(amounts) == case.total
    for amount, (_, low, high) in zip(amounts, case.rows, strict=True):
        assert low <= amount <= high


@given(cases(), st.sampled_from(METHODS), st.sampled_from(sorted(TIES)))
def test_fair_between_units_with_equal_bounds(case: Case, method: str, ties: str) -> None:
    """Within equal bounds a larger weight never gets less, and equal ones differ by one unit."""
    amounts = case.share(method, ties).amounts.tolist()
    rows = sorted(zip(case.floors, case.caps, case.weights, amounts, strict=True))
    for (low, high, light, less), (*bounds, heavy, more) in pairwise(rows):
        if [low, high] == bounds and light:
            assert less <= more if light < heavy else abs(less - more) <= case.unit


@given(cases(), st.integers(0, 3000), st.sampled_from(sorted(TIES)))
def test_nobody_loses_when_the_total_grows(case: Case, more: int, ties: str) -> None:
    """By Sainte-Laguë a larger total gives nobody less, bounds or not (house monotonicity)."""
    before = case.share("sainte_lague", ties)
    after = case.share("sainte_lague", ties, more)
    assert (after.amounts >= before.amounts).all()
    weights = whole(*case.weights)
    free = [share(case.total + extra, weights, method="sainte_lague") for extra in (0, more)]
    assert (free[1].amounts >= free[0].amounts).all()


def test_somebody_may_lose_by_largest_remainder() -> None:
    """The reason for Sainte-Laguë: 10 by 6, 6, 2 gives the last 2, and 11 gives it only 1."""
    assert share(10, whole(6, 6, 2)).amounts.tolist() == [4, 4, 2]
    assert share(11, whole(6, 6, 2)).amounts.tolist() == [5, 5, 1]
    for total in (10, 11):
        shared = share(total, whole(6, 6, 2), method="sainte_lague")
        assert shared.amounts.tolist()[2] in (1, 2)


@given(cases(), st.sampled_from(METHODS), st.sampled_from(sorted(TIES)))
def test_large_numbers_take_the_same_way(case: Case, method: str, ties: str) -> None:
    """Python's whole numbers, used where int64 is too small, give the same amounts and bounds."""
    small = case.share(method, ties)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LIMIT", 0)
        large = case.share(method, ties)
    for name in ("amounts", "floors", "extras", "ranks", "tied", "bound", "numerators"):
        assert getattr(large, name).tolist() == getattr(small, name).tolist()


def test_many_at_once() -> None:
    """Thousands of units within bounds add up, by both methods and all tie rules."""
    weights = np.random.default_rng(7).integers(0, 50, 3000)
    floors, caps = np.full(3000, 20), np.full(3000, 500)
    for method in METHODS:
        for ties in TIES:
            shared = share(603_736, weights, method=method, ties=ties, floors=floors, caps=caps)
            assert shared.amounts.sum() == 603_736
            assert shared.amounts.min() >= 20
            assert shared.amounts.max() <= 500


@pytest.mark.parametrize(
    ("floors", "caps", "said"),
    [
        ([60, 50], None, "tổng mức sàn (110 đồng) lớn hơn số tiền cần chia (100 đồng)"),
        ([0, 15], None, "mức sàn của đơn vị thứ 2 phải là bội số"),
        (None, [15, 50], "mức trần của đơn vị thứ 1 phải là bội số"),
        ([50, 0], [40, 90], "đơn vị thứ 1 có mức sàn (50 đồng) lớn hơn mức trần (40 đồng)"),
        ([-10, 0], None, "mức sàn có số âm"),
        (None, [-10, 0], "mức trần có số âm"),
    ],
)
def test_refuses_bounds(floors: list[int] | None, caps: list[int] | None, said: str) -> None:
    """Bounds that cannot hold are refused, with the unit that they are of."""
    low = None if floors is None else whole(*floors)
    high = None if caps is None else whole(*caps)
    with pytest.raises(ApportionmentRefused) as caught:
        share(100, whole(1, 1), unit=10, floors=low, caps=high)
    assert said in str(caught.value)


def test_nothing_to_share_by_beyond_floors() -> None:
    """Money beyond the floors with no weight above zero is refused, with how much it is."""
    with pytest.raises(NothingToShareBy, match="có 10 đồng cần chia"):
        share(40, whole(0, 0), floors=whole(20, 10))


def test_one_bound_for_each_unit() -> None:
    """Bounds for more or fewer units than there are weights are a mistake of the caller."""
    with pytest.raises(ValueError, match="one length"):
        share(40, whole(1, 1), floors=whole(20))

"""Sharing amounts exactly among many units at once, on arrays of whole numbers.

Units stand in the order of their codes, ascending, so a place in the arrays is the last tie-breaker
and results depend on nothing else. No decision is taken on a float.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index

import numpy as np
import numpy.typing as npt

from helpers.allocation.exact.arrays import (
    LIMIT,
    Places,
    check_ties,
    check_total,
    line_up,
    nothing_to_share_by,
    sum_of,
    whole_numbers,
)
from helpers.data.units import BoolArray, IntArray
from helpers.money import ApportionmentRefused, NothingToShareBy, written

__all__ = ["Shared", "kept_by_lot", "share"]

Bounds = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Shared:
    """What each unit gets and how it came about, in the order of the weights (money in đồng)."""

    weights: IntArray
    pot: int
    """What the units that no bound holds share among them."""
    denominator: int
    """The sum of their weights, or 1 where there are none."""
    amounts: IntArray
    floors: IntArray
    """The whole rounding units in the exact share."""
    extras: IntArray
    """Amount less floor: gained by rank, or 0; by Sainte-Laguë it can be negative."""
    ranks: Places
    """Place in line for what is left over the floors, from 1; 0 where a bound holds."""
    tied: BoolArray
    """Whether others with an equal claim fared differently, so that the tie rule decided."""
    bound: Bounds
    """-1 where the floor holds the exact share up, 1 where the cap holds it down, 0 elsewhere."""
    unplaced: int
    """What nobody could take because everyone is at the cap."""

    @cached_property
    def numerators(self) -> IntArray:
        """Return the exact shares before rounding, as numerators over `denominator`."""
        most = max(self.pot, sum_of(self.amounts), 1)
        kind = object if self.denominator * most >= LIMIT else np.int64
        held = self.floors.astype(kind) * self.denominator
        free = np.where(self.bound == 0, self.weights, 0).astype(kind) * self.pot
        return np.where(self.bound == 0, free, held)


@dataclass(frozen=True)
class _Task:
    """What is to be shared, counted in the largest measure that goes into total and unit."""

    total: int
    weights: IntArray
    unit: int
    ties: str
    floors: IntArray
    caps: IntArray
    """Cut off just above the total, so that no product with them overflows."""


def _first(found: BoolArray) -> int:
    return int(np.flatnonzero(found)[0])


def _check_bounds(floors: IntArray, caps: IntArray | None, unit: int) -> None:
    for what, bounds in (("mức sàn", floors), ("mức trần", caps)):
        if bounds is not None and (wrong := bounds % unit != 0).any():
            raise ApportionmentRefused(
                f"{what} của đơn vị thứ {_first(wrong) + 1} phải là bội số của đơn vị làm tròn "
                f"({written(unit)})"
            )
    if caps is not None and (wrong := floors > caps).any():
        place = _first(wrong)
        raise ApportionmentRefused(
            f"đơn vị thứ {place + 1} có mức sàn ({written(int(floors[place]))}) lớn hơn "
            f"mức trần ({written(int(caps[place]))})"
        )


def _check_enough(total: int, lowest: int, weights: IntArray) -> None:
    """Refuse floors above the total, and money left over the floors with nothing to share by."""
    if lowest > total:
        raise ApportionmentRefused(
            f"tổng mức sàn ({written(lowest)}) lớn hơn số tiền cần chia ({written(total)})"
        )
    if lowest < total and not weights.any():
        raise NothingToShareBy(nothing_to_share_by(total - lowest))


def _task(
    total: int, weights: IntArray, unit: int, ties: str, floors: IntArray, caps: IntArray | None
) -> _Task:
    measure = math.gcd(total, unit)
    total, unit = total // measure, unit // measure
    beyond = (total // unit + 2) * unit
    if beyond * sum_of(weights) >= LIMIT:
        weights = weights // math.gcd(*weights.tolist())
    kind = np.int64 if beyond * sum_of(weights) < LIMIT and beyond < LIMIT else object
    highest = np.full(len(weights), beyond, kind)
    if caps is not None:
        highest = np.minimum(caps // measure, highest).astype(kind)
    lowest = (floors // measure).astype(kind)
    return _Task(total, weights.astype(kind), unit, ties, lowest, highest)


def _hold(task: _Task) -> tuple[Bounds, int]:
    """Return which bounds hold the exact shares, and what the units held by none share.

    Finds the one Q at which the amounts Q × weight, each kept within floor and cap, add up to the
    total. Each round fixes the side that is overstepped by more in sum: Q can only move further
    away from those units, so they stay at their bounds.
    """
    weights, floors, caps = task.weights, task.floors, task.caps
    bound = np.zeros(len(weights), np.int8)
    free = weights > 0
    bound[~free & (floors > 0)] = -1
    pot = task.total - sum_of(floors[~free])
    while True:
        whole = sum_of(weights[free])
        shares, lowest, highest = pot * weights, floors * whole, caps * whole
        below, above = free & (shares < lowest), free & (shares > highest)
        if not (below.any() or above.any()):
            return bound, pot
        lacking = sum_of((lowest - shares)[below])
        exceeding = sum_of((shares - highest)[above])
        if lacking >= exceeding:
            bound[below] = -1
            pot -= sum_of(floors[below])
            free &= ~below
        if exceeding >= lacking:
            bound[above] = 1
            pot -= sum_of(caps[above])
            free &= ~above


def _divided(claims: IntArray, order: Places, cuts: Sequence[int]) -> BoolArray:
    """Return who stands in an equal claim through which one of the cuts in the line goes."""
    tied = np.zeros(len(claims), np.bool_)
    for cut in cuts:
        if 0 < cut < len(order) and claims[order[cut - 1]] == claims[order[cut]]:
            tied |= claims == claims[order[cut]]
    return tied


def _by_remainder(
    pot: int, weights: IntArray, unit: int, ties: str
) -> tuple[IntArray, IntArray, Places, BoolArray]:
    """Return floors, extras, order of the line and ties by largest remainder.

    No bound can be overstepped: bounds are whole rounding units, and only those gain whose exact
    share is none, for of these there are always more than there are units left.
    """
    step = (sum_of(weights) or 1) * unit
    products = pot * weights
    units = products // step
    remainders = products - units * step
    floors = units * unit
    order = line_up(remainders, weights, ties)
    full, rest = divmod(pot - sum_of(floors), unit)
    extras = np.zeros_like(floors)
    extras[order[:full]] = unit
    if rest:
        extras[order[full]] = rest
    cuts = [full, full + 1] if rest else [full]
    return floors, extras, order, _divided(remainders, order, cuts)


def _priorities(weights: IntArray, divisors: IntArray) -> IntArray:
    """Return whole numbers in the order of weight / divisor, equal where those are equal.

    Two different such fractions are at least 1 / (divisor × divisor) apart, so after scaling by
    the largest divisor's square rounding down cannot make them equal.
    """
    scale = max(int(divisors.max()) ** 2, 1) if len(divisors) else 1
    if int(weights.max(initial=0)) * scale >= LIMIT:
        weights = weights.astype(object)
    return weights * scale // divisors


def _next_seats(
    seats: IntArray, gap: int, weights: IntArray, room: IntArray, ties: str
) -> tuple[IntArray, BoolArray]:
    """Return each unit's change by `gap` seats (rounding units), and who was divided by a tie.

    A unit's k-th seat has the priority weight / (2k - 1). Seats are added from the largest
    priority down, or, where the gap is negative, taken from the smallest up.
    """
    change = np.zeros_like(seats)
    tied = np.zeros(len(seats), np.bool_)
    if not gap:
        return change, tied
    sign, count = (1, gap) if gap > 0 else (-1, -gap)
    places = np.flatnonzero((room > 0) & (weights > 0))
    heavy, held = weights[places], seats[places]
    divisors = 2 * held + sign
    order = line_up(_priorities(heavy, divisors), heavy, ties)[::sign]
    # Who is `count`-th in line with a first seat limits how many further ones each can move. There
    # is one: rounding is off by half a seat a unit at most, and only by units that have room.
    last = order[count - 1]
    reach = heavy * divisors[last]
    if sign == 1:
        most = (reach // heavy[last] + 1) // 2 - held
    else:
        most = held - -(-reach // heavy[last]) // 2
    most = np.clip(most, 0, np.minimum(room[places], count))
    each = most.astype(np.int64)
    units = np.repeat(np.arange(len(places)), each)
    nth = np.arange(len(units)) - np.repeat(np.cumsum(each) - each, each)
    claims = _priorities(heavy[units], 2 * (held[units] + sign * nth) + sign)
    order = line_up(claims, heavy[units], ties)[::sign]
    np.add.at(change, places[units[order[:count]]], sign)
    tied[places[units[_divided(claims, order, [count])]]] = True
    return change, tied


def _by_priority(task: _Task, bound: Bounds, pot: int) -> tuple[IntArray, BoolArray]:
    """Return amounts and ties by Sainte-Laguë."""
    weights, unit = task.weights, task.unit
    lowest, highest = task.floors // unit, task.caps // unit
    step = (sum_of(weights[bound == 0]) or 1) * unit
    # The exact shares with halves rounded down are what giving seats by priority leads to just
    # before those whose priority is a certain one, so only few are left to add or to take.
    seats = (2 * pot * weights + step - 1) // (2 * step)
    seats = np.where(bound < 0, lowest, np.where(bound > 0, highest, seats))
    count, rest = divmod(task.total, unit)
    gap = count - sum_of(seats)
    room = highest - seats if gap > 0 else seats - lowest
    change, tied = _next_seats(seats, gap, weights, room, task.ties)
    seats = seats + change
    amounts = seats * unit
    if rest:
        change, divided = _next_seats(seats, 1, weights, highest - seats, task.ties)
        amounts, tied = amounts + change * rest, tied | divided
    return amounts, tied


def share(
    total: int,
    weights: IntArray,
    *,
    unit: int = 1,
    method: str = "largest_remainder",
    ties: str = "larger",
    floors: IntArray | None = None,
    caps: IntArray | None = None,
) -> Shared:
    """Share a total by weights in whole rounding units, each unit within its floor and cap.

    The exact shares are V = Q × weight, kept within floor and cap, with the one Q at which they
    add up to the total. They are rounded
    - by largest remainder (số dư lớn nhất): each gets the whole rounding units in V; those left go
      one each by remainder, largest first. So every amount is less than one unit from V.
    - by Sainte-Laguë: units go one after the other to the largest weight / (2 × units + 1). So
      nobody loses when the total grows.

    Among equal claims `ties` decides: the larger weight first, the smaller weight first, or by
    place alone ("code"); after the weight the place always decides. What the total holds below one
    unit goes to whoever is next in line. Without bounds and with the larger weight first the
    result is that of `helpers.money.apportion`.

    Example: 10 đồng by the weights 5, 3, 1. The sum is 9, the exact shares 50/9 = 5 + 5/9,
    30/9 = 3 + 3/9 and 10/9 = 1 + 1/9; 5 + 3 + 1 = 9 are given, and the one left goes to 5/9: 6, 3
    and 1. With a cap of 4 for each, the first is held at 4; the other 6 are shared by 3 : 1 into
    4 + 2/4 and 1 + 2/4, and as 4 + 2/4 oversteps its cap too, it is held at 4: 4, 4 and 2.

    Args:
        total: đồng, zero or more.
        weights: zero or more, in the order of the units' codes.
        unit: đồng, the step of the amounts (đơn vị làm tròn).
        method: "largest_remainder" or "sainte_lague".
        ties: "larger", "smaller" or "code".
        floors: đồng, whole rounding units (mức sàn); a unit of weight zero gets just that.
        caps: đồng, whole rounding units (mức trần). Where all are reached, the rest is unplaced.

    Raises:
        NothingToShareBy: there is more than the floors take, and no weight above zero.
        ApportionmentRefused: a negative number or one that is not whole, a rounding unit below 1,
            an unknown method or tie rule, a bound that is no whole number of rounding units, a
            floor above its cap, floors that add up to more than the total.
    """
    total, unit = index(total), index(unit)
    check_total(total, unit)
    if method not in ("largest_remainder", "sainte_lague"):
        raise ApportionmentRefused(f"không có phương pháp làm tròn “{method}”")
    check_ties(ties)
    weights = whole_numbers(weights, "trọng số")
    bounded = floors is not None or caps is not None
    least = np.zeros_like(weights) if floors is None else whole_numbers(floors, "mức sàn")
    most = None if caps is None else whole_numbers(caps, "mức trần")
    if not weights.shape == least.shape == (weights if most is None else most).shape:
        raise ValueError("weights, floors and caps must be of one length")
    _check_bounds(least, most, unit)
    _check_enough(total, sum_of(least), weights)

    task = _task(total, weights, unit, ties, least, most)
    measure = unit // task.unit
    bound, pot, unplaced = np.zeros(len(weights), np.int8), task.total, 0
    filled = None if most is None else np.where(weights > 0, most, least)
    if filled is not None and sum_of(filled) <= total:
        bound[weights > 0] = 1
        bound[(weights == 0) & (least > 0)] = -1
        pot, unplaced = 0, total - sum_of(filled)
    elif bounded:
        bound, pot = _hold(task)
    free: slice | Places = np.flatnonzero(bound == 0) if bounded else slice(None)

    wholes = np.where(bound < 0, task.floors, task.caps)
    extras = np.zeros_like(wholes)
    tied = np.zeros(len(weights), np.bool_)
    ranks = np.zeros(len(weights), np.int64)
    heavy = task.weights[free]
    wholes[free], extras[free], order, tied[free] = _by_remainder(pot, heavy, task.unit, ties)
    if method == "sainte_lague" and not unplaced:
        amounts, tied = _by_priority(task, bound, pot)
        extras = amounts - wholes
        order = line_up(_priorities(heavy, 2 * (wholes[free] // task.unit) + 1), heavy, ties)
    places = np.arange(len(weights))[free]
    ranks[places[order]] = np.arange(1, len(places) + 1)

    kind = np.int64 if total < LIMIT else object
    wholes, extras = wholes.astype(kind) * measure, extras.astype(kind) * measure
    return Shared(
        weights=weights,
        pot=pot * measure,
        denominator=sum_of(weights[free]) or 1,
        amounts=wholes + extras,
        floors=wholes,
        extras=extras,
        ranks=ranks,
        tied=tied,
        bound=bound,
        unplaced=unplaced,
    )


def kept_by_lot(total: int, weights: IntArray, lot: int) -> BoolArray:
    """Return who stays when the smallest weights are left out until each share reaches the lot.

    Units with equal weights leave together. The shares compared are the exact ones, total × weight
    / sum of the weights left, before rounding. Nobody stays where not even the largest would reach
    the lot (mức giao tối thiểu).

    Example: 100 triệu by the weights 6, 3, 1 and a lot of 20 triệu. The last would get 10 triệu and
    leaves; of the others the smaller gets 100 × 3/9 = 33,3 triệu: the first two stay.

    Args:
        total: đồng, zero or more.
        weights: zero or more.
        lot: đồng, zero or more.

    Raises:
        ApportionmentRefused: a negative number, or a weight that is not whole.
    """
    total, lot = index(total), index(lot)
    check_total(total, 1)
    if lot < 0:
        raise ApportionmentRefused(f"mức giao tối thiểu là số âm ({lot} đồng)")
    weights = whole_numbers(weights, "trọng số")
    if max(total, lot) * sum_of(weights) >= LIMIT:
        weights = weights.astype(object)
    rising = np.sort(weights)
    left = np.cumsum(rising[::-1])[::-1]
    reached = total * rising >= lot * left
    if lot:
        reached &= rising > 0
    # Of equal weights only the first counts, for with it all of them are still there.
    reached[1:] &= rising[1:] != rising[:-1]
    if not reached.any():
        return np.zeros(len(weights), np.bool_)
    return np.asarray(weights >= rising[_first(reached)], np.bool_)

"""Sharing amounts exactly among many units at once, on arrays of whole numbers.

Units stand in the order of their codes, ascending, so a place in the arrays is the last tie-breaker
and results depend on nothing else. Numbers are int64 where no product can overflow, which is
found out beforehand, and Python's own whole numbers (dtype object) elsewhere: the same code, the
same results. No decision is taken on a float.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.money import ApportionmentRefused, NothingToShareBy, written

__all__ = ["IntArray", "Shared", "kept_by_lot", "share", "share_many"]

IntArray = npt.NDArray[Any]
"""Whole numbers: int64, or Python's own in an array of dtype object."""
BoolArray = npt.NDArray[np.bool_]
Bounds = npt.NDArray[np.int8]
Places = npt.NDArray[np.int64]

LIMIT = 2**61
"""Products below this, their doubles and a sum of two stay within int64."""

SLACK = 2.0**-49
"""How far an estimate in floats may be off, relative to its size, and more."""

_LARGER_FIRST = {"larger": -1, "smaller": 1, "code": 0}


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
        most = max(self.pot, _sum(self.amounts), 1)
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


def _check_total(total: int, unit: int) -> None:
    if total < 0:
        raise ApportionmentRefused(f"không chia được số tiền âm ({total} đồng)")
    if unit < 1:
        raise ApportionmentRefused("đơn vị làm tròn phải từ 1 đồng trở lên")


def _whole(values: IntArray, what: str) -> IntArray:
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


def _sum(values: IntArray) -> int:
    return int(values.sum()) if values.size else 0


def _first(found: BoolArray) -> int:
    return int(np.flatnonzero(found)[0])


def _check_ties(ties: str) -> None:
    if ties not in _LARGER_FIRST:
        raise ApportionmentRefused(f"không có quy tắc khi bằng nhau “{ties}”")


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
            f"đơn vị thứ {place + 1} có mức sàn ({written(int(floors[place]))}) lớn hơn mức "
            f"mức trần ({written(int(caps[place]))})"
        )


def _nothing_to_share_by(total: int) -> str:
    return f"có {written(total)} cần chia nhưng mọi trọng số đều bằng 0, không có căn cứ để chia"


def _check_enough(total: int, lowest: int, weights: IntArray) -> None:
    """Refuse floors above the total, and money left over the floors with nothing to share by."""
    if lowest > total:
        raise ApportionmentRefused(
            f"tổng mức sàn ({written(lowest)}) lớn hơn số tiền cần chia ({written(total)})"
        )
    if lowest < total and not weights.any():
        raise NothingToShareBy(_nothing_to_share_by(total - lowest))


def _task(
    total: int, weights: IntArray, unit: int, ties: str, floors: IntArray, caps: IntArray | None
) -> _Task:
    measure = math.gcd(total, unit)
    total, unit = total // measure, unit // measure
    beyond = (total // unit + 2) * unit
    if beyond * _sum(weights) >= LIMIT:
        weights = weights // math.gcd(*weights.tolist())
    kind = np.int64 if beyond * _sum(weights) < LIMIT and beyond < LIMIT else object
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
    pot = task.total - _sum(floors[~free])
    while True:
        whole = _sum(weights[free])
        shares, lowest, highest = pot * weights, floors * whole, caps * whole
        below, above = free & (shares < lowest), free & (shares > highest)
        if not (below.any() or above.any()):
            return bound, pot
        lacking = _sum((lowest - shares)[below])
        exceeding = _sum((shares - highest)[above])
        if lacking >= exceeding:
            bound[below] = -1
            pot -= _sum(floors[below])
            free &= ~below
        if exceeding >= lacking:
            bound[above] = 1
            pot -= _sum(caps[above])
            free &= ~above


def _line_up(claims: IntArray, weights: IntArray, ties: str) -> Places:
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
    step = (_sum(weights) or 1) * unit
    products = pot * weights
    units = products // step
    remainders = products - units * step
    floors = units * unit
    order = _line_up(remainders, weights, ties)
    full, rest = divmod(pot - _sum(floors), unit)
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
    order = _line_up(_priorities(heavy, divisors), heavy, ties)[::sign]
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
    order = _line_up(claims, heavy[units], ties)[::sign]
    np.add.at(change, places[units[order[:count]]], sign)
    tied[places[units[_divided(claims, order, [count])]]] = True
    return change, tied


def _by_priority(task: _Task, bound: Bounds, pot: int) -> tuple[IntArray, BoolArray]:
    """Return amounts and ties by Sainte-Laguë."""
    weights, unit = task.weights, task.unit
    lowest, highest = task.floors // unit, task.caps // unit
    step = (_sum(weights[bound == 0]) or 1) * unit
    # The exact shares with halves rounded down are what giving seats by priority leads to just
    # before those whose priority is a certain one, so only few are left to add or to take.
    seats = (2 * pot * weights + step - 1) // (2 * step)
    seats = np.where(bound < 0, lowest, np.where(bound > 0, highest, seats))
    count, rest = divmod(task.total, unit)
    gap = count - _sum(seats)
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
    _check_total(total, unit)
    if method not in ("largest_remainder", "sainte_lague"):
        raise ApportionmentRefused(f"không có phương pháp làm tròn “{method}”")
    _check_ties(ties)
    weights = _whole(weights, "trọng số")
    bounded = floors is not None or caps is not None
    least = np.zeros_like(weights) if floors is None else _whole(floors, "mức sàn")
    most = None if caps is None else _whole(caps, "mức trần")
    if not weights.shape == least.shape == (weights if most is None else most).shape:
        raise ValueError("weights, floors and caps must be of one length")
    _check_bounds(least, most, unit)
    _check_enough(total, _sum(least), weights)

    task = _task(total, weights, unit, ties, least, most)
    measure = unit // task.unit
    bound, pot, unplaced = np.zeros(len(weights), np.int8), task.total, 0
    filled = None if most is None else np.where(weights > 0, most, least)
    if filled is not None and _sum(filled) <= total:
        bound[weights > 0] = 1
        bound[(weights == 0) & (least > 0)] = -1
        pot, unplaced = 0, total - _sum(filled)
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
        order = _line_up(_priorities(heavy, 2 * (wholes[free] // task.unit) + 1), heavy, ties)
    places = np.arange(len(weights))[free]
    ranks[places[order]] = np.arange(1, len(places) + 1)

    kind = np.int64 if total < LIMIT else object
    wholes, extras = wholes.astype(kind) * measure, extras.astype(kind) * measure
    return Shared(
        weights=weights,
        pot=pot * measure,
        denominator=_sum(weights[free]) or 1,
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
    _check_total(total, 1)
    if lot < 0:
        raise ApportionmentRefused(f"mức giao tối thiểu là số âm ({lot} đồng)")
    weights = _whole(weights, "trọng số")
    if max(total, lot) * _sum(weights) >= LIMIT:
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


class _Row:
    """Weights made ready to share many totals by."""

    def __init__(self, weights: IntArray) -> None:
        self.weights = _whole(weights, "trọng số")
        self.whole = _sum(self.weights)

    @cached_property
    def parts(self) -> npt.NDArray[np.float64]:
        """Each weight / sum of the weights, after three roundings at most."""
        return np.asarray(self.weights / self.whole, np.float64)

    def fits(self, number: int, step: int) -> bool:
        """Return whether number × weight and the step stay within int64."""
        fitting = number * self.whole < LIMIT and step < LIMIT
        return fitting and self.weights.dtype != object

    def remainders(self, number: int, step: int, places: Places) -> IntArray:
        """Return number × weight modulo step, exactly."""
        weights = self.weights[places]
        wide = not self.fits(number, step)
        return (weights.astype(object) if wide else weights) * number % step

    def fill(self, amounts: IntArray, total: int, unit: int, ties: str) -> None:
        """Write the amounts of one total."""
        if not total:
            amounts[:] = 0
            return
        if not self.whole:
            raise NothingToShareBy(_nothing_to_share_by(total))
        measure = math.gcd(total, unit)
        number, step = total // measure, self.whole * (unit // measure)
        slack: float = 0
        if self.fits(number, step) and amounts.dtype != object:
            products = self.weights * number
            units = products // step
            claims: npt.NDArray[Any] = products - units * step
        else:
            quotas = self.parts * (total / unit)
            slack = max(1, quotas.max()) * SLACK
            if slack > 0.1 or amounts.dtype == object:
                amounts[:] = share(total, self.weights, unit=unit, ties=ties).amounts
                return
            units, claims = self._estimates(quotas, slack, number, step)
        np.multiply(units, unit, out=amounts, casting="same_kind")
        full, rest = divmod(total - _sum(amounts), unit)
        count = full + (rest > 0)
        if not count:
            return
        # Those whose claim stands clear of the last one served; the others are looked at exactly.
        last = len(claims) - count
        threshold = np.partition(claims, last)[last]
        sure = claims > threshold + 2 * slack
        near = np.flatnonzero((claims >= threshold - 2 * slack) & ~sure)
        needed = count - np.count_nonzero(sure)
        if rest or needed < len(near):
            exact = self.remainders(number, step, near)
            near = near[_line_up(exact, self.weights[near], ties)[:needed]]
        amounts += sure * amounts.dtype.type(unit)
        amounts[near] += unit
        if rest:
            amounts[near[-1]] -= unit - rest

    def _estimates(
        self, quotas: npt.NDArray[np.float64], slack: float, number: int, step: int
    ) -> tuple[IntArray, npt.NDArray[np.float64]]:
        """Return the whole units, exact, and the fractions above them, within the slack."""
        units = np.floor(quotas)
        claims = quotas - units
        doubtful = np.flatnonzero(((claims < slack) & (units > 0)) | (claims > 1 - slack))
        units = units.astype(np.int64)
        if len(doubtful):
            products = self.weights[doubtful].astype(object) * number
            units[doubtful] = products // step
            claims[doubtful] = [rest / step for rest in (products % step).tolist()]
        return units, claims


def share_many(
    totals: IntArray,
    weights: IntArray,
    *,
    unit: int = 1,
    ties: str = "larger",
    out: IntArray | None = None,
) -> IntArray:
    """Share many totals at once, by largest remainder and without bounds: one row for each total.

    Each row is to the đồng what `share` gives, found without putting all units in line: the whole
    units first, then those whose remainder is above the last one served; only those equal to it
    are lined up by the tie rule.

    Where exact products would overflow, quotas are first estimated in floats. Five roundings, each
    within 2^-53 of the value, put them within 2^-50; the slack is twice that. A quota that close to
    a whole number, and a remainder within two slacks of the threshold, is computed again in whole
    numbers, and only these decide: the estimate of the threshold is itself within one slack, so
    whoever is further off stands on the same side for certain.

    A row takes working memory of some hundred bytes a unit; the result is all that grows. It has
    dtype int32 where every total fits, else int64: where totals are whole rounding units, counting
    them in these (totals // unit, rounding unit 1) gives the same amounts in half the memory.

    Args:
        totals: one for each row, zero or more.
        weights: one for each unit, or one row of them for each total.
        unit: the step of the amounts (đơn vị làm tròn), in what the totals are counted in.
        ties: "larger", "smaller" or "code".
        out: where to write the rows; made where none is given.

    Returns:
        Amounts by total and unit, `out` itself where it was given.

    Raises:
        NothingToShareBy: a total is above zero and none of its weights is.
        ApportionmentRefused: as `share`.
    """
    unit = index(unit)
    totals = _whole(totals, "số tiền")
    _check_total(0, unit)
    _check_ties(ties)
    weights = np.asarray(weights)
    shape = (len(totals), weights.shape[-1])
    largest = int(totals.max(initial=0))
    if out is None:
        fitting = (
            np.int32 if largest + unit < 2**31 else np.int64 if largest + unit < LIMIT else object
        )
        out = np.empty(shape, fitting)
    elif out.shape != shape or (out.dtype != object and np.iinfo(out.dtype).max < largest + unit):
        raise ValueError(f"out must have the shape {shape} and room for {largest + unit}")
    row = _Row(weights) if weights.ndim == 1 else None
    for place, total in enumerate(totals.tolist()):
        (row or _Row(weights[place])).fill(out[place], total, unit, ties)
    return out

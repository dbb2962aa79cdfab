"""Sharing many totals by the same weights at once: one scenario after the other, nothing sorted."""

from __future__ import annotations

import math
from functools import cached_property
from operator import index
from typing import Any

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
from helpers.allocation.exact.kernel import share
from helpers.data.units import IntArray
from helpers.money import NothingToShareBy

__all__ = ["share_many"]

SLACK = 2.0**-49
"""How far an estimate in floats may be off, relative to its size, and more."""


class _Row:
    """Weights made ready to share many totals by."""

    def __init__(self, weights: IntArray) -> None:
        self.weights = whole_numbers(weights, "trọng số")
        self.whole = sum_of(self.weights)

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
            raise NothingToShareBy(nothing_to_share_by(total))
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
        full, rest = divmod(total - sum_of(amounts), unit)
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
            near = near[line_up(exact, self.weights[near], ties)[:needed]]
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
    totals = whole_numbers(totals, "số tiền")
    check_total(0, unit)
    check_ties(ties)
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

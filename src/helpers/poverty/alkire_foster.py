"""Alkire–Foster measures of multidimensional poverty, exact, from counts of whole units.

A unit (household or person) is poor where its weighted deprivations reach the cut-off k. Of N
units q are poor; the poor have S weighted deprivations in all, out of W, the sum of the weights,
each. Then the headcount ratio H = q/N, the intensity A = S/(q·W), the adjusted headcount ratio
M0 = S/(N·W) = H·A, the censored headcount ratio of an indicator = the poor who lack it / N, and
its contribution = weight × those poor / S (Alkire and Foster, 2011, "Counting and
multidimensional poverty measurement", Journal of Public Economics 95).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = ["IntArray", "Measures", "alkire_foster", "first_of_each", "scores_of", "sums"]

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Measures:
    """The counts behind the measures of one population; those of two populations can be added.

    `deprivations` is S, of the poor only. `censored` counts, by indicator, the poor who lack it,
    `uncensored` all who lack it; both are empty where only the number of deprivations is known.
    """

    weights: tuple[int, ...]
    population: int
    poor: int
    deprivations: int
    censored: tuple[int, ...]
    uncensored: tuple[int, ...]

    def __add__(self, other: Measures) -> Measures:
        """Return the measures of both populations together."""
        return Measures(
            self.weights,
            self.population + other.population,
            self.poor + other.poor,
            self.deprivations + other.deprivations,
            tuple(a + b for a, b in zip(self.censored, other.censored, strict=True)),
            tuple(a + b for a, b in zip(self.uncensored, other.uncensored, strict=True)),
        )

    @property
    def headcount(self) -> Fraction:
        """Return H, the share of the population that is poor; zero of nobody."""
        return _ratio(self.poor, self.population)

    @property
    def intensity(self) -> Fraction:
        """Return A, the average share of the weighted indicators that the poor lack."""
        return _ratio(self.deprivations, self.poor * sum(self.weights))

    @property
    def mpi(self) -> Fraction:
        """Return M0, the adjusted headcount ratio: H × A."""
        return _ratio(self.deprivations, self.population * sum(self.weights))

    @property
    def censored_headcounts(self) -> tuple[Fraction, ...]:
        """Return by indicator the share of the population that is poor and lacks it."""
        return tuple(_ratio(count, self.population) for count in self.censored)

    @property
    def uncensored_headcounts(self) -> tuple[Fraction, ...]:
        """Return by indicator the share of the population that lacks it, poor or not."""
        return tuple(_ratio(count, self.population) for count in self.uncensored)

    @property
    def contributions(self) -> tuple[Fraction, ...]:
        """Return each indicator's share of M0; they add up to one where anybody is poor."""
        return tuple(
            _ratio(weight * count, self.deprivations)
            for weight, count in zip(self.weights, self.censored, strict=False)
        )

    def contribution_to(self, whole: Measures) -> Fraction:
        """Return this part's share of the whole's M0; over all parts they add up to one."""
        return _ratio(self.deprivations, whole.deprivations)


def _ratio(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def scores_of(codes: IntArray, weights: Sequence[int]) -> IntArray:
    """Return the weighted deprivations of patterns whose bit i says that indicator i is lacking."""
    table = np.zeros(1 << len(weights), dtype=np.int64)
    for place, weight in enumerate(weights):
        table[1 << place : 2 << place] = table[: 1 << place] + weight
    return table[codes]


def first_of_each(units: IntArray) -> IntArray:
    """Return where each unit's cells begin, the cells being in the order of the units."""
    return np.flatnonzero(np.r_[True, units[1:] != units[:-1]]) if len(units) else units[:0]


def sums(values: IntArray, starts: IntArray) -> IntArray:
    """Return each unit's sum, exact; numpy's weighted counting would pass through floats."""
    return np.add.reduceat(values, starts) if len(starts) else values[:0]


def alkire_foster(
    units: IntArray,
    codes: IntArray,
    counts: IntArray,
    weights: Sequence[int],
    cutoff: int,
    *,
    eligible: NDArray[np.bool_] | None = None,
    patterns: bool = True,
) -> dict[int, Measures]:
    """Return the measures of each unit of area that occurs.

    Args:
        units: the area of each cell, ascending.
        codes: the deprivation pattern of each cell (bit i: indicator i is lacking).
        counts: how many households, or persons, are in each cell.
        weights: the indicators' whole-number weights.
        cutoff: k, the least weighted deprivations of the poor.
        eligible: which cells can be poor at all, as where the official definition also asks for
            a low income; every cell where it is left out.
        patterns: False where `codes` are not patterns but the weighted deprivations themselves.
    """
    score = scores_of(codes, weights) if patterns else codes
    poor = score >= cutoff
    if eligible is not None:
        poor = poor & eligible
    starts = first_of_each(units)

    def summed(values: IntArray) -> list[int]:
        return [int(value) for value in sums(values, starts)]

    of_poor = np.where(poor, counts, 0)
    bits = range(len(weights)) if patterns else ()
    lacking = [codes >> place & 1 for place in bits]
    censored = [summed(of_poor * one) for one in lacking]
    uncensored = [summed(counts * one) for one in lacking]
    columns = zip(summed(counts), summed(of_poor), summed(of_poor * score), strict=True)
    return {
        int(units[start]): Measures(
            tuple(weights),
            population,
            count,
            deprivations,
            tuple(column[place] for column in censored),
            tuple(column[place] for column in uncensored),
        )
        for place, (start, (population, count, deprivations)) in enumerate(
            zip(starts, columns, strict=True)
        )
    }

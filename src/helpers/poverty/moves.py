"""Which districts moved the province's poverty rate, and by how much: a sum that adds up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from helpers.data.dataset import DataSet
from helpers.data.groups import GROUP_NAMES
from helpers.data.published import Result
from helpers.poverty.reported import table_frame
from helpers.rates import announced_rate

__all__ = ["TOTAL", "Effect", "decompose", "rate_moves", "rounded_effects"]

TOTAL = "total"
"""The code of the province's own row."""

DIGITS = 4
"""Decimals of a percentage point in the printed effects."""

Counts = tuple[int, int]
"""Households, and poor households among them."""


@dataclass(frozen=True)
class Effect:
    """What one district did to the province's rate, exactly, in percentage points."""

    rate: Fraction
    """By its own rate (do tỷ lệ hộ nghèo của huyện tăng, giảm)."""
    share: Fraction
    """By its share of the province's households (do tỷ trọng số hộ tăng, giảm)."""


def decompose(before: Mapping[str, Counts], after: Mapping[str, Counts]) -> dict[str, Effect]:
    """Split the change of the whole's poverty rate among its districts, exactly (by code).

    With w a district's share of all households, r its rate, R the whole's rate in percent, bars
    for the mean of before and after: ΔR = Σ w̄·Δr + Σ (r̄ − R̄)·Δw. The first term is the
    district's rate effect, the second its share effect, which is below zero where a district
    poorer than the whole gets a smaller share or one less poor a larger share. The midpoints
    leave no residual. A district without households at one of the two dates has no rate then: the
    other date's stands in, so that its coming or going is a share effect.

    Both dates need the same districts, and at least one household.
    """
    households_before, households_after = _sum(before)[0], _sum(after)[0]
    middle = (_rate(_sum(before)) + _rate(_sum(after))) / 2
    effects = {}
    for code, old in before.items():
        new = after[code]
        old_rate, rate = _rate(old, new), _rate(new, old)
        old_share, share = Fraction(old[0], households_before), Fraction(new[0], households_after)
        effects[code] = Effect(
            (old_share + share) / 2 * (rate - old_rate),
            ((old_rate + rate) / 2 - middle) * (share - old_share),
        )
    return effects


def _sum(counts: Mapping[str, Counts]) -> Counts:
    return sum(pair[0] for pair in counts.values()), sum(pair[1] for pair in counts.values())


def _rate(*sides: Counts) -> Fraction:
    """Return the first side's rate in percent that has households; zero where none has."""
    rates = (Fraction(100 * poor, households) for households, poor in sides if households)
    return next(rates, Fraction())


def _half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def _shared(total: int, values: Sequence[Fraction]) -> list[int]:
    """Round signed numbers to whole ones that sum to the total, by largest remainder.

    The total is the sum of the values rounded down or up; each value is rounded down or up too.
    Among equal remainders the earlier value goes first.
    """
    floors = [math.floor(value) for value in values]
    order = sorted(range(len(values)), key=lambda place: floors[place] - values[place])
    for place in order[: total - sum(floors)]:
        floors[place] += 1
    return floors


def rounded_effects(
    effects: Mapping[str, Effect], digits: int = DIGITS
) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Return rate effect, share effect and their sum, rounded so that everything adds up.

    Keys are those of `effects`, then TOTAL. Each column adds up exactly to its total, and in each
    row the first two add up to the third. The province's total is the exact change rounded half
    up, and so is its rate effect; its share effect is what remains between them. A district's
    two effects are each less than one unit of the last decimal from the exact ones, their sum
    less than two.
    """
    unit = 10**digits
    rates = [effect.rate * unit for effect in effects.values()]
    shares = [effect.share * unit for effect in effects.values()]
    whole, by_rate = (_half_up(sum(part, Fraction())) for part in ([*rates, *shares], rates))
    rows = zip(
        [*_shared(by_rate, rates), by_rate],
        [*_shared(whole - by_rate, shares), whole - by_rate],
        strict=True,
    )
    return {
        code: (
            Decimal(first).scaleb(-digits),
            Decimal(second).scaleb(-digits),
            Decimal(first + second).scaleb(-digits),
        )
        for code, (first, second) in zip([*effects, TOTAL], rows, strict=True)
    }


def rate_moves(data: DataSet) -> Result:
    """Return how each district moved the province's rate between two year-ends that data have.

    Effects are in percentage points (điểm phần trăm) with four decimals, below zero where they
    brought the rate down (see `decompose`, `rounded_effects`); the row TOTAL is the province.
    Its total is the change of the unrounded rate, which in the second decimal can differ from
    the difference of the two announced rates that stand beside it. Rank 1 is the district that
    brought the rate down the most; equal contributions rank by code.

    Two year-ends between which the province lacks a rate (no household at all) have no rows.
    """
    frame = table_frame("rate_moves", _rows(data))
    return Result(frame, data.marks("poverty"), data.names("poverty", "districts"))


def _counts(poverty: pd.DataFrame, year: int) -> dict[str, Counts]:
    rows = poverty[poverty["year"] == year].sort_values("district_code")
    codes, households, poor = (
        rows[name].tolist() for name in ("district_code", "households", "poor_households")
    )
    return dict(zip(codes, zip(households, poor, strict=True), strict=True))


def _rows(data: DataSet) -> Iterator[Mapping[str, object]]:
    names = {**data.district_names, TOTAL: GROUP_NAMES["province"]}
    years = sorted(set(data.poverty["year"].tolist()))
    for from_year, year in pairwise(years):
        before, after = _counts(data.poverty, from_year), _counts(data.poverty, year)
        wholes = {"before": _sum(before), "after": _sum(after)}
        if not all(households for households, _ in wholes.values()):
            continue
        exact = decompose(before, after)
        printed = rounded_effects(exact)
        order = sorted(exact, key=lambda code: (printed[code][2], code))
        ranks = {code: place for place, code in enumerate(order, start=1)}
        sides = {"before": before | {TOTAL: wholes["before"]}}
        sides["after"] = after | {TOTAL: wholes["after"]}
        for code, (by_rate, by_share, total) in printed.items():
            row: dict[str, object] = {"district_code": code, "district": names[code]}
            row |= {"from_year": from_year, "year": year}
            for side, counts in sides.items():
                households, poor = counts[code]
                row[f"rate_{side}"] = announced_rate(poor, households)
                row[f"share_{side}"] = announced_rate(households, wholes[side][0])
            row |= {"rate_effect": by_rate, "share_effect": by_share, "total": total}
            yield row | {"rank": ranks.get(code)}

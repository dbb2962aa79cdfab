"""What a rule's own pots come to."""

from __future__ import annotations

from fractions import Fraction

from helpers.plan.rules.model import Pot
from helpers.plan.rules.readers import MISSING, Missing

__all__ = ["part_of", "pot_amount"]


def part_of(amount: int, percent: Fraction, unit: int) -> int:
    """Return a percentage of an amount in đồng, rounded down to the rounding unit."""
    return int(percent * amount / 100 // unit) * unit


def pot_amount(pot: Pot, capital: int, unit: int) -> int | Missing:
    """Return the đồng of a pot, from the capital of its source and type."""
    if pot.amount is not None:
        return pot.amount
    if not isinstance(pot.percent, Fraction):
        return MISSING
    return part_of(capital, pot.percent, unit)

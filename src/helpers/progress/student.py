"""Student's t distribution for whole degrees of freedom, by the finite sums of its tables.

With the angle whose tangent is t / √freedom, the probability of a smaller distance from 0 than t is
a finite sum of powers of its cosine (Abramowitz and Stegun, Handbook of Mathematical Functions,
26.7.3 and 26.7.4). Written out here, since a forecast needs nothing else of a library whose import
takes longer than all forecasts of a province.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["probability_below", "quantile"]

HALVINGS = 60
"""Halvings of the bracket of a quantile's angle: to the last digit of a float."""


def probability_below(score: Any, freedom: int) -> Any:
    """Return the probability of a value below the score: exact to a few units of 1e-16.

    It is above zero for every finite score, however far out: what is possible stays so.
    """
    score = np.asarray(score, dtype=float)
    found = (1 + _central(np.arctan(score / math.sqrt(freedom)), freedom)) / 2
    return np.where(np.isneginf(score), 0.0, np.clip(found, np.finfo(float).tiny, 1.0))


def quantile(probability: float, freedom: int) -> float:
    """Return the score below which a value is with this probability, above 0 and below 1."""
    wanted, low, high = 2 * probability - 1, -math.pi / 2, math.pi / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _central(middle, freedom) < wanted else (low, middle)
    return math.sqrt(freedom) * math.tan((low + high) / 2)


def _central(angle: Any, freedom: int) -> Any:
    """Return the probability between minus and plus an angle, below zero for an angle below it."""
    odd = freedom % 2
    square = np.cos(angle) ** 2
    total, term = 0.0 * square, np.cos(angle) ** odd
    for place in range(odd, freedom - 1, 2):
        total = total + term
        term = term * square * (place + 1) / (place + 2)
    reached = np.sin(angle) * total
    return 2 / math.pi * (angle + reached) if odd else reached

"""Percentages from counts and amounts, rounded as they are announced."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["announced_rate"]


def announced_rate(part: int, whole: int) -> Decimal:
    """Return part of whole in percent, rounded half up to two decimals (tỷ lệ công bố).

    Whole numbers only, so nothing passes through binary fractions. Of nothing it is zero.
    """
    hundredths = (2 * 10_000 * part + whole) // (2 * whole) if whole else 0
    return Decimal(hundredths).scaleb(-2)

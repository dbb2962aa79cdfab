"""Brownian motion with drift, observed a few times: what it may be at a later time.

Observed at times t_0 < … < t_n with T = t_n − t_0, the drift is (x_n − x_0) / T and the variance
per unit of time Σ (Δx_i − drift·Δt_i)² / Δt_i / (n − 1). The value after a further h is then
x_n + drift·h, and the distance to it, divided by the root of variance·(h + h²/T), has Student's t
distribution with n − 1 degrees of freedom: h for what happens until then, h²/T for not knowing the
drift. Under the model an interval of 80% so holds what comes in 80% of cases, however few the
observations; with few of them it is wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Outlook", "outlook"]


@dataclass(frozen=True)
class Outlook:
    """A value to come: its median, scale, and degrees of freedom of Student's t.

    `expected` and `scale` are floats, or arrays where many series were given at once.
    """

    expected: Any
    scale: Any
    freedom: int

    def interval(self, level: float) -> tuple[Any, Any]:
        """Return the ends of the central interval that holds what comes with this probability."""
        from scipy.special import stdtrit

        half = stdtrit(self.freedom, 0.5 + level / 2) * self.scale
        return self.expected - half, self.expected + half

    def counted(self, number: Any) -> Outlook:
        """Return the outlook for the logarithm of a count that will be about this number.

        Whether one household more or fewer leaves is chance: a count varies by about its own root,
        its logarithm by one part in the root. Few observations may happen to fit a line; that
        chance stays.
        """
        scale = (self.scale**2 + 1 / (number + 0.5)) ** 0.5
        return replace(self, scale=scale)

    def probability_below(self, bound: float) -> float:
        """Return the probability that the value to come is at most the bound."""
        from scipy.special import stdtr

        if self.scale == 0:
            return float(self.expected <= bound)
        return float(stdtr(self.freedom, (bound - self.expected) / self.scale))


def outlook(times: Sequence[float], values: Any, later: float) -> Outlook:
    """Return the outlook for a time after the last of the times, which ascend.

    `values` has one value a time along its last axis; there must be three times or more.
    """
    import numpy as np

    moments, observed = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    steps, whole = np.diff(moments), moments[-1] - moments[0]
    drift = (observed[..., -1] - observed[..., 0]) / whole
    surprises = np.diff(observed, axis=-1) - drift[..., None] * steps
    freedom = len(steps) - 1
    variance = (surprises**2 / steps).sum(axis=-1) / freedom
    ahead = later - moments[-1]
    scale = np.sqrt(variance * (ahead + ahead**2 / whole))
    return Outlook(observed[..., -1] + drift * ahead, scale, freedom)

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

from helpers.progress import student

__all__ = ["Outlook", "Trend", "outlook", "trend"]


@dataclass(frozen=True)
class Outlook:
    """A value to come: its median, scale, and degrees of freedom of Student's t.

    `expected` and `scale` are floats, or arrays where many series or times were given at once.
    """

    expected: Any
    scale: Any
    freedom: int

    def interval(self, level: float) -> tuple[Any, Any]:
        """Return the ends of the central interval that holds what comes with this probability."""
        half = self._quantile(0.5 + level / 2) * self.scale
        return self.expected - half, self.expected + half

    def quantile(self, probability: float) -> Any:
        """Return what the value to come stays below with this probability."""
        return self.expected + self._quantile(probability) * self.scale

    def counted(self, number: Any) -> Outlook:
        """Return the outlook for the logarithm of a count that will be about this number.

        Whether one household more or fewer leaves is chance: a count varies by about its own root,
        its logarithm by one part in the root. Few observations may happen to fit a line; that
        chance stays.
        """
        scale = (self.scale**2 + 1 / (number + 0.5)) ** 0.5
        return replace(self, scale=scale)

    def probability_below(self, bound: Any) -> Any:
        """Return the probability that the value to come is at most the bound."""
        import numpy as np

        distance = np.subtract(bound, self.expected)
        certain = np.where(distance >= 0, np.inf, -np.inf)
        score = np.divide(distance, self.scale, out=certain, where=np.asarray(self.scale) > 0)
        return student.probability_below(score, self.freedom)

    def log_density(self, value: Any) -> Any:
        """Return the logarithm of the density at a value, but for what the freedom alone gives.

        The scale must be above zero.
        """
        import numpy as np

        score = (value - self.expected) / self.scale
        tail = (self.freedom + 1) / 2 * np.log1p(score**2 / self.freedom)
        return -np.log(self.scale) - tail

    def _quantile(self, probability: float) -> float:
        return student.quantile(probability, self.freedom)


@dataclass(frozen=True)
class Trend:
    """What observations tell: the last value, drift and variance per unit of time.

    `whole` is the time between the first and the last observation, `freedom` the degrees of
    freedom of the variance.
    """

    last: Any
    drift: Any
    variance: Any
    whole: Any
    freedom: int

    def ahead(self, time: Any, straying: Any = None) -> Outlook:
        """Return the outlook for so much time after the last value.

        `straying` is the time during which the value strays from the drift, if not the same.
        """
        import numpy as np

        for_chance = time if straying is None else straying
        scale = np.sqrt(self.variance * (for_chance + time**2 / self.whole))
        return Outlook(self.last + self.drift * time, scale, self.freedom)

    def seen(self, value: Any) -> Trend:
        """Return the trend after a value whose time is not known: it goes on from there.

        How far the value is from the one before tells then neither how fast values move nor how
        far they stray.
        """
        return replace(self, last=value)


def trend(times: Sequence[float], values: Any) -> Trend:
    """Return the trend of values at times that ascend.

    `values` has one value a time along its last axis; there must be three times or more.
    """
    import numpy as np

    moments, observed = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    steps, whole = np.diff(moments), moments[-1] - moments[0]
    drift = (observed[..., -1] - observed[..., 0]) / whole
    surprises = np.diff(observed, axis=-1) - drift[..., None] * steps
    freedom = len(steps) - 1
    variance = (surprises**2 / steps).sum(axis=-1) / freedom
    return Trend(observed[..., -1], drift, variance, whole, freedom)


def outlook(times: Sequence[float], values: Any, later: float) -> Outlook:
    """Return the outlook for a time after the last of the times (see `trend`)."""
    return trend(times, values).ahead(later - times[-1])

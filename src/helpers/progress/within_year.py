"""A year-end foreseen with a report of the year, though nobody knows how much of it is in.

Which part q of a year's movement a report has recorded depends on when within the year the
households that leave poverty are put down, and that is not known. So every part from 0 to 1 is
reckoned with. Before the report is seen the parts are weighed by Beta(1 + w·m, 1 + w·(1 − m)): m,
the part that the pace of the plan gives for the day, is the likeliest, and w says how much the pace
is trusted; with w = 0 all parts are alike. The shape has no peak at 0 or 1, so nothing claims that
the year is as good as over before it is. Then, for each q,

- the year-ends alone foresee the report: the trend for a time q, in Student's t. How likely that
  makes what was reported is multiplied to the weight, so a report far below the year before speaks
  for a large q, one that has hardly moved for a small q;
- from the report the trend goes on for the time 1 − q that is left and foresees the year-end.

The year-end is foreseen by all of these together, each with its weight. How fast values move and
how far they stray is told by the year-ends alone: as q is not known, a report cannot say.
Straying is not tied to the season: until the report it counts for the larger of q and the part of
the calendar year gone by, after it for the larger of 1 − q and the part left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.progress.drift import Outlook, Trend

__all__ = ["Mixture", "Report", "parts_recorded", "with_report"]

CELLS = 200
"""Into so many equal cells the parts from 0 to 1 are divided."""
HALVINGS = 32
"""Halvings of a quantile's bracket: exact to far less than a rate's second decimal."""


@dataclass(frozen=True)
class Mixture:
    """A value to come, foreseen in several ways, each with its weight.

    The ways lie along the last axis of `ways` and `weights`; the weights sum to one.
    """

    ways: Outlook
    weights: Any

    @property
    def expected(self) -> Any:
        """Return the median."""
        return self.quantile(0.5)

    def interval(self, level: float) -> tuple[Any, Any]:
        """Return the ends of the central interval that holds what comes with this probability."""
        return self.quantile(0.5 - level / 2), self.quantile(0.5 + level / 2)

    def probability_below(self, bound: Any) -> Any:
        """Return the probability that the value to come is at most the bound."""
        import numpy as np

        return (self.weights * self.ways.probability_below(np.asarray(bound)[..., None])).sum(-1)

    def quantile(self, probability: float) -> Any:
        """Return what the value to come stays below with this probability, by halving."""
        import numpy as np

        ends = self.ways.quantile(probability)
        low, high = ends.min(axis=-1), ends.max(axis=-1)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            short = self.probability_below(middle) < probability
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        return (low + high) / 2


@dataclass(frozen=True)
class Report:
    """A report of the open year: the logarithm of its rate, and when it was made.

    `due` is the part of the year's movement that the pace gives for its day, `trust` the weight of
    that (w at the head of this module), `passed` the part of the calendar year gone by.
    """

    value: Any
    due: float
    trust: float
    passed: float


def parts_recorded(due: float, trust: float) -> tuple[Any, Any]:
    """Return the parts of the year that may be recorded, and how likely each is beforehand."""
    import numpy as np
    from scipy.special import betainc

    edges = np.linspace(0.0, 1.0, CELLS + 1)
    chances = np.diff(betainc(1 + trust * due, 1 + trust * (1 - due), edges))
    return (edges[1:] + edges[:-1]) / 2, chances


def with_report(
    past: Trend, report: Report, *, then: float | None = None, end: float | None = None
) -> Mixture:
    """Return the outlook for the year-end from the trend of the year-ends and a report.

    `then` and `end` are the numbers of households, plus one, at the report and at the year-end:
    with them the rates are those of counts, and vary by chance as counts do.
    """
    import numpy as np

    parts, chances = parts_recorded(report.due, report.trust)
    before = _each_way(past)
    value = np.asarray(report.value)[..., None]
    foreseen = _counted(before.ahead(parts, np.maximum(parts, report.passed)), then)
    left, remains = 1 - parts, np.maximum(1 - parts, 1 - report.passed)
    ways = _counted(before.seen(value).ahead(left, remains), end)
    with np.errstate(divide="ignore"):
        weights = np.log(chances) + foreseen.log_density(value)
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    return Mixture(ways, weights / weights.sum(axis=-1, keepdims=True))


def _each_way(past: Trend) -> Trend:
    """Return the trend with a last axis for the ways."""
    import numpy as np

    last, drift, variance = (
        np.asarray(item)[..., None] for item in (past.last, past.drift, past.variance)
    )
    return Trend(last, drift, variance, past.whole, past.freedom)


def _counted(found: Outlook, households: float | None) -> Outlook:
    import numpy as np

    return found if households is None else found.counted(np.exp(found.expected) * households)

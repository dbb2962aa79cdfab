"""The forecast of the year-end's poverty rate, with an interval honest about few observations.

Method. The logarithm of the rate moves like Brownian motion with drift (see `drift`). The rate is
smoothed to (poor + 0,5) / (households + 1), so that a district without poor households has a
logarithm. From a single interval between observations nothing can be told of how far a year may
stray: there is then no forecast but a reason. From two it can, and the interval says by its width
how little that is (Student's t with one degree of freedom). Where few are poor, a household more
or fewer is chance: the interval is widened by what a count of that size varies by, so that three
year-ends that happen to lie on a line promise no certainty.

What is observed are the year-ends. Reports within the year are left out, because the cut comes in
at the end of the year, when the review is made: as points of a straight line they make the rest of
the year look slower and steadier than it is. Simulated with 10, 25 and 45% of the year's fall by
the end of the first three quarters, intervals of 80% that take reports in by the calendar held
the year-end in 2 to 60% of cases; those of year-ends alone in 80%, whatever the season
(tests/test_forecast.py repeats it). Only where year-ends are few and the plan states a path for its
pace, the latest report counts as one more observation, its time being the part of the year
that the path gives it. Such a forecast is as good as the path. All the reports of a year share
the path's error, so no more than one of them counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from helpers.data.published import Result
from helpers.data.reading import DataSet
from helpers.plan.model import Cut, PacePoint, Plan
from helpers.poverty.reported import table_frame
from helpers.progress.assigned import rate_targets_of
from helpers.progress.drift import Outlook, outlook
from helpers.progress.ground import open_ground
from helpers.progress.needs import expected_households, most_allowed
from helpers.progress.observations import Observation, Standing, year_end
from helpers.progress.pace import part_of_year, rounded

__all__ = ["ENOUGH_INTERVALS", "LEAST_INTERVALS", "METHOD", "year_end_forecast"]

LEAST_INTERVALS = 2
"""Fewer intervals between observations give no forecast."""
ENOUGH_INTERVALS = 3
"""With fewer intervals between year-ends a report within the year counts too, if it can."""

METHOD = (
    "Tỷ lệ hộ nghèo được coi là mỗi năm thay đổi theo một tỷ lệ phần trăm không đổi, cộng với dao "
    "động ngẫu nhiên mà độ lớn ước lượng từ chính các năm đã qua (chuyển động Brown có xu hướng "
    "của lô-ga-rít tỷ lệ, phân phối Student). Tỷ lệ dự báo là mức mà khả năng cao hơn và thấp hơn "
    "bằng nhau. Khoảng dự báo tính cả việc xu hướng chỉ được ước lượng từ ít lần quan sát, nên "
    f"càng ít số liệu thì khoảng càng rộng; nơi càng ít hộ nghèo cũng vậy, vì thêm bớt vài hộ là "
    f"chuyện ngẫu nhiên; dưới {LEAST_INTERVALS} khoảng giữa các lần chốt số "
    "liệu thì không dự báo. Chỉ dùng số liệu cuối năm: hộ thoát nghèo chủ yếu được ghi nhận vào "
    "đợt rà soát cuối năm, nên số liệu trong năm làm cho phần còn lại của năm có vẻ chậm và ít "
    "biến động hơn thực tế; vì vậy khi trong năm đã giảm nhanh, dự báo có thể cao hơn tỷ lệ hiện "
    f"nay. Khi mới có dưới {ENOUGH_INTERVALS} khoảng giữa các số liệu cuối năm mà kế hoạch có ghi "
    "nhịp độ theo ngày, báo cáo mới nhất trong năm được tính là một lần quan sát nữa, theo nhịp độ "
    "đó; dự báo khi ấy chỉ đúng trong chừng mực nhịp độ đúng. Dự báo không biết những gì chưa "
    "từng xảy ra trong các năm đã qua, như thiên tai lớn hay thay đổi chuẩn nghèo."
)
"""The method in plain words, for a brief."""

MONTHS = 12


def year_end_forecast(plan: Plan, data: DataSet) -> Result:
    """Return the forecast of the rate for each area with a target for its rate.

    While the plan's year is open it is for its end; once that is measured, for the next year-end,
    of which the plan has no targets. `expected` is the median in percent, `low` and `high` the
    ends of the central interval of the plan's `level`; `probability_low` and `probability_high`
    are the probabilities, in whole percent, that the cut of the announced rate reaches the low and
    the high end of the target. `pace_so_far` and `pace_needed` are percentage points a month, a
    month being a twelfth of the year: since the year began, and from now on for the low end.

    Raises:
        InputRefused: a target speaks of households that the data do not have.
    """
    ground = open_ground(plan, data)
    assigned = rate_targets_of(plan, data)
    rows = []
    for code, item in assigned.items():
        assert item.target.cut
        rows.append(ground.place(code) | _row(plan, ground.standings[code], item.target.cut))
    return ground.result(table_frame("forecast", rows), assigned)


def _row(plan: Plan, stand: Standing, cut: Cut) -> dict[str, object]:
    end = year_end(plan.year if stand.open else plan.year + 1)
    observed = _series(stand, plan.progress.pace)
    return {
        "as_of": stand.now.day.isoformat(),
        "horizon": end.isoformat(),
        "observations": len(observed),
        "rate_now": stand.now.rate,
        "level": Decimal(plan.progress.interval),
        **_paces(stand, cut),
        **(_blank(observed) or _foreseen(plan, stand, cut, observed, end)),
    }


def _series(stand: Standing, pace: Sequence[PacePoint]) -> Sequence[tuple[float, Observation]]:
    """Return the observations that a forecast rests on, each with its time in years.

    The year-ends; where they are too few, also the latest report of the open year at the time
    that the path of the pace gives it, if the plan has one.
    """
    found = [(float(item.day.year), item) for item in stand.year_ends]
    if len(found) <= ENOUGH_INTERVALS and pace and stand.open and stand.now.reported:
        part = part_of_year(pace, stand.year, stand.now.day)
        if 0 < part < 1:
            found.append((stand.year - 1 + float(part), stand.now))
    return found


def _log_rate(item: Observation) -> float:
    """Return the logarithm of the smoothed rate."""
    return math.log((item.poor + 0.5) / (item.households + 1))


def _blank(observed: Sequence[tuple[float, Observation]]) -> Mapping[str, object] | None:
    """Return why there is no forecast, or None where there can be one."""
    intervals = len(observed) - 1
    if intervals >= LEAST_INTERVALS:
        return None
    return {
        "reason": f"mới có {intervals} khoảng giữa các lần chốt số liệu dùng được, cần ít nhất "
        f"{LEAST_INTERVALS}"
    }


@dataclass(frozen=True)
class _Horizon:
    """What a forecast is about: the outlook for the logarithm, and the households by then."""

    outlook: Outlook
    households: int

    def rate(self, value: float) -> Decimal:
        """Return the rate in percent, two decimals, of a logarithm."""
        poor = math.exp(min(value, 0.0)) * (self.households + 1) - 0.5
        percent = 100 * poor / self.households if self.households else 0.0
        return _decimal(min(max(percent, 0.0), 100.0), "0.01")

    def probability(self, most: int) -> Decimal:
        """Return the probability in percent that no more households than these are poor.

        What is neither impossible nor certain is never said to be 0 or 100.
        """
        if most < 0:
            return Decimal(0)
        # Households are whole: at most so many is less than half a household more.
        bound = math.log((most + 1) / (self.households + 1))
        found = self.outlook.probability_below(bound)
        whole = _decimal(100 * found, "1")
        return min(max(whole, Decimal(1)), Decimal(99)) if 0 < found < 1 else whole


def _foreseen(
    plan: Plan,
    stand: Standing,
    cut: Cut,
    observed: Sequence[tuple[float, Observation]],
    end: date,
) -> Mapping[str, object]:
    times, values = [time for time, _ in observed], [_log_rate(item) for _, item in observed]
    households = expected_households(stand, end)
    found_ahead = outlook(times, values, end.year)
    poor = math.exp(found_ahead.expected) * (households + 1)
    ahead = _Horizon(found_ahead.counted(poor), households)
    low, high = ahead.outlook.interval(plan.progress.interval / 100)
    found: dict[str, object] = {
        "expected": ahead.rate(ahead.outlook.expected),
        "low": ahead.rate(low),
        "high": ahead.rate(high),
        "reason": "",
    }
    if stand.open:
        for name, goal in zip(("low", "high"), cut, strict=True):
            most = most_allowed(stand.baseline.rate, goal, ahead.households)
            found[f"probability_{name}"] = ahead.probability(most)
    return found


def _paces(stand: Standing, cut: Cut) -> Mapping[str, object]:
    """Return the targets while the year is open, and points a month so far and from now on."""
    start, now, end = year_end(stand.year - 1), stand.now.day, year_end(stand.year)
    done = Fraction(stand.baseline.rate - stand.now.rate)
    found: dict[str, object] = {}
    month = Fraction((end - start).days, MONTHS)
    if stand.measured:
        found["pace_so_far"] = rounded(done / (now - start).days * month, 3)
    if stand.open:
        needed = max(cut.low - done, Fraction(0)) / (end - now).days * month
        found["pace_needed"] = rounded(needed, 3)
        for name, goal in zip(("low", "high"), cut, strict=True):
            found[f"target_{name}"] = Decimal(goal.numerator) / Decimal(goal.denominator)
    return found


def _decimal(value: float, unit: str) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(unit), ROUND_HALF_UP)

"""The forecast of the year-end's poverty rate, with an interval honest about few observations.

Method. The logarithm of the rate moves like Brownian motion with drift (see `drift`). The rate is
smoothed to (poor + 0,5) / (households + 1), so that a district without poor households has a
logarithm. From a single interval between year-ends nothing can be told of how far a year may
stray: there is then no forecast but a reason. From two it can, and the interval says by its width
how little that is (Student's t with one degree of freedom). Where few are poor, a household more
or fewer is chance: the interval is widened by what a count of that size varies by, so that three
year-ends that happen to lie on a line promise no certainty.

While the year is open its latest report counts too, with every part of the year's movement that it
may have recorded (see `within_year`): beforehand the likeliest part is the one that the plan's pace
gives, with a trust of 2 for a pace even over the days, of 10 for a path that the plan states. Both
were chosen by simulation: a fall of a fifth a year, noise of 0,03, 0,06 and 0,1 a year, two to five
intervals between year-ends, a report at each quarter. Share of cases in which intervals of 80% hold
the year-end, and their mean width as part of that by year-ends alone (tests/test_forecast.py):

    part of the fall recorded by quarter        held    width   in September
    even pace: 25, 50, 75% (as it says)      81–88%  59–101%        59–85%
               10, 25, 45% (late push)       80–88%  62–104%       62–101%
                5, 12, 25% (later still)     79–84%  64–111%       64–111%
               45, 70, 90% (early push)      77–83%  58–101%        58–78%
    a path, the late push: right             81–92%   70–98%        70–91%
               too hopeful, 15, 35, 60%      80–88%   61–98%        61–89%
               far off, 40, 60, 80%          63–80%  51–107%        51–91%

A forecast by a stated path is thus as good as the path, within reason. More trust in the even pace
(4) brings the later push down to 68%, less (1) widens. Two simpler ways do worse: reports taken in
by the calendar hold the year-end of a late push in 2 to 60% of cases; year-ends alone in 80%, but
they are deaf to the year, and may give a district that has reached its target by September less
than an even chance. Counts of about 90 poor households keep 81 to 99%, by the chance of counting.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.plan.model import Cut, Plan
from helpers.poverty.reported import table_frame
from helpers.progress.assigned import rate_targets_of
from helpers.progress.drift import Outlook, trend
from helpers.progress.ground import open_ground
from helpers.progress.needs import expected_households, most_allowed
from helpers.progress.observations import Observation, Standing, year_end
from helpers.progress.pace import part_of_year, rounded
from helpers.progress.within_year import Mixture, Report, with_report

__all__ = ["LEAST_INTERVALS", "METHOD", "TRUST_EVEN", "TRUST_PATH", "year_end_forecast"]

LEAST_INTERVALS = 2
"""Fewer intervals between year-ends give no forecast."""
TRUST_EVEN, TRUST_PATH = 2, 10
"""How much the pace is trusted to say what part is recorded: even over the days, or by a path."""

METHOD = (
    "Tỷ lệ hộ nghèo được coi là mỗi năm thay đổi theo một tỷ lệ phần trăm không đổi, cộng với dao "
    "động ngẫu nhiên mà độ lớn ước lượng từ chính các năm đã qua (chuyển động Brown có xu hướng "
    "của lô-ga-rít tỷ lệ, phân phối Student). Tỷ lệ dự báo là mức mà khả năng cao hơn và thấp hơn "
    "bằng nhau. Khoảng dự báo tính cả việc xu hướng và mức dao động chỉ được ước lượng từ ít năm, "
    "nên càng ít số liệu thì khoảng càng rộng; nơi càng ít hộ nghèo cũng vậy, vì thêm bớt vài hộ "
    f"là chuyện ngẫu nhiên. Có dưới {LEAST_INTERVALS} khoảng giữa các số liệu cuối năm thì không "
    "dự báo, vì chưa thể biết tỷ lệ dao động nhiều hay ít. Trong năm, báo cáo mới nhất được dùng "
    "cùng với số liệu cuối các năm trước. Hộ thoát nghèo thường được ghi nhận dồn vào đợt rà soát "
    "cuối năm, nên không thể biết chắc báo cáo đã ghi nhận được bao nhiêu phần của mức giảm cả "
    "năm. Vì vậy, dự báo tính đến mọi khả năng về phần đã ghi nhận; khả năng nào gần với nhịp độ "
    "của kế hoạch và phù hợp với mức giảm của các năm trước thì được tính nặng hơn. Nhịp độ chia "
    "đều theo ngày chỉ được tin ít; nhịp độ mà kế hoạch ghi rõ cho từng ngày được tin nhiều hơn. "
    "Mức giảm còn lại đến cuối năm được tính tiếp từ tỷ lệ trong báo cáo, theo xu hướng các năm "
    "trước. Dự báo không biết những gì chưa từng xảy ra trong các năm đã qua, như thiên tai lớn "
    "hay thay đổi chuẩn nghèo."
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
    report = _report(stand)
    return {
        "as_of": stand.now.day.isoformat(),
        "horizon": end.isoformat(),
        "observations": len(stand.year_ends) + (report is not None),
        "rate_now": stand.now.rate,
        "level": Decimal(plan.progress.interval),
        **_paces(stand, cut),
        **(_blank(stand) or _foreseen(plan, stand, cut, report, end)),
    }


def _report(stand: Standing) -> Observation | None:
    """Return the latest report of the open year, where there are year-ends to read it by."""
    usable = stand.open and stand.now.reported and len(stand.year_ends) > LEAST_INTERVALS
    return stand.now if usable else None


def _log_rate(item: Observation) -> float:
    """Return the logarithm of the smoothed rate."""
    return math.log((item.poor + 0.5) / (item.households + 1))


def _blank(stand: Standing) -> Mapping[str, object] | None:
    """Return why there is no forecast, or None where there can be one."""
    intervals = len(stand.year_ends) - 1
    if intervals >= LEAST_INTERVALS:
        return None
    return {
        "reason": f"mới có {intervals} khoảng giữa các số liệu cuối năm, cần ít nhất "
        f"{LEAST_INTERVALS}"
    }


@dataclass(frozen=True)
class _Horizon:
    """What a forecast is about: the outlook for the logarithm, and the households by then."""

    outlook: Outlook | Mixture
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
        found = float(self.outlook.probability_below(bound))
        whole = _decimal(100 * found, "1")
        return min(max(whole, Decimal(1)), Decimal(99)) if 0 < found < 1 else whole


def _horizon(plan: Plan, stand: Standing, report: Observation | None, end: date) -> _Horizon:
    """Return what the year-ends and the report, where there is one, tell of a year-end."""
    years = [item.day.year for item in stand.year_ends]
    past = trend(years, [_log_rate(item) for item in stand.year_ends])
    households = expected_households(stand, end)
    if report is None:
        ahead = past.ahead(end.year - years[-1])
        return _Horizon(ahead.counted(math.exp(ahead.expected) * (households + 1)), households)
    pace = plan.progress.pace
    seen = Report(
        _log_rate(report),
        due=float(part_of_year(pace, stand.year, report.day)),
        trust=TRUST_PATH if any(point.day < end for point in pace) else TRUST_EVEN,
        passed=float(part_of_year((), stand.year, report.day)),
    )
    found = with_report(past, seen, then=report.households + 1, end=households + 1)
    return _Horizon(found, households)


def _foreseen(
    plan: Plan, stand: Standing, cut: Cut, report: Observation | None, end: date
) -> Mapping[str, object]:
    ahead = _horizon(plan, stand, report, end)
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

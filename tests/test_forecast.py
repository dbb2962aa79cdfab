"""The forecast of the year-end: worked numbers, its properties, and how often it holds."""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_samples import YEAR_ENDS, planned, province

from helpers.data.reading import DataSet
from helpers.plan.model import Plan
from helpers.progress.drift import outlook
from helpers.progress.forecast import LEAST_INTERVALS, METHOD, year_end_forecast

EARLIER = [
    ["Vinh", "2020", "9400", "1600", "0"],
    ["Vinh", "2021", "9600", "1400", "0"],
    ["Thái Hòa", "2020", "5000", "420", "0"],
    ["Thái Hòa", "2021", "5000", "350", "0"],
    ["Kỳ Sơn", "2020", "4000", "2100", "0"],
    ["Kỳ Sơn", "2021", "4000", "1980", "0"],
]
LEVEL = 0.8


def one(plan: Plan, data: DataSet, code: str = "412") -> pd.Series:
    """Return one area's row."""
    return year_end_forecast(plan, data).frame.set_index("area_code").loc[code]


def two_targets(plan: Plan, **progress: object) -> Plan:
    """Return the plan with a target for the province and for Vinh."""
    targets = ({"area": area, "cut": "1,0–1,5"} for area in ("province", "Vinh"))
    return planned(plan, *targets, **progress)


def test_the_outlook_by_hand() -> None:
    """0, −1, −3, −4,5 at whole years: drift −1,5; surprises 0,5, −0,5, 0; variance 0,5/2 = 0,25.

    A year ahead: −6, scale √(0,25·(1 + 1/3)) = 0,577; t for 80% with 2 degrees of freedom is 1,886
    (from a printed table), so −6 ± 1,089.
    """
    found = outlook([0, 1, 2, 3], [0.0, -1.0, -3.0, -4.5], 4)
    assert found.expected == pytest.approx(-6.0)
    assert found.scale == pytest.approx(math.sqrt(1 / 3))
    assert found.freedom == 2
    low, high = found.interval(LEVEL)
    assert (low, high) == (pytest.approx(-7.0887, abs=1e-3), pytest.approx(-4.9113, abs=1e-3))
    assert found.probability_below(-6.0) == pytest.approx(0.5)
    assert found.probability_below(high) == pytest.approx(0.9)


def test_a_year_to_come_by_hand(tmp_path: Path, shipped_plan: Plan) -> None:
    """Vinh from 2020 to 2023, by the standard library's logarithms and a printed table of t."""
    data = province(tmp_path, poverty=[*YEAR_ENDS, *EARLIER])
    row = one(two_targets(shipped_plan, as_of="2024-01-01"), data)
    logs = [
        math.log((poor + 0.5) / (households + 1))
        for households, poor in ((9400, 1600), (9600, 1400), (9800, 1200), (10_000, 1000))
    ]
    steps = [after - before for before, after in pairwise(logs)]
    middle = logs[-1] + statistics.mean(steps)
    poor = math.exp(middle) * 10_201  # 10.200 households are expected by then
    half = 1.8856 * math.sqrt(statistics.variance(steps) * (1 + 1 / 3) + 1 / (poor + 0.5))
    for column, value in (("low", middle - half), ("expected", middle), ("high", middle + half)):
        assert float(row[column]) == pytest.approx(100 * math.exp(value), abs=0.011), column
    assert (row["observations"], row["horizon"], row["reason"]) == (4, "2024-12-31", "")
    assert (row["as_of"], str(row["rate_now"]), str(row["level"])) == ("2023-12-31", "10.00", "80")


def test_paces_by_hand(tmp_path: Path, shipped_plan: Plan) -> None:
    """0,59 points in six months are 0,098 a month; the other 0,41 in six months 0,068 a month."""
    row = one(two_targets(shipped_plan), province(tmp_path))
    assert (str(row["pace_so_far"]), str(row["pace_needed"])) == ("0.098", "0.068")
    rising = one(two_targets(shipped_plan), province(tmp_path / "again"), "province")
    assert str(rising["pace_so_far"]) == "0.053"  # from 16,05% to 15,73% in six months


def test_too_few_observations_give_a_reason(tmp_path: Path, shipped_plan: Plan) -> None:
    """Two year-ends, and a report of a plan that states no path: no forecast, but why."""
    row = one(two_targets(shipped_plan), province(tmp_path))
    assert row[["expected", "low", "high", "probability_low"]].isna().all()
    assert row["reason"] == ("mới có 1 khoảng giữa các lần chốt số liệu dùng được, cần ít nhất 2")
    assert str(row["target_low"]) == "1"


def test_a_report_within_the_year_counts_only_by_a_path(tmp_path: Path, shipped_plan: Plan) -> None:
    """After three year-ends it is the fourth observation, timed by the path; after four none."""
    three = province(tmp_path / "three", poverty=[*YEAR_ENDS, EARLIER[1], EARLIER[3], EARLIER[5]])
    even, late = two_targets(shipped_plan), two_targets(shipped_plan, pace={"2024-07-01": 20})
    alone = one(even, three)
    assert (alone["reason"], alone["observations"]) == ("", 3)
    found = one(late, three)
    assert (found["reason"], found["observations"]) == ("", 4)
    assert found["high"] - found["low"] < alone["high"] - alone["low"]
    times, values = [2021, 2022, 2023, 2023.2], [(9600, 1400), (9800, 1200), (10_000, 1000)]
    logs = [math.log((poor + 0.5) / (n + 1)) for n, poor in [*values, (10_100, 950)]]
    middle = logs[-1] + (logs[-1] - logs[0]) / 2.2 * 0.8
    assert times[-1] - times[0] == pytest.approx(2.2)
    assert float(found["expected"]) == pytest.approx(100 * math.exp(middle), abs=0.011)
    four = province(tmp_path / "four", poverty=[*YEAR_ENDS, *EARLIER])
    columns = ["expected", "low", "high", "observations"]
    assert list(one(late, four)[columns]) == list(one(even, four)[columns])


def test_no_time_passes_on_a_path_that_has_not_begun(tmp_path: Path, shipped_plan: Plan) -> None:
    """A path that asks for nothing (or for all) by the day of the report gives it no time."""
    data = province(tmp_path, poverty=[*YEAR_ENDS, EARLIER[1], EARLIER[3], EARLIER[5]])
    for part in (0, 100):
        row = one(two_targets(shipped_plan, pace={"2024-07-01": part}), data)
        assert row["observations"] == 3


def test_when_the_year_is_measured_the_next_one_is_foreseen(
    shipped_plan: Plan, shipped_data: DataSet
) -> None:
    """The horizon is the next year-end, of which the plan knows no target."""
    frame = year_end_forecast(shipped_plan, shipped_data).frame
    assert set(frame["horizon"]) == {"2025-12-31"}
    assert set(frame["observations"]) == {4}
    assert frame[["target_low", "probability_low", "pace_needed"]].isna().all().all()
    assert (frame["reason"] == "").all()
    assert list(frame["area_code"][:5]) == [
        *("province", "mountains", "lowland", "poor_districts", "dtts"),
    ]
    row = frame.set_index("area_code").loc["province"]
    assert row["rate_now"] == Decimal("4.16")
    assert row["pace_so_far"] == Decimal("0.085")  # 1,02 points in twelve months


def test_the_level_is_the_plans(tmp_path: Path, shipped_plan: Plan) -> None:
    """A higher level gives a wider interval around the same middle."""
    data = province(tmp_path, poverty=[*YEAR_ENDS, *EARLIER])
    some, more = (one(two_targets(shipped_plan, interval=level), data) for level in (60, 95))
    assert some["expected"] == more["expected"]
    assert more["low"] < some["low"] < some["expected"] < some["high"] < more["high"]
    assert (str(some["level"]), str(more["level"])) == ("60", "95")


def test_probabilities_are_of_announced_cuts(tmp_path: Path, shipped_plan: Plan) -> None:
    """A target at the middle of the forecast has even chances; one beyond zero has none."""
    data = province(tmp_path, poverty=[*YEAR_ENDS, *EARLIER])
    expected = one(two_targets(shipped_plan), data)["expected"]
    cut = str(Decimal("10.00") - expected).replace(".", ",")
    row = one(
        planned(
            shipped_plan,
            {"area": "province", "cut": "1–2"},
            {"area": "Vinh", "cut": f"{cut}–10,5"},
        ),
        data,
    )
    assert 45 <= row["probability_low"] <= 55
    assert row["probability_high"] == 0
    assert row["probability_low"] == row["probability_low"].to_integral_value()


def test_nothing_uncertain_is_called_certain(tmp_path: Path, shipped_plan: Plan) -> None:
    """However small the chance, a table says 1 or 99 percent rather than 0 or 100."""
    data = province(tmp_path, poverty=[*YEAR_ENDS, *EARLIER])
    targets = {"area": "province", "cut": "1–2"}, {"area": "Vinh", "cut": "0,0–9,9"}
    row = one(planned(shipped_plan, *targets), data)
    assert 90 <= row["probability_low"] <= 99
    assert row["probability_high"] == 1


def test_a_district_without_poor_households_can_be_foreseen(
    tmp_path: Path, shipped_plan: Plan
) -> None:
    """The smoothed rate has a logarithm even at zero, and no rate is below 0 or above 100."""
    rows = [row if row[0] != "Vinh" else [*row[:3], "0", "0"] for row in [*YEAR_ENDS, *EARLIER]]
    row = one(two_targets(shipped_plan), province(tmp_path, poverty=rows))
    assert row["reason"] == ""
    assert 0 <= row["low"] <= row["expected"] <= row["high"] <= 1


def test_the_method_is_told_in_plain_words() -> None:
    """A brief's text says what is assumed, what is left out and why, without a formula."""
    for words in ("Student", "cuối năm", str(LEAST_INTERVALS), "càng ít số liệu", "nhịp độ"):
        assert words in METHOD
    assert METHOD.endswith(".")


@given(
    start=st.floats(-6, -0.5),
    steps=st.lists(st.floats(-0.5, 0.3), min_size=3, max_size=8),
    ahead=st.floats(0.05, 3),
    more=st.floats(0.05, 3),
)
def test_the_interval_holds_its_middle_and_widens(
    start: float, steps: list[float], ahead: float, more: float
) -> None:
    """The further ahead, the wider; the middle is always within."""
    values = np.cumsum([start, *steps])
    times = range(len(values))
    near = outlook(times, values, len(steps) + ahead)
    far = outlook(times, values, len(steps) + ahead + more)
    low, high = near.interval(LEVEL)
    lower, higher = far.interval(LEVEL)
    assert low <= near.expected <= high
    assert higher - lower >= high - low
    assert near.interval(0.95)[0] <= low


@pytest.mark.parametrize("as_of", ["", "2024-03-31", "2024-06-30", "2024-09-30"])
def test_every_row_is_in_order(as_of: str, shipped_plan: Plan, shipped_data: DataSet) -> None:
    """The printed interval holds the printed forecast, and the high end is the less likely."""
    targets = ({"area": item.area, "cut": item.text} for item in shipped_plan.targets)
    path = {"2024-03-31": 12, "2024-06-30": 35, "2024-09-30": 70}
    plan = planned(shipped_plan, *targets, as_of=as_of, pace=path)
    frame = year_end_forecast(plan, shipped_data).frame
    assert len(frame) == 26
    assert set(frame["reason"]) == {""}
    for row in frame.itertuples():
        assert 0 <= row.low <= row.expected <= row.high <= 100
        if as_of:
            assert 0 <= row.probability_high <= row.probability_low <= 100


DRAWS = 20_000
MARGIN = 4 * math.sqrt(0.8 * 0.2 / DRAWS)
"""Four standard errors of a simulated share of 80%: 1,1 points."""


def coverage(times: Sequence[float], paths: Any, later: float, truth: Any) -> float:
    """Return in what share of the simulated paths the interval of 80% holds what came."""
    low, high = outlook(times, paths, later).interval(LEVEL)
    return float(((low <= truth) & (truth <= high)).mean())


def yearly(steps: Any) -> tuple[Any, Any]:
    """Return paths from 0 by the steps, and their last values."""
    paths = np.concatenate([np.zeros((len(steps), 1)), steps.cumsum(axis=1)], axis=1)
    return paths[:, :-1], paths[:, -1]


@pytest.mark.parametrize("intervals", [2, 3, 4, 5, 6])
def test_coverage_under_the_model(intervals: int) -> None:
    """An interval of 80% holds the truth in 80% of cases, at even and at uneven dates."""
    draw = np.random.default_rng(2024 + intervals)
    for gaps in (np.ones(intervals + 1), draw.uniform(0.2, 1.5, intervals + 1)):
        noise = draw.normal(size=(DRAWS, intervals + 1)) * 0.08 * np.sqrt(gaps)
        paths, truth = yearly(-0.2 * gaps + noise)
        moments = np.concatenate([[0], gaps.cumsum()])
        share = coverage(moments[:-1], paths, moments[-1], truth)
        assert share == pytest.approx(LEVEL, abs=MARGIN)


@pytest.mark.parametrize("intervals", [3, 4, 5, 6])
def test_coverage_where_the_model_is_wrong(intervals: int) -> None:
    """Years that hang together and wild years cost some points of coverage; small counts none.

    Measured: years that resemble the one before (correlation 0,5) 75–76%, years that alternate
    81–83%, Student's t noise with 3 degrees of freedom 79–81%; about 90 poor households of 15.000
    counted whole 73–80% without the chance of counting, 86–93% with it.
    """
    draw = np.random.default_rng(7 + intervals)
    shape = (DRAWS, intervals + 1)
    found = {}
    for name, tie in (("alike", 0.5), ("alternating", -0.5)):
        noise = draw.normal(size=shape)
        for year in range(1, intervals + 1):
            fresh = math.sqrt(1 - tie**2) * noise[:, year]
            noise[:, year] = tie * noise[:, year - 1] + fresh
        found[name] = yearly(-0.2 + 0.08 * noise)
    found["wild"] = yearly(-0.2 + 0.05 * draw.standard_t(3, size=shape))
    paths, truth = yearly(-0.15 + 0.05 * draw.normal(size=shape))
    rates = np.exp(np.concatenate([paths, truth[:, None]], axis=1))
    counts = np.log((draw.poisson(90 * rates) + 0.5) / 15_001)
    found["counts"] = counts[:, :-1], counts[:, -1]
    times = range(intervals + 1)
    shares = {name: coverage(times, x, intervals + 1, y) for name, (x, y) in found.items()}
    ahead = outlook(times, counts[:, :-1], intervals + 1)
    low, high = ahead.counted(np.exp(ahead.expected) * 15_001).interval(LEVEL)
    honest = float(((low <= counts[:, -1]) & (counts[:, -1] <= high)).mean())
    assert 0.72 <= shares["alike"] <= 0.80
    assert 0.79 <= shares["alternating"] <= 0.86
    assert 0.77 <= shares["wild"] <= 0.83
    assert 0.70 <= shares["counts"] <= 0.83
    assert LEVEL <= honest <= 0.95


@pytest.mark.parametrize(("years", "noise"), [(3, 0.03), (3, 0.06), (5, 0.03), (5, 0.1)])
def test_a_season_spoils_reports_but_not_year_ends(years: int, noise: float) -> None:
    """With 10, 25 and 45% of a year's fall by each quarter, only year-ends keep the promise.

    Taken in by the calendar, the reports of three quarters bring coverage down to 2–60%. By a path
    that tells the season the latest report is safe, by one that promises too much (15, 35, 60%)
    it is not: the reason for which it stands in only where year-ends are too few.
    """
    season, promised = [0.10, 0.25, 0.45], [0.15, 0.35, 0.60]
    clock = np.array([*range(years + 1), *(years + part for part in (0.25, 0.5, 0.75)), years + 1])
    fallen = np.array([*range(years + 1), *(years + part for part in season), years + 1])
    draw = np.random.default_rng(99 + years)
    steps = draw.normal(size=(DRAWS, len(clock) - 1)) * noise * np.sqrt(np.diff(clock))
    steps += -0.2 * np.diff(fallen)
    paths, truth = yearly(steps)
    ends, end = paths[:, : years + 1], years + 1
    assert coverage(range(end), ends, end, truth) == pytest.approx(LEVEL, abs=MARGIN)
    assert coverage(clock[:-1], paths, end, truth) < 0.65

    def by_path(part: float) -> float:
        latest = np.concatenate([ends, paths[:, -1:]], axis=1)
        return coverage([*range(end), years + part], latest, end, truth)

    assert by_path(season[-1]) >= LEVEL
    assert by_path(promised[-1]) < by_path(season[-1])


def test_the_forecast_changes_nothing(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """The frames are left as they were, and the same inputs give the same table."""
    before = {name: frame.copy(deep=True) for name, frame in shipped_data.frames.items()}
    first = year_end_forecast(shipped_plan, shipped_data)
    again = year_end_forecast(shipped_plan, dataclasses.replace(shipped_data))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert all(before[name].equals(frame) for name, frame in shipped_data.frames.items())
    assert first.marks == ("illustrative", "unverified", "secondary")

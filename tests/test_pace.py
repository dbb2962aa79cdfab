"""Targets within the year: what is due by now, the four words, and what is still needed."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_samples import MIDDLE, YEAR_ENDS, planned, province, with_flows

from helpers.data.checks import check_data
from helpers.data.dataset import DataSet
from helpers.data.published import publish, published
from helpers.errors import InputRefused
from helpers.plan.model import PacePoint, Plan
from helpers.plan.values import pace
from helpers.progress.assigned import check_targets
from helpers.progress.forecast import year_end_forecast
from helpers.progress.needs import inflow_left
from helpers.progress.observations import Observation
from helpers.progress.pace import (
    AT_RISK,
    EXCEEDED,
    MISSED,
    REACHED,
    SLOW,
    UNKNOWN,
    due,
    judge,
    judge_within_year,
    judgement_rule,
    part_of_year,
    rounded,
)
from helpers.progress.targets import count_targets, target_progress
from helpers.rates import announced_rate

PATH = pace({"2024-06-30": 40, "2024-09-30": 70})
WORDS = [AT_RISK, SLOW, REACHED, EXCEEDED]
"""From the worst to the best."""

POINTS = st.integers(min_value=0, max_value=600).map(lambda n: Decimal(n) / 100)
DAYS = st.dates(date(2023, 12, 31), date(2024, 12, 31))


@st.composite
def paths(draw: st.DrawFn) -> tuple[PacePoint, ...]:
    """Return a pace of up to five points, as a plan may state it."""
    days = sorted(draw(st.sets(st.dates(date(2024, 1, 1), date(2024, 12, 30)), max_size=5)))
    parts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(days), max_size=len(days))))
    return tuple(PacePoint(day, Fraction(part)) for day, part in zip(days, parts, strict=True))


@pytest.mark.parametrize(
    ("points", "day", "wanted"),
    [
        ((), date(2024, 7, 1), Fraction(1, 2)),  # 183 of 366 days
        ((), date(2024, 9, 30), Fraction(274, 366)),
        (PATH, date(2024, 6, 30), Fraction(40, 100)),
        (PATH, date(2024, 3, 31), Fraction(20, 100)),  # 91 of the 182 days up to 30 June
        (PATH, date(2024, 8, 15), Fraction(55, 100)),  # 46 of the 92 days up to 30 September
        (PATH, date(2024, 11, 15), Fraction(85, 100)),  # 46 of the 92 days that are left
        (PATH, date(2023, 12, 31), Fraction(0)),
        (PATH, date(2024, 12, 31), Fraction(1)),
        (PATH, date(2025, 3, 1), Fraction(1)),
    ],
)
def test_part_of_the_year_by_hand(
    points: tuple[PacePoint, ...], day: date, wanted: Fraction
) -> None:
    """Evenly by days, or evenly between the days that the plan gives."""
    assert part_of_year(points, 2024, day) == wanted


@given(points=paths(), day=DAYS, later=st.integers(min_value=0, max_value=200))
def test_the_pace_never_goes_back(points: tuple[PacePoint, ...], day: date, later: int) -> None:
    """What is due grows from 0 to 1, and is at each given day what the plan says."""
    part = part_of_year(points, 2024, day)
    assert 0 <= part <= part_of_year(points, 2024, day + timedelta(days=later)) <= 1
    for point in points:
        assert part_of_year(points, 2024, point.day) == point.percent / 100


@pytest.mark.parametrize(
    ("cut", "low", "high", "word"),
    [
        ("1.13", "0.75", "1.12", EXCEEDED),
        ("1.12", "0.75", "1.12", REACHED),
        ("0.75", "0.75", "1.12", REACHED),
        ("0.74", "0.75", "1.12", SLOW),
        ("0.53", "0.75", "1.12", SLOW),  # 70% of 0,75 is 0,525
        ("0.52", "0.75", "1.12", AT_RISK),
        ("0.70", "1.00", "1.00", SLOW),  # exactly 70%
        ("0.69", "1.00", "1.00", AT_RISK),
        ("-0.01", "0.75", "1.12", AT_RISK),
        ("0", "0", "0", REACHED),
        ("0.01", "0", "0", EXCEEDED),
        ("-0.01", "0", "0", AT_RISK),
        ("0", "0", "0.50", REACHED),
        ("-0.01", "0", "0.50", AT_RISK),
    ],
)
def test_the_four_words_by_hand(cut: str, low: str, high: str, word: str) -> None:
    """Ends belong to the range, 70% of what is due is still only slow, a rise is at risk."""
    assert judge_within_year(Decimal(cut), Decimal(low), Decimal(high), 70) == word


@given(cut=st.integers(-300, 600), more=st.integers(0, 300), low=POINTS, wide=POINTS,
       limit=st.integers(0, 100))  # fmt: skip
def test_a_greater_cut_is_never_judged_worse(
    cut: int, more: int, low: Decimal, wide: Decimal, limit: int
) -> None:
    """The words are in order along the cut, whatever is due and wherever the limit stands."""
    words = [
        judge_within_year(Decimal(number) / 100, low, low + wide, limit)
        for number in (cut, cut + more)
    ]
    assert WORDS.index(words[0]) <= WORDS.index(words[1])


@given(cut=POINTS, low=POINTS, wide=POINTS, limit=st.integers(0, 100))
def test_at_the_year_end_both_rules_agree(
    cut: Decimal, low: Decimal, wide: Decimal, limit: int
) -> None:
    """When the whole is due, vượt and đạt are what they are at the year-end."""
    ends = Fraction(low), Fraction(low + wide)
    now = judge_within_year(cut, *(due(end, Fraction(1), 2) for end in ends), limit)
    last = judge(cut, *ends)
    assert now == last or (last == MISSED and now in (SLOW, AT_RISK))


@given(low=POINTS, wide=POINTS, points=paths(), day=DAYS)
def test_what_is_due_keeps_the_order_of_the_range(
    low: Decimal, wide: Decimal, points: tuple[PacePoint, ...], day: date
) -> None:
    """The low end due is never above the high end due, nor either above the whole."""
    part = part_of_year(points, 2024, day)
    lower, upper = (due(Fraction(end), part, 2) for end in (low, low + wide))
    assert 0 <= lower <= upper
    assert (lower, upper) <= (low, low + wide)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("1/8", "0.13"), ("-1/8", "-0.13"), ("2/3", "0.67"), ("0", "0.00"), ("5", "5.00")],
)
def test_halves_go_away_from_zero(value: str, wanted: str) -> None:
    """What is due is rounded as rates are announced."""
    assert str(rounded(Fraction(value), 2)) == wanted


def test_the_rule_is_told_with_its_limit() -> None:
    """A brief's sentence names the four words and the plan's own limit."""
    told = judgement_rule(65)
    assert "65%" in told
    assert all(f"“{word}”" in told.lower() for word in WORDS)


def test_half_a_year_by_hand(tmp_path: Path, shipped_plan: Plan) -> None:
    """Vinh in the middle of 2024, each number of its row to be checked with a pencil.

    Rate 1.000 of 10.000 = 10,00% at the start, 950 of 10.100 = 9,41% now: down 0,59. Of the target
    1,0–1,5 half is due: 0,50–0,75, so đạt. Households grew by 100 in half a year: 10.200 at its
    end, of which 9,00% may be poor. 918 are 9,00%, 919 are 9,01%: 950 − 918 = 32 to go. Last year
    10 + 20 + 70 = 100 came into poverty, 50 may do so in the half that is left: 82 must escape.
    """
    data = with_flows(province(tmp_path), 2023, {"Vinh": (10, 20, 70)})
    plan = planned(
        shipped_plan,
        {"area": "province", "cut": "1,0–1,5"},
        {"area": "Vinh", "cut": "1,0–1,5"},
    )
    frame = target_progress(plan, data).frame.set_index("area_code")
    row = frame.loc["412"]
    assert (row["baseline_year"], row["current_year"]) == (2023, 2024)
    assert (row["as_of"], str(row["elapsed"])) == ("2024-07-01", "50.00")
    assert (str(row["baseline_rate"]), str(row["current_rate"])) == ("10.00", "9.41")
    assert str(row["cut"]) == "0.59"
    assert (str(row["due_low"]), str(row["due_high"])) == ("0.50", "0.75")
    assert row["result"] == REACHED
    assert (row["households"], row["households_end"]) == (10_100, 10_200)
    assert (row["poor_households"], row["to_low"], row["to_high"]) == (950, 32, 83)
    assert (row["inflow"], row["gross_to_low"]) == (50, 82)
    province_row = frame.loc["province"]
    assert (province_row["inflow"], province_row["gross_to_low"]) == (None, None)


def test_three_districts_three_words(tmp_path: Path, shipped_plan: Plan) -> None:
    """0,59 of 0,50–0,75 is đạt; 0,10 of 0,12 is chậm; a rate that rose is at risk."""
    plan = planned(
        shipped_plan,
        {"area": "province", "cut": "1,0–1,5"},
        {"area": "lowland", "cut": "1,0–1,5"},
        {"area": "Thái Hòa", "cut": "0,23–0,5"},
        {"area": "poor_districts", "cut": "4,0–5,0"},
    )
    frame = target_progress(plan, province(tmp_path)).frame.set_index("area_code")
    assert list(frame.loc[["412", "414", "417"], "result"]) == [REACHED, SLOW, AT_RISK]
    assert str(frame.loc["414", "due_low"]) == "0.12"
    assert str(frame.loc["417", "cut"]) == "-0.25"


def test_a_path_asks_for_less_in_the_middle_of_the_year(tmp_path: Path, shipped_plan: Plan) -> None:
    """The same cut is ahead of a path that asks for 20% by then, and the figures say so."""
    target = {"area": "province", "cut": "1,0–1,5"}
    data = province(tmp_path)
    even = target_progress(planned(shipped_plan, target), data).frame.iloc[0]
    late = target_progress(planned(shipped_plan, target, pace={"2024-07-01": 20}), data).frame.iloc[
        0
    ]
    assert (even["cut"], even["result"]) == (late["cut"], AT_RISK)
    assert (str(late["elapsed"]), str(late["due_low"])) == ("20.00", "0.20")
    assert late["result"] == EXCEEDED


def test_figures_are_those_known_on_the_day(tmp_path: Path, shipped_plan: Plan) -> None:
    """`as_of` hides what came later: the year-end before July, the report before March."""
    closed = [
        ["Vinh", "2024", "10300", "880", "0"],
        ["Thái Hòa", "2024", "5000", "230", "0"],
        ["Kỳ Sơn", "2024", "4000", "1600", "0"],
    ]
    data = province(tmp_path, poverty=[*YEAR_ENDS, *closed])
    found = {
        as_of: target_progress(planned(shipped_plan, as_of=as_of), data).frame.iloc[0]
        for as_of in ("", "2024-12-31", "2024-12-30", "2024-07-01", "2024-06-30")
    }
    days = {as_of: (row["as_of"], row["current_year"]) for as_of, row in found.items()}
    assert days[""] == days["2024-12-31"] == ("2024-12-31", 2024)
    assert days["2024-12-30"] == days["2024-07-01"] == ("2024-07-01", 2024)
    assert days["2024-06-30"] == ("2023-12-31", 2023)
    last, nothing = found[""], found["2024-06-30"]
    assert (last["result"], last["households_end"], last["inflow"]) == (EXCEEDED, 19_300, 0)
    assert last["gross_to_low"] == last["to_low"] == 0
    assert (nothing["result"], nothing["cut"]) == (UNKNOWN, None)
    # Nothing newer is known: households grow as in 2023, by 200 in 365 days and so 201 in 366.
    assert nothing["households_end"] == 19_201


def test_a_day_without_all_districts_is_for_those_that_reported(
    tmp_path: Path, shipped_plan: Plan
) -> None:
    """The districts that reported are judged by it, no group is, and the checks say so."""
    data = province(tmp_path, poverty_periods=MIDDLE[:-1])
    plan = planned(
        shipped_plan,
        {"area": "province", "cut": "1,0–1,5"},
        {"area": "lowland", "cut": "1,0–1,5"},
        {"area": "mountains", "cut": "2,0–3,0"},
    )
    frame = target_progress(plan, data).frame.set_index("area_code")
    known = frame.index[frame["result"] != UNKNOWN]
    assert set(known) == {"412", "414"}
    checks = check_data(data, small_cell_threshold=0)
    (told,) = checks.loc[checks["check"] == "Báo cáo trong năm thiếu huyện", "message"]
    assert "2024-07-01: thiếu 1 huyện (Kỳ Sơn)" in told
    whole = check_data(province(tmp_path / "whole"), small_cell_threshold=0)
    assert list(whole.loc[whole["check"] == "Báo cáo trong năm thiếu huyện", "result"]) == ["khớp"]


@pytest.mark.parametrize("as_of", ["", "2024-09-30", "2024-06-30", "2024-03-31", "2024-01-05"])
def test_to_go_is_the_fewest_on_the_households_of_the_year_end(
    as_of: str, shipped_plan: Plan, shipped_data: DataSet
) -> None:
    """So many fewer poor households meet the target at the year-end; one less would not."""
    plan = planned(
        shipped_plan,
        *({"area": item.area, "cut": item.text} for item in shipped_plan.targets),
        as_of=as_of,
    )
    frame = target_progress(plan, shipped_data).frame
    assert len(frame) == 26
    for row in frame.itertuples():
        left = row.poor_households - row.to_low
        goal = row.baseline_rate - row.target_low
        assert announced_rate(left, row.households_end) <= goal or left == 0
        assert not row.to_low or announced_rate(left + 1, row.households_end) > goal
        assert row.to_high >= row.to_low
        if row.inflow is not None and row.to_low:
            assert row.gross_to_low == row.to_low + row.inflow


def test_inflow_of_groups_is_that_of_their_districts(
    shipped_plan: Plan, shipped_data: DataSet
) -> None:
    """From the latest review known on the day, scaled to the 92 of 366 days that are left."""
    plan = shipped_plan.model_copy(
        update={"progress": shipped_plan.progress.model_copy(update={"as_of": date(2024, 9, 30)})}
    )
    frame = target_progress(plan, shipped_data).frame.set_index("area_code")
    flows = shipped_data.review.districts(2, 2023)
    yearly = int(flows[["from_near_poor", "relapsed", "newly"]].to_numpy().sum())
    assert yearly > 0
    assert frame.loc["province", "inflow"] == int(Fraction(yearly * 92, 366) + Fraction(1, 2))
    assert frame.loc["dtts", "inflow"] is None


def test_those_who_fall_back_undo_a_target_that_seems_reached() -> None:
    """By the year-end none are left to fall; at its start a whole year's are."""
    first = Observation(date(2023, 12, 31), 100, 10)
    assert inflow_left(73, first, 2024) == 73
    assert inflow_left(73, dataclasses.replace(first, day=date(2024, 12, 31)), 2024) == 0
    assert inflow_left(73, dataclasses.replace(first, day=date(2024, 7, 1)), 2024) == 37


def test_targets_by_households(tmp_path: Path, shipped_plan: Plan) -> None:
    """100–140 poor households fewer: half is due by July, 50 have left, 50 are still to go."""
    plan = planned(
        shipped_plan,
        {"area": "province", "cut": "1,0–1,5", "households": "200"},
        {"area": "Vinh", "households": "100–140"},
    )
    result = count_targets(plan, province(tmp_path))
    frame = result.frame.set_index("area_code")
    vinh = frame.loc["412"]
    assert (vinh["baseline"], vinh["current"], vinh["cut"], vinh["to_low"]) == (1000, 950, 50, 50)
    assert (vinh["target_low"], vinh["target_high"]) == (100, 140)
    assert (vinh["due_low"], vinh["due_high"], vinh["result"]) == (50, 70, REACHED)
    whole = frame.loc["province"]
    assert (whole["cut"], whole["due_low"], whole["result"]) == (45, 100, AT_RISK)
    assert (whole["basis"], whole["status"]) == ("Toàn tỉnh", "unverified")
    assert result.marks == ("unverified",)


def test_a_target_by_households_does_not_judge_the_rate(tmp_path: Path, shipped_plan: Plan) -> None:
    """A district with only such a target of its own keeps its region's target for the rate."""
    plan = planned(
        shipped_plan,
        {"area": "province", "cut": "1,0–1,5"},
        {"area": "lowland", "cut": "0,2–0,4"},
        {"area": "Vinh", "households": "100"},
    )
    rates = target_progress(plan, province(tmp_path)).frame.set_index("area_code")
    assert (rates.loc["412", "basis"], str(rates.loc["412", "target_low"])) == ("Đồng bằng", "0.2")


def test_a_plan_without_such_targets_has_an_empty_table(
    shipped_plan: Plan, shipped_data: DataSet
) -> None:
    """The table is there with all its columns, and nothing in it."""
    frame = count_targets(shipped_plan, shipped_data).frame
    assert frame.empty
    assert {"area_code", "due_low", "to_low"} <= set(frame.columns)


def test_minorities_without_figures_are_refused(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """A target on minorities needs their whole counts at the start; the plan's line is named."""
    counts = shipped_data.dtts_poverty
    assert check_targets(shipped_plan, shipped_data) == []
    first = counts.index[counts["year"] == 2023][:1]
    for some in (counts.iloc[:0], counts[counts["year"] > 2023], counts.drop(first)):
        data = dataclasses.replace(shipped_data, dtts_poverty=some)
        for table in (target_progress, count_targets):
            with pytest.raises(InputRefused) as caught:
                table(shipped_plan, data)
            (problem,) = caught.value.problems
            assert "params/nghe-an-2024.yaml, dòng " in problem.where
            assert problem.where.endswith("khóa targets → dtts → area")
            assert "chưa có đủ số hộ dân tộc thiểu số cuối năm 2023" in problem.what
            assert "dtts_poverty" in problem.todo


def test_tables_of_an_open_year_come_back_as_they_went(
    tmp_path: Path, shipped_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is blank within the year is blank again, and the rest has its kind."""
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path / "out"))
    targets = ({"area": "province", "cut": "1,0–1,5", "households": 100},
               {"area": "Vinh", "cut": "1,0–1,5"})  # fmt: skip
    plan = planned(shipped_plan, *targets)
    data = with_flows(province(tmp_path / "data"), 2023, {"Vinh": (10, 20, 70)})
    for name, compute in (
        ("targets", target_progress),
        ("count_targets", count_targets),
        ("forecast", year_end_forecast),
    ):
        publish(name, compute(plan, data), plan.id)
    vinh = published("targets", plan.id).one(area_code="412")
    assert (vinh["gross_to_low"], vinh["due_low"], vinh["rank"]) == (82, Decimal("0.50"), 1)
    whole = published("targets", plan.id).one(area_code="province")
    assert (whole["inflow"], whole["rank"], whole["result"]) == (None, None, AT_RISK)
    assert published("count_targets", plan.id).one(area_code="province")["due_high"] == 50
    blank = published("forecast", plan.id).one(area_code="412")
    assert (blank["expected"], blank["pace_so_far"]) == (None, Decimal("0.098"))


def test_computing_changes_nothing(tmp_path: Path, shipped_plan: Plan) -> None:
    """The frames are left as they were handed over."""
    data = with_flows(province(tmp_path), 2023, {"Vinh": (1, 2, 3)})
    before = {name: frame.copy(deep=True) for name, frame in data.frames.items()}
    target_progress(planned(shipped_plan), data)
    assert all(before[name].equals(frame) for name, frame in data.frames.items())

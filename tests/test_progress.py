"""Targets: whose target holds, what was reached, how many households are still to go."""

from __future__ import annotations

import dataclasses
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.brief.reader import Brief
from helpers.data.catalogue import CATALOGUE
from helpers.data.dataset import DataSet
from helpers.data.published import Published, Result, publish, published
from helpers.plan.model import Plan
from helpers.progress.pace import AT_RISK, SLOW
from helpers.progress.risks import main_risks
from helpers.progress.targets import (
    EXCEEDED,
    MISSED,
    REACHED,
    UNKNOWN,
    households_to_go,
    judge,
    target_progress,
)
from helpers.rates import announced_rate


@pytest.mark.parametrize(
    ("cut", "wanted"),
    [
        ("0.99", MISSED),
        ("1.00", REACHED),
        ("1.50", REACHED),
        ("1.51", EXCEEDED),
        ("-0.20", MISSED),
    ],
)
def test_the_ends_of_a_range_belong_to_it(cut: str, wanted: str) -> None:
    """A cut of exactly the low or the high end reaches the target 1–1,5."""
    assert judge(Decimal(cut), Fraction(1), Fraction(3, 2)) == wanted


def test_households_to_go_by_hand() -> None:
    """10.000 households, 10,00% before, target 1 point: at most 900 (9,00%) may stay poor.

    9,00% is announced for up to 900 (9,004…% too: 900 of 10.000 is 9,00%, 901 is 9,01%), so with
    950 poor households 50 are still to go.
    """
    assert households_to_go(950, Decimal("10.00"), Fraction(1), 10_000) == 50
    assert households_to_go(900, Decimal("10.00"), Fraction(1), 10_000) == 0
    assert households_to_go(3, Decimal("0.20"), Fraction(1), 10_000) == 3


@given(
    households=st.integers(min_value=1, max_value=500_000),
    baseline=st.integers(min_value=0, max_value=6000),
    cut=st.integers(min_value=0, max_value=500),
    data=st.data(),
)
def test_households_to_go_are_the_fewest(
    households: int, baseline: int, cut: int, data: st.DataObject
) -> None:
    """So many fewer poor households reach the goal; one less would not."""
    poor = data.draw(st.integers(min_value=0, max_value=households))
    start, points = Decimal(baseline) / 100, Fraction(cut, 100)
    goal = start - Decimal(cut) / 100
    to_go = households_to_go(poor, start, points, households)
    left = poor - to_go
    assert left >= 0
    assert announced_rate(left, households) <= goal or left == 0
    if to_go:
        assert announced_rate(left + 1, households) > goal


def test_figures_of_a_row_can_be_checked_with_a_pencil(
    shipped_plan: Plan, shipped_data: DataSet
) -> None:
    """The cut is the difference of the two rates printed beside it, for every area."""
    frame = target_progress(shipped_plan, shipped_data).frame
    for row in frame.itertuples():
        assert row.cut == row.baseline_rate - row.current_rate
        assert row.current_rate == announced_rate(row.poor_households, row.households)
        assert (row.result == MISSED) == (row.to_low > 0)
        assert row.to_high >= row.to_low


def test_whose_target_holds(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """A district's own target comes first, then the poor districts', then its region's."""
    frame = target_progress(shipped_plan, shipped_data).frame.set_index("area_code")
    assert (frame.loc["414", "basis"], str(frame.loc["414", "target_high"])) == ("Thái Hòa", "0.3")
    assert (frame.loc["417", "basis"], str(frame.loc["417", "target_low"])) == (
        "Các huyện nghèo",
        "4",
    )
    assert frame.loc["425", "basis"] == "Đồng bằng"
    assert len(frame) == 26
    assert (frame.loc["dtts", "basis"], frame.loc["dtts", "status"]) == (
        "Đồng bào dân tộc thiểu số",
        "secondary",
    )


def test_before_the_year_ends_the_cut_is_open(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """With data only up to the baseline nothing is judged, and the whole way is still to go."""
    early = dataclasses.replace(
        shipped_data,
        poverty=shipped_data.poverty[shipped_data.poverty["year"] < 2024],
        dtts_poverty=shipped_data.dtts_poverty[shipped_data.dtts_poverty["year"] < 2024],
        poverty_periods=shipped_data.poverty_periods.iloc[:0],
    )
    frame = target_progress(shipped_plan, early).frame
    assert set(frame["result"]) == {UNKNOWN}
    assert frame["cut"].isna().all()
    assert (frame["to_low"] > 0).all()


def test_ranks_put_the_poorest_first(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """Rank 1 has the highest rate; groups have no rank."""
    frame = target_progress(shipped_plan, shipped_data).frame
    districts = frame[frame["group"] == "district"].sort_values("rank")
    assert list(districts["rank"]) == list(range(1, 22))
    assert list(districts["current_rate"]) == sorted(districts["current_rate"], reverse=True)
    assert set(frame.loc[frame["group"] != "district", "rank"]) == {""}


RISKS_READ = (
    "targets",
    "capital_by_project",
    "rules_in_force",
    "capital_by_district",
    "data_checks",
)


@pytest.fixture
def tables(shipped_brief: Brief) -> dict[str, Published]:
    """Return what the risks are read from."""
    return {name: shipped_brief.table(name) for name in RISKS_READ}


def _risks(tables: dict[str, Published]) -> pd.DataFrame:
    return main_risks(*(tables[name] for name in RISKS_READ)).frame.set_index("kind")


def test_risks_are_read_off_the_tables(tables: dict[str, Published]) -> None:
    """Who misses a target, how much is assumed, how much is concentrated: from the tables."""
    risks = _risks(tables)
    missed = tables["targets"].rows(group="district", result=MISSED)
    assert risks.loc["missed_district", "count"] == len(missed)
    assert risks.loc["missed_district", "households"] == missed["to_low"].sum()
    assert all(name in risks.loc["missed_district", "subject"] for name in missed["area"])
    assert risks.loc["assumed", "amount"] == 264_027 * 10**6
    assert (risks.loc["rules", "count"], risks.loc["rules", "amount"]) == (12, 603_736 * 10**6)
    poor = tables["capital_by_district"].rows(poor_district="yes")
    assert risks.loc["concentration", "amount"] == poor["total"].sum()
    assert list(risks["order"]) == list(range(1, len(risks) + 1))


def test_a_risk_that_is_not_there_has_no_row(tables: dict[str, Published]) -> None:
    """When every target is reached nobody is warned of a missed one."""
    targets = tables["targets"]
    good = dataclasses.replace(targets, content=targets.frame.assign(result=REACHED, to_low=0))
    risks = _risks(tables | {"targets": good})
    assert not {"missed_group", "missed_district"} & set(risks.index)


def test_within_the_year_only_what_is_at_risk_is_a_risk(tables: dict[str, Published]) -> None:
    """A target at risk is told like one that was missed; one that is slow can still be reached."""
    targets = tables["targets"]
    words = {"province": AT_RISK, "mountains": SLOW, "413": AT_RISK, "424": SLOW}
    result = [words.get(code, REACHED) for code in targets.frame["area_code"]]
    risks = _risks(
        tables
        | {"targets": dataclasses.replace(targets, content=targets.frame.assign(result=result))}
    )
    assert risks.loc["missed_group", "subject"] == "Toàn tỉnh"
    assert risks.loc["missed_district", "subject"] == "Cửa Lò"
    assert risks.loc["missed_district", "count"] == 1


def test_published_tables_come_back_as_they_went(tables: dict[str, Published]) -> None:
    """Money and counts are integers again, rates decimals, marks and inputs are kept."""
    project = tables["capital_by_project"].one(code="DA5")
    assert project["total"] == 79_240 * 10**6
    assert tables["targets"].one(area_code="province")["current_rate"] == Decimal("4.16")
    assert tables["capital_by_district"].marks == ("illustrative", "unverified", "secondary")
    assert "params/nghe-an-2024.yaml" in tables["capital_by_project"].inputs


def test_a_published_file_opens_in_excel(shipped_brief: Brief) -> None:
    """Every table is UTF-8 with a byte-order mark."""
    assert shipped_brief.output
    files = sorted((shipped_brief.output / "tables").glob("*.csv"))
    assert {path.stem for path in files} == set(CATALOGUE)
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in files)


def test_a_table_that_breaks_its_promise_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown names, missing columns and repeated keys are refused, and nothing is written."""
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    facts = pd.DataFrame({"group": ["a", "a"], "code": ["b", "b"], "value": ["", ""]})
    with pytest.raises(Exception, match="khóa bị lặp"):
        publish("plan_facts", Result(facts), "x")
    with pytest.raises(Exception, match="thiếu cột"):
        publish("plan_facts", Result(facts.drop(columns="value")), "x")
    with pytest.raises(Exception, match="Có phải là “plan_facts”"):
        publish("plan_fact", Result(facts), "x")
    assert not (tmp_path / "tables").exists()


def test_a_run_by_hand_is_a_draft_until_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published by hand, a table is read from the drafts; a later build's table comes first."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    monkeypatch.delenv("HELPERS_OUTPUT", raising=False)
    facts = pd.DataFrame({"group": ["plan"], "code": ["year"], "value": ["2024"]})
    publish("plan_facts", Result(facts), "thu")
    assert not (tmp_path / "reports" / "thu").exists()
    assert published("plan_facts", "thu").one(code="year")["value"] == "2024"
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path / "reports" / "thu"))
    publish("plan_facts", Result(facts.assign(value="2025")), "thu")
    monkeypatch.delenv("HELPERS_OUTPUT")
    table = tmp_path / "reports" / "thu" / "tables" / "plan_facts.csv"
    later = (tmp_path / "reports" / ".draft" / "thu" / "tables" / "plan_facts.csv").stat().st_mtime
    os.utime(table, (later + 1, later + 1))
    assert published("plan_facts", "thu").one(code="year")["value"] == "2025"

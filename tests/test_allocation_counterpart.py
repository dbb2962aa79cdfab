"""The counterpart: percent of the central capital, whole at every level and for every district."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.allocation.accounts.counterpart import (
    counterpart_by_district,
    counterpart_table,
    judge,
    levels_of,
    required_of,
    shares_of_districts,
)
from helpers.allocation.engine import Allocation, allocate
from helpers.data.dataset import DataSet
from helpers.plan.model import Plan
from helpers.plan.rules.model import MISSING, RuleSet

MILLION = 10**6
LEVELS = ["province", "district", "commune"]

Edit = Callable[[dict[str, Any]], None]


def allocation_with(plan: Plan, data: DataSet, edit: Edit) -> Allocation:
    """Return the shipped plan's allocation by its rules after an edit of their written form."""
    written = yaml.safe_load(plan.rule_set.path.read_text(encoding="utf-8"))
    edit(written)
    rules = RuleSet.model_validate({**written, "id": "edited", "path": plan.rule_set.path})
    return allocate(plan, data, rules)


def test_required_by_hand() -> None:
    """Lines share the rounded total: 10% of 33,4 and 26,6 triệu is 3,34 and 2,66, that is 3 and 3.

    Rounded one by one, 5% of 10, 10 and 10 triệu would be 1 each and 3 in all, for 1,5 triệu.
    """
    exact = {"a": Fraction(3_340_000), "b": Fraction(2_660_000)}
    assert required_of(exact, MILLION) == {"a": 3 * MILLION, "b": 3 * MILLION}
    halves = dict.fromkeys("abc", Fraction(500_000))
    assert required_of(halves, MILLION) == {"a": MILLION, "b": MILLION, "c": 0}


def test_nothing_is_required_of_nothing() -> None:
    """A percentage of zero asks for nothing, and so do lines whose sum rounds to zero."""
    assert required_of({"a": Fraction(0)}, 1) == {"a": 0}
    assert required_of({"a": Fraction(100), "b": Fraction(0)}, MILLION) == {"a": 0, "b": 0}


def test_levels_by_hand() -> None:
    """60, 30 and 10% of 3.513 triệu are 2.107,8, 1.053,9 and 351,3: 2.108, 1.054 and 351."""
    percents = {"province": Fraction(60), "district": Fraction(30), "commune": Fraction(10)}
    found = levels_of(3513 * MILLION, percents, MILLION)
    assert found == {
        "province": 2108 * MILLION,
        "district": 1054 * MILLION,
        "commune": 351 * MILLION,
    }


def test_a_level_without_percent_pays_nothing() -> None:
    """What the rule does not name is zero, not unknown."""
    found = levels_of(7 * MILLION, {"province": Fraction(100)}, MILLION)
    assert found == {"province": 7 * MILLION, "district": 0, "commune": 0}


def test_levels_wait_for_their_numbers() -> None:
    """Where a percentage says "chưa có", no level is given an amount."""
    assert set(levels_of(None, {"province": Fraction(100)}, 1).values()) == {None}
    half = {"province": Fraction(60), "district": MISSING}
    assert set(levels_of(100, half, 1).values()) == {None}


def test_judged_by_the_exact_amount() -> None:
    """Less than one rounding unit off is enough; one unit or more is short or beyond."""
    exact = Fraction(10_498_550_000)
    assert judge(10_498 * MILLION, exact, MILLION) == "đủ"
    assert judge(10_499 * MILLION, exact, MILLION) == "đủ"
    assert judge(10_497 * MILLION, exact, MILLION) == "thiếu"
    assert judge(10_500 * MILLION, exact, MILLION) == "vượt"
    assert judge(9 * MILLION, Fraction(10 * MILLION), MILLION) == "thiếu"
    assert judge(0, None, MILLION) == "chưa có tỷ lệ"


@given(
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 10**12), min_size=1),
    st.fractions(0, 100, max_denominator=20),
    st.sampled_from([1, 1000, MILLION]),
)
def test_lines_add_up_to_the_rounded_total(
    central: dict[str, int], percent: Fraction, unit: int
) -> None:
    """The lines' sum is percent × the whole capital, to half a rounding unit."""
    exact = {line: percent * amount / 100 for line, amount in central.items()}
    found = required_of(exact, unit)
    assert abs(sum(found.values()) - sum(exact.values())) <= Fraction(unit, 2)
    assert all(amount % unit == 0 and amount >= 0 for amount in found.values())
    if sum(found.values()) == sum(exact.values()):
        assert all(abs(found[line] - exact[line]) < unit for line in exact)


@given(
    st.integers(0, 10**13),
    st.lists(st.integers(0, 100), min_size=2, max_size=2).map(sorted),
    st.sampled_from([1, 1000, MILLION]),
)
def test_levels_add_up(required: int, cuts: list[int], unit: int) -> None:
    """Whatever the percents, the three levels add up exactly to what is required."""
    parts = (cuts[0], cuts[1] - cuts[0], 100 - cuts[1])
    percents = {level: Fraction(part) for level, part in zip(LEVELS, parts, strict=True)}
    found = levels_of(required, percents, unit)
    assert sum(amount or 0 for amount in found.values()) == required


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.text("abcd", min_size=1), st.integers(1, 10**12), min_size=1),
)
def test_districts_add_up(amount: int, central: dict[str, int]) -> None:
    """The districts' parts add up exactly to what their level must pay."""
    found = shares_of_districts(amount, central, 1000)
    assert sum(found.values()) == amount
    assert found.keys() == central.keys()


def test_a_type_by_hand(shipped_allocation: Allocation) -> None:
    """5% of 240.000 triệu of investment is 12.000 triệu, just what is planned."""
    frame = counterpart_table(shipped_allocation).frame
    row = frame[(frame["line"] == "total") & (frame["capital_type"] == "ĐTPT")].iloc[0]
    assert row["central"] == 240_000 * MILLION
    assert row["required"] == 12_000 * MILLION
    assert row["planned"] == 12_000 * MILLION
    assert row["difference"] == 0
    assert row["result"] == "đủ"
    assert str(row["percent"]) == "5.00"


def test_the_table_adds_up(shipped_allocation: Allocation) -> None:
    """Levels add up to the required amount in every row, lines to the total of their type."""
    frame = counterpart_table(shipped_allocation).frame
    assert (frame[LEVELS].sum(axis=1) == frame["required"]).all()
    assert (frame["planned"] - frame["required"] == frame["difference"]).all()
    lines, totals = frame[frame["line"] != "total"], frame[frame["line"] == "total"]
    columns = ["central", "required", *LEVELS, "planned", "difference"]
    sums = lines.groupby("capital_type")[columns].sum()
    for row in totals.itertuples():
        assert [getattr(row, name) for name in columns] == list(sums.loc[row.capital_type])
    plan = shipped_allocation.plan.funding_table
    assert set(totals["central"]) == {plan["NSTW", "ĐTPT"], plan["NSTW", "SN"]}


def test_districts_share_their_levels(shipped_allocation: Allocation) -> None:
    """Over all rows of a line the districts' and communes' budgets give their levels' amounts."""
    table = counterpart_table(shipped_allocation).frame
    frame = counterpart_by_district(shipped_allocation).frame
    parts = frame[frame["district_code"] != "total"]
    columns = ["central", "district_budget", "commune_budget"]
    sums = parts.groupby(["line", "capital_type"])[columns].sum()
    for row in table.itertuples():
        assert list(sums.loc[row.line, row.capital_type]) == [
            row.central,
            row.district,
            row.commune,
        ]
    totals = frame[frame["district_code"] == "total"]
    for row in totals.itertuples():
        assert [getattr(row, name) for name in columns] == list(
            sums.loc[row.line, row.capital_type]
        )
    assert (frame["district_budget"] + frame["commune_budget"] == frame["total"]).all()


def test_a_district_pays_for_its_own_capital(shipped_allocation: Allocation) -> None:
    """What agencies hold asks nothing of the districts: it stands in a row of its own."""
    frame = counterpart_by_district(shipped_allocation).frame
    cube = shipped_allocation.cube
    held = cube[(cube["line"] == "DA4-TDA1") & (cube["source"] == "NSTW")]
    agencies = held[held["level"] == "agency"].groupby("capital_type")["amount"].sum()
    rows = frame[(frame["line"] == "DA4-TDA1") & (frame["district_code"] == "others")]
    assert dict(zip(rows["capital_type"], rows["central"], strict=True)) == dict(agencies)
    poor = frame[(frame["line"] == "DA5") & (frame["district"] == "Kỳ Sơn")].iloc[0]
    assert abs(poor["district_budget"] - Fraction(3 * poor["central"], 100)) < 2 * MILLION


def test_a_rule_may_have_its_own(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """A rule's counterpart takes the rule set's place for its type, and for that line only."""

    def edit(written: dict[str, Any]) -> None:
        own = {"type": "SN", "of": "NSTW", "source": "NSĐP", "percent": 20}
        rule = next(rule for rule in written["rules"] if rule["lines"] == ["DA5"])
        rule["counterpart"] = [own | {"levels": {"district": 100}}]

    frame = counterpart_table(allocation_with(shipped_plan, shipped_data, edit)).frame
    rows = frame.set_index(["line", "capital_type"])
    assert rows.loc[("DA5", "SN"), "percent"] == 20
    assert rows.loc[("DA5", "SN"), "district"] == rows.loc[("DA5", "SN"), "required"]
    assert rows.loc[("DA2", "SN"), "percent"] == 10


def test_a_missing_percentage(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """Where a percentage says "chưa có" the row stays, its amounts empty, and so is its total."""

    def edit(written: dict[str, Any]) -> None:
        written["counterpart"][1]["percent"] = "chưa có"

    allocation = allocation_with(shipped_plan, shipped_data, edit)
    frame = counterpart_table(allocation).frame
    recurrent = frame[frame["capital_type"] == "SN"]
    assert set(recurrent["result"]) == {"chưa có tỷ lệ"}
    assert recurrent[["required", *LEVELS, "difference"]].isna().all(axis=None)
    assert recurrent["planned"].notna().all()
    assert set(counterpart_by_district(allocation).frame["capital_type"]) == {"ĐTPT"}


def test_without_a_counterpart(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """Rules that ask for none give empty tables with all their columns."""

    def edit(written: dict[str, Any]) -> None:
        del written["counterpart"]

    allocation = allocation_with(shipped_plan, shipped_data, edit)
    for table in (counterpart_table, counterpart_by_district):
        found = table(allocation).frame
        assert found.empty
        assert "required" in found or "district_budget" in found


@pytest.mark.parametrize("table", [counterpart_table, counterpart_by_district])
def test_keys_are_single(
    shipped_allocation: Allocation, table: Callable[[Allocation], Any]
) -> None:
    """No two rows say the same thing."""
    frame = table(shipped_allocation).frame
    key = ["line", "capital_type", "of", "source"]
    key += ["district_code"] if "district_code" in frame else []
    assert not frame.duplicated(key).any()

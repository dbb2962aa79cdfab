"""The allocation: exact at every margin, explained by criteria, independent of row order."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.allocation.engine import Allocation, Cell, allocate, criterion_values
from helpers.allocation.tables import (
    allocation_table,
    capital_by_district,
    capital_by_district_project,
    capital_by_project,
    district_lines,
    parameter_status,
    rounding_table,
)
from helpers.data.groups import districts_of
from helpers.data.reading import DataSet
from helpers.errors import InputRefused
from helpers.plan.loading import load_plan
from helpers.plan.model import Plan

ROOT = Path(__file__).parents[1]
MILLION = 10**6
POOR = {"415", "416", "417", "418"}

Edit = Callable[[dict[str, Any]], None]


def plan_with(folder: Path, edit: Edit) -> Plan:
    """Return the shipped plan after an edit of its written form."""
    source = ROOT / "params" / "nghe-an-2024.yaml"
    written = yaml.safe_load(source.read_text(encoding="utf-8"))
    edit(written)
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_plan(path)


def test_every_margin_is_exact(shipped_plan: Plan, shipped_allocation: Allocation) -> None:
    """Leaves add up to the total, to each funding cell, and to each known amount."""
    leaves = allocation_table(shipped_allocation).frame
    assert leaves["amount"].sum() == 603_736 * MILLION
    cells = leaves.groupby(["source", "capital_type"])["amount"].sum()
    assert dict(cells) == shipped_plan.funding_table
    lines = leaves.groupby("line")["amount"].sum()
    assert lines["DA5"] == 79_240 * MILLION
    assert lines["DA3-TDA1"] == 40_000 * MILLION
    for (line, capital_type), amount in shipped_allocation.lines.items():
        chosen = (leaves["line"] == line) & (leaves["capital_type"] == capital_type)
        assert leaves.loc[chosen, "amount"].sum() == amount


def test_money_goes_only_where_it_may(shipped_plan: Plan, shipped_allocation: Allocation) -> None:
    """Capital types and eligible districts of each line are respected; a line may get nothing."""
    leaves = allocation_table(shipped_allocation).frame
    for line in shipped_plan.lines:
        rows = leaves[leaves["line"] == line.code]
        assert set(rows["capital_type"]) <= set(line.capital_types)
        if line.eligible == "poor_districts":
            assert set(rows["district_code"]) == POOR
    assert "DA1-TDA2" not in set(leaves["line"])
    empty = capital_by_project(shipped_allocation).frame.set_index("code").loc["DA1-TDA2"]
    assert empty["total"] == 0
    assert empty["status"] == "không bố trí"


def test_investment_by_hand(shipped_allocation: Allocation) -> None:
    """252.000 triệu by 803,895 : 68,984 : 45,989, as a calculator has it.

    252.000 × 803,895 / 918,868 = 220.468,5…; × 68,984 = 18.918,8…; × 45,989 = 12.612,5…:
    whole parts 220.468 + 18.918 + 12.612 = 251.998, so two of them gain a million.
    """
    amounts = {
        code: amount // MILLION
        for (code, kind), amount in shipped_allocation.lines.items()
        if kind == "ĐTPT"
    }
    exact = {"DA1-TDA1": "803.895", "DA4-TDA1": "68.984", "DA4-TDA3": "45.989"}
    quotas = {code: 252_000 * Fraction(w) / Fraction("918.868") for code, w in exact.items()}
    assert {code: int(quota) for code, quota in quotas.items()} == {
        "DA1-TDA1": 220_468,
        "DA4-TDA1": 18_918,
        "DA4-TDA3": 12_612,
    }
    gains = sorted(quotas, key=lambda code: quotas[code] - int(quotas[code]), reverse=True)[:2]
    assert amounts == {code: int(quota) + (code in gains) for code, quota in quotas.items()}


def test_each_share_is_within_one_unit_of_the_exact_one(shipped_allocation: Allocation) -> None:
    """No district gets a million more or less than its criteria give it."""
    for cell, shared in shipped_allocation.shares.items():
        amount = shipped_allocation.cells[cell]
        for share in shared.shares:
            exact = amount * shipped_allocation.scores[cell.line][share.key]
            assert share.quota == exact
            assert abs(share.amount - exact) < MILLION
            assert share.amount % MILLION == 0


def test_scores_are_shares_of_one(shipped_allocation: Allocation) -> None:
    """The criteria of each line give its eligible districts parts that make exactly one."""
    for scores in shipped_allocation.scores.values():
        assert sum(scores.values()) == 1
        assert all(score >= 0 for score in scores.values())


def test_a_score_by_hand(shipped_allocation: Allocation, shipped_data: DataSet) -> None:
    """DA5 goes by housing need alone: Kỳ Sơn's part is its need over the four districts' need."""
    need = criterion_values("housing_need", shipped_data, 2023)
    wanted = need["417"] / sum(need[code] for code in POOR)
    assert shipped_allocation.scores["DA5"]["417"] == wanted


@settings(max_examples=10)
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_the_order_of_rows_decides_nothing(
    shipped_plan: Plan, shipped_data: DataSet, shipped_allocation: Allocation, seed: int
) -> None:
    """Shuffling every input table changes no amount."""
    shuffled = dataclasses.replace(
        shipped_data,
        **{
            name: getattr(shipped_data, name)
            .sample(frac=1, random_state=seed)
            .reset_index(drop=True)
            for name in ("districts", "communes", "poverty", "criteria")
        },
    )
    assert allocate(shipped_plan, shuffled).amounts() == shipped_allocation.amounts()


def test_equal_districts_share_by_the_tie_rule(tmp_path: Path, shipped_data: DataSet) -> None:
    """Four equal districts and 10 million: the two with the smaller codes get the odd millions."""

    def edit(written: dict[str, Any]) -> None:
        for project in written["projects"]:
            for item in project.get("subprojects", [project]):
                item.pop("split", None)
                item.pop("districts", None)
        written["capital"]["total"]["amount"] = "10 triệu"
        written["capital"]["funding"] = [
            {"source": "NSTW", "type": "SN", "amount": "10 triệu", "status": "unverified"}
        ]
        written["projects"][1]["split"] = {"SN": {"weight": 1, "status": "unverified"}}
        written["projects"][1]["districts"] = {
            "eligible": "poor_districts",
            "criteria": {"equal": 100},
            "status": "unverified",
        }

    allocation = allocate(plan_with(tmp_path, edit), shipped_data)
    shares = allocation.shares[Cell("DA2", "NSTW", "SN")].amounts
    assert {code: amount // MILLION for code, amount in shares.items()} == {
        "415": 3,
        "416": 3,
        "417": 2,
        "418": 2,
    }


def test_a_criterion_that_is_zero_everywhere_is_refused(
    shipped_plan: Plan, shipped_data: DataSet
) -> None:
    """Nothing is allocated by a criterion without values; the message names line and criterion."""
    empty = dataclasses.replace(shipped_data, criteria=shipped_data.criteria.assign(housing_need=0))
    with pytest.raises(InputRefused) as caught:
        allocate(shipped_plan, empty)
    (problem,) = caught.value.problems
    assert "DA5" in problem.where
    assert "hộ cần hỗ trợ nhà ở" in problem.what


def test_a_group_without_districts_is_refused(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """Where no district is poor, what is meant for poor districts has nowhere to go."""
    none = dataclasses.replace(
        shipped_data, districts=shipped_data.districts.assign(poor_district="no")
    )
    with pytest.raises(InputRefused) as caught:
        allocate(shipped_plan, none)
    assert {problem.where.split()[1] for problem in caught.value.problems} == {"DA1-TDA1", "DA5"}


def test_the_tables_agree_with_each_other(shipped_allocation: Allocation) -> None:
    """Project table, district table, matrix and district lines show the same totals."""
    projects = capital_by_project(shipped_allocation).frame.set_index("code")
    districts = capital_by_district(shipped_allocation).frame.set_index("district_code")
    matrix = capital_by_district_project(shipped_allocation).frame.set_index("district_code")
    lines = district_lines(shipped_allocation).frame
    total = 603_736 * MILLION
    assert projects.loc["total", "total"] == total
    assert projects.loc[projects["level"] == "project", "total"].sum() == total
    assert districts["total"].sum() == matrix.loc["total", "total"] == total
    for code in districts.index:
        assert districts.loc[code, "total"] == matrix.loc[code, "total"]
        rows = lines[lines["district_code"] == code].set_index("line")
        assert rows.loc["total", "total"] == districts.loc[code, "total"]
        assert rows.drop(index="total")["total"].sum() == districts.loc[code, "total"]
    for project in ("DA1", "DA2", "DA3", "DA4", "DA5", "DA6", "DA7"):
        assert matrix.loc["total", project] == projects.loc[project, "total"]
        parts = projects[projects.index.str.startswith(f"{project}-")]
        if len(parts):
            assert parts["total"].sum() == projects.loc[project, "total"]


def test_types_and_sources_both_split_the_total(shipped_allocation: Allocation) -> None:
    """In every row capital types add up to the total, and so do sources."""
    for frame in (
        capital_by_project(shipped_allocation).frame,
        capital_by_district(shipped_allocation).frame,
    ):
        assert (frame["ĐTPT"] + frame["SN"] == frame["total"]).all()
        assert (frame["NSTW"] + frame["NSĐP"] == frame["total"]).all()


def test_rounding_is_told_for_every_leaf(shipped_allocation: Allocation) -> None:
    """Whole part and gain make the amount, and gains are whole units."""
    frame = rounding_table(shipped_allocation).frame
    assert (frame["floor"] + frame["gained"] == frame["amount"]).all()
    assert set(frame["gained"]) <= {0, MILLION}
    assert len(frame) == len(allocation_table(shipped_allocation).frame)


def test_what_is_not_verified_says_so(shipped_allocation: Allocation) -> None:
    """Tables carry the marks of what they rest on; district tables confess the made data."""
    assert capital_by_project(shipped_allocation).marks == ("unverified", "secondary")
    assert "illustrative" in capital_by_district(shipped_allocation).marks
    statuses = set(parameter_status(shipped_allocation).frame["status"])
    assert statuses == {"đã đối chiếu", "nguồn thứ cấp", "chưa kiểm chứng"}


@pytest.mark.parametrize(
    ("group", "number"), [("all", 21), ("mountains", 11), ("lowland", 10), ("poor_districts", 4)]
)
def test_groups_of_districts(shipped_data: DataSet, group: str, number: int) -> None:
    """The groups have the members that the province's map gives them."""
    assert len(districts_of(group, shipped_data.districts)) == number


def test_the_order_of_source_rows_in_a_file_decides_nothing(
    tmp_path: Path, shipped_allocation: Allocation, shipped_plan: Plan
) -> None:
    """A folder whose CSV rows stand upside down gives the same allocation."""
    from helpers.data.reading import read_data

    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "nghe-an-2024", folder)
    for path in folder.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        frame.iloc[::-1].to_csv(path, index=False, encoding="utf-8-sig")
    assert allocate(shipped_plan, read_data(folder)).amounts() == shipped_allocation.amounts()

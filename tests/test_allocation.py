"""The plan's allocation: exact at every margin, explained by rules, independent of row order."""

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

from helpers.allocation.accounts.explain import explain
from helpers.allocation.accounts.tables import (
    agency_lines,
    allocation_table,
    capital_by_district,
    capital_by_district_project,
    capital_by_project,
    commune_lines,
    district_lines,
    not_allocated,
    pots_table,
)
from helpers.allocation.accounts.trail import (
    coefficients,
    parameter_status,
    rounding_table,
    rules_in_force,
)
from helpers.allocation.engine import Allocation, allocate
from helpers.allocation.model import Cell
from helpers.allocation.worksheet import judge_unit
from helpers.data.dataset import DataSet
from helpers.data.groups import districts_of
from helpers.data.reading import read_data
from helpers.errors import InputRefused
from helpers.plan.loading import load_plan
from helpers.plan.model import Plan
from helpers.plan.rules.model import RuleSet

ROOT = Path(__file__).parents[1]
MILLION = 10**6
POOR = {"415", "416", "417", "418"}

Edit = Callable[[dict[str, Any]], None]
Written = dict[str, Any]


def written(name: str) -> Written:
    """Return a file of params/ as it is written."""
    return yaml.safe_load((ROOT / "params" / name).read_text(encoding="utf-8"))


def plan_with(folder: Path, edit: Edit, edit_rules: Edit | None = None) -> Plan:
    """Return the shipped plan after edits of its written form and of its rules'."""
    plan, rules = written("nghe-an-2024.yaml"), written("rules/nghe-an-2024.yaml")
    edit(plan)
    (edit_rules or (lambda _: None))(rules)
    plan["rules"] = str(folder / "rules.yaml")
    for name, content in (("plan.yaml", plan), ("rules.yaml", rules)):
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")
    return load_plan(folder / "plan.yaml")


def only(line: str, amount: str, rule: Written) -> tuple[Edit, Edit]:
    """Return the edits by which one line gets all the money, and by this rule alone."""

    def plan(content: Written) -> None:
        for project in content["projects"]:
            for item in project.get("subprojects", [project]):
                item.pop("split", None)
                if item["code"] == line:
                    item["split"] = {"SN": {"weight": 1, "status": "unverified"}}
        content["capital"]["total"]["amount"] = amount
        content["capital"]["funding"] = [
            {"source": "NSTW", "type": "SN", "amount": amount, "status": "unverified"}
        ]

    def rules(content: Written) -> None:
        basis = {"document": "Thử"}
        content["rules"] = [{"lines": [line], "basis": basis, "status": "unverified", **rule}]
        content["counterpart"] = []

    return plan, rules


def test_every_margin_is_exact(shipped_plan: Plan, shipped_allocation: Allocation) -> None:
    """Leaves add up to the total, to each funding cell, and to each known amount."""
    leaves = allocation_table(shipped_allocation).frame
    assert leaves["amount"].sum() == 603_736 * MILLION
    cells = leaves.groupby(["source", "capital_type"])["amount"].sum()
    assert dict(cells) == shipped_plan.funding_table
    lines = leaves.groupby("line")["amount"].sum()
    assert lines["DA5"] == 79_240 * MILLION
    assert lines["DA3-TDA1"] == 40_000 * MILLION
    pots = leaves.groupby(["line", "source", "capital_type"])["amount"].sum()
    for cell, amount in shipped_allocation.pots.items():
        assert pots.get((cell.line, cell.source, cell.capital_type), 0) == amount
    for (line, capital_type), amount in shipped_allocation.lines.items():
        chosen = (leaves["line"] == line) & (leaves["capital_type"] == capital_type)
        assert leaves.loc[chosen, "amount"].sum() == amount


def test_each_district_is_its_communes(shipped_allocation: Allocation) -> None:
    """What a district gets from a line that goes on to communes is what its communes get."""
    for (cell, parent), portion in shipped_allocation.portions.items():
        if parent:
            outer = shipped_allocation.portions[cell, ""]
            place = outer.scores.units.codes.index(parent)
            assert portion.total == outer.shared.amounts[place] == portion.shared.amounts.sum()
            assert set(portion.scores.units.parents) == {parent}
    shared = {(cell, parent) for cell, parent in shipped_allocation.portions if parent}
    assert len(shared) == 2 * 21


def test_money_goes_only_where_it_may(shipped_plan: Plan, shipped_allocation: Allocation) -> None:
    """Capital types and eligible districts of each line are respected; a line may get nothing."""
    leaves = allocation_table(shipped_allocation).frame
    for line in shipped_plan.lines:
        rows = leaves[leaves["line"] == line.code]
        assert set(rows["capital_type"]) <= set(line.capital_types)
    for line in ("DA1-TDA1", "DA5"):
        assert set(leaves.loc[leaves["line"] == line, "district_code"]) == POOR
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


def test_an_agency_by_hand(shipped_allocation: Allocation) -> None:
    """Sở LĐTBXH gets 30% of DA4-TDA1's central recurrent capital: 0,3 × 36.746 = 11.023,8."""
    cell = Cell("DA4-TDA1", "NSTW", "SN")
    assert shipped_allocation.pots[cell] == 36_746 * MILLION
    (agency,) = [item for item in shipped_allocation.distribution.fixed if item.cell == cell]
    assert (agency.unit_code, agency.amount) == ("SLĐTBXH", 11_024 * MILLION)
    assert shipped_allocation.portions[cell, ""].total == 25_722 * MILLION


def test_each_amount_follows_from_its_worksheet(shipped_allocation: Allocation) -> None:
    """Coefficients worked out one by one give every amount, within a unit or at its bound.

    The worksheet goes its own way: one unit, one criterion after the other, in fractions.
    """
    for portion in shipped_allocation.portions.values():
        units, shared = portion.scores.units, portion.shared
        worked = [judge_unit(portion.sharing, units, i).coefficient for i in range(len(units))]
        assert worked == [portion.scores.coefficients.at(i) for i in range(len(units))]
        free = [i for i in range(len(units)) if shared.bound[i] == 0]
        rest = portion.total - sum(
            int(shared.amounts[i]) for i in range(len(units)) if i not in free
        )
        whole = sum(worked[i] for i in free)
        for i in free:
            exact = rest * worked[i] / whole
            assert Fraction(int(shared.numerators[i]), shared.denominator) == exact
            assert abs(int(shared.amounts[i]) - exact) < portion.unit
            assert shared.amounts[i] % MILLION == 0


def test_the_floor_by_hand(shipped_allocation: Allocation) -> None:
    """DA2 has a floor of 400 triệu a district over both sources, in proportion to them.

    400 × 69.410 / 79.048 = 351,2 and 400 × 9.638 / 79.048 = 48,7: 351 and 49 triệu.
    """
    bounds = {}
    for source in ("NSTW", "NSĐP"):
        shared = shipped_allocation.portions[Cell("DA2", source, "SN"), ""].shared
        bounds[source] = {int(a) // MILLION for a in shared.amounts[shared.bound != 0]}
    assert bounds == {"NSTW": {351}, "NSĐP": {49}}


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
            for name in (
                "districts",
                "communes",
                "poverty",
                "criteria",
                "commune_poverty",
                "commune_criteria",
            )
        },
    )
    pd.testing.assert_frame_equal(allocate(shipped_plan, shuffled).cube, shipped_allocation.cube)


def test_equal_districts_share_by_the_tie_rule(tmp_path: Path, shipped_data: DataSet) -> None:
    """Four equal districts and 10 million: the two with the smaller codes get the odd millions."""
    sharing = {"eligible": "poor_districts", "criteria": [{"column": "equal", "per_unit": 1}]}
    edits = only("DA2", "10 triệu", {"districts": sharing})
    allocation = allocate(plan_with(tmp_path, *edits), shipped_data)
    portion = allocation.portions[Cell("DA2", "NSTW", "SN"), ""]
    amounts = dict(zip(portion.scores.units.codes, portion.shared.amounts // MILLION, strict=True))
    assert amounts == {"415": 3, "416": 3, "417": 2, "418": 2}
    assert set(rounding_table(allocation).frame["tied"]) == {"có"}


def test_what_nobody_can_take_stands_by_itself(tmp_path: Path, shipped_data: DataSet) -> None:
    """Four districts capped at 2 of 10 million, 10% kept back: 1 + 1 million are not allocated."""
    sharing = {
        "eligible": "poor_districts",
        "criteria": [{"column": "poor_households", "per_unit": 1}],
        "cap": "2 triệu",
    }
    reserve = {"percent": 10, "reason": "dự phòng thiên tai"}
    edits = only("DA2", "10 triệu", {"districts": sharing, "reserve": reserve})
    allocation = allocate(plan_with(tmp_path, *edits), shipped_data)
    left = not_allocated(allocation).frame
    assert dict(zip(left["reason"], left["amount"] // MILLION, strict=True)) == {
        "dự phòng thiên tai": 1,
        "các đơn vị được phân bổ đều đã đạt mức trần": 1,
    }
    assert allocation.cube["amount"].sum() == 10 * MILLION
    matrix = capital_by_district_project(allocation).frame.set_index("district_code")
    assert matrix.loc["unplaced", "total"] == matrix.loc["unplaced", "DA2"] == 2 * MILLION
    assert matrix.loc["total", "total"] == 10 * MILLION
    projects = capital_by_project(allocation).frame.set_index("code")
    assert projects.loc["DA2", "unplaced"] == projects.loc["total", "unplaced"] == 2 * MILLION


def test_a_pot_of_the_rule_comes_before_the_weights(tmp_path: Path, shipped_data: DataSet) -> None:
    """A rule that takes 15% of a source's capital for its line leaves the rest to the weights.

    15% of 308.850 triệu is 46.327,5, whole millions 46.327; of 42.886 it is 6.432,9: 6.432.
    """

    def plan(content: Written) -> None:
        del content["projects"][1]["split"]

    def rules(content: Written) -> None:
        (rule,) = [rule for rule in content["rules"] if rule["lines"] == ["DA2"]]
        rule["pots"] = [{"source": s, "type": "SN", "percent": 15} for s in ("NSTW", "NSĐP")]

    allocation = allocate(plan_with(tmp_path, plan, rules), shipped_data)
    assert allocation.lines["DA2", "SN"] == (46_327 + 6_432) * MILLION
    cube = allocation.cube
    assert cube["amount"].sum() == 603_736 * MILLION
    assert cube.loc[cube["line"] == "DA5", "amount"].sum() == 79_240 * MILLION


def test_a_criterion_that_is_zero_everywhere_is_refused(
    shipped_plan: Plan, shipped_data: DataSet
) -> None:
    """Nothing is allocated by a criterion without values; the message names line and criterion."""
    empty = dataclasses.replace(shipped_data, criteria=shipped_data.criteria.assign(housing_need=0))
    with pytest.raises(InputRefused) as caught:
        allocate(shipped_plan, empty)
    (problem,) = caught.value.problems
    assert problem.where == "params/rules/nghe-an-2024.yaml, quy tắc DA5"
    assert "“Hộ cần hỗ trợ nhà ở” bằng 0 ở mọi đơn vị" in problem.what


def test_a_group_without_districts_is_refused(shipped_plan: Plan, shipped_data: DataSet) -> None:
    """Where no district is poor, what is meant for poor districts has nowhere to go."""
    none = dataclasses.replace(
        shipped_data, districts=shipped_data.districts.assign(poor_district="no")
    )
    with pytest.raises(InputRefused) as caught:
        allocate(shipped_plan, none)
    assert [str(problem) for problem in caught.value.problems] == [
        f"params/rules/nghe-an-2024.yaml, quy tắc {line}: không có đơn vị nào thuộc diện được phân "
        "bổ → sửa điều kiện ở khóa eligible"
        for line in ("DA1-TDA1", "DA5")
    ]


def test_another_rule_set_shares_the_same_pots(
    shipped_plan: Plan, shipped_data: DataSet, shipped_allocation: Allocation, other_rules: RuleSet
) -> None:
    """By other rules the lines keep their money, and units get other amounts."""
    other = allocate(shipped_plan, shipped_data, other_rules)
    assert other.pots == shipped_allocation.pots
    assert other.cube["amount"].sum() == shipped_allocation.cube["amount"].sum()
    assert not other.cube.equals(shipped_allocation.cube)


def test_the_tables_agree_with_each_other(shipped_allocation: Allocation) -> None:
    """Project table, district table, matrix and district lines show the same totals."""
    projects = capital_by_project(shipped_allocation).frame.set_index("code")
    districts = capital_by_district(shipped_allocation).frame.set_index("district_code")
    matrix = capital_by_district_project(shipped_allocation).frame.set_index("district_code")
    lines = district_lines(shipped_allocation).frame
    total = 603_736 * MILLION
    assert projects.loc["total", "total"] == total
    assert projects.loc[projects["level"] == "project", "total"].sum() == total
    agencies = agency_lines(shipped_allocation).frame
    by_agency = agencies[agencies["line"] == "total"]
    assert districts["total"].sum() + by_agency["total"].sum() == total
    assert matrix.loc["total", "total"] == total
    assert matrix.drop(index="total")["total"].sum() == total
    for row in by_agency.itertuples():
        assert matrix.loc[row.agency_code, "total"] == row.total
    communes = commune_lines(shipped_allocation).frame.groupby("district_code")["amount"].sum()
    for code in districts.index:
        assert districts.loc[code, "total"] == matrix.loc[code, "total"]
        rows = lines[lines["district_code"] == code].set_index("line")
        assert rows.loc["total", "total"] == districts.loc[code, "total"]
        assert rows.drop(index="total")["total"].sum() == districts.loc[code, "total"]
        assert communes[code] == rows.loc["DA2", "total"]
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
    """Whole part and gain make the amount, gains are whole units, and no leaf is left out."""
    frame = rounding_table(shipped_allocation).frame
    assert (frame["floor"] + frame["gained"] == frame["amount"]).all()
    assert set(frame["gained"]) <= {0, MILLION}
    cube = allocation_table(shipped_allocation).frame
    leaves = cube[cube["level"].isin(["district", "commune"])]
    told = frame.set_index(["line", "source", "capital_type", "unit_code"])["amount"]
    for row in leaves.itertuples():
        assert told[row.line, row.source, row.capital_type, row.unit_code] == row.amount


def test_every_coefficient_is_told(shipped_allocation: Allocation) -> None:
    """Each line's units have their criteria and, last, the coefficient; parts make 100%."""
    frame = coefficients(shipped_allocation).frame
    for (line, code), rows in frame.groupby(["line", "unit_code"]):
        assert list(rows["part"])[-1] == "total", (line, code)
        assert list(rows["order"]) == list(range(1, len(rows) + 1))
    da5 = frame[(frame["line"] == "DA5") & (frame["part"] == "criterion")]
    assert set(da5["unit_code"]) == POOR
    assert abs(float(da5["points"].map(float).sum()) - 100) < 1e-5


def test_rules_in_force_say_basis_and_trust(shipped_allocation: Allocation) -> None:
    """Every funded line has its rule with basis and status; none of its numbers is missing."""
    frame = rules_in_force(shipped_allocation).frame
    funded = {cell.line for cell, amount in shipped_allocation.pots.items() if amount}
    assert set(frame["line"]) == funded
    assert (frame["missing"] == 0).all()
    assert frame["basis"].str.len().gt(0).all()
    da2 = frame.set_index(["line", "level"]).loc[("DA2", "district")]
    assert "từ 45% trở lên: 60 điểm" in da2["criteria"]
    assert "vùng núi cao: 1,2" in da2["criteria"]
    assert da2["limits"] == "sàn 400 triệu đồng"


def test_what_is_not_verified_says_so(shipped_allocation: Allocation) -> None:
    """Tables carry the marks of what they rest on; district tables confess the made data."""
    assert capital_by_project(shipped_allocation).marks == ("unverified", "secondary")
    assert "illustrative" in capital_by_district(shipped_allocation).marks
    statuses = set(parameter_status(shipped_allocation).frame["status"])
    assert statuses == {"đã đối chiếu", "nguồn thứ cấp", "chưa kiểm chứng"}


def test_pots_tell_what_came_off_the_top(tmp_path: Path, shipped_data: DataSet) -> None:
    """100 triệu: 10 earmarked, 5 kept back, 10% of 85 to an agency; the units share 76 or 77.

    10% of 85 is 8,5: the million left over goes to the larger part, the units'.
    """
    rule = {
        "districts": {"eligible": "all", "criteria": [{"column": "equal", "per_unit": 1}]},
        "agencies": [{"agency": "BDT", "percent": 10}],
        "reserve": {"percent": 5, "reason": "dự phòng"},
        "earmarks": [
            {"name": "Cầu treo", "unit": "Kỳ Sơn", "source": "NSTW", "type": "SN",
             "amount": "10 triệu"}
        ],
    }  # fmt: skip
    allocation = allocate(plan_with(tmp_path, *only("DA2", "100 triệu", rule)), shipped_data)
    frame = pots_table(allocation).frame
    told = [(row.kind, row.name, row.unit, row.amount // MILLION) for row in frame.itertuples()]
    assert told == [
        ("pot", "khoản vốn", "", 100),
        ("earmark", "Cầu treo", "Kỳ Sơn", 10),
        ("reserve", "dự phòng", "", 5),
        ("agency", "phần của sở, ngành", "Ban Dân tộc", 8),
        ("shared", "các đơn vị chia theo hệ số", "", 77),
    ]
    assert frame.loc[1, "district_code"] == "417"
    text = explain(allocation, "DA2", "Kỳ Sơn").text
    assert "khoản vốn 100 triệu đồng, trừ Cầu treo 10 triệu đồng, dự phòng 5 triệu đồng" in text
    assert "các đơn vị chia G = 77 triệu đồng" in text
    assert "khoản cố định “Cầu treo” → **10 triệu đồng**" in text


def test_a_rule_of_every_kind_is_told_in_words(tmp_path: Path, shipped_data: DataSet) -> None:
    """What is taken off the top, who shares, classes, bounds and rounding: all in one row."""
    sharing = {
        "eligible": [{"column": "poor_rate", "from": 20}],
        "criteria": [
            {"name": "Nhóm", "highest": [{"column": "equal", "per_unit": 3}]},
            {
                "column": "poor_rate",
                "steps": {
                    "from": 20,
                    "under": 0,
                    "points": 1,
                    "beyond": 30,
                    "every": 10,
                    "add": "0,5",
                },
            },
        ],
        "classes": [{"below": 4, "points": 1}, {"name": "loại I", "from": 4, "points": 2}],
        "method": "sainte_lague",
        "reason": "không ai bị giảm khi vốn tăng",
        "ties": "code",
        "cap": "60%",
        "rounding_unit": "10 triệu",
    }
    rule = {
        "districts": sharing,
        "agencies": [{"agency": "BDT", "percent": 10}],
        "reserve": {"percent": 5, "reason": "dự phòng"},
        "earmarks": [
            {"name": "Mô hình", "unit": "SNNPTNT", "source": "NSTW", "type": "SN",
             "amount": "20 triệu"}
        ],
    }  # fmt: skip
    plan = plan_with(tmp_path, *only("DA2", "1.000 triệu", rule))
    (told,) = rules_in_force(allocate(plan, shipped_data)).frame.to_dict("records")
    assert told["agencies"] == (
        "Mô hình: Sở Nông nghiệp và Phát triển nông thôn 20 triệu đồng; giữ lại 5% (dự phòng); "
        "Ban Dân tộc 10%"
    )
    assert told["eligible"] == "tỷ lệ hộ nghèo từ 20% trở lên"
    assert told["criteria"] == (
        "nhóm: cao nhất của chia đều (3 điểm mỗi đơn vị); tỷ lệ hộ nghèo (từ 20%: 1 điểm; trên "
        "30%, mỗi 10% thêm 0,5 điểm); xếp loại theo tổng điểm: dưới 4: hệ số 1, loại I (từ 4 trở "
        "lên): hệ số 2"
    )
    assert told["limits"] == (
        "trần 60% khoản vốn; làm tròn đến 10 triệu đồng; làm tròn theo Sainte-Laguë (không ai bị "
        "giảm khi vốn tăng); khi bằng nhau: đơn vị có mã nhỏ hơn được trước"
    )


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
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "nghe-an-2024", folder)
    for path in folder.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        frame.iloc[::-1].to_csv(path, index=False, encoding="utf-8-sig")
    cube = allocate(shipped_plan, read_data(folder)).cube
    pd.testing.assert_frame_equal(cube, shipped_allocation.cube)

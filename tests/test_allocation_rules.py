"""The rule engine: what a rule says is what units get, to the đồng, whatever their order."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_samples import MILLION, Row, rows, rule_set, sharings, units

from helpers.allocation.batch import prepare
from helpers.allocation.cube import cube_frame
from helpers.allocation.distribution import distribute
from helpers.allocation.model import Cell, Distribution
from helpers.allocation.worksheet import judge_unit
from helpers.errors import InputRefused
from helpers.plan.rules.model import RuleSet

CENTRAL, LOCAL = Cell("DA2", "NSTW", "SN"), Cell("DA2", "NSĐP", "SN")
EQUAL = {"eligible": "all", "criteria": [{"column": "equal", "per_unit": 1}]}
pots = st.builds(
    lambda one, other: {CENTRAL: one, LOCAL: other},
    st.integers(1, 10**12),
    st.integers(0, 10**11),
)


def shared(
    rules: RuleSet, table: list[Row], money: dict[Cell, int], unit: int = MILLION
) -> Distribution:
    """Share pots over districts."""
    return distribute(rules, money, {"district": units(table)}, unit)


def amounts(found: Distribution, cell: Cell = CENTRAL) -> dict[str, int]:
    """Return what each unit gets from a pot."""
    portion = found.portions[cell, ""]
    return dict(zip(portion.scores.units.names, portion.shared.amounts.tolist(), strict=True))


def refusal(rules: RuleSet, table: list[Row], money: dict[Cell, int] | None = None) -> list[str]:
    """Return what the engine says is wrong."""
    with pytest.raises(InputRefused) as caught:
        shared(rules, table, money or {CENTRAL: 10 * MILLION})
    return [str(problem) for problem in caught.value.problems]


@settings(max_examples=60)
@given(sharing=sharings, table=rows, money=pots, unit=st.sampled_from([1, 1000, MILLION]))
def test_every_pot_is_accounted_for(
    sharing: dict[str, Any], table: list[Row], money: dict[Cell, int], unit: int
) -> None:
    """Agencies, reserve, units and what is left add up to each pot, whatever the rule."""
    rule = {
        "districts": sharing,
        "agencies": [{"agency": "S1", "percent": "12,5"}, {"agency": "Sở Hai", "percent": 30}],
        "reserve": {"percent": 3, "reason": "dự phòng"},
    }
    cube = cube_frame(shared(rule_set(rule), table, money, unit), 2024)
    for cell, amount in money.items():
        assert cube.loc[cube["source"] == cell.source, "amount"].sum() == amount
    assert (cube["amount"] >= 0).all()
    assert not cube.duplicated(["source", "unit_code", "reason"]).any()


@settings(max_examples=60)
@given(sharing=sharings, table=rows, money=pots, seed=st.integers(0, 10**6))
def test_the_order_of_rows_decides_nothing(
    sharing: dict[str, Any], table: list[Row], money: dict[Cell, int], seed: int
) -> None:
    """Shuffled units give the same cube, ties included."""
    rules = rule_set({"districts": sharing})
    shuffled = list(table)
    random.Random(seed).shuffle(shuffled)
    one, other = (cube_frame(shared(rules, t, money), 2024) for t in (table, shuffled))
    assert one.equals(other)


@settings(max_examples=80)
@given(sharing=sharings, table=rows)
def test_the_worksheet_comes_to_the_same_coefficient(
    sharing: dict[str, Any], table: list[Row]
) -> None:
    """Fractions, unit by unit, and whole arrays agree on every form of criterion."""
    portion = shared(rule_set({"districts": sharing}), table, {CENTRAL: MILLION}).portions[
        CENTRAL, ""
    ]
    for place in range(len(table)):
        scored = judge_unit(portion.sharing, portion.scores.units, place)
        assert scored.points == portion.scores.points.at(place)
        assert scored.coefficient == portion.scores.coefficients.at(place)
        parts = [part.at(place) for part in portion.scores.criteria]
        assert [step.points for step in scored.criteria] == parts


@settings(max_examples=60)
@given(sharing=sharings, table=rows, money=st.integers(1, 10**12))
def test_quota_holds_by_largest_remainder(
    sharing: dict[str, Any], table: list[Row], money: int
) -> None:
    """Without bounds each amount is less than one rounding unit from G·X/ΣX."""
    rules = rule_set({"districts": sharing | {"method": "largest_remainder"}})
    portion = shared(rules, table, {CENTRAL: money}).portions[CENTRAL, ""]
    x = [portion.scores.coefficients.at(i) for i in range(len(table))]
    for amount, own in zip(portion.shared.amounts.tolist(), x, strict=True):
        assert abs(amount - money * own / sum(x)) < MILLION


@settings(max_examples=60)
@given(
    sharing=sharings,
    table=rows,
    floor=st.integers(0, 50),
    room=st.integers(0, 100_000),
    spare=st.integers(0, 10**12),
    local=st.integers(1, 10**9),
)
def test_floor_and_cap_hold_for_a_unit_in_all(
    sharing: dict[str, Any], table: list[Row], floor: int, room: int, spare: int, local: int
) -> None:
    """Over all sources together nobody gets less than the floor or more than the cap."""
    # Enough for every floor's part in each source, rounded up to whole millions.
    enough = (floor + 1) * MILLION * len(table)
    money = {CENTRAL: enough + spare, LOCAL: enough + local}
    bounds = {"floor": f"{floor} triệu", "cap": f"{floor + room} triệu"}
    cube = cube_frame(shared(rule_set({"districts": sharing | bounds}), table, money), 2024)
    by_unit = cube[cube["level"] == "district"].groupby("unit_code")["amount"].sum()
    assert (by_unit >= floor * MILLION).all()
    assert (by_unit <= (floor + room) * MILLION).all()
    assert cube["amount"].sum() == sum(money.values())


@settings(max_examples=40)
@given(sharing=sharings, table=rows, money=st.integers(1, 10**12))
def test_equal_units_get_equal_amounts(
    sharing: dict[str, Any], table: list[Row], money: int
) -> None:
    """Two units alike in every figure are at most one rounding unit apart."""
    twin = {**table[0], "name": "Sinh đôi", "code": "zz", "parent": "zz"}
    found = amounts(shared(rule_set({"districts": sharing}), [*table, twin], {CENTRAL: money}))
    assert abs(found["Sinh đôi"] - found[str(table[0]["name"])]) <= MILLION


@settings(max_examples=40)
@given(
    sharing=sharings, table=rows, totals=st.lists(st.integers(0, 10**12), min_size=1, max_size=4)
)
def test_many_scenarios_give_what_one_gives(
    sharing: dict[str, Any], table: list[Row], totals: list[int]
) -> None:
    """A batch of scenarios and one allocation after the other agree to the đồng."""
    rules, level = rule_set({"districts": sharing}), {"district": units(table)}
    batch = prepare(rules, [CENTRAL], level, MILLION).run(np.asarray([[t] for t in totals]))
    for place, total in enumerate(totals):
        if total:
            found = distribute(rules, {CENTRAL: total}, level, MILLION)
            alone = found.portions[CENTRAL, ""].shared.amounts.tolist()
            assert batch[place, 0].tolist() == alone
        else:
            assert not batch[place].any()


def test_a_scenario_may_weigh_criteria_otherwise() -> None:
    """Rate 3 points, number 1 point a household: at 200% and 50% the points are 6 and 0,5.

    A: 3 + 10 = 13 and B: 3 + 30 = 33 of 46; weighed anew 6 + 5 = 11 and 6 + 15 = 21 of 32.
    """
    table = [{"name": "A", "rate": 5, "number": 10}, {"name": "B", "rate": 5, "number": 30}]
    sharing = {
        "eligible": "all",
        "criteria": [
            {"column": "rate", "bands": [{"below": 10, "points": 3}, {"from": 10, "points": 9}]},
            {"column": "number", "per_unit": 1},
        ],
    }
    batch = prepare(rule_set({"districts": sharing}), [CENTRAL], {"district": units(table)}, 1)
    factors = {"DA2": np.asarray([[100, 100], [200, 50]])}
    found = batch.run(np.asarray([[460], [320]]), factors)
    assert found[:, 0, :].tolist() == [[130, 330], [110, 210]]


def test_earmarks_reserve_and_agencies_by_hand() -> None:
    """100 triệu: 10 earmarked for B, 5% reserve = 5; of 85 left Sở Một 20% = 17, units share 68.

    A and B share alike: 34 each, B has its 10 besides.
    """
    rule = {
        "districts": EQUAL,
        "agencies": [{"agency": "S1", "percent": 20}],
        "reserve": {"percent": 5, "reason": "dự phòng"},
        "earmarks": [
            {"name": "Trạm y tế", "unit": "B", "source": "NSTW", "type": "SN", "amount": "10 triệu"}
        ],
    }
    table = [{"name": "A"}, {"name": "B"}]
    cube = cube_frame(shared(rule_set(rule), table, {CENTRAL: 100 * MILLION}), 2024)
    found = {row.unit: row.amount // MILLION for row in cube.itertuples()}
    assert found == {"Sở Một": 17, "A": 34, "B": 44, "Chưa phân bổ": 5}


def test_a_second_stage_by_hand() -> None:
    """District A gets 30 of 40 triệu and shares them 2 : 1 among its communes; B has but one."""
    districts = [
        {"name": "A", "number": 3, "parent": "A"},
        {"name": "B", "number": 1, "parent": "B"},
    ]
    communes = [
        {"name": "A1", "parent": "A", "number": 2},
        {"name": "A2", "parent": "A", "number": 1},
        {"name": "B1", "parent": "B", "number": 1},
    ]
    by_number = {"eligible": "all", "criteria": [{"column": "number", "per_unit": 1}]}
    rules = rule_set({"districts": by_number, "communes": by_number})
    levels = {"district": units(districts), "commune": units(communes, "commune")}
    cube = cube_frame(distribute(rules, {CENTRAL: 40 * MILLION}, levels, MILLION), 2024)
    assert set(cube["level"]) == {"commune"}
    found = {(row.district, row.unit): row.amount // MILLION for row in cube.itertuples()}
    assert found == {("A", "A1"): 20, ("A", "A2"): 10, ("B", "B1"): 10}


@settings(max_examples=60)
@given(
    money=pots,
    weights=st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=4), min_size=1, max_size=4),
    bound=st.sampled_from(
        [
            {},
            {"cap": "3 triệu"},
            {"minimum_lot": {"amount": "40 triệu", "action": "drop"}},
            {"minimum_lot": {"amount": "900.000 triệu", "action": "drop"}},
        ]
    ),
)
def test_two_stages_account_for_every_pot(
    money: dict[Cell, int], weights: list[list[int]], bound: dict[str, Any]
) -> None:
    """Communes, districts that keep their part and what got stuck add up to the pot, once each."""
    districts = [
        {"name": f"H{i}", "parent": f"H{i}", "number": sum(own)} for i, own in enumerate(weights)
    ]
    communes = [
        {"name": f"X{i}{j}", "parent": f"H{i}", "number": number}
        for i, own in enumerate(weights)
        for j, number in enumerate(own)
    ]
    by_number = {"eligible": "all", "criteria": [{"column": "number", "per_unit": 1}]}
    rules = rule_set({"districts": by_number, "communes": by_number | bound})
    levels = {"district": units(districts), "commune": units(communes, "commune")}
    cube = cube_frame(distribute(rules, money, levels, MILLION), 2024)
    for cell, amount in money.items():
        assert cube.loc[cube["source"] == cell.source, "amount"].sum() == amount
    assert not cube[cube["level"] == "district"]["amount"].any()


def test_an_earmark_for_a_commune_counts_in_its_district() -> None:
    """10 triệu for commune A1 stand with A1 and its district beside what the rule gives it."""
    rule = {
        "districts": EQUAL,
        "communes": EQUAL,
        "earmarks": [
            {"name": "Chợ", "unit": "A1", "source": "NSTW", "type": "SN", "amount": "10 triệu"}
        ],
    }
    levels = {
        "district": units([{"name": "A"}]),
        "commune": units([{"name": "A1", "parent": "A"}, {"name": "A2", "parent": "A"}], "commune"),
    }
    found = distribute(rule_set(rule), {CENTRAL: 30 * MILLION}, levels, MILLION)
    cube = cube_frame(found, 2024).set_index("unit")
    assert dict(cube["amount"] // MILLION) == {"A1": 20, "A2": 10}
    assert set(cube["district_code"]) == {"A"}


def test_a_district_without_eligible_communes_is_refused() -> None:
    """Money that reached a district must find a commune there; the message names the district."""
    by_number = {"eligible": "all", "criteria": [{"column": "equal", "per_unit": 1}]}
    inner = by_number | {"eligible": [{"column": "khu_vuc", "is": "III"}]}
    levels = {
        "district": units([{"name": "A", "parent": "A"}, {"name": "B", "parent": "B"}]),
        "commune": units(
            [
                {"name": "A1", "parent": "A", "khu_vuc": "III"},
                {"name": "B1", "parent": "B", "khu_vuc": "I"},
            ],
            "commune",
        ),
    }
    rules = rule_set({"districts": by_number, "communes": inner})
    with pytest.raises(InputRefused) as caught:
        distribute(rules, {CENTRAL: 10 * MILLION}, levels, MILLION)
    (problem,) = caught.value.problems
    assert problem.what == "không có xã nào của B thuộc diện được phân bổ"


def test_conditions_choose_units() -> None:
    """Words, numbers within ends, names and alternatives decide who shares."""
    table = [
        {"name": "A", "rate": 45, "region": "highland"},
        {"name": "B", "rate": 30, "region": "highland"},
        {"name": "C", "rate": 60, "region": "lowland"},
        {"name": "D", "rate": 10, "region": "lowland"},
    ]
    cases: list[tuple[Any, set[str]]] = [
        ([{"column": "region", "is": "highland"}], {"A", "B"}),
        ([{"column": "region", "not": ["highland"]}], {"C", "D"}),
        ([{"column": "rate", "from": 30, "below": 60}], {"A", "B"}),
        ([{"column": "rate", "above": 30, "to": 60}], {"A", "C"}),
        ([{"names": ["a", "D"]}], {"A", "D"}),
        (
            [{"one_of": [{"column": "rate", "from": 60}, {"column": "region", "is": "highland"}]}],
            {"A", "B", "C"},
        ),
        ([{"column": "region", "is": "highland"}, {"column": "rate", "from": 40}], {"A"}),
    ]
    for eligible, wanted in cases:
        rules = rule_set({"districts": EQUAL | {"eligible": eligible}})
        assert set(amounts(shared(rules, table, {CENTRAL: 12 * MILLION}))) == wanted


def test_small_shares_are_left_out_by_the_lot() -> None:
    """Lot 20 triệu of 100: C's 10 triệu fall away, A and B share 2 : 1; a lot of 90 leaves nobody.

    With nobody left the pot stands as not allocated with the reason.
    """
    table = [{"name": n, "number": v} for n, v in (("A", 6), ("B", 3), ("C", 1))]
    sharing = {"eligible": "all", "criteria": [{"column": "number", "per_unit": 1}]}
    lot = {"minimum_lot": {"amount": "20 triệu", "action": "drop"}}
    found = amounts(shared(rule_set({"districts": sharing | lot}), table, {CENTRAL: 100 * MILLION}))
    assert {name: amount // MILLION for name, amount in found.items()} == {"A": 67, "B": 33, "C": 0}
    high = {"minimum_lot": {"amount": "101 triệu", "action": "drop"}}
    left = shared(rule_set({"districts": sharing | high}), table, {CENTRAL: 100 * MILLION})
    (unplaced,) = left.unplaced
    assert (unplaced.amount, unplaced.reason) == (
        100 * MILLION,
        "không đơn vị nào đạt mức giao tối thiểu",
    )


def test_a_tie_is_decided_by_the_stated_rule_and_told() -> None:
    """5 triệu by 1 : 3 are 1,25 and 3,75; 2 triệu are 0,5 and 1,5, and the rule gives the million.

    The larger weight first: B; the smaller weight first, or the smaller code first: A.
    """
    table = [{"name": "A", "number": 1}, {"name": "B", "number": 3}]
    sharing = {"eligible": "all", "criteria": [{"column": "number", "per_unit": 1}]}
    wanted = {"larger": [0, 2], "smaller": [1, 1], "code": [1, 1]}
    for ties, expected in wanted.items():
        rules = rule_set({"districts": sharing | {"ties": ties}})
        found = shared(rules, table, {CENTRAL: 2 * MILLION})
        assert [a // MILLION for a in amounts(found).values()] == expected, ties
        assert found.portions[CENTRAL, ""].shared.tied.tolist() == [True, True]
    clear = shared(rule_set({"districts": sharing}), table, {CENTRAL: 5 * MILLION})
    assert clear.portions[CENTRAL, ""].shared.tied.tolist() == [False, False]


BANDS = [{"below": 10, "points": 1}, {"from": 10, "points": 3}]


@pytest.mark.parametrize(
    ("sharing", "row", "wanted"),
    [
        (
            {"criteria": [{"column": "rate", "bands": BANDS}]},
            {"rate": None},
            "thu.csv, params/rules/thu.yaml, quy tắc DA2: chưa có giá trị “Tỷ lệ (rate)” của X → "
            "điền số liệu, hoặc sửa điều kiện eligible",
        ),
        (
            {"criteria": [{"column": "rate", "bands": BANDS}]},
            {"rate": Fraction(-1)},
            "thu.csv, params/rules/thu.yaml, quy tắc DA2: “Tỷ lệ (rate)” âm ở X → sửa số liệu",
        ),
        (
            {"criteria": [{"column": "rate", "bands": BANDS}]},
            {"rate": 101},
            "thu.csv, params/rules/thu.yaml, quy tắc DA2: “Tỷ lệ (rate)” lớn hơn 100% ở X → sửa "
            "số liệu",
        ),
        (
            {"criteria": [{"column": "rato", "per_unit": 1}]},
            {"rate": 1},
            "params/rules/thu.yaml, quy tắc DA2: số liệu không có cột “rato” → có phải là “rate”?",
        ),
        (
            {"criteria": [{"column": "region", "lookup": {"highland": 2}}]},
            {"region": "đảo"},
            "params/rules/thu.yaml, quy tắc DA2: lookup của “Vùng” không có loại đảo → thêm loại "
            "này vào lookup, hoặc thêm otherwise",
        ),
        (
            {"criteria": [{"column": "region", "per_unit": 2}]},
            {"region": "highland"},
            "params/rules/thu.yaml, quy tắc DA2: cột “region” là cột chữ, không phải cột số → dùng "
            "lookup cho cột này",
        ),
        (
            {"criteria": [{"column": "rate", "bands": [{"to": 50, "points": 1}]}]},
            {"rate": 60},
            "params/rules/thu.yaml, quy tắc DA2: “Tỷ lệ” của X không thuộc khoảng nào → thêm "
            "khoảng cho giá trị này, hoặc sửa số liệu",
        ),
        (
            {"criteria": [{"column": "rate", "bands": "chưa có"}]},
            {"rate": 60},
            "params/rules/thu.yaml, quy tắc DA2: còn 1 số “chưa có”: DA2 → districts → tiêu chí "
            "“rate” → bands → điền số theo văn bản; khi còn thiếu thì chưa phân bổ được",
        ),
        (
            {"criteria": [{"column": "number", "per_unit": 1}], "floor": "6 triệu"},
            {"number": 1},
            "mức sàn",
        ),
        ({"criteria": [{"column": "number", "per_unit": 1}]}, {"number": 0}, "bằng 0"),
        (
            {"criteria": EQUAL["criteria"], "eligible": [{"names": ["Vinh"]}]},
            {"number": 0},
            "params/rules/thu.yaml, quy tắc DA2: không có đơn vị “Vinh” trong số liệu → sửa tên ở "
            "khóa eligible → names",
        ),
        (
            {"criteria": EQUAL["criteria"], "eligible": [{"column": "number", "from": 5}]},
            {"number": 0},
            "params/rules/thu.yaml, quy tắc DA2: không có đơn vị nào thuộc diện được phân bổ → sửa "
            "điều kiện ở khóa eligible",
        ),
    ],
)
def test_what_cannot_be_shared_is_refused(
    sharing: dict[str, Any], row: dict[str, Any], wanted: str
) -> None:
    """Missing, negative or absurd values and impossible rules: file, rule, unit, what to do."""
    table = [{"name": "X", **row}, {"name": "Y", **{**row, "rate": 5}}]
    if "rate" not in row:
        table = [{"name": "X", **row}, {"name": "Y", **row}]
    (said,) = refusal(rule_set({"districts": {"eligible": "all", **sharing}}), table)
    assert wanted in said


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Two lines with two different mistakes give two messages, and nothing is allocated."""
    bad = [
        {"lines": [line], "basis": {"document": "x"}, "status": "unverified", "districts": sharing}
        for line, sharing in (
            ("DA1", {"eligible": "all", "criteria": [{"column": "nothing", "per_unit": 1}]}),
            ("DA2", {"eligible": "all", "criteria": [{"column": "number", "share": 100}]}),
        )
    ]
    money = {Cell("DA1", "NSTW", "SN"): MILLION, CENTRAL: MILLION, Cell("DA9", "NSTW", "SN"): 1}
    said = refusal(rule_set({}, rules=bad), [{"name": "X", "number": 0}], money)
    assert [line.split(":")[0] for line in said] == [
        f"params/rules/thu.yaml, quy tắc {line}" for line in ("DA1", "DA2", "DA9")
    ]


def test_what_comes_off_the_top_may_not_exceed_the_pot() -> None:
    """Earmarks of 11 from a pot of 10 are refused with the excess."""
    rule = {
        "districts": EQUAL,
        "earmarks": [
            {"name": "Cầu", "unit": "X", "source": "NSTW", "type": "SN", "amount": "11 triệu"}
        ],
    }
    (said,) = refusal(rule_set(rule), [{"name": "X"}])
    assert "vượt khoản vốn 10 triệu là 1 triệu" in said


def test_an_earmark_for_nobody_is_refused() -> None:
    """An earmark names a district or agency that exists; a near name is offered."""
    rule = {
        "districts": EQUAL,
        "earmarks": [
            {"name": "Cầu", "unit": "Kỳ Sơm", "source": "NSTW", "type": "SN", "amount": "1 triệu"}
        ],
    }
    (said,) = refusal(rule_set(rule), [{"name": "Kỳ Sơn"}])
    assert said.endswith(
        "khoản “Cầu” giao cho “Kỳ Sơm”: không có đơn vị này → có phải là “Kỳ Sơn”?"
    )

"""What a planner is told to look at again, in whole sentences with their numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import MILLION, Row, rule_set, units

from helpers.allocation.accounts.warnings import allocation_warnings, below, concentration
from helpers.allocation.distribution import distribute
from helpers.allocation.engine import Allocation
from helpers.allocation.model import Cell, Unplaced
from helpers.data.dataset import DataSet
from helpers.plan.model import Plan

HISTORY = ["unit", "year", "line", "source", "capital_type", "assigned", "disbursed"]
EQUAL = {"eligible": "all", "criteria": [{"column": "equal", "per_unit": 1}]}
BY_NUMBER = {"eligible": "all", "criteria": [{"column": "number", "per_unit": 1}]}
AB: list[Row] = [
    {"name": "Anh Sơn", "code": "a", "number": 1},
    {"name": "Con Cuông", "code": "b", "number": 9},
]
Share = Callable[..., Allocation]


@pytest.fixture(scope="session")
def share(shipped_plan: Plan, shipped_data: DataSet) -> Share:
    """Return what shares triệu of DA2 (NSTW, SN) over a few districts by one rule."""

    def make(
        rule: dict[str, Any],
        millions: int = 100,
        table: list[Row] = AB,
        history: list[tuple[Any, ...]] | None = None,
        communes: list[Row] | None = None,
        line: str = "DA2",
    ) -> Allocation:
        names = {key: [row[key] for row in table] for key in ("code", "name")}
        data = dataclasses.replace(
            shipped_data,
            districts=pd.DataFrame(names),
            history=pd.DataFrame(history or [], columns=HISTORY),
        )
        levels = {"district": units([{"parent": row["code"], **row} for row in table])}
        if communes:
            levels["commune"] = units(communes, "commune")
        pots = {Cell(line, "NSTW", "SN"): millions * MILLION}
        found = distribute(rule_set(rule), pots, levels, MILLION)
        return Allocation(shipped_plan, data, found, ())

    return make


def findings(
    allocation: Allocation, kind: str, moved: pd.DataFrame | None = None
) -> list[dict[str, Any]]:
    """Return the rows of one kind."""
    frame = allocation_warnings(allocation, moved).frame
    return frame[frame["kind"] == kind].to_dict("records")


def test_gini_by_hand() -> None:
    """1, 2, 3 and 4 give (−3·1 − 1·2 + 1·3 + 3·4) / (4·10) = 1/4; the top three have 90%."""
    found = concentration([3, 1, 4, 2])
    assert found == (10, Fraction(90), Fraction(100), Fraction(1, 4))


def test_nothing_is_not_concentrated() -> None:
    """Without money or without districts all measures are zero."""
    assert concentration([]) == concentration([0, 0]) == (0, 0, 0, 0)


amounts = st.lists(st.integers(0, 10**12), min_size=1, max_size=30)


@given(st.integers(1, 10**12), st.integers(1, 40))
def test_gini_of_equal_amounts(amount: int, number: int) -> None:
    """Where all have the same it is zero."""
    assert concentration([amount] * number).gini == 0


@given(st.integers(1, 10**12), st.integers(1, 40))
def test_gini_of_one_holder(amount: int, number: int) -> None:
    """Where one of n holds everything it is (n − 1)/n."""
    assert concentration([amount, *[0] * (number - 1)]).gini == Fraction(number - 1, number)


@given(amounts, st.integers(1, 1000), st.randoms(use_true_random=False))
def test_gini_knows_neither_order_nor_scale(found: list[int], scale: int, random: Any) -> None:
    """Shuffled or counted in other units, amounts are as concentrated as before."""
    shuffled = [amount * scale for amount in found]
    random.shuffle(shuffled)
    assert concentration(shuffled)[1:] == concentration(found)[1:]
    assert 0 <= concentration(found).gini < 1


@given(amounts.filter(lambda found: len(found) > 1))
def test_gini_is_the_mean_difference(found: list[int]) -> None:
    """It is the mean absolute difference of two holders over twice the mean, the definition."""
    total, number = sum(found), len(found)
    differences = sum(abs(one - other) for one in found for other in found)
    expected = Fraction(differences, 2 * number * total) if total else 0
    assert concentration(found).gini == expected


def test_below_the_lot() -> None:
    """Above zero and below the lot, the smallest first, equal ones by key."""
    found = below({"c": 5, "a": 5, "b": 0, "d": 10, "e": 2}, 10)
    assert found == [("e", 2), ("a", 5), ("c", 5)]


def test_a_lot_that_only_warns(share: Share) -> None:
    """Who gets less than the lot keeps it and is named with its amount."""
    lot = {"amount": "20 triệu", "action": "warn"}
    (row,) = findings(share({"districts": {**BY_NUMBER, "minimum_lot": lot}}), "below_lot")
    assert row["message"] == (
        "DA2 (Đa dạng hóa sinh kế), vốn sự nghiệp: 1 huyện được giao dưới mức giao tối thiểu 20 "
        "triệu đồng, cộng 10 triệu đồng; thấp nhất là Anh Sơn (10 triệu đồng)."
    )
    assert (row["line"], row["subject"], row["count"]) == ("DA2", "Anh Sơn", 1)
    assert (row["amount"], row["limit"]) == (10 * MILLION, 20 * MILLION)
    assert row["severity"] == "cảnh báo"


def test_a_lot_that_drops(share: Share) -> None:
    """Who was dropped below the lot is eligible and gets nothing, and the reason is said."""
    lot = {"amount": "20 triệu", "action": "drop"}
    allocation = share({"districts": {**BY_NUMBER, "minimum_lot": lot}})
    assert findings(allocation, "below_lot") == []
    (row,) = findings(allocation, "eligible_zero")
    assert row["message"] == (
        "DA2 (Đa dạng hóa sinh kế): 1 huyện thuộc diện được phân bổ nhưng không có vốn (Anh Sơn), "
        "vì phần được chia thấp hơn mức giao tối thiểu."
    )


def test_eligible_with_zero_criteria(share: Share) -> None:
    """Who has nothing of any criterion gets nothing; an earmark of the line makes up for it."""
    table = [*AB, {"name": "Vinh", "code": "c", "number": 0}]
    (row,) = findings(share({"districts": BY_NUMBER}, table=table), "eligible_zero")
    assert row["message"].endswith("(Vinh), vì mọi tiêu chí đều bằng 0.")
    assert (row["count"], row["amount"]) == (1, 0)
    earmark = {"name": "Mẫu", "unit": "Vinh", "source": "NSTW", "type": "SN", "amount": "1 triệu"}
    rule = {"districts": BY_NUMBER, "earmarks": [earmark]}
    assert findings(share(rule, table=table), "eligible_zero") == []


STEPS = {"from": 1, "under": "0,01", "points": 50, "beyond": 10, "every": 1, "add": 0}


@pytest.mark.parametrize(
    ("sharing", "reason"),
    [
        (
            {**EQUAL, "multipliers": [{"column": "number", "per_unit": 1}]},
            "hệ số nhân hoặc hệ số xếp loại bằng 0",
        ),
        (
            {"eligible": "all", "criteria": [{"column": "number", "steps": STEPS}]},
            "phần được chia nhỏ hơn đơn vị làm tròn",
        ),
        (
            {**EQUAL, "cap": "0 đồng", "floor": "0 đồng"},
            "mức trần bằng 0",
        ),
    ],
)
def test_other_reasons_for_zero(share: Share, sharing: dict[str, Any], reason: str) -> None:
    """A factor of zero, a share that rounds to nothing and a cap of zero are told apart."""
    table = [*AB, {"name": "Vinh", "code": "c", "number": 0}]
    (row,) = findings(share({"districts": sharing}, table=table), "eligible_zero")
    assert f"Vinh), vì {reason}." in row["message"].replace(" và Vinh", ", Vinh")


def test_many_units_are_counted(share: Share) -> None:
    """Of many units the first five are named, the others counted."""
    table = [{"name": f"Huyện {n}", "code": str(n), "number": int(n == 9)} for n in range(10)]
    (row,) = findings(share({"districts": BY_NUMBER}, table=table), "eligible_zero")
    assert row["subject"] == "Huyện 0, Huyện 1, Huyện 2, Huyện 3, Huyện 4 và 4 đơn vị khác"
    assert row["count"] == 9


def test_concentration_within_bounds(share: Share) -> None:
    """Ten equal districts are told as they are, without a warning."""
    table = [{"name": f"Huyện {n}", "code": str(n), "number": 1} for n in range(10)]
    allocation = share({"districts": EQUAL}, table=table)
    (row,) = findings(allocation, "concentration")
    assert row["severity"] == "thông tin"
    assert row["value"] == Decimal("50.00")
    assert row["message"] == (
        "Năm huyện nhận nhiều nhất (Huyện 0, Huyện 1, Huyện 2, Huyện 3 và Huyện 4) được 50,00% vốn "
        "giao cho các huyện, riêng ba huyện đầu được 30,00%."
    )
    (gini,) = findings(allocation, "gini")
    assert (gini["severity"], gini["value"]) == ("thông tin", Decimal("0.0000"))


def test_concentration_beyond_the_thresholds(share: Share) -> None:
    """One district of ten with 91% passes both thresholds: Gini (9 × 91 − 9 × 1)/(10 × 100)."""
    table = [{"name": f"Huyện {n}", "code": str(n), "number": 1} for n in range(9)]
    table.append({"name": "Kỳ Sơn", "code": "9", "number": 91})
    allocation = share({"districts": BY_NUMBER}, table=table)
    (row,) = findings(allocation, "concentration")
    assert (row["severity"], row["value"]) == ("cảnh báo", Decimal("95.00"))
    assert row["amount"] == 95 * MILLION
    assert row["message"].endswith("riêng ba huyện đầu được 93,00%, vượt ngưỡng cảnh báo 50%.")
    (gini,) = findings(allocation, "gini")
    assert (gini["severity"], gini["value"]) == ("cảnh báo", Decimal("0.8100"))
    assert gini["message"] == (
        "Hệ số Gini của vốn giao cho 10 huyện là 0,8100, vượt ngưỡng cảnh báo 0,5 (0 là chia đều, "
        "gần 1 là dồn vào một huyện)."
    )


def test_a_few_districts_are_never_too_concentrated(share: Share) -> None:
    """Where there are five at most, the largest five have everything, which says nothing."""
    (row,) = findings(share({"districts": EQUAL}), "concentration")
    assert (row["severity"], row["value"], row["count"]) == ("thông tin", Decimal("100.00"), 2)
    assert row["message"] == (
        "Hai huyện nhận nhiều nhất (Anh Sơn và Con Cuông) được 100,00% vốn giao cho các huyện."
    )


def test_more_than_was_ever_absorbed(share: Share) -> None:
    """90 triệu against a best year of 14 is 6,4 times; 10 against 5 is not more than twice."""
    history = [
        ("Con Cuông", 2022, "DA2", "NSTW", "SN", 30 * MILLION, 9 * MILLION),
        ("Con Cuông", 2023, "DA2", "NSTW", "SN", 30 * MILLION, 10 * MILLION),
        ("Con Cuông", 2023, "DA2", "NSTW", "ĐTPT", 9 * MILLION, 4 * MILLION),
        ("Con Cuông", 2024, "DA2", "NSTW", "SN", 90 * MILLION, 90 * MILLION),
        ("Anh Sơn", 2022, "DA2", "NSTW", "SN", 8 * MILLION, 5 * MILLION),
    ]
    total, row = findings(share({"districts": BY_NUMBER}, history=history), "absorption")
    assert row["message"] == (
        "Con Cuông được giao 90 triệu đồng vốn DA2 (Đa dạng hóa sinh kế) từ ngân sách trung ương, "
        "gấp 6,4 lần mức giải ngân cao nhất các năm trước (14 triệu đồng, năm 2023)."
    )
    assert (row["amount"], row["limit"], row["value"]) == (
        90 * MILLION,
        14 * MILLION,
        Decimal("6.43"),
    )
    assert total["message"] == (
        "1 khoản vốn từ ngân sách trung ương theo dự án của 1 huyện, cộng 90 triệu đồng, hơn 2 lần "
        "mức giải ngân cao nhất các năm trước (cộng 14 triệu đồng)."
    )


def test_never_disbursed_anything(share: Share) -> None:
    """Assigned before and never disbursed is said so; never assigned is no finding."""
    history = [("Anh Sơn", 2023, "DA2", "NSTW", "SN", 8 * MILLION, 0)]
    _, row = findings(share({"districts": BY_NUMBER}, history=history), "absorption")
    assert row["message"] == (
        "Anh Sơn được giao 10 triệu đồng vốn DA2 (Đa dạng hóa sinh kế) từ ngân sách trung ương, "
        "trong khi các năm trước chưa giải ngân được đồng nào."
    )
    assert row["value"] is None
    assert findings(share({"districts": BY_NUMBER}), "absorption") == []


def test_sub_projects_are_judged_together(share: Share) -> None:
    """Absorption is that of the project: what another sub-project disbursed counts."""
    history = [("Con Cuông", 2023, "DA3-TDA2", "NSTW", "SN", 80 * MILLION, 80 * MILLION)]
    rule = {"lines": ["DA3-TDA1"], "districts": BY_NUMBER}
    assert findings(share(rule, line="DA3-TDA1", history=history), "absorption") == []


def test_an_earmark_beside_the_rule(share: Share) -> None:
    """A district that the rule shuts out but an earmark pays is named with the earmark."""
    only = {**EQUAL, "eligible": [{"names": ["Anh Sơn"]}]}
    earmark = {"name": "Nhà văn hóa", "source": "NSTW", "type": "SN", "amount": "5 triệu"}
    to = [{**earmark, "unit": unit} for unit in ("Con Cuông", "Anh Sơn", "S1")]
    (row,) = findings(share({"districts": only, "earmarks": to}), "ineligible_funded")
    assert row["message"] == (
        "Con Cuông được giao đích danh 5 triệu đồng (khoản “Nhà văn hóa”) của DA2 (Đa dạng hóa "
        "sinh kế) nhưng không thuộc diện được phân bổ theo quy tắc."
    )
    assert (row["subject"], row["amount"]) == ("Con Cuông", 5 * MILLION)


def test_moved_capital_beside_the_rule(share: Share) -> None:
    """Capital carried over or moved is held against the rule of its line too."""
    only = {**EQUAL, "eligible": [{"names": ["Anh Sơn"]}]}
    rule = {"districts": only, "agencies": [{"agency": "S1", "percent": 10}]}
    moved = pd.DataFrame(
        [
            ("DA2", "district", "b", "Con Cuông", 3 * MILLION),
            ("DA2", "district", "b", "Con Cuông", 4 * MILLION),
            ("DA2", "district", "a", "Anh Sơn", 4 * MILLION),
            ("DA2", "agency", "S1", "Sở Một", 4 * MILLION),
            ("DA2", "agency", "S2", "Sở Hai", 2 * MILLION),
            ("DA9", "district", "b", "Con Cuông", 4 * MILLION),
        ],
        columns=["line", "level", "unit_code", "unit", "amount"],
    )
    first, second = findings(share(rule), "ineligible_funded", moved)
    assert first["message"] == (
        "Con Cuông có 7 triệu đồng vốn kéo dài, điều chuyển của DA2 (Đa dạng hóa sinh kế) nhưng "
        "không thuộc diện được phân bổ theo quy tắc."
    )
    assert (second["subject"], second["amount"]) == ("Sở Hai", 2 * MILLION)


def test_moved_capital_of_a_line_without_any(share: Share) -> None:
    """Where the line has no capital this year, its rule alone says who is eligible."""
    only = {**EQUAL, "eligible": [{"names": ["Anh Sơn"]}]}
    moved = pd.DataFrame(
        [("DA2", "district", code, code, 1) for code in ("a", "b")],
        columns=["line", "level", "unit_code", "unit", "amount"],
    )
    (row,) = findings(share({"districts": only}, 0), "ineligible_funded", moved)
    assert row["subject"] == "b"
    unknown = {**only, "criteria": [{"column": "equal", "per_unit": "chưa có"}]}
    assert findings(share({"districts": unknown}, 0), "ineligible_funded", moved) == []


def test_communes_make_their_district_eligible(share: Share) -> None:
    """By a rule for communes a district may have capital where one of its communes may."""
    communes = [{"name": "Xã 1", "code": "1", "parent": "a", "number": 1}]
    moved = pd.DataFrame(
        [("DA2", "district", code, code, 1) for code in ("a", "b")],
        columns=["line", "level", "unit_code", "unit", "amount"],
    )
    allocation = share({"communes": EQUAL}, communes=communes)
    (row,) = findings(allocation, "ineligible_funded", moved)
    assert row["subject"] == "b"


def test_what_is_not_allocated(share: Share) -> None:
    """Each amount stands with its reason; a reserve is meant, what caps leave is not."""
    rule = {
        "districts": {**EQUAL, "cap": "30 triệu"},
        "reserve": {"percent": 10, "reason": "dự phòng"},
    }
    allocation = share(rule)
    nowhere = Unplaced(Cell("", "NSTW", "SN"), 5 * MILLION, "chưa có dự án nào được bố trí")
    rows = findings(dataclasses.replace(allocation, without_line=(nowhere,)), "unplaced")
    assert [(row["severity"], row["amount"] // MILLION, row["message"]) for row in rows] == [
        (
            "cảnh báo",
            30,
            "DA2 (Đa dạng hóa sinh kế): còn 30 triệu đồng chưa phân bổ, lý do: các đơn vị được "
            "phân bổ đều đã đạt mức trần.",
        ),
        ("cảnh báo", 5, "Còn 5 triệu đồng chưa phân bổ, lý do: chưa có dự án nào được bố trí."),
        (
            "thông tin",
            10,
            "DA2 (Đa dạng hóa sinh kế): còn 10 triệu đồng chưa phân bổ, lý do: dự phòng.",
        ),
    ]


def test_what_is_stuck_in_a_district(share: Share) -> None:
    """What the communes of a district cannot take is said with the district's name."""
    communes = [{"name": f"Xã {code}", "code": code, "parent": code} for code in ("a", "b")]
    rule = {"districts": BY_NUMBER, "communes": {**EQUAL, "cap": "60 triệu"}}
    (row,) = findings(share(rule, communes=communes), "unplaced")
    assert row["subject"] == "Con Cuông"
    assert "còn 30 triệu đồng chưa phân bổ tại Con Cuông, lý do:" in row["message"]


def test_ties_are_told(share: Share) -> None:
    """Of 101 triệu for two equals the tie rule gives one the odd million, and that is said."""
    (row,) = findings(share({"districts": EQUAL}, 101), "ties")
    assert row["message"] == (
        "DA2 (Đa dạng hóa sinh kế): 2 số phân bổ (Anh Sơn và Con Cuông) có thứ tự ngang nhau khi "
        "làm tròn, được quyết định theo quy tắc: đơn vị có điểm lớn hơn, rồi mã nhỏ hơn được trước."
    )
    assert (row["severity"], row["count"]) == ("thông tin", 2)
    assert findings(share({"districts": EQUAL}, 100), "ties") == []


def test_warnings_come_first(shipped_allocation: Allocation) -> None:
    """The shipped plan's findings are numbered, warnings before information, each a sentence."""
    result = allocation_warnings(shipped_allocation)
    frame = result.frame
    assert list(frame["order"]) == list(range(1, len(frame) + 1))
    severities = list(frame["severity"])
    assert severities == sorted(severities)
    assert set(severities) == {"cảnh báo", "thông tin"}
    assert frame["message"].str.endswith(".").all()
    assert "illustrative" in result.marks
    single = frame[(frame["kind"] == "absorption") & frame["count"].isna()]
    assert single["amount"].is_monotonic_decreasing
    total = frame[(frame["kind"] == "absorption") & frame["count"].notna()].iloc[0]
    assert (total["count"], total["amount"]) == (len(single), single["amount"].sum())


def test_what_else_was_read(shipped_allocation: Allocation) -> None:
    """With moved capital the table names the files that it stands in."""
    moved = pd.DataFrame(columns=["line", "level", "unit_code", "unit", "amount"])
    inputs = allocation_warnings(shipped_allocation, moved).inputs
    assert "data/nghe-an-2024/movements.csv" in inputs
    assert "data/nghe-an-2024/movements.csv" not in allocation_warnings(shipped_allocation).inputs

"""The districts at risk: who is listed, in which order, and what the sentences say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from filled_reviews import KY_SON, MY_LY, THAI_HOA, VINH, cells, has_columns_of
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.catalogue import spec
from helpers.data.findings import DISAGREES
from helpers.data.published import SUPPRESSED, Published, Result, publish, published
from helpers.data.review.checks.disagreements import KNOWN
from helpers.marks import Mark
from helpers.progress.at_risk import REASONS, RULE, districts_at_risk
from helpers.progress.pace import AT_RISK, EXCEEDED, MISSED, REACHED, SLOW, UNKNOWN

NAMES = {VINH: "Vinh", THAI_HOA: "Thái Hòa", KY_SON: "Kỳ Sơn"}
DAY, END = "2024-09-30", "2024-12-31"

Cells = Mapping[str, object]


def table(
    name: str,
    rows: Sequence[Cells] = (),
    marks: tuple[Mark, ...] = (),
    inputs: tuple[str, ...] = (),
) -> Published:
    """Return a table as a brief reads it; what a row leaves out is blank."""
    described = spec(name)
    blank = {
        column: "" if field.kind == "text" else None for column, field in described.fields.items()
    }
    frame = pd.DataFrame(
        [{**blank, **row} for row in rows], columns=list(described.fields), dtype=object
    )
    return Published(name, frame, described.title, marks, inputs, described)


def target(code: str, result: str, **other: object) -> Cells:
    """Return a district's row of the targets, 4–5 points wanted."""
    place = {"group": "district", "area_code": code, "area": NAMES[code]}
    place |= {"baseline_year": "2023", "as_of": DAY}
    goal = {"target_low": Decimal("4.00"), "target_high": Decimal("5.00")}
    return {**place, **goal, "result": result, "current_rate": Decimal("10.00"), **other}


def ahead(code: str, probability: object) -> Cells:
    """Return a district's row of the forecast."""
    place = {"group": "district", "area_code": code, "area": NAMES[code]}
    return {**place, "as_of": DAY, "horizon": END, "probability_low": probability}


def flow(code: str, relapsed: object, rate: str | None, year: str = "2024") -> Cells:
    """Return a row of the poor's flows; code "province" is the whole."""
    group = "district" if code in NAMES else code
    return {
        **{"kind": "poor", "group": group, "area_code": code, "area": NAMES.get(code, code)},
        **{"year": year, "relapsed": relapsed, "relapse_rate": Decimal(rate) if rate else None},
    }


def check(code: str, effect: str | None, result: str = DISAGREES) -> Cells:
    """Return a disagreement of the review's figures."""
    return {"unit_code": code, "effect": Decimal(effect) if effect else None, "result": result}


def listed(
    targets: Sequence[Cells] = (),
    forecast: Sequence[Cells] = (),
    flows: Sequence[Cells] = (),
    checks: Sequence[Cells] = (),
    communes: Sequence[Cells] | None = None,
) -> Result:
    """Return the districts at risk by such tables."""
    return districts_at_risk(
        table("targets", targets),
        table("forecast", forecast),
        table("flows", flows),
        table("review_checks", checks),
        None if communes is None else table("commune_rates", communes),
    )


def messages(result: Result) -> dict[str, tuple[str, str]]:
    """Return reasons and message by district."""
    return {
        name: (reasons, message)
        for name, reasons, message in cells(result.frame, ("district", "reasons", "message"))
    }


BEHIND = {
    "cut": Decimal("0.21"),
    "due_low": Decimal("0.47"),
    "to_low": 312,
    "gross_to_low": 350,
}


def test_a_district_behind_its_pace() -> None:
    """0,21 of 0,47 points is 45% of what was due; 312 households to go, 350 with relapses."""
    result = listed([target(KY_SON, AT_RISK, **BEHIND)], [ahead(KY_SON, Decimal(23))])
    assert has_columns_of(result.frame, "districts_at_risk")
    assert result.frame.to_dict("records") == [
        {
            "order": 1,
            "district_code": KY_SON,
            "district": "Kỳ Sơn",
            "rate": Decimal("10.00"),
            "result": AT_RISK,
            "to_low": 312,
            "gross_to_low": 350,
            "probability_low": Decimal(23),
            "reasons": "at_risk; unlikely",
            "message": "giảm 0,21 điểm phần trăm, mới đạt 45% mức phải đạt đến ngày 30/9/2024, "
            "còn phải giảm 312 hộ để đạt mức thấp của mục tiêu, tính cả tái nghèo và phát sinh thì "
            "cần 350 hộ thoát nghèo; theo dự báo, xác suất đạt mức thấp của mục tiêu chỉ khoảng "
            "23%",
        }
    ]


@pytest.mark.parametrize(
    ("cut", "wanted"),
    [
        ("-0.15", "tỷ lệ hộ nghèo tăng 0,15 điểm phần trăm trong khi phải giảm"),
        ("0.00", "tỷ lệ hộ nghèo không giảm trong khi phải giảm"),
    ],
)
def test_a_rate_that_did_not_fall(cut: str, wanted: str) -> None:
    """Where nothing was cut no share of the way is named."""
    row = target(KY_SON, AT_RISK, cut=Decimal(cut), due_low=Decimal("0.47"))
    (told,) = messages(listed([row])).values()
    assert told == ("at_risk", f"{wanted} 0,47 điểm phần trăm đến ngày 30/9/2024")


def test_a_district_that_missed_its_target() -> None:
    """At the year's end the sentence names cut, target, and the households that are missing."""
    row = target(KY_SON, MISSED, as_of=END, cut=Decimal("3.20"), to_low=85, gross_to_low=85)
    (told,) = messages(listed([row])).values()
    assert told == (
        "missed",
        "giảm 3,20 điểm phần trăm, chưa đạt mục tiêu giảm 4–5 điểm phần trăm, còn thiếu 85 hộ so "
        "với mức thấp",
    )


@pytest.mark.parametrize("result", [EXCEEDED, REACHED, SLOW, UNKNOWN])
def test_who_is_not_listed(result: str) -> None:
    """The other four words alone are no reason."""
    assert listed([target(KY_SON, result, **BEHIND)]).frame.empty


@pytest.mark.parametrize(
    ("probability", "as_of", "wanted"),
    [
        ("49.9", DAY, "theo dự báo, xác suất đạt mức thấp của mục tiêu chỉ khoảng 49%"),
        ("0.4", DAY, "theo dự báo, xác suất đạt mức thấp của mục tiêu chỉ dưới 1%"),
        ("50", DAY, None),
        ("0", END, None),
        (None, DAY, None),
    ],
)
def test_an_unlikely_target(probability: str | None, as_of: str, wanted: str | None) -> None:
    """Less than 50% counts while the year is open, and never reads as 50%."""
    forecast = [ahead(KY_SON, Decimal(probability) if probability else None)]
    told = messages(listed([target(KY_SON, SLOW, as_of=as_of, **BEHIND)], forecast))
    assert told == ({"Kỳ Sơn": ("unlikely", wanted)} if wanted else {})


RELAPSES = [flow("province", 60, "4.80"), flow(KY_SON, 45, "12.50")]


def test_many_relapses() -> None:
    """12,50% is 2,6 times the province's 4,80%: listed even without a target of its own."""
    assert messages(listed(flows=RELAPSES)) == {
        "Kỳ Sơn": (
            "relapse",
            "năm 2024 có 45 hộ tái nghèo, bằng 12,50% số hộ thoát nghèo, gấp 2,6 lần toàn tỉnh "
            "(4,80%)",
        )
    }


@pytest.mark.parametrize(
    "rows",
    [
        [flow("province", 60, "4.80"), flow(KY_SON, 45, "9.59")],
        [flow("province", 60, "4.80"), flow(KY_SON, 9, "12.50")],
        [flow("province", 60, None), flow(KY_SON, 45, "12.50")],
        [flow(KY_SON, 45, "12.50")],
        [flow("province", 60, "4.80"), flow(KY_SON, SUPPRESSED, "12.50")],
        [flow("province", 60, "4.80"), {**flow(KY_SON, 45, None), "relapse_rate": SUPPRESSED}],
        [*RELAPSES, flow("province", 50, "4.00", "2025"), flow(KY_SON, 20, "5.00", "2025")],
    ],
    ids=["less than twice", "few", "no rate", "no province", "hidden", "hidden rate", "earlier"],
)
def test_relapses_that_say_little(rows: Sequence[Cells]) -> None:
    """Below twice the province's rate, of few households, withheld, or of an earlier year."""
    assert listed([target(KY_SON, REACHED)], flows=rows).frame.empty


def test_figures_that_disagree() -> None:
    """The largest effect counts, up or down; 0,0049 is too little, a known error is settled."""
    told = messages(
        listed(
            [target(code, REACHED) for code in NAMES],
            checks=[
                check(KY_SON, "-0.031"),
                check(KY_SON, "0.004"),
                check(VINH, "0.0049"),
                check(THAI_HOA, "0.5", KNOWN),
            ],
        )
    )
    assert told == {
        "Kỳ Sơn": (
            "figures",
            "số liệu rà soát còn chỗ không khớp, có thể làm tỷ lệ hộ nghèo của tỉnh chênh 0,031 "
            "điểm phần trăm",
        )
    }


def test_a_district_answers_for_its_communes() -> None:
    """With the communes' table at hand a commune's disagreement is its district's."""
    rows = [target(KY_SON, REACHED)]
    home = [{"district_code": KY_SON, "unit_code": MY_LY}]
    checks = [check(MY_LY, "0.02"), check("", None)]
    assert listed(rows, checks=checks).frame.empty
    assert messages(listed(rows, checks=checks, communes=home)).keys() == {"Kỳ Sơn"}


def test_withheld_numbers_are_left_out() -> None:
    """A count that was withheld stays “…” in the table and is not spoken of."""
    row = target(KY_SON, AT_RISK, **{**BEHIND, "to_low": SUPPRESSED})
    result = listed([{**row, "gross_to_low": SUPPRESSED}])
    assert result.frame["to_low"].tolist() == [SUPPRESSED]
    (told,) = messages(result).values()
    assert told[1].endswith("mức phải đạt đến ngày 30/9/2024")


def test_the_order() -> None:
    """The gravest reason first, then households to go, then probability, then the rate."""
    rows = [
        target(VINH, AT_RISK, **{**BEHIND, "gross_to_low": 20}),
        target(THAI_HOA, AT_RISK, **BEHIND),
        target(KY_SON, SLOW, **{**BEHIND, "gross_to_low": 9000}),
    ]
    ordered = listed(rows, [ahead(KY_SON, Decimal(1))]).frame
    assert cells(ordered, ("order", "district")) == [(1, "Thái Hòa"), (2, "Vinh"), (3, "Kỳ Sơn")]
    same = [target(code, SLOW, gross_to_low=5) for code in NAMES]
    forecast = [ahead(VINH, Decimal(40)), ahead(THAI_HOA, Decimal(30)), ahead(KY_SON, Decimal(30))]
    same[2] = {**same[2], "current_rate": Decimal("10.01")}
    assert listed(same, forecast).frame["district"].tolist() == ["Kỳ Sơn", "Thái Hòa", "Vinh"]


def test_marks_and_inputs_of_all_tables() -> None:
    """What must be said of any of the tables must be said of the districts at risk."""
    names = ("targets", "forecast", "flows", "review_checks")
    marks: tuple[tuple[Mark, ...], ...] = (("unverified",), (), ("illustrative",), ())
    read = [
        table(name, marks=mark, inputs=(f"{name}.csv",))
        for name, mark in zip(names, marks, strict=True)
    ]
    result = districts_at_risk(*read)
    assert result.frame.empty
    assert set(result.marks) == {"unverified", "illustrative"}
    assert result.inputs == tuple(sorted(f"{name}.csv" for name in names))


def test_tables_as_they_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written and read back, blanks and withheld cells included, the tables say the same."""
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    content: dict[str, Sequence[Cells]] = {
        "targets": [
            target(KY_SON, AT_RISK, **BEHIND),
            {**target(VINH, REACHED), "to_low": SUPPRESSED},
        ],
        "forecast": [ahead(KY_SON, Decimal(23))],
        "flows": RELAPSES,
        "review_checks": [{**check(KY_SON, "0.031"), "order": 1}],
    }
    for name, rows in content.items():
        publish(name, Result(table(name, rows).frame), "thu")
    read = [published(name, "thu") for name in content]
    result = districts_at_risk(*read)
    assert messages(result) == messages(listed(*content.values()))
    assert result.frame["reasons"].tolist() == ["at_risk; unlikely; relapse; figures"]
    publish("districts_at_risk", result, "thu")
    assert published("districts_at_risk", "thu").one(order=1)["to_low"] == 312


def test_the_rule_says_its_numbers() -> None:
    """The written rule names as many reasons as there are, and the limits that the code uses."""
    assert re.findall(r"\((\d)\)", RULE.partition("Các huyện xếp")[0]) == [
        str(place) for place in range(1, len(REASONS) + 1)
    ]
    for number in ("50%", "hai lần", "10 hộ", "0,005 điểm phần trăm"):
        assert number in RULE


@given(
    st.lists(
        st.tuples(
            st.sampled_from([MISSED, AT_RISK, SLOW, REACHED, EXCEEDED]),
            st.integers(0, 400),
            st.one_of(st.none(), st.integers(0, 100)),
            st.integers(0, 3000),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_the_order_follows_the_written_rule(
    drawn: list[tuple[str, int, int | None, int]],
) -> None:
    """Orders are 1, 2, 3 …; no district stands before one with a graver reason or more to go."""
    targets, forecast = [], []
    for code, (result, to_go, likely, rate) in zip(NAMES, drawn, strict=False):
        counts = {"to_low": to_go, "gross_to_low": to_go, "cut": Decimal(1), "due_low": Decimal(2)}
        rates = {"current_rate": Decimal(rate).scaleb(-2)}
        targets.append(target(code, result, **counts, **rates))
        forecast.append(ahead(code, None if likely is None else Decimal(likely)))
    frame = listed(targets, forecast).frame
    assert frame["order"].tolist() == list(range(1, len(frame) + 1))
    wanted = {
        code
        for code, (result, _, likely, _) in zip(NAMES, drawn, strict=False)
        if result in (MISSED, AT_RISK) or (likely is not None and likely < 50)
    }
    assert set(frame["district_code"]) == wanted
    for before, after in itertools.pairwise(frame.to_dict("records")):
        first, second = (row["reasons"].split("; ") for row in (before, after))
        gravity = [REASONS.index(reasons[0]) for reasons in (first, second)]
        assert gravity[0] <= gravity[1]
        if gravity[0] == gravity[1]:
            assert before["gross_to_low"] >= after["gross_to_low"]
        assert [*map(REASONS.index, first)] == sorted(map(REASONS.index, first))

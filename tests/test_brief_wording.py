"""Sentences read naturally for none, one and many, up and down, reached and missed, in English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import poverty_samples as samples
import pytest
from hypothesis import given
from hypothesis import strategies as st
from poverty_samples import changed, with_tables
from spoken_briefs import in_language, province

from helpers import words
from helpers.allocation.distribution import BELOW_LOT, CAPS_REACHED
from helpers.brief import narrative
from helpers.brief.blocks import KeyFigures, Text
from helpers.brief.narrative.changes import _about
from helpers.brief.reader import Brief
from helpers.brief.rough import chance, rough, rough_ends, short_chance, times
from helpers.data.published import SUPPRESSED
from helpers.language import speaking

TARGET: dict[str, Any] = {
    "area": "Miền núi",
    "group": "mountains",
    "baseline_year": "2023",
    "baseline_rate": Decimal("12.55"),
    "current_year": "2024",
    "as_of": "2024-12-31",
    "current_rate": Decimal("10.35"),
    "cut": Decimal("2.20"),
    "target_low": Decimal(2),
    "target_high": Decimal(3),
    "due_low": Decimal("1.4"),
    "due_high": Decimal("2.1"),
    "result": "đạt",
    "to_low": 0,
}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (
            {},
            "Mountain areas: down by 2.20 percentage points, from 12.55% at the end of 2023 to"
            " 10.35% at the end of 2024; this meets the target of a cut of 2–3 percentage points.",
        ),
        ({"result": "vượt"}, "this exceeds the target of a cut of 2–3 percentage points."),
        (
            {"result": "chưa đạt", "to_low": 1},
            "falls short of the target of a cut of 2–3 percentage points by 1 household at its low"
            " end.",
        ),
        ({"cut": Decimal("-0.50")}, ": up by 0.50 percentage points, from 12.55%"),
        ({"cut": Decimal("0.00")}, ": no cut, still 10.35% at the end of 2024; this meets"),
        ({"cut": None, "to_low": 822}, "takes a reduction by at least 822 households."),
        (
            {"as_of": "2024-09-30", "result": "chậm", "to_low": 5},
            "10.35% as of 30 Sep 2024; this is behind what is due by now (1.4–2.1); the target of"
            " the whole year is a cut of 2–3 percentage points, 5 households still to leave",
        ),
        ({"as_of": "2024-09-30", "result": "vượt"}, "points, the low end is already reached."),
    ],
)
def test_a_target_reads_naturally(change: dict[str, Any], wanted: str) -> None:
    """Met, exceeded, missed, up, unmoved, not yet known and within the year."""
    with speaking("en"):
        assert wanted in narrative.target_sentence(TARGET | change)


COUNT: dict[str, Any] = {
    "area": "Toàn tỉnh",
    "group": "province",
    "as_of": "2024-12-31",
    "current": 900,
    "cut": 100,
    "target_low": 80,
    "target_high": 120,
    "result": "đạt",
    "to_low": 0,
}


@pytest.mark.parametrize(
    ("change", "native", "english"),
    [
        (
            {},
            "Tính theo số hộ, toàn tỉnh giảm 100 hộ nghèo, cuối năm 2024 còn 900 hộ, đạt mục tiêu"
            " giảm 80–120 hộ nghèo.",
            "In households, whole province: down by 100 households, to 900 households at the end of"
            " 2024; this meets the target of a cut of 80–120 poor households.",
        ),
        (
            {"cut": 0, "result": "chưa đạt", "to_low": 1, "target_high": 80},
            "không giảm, cuối năm 2024 vẫn là 900 hộ nghèo, chưa đạt mục tiêu giảm 80 hộ nghèo; còn"
            " phải giảm 1 hộ.",
            "no cut, still 900 households at the end of 2024; this falls short of the target of a"
            " cut of 80 poor households; 1 household still to leave poverty.",
        ),
        (
            {"cut": -1, "result": "chưa đạt", "to_low": 81},
            "tăng 1 hộ nghèo, cuối năm 2024 lên 900 hộ, chưa đạt",
            "up by 1 household, to 900 households at the end of 2024",
        ),
        ({"cut": None}, "số hộ nghèo cuối năm 2024 là 900 hộ.", "there are 900 households"),
    ],
)
def test_a_target_in_households_reads_naturally(
    change: dict[str, Any], native: str, english: str
) -> None:
    """Down, unmoved, up and not yet known, in both languages."""
    assert native in narrative.count_target_sentence(COUNT | change)
    with speaking("en"):
        assert english in narrative.count_target_sentence(COUNT | change)


FLOW = {"kind": "poor", "area_code": "province", "year": "2024"}


@pytest.fixture(scope="module")
def ended(shipped_brief: Brief) -> Brief:
    """Return the brief of a year that is over."""
    return samples.at_year_end(shipped_brief)


def _flowing(brief: Brief, steps: dict[str, Any]) -> Brief:
    def changes(row: dict[str, Any]) -> dict[str, Any]:
        return steps if all(row[key] == value for key, value in FLOW.items()) else {}

    return with_tables(brief, changed(brief.table("flows"), changes))


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ({"opening": 10, "closing": 12}, "rose from 10 households to 12 households (net increase"),
        ({"opening": 2, "closing": 1}, "from 2 households to 1 household (net decrease: 1 househ"),
        ({"opening": 10, "closing": 10}, "poverty in the province did not change: still 10 househ"),
        ({"changed": 0, "above": 0}, ". No household left poverty"),
        ({"changed": 0, "above": 1}, "1 household left poverty (1 household rose above the near-"),
        ({"from_other": 0, "relapsed": 0, "newly": 1}, "became poor (1 household is newly poor)"),
        ({"relapse_rate": Decimal(0)}, "No household fell back into poverty."),
        (
            {"relapsed": SUPPRESSED, "newly": 25, "from_other": 0},
            "some households became poor, of which 25 households are newly poor, the rest not",
        ),
        (
            {"changed": SUPPRESSED, "above": SUPPRESSED},
            ". Some households left poverty (number not published)",
        ),
    ],
)
def test_flows_read_naturally(ended: Brief, steps: dict[str, Any], wanted: str) -> None:
    """Up, down, unmoved, none, one kind only and withheld numbers each have their own words."""
    with in_language(_flowing(ended, steps), "en") as brief:
        assert wanted in narrative.flow_paragraph(brief, "### Diễn biến trong năm")


def _texts(brief: Brief) -> Iterator[str]:
    for block in province(brief):
        if isinstance(block, Text):
            yield block.markdown
        if isinstance(block, KeyFigures):
            yield " ".join(f"{item.value} {item.label}: {item.remark}" for item in block.items)


def test_a_year_in_progress_reads_naturally(shipped_brief: Brief) -> None:
    """Within the year everything speaks of its day, of what is due and of what is still likely."""
    with in_language(samples.within_year(shipped_brief), "en") as brief:
        said = "\n".join(_texts(brief))
    for wanted in (
        "Poverty rate as of 30 Sep 2024",
        "Against what is due as of 30 Sep 2024, of 21 districts, cities and towns",
        "Chance of reaching the low end",
        "the past nine months",
    ):
        assert wanted in said


@pytest.mark.parametrize(
    ("percent", "native", "english"),
    [
        (Decimal(99), "trên 9/10, gần như chắc chắn", "over 9 in 10, almost certain"),
        (Decimal(70), "khoảng 7/10", "about 7 in 10"),
        (Decimal(2), "dưới 1/10, rất khó", "under 1 in 10, very unlikely"),
    ],
)
def test_a_chance_is_said_as_people_say_it(percent: Decimal, native: str, english: str) -> None:
    """Sure, open and all but excluded, in both languages."""
    assert chance(percent) == native
    assert short_chance(percent) in native
    with speaking("en"):
        assert chance(percent) == english


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (1, 1, "about the same as"),
        (3, 2, "one and a half times"),
        (2, 1, "twice"),
        (3, 1, "three times"),
        (9, 5, "1.8 times"),
        (1, 2, "only 50% of"),
    ],
)
def test_a_multiple_is_said_in_english(one: int, other: int, wanted: str) -> None:
    """Common multiples have words, others a number."""
    with speaking("en"):
        assert times(Decimal(one), Decimal(other)) == wanted


RATES = st.decimals(0, 100, places=2)


@given(RATES, RATES)
def test_a_forecast_in_prose_is_that_of_the_table_rounded(one: Decimal, other: Decimal) -> None:
    """Expected rate and ends of the interval are the published ones, with fewer decimals."""

    def value(said: str) -> Decimal:
        return Decimal(said.removesuffix("%").replace(",", "."))

    low, high = sorted((one, other))
    assert abs(value(rough(one)) - one) <= Decimal("0.05")
    first, last = map(value, rough_ends(low, high))
    assert abs(first - low) <= Decimal("0.05") >= abs(last - high)
    assert first <= last


@given(st.integers(-(10**13), 10**13).filter(bool))
def test_an_effect_in_prose_is_that_of_the_table_rounded(amount: int) -> None:
    """Prose rounds the tenths of a triệu that the table shows, so both can be held together."""
    sign, number, unit = _about(amount)[0], *_about(amount)[1:].split(" ")[:2]
    shown, said = (
        Decimal(text.replace(".", "").replace(",", "."))
        for text in (words.decimal(abs(amount), 1, unit=words.MILLION), number)
    )
    assert sign == ("+" if amount > 0 else "-")
    half = {"tỷ": Decimal(50), "triệu": Decimal("0.5")}[unit]
    assert abs(said * (1000 if unit == "tỷ" else 1) - shown) <= half


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (
            [(CAPS_REACHED, 3_000)],
            "**VND 3 billion** (0.5%) is not yet allocated; reason: every unit that takes part has"
            " reached its cap.",
        ),
        (
            [(BELOW_LOT, 3_000), (CAPS_REACHED, 1)],
            "is not yet allocated: no unit reaches the minimum amount (VND 3 billion); every unit"
            " that takes part has reached its cap (VND 1 million).",
        ),
    ],
)
def test_what_is_left_is_said_with_its_reasons(
    shipped_brief: Brief, rows: list[tuple[str, int]], wanted: str
) -> None:
    """One reason is a sentence, several are a list, each with its amount."""
    frame = pd.DataFrame([{"reason": why, "amount": much * words.MILLION} for why, much in rows])
    left = replace(shipped_brief.table("not_allocated"), content=frame)
    with in_language(with_tables(shipped_brief, left), "en") as brief:
        assert narrative.placement_sentence(brief).endswith(wanted)


def _risks(brief: Brief, *rows: dict[str, Any]) -> Brief:
    table = brief.table("risks")
    blank = dict.fromkeys(table.frame.columns)
    return with_tables(
        brief, replace(table, content=pd.DataFrame([blank | row for row in rows], dtype=object))
    )


@pytest.mark.parametrize(
    ("row", "native", "english"),
    [
        (
            {"kind": "missed_district", "subject": "Cửa Lò", "count": 1, "households": 1},
            "- **Một đơn vị cấp huyện chưa đạt mục tiêu** (Cửa Lò): còn phải giảm 1 hộ.",
            "- **One district misses its target** (Cửa Lò): 1 household still to leave poverty.",
        ),
        (
            {"kind": "missed_district", "subject": "Vinh và Cửa Lò", "count": 2, "households": 5},
            "- **Hai đơn vị cấp huyện chưa đạt mục tiêu** (Vinh và Cửa Lò): tổng cộng còn phải",
            "- **Two districts miss their targets** (Vinh and Cửa Lò): 5 households in all",
        ),
        (
            {"kind": "missed_group", "subject": "Miền núi", "households": 7},
            "- **Mục tiêu chung chưa đạt** ở miền núi: còn thiếu ít nhất 7 hộ",
            "- **Overall target missed** in: mountain areas; at least 7 households short",
        ),
        (
            {"kind": "disagreements", "subject": "Số hộ nghèo", "count": 1},
            "- **Số liệu còn một điểm lệch** khi đối chiếu",
            "- **The data still differ in one point** when checked",
        ),
    ],
)
def test_a_risk_reads_naturally(
    ended: Brief, row: dict[str, Any], native: str, english: str
) -> None:
    """One and several, districts and groups, in both languages."""
    brief = _risks(ended, row)
    assert native in narrative.risk_list(brief)
    with in_language(brief, "en") as spoken:
        assert english in narrative.risk_list(spoken)


def test_a_district_without_capital_is_said_to_have_none(shipped_brief: Brief) -> None:
    """No capital is a sentence of its own, not a rank and a share of nothing."""

    def none(row: dict[str, Any]) -> dict[str, Any]:
        return {"total": 0} if row["district_code"] == "412" else {}

    table = changed(shipped_brief.table("capital_by_district"), none)
    brief = with_tables(shipped_brief, table)
    said = narrative.district_capital_sentence(brief, "412")
    assert said == "Năm 2024, Vinh không được phân bổ vốn Chương trình."
    with in_language(brief, "en") as spoken:
        said = narrative.district_capital_sentence(spoken, "412")
    assert said == "In 2024, Vinh is given no capital of the Programme."

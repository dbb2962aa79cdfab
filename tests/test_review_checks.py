"""What the returned forms must agree on, number by number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returned_forms import (
    COUNTED,
    FORMS,
    frames_of,
    sound_review,
    spoiled,
    tidy_rows,
    write_province,
)

from helpers.data.published import publish, published
from helpers.data.reading import read_data
from helpers.data.review.checks.disagreements import (
    COLUMNS,
    check_review,
    rate_effect,
    review_findings,
)
from helpers.data.review.model import EMPTY, Place, Review
from helpers.data.review.tables import review_checks

MY_LY, MUONG_XEN, KY_SON = "16816", "16813", "417"


def _told(review: Review) -> list[tuple[object, ...]]:
    """Return what the checks find, short: form, year, unit, column number, values, result."""
    frame = check_review(review)
    numbers = [str(column).partition(".")[0] for column in frame["column"]]
    rows = zip(
        *(frame[name] for name in ("form", "year", "unit_code")), numbers,
        *(frame[name] for name in ("value", "expected", "result")), strict=True,
    )  # fmt: skip
    return list(rows)


def test_a_consistent_review_has_no_finding() -> None:
    """Two years of every form that agree with one another leave nothing to say."""
    frame = check_review(sound_review())
    assert frame.empty
    assert list(frame.columns) == list(COLUMNS)


def test_no_review_has_no_finding() -> None:
    """A province without forms gets an empty table with the right columns."""
    assert list(check_review(EMPTY).columns) == list(COLUMNS)
    assert review_findings(EMPTY) == []


# Each case: form, unit, cells to replace, and (form, year, unit, column, value, expected, result).
BROKEN = [
    pytest.param(
        2, KY_SON, {"newly": 7},
        [
            ("Biểu 2", 2024, KY_SON, "9", 6493, 6494, "lệch"),
            ("Biểu 2", 2024, KY_SON, "7", 7, 6, "lệch"),
        ],
        id="formula",
    ),
    pytest.param(
        3, MY_LY, {"newly": 4},
        [
            ("Biểu 3", 2024, KY_SON, "7", 6, 7, "lệch"),
            ("Biểu 3", 2024, MY_LY, "9", 2067, 2068, "lệch"),
        ],
        id="formula-near-poor",
    ),
    pytest.param(
        9, KY_SON, {"ethnic_1": 2164},
        [
            ("Biểu 9", 2024, KY_SON, "1", 6493, 6494, "lệch"),
            ("Biểu 9", 2024, KY_SON, "2", 2164, 2163, "lệch"),
        ],
        id="ethnicities",
    ),
    pytest.param(
        10, MUONG_XEN, {"illness": 2001},
        [
            ("Biểu 10", 2024, MUONG_XEN, "8", 2001, 2000, "lệch"),
            ("Biểu 10", 2024, KY_SON, "8", 811, 2562, "lệch"),
        ],
        id="part-above-whole",
    ),
    pytest.param(
        11, MY_LY, {"near_health": 4135},
        [
            ("Biểu 11", 2024, MY_LY, "5", 4135, 4134, "lệch"),
            ("Biểu 11", 2024, KY_SON, "5", 2917, 4985, "lệch"),
        ],
        id="children",
    ),
    pytest.param(
        1, KY_SON, {"average_households": 7812, "average_persons": 31248},
        [
            ("Biểu 1", 2024, KY_SON, "1", 17221, 17222, "lệch"),
            ("Biểu 1", 2024, KY_SON, "2", 68884, 68888, "lệch"),
            ("Biểu 1", 2024, KY_SON, "7", 7812, 861, "lệch"),
            ("Biểu 1", 2024, KY_SON, "13", 31248, 3444, "lệch"),
        ],
        id="classes-above-all",
    ),
    pytest.param(
        8, KY_SON, {"merit_persons": 3},
        [
            ("Biểu 8", 2024, KY_SON, "4", 3, 0, "lệch"),
            ("Biểu 8", 2024, KY_SON, "4", 3, 0, "lệch"),
            ("Biểu 8", 2024, KY_SON, "5", 6496, 6493, "lưu ý"),
        ],
        id="persons-without-households",
    ),
    pytest.param(
        4, MY_LY, {"households": 4500},
        [
            ("Biểu 4", 2024, MY_LY, "1", 4500, 4493, "lệch"),
            ("Biểu 4", 2024, KY_SON, "1", 6493, 6500, "lệch"),
        ],
        id="across-forms",
    ),
    pytest.param(
        1, MY_LY, {"near_poor_persons": 8000},
        [
            ("Biểu 3", 2024, MY_LY, "9", 8268, 8000, "lệch"),
            ("Biểu 1", 2024, KY_SON, "11", 11668, 11400, "lệch"),
        ],
        id="across-forms-persons",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("form", "unit", "cells", "expected"), BROKEN)
def test_one_broken_number_gives_its_findings_and_no_other(
    form: int, unit: str, cells: dict[str, int], expected: list[tuple[object, ...]]
) -> None:
    """Each identity that a wrong number breaks is listed, with both values."""
    found = _told(spoiled(sound_review(), form, 2024, unit, **cells))
    assert sorted(map(str, found)) == sorted(map(str, expected))


def test_the_one_that_stands_alone_is_blamed() -> None:
    """When five forms agree against form 1, it is form 1 that is listed, once."""
    broken = spoiled(sound_review(), 1, 2024, MY_LY, poor_households=4403)
    frame = check_review(broken)
    own = frame[frame["unit_code"] == MY_LY]
    assert list(own["against"]) == [
        "Biểu 2 cột 9, Biểu 4 cột 1, Biểu 8 cột 1, Biểu 9 cột 1 và Biểu 10 cột 1"
    ]
    assert list(own["expected"]) == [4493]


def test_the_flow_between_poor_and_near_poor_is_one_number() -> None:
    """Households that became near-poor in form 2 are those that came from the poor in form 3."""
    # One more came and one more left, so that the flow still closes.
    found = _told(spoiled(sound_review(), 3, 2024, "412", from_poor=39, above=138))
    assert found.count(("Biểu 3", 2024, "412", "5", 39, 38, "lệch")) == 2
    assert {row[3] for row in found} == {"3", "5"}


def test_the_year_opens_with_what_the_last_one_closed_with() -> None:
    """An opening number that differs from last year's closing one is listed where it opens."""
    broken = spoiled(sound_review(), 2, 2024, MY_LY, opening=5001, above=17)
    found = [row for row in _told(broken) if row[2] == MY_LY]
    assert found == [("Biểu 2", 2024, MY_LY, "1", 5001, 5000, "lệch")]


def test_a_district_closes_with_what_its_communes_open_with() -> None:
    """Where one year has the district's row and the next only its communes, their sum counts."""
    content = {
        2: [
            *tidy_rows(2, years=[2023], levels=["district"]),
            *tidy_rows(2, years=[2024], levels=["commune"])[1:],
        ]
    }
    review = Review(dict(FORMS), frames_of(content), (Place("bieu-02.csv", "", {}),))
    assert check_review(review).empty
    broken = spoiled(review, 2, 2023, KY_SON, opening=9030, above=1092, closing=7223)
    found = [(row[2], row[3], row[4], row[5]) for row in _told(broken)]
    assert (KY_SON, "9", 7223, 7222) in found


@pytest.mark.parametrize(
    ("cells", "value", "expected", "result"),
    [
        pytest.param({"dtts": 1600, "other": 400}, 400, -100, "lưu ý", id="overlap"),
        pytest.param({"dtts": 1600, "other": 401}, 401, 400, "lệch", id="more-than-left"),
        pytest.param({"other": 499}, 499, 500, "lệch", id="fewer-than-left"),
        pytest.param({"other": 1000}, 1000, 500, "lưu ý", id="one-group-within-another"),
    ],
)
def test_the_header_of_form_8_is_loose_but_not_without_bounds(
    cells: dict[str, int], value: int, expected: int, result: str
) -> None:
    """Overlapping groups leave at least 1−2−3−4, and at most what the largest of them leaves.

    Mường Xén has 2.000 poor households: 1.000 dtts, 500 without labour, none with merit.
    """
    review = spoiled(sound_review(), 8, 2024, MUONG_XEN, **cells)
    found = [row for row in _told(review) if row[2] == MUONG_XEN]
    assert found == [("Biểu 8", 2024, MUONG_XEN, "5", value, expected, result)]


def _with_rates(**rates: float) -> Review:
    return spoiled(sound_review(), 1, 2024, KY_SON, **rates)


@pytest.mark.parametrize("reported", [37.7, 37.704, 37.70396608, 37.7039])
def test_a_rate_may_be_rounded_in_any_sensible_way(reported: float) -> None:
    """6.493 of 17.221 is 37,70396…%: two decimals, more, or all of them agree."""
    assert check_review(_with_rates(poor_rate=reported)).empty


def test_a_wrong_rate_is_listed_beside_the_right_one() -> None:
    """37,71% for 37,70396…% is no rounding of it."""
    frame = check_review(_with_rates(poor_rate=37.71))
    assert list(frame["value"]) == [Decimal("37.71")]
    assert list(frame["expected"]) == [Decimal("37.70")]
    assert "ghi 37,71%, tính từ Biểu 1 cột 3 và cột 1 được 37,70%" in frame["message"][0]
    assert frame["effect"][0] is None


def test_half_a_hundredth_may_go_either_way() -> None:
    """1 of 800 is 0,125%: both 0,12 and 0,13 are roundings of it, 0,14 is not."""
    cells = {"households": 800, "poor_households": 1, "near_poor_households": 0}
    few = dict.fromkeys(FORMS[1].counted, 0) | cells | {"persons": 800, "poor_persons": 1}
    frames = frames_of({1: [tidy_rows(1)[0], tidy_rows(1)[1]]})
    review = Review(
        dict(FORMS), frames, (Place("a.xlsx", "1", dict.fromkeys(FORMS[1].names, "A")),)
    )
    for rate, wrong in ((0.12, 0), (0.13, 0), (0.125, 0), (0.14, 1), (0.11, 1)):
        assert len(check_review(spoiled(review, 1, 2023, "412", **few, poor_rate=rate))) == wrong


def test_the_percentage_forms_repeat_the_counts() -> None:
    """Form 5 says form 4 again in percent of its first column, household count and all."""
    sound = sound_review()
    four = sound.frames[4]
    share = {name: 100 * four[name] / four["households"] for name in FORMS[4].counted[1:]}
    review = replace(sound, frames={**sound.frames, 5: four.assign(**share).round(2)})
    assert check_review(review).empty
    broken = spoiled(review, 5, 2024, MY_LY, water=12.0, households=4000)
    told = [(row[0], row[2], row[3], row[4], str(row[5])) for row in _told(broken)]
    assert sorted(told) == [
        ("Biểu 5", MY_LY, "1", 4000, "4493"),
        ("Biểu 5", MY_LY, "10", Decimal("12.0"), "49.99"),
    ]


def _with_total(**cells: int) -> Review:
    """Return form 1 as one sheet with a total row, some of the total's cells replaced."""
    frame = frames_of({1: tidy_rows(1, years=[2024])})[1]
    units = frame[frame["level"] == "district"]
    total = units.iloc[[0]].assign(
        level="total", code="", name="Tổng cộng", district_code="", row=12
    )
    for name in FORMS[1].counted:
        total[name] = cells.get(name, int(units[name].sum()))
    whole = pd.concat([frame, total], ignore_index=True)
    place = Place("gui-len.xlsx", "Biểu 1", dict.fromkeys(FORMS[1].names, "C"))
    return Review(dict(FORMS), {1: whole}, (place,))


def test_a_total_that_lies_is_told_by_its_cell() -> None:
    """The total row is held against the districts of its own sheet."""
    assert check_review(_with_total()).empty
    frame = check_review(_with_total(poor_households=6978))
    (row,) = frame.to_dict("records")
    assert row["where"] == "gui-len.xlsx, trang tính Biểu 1, ô C12"
    assert (row["level"], row["unit_code"], row["value"], row["expected"]) == (
        "total", "TC", 6978, 6977,
    )  # fmt: skip
    assert row["message"] == (
        "Biểu 1 cuối năm 2024, dòng tổng cộng: cột 3. Hộ nghèo: Số hộ ghi 6.978, các đơn vị cộng "
        "lại được 6.977."
    )


def test_the_effect_on_the_provinces_rate_can_be_checked_by_hand() -> None:
    """With 500 poor among 10.000 households, 20 fewer make 4,80% of 5,00%: 0,2 points less."""
    assert rate_effect(500, 10_000, -20) == Decimal("-0.2000")
    assert rate_effect(500, 10_000, more=2_500) == Decimal("-1.0000")
    assert rate_effect(1, 3, 1) == Decimal("33.3333")
    assert rate_effect(0, 0, 5) is None
    broken = spoiled(sound_review(), 4, 2024, MUONG_XEN, households=2020)
    frame = check_review(broken, {2024: (500, 10_000)})
    own = frame[frame["unit_code"] == MUONG_XEN]
    assert list(own["effect"]) == [Decimal("-0.2000")]


@pytest.mark.parametrize(("column", "sign"), [("newly", 1), ("above", -1), ("closing", 1)])
def test_a_flow_counts_with_its_sign_in_the_closing_number(column: str, sign: int) -> None:
    """A newly poor household too many is one poor too many; an escaped one is one too few."""
    frame = sound_review().frames[2]
    at = (frame["year"] == 2024) & (frame["code"] == KY_SON)
    now = int(frame.loc[at, column].iloc[0])
    found = check_review(
        spoiled(sound_review(), 2, 2024, KY_SON, **{column: now + 1}), {2024: (6977, 132_206)}
    )
    (own,) = found[found["against"] == "các xã cộng lại"].to_dict("records")
    assert own["difference"] == 1
    assert own["effect"] == rate_effect(6977, 132_206, -sign)


def test_the_worst_comes_first() -> None:
    """Disagreements stand by result, then by the size of their effect, then by form and unit."""
    review = spoiled(sound_review(), 4, 2024, MY_LY, households=4500)
    review = spoiled(review, 10, 2024, MUONG_XEN, households=2100)
    review = spoiled(review, 11, 2024, MY_LY, near_health=9000)
    review = spoiled(review, 8, 2024, "412", dtts=329)
    frame = check_review(review, {2024: (6977, 132_206)})
    sizes = [abs(effect or Decimal(0)) for effect in frame["effect"]]
    assert list(frame["order"]) == list(range(1, len(frame) + 1))
    assert list(frame["result"]) == sorted(frame["result"], key=["lệch", "lưu ý"].index)
    assert sizes == sorted(sizes, reverse=True)
    assert frame["form"][0] == "Biểu 10"
    assert frame["effect"][0] == rate_effect(6977, 132_206, -100)


@settings(max_examples=25)
@given(
    form=st.sampled_from(COUNTED),
    year=st.sampled_from([2023, 2024]),
    row=st.integers(0, 6),
    column=st.integers(0, 40),
    more=st.integers(1, 10**6),
)
def test_no_wrong_number_goes_unnoticed(
    form: int, year: int, row: int, column: int, more: int
) -> None:
    """Where districts and communes both report, a change of any one number breaks some identity."""
    review = sound_review()
    frame = review.frames[form]
    code = frame.loc[frame["year"] == year, "code"].iloc[row]
    name = FORMS[form].counted[column % len(FORMS[form].counted)]
    now = int(frame.loc[(frame["year"] == year) & (frame["code"] == code), name].iloc[0])
    assert not check_review(spoiled(review, form, year, code, **{name: now + more})).empty


def test_each_kind_of_check_is_summed_up() -> None:
    """The data check gets a line a kind, with how many comparisons and how many disagree."""
    rows = review_findings(spoiled(sound_review(), 4, 2024, MY_LY, households=4500))
    results = {row[0].removeprefix("Biểu rà soát: "): (row[5], row[6]) for row in rows}
    assert results["cùng một số ở các biểu"] == ("1", "lệch")
    assert results["dòng huyện so với các xã cộng lại"] == ("1", "lệch")
    assert results["công thức ở dòng số cột"] == ("0", "khớp")
    assert all(int(row[3].replace(".", "")) > 0 for row in rows)
    assert len({(row[0], row[1], row[2]) for row in rows}) == len(rows)


def test_the_table_can_be_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is published reads back with its numbers, a blank effect staying blank."""
    rows = tidy_rows(1, years=[2024])
    rows[1][rows[0].index("average_persons")] = "1"
    data = read_data(write_province(tmp_path / "data", {1: rows}))
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    result = review_checks(data)
    publish("review_checks", result, "p")
    back = published("review_checks", "p").frame
    # Vinh has 4.821 such households with four persons each; its one commune says so too.
    assert list(back["value"]) == [Decimal(1)] * 2
    assert sorted(back["expected"]) == [Decimal(4821), Decimal(4 * 4821)]
    assert back["effect"].isna().all()
    assert set(data.review.files) < set(result.inputs)

"""Deprivations, who the poor are and why, and the communes: by hand and for any numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from data_samples import all_tables, read_tables
from filled_reviews import (
    COMMUNES,
    DISTRICTS,
    DONG_VINH,
    KY_SON,
    MUONG_XEN,
    MY_LY,
    TAY_HIEU,
    THAI_HOA,
    VINH,
    cells,
    has_columns_of,
    sample_data,
    with_review,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.dataset import DataSet
from helpers.errors import InputRefused
from helpers.plan.standards import load_standards, standard_at
from helpers.poverty.profile import TOPICS, commune_rates, deprivations, poor_profile
from helpers.rates import announced_rate


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """Return the three-district province."""
    return sample_data(tmp_path_factory)


LACKING = {
    VINH: {"households": 300, "employment": 150, "information": 1},
    THAI_HOA: {"households": 100, "employment": 40},
    KY_SON: {"households": 600, "employment": 500, "water": 333},
}


def test_deprivations_by_hand(data: DataSet) -> None:
    """690 of 1.000 poor households lack work; 333 of 600 in Kỳ Sơn lack clean water: 55,50%."""
    frame = deprivations(with_review(data, {4: {2024: LACKING}})).frame
    assert has_columns_of(frame, "deprivations")
    work = frame[frame["indicator"] == "employment"]
    assert cells(work, ("area_code", "order", "households", "deprived", "percent")) == [
        ("province", 1, 1000, 690, Decimal("69.00")),
        ("mountains", 1, 700, 540, Decimal("77.14")),
        ("lowland", 1, 300, 150, Decimal("50.00")),
        ("poor_districts", 1, 600, 500, Decimal("83.33")),
        (VINH, 1, 300, 150, Decimal("50.00")),
        (THAI_HOA, 1, 100, 40, Decimal("40.00")),
        (KY_SON, 1, 600, 500, Decimal("83.33")),
    ]
    water = frame[(frame["indicator"] == "water") & (frame["area_code"] == KY_SON)].iloc[0]
    assert (water["order"], water["deprived"], water["percent"]) == (9, 333, Decimal("55.50"))


def test_indicators_are_those_of_the_standard_in_force(data: DataSet) -> None:
    """Twelve, in the standard's order, named and put under services as the standard has them."""
    rows = deprivations(with_review(data, {4: {2024: LACKING}})).frame
    one = rows[rows["area_code"] == VINH]
    (standard,) = (item for item in load_standards() if item.id == "nd-07-2021")
    assert one["order"].tolist() == list(range(1, 13))
    assert cells(one, ("indicator", "label", "service")) == [
        (item.key, item.name, item.service) for item in standard.indicators
    ]


def test_the_year_end_decides_the_standard(data: DataSet) -> None:
    """At the end of 2027 the means of information are no longer an indicator."""
    result = deprivations(with_review(data, {4: {2026: LACKING, 2027: LACKING}}))
    keys = {year: set(rows["indicator"]) for year, rows in result.frame.groupby("year")}
    assert keys[2026] - keys[2027] == {"information"}
    assert "params/standards/nd-351-2025.yaml" in result.inputs
    assert "unverified" in result.marks


def test_a_year_end_without_a_standard_is_refused(data: DataSet) -> None:
    """Numbers of a year-end for which no standard is on file are not guessed at."""
    with pytest.raises(InputRefused, match="31/12/2019"):
        deprivations(with_review(data, {4: {2019: LACKING}}))


def test_near_poor_deprivations_come_from_form_6(data: DataSet) -> None:
    """Kind near_poor is form 6; each kind has its own households."""
    both = {4: {2024: LACKING}, 6: {2024: {VINH: {"households": 40, "employment": 10}}}}
    frame = deprivations(with_review(data, both)).frame
    near = frame[(frame["kind"] == "near_poor") & (frame["indicator"] == "employment")]
    assert cells(near, ("area_code", "households", "percent")) == [
        ("lowland", 40, Decimal("25.00")),
        (VINH, 40, Decimal("25.00")),
    ]


PROFILE = {
    8: {2024: {KY_SON: {"households": 200, "dtts": 190, "no_labour": 30, "merit": 4, "other": 6}}},
    9: {2024: {KY_SON: {"households": 200, "ethnic_1": 10, "ethnic_2": 60, "ethnic_3": 130}}},
    10: {2024: {KY_SON: {"households": 200, "no_land": 50, "illness": 1}}},
    11: {
        2024: {
            KY_SON: {
                **{"children": 300, "health": 30, "education": 6},
                **{"near_children": 8, "near_health": 2, "near_education": 0},
            }
        }
    },
}


def test_the_profile_by_hand(data: DataSet) -> None:
    """Of 200 poor households 190 are of ethnic minorities (95%), 130 Mông (65%), 50 lack land."""
    frame = poor_profile(with_review(data, PROFILE)).frame
    assert has_columns_of(frame, "poor_profile")
    own = frame[frame["area_code"] == KY_SON]
    assert own["topic"].unique().tolist() == list(TOPICS)

    def told(topic: str) -> list[tuple[object, ...]]:
        rows = own[own["topic"] == topic]
        return [(o, i, str(p)) for o, i, p in cells(rows, ("order", "item", "percent"))]

    assert told("group") == [
        (1, "dtts", "95.00"),
        (2, "no_labour", "15.00"),
        (3, "merit", "2.00"),
        (4, "other", "3.00"),
    ]
    labels = own.loc[own["topic"] == "ethnicity", "label"].tolist()
    assert labels == ["Kinh", "Thái", "Mông"]
    assert told("ethnicity")[2] == (3, "ethnic_3", "65.00")
    assert told("cause")[0] == (1, "no_land", "25.00")
    assert len(told("cause")) == 8
    assert told("children") == [(1, "health", "10.00"), (2, "education", "2.00")]
    assert told("near_children") == [(1, "health", "25.00"), (2, "education", "0.00")]


def test_form_numbers_of_the_profile(data: DataSet) -> None:
    """Counts are households of the form, never its persons' half."""
    persons = {8: {2024: {VINH: {"households": 3, "dtts": 1, "dtts_persons": 5}}}}
    frame = poor_profile(with_review(data, persons)).frame
    first = frame[(frame["area_code"] == VINH) & (frame["item"] == "dtts")].iloc[0]
    assert (first["whole"], first["count"], first["label"]) == (3, 1, "Hộ dân tộc thiểu số")
    assert len(frame[frame["area_code"] == VINH]) == 4


RETURNED = {
    DONG_VINH: {"households": 1000, "poor_households": 20, "near_poor_households": 30},
    TAY_HIEU: {"households": 500, "poor_households": 5, "near_poor_households": 9},
    MUONG_XEN: {"households": 400, "poor_households": 100, "near_poor_households": 50},
    MY_LY: {"households": 300, "poor_households": 150, "near_poor_households": 20},
}


def test_communes_of_the_latest_review(data: DataSet) -> None:
    """Mỹ Lý (50%) ranks before Mường Xén (25%); the start of the year is form 2's column 1."""
    opening = {MY_LY: {"opening": 170}, MUONG_XEN: {"opening": 120}}
    content = {1: {2023: RETURNED, 2024: RETURNED}, 2: {2023: {}, 2024: opening}}
    frame = commune_rates(with_review(data, content)).frame
    assert has_columns_of(frame, "commune_rates")
    assert frame.to_dict("records")[-1] == {
        "district_code": KY_SON,
        "district": "Kỳ Sơn",
        "unit_code": MY_LY,
        "unit": "Xã Mỹ Lý",
        "year": 2024,
        "households": 300,
        "poor_before": 170,
        "poor_households": 150,
        "poor_rate": Decimal("50.00"),
        "near_poor_households": 20,
        "rank": 1,
    }
    assert cells(frame, ("unit", "poor_before", "rank")) == [
        ("Phường Đông Vĩnh", None, 1),
        ("Xã Tây Hiếu", None, 1),
        ("Thị trấn Mường Xén", 120, 2),
        ("Xã Mỹ Lý", 170, 1),
    ]


def test_communes_without_a_review(tmp_path: Path) -> None:
    """The table of the communes serves instead, and does not know the start of the year."""
    result = commune_rates(read_tables(tmp_path, all_tables()))
    assert has_columns_of(result.frame, "commune_rates")
    assert cells(result.frame, ("unit", "year", "poor_before", "poor_rate", "rank")) == [
        ("Phường Đông Vĩnh", 2023, None, Decimal("0.41"), 1),
        ("Xã Tây Hiếu", 2023, None, Decimal("1.05"), 1),
        ("Thị trấn Mường Xén", 2023, None, Decimal("31.74"), 2),
        ("Xã Mỹ Lý", 2023, None, Decimal("50.12"), 1),
    ]
    assert any(name.endswith("commune_poverty.csv") for name in result.inputs)


def test_districts_alone_tell_nothing_of_communes(data: DataSet) -> None:
    """Form 1 of districts only gives no commune, and no invented row."""
    only = {1: {2024: {VINH: {"households": 10, "poor_households": 1}}}}
    assert commune_rates(with_review(data, only)).frame.empty


def test_without_anything(data: DataSet) -> None:
    """A province without forms and commune tables gets the columns and no row."""
    tables = {
        "deprivations": deprivations(data),
        "poor_profile": poor_profile(data),
        "commune_rates": commune_rates(data),
    }
    for name, result in tables.items():
        assert has_columns_of(result.frame, name)
        assert result.frame.empty
        assert set(result.frame.dtypes.map(str)) == {"object"}


def test_what_must_be_said(data: DataSet) -> None:
    """A made review marks all three tables, and its files stand among the inputs."""
    whole = with_review(data, {1: {2024: RETURNED}, 4: {2024: LACKING}, **PROFILE})
    for result in (deprivations(whole), poor_profile(whole), commune_rates(whole)):
        assert "illustrative" in result.marks
        assert "bieu.xlsx" in result.inputs


PARTS = st.lists(st.integers(0, 1000), min_size=12, max_size=12)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(DISTRICTS), PARTS, min_size=1))
def test_percentages_stay_within_bounds(data: DataSet, numbers: Mapping[str, list[int]]) -> None:
    """No percentage leaves 0–100, and a group's parts are the sums of its districts'."""
    indicators = standard_at(load_standards(), date(2024, 12, 31)).indicators
    units = {
        code: {
            "households": max(parts),
            **{item.key: number for item, number in zip(indicators, parts, strict=True)},
        }
        for code, parts in numbers.items()
    }
    frame = deprivations(with_review(data, {4: {2024: units}})).frame
    assert all(0 <= percent <= 100 for percent in frame["percent"])
    for row in frame.itertuples():
        assert row.percent == announced_rate(row.deprived, row.households)
    province = frame[frame["area_code"] == "province"]
    assert len(province) == (12 if len(numbers) == len(DISTRICTS) else 0)
    districts = frame[frame["group"] == "district"]
    for row in province.itertuples():
        own = districts[districts["order"] == row.order]
        assert row.deprived == own["deprived"].sum()
        assert row.households == own["households"].sum()


@st.composite
def commune_counts(draw: st.DrawFn) -> dict[str, dict[str, int]]:
    """Return any communes' households and poor ones among them."""
    chosen = draw(st.sets(st.sampled_from(sorted(COMMUNES)), min_size=1))
    counts = {}
    for code in sorted(chosen):
        households = draw(st.integers(0, 500))
        counts[code] = {
            "households": households,
            "poor_households": draw(st.integers(0, households)),
        }
    return counts


@given(commune_counts())
def test_ranks_are_whole_and_follow_the_rates(
    data: DataSet, counts: dict[str, dict[str, int]]
) -> None:
    """In each district ranks run from 1 without a gap, and never put a lower rate first."""
    frame = commune_rates(with_review(data, {1: {2024: counts}})).frame
    assert sorted(frame["unit_code"]) == sorted(counts)
    for _, rows in frame.groupby("district_code"):
        ordered = rows.sort_values("rank")
        assert ordered["rank"].tolist() == list(range(1, len(rows) + 1))
        assert ordered["poor_rate"].is_monotonic_decreasing


def test_nothing_of_the_data_is_changed(data: DataSet) -> None:
    """Computing leaves the review's frames as they were handed over."""
    whole = with_review(data, {1: {2024: RETURNED}, 4: {2024: LACKING}, **PROFILE})
    before = {number: frame.copy(deep=True) for number, frame in whole.review.frames.items()}
    communes = whole.communes.copy(deep=True)
    for compute in (deprivations, poor_profile, commune_rates):
        compute(whole)
    assert all(whole.review.frames[number].equals(frame) for number, frame in before.items())
    assert whole.communes.equals(communes)

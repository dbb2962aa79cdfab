"""The year's flows: worked by hand, closed for any numbers, silent where a district is missing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from filled_reviews import (
    DISTRICTS,
    KY_SON,
    MUONG_XEN,
    MY_LY,
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
from helpers.poverty.flows import KINDS, poverty_flows
from helpers.rates import announced_rate

FLOWS = ("opening", "changed", "above", "other_decrease", "from_other", "relapsed", "newly")
FLOWS = (*FLOWS, "other_increase")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """Return the three-district province."""
    return sample_data(tmp_path_factory)


def filled(kind: str, *numbers: int) -> dict[str, int]:
    """Return columns 1 to 8 of a flow form as a unit fills them."""
    _, into_other, from_other = KINDS[kind]
    names = {"changed": into_other, "from_other": from_other}
    return {names.get(name, name): n for name, n in zip(FLOWS, numbers, strict=True)}


POOR = {
    VINH: filled("poor", 385, 40, 60, 5, 10, 4, 30, 5),
    THAI_HOA: filled("poor", 192, 30, 20, 2, 5, 0, 8, 2),
    KY_SON: filled("poor", 7222, 700, 300, 29, 100, 50, 140, 10),
}


def test_flows_by_hand(data: DataSet) -> None:
    """Kỳ Sơn: 7.222 − (700 + 300 + 29) + (100 + 50 + 140 + 10) = 6.493; 50 of 1.000 relapsed."""
    frame = poverty_flows(with_review(data, {2: {2024: POOR}})).frame
    assert has_columns_of(frame, "flows")
    row = frame[frame["area_code"] == KY_SON].iloc[0].to_dict()
    assert row == {
        "kind": "poor",
        "group": "district",
        "area_code": KY_SON,
        "area": "Kỳ Sơn",
        "year": 2024,
        "opening": 7222,
        "changed": 700,
        "above": 300,
        "other_decrease": 29,
        "from_other": 100,
        "relapsed": 50,
        "newly": 140,
        "other_increase": 10,
        "closing": 6493,
        "gross_out": 1029,
        "gross_in": 300,
        "net": 729,
        "relapse_rate": Decimal("5.00"),
    }


def test_the_areas_and_their_order(data: DataSet) -> None:
    """Groups first, then districts by code; the province sums the three: 54 of 1.150 relapsed."""
    frame = poverty_flows(with_review(data, {2: {2024: POOR}})).frame
    assert cells(frame, ("area_code", "area", "closing", "relapse_rate")) == [
        ("province", "Toàn tỉnh", 329 + 155 + 6493, Decimal("4.70")),
        ("mountains", "Miền núi", 155 + 6493, Decimal("4.76")),
        ("lowland", "Đồng bằng", 329, Decimal("4.00")),
        ("poor_districts", "Các huyện nghèo", 6493, Decimal("5.00")),
        (VINH, "Vinh", 329, Decimal("4.00")),
        (THAI_HOA, "Thái Hòa", 155, Decimal("0.00")),
        (KY_SON, "Kỳ Sơn", 6493, Decimal("5.00")),
    ]


def test_near_poor_flows_come_from_form_3(data: DataSet) -> None:
    """Kind near_poor reads form 3's own columns: to and from the poor."""
    near = {VINH: filled("near_poor", 939, 10, 200, 3, 40, 6, 70, 3)}
    frame = poverty_flows(with_review(data, {3: {2024: near}})).frame
    wanted = ("kind", "changed", "from_other", "closing", "net", "relapse_rate")
    assert cells(frame[frame["area_code"] == VINH], wanted) == [
        ("near_poor", 10, 40, 845, 94, Decimal("2.86"))
    ]


def test_a_group_needs_all_its_districts(data: DataSet) -> None:
    """With Thái Hòa missing, neither the province nor the mountains have a row."""
    some = {code: POOR[code] for code in (VINH, KY_SON)}
    frame = poverty_flows(with_review(data, {2: {2023: POOR, 2024: some}})).frame
    assert set(frame.loc[frame["year"] == 2024, "area_code"]) == {
        *("lowland", "poor_districts", VINH, KY_SON),
    }
    assert set(frame.loc[frame["year"] == 2023, "area_code"]) > {"province", "mountains", THAI_HOA}


def test_a_district_is_the_sum_of_its_communes(data: DataSet) -> None:
    """Where communes reported, they count, whatever else the district's own row says."""
    communes = {
        MUONG_XEN: filled("poor", 100, 10, 0, 0, 0, 1, 0, 0),
        MY_LY: filled("poor", 200, 10, 0, 0, 0, 1, 0, 0),
    }
    frame = poverty_flows(with_review(data, {2: {2024: {**POOR, **communes}}})).frame
    wanted = ("opening", "closing", "relapse_rate")
    assert cells(frame[frame["area_code"] == KY_SON], wanted) == [(300, 282, Decimal("10.00"))]


def test_a_false_closing_number_is_not_repeated(data: DataSet) -> None:
    """What is published closes by its own flows, even where the form's column 9 does not."""
    wrong = {**POOR, VINH: {**POOR[VINH], "closing": 9999}}
    frame = poverty_flows(with_review(data, {2: {2024: wrong}})).frame
    assert frame.loc[frame["area_code"] == VINH, "closing"].item() == 329


def test_nobody_escaped(data: DataSet) -> None:
    """A relapse rate of nobody is blank, not zero and not endless."""
    stuck = {VINH: filled("poor", 10, 0, 0, 1, 0, 3, 0, 0)}
    frame = poverty_flows(with_review(data, {2: {2024: stuck}})).frame
    assert frame["relapse_rate"].tolist() == [None, None]


def test_without_a_review(data: DataSet) -> None:
    """A province without forms gets the table's columns and no row."""
    frame = poverty_flows(data).frame
    assert has_columns_of(frame, "flows")
    assert frame.empty
    assert set(frame.dtypes.map(str)) == {"object"}


def test_what_must_be_said(data: DataSet) -> None:
    """A made review marks its flows, and its files stand among the inputs."""
    result = poverty_flows(with_review(data, {2: {2024: POOR}}))
    assert "illustrative" in result.marks
    assert "bieu.xlsx" in result.inputs


COUNTS = st.lists(st.integers(min_value=0, max_value=10_000), min_size=8, max_size=8)


@settings(max_examples=50)
@given(st.fixed_dictionaries(dict.fromkeys(DISTRICTS, COUNTS)), st.sampled_from(sorted(KINDS)))
def test_flows_close_and_groups_are_sums(
    data: DataSet, numbers: Mapping[str, list[int]], kind: str
) -> None:
    """In every row opening − out + in = closing; groups' rows are the sums of their districts'."""
    units = {code: filled(kind, *row) for code, row in numbers.items()}
    frame = poverty_flows(with_review(data, {KINDS[kind][0]: {2024: units}})).frame
    assert set(frame["kind"]) == {kind}
    for row in frame.itertuples():
        assert row.opening - row.gross_out + row.gross_in == row.closing
        assert row.opening - row.net == row.closing
        assert row.gross_out == row.changed + row.above + row.other_decrease
        assert row.gross_in == row.from_other + row.relapsed + row.newly + row.other_increase
        escaped = row.changed + row.above
        assert row.relapse_rate == (announced_rate(row.relapsed, escaped) if escaped else None)
    sums = frame.set_index("area_code")[[*FLOWS, "closing", "gross_out", "gross_in", "net"]]
    members = {"province": DISTRICTS, "mountains": (THAI_HOA, KY_SON), "lowland": (VINH,)}
    for group, codes in {**members, "poor_districts": (KY_SON,)}.items():
        assert sums.loc[group].tolist() == sums.loc[list(codes)].sum().tolist()

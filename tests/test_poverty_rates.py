"""Poverty rates from counts."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.dataset import DataSet
from helpers.poverty.rates import dtts_counts, most_poor_households, poverty_rates
from helpers.rates import announced_rate

HOUSEHOLDS = st.integers(min_value=1, max_value=2_000_000)


@pytest.mark.parametrize(
    ("poor", "households", "wanted"),
    [
        (36_703, 882_400, "4.16"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 800, "0.13"),  # exactly 0,125: halves go up
        (0, 5, "0.00"),
        (0, 0, "0.00"),
        (5, 5, "100.00"),
    ],
)
def test_a_rate_is_announced_with_two_decimals(poor: int, households: int, wanted: str) -> None:
    """Worked examples that a calculator confirms."""
    assert announced_rate(poor, households) == Decimal(wanted)


@given(HOUSEHOLDS, st.data())
def test_the_announced_rate_is_the_exact_one_rounded_half_up(
    households: int, data: st.DataObject
) -> None:
    """Integer arithmetic gives what decimal rounding of the exact quotient gives."""
    poor = data.draw(st.integers(min_value=0, max_value=households))
    exact = Fraction(100 * poor, households)
    announced = announced_rate(poor, households)
    assert Fraction(announced) - Fraction(1, 200) <= exact < Fraction(announced) + Fraction(1, 200)
    assert announced == announced.quantize(Decimal("0.01"))


@given(HOUSEHOLDS, st.integers(min_value=0, max_value=10_000))
def test_the_most_poor_households_are_the_most(households: int, hundredths: int) -> None:
    """One more poor household would lift the announced rate above the goal."""
    goal = Decimal(hundredths) / 100
    most = most_poor_households(goal, households)
    assert announced_rate(most, households) <= goal
    assert announced_rate(most + 1, households) > goal


def test_no_number_is_small_enough_for_a_rate_below_zero() -> None:
    """A goal below zero cannot be met, and the answer says so."""
    assert most_poor_households(Decimal("-0.50"), 1000) < 0


def test_groups_are_the_sums_of_their_districts(shipped_data: DataSet) -> None:
    """Province and regions add up from districts, and mountains and lowland make the province."""
    frame = poverty_rates(shipped_data).frame
    for year, rows in frame.groupby("year"):
        counts = rows.set_index("area_code")["poor_households"]
        districts = rows.loc[rows["group"] == "district", "poor_households"].sum()
        assert counts["province"] == districts, year
        assert counts["mountains"] + counts["lowland"] == counts["province"]


@pytest.mark.parametrize(
    ("year", "area", "wanted"),
    [
        (2021, "province", "7.80"),
        (2021, "mountains", "17.24"),
        (2022, "province", "6.41"),
        (2024, "province", "4.16"),
        (2024, "mountains", "10.35"),
    ],
)
def test_the_shipped_data_give_the_known_rates(
    shipped_data: DataSet, year: int, area: str, wanted: str
) -> None:
    """District data, though illustrative, lead to the rates that were announced."""
    frame = poverty_rates(shipped_data).frame
    row = frame[(frame["year"] == year) & (frame["area_code"] == area)].iloc[0]
    assert row["poor_rate"] == Decimal(wanted)


def test_minorities_are_counted_from_their_own_table(shipped_data: DataSet) -> None:
    """Households of ethnic minorities give the known rates, and no district is counted for them."""
    frame = poverty_rates(shipped_data).frame
    rates = frame[frame["area_code"] == "dtts"].set_index("year")["poor_rate"]
    assert (rates[2021], rates[2024]) == (Decimal("38.58"), Decimal("24.92"))
    assert set(frame.loc[frame["area_code"] == "dtts", "group"]) == {"dtts"}
    table = shipped_data.dtts_poverty
    sums = table[table["year"] == 2024][["households", "poor_households"]].sum()
    row = frame[(frame["area_code"] == "dtts") & (frame["year"] == 2024)].iloc[0]
    assert (row["households"], row["poor_households"]) == tuple(sums)
    assert "data/nghe-an-2024/dtts_poverty.csv" in poverty_rates(shipped_data).inputs


def test_minorities_without_a_table_have_no_rows(shipped_data: DataSet) -> None:
    """A province that leaves the table out has every other area as before."""
    without = dataclasses.replace(shipped_data, dtts_poverty=shipped_data.dtts_poverty.iloc[:0])
    frame, whole = poverty_rates(without).frame, poverty_rates(shipped_data).frame
    assert "dtts" not in set(frame["area_code"])
    assert len(frame) == len(whole[whole["area_code"] != "dtts"])
    assert "data/nghe-an-2024/dtts_poverty.csv" not in poverty_rates(without).inputs


def test_a_year_of_minorities_that_lacks_a_district_is_left_out(shipped_data: DataSet) -> None:
    """Its sum would look like a fall of poverty that never was."""
    table = shipped_data.dtts_poverty
    partial = table.drop(table.index[table["year"] == 2024][:1])
    counts = dtts_counts(dataclasses.replace(shipped_data, dtts_poverty=partial))
    assert list(counts.index) == [2021, 2022, 2023]


def test_the_data_are_not_changed(shipped_data: DataSet) -> None:
    """Computing rates leaves the frames as they were handed over."""
    before = shipped_data.poverty.copy(deep=True)
    poverty_rates(shipped_data)
    assert before.equals(shipped_data.poverty)

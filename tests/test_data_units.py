"""The units that share capital: their columns are exact, and what is missing is known."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from helpers.data.dataset import DataSet
from helpers.data.units import (
    commune_units,
    district_units,
    number_column,
    units_of_rows,
    word_column,
    word_name,
)
from helpers.rates import announced_rate


def test_counts_and_announced_rates(shipped_data: DataSet) -> None:
    """Kỳ Sơn's counts are those of the year-end, its rates those that would be announced."""
    units = district_units(shipped_data, 2023)
    place = units.codes.index("417")
    rows = shipped_data.poverty
    row = rows[(rows["district_code"] == "417") & (rows["year"] == 2023)].iloc[0]
    poor, near = int(row["poor_households"]), int(row["near_poor_households"])
    assert units.names[place] == "Kỳ Sơn"
    assert units.columns["poor_and_near_poor"].value(place) == poor + near
    rate = announced_rate(poor + near, int(row["households"]))
    assert units.columns["poor_and_near_poor_rate"].value(place) == Fraction(rate)
    assert units.columns["poor_and_near_poor_rate"].shown(place) == "59,06%"
    assert units.columns["special_difficulty_share"].value(place) == Fraction("90.48")
    assert units.columns["region"].shown(place) == "vùng núi cao"
    assert units.columns["equal"].value(place) == 1


def test_disbursement_of_the_year_before(shipped_data: DataSet) -> None:
    """The rate is disbursed over assigned of that year, all lines together, half up."""
    units = district_units(shipped_data, 2023)
    rows = shipped_data.history
    own = rows[(rows["unit"] == "Tương Dương") & (rows["year"] == 2023)]
    wanted = announced_rate(int(own["disbursed"].sum()), int(own["assigned"].sum()))
    place = units.codes.index("418")
    assert units.columns["disbursed_rate"].value(place) == Fraction(wanted)
    bare = dataclasses.replace(shipped_data, history=shipped_data.history.iloc[:0])
    assert "disbursed_rate" not in district_units(bare, 2023).columns


def test_communes_inherit_from_their_district(shipped_data: DataSet) -> None:
    """A commune knows its region and district; without a year's count it has no value."""
    units = commune_units(shipped_data, 2023)
    assert len(units) == 460
    place = units.names.index("thị trấn Mường Xén")
    assert units.parents[place] == "417"
    assert units.columns["region"].value(place) == "highland"
    assert units.columns["poor_and_near_poor"].value(place) == 310
    own = units.within("417")
    assert len(own) == 21
    assert sum(own.columns["poor_and_near_poor"].values) == 10_026
    other = commune_units(shipped_data, 2020)
    assert other.columns["poor_households"].absent.all()
    assert other.columns["poor_households"].shown(0) == "chưa có"
    # Which communes are in which khu vực is not known yet.
    assert units.columns["khu_vuc"].absent.all()


def test_extra_columns_of_the_data_are_columns_of_the_units(shipped_data: DataSet) -> None:
    """A criterion that the province adds to its table can be used like the others."""
    criteria = shipped_data.criteria.assign(income=[Decimal("12.5")] * 21)
    units = district_units(dataclasses.replace(shipped_data, criteria=criteria), 2023)
    assert units.columns["income"].value(3) == Fraction(25, 2)


@pytest.mark.parametrize(
    ("values", "scale"),
    [([1, 2, None], 1), ([Decimal("0.25"), Decimal("3")], 4), ([Fraction(1, 3), 2], 3)],
)
def test_number_columns_are_exact(values: list[Fraction | None], scale: int) -> None:
    """Values are kept as whole numbers over one denominator; None stays missing."""
    column = number_column("x", values)
    assert column.scale == scale
    assert [column.value(i) for i in range(len(values))] == [
        None if value is None else Fraction(value) for value in values
    ]
    huge = number_column("x", [10**30])
    assert huge.value(0) == 10**30


def test_word_columns_and_taking() -> None:
    """Words keep their own spelling, an empty one is missing, and parts can be taken."""
    column = word_column("khu_vuc", ["III", "", "I", "III"])
    assert [column.value(i) for i in range(4)] == ["III", None, "I", "III"]
    assert column.take(np.asarray([0, 3])).absent.tolist() == [False, False]
    assert word_name("yes") == "có"
    assert word_name("đảo") == "đảo"


def test_rows_stand_by_code(shipped_data: DataSet) -> None:
    """Units written out one by one are ordered by code, whatever their order in the list."""
    rows = [{"name": "B", "code": "2", "rate": 5}, {"name": "A", "code": "1", "rate": 7}]
    units = units_of_rows("district", rows, "thu.yaml", {"rate": ("Tỷ lệ", "%")})
    assert units.codes == units.parents == ("1", "2")
    assert units.columns["rate"].shown(0) == "7%"
    shuffled = dataclasses.replace(
        shipped_data, districts=shipped_data.districts.sample(frac=1, random_state=1)
    )
    one, other = district_units(shipped_data, 2023), district_units(shuffled, 2023)
    assert one.codes == other.codes
    pd.testing.assert_series_equal(
        pd.Series(one.columns["area_km2"].values), pd.Series(other.columns["area_km2"].values)
    )

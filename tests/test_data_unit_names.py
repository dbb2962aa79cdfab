"""A unit that gets capital is found by many spellings, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.dataset import DataSet
from helpers.data.unit_names import UnitNames, resolver
from helpers.text import slug

AGENCIES = {"SYT": "Sở Y tế", "SLĐ": "Sở Lao động - Thương binh và Xã hội", "BDT": "Ban Dân tộc"}


@pytest.fixture(scope="module")
def units(shipped_data: DataSet) -> UnitNames:
    """Return the shipped districts with three agencies."""
    return resolver(shipped_data.districts, AGENCIES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("417", ("417", "Kỳ Sơn")),
        ("huyện Kỳ Sơn", ("417", "Kỳ Sơn")),
        ("ky son", ("417", "Kỳ Sơn")),
        ("TX. Thái Hoà", ("414", "Thái Hòa")),
        ("syt", ("SYT", "Sở Y tế")),
        ("SỞ Y TẾ", ("SYT", "Sở Y tế")),
        ("So Y te", ("SYT", "Sở Y tế")),
        ("Sở Lao động – Thương binh và Xã hội", ("SLĐ", "Sở Lao động - Thương binh và Xã hội")),
        ("sld", ("SLĐ", "Sở Lao động - Thương binh và Xã hội")),
    ],
)
def test_spellings(units: UnitNames, text: str, found: tuple[str, str]) -> None:
    """Districts and agencies are found by code or name, in any case, accents left out or not."""
    assert units(text) == found


@pytest.mark.parametrize(
    ("text", "near"),
    [("Ki Sơn", "“Kỳ Sơn”"), ("Thái Hóa", "“Thái Hòa”"), ("Sở Y tê", "“Sở Y tế”"), ("???", "")],
)
def test_unknown(units: UnitNames, text: str, near: str) -> None:
    """A wrong accent or letter finds nothing; the nearest name is suggested."""
    assert units(text) is None
    refusal = units.refusal(text)
    assert f"“{text}”" in refusal.what
    assert near in refusal.todo
    assert refusal.todo


def test_names(units: UnitNames) -> None:
    """Every unit's name is known by its code."""
    assert len(units.names) == 24
    assert (units.names["BDT"], units.names["412"]) == ("Ban Dân tộc", "Vinh")


@given(place=st.integers(0, 20))
def test_accents_left_out(shipped_data: DataSet, place: int) -> None:
    """Every district is found when its name is typed without any accent."""
    district = shipped_data.districts.iloc[place]
    plain = slug(district["name"]).replace("-", " ")
    found = resolver(shipped_data.districts, AGENCIES)(plain)
    assert found == (district["code"], district["name"])

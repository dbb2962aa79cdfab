"""Bands: a partition of all values is accepted, anything else is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.plan.rules.checks import check_rules
from helpers.plan.rules.intervals import Interval, gaps, interval_of, overlaps
from helpers.plan.rules.model import MISSING, Band, Condition
from helpers.plan.source import Finding, Source

Ends = dict[str, Any]


def findings(bands: list[Ends], column: str = "households") -> list[Finding]:
    """Return what is wrong with a rule set whose only criterion has these bands."""
    criterion = {"column": column, "bands": [{**band, "points": 1} for band in bands]}
    rule = {
        "lines": ["DA1"],
        "basis": {"document": "Nghị quyết"},
        "status": "verified",
        "districts": {"eligible": "all", "criteria": [criterion]},
    }
    value = {"title": "Thử", "valid": {"from": "2024-01-01"}, "rules": [rule]}
    return check_rules(Source("thu.yaml", value, {}, ()))


@st.composite
def partitions(draw: st.DrawFn) -> list[Ends]:
    """Draw bands that meet at drawn values, each value going to one side or the other."""
    values = draw(st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True))
    bands: list[Ends] = []
    low: Ends = draw(st.sampled_from([{}, {"from": 0}]))
    for cut in sorted(values):
        at = str(Fraction(cut, 4).limit_denominator()) if cut % 4 == 0 else f"{cut * 25 / 100}"
        below = draw(st.booleans())
        bands.append({**low, "below" if below else "to": at.replace(".", ",")})
        low = {"from" if below else "above": at.replace(".", ",")}
    bands.append(low)
    return draw(st.permutations(bands))


@given(partitions())
def test_a_covering_partition_is_accepted(bands: list[Ends]) -> None:
    """Bands that meet and cover everything are accepted in any order."""
    assert findings(bands) == []


@given(partitions(), st.data())
def test_a_removed_band_is_refused(bands: list[Ends], data: st.DataObject) -> None:
    """Without one of its bands a partition leaves values out, and that is told once."""
    place = data.draw(st.integers(0, len(bands) - 1))
    rest = bands[:place] + bands[place + 1 :]
    (found,) = findings(rest)
    assert found.what.endswith("chưa thuộc khoảng nào")
    assert found.todo


@given(partitions(), st.data())
def test_a_widened_band_is_refused(bands: list[Ends], data: st.DataObject) -> None:
    """A band that takes in its neighbour's end is told, whichever end was widened."""
    place = data.draw(st.sampled_from([i for i, band in enumerate(bands) if band]))
    band = bands[place]
    ends = [key for key in band if band[key] != 0]
    key = data.draw(st.sampled_from(ends))
    value = Fraction(str(band[key]).replace(",", "."))
    wider = value - Fraction(1, 100) if key in ("from", "above") else value + Fraction(1, 100)
    changed = {**band, key: f"{float(wider):.4f}".rstrip("0").rstrip(".").replace(".", ",")}
    found = findings([*bands[:place], changed, *bands[place + 1 :]])
    assert found
    assert all("chồng lên nhau" in item.what or "cả hai khoảng" in item.what for item in found)


@given(partitions(), st.integers(0, 500))
def test_every_value_lies_in_one_interval(bands: list[Ends], hundredths: int) -> None:
    """Of a partition's intervals exactly one holds any value."""
    intervals = [interval_of(Band.model_validate({**band, "points": 1})) for band in bands]
    value = Fraction(hundredths, 4)
    assert sum(interval is not None and value in interval for interval in intervals) == 1


def test_percentages_may_end_at_a_hundred() -> None:
    """A column in percent may close its last band at 100; other columns may not close it."""
    bands = [{"below": 50}, {"from": 50, "to": 100}]
    assert findings(bands, "poor_rate") == []
    (found,) = findings(bands, "households")
    assert found.what == "các giá trị trên 100 chưa thuộc khoảng nào"


def test_zero_must_belong_to_a_band() -> None:
    """A first band above zero leaves zero itself out."""
    (found,) = findings([{"above": 0}])
    assert found.what == "giá trị đúng 0 chưa thuộc khoảng nào"
    assert found.todo.startswith("thêm khoảng “{to: 0, points: …}”")


def test_several_overlaps_are_all_told() -> None:
    """A band that lies within a wider one is told beside the wider one."""
    found = findings([{"below": 90}, {"from": 10, "below": 20}, {"from": 80, "below": 95}])
    assert [item.what for item in found] == [
        "hai khoảng “dưới 90” và “từ 10 đến dưới 20” chồng lên nhau ở các giá trị từ 10 đến "
        "dưới 20",
        "hai khoảng “dưới 90” và “từ 80 đến dưới 95” chồng lên nhau ở các giá trị từ 80 đến "
        "dưới 90",
    ]


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ({}, "mọi giá trị"),
        ({"below": 5}, "dưới 5"),
        ({"to": 5}, "từ 0 đến 5"),
        ({"from": 5}, "từ 5 trở lên"),
        ({"above": 1200}, "trên 1.200"),
        ({"from": 5, "below": 15}, "từ 5 đến dưới 15"),
        ({"above": "0,5", "to": 15}, "trên 0,5 đến 15"),
        ({"from": 5, "to": 5}, "đúng 5"),
        ({"above": 0}, "trên 0"),
    ],
)
def test_interval_in_words(ends: Ends, text: str) -> None:
    """A range reads as a clerk would say it."""
    interval = interval_of(Band.model_validate({**ends, "points": 1}))
    assert interval is not None
    assert interval.text == text


def test_interval_of_a_condition_and_of_unknown_ends() -> None:
    """Conditions have ranges too; where an end is not known there is none."""
    condition = Condition(column="poor_rate", from_=Fraction(5), below=Fraction(6))
    assert interval_of(condition) == Interval(Fraction(5), True, Fraction(6), False)
    assert interval_of(Band(from_=MISSING, points=Fraction(1))) is None
    assert "năm" not in Interval(Fraction(0), True, None, False)
    assert (list(gaps([])), list(overlaps([]))) == ([], [])


def test_no_file_is_needed() -> None:
    """Checks speak of places, whether or not the rules came from a file."""
    assert check_rules(Source(str(Path("x.yaml")), ["no", "mapping"], {}, ())) == []

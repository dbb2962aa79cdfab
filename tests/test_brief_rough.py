"""How forecasts, chances and multiples are worded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import words
from helpers.brief.dates import as_of_words, months_words, until_words
from helpers.brief.rough import chance, in_ten, rough, rough_range, short_chance, times
from helpers.brief.table import cell_text
from helpers.words import points_range


@pytest.mark.parametrize(
    ("percent", "said", "short"),
    [
        ("0", "dưới 1/10, rất khó", "dưới 1/10"),
        ("5", "dưới 1/10, rất khó", "dưới 1/10"),
        ("6", "khoảng 1/10", "1/10"),
        ("71", "khoảng 7/10", "7/10"),
        ("94", "khoảng 9/10", "9/10"),
        ("95", "trên 9/10, gần như chắc chắn", "trên 9/10"),
        ("100", "trên 9/10, gần như chắc chắn", "trên 9/10"),
    ],
)
def test_a_chance_is_told_in_tenths(percent: str, said: str, short: str) -> None:
    """Tenths in between, words at both ends; never none and never all of ten."""
    assert chance(Decimal(percent)) == said
    assert short_chance(Decimal(percent)) == short


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("0.12", "0.08", "gấp rưỡi"),
        ("0.20", "0.10", "gấp đôi"),
        ("0.30", "0.10", "gấp ba"),
        ("0.18", "0.10", "gấp 1,8 lần"),
        ("1.20", "0.10", "gấp 12 lần"),
        ("0.10", "0.10", "bằng"),
        ("0.06", "0.10", "chỉ bằng 60%"),
    ],
)
def test_a_multiple_is_told_as_people_say_it(one: str, other: str, said: str) -> None:
    """Round multiples have words, others a number, and less is a part."""
    assert times(Decimal(one), Decimal(other)) == said


def test_rough_rates_keep_what_matters() -> None:
    """One decimal from one percent on, two below it; an interval has the finer of both."""
    assert rough(Decimal("4.26")) == "4,3%"
    assert rough(Decimal("0.34")) == "0,34%"
    assert rough_range(Decimal("3.94"), Decimal("4.81")) == "3,9–4,8%"
    assert rough_range(Decimal("0.2"), Decimal("1.05")) == "0,20–1,05%"
    assert rough_range(Decimal(0), Decimal("1.3")) == "0,0–1,3%"


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_proportion_is_the_nearest_whole_number(part: int, whole: int) -> None:
    """So many in ten or in a hundred is never more than half a unit off."""
    number, base = in_ten(part, whole)
    assert abs(2 * (number * whole - base * part)) <= whole


@pytest.mark.parametrize(
    ("day", "when", "since", "past"),
    [
        ("2024-12-31", "cuối năm 2024", "năm 2024", "mười hai tháng qua"),
        ("2024-09-30", "đến ngày 30/9/2024", "đến 30/9/2024", "chín tháng qua"),
        ("2024-02-29", "đến ngày 29/02/2024", "đến 29/02/2024", "hai tháng qua"),
        ("2024-11-05", "đến ngày 05/11/2024", "đến 05/11/2024", "từ đầu năm đến nay"),
    ],
)
def test_a_day_within_the_year_is_not_called_its_end(
    day: str, when: str, since: str, past: str
) -> None:
    """A year-end is named by its year, any other day by its date, whole months by their number."""
    row = {"as_of": day}
    assert as_of_words(row) == when
    assert until_words(row) == since
    assert months_words(row).replace("12", "mười hai") == past


def test_a_range_whose_ends_meet_is_one_number() -> None:
    """A target of exactly three points reads as "3", in prose and in a table."""
    assert points_range(Decimal(3), Decimal("3.00")) == "3"
    assert points_range(Decimal(1), Decimal("1.5")) == "1–1,5"
    assert cell_text((Decimal(3), Decimal(3)), "range") == "3"


def test_short_dates_have_the_zeros_of_a_documents_head() -> None:
    """Days below ten, January and February have a leading zero."""
    assert words.day_words(date(2025, 2, 5)) == "05/02/2025"
    assert words.day_words(date(2024, 9, 30)) == "30/9/2024"

"""Numbers and dates in Vietnamese wording."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from helpers import words


@pytest.mark.parametrize(
    ("amount", "table", "prose"),
    [
        (603_736_000_000, "603.736", "603,736 tỷ đồng"),
        (40_000_000_000, "40.000", "40 tỷ đồng"),
        (79_240_000_000, "79.240", "79,24 tỷ đồng"),
        (1_500_000, "1,5", "1,5 triệu đồng"),
        (500_000, "0,5", "0,5 triệu đồng"),
        (1_234_567, "1,234567", "1.234.567 đồng"),
        (0, "0", "0 đồng"),
    ],
)
def test_an_amount_in_table_and_prose(amount: int, table: str, prose: str) -> None:
    """Tables speak of triệu, prose of tỷ, and neither loses a đồng."""
    assert words.million(amount) == table
    assert words.money(amount) == prose


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (Fraction(3_670_300, 882_400), "4,16%"),
        (Decimal("4.165"), "4,17%"),
        (Decimal("4.1649999"), "4,16%"),
        (0, "0,00%"),
        (Decimal("-0.005"), "-0,01%"),
        (Decimal("-0.004"), "0,00%"),
    ],
)
def test_a_rate_rounds_half_up(value: words.Number, wanted: str) -> None:
    """Percentages have a comma, two decimals, no space, and halves go up."""
    assert words.rate(value) == wanted


SAID = st.one_of(
    st.integers(-(10**15), 10**15),
    st.fractions(-(10**9), 10**9, max_denominator=10**6),
    st.decimals(-(10**9), 10**9, places=7),
)


@given(SAID, st.integers(0, 6), st.integers(0, 6), st.sampled_from([1, words.MILLION]))
def test_numbers_read_as_babel_words_them(
    value: words.Number, digits: int, least: int, unit: int
) -> None:
    """Grouping, comma, sign and zeros at the end are those of Babel for Vietnamese."""
    least = min(least, digits)
    shifted = abs(Fraction(value) / unit) * 10**digits
    rounded = Decimal(int(shifted + Fraction(1, 2))).scaleb(-digits)
    pattern = "#,##0" + ("." + "0" * least + "#" * (digits - least) if digits else "")
    wanted: str = format_decimal(rounded, pattern, "vi_VN")
    sign = "-" if value < 0 and rounded else ""
    assert words.decimal(value, digits, least=least, unit=unit) == sign + wanted


def test_points_are_not_percent() -> None:
    """A difference of two rates is said in điểm phần trăm."""
    assert words.points(Decimal("1.14")) == "1,14 điểm phần trăm"
    assert words.points_range(1, Fraction(3, 2)) == "1–1,5"


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2024, 2, 5), "Nghệ An, ngày 05 tháng 02 năm 2024"),
        (date(2024, 11, 20), "Nghệ An, ngày 20 tháng 11 năm 2024"),
        (date(2024, 3, 9), "Nghệ An, ngày 09 tháng 3 năm 2024"),
        (None, "Nghệ An, ngày … tháng … năm …"),
    ],
)
def test_a_date_has_the_leading_zeros_of_the_decree(day: date | None, wanted: str) -> None:
    """Days below 10 and the months 1 and 2 carry a zero; an open date stays dotted."""
    assert words.date_words(day, "Nghệ An") == wanted


@given(st.integers(min_value=0, max_value=10**15))
def test_a_count_reads_back(value: int) -> None:
    """Thousands are grouped by dots and nothing is lost."""
    assert int(words.count(value).replace(".", "")) == value


def test_small_numbers_are_words() -> None:
    """Up to ten a number is a word, beyond it digits."""
    assert [words.spelled(4), words.spelled(10), words.spelled(21)] == ["bốn", "mười", "21"]
    assert words.share(374, 1000) == "37,4%"

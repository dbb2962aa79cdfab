"""Numbers and dates in Vietnamese wording."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from helpers import words
from helpers.language import speaking


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


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (lambda: words.million(603_736_000_000), "603,736"),
        (lambda: words.money(603_736_000_000), "VND 603.736 billion"),
        (lambda: words.money(79_240_000_000), "VND 79.24 billion"),
        (lambda: words.money(12_000_000), "VND 12 million"),
        (lambda: words.money(1_234_567), "VND 1,234,567"),
        (lambda: words.rate(Decimal("4.16")), "4.16%"),
        (lambda: words.points(Decimal("1.14")), "1.14 percentage points"),
        (lambda: words.points_range(1, Fraction(3, 2)), "1–1.5"),
        (lambda: words.households(36_703), "36,703 households"),
        (lambda: words.households(1), "1 household"),
        (lambda: words.households(0), "0 households"),
        (lambda: words.date_words(date(2024, 2, 5), "Nghệ An"), "Nghệ An, 5 February 2024"),
        (lambda: words.date_words(None), "date: …"),
        (lambda: words.day_words(date(2024, 9, 30)), "30 Sep 2024"),
        (lambda: words.share(374, 1000), "37.4%"),
    ],
)
def test_english_has_its_own_signs(said: Callable[[], str], wanted: str) -> None:
    """In English the comma parts thousands, the point decimals; units and months are English."""
    with speaking("en"):
        assert said() == wanted


def _read(text: str, thousands: str = ".", comma: str = ",") -> Fraction:
    """Return what an amount in prose says in đồng."""
    number = next(word for word in text.split() if word[-1].isdigit())
    value = Fraction(number.replace(thousands, "").replace(comma, "."))
    units = {"tỷ": 10**9, "billion": 10**9, "triệu": 10**6, "million": 10**6}
    return value * next((units[word] for word in text.split() if word in units), 1)


AMOUNTS = st.one_of(
    st.integers(0, 10**15), st.integers(0, 10**9).map(lambda millions: millions * words.MILLION)
)


@given(AMOUNTS)
def test_prose_and_table_tell_the_same_amount(amount: int) -> None:
    """What prose says in tỷ is to the đồng what the table beside it says in triệu."""
    assert _read(words.money(amount)) == amount
    assert _read(f"{words.million(amount)} triệu") == amount
    with speaking("en"):
        assert _read(words.money(amount), ",", ".") == amount


@given(st.integers(0, 10**13), st.integers(1, 10**13))
def test_a_share_in_prose_is_near_that_of_the_table(part: int, whole: int) -> None:
    """Prose has one decimal of the exact share, the table two: only rounding parts them."""
    exact = Fraction(100 * part, whole)
    said = _read(words.share(part, whole).removesuffix("%"))
    announced = _read(words.rate(exact).removesuffix("%"))
    assert abs(said - exact) <= Fraction(1, 20)
    assert abs(said - announced) <= Fraction(1, 20) + Fraction(1, 200)


@given(SAID, st.integers(0, 6))
def test_both_languages_write_the_same_number(value: words.Number, digits: int) -> None:
    """The two versions of a number differ in their signs alone."""
    native = words.decimal(value, digits)
    with speaking("en"):
        assert words.decimal(value, digits) == native.translate(str.maketrans(".,", ",."))

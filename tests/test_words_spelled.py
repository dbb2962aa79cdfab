"""Amounts in words, as the foot of a document has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import words
from helpers.language import speaking

DIGITS = {
    **{"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5},
    **{"sáu": 6, "bảy": 7, "tám": 8, "chín": 9},
}
SCALES = {"nghìn": 10**3, "triệu": 10**6}


def read(text: str) -> int:
    """Return the number that words say, read the way a Vietnamese reads them."""
    *whole, rest = text.split(" tỷ") if " tỷ" in text else [text]
    billions = 0
    for place, part in enumerate(reversed(whole), start=1):
        billions += _below_billion(part.split()) * 10 ** (9 * place)
    return billions + _below_billion(rest.split())


def _below_billion(said: list[str]) -> int:
    total, group = 0, 0
    digit: int | None = None
    for word in said:
        if word in SCALES:
            total, group, digit = total + (group + (digit or 0)) * SCALES[word], 0, None
        elif word == "trăm":
            group, digit = (digit or 0) * 100, None
        elif word == "mươi":
            group, digit = group + (digit or 0) * 10, None
        elif word == "mười":
            group, digit = group + 10, None
        elif word != "linh":
            digit = DIGITS[word]
    return total + group + (digit or 0)


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (14, "Mười bốn đồng"),
        (25, "Hai mươi lăm đồng"),
        (101, "Một trăm linh một đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (1_000_000, "Một triệu đồng"),
        (50_000_500, "Năm mươi triệu năm trăm đồng"),
        (1_000_024_015, "Một tỷ không trăm hai mươi tư nghìn không trăm mười lăm đồng"),
        (603_736_000_000, "Sáu trăm linh ba tỷ bảy trăm ba mươi sáu triệu đồng"),
        (1_234_000_000_000, "Một nghìn hai trăm ba mươi tư tỷ đồng"),
        (10**18, "Một tỷ tỷ đồng"),
        (-21, "Âm hai mươi mốt đồng"),
    ],
)
def test_an_amount_in_words(amount: int, wanted: str) -> None:
    """Mốt, tư, lăm, linh and không trăm stand where they belong, the first letter is a capital."""
    assert words.in_words(amount) == wanted


@given(st.one_of(st.integers(1, 10**5), st.integers(1, 10**18 - 1)))
def test_what_is_spelled_reads_back(amount: int) -> None:
    """The words of an amount say that amount and no other."""
    said = words.in_words(amount).removesuffix(" đồng")
    assert read(said.lower()) == amount


@given(st.integers(1, 10**15 - 1))
def test_words_are_those_that_are_spoken(amount: int) -> None:
    """Mốt, tư and lăm stand only behind tens, linh only before a digit."""
    said = words.in_words(amount).lower().removesuffix(" đồng").split()
    for before, word in zip(["", *said], said, strict=False):
        if word in ("mốt", "tư"):
            assert before == "mươi"
        if word == "lăm":
            assert before in ("mươi", "mười")
        if before in ("mươi", "mười"):
            assert word not in ("không", "năm", "linh")
        if before == "linh":
            assert word in DIGITS


def test_an_amount_in_english_words() -> None:
    """In English the same amount is spelled too."""
    with speaking("en"):
        assert words.in_words(603_736_000_000) == (
            "Six hundred and three billion seven hundred and thirty-six million Vietnamese dong"
        )
        assert [words.spelled(number) for number in (0, 4, 10, 21)] == ["zero", "four", "ten", "21"]

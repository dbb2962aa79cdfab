"""Amounts as planners write them."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import HelpersError
from helpers.money import AmountRefused, parse_amount, written
from helpers.words import million

PLAN_TOTAL = 603_736_000_000


@pytest.mark.parametrize(
    ("value", "dong"),
    [
        (0, 0),
        (PLAN_TOTAL, PLAN_TOTAL),
        ("603.736 triệu", PLAN_TOTAL),
        ("603.736 triệu đồng", PLAN_TOTAL),
        ("603.736tr", PLAN_TOTAL),
        ("603736 triệu", PLAN_TOTAL),
        ("603 736 triệu", PLAN_TOTAL),
        ("603\u00a0736\u202ftriệu\u00a0đồng", PLAN_TOTAL),
        ("  603.736   TRIỆU  ", PLAN_TOTAL),
        ("603,736 tỷ", PLAN_TOTAL),
        ("603,736 tỉ đồng", PLAN_TOTAL),
        ("0,603736 tỷ", 603_736_000),
        ("603.736.000.000", PLAN_TOTAL),
        ("603.736.000.000 đồng", PLAN_TOTAL),
        ("603736000000 đ", PLAN_TOTAL),
        ("603.736 đồng", 603_736),
        ("79240 triệu", 79_240_000_000),
        ("1.234,5 tỷ", 1_234_500_000_000),
        ("1.603,736 triệu", 1_603_736_000),
        ("0,125 triệu", 125_000),
        ("603,7361 triệu", 603_736_100),
        ("500 nghìn", 500_000),
        ("500 ngàn đồng", 500_000),
        ("1,5 nghìn", 1_500),
    ],
)
def test_reads(value: object, dong: int) -> None:
    """An amount with one reading is read to the đồng."""
    assert parse_amount(value) == dong


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_any_unicode_form(form: str) -> None:
    """The same words in any Unicode form are the same amount."""
    text = unicodedata.normalize(form, "603,736 tỷ đồng")  # type: ignore[arg-type]
    assert parse_amount(text) == PLAN_TOTAL


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("603.736 tỷ đồng", ["603.736.000 triệu", "603.736 triệu", "“603736 tỷ”", "“603,736 tỷ”"]),
        ("1.200 tỷ", ["hai cách đọc", "“1200 tỷ”", "“1,200 tỷ”", "“1.200 triệu”"]),
        ("0.603 tỷ", ["“0,603 tỷ”"]),
        ("0.603 triệu", ["“0,603 triệu”"]),
        ("603,736 triệu", ["603.736.000 đồng", "603.736 triệu", "hai cách đọc"]),
        ("603,736 nghìn", ["603.736 đồng", "603.736.000 đồng", "hai cách đọc"]),
        ("1,000 đồng", ["hai cách đọc", "“1.000 đồng”"]),
        ("603,736", ["hai cách đọc", "“603,736 tỷ”"]),
        ("1,5 đồng", ["lẻ dưới một đồng"]),
        ("0,0000001 triệu", ["lẻ dưới một đồng"]),
        (603.736, ["không có đơn vị", "603.736 đồng", "603,736", "“603.736 triệu”"]),
        (Decimal("603.730"), ["không có đơn vị", "“603,730 tỷ”"]),
        ("603.736", ["không có đơn vị", "“603.736 triệu”", "“603,736 tỷ”"]),
        (1.5, ["nhóm ba chữ số", "“1,5 tỷ”"]),
        ("60.3736 triệu", ["nhóm ba chữ số", "“60,3736 triệu”"]),
        ("6.03.736", ["nhóm ba chữ số"]),
        ("1.5 tỷ", ["“1,5 tỷ”"]),
        ("603,736,000 triệu", ["tiếng Anh", "“603.736.000 triệu”"]),
        ("603,736.5 triệu", ["tiếng Anh", "“603.736,5 triệu”"]),
        ("12,34,5 tỷ", ["không hiểu"]),
        ("60 37 triệu", ["không hiểu"]),
        (-5, ["số âm"]),
        ("-5 triệu", ["số âm"]),
        ("−5 triệu", ["số âm"]),
        ("", ["chưa ghi"]),
        (None, ["chưa ghi"]),
        (True, ["không phải số tiền"]),
        (float("nan"), ["không phải số tiền"]),
        ([5], ["không phải số tiền"]),
        ("khoảng 40 tỷ", ["không phải số tiền"]),
        ("2 triệu 500 nghìn", ["không phải số tiền"]),
        ("5 triêu", ["“5 triệu”"]),
        ("5 usd", ["đơn vị tiền “usd”"]),
        ("5 tỷ triệu", ["không hiểu"]),
        ("5 đồng đồng", ["không hiểu"]),
    ],
)
def test_refuses(value: object, said: list[str]) -> None:
    """An amount with no reading or two is refused, with the readings and how to write each."""
    with pytest.raises(AmountRefused) as caught:
        parse_amount(value)
    for words in said:
        assert words in str(caught.value)
    assert caught.value.todo


def test_refusal_is_a_value_error() -> None:
    """A refusal is an error of this library that validators may catch as a ValueError."""
    assert issubclass(AmountRefused, HelpersError)
    assert issubclass(AmountRefused, ValueError)


@pytest.mark.parametrize("value", ["603.736 tỷ", "603,736 triệu", "1.200 tỷ", "603,736 nghìn"])
def test_every_suggestion_can_be_read(value: str) -> None:
    """Each way of writing that a refusal offers is one that is accepted."""
    with pytest.raises(AmountRefused) as caught:
        parse_amount(value)
    offered = caught.value.todo.split("“")[1:]
    readings = {parse_amount(words.split("”")[0]) for words in offered}
    low, high = sorted(readings)
    assert high == 1000 * low


@given(st.integers(min_value=0, max_value=10**18))
def test_written_reads_back(amount: int) -> None:
    """What is written out for a planner reads back as the same amount."""
    assert parse_amount(written(amount)) == amount


@given(st.integers(min_value=0, max_value=10**12))
def test_table_wording_reads_back(millions: int) -> None:
    """A table's whole millions read back as the same amount once the unit stands beside them."""
    assert parse_amount(f"{million(millions * 10**6)} triệu") == millions * 10**6


@given(st.text(alphabet="0123456789., -tỷriệunghđ", max_size=16))
def test_never_another_error(text: str) -> None:
    """Any text is either an amount of zero or more, or a refusal."""
    try:
        amount = parse_amount(text)
    except AmountRefused:
        return
    assert amount >= 0

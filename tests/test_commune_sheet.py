"""The half-page sheet of a commune: what it says where all, little or nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from brief_samples import pages
from poverty_samples import changed, sample, with_tables

from helpers.brief import narrative, tables
from helpers.brief.blocks import Text
from helpers.brief.document import Document
from helpers.brief.pdf import write_pdf
from helpers.brief.reader import Brief
from helpers.brief.table import Table
from helpers.data.published import SUPPRESSED

MUONG_TIP, UNKNOWN = "16858", "99999"
HIDDEN = dict.fromkeys(("poor_households", "poor_rate", "near_poor_households", "rank"), SUPPRESSED)


def _with_rates(brief: Brief, change: Mapping[str, Any]) -> Brief:
    """Return the brief with the commune's row of poverty changed."""

    def one(row: dict[str, Any]) -> Mapping[str, Any]:
        return change if row["unit_code"] == MUONG_TIP else {}

    return with_tables(brief, changed(brief.table("commune_rates"), one))


def _table(brief: Brief, code: str) -> Table:
    (made,) = (block for block in tables.commune_table(brief, code).parts())
    assert isinstance(made, Table)
    return made


def _document(brief: Brief, code: str) -> Document:
    blocks = (
        narrative.commune_numbers(brief, code),
        Text(narrative.commune_paragraph(brief, code)),
        tables.commune_table(brief, code),
    )
    return Document(narrative.commune_header(brief, code), blocks)


def test_the_head_names_commune_and_district_with_their_kinds(shipped_brief: Brief) -> None:
    """A sheet is headed by its place and has neither number nor signature."""
    header = narrative.commune_header(shipped_brief, MUONG_TIP)
    assert header.subject.endswith("của xã Mường Típ, huyện Kỳ Sơn")
    assert (header.number, header.symbol, header.position, header.recipients) == ("", "", "", ())


def test_the_numbers_are_the_published_ones(shipped_brief: Brief) -> None:
    """Poor households, rate, near-poor and capital stand first, the district's rate beside."""
    row = shipped_brief.table("commune_rates").one(unit_code=MUONG_TIP)
    items = narrative.commune_numbers(shipped_brief, MUONG_TIP).items
    assert [item.value for item in items] == [
        f"{row['poor_households']} hộ",
        f"{row['poor_rate']}%".replace(".", ","),
        f"{row['near_poor_households']} hộ",
        "610 triệu đồng",
    ]
    assert items[1].remark.startswith("Kỳ Sơn ")


@pytest.mark.parametrize(
    ("rank", "said"), [(1, "**cao nhất**"), (21, "**thấp nhất**"), (4, "**cao thứ 4**")]
)
def test_its_place_in_the_district_is_said(shipped_brief: Brief, rank: int, said: str) -> None:
    """First, last and the places between have words of their own."""
    brief = _with_rates(shipped_brief, {"rank": rank})
    text = narrative.commune_paragraph(brief, MUONG_TIP)
    assert f"{said} trong 21 xã, phường, thị trấn của huyện Kỳ Sơn" in text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (437, 402, "giảm 35 hộ (8,0%), từ 437 hộ còn 402 hộ"),
        (20, 22, "tăng 2 hộ (10,0%), từ 20 hộ lên 22 hộ"),
        (0, 12, "tăng 12 hộ, từ 0 hộ lên 12 hộ"),
        (12, 12, "giữ nguyên 12 hộ"),
    ],
)
def test_the_change_within_the_year_is_said(
    shipped_brief: Brief, before: int, after: int, said: str
) -> None:
    """Less, more, none before and no change each read naturally."""
    brief = _with_rates(shipped_brief, {"poor_before": before, "poor_households": after})
    assert f"số hộ nghèo {said}." in narrative.commune_paragraph(brief, MUONG_TIP)


def test_withheld_numbers_are_said_to_be_withheld(shipped_brief: Brief) -> None:
    """No sentence is built on a withheld number, and the table's note explains the sign."""
    brief = _with_rates(shipped_brief, HIDDEN)
    text = narrative.commune_paragraph(brief, MUONG_TIP)
    assert SUPPRESSED not in text
    assert "không công bố" in text
    poor, *_ = narrative.commune_numbers(brief, MUONG_TIP).items
    assert (poor.value, poor.remark) == ("…", "số nhỏ, không công bố")
    made = _table(brief, MUONG_TIP)
    assert "“…”" in made.note
    assert made.texts()[1] == ("Hộ nghèo (hộ)", "…", made.texts()[1][2], "–")


def test_the_table_sets_the_commune_beside_its_district(shipped_brief: Brief) -> None:
    """Each count has its share of the district's; capital is compared within its line."""
    made = _table(shipped_brief, MUONG_TIP)
    label, own, whole, share = made.rows[-1].cells
    assert label == "Vốn DA2, đa dạng hóa sinh kế (triệu đồng)"
    lines = shipped_brief.table("commune_lines").records("amount", district_code="417")
    assert whole * 10**6 == sum(row["amount"] for row in lines)  # type: ignore[operator]
    assert share == 100 * own / whole  # type: ignore[operator]


def test_a_commune_without_capital_is_told_so(shipped_brief: Brief) -> None:
    """Where no line is shared to communes, the sheet says so and keeps the households."""
    brief = with_tables(shipped_brief, sample("commune_lines"))
    assert "chưa có vốn của Chương trình chia đến xã" in narrative.commune_paragraph(
        brief, MUONG_TIP
    )
    assert len(_table(brief, MUONG_TIP).rows) == 4


def test_a_commune_that_reported_nothing_still_has_its_sheet(shipped_brief: Brief) -> None:
    """Its name comes from its capital, and the sheet says that no households were reported."""
    brief = with_tables(shipped_brief, sample("commune_rates"))
    text = narrative.commune_paragraph(brief, MUONG_TIP)
    assert text.startswith("Chưa có số liệu hộ nghèo của xã")
    assert "xã Mường Típ, huyện Kỳ Sơn" in narrative.commune_header(brief, MUONG_TIP).subject
    assert len(_table(brief, MUONG_TIP).rows) == 1


@pytest.mark.parametrize("code", [MUONG_TIP, UNKNOWN])
def test_a_sheet_is_one_page(shipped_brief: Brief, code: str) -> None:
    """With all numbers or with none, the sheet stays on one page."""
    (page,) = pages(write_pdf(_document(shipped_brief, code)))
    assert ("xã Mường Típ, huyện Kỳ Sơn" in page) == (code == MUONG_TIP)

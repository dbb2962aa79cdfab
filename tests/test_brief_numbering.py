"""Numbers of headings and annexes follow the order in which they stand."""

from __future__ import annotations

from brief_samples import HEADER, document, table

from helpers.brief.blocks import Text
from helpers.brief.document import tree
from helpers.brief.markdown import Node, plain


def _headings(nodes: list[Node]) -> list[str]:
    return [plain(node["spans"]) for node in nodes if node["type"] == "heading"]


def test_a_section_that_is_not_there_leaves_no_gap() -> None:
    """Numbered headings are counted through, afresh below each higher heading."""
    body = tree(
        document(
            HEADER,
            "## I. Vốn\n### 1. Theo dự án\n### 3. Theo huyện",
            "## II. Mục tiêu\n### 5. Vùng",
        )
    )["body"]
    assert _headings(body) == [
        "I. Vốn",
        "1. Theo dự án",
        "2. Theo huyện",
        "II. Mục tiêu",
        "1. Vùng",
    ]


def test_two_digit_numbers_are_counted_too() -> None:
    """A heading's number may have two digits, and words without a number stay as they are."""
    cells = [f"### {number}. Mục" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12)]
    body = tree(document(HEADER, "## I. Phần", *cells, "### Không đánh số", "### 13. Mục"))["body"]
    assert _headings(body)[-4:] == ["10. Mục", "11. Mục", "Không đánh số", "12. Mục"]


def test_texts_name_an_annex_by_the_number_it_has() -> None:
    """Where an annex is missing the later ones move up, and so do the texts that name them."""
    made = tree(
        document(
            HEADER,
            Text("Xem Phụ lục I và Phụ lục VII."),
            "## Phụ lục I. Vốn",
            table(),
            "## Phụ lục VII. Thiếu hụt",
            table(note="như Phụ lục VII"),
        )
    )
    assert plain(made["body"][0]["spans"]) == "Xem Phụ lục I và Phụ lục II./."
    assert [annex[0]["label"] for annex in made["annexes"]] == ["Phụ lục I", "Phụ lục II"]
    assert made["annexes"][1][1]["note"] == "Ghi chú: như Phụ lục II"


def test_nothing_missing_nothing_changed() -> None:
    """A document whose numbers run through keeps them, and foreign annexes are left alone."""
    made = tree(
        document(HEADER, "Theo Phụ lục IX của Nghị định.", "## Phụ lục I. Vốn", "## Phụ lục II. Xã")
    )
    assert plain(made["body"][0]["spans"]).startswith("Theo Phụ lục IX của Nghị định")
    assert [annex[0]["label"] for annex in made["annexes"]] == ["Phụ lục I", "Phụ lục II"]

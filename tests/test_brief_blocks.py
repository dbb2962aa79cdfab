"""Blocks: exact JSON, merged headers, wording of cells, what is refused."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from brief_samples import HEADER, document, figure, table
from hypothesis import given
from hypothesis import strategies as st

from helpers.brief.blocks import (
    MIME,
    Block,
    Figure,
    FigureRow,
    KeyFigures,
    Series,
    Text,
    block_from_json,
)
from helpers.brief.columns import LANDSCAPE, PORTRAIT, _at_most, fitted
from helpers.brief.document import tree
from helpers.brief.fonts import covered, fonts_folder
from helpers.brief.markdown import clean, parse
from helpers.brief.table import Column, Row, Table

EXACT = Table(
    "Số",
    (Column("a", "A", "money"), Column("b", "B", "range"), Column("c", "C", "date")),
    (
        Row((9_007_199_254_740_993, (1, Fraction(3, 2)), date(2024, 2, 5))),
        Row((Fraction(1, 3), (Decimal("0.10"), None), None), "detail"),
    ),
    marks=("secondary",),
    landscape=True,
    dense=True,
)


@pytest.mark.parametrize(
    "block",
    [
        HEADER,
        Text("**A**", marks=("unverified",)),
        figure(marks=("illustrative",)),
        FigureRow((figure(), figure(title="Hai"))),
        KeyFigures((("1", "một", "x"),), marks=("secondary",)),
        table(),
        EXACT,
        Series((Text("### Mục"), EXACT, Series((FigureRow((figure(),)),)))),
        Series(),
    ],
    ids=lambda block: block.type_name,
)
def test_json_round_trip(block: Block) -> None:
    """A block comes back from JSON as the same value, every number exact."""
    assert block_from_json(json.loads(json.dumps(block.to_json()))) == block


def test_json_is_plain_without_serialising() -> None:
    """A kernel that hands over objects instead of bytes sees the same lists as JSON gives."""
    value = FigureRow((figure(),)).to_json()
    assert value == json.loads(json.dumps(value))


def test_display_carries_all_three_forms() -> None:
    """A displayed block leaves its JSON, an HTML fragment and a short line in the notebook."""
    bundle = table()._repr_mimebundle_()
    assert bundle[MIME]["type"] == "table"
    assert "220.469" in bundle["text/html"]
    assert bundle["text/plain"] == "Table: Vốn năm 2024 theo dự án"


def test_alt_text_is_required() -> None:
    """A figure without a description for those who cannot see it is refused."""
    with pytest.raises(ValueError, match="thiếu mô tả thay thế"):
        Figure("Tên", "<svg/>", "  ")


def test_unknown_mark_is_refused() -> None:
    """A mistyped mark cannot pass as no mark."""
    with pytest.raises(ValueError, match="ilustrative"):
        table(marks=("ilustrative",))


def test_a_row_must_fit_the_columns() -> None:
    """A row with a missing cell is refused with the table, the row and both numbers."""
    with pytest.raises(ValueError, match=r"dòng 1: có 1 ô nhưng bảng có 4 cột"):
        table(rows=(Row(("Hạ tầng",)),))


def test_header_merges_equal_neighbours() -> None:
    """Equal group names side by side become one cell; columns without a group span all rows."""
    top, below = table().header_rows()
    assert [(c.text, c.columns, c.rows) for c in top] == [
        ("Dự án", 1, 2),
        ("Loại vốn", 2, 1),
        ("Tỷ trọng (%)", 1, 2),
    ]
    assert [(c.text, c.column) for c in below] == [("ĐTPT", 1), ("SN", 2)]


def test_header_keeps_separated_groups_apart() -> None:
    """The same name further on, or under another parent, is a cell of its own."""
    columns = [
        Column("a", "A", group=("X", "n")),
        Column("b", "B", group=("Y", "n")),
        Column("c", "C"),
        Column("d", "D", group=("Y",)),
    ]
    rows = Table("", tuple(columns), ()).header_rows()
    assert [[(c.text, c.columns, c.rows) for c in row] for row in rows] == [
        [("X", 1, 1), ("Y", 1, 1), ("C", 1, 3), ("Y", 1, 1)],
        [("n", 1, 1), ("n", 1, 1), ("D", 1, 2)],
        [("A", 1, 1), ("B", 1, 1)],
    ]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("money", 603_736_000_000, "603.736"),
        ("count", 36_703, "36.703"),
        ("rate", Fraction(416, 100), "4,16"),
        ("points", Decimal("1.1"), "1,10"),
        ("range", (1, Fraction(3, 2)), "1–1,5"),
        ("number", Fraction(1, 4), "0,25"),
        ("date", date(2024, 2, 5), "05/02/2024"),
        ("text", 2024, "2024"),
        ("money", "chưa giao", "chưa giao"),
        ("money", None, "–"),
        ("change", 33_223_000_000, "+33.223"),
        ("change", -836_000_000, "-836"),
        ("change", 0, "0"),
        ("change_tenths", -150_394_141, "-150,4"),
    ],
)
def test_the_kind_decides_the_wording(kind: str, value: object, text: str) -> None:
    """Cells hold raw values; the column's kind words them in Vietnamese."""
    assert Table("", (Column("a", "A", kind),), (Row((value,)),)).texts() == ((text,),)


def test_from_frame_reads_rows_levels_and_gaps() -> None:
    """A frame's missing values become None, its numbers exact, and it stays as it was."""
    frame = pd.DataFrame(
        {"n": ["A", "Tổng"], "m": [1_000_000.0, None], "level": ["normal", "total"]}
    )
    before = frame.copy()
    columns = [Column("n", "N"), Column("m", "M", "money")]
    made = Table.from_frame(frame, columns, "Bảng", level_column="level", unit="Triệu đồng")
    assert made.rows == (Row(("A", 1_000_000)), Row(("Tổng", None), "total"))
    assert made.unit == "Triệu đồng"
    pd.testing.assert_frame_equal(frame, before)


def test_from_frame_names_a_missing_column() -> None:
    """A column that the frame lacks is named together with the table."""
    with pytest.raises(KeyError, match="không có cột m"):
        Table.from_frame(pd.DataFrame({"n": [1]}), [Column("m", "M")], "Bảng")


def test_clean_drops_what_cannot_be_seen() -> None:
    """Bidi overrides, zero-width and control characters go; letters are composed."""
    assert clean("Ky\u0300 So\u031bn\u202e\u200b\x00\ud800\tA") == "Kỳ Sơn A"


@given(st.text(st.characters(codec="utf-16")))
def test_clean_keeps_all_that_can_be_seen(text: str) -> None:
    """A line end or tab becomes a space, and of the rest only invisible signs go."""
    spaces = dict.fromkeys(map(ord, "\n\r\t\v\f\u2028\u2029"), " ")
    spaced = unicodedata.normalize("NFC", text).translate(spaces)
    unseen = {"Cc", "Cf", "Cs", "Cn"}
    assert clean(text) == "".join(c for c in spaced if unicodedata.category(c) not in unseen)


def test_a_number_keeps_its_unit() -> None:
    """A number, its sign and the unit after it form one unbreakable span."""
    (paragraph,) = parse("Vốn 603,736 tỷ đồng, giảm 1–1,5 điểm, giai đoạn 2021 - 2025.")
    whole = [span["text"] for span in paragraph["spans"] if span.get("whole")]
    assert whole == ["603,736 tỷ", "1–1,5 điểm", "2021 - 2025"]
    (paragraph,) = parse("Do vốn đem chia -738 triệu đồng, do DA1-TDA2 +4,1 tỷ đồng.")
    whole = [span["text"] for span in paragraph["spans"] if span.get("whole")]
    assert whole == ["-738 triệu", "+4,1 tỷ"]


def test_html_in_markdown_stays_text() -> None:
    """Raw HTML in prose is shown letter by letter, never as an element."""
    first, second = parse("Có <b>thẻ</b> và `mã`.\n\n<script>alert(1)</script>")
    assert "<b>thẻ</b>" in "".join(span["text"] for span in first["spans"])
    assert "".join(span["text"] for span in second["spans"]) == "<script>alert(1)</script>"


def test_columns_fill_the_page_on_either_side() -> None:
    """The widths add up to the text's width, portrait or landscape."""
    for landscape, page in ((False, PORTRAIT), (True, LANDSCAPE)):
        made = fitted([[]], [["a" * 30, "1"]], [False, True], [None, None], landscape=landscape)
        assert sum(made["widths"]) == pytest.approx(page, abs=0.1)


def test_a_wide_table_gets_smaller_type() -> None:
    """Twenty columns of millions fit because the type shrinks, not because numbers break."""
    few = fitted([[]], [["1.000.000"] * 4], [True] * 4, [None] * 4)
    many = fitted([[]], [["1.000.000"] * 16], [True] * 16, [None] * 16)
    assert few["size"] == 11
    assert 6 <= many["size"] < few["size"]


def test_a_dense_table_starts_small() -> None:
    """A table that is to share a page is set small even where there is room."""
    assert fitted([[]], [["1"]], [True], [None], dense=True)["size"] == 9


def test_a_line_end_in_a_cell_needs_less_room() -> None:
    """A cell of two lines is as wide as the longer one."""
    one = fitted([[]], [["một hai ba bốn"]], [False], [None])["reading"]
    two = fitted([[]], [["một hai\nba bốn"]], [False], [None])["reading"]
    assert two < one


def test_no_sign_is_wider_than_a_row_of_one_line_counts_on() -> None:
    """In none of the four styles does a sign run wider than what is reckoned for it at most."""
    ttlib = pytest.importorskip("fontTools.ttLib")
    for style in fonts_folder().glob("*.ttf"):
        with ttlib.TTFont(style) as font:
            glyphs, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
            for letter in covered():
                assert widths[glyphs[ord(letter)]][0] * 100 <= _at_most(letter) * em, letter


@pytest.mark.parametrize(
    ("text", "single"),
    [("Ủy ban", True), ("Ủy ban nhân dân huyện " * 5, False), ("a\nb", False), ("\u2713", False)],
)
def test_rows_that_surely_take_one_line_are_known(text: str, single: bool) -> None:
    """A long text, a line end, and a sign that another will stand for leave it open."""
    header = [[{"text": "A", "column": at, "columns": 1, "rows": 1} for at in range(2)]]
    fit = fitted(header, [[text, "1.234"]], [False, True], [1.0, 1.0])
    assert fit["single"] == [single]


def test_fixed_digits_let_commas_stand_in_line() -> None:
    """A column with fixed digits fills up with zeros, and leaves words as they are."""
    column = Column("x", "Hệ số", "number", digits=2)
    made = Table("", (column,), (Row((Decimal("1.5"),)), Row((60,)), Row(("–",))))
    assert [row[0] for row in made.texts()] == ["1,50", "60,00", "–"]


def test_a_series_gives_what_its_blocks_give() -> None:
    """Marks and numbers of blocks inside a series count like those of any other block."""
    inner = (table(marks=("illustrative",)), Text("Lời."), figure(marks=("unverified",)))
    apart, together = document(HEADER, *inner), document(HEADER, Series(inner))
    assert tree(together) == tree(apart)
    assert together.marks == ("illustrative", "unverified")


def test_an_empty_series_leaves_nothing() -> None:
    """A series without blocks adds neither text nor heading."""
    assert tree(document(HEADER, "Lời.", Series())) == tree(document(HEADER, "Lời."))

"""The Word writer's tables and figures: heads, rows, widths, captions, drawings."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest
from brief_samples import (
    HEADER,
    document,
    figure,
    grouped_table,
    long_table,
    table,
)
from fontTools.ttLib import TTFont
from word_samples import BRIEF, attribute, found, package, part, rows, texts

from helpers.brief import figures, tables
from helpers.brief.blocks import FigureRow
from helpers.brief.document import tree
from helpers.brief.fonts import fonts_folder
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Row
from helpers.brief.word import write_word
from helpers.brief.word.markup import TEXT_TALL
from helpers.brief.word.measure import bold_width


@pytest.fixture(scope="module")
def word() -> bytes:
    """Return the sample brief as a Word file."""
    return write_word(document(*BRIEF))


def test_key_figures_stand_in_one_row(word: bytes) -> None:
    """Each number stands whole above its label."""
    cells = docx.Document(BytesIO(word)).tables[1].rows[0].cells
    assert [cell.text.splitlines() for cell in cells] == [
        ["603,736\u00a0tỷ\u00a0đồng", "Tổng vốn", "7 dự án"],
        ["4,16%", "Tỷ lệ hộ nghèo"],
    ]


def test_tables_repeat_their_merged_heads(word: bytes) -> None:
    """Cells of a head are merged both ways, its rows repeat, and no row is parted."""
    told = docx.Document(BytesIO(word)).tables[2]
    element = told._tbl
    assert told.style is not None
    assert told.style.name == "Bảng số liệu"
    assert len(element.xpath("./w:tr/w:trPr/w:tblHeader")) == 2
    assert len(element.xpath("./w:tr/w:trPr/w:cantSplit")) == len(told.rows)
    assert rows(told)[:2] == [["Dự án", "Loại vốn", "Tỷ trọng (%)"], ["", "ĐTPT", "SN", ""]]
    assert element.xpath("./w:tr[1]/w:tc[2]/w:tcPr/w:gridSpan/@w:val") == ["2"]
    assert element.xpath("./w:tr[1]/w:tc/w:tcPr/w:vMerge/@w:val") == ["restart", "restart"]
    assert told.cell(0, 0)._tc is told.cell(1, 0)._tc
    widths = [int(width) for width in element.xpath("./w:tblGrid/w:gridCol/@w:w")]
    assert sum(widths) == 9354
    assert element.xpath("./w:tblPr/w:tblLayout/@w:type") == ["fixed"]


def test_rows_show_their_level(word: bytes) -> None:
    """A total is bold, ruled and shaded; numbers stand at the right."""
    total = docx.Document(BytesIO(word)).tables[2].rows[-1]
    assert all(run.bold for cell in total.cells for p in cell.paragraphs for run in p.runs)
    assert len(total._tr.xpath("./w:tc/w:tcPr[w:tcBorders/w:top and w:shd]")) == 4
    names = [cell.paragraphs[0].style for cell in total.cells]
    assert [re.sub(r" [\d,]+$", "", str(style.name)) for style in names if style] == [
        "Ô chữ",
        "Ô số",
        "Ô số",
        "Ô số",
    ]


def test_a_unit_stands_beside_the_title_or_below_a_long_one() -> None:
    """On the title's line it ends at the right edge in italics; else it has a line of its own."""
    content = write_word(document(HEADER, table(), table(title="Vốn năm 2024 " * 8)))
    told = [line for line in texts(content) if "Đơn vị tính" in line]
    assert told == [
        "Caption|Bảng\u00a01. Vốn năm 2024 theo dự án\tĐơn vị tính: Triệu đồng",
        "Đơn vị tính|Đơn vị tính: Triệu đồng",
    ]
    (tab,) = found(part(content), "//w:p[w:pPr/w:pStyle/@w:val='Caption']/w:pPr/w:tabs/w:tab")
    assert (attribute(tab, "val"), attribute(tab, "pos")) == ("right", str(TEXT_TALL))


def test_a_table_is_described(word: bytes) -> None:
    """Who hears a table is told its title, its unit and its columns."""
    element = docx.Document(BytesIO(word)).tables[2]._tbl
    (title,) = element.xpath("./w:tblPr/w:tblCaption/@w:val")
    (description,) = element.xpath("./w:tblPr/w:tblDescription/@w:val")
    assert title == "Bảng 1. Vốn năm 2024 theo dự án"
    assert description.startswith("Đơn vị tính: Triệu đồng. Dự án; Loại vốn;")


def test_a_heading_row_runs_over_its_empty_cells() -> None:
    """A row that heads others is one cell up to its number; two lines in a cell stay two."""
    told = docx.Document(BytesIO(write_word(document(grouped_table())))).tables[0]
    assert rows(told)[1:] == [
        ["DA2. Đa dạng hóa sinh kế", "10.533"],
        ["Hệ số vùng", "vùng núi cao\nhệ số 1,2", "–"],
    ]
    assert told._tbl.xpath("./w:tr[2]/w:tc[1]/w:tcPr/w:gridSpan/@w:val") == ["2"]


def test_captions_count_themselves(word: bytes) -> None:
    """Numbers of tables and figures are fields, right before an update, under bookmarks."""
    root = part(word)
    codes = [str(code.text).split() for code in found(root, "//w:instrText")]
    assert codes.count(["SEQ", "Bảng", "\\*", "ARABIC"]) == 1
    assert codes.count(["SEQ", "Hình", "\\*", "ARABIC"]) == 2
    assert {"m_bang_1", "m_hinh_1", "m_hinh_2"} <= set(found(root, "//w:bookmarkStart/@w:name"))
    kinds = found(root, "//w:fldChar/@w:fldCharType")
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 3


def test_figures_are_sharp_and_described(word: bytes) -> None:
    """Each figure is a picture for old readers and a drawing for new ones, with its words."""
    root = part(word)
    told = found(root, "//*[local-name()='docPr']")
    assert [drawing.get("descr") for drawing in told] == ["Biểu đồ cột."] * 2
    assert told[1].get("title") == "Hình 2. Một huyện"
    names = package(word).namelist()
    assert sum(name.endswith(".svg") for name in names) == 2
    pictures = [package(word).read(name) for name in names if name.endswith(".png")]
    assert [picture[:8] for picture in pictures] == [b"\x89PNG\r\n\x1a\n"] * 2
    wide, tall = (int.from_bytes(pictures[0][at : at + 4], "big") for at in (16, 20))
    assert wide == pytest.approx(226 * 200 / 72, abs=2)
    assert tall == pytest.approx(113 * 200 / 72, abs=2)
    drawing = package(word).read("word/media/image1.svg").decode()
    assert "Times New Roman" in drawing
    assert "Tinos" not in drawing
    assert len(found(root, "//*[local-name()='svgBlip']/@r:embed")) == 2


def test_figures_side_by_side_share_their_sources_and_marks() -> None:
    """Each figure has its own note beneath; below the row stands each source once, then marks."""
    row = FigureRow(
        (
            figure(note="Số tạm tính.", source="tables/a.csv", marks=("unverified",)),
            figure(title="Một huyện", source="tables/a.csv", marks=("illustrative",)),
        )
    )
    told = docx.Document(BytesIO(write_word(document(HEADER, row, "Hết."))))
    small = [p.text for p in told.paragraphs if p.style and p.style.name == "Nguồn và ghi chú"]
    assert small == [
        "Nguồn: tables/a.csv. Số liệu minh họa, không phải số chính thức. "
        "Có tham số chưa kiểm chứng."
    ]
    beneath = [cell.text.strip() for cell in told.tables[1].rows[-1].cells]
    assert beneath == ["Ghi chú: Số tạm tính.", ""]
    last = told.tables[1].rows[-1].cells[0].paragraphs[-1]
    assert last.paragraph_format.keep_with_next


def test_figures_fit_the_text() -> None:
    """No drawing is wider than its room, alone or beside another."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="2000pt" height="500pt"/>'
    content = write_word(document(figure(svg=drawing), *BRIEF))
    widths = [int(e.get("cx")) for e in found(part(content), "//*[local-name()='extent']")]
    millimetres = [width / 36_000 for width in widths]
    assert millimetres[0] == pytest.approx(165, abs=0.1)
    assert all(width <= 80.1 for width in millimetres[1:])


def test_short_tables_stay_whole_and_long_ones_end_together() -> None:
    """A short table keeps all its rows on one page, a long one its last, so that no total is alone.

    The last row keeps with what stands below the table, and with nothing where nothing does.
    """
    for rows_of, kept in ((4, [True] * 3 + [False]), (60, [False] * 57 + [True] * 2 + [False])):
        told = docx.Document(BytesIO(write_word(document(long_table(rows_of))))).tables[0]
        assert [bool(row._tr.xpath(".//w:keepNext")) for row in told.rows][1:] == kept
    told = docx.Document(BytesIO(write_word(document(long_table(4, note="x"))))).tables[0]
    assert told.rows[-1]._tr.xpath(".//w:keepNext")


def test_codes_and_numbers_stay_whole() -> None:
    """No line end parts a code or a number, and a minus stays one that a sheet can read."""
    columns = (Column("a", "Mã"), Column("b", "Số", "money"))
    given = table(columns=columns, rows=(Row(("Mục DA1-TDA1 này", -1_500 * 10**6)),))
    told = docx.Document(BytesIO(write_word(document(given)))).tables[0]
    assert len(told._tbl.xpath("./w:tr[2]/w:tc[1]//w:noBreakHyphen")) == 1
    assert [cell.text for cell in told.rows[1].cells] == ["Mục DA1-TDA1 này", "-1.500"]
    assert not told._tbl.xpath("./w:tr[2]/w:tc[2]//w:noBreakHyphen")


@pytest.mark.parametrize(
    "text",
    ["Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness", "126,693 tỷ đồng"],
)
def test_widths_are_reckoned_nearly(text: str) -> None:
    """The width of a bold text is right within a twentieth, against the typeface itself."""
    font = TTFont(fonts_folder() / "Tinos-Bold.ttf")
    glyphs, widths = font.getBestCmap(), font["hmtx"]
    true = sum(widths[glyphs[ord(sign)]][0] for sign in text) / font["head"].unitsPerEm
    assert bold_width(text, 13) == pytest.approx(13 * true, rel=0.05)


def test_every_cell_and_figure_of_the_province_reads_back(shipped_brief: Brief) -> None:
    """Nothing of the real tables and figures is lost on the way into the file."""
    made = document(
        HEADER,
        "## I. Vốn",
        tables.projects_table(shipped_brief),
        tables.districts_table(shipped_brief),
        tables.targets_table(shipped_brief),
        figures.capital_by_project(shipped_brief),
        "## Phụ lục I. Chi tiết",
        tables.lines_table(shipped_brief),
        tables.matrix_table(shipped_brief),
        tables.rules_table(shipped_brief),
        tables.coefficient_tables(shipped_brief),
    )
    told = docx.Document(BytesIO(write_word(made)))
    nodes = [n for part in (tree(made)["body"], *tree(made)["annexes"]) for n in part]
    wanted = [node for node in nodes if node["type"] == "table"]
    shown = [t for t in told.tables if t.style and str(t.style.name).startswith("Bảng số liệu")]
    assert len(shown) == len(wanted) > 8
    for node, held in zip(wanted, shown, strict=True):
        heads = len(node["header"])
        plain = [[text.replace("\u00a0", " ") for text in row] for row in rows(held)]
        assert plain[heads:] == [
            [row["cells"][0], *row["cells"][row["span"] :]] for row in node["rows"]
        ]
        labels = [cell["text"] for row in node["header"] for cell in row]
        assert [text for row in plain[:heads] for text in row if text] == labels
    assert len(told.inline_shapes) == sum(node["type"] == "figure" for node in nodes) == 1

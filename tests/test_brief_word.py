"""The Word writer: a file that Word takes, in the decree's form, the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from brief_samples import (
    HEADER,
    document,
    figure,
    notebook,
    table,
)
from lxml import etree
from word_samples import ANNEXES, BRIEF, W, attribute, found, package, part, texts

from helpers.brief.blocks import KeyFigures, Text
from helpers.brief.document import Document
from helpers.brief.exporters import BriefWordExporter
from helpers.brief.table import Column, Row
from helpers.brief.word import write_word

HOSTILE = "<w:p>]]> & \"ngoặc\" 'x' \u202eđảo\u202c \x0b\x01 \U0001f600 <script>"

ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr shd tabs spacing ind jc "
    "outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps color sz szCs u lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
    "tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "trPr": "cantSplit tblHeader",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg",
    "tblBorders": "top left bottom right insideH insideV",
    "tcBorders": "top left bottom right",
    "tblCellMar": "top left bottom right",
    "tcMar": "top left bottom right",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "lvl": "start numFmt lvlText lvlJc pPr",
    "num": "abstractNumId lvlOverride",
    "numbering": "abstractNum num",
    "style": "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr "
    "tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "styles": "docDefaults style",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol "
    "listSeparator",
    "sdt": "sdtPr sdtContent",
    "body": "p tbl sdt sectPr",
}
"""What may stand in an element and in which order (ECMA-376, Part 1, 17); Word refuses others."""

MIXED = frozenset({"body", "sectPr"})
"""Their first children come in any order."""


@pytest.fixture(scope="module")
def word() -> bytes:
    """Return the sample brief as a Word file."""
    return write_word(document(*BRIEF))


@pytest.fixture(scope="module")
def long() -> bytes:
    """Return a document with annexes as a Word file."""
    return write_word(document(*ANNEXES))


def test_the_same_document_gives_the_same_bytes(word: bytes) -> None:
    """Two builds differ in nothing, and no part carries the day of the build."""
    assert write_word(document(*BRIEF)) == word
    assert {entry.date_time[0] for entry in package(word).infolist()} == {1980}
    assert "2024-02-05T00:00:00Z" in package(word).read("docProps/core.xml").decode()


def test_the_exporter_writes_this_form() -> None:
    """What nbconvert's exporter gives is the same file."""
    content, _ = BriefWordExporter().from_notebook_node(notebook(*BRIEF))
    assert content == write_word(document(*BRIEF))


def test_every_part_is_declared_and_every_relationship_leads_somewhere(long: bytes) -> None:
    """Word refuses a file with a part of unknown type or a relationship without a part."""
    names = set(package(long).namelist())
    types = etree.fromstring(package(long).read("[Content_Types].xml"))
    ends = {e.get("Extension") for e in types if e.get("Extension")}
    declared = {str(e.get("PartName")).lstrip("/") for e in types if e.get("PartName")}
    assert declared <= names
    assert {name.rpartition(".")[2] for name in names} - {"xml"} <= ends
    related = part(long, "word/_rels/document.xml.rels")
    inside = [r for r in related if r.get("TargetMode") != "External"]
    assert {f"word/{r.get('Target')}" for r in inside} <= names
    used = found(part(long), "//@r:id | //@r:embed")
    assert used
    assert set(used) <= {r.get("Id") for r in related}


@pytest.mark.parametrize(
    "name", ["document", "styles", "numbering", "settings", "header1", "footer1"]
)
def test_elements_stand_in_the_order_of_the_schema(long: bytes, name: str) -> None:
    """Children come in the order of ECMA-376, and none that the order does not name."""
    checked = 0
    for element in part(long, f"word/{name}.xml").iter(f"{{{W}}}*"):
        local = etree.QName(element).localname
        if local not in ORDERS:
            continue
        order = ORDERS[local].split()
        places = [order.index(etree.QName(child).localname) for child in element]
        assert local in MIXED or all(a <= b for a, b in pairwise(places)), (local, places)
        checked += 1
    assert checked


def test_ids_are_unique(long: bytes) -> None:
    """No two bookmarks, drawings or styles share an id, and every style that is used exists."""
    root, styles = part(long), part(long, "word/styles.xml")
    for path in ("//w:bookmarkStart/@w:id", "//w:bookmarkStart/@w:name"):
        given = found(root, path)
        assert len(given) == len(set(given)) > 0
    drawn = found(root, "//*[local-name()='docPr']/@id")
    assert len(drawn) == len(set(drawn)) == 2
    known = found(styles, "//w:style/@w:styleId")
    assert len(known) == len(set(known))
    assert set(found(root, "//w:pStyle/@w:val | //w:tblStyle/@w:val")) <= set(known)
    assert set(found(styles, "//w:basedOn/@w:val | //w:next/@w:val")) <= set(known)


def test_styles_are_real(word: bytes) -> None:
    """Headings, lists, captions and the decree's own parts have styles that can be changed."""
    told = texts(word)
    assert "Heading 1|I. Tóm tắt" in told
    assert "List Bullet|Rủi ro một" in told
    assert "Caption|Bảng\u00a01. Vốn năm 2024 theo dự án\tĐơn vị tính: Triệu đồng" in told
    assert "Body Text|Tổng vốn là 603,736\u00a0tỷ đồng." in told
    assert "Nguồn và ghi chú|Nguồn: tables/capital_by_project.csv" in told
    assert "Căn cứ|Căn cứ Quyết định số 90/QĐ-TTg ngày 18 tháng 01 năm 2022;" in told
    assert "Title|Kế hoạch giảm nghèo bền vững năm 2024 trên địa bàn tỉnh Nghệ An" in told
    assert not [line for line in told if line.startswith("Normal|")]


def test_the_language_is_told() -> None:
    """Spelling is checked in the language of the document, which its properties name too."""
    for code, tag in (("vi", "vi-VN"), ("en", "en-US")):
        content = write_word(Document(replace(HEADER, language=code), (Text("x"),)))
        defaults = found(part(content, "word/styles.xml"), "//w:rPrDefault//w:lang")[0]
        assert attribute(defaults, "val") == tag
        assert docx.Document(BytesIO(content)).core_properties.language == tag
    assert "Socialist Republic of Viet Nam" in package(content).read("word/document.xml").decode()


def test_the_typeface_and_the_page_are_the_decrees(word: bytes) -> None:
    """Times New Roman at 13 points on A4 with the margins of Nghị định 30."""
    defaults = part(word, "word/styles.xml").find(f".//{{{W}}}rPrDefault")
    assert defaults is not None
    assert found(defaults, ".//w:rFonts/@w:ascii") == ["Times New Roman"]
    assert found(defaults, ".//w:sz/@w:val") == ["26"]
    (section,) = docx.Document(BytesIO(word)).sections
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(side.mm) for side in sides if side] == [20, 15, 20, 30]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_head_and_foot_are_there(word: bytes) -> None:
    """Nation, motto, issuer, number and day, recipients and signature stand in their tables."""
    told = docx.Document(BytesIO(word)).tables
    nation = "\n".join(cell.text for row in told[0].rows for cell in row.cells)
    for words in (
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Độc lập - Tự do - Hạnh phúc",
        "Ủy ban nhân dân",
        "/BC-UBND",
        "Nghệ An, ngày 05 tháng 02 năm 2024",
    ):
        assert words in nation
    left, right = (cell.text for cell in told[-1].rows[0].cells)
    assert left.splitlines() == ["Nơi nhận:", "Thường trực Tỉnh ủy;", "Lưu: VT, KT."]
    assert right.splitlines() == ["TM. Ủy ban nhân dân", "Chủ tịch", "Nguyễn Văn A"]


def test_a_landscape_table_has_pages_of_its_own(long: bytes) -> None:
    """It lies between pages that stand; each annex counts its pages from 1."""
    told = list(docx.Document(BytesIO(long)).sections)
    lying = [s.page_width > s.page_height for s in told if s.page_width and s.page_height]
    assert lying == [False, True, False, False]
    assert [s.different_first_page_header_footer for s in told] == [True, True, False, True]
    starts = found(part(long), "//w:sectPr[w:pgNumType/@w:start='1']")
    assert len(starts) == 3
    wide = docx.Document(BytesIO(long)).tables[-3]._tbl
    assert sum(map(int, wide.xpath("./w:tblGrid/w:gridCol/@w:w"))) == 14287


def test_page_numbers_and_confession() -> None:
    """The number is missing on first pages; what is confessed stands on all but the very first."""
    content = write_word(
        document(HEADER, table(marks=("illustrative",)), "## Phụ lục I. Bảng", table())
    )
    assert "PAGE" in package(content).read("word/header1.xml").decode()
    assert "PAGE" not in package(content).read("word/header2.xml").decode()
    first, annex = docx.Document(BytesIO(content)).sections
    confessed = "Bản này có số liệu minh họa."
    assert first.first_page_footer.paragraphs[0].text == ""
    assert first.footer.paragraphs[0].text == confessed
    assert annex.first_page_footer.paragraphs[0].text == confessed
    assert "Lưu ý|Lưu ý: Bản này có số liệu minh họa; xem ghi chú" in "\n".join(texts(content))


def test_annexes_have_their_own_titles(long: bytes) -> None:
    """Number and title of an annex are a heading, the document that it belongs to stands below."""
    told = texts(long)
    assert "Phụ lục|Phụ lục I\nVốn theo dự án" in told
    assert any(line.startswith("Kèm theo văn bản|(Kèm theo Báo cáo tóm tắt số") for line in told)


def test_the_table_of_contents_is_a_field_and_right_before_any_update(
    word: bytes, long: bytes
) -> None:
    """A long document lists its headings with links to them, and no page number to be wrong."""
    assert not found(part(word), "//w:sdt")
    root = part(long)
    (held,) = found(root, "//w:sdt")
    assert found(held, ".//w:instrText")[0].text == ' TOC \\o "1-2" \\h \\z \\u '
    entries = ["".join(found(link, ".//w:t/text()")) for link in found(held, ".//w:hyperlink")]
    assert entries == [
        "I. Tóm tắt",
        "II. Phân bổ",
        "Phụ lục I. Vốn theo dự án",
        "Phụ lục II. Phiếu tính",
    ]
    marks = set(found(root, "//w:bookmarkStart/@w:name"))
    assert set(found(held, ".//w:hyperlink/@w:anchor")) <= marks
    assert "updateFields" not in package(long).read("word/settings.xml").decode()


def test_a_long_table_of_contents_keeps_to_the_main_headings() -> None:
    """A guide of more entries than a page takes lists the first level alone."""
    many = "\n\n".join(f"## {n}. Phần\n\n### {n}. Mục\n\nLời." for n in range(1, 31))
    content = write_word(document(HEADER, Text(many)))
    (held,) = found(part(content), "//w:sdt")
    assert found(held, ".//w:instrText")[0].text == ' TOC \\o "1-1" \\h \\z \\u '
    assert len(found(held, ".//w:hyperlink")) == 30


def test_lists_are_counted_by_word() -> None:
    """Each numbered list starts where it says, deeper lists go in, and text has no typed marks."""
    content = write_word(document(Text("3. Ba\n4. Bốn\n   - Trong\n\nxen\n\n1. Một")))
    told = texts(content)
    assert told[1:] == [
        "List Number|Ba",
        "List Number|Bốn",
        "List Bullet 2|Trong",
        "Body Text|xen",
        "List Number|Một",
    ]
    numbers = found(part(content), "//w:p[w:pPr/w:pStyle/@w:val='ListNumber']//w:numId/@w:val")
    assert len(set(numbers)) == 2
    own = part(content, "word/numbering.xml")
    starts = [
        found(own, f"//w:num[@w:numId='{n}']/w:lvlOverride[1]/w:startOverride/@w:val")[0]
        for n in sorted(set(numbers))
    ]
    assert starts == ["3", "1"]


def test_a_heading_within_a_list_begins_no_section() -> None:
    """It is bold text of its item, in a style that there is, and not in the contents."""
    told = document(HEADER, "## I. Một\n\n- # Trong danh sách\n\n> ## Trong trích dẫn")
    content = write_word(told)
    assert "Heading 1|I. Một" in texts(content)
    assert "List Continue|Trong danh sách" in texts(content)
    assert "Quote|Trong trích dẫn" in texts(content)
    used = set(found(part(content), "//w:pStyle/@w:val"))
    assert used <= set(found(part(content, "word/styles.xml"), "//w:style/@w:styleId"))


def test_links_are_real() -> None:
    """An address outside is a relationship in a form that Word takes, one inside a bookmark."""
    content = write_word(
        document(HEADER, Text("[ra](https://vi.example/a?b=đ&c=[1]) và [vào](#bang-1)"), table())
    )
    related = part(content, "word/_rels/document.xml.rels")
    (outside,) = [r for r in related if r.get("TargetMode") == "External"]
    assert outside.get("Target") == "https://vi.example/a?b=%C4%91&c=%5B1%5D"
    root = part(content)
    assert found(root, "//w:hyperlink/@r:id") == [outside.get("Id")]
    (anchor,) = found(root, "//w:hyperlink/@w:anchor")
    assert anchor in found(root, "//w:bookmarkStart/@w:name")


def test_hostile_text_is_only_text() -> None:
    """Markup and invisible characters in any field neither break the file nor become part of it."""
    content = write_word(
        document(
            replace(HEADER, subject=HOSTILE, number=HOSTILE, name=HOSTILE, description=HOSTILE),
            KeyFigures(((HOSTILE, HOSTILE, HOSTILE),)),
            Text(HOSTILE),
            Text('[x](https://a/"><w:p>)\n\n```\n<w:p>&\x02\n```'),
            table(title=HOSTILE, columns=(Column("a", HOSTILE),), rows=(Row((HOSTILE,)),)),
            figure(title=HOSTILE, alt=HOSTILE, note=HOSTILE, source=HOSTILE),
        )
    )
    for name in package(content).namelist():
        if name.endswith((".xml", ".rels", ".svg")):
            etree.fromstring(package(content).read(name))
    told = package(content).read("word/document.xml").decode()
    assert "\u202e" not in told
    assert told.count("&lt;script&gt;") >= 10
    assert "😀" in docx.Document(BytesIO(content)).tables[-2].cell(0, 0).text


def test_a_document_without_a_head_has_its_title() -> None:
    """An ordinary notebook becomes a document too."""
    content = write_word(Document(None, (Text("Nội dung"),), "Sổ thường"))
    assert texts(content) == ["Title|Sổ thường", "Body Text|Nội dung"]

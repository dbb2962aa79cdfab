"""The PDF writer: the decree's form, nothing lost, valid for archives and screen readers."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from brief_samples import (
    HEADER,
    SAMPLE,
    document,
    figure,
    grouped_table,
    long_table,
    pages,
    table,
)
from pdf_tags import broken_promises
from pypdf import PdfReader

from helpers.brief import columns
from helpers.brief import pdf as writer
from helpers.brief.blocks import Header, KeyFigures, Series, Text
from helpers.brief.document import tree
from helpers.brief.fonts import covered, fonts_folder
from helpers.brief.pdf import TypesettingFailed, drawable, write_pdf
from helpers.brief.table import Column, Level, Row

COLUMNS = (Column("commune", "Xã"), Column("count", "Số hộ", "count"))
HOSTILE = "<script>x</script> #typst[*a*] $x$ \\u{1} @b // c \u202eđảo\u202c o\u0323\u0302 “_y_”"
PLAIN = "<script>x</script> #typst[*a*] $x$ \\u{1} @b // c đảo ộ “_y_”"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Return the sample brief as PDF."""
    return write_pdf(document(*SAMPLE))


def test_head_and_foot_follow_the_decree(pdf: bytes) -> None:
    """Both heads, number, place and date, bases, recipients and signature are in the text."""
    text = " ".join(pages(pdf))
    for part in (
        "ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "/BC-UBND",
        "Nghệ An, ngày 05 tháng 02 năm 2024",
        "BÁO CÁO TÓM TẮT",
        "Căn cứ Quyết định số 90/QĐ-TTg ngày 18 tháng 01 năm 2022;",
        "Căn cứ Nghị quyết của HĐND tỉnh.",
        "Kết thúc tại đây./.",
        "Nơi nhận:",
        "Thường trực Tỉnh ủy;",
        "Lưu: VT, KT.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Nguyễn Văn A",
    ):
        assert part in text
    assert "secret_code" not in text


def test_figures_and_tables_are_numbered_with_real_text(pdf: bytes) -> None:
    """Numbers run through the document, and a drawing's words can be searched."""
    text = " ".join(pages(pdf))
    assert "Bảng 1. Vốn năm 2024 theo dự án" in text
    assert "Hình 1. Bốn huyện nghèo nhận 69,7% tổng vốn" in text
    assert "Hình 2. Một huyện" in text
    assert text.count("Kỳ Sơn 132.131") == 2
    assert "Nguồn: tables/capital_by_project.csv" in text


def test_metadata(pdf: bytes) -> None:
    """Title, author and language are in the file, and no date of the build is."""
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Báo cáo tóm tắt: Kế hoạch giảm nghèo")
    assert reader.metadata.author == HEADER.issuer
    assert reader.root_object["/Lang"] == "vi"
    assert str(reader.metadata.creation_date_raw).startswith("D:20240205")


def test_alt_text_is_kept(pdf: bytes) -> None:
    """Each drawing carries its description in the file's structure."""
    alts = [
        item["/Alt"]
        for item in (obj.get_object() for obj in _objects(pdf))
        if isinstance(item, dict) and "/Alt" in item
    ]
    assert alts.count("Biểu đồ cột.") == 2


def _objects(content: bytes) -> list[object]:
    reader = PdfReader(BytesIO(content))
    size = int(reader.trailer["/Size"])
    return [found for n in range(1, size) if (found := reader.get_object(n)) is not None]


def test_hostile_text_is_only_text() -> None:
    """Markup of Typst, HTML or Unicode's bidi marks comes out letter by letter."""
    text = " ".join(
        pages(
            write_pdf(
                document(
                    KeyFigures(((HOSTILE, "nhãn", ""),)),
                    table(title=HOSTILE, columns=(Column("a", HOSTILE),), rows=(Row((HOSTILE,)),)),
                    figure(title=HOSTILE, note=HOSTILE),
                )
            )
        )
    )
    assert text.replace(" ", "").count(PLAIN.replace(" ", "")) == 6


def test_a_very_long_name_does_not_break_the_build() -> None:
    """Names far beyond any column still give a valid document."""
    name = "Nguyễn " * 200 + "x" * 300
    cells = (Row((name, 1)), Row(("a", 2)))
    columns = (Column("a", name[:200]), Column("b", "B", "count"))
    assert write_pdf(document(HEADER, Text(name), table(columns=columns, rows=cells)))


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("✓ ▶ ⇒", "√ ► →"),
        ("\U0001f600", "[U+1F600]"),
        ("ﬁ №", "fi №"),
        ("Kỳ Sơn ≤ 1–1,5%", "Kỳ Sơn ≤ 1–1,5%"),
        ("עברית", "[U+05E2][U+05D1][U+05E8][U+05D9][U+05EA]"),
    ],
)
def test_what_the_typeface_lacks_is_spelt_out(typed: str, drawn: str) -> None:
    """A missing sign becomes its twin or its code; nothing disappears unseen."""
    assert drawable(typed) == drawn


def test_signs_outside_the_typeface_do_not_stop_the_build() -> None:
    """An emoji in a commentary or in a drawing gives a document, with its code in place."""
    odd = figure(svg=figure().svg.replace("Kỳ Sơn", "\U0001f600"), title="Tốt \U0001f600")
    assert "[U+1F600]" in " ".join(pages(write_pdf(document(HEADER, odd))))


def test_the_fonts_are_what_they_say() -> None:
    """Every style holds exactly the characters that the code counts on, with its licence."""
    ttlib = pytest.importorskip("fontTools.ttLib")
    styles = sorted(fonts_folder().glob("*.ttf")) + sorted(fonts_folder().glob("*.woff2"))
    assert len(styles) == 7
    for style in styles:
        with ttlib.TTFont(style) as font:
            assert set(map(chr, font.getBestCmap())) == covered()
    assert "SIL OPEN FONT LICENSE" in (fonts_folder() / "OFL.txt").read_text().upper()


def test_page_numbers_stand_from_the_second_page_on() -> None:
    """The first page bears no number; the others bear theirs at the top."""
    first, second, third, *_ = pages(write_pdf(document(HEADER, long_table(110))))
    assert first.startswith(("ỦY BAN", "CỘNG HÒA"))
    assert not re.search(r"(^| )1$", first)
    assert second.startswith("2 ")
    assert third.startswith("3 ")


def test_a_long_table_loses_no_row_and_repeats_its_head() -> None:
    """All 200 rows are there once, under a head on every page that they reach."""
    found = pages(write_pdf(document(HEADER, long_table(200))))
    codes = [code for page in found for code in re.findall(r"xã-(\d{3})", page)]
    assert codes == [f"{n:03d}" for n in range(1, 201)]
    with_rows = [page for page in found if "xã-" in page]
    assert len(with_rows) >= 4
    assert all(page.count("Mã riêng") == 1 for page in with_rows)


@pytest.mark.parametrize(
    ("count", "dense", "reached"), [(60, False, 3), (60, True, 2), (15, False, 1), (18, False, 2)]
)
def test_a_row_of_one_line_is_as_high_as_if_it_were_measured(
    count: int, dense: bool, reached: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Typst is told a row's height in place of measuring it, the file is the same.

    Of the two tables of middling length the shorter is kept whole, the other begins at once.
    """
    levels: tuple[Level, ...] = ("normal", "detail", "group", "total")
    rows = tuple(Row((f"Xã số {n}", n), levels[n % 4]) for n in range(count))
    shown = table(columns=COLUMNS, rows=rows, dense=dense)
    made = document(HEADER, "Lời. " * 480, shown, "Hết lời.")
    told = write_pdf(made)
    assert sum("Xã số" in page for page in pages(told)) == reached
    assert sum(row["single"] for row in tree(made)["body"][1]["rows"]) == len(rows)
    monkeypatch.setattr(columns, "_single", lambda texts, *_: [False] * len(texts))
    tree.cache_clear()
    assert not any(row["single"] for row in tree(made)["body"][1]["rows"])
    assert write_pdf(made) == told


def test_a_landscape_table_stands_on_a_page_of_its_own() -> None:
    """A landscape table turns its page and takes its heading along; the text goes on upright."""
    made = write_pdf(
        document(HEADER, "Trước.", "## II. Bảng ngang", table(landscape=True), "Sau cùng.")
    )
    wide = [p.mediabox.width > p.mediabox.height for p in PdfReader(BytesIO(made)).pages]
    assert wide == [False, True, False]
    assert "II. BẢNG NGANG" in pages(made)[1]
    assert "Sau cùng./." in pages(made)[2]


def test_annexes_follow_the_signature() -> None:
    """A section "Phụ lục" comes after the signature, on a page whose number starts afresh."""
    cells = (
        "Hết lời.",
        "## Phụ lục I. Biểu",
        long_table(60),
        "## Phụ lục II",
        table(landscape=True),
    )
    made = write_pdf(document(HEADER, *cells))
    found = pages(made)
    assert "CHỦ TỊCH" in found[0]
    assert found[1].startswith("Phụ lục I BIỂU (Kèm theo Báo cáo tóm tắt số …/BC-UBND ngày 05")
    assert found[2].startswith("2 Mã riêng")
    assert found[3].startswith("Phụ lục II")
    assert len(found) == 4
    assert PdfReader(BytesIO(made)).pages[3].mediabox.width > 800


def test_two_dense_tables_share_a_page_and_none_is_cut() -> None:
    """Tables that are set small stand whole on a page, two where they fit; longer ones go on."""
    dense = [long_table(20, dense=True) for _ in range(4)]
    found = pages(write_pdf(document(HEADER, Series(dense))))
    assert [page.count("xã-001") for page in found] == [page.count("xã-020") for page in found]
    assert len(found) == 2
    longer = pages(write_pdf(document(HEADER, long_table(90, dense=True))))
    assert "xã-090" in longer[-1]


def test_a_heading_row_and_lines_in_a_cell_are_drawn() -> None:
    """A row that heads others runs on over its empty cells; a line end is no letter."""
    (page,) = pages(write_pdf(document(HEADER, grouped_table())))
    assert "DA2. Đa dạng hóa sinh kế 10.533" in page
    assert "vùng núi cao hệ số 1,2" in page


def test_the_signature_is_never_alone() -> None:
    """However the page is filled, text stands on the page that bears the signature."""
    for lines in range(28, 40, 3):
        body = "\n\n".join(f"Đoạn {n}." for n in range(lines))
        last = pages(write_pdf(document(HEADER, body)))[-1]
        assert f"Đoạn {lines - 1}./." in last
        assert "Nơi nhận:" in last
        assert "Nguyễn Văn A" in last


def test_marks_are_announced_and_repeated() -> None:
    """A mark stands under its block and in the notice on the first page, an absent one nowhere."""
    first = pages(write_pdf(document(HEADER, table(marks=("illustrative", "secondary")))))[0]
    notice = first.index("Lưu ý:")
    assert notice < first.index("Bảng 1.")
    assert "số liệu minh họa và số liệu từ nguồn thứ cấp chưa đối chiếu;" in first
    assert first.index("Số liệu minh họa, không phải số chính thức.") > first.index("Tổng cộng")
    assert "kiểm chứng" not in first


def test_every_page_says_what_the_document_has_to_confess() -> None:
    """A page of a long table taken out alone still says that its figures are illustrative."""
    marked = long_table(110, marks=("illustrative",))
    first, *others = pages(write_pdf(document(HEADER, marked)))
    assert len(others) >= 2
    assert "Lưu ý: Bản này có số liệu minh họa;" in first
    assert all(page.endswith("Bản này có số liệu minh họa.") for page in others)
    assert not any("minh họa" in page for page in pages(write_pdf(document(long_table(110)))))


def test_an_unmarked_document_carries_no_notice(pdf: bytes) -> None:
    """Where nothing is marked nothing is announced."""
    assert "Lưu ý:" not in pages(pdf)[0]


def test_the_same_bytes_every_time(pdf: bytes) -> None:
    """Rendering again gives the same file."""
    assert write_pdf(document(*SAMPLE)) == pdf


DRAFT = replace(HEADER, date="", number="", name="", bases=(), recipients=())


@pytest.mark.parametrize("profile", ["2a", "ua1"])
@pytest.mark.parametrize("header", [HEADER, DRAFT], ids=["issued", "draft"])
def test_the_file_keeps_its_promises(profile: str, header: Header) -> None:
    """A validator that others wrote finds PDF/A-2a and PDF/UA-1 fulfilled."""
    cells = [header if cell is HEADER else cell for cell in SAMPLE]
    annex = ("## Phụ lục", long_table(40, landscape=True))
    pdf = write_pdf(document(*cells, *annex))
    assert broken_promises(pdf, profile) == set()


def test_a_warning_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Typst only warns of, such as an unknown font, stops the rendering."""
    template = writer.TEMPLATE.read_text(encoding="utf-8")

    class Changed:
        def read_bytes(self) -> bytes:
            return template.replace('font: "Tinos"', 'font: ("Khong co", "Tinos")').encode()

    monkeypatch.setattr(writer, "TEMPLATE", Changed())
    with pytest.raises(TypesettingFailed, match="Typst cảnh báo"):
        write_pdf(document(HEADER, "Chữ."))

"""The workbook: exact values, sums as formulas, frozen heads, and texts that stay texts."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from brief_samples import HEADER, SAMPLE, document, grouped_table, long_table, table
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from helpers.brief.blocks import Block
from helpers.brief.document import tables_of, tree
from helpers.brief.excel import write_excel
from helpers.brief.excel.formats import FONT
from helpers.brief.excel.sums import sums
from helpers.brief.excel.values import shown
from helpers.brief.excel.writer import sheet_names
from helpers.brief.table import Column, Kind, Row, Table

MILLION = 10**6
FRONTS = ["Bìa", "Mục lục", "Ghi chú, nguồn"]
NASTY = ("=1+1", "+84 912", "-5", "@SUM(A1)", '=HYPERLINK("http://x.vn")', "-- không có")


def written(*blocks: Block | str) -> bytes:
    """Return the workbook of a document of these blocks."""
    return write_excel(document(HEADER, *blocks))


def opened(content: bytes, *, values: bool = False) -> Workbook:
    """Return a workbook as openpyxl reads it, its formulas or what they were when it was saved."""
    return load_workbook(io.BytesIO(content), data_only=values)


def rows_of(sheet: Worksheet, texts: str) -> int:
    """Return the row in which a text stands in the first two columns."""
    return next(
        row
        for row in range(1, sheet.max_row + 1)
        if texts in (sheet.cell(row, 1).value, sheet.cell(row, 2).value)
    )


def first_row(sheet: Worksheet) -> int:
    """Return the first row of values: the first that scrolls."""
    return int(re.sub(r"\D", "", sheet.freeze_panes or "A1"))


def evaluated(sheet: Worksheet, place: str) -> Fraction:
    """Return what a cell comes to when its formula, sums less sums, is reckoned exactly."""
    value = sheet[place].value
    if not isinstance(value, str) or not value.startswith("="):
        return Fraction(repr(value)) if isinstance(value, int | float) else Fraction(0)
    first, *others = (summed(sheet, side) for side in value[1:].split("-"))
    return first - sum(others)


def summed(sheet: Worksheet, side: str) -> Fraction:
    """Return what one side of a formula comes to: a SUM of ranges, or a single cell."""
    inside = re.fullmatch(r"SUM\(([A-Z0-9:,]+)\)|([A-Z]+\d+)", side)
    assert inside, side
    total = Fraction(0)
    for part in (inside[1] or inside[2]).split(","):
        left, top, right, bottom = range_boundaries(part)
        for row in sheet.iter_rows(top, bottom, left, right):
            total += sum((evaluated(sheet, cell.coordinate) for cell in row), Fraction(0))
    return total


def formulas(sheet: Worksheet) -> dict[str, str]:
    """Return the cells of a sheet that hold a formula."""
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def projects() -> Table:
    """Return projects with their parts, a column of totals and a total at the end."""
    columns = (
        Column("name", "Dự án"),
        Column("invest", "ĐTPT", "money", group=("Loại vốn",)),
        Column("recurrent", "SN", "money", group=("Loại vốn",)),
        Column("total", "Tổng số", "money"),
        Column("share", "Tỷ trọng (%)", "rate"),
    )

    def line(name: str, invest: int, recurrent: int, share: str, level: Any) -> Row:
        million = (invest * MILLION, recurrent * MILLION, (invest + recurrent) * MILLION)
        return Row((name, *million, Decimal(share)), level)

    rows = (
        line("DA1", 30, 12, "42.00", "group"),
        line("DA1-TDA1", 10, 12, "22.00", "normal"),
        line("Trong đó: kéo dài", 4, 1, "5.00", "detail"),
        line("DA1-TDA2", 20, 0, "20.00", "normal"),
        line("DA2", 0, 58, "58.00", "group"),
        line("Tổng cộng", 30, 70, "100.00", "total"),
    )
    return Table("Vốn theo dự án", columns, rows, unit="Đơn vị tính: Triệu đồng")


def test_the_sheets_are_cover_contents_notes_and_the_tables() -> None:
    """One workbook holds the three front sheets, then one sheet a table in order."""
    book = opened(written(table(), "## II. Phân bổ", projects()))
    assert book.sheetnames == [*FRONTS, "Bảng 1", "Bảng 2"]


def test_the_cover_says_what_the_document_is_and_confesses() -> None:
    """Issuer, motto, kind, subject and the marks in words stand on the cover."""
    sheet = opened(written(table(marks=("illustrative",))))["Bìa"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in texts
    assert HEADER.issuer.upper() in texts
    assert HEADER.kind.upper() in texts
    assert HEADER.subject in texts
    assert "Số: …/BC-UBND" in texts
    assert any(text.startswith("Lưu ý: Bản này có số liệu minh họa") for text in texts)


def test_a_document_without_a_head_has_its_title_on_the_cover() -> None:
    """An ordinary notebook's workbook is named by its title alone."""
    sheet = opened(write_excel(document("# Sổ thử", table())))["Bìa"]
    assert sheet.cell(3, 1).value == "Sổ thử"


def test_the_contents_lead_to_every_table_and_back() -> None:
    """Each table has a row with its section and a link; its sheet links back."""
    book = opened(written("## II. Phân bổ", projects(), "## Phụ lục I. Số liệu", table()))
    rows = [[cell.value for cell in row] for row in book["Mục lục"].iter_rows(min_row=4)]
    assert rows == [
        ["Bảng 1", "Vốn theo dự án", "Triệu đồng", "II. Phân bổ"],
        ["Bảng 2", "Vốn năm 2024 theo dự án", "Triệu đồng", "Phụ lục I. Số liệu"],
    ]
    assert book["Mục lục"]["A5"].hyperlink.location == "'Bảng 2'!A1"
    assert book["Bảng 2"]["A1"].hyperlink.location == "'Mục lục'!A1"


def test_notes_sources_and_the_legend_stand_together() -> None:
    """The third sheet says of each table its note, source and marks, then how to read."""
    noted = table(note="Số tạm tính.", marks=("unverified",))
    sheet = opened(written(noted))["Ghi chú, nguồn"]
    assert [cell.value for cell in sheet[4]] == [
        "Bảng 1",
        "Số tạm tính.",
        "tables/capital_by_project.csv",
        "Có tham số chưa kiểm chứng.",
    ]
    assert any("603.736" in str(sheet.cell(row, 1).value) for row in range(5, sheet.max_row + 1))


def test_numbers_are_numbers_in_vietnamese_formats() -> None:
    """Đồng stand as triệu, a rate as percent, a date as a date, each with its format."""
    columns = (
        Column("a", "Nội dung"),
        Column("b", "Số vốn", "money"),
        Column("c", "Tăng, giảm", "change"),
        Column("d", "Tỷ lệ (%)", "rate"),
        Column("e", "Số hộ", "count"),
        Column("f", "Ngày", "date"),
        Column("g", "Mức", "range"),
        Column("h", "Bình quân", "money_tenths"),
        Column("i", "Điểm", "number", digits=4),
    )
    day = datetime.date(2024, 10, 8)
    values = (603_736 * MILLION, 12_500_000, Fraction(26, 6), 36_703, day)
    row = Row(("Tỉnh", *values, (1, 1), 16_100_000, Decimal("4.5")))
    sheet = opened(written(Table("Các loại số", columns, (row,))))["Bảng 1"]
    cells = sheet[first_row(sheet)]
    assert [cell.value for cell in cells] == [
        "Tỉnh",
        603_736,
        12.5,
        pytest.approx(26 / 6, rel=1e-15),
        36_703,
        datetime.datetime(2024, 10, 8),
        1,
        16.1,
        4.5,
    ]
    assert [cell.number_format for cell in cells[1:]] == [
        "[$-42A]#,##0",
        "[$-42A]+#,##0.0;[$-42A]-#,##0.0;[$-42A]#,##0.0",
        "[$-42A]#,##0.00",
        "[$-42A]#,##0",
        "[$-42A]dd/mm/yyyy",
        "[$-42A]#,##0",
        "[$-42A]#,##0.0",
        "[$-42A]#,##0.0000",
    ]


def test_what_is_no_number_stays_text() -> None:
    """Nothing is "–", a withheld number "…", a true range two ends, a huge number its digits."""
    columns = tuple(Column(str(n), f"Cột {n}", "count") for n in range(3))
    columns = (*columns, Column("r", "Mức", "range"))
    row = Row((None, "…", 10**17, (Decimal(1), Decimal("1.5"))))
    sheet = opened(written(Table("Không phải số", columns, (row,))))["Bảng 1"]
    cells = sheet[first_row(sheet)]
    assert [cell.value for cell in cells] == ["–", "…", "100.000.000.000.000.000", "1–1,5"]
    assert {cell.alignment.horizontal for cell in cells} == {"right"}


def test_sums_are_formulas_whose_stored_values_agree() -> None:
    """A group sums its rows, the total the groups, a column its parts; details are left out."""
    content = written(projects())
    sheet = opened(content)["Bảng 1"]
    top = first_row(sheet)
    found = formulas(sheet)
    assert found[f"B{top}"] == f"=SUM(B{top + 1},B{top + 3})"
    assert found[f"B{top + 5}"] == f"=SUM(B{top},B{top + 4})"
    assert found[f"E{top + 5}"] == f"=SUM(E{top},E{top + 4})"
    assert found[f"D{top + 1}"] == f"=SUM(B{top + 1}:C{top + 1})"
    assert f"B{top + 4}" not in found
    stored = opened(content, values=True)["Bảng 1"]
    for place in found:
        assert evaluated(sheet, place) == Fraction(repr(stored[place].value)), place


@pytest.mark.parametrize("place", [0, -1], ids=["total first", "total last"])
def test_a_total_may_stand_first_or_last(place: int) -> None:
    """The rows of a total are those below it or those above it."""
    rows = [Row((f"Huyện {n}", n * 7)) for n in range(1, 5)]
    rows.insert(0 if place == 0 else len(rows), Row(("Toàn tỉnh", 70), "total"))
    model = Table("Hộ", (Column("a", "Địa bàn"), Column("b", "Hộ", "count")), tuple(rows))
    ((found, addends),) = sums(model).items()
    assert found == (place % 5, 1)
    assert {row for row, _ in addends} == set(range(5)) - {place % 5}


def test_headings_without_values_leave_the_sum_to_their_rows() -> None:
    """A total over groups that only name their rows is one range over all of them."""
    rows = (
        Row(("Huyện", ""), "group"),
        Row(("Vinh", 3)),
        Row(("Cửa Lò", 4)),
        Row(("Sở, ngành", ""), "group"),
        Row(("Sở A", 5)),
        Row(("Tổng cộng", 12), "total"),
    )
    model = Table("Theo đơn vị", (Column("a", "Đơn vị"), Column("b", "Số", "count")), rows)
    sheet = opened(written(model))["Bảng 1"]
    top = first_row(sheet)
    assert formulas(sheet) == {f"B{top + 5}": f"=SUM(B{top + 1}:B{top + 4})"}


def test_several_totals_sum_what_is_between_them_and_the_last_sums_them() -> None:
    """Each part's total sums its own rows, the grand total the totals."""
    levels: list[tuple[int, Any]] = [
        (1, "normal"), (2, "normal"), (3, "total"),
        (4, "normal"), (5, "normal"), (9, "total"), (12, "total"),
    ]  # fmt: skip
    rows = tuple(Row((f"Dòng {n}", value), level) for n, (value, level) in enumerate(levels))
    found = sums(Table("Hai phần", (Column("a", "Dòng"), Column("b", "Số", "count")), rows))
    assert {row: {r for r, _ in addends} for (row, _), addends in found.items()} == {
        2: {0, 1},
        5: {3, 4},
        6: {2, 5},
    }


def test_a_withheld_or_wrong_total_stays_a_number() -> None:
    """Nothing is summed over "…", and a total that its rows do not give is not made to look so."""
    columns = (Column("a", "Xã"), Column("b", "Hộ", "count"), Column("c", "Hộ", "count"))
    rows = (
        Row(("Một", "…", 20)),
        Row(("Hai", 30, 30)),
        Row(("Ba", 12, 12)),
        Row(("Tổng", 42, 63), "total"),
    )
    assert sums(Table("Hộ", columns, rows)) == {}


def test_two_equal_numbers_are_no_sum() -> None:
    """One addend proves nothing where no other row of the level is a sum."""
    rows = (Row(("Huyện", 7), "group"), Row(("Xã", 7)))
    assert sums(Table("Hộ", (Column("a", "Tên"), Column("b", "Hộ", "count")), rows)) == {}


def test_a_part_alone_is_a_sum_where_its_neighbours_are() -> None:
    """A group of one row is summed like the groups of several beside it."""
    rows = (
        Row(("A", 7), "group"),
        Row(("a1", 3)),
        Row(("a2", 4)),
        Row(("B", 5), "group"),
        Row(("b1", 5)),
    )
    found = sums(Table("Hộ", (Column("a", "Tên"), Column("b", "Hộ", "count")), rows))
    assert found == {(0, 1): ((1, 1), (2, 1)), (3, 1): ((4, 1),)}


def test_the_parts_that_a_header_names_are_summed() -> None:
    """A column before "Trong đó" sums the columns under it."""
    columns = (
        Column("a", "Loại vốn"),
        Column("need", "Phải đối ứng", "money"),
        Column("p", "Tỉnh", "money", group=("Trong đó ngân sách",)),
        Column("d", "Huyện", "money", group=("Trong đó ngân sách",)),
        Column("have", "Đã bố trí", "money"),
    )
    rows = (Row(("ĐTPT", 12, 7, 5, 12)), Row(("SN", 31, 20, 11, 43)))
    found = sums(Table("Đối ứng", columns, rows))
    assert found == {(0, 1): ((0, 2), (0, 3)), (1, 1): ((1, 2), (1, 3))}


def test_totals_within_a_header_are_summed_by_the_total_above_them() -> None:
    """Tổng số sums each source's Cộng, and each Cộng its own columns."""
    columns = (
        Column("a", "Đơn vị"),
        Column("total", "Tổng số", "money"),
        Column("n", "Cộng", "money", group=("NSTW",)),
        Column("ni", "ĐTPT", "money", group=("NSTW",)),
        Column("nr", "SN", "money", group=("NSTW",)),
        Column("l", "Cộng", "money", group=("NSĐP",)),
        Column("li", "ĐTPT", "money", group=("NSĐP",)),
        Column("lr", "SN", "money", group=("NSĐP",)),
    )
    found = sums(Table("Nguồn", columns, (Row(("Vinh", 60, 30, 10, 20, 30, 13, 17)),)))
    assert {c: [part for _, part in addends] for (_, c), addends in found.items()} == {
        1: [2, 5],
        2: [3, 4],
        5: [6, 7],
    }


def compared(**first: int) -> Table:
    """Return units with what they had, have, and the difference; the first may be changed."""
    columns = (
        Column("unit", "Đơn vị"),
        Column("before", "Năm 2023", "money"),
        Column("after", "Năm 2024", "money"),
        Column("difference", "Chênh lệch", "change"),
    )
    begun = {"before": 10, "after": 12, "difference": 2} | first
    rows = (
        Row(("Vinh", *(value * MILLION for value in begun.values()))),
        Row(("Cửa Lò", None, 5 * MILLION, 5 * MILLION)),
        Row(("Kỳ Sơn", 9 * MILLION, 2 * MILLION, -7 * MILLION)),
        Row(("Tổng", 19 * MILLION, 19 * MILLION, 0), "total"),
    )
    return Table("So sánh", columns, rows)


def test_a_difference_is_a_formula_where_its_columns_say_so() -> None:
    """After less before, in each row that has both; a total of differences sums them."""
    sheet = opened(written(compared()))["Bảng 1"]
    top = first_row(sheet)
    found = {place: formula for place, formula in formulas(sheet).items() if place[0] == "D"}
    assert found[f"D{top}"] == f"=C{top}-B{top}"
    assert found[f"D{top + 2}"] == f"=C{top + 2}-B{top + 2}"
    assert f"D{top + 1}" not in found
    assert found[f"D{top + 3}"] == f"=SUM(D{top}:D{top + 2})"


def test_a_difference_that_fails_in_one_row_is_none() -> None:
    """Numbers that agree only here and there are no relation."""
    sheet = opened(written(compared(difference=3)))["Bảng 1"]
    assert not {place for place in formulas(sheet) if place.startswith("D")}


def test_what_is_left_follows_from_what_came_and_went() -> None:
    """Capital at hand is what there was and came in, less what went out and back."""
    keys = ("original", "transferred_in", "transferred_out", "returned", "current")
    columns = (Column("vintage", "Năm vốn"), *(Column(key, key, "money") for key in keys))
    rows = (Row(("2023", 50, 7, 4, 3, 50)), Row(("2024", 90, 0, 5, 0, 85)))
    content = written(Table("Vốn kéo dài", columns, rows))
    sheet = opened(content)["Bảng 1"]
    top = first_row(sheet)
    assert formulas(sheet) == {
        f"F{row}": f"=SUM(B{row}:C{row})-SUM(D{row}:E{row})" for row in (top, top + 1)
    }
    stored = opened(content, values=True)["Bảng 1"]
    assert evaluated(sheet, f"F{top}") == Fraction(repr(stored[f"F{top}"].value))


@pytest.mark.parametrize("text", NASTY)
def test_no_text_of_the_data_becomes_a_formula(text: str) -> None:
    """A text that begins like a formula is stored as text, and stays one when it is edited."""
    columns = (Column("a", text), Column("b", "Số hộ", "count"))
    nasty = Table(text, columns, (Row((text, text), "normal"),), note=text, source=text)
    book = opened(written(nasty))
    sheet = book["Bảng 1"]
    row = first_row(sheet)
    for cell in (sheet.cell(row, 1), sheet.cell(row, 2), sheet.cell(row - 1, 1)):
        assert (cell.data_type, cell.value) == ("s", text)
        assert cell.quotePrefix
    assert not any(formulas(page) for page in book)


def test_heads_are_merged_as_their_tree_says() -> None:
    """A header over two columns and one over two rows are merged cells."""
    sheet = opened(written(projects()))["Bảng 1"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    top = first_row(sheet) - 2
    assert {f"A{top}:A{top + 1}", f"B{top}:C{top}", f"D{top}:D{top + 1}"} <= merged


def test_heads_stay_in_sight_on_screen_and_on_paper() -> None:
    """The head is frozen with the first column and repeated on every printed page."""
    sheet = opened(written(projects()))["Bảng 1"]
    row = first_row(sheet)
    assert sheet.freeze_panes == f"B{row}"
    assert sheet.print_title_rows == f"${row - 2}:${row - 1}"
    assert sheet.print_area == f"'Bảng 1'!$A$2:$E${row + 5}"


def test_a_sheet_prints_on_a4_one_page_wide() -> None:
    """Paper, direction, fit and the page's number are set; a landscape table lies."""
    book = opened(written(table(), table(landscape=True), long_table(300)))
    assert (book["Bảng 3"].page_setup.fitToWidth or 1) == 1
    assert book["Bảng 3"].page_setup.fitToHeight == 0
    upright, lying = book["Bảng 1"], book["Bảng 2"]
    assert upright.page_setup.paperSize == 9
    assert upright.sheet_properties.pageSetUpPr.fitToPage
    assert (upright.page_setup.orientation, lying.page_setup.orientation) == (
        "portrait",
        "landscape",
    )
    assert "&P" in upright.oddFooter.center.text
    assert upright.oddHeader.left.text.startswith("Báo cáo tóm tắt")


def test_every_number_fits_its_column() -> None:
    """Each column is wider than its longest number, so that none shows as ####."""
    wide = Table(
        "Số lớn", (Column("a", "A"), Column("b", "B", "money")), (Row(("x", 10**20 // 9)),)
    )
    sheet = opened(written(wide))["Bảng 1"]
    assert sheet.column_dimensions["B"].width >= len("12.345.678.901.234,567")


def test_levels_can_be_told_apart() -> None:
    """Totals are bold on a tint below a heavy line, groups bold, details italic and set in."""
    sheet = opened(written(projects()))["Bảng 1"]
    row = first_row(sheet)
    group, detail, total = (sheet.cell(row + n, 1) for n in (0, 2, 5))
    assert group.font.bold
    assert (detail.font.italic, detail.alignment.indent) == (True, 1)
    assert total.font.bold
    assert (total.border.top.style, total.fill.patternType) == ("medium", "solid")
    assert {cell.font.name for cell in (group, detail, total)} == {"Times New Roman"}


def test_a_filter_stands_only_where_it_does_no_harm() -> None:
    """A long plain table gets a filter without its total; groups or a deep head get none."""
    rows = [Row((f"Xã {n}", n)) for n in range(1, 11)]
    plain = Table(
        "Hộ",
        (Column("a", "Xã"), Column("b", "Hộ", "count")),
        (*rows, Row(("Tổng", 55), "total")),
    )
    book = opened(written(plain, projects()))
    row = first_row(book["Bảng 1"])
    assert book["Bảng 1"].auto_filter.ref == f"A{row - 1}:B{row + 9}"
    assert book["Bảng 2"].auto_filter.ref is None


def test_sheet_names_are_what_excel_takes() -> None:
    """Forbidden signs go, long names are cut, equal ones are counted."""
    names = sheet_names(["Bảng 1/2?", "x" * 40, "x" * 40, "bảng [1]", "BẢNG  1", "'"])
    assert names == ["Bảng 1 2", "x" * 31, "x" * 27 + " (2)", "bảng  1", "BẢNG  1 (2)", "Bảng"]


def test_the_same_document_gives_the_same_bytes() -> None:
    """Nothing in the file tells when or how often it was written."""
    given = dict(FONT)
    first = written(*SAMPLE[2:])
    assert given == FONT  # the first workbook of a process is made as the next one
    assert written(*SAMPLE[2:]) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 1)}
        assert b"2024-02-05T00:00:00Z" in parts.read("docProps/core.xml")


def test_writing_leaves_the_tree_as_it_was() -> None:
    """The cached tree is shared by the writers and none changes it."""
    told = document(*SAMPLE, grouped_table())
    before = repr(tree(told))
    write_excel(told)
    assert repr(tree(told)) == before


LEVELS = st.sampled_from(["normal", "normal", "normal", "group", "detail", "total"])
CELLS = st.one_of(
    st.none(),
    st.just("…"),
    st.just(""),
    st.integers(-(10**13), 10**13),
    st.integers(0, 9).map(lambda n: n * MILLION),
    st.decimals(-1000, 1000, places=3),
    st.fractions(max_denominator=40),
)
KINDS = st.sampled_from(["money", "count", "rate", "change", "number", "money_tenths"])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return a table of any kinds and levels, with sums here and there."""
    kinds = draw(st.lists(KINDS, min_size=1, max_size=4))
    columns = [Column("name", "Tên")]
    columns += [
        Column(str(n), draw(st.sampled_from(["Tổng số", "ĐTPT", "SN"])), kind)
        for n, kind in enumerate(kinds)
    ]
    rows = [
        Row(("=x", *(draw(CELLS) for _ in kinds)), draw(LEVELS))
        for _ in range(draw(st.integers(0, 7)))
    ]
    adding = [
        [row.cells[c] for row in rows if not isinstance(row.cells[c], str | None)]
        for c in range(1, len(columns))
    ]
    rows.append(Row(("Tổng", *(sum(map(Fraction, values)) for values in adding)), "total"))  # type: ignore[arg-type]
    return Table("Bảng thử", tuple(columns), tuple(rows))


def cells_of(model: Table, sheet: Worksheet) -> Iterator[tuple[Any, Column, Any]]:
    """Yield each value of a table with its column and the cell that stands for it."""
    top = first_row(sheet)
    for at, row in enumerate(model.rows):
        for column, value in enumerate(row.cells):
            yield value, model.columns[column], sheet.cell(top + at, column + 1)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_any_table_reads_back_as_it_was(model: Table) -> None:
    """Every figure of any table reads back, and every formula comes to what is stored."""
    content = write_excel(document(model))
    reckoned, stored = opened(content)["Bảng 1"], opened(content, values=True)["Bảng 1"]
    for value, column, cell in cells_of(model, stored):
        number = shown(value, column)
        if isinstance(number, tuple):
            unit = MILLION if column.kind in ("money", "change", "money_tenths") else 1
            assert cell.value == pytest.approx(float(Fraction(value) / unit), rel=1e-15)
        else:
            assert (cell.value or "") == column.text(value)
    for place in formulas(reckoned):
        assert float(evaluated(reckoned, place)) == pytest.approx(
            stored[place].value, rel=1e-12, abs=1e-6
        )


def as_shown(value: float, number_format: str) -> str:
    """Return a number as a spreadsheet shows it: 15 digits of it, rounded half up by its format."""
    exact = Decimal(f"{abs(value):.15g}")
    sections = re.sub(r"\[\$-\w+\]", "", number_format).split(";")
    place = 0 if value > 0 else 1 if value < 0 else 2
    section = sections[place] if place < len(sections) else sections[0]
    sign, shape = re.fullmatch(r"([+-]?)([#,0.]+)", section).groups()  # type: ignore[union-attr]
    digits = len(shape.partition(".")[2])
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{rounded:{',' if ',' in shape else ''}.{digits}f}"
    if value < 0 and len(sections) == 1:
        sign = "-"
    return sign + text.translate(str.maketrans(",.", ".,"))


SHOWN = st.one_of(
    st.integers(-(10**13), 10**13),
    st.decimals(-(10**5), 10**5, places=7),
    st.decimals(-1, 1, places=7),
    st.fractions(-(10**5), 10**5, max_denominator=64),
    st.integers(-(10**9), 10**9).map(lambda n: Fraction(2 * n + 1, 2)),
)
SHOWN_KINDS = sorted(set(get_args(Kind)) - {"date"})


@settings(max_examples=400)
@given(SHOWN, st.sampled_from(SHOWN_KINDS), st.sampled_from([None, None, None, 0, 3, 6]))
@example(Decimal("52.4005305"), "number", None)
@example(Fraction(104801061, 2), "money", None)
@example(-40_000, "change_tenths", None)
@example(Decimal("1.999"), "range", None)
def test_a_number_shows_in_the_workbook_as_it_reads_in_the_document(
    value: Any, kind: str, digits: int | None
) -> None:
    """Stored value and format together give the very text of the other forms, halves up."""
    column = Column("a", "Số", kind, digits=digits if kind == "number" else None)
    model = Table("Số", (column,), (Row((value,)),))
    sheet = opened(write_excel(document(model)))["Bảng 1"]
    cell = sheet.cell(sheet.max_row, 1)
    assert as_shown(cell.value, cell.number_format) == column.text(model.rows[0].cells[0])


def test_the_sample_reads_back() -> None:
    """Each number of the sample brief's table stands in its sheet."""
    told = document(*SAMPLE)
    ((_, model),) = tables_of(told)
    sheet = opened(write_excel(told), values=True)["Bảng 1"]
    assert [cell.value for _, _, cell in cells_of(model, sheet)] == [
        "Hạ tầng", 220_469, 18_600, 39.6,
        "Sinh kế", "–", 79_048, 13.09,
        "Tổng cộng", 252_000, 351_736, 100,
    ]  # fmt: skip

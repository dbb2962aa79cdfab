"""Broken forms: each with its message by sheet and cell, and all of a workbook's at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from review_samples import (
    FORMS,
    TERRITORY,
    edited,
    filled,
    forms_of_year,
    plain,
    random_review,
    read,
    saved,
)

from helpers.data.review.excel.reading import read_forms_workbook
from helpers.data.review.forms import Form
from helpers.data.review.model import CommuneUnit, Territory
from helpers.data.review.writing.book import write_forms
from helpers.errors import InputRefused, Problem


def told(path: Path, territory: Territory = TERRITORY) -> list[str]:
    """Return a workbook's problems, the file left out of their places."""
    start = f"{path.as_posix()}, trang tính "
    return [str(problem).removeprefix(start) for problem in read(path, territory).problems]


def clear(sheet: Worksheet, row: int, columns: range = range(1, 32)) -> None:
    """Empty a row."""
    for column in columns:
        if type(sheet.cell(row, column)).__name__ != "MergedCell":
            sheet.cell(row, column).value = None


def test_clean(tmp_path: Path) -> None:
    """What the tests below spoil is not broken before."""
    assert told(edited(tmp_path, {})) == []


CELLS = [
    ("Biểu 2", "F9", "mười", "“mười” không phải là số → chỉ ghi các chữ số, ví dụ 1234"),
    ("Biểu 2", "F9", "12 hộ", "“12 hộ” không phải là số → chỉ ghi các chữ số, ví dụ 1234"),
    ("Biểu 3", "G13", -4, "“-4” là số âm → ghi số không âm"),
    ("Biểu 11", "D9", "-4", "“-4” là số âm → ghi số không âm"),
    ("Biểu 1", "D9", 12.5, "“12.5” có phần lẻ → ghi số nguyên; nếu dấu chấm ngăn hàng nghìn thì "),
    ("Biểu 1", "D9", "12,5", "“12,5” có phần lẻ → ghi số nguyên"),
    ("Biểu 1", "D9", None, "ô để trống → điền giá trị"),
    ("Biểu 1", "G9", "nhiều", "“nhiều” không phải là số → ghi tỷ lệ, ví dụ 4,16"),
    ("Biểu 5", "E9", -1.5, "“-1.5” là số âm → ghi số không âm"),
    ("Biểu 4", "D9", True, "“TRUE” không phải là số"),
]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"), CELLS, ids=[f"{cell[0]}-{cell[2]}" for cell in CELLS]
)
def test_a_cell_that_is_no_number(
    tmp_path: Path, sheet: str, cell: str, value: Any, message: str
) -> None:
    """Text, a negative number or a fraction in a number is named by its cell."""
    [problem] = told(edited(tmp_path, {sheet: {cell: value}}))
    assert problem.startswith(f"{sheet}, ô {cell}: {message}")


NAMES = [
    ("Xã Bắc Lí", "không có đơn vị “Xã Bắc Lí” trong tỉnh → có phải là xã Bắc Lý (huyện Kỳ Sơn)?"),
    ("Huyện Bắc Lý", "không có đơn vị “Huyện Bắc Lý” trong tỉnh → sửa tên đơn vị"),
    ("Phường Bắc Lý", "“Phường Bắc Lý” sai loại đơn vị: Bắc Lý là xã → ghi “xã Bắc Lý”"),
    ("X. Mỹ Lý", "“X. Mỹ Lý” đã có ở dòng 14 → mỗi đơn vị một dòng"),
    (
        "Xã Nghĩa Hoà",
        "xã Nghĩa Hòa không thuộc huyện Kỳ Sơn → chuyển dòng này về dưới huyện Nghĩa Đàn",
    ),
    (
        "Xã Keng Đu",
        "xã Keng Đu đã sắp xếp từ ngày 01/12/2024, nay thuộc xã Bắc Lý (mã 16819) → cộng số liệu "
        "của dòng này vào dòng xã Bắc Lý (mã 16819)",
    ),
    ("Kiểm tra", "không có đơn vị “Kiểm tra” trong tỉnh → sửa tên đơn vị; dòng ghi chú thì bỏ"),
    ("", "dòng có số liệu mà không có tên đơn vị → ghi tên đơn vị"),
]


@pytest.mark.parametrize(("name", "message"), NAMES, ids=[name for name, _ in NAMES])
def test_a_row_of_no_unit(tmp_path: Path, name: str, message: str) -> None:
    """A name that is no unit's, another district's, of another kind, met before, or abolished."""
    path = edited(tmp_path, {"Biểu 10": {"B15": name or None, "A15": None, "C15": None}})
    problem, *others = told(path)
    assert problem.startswith(f"Biểu 10, ô B15: {message}")
    # Where the row means Bắc Lý, that commune is not missing besides.
    meant = "Bắc Lý" in message and "Huyện" not in name
    assert len(others) == (0 if meant else 1)
    assert all("thiếu 1 đơn vị của huyện Kỳ Sơn: xã Bắc Lý" in other for other in others)


def test_a_name_that_is_only_a_code(tmp_path: Path) -> None:
    """A code has to be known, and its unit's name has to be the row's."""
    edits = {"Biểu 8": {"C13": "99999"}, "Biểu 10": {"C14": "16819"}}
    assert told(edited(tmp_path, edits)) == [
        "Biểu 8, ô C13: không có đơn vị mang mã “99999” → có phải là mã 16813 (thị trấn Mường Xén "
        "(huyện Kỳ Sơn))?",
        "Biểu 10, ô B14: “Xã Mỹ Lý” không phải tên của mã 16819: xã Bắc Lý (huyện Kỳ Sơn) → sửa "
        "tên hoặc sửa mã",
        "Biểu 10, ô B12: thiếu 1 đơn vị của huyện Kỳ Sơn: xã Mỹ Lý → thêm dòng của từng đơn vị, "
        "điền số liệu",
    ]


def test_a_missing_commune(tmp_path: Path) -> None:
    """A district's commune without a row is missed where the district stands."""
    book = plain(filled(tmp_path))
    book["Biểu 3"].delete_rows(15, 2)
    [problem] = told(saved(book, tmp_path / "a.xlsx"))
    assert problem == (
        "Biểu 3, ô B12: thiếu 2 đơn vị của huyện Kỳ Sơn: xã Bắc Lý và xã Nghĩa Bình → thêm dòng "
        "của từng đơn vị, điền số liệu"
    )


def test_a_missing_district(tmp_path: Path) -> None:
    """A district that is in one form and not in another is missed there."""
    book = plain(filled(tmp_path))
    book["Biểu 6"].delete_rows(12, 5)
    [problem] = told(saved(book, tmp_path / "a.xlsx"))
    assert problem == (
        "Biểu 6: thiếu huyện Kỳ Sơn, có ở trang tính Biểu 1 → thêm các dòng của đơn vị này"
    )


def test_a_commune_not_filled_in(tmp_path: Path) -> None:
    """A commune whose row is blank while others are filled in has not reported."""
    book = plain(filled(tmp_path))
    clear(book["Biểu 4"], 13, range(4, 17))
    clear(book["Biểu 1"], 11, range(4, 18))
    for row in (8, 9, 10):
        clear(book["Biểu 11"], row, range(4, 10))
    assert told(saved(book, tmp_path / "a.xlsx")) == [
        "Biểu 1, ô B11: “Cửa Lò” chưa điền số liệu → điền số liệu; số không có thì ghi 0",
        "Biểu 4, ô B13: “Mường Xén” chưa điền số liệu → điền số liệu; số không có thì ghi 0",
        "Biểu 11, ô B8: cả huyện chưa điền số liệu → điền số liệu; số không có thì ghi 0",
    ]


def with_communes(*communes: CommuneUnit) -> Territory:
    """Return the small province with further communes."""
    return replace(TERRITORY, communes=(*TERRITORY.communes, *communes))


def without_codes(path: Path, sheet: str) -> Path:
    """Take the codes out of one form."""
    book = plain(path)
    for row in range(8, book[sheet].max_row + 1):
        book[sheet].cell(row, 3).value = None
    return saved(book, path)


def test_two_units_of_one_name(tmp_path: Path) -> None:
    """Two communes of one kind and name in one district are told apart by their codes alone."""
    territory = with_communes(CommuneUnit("17000", "Mỹ Lý", "xã", "417"))
    path = filled(tmp_path, territory=territory)
    assert told(path, territory) == []
    assert told(without_codes(path, "Biểu 8"), territory) == [
        "Biểu 8, ô B14: có 2 đơn vị cùng tên xã Mỹ Lý (mã 16816 và mã 17000), ở dòng 14 và 17 → "
        "thêm cột “Mã”, ghi mã của từng đơn vị"
    ]


def test_a_town_and_a_commune_of_one_name(tmp_path: Path) -> None:
    """A thị trấn and a xã of one name are told apart by their kinds, and need them."""
    territory = with_communes(CommuneUnit("17000", "Mường Xén", "xã", "417"))
    path = without_codes(filled(tmp_path, territory=territory), "Biểu 8")
    assert told(path, territory) == []
    book = load_workbook(path)
    book["Biểu 8"]["B13"] = "Mường Xén"
    assert told(saved(book, path), territory) == [
        "Biểu 8, ô B13: “Mường Xén” có thể là thị trấn Mường Xén và xã Mường Xén → ghi cả loại "
        "đơn vị (xã, phường, thị trấn)"
    ]


def test_a_name_of_two_districts(tmp_path: Path) -> None:
    """Where nothing says the district, a name of communes of two districts is refused."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Biểu 10"
    rows = [["Năm 2024"], ["TT", "Đơn vị", *(c.label for c in FORMS[9].columns)]]
    rows += [["", "", *range(1, 10)], [1, "Nghĩa Bình", *[5] * 9]]
    for row in rows:
        sheet.append(row)
    [problem] = told(saved(book, tmp_path / "a.xlsx"))[:1]
    assert problem.startswith("Biểu 10, ô B4: “Nghĩa Bình” ")


def flat(folder: Path) -> Workbook:
    """Return a filled workbook in which nothing is merged."""
    return plain(filled(folder), flat=True)


def test_a_shifted_column(tmp_path: Path) -> None:
    """Captions that stand one column off are one problem, at the first of them."""
    book = flat(tmp_path)
    sheet = book["Biểu 10"]
    for row in (5, 6):
        captions = [sheet.cell(row, column).value for column in range(4, 13)]
        for column, caption in zip(range(7, 13), captions[2:8], strict=True):
            sheet.cell(row, column).value = caption
    [problem] = told(saved(book, tmp_path / "a.xlsx"))
    assert problem == (
        "Biểu 10, ô G6: cột số 4 đến 9 bị lệch: cột số 4 phải là “Nguyên nhân nghèo: Không có lao "
        "động” nhưng tên cột là “Nguyên nhân nghèo: Không có vốn sản xuất, kinh doanh”, của cột số "
        "3 → dùng đúng mẫu biểu: không thêm, bớt, đổi chỗ cột"
    )


def test_an_inserted_column(tmp_path: Path) -> None:
    """A column that is none of the form's has no number, or numbers the others wrongly."""
    book = flat(tmp_path)
    sheet = book["Biểu 10"]
    sheet.insert_cols(6)
    sheet["F6"] = "Ghi chú"
    for row in range(8, 22):
        sheet.cell(row, 6).value = 1
    path = saved(book, tmp_path / "a.xlsx")
    assert told(path) == [
        "Biểu 10, ô F7: cột “Ghi chú” không có số cột, không thuộc Biểu 10 → xóa cột này; dùng "
        "đúng mẫu biểu: không thêm, bớt, đổi chỗ cột"
    ]
    for column in range(4, 14):
        sheet.cell(7, column).value = column - 3
    problems = told(saved(book, path))
    assert problems[0].startswith("Biểu 10, ô M7: cột số 10 không có trong Biểu 10 (cột 1 đến 9)")
    assert problems[1].startswith("Biểu 10, ô G6: cột số 4 đến 9 bị lệch")
    assert len(problems) == 2


def test_two_columns_that_changed_places(tmp_path: Path) -> None:
    """Neighbours in the wrong order are told by their captions, in a paired form too."""
    book = flat(tmp_path)
    sheet = book["Biểu 2"]
    for one, other in ((14, 16), (15, 17)):
        texts = sheet.cell(5, one).value, sheet.cell(5, other).value
        sheet.cell(5, other).value, sheet.cell(5, one).value = texts
    problems = told(saved(book, tmp_path / "a.xlsx"))
    assert [problem.partition(" nhưng")[0] for problem in problems] == [
        "Biểu 2, ô N5: cột số 6 phải là “Bổ sung hộ nghèo: Tái nghèo”",
        "Biểu 2, ô P5: cột số 7 phải là “Bổ sung hộ nghèo: Phát sinh mới”",
    ]


def test_column_numbers(tmp_path: Path) -> None:
    """A number that is missing, one too many, or there twice."""
    book = plain(filled(tmp_path))
    book["Biểu 1"]["H7"] = None
    book["Biểu 4"]["P7"] = 14
    book["Biểu 10"]["M7"], book["Biểu 10"]["M6"] = 10, "Ghi thêm"
    book["Biểu 11"]["F7"] = 2
    assert [problem.partition(" →")[0] for problem in told(saved(book, tmp_path / "a.xlsx"))] == [
        "Biểu 1, ô H7: số cột phải là 5 (“Hộ cận nghèo: Số hộ”)",
        "Biểu 4, ô P7: số cột phải là 13 (“Số hộ thiếu hụt chỉ số: Phương tiện phục vụ tiếp cận "
        "thông tin”)",
        "Biểu 10, ô M7: cột số 10 không có trong Biểu 10 (cột 1 đến 9)",
        "Biểu 11, ô F7: số cột phải là 3 (“Trẻ em thuộc hộ nghèo: Thiếu hụt về giáo dục”)",
    ]


def test_no_header_rows(tmp_path: Path) -> None:
    """Without the row of numbers, or without captions above it, no column can be known."""
    book = flat(tmp_path)
    clear(book["Biểu 10"], 7)
    for row in (5, 6):
        clear(book["Biểu 11"], row, range(4, 32))
    assert told(saved(book, tmp_path / "a.xlsx")) == [
        "Biểu 10: không tìm thấy dòng số cột (1, 2, 3 …) dưới tên các cột → giữ ba dòng đầu bảng "
        "như mẫu Biểu 10",
        "Biểu 11, dòng 7: thiếu các dòng tên cột phía trên dòng số cột → giữ đủ ba dòng đầu bảng "
        "như mẫu: hai dòng tên cột và dòng số cột",
    ]


def test_half_a_pair(tmp_path: Path) -> None:
    """A paired column needs both its halves, and each once."""
    book = flat(tmp_path)
    book["Biểu 8"].delete_cols(7)
    book["Biểu 9"]["G6"] = "Hộ"
    assert told(saved(book, tmp_path / "a.xlsx")) == [
        "Biểu 8, ô F7: cột số 2 thiếu phần Nhân khẩu → mỗi cột của biểu này gồm hai phần, Hộ và "
        "Nhân khẩu",
        "Biểu 9, ô G6: cột số 2 có hai phần cùng ghi Hộ → ghi Hộ ở phần trước, Nhân khẩu ở phần "
        "sau",
    ]


def test_no_column_of_units(tmp_path: Path) -> None:
    """Numbers without names beside them are nobody's."""
    book = flat(tmp_path)
    book["Biểu 10"].delete_cols(1, 3)
    book["Biểu 10"]["A3"] = "Năm 2024"
    [problem] = told(saved(book, tmp_path / "a.xlsx"))
    assert (
        problem == "Biểu 10, dòng 7: không có cột tên đơn vị bên trái cột số 1 → thêm cột “Đơn vị”"
    )


def test_years(tmp_path: Path) -> None:
    """Each form has to say its year, and one year only; the rest of it is judged all the same."""
    edits = {
        "Biểu 1": {"A3": None},
        "Biểu 2": {"A3": "Năm 2024 (thời điểm 31/12/2023)"},
        "Biểu 3": {"A3": "Ngày 15 tháng 11 năm 2024", "F9": "x"},
    }
    problems = told(edited(tmp_path, edits))
    assert [problem.partition(" →")[0] for problem in problems] == [
        "Biểu 1: không rõ số liệu của năm nào",
        "Biểu 2, ô A3: tiêu đề nêu hai năm khác nhau: 2023 và 2024",
        "Biểu 3: không rõ số liệu của năm nào",
        "Biểu 3, ô F9: “x” không phải là số",
    ]


def test_a_year_without_forms(tmp_path: Path) -> None:
    """A year for which there is no standard is named with the reason, once."""

    def of_year(year: int) -> tuple[Form, ...]:
        if year != 2024:
            raise InputRefused([Problem("x", "không có chuẩn nghèo", "sửa năm")])
        return FORMS

    path = edited(tmp_path, {name: {"A3": "Năm 1999"} for name in ("Biểu 2", "Biểu 3")})
    [problem] = read_forms_workbook(path, of_year, TERRITORY).problems
    assert str(problem).endswith(
        "Biểu 2: không có mẫu biểu cho năm 1999: không có chuẩn nghèo → sửa năm"
    )


def test_a_review_within_the_year(tmp_path: Path) -> None:
    """Figures of a review in the course of the year are not taken for the year-end's."""
    [problem] = told(edited(tmp_path, {"Biểu 7": {"C4": "Rà soát thường xuyên trong năm"}}))
    assert problem.startswith("Biểu 7, ô C4: kỳ rà soát là “Rà soát thường xuyên trong năm”, không")


def test_a_form_twice(tmp_path: Path) -> None:
    """Two sheets with one form of one year are one too many; of two years they are not."""
    book = plain(filled(tmp_path))
    book.copy_worksheet(book["Biểu 2"]).title = "Biểu 2 (2)"
    path = saved(book, tmp_path / "a.xlsx")
    assert told(path) == [
        "Biểu 2 (2): Biểu 2 năm 2024 đã có ở trang tính Biểu 2 → chỉ để lại một trang tính"
    ]
    book["Biểu 2 (2)"]["A3"] = "Năm 2023"
    back = read(saved(book, path))
    assert back.problems == []
    assert sorted(set(back.frames[2]["year"])) == [2023, 2024]
    assert back.places[back.frames[2]["place"].iloc[-1]].sheet == "Biểu 2 (2)"


def test_a_sheet_named_as_another_form(tmp_path: Path) -> None:
    """A sheet whose title is another form's is refused."""
    book = plain(filled(tmp_path))
    book["Biểu 3"]["A2"] = "Biểu số 02: Diễn biến hộ nghèo"
    [mark] = [cell for cell in book["Biểu 3"][1] if cell.value == "Biểu 3"]
    mark.value = None
    assert told(saved(book, tmp_path / "a.xlsx")) == [
        "Biểu 3, ô A2: trang tính mang tên Biểu 3 nhưng tiêu đề là của Biểu 2 → sửa tên trang tính "
        "hoặc tiêu đề cho khớp nhau"
    ]


def test_formulas_without_values(tmp_path: Path) -> None:
    """A formula that no program has computed is told apart from an empty cell."""
    path = filled(tmp_path)
    book = load_workbook(path)
    book["Biểu 2"]["D9"] = "=3+4"
    problems = told(saved(book, path))
    flows = next(problem for problem in problems if problem.startswith("Biểu 2,"))
    assert flows.endswith(
        "công thức chưa được tính, ô không có giá trị → mở tệp bằng Excel rồi lưu lại, hoặc gõ "
        "thẳng giá trị"
    )
    assert all("công thức chưa được tính" in problem for problem in problems)


def test_a_formula_in_error(tmp_path: Path) -> None:
    """A cell that shows #REF! is no zero; a percentage of nothing (#DIV/0!) is none."""
    path = edited(tmp_path, {"Biểu 2": {"D9": 777001}, "Biểu 1": {"G9": 777.5}})
    content = {}
    with ZipFile(path) as parts:
        for name in parts.namelist():
            content[name] = parts.read(name)
    replaced = 0
    for name, text in content.items():
        for old, error in ((b"777001", b"#REF!"), (b"777.5", b"#DIV/0!")):
            if b"<v>" + old in text:
                start, _, end = text.partition(b"<v>" + old + b"</v>")
                start = (
                    start[: start.rindex(b't="n"')] + b't="e"' + start[start.rindex(b'"n"') + 3 :]
                )
                text = content[name] = start + b"<v>" + error + b"</v>" + end
                replaced += 1
    assert replaced == 2
    with ZipFile(path, "w") as parts:
        for name, text in content.items():
            parts.writestr(name, text)
    assert told(path) == [
        "Biểu 2, ô D9: công thức bị lỗi #REF! → sửa công thức hoặc gõ thẳng giá trị"
    ]


def test_merged_numbers(tmp_path: Path) -> None:
    """A number merged over two communes is neither's."""
    book = plain(filled(tmp_path))
    book["Biểu 10"].merge_cells("E13:E14")
    [problem] = told(saved(book, tmp_path / "a.xlsx"))
    assert problem.startswith("Biểu 10, ô E14: ô bị gộp → bỏ gộp ô (Unmerge Cells)")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
FILES = [
    (b"xin chao", "không phải tệp .xlsx"),
    (OLE, "tệp có mật khẩu, hoặc là tệp .xls cũ"),
    (b"PK\x03\x04 hong", "không mở được tệp Excel"),
    (b"", "không phải tệp .xlsx"),
]


@pytest.mark.parametrize(("content", "what"), FILES, ids=["text", "password", "torn", "empty"])
def test_a_file_that_cannot_be_opened(tmp_path: Path, content: bytes, what: str) -> None:
    """A file with a password, or that is no workbook, is named with what to do."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    [problem] = read(path).problems
    assert (problem.where, problem.what) == (path.as_posix(), what)
    assert problem.todo == "mở bằng Excel, bỏ mật khẩu nếu có, rồi lưu lại dạng .xlsx"


def test_no_form_at_all(tmp_path: Path) -> None:
    """A workbook without any form, and one in which nothing is filled in, are problems."""
    book = Workbook()
    book.worksheets[0]["A1"] = "Danh sách"
    [problem] = read(saved(book, tmp_path / "a.xlsx")).problems
    assert problem.what == "không có trang tính nào là biểu rà soát"
    path = write_forms(tmp_path / "b.xlsx", FORMS, TERRITORY, year=2024, province="tỉnh Nghệ An")
    back = read(path)
    assert [problem.what for problem in back.problems] == ["các biểu đều chưa điền số liệu"]
    assert len(back.blank) == 11


def test_rows_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    """A frame has no made-up number: a row with a refused cell is not in it."""
    back = read(edited(tmp_path, {"Biểu 10": {"E13": "x"}}))
    assert "16813" not in set(back.frames[10]["code"])
    assert len(back.frames[10]) == len(random_review().frames[10]) - 1


def test_several_at_once(tmp_path: Path) -> None:
    """Everything that is wrong with a workbook comes out in one list, sheet by sheet."""
    book = plain(filled(tmp_path))
    book["Biểu 1"]["D9"] = "n/a"
    book["Biểu 2"]["F9"], book["Biểu 2"]["G10"] = -1, 2.5
    for row, name in ((14, "Xã Keng Đu"), (15, "Xã Bắc Lí")):
        book["Biểu 3"].cell(row, 2).value = name
        book["Biểu 3"].cell(row, 3).value = None
    book["Biểu 4"]["E7"] = 3
    book["Biểu 8"].delete_rows(10)
    book["Biểu 11"]["A3"] = "Năm nay"
    found = [problem.partition(":")[0] for problem in told(saved(book, tmp_path / "a.xlsx"))]
    assert sorted(found) == sorted(
        [
            "Biểu 1, ô D9",
            "Biểu 2, ô F9",
            "Biểu 2, ô G10",
            "Biểu 3, ô B14",
            "Biểu 3, ô B15",
            "Biểu 3, ô B12",
            "Biểu 4, ô E7",
            "Biểu 8, ô B8",
            "Biểu 11",
        ]
    )


def test_forms_of_every_year_are_these() -> None:
    """The forms that tests read by do not change with the year."""
    assert forms_of_year(2023) == forms_of_year(2024) == FORMS

"""Every way in which a table of the province can be wrong is refused, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_samples import TABLES, Rows, only, refused, tables, with_cell, write_folder

from helpers.paths import relative

CELLS = [
    # table, row, column, text, part of what is wrong, part of what to do
    ("poverty", 3, "households", "nhiều", "“nhiều” không phải là số", "chỉ ghi các chữ số"),
    ("poverty", 3, "households", "96.425", "“96.425” có dấu ngăn", "96425"),
    ("poverty", 3, "households", "96,425", "“96,425” có dấu ngăn", "96425"),
    ("poverty", 3, "households", "96 425", "“96 425” có dấu ngăn", "96425"),
    ("poverty", 3, "households", "96425,5", "“96425,5” có phần lẻ", "ghi số nguyên"),
    ("poverty", 3, "households", "96425.0", "“96425.0” có phần lẻ", "ghi số nguyên"),
    ("poverty", 4, "poor_households", "-5", "“-5” là số âm", "không âm"),
    ("poverty", 4, "poor_households", "", "ô để trống", "điền giá trị"),
    ("poverty", 4, "poor_households", "#N/A", "công thức bị lỗi #N/A", "sửa công thức"),
    ("poverty", 7, "district", "Ki Sơn", "không có huyện “Ki Sơn”", "có phải là “Kỳ Sơn”?"),
    ("poverty", 7, "district", "huyện Vinh", "không có huyện “huyện Vinh”", "“Vinh”"),
    ("poverty", 7, "district", "Tổng cộng", "“Tổng cộng” là dòng tổng", "xóa dòng này"),
    ("communes", 3, "district", "Hà Giang", "không có huyện “Hà Giang”", "bảng districts"),
    ("communes", 3, "khu_vuc", "IV", "“IV” không có trong danh sách", "I, II, III và để trống"),
    ("communes", 3, "kind", "xa", "“xa” không có trong danh sách", "có phải là “xã”?"),
    ("communes", 3, "kind", "", "ô để trống", "chỉ nhận: xã, phường và thị trấn"),
    ("districts", 2, "region", "ven biển", "không có trong danh sách", "vùng núi cao"),
    ("districts", 2, "poor_district", "chưa", "không có trong danh sách", "có và không"),
    ("districts", 2, "area_km2", "1.893", "hàng nghìn hoặc số có phần lẻ", "ghi 1893"),
    ("districts", 2, "area_km2", "-105", "“-105” là số âm", "không âm"),
    ("districts", 2, "area_km2", "105 km2", "“105 km2” không phải là số", "ghi số"),
    ("districts", 2, "area_km2", "0", "diện tích nằm ngoài khoảng", "đơn vị (km²)"),
    ("districts", 2, "latitude", "105.7", "“105.7”: vĩ độ nằm ngoài lãnh thổ", "kinh độ"),
    ("districts", 2, "longitude", "18.7", "“18.7”: kinh độ nằm ngoài lãnh thổ", "vĩ độ"),
    ("districts", 2, "name", "", "ô để trống", "điền giá trị"),
    ("poverty", 3, "year", "24", "“24”: năm nằm ngoài khoảng", "bốn chữ số"),
    ("province_totals", 3, "value", "5,28%", "“5,28%” có dấu %", "bỏ dấu %"),
    ("province_totals", 2, "value", "66.673", "hàng nghìn hoặc số có phần lẻ", "ghi 66673"),
    ("province_totals", 2, "indicator", "Số hộ ngheo", "không có trong danh", "“Số hộ nghèo”"),
    ("province_totals", 2, "status", "minh họa", "không có trong danh sách", "chính thức và dẫn"),
]


@pytest.mark.parametrize(("table", "row", "column", "text", "what", "todo"), CELLS)
def test_bad_cell(
    tmp_path: Path, table: str, row: int, column: str, text: str, what: str, todo: str
) -> None:
    """A cell that cannot be read is named by file, row and column, with what to write instead."""
    folder = write_folder(tmp_path / "so-lieu", with_cell(table, row, column, text))
    found = [problem for problem in refused(folder) if what in problem.what]
    assert [problem.where for problem in found] == [
        f"{relative(folder)}/{table}.csv, dòng {row}, cột {column}"
    ]
    assert todo in found[0].todo


ROWS = [
    ("poverty", 4, "poor_households", "18000", "lớn hơn tổng số hộ", "dòng 4"),
    ("poverty", 3, "year", "2023", "trùng với dòng 2: “Vinh” và “2023”", "dòng 3"),
    ("communes", 5, "code", "16813", "trùng với dòng 4: “16813”", "dòng 5"),
    ("criteria", 3, "district", "TP Vinh", "trùng với dòng 2: “Vinh”", "dòng 3"),
    ("province_totals", 3, "indicator", "poor_households", "trùng với dòng 2", "dòng 3"),
    ("province_totals", 3, "value", "528", "tỷ lệ lớn hơn 100%", "dòng 3"),
    ("province_totals", 2, "value", "6977.5", "giá trị có phần lẻ", "dòng 2"),
    ("districts", 3, "name", "VINH", "tên này đã có ở một dòng trên", "dòng 3"),
]


@pytest.mark.parametrize(("table", "row", "column", "text", "what", "line"), ROWS)
def test_rows_that_contradict(
    tmp_path: Path, table: str, row: int, column: str, text: str, what: str, line: str
) -> None:
    """What a row says of itself or of another row is checked, and the row is named."""
    problems = refused(write_folder(tmp_path, with_cell(table, row, column, text)))
    found = [problem for problem in problems if what in problem.what]
    assert len(found) == 1
    assert f"{table}.csv, {line}" in found[0].where


def test_same_commune_twice(tmp_path: Path) -> None:
    """One name twice among a district's communes of one kind is refused, however it is typed."""
    changed = with_cell("communes", 5, "name", "MƯỜNG XÉN")
    changed["communes"][4][2] = "thị trấn"
    assert "tên này đã có" in only(write_folder(tmp_path, changed)).what


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Problems of several tables, rows and columns are reported together, in order."""
    changed = with_cell("poverty", 2, "households", "x")
    changed["poverty"][1][3] = "-1"
    changed["poverty"][5][0] = "Ki Sơn"
    changed["poverty"][6][1] = "1999"
    changed["criteria"][1][1] = "0,5"
    changed["communes"][1][2] = "làng"
    problems = refused(write_folder(tmp_path, changed))
    assert [problem.where.rpartition("/")[2] for problem in problems] == [
        "communes.csv, dòng 2, cột kind",
        "poverty.csv, dòng 2, cột households",
        "poverty.csv, dòng 2, cột poor_households",
        "poverty.csv, dòng 6, cột district",
        "poverty.csv, dòng 7, cột year",
        "criteria.csv, dòng 2, cột special_difficulty_communes",
    ]


def test_bad_districts_do_not_cascade(tmp_path: Path) -> None:
    """While districts.csv itself is wrong, no other table is blamed for its districts' names."""
    problems = refused(write_folder(tmp_path, with_cell("districts", 4, "code", "")))
    assert [problem.what for problem in problems] == ["ô để trống"]


def test_other_faults_of_districts_hide_nothing(tmp_path: Path) -> None:
    """A wrong coordinate in districts.csv does not keep other tables' districts from matching."""
    changed = with_cell("districts", 2, "latitude", "105")
    changed["communes"][1][3] = "Hà Giang"
    changed["poverty"][5][3] = "16900"
    lines = [
        problem.where.rpartition("/")[2] for problem in refused(write_folder(tmp_path, changed))
    ]
    assert lines == [
        "districts.csv, dòng 2, cột latitude",
        "communes.csv, dòng 2, cột district",
        "poverty.csv, dòng 6",
    ]


def header_changed(table: str, old: str, new: str) -> dict[str, Rows]:
    """Return the tables with one header replaced."""
    changed = tables()
    changed[table][0][changed[table][0].index(old)] = new
    return changed


def test_unknown_and_missing_column(tmp_path: Path) -> None:
    """A mistyped header is told the nearest name, and the column it stood for is missing."""
    changed = header_changed("poverty", "poor_households", "poor_housholds")
    unknown, missing = refused(write_folder(tmp_path, changed))
    assert unknown.where.endswith("poverty.csv, dòng 1, cột poor_housholds")
    assert unknown.todo == "có phải là “poor_households”?"
    assert missing.what == "thiếu cột poor_households (“Số hộ nghèo”)"


def test_column_too_many(tmp_path: Path) -> None:
    """A column that no table has is refused, with the columns of this table."""
    changed = tables()
    changed["criteria"] = [[*row, "x"] for row in changed["criteria"]]
    changed["criteria"][0][-1] = "ghi_chú_riêng"
    problem = only(write_folder(tmp_path, changed))
    assert problem.where.endswith("criteria.csv, dòng 1, cột ghi_chú_riêng")
    assert "housing_need" in problem.todo


def test_column_without_name(tmp_path: Path) -> None:
    """Values under a blank header are refused by the place of the column."""
    changed = tables()
    changed["criteria"] = [[row[0], "" if place == 0 else "5", *row[1:]]
                           for place, row in enumerate(changed["criteria"])]  # fmt: skip
    problem = only(write_folder(tmp_path, changed))
    assert (problem.where.rpartition(", ")[2], problem.what) == ("cột thứ 2", "cột không có tên")


def test_duplicate_column(tmp_path: Path) -> None:
    """Two headers for one column are refused, a label and a technical name included."""
    changed = tables()
    changed["criteria"] = [[*row, row[2]] for row in changed["criteria"]]
    changed["criteria"][0][-1] = "Lao động thuộc hộ nghèo, hộ cận nghèo"
    problem = only(write_folder(tmp_path, changed))
    assert problem.where.endswith("dòng 1, cột Lao động thuộc hộ nghèo, hộ cận nghèo")
    assert "cột lặp lại" in problem.what


def test_title_above_headers(tmp_path: Path) -> None:
    """A title row above the headers gives one problem, not one for each column."""
    changed = tables()
    changed["poverty"].insert(0, ["BIỂU SỐ 1", "", "", "", ""])
    problem = only(write_folder(tmp_path, changed))
    assert problem.what == "dòng 1 không có tên cột nào của bảng này"


@pytest.mark.parametrize(
    ("rows", "what"),
    [([], "bảng trống"), (TABLES["poverty"][:1], "bảng chỉ có dòng tên cột")],
)
def test_empty_table(tmp_path: Path, rows: Rows, what: str) -> None:
    """A table without a header, or without a row beneath it, is refused."""
    problem = only(write_folder(tmp_path, tables(poverty=rows)))
    assert (problem.what, problem.where.endswith("poverty.csv")) == (what, True)


def test_more_cells_than_headers(tmp_path: Path) -> None:
    """A row with more cells than the header row is refused: an unquoted comma, most often."""
    changed = tables()
    changed["province_totals"][1][-1:] = ["Báo cáo", " số 1"]
    problem = only(write_folder(tmp_path, changed))
    assert problem.where.endswith("province_totals.csv, dòng 2")
    assert problem.what == "1 dòng có nhiều ô hơn dòng tên cột"


def test_missing_file(tmp_path: Path) -> None:
    """A missing table is named; a file with nearly its name is suggested."""
    folder = write_folder(tmp_path, tables())
    (folder / "poverty.csv").rename(folder / "povety.csv")
    problem = only(folder)
    assert problem.where.endswith("poverty.csv")
    assert problem.what == "thiếu tệp này"
    assert "povety" in problem.todo


def test_missing_source(tmp_path: Path) -> None:
    """A folder that does not exist is refused, with its nearest neighbour."""
    write_folder(tmp_path / "nghe-an-2024", tables())
    problem = only(tmp_path / "nghe-an-2042")
    assert "nghe-an-2024" in problem.todo


def test_district_left_out(tmp_path: Path) -> None:
    """A district that misses in one year, or among the criteria, is named."""
    changed = tables()
    del changed["poverty"][4], changed["criteria"][3]
    poverty, criteria = refused(write_folder(tmp_path, changed))
    assert poverty.what == "cuối năm 2024 thiếu 1 huyện: Thái Hòa"
    assert criteria.what == "thiếu 1 huyện: Kỳ Sơn"


@pytest.mark.parametrize(
    ("encoding", "what"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("cp1258", "Windows-1258")],
)
def test_other_encodings(tmp_path: Path, encoding: str, what: str) -> None:
    """A file in another encoding is refused with how to save it as CSV UTF-8 in Excel."""
    folder = write_folder(tmp_path, tables())
    path = folder / "criteria.csv"
    # Excel writes Windows-1258 with separate tone marks.
    text = path.read_text(encoding="utf-8").replace("ỳ", "y\u0300").replace("ò", "o\u0300")
    path.write_bytes(text.encode(encoding))
    problem = only(folder)
    assert what in problem.what
    assert "lưu lại dạng CSV UTF-8" in problem.todo


def test_broken_letters(tmp_path: Path) -> None:
    """A letter that an earlier conversion has lost is refused by its row."""
    problem = only(write_folder(tmp_path, with_cell("communes", 3, "name", "Tây Hi\ufffdu")))
    assert problem.where.endswith("communes.csv, dòng 3")


def test_broken_quotes(tmp_path: Path) -> None:
    """A quote that is never closed is refused, not read to the end of the file."""
    folder = write_folder(tmp_path, tables())
    path = folder / "criteria.csv"
    path.write_text(path.read_text(encoding="utf-8") + '"Vinh,0,0,0\n', encoding="utf-8")
    assert only(folder).what == "không tách được các ô"


def test_a_row_that_cannot_be_read_is_held_against_the_rules_of_its_other_cells(
    tmp_path: Path,
) -> None:
    """What is wrong with two cells of one row is said at once."""
    content = with_cell("poverty", 2, "year", "24")
    content["poverty"][1][2] = "nhiều"
    problems = refused(write_folder(tmp_path, content))
    told = [(problem.where.rpartition(", dòng ")[2], problem.what) for problem in problems]
    assert told[:2] == [
        ("2, cột households", "“nhiều” không phải là số"),
        ("2, cột year", "“24”: năm nằm ngoài khoảng 2000 - 2100"),
    ]

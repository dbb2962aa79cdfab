"""The tables that a province may leave out: communes, earlier years' capital, movements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from data_samples import (
    OPTIONAL,
    SIDECAR,
    Rows,
    all_tables,
    book_of,
    only,
    read_tables,
    refused,
    save,
    tables,
    with_cell,
    write_folder,
)

from helpers.data.dataset import DataSet
from helpers.data.reading import read_data
from helpers.data.schemas import TABLES, label
from helpers.data.vocabulary import OPTIONAL as NAMES
from helpers.data.vocabulary import RESERVED
from helpers.data.workbook import write_workbook
from helpers.paths import relative

MILLION = 10**6


def assert_equal(one: DataSet, other: DataSet) -> None:
    """Fail unless all frames are equal."""
    for name, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, other.frames[name])


def test_absent_tables(tmp_path: Path) -> None:
    """A table that is left out is an empty frame with its columns and types, and no file."""
    data = read_tables(tmp_path / "few", tables())
    full = read_tables(tmp_path / "all", all_tables())
    assert set(OPTIONAL) == set(NAMES)
    for name in OPTIONAL:
        assert not data.has(name)
        assert full.has(name)
        assert data.frames[name].empty
        assert data.frames[name].dtypes.to_dict() == full.frames[name].dtypes.to_dict()
        assert (data.names(name), data.marks(name)) == ((), ())
        assert TABLES[name].fits(full.frames[name])
    assert data.has("poverty")
    assert set(data.sidecars) == set(data.table_files) == set(tables())
    assert len(full.files) == 2 * len(TABLES)


def test_frames_are_typed(tmp_path: Path) -> None:
    """Money is whole đồng however it is written, days are dates, kinds their English words."""
    data = read_tables(tmp_path, all_tables())
    assert data.history["assigned"].to_list() == [5000 * MILLION, 6000 * MILLION, 1500 * MILLION]
    assert data.history["disbursed"].to_list()[-1] == 1500 * MILLION
    assert data.history["assigned"].dtype == data.carry_over["amount"].dtype == "int64"
    assert data.carry_over["vintage"].to_list() == [2022, 2023]
    moved = data.movements
    assert moved["date"].to_list() == [date(2024, 5, 20), date(2024, 6, 30)]
    assert moved["kind"].to_list() == ["transfer", "return"]
    assert moved["to_unit"].to_list() == ["Vinh", ""]
    assert data.commune_poverty["poor_households"].sum() == 7799
    assert data.commune_criteria["special_difficulty"].to_list() == ["no", "no", "yes", "yes"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        *[(text, "Kỳ Sơn") for text in ("417", "huyện Kỳ Sơn", "KỲ  SƠN", "Ky Son")],
        *[(text, text) for text in ("SYT", "Sở Y tế", "Ki Sơn")],
    ],
)
def test_units(tmp_path: Path, written: str, kept: str) -> None:
    """A unit that is a district gets the district's name; any other is kept for the rules."""
    data = read_tables(tmp_path, with_cell("history", 2, "unit", written))
    assert data.history.loc[0, "unit"] == kept


@pytest.mark.parametrize("kind", ["transfer", "Điều chuyển", "ĐIỀU CHUYỂN", "return", "Trả lại"])
def test_kinds_of_movement(tmp_path: Path, kind: str) -> None:
    """A kind of movement is written in Vietnamese or by its technical word."""
    changed = with_cell("movements", 2, "kind", kind)
    if "return" in kind or "lại" in kind:
        changed["movements"][1][8] = ""
    expected = "return" if changed["movements"][1][8] == "" else "transfer"
    assert read_tables(tmp_path, changed).movements.loc[0, "kind"] == expected


@pytest.mark.parametrize("day", ["2024-05-20", "20/5/2024", "20.05.2024", "2024-5-20"])
def test_days(tmp_path: Path, day: str) -> None:
    """A day is read from year-month-day, or from the Vietnamese order where it is plain."""
    data = read_tables(tmp_path, with_cell("movements", 2, "date", day))
    assert data.movements.loc[0, "date"] == date(2024, 5, 20)


def test_commune_names(tmp_path: Path) -> None:
    """A commune's name may have its kind or another form; the frame has the one of communes."""
    changed = with_cell("commune_criteria", 5, "name", "XÃ MỸ  LÝ")
    assert read_tables(tmp_path, changed).commune_criteria.loc[3, "name"] == "Mỹ Lý"


def test_table_without_rows(tmp_path: Path) -> None:
    """A table with headers alone is as good as absent, and needs no sidecar yet."""
    folder = write_folder(tmp_path, tables(movements=OPTIONAL["movements"][:1]))
    (folder / "movements.meta.yml").unlink()
    data = read_data(folder)
    assert not data.has("movements")
    assert list(data.movements) == OPTIONAL["movements"][0]
    assert data.names("movements") == (f"{relative(folder)}/movements.csv",)


def test_places(tmp_path: Path) -> None:
    """A row of a frame knows its row in the file, blank rows counted, and its column's header."""
    changed = all_tables()
    changed["movements"].insert(2, [""] * 11)
    changed["movements"][0][6] = "Đơn vị"
    data = read_tables(tmp_path, changed)
    assert data.where("movements", 1).endswith("movements.csv, dòng 4")
    assert data.where("movements", 1, "unit").endswith("movements.csv, dòng 4, cột Đơn vị")


CELLS = [
    # table, row, column, text, part of what is wrong, part of what to do
    ("commune_poverty", 3, "code", "99999", "không có xã mang mã “99999”", "mã 16996 (xã Tây"),
    ("commune_poverty", 3, "name", "Tây Hiểu", "không phải tên của mã 16996", "“Tây Hiếu”?"),
    ("commune_poverty", 3, "name", "Mường Xén", "xã Tây Hiếu (Thái Hòa)", "mã 16813 (thị trấn"),
    ("commune_criteria", 3, "name", "phường Tây Hiếu", "không phải tên", "“Tây Hiếu”"),
    (
        "commune_criteria",
        3,
        "special_difficulty",
        "chưa",
        "không có trong danh sách",
        "có và không",
    ),
    ("commune_criteria", 3, "special_difficulty", "", "ô để trống", "có và không"),
    ("history", 2, "assigned", "5.000", "không có đơn vị", "“5.000 triệu”"),
    ("history", 2, "assigned", "603.736 tỷ", "hai cách đọc", "603736 tỷ"),
    ("history", 2, "assigned", "-5 triệu", "số âm", "số dương"),
    ("history", 2, "assigned", "", "ô để trống", "điền giá trị"),
    ("history", 2, "assigned", "9999999999999999999", "lớn quá mức", "chữ số"),
    ("history", 2, "year", "22", "năm nằm ngoài khoảng", "bốn chữ số"),
    ("history", 2, "unit", "Tổng cộng", "dòng tổng", "xóa dòng"),
    ("movements", 2, "date", "5/6/2024", "có hai cách đọc: ngày 5 tháng 6", "2024-06-05"),
    ("movements", 2, "date", "6/20/2024", "không có ngày", "2024-05-20"),
    ("movements", 2, "date", "tháng 5", "không phải là ngày", "2024-05-20"),
    ("movements", 2, "kind", "chuyển", "không có trong danh sách", "điều chuyển và trả lại"),
    ("movements", 2, "document", "", "ô để trống", "điền giá trị"),
    ("movements", 2, "to_unit", "Cộng", "dòng tổng", "xóa dòng"),
]


@pytest.mark.parametrize(("table", "row", "column", "text", "what", "todo"), CELLS)
def test_bad_cell(
    tmp_path: Path, table: str, row: int, column: str, text: str, what: str, todo: str
) -> None:
    """A cell that cannot be read is named by file, row and column, with what to write instead."""
    folder = write_folder(tmp_path / "so-lieu", with_cell(table, row, column, text))
    problem = only(folder)
    assert problem.where == f"{relative(folder)}/{table}.csv, dòng {row}, cột {column}"
    assert what in problem.what
    assert todo in problem.todo


ROWS = [
    ("commune_poverty", 3, "poor_households", "18000", "lớn hơn tổng số hộ", "dòng 3"),
    ("commune_criteria", 4, "code", "16816", "không phải tên của mã 16816", "dòng 4"),
    ("history", 3, "year", "2022", "trùng với dòng 2: “Kỳ Sơn”, “2022”", "dòng 3"),
    ("history", 2, "disbursed", "5.001 triệu", "lớn hơn vốn giao", "dòng 2"),
    ("carry_over", 3, "vintage", "2022", "trùng với dòng 2", "dòng 3"),
    ("movements", 2, "to_unit", "", "chưa ghi đơn vị nhận", "dòng 2"),
    ("movements", 3, "to_unit", "Vinh", "trả lại mà có đơn vị", "dòng 3"),
    ("movements", 3, "to_line", "DA5", "trả lại mà có đơn vị", "dòng 3"),
]


@pytest.mark.parametrize(("table", "row", "column", "text", "what", "line"), ROWS)
def test_rows_that_contradict(
    tmp_path: Path, table: str, row: int, column: str, text: str, what: str, line: str
) -> None:
    """What a row says of itself or of another row is checked, and the row is named."""
    found = refused(write_folder(tmp_path, with_cell(table, row, column, text)))
    assert any(what in problem.what and f"{table}.csv, {line}" in problem.where
               for problem in found)  # fmt: skip


def test_same_unit_in_two_spellings(tmp_path: Path) -> None:
    """One district twice under two names is one unit twice."""
    changed = with_cell("carry_over", 3, "unit", "H. Kỳ Sơn")
    changed["carry_over"][2][4] = "2022"
    assert "trùng với dòng 2: “Kỳ Sơn”" in only(write_folder(tmp_path, changed)).what


def test_commune_twice_in_a_year(tmp_path: Path) -> None:
    """A commune stands once a year; in another year it may stand again."""
    changed = all_tables()
    again = list(changed["commune_poverty"][1])
    changed["commune_poverty"].append(again)
    assert "trùng với dòng 2: “16663” và “2023”" in only(write_folder(tmp_path, changed)).what
    again[2] = "2024"
    assert len(read_tables(tmp_path / "again", changed).commune_poverty) == 5


def test_bad_communes_do_not_cascade(tmp_path: Path) -> None:
    """While communes.csv itself is wrong, the communes' tables are not blamed for their codes."""
    changed = all_tables()
    changed["communes"][2][0] = ""
    assert only(write_folder(tmp_path, changed)).where.endswith("communes.csv, dòng 3, cột code")


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Problems of the optional tables join those of the others, table by table, row by row."""
    changed = all_tables()
    changed["poverty"][1][2] = "x"
    changed["commune_poverty"][1][0] = "1"
    changed["commune_poverty"][3][3] = "-1"
    changed["history"][1][5] = "năm tỷ"
    changed["history"][2][6] = "7.000 triệu"
    changed["movements"][1][0] = "mai"
    lines = [p.where.rpartition("/")[2] for p in refused(write_folder(tmp_path, changed))]
    assert lines == [
        "poverty.csv, dòng 2, cột households",
        "commune_poverty.csv, dòng 2, cột code",
        "commune_poverty.csv, dòng 4, cột households",
        "history.csv, dòng 2, cột assigned",
        "history.csv, dòng 3",
        "movements.csv, dòng 2, cột date",
    ]


def test_sidecar_is_needed(tmp_path: Path) -> None:
    """A table with rows needs its meta.yml, and a meta.yml its table."""
    folder = write_folder(tmp_path, all_tables())
    (folder / "history.meta.yml").unlink()
    (folder / "movements.csv").unlink()
    missing, alone = sorted(refused(folder))
    assert missing.where.endswith("history.meta.yml")
    assert alone.where.endswith("movements.meta.yml")
    assert "không có movements.csv" in alone.what


@pytest.mark.parametrize(("name", "near"), [("commune_povety", True), ("history_2", True),
                                            ("disbursement", False), ("notes", False)])  # fmt: skip
def test_overlooked_file(tmp_path: Path, name: str, near: bool) -> None:
    """A file called almost like an absent table is pointed out; any other is left alone."""
    folder = write_folder(tmp_path, tables())
    (folder / f"{name}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    if near:
        assert f"“{name}” giống tên bảng" in only(folder).what
    else:
        read_data(folder)


def test_workbook(tmp_path: Path) -> None:
    """The optional tables come back from a workbook as they were, days and đồng included."""
    data = read_tables(tmp_path / "csv", all_tables())
    path = write_workbook(data, tmp_path / "a.xlsx")
    again = read_data(path)
    assert_equal(data, again)
    assert data.sidecars == again.sidecars
    sheet = pd.read_excel(path, sheet_name="movements", engine="openpyxl")
    assert sheet["Ngày"][0] == pd.Timestamp(2024, 5, 20)
    typed = read_data(save(book_of(all_tables()), tmp_path / "b.xlsx"))
    assert_equal(data, typed)


def test_workbook_to_fill_in(tmp_path: Path) -> None:
    """A workbook made from few tables has the others' sheets with headers, which may stay blank."""
    few = read_tables(tmp_path / "csv", tables())
    path = write_workbook(few, tmp_path / "a.xlsx")
    assert_equal(few, read_data(path))
    header = pd.read_excel(path, sheet_name="history", engine="openpyxl").columns.to_list()
    assert header[-2:] == ["Vốn giao (đồng)", "Vốn đã giải ngân (đồng)"]


def test_workbook_without_a_sheet(tmp_path: Path) -> None:
    """An absent sheet is an absent table; keys for it in the meta.yml are pointed out."""
    book = book_of(all_tables())
    book.remove(book["movements"])
    path = save(book, tmp_path / "a.xlsx")
    assert not read_data(path).has("movements")
    own = SIDECAR + "tables:\n  movements: {status: illustrative}\n"
    path.with_name("a.meta.yml").write_text(own, encoding="utf-8")
    assert only(path).what == "có mô tả mà không có trang tính này"


def test_overlooked_sheet(tmp_path: Path) -> None:
    """A sheet called almost like an absent table is pointed out."""
    book = book_of(all_tables())
    book["carry_over"].title = "cary_over"
    assert "“cary_over” giống tên bảng carry_over" in only(save(book, tmp_path / "a.xlsx")).what


NOTES = """\
columns:
  income: {label: Thu nhập bình quân, unit: triệu đồng}
  hamlets: {label: Số thôn bản, unit: thôn, kind: count}
  hard_share: {label: Tỷ lệ thôn đặc biệt khó khăn, unit: "%", kind: rate}
  group: {label: Nhóm, kind: word}
"""


def extended(folder: Path, notes: str = NOTES, **cells: str) -> Path:
    """Write tables whose criteria have four more columns, the first row's cells as given."""
    added = {"income": "21,5", "hamlets": "12", "hard_share": "45.5", "group": "A"} | cells
    changed = all_tables()
    for table in ("criteria", "commune_criteria"):
        rows: Rows = changed[table]
        rows[0] += added
        rows[1] += added.values()
        for row in rows[2:]:
            row += ["30", "7", "0", "B"]
    write_folder(folder, changed)
    for table in ("criteria", "commune_criteria"):
        (folder / f"{table}.meta.yml").write_text(SIDECAR + notes, encoding="utf-8")
    return folder


def test_further_columns(tmp_path: Path) -> None:
    """Columns that the sidecar describes join the frame, each typed by its kind."""
    data = read_data(extended(tmp_path))
    for table in ("criteria", "commune_criteria"):
        frame = data.frames[table]
        assert frame.iloc[0, -4:].to_list() == [Decimal("21.5"), 12, Decimal("45.5"), "A"]
        assert frame["hamlets"].dtype == "int64"
        notes = data.extra_columns(table)
        assert list(notes) == ["income", "hamlets", "hard_share", "group"]
        assert [note.kind for note in notes.values()] == ["measure", "count", "rate", "word"]
        assert (notes["income"].label, notes["income"].unit) == (
            "Thu nhập bình quân",
            "triệu đồng",
        )
    assert dict(data.extra_columns("poverty")) == {}


def test_further_columns_in_a_workbook(tmp_path: Path) -> None:
    """Further columns go into a workbook under their labels, and come back."""
    data = read_data(extended(tmp_path / "csv"))
    path = write_workbook(data, tmp_path / "a.xlsx")
    assert_equal(data, read_data(path))
    sheet = pd.read_excel(path, sheet_name="criteria", engine="openpyxl")
    assert "Số thôn bản (thôn)" in sheet.columns


@pytest.mark.parametrize(
    ("column", "text", "what"),
    [
        ("income", "-1", "là số âm"),
        ("income", "cao", "không phải là số"),
        ("hamlets", "1,5", "có phần lẻ"),
        ("hard_share", "100,5", "lớn hơn 100%"),
        ("hard_share", "-5", "là số âm"),
        ("group", "", "ô để trống"),
    ],
)
def test_bad_cell_of_a_further_column(tmp_path: Path, column: str, text: str, what: str) -> None:
    """A further column's cell is held to its kind, and named like any other."""
    first, second = refused(extended(tmp_path, **{column: text}))
    assert first.where.endswith(f"/criteria.csv, dòng 2, cột {column}")
    assert second.where.endswith(f"/commune_criteria.csv, dòng 2, cột {column}")
    assert what in first.what


def test_undescribed_column(tmp_path: Path) -> None:
    """A further column without a description is refused with how to write one."""
    problem = refused(extended(tmp_path, NOTES.replace("  group: {label: Nhóm, kind: word}\n", "")))
    assert len(problem) == 2
    assert problem[0].where.endswith("/criteria.csv, dòng 1, cột group")
    assert "“group: {label: …, unit: …, kind: …}”" in problem[0].todo
    assert "housing_need" in problem[0].todo


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("  doctors: {label: Bác sĩ, kind: count}\n", "thiếu cột doctors (“Bác sĩ”)"),
        ("  poor_rate: {label: Tỷ lệ}\n", "tên này dành cho số liệu của bảng khác"),
        ("  need: {label: Tên xã}\n", "trùng với một cột có sẵn"),
        ("  name: {label: Tên xã, kind: word}\n", "kiểu của cột này đã định sẵn"),
        ("  need: {label: Nhu cầu, kind: số}\n", "“số” không dùng được"),
    ],
)
def test_bad_description(tmp_path: Path, line: str, what: str) -> None:
    """A description that fits no column, takes a known name or has no such kind is refused."""
    folder = write_folder(tmp_path, all_tables())
    path = folder / "commune_criteria.meta.yml"
    path.write_text(SIDECAR + "columns:\n" + line, encoding="utf-8")
    problems = refused(folder)
    assert any(what in problem.what for problem in problems)
    assert all("commune_criteria" in problem.where for problem in problems)


def test_reserved_names_cover_the_tables() -> None:
    """Every column that the tables of places have is reserved, where rules could meet it."""
    for table in ("districts", "communes", "poverty", "commune_poverty", "commune_criteria"):
        columns = set(TABLES[table].columns) - {"latitude", "longitude", "tile_row", "tile_column"}
        assert columns <= RESERVED


def test_totals_of_money(tmp_path: Path) -> None:
    """A sidecar may know the total of a column of money, not of one of words."""
    folder = write_folder(tmp_path, all_tables())
    path = folder / "history.meta.yml"
    known = SIDECAR + "known: {totals: {line: 3}, source: KH}\n"
    path.write_text(known, encoding="utf-8")
    assert only(folder).what == "cột này không cộng được"
    path.write_text(known.replace("line: 3", "assigned: 12500000000"), encoding="utf-8")
    assert read_data(folder).sidecars["history"].known


def test_labels_are_headers(tmp_path: Path) -> None:
    """Vietnamese labels serve as headers of the optional tables too."""
    changed = all_tables()
    for name in OPTIONAL:
        changed[name][0] = [label(name, column) for column in changed[name][0]]
    assert_equal(read_tables(tmp_path / "a", changed), read_tables(tmp_path / "b", all_tables()))

"""The same tables in one Excel workbook: read as the CSV files are, refused by sheet and row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from data_samples import SIDECAR, TABLES, book_of, only, read_tables, refused, save, tables

from helpers.data.dataset import DataSet
from helpers.data.reading import read_data
from helpers.data.workbook import write_workbook


def assert_equal(one: DataSet, other: DataSet) -> None:
    """Fail unless all frames are equal."""
    for name in TABLES:
        pd.testing.assert_frame_equal(one.frames[name], other.frames[name])


def test_workbook_reads_as_csv(tmp_path: Path) -> None:
    """Numbers as numbers or as text, codes as numbers, blank rows: the same frames as from CSV."""
    book = book_of(tables())
    book["poverty"]["C2"] = "94665"
    book["districts"]["F2"] = 18.698
    book["province_totals"]["D3"] = 5.28
    book["criteria"]["A9"] = " "
    data = read_data(save(book, tmp_path / "so-lieu.xlsx"))
    assert_equal(data, read_tables(tmp_path / "csv", tables()))
    assert data.names("poverty", "criteria") == ((tmp_path / "so-lieu.xlsx").as_posix(),)
    assert [path.name for path in data.files] == ["so-lieu.xlsx", "so-lieu.meta.yml"]


def test_round_trip(tmp_path: Path) -> None:
    """A workbook that was written is read back equal, frames and sidecars, labels as headers."""
    data = read_tables(tmp_path / "csv", tables())
    path = write_workbook(tmp_path / "csv", tmp_path / "new" / "so-lieu.xlsx")
    again = read_data(path)
    assert_equal(data, again)
    assert data.sidecars == again.sidecars
    assert [file.name for file in sorted(path.parent.iterdir())] == [
        "so-lieu.meta.yml",
        "so-lieu.xlsx",
    ]
    header = pd.read_excel(path, sheet_name="poverty", engine="openpyxl").columns.to_list()
    assert header[2:4] == ["Tổng số hộ (hộ)", "Số hộ nghèo (hộ)"]


def test_lenient_sheet_names(tmp_path: Path) -> None:
    """A sheet is found by its table's name or Vietnamese title, whatever case and spaces."""
    book = book_of(tables())
    book["poverty"].title = "HỘ NGHÈO "
    book["province_totals"].title = "Province totals"
    book.create_sheet("Ghi chú")["A1"] = "tùy ý"
    assert len(read_data(save(book, tmp_path / "a.xlsx")).poverty) == 6


def test_two_sheets_for_one_table(tmp_path: Path) -> None:
    """Two sheets that could be one table are refused."""
    book = book_of(tables())
    book.copy_worksheet(book["poverty"]).title = "Hộ nghèo"
    assert "có 2 trang tính cùng là bảng poverty" in only(save(book, tmp_path / "a.xlsx")).what


def test_missing_sheet(tmp_path: Path) -> None:
    """A missing sheet is named, with a sheet of nearly its name."""
    book = book_of(tables())
    book["criteria"].title = "criterai"
    problem = only(save(book, tmp_path / "a.xlsx"))
    assert problem.where.endswith("a.xlsx, trang tính criteria")
    assert "criterai" in problem.todo


CELLS = [
    ("C3", 96425.5, "“96425.5” có phần lẻ"),
    ("C3", -1, "“-1” là số âm"),
    ("C3", None, "ô để trống"),
    ("C3", "=1+1", "công thức chưa được tính"),
    ("C3", "#REF!", "công thức bị lỗi #REF!"),
    ("C3", True, "“TRUE” không phải là số"),
]


@pytest.mark.parametrize(("cell", "value", "what"), CELLS)
def test_bad_cell(tmp_path: Path, cell: str, value: object, what: str) -> None:
    """A cell that cannot be read is named by sheet, row and column header."""
    book = book_of(tables())
    book["poverty"][cell] = value
    problem = only(save(book, tmp_path / "a.xlsx"))
    assert problem.where.endswith("a.xlsx, trang tính poverty, dòng 3, cột households")
    assert what in problem.what


def test_merged_cells(tmp_path: Path) -> None:
    """A district merged over its years is refused in every row but the first."""
    book = book_of(tables())
    book["poverty"].merge_cells("A2:A3")
    problem = only(save(book, tmp_path / "a.xlsx"))
    assert problem.where.endswith("dòng 3, cột district")
    assert problem.what == "ô bị gộp"


def test_typed_decimals_are_not_ambiguous(tmp_path: Path) -> None:
    """A number that Excel itself holds with three decimals is taken as it is."""
    book = book_of(tables())
    book["districts"]["H2"] = 104.961
    data = read_data(save(book, tmp_path / "a.xlsx"))
    assert str(data.districts.loc[0, "area_km2"]) == "104.961"


def test_not_a_workbook(tmp_path: Path) -> None:
    """A file that is no workbook, or an old .xls, is refused with how to save it."""
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK not really")
    assert "mật khẩu" in only(broken).todo
    old = tmp_path / "a.xls"
    old.write_bytes(b"x")
    assert ".xlsx" in only(old).todo


def test_workbook_sidecar(tmp_path: Path) -> None:
    """One meta.yml holds for all sheets; under `tables` a sheet's own keys stand first."""
    path = save(book_of(tables()), tmp_path / "a.xlsx")
    own = SIDECAR + "tables:\n  poverty: {status: illustrative}\n"
    path.with_name("a.meta.yml").write_text(own, encoding="utf-8")
    sidecars = read_data(path).sidecars
    assert [sidecars[name].status for name in ("criteria", "poverty")] == [
        "official",
        "illustrative",
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (SIDECAR + "tables: {povety: {status: derived}}\n", "khóa tables → povety"),
        (SIDECAR + "tables: {poverty: {status: x}}\n", "bảng poverty, khóa status"),
        (SIDECAR + "tables: [poverty]\n", "khóa tables"),
    ],
)
def test_bad_workbook_sidecar(tmp_path: Path, text: str, where: str) -> None:
    """What is wrong in a workbook's meta.yml is named by table and key."""
    path = save(book_of(tables()), tmp_path / "a.xlsx")
    path.with_name("a.meta.yml").write_text(text, encoding="utf-8")
    assert any(problem.where.endswith(where) for problem in refused(path))


def test_missing_workbook_sidecar(tmp_path: Path) -> None:
    """A workbook without its meta.yml is refused once, not once for each sheet."""
    path = save(book_of(tables()), tmp_path / "a.xlsx")
    path.with_name("a.meta.yml").unlink()
    assert only(path).what == "thiếu tệp mô tả số liệu"

"""A table without a readable sidecar is refused, and told which key is wrong."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from data_samples import SIDECAR, only, refused, tables, write_folder
from pydantic import ValidationError

from helpers.data.reading import read_data
from helpers.data.sidecar import load_sidecar

CASES = [
    (SIDECAR.replace("status: official", "status: thật"), "khóa status", "chỉ nhận: official"),
    (SIDECAR.replace("status: official\n", ""), "khóa status", "thêm khóa"),
    (SIDECAR.replace("producer", "producers"), "khóa producers", "“producer”"),
    (SIDECAR.replace("2024-12-31", "hôm qua"), "khóa date", "2024-12-31"),
    (SIDECAR.replace("Sở A", '""'), "khóa producer", "điền giá trị"),
    (SIDECAR + "status: derived\n", "dòng 7", "kiểm tra"),
    (SIDECAR + "note: a: b\n", "dòng 7", "kiểm tra"),
    (SIDECAR + "columns: {hộ: {label: Hộ}}\n", "khóa hộ", "chỉ nhận"),
    (SIDECAR + "known: {totals: {household: 3}, source: x}\n", "khóa household", "“households”"),
    ("", "poverty.meta.yml", "khóa: giá trị"),
]


@pytest.mark.parametrize(("text", "where", "todo"), CASES)
def test_bad_sidecar(tmp_path: Path, text: str, where: str, todo: str) -> None:
    """What is wrong in a meta.yml is named by its key or line, with what to write."""
    folder = write_folder(tmp_path, tables())
    (folder / "poverty.meta.yml").write_text(text, encoding="utf-8")
    found = [problem for problem in refused(folder) if where in problem.where]
    assert found
    assert all("poverty.meta.yml" in problem.where for problem in found)
    assert any(todo in problem.todo for problem in found)


def test_missing_sidecar(tmp_path: Path) -> None:
    """A table without its meta.yml is refused: nobody could say where it comes from."""
    folder = write_folder(tmp_path, tables())
    (folder / "communes.meta.yml").unlink()
    problem = only(folder)
    assert problem.where.endswith("communes.meta.yml")
    assert problem.what == "thiếu tệp mô tả số liệu"


def test_sidecar_in_another_encoding(tmp_path: Path) -> None:
    """A meta.yml that is not UTF-8 is refused."""
    folder = write_folder(tmp_path, tables())
    (folder / "communes.meta.yml").write_bytes(SIDECAR.encode("utf-16"))
    assert "UTF-8" in only(folder).what


def test_sidecar_problems_join_the_others(tmp_path: Path) -> None:
    """Sidecars and tables are refused together."""
    changed = tables()
    changed["poverty"][1][2] = "x"
    folder = write_folder(tmp_path, changed)
    (folder / "communes.meta.yml").unlink()
    assert len(refused(folder)) == 2


def test_sidecar_is_frozen(tmp_path: Path) -> None:
    """A sidecar is a value: dated, named in Vietnamese, never changed."""
    path = tmp_path / "x.meta.yml"
    path.write_text(SIDECAR, encoding="utf-8")
    sidecar = load_sidecar(path)
    assert sidecar.date == datetime.date(2024, 12, 31)
    assert sidecar.status_name == "chính thức"
    with pytest.raises(ValidationError):
        sidecar.status = "derived"


def test_sidecars_by_table(tmp_path: Path) -> None:
    """Each table's own sidecar is kept under the table's name."""
    folder = write_folder(tmp_path, tables())
    made = SIDECAR.replace("Bảng mẫu", "Hộ nghèo")
    (folder / "poverty.meta.yml").write_text(made, encoding="utf-8")
    sidecars = read_data(folder).sidecars
    assert (sidecars["poverty"].title, sidecars["criteria"].title) == ("Hộ nghèo", "Bảng mẫu")

"""What goes out to districts and comes back: blank forms, checks, a sample register."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from review_samples import filled, plain, read, saved

from helpers import cli
from helpers.collect import (
    check_returns,
    make_register,
    write_blank_forms,
    write_summary_forms,
    write_tidy_forms,
)
from helpers.data.dataset import DataSet
from helpers.data.reading import read_data
from helpers.data.review.reading import forms_of, territory_of
from helpers.data.review.writing.book import write_forms
from helpers.errors import InputRefused
from helpers.paths import ROOT_VARIABLE
from helpers.plan.standards import load_standards
from helpers.poverty.flows import poverty_flows
from helpers.poverty.profile import commune_rates, deprivations, poor_profile

ROOT = Path(__file__).parents[1]
PLAN = "params/nghe-an-2024.yaml"
YEAR = 2024


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the shipped parameters and data."""
    for name in ("params", "data"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    return tmp_path


def _returned(project: Path, data: DataSet) -> Path:
    """Put workbooks of the last year, one a district, in the place of its tidy rows."""
    folder = project / "data" / "nghe-an-2024" / "review"
    sidecar = data.review.sidecar
    assert sidecar
    forms = forms_of(load_standards(), sidecar.ethnicities)(YEAR)
    territory = territory_of(data.districts, data.communes, data.former_communes)
    for code, name in data.district_names.items():
        write_forms(
            folder / "huyen" / f"{name}.xlsx",
            forms,
            territory,
            year=YEAR,
            province="tỉnh Nghệ An",
            districts=[code],
            review=data.review,
        )
    for path in folder.glob("bieu-*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        kept = [row for row in rows if row[0] != str(YEAR)]
        path.unlink()
        if kept:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *kept])
    (folder / "corrections.yml").unlink()
    return folder


@pytest.mark.slow
def test_workbooks_and_tidy_tables_tell_the_same(project: Path, shipped_data: DataSet) -> None:
    """What 21 returned workbooks give is what the tidy tables give, and what both give as tidy."""
    folder = _returned(project, shipped_data)
    data = read_data(project / "data" / "nghe-an-2024")
    assert sum(name.endswith(".xlsx") for name in data.review.files) == 21
    tables = (poverty_flows, deprivations, poor_profile, commune_rates)
    for table in tables:
        pd.testing.assert_frame_equal(table(data).frame, table(shipped_data).frame)
    tidy = write_tidy_forms(project / PLAN)
    assert [path.name for path in tidy] == sorted(path.name for path in tidy)
    shutil.rmtree(folder / "huyen")
    for path in tidy:
        shutil.copy(path, folder)
    again = read_data(project / "data" / "nghe-an-2024")
    for table in tables:
        pd.testing.assert_frame_equal(table(again).frame, table(shipped_data).frame)


@pytest.mark.slow
def test_a_lying_total_is_listed_and_stops_the_check(
    project: Path, shipped_data: DataSet, capsys: pytest.CaptureFixture[str]
) -> None:
    """A district's total that is not the sum of its communes is named by file, sheet and cell."""
    folder = _returned(project, shipped_data)
    path = folder / "huyen" / "Kỳ Sơn.xlsx"
    values, book = load_workbook(path, data_only=True), load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = values[sheet.title][cell.coordinate].value
    sheet = book["Biểu 2"]
    (row,) = [cell.row for cell in sheet["B"] if cell.value == "Tổng cộng"]
    sheet.cell(row, 4).value += 7
    book.save(path)
    assert cli.run_here(["review"]) == 2
    said = capsys.readouterr().out
    assert f"Kỳ Sơn.xlsx, trang tính Biểu 2, ô D{row}" in said
    assert "Traceback" not in said


def test_name_lists_are_never_read(tmp_path: Path) -> None:
    """Forms 14 and 15, lists of households by name, stay unread where a district sends them."""
    book = plain(filled(tmp_path))
    for name in ("Biểu 14", "Biểu 15"):
        sheet = book.create_sheet(name)
        sheet.append([f"{name}. Danh sách hộ nghèo năm 2024"])
        sheet.append(["TT", "Họ và tên chủ hộ", "Ngày sinh"])
        sheet.append([1, "Lo Thị Hoa Ban", "1970"])
    found = read(saved(book, tmp_path / "huyen.xlsx"))
    assert found.problems == []
    assert set(found.frames) == set(range(1, 12))
    assert "Hoa Ban" not in "".join(frame.to_csv() for frame in found.frames.values())


def test_shipped_returns_disagree_only_where_they_were_made_to(project: Path) -> None:
    """One district differs from the department; the forms agree among themselves."""
    found = check_returns(project / PLAN)
    assert not found.agrees
    assert found.lines[1] == "Các biểu khớp với nhau."
    assert [line for line in found.lines if "huyện 1.608, sở 1.603" in line]


def test_blank_forms_are_written_once_and_never_over_filled_ones(project: Path) -> None:
    """A second run changes nothing; a file with numbers in it stops the run, and stays."""
    first = write_blank_forms(project / PLAN, None, "Kỳ Sơn")
    assert [path.name for path in first] == ["ky-son.xlsx"]
    assert write_blank_forms(project / PLAN, None, "417") == first
    book = load_workbook(first[0])
    book["Biểu 2"]["D9"] = 12
    book.save(first[0])
    filled = first[0].read_bytes()
    with pytest.raises(InputRefused, match=r"ky-son\.xlsx: tệp này có thể đã được điền"):
        write_blank_forms(project / PLAN, None, "")
    assert first[0].read_bytes() == filled
    assert [path.name for path in first[0].parent.iterdir()] == ["ky-son.xlsx"]


def test_a_district_that_is_none_is_refused(project: Path) -> None:
    """A slip in the name is answered with the nearest one; nothing is written."""
    with pytest.raises(InputRefused, match="có phải là “Kỳ Sơn”"):
        write_blank_forms(project / PLAN, None, "Ký Sơn")


def test_the_summary_needs_returns_of_its_year(project: Path) -> None:
    """The province's workbook is written for a year that was returned, refused for another."""
    assert write_summary_forms(project / PLAN, 2022).name == "tong-hop.xlsx"
    with pytest.raises(InputRefused, match="chưa có biểu rà soát cuối năm 2019"):
        write_summary_forms(project / PLAN, 2019)


def test_a_sample_register_never_replaces_a_real_one(project: Path) -> None:
    """A made-up register is marked and may be made again; the province's own stays."""
    path = make_register(project / PLAN, 500)
    sidecar = path.with_name("register.meta.yml")
    assert "status: illustrative" in sidecar.read_text(encoding="utf-8")
    assert make_register(project / PLAN, 400) == path
    text = sidecar.read_text(encoding="utf-8")
    sidecar.write_text(text.replace("status: illustrative", "status: official"), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InputRefused, match="đã có danh sách hộ của tỉnh"):
        make_register(project / PLAN, 300)
    assert path.read_bytes() == before

"""Forms as tidy tables, and the folder that holds them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from data_samples import OPTIONAL, book_of, save, tables, write_folder
from hypothesis import given
from hypothesis import strategies as st
from returned_forms import (
    COUNTED,
    ETHNICITIES,
    FORMS,
    TERRITORY,
    sound_review,
    tidy_rows,
    write_csv,
    write_province,
    write_review,
)

from helpers.data.reading import read_data
from helpers.data.review.checks.disagreements import check_review
from helpers.data.review.folder import files_in, review_folder
from helpers.data.review.forms import Form
from helpers.data.review.model import EMPTY, KEYS, Review
from helpers.data.review.reading import forms_of, read_review
from helpers.data.review.tidy import read_tidy, write_tidy
from helpers.data.review.writing.book import write_forms
from helpers.errors import InputRefused, Problem
from helpers.jobs import inputs
from helpers.plan.standards import load_standards

STANDARDS = load_standards()
MY_LY_ROW = 8
"""Where the commune Mỹ Lý of 2023 stands in every tidy table of the sample."""


def _forms(year: int) -> tuple[Form, ...]:
    return forms_of(STANDARDS, ETHNICITIES)(year)


def _problems(path: Path, number: int = 1) -> list[Problem]:
    read = read_tidy(path, number, _forms, TERRITORY)
    assert read.frame is None
    return read.problems


def _only(path: Path, number: int = 1) -> Problem:
    problems = _problems(path, number)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def _with_cell(number: int, row: int, column: str, text: str) -> list[list[str]]:
    rows = tidy_rows(number)
    rows[row - 1][rows[0].index(column)] = text
    return rows


def _refused(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputRefused) as caught:
        read_review(folder, TERRITORY, STANDARDS)
    return caught.value.problems


@pytest.mark.parametrize("number", COUNTED)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_form_is_read_whatever_parts_its_cells(
    tmp_path: Path, number: int, delimiter: str
) -> None:
    """A tidy table gives the form's counts by unit and year, with the row of each in Excel."""
    path = write_csv(tmp_path / f"bieu-{number:02d}.csv", tidy_rows(number), delimiter)
    frame = read_tidy(path, number, _forms, TERRITORY).frame
    assert frame is not None
    assert list(frame.columns) == [*KEYS, *FORMS[number].counted]
    assert list(frame["row"]) == list(range(2, 16))
    assert set(frame["level"]) == {"district", "commune"}
    assert list(frame["district_code"][:7]) == ["412", "412", "414", "414", "417", "417", "417"]
    expected = [[int(cell) for cell in row[3:]] for row in tidy_rows(number)[1:]]
    assert frame[list(FORMS[number].counted)].to_numpy().tolist() == expected
    assert {str(kind) for kind in frame[list(FORMS[number].counted)].dtypes} == {"int64"}


def test_captions_serve_as_headers(tmp_path: Path) -> None:
    """The captions of the form, with its half in brackets, do as well as the keys."""
    rows = tidy_rows(2)
    rows[0] = ["Cuối năm", "Mã đơn vị", "Tên đơn vị", *map(FORMS[2].label, FORMS[2].counted)]
    assert "Hộ nghèo cuối kỳ (nhân khẩu)" in rows[0]
    by_caption = read_tidy(write_csv(tmp_path / "a.csv", rows), 2, _forms, TERRITORY).frame
    by_key = read_tidy(write_csv(tmp_path / "b.csv", tidy_rows(2)), 2, _forms, TERRITORY).frame
    pd.testing.assert_frame_equal(by_caption, by_key)


@pytest.mark.parametrize("name", ["MỸ LÝ", "xã Mỹ Lý", " Mỹ  Lý ", "Mỹ Lý"])
def test_a_name_may_be_spelled_as_people_do(tmp_path: Path, name: str) -> None:
    """Case, spaces, Unicode form and the kind in front do not count; the list's name is kept."""
    path = write_csv(tmp_path / "bieu-01.csv", _with_cell(1, MY_LY_ROW, "name", name))
    frame = read_tidy(path, 1, _forms, TERRITORY).frame
    assert frame is not None
    assert frame["name"][MY_LY_ROW - 2] == "Mỹ Lý"


@pytest.mark.parametrize(
    ("column", "text", "what", "todo"),
    [
        ("poor_households", "1.234", "có dấu ngăn", "ghi liền các chữ số: 1234"),
        ("poor_households", "-5", "số âm", "ghi số không âm"),
        ("poor_households", "", "ô để trống", "số không có thì ghi 0"),
        ("poor_households", "năm", "không phải là số", "chỉ ghi các chữ số"),
        ("poor_households", "٣", "không phải là số", "chỉ ghi các chữ số"),
        ("poor_households", "1" + "0" * 16, "lớn quá mức", "kiểm tra lại"),
        ("year", "24", "năm nằm ngoài khoảng", "ghi đủ bốn chữ số"),
        ("year", "2019", "không có chuẩn nghèo nào", "thêm tệp"),
        ("code", "99999", "không có xã mang mã", "có phải là mã 16816"),
        ("name", "Mường Xén", "không phải tên của mã 16816", "có phải là mã 16813"),
        ("name", "Kỳ Sơn", "không phải tên của mã 16816", ""),
        ("name", "Tổng cộng", "là dòng tổng", "xóa dòng này"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(
    tmp_path: Path, column: str, text: str, what: str, todo: str
) -> None:
    """Each wrong cell is refused with its file, row and column, what is wrong and what to do."""
    path = write_csv(tmp_path / "bieu-01.csv", _with_cell(1, MY_LY_ROW, column, text))
    problem = _only(path)
    assert f"bieu-01.csv, dòng {MY_LY_ROW}, cột {column}" in problem.where
    assert what in problem.what
    assert todo in problem.todo


def test_a_districts_code_wants_the_districts_name(tmp_path: Path) -> None:
    """A commune's name beside a district's code is refused."""
    path = write_csv(tmp_path / "bieu-01.csv", _with_cell(1, MY_LY_ROW, "code", "417"))
    problem = _only(path)
    assert problem.where.endswith("dòng 8, cột name")
    assert problem.what == "“Mỹ Lý” không phải tên của mã 417: Kỳ Sơn"


def test_what_read_count_takes_a_tidy_table_takes(tmp_path: Path) -> None:
    """A count with spaces around it or zeros before it is that count."""
    rows = _with_cell(1, MY_LY_ROW, "persons", " 0039904 ")
    frame = read_tidy(write_csv(tmp_path / "a.csv", rows), 1, _forms, TERRITORY).frame
    assert frame is not None
    assert frame["persons"][MY_LY_ROW - 2] == 39904


def test_a_former_commune_points_to_its_heir(tmp_path: Path) -> None:
    """A row of a commune that is no more is refused, with the commune that took it in."""
    rows = _with_cell(1, MY_LY_ROW, "code", "16820")
    rows[MY_LY_ROW - 1][2] = "Phà Đánh"
    problem = _only(write_csv(tmp_path / "bieu-01.csv", rows))
    assert problem.what == (
        "xã Phà Đánh đã sắp xếp từ ngày 01/12/2024, nay thuộc xã Mỹ Lý (mã 16816)"
    )


def test_a_unit_twice_in_a_year_is_refused(tmp_path: Path) -> None:
    """Two rows of one unit and year name each other."""
    rows = tidy_rows(1)
    problem = _only(write_csv(tmp_path / "bieu-01.csv", [*rows, rows[-1]]))
    assert problem.where.endswith("bieu-01.csv, dòng 16, cột code")
    assert problem.what == "trùng với dòng 15: “Mỹ Lý” (mã 16816) cuối năm 2024"


def test_unknown_and_missing_columns_are_told(tmp_path: Path) -> None:
    """A column that the form has not is refused, one that it wants is asked for."""
    rows = tidy_rows(1)
    rows[0][3] = "housholds"
    problems = _problems(write_csv(tmp_path / "bieu-01.csv", rows))
    assert [(problem.what, problem.todo) for problem in problems] == [
        ("bảng này không có cột ấy", "có phải là “households”?"),
        ("thiếu cột households (“Tổng số hộ dân cư”)", "thêm cột này"),
    ]
    del rows[0][0]
    rows = [rows[0], *(row[1:] for row in rows[1:])]
    assert _only(write_csv(tmp_path / "bieu-01.csv", rows)).what.startswith("thiếu cột year")


def test_years_of_two_standards_do_not_share_a_table(tmp_path: Path) -> None:
    """Where a later standard has other indicators, its years belong in a file of their own."""
    rows = _with_cell(4, MY_LY_ROW, "year", "2027")
    problem = _only(write_csv(tmp_path / "bieu-04.csv", rows), 4)
    assert problem.what == "Biểu 4 của năm 2027 có cột khác năm 2023 (chuẩn nghèo khác)"
    assert "thư mục con" in problem.todo
    summary = write_csv(tmp_path / "bieu-01.csv", _with_cell(1, MY_LY_ROW, "year", "2027"))
    assert read_tidy(summary, 1, _forms, TERRITORY).frame is not None


@pytest.mark.parametrize("coding", ["utf-16", "cp1258"])
def test_another_encoding_is_told(tmp_path: Path, coding: str) -> None:
    """A file that is not UTF-8 is refused with the way to save it as such."""
    path = tmp_path / "bieu-01.csv"
    path.write_bytes("year,code,name,Tổng số hộ dân cư\n".encode(coding, errors="replace"))
    assert "bảng mã" in _only(path).what


def _counts(draw: st.DrawFn, review: Review) -> Review:
    frames = {}
    for number, frame in review.frames.items():
        names = list(FORMS[number].counted)
        size = len(frame) * len(names)
        numbers = draw(st.lists(st.integers(0, 10**12), min_size=size, max_size=size))
        values = pd.Series(numbers, dtype="int64").to_numpy().reshape(len(frame), len(names))
        frames[number] = frame.assign(**dict(zip(names, values.T, strict=True)))
    return replace(review, frames=frames)


@given(st.data())
@pytest.mark.slow
def test_writing_then_reading_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever counts the forms hold, tidy tables keep them."""
    sound = replace(sound_review(), frames={n: sound_review().frames[n] for n in (1, 3, 9)})
    review = data.draw(st.composite(_counts)(sound))
    folder = tmp_path_factory.mktemp("tidy")
    assert [path.name for path in write_tidy(review, folder)] == [
        "bieu-01.csv", "bieu-03.csv", "bieu-09.csv",
    ]  # fmt: skip
    write_review(folder, {})
    back = read_review(folder, TERRITORY, STANDARDS)
    for number, frame in review.frames.items():
        pd.testing.assert_frame_equal(
            back.frames[number].drop(columns="place"),
            frame.drop(columns="place"),
            check_dtype=False,
        )


def test_a_folder_is_read_as_one_review(tmp_path: Path) -> None:
    """All forms, their files, their sidecar; and the marks of figures that rest on them."""
    data = read_data(write_province(tmp_path))
    review = data.review
    assert tuple(review.frames) == COUNTED
    assert review.years == (2023, 2024)
    assert review.sidecar is not None
    assert review.sidecar.ethnicities == ETHNICITIES
    assert len(review.files) == len(COUNTED) + 1
    assert data.names("review") == review.files
    assert data.marks("review") == ()
    assert {path.name for path in data.files} >= {"bieu-01.csv", "review.meta.yml"}
    assert review.where(1, 6, "persons").endswith("bieu-01.csv, dòng 8, cột persons")
    assert review.districts(1, 2024)["poor_households"].to_dict() == {
        "412": 329, "414": 155, "417": 6493,
    }  # fmt: skip


def test_files_of_many_units_are_joined_in_the_order_of_the_lists(tmp_path: Path) -> None:
    """Each district may send its own file in a folder of its own."""
    rows = tidy_rows(1)
    for district, codes in (("ky-son", ("417", "168")), ("khac", ("412", "414", "16663", "16996"))):
        own = [row for row in rows[1:] if row[1].startswith(codes)]
        write_csv(tmp_path / district / "bieu-01.csv", [rows[0], *reversed(own)])
    write_review(tmp_path, {})
    review = read_review(tmp_path, TERRITORY, STANDARDS)
    expected = [row[1] for row in rows[1:]]
    assert list(review.frames[1]["code"]) == expected
    assert {place.file.split("/")[-2] for place in review.places} == {"ky-son", "khac"}


def test_one_unit_from_two_files_names_both(tmp_path: Path) -> None:
    """The same unit, year and form may stand in one place only."""
    folder = write_review(tmp_path)
    rows = tidy_rows(2)
    write_csv(folder / "gui-lai" / "bieu-02.csv", [rows[0], *rows[-2:]])
    (problem,) = _refused(folder)
    assert problem.where.endswith("gui-lai/bieu-02.csv, dòng 2")
    assert problem.what.startswith("Biểu 2 cuối năm 2024 của Mường Xén và Mỹ Lý đã có ở ")
    assert problem.what.endswith("bieu-02.csv, dòng 14")


def _without_ky_son(folder: Path) -> Path:
    """Write the forms, those of Kỳ Sơn for 2024 as its workbook and all others as tidy tables."""
    own = replace(TERRITORY, districts=TERRITORY.districts[2:], communes=TERRITORY.communes[2:])
    forms = tuple(FORMS.values())
    write_forms(
        folder / "ky-son.xlsx",
        forms,
        own,
        year=2024,
        province="tỉnh Nghệ An",
        review=sound_review(),
    )
    content = {
        number: [
            row
            for row in tidy_rows(number)
            if not (row[0] == "2024" and row[1] in ("417", "16813", "16816"))
        ]
        for number in COUNTED
    }
    return write_review(folder, content)


def test_workbooks_and_tidy_tables_make_one_review(tmp_path: Path) -> None:
    """A district's workbook joins the others' tables; its total row is that district's."""
    review = read_review(_without_ky_son(tmp_path), TERRITORY, STANDARDS)
    sound = sound_review()
    for number in COUNTED:
        names = ["year", "level", "code", "name", "district_code", *FORMS[number].counted]
        units = review.frames[number]
        units = units[units["level"] != "total"].reset_index(drop=True)
        pd.testing.assert_frame_equal(units[names], sound.frames[number][names], check_dtype=False)
    (total,) = review.rows(2, 2024, "total").to_dict("records")
    assert (total["district_code"], total["closing"]) == ("417", 6493)
    assert list(review.frames[5]["level"]) == ["district", "commune", "commune", "total"]
    assert check_review(review).empty
    label = review.frames[1].index[review.frames[1]["code"] == "16816"][-1]
    assert review.where(1, label, "households").endswith("trang tính Biểu 1, ô D10")


def test_a_workbook_that_repeats_a_table_is_refused(tmp_path: Path) -> None:
    """Units of a workbook that a tidy table has too are named once, with both places."""
    folder = _without_ky_son(tmp_path)
    write_csv(folder / "bieu-08.csv", tidy_rows(8))
    (problem,) = _refused(folder)
    assert problem.what.startswith("Biểu 8 cuối năm 2024 của Kỳ Sơn, Mường Xén và Mỹ Lý đã có ở ")
    assert {problem.where.split("/")[-1], problem.what.split("/")[-1]} == {
        "bieu-08.csv, dòng 13", "ky-son.xlsx, trang tính Biểu 8, dòng 8",
    }  # fmt: skip


def test_a_former_commune_needs_an_heir(tmp_path: Path) -> None:
    """The commune that took in a former one has to be in the list."""
    header = ["code", "name", "kind", "district", "until", "successor"]
    rows = [header, ["16820", "Phà Đánh", "xã", "Kỳ Sơn", "2024-12-01", "16821"]]
    with pytest.raises(InputRefused) as caught:
        read_data(write_folder(tmp_path, {**tables(), "former_communes": rows}))
    (problem,) = caught.value.problems
    assert problem.where.endswith("former_communes.csv, dòng 2, cột successor")
    assert problem.what == "không có xã mang mã “16821”"


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    """Tables, forms and sidecar that are wrong are all refused in one go."""
    folder = write_province(tmp_path)
    review = folder / "review"
    write_csv(review / "bieu-01.csv", _with_cell(1, MY_LY_ROW, "persons", "1.000"))
    write_csv(review / "bieu-03.csv", _with_cell(3, 3, "name", "Vinh Tân"))
    write_csv(review / "bieu-05.csv", tidy_rows(4))
    write_csv(review / "tong-hop.csv", tidy_rows(1))
    (review / "huyen.xls").write_bytes(b"")
    (review / "~$huyen.xlsx").write_bytes(b"")
    (review / "review.meta.yml").unlink()
    write_csv(
        folder / "poverty.csv", [*tables()["poverty"][:-1], ["Kỳ Sơn", "2024", "x", "1", "1"]]
    )
    with pytest.raises(InputRefused) as caught:
        read_data(folder)
    told = "\n".join(map(str, caught.value.problems))
    for part in (
        "poverty.csv, dòng 7, cột households",
        "bieu-01.csv, dòng 8, cột persons",
        "bieu-03.csv, dòng 3, cột name",
        "bieu-05.csv: Biểu 5 chỉ ghi lại Biểu 4 theo tỷ lệ",
        "tong-hop.csv: tên tệp không nói là biểu nào",
        "huyen.xls: tệp bảng tính này không được đọc",
        "review.meta.yml: thiếu tệp mô tả số liệu",
    ):
        assert part in told
    assert len(caught.value.problems) == 7


def test_form_9_needs_the_names_of_its_columns(tmp_path: Path) -> None:
    """Without the ethnic groups in the sidecar, form 9 cannot be read; with them twice neither."""
    folder = write_review(tmp_path)
    sidecar = folder / "review.meta.yml"
    text = sidecar.read_text(encoding="utf-8")
    sidecar.write_text(text[: text.index("ethnicities")], encoding="utf-8")
    (problem,) = _refused(folder)
    assert problem.what.startswith("thiếu khóa ethnicities mà có Biểu 9")
    workbook = _without_ky_son(tmp_path / "b")
    (workbook / "review.meta.yml").write_text(text[: text.index("ethnicities")], encoding="utf-8")
    (problem,) = _refused(workbook)
    assert "bieu-09.csv và " in problem.what
    assert problem.what.endswith("ky-son.xlsx)")
    sidecar.write_text(text.replace("Dân tộc khác", "Thái"), encoding="utf-8")
    assert _refused(folder)[0].what == "“Thái” ghi hai lần"


def test_no_folder_and_an_empty_folder_mean_no_review(tmp_path: Path) -> None:
    """A province that has no forms yet is none the worse for it."""
    data = read_data(write_folder(tmp_path, tables()))
    assert data.review is EMPTY
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "doc.pdf").write_bytes(b"")
    assert read_data(tmp_path).review is EMPTY
    assert data.names("review") == ()


def test_forms_stand_beside_a_workbook_too(tmp_path: Path) -> None:
    """The tables of an Excel workbook have their forms in the folder `<workbook>-review`."""
    path = save(book_of(tables()), tmp_path / "so-lieu.xlsx")
    assert review_folder(path) == tmp_path / "so-lieu-review"
    write_review(review_folder(path), {1: tidy_rows(1)})
    assert tuple(read_data(path).review.frames) == (1,)


def test_a_later_standard_sets_earlier_years_aside(tmp_path: Path) -> None:
    """Of forms 4 with different columns the latest year's is used; what is not used is said."""
    folder = write_review(tmp_path)
    later = _forms(2027)[3]
    numbers = [["2027", "16816", "Mỹ Lý", "9", *["1"] * (len(later.counted) - 1)]]
    write_csv(folder / "2027" / "bieu-04.csv", [["year", "code", "name", *later.counted], *numbers])
    review = read_review(folder, TERRITORY, STANDARDS)
    assert set(review.frames[4]["year"]) == {2027}
    assert set(review.frames[1]["year"]) == {2023, 2024}
    (said,) = review.unused
    assert said.startswith("Biểu 4 cuối năm 2023 và 2024 theo chuẩn nghèo khác năm 2027")


def test_what_excel_leaves_behind_is_no_input(tmp_path: Path) -> None:
    """Lock files and hidden folders decide nothing; forms beside a workbook do."""
    path = save(book_of(tables(**OPTIONAL)), tmp_path / "data" / "so-lieu.xlsx")
    folder = write_review(review_folder(path), {1: tidy_rows(1)})
    (folder / "~$huyen.xlsx").write_bytes(b"")
    (folder / ".cu").mkdir()
    shutil.copy(folder / "bieu-01.csv", folder / ".cu" / "bieu-01.csv")
    assert [one.name for one in files_in(folder)] == ["bieu-01.csv", "review.meta.yml"]
    plan = tmp_path / "ke-hoach.yaml"
    plan.write_text(f"data: {path}\n", encoding="utf-8")
    found = inputs(plan)
    assert folder / "bieu-01.csv" in found
    assert any(one.parts[-2:] == ("standards", "nd-07-2021.yaml") for one in found)
    assert not any(one.name.startswith("~$") for one in found)

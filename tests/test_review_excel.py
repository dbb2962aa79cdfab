"""Forms that are written to Excel are read back equal, and read as districts really fill them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from review_samples import (
    FORMS,
    INDICATORS,
    TERRITORY,
    edited,
    filled,
    numbers,
    plain,
    random_review,
    read,
    saved,
    territory_of,
)

from helpers.data.cells import CellRefusedError
from helpers.data.dataset import DataSet
from helpers.data.review.excel.numbers import read_count, read_percent
from helpers.data.review.excel.reading import read_forms_workbook
from helpers.data.review.forms import Form, review_forms
from helpers.data.review.model import KEYS, CommuneUnit, Review
from helpers.data.review.writing.book import write_forms
from helpers.data.sidecar import Sidecar

PROVINCE = "tỉnh Nghệ An"


@pytest.fixture(scope="module")
def review() -> Review:
    """Return a review of the small province."""
    return random_review()


@pytest.fixture(scope="module")
def workbook(review: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return its workbook."""
    return filled(tmp_path_factory.mktemp("review"), review)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_round_trip(workbook: Path, review: Review, form: Form) -> None:
    """Each form is read back with all its numbers, units and sums."""
    book = read(workbook)
    assert book.problems == []
    pd.testing.assert_frame_equal(
        numbers(book.frames[form.number]), numbers(review.frames[form.number]), check_dtype=False
    )


def test_frames_are_typed(workbook: Path) -> None:
    """Frames have the keys and then the form's names; counts are int64, percentages float64."""
    for number, frame in read(workbook).frames.items():
        form = FORMS[number - 1]
        assert list(frame) == [*KEYS, *form.names]
        assert (frame[[*form.counted, "year", "place", "row"]].dtypes == "int64").all()
        rates = [name for name in form.names if name not in form.counted]
        assert (frame[rates].dtypes == "float64").all()


def test_places_lead_to_cells(workbook: Path) -> None:
    """The place of a number names its file, sheet and cell, where Excel has that number."""
    book = read(workbook)
    sheets = load_workbook(workbook, data_only=True)
    for number, frame in book.frames.items():
        last = frame.iloc[-1]
        for name in (*FORMS[number - 1].names, "name"):
            where = book.places[last["place"]].cell(last["row"], name)
            start, _, cell = where.rpartition(", ô ")
            assert start == f"{workbook.as_posix()}, trang tính Biểu {number}"
            assert sheets[f"Biểu {number}"][cell].value == last[name]


@pytest.mark.slow
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_any_counts_survive(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever communes report, even what contradicts itself, is read as it was reported."""
    review = random_review(seed=data.draw(st.integers(0, 10**6)))
    frames = dict(review.frames)
    count = st.one_of(st.just(0), st.integers(0, 9999), st.integers(10**6, 10**9))
    for form in FORMS:
        if form.percent_of_form:
            continue
        frame = frames[form.number].copy()
        own = frame["level"] == "commune"
        values = data.draw(st.lists(count, min_size=len(form.counted), max_size=40))
        drawn = np.resize(values, (int(own.sum()), len(form.counted)))
        frame.loc[own, list(form.counted)] = drawn
        frames[form.number] = frame
    changed = replace(review, frames=frames)
    book = read(filled(tmp_path, changed))
    assert book.problems == []
    for form in FORMS:
        if form.percent_of_form:
            continue
        back = replace(changed, frames=book.frames)
        one, other = back.communes(form.number, 2024), changed.communes(form.number, 2024)
        pd.testing.assert_frame_equal(one, other, check_dtype=False)
        sums = back.districts(form.number, 2024)
        stated = back.rows(form.number, 2024, "district").set_index("district_code")
        assert (stated[list(form.counted)].sort_index().to_numpy() == sums.to_numpy()).all()
        total = back.rows(form.number, 2024, "total")[list(form.counted)]
        assert (total.to_numpy()[0] == sums.to_numpy().sum(axis=0)).all()


def test_same_bytes(tmp_path: Path, review: Review) -> None:
    """Writing twice gives the same bytes and leaves nothing beside the workbook."""
    one = filled(tmp_path / "one", review).read_bytes()
    assert one == filled(tmp_path / "two", review).read_bytes()
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["huyen.xlsx"]


def empty(folder: Path) -> Path:
    """Write the workbook that is sent out."""
    return write_forms(folder / "mau.xlsx", FORMS, TERRITORY, year=2024, province=PROVINCE)


def test_empty_workbook(tmp_path: Path) -> None:
    """The workbook sent out names the review, its period and unit, and all units with codes."""
    sheet = load_workbook(empty(tmp_path))["Biểu 2"]
    assert [sheet[cell].value for cell in ("A1", "A2", "A3", "A4", "C4")] == [
        "TỈNH NGHỆ AN",
        "Diễn biến hộ nghèo trong năm",
        "Năm 2024 (thời điểm 31/12/2024)",
        "Kỳ rà soát:",
        "Rà soát định kỳ cuối năm",
    ]
    texts = [cell.value for row in sheet["A1:U4"] for cell in row]
    assert {"Biểu 2", "Đơn vị tính: hộ, người"} <= set(texts)
    assert [[cell.value for cell in row] for row in sheet["A8:C14"]] == [
        ["I", "Thành phố Vinh", "412"],
        ["1", "Phường Đông Vĩnh", "16663"],
        ["2", "Phường Hà Huy Tập", "16666"],
        ["II", "Thị xã Cửa Lò", "413"],
        ["III", "Huyện Kỳ Sơn", "417"],
        ["1", "Thị trấn Mường Xén", "16813"],
        ["2", "Xã Mỹ Lý", "16816"],
    ]
    assert sheet["B21"].value == "Tổng cộng"
    assert sheet["B8"].font.b
    assert not sheet["B9"].font.b


def test_header_rows(tmp_path: Path) -> None:
    """Groups stand over their neighbours, lone captions over two rows, numbers with formulas."""
    book = load_workbook(empty(tmp_path))
    summary, flow = book["Biểu 1"], book["Biểu 2"]
    merged = {str(box) for box in summary.merged_cells.ranges}
    assert {"D5:D6", "F5:G5", "A5:A7"} <= merged
    assert [summary[cell].value for cell in ("D5", "F5", "F6", "G6", "D7", "G7")] == [
        "Tổng số hộ dân cư",
        "Hộ nghèo",
        "Số hộ",
        "Tỷ lệ (%)",
        1,
        "4=3/1*100",
    ]
    merged = {str(box) for box in flow.merged_cells.ranges}
    assert {"F5:G5", "F7:G7", "T7:U7"} <= merged
    assert [flow[cell].value for cell in ("F5", "F6", "G6", "F7", "T7")] == [
        "Thoát nghèo: Trở thành hộ cận nghèo",
        "Hộ",
        "Nhân khẩu",
        2,
        "9=1-2-3-4+5+6+7+8",
    ]


def test_formulas(tmp_path: Path) -> None:
    """Sums, rows of districts, the total, and percentages of this and of the other form."""
    book = load_workbook(empty(tmp_path))
    assert book["Biểu 2"]["T9"].value == "=D9-F9-H9-J9+L9+N9+P9+R9"
    assert book["Biểu 2"]["U9"].value == "=E9-G9-I9-K9+M9+O9+Q9+S9"
    assert book["Biểu 2"]["T8"].value == "=SUM(T9:T10)"
    assert book["Biểu 2"]["D21"].value == "=SUM(D8,D11,D12,D17)"
    assert book["Biểu 1"]["G9"].value == "=IF(D9=0,0,ROUND(F9/D9*100,2))"
    assert book["Biểu 5"]["D9"].value == "='Biểu 4'!D9"
    assert book["Biểu 5"]["E9"].value == "=IF('Biểu 4'!D9=0,0,ROUND('Biểu 4'!E9/'Biểu 4'!D9*100,2))"
    assert book["Biểu 8"]["L9"].value is None
    assert book["Biểu 9"]["D9"].value == "=F9+H9+J9+L9+N9"


def test_only_input_is_unlocked(tmp_path: Path) -> None:
    """Communes' entered cells, and those of a district without communes, are open; no others."""
    book = load_workbook(empty(tmp_path))
    flow = book["Biểu 2"]
    assert flow.protection.sheet
    assert flow.protection.password is None
    open_cells = {
        cell.coordinate for row in flow["A5:U21"] for cell in row if not cell.protection.locked
    }
    inputs = {row for row in range(9, 21) if row not in (12, 17)}
    columns = "DEFGHIJKLMNOPQRS"
    assert open_cells == {f"{column}{row}" for row in inputs for column in columns}
    closed = [
        cell for row in book["Biểu 5"]["A5:P21"] for cell in row if not cell.protection.locked
    ]
    assert closed == []


def test_validation_and_print(tmp_path: Path) -> None:
    """Only whole numbers from zero are taken, the period is chosen; A4 landscape, one page wide."""
    sheet = load_workbook(empty(tmp_path))["Biểu 2"]
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert (rules["whole"].operator, rules["whole"].formula1) == ("greaterThanOrEqual", "0")
    assert "số nguyên không âm" in rules["whole"].error
    assert "T9" not in rules["whole"].sqref
    assert "S20" in rules["whole"].sqref
    assert "Rà soát thường xuyên trong năm" in rules["list"].formula1
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    # One page wide is what Excel takes where no width is said.
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.print_title_rows == "$5:$7"
    assert sheet.freeze_panes == "D8"
    assert sheet["D9"].font.name == "Times New Roman"


def test_values_are_stored(workbook: Path) -> None:
    """Every formula of a filled workbook has its value, for viewers that do not recalculate."""
    formulas, values = load_workbook(workbook), load_workbook(workbook, data_only=True)
    seen = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    seen += 1
                    assert values[sheet.title][cell.coordinate].value is not None
    assert seen > 500


def test_units_without_data_stay_empty(tmp_path: Path, review: Review) -> None:
    """A district that has not reported is empty, its sums too; the total is of the others."""
    frames = {
        number: frame[(frame["district_code"] != "417")] for number, frame in review.frames.items()
    }
    path = filled(tmp_path, replace(review, frames=frames))
    sheet = load_workbook(path, data_only=True)["Biểu 1"]
    assert [sheet.cell(row, 4).value for row in range(12, 17)] == [None] * 5
    others = review.districts(1, 2024).drop("417")
    assert sheet["D21"].value == others["households"].sum()


def test_a_district_that_reported_only_itself(tmp_path: Path, review: Review) -> None:
    """Its row has its own numbers in place of sums, and is read back as a district's alone."""
    frames = {
        number: frame[(frame["district_code"] != "417") | (frame["level"] == "district")]
        for number, frame in review.frames.items()
    }
    book = read(filled(tmp_path, replace(review, frames=frames)))
    assert book.problems == []
    for number in (1, 2, 4, 11):
        pd.testing.assert_frame_equal(
            numbers(book.frames[number]), numbers(frames[number]), check_dtype=False
        )


def test_a_contradicting_sum_stays_as_reported(tmp_path: Path, review: Review) -> None:
    """A closing number that is not what the flows give is no formula, so that it is not mended."""
    frame = review.frames[2].copy()
    first = frame.index[frame["level"] == "commune"][0]
    frame.loc[first, "closing"] += 7
    path = filled(tmp_path, replace(review, frames={**review.frames, 2: frame}))
    sheet = load_workbook(path)["Biểu 2"]
    assert sheet["T9"].value == frame.loc[first, "closing"]
    assert str(sheet["T10"].value).startswith("=D10")


def test_illustrative_data_say_so(tmp_path: Path, review: Review) -> None:
    """Under each table of made data stands that it is made; reading takes it for a note."""
    sidecar = Sidecar.model_validate(
        {
            "title": "Biểu rà soát",
            "producer": "Mẫu",
            "source": "Sinh ngẫu nhiên",
            "date": "2024-12-31",
            "licence": "CC0",
            "status": "illustrative",
        }
    )
    path = filled(tmp_path, replace(review, sidecar=sidecar))
    assert "minh họa" in load_workbook(path)["Biểu 3"]["B23"].value
    assert read(path).problems == []


def test_names_never_become_formulas(tmp_path: Path) -> None:
    """A unit's name that begins like a formula is text."""
    spoilt = replace(TERRITORY, communes=(*TERRITORY.communes, CommuneUnit("1", "=1+1", "", "413")))
    path = write_forms(tmp_path / "a.xlsx", FORMS, spoilt, year=2024, province="=2+2")
    sheet = load_workbook(path)["Biểu 1"]
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=2+2", "s")
    with ZipFile(path) as parts:
        assert b"<f>2+2" not in parts.read("xl/worksheets/sheet1.xml")


def test_some_districts(tmp_path: Path, review: Review) -> None:
    """A district's own workbook has only its units; its total row is that district's."""
    book = read(filled(tmp_path, review, districts=["417"]))
    assert book.problems == []
    frame = book.frames[1]
    assert list(frame["level"]) == ["district", *["commune"] * 4, "total"]
    assert set(frame["district_code"]) == {"417"}
    assert frame["households"].iloc[0] == frame["households"].iloc[-1]


def as_districts_send(path: Path) -> Path:
    """Change a workbook in the ways that districts do."""
    book = plain(path)
    for sheet in book.worksheets:
        rewritten = book.create_sheet(f"{sheet.title} tạm")
        shift = 4
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if cell.value is None or cell.column == 3:
                    continue
                column = cell.column - (cell.column > 3)
                rewritten.cell(cell.row + shift, column, cell.value)
        for box in sheet.merged_cells.ranges:
            if box.min_row >= 5 and box.min_col > 3:
                rewritten.merge_cells(
                    start_row=box.min_row + shift,
                    end_row=box.max_row + shift,
                    start_column=box.min_col - 1,
                    end_column=box.max_col - 1,
                )
        rewritten["A1"] = "UBND TỈNH NGHỆ AN"
        rewritten["F1"] = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        rewritten["F2"] = "Độc lập - Tự do - Hạnh phúc"
        rewritten["A3"] = "(Kèm theo Công văn số 12 ngày 05 tháng 11 năm 2023)"
        name = sheet.title
        book.remove(sheet)
        rewritten.title = {"Biểu 2": "B2", "Biểu 3": "Bieu so 03", "Biểu 4": " Biểu  4 "}.get(
            name, name
        )
    for sheet in book.worksheets:
        rows = {sheet.cell(row, 2).value: row for row in range(12, 26)}
        for text, written in {
            "Huyện Kỳ Sơn": "H. Kỳ Sơn",
            "Thị trấn Mường Xén": "TT. Mường Xén",
            "Xã Mỹ Lý": unicodedata.normalize("NFD", "  X.Mỹ\xa0Lý "),
            "Xã Bắc Lý": "Bắc Lý",
            "Xã Nghĩa Hòa": "Xã Nghĩa Hoà",
            "Phường Đông Vĩnh": "P. ĐÔNG VĨNH",
        }.items():
            sheet.cell(rows[text], 2, written)
        # The district's name over the merged cells of ordinal and name.
        row = rows["Huyện Nghĩa Đàn"]
        sheet.cell(row, 1, "IV. HUYỆN NGHĨA ĐÀN")
        sheet.cell(row, 2).value = None
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        end = rows["Tổng cộng"]
        sheet.cell(end + 2, 1, "Ghi chú: (1) số liệu chốt ngày 15 tháng 12 năm 2024")
        sheet.cell(end + 4, 2, "NGƯỜI LẬP BIỂU")
        sheet.cell(end + 4, 6, "TM. ỦY BAN NHÂN DÂN")
        sheet.insert_rows(rows["Xã Mỹ Lý"])
        for row in range(12, sheet.max_row + 1):
            for column in range(3, sheet.max_column + 1):
                cell = sheet.cell(row, column)
                if isinstance(cell.value, int):
                    cell.value = text_number(cell.value, row + column)
                elif isinstance(cell.value, float):
                    cell.value = f"{cell.value:.2f}".replace(".", ",") + ("%" if row % 2 else "")
    book.create_sheet("Bìa", 0)["A1"] = "BÁO CÁO RÀ SOÁT HỘ NGHÈO NĂM 2024"
    return saved(book, path.with_name("huyen-gui.xlsx"))


def text_number(number: int, kind: int) -> str | int:
    """Return a count as districts type it."""
    if number == 0:
        return ["-", " ", "0", "–"][kind % 4]
    grouped = f"{number:,}"
    return [grouped, grouped.replace(",", "."), grouped.replace(",", "\xa0"), number][kind % 4]


def test_as_districts_send_it(tmp_path: Path, review: Review) -> None:
    """Other titles, no codes, abbreviations, text numbers, blank rows, notes: the same numbers."""
    book = read(as_districts_send(filled(tmp_path, review)))
    assert book.problems == []
    for form in FORMS:
        pd.testing.assert_frame_equal(
            numbers(book.frames[form.number]),
            numbers(review.frames[form.number]),
            check_dtype=False,
        )


def test_numbers_written_in_every_column(tmp_path: Path) -> None:
    """The row of numbers may be in brackets, with spaces and formulas, repeated over a pair."""
    book = plain(filled(tmp_path), flat=True)
    flow = book["Biểu 2"]
    for column in range(4, 22):
        number = (column - 4) // 2 + 1
        flow.cell(7, column, f"({number}) = (1)-(2)" if number == 9 else f" ({number}) ")
    for column in range(4, 20):
        text = str(book["Biểu 6"].cell(7, column).value).replace("=", " = ").replace("*", "x")
        book["Biểu 6"].cell(7, column, text)
    assert read(saved(book, tmp_path / "a.xlsx")).problems == []


def test_persons_before_households(tmp_path: Path, review: Review) -> None:
    """In a pair the sub-captions say which half is which."""
    book = plain(filled(tmp_path, review))
    sheet = book["Biểu 2"]
    for row in (6, *range(8, 22)):
        for column in range(4, 22, 2):
            one, other = sheet.cell(row, column).value, sheet.cell(row, column + 1).value
            sheet.cell(row, column, other)
            sheet.cell(row, column + 1, one)
    back = read(saved(book, tmp_path / "a.xlsx"))
    assert back.problems == []
    pd.testing.assert_frame_equal(
        numbers(back.frames[2]), numbers(review.frames[2]), check_dtype=False
    )


def test_a_column_of_districts(tmp_path: Path, review: Review) -> None:
    """Districts may stand in a column of their own, merged down over their communes."""
    book = plain(filled(tmp_path, review))
    sheet = book["Biểu 1"]
    del sheet.parent["Biểu 2"]
    sheet["C5"] = "Xã, phường, thị trấn"
    sheet["B5"] = "Huyện"
    for row in range(8, 21):
        name = sheet.cell(row, 2).value
        district = str(sheet.cell(row, 1).value) in ("I", "II", "III", "IV")
        sheet.cell(row, 3, "Cộng" if district else name)
        sheet.cell(row, 2).value = name if district else None
    sheet["C21"] = None
    sheet.merge_cells("B12:B16")
    frame = read(saved(book, tmp_path / "a.xlsx")).frames[1]
    pd.testing.assert_frame_equal(numbers(frame), numbers(review.frames[1]), check_dtype=False)


def test_no_row_of_the_district(tmp_path: Path, review: Review) -> None:
    """Communes under no district are those of the district that the titles name."""
    book = plain(filled(tmp_path, review, districts=["419"]))
    for sheet in book.worksheets:
        sheet["A1"] = "UBND HUYỆN NGHĨA ĐÀN"
        sheet.delete_rows(8)
        for row in range(8, 11):
            sheet.cell(row, 3).value = None
    back = read(saved(book, tmp_path / "a.xlsx"))
    assert back.problems == []
    assert list(back.frames[1]["code"]) == ["16941", "16960", "16963", ""]
    assert set(back.frames[1]["district_code"]) == {"419"}


def test_a_town_named_as_its_district(tmp_path: Path, review: Review) -> None:
    """Without kinds the first of two equal names is the district's, the second its town's."""
    book = plain(filled(tmp_path, review, districts=["419"]))
    for sheet in book.worksheets:
        for row in range(8, 12):
            for column in (1, 3):
                sheet.cell(row, column).value = None
            name = str(sheet.cell(row, 2).value)
            sheet.cell(row, 2, name.partition(" ")[2].removeprefix("trấn "))
    back = read(saved(book, tmp_path / "a.xlsx"))
    assert back.problems == []
    assert list(back.frames[1]["code"])[:3] == ["419", "16941", "16960"]


def test_the_total_may_stand_first(tmp_path: Path, review: Review) -> None:
    """A total above the districts is a total; it is read as it is written, even where it lies."""
    book = plain(filled(tmp_path, review))
    sheet = book["Biểu 1"]
    total = [cell.value for cell in sheet[21]]
    sheet.delete_rows(21)
    sheet.insert_rows(8)
    for column, value in enumerate(total, start=1):
        sheet.cell(8, column, value)
    sheet["B8"] = "TOÀN TỈNH"
    sheet["D8"] = 1
    back = read(saved(book, tmp_path / "a.xlsx"))
    assert back.problems == []
    first = back.frames[1].iloc[0]
    assert (first["level"], first["households"], first["row"]) == ("total", 1, 8)


def test_blank_cells_beside_numbers_are_zero(tmp_path: Path, review: Review) -> None:
    """A blank or a dash in a row with numbers is zero; a blank percentage is none."""
    edits = {"Biểu 2": {"F9": None, "G9": "-"}, "Biểu 1": {"G9": None}}
    book = read(edited(tmp_path, edits, review=review))
    assert book.problems == []
    row = book.frames[2].iloc[1]
    assert (row["to_near_poor"], row["to_near_poor_persons"]) == (0, 0)
    assert np.isnan(book.frames[1].iloc[1]["poor_rate"])


def test_forms_not_filled_in_are_absent(tmp_path: Path, review: Review) -> None:
    """A form that nobody has filled in has no frame, nor have its percentages; it is named."""
    book = plain(filled(tmp_path, review))
    for name, inputs in (("Biểu 4", range(9, 21)), ("Biểu 2", range(9, 21))):
        for row in inputs:
            for column in range(4, 22):
                book[name].cell(row, column).value = None
        # What Excel computes from empty cells.
        for row in (8, 12, 17, 21):
            for column in range(4, 22):
                book[name].cell(row, column, 0)
    for row in range(8, 22):
        for column in range(4, 17):
            book["Biểu 5"].cell(row, column, 0)
    back = read(saved(book, tmp_path / "a.xlsx"))
    assert back.problems == []
    assert sorted(back.frames) == [1, 3, 6, 7, 8, 9, 10, 11]
    assert [place.rpartition(" ")[2] for place in back.blank] == ["2", "4", "5"]


def test_ethnic_groups_that_nobody_has_named(tmp_path: Path, workbook: Path) -> None:
    """Without the names of ethnic groups form 9 is read for its total, and is not sent out."""
    forms = review_forms(INDICATORS, ())
    book = read_forms_workbook(workbook, lambda year: forms, TERRITORY)
    assert book.problems == []
    assert list(book.frames[9])[len(KEYS) :] == ["households", "households_persons"]
    path = write_forms(tmp_path / "a.xlsx", forms, TERRITORY, year=2024, province=PROVINCE)
    assert [name for name in load_workbook(path).sheetnames if "9" in name] == []


def test_other_sheets_are_ignored(tmp_path: Path) -> None:
    """A cover, a table of contents and a form for name lists are no forms of counts."""
    book = plain(filled(tmp_path))
    cover = book.create_sheet("Mục lục", 0)
    for row in range(1, 5):
        cover.cell(row, 1, f"Biểu {row}: …")
    book.create_sheet("Biểu 14")["A1"] = "Danh sách hộ nghèo"
    assert read(saved(book, tmp_path / "a.xlsx")).problems == []


def test_a_form_known_by_its_title(tmp_path: Path) -> None:
    """A sheet with any name is the form that its title rows name."""
    book = plain(filled(tmp_path))
    book["Biểu 3"].title = "can ngheo"
    book["Biểu 4"].title = "Trang 4"
    [mark] = [cell for cell in book["Trang 4"][1] if cell.value == "Biểu 4"]
    mark.value = None
    back = read(saved(book, tmp_path / "a.xlsx"))
    assert back.problems == []
    assert sorted(back.frames) == list(range(1, 12))


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (1234.0, 1234),
        ("1234", 1234),
        ("1.234", 1234),
        ("1,234", 1234),
        ("1 234", 1234),
        ("1\xa0234\xa0567", 1234567),
        ("1.234.567", 1234567),
        (" 12 ", 12),
        ("12.0", 12),
        ("12,00", 12),
        ("-", 0),
        ("–", 0),
        ("", None),
        ("  ", None),
    ],
)
def test_counts(cell: object, count: int | None) -> None:
    """In a count a group of three digits is thousands, whatever the mark."""
    assert read_count(cell) == count


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("12,5", "có phần lẻ"),
        (12.5, "có phần lẻ"),
        ("0.123", "có phần lẻ"),
        ("1.234,567", "không phải là số"),
        ("-5", "số âm"),
        (-5.0, "số âm"),
        ("(5)", "số âm"),
        ("12 hộ", "không phải là số"),
        ("mười hai", "không phải là số"),
        (True, "không phải là số"),
        (1e15, "lớn quá mức"),
    ],
)
def test_refused_counts(cell: object, what: str) -> None:
    """What has a fraction, is negative or is no number is no count."""
    with pytest.raises(CellRefusedError, match=what):
        read_count(cell)


@pytest.mark.parametrize("cell", [4.16, "4,16", "4.16", "4,16%", "4.16 %"])
def test_percentages(cell: object) -> None:
    """A percentage has a comma or a dot, with or without its sign."""
    assert read_percent(cell) == 4.16


@given(st.integers(0, 10**9), st.sampled_from(". ,\xa0"))
def test_grouped_counts(number: int, mark: str) -> None:
    """Every grouped number is read as itself."""
    assert read_count(f"{number:,}".replace(",", mark)) == number


@pytest.mark.slow
def test_the_province_in_21_workbooks(tmp_path: Path, shipped_data: DataSet) -> None:
    """All districts of the shipped province are written and read back, every commune's numbers."""
    territory = territory_of(shipped_data.districts, shipped_data.communes)
    review = random_review(territory)
    parts: dict[int, list[pd.DataFrame]] = {form.number: [] for form in FORMS}
    for unit in territory.districts:
        book = read(filled(tmp_path, review, territory, [unit.code]), territory)
        assert book.problems == []
        for number, frame in book.frames.items():
            parts[number].append(frame[frame["level"] == "commune"])
    for form in FORMS:
        whole = numbers(pd.concat(parts[form.number]))
        own = review.frames[form.number]
        expected = numbers(own[own["level"] == "commune"])
        assert len(whole) == 460
        pd.testing.assert_frame_equal(whole, expected, check_dtype=False)

"""Known errors of the returned forms: corrected with a reason, guarded, never in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from returned_forms import COUNTED, TERRITORY, sound_review, tidy_rows, write_province, write_review

from helpers.data.published import publish, published
from helpers.data.reading import read_data
from helpers.data.review.checks.disagreements import check_review
from helpers.data.review.corrections import COLUMNS, read_corrections, uncorrected
from helpers.data.review.model import Place, Review
from helpers.data.review.reading import read_review
from helpers.data.review.tables import known_errors
from helpers.errors import InputRefused, Problem
from helpers.plan.standards import load_standards

MY_LY = "16816"
ENTRY = """\
- form: 2
  year: 2024
  unit: xã Mỹ Lý
  column: 9
  half: hộ
  found: 4439
  corrected: 4493
  reason: gõ đảo hai chữ số
  source: Công văn của UBND xã
"""


def _with_error(folder: Path) -> Path:
    """Write the sample's forms with a closing number of Mỹ Lý that has two digits swapped."""
    rows = tidy_rows(2)
    rows[-1][rows[0].index("closing")] = "4439"
    return write_province(folder, {**{n: tidy_rows(n) for n in COUNTED}, 2: rows}) / "review"


def _corrected(folder: Path, text: str) -> Review:
    (folder / "corrections.yml").write_text(text, encoding="utf-8")
    return read_review(folder, TERRITORY, load_standards())


def _refused(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputRefused) as caught:
        _corrected(folder, text)
    return caught.value.problems


def test_a_known_error_is_corrected_and_listed(tmp_path: Path) -> None:
    """The right number is used, and the published list says what was replaced, where and why."""
    folder = _with_error(tmp_path)
    review = _corrected(folder, ENTRY)
    assert review.communes(2, 2024).set_index("code").at[MY_LY, "closing"] == 4493
    (row,) = review.applied.to_dict("records")
    assert list(review.applied.columns) == list(COLUMNS)
    assert (row["form"], row["year"]) == ("Biểu 2", 2024)
    assert (row["unit_code"], row["unit"]) == (MY_LY, "Mỹ Lý")
    assert row["column"] == "9. Hộ nghèo cuối kỳ (hộ)"
    assert (row["found"], row["corrected"]) == (4439, 4493)
    assert row["reason"] == "gõ đảo hai chữ số (theo: Công văn của UBND xã)"
    assert row["where"].endswith("review/bieu-02.csv, dòng 15, cột closing")
    assert any(name.endswith("review/corrections.yml") for name in review.files)


def test_what_a_known_error_explains_is_listed_as_known(tmp_path: Path) -> None:
    """Disagreements that are gone with the corrected number stay in the list, as known."""
    folder = _with_error(tmp_path)
    wrong = check_review(read_review(folder, TERRITORY, load_standards()))
    assert set(wrong["result"]) == {"lệch"}
    known = check_review(_corrected(folder, ENTRY))
    assert set(known["result"]) == {"đã biết"}
    told = ["form", "unit_code", "column", "value", "expected", "effect", "where"]
    pd.testing.assert_frame_equal(known[told], wrong[told])
    own = known[known["against"] == "cột 1-2-3-4+5+6+7+8"]
    assert next(iter(own["message"])).endswith(
        "được 4.493; đã thay bằng 4.493: gõ đảo hai chữ số (theo: Công văn của UBND xã)."
    )


def test_what_a_known_error_does_not_explain_stays(tmp_path: Path) -> None:
    """A correction that is wrong itself leaves the disagreement standing."""
    folder = _with_error(tmp_path)
    frame = check_review(_corrected(folder, ENTRY.replace("4493", "4500")))
    assert set(frame["result"]) == {"lệch"}
    assert 4500 in set(frame["value"])


def test_putting_the_errors_back_gives_the_source(tmp_path: Path) -> None:
    """Nothing is lost: the forms as they were sent can be had from the corrected review."""
    folder = _with_error(tmp_path)
    plain = read_review(folder, TERRITORY, load_standards())
    corrected = _corrected(folder, ENTRY)
    pd.testing.assert_frame_equal(uncorrected(corrected).frames[2], plain.frames[2])
    assert corrected.frames[2].at[13, "closing"] == 4493


def test_an_entry_does_not_outlive_its_error(tmp_path: Path) -> None:
    """Once the source says something else, reading is refused until the entry is deleted."""
    folder = write_review(tmp_path)
    (problem,) = _refused(folder, ENTRY)
    assert problem.where.endswith("corrections.yml, dòng 6, khóa mục 1 → found")
    assert problem.what == "nguồn đã được sửa (nay ghi 4.493): xóa mục này"
    assert "bieu-02.csv, dòng 15, cột closing" in problem.todo


@pytest.mark.parametrize(
    "changed",
    [
        ("unit: xã Mỹ Lý", 'unit: "16816"'),
        ("unit: xã Mỹ Lý", "unit: Mỹ Lý\n  district: huyện Kỳ Sơn"),
        ("column: 9\n  half: hộ", "column: closing"),
        ("column: 9", "column: Hộ nghèo cuối kỳ"),
        ("column: 9\n  half: hộ", "column: Hộ nghèo cuối kỳ (hộ)"),
    ],
)
def test_unit_and_column_may_be_named_in_several_ways(
    tmp_path: Path, changed: tuple[str, str]
) -> None:
    """A unit goes by name or code, a column by number, key or caption."""
    assert ENTRY.count(changed[0]) == 1
    review = _corrected(_with_error(tmp_path), ENTRY.replace(*changed))
    assert list(review.applied["corrected"]) == [4493]


@pytest.mark.parametrize(
    ("changed", "key", "what"),
    [
        (("form: 2", "form: 5"), "form", "không có Biểu 5 nào"),
        (("form: 2", "form: 12"), "form", "số biểu 12 nằm ngoài khoảng 1–11"),
        (("year: 2024", "year: 2022"), "year", "Biểu 2 không có năm 2022"),
        (("xã Mỹ Lý", "Mỹ Ly"), "unit", "không có xã, huyện “Mỹ Ly”"),
        (("xã Mỹ Lý", "Tổng cộng"), "unit", "Biểu 2 cuối năm 2024 không có dòng “Tổng cộng”"),
        (("xã Mỹ Lý", "Mỹ Lý\n  district: Vinh"), "unit", "không có xã, huyện “Mỹ Lý” ở Vinh"),
        (("xã Mỹ Lý", "Mỹ Lý\n  district: Vin"), "district", "không có huyện “Vin”"),
        (("column: 9", "column: 10"), "column", "Biểu 2 không có cột “10”"),
        (("column: 9", "column: hộ nghèo cuối"), "column", "Biểu 2 không có cột “hộ nghèo cuối”"),
        (("column: 9\n  half: hộ", "column: 9"), "column", "cột 9 của Biểu 2 có hai nửa"),
        (("half: hộ", "half: người"), "half", "không có nửa “người”"),
        (("column: 9", "column: closing_persons"), "half", "khác với cột “closing_persons”"),
        (("form: 2", "form: 1"), "half", "Biểu 1 không chia hộ và nhân khẩu"),
        (("form: 2", "form: 1"), "column", "cột 4 của Biểu 1 là tỷ lệ"),
        (("corrected: 4493", "corrected: 4439"), "corrected", "số dùng thay giống số trong biểu"),
        (("corrected: 4493", "corrected: nhiều"), "corrected", "không phải số nguyên"),
        (("  reason: gõ đảo hai chữ số\n", ""), "", "thiếu khóa “reason”"),
        (("reason", "reson"), "reson", "không có khóa “reson”"),
        (("reason: gõ đảo hai chữ số", "reason:"), "reason", "chưa ghi nội dung"),
    ],
)
def test_a_wrong_entry_is_told_by_line_and_key(
    tmp_path: Path, changed: tuple[str, str], key: str, what: str
) -> None:
    """Whatever cannot be found or used is said with the file, the line and the key."""
    text = ENTRY.replace(*changed)
    assert text != ENTRY
    if "là tỷ lệ" in what:
        text = text.replace("column: 9", "column: 4")
    if "Biểu 1 không chia" in what:
        text = text.replace("column: 9", "column: 1")
    problems = _refused(_with_error(tmp_path), text)
    found = [problem for problem in problems if what in problem.what]
    assert found, "\n".join(map(str, problems))
    assert "corrections.yml, dòng " in found[0].where
    assert found[0].where.endswith(f"→ {key}" if key else "mục 1")
    assert found[0].todo


def test_two_entries_for_one_cell_are_refused(tmp_path: Path) -> None:
    """A cell is corrected once."""
    (problem,) = _refused(
        _with_error(tmp_path), ENTRY + ENTRY.replace("column: 9", "column: closing")
    )
    assert problem.what == "mục 2 và mục 1 cùng sửa một ô"


def test_entries_and_forms_that_are_wrong_are_told_together(tmp_path: Path) -> None:
    """A broken form does not hide a broken entry; what needs the forms waits for them."""
    folder = _with_error(tmp_path)
    (folder / "bieu-03.csv").write_text("year,code\n", encoding="utf-8")
    problems = _refused(folder, ENTRY.replace("form: 2", "form: hai"))
    assert len(problems) == 2
    assert "bieu-03.csv" in problems[0].where
    assert problems[1].where.endswith("khóa mục 1 → form")
    assert len(_refused(folder, ENTRY.replace("4439", "1"))) == 1


@pytest.mark.parametrize("text", ["", "# chưa có\n", "form: 2\n", "- [1, 2]\n"])
def test_a_file_without_entries_is_refused(tmp_path: Path, text: str) -> None:
    """A file that holds no list of entries is said to hold none."""
    assert _refused(_with_error(tmp_path), text)


def _with_total(name: str, district: str) -> Review:
    """Return the sample's form 1 with a total row below."""
    review = sound_review()
    frame = review.frames[1]
    last = frame.iloc[[-1]].assign(
        level="total", code="", name=name, district_code=district, row=30
    )
    whole = pd.concat([frame, last], ignore_index=True)
    return replace(review, frames={**review.frames, 1: whole})


@pytest.mark.parametrize(("district", "code"), [("", "TC"), ("417", "TC-417")])
def test_a_total_row_can_be_corrected(tmp_path: Path, district: str, code: str) -> None:
    """The total row goes by “Tổng cộng”, that of one district's workbook with the district."""
    path = tmp_path / "corrections.yml"
    text = ENTRY.replace("form: 2", "form: 1").replace("column: 9\n  half: hộ", "column: 3")
    text = text.replace("xã Mỹ Lý", "Tổng cộng" + ("\n  district: Kỳ Sơn" if district else ""))
    path.write_text(text.replace("4439", "4493").replace("corrected: 4493", "corrected: 6493"))
    review, problems = read_corrections(
        path, _with_total("Tổng cộng", district), TERRITORY, known=True
    )
    assert problems == []
    assert list(review.applied["unit_code"]) == [code]
    assert review.frames[1]["poor_households"].iloc[-1] == 6493
    assert uncorrected(review).frames[1]["poor_households"].iloc[-1] == 4493
    assert isinstance(review.places[0], Place)


def test_one_name_of_two_communes_has_to_be_told_apart(tmp_path: Path) -> None:
    """A name that two communes bear is not guessed at: the code or the district decides."""
    twin = replace(TERRITORY.communes[0], name="Mỹ Lý", kind="xã")
    territory = replace(TERRITORY, communes=(twin, *TERRITORY.communes[1:]))
    path = tmp_path / "corrections.yml"
    path.write_text(ENTRY.replace("4439", "4493").replace("corrected: 4493", "corrected: 4500"))
    _, problems = read_corrections(path, sound_review(), territory, known=True)
    assert problems[0].what.startswith("“xã Mỹ Lý” là tên của 2 dòng trong Biểu 2")
    path.write_text(path.read_text().replace("xã Mỹ Lý", "xã Mỹ Lý\n  district: Kỳ Sơn"))
    assert read_corrections(path, sound_review(), territory, known=True)[1] == []


def test_the_list_can_be_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of known errors has the catalogue's columns, with and without entries."""
    folder = _with_error(tmp_path / "data")
    (folder / "corrections.yml").write_text(ENTRY, encoding="utf-8")
    data = read_data(folder.parent)
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    publish("known_errors", known_errors(data), "p")
    assert list(published("known_errors", "p").frame["corrected"]) == [4493]
    (folder / "corrections.yml").unlink()
    publish("known_errors", known_errors(read_data(folder.parent)), "p")
    assert published("known_errors", "p").frame.empty

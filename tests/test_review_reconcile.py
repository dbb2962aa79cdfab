"""What communes and districts returned beside what the department has."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from data_samples import OPTIONAL, Rows, tables, write_folder
from returned_forms import tidy_rows, write_province, write_review

from helpers.data.catalogue import spec
from helpers.data.dataset import DataSet
from helpers.data.published import publish, published
from helpers.data.reading import read_data
from helpers.data.review.reconcile import province_base, reconcile
from helpers.data.review.tables import known_errors, reconciliation, review_checks


def _data(folder: Path, rows: Rows, **changed: Rows) -> DataSet:
    write_folder(folder, tables(**changed))
    write_review(folder / "review", {1: rows})
    return read_data(folder)


def _rows(frame: pd.DataFrame, **wanted: object) -> list[dict[str, object]]:
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return frame.to_dict("records")


def test_two_sources_that_agree_are_said_to(tmp_path: Path) -> None:
    """Three counts of three districts and two years agree in the sample."""
    frame = reconcile(read_data(write_province(tmp_path))).frame
    assert len(frame) == 2 * 3 * 3
    assert set(frame["result"]) == {"khớp"}
    assert set(frame["difference"]) == {0}
    assert frame["message"][0] == (
        "Tổng số hộ Vinh cuối năm 2023: xã, huyện báo cáo 94.665, khớp với số của sở."
    )


def test_a_gap_comes_with_its_effect_on_the_provinces_rate(tmp_path: Path) -> None:
    """Mỹ Lý returns 1.322 poor households fewer than the department has for it.

    The department has 6.977 poor households of 132.206 in 2024, 5,2774%; with the returned number
    it would be 5.655, 4,2774%: a hair less than one point down (−0,9999…, four decimals −1,0000).
    """
    rows = tidy_rows(1, levels=["commune"])
    rows[-1][rows[0].index("poor_households")] = str(4493 - 1322)
    frame = reconcile(_data(tmp_path, rows)).frame
    (wrong,) = _rows(frame, result="lệch")
    assert (wrong["year"], wrong["district"], wrong["indicator"]) == (2024, "Kỳ Sơn", "Số hộ nghèo")
    assert (wrong["returns"], wrong["department"], wrong["difference"]) == (5171, 6493, -1322)
    assert wrong["effect"] == Decimal("-1.0000")
    assert wrong["message"] == (
        "Số hộ nghèo Kỳ Sơn cuối năm 2024: xã, huyện báo cáo 5.171, thấp hơn số của sở (6.493) là "
        "1.322; dùng số này thì tỷ lệ hộ nghèo toàn tỉnh đổi -1,0000 điểm %."
    )


def test_the_number_of_households_has_an_effect_too(tmp_path: Path) -> None:
    """More households, the same poor ones: the rate falls; near-poor ones do not touch it."""
    rows = tidy_rows(1, levels=["commune"])
    for column, text in (("households", "20121"), ("near_poor_households", "2068")):
        rows[-1][rows[0].index(column)] = text
    frame = reconcile(_data(tmp_path, rows)).frame
    households, near = _rows(frame, result="lệch")
    # 100·6977/142206 − 100·6977/132206 = 4,90626 − 5,27737
    assert (households["difference"], households["effect"]) == (10_000, Decimal("-0.3711"))
    assert (near["difference"], near["effect"]) == (1, None)


def test_what_only_one_side_has_is_said(tmp_path: Path) -> None:
    """A district without forms, and a year that the department does not have, are named."""
    rows = [row for row in tidy_rows(1) if row[1] not in ("414", "16996")]
    poverty = [row for row in tables()["poverty"] if row[1] != "2023"]
    frame = reconcile(_data(tmp_path, rows, poverty=poverty)).frame
    missing = _rows(frame, district="Thái Hòa")
    assert {row["result"] for row in missing} == {"huyện chưa nộp"}
    assert {(row["year"], row["returns"]) for row in missing} == {(2024, None)}
    before = _rows(frame, year=2023)
    assert {row["result"] for row in before} == {"sở chưa có"}
    assert {row["district"] for row in before} == {"Vinh", "Kỳ Sơn"}
    assert before[0]["department"] is None
    assert before[0]["message"].endswith("sở chưa có số để đối chiếu.")


def test_communes_are_compared_where_both_list_them(tmp_path: Path) -> None:
    """Two communes whose errors cancel out are named, though their district's sum agrees."""
    rows = tidy_rows(1, levels=["commune"])
    column = rows[0].index("poor_households")
    at = {row[1]: row for row in rows if row[0] == "2023"}
    at["16813"][column], at["16816"][column] = "2212", "5010"
    data = _data(tmp_path, rows, commune_poverty=OPTIONAL["commune_poverty"])
    frame = reconcile(data).frame
    assert len(frame) == 2 * 9 + 9
    (wrong,) = _rows(frame, result="lệch")
    assert wrong["indicator"] == "Số hộ nghèo, bảng các xã"
    assert (wrong["returns"], wrong["department"], wrong["difference"]) == (7222, 7222, 0)
    assert wrong["message"].endswith(
        "từng xã lệch nhưng cộng lại bằng nhau (2 xã lệch: Mường Xén và Mỹ Lý)."
    )


def test_the_departments_counts_are_the_provinces_base(tmp_path: Path) -> None:
    """The rate that effects are measured on is the department's; the forms' where it has none."""
    rows = [row for row in tidy_rows(1) if row[1] not in ("414", "16996")]
    poverty = [row for row in tables()["poverty"] if row[1] != "2023"]
    base = province_base(_data(tmp_path, rows, poverty=poverty))
    assert base == {2024: (6977, 132_206), 2023: (7607, 111_641)}


def test_it_says_what_it_rests_on_and_can_be_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marks and inputs are those of both sources; blanks read back as blanks."""
    rows = [row for row in tidy_rows(1) if row[1] not in ("414", "16996")]
    data = _data(tmp_path / "data", rows)
    sidecar = tmp_path / "data" / "review" / "review.meta.yml"
    text = sidecar.read_text(encoding="utf-8")
    sidecar.write_text(text.replace("status: official", "status: illustrative"), encoding="utf-8")
    data = read_data(tmp_path / "data")
    result = reconciliation(data)
    assert result.marks == ("illustrative",)
    assert {Path(name).name for name in result.inputs} == {
        "poverty.csv", "bieu-01.csv", "review.meta.yml",
    }  # fmt: skip
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    publish("reconciliation", result, "p")
    back = published("reconciliation", "p").frame
    assert back["returns"].isna().sum() == 2 * 3
    assert back["department"].notna().all()


def test_without_forms_the_tables_are_empty(tmp_path: Path) -> None:
    """A province without returned forms gets empty tables with the right columns, unmarked."""
    data = read_data(write_folder(tmp_path, tables()))
    made = {
        "review_checks": review_checks(data),
        "reconciliation": reconciliation(data),
        "known_errors": known_errors(data),
    }
    for name, result in made.items():
        assert list(result.frame.columns) == list(spec(name).fields)
        assert result.frame.empty
        assert (result.marks, result.inputs) == ((), ())

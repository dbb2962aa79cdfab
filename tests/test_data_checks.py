"""The cross-table checks list what agrees, what disagrees and what wants a second look."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from data_samples import SIDECAR, Rows, read_tables, tables, with_cell, write_folder

from helpers.data.checks import COLUMNS, check_data
from helpers.data.dataset import DataSet
from helpers.data.reading import read_data


def checked(folder: Path, content: dict[str, Rows], threshold: int = 10) -> pd.DataFrame:
    """Return the checks of the tables."""
    return check_data(read_tables(folder, content), small_cell_threshold=threshold)


def rows(checks: pd.DataFrame, check: str) -> list[list[str]]:
    """Return area, period, expected, found, difference and result of a check's rows."""
    wanted = checks[checks["check"] == check]
    return wanted[list(COLUMNS[1:7])].to_numpy().tolist()


def test_agreement(tmp_path: Path) -> None:
    """Counts that add up and rates equal at two decimals agree, and the sentence says so."""
    checks = checked(tmp_path, tables())
    assert rows(checks, "Số hộ nghèo") == [["Toàn tỉnh", "2024", "6.977", "6.977", "0", "khớp"]]
    assert set(checks["result"]) == {"khớp"}
    assert checks.loc[0, "message"] == (
        "Số hộ nghèo toàn tỉnh cuối năm 2024: số tính được 6.977 khớp với số công bố."
    )


def test_one_household_too_many(tmp_path: Path) -> None:
    """A single household more than the province's own figure is a disagreement."""
    checks = checked(tmp_path, with_cell("province_totals", 2, "value", "6976"))
    assert rows(checks, "Số hộ nghèo") == [["Toàn tỉnh", "2024", "6.976", "6.977", "1", "lệch"]]
    assert checks.loc[0, "message"].endswith("6.977 cao hơn số công bố (6.976) là 1.")


def test_derived_totals_only_want_a_look(tmp_path: Path) -> None:
    """A difference from a derived figure is notable, from an official one a disagreement."""
    changed = with_cell("province_totals", 4, "value", "18.60")
    changed["province_totals"][2][3] = "5.29"
    checks = checked(tmp_path, changed)
    assert rows(checks, "Tỷ lệ hộ nghèo") == [
        ["Toàn tỉnh", "2024", "5,29%", "5,28%", "-0,01", "lệch"],
        ["Miền núi", "2024", "18,60%", "18,58%", "-0,02", "lưu ý"],
    ]
    assert "thấp hơn số công bố (5,29%) là 0,01 điểm phần trăm" in checks.loc[1, "message"]


@pytest.mark.parametrize(("poor", "announced"), [("124", "0.12"), ("125", "0.13")])
def test_rates_round_half_up(tmp_path: Path, poor: str, announced: str) -> None:
    """125 of 100,000 households are announced as 0.13%, where binary rounding may say 0.12."""
    changed = tables(
        poverty=[
            ["district", "year", "households", "poor_households", "near_poor_households"],
            ["Vinh", "2024", "40000", poor, "0"],
            ["Thái Hòa", "2024", "30000", "0", "0"],
            ["Kỳ Sơn", "2024", "30000", "0", "0"],
        ]
    )
    changed["province_totals"][1:] = [
        ["2024", "province", "poor_rate", announced, "official", "Báo cáo"]
    ]
    assert rows(checked(tmp_path, changed), "Tỷ lệ hộ nghèo")[0][-1] == "khớp"


def test_minorities_are_compared_with_their_own_counts(tmp_path: Path) -> None:
    """The province's figures on ethnic minorities are held against the minorities' table."""
    counts = [
        ["district", "year", "households", "poor_households", "near_poor_households"],
        ["Thái Hòa", "2024", "1000", "280", "0"],
        ["Kỳ Sơn", "2024", "3000", "1380", "0"],
    ]
    content = tables(dtts_poverty=counts)
    content["province_totals"] += [
        ["2024", "dtts", "poor_households", "1660", "official", "Báo cáo"],
        ["2024", "dtts", "poor_rate", "41.51", "official", "Báo cáo"],
        ["2023", "dtts", "poor_rate", "45", "official", "Báo cáo"],
    ]
    checks = checked(tmp_path, content)
    found = checks[checks["area"] == "Đồng bào dân tộc thiểu số"]
    assert found[list(COLUMNS[2:7])].to_numpy().tolist() == [
        ["2024", "1.660", "1.660", "0", "khớp"],
        ["2024", "41,51%", "41,50%", "-0,01", "lệch"],
        ["2023", "45,00%", "", "", "lưu ý"],
    ]
    assert found["message"].iloc[0] == (
        "Số hộ nghèo đồng bào dân tộc thiểu số cuối năm 2024: số tính được 1.660 khớp với số công "
        "bố."
    )


def test_years_of_minorities_that_lack_districts_are_listed(tmp_path: Path) -> None:
    """A year without a district that reported in another year cannot be compared with it."""
    counts = [
        ["district", "year", "households", "poor_households", "near_poor_households"],
        ["Thái Hòa", "2023", "1000", "300", "0"],
        ["Kỳ Sơn", "2023", "3000", "1500", "0"],
        ["Kỳ Sơn", "2024", "3000", "1380", "0"],
    ]
    checks = checked(tmp_path, tables(dtts_poverty=counts))
    check = "Số liệu hộ dân tộc thiểu số thiếu huyện"
    assert rows(checks, check) == [["Toàn tỉnh", "2024", "", "1", "", "lưu ý"]]
    (told,) = checks.loc[checks["check"] == check, "message"]
    assert "2024: thiếu 1 huyện (Thái Hòa); năm này không dùng" in told


def test_year_without_districts(tmp_path: Path) -> None:
    """A total of a year that no district has is listed as such, not compared with nothing."""
    checks = checked(tmp_path, with_cell("province_totals", 2, "year", "2021"))
    assert rows(checks, "Số hộ nghèo") == [["Toàn tỉnh", "2021", "6.977", "", "", "lưu ý"]]


def test_known_rows_and_totals(tmp_path: Path) -> None:
    """What sidecars know of rows and totals is compared."""
    folder = write_folder(tmp_path, tables())
    rows_known = SIDECAR + "known: {rows: 21, source: Danh mục}\n"
    totals_known = SIDECAR + "known:\n  totals: {special_difficulty_communes: 2}\n  source: KH\n"
    (folder / "districts.meta.yml").write_text(rows_known, encoding="utf-8")
    (folder / "criteria.meta.yml").write_text(totals_known, encoding="utf-8")
    checks = check_data(read_data(folder), small_cell_threshold=10)
    assert rows(checks, "Số huyện, thành phố, thị xã") == [
        ["Toàn tỉnh", "", "21", "3", "-18", "lệch"]
    ]
    assert rows(checks, "Số xã đặc biệt khó khăn") == [["Toàn tỉnh", "", "2", "2", "0", "khớp"]]


@pytest.mark.parametrize(("given", "expected"), [("3", "2"), ("1", "2")])
def test_communes_in_special_difficulty(tmp_path: Path, given: str, expected: str) -> None:
    """More such communes than communes, or not those of khu vực III, is a disagreement."""
    checks = checked(tmp_path, with_cell("criteria", 4, "special_difficulty_communes", given))
    (found,) = rows(checks, "Số xã đặc biệt khó khăn so với danh mục xã")
    assert (found[0], found[2], found[3], found[5]) == ("Kỳ Sơn", expected, given, "lệch")


def test_communes_without_khu_vuc_are_not_counted(tmp_path: Path) -> None:
    """Where khu vực is blank, nothing is claimed about the number of khu vực III."""
    changed = with_cell("criteria", 4, "special_difficulty_communes", "1")
    for row in changed["communes"][1:]:
        row[-1] = ""
    found = rows(checked(tmp_path, changed), "Số xã đặc biệt khó khăn so với danh mục xã")
    assert found == [["Toàn tỉnh", "", "", "", "", "khớp"]]


@pytest.mark.parametrize(("count", "result"), [("0", 0), ("1", 1), ("9", 1), ("10", 0)])
def test_small_cells(tmp_path: Path, count: str, result: int) -> None:
    """Counts above zero and below the threshold are listed, zero and the threshold are not."""
    changed = with_cell("poverty", 3, "near_poor_households", count)
    found = rows(checked(tmp_path, changed), "Số đếm nhỏ: Số hộ cận nghèo")
    assert len(found) == result
    assert all(row[:2] == ["Vinh", "2024"] for row in found)


@pytest.mark.parametrize(("households", "result"), [("20186", "khớp"), ("20187", "lưu ý")])
def test_jump_of_households(tmp_path: Path, households: str, result: str) -> None:
    """A change of over 10% in a year is listed; exactly 10% of 18,351 would be 1,835.1."""
    checks = checked(tmp_path, with_cell("poverty", 5, "households", households))
    assert rows(checks, "Biến động số hộ")[0][-1] == result


def test_rising_rate(tmp_path: Path) -> None:
    """A district whose announced rate rises is listed with both rates."""
    checks = checked(tmp_path, with_cell("poverty", 3, "poor_households", "485"))
    assert rows(checks, "Tỷ lệ hộ nghèo tăng") == [["Vinh", "2024", "", "0,09", "", "lưu ý"]]
    message = checks.loc[checks["check"] == "Tỷ lệ hộ nghèo tăng", "message"].item()
    assert "từ 0,41% cuối năm 2023 lên 0,50% cuối năm 2024" in message


def test_high_rate(tmp_path: Path) -> None:
    """A rate above 60% is listed."""
    checks = checked(tmp_path, with_cell("poverty", 6, "poor_households", "10300"))
    assert rows(checks, "Tỷ lệ hộ nghèo cao") == [["Kỳ Sơn", "2023", "", "60,67%", "", "lưu ý"]]


def test_shipped_data_agree(shipped_data: DataSet) -> None:
    """The shipped data agree but for what was made on purpose, and no row is there twice."""
    checks = check_data(shipped_data, small_cell_threshold=10)
    apart = checks[checks["result"] != "khớp"]
    assert set(checks["result"]) == {"khớp", "lưu ý"}
    assert apart["check"].str.startswith("Biểu rà soát").all()
    assert not checks.duplicated(["check", "area", "period"]).any()
    assert len(checks) > 35


def test_checks_change_nothing(tmp_path: Path) -> None:
    """Checking leaves the frames as they were."""
    data = read_tables(tmp_path, tables())
    before = {name: frame.copy() for name, frame in data.frames.items()}
    check_data(data, small_cell_threshold=10)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(data.frames[name], frame)

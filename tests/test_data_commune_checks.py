"""Checks of the communes' tables and of capital: identities held, oddities listed, all short."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from data_samples import SIDECAR, Rows, all_tables, read_tables, tables, with_cell, write_folder

from helpers.data.checks import COLUMNS, check_data
from helpers.data.findings import some
from helpers.data.reading import read_data

CARRIED = "Vốn kéo dài so với vốn chưa giải ngân (triệu đồng)"
SPECIAL = "Số xã đặc biệt khó khăn theo từng xã so với huyện"
THIRD = "Xã khu vực III và xã đặc biệt khó khăn"


def checked(folder: Path, content: dict[str, Rows]) -> pd.DataFrame:
    """Return the checks of the tables."""
    return check_data(read_tables(folder, content), small_cell_threshold=10)


def rows(checks: pd.DataFrame, check: str) -> list[list[str]]:
    """Return area, period, expected, found, difference and result of a check's rows."""
    wanted = checks[checks["check"] == check]
    return wanted[list(COLUMNS[1:7])].to_numpy().tolist()


def message(checks: pd.DataFrame, check: str) -> str:
    """Return the message of the only row of a check."""
    return str(checks.loc[checks["check"] == check, "message"].item())


def test_agreement(tmp_path: Path) -> None:
    """Communes that add up to their districts agree, in one row an indicator and year."""
    checks = checked(tmp_path, all_tables())
    assert set(checks["result"]) == {"khớp"}
    check = "Số hộ nghèo các xã so với huyện"
    assert rows(checks, check) == [["Toàn tỉnh", "2023", "7.799", "7.799", "0", "khớp"]]
    assert message(checks, check).endswith("cuối năm 2023: khớp ở cả 3 huyện.")
    assert not checks.duplicated(["check", "area", "period"]).any()


def test_absent_tables_are_not_checked(tmp_path: Path) -> None:
    """Without the optional tables there is no row about them."""
    few, all_of_them = (checked(tmp_path / name, content) for name, content in
                        (("few", tables()), ("all", all_tables())))  # fmt: skip
    assert len(all_of_them) - len(few) == 3 + 3 + 2 + 2
    assert not few["check"].str.contains("các xã|kéo dài|từng xã").any()


def test_one_household_too_few(tmp_path: Path) -> None:
    """A commune's missing household names its district with both figures."""
    checks = checked(tmp_path, with_cell("commune_poverty", 5, "poor_households", "4999"))
    check = "Số hộ nghèo các xã so với huyện"
    assert rows(checks, check) == [["Toàn tỉnh", "2023", "7.799", "7.798", "-1", "lệch"]]
    assert "lệch ở 1/3 huyện: Kỳ Sơn (các xã 7.221, huyện 7.222)" in message(checks, check)


def test_differences_that_cancel_out(tmp_path: Path) -> None:
    """Districts that disagree are found where the province's sum agrees by chance."""
    changed = with_cell("commune_poverty", 5, "poor_households", "4999")
    changed["commune_poverty"][1][4] = "386"
    found = rows(checked(tmp_path, changed), "Số hộ nghèo các xã so với huyện")
    assert found == [["Toàn tỉnh", "2023", "7.799", "7.799", "0", "lệch"]]


def test_communes_left_out(tmp_path: Path) -> None:
    """A district that lacks a commune is not compared; the commune is named."""
    changed = all_tables()
    del changed["commune_poverty"][4], changed["commune_criteria"][1]
    checks = checked(tmp_path, changed)
    assert rows(checks, "Số hộ nghèo các xã so với huyện")[0][2:4] == ["577", "577"]
    missing = checks[checks["check"] == "Xã thiếu số liệu"]
    assert missing["period"].to_list() == ["2023", ""]
    assert "1 xã chưa có số hộ cuối năm 2023: Mỹ Lý (Kỳ Sơn)." in missing["message"].iloc[0]
    assert "1 xã chưa có tiêu chí: Đông Vĩnh (Vinh)." in missing["message"].iloc[1]


def test_year_without_districts(tmp_path: Path) -> None:
    """Communes' figures of a year that no district has are not compared with nothing."""
    changed = all_tables()
    for row in changed["commune_poverty"][1:]:
        row[2] = "2020"
    found = rows(checked(tmp_path, changed), "Tổng số hộ các xã so với huyện")
    assert found == [["Toàn tỉnh", "2020", "", "", "", "lưu ý"]]


@pytest.mark.parametrize(("given", "found"), [("1", "2"), ("3", "2")])
def test_special_difficulty(tmp_path: Path, given: str, found: str) -> None:
    """A district whose number is not that of its marked communes is named."""
    changed = all_tables()
    changed["criteria"][3][1] = given
    (row,) = rows(checked(tmp_path, changed), SPECIAL)
    assert (row[0], row[2], row[3], row[5]) == ("Kỳ Sơn", given, found, "lệch")


def test_third_areas(tmp_path: Path) -> None:
    """A commune of khu vực III that is not marked disagrees; a marked one of khu vực I is odd."""
    changed = with_cell("commune_criteria", 5, "special_difficulty", "no")
    changed["commune_criteria"][2][2] = "yes"
    found = checked(tmp_path, changed)
    assert [row[0] + row[5] for row in rows(found, THIRD)] == ["Thái Hòalưu ý", "Kỳ Sơnlệch"]
    said = found.loc[found["check"] == THIRD, "message"].to_list()
    assert "1 xã khu vực III không ghi đặc biệt khó khăn: Mỹ Lý" in said[1]


def test_small_counts_of_communes(tmp_path: Path) -> None:
    """Communes with small counts are counted in one row, not listed."""
    changed = with_cell("commune_poverty", 2, "poor_households", "9")
    changed["commune_poverty"][2][4] = "1"
    found = rows(checked(tmp_path, changed), "Số đếm nhỏ: Số hộ nghèo của xã")
    assert found == [["Toàn tỉnh", "2023", "", "2", "", "lưu ý"]]


def test_carried_over(tmp_path: Path) -> None:
    """What is carried over within what was left agrees, the rest counts as given back."""
    checks = checked(tmp_path, all_tables())
    assert rows(checks, CARRIED) == [
        ["Toàn tỉnh", "2022", "2.000", "1.500", "-500", "khớp"],
        ["Toàn tỉnh", "2023", "3.500", "3.500", "0", "khớp"],
    ]
    said = checks.loc[checks["check"] == CARRIED, "message"].to_list()
    assert said[0] == (
        "Vốn năm 2022: kéo dài 1,5 tỷ đồng trong 2 tỷ đồng chưa giải ngân; 500 triệu đồng coi như "
        "đã trả lại, hủy bỏ."
    )


def test_more_carried_over_than_left(tmp_path: Path) -> None:
    """A line that carries over more than was left disagrees, though its year's sum may not."""
    checks = checked(tmp_path, with_cell("carry_over", 2, "amount", "2.001 triệu"))
    assert rows(checks, CARRIED)[0] == ["Toàn tỉnh", "2022", "2.000", "2.001", "1", "lệch"]
    said = checks.loc[checks["check"] == CARRIED, "message"].iloc[0]
    assert "Kỳ Sơn, DA2 (NSTW, SN): kéo dài 2.001, còn lại 2.000 triệu đồng" in said


@pytest.mark.parametrize(("column", "text"), [("line", "DA5"), ("vintage", "2021")])
def test_carried_over_without_history(tmp_path: Path, column: str, text: str) -> None:
    """A line or a year that history does not have wants a look."""
    checks = checked(tmp_path, with_cell("carry_over", 2, column, text))
    assert rows(checks, CARRIED)[0][-1] == "lưu ý"
    assert "history" in checks.loc[checks["check"] == CARRIED, "message"].iloc[0]


def test_amounts_without_their_unit(tmp_path: Path) -> None:
    """An amount of a few thousand đồng was probably meant in triệu."""
    changed = with_cell("history", 3, "disbursed", "2500")
    changed["movements"][1][7] = "500"
    checks = checked(tmp_path, changed)
    assert "dòng 3, cột disbursed" in message(
        checks, "Số tiền dưới 1 triệu đồng: Vốn các năm trước"
    )
    assert rows(checks, "Số tiền dưới 1 triệu đồng: Điều chuyển, trả lại")[0][3] == "1"


def test_nothing_disbursed(tmp_path: Path) -> None:
    """Lines without any disbursement are counted by year."""
    checks = checked(tmp_path, with_cell("history", 2, "disbursed", "0"))
    assert message(checks, "Vốn chưa giải ngân đồng nào").endswith("năm 2022: 1 dòng, 5 tỷ đồng.")


def test_movement_twice(tmp_path: Path) -> None:
    """A movement that stands there twice, word for word, wants a look."""
    changed = all_tables()
    changed["movements"].append(list(changed["movements"][1]))
    said = message(checked(tmp_path, changed), "Dòng điều chuyển, trả lại lặp lại")
    assert "movements.csv, dòng 4" in said


def test_known_total_of_money(tmp_path: Path) -> None:
    """A total of money that a sidecar knows is compared in triệu đồng."""
    folder = write_folder(tmp_path, all_tables())
    known = SIDECAR + "known: {totals: {assigned: 12400000000}, source: QĐ}\n"
    (folder / "history.meta.yml").write_text(known, encoding="utf-8")
    checks = check_data(read_data(folder), small_cell_threshold=10)
    assert rows(checks, "Vốn giao (triệu đồng)") == [
        ["Toàn tỉnh", "", "12.400", "12.500", "100", "lệch"]
    ]


def test_short_listing() -> None:
    """Beyond five names the others are counted."""
    assert some("ABCDE", "huyện") == "A, B, C, D và E"
    assert some("ABCDEFG", "huyện") == "A, B, C, D, E và 2 huyện khác"

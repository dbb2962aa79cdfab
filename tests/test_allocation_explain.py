"""The clerk's worksheet: every amount can be followed from the figures to the đồng."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from helpers.allocation.accounts.explain import explain, explainer
from helpers.allocation.engine import Allocation
from helpers.errors import InputRefused

MILLION = 10**6


def _number(text: str) -> Fraction:
    return Fraction(text.replace(".", "").replace(",", "."))


def test_a_worksheet_reads_like_a_clerks(shipped_allocation: Allocation) -> None:
    """Basis, trust, pot, each criterion with its band, X, ΣX, floor, rounding, amount."""
    sheet = explainer(shipped_allocation)("DA2", "Kỳ Sơn")
    assert sheet.title == "Cách tính vốn DA2 (Đa dạng hóa sinh kế) cho Kỳ Sơn"
    for said in (
        "Căn cứ: Phương án phân bổ của tỉnh năm 2024 (giả định để tính thử).",
        "Độ tin cậy: chưa kiểm chứng.",
        "| Mức độ nghèo | 59,06% | từ 45% trở lên | 60 |",
        "| Số hộ nghèo và cận nghèo | 10.026 hộ | 0,01 điểm mỗi hộ | 100,26 |",
        "| Số xã đặc biệt khó khăn | 19 xã | 2 điểm mỗi xã | 38 |",
        "Tổng điểm các tiêu chí: 198,26.",
        "Nhân hệ số vùng (vùng núi cao, theo loại): × 1,2.",
        "Hệ số của Kỳ Sơn: **X = 237,912**.",
        "Mức sàn cho mỗi đơn vị: 400 triệu đồng.",
        "1 đơn vị nhận mức sàn",
    ):
        assert said in sheet.text, said
    assert str(sheet).startswith(sheet.title)


def test_the_worksheets_own_arithmetic_holds(shipped_allocation: Allocation) -> None:
    """Q and V as printed follow from the printed G, X and ΣX, to a thousandth of a triệu."""
    text = explain(shipped_allocation, "DA2", "Quế Phong").text
    number = r"([\d.,]+)"
    pattern = rf"Q = G / ΣX = {number} / {number} = {number} triệu đồng mỗi điểm; "
    pattern += rf"V = Q × X = {number} × {number} / {number} = {number} triệu đồng"
    found = [tuple(map(_number, told)) for told in re.findall(pattern, text)]
    assert len(found) == 2
    for pot, whole, each, again, own, divisor, exact in found:
        assert (again, divisor) == (pot, whole)
        assert abs(pot / whole - each) < Fraction(1, 1000)
        assert abs(pot * own / whole - exact) < Fraction(1, 1000)


def test_every_district_amount_is_explained(shipped_allocation: Allocation) -> None:
    """For each line and district the worksheet's sum is what the cube gives."""
    cube = shipped_allocation.cube
    placed = cube[cube["level"].isin(["district", "commune"])]
    sums = placed.groupby(["line", "district_code"])["amount"].sum()
    for (line, code), amount in sums.items():
        assert explain(shipped_allocation, line, code).amount == amount


def test_agencies_communes_and_the_left_out(shipped_allocation: Allocation) -> None:
    """An agency's percent, a commune's part of its district, and why somebody gets nothing."""
    cube = shipped_allocation.cube.set_index(["line", "unit_code"])["amount"]
    agency = explain(shipped_allocation, "DA4-TDA1", "Sở Lao động - Thương binh và Xã hội")
    assert "30% của 36.746 triệu đồng = 11.023,8 triệu đồng" in agency.text
    assert agency.amount == cube.loc[("DA4-TDA1", "SLĐTBXH")].sum()
    commune = explain(shipped_allocation, "DA2", "Mường Xén")
    assert "Kỳ Sơn được 10.533 triệu đồng để chia cho các xã:" in commune.text
    assert "Tổng hệ số của 21 xã được phân bổ của Kỳ Sơn" in commune.text
    nothing = explain(shipped_allocation, "DA5", "Vinh")
    assert nothing.amount == 0
    assert "Vinh không thuộc diện được phân bổ theo quy tắc này" in nothing.text
    unfunded = explain(shipped_allocation, "DA1-TDA2", "Kỳ Sơn")
    assert unfunded.text == "Năm nay dự án, tiểu dự án này không được bố trí vốn."
    no_communes = explain(shipped_allocation, "DA5", "Mường Xén")
    assert "không chia cho cấp của" in no_communes.text


@pytest.mark.parametrize(
    ("line", "unit", "wanted"),
    [
        ("DA22", "Kỳ Sơn", "không có dự án, tiểu dự án “DA22” → có phải là “DA2”?"),
        ("DA2", "Kỳ Sơm", "không có đơn vị “Kỳ Sơm” → có phải là “Kỳ Sơn”?"),
        ("DA2", "Hưng Phúc", "→ ghi rõ: phường Hưng Phúc, Vinh và xã Hưng Phúc, Hưng Nguyên"),
    ],
)
def test_a_typo_gets_a_suggestion(
    shipped_allocation: Allocation, line: str, unit: str, wanted: str
) -> None:
    """Unknown lines and units, and names that two communes bear, are answered helpfully."""
    with pytest.raises(InputRefused) as caught:
        explain(shipped_allocation, line, unit)
    assert wanted in str(caught.value)
    # A notebook shows just that, and no way through the code.
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_names_are_found_however_they_are_typed(shipped_allocation: Allocation) -> None:
    """Case, code, short name and a commune with its district lead to the same worksheet."""
    one = explain(shipped_allocation, "da2", "kỳ sơn")
    assert one == explain(shipped_allocation, "Đa dạng hóa sinh kế", "417")
    commune = explain(shipped_allocation, "DA2", "xã Hưng Phúc, Hưng Nguyên")
    assert commune.title.endswith("cho xã Hưng Phúc, Hưng Nguyên")

"""The plan that ships: its totals, lines and wording, and every form its file may take."""

from __future__ import annotations

import datetime
import pickle
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import ValidationError

from helpers.errors import InputRefused
from helpers.plan.areas import check_against_districts, resolve_area
from helpers.plan.loading import load_plan
from helpers.plan.model import AREAS, STATUSES, Plan
from helpers.plan.values import choice, cut, cut_text, day, percent, weight, whole_number

SHIPPED = Path(__file__).parents[1] / "params" / "nghe-an-2024.yaml"
DISTRICTS = (
    "Vinh",
    "Cửa Lò",
    "Hoàng Mai",
    "Diễn Châu",
    "Yên Thành",
    "Quỳnh Lưu",
    "Đô Lương",
    "Nam Đàn",
    "Hưng Nguyên",
    "Nghi Lộc",
    "Kỳ Sơn",
    "Tương Dương",
    "Quế Phong",
    "Quỳ Châu",
    "Con Cuông",
    "Quỳ Hợp",
    "Nghĩa Đàn",
    "Thái Hòa",
    "Tân Kỳ",
    "Anh Sơn",
    "Thanh Chương",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Return the shipped plan."""
    return load_plan(SHIPPED)


def test_identity(plan: Plan) -> None:
    """The plan is named after its file and knows where it stands."""
    assert (plan.id, plan.file) == ("nghe-an-2024", "params/nghe-an-2024.yaml")
    assert (plan.year, plan.province.name, plan.province.kind) == (2024, "Nghệ An", "tỉnh")
    assert plan.document.date is None


def test_totals(plan: Plan) -> None:
    """Capital adds up to 603.736 triệu by source, by type, and cell by cell."""
    assert plan.capital.total.amount == 603_736_000_000
    assert plan.type_totals == {"ĐTPT": 252_000_000_000, "SN": 351_736_000_000}
    assert plan.funding_table["NSĐP", "SN"] == 42_886_000_000
    assert sum(plan.funding_table.values()) == plan.capital.total.amount
    assert plan.rounding_unit == 1_000_000


def test_lines(plan: Plan) -> None:
    """Seven projects give thirteen lines: eleven sub-projects, and DA2 and DA5 themselves."""
    assert len(plan.projects) == 7
    assert sum(len(project.subprojects) for project in plan.projects) == 11
    lines = {line.code: line for line in plan.lines}
    assert len(lines) == 13
    assert {code for code, line in lines.items() if line.project_code == code} == {"DA2", "DA5"}
    assert lines["DA5"].split["SN"].amount == 79_240_000_000
    assert lines["DA3-TDA1"].split["SN"].amount == 40_000_000_000
    assert lines["DA3-TDA1"].split["SN"].status == "secondary"
    first = lines["DA1-TDA1"]
    assert first.split["ĐTPT"].weight == Fraction(803_895, 1000)
    assert first.split["ĐTPT"].amount is None
    assert first.capital_types == ("ĐTPT", "SN")


def test_line_without_capital(plan: Plan) -> None:
    """The sub-project that Nghệ An does not have stays a line, with nothing to share."""
    empty = next(line for line in plan.lines if line.code == "DA1-TDA2")
    assert dict(empty.split) == {}
    assert plan.rule_set.rule("DA1-TDA2") is None
    assert "880/QĐ-TTg" in empty.note


def test_rules_come_with_the_plan(plan: Plan) -> None:
    """The plan brings its rule set: one rule for each line that has capital."""
    assert plan.rules == "params/rules/nghe-an-2024.yaml"
    assert plan.rule_set.file == plan.rules
    funded = {line.code for line in plan.lines if line.split}
    assert funded == {code for rule in plan.rule_set.rules for code in rule.lines}


def test_targets(plan: Plan) -> None:
    """Targets are exact ranges in percentage points."""
    targets = {target.area: target for target in plan.targets}
    assert targets["province"].cut == (Fraction(1), Fraction(3, 2))
    assert targets["Thái Hòa"].cut == (Fraction(1, 10), Fraction(3, 10))
    assert targets["province"].text == "1,0–1,5"
    assert (targets["dtts"].cut, targets["dtts"].status) == ((3, 3), "secondary")


def test_vocabulary_covers_the_plan(plan: Plan) -> None:
    """Every word that the plan uses has a Vietnamese label."""
    assert {target.status for target in plan.targets} <= set(STATUSES)


def test_frozen_and_portable(plan: Plan) -> None:
    """A plan cannot be changed in place, and survives the way to another process."""
    with pytest.raises(ValidationError):
        plan.year = 2025  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(plan)) == plan


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: unicodedata.normalize("NFD", text).encode(),
        lambda text: ("\ufeff" + text).replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
    ],
    ids=["decomposed", "windows", "utf-16"],
)
def test_file_forms(plan: Plan, tmp_path: Path, encode) -> None:  # type: ignore[no-untyped-def]
    """Decomposed letters, Windows line ends, byte-order marks and UTF-16 change nothing."""
    path = tmp_path / SHIPPED.name
    path.write_bytes(encode(SHIPPED.read_text(encoding="utf-8")))
    assert load_plan(path).model_copy(update={"path": plan.path}) == plan


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("province", "province"),
        ("con cuông", "Con Cuông"),
        ("Thái Hoà", "Thái Hòa"),
        ("thị xã Thái Hòa", "Thái Hòa"),
        ("Huyện Kỳ Sơn", "Kỳ Sơn"),
        (unicodedata.normalize("NFD", "Quỳ Hợp"), "Quỳ Hợp"),
    ],
)
def test_resolve_area(written: str, name: str) -> None:
    """An area is found whatever its case, Unicode form, tone placement and kind."""
    assert resolve_area(written, DISTRICTS) == name


def test_resolve_unknown_area() -> None:
    """An unknown area is refused, with the nearest name."""
    with pytest.raises(InputRefused, match="có phải là “Con Cuông”"):
        resolve_area("Con Cuong", DISTRICTS)


def test_targets_against_districts(plan: Plan, tmp_path: Path) -> None:
    """Targets fit the districts of the data, or each misfit is told with its line."""
    assert check_against_districts(plan, DISTRICTS) == []
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace("area: Quỳ Hợp", "area: Quỳ Hộp").replace("area: Tân", "area: huyện Anh")
    text = text.replace("huyện Anh Kỳ", "huyện Anh Sơn")
    path = tmp_path / "thu.yaml"
    path.write_text(text, encoding="utf-8")
    unknown, double = check_against_districts(load_plan(path), DISTRICTS)
    line = next(i for i, row in enumerate(text.splitlines(), start=1) if "Quỳ Hộp" in row)
    assert f"dòng {line}, khóa targets → Quỳ Hộp → area" in unknown.where
    assert "có phải là “Quỳ Hợp”" in unknown.todo
    assert "là một huyện" in double.what
    assert set(AREAS) == {"province", "mountains", "lowland", "poor_districts", "dtts"}


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("1,0–1,5", 1, Fraction(3, 2)),
        ("1-1,5", 1, Fraction(3, 2)),
        ("1.0 – 1.5", 1, Fraction(3, 2)),
        ("1 đến 1,5 điểm phần trăm", 1, Fraction(3, 2)),
        (["1,0", 2], 1, 2),
        ("0,02–0,04", Fraction(1, 50), Fraction(1, 25)),
        ("2—2", 2, 2),
    ],
)
def test_cut(value: object, low: Fraction, high: Fraction) -> None:
    """A range reads the same with any dash, comma or point, or as a list, and writes back."""
    assert cut(value) == (low, high)
    assert cut(cut_text(cut(value))) == cut(value)


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (cut, "1,5–1,0", "lớn hơn mức cao"),
        (cut, "-1–2", "số âm"),
        (cut, "1–120", "lớn hơn 100"),
        (cut, "1,5", "đúng hai số"),
        (cut, "1–2–3", "đúng hai số"),
        (cut, [1], "đúng hai số"),
        (cut, [-1, 2], "số âm"),
        (cut, "một–hai", "không phải là số"),
        (cut, 5, "mức thấp và mức cao"),
        (cut, None, "mức thấp và mức cao"),
        (percent, 120, "lớn hơn 100%"),
        (percent, "-5", "số âm"),
        (percent, None, "chưa ghi"),
        (percent, True, "không phải là số"),
        (weight, "1.200", "hai cách đọc"),
        (weight, "nhiều", "không phải là số"),
        (day, "2024-02-30", "trong lịch"),
        (day, "05/3/2024", "năm-tháng-ngày"),
        (day, "tháng ba", "năm-tháng-ngày"),
        (whole_number(1, 9, "số"), "ba", "không phải số nguyên"),
        (whole_number(1, 9, "số"), 10, "nằm ngoài khoảng 1–9"),
        (whole_number(1, 9, "số"), None, "chưa ghi"),
        (choice(("có", "không"), "câu trả lời"), "", "chưa ghi"),
        (choice(("có", "không"), "câu trả lời"), "khong", "không có câu trả lời"),
    ],
)
def test_value_refusals(read, value: object, said: str) -> None:  # type: ignore[no-untyped-def]
    """A value that cannot be used is refused in words, with what to write."""
    with pytest.raises(ValueError, match=said) as caught:
        read(value)
    assert caught.value.todo  # type: ignore[attr-defined]


def test_values_by_hand() -> None:
    """Weights, percentages and dates read exactly."""
    assert weight("803,895") == Fraction(803_895, 1000)
    assert percent("33,3%") == Fraction(333, 10)
    assert day("2024-03-05") == datetime.date(2024, 3, 5)
    assert day("") is None

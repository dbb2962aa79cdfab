"""Targets by households and the pace of the year, as a plan file writes them, right or wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from helpers.errors import InputRefused, Problem
from helpers.plan.loading import load_plan
from helpers.plan.model import Plan, Progress
from helpers.plan.values import household_cut, household_cut_text, pace

ROOT = Path(__file__).parents[1]
COMPARE = "compare_with: params/rules/nghe-an-2024-theo-so-ho.yaml\n"
TEXT = (ROOT / "params" / "nghe-an-2024.yaml").read_text(encoding="utf-8").replace(COMPARE, "")
PROVINCE = '  - {area: province, cut: "1,0–1,5", status: verified}\n'
PACE = "pace: linear "
Load = Callable[..., Plan]
Refuse = Callable[..., list[Problem]]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return what loads the shipped plan with some words replaced."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    folder = tmp_path / "params" / "rules"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "params" / "rules" / "nghe-an-2024.yaml", folder)

    def loaded(*changes: tuple[str, str]) -> Plan:
        text = TEXT
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = folder.parent / "thu.yaml"
        path.write_text(text, encoding="utf-8")
        return load_plan(path)

    return loaded


@pytest.fixture
def refuse(load: Load) -> Refuse:
    """Return what loads the plan so, and returns the problems."""

    def refused(*changes: tuple[str, str]) -> list[Problem]:
        with pytest.raises(InputRefused) as caught:
            load(*changes)
        return list(caught.value.problems)

    return refused


def test_the_shipped_plan_judges_evenly(load: Load) -> None:
    """Evenly by days, at risk below 70%, intervals of 80%; a plan that says nothing does so too."""
    plan = load()
    assert plan.progress == Progress()
    assert (plan.progress.as_of, plan.progress.pace) == (None, ())
    assert (plan.progress.at_risk_below, plan.progress.interval) == (70, 80)
    start = TEXT.index("# Theo dõi trong năm")
    section = TEXT[start : TEXT.index("# Số đếm nhỏ hơn")]
    assert load((section, "")).progress == Progress()


def test_a_path_and_a_day_by_hand(load: Load) -> None:
    """A path is read in order, with exact percentages, and so is the day of the figures."""
    plan = load(
        (PACE, 'pace: {"2024-06-30": 40, 2024-09-30: "70,5"} '),
        ('as_of: "" ', "as_of: 2024-09-30 "),
        ("at_risk_below: 70", "at_risk_below: 50"),
        ("interval: 80", "interval: 90"),
    )
    assert plan.progress.pace == (
        (date(2024, 6, 30), Fraction(40)),
        (date(2024, 9, 30), Fraction(141, 2)),
    )
    assert plan.progress.as_of == date(2024, 9, 30)
    assert (plan.progress.at_risk_below, plan.progress.interval) == (50, 90)


def test_a_target_may_count_households(load: Load) -> None:
    """Beside the rate or alone, as a range or one number."""
    both = PROVINCE.replace("status", 'households: "8.000–9.000", status')
    plan = load(
        (PROVINCE, both),
        ('{area: Quỳ Hợp, cut: "1,5–2,0"', "{area: Quỳ Hợp, households: 700"),
    )
    targets = {target.area: target for target in plan.targets}
    assert targets["province"].households == (8000, 9000)
    assert targets["province"].text == "1,0–1,5; 8.000–9.000 hộ"
    assert targets["Quỳ Hợp"].households == (700, 700)
    assert (targets["Quỳ Hợp"].cut, targets["Quỳ Hợp"].text) == (None, "700 hộ")


# old text, new text, words in the line that is named, key path, what is wrong, what to do
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    "neither rate nor households": (
        '{area: Vinh, cut: "0,02–0,04", ',
        "{area: Vinh, ",
        "{area: Vinh, ",
        "targets → Vinh",
        "thiếu cả cut lẫn households",
        'households: "8.000–9.000"',
    ),
    "the province without a rate": (
        PROVINCE,
        '  - {area: province, households: "8.000–9.000", status: verified}\n',
        "- {area: province",
        "targets → province",
        "toàn tỉnh chưa có mức giảm tỷ lệ hộ nghèo (cut)",
        'cut: "1,0–1,5"',
    ),
    "households upside down": (
        'cut: "0,02–0,04"',
        'households: "90–80"',
        "{area: Vinh, ",
        "targets → Vinh → households",
        "mức thấp 90 hộ lớn hơn mức cao 80 hộ",
        '"80–90"',
    ),
    "households with a comma": (
        'cut: "0,02–0,04"',
        'households: "8,5"',
        "{area: Vinh, ",
        "targets → Vinh → households",
        "“8,5” không phải là số hộ",
        '"8.000–9.000"',
    ),
    "households below zero": (
        'cut: "0,02–0,04"',
        "households: -5",
        "{area: Vinh, ",
        "targets → Vinh → households",
        "“-5” không phải là số hộ",
        "ghi một số",
    ),
    "day of another year": (
        'as_of: "" ',
        "as_of: 2025-03-31 ",
        "  as_of: 2025",
        "progress → as_of",
        "ngày chốt số liệu 2025-03-31 không thuộc năm kế hoạch 2024",
        "một ngày trong năm 2024",
    ),
    "day not in the calendar": (
        'as_of: "" ',
        "as_of: 2024-06-31 ",
        "  as_of: 2024",
        "progress → as_of",
        "không có ngày “2024-06-31” trong lịch",
        "sửa lại",
    ),
    "unknown pace": (
        PACE,
        "pace: nhanh ",
        "  pace: nhanh",
        "progress → pace",
        "không có nhịp độ “nhanh”",
        "ghi linear",
    ),
    "blank pace": (PACE, "pace: ", "  pace:", "progress → pace", "chưa ghi nhịp độ", "ghi linear"),
    "path out of order": (
        PACE,
        'pace: {"2024-09-30": 40, "2024-06-30": 70} ',
        "  pace: {",
        "progress → pace",
        "ngày 2024-06-30 không sau ngày 2024-09-30",
        "thứ tự thời gian",
    ),
    "path that goes back": (
        PACE,
        'pace: {"2024-06-30": 70, "2024-09-30": 40} ',
        "  pace: {",
        "progress → pace",
        "nhịp độ ngày 2024-09-30 thấp hơn ngày 2024-06-30",
        "không giảm theo thời gian",
    ),
    "path beyond the whole": (
        PACE,
        'pace: {"2024-06-30": 140} ',
        "  pace: {",
        "progress → pace",
        "phần phải đạt đến ngày 2024-06-30 là 140%, lớn hơn 100%",
        "từ 0 đến 100",
    ),
    "path of words": (
        PACE,
        'pace: {"2024-06-30": nhiều} ',
        "  pace: {",
        "progress → pace",
        "phần phải đạt đến ngày 2024-06-30 “nhiều” không phải là số",
        "ghi linear",
    ),
    "path without a real day": (
        PACE,
        "pace: {tháng sáu: 40} ",
        "  pace: {",
        "progress → pace",
        "ngày “tháng sáu” không đúng dạng năm-tháng-ngày",
        '"2024-06-30"',
    ),
    "path of another year": (
        PACE,
        'pace: {"2023-06-30": 40, "2024-06-30": 50} ',
        "  pace: {",
        "progress → pace → 2023-06-30",
        "ngày 2023-06-30 của nhịp độ không thuộc năm kế hoạch 2024",
        "một ngày trong năm 2024",
    ),
    "path that ends short": (
        PACE,
        'pace: {"2024-12-31": 90} ',
        "  pace: {",
        "progress → pace → 2024-12-31",
        "đến hết năm 2024 phải đạt 100%",
        "ghi 100",
    ),
    "limit beyond 100": (
        "at_risk_below: 70",
        "at_risk_below: 170",
        "  at_risk_below",
        "progress → at_risk_below",
        "ngưỡng nguy cơ không đạt 170 nằm ngoài khoảng 0–100",
        "từ 0 đến 100",
    ),
    "certain interval": (
        "interval: 80",
        "interval: 100",
        "  interval",
        "progress → interval",
        "độ tin cậy của khoảng dự báo 100 nằm ngoài khoảng 50–99",
        "từ 50 đến 99",
    ),
    "mistyped key": (
        "  interval: 80",
        "  intervals: 80",
        "  intervals",
        "progress → intervals",
        "không có khóa “intervals”",
        "“interval”",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(refuse: Refuse, case: str) -> None:
    """One problem, with file, line and key, what is wrong and what to write."""
    old, new, words, keys, what, todo = CASES[case]
    (problem,) = refuse((old, new))
    line = TEXT.replace(old, new, 1).split(words)[0].count("\n") + 1
    assert problem.where == f"params/thu.yaml, dòng {line}, khóa {keys}"
    assert what in problem.what
    assert todo in problem.todo


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("8.000–9.000", 8000, 9000),
        ("8000-9000", 8000, 9000),
        ("8.000 đến 9.000 hộ nghèo", 8000, 9000),
        ([8000, "9.000"], 8000, 9000),
        (8500, 8500, 8500),
        ("1.234.567", 1_234_567, 1_234_567),
        ("0", 0, 0),
    ],
)
def test_households_by_hand(value: object, low: int, high: int) -> None:
    """A range of households reads the same with any dash and with or without points."""
    assert household_cut(value) == (low, high)
    assert household_cut(household_cut_text(household_cut(value))) == (low, high)


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (household_cut, None, "chưa ghi số hộ"),
        (household_cut, "", "chưa ghi số hộ"),
        (household_cut, [], "một hoặc hai số"),
        (household_cut, "1–2–3", "một hoặc hai số"),
        (household_cut, "-8.000", "có số âm"),
        (household_cut, "80.00", "không phải là số hộ"),
        (household_cut, True, "không phải là số hộ"),
        (household_cut, {"low": 1}, "không phải là số hộ"),
        (pace, None, "chưa ghi nhịp độ"),
        (pace, {}, "chưa ghi nhịp độ"),
        (pace, [40, 70], "chưa ghi nhịp độ"),
        (pace, {"": 40}, "ngày để trống"),
        (pace, {"2024-06-30": -1}, "số âm"),
        (pace, {"2024-06-30": None}, "chưa ghi phần phải đạt"),
    ],
)
def test_values_refused(read: Callable[[object], object], value: object, said: str) -> None:
    """A value that cannot be used is refused in words, with what to write."""
    with pytest.raises(ValueError, match=said) as caught:
        read(value)
    assert caught.value.todo  # type: ignore[attr-defined]

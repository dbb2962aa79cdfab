"""Poverty standards: what the shipped files say, and what is said of files that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InputRefused
from helpers.plan.standards import (
    Standard,
    load_standards,
    standard_at,
    standard_for_review,
)

FOLDER = Path(__file__).parents[1] / "params" / "standards"
OLD, NEW = "nd-07-2021.yaml", "nd-351-2025.yaml"
INDICATORS = [
    *["employment", "dependents", "nutrition", "health_insurance", "adult_education"],
    *["child_schooling", "housing_quality", "housing_area", "water", "sanitation"],
    *["telecom", "information"],
]

Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def standards() -> tuple[Standard, ...]:
    """Return the shipped standards."""
    return load_standards(FOLDER)


def _folder(tmp_path: Path, **edits: Edit) -> Path:
    """Return a copy of the shipped standards, some of them changed (old, new)."""
    names = {"old": OLD, "new": NEW}
    for key, name in names.items():
        text = (FOLDER / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(edits.get(key, str)(text), encoding="utf-8")
    return tmp_path


def _refused(folder: Path) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        load_standards(folder)
    return [str(problem) for problem in refused.value.problems]


def _swap(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def test_the_standard_of_2022_is_as_the_decree_has_it(standards: tuple[Standard, ...]) -> None:
    """Lines 1.5 and 2 million, B1 140 and 175, three of twelve indicators, B2 ten points each."""
    old = standard_at(standards, date(2024, 12, 31))
    assert (old.income_line("rural"), old.income_line("urban")) == (1_500_000, 2_000_000)
    assert (old.b1_line("rural"), old.b1_line("urban")) == (140, 175)
    assert old.minimum == 3
    assert old.score_b2 is not None
    assert (old.score_b2.points, old.score_b2.threshold) == (10, 30)
    assert [item.key for item in old.indicators] == INDICATORS
    assert list(old.indicator_names) == INDICATORS
    assert len({item.service for item in old.indicators}) == 6
    assert {item.weight for item in old.indicators} == {1}
    assert old.marks == ("secondary",)


def test_the_standard_of_2027_raises_lines_and_changes_indicators(
    standards: tuple[Standard, ...],
) -> None:
    """Lines 2.2 and 2.8 million; information goes, digital services and waste come, unverified."""
    new = standard_at(standards, date(2027, 1, 1))
    assert (new.income_line("rural"), new.income_line("urban")) == (2_200_000, 2_800_000)
    keys = {item.key for item in new.indicators}
    assert keys == {*INDICATORS, "digital_services", "household_waste"} - {"information"}
    assert new.minimum == 3
    assert "unverified" in new.marks


def test_2026_keeps_the_old_standard(standards: tuple[Standard, ...]) -> None:
    """The old standard holds to the last day of 2026, the new one from the first of 2027."""
    assert standard_at(standards, date(2022, 1, 1)).file.endswith(OLD)
    assert standard_at(standards, date(2026, 12, 31)).file.endswith(OLD)
    assert standard_at(standards, date(2027, 1, 1)).file.endswith(NEW)
    assert standard_at(standards, date(2035, 1, 1)).file.endswith(NEW)


@given(days=st.integers(0, 5000))
def test_on_every_day_from_2022_on_one_standard_is_in_force(days: int) -> None:
    """There is neither a gap nor a doubt."""
    standards = load_standards(FOLDER)
    assert standard_at(standards, date(2022, 1, 1) + timedelta(days)) in standards


def test_wards_and_townships_are_urban(standards: tuple[Standard, ...]) -> None:
    """Communes (xã) are rural, however the kind is spelt."""
    old = standards[0]
    assert old.area_type("xã") == "rural"
    assert old.area_type("phường") == old.area_type("Thị trấn") == "urban"
    with pytest.raises(InputRefused, match="đặc khu"):
        old.area_type("đặc khu")


def test_before_the_first_standard_none_is_in_force(standards: tuple[Standard, ...]) -> None:
    """The message says from when on there are standards."""
    with pytest.raises(InputRefused, match=r"31/12/2021.*từ 01/01/2022"):
        standard_at(standards, date(2021, 12, 31))


def test_two_standards_in_force_are_refused(standards: tuple[Standard, ...]) -> None:
    """Given the same standard twice, nobody can say which holds."""
    with pytest.raises(InputRefused, match="có 2 chuẩn nghèo cùng hiệu lực"):
        standard_at([standards[0], standards[0]], date(2024, 1, 1))


def test_an_unknown_line_is_refused_only_where_it_is_needed(tmp_path: Path) -> None:
    """“chưa có” can be read; asking for that line is refused and names the file and the key."""
    edit = _swap("lines: {rural: 140, urban: 175}", "lines: {rural: chưa có, urban: 175}")
    old = load_standards(_folder(tmp_path, old=edit))[0]
    assert old.b1_line("urban") == 175
    with pytest.raises(InputRefused, match=rf"{OLD}, khóa score_b1: chưa có mức .* nông thôn"):
        old.b1_line("rural")


def test_a_whole_section_may_be_unknown(tmp_path: Path, standards: tuple[Standard, ...]) -> None:
    """A score that the file leaves out, or calls “chưa có”, is the same."""
    edit = _swap("deprivations:", "score_b2: chưa có\n\ndeprivations:")
    assert load_standards(_folder(tmp_path, new=edit))[1].score_b2 is None
    assert standards[1].score_b2 is None
    with pytest.raises(InputRefused, match="score_b1"):
        standards[1].b1_line("rural")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("minimum: 3", "minimun: 3", "minimun", "có phải là “minimum”"),
        ("minimum: 3", "minimum: ba", "minimum", "không phải số nguyên"),
        ("minimum: 3", "minimum: 13", "minimum", "lớn hơn tổng trọng số 12"),
        ("threshold: 30", "threshold: 40", "threshold", "không ứng với 3 chỉ số"),
        ("rural: 1.500.000 đồng", "rural: 0", "income", "số tiền phải lớn hơn 0"),
        ("rural: 1.500.000 đồng", "nong_thon: 1 đồng", "income", "không có khu vực “nong_thon”"),
        ("{rural: 140, urban: 175}", "{rural: 140}", "score_b1", "thiếu mức của khu vực urban"),
        ("kinds: [xã]", "kinds: [xã, phường]", "area_types", "thuộc cả rural và urban"),
        ("key: dependents", "key: employment", "key", "đã có ở trên"),
        ("key: dependents", "key: Phụ thuộc", "key", "không dùng làm tên cột được"),
        ("name: Dinh dưỡng", "name: Việc làm", "name", "đã có ở trên"),
        ("from: 2022-01-01", "from: chưa có", "from", "chưa có ngày bắt đầu"),
        ("to: 2026-12-31", "to: 2021-12-31", "to", "ngày cuối đứng trước ngày đầu"),
        ("status: secondary", "status: tin", "status", "không có độ tin cậy “tin”"),
        ("minimum: 3", "minimum:", "minimum", "chưa ghi"),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_key(
    tmp_path: Path, old: str, new: str, line: str, told: str
) -> None:
    """Each message names the file, the line and the key, and says what is wrong."""
    problems = _refused(_folder(tmp_path, old=_swap(old, new)))
    assert any(
        OLD in problem and ", dòng " in problem and line in problem and told in problem
        for problem in problems
    ), problems


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Problems of both files come together."""
    old = _swap("minimum: 3", "minimum: x")
    new = _swap("key: telecom", "key: water")
    problems = _refused(_folder(tmp_path, old=old, new=new))
    assert [OLD in problem for problem in problems] == [True, False]
    assert [NEW in problem for problem in problems] == [False, True]


def test_days_without_a_standard_are_refused(tmp_path: Path) -> None:
    """A gap between two files is said with its first and last day."""
    (problem,) = _refused(_folder(tmp_path, new=_swap("from: 2027-01-01", "from: 2027-03-01")))
    assert "từ 01/01/2027 đến 28/02/2027 không có chuẩn nghèo nào" in problem


@pytest.mark.parametrize("until", ["to: 2027-01-01", ""])
def test_standards_that_overlap_are_refused(tmp_path: Path, until: str) -> None:
    """Even one common day, or an end left open, is too much."""
    edit = _swap(", to: 2026-12-31", f", {until}" if until else "")
    (problem,) = _refused(_folder(tmp_path, old=edit))
    assert "chồng với" in problem
    assert "to: 2026-12-31" in problem


def test_a_folder_without_standards_is_refused(tmp_path: Path) -> None:
    """The message says which sample to copy."""
    (problem,) = _refused(tmp_path)
    assert "chưa có tệp chuẩn nghèo nào" in problem


def test_too_many_indicators_are_refused(tmp_path: Path) -> None:
    """Seventeen indicators do not fit a household's pattern."""
    more = "".join(f"      - {{key: more_{n}, name: Thêm {n}}}\n" for n in range(5))
    anchor = "  - name: Y tế\n"
    (problem,) = _refused(_folder(tmp_path, old=_swap(anchor, more + anchor)))
    assert "có 17 chỉ số, nhiều hơn 16" in problem


def test_an_empty_file_names_a_sample(tmp_path: Path) -> None:
    """A file with nothing in it says what to copy."""
    problems = _refused(_folder(tmp_path, old=lambda text: ""))
    assert any("tệp trống" in item and "params/standards" in item for item in problems)


def test_the_review_that_opens_a_standard_is_made_by_it(standards: tuple[Standard, ...]) -> None:
    """The end of 2021 gave the first list of 2022; that of 2026 still closes the old standard."""
    assert standard_for_review(standards, 2021).file.endswith(OLD)
    assert standard_for_review(standards, 2024).file.endswith(OLD)
    assert standard_for_review(standards, 2026).file.endswith(OLD)
    assert standard_for_review(standards, 2027).file.endswith(NEW)
    with pytest.raises(InputRefused, match="31/12/2020"):
        standard_for_review(standards, 2020)

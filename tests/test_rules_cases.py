"""Worked examples: how their files read, and how they are refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from helpers.errors import InputRefused, Problem
from helpers.plan.rules.cases import CaseFile, Written, load_cases

RULES = Path(__file__).parents[1] / "params" / "rules" / "nghe-an-2024.yaml"
TEXT = """\
rules: params/rules/nghe-an-2024.yaml
cases:
  - name: Hai huyện
    line: DA2
    pot: 1.000 triệu
    rounding_unit: 1 triệu
    units:
      - {name: Huyện A, code: "1", poor_and_near_poor: 12, poor_rate: "7,5", region: highland}
      - {name: Huyện B, parent: X, poor_and_near_poor: -3, poor_rate: chưa có, region: lowland}
    expect:
      Huyện A: {points: "2,5", coefficient: 1/3, share: "≈33,33", amount: 600 triệu}
      Huyện B: {amount: 300 triệu}
    unplaced: 100 triệu
  - name: Bị từ chối
    line: DA2
    level: communes
    pot: 5 triệu
    units: [{name: Xã A, khu_vuc: ""}]
    refused: chưa có giá trị
"""
Refuse = Callable[..., Problem]


def load(folder: Path, *changes: tuple[str, str]) -> CaseFile:
    """Load the cases above with some words replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "params" / "rules" / "cases").mkdir(parents=True, exist_ok=True)
    shutil.copy(RULES, folder / "params" / "rules")
    path = folder / "params" / "rules" / "cases" / "thu.yaml"
    path.write_text(text, encoding="utf-8")
    return load_cases(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    return tmp_path


def test_cases_read_exactly(folder: Path) -> None:
    """Figures are exact numbers or words, expectations exact or rounded as they are written."""
    file = load(folder)
    assert file.file == "params/rules/cases/thu.yaml"
    first, second = file.cases
    assert (first.stage, first.unit, first.pot) == ("districts", 1_000_000, 10**9)
    assert (second.stage, second.unit, second.refused) == ("communes", 1, "chưa có giá trị")
    assert second.sharing is second.rule.communes
    assert first.where == "params/rules/cases/thu.yaml, dòng 3, khóa cases → Hai huyện"
    assert first.units[0].row == {
        "name": "Huyện A",
        "code": "1",
        "poor_and_near_poor": 12,
        "poor_rate": Fraction(15, 2),
        "region": "highland",
    }
    assert first.units[1].row == {
        "name": "Huyện B",
        "parent": "X",
        "poor_and_near_poor": -3,
        "poor_rate": None,
        "region": "lowland",
    }
    assert second.units[0].row == {"name": "Xã A", "khu_vuc": None}
    wanted = first.expect["Huyện A"]
    assert wanted.points == Written(Fraction(5, 2))
    assert wanted.coefficient == Written(Fraction(1, 3))
    assert wanted.share == Written(Fraction(3333, 100), 2)
    assert first.unplaced == 100_000_000


@pytest.mark.parametrize(
    ("written", "actual", "holds", "text"),
    [
        (Written(Fraction(4)), Fraction(4), True, "4"),
        (Written(Fraction(4)), Fraction(401, 100), False, "4"),
        (Written(Fraction(1, 3)), Fraction(1, 3), True, "1/3"),
        (Written(Fraction(5, 2)), Fraction(5, 2), True, "2,5"),
        (Written(Fraction(3333, 100), 2), Fraction(100, 3), True, "≈33,33"),
        (Written(Fraction(3334, 100), 2), Fraction(100, 3), False, "≈33,34"),
        (Written(Fraction(1, 10), 1), Fraction(1, 20), True, "≈0,1"),
        (Written(Fraction(8), 0), Fraction(15, 2), True, "≈8"),
    ],
)
def test_a_written_number(written: Written, actual: Fraction, holds: bool, text: str) -> None:
    """A number holds exactly, or rounded half up to the decimals that were written."""
    assert written.holds(actual) is holds
    assert written.text == text


@pytest.mark.parametrize(
    ("old", "new", "keys", "what", "todo"),
    [
        (
            "line: DA2\n    pot",
            "line: DA22\n    pot",
            "cases → Hai huyện → line",
            "params/rules/nghe-an-2024.yaml không có quy tắc cho “DA22”",
            "có phải là “DA2”?",
        ),
        (
            "line: DA2\n    level",
            "line: DA5\n    level",
            "cases → Bị từ chối → level",
            "quy tắc của “DA5” không chia cho xã",
            "sửa line hoặc level",
        ),
        (
            "level: communes",
            "level: commune",
            "cases → Bị từ chối → level",
            "không có cấp “commune”",
            "có phải là “communes”?",
        ),
        (
            "Huyện B: {amount",
            "Huyện C: {amount",
            "cases → Hai huyện → expect → Huyện C",
            "không có đơn vị “Huyện C” trong units của ví dụ",
            "có phải là “Huyện",
        ),
        (
            "units: [{name: Xã A,",
            "units: [{name: Xã A}, {name: xã a,",
            "units → xã a → name",
            "hai đơn vị cùng tên “xã a”",
            "mỗi đơn vị một tên riêng",
        ),
        (
            "amount: 300 triệu",
            "amount: 310 triệu",
            "cases → Hai huyện → expect",
            "các số tiền của ví dụ cộng lại là 1.010 triệu, khác 1.000 triệu",
            "ghi phần không phân bổ được vào unplaced",
        ),
        (
            "name: Bị từ chối",
            "name: hai huyện",
            "cases → hai huyện → name",
            "hai ví dụ cùng tên “hai huyện”",
            "mỗi ví dụ một tên riêng",
        ),
        (
            "    refused: chưa có giá trị\n",
            "",
            "cases → Bị từ chối",
            "ví dụ phải có đúng một trong hai: expect (kết quả tính tay) hoặc refused",
            "ghi expect",
        ),
        (
            "poor_and_near_poor: 12",
            "poor_and_near_poor: 1.200",
            "units → 1 → poor_and_near_poor",
            "số “1.200” có hai cách đọc",
            'ghi 1200 hoặc "1,200"',
        ),
        (
            'points: "2,5"',
            "points: nhiều",
            "expect → Huyện A → points",
            "“nhiều” không phải là số",
            "ghi số",
        ),
        (
            "pot: 5 triệu",
            "pot:",
            "cases → Bị từ chối → pot",
            "chưa ghi số tiền",
            "ghi chẳng hạn",
        ),
        (
            "{name: Xã A,",
            "{poor_rate: 5,",
            "units → mục 1",
            "thiếu khóa “name”",
            "name: …",
        ),
        (
            "rules/nghe-an-2024",
            "rules/nghe-an-2042",
            "khóa rules",
            "không có tệp quy tắc “params/rules/nghe-an-2042.yaml”",
            "có phải là “nghe-an-2024”?",
        ),
    ],
)
def test_refused_once(folder: Path, old: str, new: str, keys: str, what: str, todo: str) -> None:
    """A case that contradicts itself or its rule is refused, at its place."""
    with pytest.raises(InputRefused) as caught:
        load(folder, (old, new))
    (problem,) = caught.value.problems
    assert problem.where.startswith("params/rules/cases/thu.yaml, dòng ")
    assert problem.where.endswith(keys)
    assert what in problem.what
    assert todo in problem.todo


def test_problems_of_the_rules_come_along(folder: Path) -> None:
    """Where the rule file itself is wrong, its problems are told with the cases'."""
    load(folder)
    path = folder / "params" / "rules" / "nghe-an-2024.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("cap: 40%", "cap: 0%"), "utf-8")
    with pytest.raises(InputRefused) as caught:
        load_cases(folder / "params" / "rules" / "cases" / "thu.yaml")
    (problem,) = caught.value.problems
    assert problem.where.startswith("params/rules/nghe-an-2024.yaml, dòng ")


def test_rules_that_are_not_named(folder: Path) -> None:
    """Without the key of the rule file the cases cannot be read."""
    with pytest.raises(InputRefused, match="thiếu khóa “rules” → thêm dòng “rules: params/rules"):
        load(folder, ("rules: params/rules/nghe-an-2024.yaml\n", ""))

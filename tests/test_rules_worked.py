"""The worked examples that planners write for rules, each one recomputed."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.allocation.cases import differences
from helpers.plan.rules.cases import Case, CaseFile, load_cases

CASES = Path(__file__).parents[1] / "params" / "rules" / "cases"
FILES = sorted(CASES.glob("*.yaml"))
LOADED = [(file, case) for file in map(load_cases, FILES) for case in file.cases]


@pytest.mark.parametrize(
    ("file", "case"), LOADED, ids=[f"{file.path.stem}: {case.name}" for file, case in LOADED]
)
def test_the_rules_give_what_the_case_says(file: CaseFile, case: Case) -> None:
    """Points, coefficients, shares and amounts are those that were worked out by hand."""
    found = differences(case, file)
    if found:
        pytest.fail("\n".join([f"{case.where}: {case.name}", *found]), pytrace=False)


def test_every_known_rule_has_cases() -> None:
    """The three rules whose numbers are known, and the plan's own, come with worked examples."""
    assert {path.stem for path in FILES} >= {
        "nq-115-2013",
        "huyen-ngheo-2017-2020",
        "chuong-trinh-2026-2030",
        "nghe-an-2024",
    }
    assert len(LOADED) >= 10


def test_a_wrong_case_is_told_unit_by_unit(tmp_path: Path) -> None:
    """A case whose figures are wrong says which unit differs, what came out, what was written."""
    path = tmp_path / "sai.yaml"
    path.write_text(
        """
rules: params/rules/nghe-an-2024.yaml
cases:
  - name: Ví dụ sai
    line: DA3-TDA2
    pot: 9 triệu
    rounding_unit: 1 triệu
    units:
      - {name: A, poor_and_near_poor: 200}
      - {name: B, poor_and_near_poor: 100}
    expect:
      A: {share: "66", amount: 5 triệu}
      B: {share: "≈33,33", amount: 3 triệu}
    unplaced: 1 triệu
  - name: Ví dụ tưởng bị từ chối
    line: DA3-TDA2
    pot: 9 triệu
    units:
      - {name: A, poor_and_near_poor: 200}
    refused: bằng 0
  - name: Ví dụ bị từ chối vì lý do khác
    line: DA3-TDA2
    pot: 9 triệu
    units:
      - {name: A, poor_and_near_poor: 0}
    refused: số âm
  - name: Ví dụ tưởng được phân bổ
    line: DA3-TDA2
    pot: 9 triệu
    units:
      - {name: A, poor_and_near_poor: 0}
    expect:
      A: {amount: 9 triệu}
""",
        encoding="utf-8",
    )
    file = load_cases(path)
    told = [differences(case, file) for case in file.cases]
    assert told[0] == [
        "A: tỷ trọng (%) tính được là 66,666667, ví dụ ghi 66",
        "A: được 6 triệu, ví dụ ghi 5 triệu",
        "chưa phân bổ 0 đồng, ví dụ ghi 1 triệu",
    ]
    assert told[1] == ["được phân bổ, ví dụ ghi phải bị từ chối: “bằng 0”"]
    assert told[2][0].startswith("bị từ chối vì lý do khác: params/rules/nghe-an-2024.yaml")
    assert told[3][0].startswith("bị từ chối: params/rules/nghe-an-2024.yaml")

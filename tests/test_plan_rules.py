"""A plan and its rules: they fit each other, or every misfit is told in its own file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.errors import InputRefused, Problem
from helpers.plan.loading import load_plan, load_rules_for
from helpers.plan.model import Plan
from helpers.plan.rules.model import MISSING, Pot
from helpers.plan.rules.pots import part_of, pot_amount

ROOT = Path(__file__).parents[1]
COMPARE = "compare_with: params/rules/nghe-an-2024-theo-so-ho.yaml\n"
PLAN = (ROOT / "params" / "nghe-an-2024.yaml").read_text(encoding="utf-8").replace(COMPARE, "")
RULES = (ROOT / "params" / "rules" / "nghe-an-2024.yaml").read_text(encoding="utf-8")
DA5 = "  - lines: [DA5]\n"
DA5_SPLIT = """    split:
      SN:
        amount: 79.240 triệu
        status: secondary
        source: Nguồn thứ cấp, chưa đối chiếu với quyết định giao vốn
"""
Change = tuple[str, str]
Load = Callable[..., Plan]
Refuse = Callable[..., list[Problem]]


def changed(text: str, changes: list[Change]) -> str:
    """Return a text with some words replaced."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return what loads the shipped plan and rules, some words of either replaced."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    folder = tmp_path / "params" / "rules"
    folder.mkdir(parents=True)

    def loaded(plan: list[Change] | None = None, rules: list[Change] | None = None) -> Plan:
        (folder / "nghe-an-2024.yaml").write_text(changed(RULES, rules or []), encoding="utf-8")
        path = folder.parent / "thu.yaml"
        path.write_text(changed(PLAN, plan or []), encoding="utf-8")
        return load_plan(path)

    return loaded


@pytest.fixture
def refuse(load: Load) -> Refuse:
    """Return what loads the plan and the rules so, and returns the problems."""

    def refused(plan: list[Change] | None = None, rules: list[Change] | None = None):  # type: ignore[no-untyped-def]
        with pytest.raises(InputRefused) as caught:
            load(plan, rules)
        return list(caught.value.problems)

    return refused


def with_pots(*lines: str) -> Change:
    """Return the change that gives the rule of DA5 pots or earmarks."""
    return (DA5, DA5 + "".join(f"    {line}\n" for line in lines))


POT = "pots: [{source: NSTW, type: SN, amount: 70 tỷ}, {source: NSĐP, type: SN, percent: 10}]"


def test_pots_in_place_of_a_split(load: Load) -> None:
    """A line may get its capital from its rule alone, known amounts and percentages alike."""
    plan = load([(DA5_SPLIT, "")], [with_pots(POT)])
    rule = plan.rule_set.rule("DA5")
    assert rule is not None
    amounts = [
        pot_amount(pot, plan.funding_table[pot.source, pot.type], 10**6) for pot in rule.pots
    ]
    assert amounts == [70_000_000_000, 4_288_000_000]


def test_pot_amounts_by_hand() -> None:
    """A percentage is rounded down to the rounding unit; an unknown one stays unknown."""
    assert part_of(42_886_000_000, Pot.model_validate(POTS[0]).percent, 10**6) == 4_288_000_000  # type: ignore[arg-type]
    assert pot_amount(Pot.model_validate(POTS[1]), 10**9, 10**6) is MISSING


EARMARK = "unit: A, source: NSĐP, type: SN"
POTS = (
    {"source": "NSĐP", "type": "SN", "percent": 10},
    {"source": "NSĐP", "type": "SN", "percent": "chưa có"},
)

# changes of the plan, changes of the rules, file, key path, what is wrong, what to do
CASES: dict[str, tuple[list[Change], list[Change], str, str, str, str]] = {
    "line without a rule": (
        [],
        [("  - lines: [DA5]", "  - lines: [DA1-TDA2]")],
        "thu",
        "projects → DA5",
        "“DA5” có vốn nhưng chưa có quy tắc phân bổ trong params/rules/nghe-an-2024.yaml",
        "thêm vào tệp đó một quy tắc có “lines: [DA5]”",
    ),
    "rule for no line": (
        [],
        [("lines: [DA4-TDA1, DA4-TDA2]", "lines: [DA4-TDA1, DA4-TDA2, DA4-TDA4]")],
        "rules/nghe-an-2024",
        "rules → DA4-TDA1, DA4-TDA2, DA4-TDA4 → lines → mục 3",
        "“DA4-TDA4” không phải dự án, tiểu dự án được bố trí vốn của params/thu.yaml",
        "có phải là “DA4-TDA",
    ),
    "rule for a whole project": (
        [],
        [("lines: [DA4-TDA1, DA4-TDA2]", "lines: [DA4-TDA1, DA4-TDA2, DA6]")],
        "rules/nghe-an-2024",
        "lines → mục 3",
        "“DA6” không phải dự án, tiểu dự án",
        "ghi các tiểu dự án: DA6-TDA1, DA6-TDA2",
    ),
    "not in force all year": (
        [],
        [("to: 2024-12-31", "to: 2024-06-30")],
        "rules/nghe-an-2024",
        "khóa valid",
        "bộ quy tắc có hiệu lực từ ngày 01/01/2024 đến hết ngày 30/06/2024, không đủ cả năm 2024 "
        "của kế hoạch",
        "chọn bộ quy tắc khác ở khóa rules của params/thu.yaml, hoặc sửa khóa valid",
    ),
    "in force too late": (
        [],
        [("{from: 2024-01-01, to: 2024-12-31}", "{from: 2024-03-01}")],
        "rules/nghe-an-2024",
        "khóa valid",
        "bộ quy tắc có hiệu lực từ ngày 01/03/2024 trở đi, không đủ cả năm 2024",
        "sửa khóa valid",
    ),
    "not known whether in force": (
        [],
        [("from: 2024-01-01", "from: chưa có")],
        "rules/nghe-an-2024",
        "valid → from",
        "chưa có ngày bắt đầu hiệu lực nên không dùng được cho kế hoạch năm 2024",
        "ghi ngày bắt đầu hiệu lực",
    ),
    "pot beside a split": (
        [],
        [with_pots("pots: [{source: NSTW, type: SN, amount: 5 tỷ}]")],
        "rules/nghe-an-2024",
        "rules → DA5 → pots → mục 1",
        "“DA5” đã có vốn SN ở khóa split của params/thu.yaml",
        "xóa SN khỏi split của “DA5”, hoặc xóa khoản vốn này",
    ),
    "pot of a type that the line does not have": (
        [],
        [with_pots("pots: [{source: NSTW, type: ĐTPT, amount: 5 tỷ}]")],
        "rules/nghe-an-2024",
        "rules → DA5 → pots → mục 1 → type",
        "“DA5” không được bố trí loại vốn ĐTPT (capital_types) trong kế hoạch",
        "thêm ĐTPT vào capital_types của “DA5”",
    ),
    "pot of an unknown source": (
        [(DA5_SPLIT, "")],
        [with_pots("pots: [{source: NSTƯ, type: SN, amount: 5 tỷ}]")],
        "rules/nghe-an-2024",
        "rules → DA5 → pots → mục 1 → source",
        "nguồn vốn “NSTƯ” không có ở khóa capital của params/thu.yaml",
        "có phải là “NSTW”?",
    ),
    "pot of an unknown type": (
        [],
        [with_pots("pots: [{source: NSTW, type: XN, amount: 5 tỷ}]")],
        "rules/nghe-an-2024",
        "rules → DA5 → pots → mục 1 → type",
        "loại vốn “XN” không có ở khóa capital của params/thu.yaml",
        "SN",
    ),
    "pots beyond their source": (
        [(DA5_SPLIT, "")],
        [with_pots("pots: [{source: NSĐP, type: SN, amount: 42.900 triệu}]")],
        "rules/nghe-an-2024",
        "rules → DA5 → pots → mục 1",
        "các khoản vốn (pots) của nguồn NSĐP, loại vốn SN cộng lại là 42.900 triệu, vượt 42.886 "
        "triệu của kế hoạch",
        "giảm các khoản này",
    ),
    "pots and fixed amounts beyond the type": (
        [(DA5_SPLIT, ""), ("amount: 40.000 triệu", "amount: 150.000 triệu")],
        [with_pots("pots: [{source: NSTW, type: SN, amount: 250 tỷ}]")],
        "thu",
        "projects → DA3 → subprojects → DA3-TDA1 → split → SN → amount",
        "các khoản cố định (amount) và các khoản vốn của bộ quy tắc (pots) của Vốn sự nghiệp (SN) "
        "cộng lại là 400.000 triệu, vượt 48.264 triệu so với 351.736 triệu được giao",
        "giảm các khoản amount",
    ),
    "earmark without a pot": (
        [],
        [
            with_pots(
                "earmarks: [{name: Mô hình, unit: Kỳ Sơn, source: NSTW, type: ĐTPT, amount: 1 tỷ}]"
            )
        ],
        "rules/nghe-an-2024",
        "rules → DA5 → earmarks → Mô hình",
        "“DA5” không có vốn ĐTPT của nguồn NSTW để giao khoản “Mô hình”",
        "sửa source, type của khoản này, hoặc thêm khoản vốn (pots)",
    ),
    "earmark beyond the line": (
        [],
        [
            with_pots(
                "earmarks: [{name: Một, unit: A, source: NSTW, type: SN, amount: 70 tỷ}, "
                "{name: Hai, unit: B, source: NSTW, type: SN, amount: 10 tỷ}]"
            )
        ],
        "rules/nghe-an-2024",
        "rules → DA5 → earmarks → Hai → amount",
        "các khoản giao riêng (earmarks) của nguồn NSTW, loại vốn SN là 80.000 triệu, vượt 79.240 "
        "triệu của “DA5”",
        "giảm số tiền của các khoản",
    ),
    "earmark and reserve beyond the pot": (
        [(DA5_SPLIT, "")],
        [
            with_pots(
                "pots: [{source: NSTW, type: SN, amount: 70 tỷ}]",
                "earmarks: [{name: Một, unit: A, source: NSTW, type: SN, amount: 65 tỷ}]",
                "reserve: {percent: 10, reason: Dự phòng}",
            )
        ],
        "rules/nghe-an-2024",
        "rules → DA5 → earmarks → Một → amount",
        "là 65.000 triệu cùng dự phòng 7.000 triệu, vượt 70.000 triệu của “DA5”",
        "hoặc giảm dự phòng",
    ),
    "earmarks of several rules beyond their source": (
        [],
        [
            with_pots(f"earmarks: [{{name: Một, {EARMARK}, amount: 40 tỷ}}]"),
            (
                "  - lines: [DA3-TDA1]\n",
                f"  - lines: [DA3-TDA1]\n    earmarks: [{{name: Hai, {EARMARK}, amount: 30 tỷ}}]\n",
            ),
        ],
        "rules/nghe-an-2024",
        "rules → DA5 → earmarks → Một",
        "các khoản giao riêng (earmarks) của nguồn NSĐP, loại vốn SN cộng lại là 70.000 triệu, "
        "vượt 42.886 triệu của kế hoạch",
        "giảm các khoản này",
    ),
    "counterpart of an unknown source": (
        [],
        [("of: NSTW", "of: NSTU")],
        "rules/nghe-an-2024",
        "counterpart → mục 1 → of",
        "nguồn vốn “NSTU” không có ở khóa capital của params/thu.yaml",
        "có phải là “NSTW”?",
    ),
    "type neither split nor given": (
        [("capital_types: [SN]\n" + DA5_SPLIT, "capital_types: [ĐTPT, SN]\n")],
        [with_pots(POT)],
        "thu",
        "projects → DA5 → capital_types → mục 1",
        "loại vốn “ĐTPT” có trong capital_types nhưng chưa có trong split",
        "bỏ khỏi capital_types",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_once(refuse: Refuse, case: str) -> None:
    """One misfit is one problem, in the file where it can be mended."""
    plan, rules, file, keys, what, todo = CASES[case]
    (problem,) = refuse(plan, rules)
    assert problem.where.startswith(f"params/{file}.yaml, dòng ")
    assert problem.where.endswith(keys)
    assert what in problem.what
    assert todo in problem.todo


def test_problems_of_both_files_come_together(refuse: Refuse) -> None:
    """A planner sees what is wrong with plan and rules in one list, the plan's first."""
    problems = refuse([("weight: 34", "weight: -34")], [("cap: 40%", "cap: 0%")])
    assert [problem.where.partition(",")[0] for problem in problems] == [
        "params/thu.yaml",
        "params/rules/nghe-an-2024.yaml",
    ]


def test_pots_of_a_broken_rule_file_are_not_called_missing(refuse: Refuse) -> None:
    """While the rules cannot be read, nothing is said of capital that they may give."""
    (problem,) = refuse([(DA5_SPLIT, "")], [with_pots(POT), ("cap: 40%", "cap: 0%")])
    assert problem.what.startswith("mức trần (cap) bằng 0")


def test_another_rule_set_for_a_plan() -> None:
    """A rule set to compare with is loaded and held to the same plan."""
    plan = load_plan(ROOT / "params" / "nghe-an-2024.yaml")
    folder = ROOT / "params" / "rules"
    other = load_rules_for(plan, folder / "nghe-an-2024-theo-so-ho.yaml")
    assert other.id == "nghe-an-2024-theo-so-ho"
    with pytest.raises(InputRefused) as caught:
        load_rules_for(plan, folder / "huyen-ngheo-2017-2020.yaml")
    said = "\n".join(map(str, caught.value.problems))
    assert "không đủ cả năm 2024" in said
    assert "“HN2017” không phải dự án" in said
    assert "“DA5” có vốn nhưng chưa có quy tắc phân bổ" in said


def test_the_rules_to_compare_with_are_held_to_the_plan_too(refuse: Refuse, load: Load) -> None:
    """A plan may name a second rule set; one that is not there or does not fit is told by its key.

    Here the plan's own rules serve as the second set, then a file that there is not.
    """
    year = "year: 2024\n"
    same = "compare_with: params/rules/nghe-an-2024.yaml\n"
    plan = load([(year, year + same)])
    assert plan.other_rules is not None
    assert plan.other_rules.id == plan.rule_set.id
    assert load().other_rules is None
    (problem,) = refuse([(year, year + COMPARE)])
    assert "khóa compare_with" in problem.where
    assert "không có tệp quy tắc “params/rules/nghe-an-2024-theo-so-ho.yaml”" in problem.what

"""Every way in which a plan file can be wrong, with the place and the words that say so."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from helpers.errors import InputRefused, Problem
from helpers.language import language
from helpers.plan.loading import load_plan
from helpers.plan.messages import TRANSLATED, findings_of
from helpers.plan.model import PlanContent
from helpers.plan.source import read_source

SHIPPED = Path(__file__).parents[1] / "params" / "nghe-an-2024.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")
RULES = SHIPPED.parent / "rules" / "nghe-an-2024.yaml"
Refuse = Callable[..., list[Problem]]


@pytest.fixture
def refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Return what loads the shipped plan with some words replaced, and returns the problems."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    path = tmp_path / "params" / "thu.yaml"
    (tmp_path / "params" / "rules").mkdir(parents=True)
    shutil.copy(RULES, tmp_path / "params" / "rules")

    def load(*changes: tuple[str, str]) -> list[Problem]:
        text = TEXT
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputRefused) as caught:
            load_plan(path)
        return list(caught.value.problems)

    return load


# old text, new text, words in the line that is named, key path, what is wrong, what to do
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    "amount with two readings": (
        "amount: 603.736 triệu",
        "amount: 603.736 tỷ đồng",
        "603.736 tỷ đồng\n",
        "capital → total → amount",
        "“603.736 tỷ đồng” có hai cách đọc",
        "“603,736 tỷ”",
    ),
    "amount without a unit": (
        "amount: 603.736 triệu",
        "amount: 603.736",
        "amount: 603.736\n",
        "capital → total → amount",
        "không có đơn vị",
        "“603.736 triệu”",
    ),
    "zero total": (
        "amount: 603.736 triệu",
        "amount: 0",
        "amount: 0\n",
        "capital → total → amount",
        "phải lớn hơn 0",
        "ghi chẳng hạn",
    ),
    "funding does not add up": (
        "amount: 12.000 triệu",
        "amount: 12.500 triệu",
        "  funding:",
        "capital → funding",
        "cộng lại là 604.236 triệu, khác tổng vốn 603.736 triệu (thừa 500 triệu)",
        "capital → total → amount",
    ),
    "funding twice": (
        "type: ĐTPT\n      amount: 12",
        "type: SN\n      amount: 12",
        "- source: NSĐP\n      type: SN\n      amount: 42",
        "capital → funding → mục 4",
        "nguồn NSĐP, loại vốn SN đã ghi ở mục 3",
        "cộng hai dòng làm một",
    ),
    "unknown source": (
        "- source: NSTW",
        "- source: NSTƯ",
        "- source: NSTƯ",
        "capital → funding → mục 1 → source",
        "nguồn vốn “NSTƯ” không có",
        "“NSTW”",
    ),
    "unknown type": (
        "type: SN",
        "type: S",
        "type: S\n",
        "capital → funding → mục 2 → type",
        "loại vốn “S” không có",
        "“SN”",
    ),
    "fixed amounts beyond the type": (
        "amount: 79.240 triệu",
        "amount: 379.240 triệu",
        "amount: 379.240",
        "projects → DA5 → split → SN → amount",
        "cộng lại là 419.240 triệu, vượt 67.504 triệu so với 351.736 triệu",
        "giảm các khoản amount",
    ),
    "nothing left for weights": (
        "amount: 79.240 triệu",
        "amount: 311.736 triệu",
        "SN: {weight: 8, status: unverified}",
        "projects → DA1 → subprojects → DA1-TDA1 → split → SN → weight",
        "không còn vốn để chia theo weight",
        "amount: 0 đồng",
    ),
    "type of a line not known": (
        "capital_types: [ĐTPT]",
        "capital_types: [ĐTP]",
        "capital_types: [ĐTP]",
        "projects → DA1 → subprojects → DA1-TDA2 → capital_types → mục 1",
        "loại vốn “ĐTP” không có",
        "“ĐTPT”",
    ),
    "type of a line twice": (
        "capital_types: [ĐTPT]",
        "capital_types: [ĐTPT, ĐTPT]",
        "capital_types: [ĐTPT, ĐTPT]",
        "DA1-TDA2 → capital_types → mục 2",
        "ghi hai lần",
        "xóa bớt",
    ),
    "type without its split": (
        "capital_types: [SN]\n    split",
        "capital_types: [SN, ĐTPT]\n    split",
        "capital_types: [SN, ĐTPT]",
        "projects → DA2 → capital_types → mục 2",
        "chưa có trong split",
        "thêm ĐTPT vào split",
    ),
    "split of a type not listed": (
        "SN: {weight: 34, status: unverified}",
        "SN: {weight: 34, status: unverified}\n      ĐTPT: {amount: 0, status: unverified}",
        "ĐTPT: {amount: 0,",
        "projects → DA2 → split → ĐTPT",
        "không có trong capital_types của “DA2”",
        "chọn SN",
    ),
    "both amount and weight": (
        "SN: {weight: 34,",
        "SN: {weight: 34, amount: 5 tỷ,",
        "SN: {weight: 34,",
        "projects → DA2 → split → SN",
        "có cả amount lẫn weight",
        "một trong hai",
    ),
    "neither amount nor weight": (
        "SN: {weight: 34,",
        "SN: {",
        "SN: { status",
        "projects → DA2 → split → SN",
        "thiếu cả amount lẫn weight",
        "một trong hai",
    ),
    "negative weight": (
        "weight: 34",
        "weight: -34",
        "weight: -34",
        "projects → DA2 → split → SN → weight",
        "“-34” là số âm",
        "số dương hoặc 0",
    ),
    "weight with two readings": (
        "weight: 34",
        "weight: 1.200",
        "weight: 1.200",
        "projects → DA2 → split → SN → weight",
        "weight 1.200 có hai cách đọc",
        'ghi 1200 hoặc "1,200"',
    ),
    "districts of an older plan": (
        "      SN: {weight: 34, status: unverified}\n",
        "      SN: {weight: 34, status: unverified}\n    districts:\n      eligible: all\n",
        "    districts:\n",
        "projects → DA2 → districts",
        "cách chia cho huyện (districts) không còn ghi trong tệp kế hoạch",
        "chuyển sang tệp quy tắc mà khóa rules nêu: một quy tắc có lines, basis, status và "
        "districts",
    ),
    "no rule file": (
        "rules/nghe-an-2024",
        "rules/nghe-an-2042",
        "rules: params/rules/nghe-an-2042",
        "rules",
        "không có tệp quy tắc “params/rules/nghe-an-2042.yaml”",
        "có phải là “nghe-an-2024”?",
    ),
    "rule file that is a folder": (
        "rules: params/rules/nghe-an-2024.yaml",
        "rules: params/rules",
        "rules: params/rules",
        "rules",
        "“params/rules” là thư mục, không phải tệp quy tắc",
        "ghi tên một tệp .yaml, chẳng hạn params/rules/nghe-an-2024.yaml",
    ),
    "rule file not named": (
        "rules: params/rules/nghe-an-2024.yaml\n",
        "",
        "year: 2024",
        "",
        "thiếu khóa “rules”",
        "rules: params/rules/nghe-an-2024.yaml",
    ),
    "unknown status": (
        "status: verified",
        "status: verifed",
        "status: verifed",
        "capital → total → status",
        "không có độ tin cậy “verifed”",
        "“verified”",
    ),
    "text of a project that is not there": (
        "    DA3-TDA2:\n      purpose",
        "    DA3_TDA2:\n      purpose",
        "    DA3_TDA2:\n      purpose",
        "plan_text → projects → DA3_TDA2",
        "kế hoạch không có dự án, tiểu dự án “DA3_TDA2”",
        "có phải là “DA3-TDA2”?",
    ),
    "plan text without its symbol": (
        "  symbol: KH-UBND\n",
        "",
        "plan_text:",
        "plan_text",
        "thiếu khóa “symbol”",
        "symbol: KH-UBND",
    ),
    "plan text without bases": (
        "  bases:\n    - text: Quyết định số 90",
        "  base:\n    - text: Quyết định số 90",
        "  base:\n",
        "plan_text → base",
        "không có khóa “base”",
        "có phải là “bases”?",
    ),
    "basis without its text": (
        "    - text: Nghị định số 07",
        "    - source: Nghị định số 07",
        "    - source: Nghị định số 07",
        "plan_text → bases → mục 3",
        "thiếu khóa “text”",
        "text: nội dung bằng một câu",
    ),
    "duty without its unit": (
        "    - unit: Sở Tài chính\n      tasks:",
        "    - tasks:",
        "    - tasks:\n        - Chủ trì tham mưu phân bổ vốn sự nghiệp",
        "plan_text → organisation → mục 3",
        "thiếu khóa “unit”",
        "unit: tên cơ quan, đơn vị",
    ),
    "indicator without its trust": (
        'được can thiệp dinh dưỡng", status: unverified}',
        'được can thiệp dinh dưỡng"}',
        '        - {text: "Trẻ em',
        "plan_text → projects → DA3-TDA2 → indicators → mục 1",
        "thiếu khóa “status”",
        "status: unverified",
    ),
    "project code twice": (
        "code: DA6\n",
        "code: DA5\n",
        "code: DA5\n    name: Truyền thông",
        "projects → DA5 → code",
        "mã “DA5” đã dùng",
        "mã riêng",
    ),
    "sub-project code twice": (
        "code: DA7-TDA2",
        "code: DA7-TDA1",
        "code: DA7-TDA1\n        name: Giám sát",
        "DA7-TDA1 → code",
        "mã “DA7-TDA1” đã dùng",
        "mã riêng",
    ),
    "sub-project of another project": (
        "code: DA7-TDA2",
        "code: DA71",
        "code: DA71",
        "projects → DA7 → subprojects → DA71 → code",
        "không bắt đầu bằng mã dự án “DA7”",
        "DA7-TDA2",
    ),
    "project with both": (
        "short: Sản xuất, dinh dưỡng\n",
        "short: Sản xuất, dinh dưỡng\n    split:\n      SN: {weight: 1, status: unverified}\n",
        "    split:\n      SN: {weight: 1,",
        "projects → DA3 → split",
        "đã có tiểu dự án nên không ghi split",
        "xuống từng tiểu dự án",
    ),
    "project with neither": (
        "    capital_types: [SN]\n    split:\n      SN: {weight: 34, status: unverified}\n",
        "",
        "- code: DA2\n",
        "projects → DA2",
        "thiếu khóa “capital_types”",
        "capital_types: [ĐTPT, SN]",
    ),
    "year out of bounds": (
        "year: 2024",
        "year: 2020",
        "year: 2020",
        "year",
        "năm 2020 nằm ngoài khoảng 2021–2035",
        "từ 2021 đến 2035",
    ),
    "target twice": (
        "area: Quỳ Hợp",
        "area: Con cuông",
        "area: Con cuông",
        "targets → Con cuông → area",
        "đã có mục tiêu ở mục",
        "giữ một dòng",
    ),
    "no target for the province": (
        '  - {area: province, cut: "1,0–1,5", status: verified}\n',
        "",
        "targets:\n  - {area: mountains",
        "targets",
        "chưa có mục tiêu của toàn tỉnh",
        "area: province",
    ),
    "range upside down": (
        '"2,0–3,0", status: verified',
        '"3,0–2,0", status: verified',
        '"3,0–2,0"',
        "targets → mountains → cut",
        "mức thấp 3 lớn hơn mức cao 2",
        '"2–3"',
    ),
    "range cut at its comma": (
        'cut: "1,0–1,5"',
        "cut: 1,0–1,5",
        "cut: 1,0–1,5",
        "targets → province → cut",
        "“1,0–1,5” bị cắt thành “1”, “0–1” và “5”",
        'nháy kép: cut: "1,0–1,5"',
    ),
    "amount cut at its comma": (
        "SN: {weight: 34,",
        "SN: {amount: 60,736 tỷ,",
        "60,736 tỷ",
        "projects → DA2 → split → SN → amount",
        "“60,736 tỷ” bị cắt thành “60” và “736 tỷ”",
        'nháy kép: amount: "60,736 tỷ"',
    ),
    "text cut at its comma": (
        "{area: province,",
        "{area: province, source: Quyết định 1, điều 2,",
        "điều 2",
        "targets → province → source",
        "“Quyết định 1, điều 2” bị cắt",
        'source: "Quyết định 1, điều 2"',
    ),
    "blank text": (
        "name: Nghệ An",
        "name:",
        "  name:\n  kind",
        "province → name",
        "chưa ghi nội dung",
        "sau dấu hai chấm",
    ),
    "text with a colon": (
        '"Lưu: VT, KT"',
        "Lưu: VT, KT",
        "- Lưu",
        "document → recipients → mục 6",
        "bị hiểu thành khóa",
        '"Lưu: VT, KT"',
    ),
    "rounding unit zero": (
        "rounding_unit: 1 triệu",
        "rounding_unit: 0",
        "rounding_unit: 0",
        "rounding_unit",
        "từ 1 đồng đến 1 tỷ",
        "1 triệu",
    ),
    "rounding unit too large": (
        "rounding_unit: 1 triệu",
        "rounding_unit: 2 tỷ",
        "rounding_unit: 2 tỷ",
        "rounding_unit",
        "từ 1 đồng đến 1 tỷ",
        "1 triệu",
    ),
    "threshold not whole": (
        "small_cell_threshold: 10",
        "small_cell_threshold: 10.5",
        "small_cell_threshold: 10.5",
        "small_cell_threshold",
        "“10.5” không phải số nguyên",
        "từ 0 đến 1000",
    ),
    "date impossible": (
        'date: ""',
        "date: 2024-02-30",
        "date: 2024-02-30",
        "document → date",
        "không có ngày “2024-02-30” trong lịch",
        "tháng và ngày",
    ),
    "date in another form": (
        'date: ""',
        "date: 05/3/2024",
        "date: 05/3/2024",
        "document → date",
        "không đúng dạng năm-tháng-ngày",
        '"2024-03-05"',
    ),
    "unknown key": (
        "small_cell_threshold: 10",
        "small_cell_threshold: 10\nghi_chu: x",
        "ghi_chu",
        "ghi_chu",
        "không có khóa “ghi_chu”",
        "small_cell_threshold",
    ),
    "mistyped key": (
        "  funding:",
        "  fundings:",
        "  fundings:",
        "capital → fundings",
        "không có khóa “fundings”",
        "“funding”",
    ),
    "missing key": (
        "rounding_unit: 1 triệu\n",
        "",
        "year: 2024",
        "",
        "thiếu khóa “rounding_unit”",
        "rounding_unit: 1 triệu",
    ),
    "key twice": (
        "SN: {weight: 34,",
        "SN: {weight: 34, weight: 5,",
        "SN: {weight: 34,",
        "projects → DA2 → split → SN → weight",
        "khóa “weight” ghi hai lần trong cùng một mục",
        "xóa dòng kia",
    ),
    "not a list": (
        "capital_types: [ĐTPT]",
        "capital_types: ĐTPT",
        "capital_types: ĐTPT\n",
        "DA1-TDA2 → capital_types",
        "phải là một danh sách",
        "“- ”",
    ),
    "not a section": (
        "province:\n  name: Nghệ An\n  kind: tỉnh",
        "province: Nghệ An",
        "province: Nghệ An",
        "province",
        "“khóa: giá trị”",
        "tệp mẫu",
    ),
    "kind of province": (
        "kind: tỉnh",
        "kind: huyện",
        "kind: huyện",
        "province → kind",
        "không có loại đơn vị “huyện”",
        "tỉnh và thành phố",
    ),
}


def line_of(changed: str, words: str) -> int:
    """Return the line on which the words begin."""
    return changed[: changed.index(words)].count("\n") + 1 + words.startswith("\n")


@pytest.mark.parametrize("case", CASES)
def test_refused(refuse: Refuse, case: str) -> None:
    """The problem names file, line and key, says what is wrong and what to write."""
    old, new, words, keys, what, todo = CASES[case]
    found = [problem for problem in refuse((old, new)) if what in problem.what]
    assert len(found) == 1
    line = line_of(TEXT.replace(old, new, 1), words)
    assert found[0].where.startswith(f"params/thu.yaml, dòng {line}")
    assert found[0].where.endswith(keys)
    assert todo in found[0].todo


# These make more than one thing wrong: a type's sum as well, or the codes below a project's.
SEVERAL = {"project code twice"}


@pytest.mark.parametrize("case", [name for name in CASES if name not in SEVERAL])
def test_told_once(refuse: Refuse, case: str) -> None:
    """One mistake is one problem, without a tail of others that follow from it."""
    old, new, *_ = CASES[case]
    assert len(refuse((old, new))) == 1


def test_type_without_a_line(refuse: Refuse) -> None:
    """Money of a type that no line may hold is refused, at the type."""
    problems = refuse(
        ("    SN: Vốn sự nghiệp\n", "    SN: Vốn sự nghiệp\n    TD: Vốn tín dụng\n"),
        ("amount: 240.000 triệu", "amount: 239.000 triệu"),
        (
            "  funding:\n",
            "  funding:\n    - {source: NSTW, type: TD, amount: 1.000 triệu, status: unverified}\n",
        ),
    )
    assert [problem.where.rpartition("khóa ")[2] for problem in problems] == [
        "capital → types → TD"
    ]
    assert "Vốn tín dụng (TD) có 1.000 triệu nhưng không dự án nào" in problems[0].what


def test_no_weight_for_the_rest(refuse: Refuse) -> None:
    """Fixed amounts that leave a rest, and no weight to share it by, are refused."""
    # Only the three lines of ĐTPT write their weights on a line of their own.
    weight = "            weight: "
    (problem,) = refuse(
        (weight, "            amount: 200 tỷ # "),
        (weight, "            amount: 40 tỷ # "),
        (weight, "            weight: 0 # "),
    )
    assert problem.where.endswith("capital → types → ĐTPT")
    assert "mới là 240.000 triệu; còn 12.000 triệu" in problem.what
    assert "ghi weight" in problem.todo


def test_all_at_once_in_the_order_of_the_file(refuse: Refuse) -> None:
    """Mistakes in several places are all told, from the top of the file down."""
    problems = refuse(
        ("year: 2024", "yaer: 2024"),
        ("amount: 12.000 triệu", "amount: 12.500 triệu"),
        ("rounding_unit: 1 triệu", "rounding_unit: 2 tỷ"),
        ("weight: 34", "weight: -34"),
        ('cut: "4,0–5,0"', 'cut: "5,0–4,0"'),
    )
    lines = [int(problem.where.split("dòng ")[1].split(",")[0]) for problem in problems]
    assert lines == sorted(lines)
    keys = [problem.where.rpartition("khóa ")[2] for problem in problems]
    assert keys == [
        "yaer",
        "capital → funding",
        "rounding_unit",
        "projects → DA2 → split → SN → weight",
        "targets → poor_districts → cut",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line_words", "what"),
    [
        (
            "      status: unverified\n    - source: NSTW",
            "\tstatus: x\n    - source: NSTW",
            "\tstatus",
            "phím Tab",
        ),
        (
            "name: Cải thiện dinh dưỡng",
            "name: Cải thiện: dinh dưỡng",
            "name: Cải thiện:",
            "dấu hai chấm thừa",
        ),
        ("year: 2024", "year 2024", "province:", "dấu hai chấm"),
        ("  kind: tỉnh", "   kind: tỉnh", "   kind: tỉnh", "thụt lề"),
        ("  kind: tỉnh", " kind: tỉnh", " kind: tỉnh", "thụt lề"),
        ('"Lưu: VT, KT"', '"Lưu: VT, KT', "", "dấu nháy"),
        ("capital_types: [ĐTPT]", "capital_types: [ĐTPT", "", "đóng"),
        ("SN: {weight: 34, status: unverified}", "SN: {weight: 34, status: unverified", "", "đóng"),
        ("name: Nghệ An", "name: @Nghệ An", "name: @", "ký hiệu"),
        ("name: Nghệ An", "name: *Nghệ An", "name: *", "ký hiệu"),
        ("year: 2024", "---\nyear: 2024\n---", "", "“---”"),
        ("name: Nghệ An", "name: Nghệ\x07 An", "name: Nghệ\x07", "ký tự điều khiển"),
    ],
)
def test_yaml_syntax(refuse: Refuse, old: str, new: str, line_words: str, what: str) -> None:
    """A file that is not YAML is told simply, with line and column."""
    (problem,) = refuse((old, new))
    assert what in problem.what
    assert ", cột " in problem.where
    assert problem.todo
    if line_words:
        line = line_of(TEXT.replace(old, new, 1), line_words)
        assert problem.where.startswith(f"params/thu.yaml, dòng {line}, ")


def test_custom_tag_and_loop(refuse: Refuse) -> None:
    """Text that opens with a sign of YAML's own is told, with the quotes that it needs."""
    (tagged,) = refuse(("name: Nghệ An", "name: !quan trọng"))
    assert "ký hiệu !" in tagged.what
    assert "nháy kép" in tagged.todo
    looped = refuse(('"Lưu: VT, KT"', "&a [*a]"))
    assert any("trỏ vòng" in problem.what for problem in looped)


def test_missing_file_lists_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that is not there is refused with the plans that are."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    folder = tmp_path / "params"
    folder.mkdir()
    with pytest.raises(InputRefused, match="chưa có tệp kế hoạch nào"):
        load_plan(folder / "nghe-an.yaml")
    (folder / "nghe-an-2024.yaml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        load_plan(folder / "nghe-an-204.yaml")
    (problem,) = caught.value.problems
    assert problem.where == "params/nghe-an-204.yaml"
    assert "có phải là “nghe-an-2024”? Trong thư mục params có: nghe-an-2024.yaml" in problem.todo
    with pytest.raises(InputRefused, match="là thư mục"):
        load_plan(folder)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "tệp trống"),
        (b"# only a remark\n", "tệp trống"),
        (b"year: 2024\nname: Ngh\xea An\n", "dòng 2: tệp không dùng bảng mã UTF-8"),
        (b"just words\n", "phải gồm các dòng “khóa: giá trị”"),
        (b"? [a]\n: b\n", "tên khóa không phải một từ"),
    ],
)
def test_not_a_plan(tmp_path: Path, raw: bytes, what: str) -> None:
    """A file that holds something else is refused in words."""
    path = tmp_path / "thu.yaml"
    path.write_bytes(raw)
    with pytest.raises(InputRefused, match=what.replace("?", r"\?")):
        load_plan(path)


def ways(value: Any, loc: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value below the given one."""
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*loc, step)
            yield from ways(inner, (*loc, step))


WRONG = (None, "", "x", -1, 7, [], {}, [None], {"x": None}, [[]], [{"x": {}}])


def test_no_english_reaches_the_planner() -> None:
    """Whatever stands wrongly at whatever place, each error has its Vietnamese sentence."""
    raw = read_source(SHIPPED).value
    # One project with sub-projects and one without show every key that there is.
    raw |= {"projects": raw["projects"][:2], "targets": raw["targets"][:2]}
    seen = set()
    for way in ways(raw):
        for wrong in WRONG:
            changed = copy.deepcopy(raw)
            inner = changed
            for step in way[:-1]:
                inner = inner[step]
            inner[way[-1]] = wrong
            try:
                PlanContent.model_validate(changed)
            except ValidationError as error:
                errors = error.errors(include_url=False)
                seen |= {found["type"] for found in errors}
                findings = findings_of(errors, PlanContent)
                assert findings
                assert all(finding.todo for finding in findings)
                assert not {finding.what for finding in findings} & {
                    "giá trị không hợp lệ",
                    *(found["msg"] for found in errors),
                }
    assert seen == set(TRANSLATED)


def test_unforeseen_error_type_is_still_vietnamese() -> None:
    """An error type that nobody foresaw is told in general words, at its place."""
    error: Any = {"type": "frozen_set_type", "loc": ("year",), "msg": "Input …", "input": 5}
    (finding,) = findings_of([error], PlanContent)
    assert finding.what == "giá trị không hợp lệ"
    assert finding.loc == ("year",)


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.data())
def test_any_slip_of_the_hand(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Letters dropped or typed anywhere give a plan that adds up or problems, never a crash."""
    text = TEXT
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 12))
        typed = data.draw(st.text(alphabet=":,{}[]\"'#-&*!|>%@`\t\n \x00ệ1.", max_size=3))
        text = text[:start] + typed + text[end:]
    path = tmp_path_factory.getbasetemp() / "slip.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        plan = load_plan(path)
    except InputRefused:
        return
    assert sum(plan.funding_table.values()) == plan.capital.total.amount


ENGLISH = ("languages: [vi]", "languages: [vi, en]")


def test_all_names_without_english_are_told_at_once(refuse: Refuse) -> None:
    """Where English is asked for, each printed name that has none is told with file, line, key."""
    problems = refuse(
        ENGLISH,
        ("  Báo cáo tóm tắt: Summary report\n", ""),
        ("  Ngân sách trung ương: Central budget\n", ""),
        ("  Đa dạng hóa sinh kế: Diversified livelihoods\n", ""),
        ("  Mức độ nghèo: Level of poverty\n", ""),
        ('  parent: ""', "  parent: Bộ Thử nghiệm"),
    )
    told = [(problem.where.partition("khóa ")[2], problem.what) for problem in problems]
    assert told == [
        (key, f"“{name}” chưa có bản tiếng Anh, mà briefs → languages có en")
        for key, name in (
            ("document → kind", "Báo cáo tóm tắt"),
            ("document → parent", "Bộ Thử nghiệm"),
            ("capital → sources → NSTW", "Ngân sách trung ương"),
            ("projects → DA2 → short", "Đa dạng hóa sinh kế"),
            ("rules → DA2 → districts → criteria → Mức độ nghèo → name", "Mức độ nghèo"),
        )
    ]
    assert problems[0].where.startswith("params/thu.yaml, dòng ")
    assert problems[-1].where.startswith("params/rules/nghe-an-2024.yaml, dòng ")
    assert problems[3].todo.endswith(
        'khóa english của tệp kế hoạch một dòng: "Đa dạng hóa sinh kế": "…"'
    )


def test_a_plan_without_any_english_gets_one_list(refuse: Refuse) -> None:
    """A forgotten block is told name by name, a name that stands twice but once."""
    start, end = TEXT.index("english:\n"), TEXT.index("# Số đếm nhỏ hơn")
    problems = refuse(ENGLISH, (TEXT[start:end], ""))
    assert len({problem.todo for problem in problems}) == len(problems) > 20
    assert any("projects → DA4 → subprojects → DA4-TDA1 → short" in p.where for p in problems)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Đa dạng hóa sinh kế", "Đa dạng hoá sinh ke"),
        ("Sở Thông tin và Truyền thông", "Sở Thông tin và Truyển thông"),
        ("Mức độ nghèo", "Mức độ nghéo"),
    ],
)
def test_a_mistyped_name_is_told_with_the_right_one(refuse: Refuse, name: str, typed: str) -> None:
    """A translated word that is a name but for a slip is told once, at its own line."""
    (problem,) = refuse(ENGLISH, (f"  {name}: ", f"  {typed}: "))
    assert problem.where.endswith(f"khóa english → {typed}")
    assert problem.what == f"“{typed}” không phải tên nào của kế hoạch và bộ quy tắc"
    assert problem.todo == f"có phải là “{name}”?"


def test_english_is_not_wanted_where_it_is_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan in Vietnamese needs no names; one in English may translate words of its data."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))
    (tmp_path / "params" / "rules").mkdir(parents=True)
    for rules in RULES.parent.glob("*.yaml"):
        shutil.copy(rules, tmp_path / "params" / "rules")
    start, end = TEXT.index("english:\n"), TEXT.index("# Số đếm nhỏ hơn")
    more = 'english:\n  "Quyết định của huyện": "Decision of the district"\n'
    for number, text in enumerate(
        (TEXT.replace(TEXT[start:end], ""), TEXT.replace(*ENGLISH).replace("english:\n", more))
    ):
        path = tmp_path / "params" / f"thu-{number}.yaml"
        path.write_text(text, encoding="utf-8")
        assert load_plan(path).id == f"thu-{number}"
    assert language() == "vi"

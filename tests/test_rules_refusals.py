"""Every way in which a rule file can contradict itself, with the place and the words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from test_plan_refusals import WRONG, line_of, ways

from helpers.errors import InputRefused, Problem
from helpers.plan.messages import TRANSLATED, findings_of
from helpers.plan.rules.checks import check_rules
from helpers.plan.rules.loading import load_rules
from helpers.plan.rules.model import RuleSet, RuleSetContent
from helpers.plan.source import Source, read_source

TEXT = """\
title: Quy tắc thử
valid: {from: 2024-01-01, to: 2024-12-31}
note: thử
agencies:
  - {code: SA, name: Sở A}
  - {code: SB, name: Sở B}
columns:
  income: {label: Thu nhập, unit: triệu đồng}
  flag: {label: Cờ}
rounding_unit: 1 triệu
counterpart:
  - {type: SN, of: NSTW, source: NSĐP, percent: 10, levels: {province: 60, district: 40}}
rules:
  - lines: [DA1]
    basis: {document: Nghị quyết 1, article: Điều 2, date: 2023-12-01}
    status: unverified
    note: thử
    pots:
      - {source: NSTW, type: SN, percent: 40}
      - {source: NSĐP, type: SN, amount: 500 triệu}
    earmarks:
      - {name: Mô hình điểm, unit: Sở A, source: NSTW, type: SN, amount: 100 triệu}
    reserve: {percent: 5, reason: Dự phòng}
    agencies:
      - {agency: Sở A, percent: 10}
      - {agency: SB, percent: 5}
    districts:
      eligible:
        - {column: poor_rate, from: 5}
        - one_of: [{group: mountains}, {names: [Vinh]}, {column: region, is: [lowland]}]
      criteria:
        - column: poor_and_near_poor_rate
          bands:
            - {below: 50, points: 10}
            - {from: 50, below: 55, points: 20}
            - {from: 55, points: 30}
        - column: income
          bands:
            - {to: 15, points: 15}
            - {above: 15, to: 20, points: 10}
            - {above: 20, points: 5, name: Khá}
        - name: Xã khó khăn
          column: special_difficulty_share
          steps: {from: 35, under: 0, points: 2, beyond: 50, every: 10, add: "0,5", most: 4}
        - name: Nhóm
          highest:
            - {column: region, lookup: {highland: 3, mountainous: 2}, otherwise: 1}
            - {column: flag, lookup: {yes: 5, no: 0}}
        - {column: area_km2, share: 20}
      multipliers:
        - {name: Hệ số vùng, column: region, lookup: {highland: "1,2"}, otherwise: 1}
      classes:
        - {below: 40, points: 1}
        - {from: 40, points: 2}
      floor: 200 triệu
      cap: 900 triệu
      minimum_lot: {amount: 300 triệu, action: warn}
      method: sainte_lague
      reason: Không ưu tiên đơn vị lớn
      ties: code
    communes:
      eligible: all
      criteria:
        - {column: poor_and_near_poor, share: 70}
        - {column: equal, share: 30}
  - lines: [DA2, DA3]
    basis: {document: Nghị quyết 2}
    status: verified
    districts:
      eligible: all
      criteria:
        - {column: households, per_unit: 1}
    counterpart:
      - {type: ĐTPT, of: NSTW, source: NSĐP, percent: 5, levels: {province: 100}}
"""
Refuse = Callable[..., list[Problem]]


def load(folder: Path, *changes: tuple[str, str]) -> RuleSet:
    """Load the rules above with some words replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "params" / "rules" / "thu.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_rules(path)


@pytest.fixture
def refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Return what loads the rules above with some words replaced, and returns the problems."""
    monkeypatch.setenv("HELPERS_ROOT", str(tmp_path))

    def refused(*changes: tuple[str, str]) -> list[Problem]:
        with pytest.raises(InputRefused) as caught:
            load(tmp_path, *changes)
        return list(caught.value.problems)

    return refused


def test_the_rules_themselves_are_accepted(tmp_path: Path) -> None:
    """The file that all refusals start from has nothing wrong, and reads as it is written."""
    rules = load(tmp_path)
    assert (rules.id, rules.rule("DA3"), rules.rule("DA9")) == ("thu", rules.rules[1], None)
    first = rules.rules[0]
    assert first.districts is not None
    assert first.districts.cap is not None
    assert first.districts.cap.amount == 900_000_000
    assert first.districts.criteria[3].form == "highest"


# old text, new text, words in the line that is named, key path, what is wrong, what to do
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    "overlapping bands": (
        "{from: 50, below: 55, points: 20}",
        "{from: 45, below: 55, points: 20}",
        "{from: 45",
        "rules → DA1 → districts → criteria → poor_and_near_poor_rate → bands → mục 2",
        "hai khoảng “dưới 50” và “từ 45 đến dưới 55” chồng lên nhau ở các giá trị từ 45 đến "
        "dưới 50",
        "sửa các mức from, above, to, below để mỗi giá trị chỉ thuộc một khoảng",
    ),
    "bands that share one value": (
        "{to: 15, points: 15}\n            - {above: 15,",
        "{to: 15, points: 15}\n            - {from: 15,",
        "- {from: 15,",
        "criteria → income → bands → mục 2",
        "giá trị 15 thuộc cả hai khoảng “từ 0 đến 15” và “từ 15 đến 20”",
        "ghi below: 15 ở khoảng dưới, hoặc above: 15 ở khoảng trên",
    ),
    "a gap between bands": (
        "{from: 50, below: 55, points: 20}",
        "{from: 52, below: 55, points: 20}",
        "{from: 52",
        "criteria → poor_and_near_poor_rate → bands → mục 2",
        "các giá trị từ 50 đến dưới 52 chưa thuộc khoảng nào",
        "sửa mức của hai khoảng liền nhau cho khớp, hoặc thêm một khoảng",
    ),
    "a gap of one value": (
        "{from: 55, points: 30}",
        "{above: 55, points: 30}",
        "{above: 55, points: 30}",
        "criteria → poor_and_near_poor_rate → bands → mục 3",
        "giá trị đúng 55 chưa thuộc khoảng nào",
        "sửa mức của hai khoảng",
    ),
    "no band for low values": (
        "{below: 50, points: 10}",
        "{from: 10, below: 50, points: 10}",
        "{from: 10,",
        "criteria → poor_and_near_poor_rate → bands → mục 1",
        "các giá trị dưới 10 chưa thuộc khoảng nào",
        "thêm khoảng “{below: 10, points: …}” với số điểm đúng, kể cả khi là 0",
    ),
    "no band for high values": (
        "{above: 20, points: 5, name: Khá}",
        "{above: 20, to: 90, points: 5, name: Khá}",
        "{above: 20,",
        "criteria → income → bands → Khá",
        "các giá trị trên 90 chưa thuộc khoảng nào",
        "bỏ mức trên của khoảng cuối, hoặc thêm một khoảng",
    ),
    "percentages not up to a hundred": (
        "{from: 55, points: 30}",
        "{from: 55, below: 100, points: 30}",
        "{from: 55, below: 100",
        "criteria → poor_and_near_poor_rate → bands → mục 3",
        "giá trị đúng 100 chưa thuộc khoảng nào",
        "bỏ mức trên",
    ),
    "two bands without an upper end": (
        "{from: 50, below: 55, points: 20}",
        "{from: 50, points: 20}",
        "{from: 55, points: 30}",
        "criteria → poor_and_near_poor_rate → bands → mục 3",
        "hai khoảng “từ 50 trở lên” và “từ 55 trở lên” đều không ghi mức trên",
        "ghi to hoặc below cho khoảng thấp hơn",
    ),
    "ends upside down": (
        "{from: 50, below: 55, points: 20}",
        "{from: 55, below: 50, points: 20}",
        "{from: 55, below: 50",
        "criteria → poor_and_near_poor_rate → bands → mục 2",
        "mức dưới 55 lớn hơn mức trên 50",
        "đổi chỗ hai mức",
    ),
    "empty band": (
        "{from: 50, below: 55, points: 20}",
        "{from: 50, below: 50, points: 20}",
        "{from: 50, below: 50",
        "criteria → poor_and_near_poor_rate → bands → mục 2",
        "khoảng trống: không giá trị nào vừa from 50 vừa below 50",
        "ghi from: 50 và to: 50 nếu là đúng giá trị 50",
    ),
    "both from and above": (
        "{from: 50, below: 55, points: 20}",
        "{from: 50, above: 50, below: 55, points: 20}",
        "{from: 50, above",
        "bands → mục 2 → above",
        "ghi cả from lẫn above: hai mức dưới cho một khoảng",
        "giữ from (kể cả mức đó) hoặc above (không kể mức đó)",
    ),
    "both to and below": (
        "{above: 15, to: 20, points: 10}",
        "{above: 15, to: 20, below: 20, points: 10}",
        "{above: 15, to: 20, below",
        "bands → mục 2 → below",
        "ghi cả to lẫn below: hai mức trên cho một khoảng",
        "giữ to (kể cả mức đó) hoặc below (không kể mức đó)",
    ),
    "overlapping classes": (
        "{from: 40, points: 2}",
        "{from: 30, points: 2}",
        "{from: 30, points: 2}",
        "districts → classes → mục 2",
        "chồng lên nhau ở các giá trị từ 30 đến dưới 40",
        "chỉ thuộc một khoảng",
    ),
    "condition upside down": (
        "{column: poor_rate, from: 5}",
        "{column: poor_rate, from: 5, to: 4}",
        "{column: poor_rate, from: 5, to: 4}",
        "districts → eligible → poor_rate",
        "mức dưới 5 lớn hơn mức trên 4",
        "đổi chỗ hai mức",
    ),
    "word that a column does not have": (
        "is: [lowland]",
        "is: [lowlands]",
        "lowlands",
        "eligible → mục 2 → one_of → region → is",
        "cột region không có giá trị “lowlands”",
        "có phải là “lowland”?",
    ),
    "lookup of a word that a column does not have": (
        "mountainous: 2",
        "mountain: 2",
        "mountain: 2",
        "criteria → Nhóm → highest → region → lookup → mountain",
        "cột region không có giá trị “mountain”",
        "có phải là “mountainous”?",
    ),
    "words judged as numbers": (
        "{column: region, lookup: {highland: 3, mountainous: 2}, otherwise: 1}",
        "{column: region, per_unit: 2}",
        "per_unit: 2",
        "criteria → Nhóm → highest → region → per_unit",
        "cột region là cột chữ nên không dùng per_unit",
        "dùng lookup",
    ),
    "numbers judged as words": (
        "{column: households, per_unit: 1}",
        "{column: households, lookup: {ít: 1}}",
        "lookup: {ít",
        "criteria → households → lookup",
        "cột households là cột số nên không dùng lookup",
        "dùng bands, steps, per_unit hoặc share",
    ),
    "steps of nothing": (
        "every: 10",
        "every: 0",
        "every: 0",
        "criteria → Xã khó khăn → steps → every",
        "bước tăng (every) bằng 0",
        "ghi bước lớn hơn 0, chẳng hạn every: 10",
    ),
    "steps that begin before their base": (
        "beyond: 50",
        "beyond: 30",
        "beyond: 30",
        "criteria → Xã khó khăn → steps → beyond",
        "mức bắt đầu tăng (beyond) 30 thấp hơn mức đầu (from) 35",
        "ghi beyond bằng hoặc cao hơn from",
    ),
    "most below the base": (
        "most: 4",
        "most: 1",
        "most: 1",
        "criteria → Xã khó khăn → steps → most",
        "điểm tối đa (most) 1 thấp hơn điểm đầu (points) 2",
        "ghi most bằng hoặc cao hơn points",
    ),
    "cap below floor": (
        "floor: 200 triệu",
        "floor: 1.200 triệu",
        "cap: 900",
        "districts → cap",
        "mức trần (cap) 900 triệu thấp hơn mức sàn (floor) 1.200 triệu",
        "sửa một trong hai mức",
    ),
    "cap below floor in percent": (
        "floor: 200 triệu\n      cap: 900 triệu",
        'floor: 12%\n      cap: "10,5%"',
        "cap: ",
        "districts → cap",
        "mức trần (cap) 10,5% thấp hơn mức sàn (floor) 12%",
        "sửa một trong hai mức",
    ),
    "cap of nothing": (
        "cap: 900 triệu",
        "cap: 0%",
        "cap: 0%",
        "districts → cap",
        "mức trần (cap) bằng 0 thì không đơn vị nào được giao vốn",
        "xóa dòng cap",
    ),
    "cap below the rounding unit": (
        "floor: 200 triệu\n      cap: 900 triệu\n      minimum_lot: {amount: 300 triệu, action: "
        "warn}",
        "cap: 900 nghìn",
        "cap: 900 nghìn",
        "districts → cap",
        "mức trần (cap) 900.000 đồng nhỏ hơn đơn vị làm tròn 1 triệu",
        "tăng cap, hoặc giảm rounding_unit",
    ),
    "lot above cap": (
        "amount: 300 triệu, action",
        "amount: 950 triệu, action",
        "minimum_lot",
        "districts → minimum_lot → amount",
        "mức giao tối thiểu (minimum_lot) 950 triệu cao hơn mức trần (cap) 900 triệu",
        "sửa một trong hai mức",
    ),
    "floor, yet small units dropped": (
        "action: warn",
        "action: drop",
        "action: drop",
        "districts → minimum_lot → action",
        "mức sàn (floor) bảo đảm vốn cho mọi đơn vị, còn minimum_lot với action: drop lại "
        "không giao cho đơn vị nhỏ",
        "bỏ floor, hoặc ghi “action: warn”",
    ),
    "method without a reason": (
        "      reason: Không ưu tiên đơn vị lớn\n",
        "",
        "method: sainte_lague",
        "districts → method",
        "dùng phương pháp Sainte-Laguë mà chưa nêu lý do",
        "thêm dòng “reason: …”",
    ),
    "shares below a hundred": (
        "{column: equal, share: 30}",
        "{column: equal, share: 20}",
        "      criteria:\n        - {column: poor_and_near_poor, share: 70}",
        "communes → criteria",
        "tỷ trọng các tiêu chí cộng lại là 90%, phải đúng 100%",
        "cho đủ 100",
    ),
    "criterion named twice": (
        "column: equal, share: 30",
        "column: poor_and_near_poor, share: 30",
        "column: poor_and_near_poor, share: 30",
        "communes → criteria → poor_and_near_poor",
        "hai tiêu chí cùng tên “Số hộ nghèo và cận nghèo”",
        "đặt cho mỗi tiêu chí một tên riêng bằng dòng “name: …”",
    ),
    "share in a group": (
        "{column: flag, lookup: {yes: 5, no: 0}}",
        "{column: flag, share: 5}",
        "{column: flag, share: 5}",
        "criteria → Nhóm → highest → flag → share",
        "tiêu chí con của highest không dùng share",
        "share chỉ đứng riêng trong criteria",
    ),
    "share as a multiplier": (
        'column: region, lookup: {highland: "1,2"}, otherwise: 1}',
        "column: poor_rate, share: 100}",
        "column: poor_rate, share: 100}",
        "districts → multipliers → Hệ số vùng → share",
        "hệ số nhân (multipliers) không dùng share",
        "dùng bands, steps, per_unit hoặc lookup",
    ),
    "agencies beyond a hundred": (
        "{agency: SB, percent: 5}",
        "{agency: SB, percent: 95}",
        "    agencies:\n      - {agency: Sở A",
        "rules → DA1 → agencies",
        "phần của các sở, ngành cộng lại là 105%, vượt 100%",
        "giảm các tỷ lệ percent",
    ),
    "nothing left for districts": (
        "{agency: SB, percent: 5}",
        "{agency: SB, percent: 90}",
        "    agencies:\n      - {agency: Sở A",
        "rules → DA1 → agencies",
        "phần của các sở, ngành đã đủ 100% nên không còn vốn cho huyện, xã",
        "xóa districts và communes",
    ),
    "unknown agency": (
        "agency: Sở A,",
        "agency: Sở AA,",
        "agency: Sở AA",
        "rules → DA1 → agencies → Sở AA → agency",
        "sở, ngành “Sở AA” không có trong danh sách agencies của bộ quy tắc",
        "có phải là “Sở A”?",
    ),
    "agency twice in a rule": (
        "agency: SB,",
        "agency: SA,",
        "agency: SA,",
        "rules → DA1 → agencies → SA → agency",
        "“SA” ghi hai lần trong một quy tắc",
        "cộng hai dòng làm một",
    ),
    "agency code twice": (
        "code: SB",
        "code: SA",
        "{code: SA, name: Sở B}",
        "agencies → SA → code",
        "“SA” đã dùng cho cơ quan ở mục 1",
        "một mã và một tên riêng",
    ),
    "reserve of all": (
        "reserve: {percent: 5,",
        "reserve: {percent: 100,",
        "reserve: {percent: 100",
        "rules → DA1 → reserve → percent",
        "dự phòng 100% thì không còn vốn để phân bổ",
        "ghi tỷ lệ nhỏ hơn 100",
    ),
    "pot twice": (
        "{source: NSĐP, type: SN, amount: 500 triệu}",
        "{source: NSTW, type: SN, amount: 500 triệu}",
        "{source: NSTW, type: SN, amount: 500 triệu}",
        "rules → DA1 → pots → mục 2",
        "nguồn NSTW, loại vốn SN đã ghi ở mục 1",
        "cộng hai dòng làm một",
    ),
    "pot of both kinds": (
        "type: SN, percent: 40}",
        "type: SN, percent: 40, amount: 1 triệu}",
        "percent: 40, amount",
        "rules → DA1 → pots → mục 1",
        "khoản vốn phải ghi đúng một trong hai: amount, percent",
        "ghi amount (số tiền) hoặc percent",
    ),
    "levels below a hundred": (
        "district: 40",
        "district: 30",
        "levels: {province: 60",
        "counterpart → mục 1 → levels",
        "phần của các cấp ngân sách cộng lại là 90%, phải đúng 100%",
        "sửa các tỷ lệ cho đủ 100",
    ),
    "levels beyond a hundred with one unknown": (
        "levels: {province: 60, district: 40}",
        "levels: {province: 60, district: 50, commune: chưa có}",
        "levels: {province: 60",
        "counterpart → mục 1 → levels",
        "phần của các cấp ngân sách cộng lại là 110%, vượt 100%",
        "giảm các tỷ lệ",
    ),
    "counterpart of itself": (
        "of: NSTW, source: NSĐP, percent: 5",
        "of: NSĐP, source: NSĐP, percent: 5",
        "of: NSĐP",
        "rules → DA2, DA3 → counterpart → mục 1 → source",
        "vốn đối ứng của nguồn NSĐP không thể lấy từ chính nguồn đó",
        "NSĐP",
    ),
    "counterpart twice": (
        "counterpart:\n      - {type: ĐTPT,",
        "counterpart:\n"
        "      - {type: ĐTPT, of: A, source: B, percent: 1, levels: {province: 100}}\n"
        "      - {type: ĐTPT,",
        "- {type: ĐTPT, of: NSTW",
        "rules → DA2, DA3 → counterpart → mục 2",
        "vốn đối ứng của loại vốn ĐTPT đã ghi ở mục 1",
        "giữ một mục, xóa mục kia",
    ),
    "group without a name": (
        "- name: Nhóm\n          highest:",
        "- highest:",
        "- highest:",
        "districts → criteria → mục 4",
        "tiêu chí “highest” chưa có tên",
        "thêm dòng “name: …”",
    ),
    "line in two rules": (
        "lines: [DA2, DA3]",
        "lines: [DA2, DA1]",
        "lines: [DA2, DA1]",
        "rules → DA2, DA1 → lines → mục 2",
        "“DA1” đã có ở quy tắc thứ 1; mỗi dự án, tiểu dự án chỉ có một quy tắc",
        "xóa bớt một chỗ",
    ),
    "line twice in a rule": (
        "lines: [DA2, DA3]",
        "lines: [DA2, DA2]",
        "lines: [DA2, DA2]",
        "rules → DA2, DA2 → lines → mục 2",
        "“DA2” ghi hai lần",
        "xóa bớt một chỗ",
    ),
    "end before start": (
        "to: 2024-12-31",
        "to: 2023-12-31",
        "to: 2023-12-31",
        "valid → to",
        "ngày hết hiệu lực 31/12/2023 trước ngày có hiệu lực 01/01/2024",
        "sửa valid → from hoặc valid → to",
    ),
    "rule for nobody": (
        "    districts:\n      eligible: all\n      criteria:\n"
        "        - {column: households, per_unit: 1}\n",
        "",
        "- lines: [DA2",
        "rules → DA2, DA3",
        "quy tắc chưa nói vốn giao cho ai",
        "thêm agencies (sở, ngành), districts (huyện) hoặc communes (xã)",
    ),
    "two ways of giving points": (
        "{column: households, per_unit: 1}",
        "{column: households, per_unit: 1, share: 100}",
        "per_unit: 1, share",
        "criteria → households",
        "có 2 cách tính điểm (per_unit, share)",
        "ghi đúng một trong: bands, steps, per_unit, share, lookup, highest, sum",
    ),
    "no way of giving points": (
        "{column: households, per_unit: 1}",
        "{column: households}",
        "{column: households}",
        "criteria → households",
        "chưa có cách tính điểm",
        "ghi đúng một trong",
    ),
    "no column": (
        "{column: households, per_unit: 1}",
        "{per_unit: 1}",
        "{per_unit: 1}",
        "criteria → mục 1",
        "thiếu khóa “column” cho cách tính per_unit",
        "ghi tên cột số liệu",
    ),
    "unknown group": (
        "eligible: all\n      criteria:\n        - {column: households",
        "eligible: mountain\n      criteria:\n        - {column: households",
        "eligible: mountain",
        "rules → DA2, DA3 → districts → eligible → mục 1 → group",
        "không có nhóm đơn vị “mountain”",
        "có phải là “mountains”?",
    ),
    "mistyped key with an alias near": (
        "{column: poor_rate, from: 5}",
        "{column: poor_rate, form: 5}",
        "form: 5",
        "eligible → poor_rate → form",
        "không có khóa “form”",
        "có phải là “from”?",
    ),
    "missing key with an alias": (
        "steps: {from: 35, under",
        "steps: {under",
        "steps: {under",
        "criteria → Xã khó khăn → steps",
        "thiếu khóa “from”",
        "thêm dòng “from: 45”",
    ),
    "missing key in a group": (
        "{column: flag, lookup: {yes: 5, no: 0}}",
        "{column: flag, bands: [{from: 0}]}",
        "bands: [{from: 0}]",
        "criteria → Nhóm → highest → flag → bands → mục 1",
        "thiếu khóa “points”",
        "thêm dòng “points: 2”",
    ),
    "blank bound": (
        "cap: 900 triệu",
        "cap:",
        "cap:",
        "districts → cap",
        "chưa ghi",
        "",
    ),
    "blank steps' most": (
        ", most: 4}",
        ", most: }",
        "most: ",
        "steps → most",
        "chưa ghi",
        "ghi",
    ),
    "number with two readings": (
        "{column: poor_rate, from: 5}",
        "{column: poor_rate, from: 5.125}",
        "from: 5.125",
        "eligible → poor_rate → from",
        "số “5.125” có hai cách đọc",
        'ghi 5125 hoặc "5,125"',
    ),
    "negative points": (
        "points: 30}",
        "points: -30}",
        "points: -30",
        "bands → mục 3 → points",
        "số “-30” là số âm",
        "ghi số dương hoặc 0",
    ),
    "earmark of nothing": (
        "amount: 100 triệu",
        "amount: 0",
        "amount: 0",
        "earmarks → Mô hình điểm → amount",
        "số tiền phải lớn hơn 0",
        "ghi chẳng hạn",
    ),
    "bound that is no amount": (
        "cap: 900 triệu",
        "cap: nhiều",
        "cap: nhiều",
        "districts → cap",
        "“nhiều” không phải số tiền",
        "hoặc tỷ lệ phần trăm của khoản vốn, chẳng hạn “30%”",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_once(refuse: Refuse, case: str) -> None:
    """One mistake is one problem: file, line and key, what is wrong and what to write."""
    old, new, words, keys, what, todo = CASES[case]
    (found,) = refuse((old, new))
    line = line_of(TEXT.replace(old, new, 1), words)
    assert found.where.startswith(f"params/rules/thu.yaml, dòng {line}, khóa ")
    assert found.where.endswith(keys)
    assert what in found.what
    assert todo in found.todo


def test_pots_beyond_a_source(refuse: Refuse) -> None:
    """Percent pots of several rules that take more than all of a source are refused once."""
    pots = "[{source: NSTW, type: SN, percent: 70}, {source: NSTW, type: SN2, percent: 70}]"
    (problem,) = refuse(("lines: [DA2, DA3]", f"lines: [DA2]\n    pots: {pots}"))
    assert problem.where.endswith("rules → DA2 → pots → mục 1 → percent")
    assert problem.what == ("các khoản vốn của nguồn NSTW, loại vốn SN cộng lại là 110%, vượt 100%")


def test_agencies_alone_must_take_all(refuse: Refuse) -> None:
    """A pot that only agencies share, and that they do not fill, leaves money with nobody."""
    sharing = TEXT[TEXT.index("    districts:\n") : TEXT.index("  - lines: [DA2, DA3]")]
    (problem,) = refuse((sharing, ""))
    assert problem.where.endswith("rules → DA1 → agencies")
    assert problem.what == "phần của các sở, ngành cộng lại là 15%, còn 85% chưa giao cho ai"


def test_earmarks_and_pots_of_several_lines(refuse: Refuse) -> None:
    """Neither earmarks nor pots may stand in a rule for several lines."""
    pots, earmarks = refuse(("lines: [DA1]", "lines: [DA1, DA4]"))
    assert pots.where.endswith("rules → DA1, DA4 → pots")
    assert pots.what == "quy tắc chung cho 2 dự án, tiểu dự án nên không ghi pots"
    assert earmarks.where.endswith("rules → DA1, DA4 → earmarks")
    assert earmarks.todo == "tách dự án có earmarks thành một quy tắc riêng"


def test_all_at_once_around_what_is_malformed(refuse: Refuse) -> None:
    """A malformed value hides nothing else, not even in its own rule."""
    problems = refuse(
        ("title: Quy tắc thử", "titel: Quy tắc thử"),
        ("every: 10", "every: 0"),
        ("cap: 900 triệu", "cap: lớn"),
        ("{agency: SB, percent: 5}", "{agency: SC, percent: 5}"),
        ("{from: 50, below: 55, points: 20}", "{from: 52, below: 55, points: 20}"),
        ("share: 30}", "share: 25}"),
    )
    lines = [int(problem.where.split("dòng ")[1].split(",")[0]) for problem in problems]
    assert lines == sorted(lines)
    assert [problem.where.rpartition(" → ")[2].split()[-1] for problem in problems] == [
        "titel",
        "2",
        "every",
        "cap",
        "criteria",
    ]


def test_unknown_numbers_are_no_contradiction(tmp_path: Path) -> None:
    """Where a number says "chưa có", what depends on it is left unjudged."""
    rules = load(
        tmp_path,
        ("{from: 50, below: 55, points: 20}", "{from: chưa có, below: 55, points: Chưa Có}"),
        ("cap: 900 triệu", "cap: chưa có"),
        ("percent: 10}\n", "percent: chưa có}\n"),
        ("share: 30}", "share: chưa có}"),
        ("every: 10", "every: chưa có"),
        ("from: 2024-01-01, to: 2024-12-31", "from: chưa có, to: 2023-01-01"),
    )
    assert rules.valid.from_ is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("eligible: all\n", "eligible: [mountains, {column: poor_rate, from: 5}]\n"),
        ("eligible: all\n", "eligible: {column: khu_vuc, is: III}\n"),
        ("eligible: all\n", "eligible: {column: flag, not: [a, 1]}\n"),
        (
            "classes:\n        - {below: 40, points: 1}\n        - {from: 40, points: 2}",
            "classes: chưa có",
        ),
        ("{from: 55, points: 30}", "{from: 55, to: 100, points: 30}"),
        ("{below: 50, points: 10}", "{from: 0, below: 50, points: 10}"),
        ("cap: 900 triệu", "cap: 40%"),
    ],
)
def test_other_ways_to_write_the_same(tmp_path: Path, old: str, new: str) -> None:
    """Words for groups, single conditions, unknown classes and closed percentages are accepted."""
    load(tmp_path, (old, new))


def test_missing_file_is_called_a_rule_file(refuse: Refuse, tmp_path: Path) -> None:
    """A rule file that is not there is refused with the rule files that are."""
    load(tmp_path)
    with pytest.raises(InputRefused) as caught:
        load_rules(tmp_path / "params" / "rules" / "thuu.yaml")
    (problem,) = caught.value.problems
    assert problem.what == "không có tệp quy tắc này"
    assert problem.todo == "có phải là “thu”? Trong thư mục params/rules có: thu.yaml"


def test_no_english_reaches_the_planner(tmp_path: Path) -> None:
    """Whatever stands wrongly at whatever place, each error has its Vietnamese sentence."""
    path = tmp_path / "thu.yaml"
    path.write_text(TEXT, encoding="utf-8")
    raw = read_source(path).value
    for way in ways(raw):
        for wrong in WRONG:
            changed = copy.deepcopy(raw)
            inner = changed
            for step in way[:-1]:
                inner = inner[step]
            inner[way[-1]] = wrong
            check_rules(Source("thu.yaml", changed, {}, ()))
            try:
                RuleSetContent.model_validate(changed)
            except ValidationError as error:
                errors = error.errors(include_url=False)
                assert {found["type"] for found in errors} <= set(TRANSLATED)
                findings = findings_of(errors, RuleSetContent)
                assert all(finding.todo for finding in findings), way
                assert "giá trị không hợp lệ" not in {finding.what for finding in findings}


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.data())
def test_any_slip_of_the_hand(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Letters dropped or typed anywhere give rules that fit together or problems, never a crash."""
    text = TEXT
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 12))
        typed = data.draw(st.text(alphabet=":,{}[]\"'#-&*!|>%@`\t\n \x00ệ1.", max_size=3))
        text = text[:start] + typed + text[end:]
    path = tmp_path_factory.getbasetemp() / "slip.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        rules = load_rules(path)
    except InputRefused:
        return
    assert rules.rules

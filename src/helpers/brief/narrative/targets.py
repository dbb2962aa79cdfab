"""Sentences about targets: what was to be reached, what has been, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers import words
from helpers.brief.dates import as_of_words, is_year_end, newest
from helpers.brief.reader import Brief
from helpers.progress.pace import AT_RISK, EXCEEDED, MISSED, REACHED, SLOW, UNKNOWN
from helpers.text import listing

__all__ = [
    "count_target_sentence",
    "district_targets_sentence",
    "groups_paragraph",
    "target_sentence",
    "targets_summary",
]

Row = Mapping[str, Any]

WORDS = (EXCEEDED, REACHED, SLOW, AT_RISK, MISSED)
"""The judgements, best first."""

BEHIND: Mapping[str, str] = {
    MISSED: "Chưa đạt",
    AT_RISK: "Có nguy cơ không đạt",
    SLOW: "Chậm",
}
"""The judgements whose districts are named, gravest first, and how a sentence begins with them."""

WITHIN_YEAR: Mapping[str, str] = {
    EXCEEDED: "vượt mức phải đạt đến nay",
    REACHED: "đạt mức phải đạt đến nay",
    SLOW: "chậm so với mức phải đạt đến nay",
    AT_RISK: "có nguy cơ không đạt: thấp xa mức phải đạt đến nay",
}
"""What a judgement within the year says."""


def target_sentence(row: Row) -> str:
    """Say one area's target, what has been reached, and what is left."""
    goal = f"{words.points_range(row['target_low'], row['target_high'])} điểm phần trăm"
    area = _within(row["area"])
    if row["cut"] is None:
        return (
            f"{area} có mục tiêu giảm {goal}; tỷ lệ hộ nghèo {as_of_words(row)} là"
            f" {words.rate(row['current_rate'])}, cần giảm ít nhất"
            f" {words.households(row['to_low'])} để đạt mức thấp của mục tiêu."
        )
    if not is_year_end(row):
        return f"{area} {_moved(row)}, {_on_the_way(row)}."
    ending = {
        EXCEEDED: f"vượt mục tiêu giảm {goal}",
        REACHED: f"đạt mục tiêu giảm {goal}",
        MISSED: f"chưa đạt mục tiêu giảm {goal}; còn phải giảm thêm"
        f" {words.households(row['to_low'])} để đạt mức thấp",
    }[row["result"]]
    return f"{area} {_moved(row)}, {ending}."


def _on_the_way(row: Row) -> str:
    """Say how a cut within the year stands to what is due by now, and what the year still needs."""
    due = words.points_range(row["due_low"], row["due_high"])
    goal = words.points_range(row["target_low"], row["target_high"])
    left = (
        f"còn phải giảm {words.households(row['to_low'])} để đạt mức thấp"
        if row["to_low"]
        else "đã đủ mức thấp"
    )
    return (
        f"{WITHIN_YEAR[row['result']]} ({due}); mục tiêu cả năm là giảm {goal} điểm phần trăm,"
        f" {left}"
    )


def _moved(row: Row) -> str:
    """Say how a rate moved between two days."""
    now = f"{words.rate(row['current_rate'])} {as_of_words(row)}"
    if row["cut"] == 0:
        return f"không giảm, vẫn là {now}"
    verb, arrow = ("giảm", "còn") if row["cut"] > 0 else ("tăng", "lên")
    before = f"{words.rate(row['baseline_rate'])} cuối năm {row['baseline_year']}"
    return f"{verb} {words.points(abs(row['cut']))}, từ {before} {arrow} {now}"


def _within(area: str) -> str:
    """Return an area's name as a sentence begins with it."""
    return f"{area[0].upper()}{area[1:]}"


def targets_summary(brief: Brief) -> str:
    """Say how many districts reach their targets, or keep their pace, and name the others."""
    rows = brief.table("targets").rows(group="district")
    judged = rows[rows["result"] != UNKNOWN]
    if judged.empty:
        return "Chưa có số liệu của năm kế hoạch để đánh giá mục tiêu của các huyện."
    now = newest(judged)
    counts = {word: int((judged["result"] == word).sum()) for word in WORDS}
    said = listing(
        f"{number} đơn vị {'có ' * (word == AT_RISK)}{word}"
        for word, number in counts.items()
        if number
    )
    opening = f"Trong {len(judged)} huyện, thành phố, thị xã: {said} mục tiêu giảm nghèo."
    if not is_year_end(now):
        opening = (
            f"So với mức phải đạt {as_of_words(now)}, trong {len(judged)} huyện, thành phố, thị xã"
            f" có {said}."
        )
    named = []
    for word, begun in BEHIND.items():
        behind = judged[judged["result"] == word].sort_values(
            ["to_low", "area_code"], ascending=[False, True]
        )
        if len(behind):
            left = listing(
                f"{row.area} (còn {words.households(row.to_low)})" for row in behind.itertuples()
            )
            named.append(f"{begun}: {left}.")
    missing = len(rows) - len(judged)
    if missing:
        named.append(f"Còn {missing} đơn vị chưa có số liệu.")
    return " ".join([opening, *named])


def groups_paragraph(brief: Brief) -> str:
    """Say target and result of the province and each of its groups, a list item each."""
    rows = brief.table("targets").frame
    items = [target_sentence(row) for row in rows[rows["group"] != "district"].to_dict("records")]
    counts = brief.table("count_targets").frame
    items += [
        count_target_sentence(row)
        for row in counts[counts["group"] != "district"].to_dict("records")
    ]
    return "\n".join(f"- {item}" for item in items)


def count_target_sentence(row: Row) -> str:
    """Say one area's target in numbers of poor households, and how far it is."""
    ends = dict.fromkeys([words.count(row["target_low"]), words.count(row["target_high"])])
    goal = f"{'–'.join(ends)} hộ nghèo"
    name = row["area"] if row["group"] == "district" else row["area"].lower()
    begun = f"Tính theo số hộ, {name}"
    if row["cut"] is None:
        return (
            f"{begun} có mục tiêu giảm {goal}; số hộ nghèo {as_of_words(row)} là"
            f" {words.households(row['current'])}."
        )
    verb = "giảm" if row["cut"] >= 0 else "tăng"
    moved = f"{verb} {words.households(abs(row['cut']))} nghèo, {as_of_words(row)} còn"
    moved += f" {words.households(row['current'])}"
    left = f"; còn phải giảm {words.households(row['to_low'])}" if row["to_low"] else ""
    if is_year_end(row):
        return f"{begun} {moved}, {row['result']} mục tiêu giảm {goal}{left}."
    return f"{begun} {moved}, {WITHIN_YEAR[row['result']]}; mục tiêu cả năm là giảm {goal}{left}."


def district_targets_sentence(brief: Brief, district_code: str) -> str:
    """Say one district's target and result, and whose target it is when not its own."""
    row = brief.table("targets").one(area_code=district_code)
    said = [target_sentence(row)]
    if row["basis"] != row["area"]:
        group = str(row["basis"])
        said.append(f"Mục tiêu này lấy theo nhóm {group[0].lower()}{group[1:]}.")
    counts = brief.table("count_targets").records(area_code=district_code)
    said += map(count_target_sentence, counts)
    return " ".join(said)

"""Sentences about targets: what was to be reached, what has been, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers import words
from helpers.brief.reader import Brief
from helpers.text import listing

__all__ = ["district_targets_sentence", "groups_paragraph", "target_sentence", "targets_summary"]

Row = Mapping[str, Any]


def target_sentence(row: Row) -> str:
    """Say one area's target, what has been reached, and what is left."""
    goal = f"{words.points_range(row['target_low'], row['target_high'])} điểm phần trăm"
    area = _within(row["area"])
    if row["cut"] is None:
        return (
            f"{area} có mục tiêu giảm {goal}; tỷ lệ hộ nghèo cuối năm {row['current_year']} là"
            f" {words.rate(row['current_rate'])}, cần giảm ít nhất"
            f" {words.households(row['to_low'])} để đạt mức thấp của mục tiêu."
        )
    ending = {
        "vượt": f"vượt mục tiêu giảm {goal}",
        "đạt": f"đạt mục tiêu giảm {goal}",
        "chưa đạt": f"chưa đạt mục tiêu giảm {goal}; còn phải giảm thêm"
        f" {words.households(row['to_low'])} để đạt mức thấp",
    }[row["result"]]
    return f"{area} {_moved(row)}, {ending}."


def _moved(row: Row) -> str:
    """Say how a rate moved between two year-ends."""
    now = f"{words.rate(row['current_rate'])} cuối năm {row['current_year']}"
    if row["cut"] == 0:
        return f"không giảm, vẫn là {now}"
    verb, arrow = ("giảm", "còn") if row["cut"] > 0 else ("tăng", "lên")
    before = f"{words.rate(row['baseline_rate'])} cuối năm {row['baseline_year']}"
    return f"{verb} {words.points(abs(row['cut']))}, từ {before} {arrow} {now}"


def _within(area: str) -> str:
    """Return an area's name as a sentence begins with it."""
    return f"{area[0].upper()}{area[1:]}"


def targets_summary(brief: Brief) -> str:
    """Say how many districts reach their targets and name those that do not."""
    rows = brief.table("targets").rows(group="district")
    judged = rows[rows["result"] != "chưa có số liệu"]
    if judged.empty:
        return "Chưa có số liệu cuối năm để đánh giá mục tiêu của các huyện."
    counts = {word: int((judged["result"] == word).sum()) for word in ("vượt", "đạt", "chưa đạt")}
    said = listing(f"{number} đơn vị {word}" for word, number in counts.items() if number)
    behind = judged[judged["result"] == "chưa đạt"].sort_values(
        ["to_low", "area_code"], ascending=[False, True]
    )
    if behind.empty:
        return f"Trong {len(judged)} huyện, thành phố, thị xã: {said} mục tiêu."
    named = listing(
        f"{row.area} (còn {words.households(row.to_low)})" for row in behind.itertuples()
    )
    return (
        f"Trong {len(judged)} huyện, thành phố, thị xã: {said} mục tiêu giảm tỷ lệ hộ nghèo."
        f" Chưa đạt: {named}."
    )


def groups_paragraph(brief: Brief) -> str:
    """Say target and result of the province and each of its groups, a list item each."""
    rows = brief.table("targets").frame
    groups = rows[rows["group"] != "district"].to_dict("records")
    return "\n".join(f"- {target_sentence(row)}" for row in groups)


def district_targets_sentence(brief: Brief, district_code: str) -> str:
    """Say one district's target and result, and whose target it is when not its own."""
    row = brief.table("targets").one(area_code=district_code)
    sentence = target_sentence(row)
    if row["basis"] == row["area"]:
        return sentence
    group = str(row["basis"])
    return f"{sentence} Mục tiêu này lấy theo nhóm {group[0].lower()}{group[1:]}."

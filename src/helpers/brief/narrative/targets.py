"""Sentences about targets: what was to be reached, what has been, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers import words
from helpers.brief.dates import as_of_words, is_year_end, newest
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.progress.pace import AT_RISK, EXCEEDED, MISSED, REACHED, SLOW, UNKNOWN
from helpers.retelling import name
from helpers.text import listing

__all__ = [
    "count_target_sentence",
    "district_targets_sentence",
    "groups_paragraph",
    "target_sentence",
    "targets_summary",
]

Row = Mapping[str, Any]

COUNTED: Mapping[str, str] = {
    EXCEEDED: "{n} đơn vị vượt",
    REACHED: "{n} đơn vị đạt",
    SLOW: "{n} đơn vị chậm",
    AT_RISK: "{n} đơn vị có nguy cơ không đạt",
    MISSED: "{n} đơn vị chưa đạt",
}
"""The judgements, best first, and how many districts have each."""

BEHIND: Mapping[str, str] = {
    MISSED: "Chưa đạt: {named}.",
    AT_RISK: "Có nguy cơ không đạt: {named}.",
    SLOW: "Chậm: {named}.",
}
"""The judgements whose districts are named, gravest first."""

ENDED: Mapping[str, str] = {
    EXCEEDED: "{area} {moved}, vượt mục tiêu giảm {goal} điểm phần trăm.",
    REACHED: "{area} {moved}, đạt mục tiêu giảm {goal} điểm phần trăm.",
    MISSED: "{area} {moved}, chưa đạt mục tiêu giảm {goal} điểm phần trăm; còn phải giảm thêm"
    " {households} để đạt mức thấp.",
}
"""What is said of an area at the year-end."""

WITHIN_YEAR: Mapping[str, str] = {
    EXCEEDED: "vượt mức phải đạt đến nay",
    REACHED: "đạt mức phải đạt đến nay",
    SLOW: "chậm so với mức phải đạt đến nay",
    AT_RISK: "có nguy cơ không đạt: thấp xa mức phải đạt đến nay",
}
"""What a judgement within the year says."""

COUNTS: Mapping[str, str] = {
    EXCEEDED: "{begun} {moved}, vượt mục tiêu giảm {goal} hộ nghèo{left}.",
    REACHED: "{begun} {moved}, đạt mục tiêu giảm {goal} hộ nghèo{left}.",
    MISSED: "{begun} {moved}, chưa đạt mục tiêu giảm {goal} hộ nghèo{left}.",
}
"""What is said at the year-end of a target in numbers of households."""


def target_sentence(row: Row) -> str:
    """Say one area's target, what has been reached, and what is left."""
    goal = words.points_range(row["target_low"], row["target_high"])
    area = _within(name(row["area"]))
    if row["cut"] is None:
        return say(
            "{area} có mục tiêu giảm {goal} điểm phần trăm; tỷ lệ hộ nghèo {when} là {rate}, cần"
            " giảm ít nhất {households} để đạt mức thấp của mục tiêu.",
            area=area,
            goal=goal,
            when=as_of_words(row),
            rate=words.rate(row["current_rate"]),
            households=words.households(row["to_low"]),
        )
    if not is_year_end(row):
        return say("{area} {moved}, {judged}.", area=area, moved=_moved(row), judged=_way(row))
    return say(
        ENDED[row["result"]],
        area=area,
        moved=_moved(row),
        goal=goal,
        households=words.households(row["to_low"]),
    )


def _way(row: Row) -> str:
    """Say how a cut within the year stands to what is due by now, and what the year still needs."""
    left = (
        say(
            "còn phải giảm {households} để đạt mức thấp",
            households=words.households(row["to_low"]),
        )
        if row["to_low"]
        else say("đã đủ mức thấp")
    )
    return say(
        "{judged} ({due}); mục tiêu cả năm là giảm {goal} điểm phần trăm, {left}",
        judged=say(WITHIN_YEAR[row["result"]]),
        due=words.points_range(row["due_low"], row["due_high"]),
        goal=words.points_range(row["target_low"], row["target_high"]),
        left=left,
    )


def _moved(row: Row) -> str:
    """Say how a rate moved between two days."""
    now = {"rate": words.rate(row["current_rate"]), "when": as_of_words(row)}
    if row["cut"] == 0:
        return say("không giảm, vẫn là {rate} {when}", **now)
    moved = {
        "points": words.points(abs(row["cut"])),
        "before": words.rate(row["baseline_rate"]),
        "year": row["baseline_year"],
        **now,
    }
    if row["cut"] > 0:
        return say("giảm {points}, từ {before} cuối năm {year} còn {rate} {when}", **moved)
    return say("tăng {points}, từ {before} cuối năm {year} lên {rate} {when}", **moved)


def _within(area: str) -> str:
    """Return an area's name as a sentence begins with it."""
    return f"{area[0].upper()}{area[1:]}"


def targets_summary(brief: Brief) -> str:
    """Say how many districts reach their targets, or keep their pace, and name the others."""
    rows = brief.table("targets").rows(group="district")
    judged = rows[rows["result"] != UNKNOWN]
    if judged.empty:
        return say("Chưa có số liệu của năm kế hoạch để đánh giá mục tiêu của các huyện.")
    now = newest(judged)
    counts = {word: int((judged["result"] == word).sum()) for word in COUNTED}
    said = listing(say(COUNTED[word], n=number) for word, number in counts.items() if number)
    number = len(judged)
    opening = (
        say(
            "Trong {n} huyện, thành phố, thị xã: {said} mục tiêu giảm nghèo.",
            n=number,
            said=said,
        )
        if is_year_end(now)
        else say(
            "So với mức phải đạt {when}, trong {n} huyện, thành phố, thị xã có {said}.",
            n=number,
            said=said,
            when=as_of_words(now),
        )
    )
    named = []
    for word, begun in BEHIND.items():
        behind = judged[judged["result"] == word].sort_values(
            ["to_low", "area_code"], ascending=[False, True]
        )
        if len(behind):
            left = listing(
                say(
                    "{area} (còn {households})",
                    area=name(row.area),
                    households=words.households(row.to_low),
                )
                for row in behind.itertuples()
            )
            named.append(say(begun, named=left))
    missing = len(rows) - len(judged)
    if missing:
        named.append(say("Còn {n} đơn vị chưa có số liệu.", n=missing))
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
    goal = "–".join(ends)
    area = name(row["area"])
    area = area if row["group"] == "district" else f"{area[0].lower()}{area[1:]}"
    begun = say("Tính theo số hộ, {area}", area=area)
    if row["cut"] is None:
        return say(
            "{begun} có mục tiêu giảm {goal} hộ nghèo; số hộ nghèo {when} là {households}.",
            begun=begun,
            goal=goal,
            when=as_of_words(row),
            households=words.households(row["current"]),
        )
    left = say("; còn phải giảm {households}", households=words.households(row["to_low"]))
    said = {
        "begun": begun,
        "moved": _counted(row),
        "goal": goal,
        "left": left if row["to_low"] else "",
    }
    if is_year_end(row):
        return say(COUNTS[row["result"]], **said)
    return say(
        "{begun} {moved}, {judged}; mục tiêu cả năm là giảm {goal} hộ nghèo{left}.",
        judged=say(WITHIN_YEAR[row["result"]]),
        **said,
    )


def _counted(row: Row) -> str:
    """Say how the number of poor households moved until now."""
    said = {
        "change": words.households(abs(row["cut"])),
        "when": as_of_words(row),
        "now": words.households(row["current"]),
    }
    if row["cut"] > 0:
        return say("giảm {change} nghèo, {when} còn {now}", **said)
    if row["cut"] < 0:
        return say("tăng {change} nghèo, {when} lên {now}", **said)
    return say("không giảm, {when} vẫn là {now} nghèo", when=said["when"], now=said["now"])


def district_targets_sentence(brief: Brief, district_code: str) -> str:
    """Say one district's target and result, and whose target it is when not its own."""
    row = brief.table("targets").one(area_code=district_code)
    said = [target_sentence(row)]
    if row["basis"] != row["area"]:
        group = name(str(row["basis"]))
        group = f"{group[0].lower()}{group[1:]}"
        said.append(say("Mục tiêu này lấy theo nhóm {group}.", group=group))
    counts = brief.table("count_targets").records(area_code=district_code)
    said += map(count_target_sentence, counts)
    return " ".join(said)

"""The first page: the numbers to remember and the main risks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers import words
from helpers.brief.blocks import KeyFigure, KeyFigures
from helpers.brief.dates import as_of_words, is_year_end, newest, until_words
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.brief.rough import rough, short_chance
from helpers.retelling import name, retold
from helpers.text import listing, parted

__all__ = ["district_numbers", "province_numbers", "risk_list"]

Row = Mapping[str, Any]


def _result_item(row: Row, year: int) -> KeyFigure:
    """Return the cut made and its judgement, or while it is open, the goal."""
    goal = words.points_range(row["target_low"], row["target_high"])
    if row["cut"] is None:
        return KeyFigure(
            say("{points} điểm %", points=goal),
            say("Mục tiêu giảm năm {year}", year=year),
            say("chưa có số liệu trong năm"),
        )
    cut = say("{points} điểm %", points=words.decimal(row["cut"], 2))
    label = say("Mức giảm {period}", period=until_words(row))
    result = retold(row["result"])
    if is_year_end(row):
        return KeyFigure(cut, label, say("mục tiêu {goal}: {result}", goal=goal, result=result))
    due = words.points_range(row["due_low"], row["due_high"])
    return KeyFigure(cut, label, say("phải đạt {due}: {result}", due=due, result=result))


def _likely_items(brief: Brief, code: str) -> tuple[KeyFigure, ...]:
    """Return how likely the target is, while its year is open and there is a forecast."""
    rows = brief.table("forecast").records(area_code=code)
    if not rows or rows[0]["probability_low"] is None:
        return ()
    (row,) = rows
    expected = say("dự báo cuối năm {rate}", rate=rough(row["expected"]))
    return (
        KeyFigure(short_chance(row["probability_low"]), say("Khả năng đạt mức thấp"), expected),
    )


def _rate_item(row: Row) -> KeyFigure:
    """Return the newest rate, with the number of households behind it."""
    label = say("Tỷ lệ hộ nghèo {when}", when=as_of_words(row))
    poor = words.households(row["poor_households"])
    return KeyFigure(words.rate(row["current_rate"]), label, poor)


def province_numbers(brief: Brief) -> KeyFigures:
    """Return the first page's numbers: capital, rate, cut, districts on target."""
    total = brief.table("capital_by_project").one(code="total")["total"]
    targets = brief.table("targets")
    province = targets.one(area_code="province")
    districts = targets.rows(group="district")
    reached = districts[districts["result"].isin(["vượt", "đạt"])]
    projects = len(brief.table("capital_by_project").rows(level="project"))
    items = (
        KeyFigure(
            words.money(total),
            say("Tổng vốn năm {year}", year=brief.year),
            say("{n} dự án", n=projects),
        ),
        _rate_item(province),
        _result_item(province, brief.year),
        _reached_item(province, len(reached), len(districts))
        if province["cut"] is not None
        else _to_go_item(province, None),
        *_likely_items(brief, "province"),
    )
    return KeyFigures(items=items)


def _reached_item(province: Row, reached: int, number: int) -> KeyFigure:
    """Return how many districts reach their targets, or within the year keep their pace."""
    share = f"{reached}/{number}"
    if is_year_end(province):
        return KeyFigure(share, say("Huyện đạt mục tiêu"), say("đạt hoặc vượt"))
    return KeyFigure(share, say("Huyện kịp nhịp độ"), say("đạt hoặc vượt mức phải đạt đến nay"))


def district_numbers(brief: Brief, district_code: str) -> KeyFigures:
    """Return the first numbers of a district's brief: capital, rate, cut, and what is to go."""
    capital = brief.table("capital_by_district").one(district_code=district_code)
    target = brief.table("targets").one(area_code=district_code)
    items = (
        KeyFigure(
            words.money(capital["total"]),
            say("Vốn năm {year}", year=brief.year),
            say("thứ {rank}/{districts} huyện", rank=capital["rank"], districts=brief.districts),
        ),
        _rate_item(target),
        _result_item(target, brief.year),
        _to_go_item(target, capital["per_poor_household"]),
        *_likely_items(brief, district_code),
    )
    return KeyFigures(items=items)


def _to_go_item(target: Row, per_household: int | None) -> KeyFigure:
    """Return what is still to go, or where nothing is, the capital for each poor household."""
    if target["to_low"] or per_household is None:
        to_go = words.households(target["to_low"])
        return KeyFigure(to_go, say("Còn phải giảm"), say("để đạt mức thấp của mục tiêu"))
    each = words.million_dong(per_household)
    return KeyFigure(each, say("Vốn trên một hộ nghèo"), say("hộ nghèo đầu năm"))


def _groups(row: Row) -> str:
    """Return the groups of areas that a risk names, within a sentence."""
    areas = listing(map(retold, parted(row["subject"])))
    return f"{areas[0].lower()}{areas[1:]}"


def _names(row: Row) -> str:
    """Return the districts that a risk names."""
    return listing(map(name, parted(row["subject"])))


def _number(row: Row) -> str:
    number: str = words.spelled(row["count"])
    return f"{number[0].upper()}{number[1:]}"


def _missed_group(row: Row) -> str:
    return say(
        "**Mục tiêu chung chưa đạt** ở {areas}: còn thiếu ít nhất {households} thoát nghèo so với"
        " mức thấp.",
        areas=_groups(row),
        households=words.households(row["households"]),
    )


def _missed_district(row: Row) -> str:
    return _districts(
        row,
        "**Một đơn vị cấp huyện chưa đạt mục tiêu** ({names}): còn phải giảm {households}.",
        "**{number} đơn vị cấp huyện chưa đạt mục tiêu** ({names}): tổng cộng còn phải giảm"
        " {households}.",
    )


def _districts(row: Row, one: str, many: str) -> str:
    """Say what one district or several of them still have to do."""
    return say(
        one if row["count"] == 1 else many,
        number=_number(row),
        names=_names(row),
        households=words.households(row["households"]),
    )


def _assumed(row: Row) -> str:
    return say(
        "**{amount} ({share} tổng vốn) bố trí cho dự án theo tham số chưa kiểm chứng**; phải thay"
        " bằng số giao chính thức trước khi trình ký.",
        amount=words.money(row["amount"]),
        share=words.rate(row["share"], 1),
    )


def _rules(row: Row) -> str:
    return say(
        "**Quy tắc chia cho đơn vị của {number} dự án, tiểu dự án chưa kiểm chứng** ({amount},"
        " {share} tổng vốn); phải đối chiếu với văn bản quy định trước khi trình ký.",
        n=row["count"],
        number=words.spelled(row["count"]),
        amount=words.money(row["amount"]),
        share=words.rate(row["share"], 1),
    )


def _concentration(row: Row) -> str:
    return say(
        "**{share} vốn tập trung tại {number} huyện nghèo** ({names}), nơi khả năng hấp thụ vốn"
        " cần được theo dõi sát.",
        n=row["count"],
        number=words.spelled(row["count"]),
        names=_names(row),
        share=words.rate(row["share"], 1),
    )


def _disagreements(row: Row) -> str:
    return say(
        "**Số liệu còn {number} điểm lệch** khi đối chiếu: {checks}.",
        n=row["count"],
        number=words.spelled(row["count"]),
        checks=name(row["subject"]),
    )


def _at_risk_group(row: Row) -> str:
    return say(
        "**Mục tiêu chung có nguy cơ không đạt** ở {areas}: đến cuối năm còn phải giảm ít nhất"
        " {households}.",
        areas=_groups(row),
        households=words.households(row["households"]),
    )


def _at_risk_district(row: Row) -> str:
    return _districts(
        row,
        "**Một đơn vị cấp huyện có nguy cơ không đạt mục tiêu** ({names}): đến cuối năm còn phải"
        " giảm {households}.",
        "**{number} đơn vị cấp huyện có nguy cơ không đạt mục tiêu** ({names}): đến cuối năm tổng"
        " cộng còn phải giảm {households}.",
    )


WITHIN_YEAR: Mapping[str, Callable[[Row], str]] = {
    "missed_group": _at_risk_group,
    "missed_district": _at_risk_district,
}
"""The risks that read otherwise while the year is open."""

RISKS: Mapping[str, Callable[[Row], str]] = {
    "missed_group": _missed_group,
    "missed_district": _missed_district,
    "assumed": _assumed,
    "rules": _rules,
    "concentration": _concentration,
    "disagreements": _disagreements,
}


def risk_list(brief: Brief, most: int | None = None) -> str:
    """Return the main risks as a Markdown list, gravest first, so many at most."""
    rows = brief.table("risks").frame.to_dict("records")[:most]
    if not rows:
        return say("Các bảng công bố không cho thấy rủi ro nào cần nêu.")
    ended = is_year_end(newest(brief.table("targets").frame))
    said = RISKS if ended else {**RISKS, **WITHIN_YEAR}
    return "\n".join(f"- {said[str(row['kind'])](row)}" for row in rows)

"""The first page: the numbers to remember and the main risks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers import words
from helpers.brief.blocks import KeyFigure, KeyFigures
from helpers.brief.dates import as_of_words, is_year_end, newest, until_words
from helpers.brief.reader import Brief
from helpers.brief.rough import rough, short_chance

__all__ = ["district_numbers", "province_numbers", "risk_list"]

Row = Mapping[str, Any]


def _result_item(row: Row, year: int) -> KeyFigure:
    """Return the cut made and its judgement, or while it is open, the goal."""
    goal = words.points_range(row["target_low"], row["target_high"])
    if row["cut"] is None:
        return KeyFigure(f"{goal} điểm %", f"Mục tiêu giảm năm {year}", "chưa có số liệu trong năm")
    cut = f"{words.decimal(row['cut'], 2)} điểm %"
    if is_year_end(row):
        return KeyFigure(cut, f"Mức giảm năm {year}", f"mục tiêu {goal}: {row['result']}")
    due = words.points_range(row["due_low"], row["due_high"])
    return KeyFigure(cut, f"Mức giảm {until_words(row)}", f"phải đạt {due}: {row['result']}")


def _likely_items(brief: Brief, code: str) -> tuple[KeyFigure, ...]:
    """Return how likely the target is, while its year is open and there is a forecast."""
    rows = brief.table("forecast").records(area_code=code)
    if not rows or rows[0]["probability_low"] is None:
        return ()
    (row,) = rows
    expected = f"dự báo cuối năm {rough(row['expected'])}"
    return (KeyFigure(short_chance(row["probability_low"]), "Khả năng đạt mức thấp", expected),)


def province_numbers(brief: Brief) -> KeyFigures:
    """Return the first page's numbers: capital, rate, cut, districts on target."""
    total = brief.table("capital_by_project").one(code="total")["total"]
    targets = brief.table("targets")
    province = targets.one(area_code="province")
    districts = targets.rows(group="district")
    reached = districts[districts["result"].isin(["vượt", "đạt"])]
    projects = len(brief.table("capital_by_project").rows(level="project"))
    rate = words.rate(province["current_rate"])
    poor = words.households(province["poor_households"])
    items = (
        KeyFigure(words.money(total), f"Tổng vốn năm {brief.year}", f"{projects} dự án"),
        KeyFigure(rate, f"Tỷ lệ hộ nghèo {as_of_words(province)}", poor),
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
        return KeyFigure(share, "Huyện đạt mục tiêu", "đạt hoặc vượt")
    return KeyFigure(share, "Huyện kịp nhịp độ", "đạt hoặc vượt mức phải đạt đến nay")


def district_numbers(brief: Brief, district_code: str) -> KeyFigures:
    """Return the first numbers of a district's brief: capital, rate, cut, and what is to go."""
    capital = brief.table("capital_by_district").one(district_code=district_code)
    target = brief.table("targets").one(area_code=district_code)
    rate = words.rate(target["current_rate"])
    poor = words.households(target["poor_households"])
    place = f"thứ {capital['rank']}/{brief.districts} huyện"
    items = (
        KeyFigure(words.money(capital["total"]), f"Vốn năm {brief.year}", place),
        KeyFigure(rate, f"Tỷ lệ hộ nghèo {as_of_words(target)}", poor),
        _result_item(target, brief.year),
        _to_go_item(target, capital["per_poor_household"]),
        *_likely_items(brief, district_code),
    )
    return KeyFigures(items=items)


def _to_go_item(target: Row, per_household: int | None) -> KeyFigure:
    """Return what is still to go, or where nothing is, the capital for each poor household."""
    if target["to_low"] or per_household is None:
        to_go = words.households(target["to_low"])
        return KeyFigure(to_go, "Còn phải giảm", "để đạt mức thấp của mục tiêu")
    each = f"{words.million(per_household)} triệu đồng"
    return KeyFigure(each, "Vốn trên một hộ nghèo", "hộ nghèo đầu năm")


def _missed_group(row: Row) -> str:
    return (
        f"**Mục tiêu chung chưa đạt** ở {row['subject'][0].lower()}{row['subject'][1:]}: còn thiếu"
        f" ít nhất {words.households(row['households'])} thoát nghèo so với mức thấp."
    )


def _missed_district(row: Row) -> str:
    number = words.spelled(row["count"]).capitalize()
    return (
        f"**{number} đơn vị cấp huyện chưa đạt mục tiêu** ({row['subject']}):"
        f" tổng cộng còn phải giảm {words.households(row['households'])}."
    )


def _assumed(row: Row) -> str:
    return (
        f"**{words.money(row['amount'])} ({words.rate(row['share'], 1)} tổng vốn) bố trí cho dự án"
        " theo tham số chưa kiểm chứng**; phải thay bằng số giao chính thức trước khi trình ký."
    )


def _rules(row: Row) -> str:
    number = words.spelled(row["count"])
    return (
        f"**Quy tắc chia cho đơn vị của {number} dự án, tiểu dự án chưa kiểm chứng**"
        f" ({words.money(row['amount'])}, {words.rate(row['share'], 1)} tổng vốn); phải đối chiếu"
        " với văn bản quy định trước khi trình ký."
    )


def _concentration(row: Row) -> str:
    number = words.spelled(row["count"])
    return (
        f"**{words.rate(row['share'], 1)} vốn tập trung tại {number} huyện nghèo**"
        f" ({row['subject']}), nơi khả năng hấp thụ vốn cần được theo dõi sát."
    )


def _disagreements(row: Row) -> str:
    number = words.spelled(row["count"])
    return f"**Số liệu còn {number} điểm lệch** khi đối chiếu: {row['subject']}."


def _at_risk_group(row: Row) -> str:
    where = f"{row['subject'][0].lower()}{row['subject'][1:]}"
    return (
        f"**Mục tiêu chung có nguy cơ không đạt** ở {where}:"
        f" đến cuối năm còn phải giảm ít nhất {words.households(row['households'])}."
    )


def _at_risk_district(row: Row) -> str:
    number = words.spelled(row["count"]).capitalize()
    return (
        f"**{number} đơn vị cấp huyện có nguy cơ không đạt mục tiêu** ({row['subject']}):"
        f" đến cuối năm tổng cộng còn phải giảm {words.households(row['households'])}."
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


def risk_list(brief: Brief) -> str:
    """Return the main risks as a Markdown list, gravest first."""
    rows = brief.table("risks").frame.to_dict("records")
    if not rows:
        return "Các bảng công bố không cho thấy rủi ro nào cần nêu."
    ended = is_year_end(newest(brief.table("targets").frame))
    said = RISKS if ended else {**RISKS, **WITHIN_YEAR}
    return "\n".join(f"- {said[str(row['kind'])](row)}" for row in rows)

"""The first page: the numbers to remember and the main risks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers import words
from helpers.brief.blocks import KeyFigure, KeyFigures
from helpers.brief.reader import Brief

__all__ = ["district_numbers", "province_numbers", "risk_list"]

Row = Mapping[str, Any]


def _result_item(row: Row, year: int) -> KeyFigure:
    """Return the cut made and its judgement, or while it is open, the goal."""
    goal = words.points_range(row["target_low"], row["target_high"])
    if row["cut"] is None:
        return KeyFigure(f"{goal} điểm %", f"Mục tiêu giảm năm {year}", "chưa có số liệu cuối năm")
    cut = f"{words.decimal(row['cut'], 2)} điểm %"
    return KeyFigure(cut, f"Mức giảm năm {year}", f"mục tiêu {goal}: {row['result']}")


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
        KeyFigure(rate, f"Tỷ lệ hộ nghèo cuối năm {province['current_year']}", poor),
        _result_item(province, brief.year),
        KeyFigure(f"{len(reached)}/{len(districts)}", "Huyện đạt mục tiêu", "đạt hoặc vượt")
        if province["cut"] is not None
        else _to_go_item(province, None),
    )
    return KeyFigures(items=items)


def district_numbers(brief: Brief, district_code: str) -> KeyFigures:
    """Return the first numbers of a district's brief: capital, rate, cut, and what is to go."""
    capital = brief.table("capital_by_district").one(district_code=district_code)
    number = len(brief.table("capital_by_district").frame)
    target = brief.table("targets").one(area_code=district_code)
    rate = words.rate(target["current_rate"])
    poor = words.households(target["poor_households"])
    place = f"thứ {capital['rank']}/{number} huyện"
    items = (
        KeyFigure(words.money(capital["total"]), f"Vốn năm {brief.year}", place),
        KeyFigure(rate, f"Tỷ lệ hộ nghèo cuối năm {target['current_year']}", poor),
        _result_item(target, brief.year),
        _to_go_item(target, capital["per_poor_household"]),
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
    return "\n".join(f"- {RISKS[str(row['kind'])](row)}" for row in rows)

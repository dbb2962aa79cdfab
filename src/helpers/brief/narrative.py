"""Sentences built from published tables, natural for none, one and many, reached and missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers import words
from helpers.brief.blocks import KeyFigure, KeyFigures
from helpers.brief.reader import Brief
from helpers.text import listing

__all__ = [
    "bases_list",
    "capital_sentence",
    "data_paragraph",
    "district_capital_sentence",
    "district_numbers",
    "district_targets_sentence",
    "groups_paragraph",
    "province_numbers",
    "risk_list",
    "rounding_sentence",
    "target_sentence",
    "targets_summary",
]

Row = Mapping[str, Any]


def capital_sentence(brief: Brief) -> str:
    """Say the plan's total and its split by capital type and by source."""
    total = brief.table("capital_by_project").one(code="total")
    whole = total["total"]

    def parts(names: Mapping[str, str]) -> str:
        return listing(
            f"{name[0].lower()}{name[1:]} {words.money(total[code])}"
            f" ({words.share(total[code], whole)})"
            for code, name in names.items()
            if total[code]
        )

    return (
        f"Tổng vốn thực hiện Chương trình năm {brief.year} của {brief.province} là"
        f" **{words.money(whole)}**. Chia theo loại vốn: {parts(brief.types)}."
        f" Chia theo nguồn: {parts(brief.sources)}."
    )


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
        f"**{words.money(row['amount'])} ({words.rate(row['share'], 1)} tổng vốn) chia theo tham số"
        " chưa kiểm chứng**; phải thay bằng số giao chính thức trước khi trình ký."
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
    "concentration": _concentration,
    "disagreements": _disagreements,
}


def risk_list(brief: Brief) -> str:
    """Return the main risks as a Markdown list, gravest first."""
    rows = brief.table("risks").frame.to_dict("records")
    if not rows:
        return "Các bảng công bố không cho thấy rủi ro nào cần nêu."
    return "\n".join(f"- {RISKS[str(row['kind'])](row)}" for row in rows)


def rounding_sentence(brief: Brief) -> str:
    """Say how rounding was decided and that the totals hold."""
    table = brief.table("rounding").frame
    unit = words.money(int(brief.fact("plan", "rounding_unit")))
    moved = table[table["gained"] > 0]
    return (
        f"Mỗi số phân bổ là bội số của {unit}. Số chia chính xác được lấy phần nguyên, phần còn dư"
        " lần lượt cộng cho huyện có số dư lớn nhất (bằng nhau thì huyện có tỷ trọng lớn hơn, rồi"
        f" mã huyện nhỏ hơn được trước); {words.count(len(moved))} trong {words.count(len(table))}"
        " số được cộng thêm theo cách này. Tổng mỗi dự án, nguồn vốn, loại vốn đúng đến từng đồng;"
        " cách làm tròn của từng số ghi tại tables/rounding.csv."
    )


def data_paragraph(brief: Brief) -> str:
    """Say what the figures rest on: checks of the data, trust in the parameters, where to look."""
    results = brief.table("data_checks").frame["result"].value_counts()
    agreed, wrong, noted = (int(results.get(word, 0)) for word in ("khớp", "lệch", "lưu ý"))
    said = [f"{words.count(agreed)} nội dung khớp"]
    said.append(f"{words.count(wrong)} nội dung lệch" if wrong else "không có nội dung lệch")
    if noted:
        said.append(f"{words.count(noted)} điểm cần lưu ý")
    trust = brief.table("parameter_status").frame["status"].value_counts()
    trusted = listing(f"{words.count(int(number))} {word}" for word, number in trust.items())
    return (
        f"Kết quả đối chiếu số liệu đầu vào: {listing(said)} (tables/data_checks.csv)."
        f" Độ tin cậy của các tham số trong kế hoạch: {trusted} (tables/parameter_status.csv)."
    )


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


def bases_list(brief: Brief) -> str:
    """Return the legal bases as a Markdown list."""
    return "\n".join(f"- {base}." for base in brief.facts("base").values())


def groups_paragraph(brief: Brief) -> str:
    """Say target and result of the province and each of its groups, a list item each."""
    rows = brief.table("targets").frame
    groups = rows[rows["group"] != "district"].to_dict("records")
    return "\n".join(f"- {target_sentence(row)}" for row in groups)


def district_capital_sentence(brief: Brief, district_code: str) -> str:
    """Say what one district gets, its place, and what that is per poor household."""
    row = brief.table("capital_by_district").one(district_code=district_code)
    number = len(brief.table("capital_by_district").frame)
    amount = row["total"]
    per = row["per_poor_household"]
    each = (
        f"; bình quân {words.million(per)} triệu đồng trên một hộ"
        f" nghèo đầu năm ({words.households(row['poor_households'])})"
        if per is not None
        else ""
    )
    return (
        f"Vốn Chương trình năm {brief.year} phân bổ cho {row['district']} là"
        f" **{words.money(amount)}**, bằng {words.rate(row['share'])} tổng vốn của tỉnh,"
        f" đứng thứ {row['rank']} trong {number} huyện{each}."
    )


def district_targets_sentence(brief: Brief, district_code: str) -> str:
    """Say one district's target and result, and whose target it is when not its own."""
    row = brief.table("targets").one(area_code=district_code)
    sentence = target_sentence(row)
    if row["basis"] == row["area"]:
        return sentence
    group = str(row["basis"])
    return f"{sentence} Mục tiêu này lấy theo nhóm {group[0].lower()}{group[1:]}."

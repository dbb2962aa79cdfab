"""What a brief rests on: the rules in force, the rounding, the data, the legal bases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from helpers import words
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.legible import literal
from helpers.retelling import retold
from helpers.text import listing

__all__ = ["data_paragraph", "rounding_sentence", "rules_list"]


def rules_list(brief: Brief) -> str:
    """Say which rule set is in force, and on which basis and how surely each line is shared."""
    rows = brief.table("rules_in_force").frame
    if rows.empty:
        return "Chưa có quy tắc phân bổ nào được áp dụng."
    groups = rows.groupby(["basis", "status"], sort=False)
    items = [
        _rule_item(basis, status, group["line"].drop_duplicates(), group["missing"].sum())
        for (basis, status), group in groups
    ]
    if len(items) == 1:
        _, _, shared = items[0].partition(": ")
        return f"{_rule_set(brief)}Mọi dự án, tiểu dự án được chia {shared}"
    opening = f"{_rule_set(brief)}Căn cứ và độ tin cậy của quy tắc:"
    return "\n".join([opening, "", *(f"- {item}" for item in items)])


def _rule_set(brief: Brief) -> str:
    """Return the rule set's title, file and period, as far as they are published."""
    facts = brief.facts("rules")
    if not facts:
        return ""
    start, end = facts.get("from", ""), facts.get("to", "")
    period = f", có hiệu lực từ {_day(start)}" if start else ""
    period += f" đến {_day(end)}" if start and end else ""
    title, file = literal(facts["title"]), literal(facts["file"])
    return f"Năm {brief.year} áp dụng bộ quy tắc “{title}” (tệp {file}){period}. "


def _day(iso: str) -> str:
    return words.date_words(date.fromisoformat(iso))


def _rule_item(basis: str, status: str, lines: Iterable[str], missing: int) -> str:
    lacking = f"; còn {words.count(int(missing))} số chưa có" if missing else ""
    return f"{literal(listing(lines))}: theo {literal(basis)} (**{literal(status)}**{lacking})."


def rounding_sentence(brief: Brief) -> str:
    """Say how rounding was decided and that the totals hold."""
    table = brief.table("rounding").frame
    unit = words.money(int(brief.fact("plan", "rounding_unit")))
    moved = [f"{words.count(int((table['gained'] > 0).sum()))} số được cộng thêm theo cách này"]
    tied = int((table["tied"] == "có").sum())
    if tied:
        moved.append(f"{words.count(tied)} số có số dư bằng nhau")
    for bound, said in BOUNDS.items():
        number = int((table["bound"] == bound).sum())
        if number:
            moved.append(f"{words.count(number)} số {said}")
    return (
        f"Mỗi số phân bổ là bội số của {unit}, trừ khi quy tắc ghi đơn vị khác. Số chia chính xác"
        " được lấy phần nguyên, phần còn dư lần lượt cộng cho đơn vị có số dư lớn nhất; bằng nhau"
        " thì đơn vị có hệ số lớn hơn, rồi mã nhỏ hơn được trước, trừ khi quy tắc ghi khác. Trong"
        f" {words.count(len(table))} số của huyện và xã: {listing(moved)}. Tổng mỗi dự án, nguồn"
        " vốn, loại vốn đúng đến từng đồng; cách làm tròn của từng số ghi tại tables/rounding.csv."
    )


BOUNDS: Mapping[str, str] = {
    "mức sàn": "nâng lên mức sàn",
    "mức trần": "giữ ở mức trần",
    "dưới mức giao tối thiểu": "không giao vì dưới mức tối thiểu",
}
"""What the published words about a bound mean for the amount."""


def data_paragraph(brief: Brief) -> str:
    """Say what the figures rest on: checks of the data, trust in the parameters, where to look."""
    results = Counter(row["result"] for row in brief.table("data_checks").records("result"))
    agreed, wrong, noted = (results[word] for word in ("khớp", "lệch", "lưu ý"))
    found = [say("{number} nội dung khớp", n=agreed, number=words.count(agreed))]
    found.append(
        say("{number} nội dung lệch", n=wrong, number=words.count(wrong))
        if wrong
        else say("không có nội dung lệch")
    )
    if noted:
        found.append(say("{number} điểm cần lưu ý", n=noted, number=words.count(noted)))
    trust = Counter(row["status"] for row in brief.table("parameter_status").records("status"))
    return say(
        "Kết quả đối chiếu số liệu đầu vào: {found} (tables/data_checks.csv). Độ tin cậy của các"
        " tham số trong kế hoạch: {trusted} (tables/parameter_status.csv).",
        found=listing(found),
        trusted=listing(
            f"{words.count(number)} {retold(word)}" for word, number in trust.most_common()
        ),
    )

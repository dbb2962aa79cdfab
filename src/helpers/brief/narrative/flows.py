"""Sentences about the year's flows: who left poverty, who came into it, and where."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from helpers import words
from helpers.brief.latest import latest_year, one_of, told, total_of
from helpers.brief.reader import Brief
from helpers.poverty.moves import TOTAL
from helpers.text import listing

__all__ = ["district_flow_paragraph", "district_move_sentence", "flow_paragraph"]

Row = Mapping[str, Any]

OUT: Mapping[str, str] = {
    "changed": "thành hộ cận nghèo",
    "above": "vượt chuẩn cận nghèo",
}
INTO: Mapping[str, str] = {
    "from_other": "từ hộ cận nghèo xuống",
    "relapsed": "tái nghèo",
    "newly": "phát sinh mới",
}
"""How households leave poverty and come into it, each with its column."""

CLEAR = Fraction(11, 10)
"""A district differs from the province where one of the two is so many times the other."""


def flow_paragraph(brief: Brief, heading: str, more: str = "") -> str:
    """Say how the province's poor changed within the year; nothing where no review tells.

    `more` is what the reader is told where there is anything at all ("Từng huyện tại …").
    """
    row = one_of(brief.table("flows"), kind="poor", area_code="province")
    near = one_of(brief.table("flows"), kind="near_poor", area_code="province")
    if row is None:
        return ""
    said = [_flow(row, "toàn tỉnh"), _announced(brief, row), _relapse(row)]
    if near is not None:
        said.append(_near_poor(near))
    said.append(more)
    return "\n".join([heading, "", " ".join(filter(None, said))])


def district_flow_paragraph(brief: Brief, district_code: str, heading: str) -> str:
    """Say the same of one district, and what is special about it beside the province."""
    flows, moves = brief.table("flows"), brief.table("rate_moves")
    row = one_of(flows, kind="poor", area_code=district_code)
    has_moved = bool(moves.records(district_code=district_code))
    moved = district_move_sentence(brief, district_code) if has_moved else ""
    if row is None:
        return "\n".join([heading, "", moved]) if moved else ""
    told_of = ("opening", "changed", "above", "relapse_rate")
    whole = flows.records(*told_of, kind="poor", area_code="province", year=row["year"])
    beside = _beside(row, whole[0]) if whole else ""
    said = [_flow(row, row["area"]), _announced(brief, row), beside or _relapse(row), moved]
    return "\n".join([heading, "", " ".join(filter(None, said))])


def _flow(row: Row, area: str) -> str:
    """Say opening and closing, who left, who came, and the net."""
    opening, closing = row["opening"], row["closing"]
    way = "còn" if closing <= opening else "lên"
    begun = (
        f"Năm {row['year']}, số hộ nghèo {'của ' if area != 'toàn tỉnh' else ''}{area} từ"
        f" {words.households(opening)} {way} {words.households(closing)}"
    )
    out = f"{_side(row, OUT, 'thoát nghèo')}{_other(row, 'other_decrease', 'giảm')}"
    into = f"{_side(row, INTO, 'nghèo mới')}{_other(row, 'other_increase', 'tăng')}"
    return f"{begun}{_net(opening - closing)}. Có {out}; ngược lại có {into}."


def _announced(brief: Brief, row: Row) -> str:
    """Say where the forms close with another number than the announced one."""
    known = one_of(brief.table("poverty_rates"), area_code=row["area_code"], year=row["year"])
    if known is None or known["poor_households"] == row["closing"]:
        return ""
    gap = words.households(abs(row["closing"] - known["poor_households"]))
    return (
        f"Số cuối năm theo biểu rà soát lệch {gap} so với số hộ nghèo dùng để tính tỷ lệ"
        f" ({words.households(known['poor_households'])})."
    )


def _net(net: int) -> str:
    if not net:
        return ", không thay đổi"
    return f" ({'giảm' if net > 0 else 'tăng'} thuần {words.households(abs(net))})"


def _side(row: Row, columns: Mapping[str, str], what: str) -> str:
    """Say how many left or came, and of what kind; what was withheld is said to be."""
    total = total_of(row[name] for name in columns)
    parts = listing(
        f"{words.households(row[name])} {label}"
        for name, label in columns.items()
        if told(row[name]) and row[name]
    )
    if not told(total):
        told_of = f", trong đó {parts}, phần còn lại không công bố" if parts else " (không công bố)"
        return f"một số hộ {what}{told_of}"
    return f"{words.households(total)} {what} ({parts})" if total else f"không hộ nào {what}"


def _other(row: Row, column: str, way: str) -> str:
    value = row[column]
    return f", {way} khác {words.households(value)}" if told(value) and value else ""


def _relapse(row: Row) -> str:
    """Say how many fell back for those that escaped."""
    if not told(row["relapse_rate"]):
        return ""
    if not row["relapse_rate"]:
        return "Không có hộ tái nghèo."
    return f"Số hộ tái nghèo bằng {words.rate(row['relapse_rate'])} số hộ thoát nghèo trong năm."


def _near_poor(row: Row) -> str:
    way = "còn" if row["closing"] <= row["opening"] else "lên"
    return (
        f"Số hộ cận nghèo từ {words.households(row['opening'])} {way}"
        f" {words.households(row['closing'])}."
    )


def _escapes(row: Row) -> Fraction | None:
    """Return how many of a hundred poor households escaped; None where that is not told."""
    escaped = total_of([row["changed"], row["above"]])
    return Fraction(100 * escaped, row["opening"]) if told(escaped) and row["opening"] else None


def _beside(row: Row, whole: Row) -> str:
    """Say how a district's escapes and relapses stand to the province's."""
    said = []
    own, all_of = _escapes(row), _escapes(whole)
    if own is not None and all_of is not None:
        said.append(
            f"Cứ 100 hộ nghèo đầu năm thì {words.decimal(own)} hộ thoát nghèo,"
            f" {_compared(own, all_of)} (toàn tỉnh {words.decimal(all_of)})"
        )
    rate, other = row["relapse_rate"], whole["relapse_rate"]
    if told(rate) and told(other):
        compared = _compared(Fraction(rate), Fraction(other))
        said.append(
            f"tái nghèo bằng {words.rate(rate)} số hộ thoát nghèo, {compared}"
            f" (toàn tỉnh {words.rate(other)})"
        )
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


def _compared(own: Fraction, whole: Fraction) -> str:
    """Say whether a district's number is above, below or about the province's."""
    if own > whole * CLEAR:
        return "cao hơn mức chung"
    return "thấp hơn mức chung" if own * CLEAR < whole else "gần bằng mức chung"


def district_move_sentence(brief: Brief, district_code: str) -> str:
    """Say how much of the province's change a district carries, and its place in it."""
    table = brief.table("rate_moves")
    year = latest_year(table)
    own = table.one(district_code=district_code, year=year)
    (whole,) = table.records("total", district_code=TOTAL, year=year)
    total = whole["total"]
    number = len(table.records("district_code", year=year)) - 1
    part = own["total"]
    if not total:
        return f"Tỷ lệ hộ nghèo của tỉnh năm {own['year']} không thay đổi."
    way = "giảm" if total < 0 else "tăng"
    of = f"{words.points(abs(total))} mà tỷ lệ hộ nghèo của tỉnh {way} trong năm {own['year']}"
    if part * total <= 0:
        return f"{own['district']} không góp vào {of}."
    share = words.rate(Fraction(part) / Fraction(total) * 100, 1)
    rank = own["rank"] if total < 0 else number + 1 - own["rank"]
    return (
        f"{own['district']} góp {_points(part)} ({share}) vào {of},"
        f" đứng thứ {rank} trong {number} huyện."
    )


def _points(value: Decimal) -> str:
    """Return a contribution, small ones with three decimals."""
    return words.points(abs(value), 2 if abs(value) >= Decimal("0.1") else 3)

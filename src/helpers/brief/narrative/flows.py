"""Sentences about the year's flows: who left poverty, who came into it, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from helpers import words
from helpers.brief.headings import headed
from helpers.brief.latest import latest_year, one_of, told, total_of
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.poverty.moves import TOTAL
from helpers.retelling import name
from helpers.text import listing

__all__ = ["district_flow_paragraph", "district_move_sentence", "flow_paragraph"]

Row = Mapping[str, Any]

OUT: Mapping[str, str] = {
    "changed": "{households} thành hộ cận nghèo",
    "above": "{households} vượt chuẩn cận nghèo",
}
INTO: Mapping[str, str] = {
    "from_other": "{households} từ hộ cận nghèo xuống",
    "relapsed": "{households} tái nghèo",
    "newly": "{households} phát sinh mới",
}
"""How households leave poverty and come into it, each with its column."""

LEFT = (
    "không hộ nào thoát nghèo",
    "{households} thoát nghèo ({parts})",
    "một số hộ thoát nghèo (không công bố)",
    "một số hộ thoát nghèo, trong đó {parts}, phần còn lại không công bố",
)
CAME = (
    "không hộ nào nghèo mới",
    "{households} nghèo mới ({parts})",
    "một số hộ nghèo mới (không công bố)",
    "một số hộ nghèo mới, trong đó {parts}, phần còn lại không công bố",
)
"""What is said of a side: of none, of a known number, of a withheld one, of one known in part."""

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
    said = [_flow(row, say("toàn tỉnh")), _announced(brief, row), _relapse(row)]
    if near is not None:
        said.append(_near_poor(near))
    return headed(heading, *said, say(more))


def district_flow_paragraph(brief: Brief, district_code: str, heading: str) -> str:
    """Say the same of one district, and what is special about it beside the province."""
    flows, moves = brief.table("flows"), brief.table("rate_moves")
    row = one_of(flows, kind="poor", area_code=district_code)
    has_moved = bool(moves.records(district_code=district_code))
    moved = district_move_sentence(brief, district_code) if has_moved else ""
    if row is None:
        return headed(heading, moved)
    told_of = ("opening", "changed", "above", "relapse_rate")
    whole = flows.records(*told_of, kind="poor", area_code="province", year=row["year"])
    beside = _beside(row, whole[0]) if whole else ""
    where = say("của {area}", area=name(row["area"]))
    said = [_flow(row, where), _announced(brief, row), beside or _relapse(row), moved]
    return headed(heading, *said)


def _flow(row: Row, where: str) -> str:
    """Say opening and closing, who left, who came, and the net."""
    net = row["opening"] - row["closing"]
    said = {
        "year": row["year"],
        "where": where,
        "before": words.households(row["opening"]),
        "after": words.households(row["closing"]),
        "net": words.households(abs(net)),
    }
    if net > 0:
        begun = say(
            "Năm {year}, số hộ nghèo {where} từ {before} còn {after} (giảm thuần {net}).", **said
        )
    elif net < 0:
        begun = say(
            "Năm {year}, số hộ nghèo {where} từ {before} lên {after} (tăng thuần {net}).", **said
        )
    else:
        begun = say("Năm {year}, số hộ nghèo {where} không thay đổi, vẫn là {after}.", **said)
    out = f"{_side(row, OUT, LEFT)}{_other(row, 'other_decrease', ', giảm khác {households}')}"
    into = f"{_side(row, INTO, CAME)}{_other(row, 'other_increase', ', tăng khác {households}')}"
    return f"{begun} {_began(say('Có {out}; ngược lại có {into}.', out=out, into=into))}"


def _began(sentence: str) -> str:
    return f"{sentence[0].upper()}{sentence[1:]}"


def _announced(brief: Brief, row: Row) -> str:
    """Say where the forms close with another number than the announced one."""
    known = one_of(brief.table("poverty_rates"), area_code=row["area_code"], year=row["year"])
    if known is None or known["poor_households"] == row["closing"]:
        return ""
    return say(
        "Số cuối năm theo biểu rà soát lệch {gap} so với số hộ nghèo dùng để tính tỷ lệ"
        " ({households}).",
        gap=words.households(abs(row["closing"] - known["poor_households"])),
        households=words.households(known["poor_households"]),
    )


def _side(row: Row, columns: Mapping[str, str], wording: Sequence[str]) -> str:
    """Say how many left or came, and of what kind; what was withheld is said to be."""
    none, known, withheld, partly = wording
    total = total_of(row[column] for column in columns)
    parts = listing(
        say(label, n=row[column], households=words.households(row[column]))
        for column, label in columns.items()
        if told(row[column]) and row[column]
    )
    if not told(total):
        return say(partly, parts=parts) if parts else say(withheld)
    if not total:
        return say(none)
    return say(known, households=words.households(total), parts=parts)


def _other(row: Row, column: str, wording: str) -> str:
    value = row[column]
    return say(wording, households=words.households(value)) if told(value) and value else ""


def _relapse(row: Row) -> str:
    """Say how many fell back for those that escaped."""
    if not told(row["relapse_rate"]):
        return ""
    if not row["relapse_rate"]:
        return say("Không có hộ tái nghèo.")
    rate = words.rate(row["relapse_rate"])
    return say("Số hộ tái nghèo bằng {rate} số hộ thoát nghèo trong năm.", rate=rate)


def _near_poor(row: Row) -> str:
    before, after = words.households(row["opening"]), words.households(row["closing"])
    if row["closing"] == row["opening"]:
        return say("Số hộ cận nghèo không thay đổi, vẫn là {after}.", after=after)
    if row["closing"] < row["opening"]:
        return say("Số hộ cận nghèo từ {before} còn {after}.", before=before, after=after)
    return say("Số hộ cận nghèo từ {before} lên {after}.", before=before, after=after)


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
            say(
                "cứ 100 hộ nghèo đầu năm thì {own} hộ thoát nghèo, {compared} (toàn tỉnh {whole})",
                own=words.decimal(own),
                whole=words.decimal(all_of),
                compared=_compared(own, all_of),
            )
        )
    rate, other = row["relapse_rate"], whole["relapse_rate"]
    if told(rate) and told(other):
        said.append(
            say(
                "tái nghèo bằng {rate} số hộ thoát nghèo, {compared} (toàn tỉnh {whole})",
                rate=words.rate(rate),
                whole=words.rate(other),
                compared=_compared(Fraction(rate), Fraction(other)),
            )
        )
    return _began(f"{'; '.join(said)}.") if said else ""


def _compared(own: Fraction, whole: Fraction) -> str:
    """Say whether a district's number is above, below or about the province's."""
    if own > whole * CLEAR:
        return say("cao hơn mức chung")
    return say("thấp hơn mức chung") if own * CLEAR < whole else say("gần bằng mức chung")


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
        return say("Tỷ lệ hộ nghèo của tỉnh năm {year} không thay đổi.", year=own["year"])
    said = {
        "district": name(own["district"]),
        "whole": words.points(abs(total)),
        "year": own["year"],
    }
    if part * total <= 0:
        none = (
            "{district} không góp vào {whole} mà tỷ lệ hộ nghèo của tỉnh giảm trong năm {year}.",
            "{district} không góp vào {whole} mà tỷ lệ hộ nghèo của tỉnh tăng trong năm {year}.",
        )
        return say(none[total > 0], **said)
    some = (
        "{district} góp {part} ({share}) vào {whole} mà tỷ lệ hộ nghèo của tỉnh giảm trong năm"
        " {year}, đứng thứ {rank} trong {districts} huyện.",
        "{district} góp {part} ({share}) vào {whole} mà tỷ lệ hộ nghèo của tỉnh tăng trong năm"
        " {year}, đứng thứ {rank} trong {districts} huyện.",
    )
    return say(
        some[total > 0],
        part=_points(part),
        share=words.rate(Fraction(part) / Fraction(total) * 100, 1),
        rank=own["rank"] if total < 0 else number + 1 - own["rank"],
        districts=number,
        **said,
    )


def _points(value: Decimal) -> str:
    """Return a contribution, small ones with three decimals."""
    return words.points(abs(value), 2 if abs(value) >= Decimal("0.1") else 3)

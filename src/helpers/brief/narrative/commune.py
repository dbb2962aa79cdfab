"""The sheet of one commune: its head, its numbers, and what is special about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from helpers import words
from helpers.brief.blocks import Header, KeyFigure, KeyFigures
from helpers.brief.communes import capital_of, district_of, kind_of, place_of, rates_of
from helpers.brief.latest import latest_records, one_of, told
from helpers.brief.reader import Brief
from helpers.legible import literal
from helpers.text import listing

__all__ = ["commune_header", "commune_numbers", "commune_paragraph"]

Row = Mapping[str, Any]

KIND = "Phiếu thông tin"


def commune_header(brief: Brief, code: str) -> Header:
    """Return the sheet's head; a sheet is neither numbered nor signed, so it has no foot."""
    subject = f"Hộ nghèo và vốn giảm nghèo năm {brief.year} của {place_of(brief, code)}"
    return replace(
        brief.header(subject),
        kind=KIND,
        number="",
        symbol="",
        authority="",
        position="",
        name="",
        recipients=(),
        title=f"{KIND}: {subject}",
        description=f"{KIND}: {subject}.",
    )


def commune_numbers(brief: Brief, code: str) -> KeyFigures:
    """Return the sheet's numbers: the poor, their rate, the near-poor, the capital."""
    rates = rates_of(brief, code)
    items = _household_items(brief, rates) if rates else ()
    return KeyFigures((*items, _capital_item(brief, code)))


def _household_items(brief: Brief, row: Row) -> tuple[KeyFigure, ...]:
    year = row["year"]
    before = row["poor_before"]
    opening = f"đầu năm {words.households(before)}" if told(before) else ""
    district = _district(brief, row)
    whole = (
        f"{district['area']} {words.rate(district['poor_rate'])}"
        if district and told(district["poor_rate"])
        else ""
    )
    return (
        _item(row["poor_households"], words.households, f"Hộ nghèo cuối năm {year}", opening),
        _item(row["poor_rate"], words.rate, "Tỷ lệ hộ nghèo", whole),
        _item(row["near_poor_households"], words.households, f"Hộ cận nghèo cuối năm {year}", ""),
    )


def _item(value: Any, said: Any, label: str, remark: str) -> KeyFigure:
    """Return one number; a withheld one is said to be withheld, so that nobody takes it for 0."""
    if told(value):
        return KeyFigure(said(value), label, remark)
    return KeyFigure("…", label, "số nhỏ, không công bố" if value is not None else "chưa có")


def _capital_item(brief: Brief, code: str) -> KeyFigure:
    lines = capital_of(brief, code)
    label = f"Vốn năm {brief.year} đã chia đến {kind_of(brief, code)}"
    if not lines:
        return KeyFigure("–", label, "chưa có khoản nào")
    named = listing(brief.lines[line["line"]] for line in lines)
    return KeyFigure(words.money(sum(line["amount"] for line in lines)), label, named)


def _district(brief: Brief, row: Row) -> Row | None:
    """Return the district's announced numbers of the same year-end."""
    return one_of(brief.table("poverty_rates"), area_code=row["district_code"], year=row["year"])


def commune_paragraph(brief: Brief, code: str) -> str:
    """Say where the commune stands in its district, how its poor changed, what it was given."""
    rates = rates_of(brief, code)
    if rates is None:
        said = [f"Chưa có số liệu hộ nghèo của {kind_of(brief, code)} trong kỳ rà soát gần nhất."]
    else:
        said = [_standing(brief, code, rates), _change(rates), _part(brief, code, rates)]
    return " ".join(filter(None, [*said, _capital(brief, code)]))


def _standing(brief: Brief, code: str, row: Row) -> str:
    """Say the commune's place by its rate among its district's communes."""
    kind, district = kind_of(brief, code), district_of(brief, code)
    if not told(row["rank"]):
        return f"Tỷ lệ hộ nghèo của {kind} thuộc số nhỏ không công bố, nên không xếp thứ."
    number = len(latest_records(brief.table("commune_rates"), district_code=row["district_code"]))
    if number == 1:
        return ""
    place = {1: "cao nhất", number: "thấp nhất"}.get(row["rank"], f"cao thứ {row['rank']}")
    return (
        f"Tỷ lệ hộ nghèo của {kind} **{place}** trong {number} xã, phường, thị trấn của"
        f" {literal(district)}."
    )


def _change(row: Row) -> str:
    """Say how the number of poor households changed within the year."""
    before, after, year = row["poor_before"], row["poor_households"], row["year"]
    if not (told(before) and told(after)):
        return ""
    if before == after:
        return f"Năm {year}, số hộ nghèo giữ nguyên {words.households(after)}."
    way, to = ("giảm", "còn") if after < before else ("tăng", "lên")
    share = f" ({words.rate(Fraction(100 * abs(after - before), before), 1)})" if before else ""
    return (
        f"Năm {year}, số hộ nghèo {way} {words.households(abs(after - before))}{share},"
        f" từ {words.households(before)} {to} {words.households(after)}."
    )


def _part(brief: Brief, code: str, row: Row) -> str:
    """Say which part of the district's poor live here."""
    district, poor = _district(brief, row), row["poor_households"]
    kind, name = kind_of(brief, code), district_of(brief, code)
    whole = district["poor_households"] if district else None
    if not (told(poor) and told(whole) and poor and whole):
        return ""
    return (
        f"Số hộ nghèo của {kind} bằng {words.share(poor, whole)} số hộ nghèo của {literal(name)}."
    )


def _capital(brief: Brief, code: str) -> str:
    """Say what was shared to the commune, and what part of the district's that is."""
    lines, kind = capital_of(brief, code), kind_of(brief, code)
    if not lines:
        return f"Năm {brief.year} chưa có vốn của Chương trình chia đến {kind}."
    total = sum(line["amount"] for line in lines)
    given = {line["line"] for line in lines}
    shared = brief.table("commune_lines").records(
        "line", "amount", district_code=lines[0]["district_code"]
    )
    whole = sum(row["amount"] for row in shared if row["line"] in given)
    named = listing(
        f"{line['line']} ({_lower(literal(brief.lines[line['line']]))})" for line in lines
    )
    part = words.share(total, whole) if whole else ""
    district = literal(district_of(brief, code))
    of = f", bằng {part} số vốn các xã của {district} được chia" if part else ""
    others = set(brief.lines) - given - {"total"}
    rest = "; vốn của các dự án khác chưa chia đến cấp xã" if others else ""
    return f"Năm {brief.year}, {kind} được chia **{words.money(total)}** của {named}{of}{rest}."


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"

"""The one table of a commune's sheet: the commune beside its district."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from helpers import words
from helpers.brief.blocks import Series
from helpers.brief.communes import capital_of, district_of, name_of, rates_of
from helpers.brief.latest import note_for, one_of, told
from helpers.brief.reader import Brief
from helpers.brief.table import Cell, Column, Row, Table
from helpers.brief.tables.layout import source_of

__all__ = ["commune_table"]

Record = Mapping[str, Any]

COUNTS: Mapping[str, str] = {
    "households": "Tổng số hộ",
    "poor_households": "Hộ nghèo",
    "near_poor_households": "Hộ cận nghèo",
}
"""The numbers of households that both tables give, with how a row names them."""


def commune_table(brief: Brief, code: str) -> Series:
    """Return the commune's households and capital beside its district's; nothing without any."""
    rates, lines = rates_of(brief, code), capital_of(brief, code)
    rows = [
        *(_household_rows(brief, rates) if rates else ()),
        *_capital_rows(brief, lines),
    ]
    if not rows:
        return Series()
    tables = [
        *([brief.table("commune_rates"), brief.table("poverty_rates")] if rates else []),
        *([brief.table("commune_lines")] if lines else []),
    ]
    own, district = _upper(name_of(brief, code)), district_of(brief, code)
    columns = (
        Column("item", "Chỉ tiêu", width=5),
        Column("own", own, "number"),
        Column("district", _upper(district), "number"),
        Column("share", "Phần của huyện (%)", "rate"),
    )
    poor = f"hộ nghèo cuối năm {rates['year']}, " if rates else ""
    made = Table(
        f"{own} trong {district}: {poor}vốn năm {brief.year}",
        columns,
        tuple(rows),
        note=note_for(brief, [rates] if rates else []),
        **source_of(*tables),
    )
    return Series((made,))


def _household_rows(brief: Brief, own: Record) -> Iterator[Row]:
    """Yield the counts with their shares, and the rate between them."""
    district = one_of(
        brief.table("poverty_rates"), area_code=own["district_code"], year=own["year"]
    )
    whole: Record = district or dict.fromkeys([*COUNTS, "poor_rate"])
    for key, label in COUNTS.items():
        yield Row((f"{label} (hộ)", own[key], whole[key], _share(own[key], whole[key])))
        if key == "poor_households":
            yield Row(
                ("Tỷ lệ hộ nghèo (%)", _rate(own["poor_rate"]), _rate(whole["poor_rate"]), "")
            )


def _capital_rows(brief: Brief, lines: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield each line's capital beside what the communes of the district share of it."""
    for line in lines:
        shared = brief.table("commune_lines").records(
            "amount", district_code=line["district_code"], line=line["line"]
        )
        whole = sum(row["amount"] for row in shared)
        label = f"Vốn {line['line']}, {_lower(brief.lines[line['line']])} (triệu đồng)"
        amounts = (Fraction(amount, words.MILLION) for amount in (line["amount"], whole))
        yield Row((label, *amounts, _share(line["amount"], whole)))


def _share(part: Any, whole: Any) -> Cell:
    return Fraction(100 * part, whole) if told(part) and told(whole) and whole else None


def _rate(value: Any) -> Cell:
    return words.decimal(value, 2) if told(value) else value


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"

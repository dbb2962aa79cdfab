"""How each unit's coefficient came about, all units of a line side by side.

Lines that share by the same rule have the same coefficients; they stand in one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from helpers.brief.blocks import Series, Text
from helpers.brief.reader import Brief
from helpers.brief.table import Cell, Column, Row, Table
from helpers.brief.tables.layout import source_of
from helpers.data.published import Published
from helpers.language import say
from helpers.retelling import name as name_of
from helpers.retelling import retold, retold_parts
from helpers.text import listing

__all__ = ["Alike", "Told", "alike_lines", "coefficient_tables", "commune_tables"]

DIGITS = 4
"""No more decimals of a point are printed side by side; the published table has them all."""

PLAIN = 30
"""A table of communes with more rows than this is set small, so that a page holds it."""

HEADS: Mapping[str, str] = {
    "district": "Huyện, thành phố, thị xã",
    "commune": "Xã, phường, thị trấn",
}
TITLES: Mapping[str, str] = {
    "district": "Hệ số của từng huyện: {lines}",
    "commune": "Hệ số của từng xã: {lines}",
}
CAPITAL = "Số vốn (triệu đồng)"

_MEASURED = re.compile(r"(?P<number>-?\d[\d.]*(?:,\d+)?)(?: (?P<unit>\D.*)|(?P<percent>%))?")


class Told(NamedTuple):
    """One row of the published coefficients: what a unit has, what it hit, what that is worth."""

    unit_code: str
    unit: str
    part: str
    name: str
    value: str
    hit: str
    points: Decimal
    whole: Decimal | None
    """Of a total, ΣX."""
    percent: Decimal | None
    """Of a total, the unit's part of ΣX in percent."""


@dataclass(frozen=True)
class Alike:
    """Lines whose units all have the same coefficients, and those coefficients, unit by unit."""

    lines: tuple[str, ...]
    units: tuple[tuple[Told, ...], ...]


def alike_lines(table: Published, **wanted: str) -> list[Alike]:
    """Return the lines of the chosen rows, those with equal coefficients together."""
    by_line: dict[str, dict[str, list[Told]]] = {}
    for row in table.records(**wanted):
        told = Told._make(row[name] for name in Told._fields)
        by_line.setdefault(row["line"], {}).setdefault(told.unit_code, []).append(told)
    together: dict[tuple[tuple[Told, ...], ...], list[str]] = {}
    for line, units in by_line.items():
        key = tuple(tuple(parts) for _, parts in sorted(units.items()))
        together.setdefault(key, []).append(line)
    return [Alike(tuple(lines), units) for units, lines in together.items()]


def _number(text: str) -> Decimal:
    """Read a number as a worksheet words it ("1.784,688")."""
    return Decimal(text.replace(".", "").replace(",", "."))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True)
class _Filled:
    """One column with its cells, and what stands in the row of totals."""

    column: Column
    cells: Sequence[Cell]
    total: Cell = ""


def _numbers(
    label: str, values: Sequence[Decimal], group: Iterable[str] = (), total: Cell = ""
) -> _Filled:
    """Return a column of numbers, all with as many decimals as let each be read."""
    digits = min(DIGITS, max(map(_decimals, values), default=0))
    return _Filled(Column("", label, "number", tuple(group), digits=digits), values, total)


def _values(name: str, values: Sequence[str]) -> _Filled:
    """Return the column of what units have: numbers with their unit in the head, or words."""
    found = [_MEASURED.fullmatch(value) for value in values]
    units = {match["unit"] or match["percent"] or "" for match in found if match}
    if len(units) == 1 and all(found):
        unit = retold(units.pop())
        label = say("Số liệu ({unit})", unit=unit) if unit else say("Số liệu")
        return _numbers(label, [_number(match["number"]) for match in found if match], (name,))
    column = Column("", say("Số liệu"), group=(name,), whole=True)
    return _Filled(column, list(map(retold, values)))


def _part_columns(parts: Sequence[Told], alone: bool) -> Iterator[_Filled]:
    """Yield a criterion's columns: what the units have, and unless it is X itself, its points."""
    first, name = parts[0], retold(parts[0].name)
    if any(part.value for part in parts):
        yield _values(name, [part.value for part in parts])
    if first.part == "class":
        column = Column("", say("Loại"), group=(name,), whole=True)
        yield _Filled(column, [retold(part.hit) for part in parts])
    elif not alone:
        label = say("Hệ số") if first.part == "multiplier" else say("Điểm")
        yield _numbers(label, [part.points for part in parts], (name,))


def _columns(alike: Alike, level: str, money: Mapping[str, Mapping[str, int]]) -> Iterator[_Filled]:
    """Yield the table's columns: the unit, its criteria, X, its part of ΣX, its capital."""
    units = [name_of(unit[0].unit) for unit in alike.units]
    yield _Filled(Column("", say(HEADS[level]), whole=True), units, say("Tổng cộng"))
    *steps, totals = zip(*alike.units, strict=True)
    alone = len(steps) == 1 and steps[0][0].part == "criterion"
    for parts in steps:
        yield from _part_columns(parts, alone)
    yield _numbers(say("Hệ số X"), [told.points for told in totals], total=totals[0].whole)
    yield _Filled(Column("", say("% của ΣX"), "rate"), [told.percent for told in totals], 100)
    for line in alike.lines:
        amounts = money.get(line, {})
        one = len(alike.lines) == 1
        label, group = (say(CAPITAL), ()) if one else (line, (say(CAPITAL),))
        cells = [amounts.get(unit[0].unit_code) for unit in alike.units]
        whole = sum(amount for amount in cells if amount is not None)
        yield _Filled(Column("", label, "money", group), cells, whole)


def _side_by_side(
    brief: Brief, alike: Alike, level: str, table: Published, money: Mapping[str, Mapping[str, int]]
) -> Table:
    """Return all units of some lines side by side; `money` is what each gets, by line and code."""
    filled = list(_columns(alike, level, money))
    rows = [Row(tuple(cells)) for cells in zip(*(one.cells for one in filled), strict=True)]
    rows.append(Row(tuple(one.total for one in filled), "total"))
    of = listing(f"{line} ({brief.lines[line]})" for line in alike.lines)
    return Table(
        say(TITLES[level], lines=of),
        tuple(one.column for one in filled),
        tuple(rows),
        note=_note(brief, alike, level),
        dense=level == "district" or len(rows) > PLAIN,
        **source_of(brief.table("coefficients"), table),
    )


def _note(brief: Brief, alike: Alike, level: str) -> str:
    """Return the rule in words: criteria and points, limits, and what X is."""
    rule = brief.table("rules_in_force").one(line=alike.lines[0], level=level)
    kinds = {told.part for told in alike.units[0]}
    made = say("tổng điểm các tiêu chí")
    if "multiplier" in kinds:
        made += say(" nhân với hệ số")
    if "class" in kinds:
        made += say(", xếp loại theo quy tắc")
    limits = rule["limits"]
    return say(
        "Tiêu chí: {criteria}.{limits} X là {made}; mỗi khoản vốn chia theo tỷ lệ X/ΣX.",
        criteria=retold_parts(rule["criteria"]),
        limits=say(" Giới hạn: {limits}.", limits=retold_parts(limits)) if limits else "",
        made=made,
    )


def _money(
    rows: Iterable[Mapping[str, Any]], code: str, amount: str
) -> Mapping[str, Mapping[str, int]]:
    """Return what units get, by line and code, from the columns so named."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["line"], {})[row[code]] = row[amount]
    return found


def coefficient_tables(brief: Brief) -> Series:
    """Return every district's coefficient for every line, one table for each way of sharing."""
    table = brief.table("district_lines")
    money = _money(table.records(), "district_code", "total")
    found = alike_lines(brief.table("coefficients"), level="district")
    if not found:
        return Series((Text(say("Không có khoản vốn nào chia cho huyện theo hệ số.")),))
    return Series(tuple(_side_by_side(brief, alike, "district", table, money) for alike in found))


def commune_tables(brief: Brief, district_code: str) -> Series:
    """Return the communes of a district where a rule goes that far, with what each gets."""
    table = brief.table("commune_lines")
    money = _money(table.records(district_code=district_code), "unit_code", "amount")
    found = alike_lines(brief.table("coefficients"), level="commune", district_code=district_code)
    return Series(tuple(_side_by_side(brief, alike, "commune", table, money) for alike in found))

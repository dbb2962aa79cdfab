"""Capital that moves within the year: a ledger of transfers and returns (điều chuyển, trả lại).

A balance is one unit's capital of one line, source, capital type and vintage. What it was given
originally and what is carried over from earlier years (kéo dài) opens it; each movement, with the
document that decides it, changes it. Of the same day, what a balance receives counts before what
it gives, and what it gives counts by document, then by receiver: the order of the rows of a file
never matters. No balance ever falls below zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from helpers.data.dataset import DataSet
from helpers.data.unit_names import UnitNames
from helpers.data.vocabulary import MOVEMENT_KINDS
from helpers.errors import InputRefused, Problem
from helpers.money import written
from helpers.plan.model import Plan
from helpers.text import listing, nearest

__all__ = [
    "Entry",
    "Key",
    "Ledger",
    "Movement",
    "Scope",
    "carry_over_of",
    "keep_ledger",
    "movements_of",
]


class Key(NamedTuple):
    """One balance: a line's capital of a source, a type and a vintage that a unit holds."""

    line: str
    unit_code: str
    source: str
    capital_type: str
    vintage: int


@dataclass(frozen=True)
class Movement:
    """A dated change by a deciding document; `to_key` is None where the capital is returned.

    `kind` is transfer (điều chuyển) or return (trả lại), `amount` đồng, `where` the row of the
    file that says so.
    """

    date: date
    kind: str
    from_key: Key
    to_key: Key | None
    amount: int
    document: str
    where: str


@dataclass(frozen=True)
class Scope:
    """What movements may speak of.

    `lines` are the plan's lines, each with the capital types that it may hold; `sources` and
    `types` the codes of the plan; `units` the names of districts and agencies by code.
    """

    year: int
    lines: Mapping[str, Collection[str]]
    sources: Collection[str]
    types: Collection[str]
    units: Mapping[str, str]

    @classmethod
    def of(cls, plan: Plan, units: Mapping[str, str]) -> Scope:
        """Return the scope of a plan, with these units."""
        lines = {line.code: line.capital_types for line in plan.lines}
        return cls(plan.year, lines, plan.capital.sources, plan.capital.types, units)


class Entry(NamedTuple):
    """What one movement did to one balance; `change` is below zero where the balance gave."""

    date: date
    document: str
    kind: str
    key: Key
    other: Key | None
    before: int
    change: int
    after: int


@dataclass(frozen=True)
class Ledger:
    """Balances before and after all movements (đồng), and every change in between.

    Σ original = Σ current + Σ returned, for every source, capital type and vintage too.
    """

    original: Mapping[Key, int]
    current: Mapping[Key, int]
    entries: tuple[Entry, ...]
    units: Mapping[str, str]

    @property
    def balances(self) -> pd.DataFrame:
        """Return each balance: original, transferred in and out, returned, current (đồng).

        Key columns: line, unit_code, unit, source, capital_type, vintage; rows ascending by them.
        """
        received, given, returned = (dict.fromkeys(self.current, 0) for _ in range(3))
        for entry in self.entries:
            if entry.kind == "return":
                returned[entry.key] -= entry.change
            elif entry.change < 0:
                given[entry.key] -= entry.change
            else:
                received[entry.key] += entry.change
        rows = [
            {
                **_key_columns(key, self.units),
                "original": self.original.get(key, 0),
                "transferred_in": received[key],
                "transferred_out": given[key],
                "returned": returned[key],
                "current": current,
            }
            for key, current in self.current.items()
        ]
        return pd.DataFrame(rows, columns=[*_KEY_COLUMNS, *_AMOUNT_COLUMNS])

    @property
    def journal(self) -> pd.DataFrame:
        """Return the entries in their order, as a table (before, change and after in đồng).

        `other_unit` and `other_line` are where the capital went to or came from; blank for a
        return.
        """
        rows = [
            {
                "date": entry.date,
                "document": entry.document,
                "kind": MOVEMENT_KINDS[entry.kind],
                **_key_columns(entry.key, self.units),
                "other_unit": _unit(entry.other, self.units),
                "other_line": entry.other.line if entry.other else "",
                "before": entry.before,
                "change": entry.change,
                "after": entry.after,
            }
            for entry in self.entries
        ]
        others = ["other_unit", "other_line", "before", "change", "after"]
        return pd.DataFrame(rows, columns=["date", "document", "kind", *_KEY_COLUMNS, *others])


_KEY_COLUMNS = ["line", "unit_code", "unit", "source", "capital_type", "vintage"]
_AMOUNT_COLUMNS = ["original", "transferred_in", "transferred_out", "returned", "current"]


def _key_columns(key: Key, units: Mapping[str, str]) -> dict[str, object]:
    values = key._asdict() | {"unit": _unit(key, units)}
    return {column: values[column] for column in _KEY_COLUMNS}


def _unit(key: Key | None, units: Mapping[str, str]) -> str:
    return units.get(key.unit_code, key.unit_code) if key else ""


def movements_of(data: DataSet, resolve: UnitNames) -> list[Movement]:
    """Return the movements that the data report, their units found among districts and agencies.

    Raises:
        InputRefused: units that nobody knows; every one, with file, row and column.
    """
    found: list[Movement] = []
    problems: list[Problem] = []
    for place, row in enumerate(data.movements.to_dict("records")):
        codes = {
            column: _code_of(data, "movements", place, column, row[column], resolve, problems)
            for column in ("unit", "to_unit")
            if row[column]
        }
        if None in codes.values():
            continue
        key = (row["source"], row["capital_type"], int(row["vintage"]))
        from_key = Key(row["line"], str(codes["unit"]), *key)
        to_key = None
        if "to_unit" in codes:
            to_key = Key(row["to_line"] or row["line"], str(codes["to_unit"]), *key)
        where = data.where("movements", place)
        amount, document = int(row["amount"]), row["document"]
        found.append(Movement(row["date"], row["kind"], from_key, to_key, amount, document, where))
    if problems:
        raise InputRefused(problems)
    return found


def carry_over_of(data: DataSet, resolve: UnitNames, scope: Scope | None = None) -> dict[Key, int]:
    """Return what earlier years left to each unit (vốn kéo dài), in đồng.

    With a scope, lines, sources, capital types and vintages are held against it too.

    Raises:
        InputRefused: an unknown unit, a balance that stands there twice, or something out of
            scope; every problem, with file and row.
    """
    amounts: dict[Key, int] = {}
    places: dict[Key, int] = {}
    problems: list[Problem] = []
    for place, row in enumerate(data.carry_over.to_dict("records")):
        code = _code_of(data, "carry_over", place, "unit", row["unit"], resolve, problems)
        unit = code or ""
        key = Key(row["line"], unit, row["source"], row["capital_type"], int(row["vintage"]))
        where = data.where("carry_over", place)
        if scope:
            problems += _out_of_scope(key, scope, where)
            if key.vintage >= scope.year:
                what = f"vốn kéo dài của năm {key.vintage}, không trước năm kế hoạch {scope.year}"
                problems.append(Problem(where, what, "sửa năm của vốn"))
        if code and key in places:
            what = f"trùng với {data.where('carry_over', places[key])}: cùng một khoản vốn"
            problems.append(Problem(where, what, "cộng gộp thành một dòng, hoặc xóa dòng thừa"))
        places.setdefault(key, place)
        amounts[key] = int(row["amount"])
    if problems:
        raise InputRefused(problems)
    return amounts


def _code_of(
    data: DataSet,
    table: str,
    place: int,
    column: str,
    text: str,
    resolve: UnitNames,
    problems: list[Problem],
) -> str | None:
    """Return the unit's code; where there is none, add why to the problems."""
    found = resolve(text)
    if found is None:
        refusal = resolve.refusal(text)
        problems.append(Problem(data.where(table, place, column), refusal.what, refusal.todo))
        return None
    return found[0]


def keep_ledger(
    original: Mapping[Key, int], movements: Iterable[Movement], *, scope: Scope
) -> Ledger:
    """Apply the movements to the original balances, in the order of their dates.

    Args:
        original: đồng by balance, zero or more: this year's capital and what is carried over.
        movements: in any order.
        scope: what they may speak of; its year is the plan's.

    Returns:
        The ledger; its balances are those of the original and those that received anything.

    Raises:
        InputRefused: a movement out of scope, out of the year, without an amount or a sense, or
            one that would overdraw its balance on its day; every such movement.
    """
    vintages = {key.vintage for key in original} | {scope.year}
    problems: list[Problem] = []
    entries: list[Entry] = []
    current = dict(original)
    for _, day in groupby(sorted(movements, key=_order), key=lambda movement: movement.date):
        sound = []
        for movement in day:
            found = _problems(movement, scope, vintages)
            problems += found
            if not found:
                sound.append(movement)
            # A refused movement still counts for its receiver, or others would be blamed for it.
            if movement.to_key is not None and movement.amount > 0:
                entries.append(_apply(movement, movement.to_key, movement.amount, current))
        for movement in sound:
            available = current.get(movement.from_key, 0)
            if movement.amount > available:
                problems.append(_overdrawn(movement, available, scope))
            else:
                entries.append(_apply(movement, movement.from_key, -movement.amount, current))
    if problems:
        raise InputRefused(problems)
    frozen = MappingProxyType
    ordered = {key: current[key] for key in sorted(current)}
    return Ledger(
        frozen(dict(original)), frozen(ordered), tuple(entries), frozen(dict(scope.units))
    )


def _order(movement: Movement) -> tuple[object, ...]:
    """Return what decides which movement is first: never its row, unless all else is equal."""
    receiver = movement.to_key or ()
    giver = movement.from_key
    return movement.date, movement.document, giver, receiver, movement.amount, movement.where


def _apply(movement: Movement, key: Key, change: int, current: dict[Key, int]) -> Entry:
    """Change the balance; return the entry that says so."""
    before = current.get(key, 0)
    current[key] = before + change
    other = movement.from_key if change > 0 else movement.to_key
    return Entry(
        movement.date, movement.document, movement.kind, key, other, before, change, current[key]
    )


def _named(key: Key, scope: Scope) -> str:
    """Return the balance as a message names it."""
    return (
        f"{_unit(key, scope.units)}, {key.line} ({key.source}, {key.capital_type}, vốn năm "
        f"{key.vintage})"
    )


def _overdrawn(movement: Movement, available: int, scope: Scope) -> Problem:
    day = f"{movement.date.day}/{movement.date.month}/{movement.date.year}"
    what = (
        f"{_named(movement.from_key, scope)}: đến ngày {day} còn {written(available)}, không đủ để "
        f"{MOVEMENT_KINDS[movement.kind]} {written(movement.amount)}"
    )
    todo = "sửa số tiền hoặc ngày; kiểm tra vốn được giao và các lần điều chuyển trước đó"
    return Problem(movement.where, what, todo)


def _out_of_scope(key: Key, scope: Scope, where: str) -> list[Problem]:
    """Return the parts of a key that the plan does not know."""
    problems = []
    parts = (
        ("tiểu dự án", key.line, scope.lines),
        ("nguồn vốn", key.source, scope.sources),
        ("loại vốn", key.capital_type, scope.types),
    )
    for name, word, known in parts:
        if word not in known:
            near = nearest(word, known)
            todo = f"có phải là “{near}”?" if near else f"chỉ nhận: {listing(known)}"
            problems.append(Problem(where, f"kế hoạch không có {name} “{word}”", todo))
    if not problems and key.capital_type not in scope.lines[key.line]:
        held = listing(scope.lines[key.line])
        what = f"{key.line} không có loại vốn {key.capital_type}"
        problems.append(Problem(where, what, f"{key.line} chỉ có {held}; sửa tiểu dự án"))
    return problems


def _problems(movement: Movement, scope: Scope, vintages: Collection[int]) -> list[Problem]:
    """Return what is wrong with a movement by itself."""
    where, day, amount = movement.where, movement.date, movement.amount
    giver, receiver = movement.from_key, movement.to_key
    problems = _out_of_scope(giver, scope, where)
    if receiver is not None and receiver.line != giver.line:
        problems += _out_of_scope(receiver, scope, where)
    if giver.vintage not in vintages:
        known = listing(str(year) for year in sorted(vintages))
        what = f"không có vốn năm {giver.vintage} nào được giao hoặc kéo dài"
        problems.append(Problem(where, what, f"chỉ có vốn các năm: {known}"))
    if amount <= 0:
        what = f"số tiền phải lớn hơn 0, đang là {amount} đồng"
        problems.append(Problem(where, what, "ghi số tiền, hoặc xóa dòng"))
    if receiver == giver:
        what = "đơn vị và tiểu dự án nhận trùng với nơi chuyển đi"
        problems.append(Problem(where, what, "sửa đơn vị nhận hoặc tiểu dự án nhận, hoặc xóa dòng"))
    if movement.kind == "return" and receiver is not None:
        what, todo = "trả lại mà có nơi nhận", "để trống nơi nhận, hoặc sửa thành điều chuyển"
        problems.append(Problem(where, what, todo))
    if movement.kind == "transfer" and receiver is None:
        what, todo = "điều chuyển mà không có nơi nhận", "ghi đơn vị nhận, hoặc sửa thành trả lại"
        problems.append(Problem(where, what, todo))
    if day.year != scope.year:
        what = f"ngày {day.day}/{day.month}/{day.year} không thuộc năm kế hoạch {scope.year}"
        problems.append(Problem(where, what, "sửa ngày, hoặc bỏ dòng khỏi sổ của năm này"))
    if day.year < giver.vintage:
        what = f"ngày {day.day}/{day.month}/{day.year} trước cả năm của vốn ({giver.vintage})"
        problems.append(Problem(where, what, "sửa ngày hoặc năm của vốn"))
    return problems

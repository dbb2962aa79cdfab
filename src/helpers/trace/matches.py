"""Which cells of the published tables a printed number can be: by value first, then by row."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from helpers.data.catalogue import Field
from helpers.data.published import SUPPRESSED, Published
from helpers.language import SOURCE, language, speaking
from helpers.retelling import name
from helpers.text import nfc
from helpers.trace.numbers import numbers_in, rounds_to
from helpers.trace.places import Place, TableCell

__all__ = ["WHOLE", "Answer", "Found", "Pair", "Sum", "answer", "reading"]

Record = Mapping[str, Any]

PLACES = ("district", "area", "unit", "agency")
"""Columns that name a place: a row of another place is another number."""

WHOLE = "Toàn tỉnh"
"""The place that a brief of the whole province speaks of where it names none."""

WHOLES = ("toàn tỉnh", "tổng cộng", "tổng số", "total", "province")

ALIASES = {"toàn tỉnh": ("tỉnh",), "total": ("tổng", "toàn tỉnh"), "province": ("tỉnh",)}
ALIASES |= {"poor": ("hộ nghèo",), "near_poor": ("hộ cận nghèo",)}
ALIASES |= {"district": ("huyện, thành phố, thị xã", "các huyện"), "agency": ("sở, ngành",)}
"""What a brief may say for a word of a table."""

LIKELY = 3
"""Evidence below this is none: the same number may stand there by chance."""

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

CLOSE = 1
"""Candidates that are so much weaker than the best one are not told."""

SHOWN = 4


@dataclass(frozen=True)
class Found:
    """A cell of a published table that holds the number."""

    table: Published
    row: int
    """Position of the row in the table, from 0."""
    column: str
    value: Any
    exact: bool
    """Whether the print gives the value in full; else it is rounded."""
    inside: bool
    """Whether the number stands within a text that the table holds."""
    evidence: int
    of_row: int
    """The part of the evidence that speaks of the row."""


@dataclass(frozen=True)
class Sum:
    """A column of a published table whose rows with these values add up to the number."""

    table: Published
    column: str
    where: tuple[tuple[str, str], ...]
    rows: int
    value: Any


@dataclass(frozen=True)
class Pair:
    """Two columns of one row of a published table that give the number: by sum or difference."""

    table: Published
    row: int
    columns: tuple[str, str]
    sign: str
    """"+" or "-"."""


@dataclass(frozen=True)
class Answer:
    """What stands behind a printed number: cells that fit, or sums, or cells merely alike."""

    found: tuple[Found, ...] = ()
    sums: tuple[Sum, ...] = ()
    pairs: tuple[Pair, ...] = ()
    alike: tuple[Found, ...] = ()
    """Cells with the same number where nothing but the number agrees."""

    @property
    def is_certain(self) -> bool:
        """Tell whether exactly one cell fits."""
        return len(self.found) == 1


@lru_cache(maxsize=65_536)
def _words(text: str) -> str:
    """Return the words of a text between single spaces, so that phrases can be looked up in it."""
    return f" {' '.join(_WORD.findall(nfc(text).casefold()))} "


@contextmanager
def reading(code: str, names: Mapping[str, str]) -> Iterator[None]:
    """Read what is printed in a language, with the names that the plan gives in it."""
    _told.cache_clear()
    with speaking(code, names):
        yield


@lru_cache(maxsize=65_536)
def _told(text: str) -> str:
    """Return a word of the published tables as the brief prints it."""
    return name(text)


def _says(context: str, label: str) -> bool:
    phrase = _words(label)
    if phrase.isspace():
        return False
    if phrase in context or (language() != SOURCE and _words(_told(label)) in context):
        return True
    return any(_words(alias) in context for alias in ALIASES.get(label.casefold(), ()))


def _is_year(label: str) -> bool:
    return bool(re.fullmatch(r"20\d\d", label))


def _row_evidence(table: Published, record: Record, near: str, far: str, home: str) -> int:
    """Weigh whether the words around a number speak of this row."""
    evidence = 0
    for column, value in record.items():
        field = table.spec.field(column)
        if not isinstance(value, str) or value in ("", SUPPRESSED) or field is None:
            continue
        if field.kind != "text" or (value.isdigit() and not _is_year(value)):
            continue
        if _says(near, value):
            evidence += 3
        elif _says(far, value):
            evidence += 1
        elif value.casefold() == home.casefold() or (home == WHOLE and value.casefold() in WHOLES):
            evidence += 1 if column in PLACES else 0
        elif column in PLACES:
            evidence -= 4
        elif _is_year(value):
            evidence -= 1 if re.search(r" 20\d\d ", near) else 0
        elif column in table.spec.key:
            evidence -= 1
    return evidence


def _column_evidence(column: str, field: Field, near: str, far: str) -> int:
    """Weigh whether the words around a number name this column: none, some or all of its label."""
    label = re.sub(r"\(.*?\)", "", field.label).strip()
    if language() != SOURCE:
        translated = _told(label)
        label = translated if translated != label else column.replace("_", " ")
    said = [word for word in _words(label).split() if len(word) > 1]
    if not said:
        return 0
    share = Fraction(sum(f" {word} " in near for word in said), len(said))
    wide = Fraction(sum(f" {word} " in far for word in said), len(said))
    return round(3 * share + wide)


def _cell_evidence(table: Published, cell: TableCell, record: Record) -> int:
    """Weigh whether a printed row is this published row: their other cells are the same."""
    evidence = 0
    for key, value in cell.values:
        told = record.get(key)
        if value in (None, "", 0) or told in (None, ""):
            continue
        if told == value or (language() != SOURCE and _told(str(told)) == value):
            evidence += 2
        elif not isinstance(value, str):
            evidence -= 2
        elif key in (*table.spec.key, *PLACES) and not _stands_in(str(told), value):
            evidence -= 4
    return evidence


def _stands_in(text: str, printed: str) -> bool:
    return text in printed or (language() != SOURCE and _told(text) in printed)


def _company(place: Place, record: Record) -> int:
    """Weigh whether the row holds the other numbers of the same clause, too."""
    values = [Fraction(v) for v in record.values() if v is not None and not isinstance(v, str)]
    others = [
        other
        for other in numbers_in(place.near, place.language)
        if len(other.digits) > 2 and other.digits != place.number.digits
    ]
    return sum(
        2
        for other in others
        if any(value and rounds_to(value / other.scale, other.digits) for value in values)
    )


def _fits(field: Field, place: Place) -> bool:
    """Tell whether a column's kind can be what the printed number counts."""
    kind = place.number.kind
    if field.kind in ("text", "number"):
        return True
    if kind == "":
        return field.kind != "money" or place.cell is not None
    return {"money": "money", "percent": "rate points", "count": "count"}[kind].find(
        field.kind
    ) >= 0


def _reads_as(value: Any, field: Field, place: Place) -> tuple[bool, bool] | None:
    """Tell whether a value reads as the printed number: in full, and within a text.

    None where it does not.
    """
    if value is None or value == SUPPRESSED:
        return None
    number = place.number
    if isinstance(value, str):
        numbers = list(numbers_in(value))
        if place.cell is not None and place.cell.exact and len(numbers) != 1:
            return None
        said = any(
            other.digits == number.digits and other.sign.strip("+") == number.sign.strip("+")
            for other in numbers
        )
        return (True, True) if said else None
    exact = Fraction(value)
    if place.cell is not None and place.cell.exact:
        if exact not in place.cell.exact or not rounds_to(exact / number.scale, number.digits):
            return None
        return exact / number.scale == number.value, False
    # Prose says a fall without its sign, and a rise with one.
    scales = {number.scale, 1} if field.kind == "number" else {number.scale}
    if any(rounds_to(exact / scale, number.digits) for scale in scales):
        return any(abs(exact) / scale == abs(number.value) for scale in scales), False
    return None


def _weight(place: Place, table: Published, record: Record, home: str) -> int:
    """Weigh all that speaks of a row being the one that a place was printed from."""
    near, far = _words(place.near), _words(f"{place.far} {place.near}")
    more = _cell_evidence(table, place.cell, record) if place.cell else _company(place, record)
    if place.cell and home == WHOLE:
        home = ""  # a row says itself when it is that of the whole
    return _row_evidence(table, record, near, far, home) + more


def _candidates(place: Place, tables: Iterable[Published], home: str) -> Iterator[Found]:
    near, far = _words(place.near), _words(f"{place.far} {place.near}")
    heads = _words(" ".join(place.cell.heads)) if place.cell else near
    for table in tables:
        fields = {name: table.spec.field(name) for name in table.frame.columns}
        keyed = place.cell is not None and bool(place.cell.exact) and place.cell.key in fields
        for row, record in enumerate(table.frame.to_dict("records")):
            weight: int | None = None
            for column, value in record.items():
                field = fields[column]
                if field is None or not _fits(field, place):
                    continue
                if column in table.spec.key and field.kind in ("text", "count"):
                    continue
                told = _reads_as(value, field, place)
                if told is None:
                    continue
                if weight is None:
                    weight = _weight(place, table, record, home)
                evidence = weight + 2 * told[0] - 3 * told[1]
                evidence += _column_evidence(column, field, heads, far)
                if told[1] and _says(far, str(value)):
                    evidence += 6
                if place.cell:
                    evidence += 6 if place.cell.key == column else -12 if keyed else 0
                elif weight < 1 and not told[1]:
                    evidence = min(evidence, LIKELY - 1)  # nothing speaks of this very row
                yield Found(table, row, column, value, *told, evidence, weight)


def answer(place: Place, tables: Sequence[Published], home: str) -> Answer:
    """Return what stands behind a printed number among the tables that its place rests on.

    Args:
        place: The printed number.
        tables: The published tables to look in.
        home: The place that the whole brief speaks of, as tables name it.
    """
    ranked = sorted(_candidates(place, tables, home), key=lambda found: -found.evidence)
    best = ranked[0].evidence if ranked else 0
    if best >= LIKELY:
        close = [found for found in ranked if found.evidence >= best - CLOSE]
        if place.cell is None or len(close) <= SHOWN:
            return Answer(found=tuple(close))
    sums = tuple(_sums(place, tables, home))
    alike = tuple(found for found in ranked if found.evidence >= 0 and found.of_row >= 0)
    return Answer(sums=sums, pairs=() if sums else tuple(_pairs(place, tables, home)), alike=alike)


def _adds(table: Published, place: Place) -> list[str]:
    """Return the columns that may be added up to what the printed number counts."""
    return [
        column
        for column in table.frame.columns
        if (field := table.spec.field(column))
        and field.kind in ("money", "count")
        and column not in (*table.spec.key, "rank")
        and _fits(field, place)
    ]


def _column_rank(table: Published, column: str, heads: str) -> int:
    field = table.spec.field(column)
    return (2 * _column_evidence(column, field, heads, heads) if field else 0) + (column == "total")


def _pairs(place: Place, tables: Iterable[Published], home: str) -> Iterator[Pair]:
    """Yield pairs of columns that give the number exactly, in the row that the words speak of."""
    wanted = abs(place.number.value) * place.number.scale
    if len(place.number.digits) < 3 or place.number.kind == "percent":
        return  # a small number comes out of some pair in almost every row
    for table in tables:
        weighed = [
            (_weight(place, table, record, home), row, record)
            for row, record in enumerate(table.frame.to_dict("records"))
        ]
        best = max((weight for weight, _, _ in weighed), default=0)
        rows = [(row, record) for weight, row, record in weighed if weight == best]
        if best < LIKELY or len(rows) > 1:
            continue
        row, record = rows[0]
        told = [c for c in _adds(table, place) if isinstance(record[c], int) and record[c]]
        for first, second in itertools.combinations(told, 2):
            one, other = Fraction(record[first]), Fraction(record[second])
            if one + other == wanted:
                yield Pair(table, row, (first, second), "+")
            elif abs(one - other) == wanted:
                yield Pair(table, row, (first, second) if one > other else (second, first), "-")


def _conditions(table: Published, says: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Return the columns and values by which the words around a number may choose rows."""
    found = []
    for column in table.frame.columns:
        field = table.spec.field(column)
        if field is None or field.kind != "text" or column.endswith("code"):
            continue
        values = {value for value in table.frame[column] if value}
        found += [(column, value) for value in sorted(values) if says(value)]
    return found


def _chosen(records: Iterable[Record], where: Sequence[tuple[str, str]]) -> list[Record]:
    return [row for row in records if all(row[column] == value for column, value in where)]


def _sums(place: Place, tables: Iterable[Published], home: str) -> Iterator[Sum]:
    """Yield sums of rows that the words around a number choose, where they give it exactly."""
    near = _words(f"{place.near} {home}")
    far = _words(place.far)
    for table in tables:
        records = table.frame.to_dict("records")
        said = _conditions(table, lambda value: _says(near, value))
        own = [(column, value) for column, value in said if column in PLACES and value == home]
        named = [pair for pair in said if pair not in own]
        wider = _conditions(table, lambda value: _says(far, value))
        every = _conditions(table, lambda value: True)
        few = [pair for pair in every if sum(column == pair[0] for column, _ in every) <= 8]
        single = [*named, *wider, *few]
        tries = [[*own, *named], *([*own, pair] for pair in named), own]
        tries += [[*own, pair] for pair in single]
        found = next((f for where in tries if (f := _adding(place, table, records, where))), None)
        if found:
            yield found


def _adding(
    place: Place, table: Published, records: Sequence[Record], where: Sequence[tuple[str, str]]
) -> Sum | None:
    """Return the column whose chosen rows add up to the number, if there is one."""
    if len({column for column, _ in where}) < len(where):
        return None
    rows = [row for row in _chosen(records, where) if "total" not in row.values()]
    if len(rows) < 2:
        return None
    heads = _words(" ".join(place.cell.heads) if place.cell else place.near)
    for column in sorted(_adds(table, place), key=lambda c: -_column_rank(table, c, heads)):
        if place.cell and place.cell.key in table.frame.columns and column != place.cell.key:
            continue
        values = [row[column] for row in rows]
        if any(value is None or isinstance(value, str) for value in values):
            continue
        total = Fraction(sum(values))
        if total and abs(total) == abs(place.number.value) * place.number.scale:
            return Sum(table, column, tuple(where), len(rows), sum(values))
    return None

"""One table as the file has it, made a typed frame; or every cell and row that is wrong with it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data.cells import READERS, Cell, CellRefusedError, read_choice, shown
from helpers.data.headers import match_headers
from helpers.data.names import TOTALS, CommuneNames, CommuneRefusedError, DistrictNames
from helpers.data.schema import Column, Table
from helpers.data.schemas import TABLES, extra_column
from helpers.data.sidecar import Sidecar
from helpers.data.sources import RawTable
from helpers.data.unit_names import UnitNames
from helpers.data.vocabulary import CHOICES, EXTENSIBLE
from helpers.errors import Problem
from helpers.text import listing, match_key

__all__ = ["Lookups", "Place", "TableRead", "empty_frame", "extra_columns", "read_table"]

Values = dict[str, dict[int, Any]]
"""What could be read, by column and row in Excel."""

_Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Lookups:
    """What cells may name; None where the table that lists them cannot be used itself."""

    districts: DistrictNames | None = None
    units: UnitNames | None = None
    communes: CommuneNames | None = None

    def after(self, table: str, read: TableRead) -> Lookups:
        """Return the lookups with what a table that was read adds to them."""
        if table == "districts":
            frame = read.complete("code", "name", "kind")
            if frame is not None:
                districts = DistrictNames.of(frame)
                return Lookups(districts, UnitNames.of(districts, {}), self.communes)
        if table == "communes":
            frame = read.complete("code", "kind", "name", "district")
            if frame is not None:
                rows = frame.itertuples(index=False, name=None)
                communes = CommuneNames({code: tuple(names) for code, *names in rows})
                return Lookups(self.districts, self.units, communes)
        return self


@dataclass(frozen=True)
class Place:
    """Where a table's rows stand in its file."""

    table: str
    rows: tuple[int, ...]
    headers: Mapping[str, str]

    def row(self, position: int, column: str = "") -> str:
        """Return the place of a row of the frame, by its position, or of one of its cells."""
        where = f"{self.table}, dòng {self.rows[position]}"
        return f"{where}, cột {self.headers.get(column, column)}" if column else where


@dataclass(frozen=True)
class TableRead:
    """A table's typed frame if nothing is wrong with it, what could be read, and all problems."""

    frame: pd.DataFrame | None
    values: Values
    place: Place
    problems: list[Problem]

    def complete(self, *columns: str) -> pd.DataFrame | None:
        """Return the columns if every cell of theirs could be read, whatever the others say."""
        cells = {name: self.values[name] for name in columns}
        whole = all(len(cells[name]) == len(self.place.rows) for name in columns)
        return pd.DataFrame(cells) if whole else None


def extra_columns(table: str, sidecar: Sidecar | None) -> dict[str, Column]:
    """Return the columns that the sidecar adds to a table's own."""
    if sidecar is None or table not in EXTENSIBLE:
        return {}
    return {
        name: extra_column(note.label, note.unit, note.kind or "measure")
        for name, note in sidecar.columns.items()
        if name not in TABLES[table].columns
    }


def empty_frame(table: str) -> pd.DataFrame:
    """Return the table's frame without any row."""
    columns = TABLES[table].columns
    return _frame(columns, {name: {} for name in columns}, [])


def read_table(raw: RawTable, sidecar: Sidecar | None, lookups: Lookups) -> TableRead:
    """Return the typed frame if nothing is wrong, the cells that could be read, and all problems.

    Districts, units and communes are left unmatched where their lookup is missing.
    """
    schema = TABLES[raw.name]
    extras = extra_columns(raw.name, sidecar)
    columns = {**schema.columns, **extras}
    titles = {name: column.title for name, column in columns.items()}
    titles.pop("district_code", None)
    labels = {name: note.label for name, note in sidecar.columns.items()} if sidecar else {}
    places, problems = match_headers(raw, titles, labels, extras)
    headers = {name: raw.headers[place] for name, place in places.items()}
    numbers = [number for number, _ in raw.rows]
    values: Values = {name: {} for name in columns}
    for name, place in places.items():
        cells = [cells[place] for _, cells in raw.rows]
        for number, read in zip(numbers, _read_column(columns[name], cells, lookups), strict=True):
            if isinstance(read, CellRefusedError):
                where = f"{raw.place}, dòng {number}, cột {headers[name]}"
                problems.append(Problem(where, read.what, read.todo))
            elif name == "district" and isinstance(read, tuple):
                values["district_code"][number], values["district"][number] = read
            else:
                values[name][number] = read
    if lookups.communes and columns.get("code") is not None:
        problems += _match_communes(columns, values, raw, headers, lookups.communes)
    complete = [number for number in numbers if all(number in column for column in values.values())]
    if len(complete) < len(numbers):
        problems += _column_problems(schema, values, raw, headers)
    position = Place(raw.place, tuple(numbers), headers)
    if complete:
        frame = _frame(columns, values, complete)
        problems += _table_problems(schema, frame[list(schema.columns)], raw, headers)
        if not problems and len(complete) == len(numbers):
            return TableRead(frame.reset_index(drop=True), values, position, [])
    elif not numbers and not problems:
        return TableRead(_frame(columns, values, []), values, position, [])
    return TableRead(None, values, position, _by_row(problems))


def _read_column(column: Column, cells: list[Cell], lookups: Lookups) -> list[Any]:
    """Return each cell's value, or why it is refused; equal cells are read once."""
    known: dict[Hashable, Any] = {}
    values = []
    for cell in cells:
        # Excel's 1 and 1.0 are equal and read alike; a number and its text are not equal.
        if cell not in known:
            try:
                known[cell] = _read_cell(column, cell, lookups)
            except CellRefusedError as refused:
                known[cell] = refused
        values.append(known[cell])
    return values


def _read_cell(column: Column, cell: Cell, lookups: Lookups) -> Any:
    reads = column.reads
    if reads == "choice":
        return read_choice(cell, CHOICES[column.choices])
    if reads == "district":
        return lookups.districts.find(cell) if lookups.districts else READERS["text"](cell)
    if reads in ("unit", "optional_unit"):
        return _unit(cell, lookups.units, blank=reads == "optional_unit")
    # A commune is matched when both its code and its name are read.
    return READERS["text" if reads in ("commune_code", "commune_name") else reads](cell)


def _unit(cell: Cell, units: UnitNames | None, *, blank: bool) -> str:
    """Return the district's canonical name, or the text where it may be an agency of the rules."""
    text = str(READERS["optional_text" if blank else "text"](cell))
    if match_key(text) in TOTALS:
        raise CellRefusedError(f"{shown(cell)} là dòng tổng", "xóa dòng này; tổng được tính sau")
    found = units(text) if units else None
    return found[1] if found else text


def _match_communes(
    columns: _Columns,
    values: Values,
    raw: RawTable,
    headers: Mapping[str, str],
    communes: CommuneNames,
) -> list[Problem]:
    """Put the communes' canonical names in; return the rows whose code and name are not one's."""
    if columns["code"].reads != "commune_code":
        return []
    problems = []
    codes, names = values["code"], values["name"]
    for number in [number for number in codes if number in names]:
        try:
            names[number] = communes.find(codes[number], names[number])
        except CommuneRefusedError as error:
            where = f"{raw.place}, dòng {number}, cột {headers[error.column]}"
            problems.append(Problem(where, error.what, error.todo))
    return problems


def _frame(columns: _Columns, values: Values, numbers: list[int]) -> pd.DataFrame:
    """Return the given rows as a frame with the schema's types; the index is the row in Excel."""
    index = pd.Index(numbers)
    return pd.DataFrame(
        {
            name: pd.Series([values[name][number] for number in numbers], index, column.dtype)
            for name, column in columns.items()
        }
    )


def _column_problems(
    schema: Table, values: Values, raw: RawTable, headers: Mapping[str, str]
) -> list[Problem]:
    """Return what the schema says of each column's readable cells, where some rows are not."""
    problems: list[Problem] = []
    for name, column in schema.columns.items():
        cells = values[name]
        if cells and name in headers:
            series = pd.Series(list(cells.values()), list(cells), dtype=column.dtype, name=name)
            if not column.fits(series):
                from helpers.data.failures import failures_in_column

                cases = failures_in_column(column, series)
                problems += [_problem(case, raw, headers) for case in cases]
    return problems


def _table_problems(
    schema: Table, frame: pd.DataFrame, raw: RawTable, headers: Mapping[str, str]
) -> list[Problem]:
    """Return what the schema says of the rows that can be read."""
    if schema.fits(frame):
        return []
    from helpers.data.failures import failures_in_table

    cases = failures_in_table(schema, frame)
    others = [case for case in cases if case["check"] != "multiple_fields_uniqueness"]
    problems = [_problem(case, raw, headers) for case in others]
    return problems + (_duplicates(frame, schema, raw, headers) if others != cases else [])


def _problem(case: Mapping[str, Any], raw: RawTable, headers: Mapping[str, str]) -> Problem:
    """Return a failure of the schema as a sentence for a planner."""
    where = f"{raw.place}, dòng {int(case['index'])}"
    what, _, todo = str(case["check"]).partition(" → ")
    if case["schema_context"] == "Column":
        where += f", cột {headers[case['column']]}"
        what = f"{shown(str(case['failure_case']))}: {what}"
    return Problem(where, what, todo)


def _duplicates(
    frame: pd.DataFrame, schema: Table, raw: RawTable, headers: Mapping[str, str]
) -> list[Problem]:
    """Return the rows that have the key of a row above."""
    key = list(schema.key or ())
    written = ["district" if column == "district_code" else column for column in key]
    named = listing(headers[column] for column in written)
    first: dict[tuple[Any, ...], int] = {}
    problems = []
    keys = frame[key].itertuples(index=False, name=None)
    shown_keys = frame[written].itertuples(index=False, name=None)
    for number, own, values in zip(frame.index, keys, shown_keys, strict=True):
        if own in first:
            what = f"trùng với dòng {first[own]}: {listing(shown(str(value)) for value in values)}"
            where = f"{raw.place}, dòng {number}, cột {named}"
            problems.append(Problem(where, what, "xóa hoặc sửa một trong hai dòng"))
        first.setdefault(own, number)
    return problems


def _by_row(problems: list[Problem]) -> list[Problem]:
    """Return the problems each once, those of the table first, then row by row."""

    def row(problem: Problem) -> int:
        _, _, tail = problem.where.rpartition(", dòng ")
        digits = tail.partition(",")[0]
        return int(digits) if digits.isdigit() else 0

    return sorted(dict.fromkeys(problems), key=row)

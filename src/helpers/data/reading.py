"""A province's data, read and checked as a whole: `read_data(folder or workbook)`.

Nothing is mended on the way. Only what does not change a meaning is evened out: Unicode form,
spaces, and the several ways of naming a district. Everything else that is wrong is refused, all
of it at once, each with file, row and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pandera.pandas as pa

from helpers.data.cells import READERS, CellRefusedError, read_choice, shown
from helpers.data.headers import match_headers
from helpers.data.names import DistrictNames
from helpers.data.schemas import TABLES, choice_words, raw_columns
from helpers.data.sidecar import Sidecar, load_sidecar, load_workbook_sidecars
from helpers.data.sources import RawTable, Source, open_source
from helpers.errors import InputRefused, Problem
from helpers.marks import Mark, merge_marks
from helpers.paths import relative
from helpers.text import listing, nearest

__all__ = ["DataSet", "read_data"]


_Values = dict[str, dict[int, Any]]
"""What could be read, by column and row in Excel."""


@dataclass(frozen=True, eq=False)
class DataSet:
    """A province's tables, typed; counts are int64, measures Decimal, codes and names text.

    Rows are in the order of the files. Where a file names a district, the frame has
    `district_code` and `district` (the name as districts.csv writes it, in form NFC).
    """

    districts: pd.DataFrame
    communes: pd.DataFrame
    poverty: pd.DataFrame
    criteria: pd.DataFrame
    province_totals: pd.DataFrame
    sidecars: Mapping[str, Sidecar]
    files: tuple[Path, ...]
    table_files: Mapping[str, Path]

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """Return every table's frame by the table's name."""
        return MappingProxyType({name: getattr(self, name) for name in TABLES})

    @property
    def district_names(self) -> Mapping[str, str]:
        """Return the districts' names by code, in the order of districts.csv."""
        return MappingProxyType(
            dict(zip(self.districts["code"], self.districts["name"], strict=True))
        )

    def names(self, *tables: str) -> tuple[str, ...]:
        """Return the files behind the tables, as seen from the project folder, each once."""
        return tuple(dict.fromkeys(relative(self.table_files[table]) for table in tables))

    def marks(self, *tables: str) -> tuple[Mark, ...]:
        """Return what must be said of figures that rest on these tables (see marks.MARKS)."""
        sidecars = [self.sidecars[table] for table in tables]
        secondary = ["secondary" for sidecar in sidecars if sidecar.secondary]
        return merge_marks([sidecar.status for sidecar in sidecars], secondary)


def read_data(source: Path) -> DataSet:
    """Read a folder of CSV files, or one Excel workbook, with its sidecars.

    Raises:
        InputRefused: every problem of every table and sidecar.
    """
    found = open_source(source)
    problems = list(found.problems)
    sidecars, more = _sidecars(found)
    problems += more
    frames: dict[str, pd.DataFrame] = {}
    names: DistrictNames | None = None
    for table in TABLES:
        raw = found.tables.get(table)
        if raw is None or not raw.rows:
            continue
        frame, values, more = _read_table(raw, sidecars.get(table), names)
        problems += more
        if frame is not None:
            frames[table] = frame
        if table == "districts":
            names = _district_names(values, len(raw.rows))
    problems += _gaps(frames, found)
    if problems:
        raise InputRefused(problems)
    files = dict.fromkeys([*found.files.values(), *found.sidecars.values()])
    return DataSet(
        **frames,
        sidecars=MappingProxyType(sidecars),
        files=tuple(files),
        table_files=MappingProxyType(dict(found.files)),
    )


def _sidecars(found: Source) -> tuple[dict[str, Sidecar], list[Problem]]:
    """Return the sidecars that can be read, and what is wrong with them and the others."""
    sidecars: dict[str, Sidecar] = {}
    problems: list[Problem] = []
    paths = dict.fromkeys(found.sidecars.values())
    try:
        if len(paths) == 1:
            sidecars = load_workbook_sidecars(next(iter(paths)), tuple(TABLES))
    except InputRefused as refused:
        problems += refused.problems
    for table, path in found.sidecars.items() if len(paths) > 1 else ():
        try:
            sidecars[table] = load_sidecar(path)
        except InputRefused as refused:
            problems += refused.problems
    for table, sidecar in sidecars.items():
        wanted = raw_columns(table)
        named = [*sidecar.columns, *(sidecar.known.totals if sidecar.known else ())]
        for column in dict.fromkeys(named):
            if column not in wanted:
                near = nearest(column, wanted)
                todo = f"có phải là “{near}”?" if near else f"chỉ nhận: {listing(wanted)}"
                where = f"{relative(found.sidecars[table])}, khóa {column}"
                problems.append(Problem(where, f"bảng {table} không có cột này", todo))
    return sidecars, problems


def _read_table(
    raw: RawTable, sidecar: Sidecar | None, names: DistrictNames | None
) -> tuple[pd.DataFrame | None, _Values, list[Problem]]:
    """Return the typed frame if nothing is wrong, the cells that could be read, and all problems.

    Without district names (districts.csv itself is at fault) districts are left unmatched.
    """
    labels = {column: note.label for column, note in sidecar.columns.items()} if sidecar else {}
    columns, problems = match_headers(raw, labels)
    schema = TABLES[raw.name]
    numbers = [number for number, _ in raw.rows]
    values: _Values = {name: {} for name in schema.columns}
    for name, place in columns.items():
        for number, cells in raw.rows:
            try:
                read = _read_cell(raw.name, name, cells[place], names)
            except CellRefusedError as error:
                where = f"{raw.place}, dòng {number}, cột {raw.headers[place]}"
                problems.append(Problem(where, error.what, error.todo))
                continue
            if name == "district" and isinstance(read, tuple):
                values["district_code"][number], values["district"][number] = read
            else:
                values[name][number] = read
    headers = {name: raw.headers[place] for name, place in columns.items()}
    complete = [number for number in numbers if all(number in column for column in values.values())]
    if len(complete) < len(numbers):
        problems += _column_problems(schema, values, raw, headers)
    if complete:
        frame = _frame(schema, values, complete)
        problems += _schema_problems(schema, frame, raw, headers)
        if not problems and len(complete) == len(numbers):
            return frame.reset_index(drop=True), values, []
    return None, values, _by_row(problems)


def _district_names(values: _Values, rows: int) -> DistrictNames | None:
    """Return the names to match, if every row of districts.csv has code, name and kind."""
    needed = {name: values[name] for name in ("code", "name", "kind")}
    complete = all(len(cells) == rows for cells in needed.values())
    return DistrictNames.of(pd.DataFrame(needed)) if complete else None


def _read_cell(table: str, column: str, cell: Any, names: DistrictNames | None) -> Any:
    reads = TABLES[table].columns[column].metadata["reads"]
    if reads == "choice":
        return read_choice(cell, choice_words(table, column))
    if reads == "district":
        return names.find(cell) if names else READERS["text"](cell)
    return READERS[reads](cell)


def _frame(schema: pa.DataFrameSchema, values: _Values, numbers: list[int]) -> pd.DataFrame:
    """Return the given rows as a frame with the schema's types; the index is the row in Excel."""
    return pd.DataFrame(
        {
            name: pd.Series(
                [values[name][number] for number in numbers], index=numbers, dtype=_dtype(column)
            )
            for name, column in schema.columns.items()
        }
    )


def _dtype(column: pa.Column) -> Any:
    return column.dtype.type


def _column_problems(
    schema: pa.DataFrameSchema,
    values: _Values,
    raw: RawTable,
    headers: Mapping[str, str],
) -> list[Problem]:
    """Return what the schema says of each column's readable cells, where some rows are not."""
    problems: list[Problem] = []
    for name, column in schema.columns.items():
        cells = values[name]
        if cells and name in headers:
            series = pd.Series(list(cells.values()), index=list(cells), dtype=_dtype(column))
            problems += _schema_problems(column, series.to_frame(name), raw, headers)
    return problems


def _schema_problems(
    schema: pa.DataFrameSchema | pa.Column,
    frame: pd.DataFrame,
    raw: RawTable,
    headers: Mapping[str, str],
) -> list[Problem]:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    problems = []
    for case in cases.to_dict("records"):
        number = int(case["index"])
        where = f"{raw.place}, dòng {number}"
        if case["check"] == "multiple_fields_uniqueness":
            key: Any = schema.unique
            problems.append(_duplicate(frame, key, number, raw, headers))
            continue
        what, _, todo = str(case["check"]).partition(" → ")
        if case["schema_context"] == "Column":
            where += f", cột {headers[case['column']]}"
            what = f"{shown(str(case['failure_case']))}: {what}"
        problems.append(Problem(where, what, todo))
    return problems


def _duplicate(
    frame: pd.DataFrame, key: list[str], number: int, raw: RawTable, headers: Mapping[str, str]
) -> Problem:
    own = frame.loc[number, key]
    first = next(int(row) for row in frame.index if frame.loc[row, key].equals(own))
    written = ["district" if column == "district_code" else column for column in key]
    named = [headers[column] for column in written]
    values = [shown(str(frame.loc[number, column])) for column in written]
    what = f"trùng với dòng {first}: {listing(values)}"
    where = f"{raw.place}, dòng {number}, cột {listing(named)}"
    return Problem(where, what, "xóa hoặc sửa một trong hai dòng")


def _by_row(problems: list[Problem]) -> list[Problem]:
    """Return the problems each once, those of the table first, then row by row."""

    def row(problem: Problem) -> int:
        _, _, tail = problem.where.rpartition(", dòng ")
        digits = tail.partition(",")[0]
        return int(digits) if digits.isdigit() else 0

    return sorted(dict.fromkeys(problems), key=row)


def _gaps(frames: Mapping[str, pd.DataFrame], found: Source) -> list[Problem]:
    """Return the districts that a table leaves out (of some year)."""
    if "districts" not in frames:
        return []
    names = dict(zip(frames["districts"]["code"], frames["districts"]["name"], strict=True))
    problems = []
    if "poverty" in frames:
        poverty = frames["poverty"]
        for year, rows in poverty.groupby("year"):
            known = set(rows["district_code"])
            missing = [name for code, name in names.items() if code not in known]
            if missing:
                what = f"cuối năm {year} thiếu {len(missing)} huyện: {listing(missing)}"
                todo = "thêm các dòng còn thiếu, hoặc bỏ cả năm đó"
                problems.append(Problem(found.tables["poverty"].place, what, todo))
    if "criteria" in frames:
        known = set(frames["criteria"]["district_code"])
        missing = [name for code, name in names.items() if code not in known]
        if missing:
            what = f"thiếu {len(missing)} huyện: {listing(missing)}"
            todo = "thêm các dòng còn thiếu; không có thì ghi 0"
            problems.append(Problem(found.tables["criteria"].place, what, todo))
    return problems

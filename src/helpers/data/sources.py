"""The tables as the files have them: text and numbers with their places, nothing read into them.

Row numbers are those that Excel shows (the header is row 1), for CSV files too.
"""

from __future__ import annotations

import csv
import difflib
import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from helpers.data.cells import MERGED, UNCOMPUTED, Cell
from helpers.data.schemas import TABLES
from helpers.data.vocabulary import OPTIONAL
from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.reads import note
from helpers.text import listing, nearest, nfc, slug

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["RawTable", "Source", "csv_lines", "open_source", "table_of"]

_SAVE_AS_UTF8 = (
    "mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu “CSV UTF-8 (Comma delimited)”; "
    "tức là lưu lại dạng CSV UTF-8"
)
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class RawTable:
    """One table: where it stands, its headers, and its rows that are not blank, numbered.

    `overlong` are the rows that have something beyond the last header.
    """

    name: str
    place: str
    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    overlong: tuple[int, ...] = ()


@dataclass(frozen=True)
class Source:
    """What was found: tables by name, each table's file, what is wrong, where sidecars stand.

    An optional table that is not there is in none of them; one without rows has no sidecar unless
    its own stands there.
    """

    tables: Mapping[str, RawTable]
    files: Mapping[str, Path]
    sidecars: Mapping[str, Path]
    problems: tuple[Problem, ...]


def open_source(source: Path) -> Source:
    """Return the tables of a folder of CSV files or of one Excel workbook.

    Raises:
        InputRefused: there is no such folder or workbook, or it cannot be opened at all.
    """
    if source.is_dir():
        return _open_folder(source)
    where = relative(source)
    if not source.exists():
        known = [path.name for path in source.parent.glob("*")] if source.parent.is_dir() else []
        near = nearest(source.name, known)
        todo = f"có phải là “{near}”?" if near else "sửa khóa data trong tệp kế hoạch"
        raise InputRefused([Problem(where, "không có thư mục hoặc tệp số liệu này", todo)])
    if source.suffix.lower() not in (".xlsx", ".xlsm"):
        todo = "dùng một thư mục tệp .csv, hoặc một tệp Excel lưu dạng .xlsx"
        raise InputRefused([Problem(where, "không phải thư mục hay tệp .xlsx", todo)])
    return _open_workbook(source)


def _missing(where: str, what: str, name: str, found: Iterable[str]) -> Problem:
    near = nearest(name, [other for other in found if other not in TABLES])
    return Problem(where, what, f"có phải là “{near}”? hãy đổi tên" if near else "thêm bảng này")


def _overlooked(where: str, kind: str, name: str, found: Iterable[str]) -> list[Problem]:
    """Return the warning that what is nearly called like an absent optional table is not read."""
    others = {slug(other): other for other in found if other not in TABLES}
    # Only a slip of the pen: names that are merely alike are other people's files.
    near = difflib.get_close_matches(slug(name), others, n=1, cutoff=0.8)
    if not near:
        return []
    what = f"{kind} “{others[near[0]]}” giống tên bảng {name} nhưng không được đọc"
    todo = f"đổi tên thành {name}; nếu không phải bảng ấy thì đặt tên khác hẳn"
    return [Problem(where, what, todo)]


def table_of(
    name: str, place: str, lines: Iterable[Sequence[Cell]]
) -> tuple[RawTable, list[Problem]]:
    """Return the table from its lines, the first being the headers, and what is wrong with it."""
    numbered = [(number, list(line)) for number, line in enumerate(lines, start=1)]
    filled = [(number, line) for number, line in numbered if any(_filled(cell) for cell in line)]
    if not filled:
        problem = Problem(place, "bảng trống", "điền dòng tên cột và các dòng số liệu")
        return RawTable(name, place, (), ()), [problem]
    first = numbered[0][1]
    headers = [nfc(str(cell)) if cell not in (MERGED, UNCOMPUTED) else "" for cell in first]
    while headers and not headers[-1]:
        headers.pop()
    below = [(number, line) for number, line in filled if number > 1]
    if not below and name in OPTIONAL:
        return RawTable(name, place, tuple(headers), ()), []
    if not below:
        problem = Problem(place, "bảng chỉ có dòng tên cột", "điền các dòng số liệu")
        return RawTable(name, place, tuple(headers), ()), [problem]
    width = len(headers)
    rows = [(number, (*line[:width], *[""] * (width - len(line)))) for number, line in below]
    overlong = [number for number, line in below if any(_filled(cell) for cell in line[width:])]
    return RawTable(name, place, tuple(headers), tuple(rows), tuple(overlong)), []


def _filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _open_folder(folder: Path) -> Source:
    tables: dict[str, RawTable] = {}
    problems: list[Problem] = []
    files: dict[str, Path] = {}
    sidecars: dict[str, Path] = {}
    found = [other.stem for other in folder.glob("*.csv")]
    for name in TABLES:
        path, sidecar = folder / f"{name}.csv", folder / f"{name}.meta.yml"
        note(path)
        if not path.exists() and name in OPTIONAL:
            problems += _overlooked(relative(folder), "tệp", name, found)
            if sidecar.exists():
                what, todo = f"có tệp mô tả mà không có {name}.csv", "thêm bảng, hoặc xóa tệp này"
                problems.append(Problem(relative(sidecar), what, todo))
            continue
        files[name], sidecars[name] = path, sidecar
        if not path.exists():
            problems.append(_missing(relative(path), "thiếu tệp này", name, found))
            continue
        try:
            tables[name], more = table_of(name, relative(path), csv_lines(path))
        except InputRefused as refused:
            more = list(refused.problems)
        else:
            if name in OPTIONAL and not tables[name].rows and not sidecar.exists():
                del sidecars[name]
        problems += more
    return Source(tables, files, sidecars, tuple(problems))


def csv_lines(path: Path) -> list[list[str]]:
    """Return the records of a CSV file: comma, semicolon or tab, with or without a UTF-8 mark.

    Raises:
        InputRefused: it is in another encoding, holds broken letters, or cannot be cut into cells.
    """
    where = relative(path)
    note(path)
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise InputRefused([Problem(where, "tệp ở bảng mã UTF-16 (Unicode Text)", _SAVE_AS_UTF8)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = "tệp không ở bảng mã UTF-8 (có thể là Windows-1258 hoặc TCVN3)"
        raise InputRefused([Problem(f"{where}, dòng {line}", what, _SAVE_AS_UTF8)]) from None
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        what = "có chữ đã hỏng (�) khi chuyển bảng mã"
        raise InputRefused([Problem(f"{where}, dòng {line}", what, "gõ lại chữ hỏng")])
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error:
        todo = "kiểm tra các dấu nháy kép ở dòng này"
        raise InputRefused(
            [Problem(f"{where}, dòng {reader.line_num}", "không tách được các ô", todo)]
        ) from None


def _load(path: Path, *, formulas: bool) -> Workbook:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # What openpyxl does not keep (list boxes, conditional formats) does not touch the values.
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(path, data_only=not formulas)


def _open_workbook(path: Path) -> Source:
    from openpyxl.utils.exceptions import InvalidFileException

    where = relative(path)
    note(path)
    try:
        values, formulas = _load(path, formulas=False), _load(path, formulas=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        todo = "mở bằng Excel, bỏ mật khẩu nếu có, rồi lưu lại dạng .xlsx"
        raise InputRefused([Problem(where, "không mở được tệp Excel", todo)]) from None
    sheets: dict[str, list[str]] = {}
    for sheet in values.worksheets:
        sheets.setdefault(slug(sheet.title), []).append(sheet.title)
    tables: dict[str, RawTable] = {}
    problems: list[Problem] = []
    for name, schema in TABLES.items():
        found = [*sheets.get(slug(name), []), *sheets.get(slug(schema.title), [])]
        if not found and name in OPTIONAL:
            problems += _overlooked(where, "trang tính", name, values.sheetnames)
            continue
        if not found:
            place = f"{where}, trang tính {name}"
            problems.append(_missing(place, "thiếu trang tính này", name, values.sheetnames))
            continue
        if len(found) > 1:
            what = f"có {len(found)} trang tính cùng là bảng {name}: {listing(found)}"
            problems.append(Problem(where, what, "chỉ để lại một"))
        place = f"{where}, trang tính {found[0]}"
        lines = _sheet_lines(values[found[0]], formulas[found[0]])
        tables[name], more = table_of(name, place, lines)
        problems += more
    sidecar = path.with_name(f"{path.stem}.meta.yml")
    there = [name for name in TABLES if name in tables or name not in OPTIONAL]
    return Source(
        tables, dict.fromkeys(there, path), dict.fromkeys(there, sidecar), tuple(problems)
    )


def _sheet_lines(values: Worksheet, formulas: Worksheet) -> list[list[Cell]]:
    """Return the sheet's rows, saying of an empty cell whether it hides a formula or a merge."""
    hidden = {place for merged in values.merged_cells.ranges for place in list(merged.cells)[1:]}
    lines = []
    for row_number, row in enumerate(values.iter_rows(values_only=True), start=1):
        line: list[Cell] = []
        for column_number, value in enumerate(row, start=1):
            if (row_number, column_number) in hidden:
                line.append(MERGED)
            elif value is None and formulas.cell(row_number, column_number).data_type == "f":
                line.append(UNCOMPUTED)
            else:
                line.append(_cell(value))
        lines.append(line)
    return lines


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        # repr is the shortest decimal that Excel could have stored: 7.8, not 7.79999…
        return int(value) if value.is_integer() else Decimal(repr(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)

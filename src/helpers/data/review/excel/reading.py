"""A workbook of review forms as a district sends it: every form in it, and all that is wrong.

Forms are found by the names of sheets or by their titles, years in the title rows, columns by the
row of column numbers, units by code or name. Other sheets are ignored. Nothing is mended: what can
be read in two ways is refused, with its sheet and cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.data.review.excel.headers import header_top, number_row, read_header
from helpers.data.review.excel.names import Names, names_of, titled
from helpers.data.review.excel.rows import Rows, missing_communes
from helpers.data.review.excel.sheet import Doubts, Sheet
from helpers.data.review.excel.titles import (
    Title,
    form_number,
    named_year,
    period_problem,
    title_cells,
)
from helpers.data.review.excel.units import find_units
from helpers.data.review.forms import Form, review_forms
from helpers.data.review.model import Place, Territory
from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.reads import note
from helpers.text import slug

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["WorkbookRead", "read_forms_workbook"]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_TITLE_ROWS = 12
"""How many rows may be titles where no row of column numbers is found."""

_TITLES = {slug(form.title): form.number for form in review_forms({}, ())}

FormsOfYear = Callable[[int], tuple[Form, ...]]


@dataclass(frozen=True)
class WorkbookRead:
    """What one workbook holds: per form number a frame (see KEYS), and all that is wrong.

    `place` in a frame is an index into `places`. Rows with a cell that cannot be read are left out:
    the frames are whole only where there are no `problems`. `blank` names the sheets that are forms
    but in which nobody has filled in anything; they have no frame.
    """

    frames: dict[int, pd.DataFrame] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Held:
    """A sheet that holds a form: its number, its row of column numbers, its first header row."""

    sheet: Sheet
    number: int
    row: int | None
    top: int
    titles: tuple[Title, ...]


@dataclass(frozen=True)
class _Table:
    """A form's table, its header read and its units found, the numbers still to read."""

    held: _Held
    year: int
    rows: Rows


def read_forms_workbook(
    path: Path, forms_of_year: FormsOfYear, territory: Territory
) -> WorkbookRead:
    """Return the forms of one workbook of a district, of several, or of the province.

    `forms_of_year` gives the forms 1 to 11 as they are at a year-end; it may raise InputRefused.
    Rows of districts and of the total are as they are written, compared with nothing.
    """
    where = relative(path)
    try:
        sheets = _sheets(path, where)
    except InputRefused as refused:
        return WorkbookRead(problems=list(refused.problems))
    names = names_of(territory)
    problems: list[Problem] = []
    held = _held(sheets, names, problems)
    if not held:
        what = "không có trang tính nào là biểu rà soát"
        todo = "đặt tên các trang tính là “Biểu 1” … “Biểu 11”"
        return WorkbookRead(problems=[Problem(where, what, todo)])
    forms, years = _forms(held, forms_of_year, problems)
    tables = _tables(held, years, forms, names, Doubts(path), problems)
    problems += _missing_districts(tables, names)
    return _frames(tables, where, problems)


def _sheets(path: Path, where: str) -> list[Sheet]:
    """Return the workbook's sheets.

    Raises:
        InputRefused: it cannot be opened.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    todo = "mở bằng Excel, bỏ mật khẩu nếu có, rồi lưu lại dạng .xlsx"
    note(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start != _ZIP:
            # The container of old .xls files is also that of .xlsx files with a password.
            what = (
                "tệp có mật khẩu, hoặc là tệp .xls cũ" if start == _OLE else "không phải tệp .xlsx"
            )
            raise InputRefused([Problem(where, what, todo)])
        book = CalamineWorkbook.from_path(path)
        return [_sheet(book.get_sheet_by_name(name), where) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError):
        raise InputRefused([Problem(where, "không mở được tệp Excel", todo)]) from None


def _sheet(sheet: CalamineSheet, where: str) -> Sheet:
    boxes = sheet.merged_cell_ranges or []
    merges = tuple((*first, *last) for first, last in boxes)
    cells = sheet.to_python(skip_empty_area=False) if sheet.end else []
    return Sheet(where, sheet.name, cells, merges)


def _held(sheets: Sequence[Sheet], names: Names, problems: list[Problem]) -> list[_Held]:
    """Return the sheets that hold forms 1 to 11."""
    found = []
    for sheet in sheets:
        row = number_row(sheet, names.keys)
        top = _TITLE_ROWS if row is None else header_top(sheet, row)
        titles = title_cells(sheet, top)
        number, more = form_number(sheet, titles, _TITLES, listed=row is None)
        if number is not None and number in _TITLES.values():
            problems += more
            found.append(_Held(sheet, number, row, top, titles))
    return found


def _forms(
    held: Sequence[_Held], forms_of_year: FormsOfYear, problems: list[Problem]
) -> tuple[dict[int, tuple[Form, ...]], list[int | None]]:
    """Return the forms of each year, and each sheet's year.

    The year of a sheet that is in doubt is that of all the other sheets, so that the rest of it
    can be judged too.
    """
    years = []
    forms: dict[int, tuple[Form, ...]] = {}
    for one in held:
        year, more = named_year(one.sheet, one.titles)
        problems += more
        if year is not None and year not in years:
            try:
                forms[year] = forms_of_year(year)
            except InputRefused as refused:
                told = refused.problems[0]
                what = f"không có mẫu biểu cho năm {year}: {told.what}"
                problems.append(Problem(one.sheet.where(), what, told.todo))
        years.append(year)
    known = {year for year in years if year is not None}
    only = known.pop() if len(known) == 1 else None
    return forms, [year if year is not None else only for year in years]


def _tables(
    held: Sequence[_Held],
    years: Sequence[int | None],
    forms: Mapping[int, tuple[Form, ...]],
    names: Names,
    doubts: Doubts,
    problems: list[Problem],
) -> list[_Table]:
    """Return the tables that have columns and units; note all that is wrong with these."""
    tables = []
    first: dict[tuple[int, int], str] = {}
    for one, year in zip(held, years, strict=True):
        problems += period_problem(one.sheet, one.titles)
        if year is None or year not in forms:
            continue
        other = first.setdefault((one.number, year), one.sheet.name)
        if other != one.sheet.name:
            what = f"Biểu {one.number} năm {year} đã có ở trang tính {other}"
            problems.append(Problem(one.sheet.where(), what, "chỉ để lại một trang tính"))
            continue
        rows = _rows(one, forms[year][one.number - 1], names, doubts, problems)
        if rows is not None:
            tables.append(_Table(one, year, rows))
    return tables


def _rows(
    held: _Held, form: Form, names: Names, doubts: Doubts, problems: list[Problem]
) -> Rows | None:
    sheet = held.sheet
    if held.row is None:
        what = "không tìm thấy dòng số cột (1, 2, 3 …) dưới tên các cột"
        problems.append(Problem(sheet.where(), what, f"giữ ba dòng đầu bảng như mẫu {form.name}"))
        return None
    header = read_header(sheet, form, held.row, held.top)
    problems += header.problems
    if not header.labels.names:
        what, todo = "không có cột tên đơn vị bên trái cột số 1", "thêm cột “Đơn vị”"
        problems.append(Problem(sheet.where(held.row), what, todo))
        return None
    places = header.places.values()
    units = find_units(sheet, held.row + 1, header.labels, places, held.titles, names)
    problems += units.problems
    if not units.rows and not units.problems:
        what = "không có dòng nào mang tên đơn vị của tỉnh"
        problems.append(Problem(sheet.where(), what, "ghi tên huyện, xã vào cột “Đơn vị”"))
    problems += missing_communes(sheet, units, names)
    return Rows(sheet, form, header, units, doubts)


def _missing_districts(tables: Sequence[_Table], names: Names) -> list[Problem]:
    """Return the districts that are in one form of a year but not in another."""
    problems = []
    for year in sorted({table.year for table in tables}):
        own = [table for table in tables if table.year == year]
        first: dict[str, str] = {}
        for table in own:
            for code in table.rows.units.districts:
                first.setdefault(code, table.held.sheet.name)
        for table in own:
            units = table.rows.units
            if not units.districts:
                continue
            for code, other in first.items():
                if code not in units.districts and code not in units.hinted:
                    what = f"thiếu {titled(names.codes[code])}, có ở trang tính {other}"
                    where = table.held.sheet.where()
                    problems.append(Problem(where, what, "thêm các dòng của đơn vị này"))
    return problems


def _frames(tables: Sequence[_Table], where: str, problems: list[Problem]) -> WorkbookRead:
    """Return the tables' numbers; forms that nobody has filled in are left out."""
    filled = {(table.rows.form.number, table.year) for table in tables if table.rows.filled}
    frames: dict[int, list[pd.DataFrame]] = {}
    places: list[Place] = []
    blank: list[str] = []
    for table in tables:
        form, sheet = table.rows.form, table.held.sheet
        # Percentages of forms that are all zero are zero; of forms not filled in, too.
        of_form = form.percent_of_form or form.number
        if not filled & {(form.number, table.year), (of_form, table.year)}:
            blank.append(sheet.where())
            continue
        frames.setdefault(form.number, []).append(table.rows.frame(table.year, len(places)))
        problems += table.rows.problems
        places.append(Place(where, sheet.name, table.rows.letters()))
    if not places and not problems:
        todo = "điền số liệu rồi gửi lại"
        problems.append(Problem(where, "các biểu đều chưa điền số liệu", todo))
    joined = {
        number: parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
        for number, parts in frames.items()
    }
    return WorkbookRead(joined, places, problems, blank)

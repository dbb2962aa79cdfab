"""The review forms as an Excel workbook: empty to send out, or filled to send up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from helpers.data.review.excel.titles import PERIODS
from helpers.data.review.forms import MEASURES, Form, FormColumn
from helpers.data.review.model import Review, Territory
from helpers.data.review.writing.numbers import (
    Line,
    Numbers,
    form_numbers,
    is_computed,
    lines_of,
    partner,
)
from helpers.data.review.writing.styles import FONT, Styles

__all__ = ["write_forms"]

_LABELS = (("TT", 5.0), ("Đơn vị", 24.0), ("Mã", 6.5))
_CAPTIONS, _NUMBERS, _FIRST = 4, 6, 7
"""Rows from 0: the first of two with captions, that of column numbers, the first unit's."""
_LINE = 14.5
_ILLUSTRATIVE = "Số liệu minh họa, không phải số chính thức."
_NOT_A_COUNT = "Chỉ nhập số nguyên không âm, ví dụ 1234; không có thì ghi 0."


@dataclass(frozen=True)
class _Page:
    """One sheet being written."""

    form: Form
    sheet: Any
    styles: Styles
    lines: tuple[Line, ...]
    numbers: Numbers
    letters: Mapping[str, str]

    @property
    def width(self) -> float:
        """Return how wide a numbered column is."""
        return 8.0 if self.form.paired else 10.5

    @property
    def last(self) -> int:
        """Return the last column, from 0."""
        return len(_LABELS) + len(self.form.names) - 1


def write_forms(
    path: Path,
    forms: Sequence[Form],
    territory: Territory,
    *,
    year: int,
    province: str,
    districts: Iterable[str] | None = None,
    review: Review | None = None,
) -> Path:
    """Write one workbook with a sheet a form ("Biểu 1" …) and return its path.

    `province` is the province's name with its kind ("tỉnh Nghệ An"); `districts` are the codes of
    those to write (None: all). Without a `review` the workbook is the empty one that is sent out:
    only what communes have to enter is unlocked (the district's own row where it has no communes);
    sums and percentages are formulas. With one, the numbers of the year-end are written in, each
    formula with its value. A reported number that is not what its formula gives stays as it was
    reported, coloured, in place of the formula. Units without data stay empty. Of each percent
    form the form that it is about has to be among `forms`; form 9 is left out where no ethnic
    group is named. Equal input gives equal bytes.
    """
    lines = lines_of(territory, districts, _FIRST + 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    book = xlsxwriter.Workbook(
        beside, {"in_memory": True, "default_format_properties": FONT, "strings_to_urls": False}
    )
    book.set_properties({"title": f"Biểu rà soát năm {year}", "created": datetime(year, 12, 31)})
    styles = Styles(book)
    known: dict[int, tuple[Form, Numbers]] = {}
    for form in forms:
        if len(form.columns) == 1:
            continue
        base = known[form.percent_of_form] if form.percent_of_form else None
        numbers = form_numbers(form, lines, review, year, base)
        known[form.number] = form, numbers
        letters = {name: _letter(len(_LABELS) + place) for place, name in enumerate(form.names)}
        page = _Page(form, book.add_worksheet(form.name), styles, lines, numbers, letters)
        _titles(page, year, province)
        _headers(page)
        _units(page)
        _cells(page)
        _guard(page)
        _set_up(page)
        if review is not None and review.sidecar and review.sidecar.status == "illustrative":
            page.sheet.write_string(lines[-1].row + 1, 1, _ILLUSTRATIVE, styles("note"))
    book.close()
    beside.replace(path)
    return path


def _letter(place: int) -> str:
    return str(xlsxwriter.utility.xl_col_to_name(place))


def _merge(page: _Page, box: tuple[int, int, int, int], text: str | int, kind: str) -> None:
    """Write a text or number over a box of cells (first row and column, last row and column)."""
    top, left, bottom, right = box
    look = page.styles(kind)
    if (top, left) != (bottom, right):
        page.sheet.merge_range(*box, "", look)
    if isinstance(text, int):
        page.sheet.write_number(top, left, text, look)
    else:
        page.sheet.write_string(top, left, text, look)


def _titles(page: _Page, year: int, province: str) -> None:
    last = page.last
    middle = max(4, last // 2)
    counted = [column.counts for column in page.form.columns]
    counted += ["người"] if page.form.paired else []
    _merge(page, (0, 0, 0, middle), province.upper(), "province")
    _merge(page, (0, middle + 1, 0, last), page.form.name, "form")
    _merge(page, (1, 0, 1, last), page.form.title, "title")
    _merge(page, (2, 0, 2, last), f"Năm {year} (thời điểm 31/12/{year})", "year")
    _merge(page, (3, 0, 3, 1), "Kỳ rà soát:", "period")
    _merge(page, (3, 2, 3, middle), PERIODS[0], "choice")
    _merge(
        page, (3, middle + 1, 3, last), f"Đơn vị tính: {', '.join(dict.fromkeys(counted))}", "unit"
    )
    page.sheet.data_validation(
        3,
        2,
        3,
        2,
        {
            "validate": "list",
            "source": list(PERIODS),
            "error_title": "Kỳ rà soát",
            "error_message": "Chọn một trong hai kỳ rà soát trong danh sách.",
        },
    )


def _headers(page: _Page) -> None:
    """Write the two rows of captions and the row of column numbers."""
    for place, (label, _) in enumerate(_LABELS):
        _merge(page, (_CAPTIONS, place, _NUMBERS, place), label, "head")
    span = len(page.form.halves)
    groups: list[tuple[str, int, int]] = []
    for column in page.form.columns:
        left = len(_LABELS) + (column.number - 1) * span
        right = left + span - 1
        heading = int(column.heading) if column.heading.isdigit() else column.heading
        _merge(page, (_NUMBERS, left, _NUMBERS, right), heading, "number")
        if page.form.paired:
            _merge(page, (_CAPTIONS, left, _CAPTIONS, right), column.label, "head")
            for place, half in enumerate(MEASURES.values()):
                page.sheet.write_string(_CAPTIONS + 1, left + place, half, page.styles("head"))
        elif not column.group:
            _merge(page, (_CAPTIONS, left, _CAPTIONS + 1, left), column.caption, "head")
        else:
            page.sheet.write_string(_CAPTIONS + 1, left, column.caption, page.styles("head"))
            if groups and groups[-1][0] == column.group and groups[-1][2] == left - 1:
                groups[-1] = (column.group, groups[-1][1], left)
            else:
                groups.append((column.group, left, left))
    for group, left, right in groups:
        _merge(page, (_CAPTIONS, left, _CAPTIONS, right), group, "head")
    _header_heights(page, groups)


def _header_heights(page: _Page, groups: Sequence[tuple[str, int, int]]) -> None:
    """Make the rows high enough for their captions, which wrap."""

    def rows(text: str, columns: int) -> int:
        return math.ceil(1.15 * len(text) / (page.width * columns))

    def most(texts: Iterable[tuple[str, int]]) -> int:
        return max((rows(text, columns) for text, columns in texts), default=1)

    columns, span = page.form.columns, len(page.form.halves)
    if page.form.paired:
        upper, lower = most((column.label, span) for column in columns), 2
    else:
        upper = most((group, right - left + 1) for group, left, right in groups)
        lower = most((column.caption, 1) for column in columns if column.group)
        alone = most((column.caption, 1) for column in columns if not column.group)
        lower = max(lower, alone - upper)
    page.sheet.set_row(_CAPTIONS, _LINE * upper + 4)
    page.sheet.set_row(_CAPTIONS + 1, _LINE * lower + 4)
    page.sheet.set_row(_NUMBERS, 12 * most((column.heading, span) for column in columns) + 4)


def _units(page: _Page) -> None:
    """Write who each line is about."""
    for line in page.lines:
        bold = () if line.level == "commune" else ("bold",)
        texts = (("ordinal", line.ordinal), ("name", line.name), ("code", line.code))
        for place, (kind, text) in enumerate(texts):
            if text:
                page.sheet.write_string(line.row - 1, place, text, page.styles(kind, *bold))
            else:
                page.sheet.write_blank(line.row - 1, place, None, page.styles(kind, *bold))


def _is_input(line: Line) -> bool:
    return line.level != "total" and not line.parts


def _cells(page: _Page) -> None:
    """Write every number of the table, or the empty cell or formula that waits for it."""
    for line in page.lines:
        numbers = page.numbers.get(line.row, {})
        # Of a district that reported only itself, a sum of its empty communes would be zero.
        alone = bool(numbers and line.parts) and not any(row in page.numbers for row in line.parts)
        for place, name in enumerate(page.form.names, start=len(_LABELS)):
            counts = not page.form.by_key(name).is_rate and not page.form.percent_of_form
            formula = "" if alone and counts else _formula(page, line, name)
            _cell(page, line, name, place, formula, numbers.get(name))


def _cell(
    page: _Page, line: Line, name: str, place: int, formula: str, value: int | float | None
) -> None:
    column = page.form.by_key(name)
    kind = "rate" if column.is_rate else "count"
    bold = () if line.level == "commune" else ("bold",)
    row = line.row - 1
    if formula and value is not None and _differs(page, line, name, value):
        page.sheet.write_number(row, place, value, page.styles(kind, *bold, "differs"))
    elif formula:
        shown = "" if value is None else value
        page.sheet.write_formula(row, place, formula, page.styles(kind, *bold), shown)
    else:
        look = page.styles(kind, *bold, *(("input",) if _is_input(line) else ()))
        if value is None:
            page.sheet.write_blank(row, place, None, look)
        else:
            page.sheet.write_number(row, place, value, look)


def _differs(page: _Page, line: Line, name: str, value: int | float) -> bool:
    """Tell whether a unit reported another number than the sum of its own row gives."""
    column = page.form.by_key(name)
    if not _is_input(line) or column.is_rate or page.form.percent_of_form:
        return False
    own = page.numbers[line.row]
    terms = column.terms
    return value != sum(term.sign * own[partner(page.form, name, term.number)] for term in terms)


def _formula(page: _Page, line: Line, name: str) -> str:
    """Return the formula of a cell; blank where the number is entered."""
    form, letters, row = page.form, page.letters, line.row
    column = form.by_key(name)
    if form.percent_of_form:
        sheet = f"'Biểu {form.percent_of_form}'!"
        if not column.is_rate:
            return f"={sheet}{letters[name]}{row}"
        return _percent(form, column, letters, row, sheet)
    if column.is_rate:
        return _percent(form, column, letters, row)
    if line.level == "total":
        return f"=SUM({','.join(f'{letters[name]}{part}' for part in line.parts)})"
    if line.parts:
        return f"=SUM({letters[name]}{line.parts[0]}:{letters[name]}{line.parts[-1]})"
    if not is_computed(form, name):
        return ""
    signed = "".join(
        f"{'-' if term.sign < 0 else '+'}{letters[partner(form, name, term.number)]}{row}"
        for term in column.terms
    )
    return f"={signed.removeprefix('+')}"


def _percent(
    form: Form, column: FormColumn, letters: Mapping[str, str], row: int, sheet: str = ""
) -> str:
    assert column.percent_of
    part, whole = (
        f"{sheet}{letters[form.column(number).key]}{row}" for number in column.percent_of
    )
    return f"=IF({whole}=0,0,ROUND({part}/{whole}*100,2))"


def _guard(page: _Page) -> None:
    """Lock all but the input cells, and let only whole numbers into these."""
    page.sheet.protect("", {"format_columns": True, "format_rows": True})
    form = page.form
    if form.percent_of_form:
        return
    places = [
        len(_LABELS) + at for at, name in enumerate(form.names) if not is_computed(form, name)
    ]
    rows = [line.row - 1 for line in page.lines if _is_input(line)]
    boxes = [
        [top, left, bottom, right] for top, bottom in _runs(rows) for left, right in _runs(places)
    ]
    if not boxes:
        return
    page.sheet.data_validation(
        *boxes[0],
        {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            "error_title": "Số không hợp lệ",
            "error_message": _NOT_A_COUNT,
            "other_cells": boxes[1:],
        },
    )


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as runs of neighbours, each by its first and last."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def _set_up(page: _Page) -> None:
    """Set widths, what stays in view, and how the sheet prints."""
    sheet = page.sheet
    for place, (_, width) in enumerate(_LABELS):
        sheet.set_column(place, place, width)
    sheet.set_column(len(_LABELS), page.last, page.width)
    sheet.freeze_panes(_FIRST, len(_LABELS))
    sheet.ignore_errors({"number_stored_as_text": f"A{_FIRST + 1}:C{page.lines[-1].row}"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_CAPTIONS, _NUMBERS)
    sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer('&C&"Times New Roman,Regular"&10Trang &P/&N')

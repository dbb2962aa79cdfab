"""The numbers of one returned sheet as a frame, and every cell and row that is wrong with them.

A blank cell of a count is zero where its row has another number: districts leave out zeros. It is
refused where the column is the whole of a percentage (no unit has no households). A dash is a zero
that was written down. A unit whose row is blank altogether has not been filled in ("chưa điền"),
which is a problem while others are; a sheet in which nobody is filled in was not returned. Where a
district has a number and none of its communes has, only the district reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from helpers.data.cells import CellRefusedError
from helpers.data.findings import some
from helpers.data.review.excel.headers import Header
from helpers.data.review.excel.names import Names, titled
from helpers.data.review.excel.numbers import is_blank, read_count, read_percent
from helpers.data.review.excel.sheet import Doubts, Sheet, letter
from helpers.data.review.excel.units import UnitRow, UnitRows
from helpers.data.review.forms import Form
from helpers.data.review.model import KEYS
from helpers.data.review.writing.numbers import is_computed
from helpers.errors import Problem

__all__ = ["Rows", "missing_communes"]

_FILL_IN = "điền số liệu; số không có thì ghi 0"


def missing_communes(sheet: Sheet, units: UnitRows, names: Names) -> list[Problem]:
    """Return, for each district of a form with communes, which of its communes have no row."""
    listed = {row.code for row in units.rows} | units.hinted
    if not any(row.level == "commune" for row in units.rows):
        return []
    problems = []
    for code, row in units.districts.items():
        absent = [unit for unit in names.expected.get(code, ()) if unit.code not in listed]
        if absent:
            said = some([titled(unit) for unit in absent], "đơn vị")
            what = f"thiếu {len(absent)} đơn vị của {titled(names.codes[code])}: {said}"
            where = sheet.where(row.row, row.column)
            problems.append(Problem(where, what, "thêm dòng của từng đơn vị, điền số liệu"))
    return problems


@dataclass(eq=False)
class Rows:
    """The rows of units of one sheet, being read; what is wrong gathers in `problems`."""

    sheet: Sheet
    form: Form
    header: Header
    units: UnitRows
    doubts: Doubts
    problems: list[Problem] = field(default_factory=list)
    _uncomputed: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def filled(self) -> bool:
        """Tell whether any unit has reported a number in this sheet."""
        if self.form.percent_of_form or self._communes:
            own = any(self._written(row) for row in self._communes)
            return (own and not self.form.percent_of_form) or any(map(self._nonzero, self._all))
        return any(map(self._written, self._all))

    def frame(self, year: int, place: int) -> pd.DataFrame:
        """Return the rows that could be read as a whole; see KEYS."""
        columns: dict[str, list[Any]] = {name: [] for name in (*KEYS, *self.form.names)}
        for row in self._reporting():
            numbers = self._numbers(row)
            if numbers is None:
                continue
            keys = (year, row.level, row.code, row.name, row.district, place, row.row + 1)
            for name, value in zip(columns, (*keys, *numbers), strict=True):
                columns[name].append(value)
        if self._uncomputed:
            what = f"{len(self._uncomputed)} công thức chưa được tính, ô không có giá trị"
            todo = "mở tệp bằng Excel rồi lưu lại, hoặc gõ thẳng giá trị"
            self.problems.append(Problem(self.sheet.where(*self._uncomputed[0]), what, todo))
        rates = [name for name in self.form.names if name not in self.form.counted]
        types = {
            **dict.fromkeys(("year", "place", "row", *self.form.counted), "int64"),
            **dict.fromkeys(rates, "float64"),
            **dict.fromkeys(("level", "code", "name", "district_code"), "str"),
        }
        return pd.DataFrame(
            {name: pd.Series(values, dtype=types[name]) for name, values in columns.items()}
        )

    def letters(self) -> Mapping[str, str]:
        """Return what Excel calls each column of the frame, those of names and codes too."""
        labels = self.header.labels
        places = {"name": labels.names[-1], **self.header.places}
        if labels.code is not None:
            places["code"] = labels.code
        return {name: letter(column) for name, column in places.items()}

    @cached_property
    def _all(self) -> list[UnitRow]:
        return self.units.rows

    @cached_property
    def _communes(self) -> list[UnitRow]:
        return [row for row in self._all if row.level == "commune"]

    @cached_property
    def _entered(self) -> list[int]:
        """Return the columns that people fill in, where Excel does not compute them."""
        percent = bool(self.form.percent_of_form)
        places = self.header.places.items()
        return [at for name, at in places if percent or not is_computed(self.form, name)]

    @cached_property
    def _hidden(self) -> set[tuple[int, int]]:
        """Return the cells of numbers that are hidden under a merged one."""
        places = set(self.header.places.values())
        return {
            (row, column)
            for top, left, bottom, right in self.sheet.merges
            if bottom > self.header.row
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left) and column in places
        }

    def _written(self, row: UnitRow) -> bool:
        cells = self.sheet.cells[row.row]
        return any(cells[at] != "" and not is_blank(cells[at]) for at in self._entered)

    def _nonzero(self, row: UnitRow) -> bool:
        cells = self.sheet.cells[row.row]
        return any(cells[at] != 0 and not is_blank(cells[at]) for at in self._entered)

    def _unfilled(self, row: UnitRow, whose: str) -> None:
        if not self.form.percent_of_form:
            where = self.sheet.where(row.row, row.column)
            self.problems.append(Problem(where, f"{whose} chưa điền số liệu", _FILL_IN))

    def _reporting(self) -> list[UnitRow]:
        """Return the rows to read: of those that report, with the sums above them."""
        reporting: set[int] = set()
        for code, first in self.units.districts.items():
            own = [row for row in self._communes if row.district == code]
            heads = [row for row in self._all if row.level == "district" and row.code == code]
            filled = [row for row in own if self._written(row)]
            if own and not filled:
                heads = [row for row in heads if self._nonzero(row)]
            elif filled:
                heads = [row for row in heads if self._sums(row)]
                for row in own:
                    if row not in filled:
                        self._unfilled(row, f"“{row.name}”")
            else:
                heads = [row for row in heads if self._written(row)]
            if not filled and not heads:
                self._unfilled(first, f"“{first.name}”" if not own else "cả huyện")
            reporting |= {row.row for row in (*filled, *heads)}
        for row in self._all:
            if row.level == "total" and self._sums(row):
                reporting.add(row.row)
        return [row for row in self._all if row.row in reporting]

    def _sums(self, row: UnitRow) -> bool:
        """Tell whether a row of sums is filled in; formulas without values are a problem."""
        if self._written(row):
            return True
        doubts = self.doubts.of(self.sheet.name)
        self._uncomputed += [(row.row, at) for at in self._entered if (row.row, at) in doubts]
        return False

    def _numbers(self, row: UnitRow) -> list[Any] | None:
        """Return a row's numbers in the form's order, or None where one cannot be read."""
        cells = self.sheet.cells[row.row]
        numbers: list[Any] = []
        for name in self.form.names:
            at = self.header.places.get(name)
            if at is None:
                numbers.append(None)
                continue
            try:
                if name in self._counts:
                    number = read_count(cells[at])
                    numbers.append(self._blank(row, name, at) if number is None else number)
                else:
                    numbers.append(read_percent(cells[at]))
            except CellRefusedError as refused:
                where = self.sheet.where(row.row, at)
                self.problems.append(Problem(where, refused.what, refused.todo))
                numbers.append(None)
        return None if None in numbers else numbers

    @cached_property
    def _counts(self) -> frozenset[str]:
        return frozenset(self.form.counted)

    @cached_property
    def _wholes(self) -> frozenset[str]:
        """Return the columns that others are percentages of."""
        parts = [column.percent_of for column in self.form.columns]
        if self.form.percent_of_form:
            return frozenset()
        return frozenset(self.form.column(part[1]).key for part in parts if part)

    def _blank(self, row: UnitRow, name: str, at: int) -> int | None:
        """Return the zero that a blank cell stands for; None of a formula without value.

        Raises:
            CellRefusedError: the cell is blank for another reason than that there is nothing.
        """
        if (row.row, at) in self._hidden:
            todo = "bỏ gộp ô (Unmerge Cells), ghi đủ giá trị vào từng ô"
            raise CellRefusedError("ô bị gộp", todo)
        doubt = self.doubts.of(self.sheet.name).get((row.row, at))
        if doubt:
            todo = "sửa công thức hoặc gõ thẳng giá trị"
            raise CellRefusedError(f"công thức bị lỗi {doubt}", todo)
        if doubt is not None:
            self._uncomputed.append((row.row, at))
            return None
        if name in self._wholes:
            raise CellRefusedError("ô để trống", "điền giá trị")
        return 0

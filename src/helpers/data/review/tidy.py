"""Forms as tidy tables: `bieu-01.csv` … `bieu-11.csv`, one row a unit and year.

Columns are `year`, `code`, `name` (which confirms the code) and the form's counts, by key or by
caption. Forms 5 and 7 only say forms 4 and 6 again in percent and have no tidy table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.data.cells import READERS, Cell, CellRefusedError, shown
from helpers.data.headers import match_headers
from helpers.data.names import (
    TOTALS,
    CommuneNames,
    CommuneRefusedError,
    DistrictNames,
    name_key,
)
from helpers.data.review.forms import Form
from helpers.data.review.model import KEYS, CommuneUnit, Place, Review, Territory
from helpers.data.sources import RawTable, csv_lines, table_of
from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.text import match_key, nearest

__all__ = ["FormsOfYear", "TidyRead", "read_tidy", "tidy_name", "write_tidy"]

FormsOfYear = Callable[[int], tuple[Form, ...]]
"""The forms 1 to 11 as they are at a year-end; InputRefused where nothing says how."""

_UNIT = {"year": "Cuối năm", "code": "Mã đơn vị", "name": "Tên đơn vị"}
_FIRST, _LAST = 2000, 2100
_DIGITS = 15
"""Numbers of so many digits are certainly no larger than a cell may be (see `read_count`)."""


@dataclass(frozen=True, eq=False)
class TidyRead:
    """What a tidy table holds: its frame if nothing is wrong, where it stands, all problems.

    In the frame `place` is 0 in every row: this table.
    """

    number: int
    frame: pd.DataFrame | None
    place: Place
    problems: list[Problem]


def tidy_name(number: int) -> str:
    """Return the file name of a form's tidy table."""
    return f"bieu-{number:02d}.csv"


def read_tidy(
    path: Path, number: int, forms_of_year: FormsOfYear, territory: Territory
) -> TidyRead:
    """Return the rows of one form's tidy table, or every cell and row that is wrong with it."""
    place = Place(relative(path), "", {})
    try:
        raw, problems = table_of(path.stem, place.file, csv_lines(path))
    except InputRefused as refused:
        return TidyRead(number, None, place, list(refused.problems))
    if problems:
        return TidyRead(number, None, place, problems)
    return _Reading(raw, number, _names_of(territory)).read(forms_of_year)


def write_tidy(review: Review, folder: Path) -> tuple[Path, ...]:
    """Write each form as a tidy table (UTF-8 with a mark, as Excel expects); return the files.

    Total rows and the percentage forms are left out: both are computed from what is there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, frame in sorted(review.frames.items()):
        form = review.forms[number]
        if form.percent_of_form:
            continue
        path = folder / tidy_name(number)
        rows = frame.loc[frame["level"] != "total", [*_UNIT, *form.counted]]
        rows.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
        written.append(path)
    return tuple(written)


@dataclass(frozen=True, eq=False)
class _Names:
    """The units by code, and what their rows may be called."""

    exact: dict[tuple[str, str], tuple[str, str, str]]
    districts: DistrictNames
    communes: CommuneNames
    former: dict[str, CommuneUnit]

    def find(self, code: str, name: str) -> tuple[str, str, str, str]:
        """Return level, code, name and district code of the unit whose code and name a row has.

        Raises:
            CommuneRefusedError: no unit has the code, or it has another name.
        """
        if not {match_key(code), match_key(name)}.isdisjoint(TOTALS):
            todo = "xóa dòng này; tổng được tính từ các đơn vị"
            raise CommuneRefusedError("name", f"{shown(name or code)} là dòng tổng", todo)
        if code in self.districts.names and code not in self.communes.communes:
            own = self.districts.names[code]
            if self.districts.codes.get(name_key(name)) == code:
                return "district", code, own, code
            what = f"{shown(name)} không phải tên của mã {code}: {own}"
            near = nearest(name, [own])
            raise CommuneRefusedError(
                "name", what, f"có phải là “{near}”?" if near else "sửa tên hoặc sửa mã"
            )
        if code not in self.communes.communes and name_key(name) in self.districts.codes:
            right = self.districts.codes[name_key(name)]
            todo = f"có phải là mã {right} ({self.districts.names[right]})?"
            raise CommuneRefusedError("code", f"không có đơn vị mang mã {shown(code)}", todo)
        canonical = self.communes.find(code, name)
        return "commune", code, canonical, self.exact[code, canonical][2]


@lru_cache(maxsize=2)
def _names_of(territory: Territory) -> _Names:
    districts = DistrictNames.of(
        pd.DataFrame(
            [(unit.code, unit.name, unit.kind) for unit in territory.districts],
            columns=["code", "name", "kind"],
        )
    )
    communes = [*territory.former, *territory.communes]
    present = {unit.code for unit in territory.communes}
    former = {unit.code: unit for unit in territory.former if unit.code not in present}
    exact = {
        (unit.code, unit.name): ("district", unit.name, unit.code) for unit in territory.districts
    }
    exact |= {
        (unit.code, unit.name): ("commune", unit.name, unit.district_code) for unit in communes
    }
    by_code = {
        unit.code: (unit.kind, unit.name, districts.names.get(unit.district_code, ""))
        for unit in communes
    }
    return _Names(exact, districts, CommuneNames(by_code), former)


class _Reading:
    """One tidy table on its way to a frame; problems are kept with the row that they stand in."""

    def __init__(self, raw: RawTable, number: int, names: _Names) -> None:
        self._raw, self._number, self._names = raw, number, names
        self._numbers = [number for number, _ in raw.rows]
        self._columns = list(zip(*(cells for _, cells in raw.rows), strict=True))
        self._headers: dict[str, str] = {}
        self._problems: list[tuple[int, Problem]] = []

    def read(self, forms_of_year: FormsOfYear) -> TidyRead:
        years = self._years()
        form = self._form(years, forms_of_year)
        if form is None:
            return self._result(None)
        titles = {**_UNIT, **{name: form.label(name) for name in form.counted}}
        places, problems = match_headers(self._raw, titles, {}, (), _header_key)
        self._problems += [(1, problem) for problem in problems]
        self._headers = {name: self._raw.headers[place] for name, place in places.items()}
        units = self._units(places, years)
        counts = {
            name: self._counts(name, self._columns[places[name]])
            for name in form.counted
            if name in places
        }
        if self._problems:
            return self._result(None)
        levels, codes, found, districts = zip(*units, strict=True)
        keys = (years, levels, codes, found, districts, 0, self._numbers)
        return self._result(pd.DataFrame({**dict(zip(KEYS, keys, strict=True)), **counts}))

    def _result(self, frame: pd.DataFrame | None) -> TidyRead:
        problems = [problem for _, problem in sorted(self._problems, key=lambda one: one[0])]
        place = Place(self._raw.place, "", dict(self._headers))
        return TidyRead(self._number, frame, place, problems)

    def _refuse(self, row: int, column: str, what: str, todo: str) -> None:
        header = self._headers.get(column, column)
        where = f"{self._raw.place}, dòng {row}, cột {header}"
        self._problems.append((row, Problem(where, what, todo)))

    def _years(self) -> npt.NDArray[np.int64]:
        """Return the rows' year-ends; 0 where there is none to be read."""
        keys = {_header_key(word) for word in ("year", _UNIT["year"])}
        found = [
            place for place, header in enumerate(self._raw.headers) if _header_key(header) in keys
        ]
        if not found:
            return np.zeros(len(self._numbers), dtype=np.int64)
        self._headers["year"] = self._raw.headers[found[0]]
        years = self._counts("year", self._columns[found[0]], unread=0)
        for place in np.flatnonzero((years != 0) & ((years < _FIRST) | (years > _LAST))):
            what = f"{shown(str(years[place]))}: năm nằm ngoài khoảng {_FIRST} - {_LAST}"
            self._refuse(self._numbers[place], "year", what, "ghi đủ bốn chữ số, ví dụ 2024")
            years[place] = 0
        return years

    def _form(self, years: npt.NDArray[np.int64], forms_of_year: FormsOfYear) -> Form | None:
        """Return the form of all the rows' years; where they have different columns, say so."""
        first: tuple[int, Form] | None = None
        for year in dict.fromkeys(int(year) for year in years if year):
            row = self._numbers[int(np.flatnonzero(years == year)[0])]
            try:
                form = forms_of_year(year)[self._number - 1]
            except InputRefused as refused:
                for problem in refused.problems:
                    self._refuse(row, "year", problem.what, problem.todo)
                continue
            if first is None:
                first = (year, form)
            elif form.names != first[1].names:
                what = f"{form.name} của năm {year} có cột khác năm {first[0]} (chuẩn nghèo khác)"
                todo = f"chuyển các dòng năm {year} sang tệp cùng tên trong một thư mục con"
                self._refuse(row, "year", what, todo)
        if first is None and not self._problems:
            what, todo = "thiếu cột year (“Cuối năm”)", "thêm cột này"
            self._problems.append((1, Problem(f"{self._raw.place}, dòng 1", what, todo)))
        return first[1] if first else None

    def _units(
        self, places: dict[str, int], years: npt.NDArray[np.int64]
    ) -> list[tuple[str, str, str, str]]:
        """Return each row's level, code, name and district code, those that can be found."""
        if "code" not in places or "name" not in places:
            return []
        codes, names = self._columns[places["code"]], self._columns[places["name"]]
        found = []
        seen: dict[tuple[int, str], int] = {}
        for row, year, code, name in zip(self._numbers, years, codes, names, strict=True):
            exact = self._names.exact.get((code, name))
            if exact is not None:
                unit = (exact[0], str(code), exact[1], exact[2])
            else:
                read = self._unit(row, code, name)
                if read is None:
                    continue
                unit = read
            if unit[1] in self._names.former:
                self._abolished(row, self._names.former[unit[1]])
            found.append(unit)
            first = seen.setdefault((int(year), unit[1]), row)
            if first != row and year:
                what = f"trùng với dòng {first}: {shown(unit[2])} (mã {unit[1]}) cuối năm {year}"
                self._refuse(row, "code", what, "xóa hoặc sửa một trong hai dòng")
        return found

    def _unit(self, row: int, code: Cell, name: Cell) -> tuple[str, str, str, str] | None:
        read = {}
        for column, cell in (("code", code), ("name", name)):
            try:
                read[column] = str(READERS["text"](cell))
            except CellRefusedError as refused:
                self._refuse(row, column, refused.what, refused.todo)
        if len(read) < 2:
            return None
        try:
            return self._names.find(read["code"], read["name"])
        except CommuneRefusedError as error:
            self._refuse(row, error.column, error.what, error.todo)
        return None

    def _abolished(self, row: int, unit: CommuneUnit) -> None:
        heir = self._names.communes.communes.get(unit.successor)
        now = f"{heir[0]} {heir[1]} (mã {unit.successor})" if heir else f"mã {unit.successor}"
        until = "/".join(reversed(unit.until.split("-")))
        what = f"{unit.kind} {unit.name} đã sắp xếp từ ngày {until}, nay thuộc {now}"
        self._refuse(row, "code", what, f"cộng số liệu của dòng này vào dòng {now}")

    def _counts(self, name: str, cells: Sequence[Cell], unread: int = 0) -> npt.NDArray[np.int64]:
        """Return the cells' counts; `unread` stands for those that are no count."""
        texts: Any = cells
        plain = all(map(str.isdecimal, texts)) and "".join(texts).isascii()
        if plain and max(map(len, texts)) <= _DIGITS:
            return np.fromiter(map(int, texts), dtype=np.int64, count=len(texts))
        values = np.full(len(cells), unread, dtype=np.int64)
        known: dict[Cell, Any] = {}
        for place, cell in enumerate(cells):
            if cell not in known:
                known[cell] = _count(cell)
            read = known[cell]
            if isinstance(read, CellRefusedError):
                self._refuse(self._numbers[place], name, read.what, read.todo)
            else:
                values[place] = read
        return values


def _count(cell: Cell) -> object:
    try:
        return READERS["count"](cell)
    except CellRefusedError as refused:
        return refused


def _header_key(header: str) -> str:
    """Return the match key of a header; brackets count, since they tell hộ from nhân khẩu."""
    return match_key(re.sub(r"[_\s]+", " ", header))

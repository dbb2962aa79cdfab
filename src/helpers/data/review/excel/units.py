"""Which unit each row of a returned sheet is about, and every row whose unit is in doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from helpers.data.review.excel.headers import Labels
from helpers.data.review.excel.names import Names, Reading, Unit, titled, unit_key
from helpers.data.review.excel.numbers import looks_numeric
from helpers.data.review.excel.sheet import Sheet
from helpers.data.review.excel.titles import Title
from helpers.data.review.model import CommuneUnit, DistrictUnit
from helpers.errors import Problem
from helpers.text import listing

__all__ = ["UnitRow", "UnitRows", "find_units"]

_ROMAN = re.compile(r"[IVXL]+[.)]?|[A-Z][.)]?")
_DIGITS = re.compile(r"\d+[.)]?")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True)
class UnitRow:
    """A row (from 0) and whose it is: code and district are blank of a total of several."""

    row: int
    level: str
    code: str
    name: str
    district: str
    column: int


@dataclass
class UnitRows:
    """The rows of one sheet that are some unit's, in their order, and what is wrong with others."""

    rows: list[UnitRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hinted: set[str] = field(default_factory=set)
    """Codes of units that a refused row probably means: they are not missing besides."""

    @property
    def districts(self) -> dict[str, UnitRow]:
        """Return each district that has a row of its own or a commune's, with its first row."""
        found: dict[str, UnitRow] = {}
        for row in self.rows:
            if row.level != "total":
                found.setdefault(row.district, row)
        return found


@dataclass(frozen=True)
class _Label:
    """What a row calls itself: ordinal, code, and the texts of its name columns."""

    row: int
    ordinal: str
    code: str
    code_column: int
    names: tuple[tuple[int, str], ...]
    column: int
    numeric: bool

    @property
    def text(self) -> str:
        return self.names[-1][1] if self.names else ""


def _labels(sheet: Sheet, first: int, labels: Labels, places: Iterable[int]) -> list[_Label]:
    """Return the rows below the header that have any text or number."""
    found = []
    numbered = sorted(places)
    for row in range(first, sheet.height):
        cells = sheet.cells[row]
        if not any(cell != "" for cell in cells):
            continue
        ordinal = sheet.text(row, labels.ordinal) if labels.ordinal is not None else ""
        names = [(at, text) for at in labels.names if (text := sheet.text(row, at))]
        if not names and labels.ordinal is not None and len(ordinal) > 3:
            # The cells of ordinal and name may be merged in the rows of districts and the total.
            names, ordinal = [(labels.ordinal, ordinal)], ""
        code = sheet.text(row, labels.code) if labels.code is not None else ""
        numeric = any(cells[at] != "" and looks_numeric(cells[at]) for at in numbered)
        if names or code or numeric:
            column = names[-1][0] if names else labels.names[-1]
            where = labels.code if labels.code is not None else column
            found.append(_Label(row, ordinal, code, where, tuple(names), column, numeric))
    return found


def find_units(
    sheet: Sheet,
    first: int,
    labels: Labels,
    places: Iterable[int],
    titles: Iterable[Title],
    names: Names,
) -> UnitRows:
    """Return whose each row from `first` on is; notes and signatures are nobody's.

    `places` are the numbered columns, `titles` what stands above the table: a district named there
    is the one of communes that stand under none.
    """
    rows = _labels(sheet, first, labels, places)
    finder = _Finder(sheet, names, _Context.of(rows, titles, names))
    for label in _table(rows, names):
        finder.add(label)
    finder.close()
    return finder.found


def _table(rows: Sequence[_Label], names: Names) -> list[_Label]:
    """Return the rows up to the last that names a unit or a total, or that has a number."""
    last = -1
    closed = False
    for place, label in enumerate(rows):
        total = names.is_total(label.text)
        known = total or names.names_any(label.text)
        if label.numeric or (known and not closed):
            last = place
        closed = closed or (place > 0 and total)
    return list(rows[: last + 1])


@dataclass(frozen=True)
class _Context:
    """What the sheet as a whole says: its one district, and whether it has rows of communes."""

    district: str | None
    communes: bool

    @classmethod
    def of(cls, rows: Sequence[_Label], titles: Iterable[Title], names: Names) -> _Context:
        votes: Counter[str] = Counter()
        for label in rows:
            units = [unit for _, found, _ in names.readings(label.text) for unit in found]
            if units and all(isinstance(unit, CommuneUnit) for unit in units):
                votes.update({unit.district_code for unit in units})  # type: ignore[union-attr]
        named = {code for title in titles for code in _districts_in(title.text, names)}
        ranks = votes.most_common(2)
        most = ranks[0][0] if ranks and ranks[0][1] > sum(n for _, n in ranks[1:]) else None
        return cls(named.pop() if len(named) == 1 else most, bool(votes))


def _districts_in(text: str, names: Names) -> set[str]:
    """Return the districts that a title names with their kind ("UBND HUYỆN KỲ SƠN")."""
    key = f" {unit_key(text)} "
    return {
        unit.code
        for units in names.districts.values()
        for unit in units
        if f" {unit_key(titled(unit))} " in key
    }


class _Finder:
    """Goes down the rows, knowing the district above and the units already met."""

    def __init__(self, sheet: Sheet, names: Names, context: _Context) -> None:
        self.sheet, self.names, self.context = sheet, names, context
        self.found = UnitRows()
        self._district: str | None = None
        self._seen: dict[str, int] = {}
        self._alike: dict[tuple[str, ...], list[_Label]] = {}

    def add(self, label: _Label) -> None:
        """Find whose a row is."""
        for _, text in label.names[:-1]:
            outer = self.names.district_of(text)
            self._district = outer.code if outer else self._district
        if self.names.is_total(label.text):
            self._total(label)
        elif not label.text and not label.code:
            self._refuse(label, "dòng có số liệu mà không có tên đơn vị", "ghi tên đơn vị")
        elif label.code:
            self._by_code(label)
        else:
            self._by_name(label)

    def close(self) -> None:
        """Note what can only be said of all rows: the total's district, communes of one name."""
        districts = {row.district for row in self.found.rows if row.level != "total"}
        alone = districts.pop() if len(districts) == 1 else ""
        self.found.rows = [
            UnitRow(row.row, row.level, "", row.name, alone, row.column)
            if row.level == "total"
            else row
            for row in self.found.rows
        ]
        for codes, labels in self._alike.items():
            units = [self.names.codes[code] for code in codes]
            said = listing(f"mã {code}" for code in codes)
            rows = listing(str(label.row + 1) for label in labels)
            what = f"có {len(codes)} đơn vị cùng tên {titled(units[0])} ({said}), ở dòng {rows}"
            self._refuse(labels[0], what, "thêm cột “Mã”, ghi mã của từng đơn vị")
            self.found.hinted |= set(codes)

    def _refuse(self, label: _Label, what: str, todo: str, *, column: int | None = None) -> None:
        where = self.sheet.where(label.row, label.column if column is None else column)
        self.found.problems.append(Problem(where, what, todo))

    def _total(self, label: _Label) -> None:
        inner = re.sub(r"^\s*(tổng cộng|tổng số|tổng|cộng)\s+", "", label.text, flags=re.IGNORECASE)
        district = self.names.district_of(inner)
        if district is None and len(label.names) > 1:
            # "Cộng" beside the name of a district, in a table with a column of districts.
            district = self.names.district_of(label.names[0][1])
        if district is not None and district.code not in self._seen:
            self._take(label, district)
        else:
            self._once(label, "", "total", "Tổng cộng", "")

    def _once(self, label: _Label, code: str, level: str, name: str, district: str) -> None:
        if code in self._seen:
            what = f"“{label.text or name}” đã có ở dòng {self._seen[code] + 1}"
            self._refuse(label, what, "mỗi đơn vị một dòng: xóa hoặc sửa một trong hai dòng")
            return
        self._seen[code] = label.row
        self.found.rows.append(UnitRow(label.row, level, code, name, district, label.column))

    def _take(self, label: _Label, unit: Unit) -> None:
        """Take a row as a unit's."""
        if isinstance(unit, DistrictUnit):
            self._district = unit.code
            self._once(label, unit.code, "district", unit.name, unit.code)
            return
        above = self._district or self.context.district
        if above is not None and above != unit.district_code:
            own = self.names.codes.get(unit.district_code)
            what = f"{titled(unit)} không thuộc {titled(self.names.codes[above])}"
            todo = f"chuyển dòng này về dưới {titled(own)}" if own else "sửa tên hoặc mã đơn vị"
            self._refuse(label, what, todo)
            self.found.hinted.add(unit.code)
            return
        self._once(label, unit.code, "commune", unit.name, unit.district_code)

    def _by_code(self, label: _Label) -> None:
        unit = self.names.codes.get(label.code)
        known = [(reading, units) for reading, units, _ in self.names.readings(label.text) if units]
        if unit is None:
            former = self._former(label)
            if former:
                self._abolished(label, former)
                return
            near = next((units[0] for _, units in known), None)
            near = near or self.names.nearest(label.text, self._district)
            todo = f"có phải là mã {near.code} ({self.names.said([near])})?" if near else ""
            what = f"không có đơn vị mang mã “{label.code}”"
            self._refuse(label, what, todo or "sửa mã đơn vị", column=label.code_column)
            self.found.hinted |= {near.code} if near else set()
        elif not label.text or any(
            unit in units and reading.kind in ("", unit.kind) for reading, units in known
        ):
            self._take(label, unit)
        else:
            what = f"“{label.text}” không phải tên của mã {unit.code}: {self.names.said([unit])}"
            self._refuse(label, what, "sửa tên hoặc sửa mã")
            self.found.hinted.add(unit.code)

    def _former(self, label: _Label) -> tuple[CommuneUnit, ...]:
        above = self._district or self.context.district
        for _, units, former in self.names.readings(label.text):
            if former and not units:
                inside = tuple(unit for unit in former if unit.district_code == above)
                return inside or former
        return ()

    def _by_name(self, label: _Label) -> None:
        for reading, units, _ in self.names.readings(label.text):
            if units:
                self._choose(label, reading, units)
                return
        former = self._former(label)
        if former:
            self._abolished(label, former)
        elif label.numeric or self.names.seems_unit(label.text) or _DIGITS.fullmatch(label.ordinal):
            near = self.names.nearest(label.text, self._district or self.context.district)
            todo = f"có phải là {self.names.said([near])}?" if near else ""
            what = f"không có đơn vị “{label.text}” trong tỉnh"
            self._refuse(label, what, todo or "sửa tên đơn vị; dòng ghi chú thì bỏ các con số")
            self.found.hinted |= {near.code} if near else set()

    def _abolished(self, label: _Label, former: Sequence[CommuneUnit]) -> None:
        unit = former[0]
        successor = self.names.codes.get(unit.successor)
        now = f"{titled(successor)} (mã {successor.code})" if successor else f"mã {unit.successor}"
        until = _DAY.sub(r"\3/\2/\1", unit.until)
        what = f"{titled(unit)} đã sắp xếp từ ngày {until}, nay thuộc {now}"
        self._refuse(label, what, f"cộng số liệu của dòng này vào dòng {now}")
        self.found.hinted |= {unit.successor}

    def _choose(self, label: _Label, reading: Reading, units: Sequence[Unit]) -> None:
        """Take the one unit of those with this name that the kind and the place allow."""
        fitting = [unit for unit in units if reading.kind in ("", unit.kind)]
        if not fitting:
            self._wrong_kind(label, units)
            return
        above = self._district or self.context.district
        inside = [
            unit
            for unit in fitting
            if isinstance(unit, CommuneUnit) and unit.district_code == above
        ]
        districts = [unit for unit in fitting if isinstance(unit, DistrictUnit)]
        if districts and self._is_district(label, districts[0], inside):
            self._take(label, districts[0])
        elif len(inside) == 1:
            self._take(label, inside[0])
        elif inside:
            self._several(label, inside)
        elif len(fitting) == 1:
            former = self._former_inside(reading, above)
            if former:
                self._abolished(label, former)
            else:
                self._take(label, fitting[0])
        else:
            what = f"“{label.text}” có thể là {self.names.said(fitting)}"
            self._refuse(label, what, "đặt dòng này dưới dòng huyện của nó, hoặc ghi mã đơn vị")
            self.found.hinted |= {unit.code for unit in fitting}

    def _former_inside(self, reading: Reading, above: str | None) -> list[CommuneUnit]:
        """Return former communes of the district above with the name of another district's."""
        found = self.names.former.get(reading.key, ())
        return [
            unit
            for unit in found
            if unit.district_code == above and reading.kind in ("", unit.kind)
        ]

    def _is_district(self, label: _Label, district: DistrictUnit, inside: Sequence[Unit]) -> bool:
        """Tell whether a name that may be a district's or a commune's is the district's."""
        if not inside or not self.context.communes:
            return True
        if label.ordinal and _ROMAN.fullmatch(label.ordinal):
            return True
        if label.ordinal and _DIGITS.fullmatch(label.ordinal):
            return False
        # The head of the district stands above the commune that has its name.
        return district.code == (self._district or self.context.district) and (
            district.code not in self._seen
        )

    def _wrong_kind(self, label: _Label, units: Sequence[Unit]) -> None:
        above = self._district or self.context.district
        inside = [unit for unit in units if getattr(unit, "district_code", above) == above]
        meant = (inside or list(units))[0]
        what = f"“{label.text}” sai loại đơn vị: {meant.name} là {meant.kind}"
        self._refuse(label, what, f"ghi “{titled(meant)}”")
        self.found.hinted.add(meant.code)

    def _several(self, label: _Label, inside: Sequence[Unit]) -> None:
        """Note a row that two communes of the district could be meant by."""
        kinds = {unit.kind for unit in inside}
        if len(kinds) == len(inside):
            said = listing(titled(unit) for unit in inside)
            what = f"“{label.text}” có thể là {said}"
            self._refuse(label, what, "ghi cả loại đơn vị (xã, phường, thị trấn)")
            self.found.hinted |= {unit.code for unit in inside}
            return
        self._alike.setdefault(tuple(unit.code for unit in inside), []).append(label)

"""What a form's table holds once it is written: its lines, and the number of each cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpers.data.review.forms import PERSONS, Form, FormColumn
from helpers.data.review.model import CommuneUnit, DistrictUnit, Review, Territory
from helpers.rates import announced_rate

__all__ = ["Line", "Numbers", "form_numbers", "is_computed", "lines_of", "partner"]

Numbers = dict[int, dict[str, int | float]]
"""A form's numbers by row (Excel's, from 1) and name; rows without any data are not there."""

_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Line:
    """One line of the table: its row in Excel, its unit, and the rows that it is the sum of."""

    row: int
    level: str
    ordinal: str
    name: str
    code: str = ""
    parts: tuple[int, ...] = ()


def _roman(number: int) -> str:
    said = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        said += letters * count
    return said


def _titled(unit: CommuneUnit | DistrictUnit) -> str:
    return f"{unit.kind[:1].upper()}{unit.kind[1:]} {unit.name}"


def lines_of(territory: Territory, districts: Iterable[str] | None, first: int) -> tuple[Line, ...]:
    """Return the districts, each with its communes under it, and the total, from a row on."""
    wanted = None if districts is None else set(districts)
    chosen = [unit for unit in territory.districts if wanted is None or unit.code in wanted]
    lines: list[Line] = []
    heads = []
    for place, district in enumerate(chosen, start=1):
        own = [unit for unit in territory.communes if unit.district_code == district.code]
        row = first + len(lines)
        heads.append(row)
        parts = tuple(range(row + 1, row + 1 + len(own)))
        lines.append(Line(row, "district", _roman(place), _titled(district), district.code, parts))
        lines += [
            Line(row + number, "commune", str(number), _titled(unit), unit.code)
            for number, unit in enumerate(own, start=1)
        ]
    lines.append(Line(first + len(lines), "total", "", "Tổng cộng", parts=tuple(heads)))
    return tuple(lines)


def partner(form: Form, name: str, number: int) -> str:
    """Return the name of the numbered column's half that stands with `name` (Hộ, Nhân khẩu)."""
    half = PERSONS if form.paired and name.endswith(PERSONS) else ""
    return form.column(number).key + half


def is_computed(form: Form, name: str) -> bool:
    """Tell whether a column follows from others of its row: a binding sum, or a percentage."""
    column = form.by_key(name)
    return column.is_rate or bool(column.terms and not column.loose)


def form_numbers(
    form: Form,
    lines: Sequence[Line],
    review: Review | None,
    year: int,
    base: tuple[Form, Numbers] | None = None,
) -> Numbers:
    """Return the numbers of a form's lines at a year-end.

    Communes, and districts without communes that reported, are as the review has them; other
    districts and the total are sums. `base` is the form, with its numbers, of whose counts a
    percent form is the percentages.
    """
    if base is not None:
        return {row: _percentages(form, base[0], counts) for row, counts in base[1].items()}
    reported = _reported(form, review, year) if review is not None else {}
    numbers: Numbers = {}
    for line in lines:
        own = reported.get((line.level, line.code))
        if own is not None:
            numbers[line.row] = dict(own)
    for line in (*(line for line in lines if line.level == "district"), lines[-1]):
        parts = [numbers[row] for row in line.parts if row in numbers]
        if parts:
            names = form.counted
            numbers[line.row] = {name: sum(part[name] for part in parts) for name in names}
    for counts in numbers.values():
        counts.update(_rates(form, counts))
    return {line.row: numbers[line.row] for line in lines if line.row in numbers}


def _reported(form: Form, review: Review, year: int) -> dict[tuple[str, str], dict[str, int]]:
    """Return the counts that the review has of communes and districts, by level and code."""
    names = list(form.counted)
    found = {}
    for level in ("commune", "district"):
        rows = review.rows(form.number, year, level)
        if len(rows):
            counts = rows[names].to_numpy().tolist()
            for code, own in zip(rows["code"], counts, strict=True):
                found[level, str(code)] = dict(zip(names, own, strict=True))
    return found


def _rates(form: Form, counts: Mapping[str, int | float]) -> dict[str, float]:
    """Return the percentages that a row's counts give."""
    return {
        column.key: _rate(column, counts, form)
        for column in form.columns
        if column.is_rate and not form.percent_of_form
    }


def _percentages(
    form: Form, base: Form, counts: Mapping[str, int | float]
) -> dict[str, int | float]:
    """Return a percent form's row from the row of the form that it is about."""
    row: dict[str, int | float] = {form.names[0]: counts[base.names[0]]}
    return row | {
        column.key: _rate(column, counts, base) for column in form.columns if column.is_rate
    }


def _rate(column: FormColumn, counts: Mapping[str, int | float], form: Form) -> float:
    assert column.percent_of
    part, whole = (int(counts[form.column(number).key]) for number in column.percent_of)
    return float(announced_rate(part, whole))

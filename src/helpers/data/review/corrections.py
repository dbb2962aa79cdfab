"""Known errors of the returned forms (`corrections.yml`): each with its reason and a guard.

An entry names a cell, the wrong number that stands there, and the number to use. Once the source
says something else, reading is refused until the entry is deleted: so no entry outlives its error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, PlainValidator, ValidationError

from helpers.data.catalogue import spec
from helpers.data.names import SHORT_KINDS, TOTALS, name_key
from helpers.data.review.forms import MEASURES, PERSONS, Form, FormColumn
from helpers.data.review.model import CommuneUnit, DistrictUnit, Review, Territory
from helpers.errors import InputRefused, Problem
from helpers.plan import values
from helpers.plan.messages import findings_of
from helpers.plan.rules.loading import blanks
from helpers.plan.rules.model import Model, OptionalText, Text
from helpers.plan.source import Finding, Loc, read_source
from helpers.plan.values import ValueRefused, suggestion
from helpers.text import listing, match_key, nearest, nfc
from helpers.words import count

__all__ = ["COLUMNS", "column_text", "read_corrections", "uncorrected", "unit_code"]

KIND = "đính chính số liệu"
"""What messages call a file of known errors."""

COLUMNS = tuple(spec("known_errors").fields)
_TOTAL = "TC"
"""What the code of a total row begins with: such a row has no unit's code."""


def _half(value: object) -> str:
    written = values.optional_text(value)
    for half, name in MEASURES.items():
        if match_key(written) in (match_key(name), match_key(f"số {name}")):
            return half
    raise ValueRefused(f"không có nửa “{written}”", f"chọn {listing(MEASURES.values())}")


class KnownError(Model):
    """One known error as the file has it.

    `column` is a column's number, key or caption; `half` tells households from persons (hộ, nhân
    khẩu) where the column is one of a pair, a bare key meaning households. `found` is the wrong
    number in the source.
    """

    form: Annotated[int, PlainValidator(values.whole_number(1, 11, "số biểu"))]
    year: Annotated[int, PlainValidator(values.whole_number(2000, 2100, "năm"))]
    unit: Text
    district: OptionalText = ""
    column: Text
    half: Annotated[str | None, PlainValidator(_half)] = None
    found: Annotated[int, PlainValidator(values.whole_number(0, 10**9, "số trong biểu"))]
    corrected: Annotated[int, PlainValidator(values.whole_number(0, 10**9, "số dùng thay"))]
    reason: Text
    source: Text


class _Content(Model):
    entries: Annotated[tuple[KnownError, ...], Field(min_length=1)]


def column_text(form: Form, name: str) -> str:
    """Return how tables and messages name a column: its number, then its caption."""
    return f"{form.by_key(name).number}. {form.label(name)}"


def unit_code(level: str, code: str, district_code: str) -> str:
    """Return a code that tells a form's rows apart: the unit's, or one made for a total row."""
    if level != "total":
        return code
    return f"{_TOTAL}-{district_code}" if district_code else _TOTAL


def read_corrections(
    path: Path, review: Review, territory: Territory, *, known: bool
) -> tuple[Review, list[Problem]]:
    """Return the review with its known errors corrected, and what is wrong with the file.

    Where the forms themselves are not all read (`known` is false), only the file's own shape is
    judged.
    """
    try:
        source = read_source(path, KIND)
    except InputRefused as refused:
        return review, list(refused.problems)
    findings = list(source.findings)
    content = None
    try:
        content = _Content.model_validate({"entries": source.value})
    except ValidationError as error:
        for finding in findings_of(error.errors(include_url=False), _Content):
            findings.append(Finding(finding.loc[1:], finding.what, finding.todo))
    findings += blanks(source, findings)
    if content is None or findings or not known:
        return review, source.problems(findings)
    applying = _Applying(review, territory)
    for place, entry in enumerate(content.entries):
        findings += applying.apply((place,), entry)
    return applying.result, source.problems(findings)


def uncorrected(review: Review) -> Review:
    """Return the review as the forms have it, every known error put back."""
    frames = dict(review.frames)
    for row in review.applied.to_dict("records"):
        number = int(str(row["form"]).rpartition(" ")[2])
        form, frame = review.forms[number], frames[number].copy()
        name = next(name for name in form.counted if column_text(form, name) == row["column"])
        keys = ("year", "level", "code", "district_code")
        at = [
            year == row["year"] and unit_code(level, code, district) == row["unit_code"]
            for year, level, code, district in frame[list(keys)].itertuples(index=False, name=None)
        ]
        frame.loc[at, name] = row["found"]
        frames[number] = frame
    return replace(review, frames=MappingProxyType(frames), applied=review.applied.iloc[:0])


@dataclass(frozen=True)
class _Spelled:
    """The units that a text may mean: (level, code, district code, name) by match key."""

    units: Mapping[str, Sequence[tuple[str, str, str, str]]]

    @classmethod
    def of(cls, territory: Territory) -> _Spelled:
        units: dict[str, list[tuple[str, str, str, str]]] = {}
        known: list[DistrictUnit | CommuneUnit] = [*territory.districts, *territory.communes]
        for unit in known:
            level, district = "district", unit.code
            if isinstance(unit, CommuneUnit):
                level, district = "commune", unit.district_code
            # The key of several words is the keys of each: of the few kinds they are known.
            kinds, own = (unit.kind, *SHORT_KINDS.get(unit.kind, ())), name_key(unit.name)
            for key in {name_key(unit.code), own, *(f"{name_key(kind)} {own}" for kind in kinds)}:
                units.setdefault(key, []).append((level, unit.code, district, unit.name))
        return cls(units)

    def find(self, text: str, district: str = "") -> list[tuple[str, str, str, str]]:
        found = self.units.get(name_key(text), ())
        return [unit for unit in found if not district or unit[2] == district]


class _Applying:
    """Corrects one entry after the other, keeping what was done."""

    def __init__(self, review: Review, territory: Territory) -> None:
        self._review = review
        self._frames = dict(review.frames)
        self._spelled = _Spelled.of(territory)
        self._names = [unit.name for unit in territory.districts]
        self._names += [unit.name for unit in territory.communes]
        self._done: dict[tuple[int, Any, str], int] = {}
        self._rows: list[dict[str, object]] = []

    @property
    def result(self) -> Review:
        applied = pd.DataFrame(self._rows, columns=list(COLUMNS))
        return replace(self._review, frames=MappingProxyType(self._frames), applied=applied)

    def apply(self, loc: Loc, entry: KnownError) -> Iterator[Finding]:
        """Put the entry's number in its cell; yield what keeps it from that."""
        if entry.form not in self._frames:
            yield Finding((*loc, "form"), f"không có Biểu {entry.form} nào trong các tệp", "sửa số")
            return
        form = self._review.forms[entry.form]
        name = self._column(form, entry)
        index = self._row(entry, form)
        if isinstance(name, Finding):
            yield Finding((*loc, *name.loc), name.what, name.todo)
        if isinstance(index, Finding):
            yield Finding((*loc, *index.loc), index.what, index.todo)
        if isinstance(name, Finding) or isinstance(index, Finding):
            return
        first = self._done.setdefault((entry.form, index, name), int(loc[0]))
        if first != loc[0]:
            what = f"mục {int(loc[0]) + 1} và mục {first + 1} cùng sửa một ô"
            yield Finding(loc, what, "giữ một mục")
            return
        now = int(self._frames[entry.form].at[index, name])
        if entry.found == entry.corrected:
            yield Finding((*loc, "corrected"), "số dùng thay giống số trong biểu", "xóa mục này")
        elif now != entry.found:
            where = self._review.where(entry.form, index, name)
            what = f"nguồn đã được sửa (nay ghi {count(now)}): xóa mục này"
            todo = f"xem {where}; nếu vẫn sai thì ghi found: {now}"
            yield Finding((*loc, "found"), what, todo)
        else:
            self._correct(entry, form, index, name)

    def _correct(self, entry: KnownError, form: Form, index: Any, name: str) -> None:
        frame = self._frames[entry.form].copy()
        row = frame.loc[index]
        frame.loc[index, name] = entry.corrected
        self._frames[entry.form] = frame
        said = (
            form.name,
            entry.year,
            unit_code(row["level"], row["code"], row["district_code"]),
            row["name"],
            column_text(form, name),
            entry.found,
            entry.corrected,
            f"{entry.reason} (theo: {entry.source})",
            self._review.where(entry.form, index, name),
        )
        self._rows.append(dict(zip(COLUMNS, said, strict=True)))

    def _column(self, form: Form, entry: KnownError) -> str | Finding:
        """Return the frame's column that an entry names."""
        if form.percent_of_form:
            what = f"{form.name} chỉ ghi tỷ lệ của Biểu {form.percent_of_form}, không dùng để tính"
            return Finding(("form",), what, f"sửa số đếm ở Biểu {form.percent_of_form}")
        column, half = _named(form, entry.column)
        if column is None:
            numbers = f"ghi số cột từ 1 đến {len(form.columns)}"
            near = nearest(entry.column, [known.caption for known in form.columns])
            todo = f"có phải là “{near}”? hoặc {numbers}" if near else numbers
            return Finding(("column",), f"{form.name} không có cột “{entry.column}”", todo)
        if column.is_rate:
            what = f"cột {column.number} của {form.name} là tỷ lệ, được tính lại từ số đếm"
            return Finding(("column",), what, "sửa cột số đếm")
        if not form.paired and entry.half is not None:
            what = f"{form.name} không chia hộ và nhân khẩu"
            return Finding(("half",), what, "xóa dòng half")
        if form.paired and half is None and entry.half is None and entry.column != column.key:
            what = f"cột {column.number} của {form.name} có hai nửa, hộ và nhân khẩu"
            return Finding(("column",), what, "thêm dòng half: hộ, hoặc half: nhân khẩu")
        if half is not None and entry.half is not None and half != entry.half:
            return Finding(("half",), f"khác với cột “{entry.column}”", "sửa column hoặc half")
        return column.key + (half if half is not None else entry.half or "")

    def _row(self, entry: KnownError, form: Form) -> Any:
        """Return the index label of the row that an entry names, or what is wrong with it."""
        district = ""
        if entry.district:
            found = [unit for unit in self._spelled.find(entry.district) if unit[0] == "district"]
            if not found:
                todo = suggestion(entry.district, self._names, "ghi tên hoặc mã huyện")
                return Finding(("district",), f"không có huyện “{entry.district}”", todo)
            district = found[0][1]
        frame = self._frames[entry.form]
        rows = frame[frame["year"] == entry.year]
        if rows.empty:
            years = listing(str(year) for year in sorted(frame["year"].unique()))
            return Finding(("year",), f"{form.name} không có năm {entry.year}", f"chỉ có {years}")
        if match_key(entry.unit) in TOTALS:
            rows = rows[(rows["level"] == "total") & (rows["district_code"] == district)]
        else:
            units = self._spelled.find(entry.unit, district)
            if not units:
                todo = suggestion(entry.unit, self._names, "ghi tên hoặc mã như trong danh mục")
                of = f" ở {entry.district}" if district else ""
                return Finding(("unit",), f"không có xã, huyện “{entry.unit}”{of}", todo)
            keys = {(level, code) for level, code, _, _ in units}
            own = zip(rows["level"], rows["code"], strict=True)
            rows = rows[[key in keys for key in own]]
        if rows.empty:
            what = f"{form.name} cuối năm {entry.year} không có dòng “{entry.unit}”"
            todo = "thêm dòng district: tên huyện" if not district else "sửa unit hoặc district"
            return Finding(("unit",), what, todo)
        if len(rows) > 1:
            what = f"“{entry.unit}” là tên của {len(rows)} dòng trong {form.name}"
            where = listing(self._review.where(entry.form, label) for label in rows.index[:3])
            return Finding(("unit",), f"{what} ({where})", "ghi mã thay tên, hoặc thêm district")
        return rows.index[0]


def _named(form: Form, text: str) -> tuple[FormColumn | None, str | None]:
    """Return the column that a text names, and the half where the text tells it too."""
    if re.fullmatch(r"\d{1,2}", text):
        number = int(text)
        return (form.column(number) if 1 <= number <= len(form.columns) else None), None
    for name in form.names:
        column, half = form.by_key(name), PERSONS if name.endswith(PERSONS) else ""
        if form.paired and half and text == name:
            return column, half
        if form.paired and match_key(text) == match_key(form.label(name)):
            return column, half
        if text == column.key or match_key(nfc(text)) in map(
            match_key, (column.caption, column.label)
        ):
            return column, None
    return None, None

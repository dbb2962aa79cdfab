"""Poverty standards (chuẩn nghèo) as frozen models, read from dated YAML files with legal basis.

The files in params/standards/ have the same shape, key by key. A household is income-poor where
its income per head or its score B1 is at most the line of its area type; poor (hộ nghèo) where it
is income-poor and lacks at least the minimum of indicators; near-poor (hộ cận nghèo) where it is
income-poor and lacks fewer.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, ValidationError

from helpers.errors import InputRefused, Problem
from helpers.marks import Mark, merge_marks
from helpers.paths import project_root, relative
from helpers.plan import values
from helpers.plan.messages import findings_of
from helpers.plan.rules.loading import blanks
from helpers.plan.rules.model import Basis, Model, OptionalText, Text, Valid
from helpers.plan.rules.readers import MISSING, MISSING_WORD, Missing
from helpers.plan.source import Finding, Loc, read_source
from helpers.plan.values import ValueRefused
from helpers.plan.vocabulary import STATUSES
from helpers.reads import note
from helpers.text import listing, match_key

__all__ = [
    "MOST_INDICATORS",
    "STANDARDS",
    "Indicator",
    "Standard",
    "load_standards",
    "standard_at",
    "standard_files",
    "standard_for_review",
]

STANDARDS = "chuẩn nghèo"
"""What messages call a file of a standard."""

MOST_INDICATORS = 16
"""So many indicators a standard may have: a household's pattern then fits a small table."""

_KEY = re.compile(r"[a-z][a-z0-9_]*")


def _key(value: object) -> str:
    written = values.text(value)
    if not _KEY.fullmatch(written):
        raise ValueRefused(
            f"khóa “{written}” không dùng làm tên cột được",
            "chỉ dùng chữ thường không dấu, chữ số và dấu gạch dưới, chẳng hạn housing_area",
        )
    return written


def _missing(value: object) -> bool:
    return isinstance(value, str) and match_key(value) == match_key(MISSING_WORD)


def _income(value: object) -> int | Missing:
    return MISSING if _missing(value) else values.positive_amount(value)


def _score(value: object) -> int | Missing:
    return MISSING if _missing(value) else values.whole_number(0, 10_000, "mức điểm")(value)


def _none_if_missing(value: object) -> object:
    return None if _missing(value) else value


Status = Annotated[str, PlainValidator(values.choice(STATUSES, "độ tin cậy"))]
Key = Annotated[str, PlainValidator(_key)]


class AreaType(Model):
    """An area that has lines of its own, and the kinds of communes that belong to it."""

    name: Text
    kinds: Annotated[tuple[Text, ...], Field(min_length=1)]


class _Section(Model):
    """A part with a basis and a status of its own; without them those of the standard hold."""

    basis: Basis | None = None
    status: Status | None = None


class IncomeLines(_Section):
    """The highest income of an income-poor household by area type, in đồng per head per month."""

    lines: Annotated[
        Mapping[Key, Annotated[int | Missing, PlainValidator(_income)]], Field(min_length=1)
    ]


class ScoreLines(_Section):
    """The highest score B1 of an income-poor household by area type."""

    lines: Annotated[
        Mapping[Key, Annotated[int | Missing, PlainValidator(_score)]], Field(min_length=1)
    ]


class Deprivations(_Section):
    """How many (weighted) indicators an income-poor household lacks at least to be poor."""

    minimum: Annotated[int, PlainValidator(values.whole_number(1, 1000, "số chỉ số thiếu hụt"))]


class ScoreB2(_Section):
    """The score B2: points for each (weighted) deprivation, and from where on it means poor."""

    points: Annotated[int, PlainValidator(values.whole_number(1, 1000, "số điểm"))]
    threshold: Annotated[int, PlainValidator(values.whole_number(1, 10_000, "mức điểm"))]


class ServiceIndicator(Model):
    """One indicator of a service as the file has it."""

    key: Key
    name: Text
    definition: OptionalText = ""
    weight: Annotated[int, PlainValidator(values.whole_number(1, 100, "trọng số"))] = 1


class Service(Model):
    """A basic social service (dịch vụ xã hội cơ bản) and its indicators."""

    name: Text
    status: Status | None = None
    indicators: Annotated[tuple[ServiceIndicator, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Indicator:
    """An indicator (chỉ số) with the name of its service; `key` names its column in data."""

    key: str
    name: str
    service: str
    weight: int
    definition: str


class StandardContent(Model):
    """What the file of a standard holds."""

    title: Text
    basis: Basis
    status: Status
    valid: Valid
    note: OptionalText = ""
    area_types: Annotated[Mapping[Key, AreaType], Field(min_length=1)]
    income: IncomeLines
    score_b1: Annotated[ScoreLines | None, BeforeValidator(_none_if_missing)] = None
    deprivations: Deprivations
    score_b2: Annotated[ScoreB2 | None, BeforeValidator(_none_if_missing)] = None
    services: Annotated[tuple[Service, ...], Field(min_length=1)]


class Standard(StandardContent):
    """A standard whose parts fit together; made by `load_standards`."""

    id: str
    """The file's name without its ending."""
    path: Path

    @property
    def file(self) -> str:
        """Return where the standard stands, from the project folder on."""
        return relative(self.path)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Return the indicators in the file's order."""
        return tuple(
            Indicator(item.key, item.name, service.name, item.weight, item.definition)
            for service in self.services
            for item in service.indicators
        )

    @property
    def indicator_names(self) -> Mapping[str, str]:
        """Return the indicators' names by key, in the file's order."""
        return MappingProxyType({item.key: item.name for item in self.indicators})

    @property
    def kinds(self) -> Mapping[str, str]:
        """Return the key of the area type by kind of commune (xã, phường, thị trấn …)."""
        return MappingProxyType(
            {kind: key for key, item in self.area_types.items() for kind in item.kinds}
        )

    @property
    def minimum(self) -> int:
        """Return how many (weighted) deprivations make an income-poor household poor."""
        return self.deprivations.minimum

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return what must be said of figures that rest on this standard."""
        sections = (self.income, self.score_b1, self.deprivations, self.score_b2, *self.services)
        own = [section.status for section in sections if section and section.status]
        return merge_marks([self.status], own)

    def area_type(self, kind: str) -> str:
        """Return the key of the area type that communes of a kind belong to.

        Raises:
            InputRefused: the standard does not say.
        """
        kinds = {match_key(name): key for name, key in self.kinds.items()}
        found = kinds.get(match_key(kind))
        if found is None:
            what = f"chưa ghi loại đơn vị “{kind}” thuộc khu vực nào"
            todo = f"thêm vào kinds của một trong các khu vực {listing(self.area_types)}"
            raise InputRefused([Problem(f"{self.file}, khóa area_types", what, todo)])
        return found

    def income_line(self, area_type: str) -> int:
        """Return the income line of an area type, in đồng per head per month.

        Raises:
            InputRefused: no such area type, or its line is not known yet ("chưa có").
        """
        return self._line("income", self.income.lines, area_type)

    def b1_line(self, area_type: str) -> int:
        """Return the line of the score B1 of an area type.

        Raises:
            InputRefused: no such area type, or its line is not known yet.
        """
        lines = self.score_b1.lines if self.score_b1 else dict.fromkeys(self.area_types, MISSING)
        return self._line("score_b1", lines, area_type)

    def _line(self, key: str, lines: Mapping[str, int | Missing], area_type: str) -> int:
        if area_type not in lines:
            what = f"không có khu vực “{area_type}”"
            todo = values.suggestion(area_type, lines)
            raise InputRefused([Problem(f"{self.file}, khóa {key}", what, todo)])
        line = lines[area_type]
        if isinstance(line, Missing):
            what = f"chưa có mức của khu vực {self.area_types[area_type].name}"
            todo = "điền mức theo văn bản, hoặc dùng cách xác định kia (thu nhập hay điểm B1)"
            raise InputRefused([Problem(f"{self.file}, khóa {key}", what, todo)])
        return line


def standard_files(folder: Path | None = None) -> list[Path]:
    """Return the folder of the standards, by default params/standards, then its YAML files."""
    folder = folder or project_root() / "params" / "standards"
    found = (path for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml"))
    return [folder, *sorted(found)]


def load_standards(folder: Path | None = None) -> tuple[Standard, ...]:
    """Return the standards in a folder's YAML files, by default params/standards, by date.

    Raises:
        InputRefused: a file cannot be read or contradicts itself, or the standards overlap or
            leave days between them without any; carries every problem.
    """
    folder, *paths = standard_files(folder)
    note(folder)
    if not paths:
        what, todo = f"chưa có tệp {STANDARDS} nào", "chép tệp mẫu nd-07-2021.yaml vào đây rồi sửa"
        raise InputRefused([Problem(relative(folder), what, todo)])
    standards: list[Standard] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            standards.append(_load(path.resolve()))
        except InputRefused as refused:
            problems += refused.problems
    standards.sort(key=_first_day)
    if not problems:
        problems += _joints(standards)
    if problems:
        raise InputRefused(problems)
    return tuple(standards)


def standard_at(standards: Sequence[Standard], day: datetime.date) -> Standard:
    """Return the standard in force on a day.

    Raises:
        InputRefused: none is, or more than one.
    """
    found = [
        item
        for item in standards
        if _first_day(item) <= day and (item.valid.to is None or day <= item.valid.to)
    ]
    if len(found) == 1:
        return found[0]
    where = relative(found[0].path.parent) if found else "params/standards"
    if found:
        what = f"ngày {_written(day)} có {len(found)} {STANDARDS} cùng hiệu lực: "
        what += listing(item.file for item in found)
        raise InputRefused([Problem(where, what, "sửa ngày trong khóa valid cho khỏi chồng nhau")])
    what = f"không có {STANDARDS} nào có hiệu lực ngày {_written(day)}"
    known = listing(f"{item.file} từ {_written(_first_day(item))}" for item in standards)
    todo = f"thêm tệp {STANDARDS} của thời gian đó" + (f"; đang có {known}" if known else "")
    raise InputRefused([Problem(where, what, todo)])


def standard_for_review(standards: Sequence[Standard], year: int) -> Standard:
    """Return the standard by which the review of a year-end was made.

    It is the one in force on the year's last day. Where none is, the review is the one that opened
    a new standard: it gave the list that the standard's first year began with, as at the end of
    2021.

    Raises:
        InputRefused: there is none either way.
    """
    last = datetime.date(year, 12, 31)
    opened = [item for item in standards if _first_day(item) == last + datetime.timedelta(days=1)]
    if len(opened) == 1 and all(_first_day(item) > last for item in standards):
        return opened[0]
    return standard_at(standards, last)


def _written(day: datetime.date) -> str:
    return f"{day:%d/%m/%Y}"


def _first_day(standard: Standard) -> datetime.date:
    # Every loaded standard has one: see `_checks`.
    return standard.valid.from_ or datetime.date.min


def _load(path: Path) -> Standard:
    source = read_source(path, STANDARDS)
    findings = list(source.findings)
    content = None
    try:
        content = StandardContent.model_validate(source.value)
    except ValidationError as error:
        findings += findings_of(error.errors(include_url=False), StandardContent)
    if content is not None:
        findings += _checks(content)
    findings += blanks(source, findings)
    if findings or content is None:
        raise InputRefused(source.problems(findings))
    return Standard.model_construct(**dict(content), id=path.stem, path=path)


def _checks(content: StandardContent) -> Iterator[Finding]:
    """Yield where parts that are each in order do not fit together."""
    start, end = content.valid.from_, content.valid.to
    if start is None:
        todo = "ghi ngày đầu tiên áp dụng, chẳng hạn from: 2022-01-01"
        yield Finding(("valid", "from"), "chưa có ngày bắt đầu áp dụng", todo)
    elif end is not None and end < start:
        yield Finding(("valid", "to"), "ngày cuối đứng trước ngày đầu", "sửa một trong hai ngày")
    yield from _area_checks(content)
    yield from _indicator_checks(content)
    least, b2 = content.deprivations.minimum, content.score_b2
    whole = sum(item.weight for service in content.services for item in service.indicators)
    if least > whole:
        what = f"mức tối thiểu {least} lớn hơn tổng trọng số {whole} của các chỉ số"
        yield Finding(("deprivations", "minimum"), what, "sửa mức tối thiểu hoặc trọng số")
    if b2 and b2.threshold != b2.points * least:
        what = (
            f"ngưỡng {b2.threshold} điểm không ứng với {least} chỉ số, mỗi chỉ số {b2.points} điểm"
        )
        yield Finding(("score_b2", "threshold"), what, f"ghi {b2.points * least}, hoặc sửa số điểm")


def _area_checks(content: StandardContent) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for key, item in content.area_types.items():
        for kind in item.kinds:
            other = seen.setdefault(match_key(kind), key)
            if other != key:
                what = f"loại đơn vị “{kind}” thuộc cả {other} và {key}"
                yield Finding(("area_types", key, "kinds"), what, "giữ ở một khu vực")
    lines: dict[str, Mapping[str, int | Missing]] = {"income": content.income.lines}
    if content.score_b1:
        lines["score_b1"] = content.score_b1.lines
    for section, known in lines.items():
        for key in known:
            if key not in content.area_types:
                todo = values.suggestion(key, content.area_types)
                loc: Loc = (section, "lines", key)
                yield Finding(loc, f"không có khu vực “{key}” trong area_types", todo)
        absent = [key for key in content.area_types if key not in known]
        if absent:
            what = f"thiếu mức của khu vực {listing(absent)}"
            yield Finding((section, "lines"), what, f"ghi mức, hoặc “{MISSING_WORD}”")


def _indicator_checks(content: StandardContent) -> Iterator[Finding]:
    seen: set[str] = set()
    names: set[str] = set()
    for place, service in enumerate(content.services):
        for number, item in enumerate(service.indicators):
            loc: Loc = ("services", place, "indicators", number)
            if item.key in seen:
                yield Finding((*loc, "key"), f"khóa “{item.key}” đã có ở trên", "đặt khóa khác")
            if match_key(item.name) in names:
                yield Finding((*loc, "name"), f"tên “{item.name}” đã có ở trên", "đặt tên khác")
            seen.add(item.key)
            names.add(match_key(item.name))
    if len(seen) > MOST_INDICATORS:
        what = f"có {len(seen)} chỉ số, nhiều hơn {MOST_INDICATORS}"
        yield Finding(("services",), what, "gộp bớt chỉ số")


def _joints(standards: Sequence[Standard]) -> Iterator[Problem]:
    """Yield where one standard does not end on the day before the next begins."""
    for before, after in pairwise(standards):
        starts, ends = _first_day(after), before.valid.to
        day = datetime.timedelta(days=1)
        where = f"{after.file}, khóa valid → from"
        if ends is None or ends >= starts:
            until = f"đến {_written(ends)}" if ends else "không ghi ngày cuối"
            what = f"bắt đầu {_written(starts)}, chồng với {before.file} ({until})"
            todo = f"ghi to: {starts - day} trong {before.file}, hoặc sửa ngày bắt đầu ở đây"
            yield Problem(where, what, todo)
        elif ends + day < starts:
            what = (
                f"từ {_written(ends + day)} đến {_written(starts - day)} không có {STANDARDS} nào "
                f"(trước đó là {before.file})"
            )
            yield Problem(where, what, f"ghi from: {ends + day}, hoặc thêm tệp cho khoảng đó")

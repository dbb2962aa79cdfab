"""What is known of a table itself: the sidecar `<table>.meta.yml` beside it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpers.data.vocabulary import EXTRA_KINDS, OPTIONAL, STATUS_NAMES
from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.reads import note
from helpers.text import listing, nearest

__all__ = ["ColumnNote", "Known", "Sidecar", "load_sidecar", "load_workbook_sidecars", "write_yaml"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnNote(_Frozen):
    """A column's Vietnamese label, accepted as its header too, and its unit.

    `kind` is for a further column only (see schemas.EXTENSIBLE): what it holds.
    """

    label: str = Field(min_length=1)
    unit: str = ""
    kind: Literal["count", "measure", "rate", "word"] | None = None


class Known(_Frozen):
    """What the table should add up to, known from elsewhere: its rows, totals of columns."""

    rows: int | None = None
    totals: Mapping[str, int] = Field(default_factory=dict)
    source: str = Field(min_length=1)


class Sidecar(_Frozen):
    """Who made a table, from what, when, under which licence, and how far it can be trusted.

    `status` is official (chính thức), derived (dẫn xuất) or illustrative (minh họa); `secondary`
    says that it was taken from a second-hand source and not compared with the original.
    `ethnicities` are the columns of the review's form 9, in their order.
    """

    title: str = Field(min_length=1)
    producer: str = Field(min_length=1)
    source: str = Field(min_length=1)
    date: datetime.date
    licence: str = Field(min_length=1)
    status: Literal["official", "derived", "illustrative"]
    secondary: bool = False
    note: str = ""
    generator: str = ""
    seed: int | None = None
    known: Known | None = None
    columns: Mapping[str, ColumnNote] = Field(default_factory=dict)
    ethnicities: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    @property
    def status_name(self) -> str:
        """Return the status in Vietnamese."""
        return STATUS_NAMES[self.status]


class _NoDuplicates:
    """PyYAML keeps the last of two equal keys without a word; this refuses the second."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"khóa “{key.value}” lặp lại"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep)  # type: ignore[misc]
        return found


class _Exact(_NoDuplicates, yaml.SafeLoader):
    """Tells errors in its own words, which are those that planners know."""


class _Fast(_NoDuplicates, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Gives the same values in a tenth of the time, where the machine has it."""


def _parsed(text: str) -> Any:
    try:
        return yaml.load(text, _Fast)
    except yaml.YAMLError:
        return yaml.load(text, _Exact)


def _load(path: Path) -> dict[str, Any]:
    where = relative(path)
    note(path)
    try:
        content = _parsed(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        todo = "thêm tệp này: title, producer, source, date, licence, status"
        raise InputRefused([Problem(where, "thiếu tệp mô tả số liệu", todo)]) from None
    except UnicodeDecodeError:
        todo = "lưu lại với bảng mã UTF-8"
        raise InputRefused([Problem(where, "tệp không ở bảng mã UTF-8", todo)]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", dòng {mark.line + 1}" if mark else ""
        what = f"không đọc được ({getattr(error, 'problem', None) or 'sai cú pháp YAML'})"
        todo = "kiểm tra thụt dòng, dấu hai chấm và dấu nháy ở dòng này"
        raise InputRefused([Problem(where + line, what, todo)]) from None
    if not isinstance(content, dict):
        todo = "mỗi dòng là “khóa: giá trị”"
        raise InputRefused([Problem(where, "tệp trống hoặc không có khóa nào", todo)])
    return content


_FIELDS = list(Sidecar.model_fields)


def _problem(error: Mapping[str, Any], where: str) -> Problem:
    """Return a validation error of pydantic as a sentence for a planner."""
    place = f"{where}, khóa " + " → ".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return Problem(place, "thiếu khóa này", "thêm khóa và giá trị")
    if error["type"] == "extra_forbidden":
        near = nearest(str(error["loc"][-1]), _FIELDS)
        todo = f"có phải là “{near}”?" if near else f"chỉ nhận: {listing(_FIELDS)}"
        return Problem(place, "không có khóa này", todo)
    given = f"giá trị “{error['input']}” không dùng được"
    if error["type"] == "literal_error":
        known = EXTRA_KINDS if error["loc"][-1] == "kind" else STATUS_NAMES
        words = listing(f"{word} ({name})" for word, name in known.items())
        return Problem(place, given, f"chỉ nhận: {words}")
    if error["type"].startswith("date"):
        return Problem(place, given, "ghi ngày dạng 2024-12-31")
    if error["type"] == "string_too_short":
        return Problem(place, "để trống", "điền giá trị")
    return Problem(place, given, "xem các tệp .meta.yml mẫu")


def _sidecar(content: Mapping[str, Any], where: str) -> Sidecar:
    try:
        return Sidecar.model_validate(content)
    except ValidationError as error:
        raise InputRefused(_problem(dict(one), where) for one in error.errors()) from None


def load_sidecar(path: Path) -> Sidecar:
    """Return the sidecar in the file.

    Raises:
        InputRefused: it is missing, is not YAML, lacks a key or has a wrong value; all problems.
    """
    return _sidecar(_load(path), relative(path))


def load_workbook_sidecars(
    path: Path, tables: Collection[str], blank: Collection[str] = ()
) -> dict[str, Sidecar]:
    """Return each table's sidecar from the one file beside a workbook.

    Keys at the top hold for every table; under `tables` a table's own keys stand before them. A
    table of `blank` may have keys of its own there but needs none.

    Raises:
        InputRefused: every problem of every table.
    """
    content = _load(path)
    own = content.pop("tables", None) or {}
    where = relative(path)
    if not isinstance(own, dict) or not all(isinstance(keys, dict) for keys in own.values()):
        todo = "dưới tables, mỗi bảng là một nhóm khóa"
        raise InputRefused([Problem(f"{where}, khóa tables", "sai cách ghi", todo)])
    problems: list[Problem] = []
    sidecars = {}
    for name in own:
        if name not in (*tables, *blank):
            near = nearest(str(name), tables)
            todo = f"có phải là “{near}”?" if near else f"chỉ nhận: {listing(tables)}"
            what = "không có bảng này"
            if name in OPTIONAL:
                what, todo = "có mô tả mà không có trang tính này", "thêm trang tính, hoặc bỏ mô tả"
            problems.append(Problem(f"{where}, khóa tables → {name}", what, todo))
    for name in (*tables, *(name for name in blank if name in own)):
        place = f"{where}, bảng {name}" if own else where
        try:
            sidecars[name] = _sidecar(content | own.get(name, {}), place)
        except InputRefused as refused:
            problems += refused.problems
    if problems:
        raise InputRefused(problems)
    return sidecars


def write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    """Write keys and values as a planner would: accents kept, order kept, UTF-8."""
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8", newline="\n")

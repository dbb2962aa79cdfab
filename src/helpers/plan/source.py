"""A YAML file as plain values, with the line of each, so that errors can say where.

Numbers stay exact (`Decimal`), dates and yes/no words stay text, and what YAML would drop in
silence (a key written twice, the tail of a number cut off at its comma) is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.reads import note
from helpers.text import listing, nearest

__all__ = ["Finding", "Loc", "Source", "read_source"]

Loc = tuple[str | int, ...]
"""The way to a value: keys, and places in lists from 0."""

# The faster parser where the machine has it; both give the same nodes.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_QUOTE = 'đặt cả giá trị giữa hai dấu nháy kép "…"'
_SYNTAX: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "có dấu hai chấm thừa trong câu, hoặc dòng thụt lề sai",
        f"{_QUOTE}, hoặc chỉnh thụt lề thẳng với dòng cùng cấp",
    ),
    ("could not find expected ':'", "thiếu dấu hai chấm sau tên khóa", "ghi “khóa: giá trị”"),
    (
        "but found '<scalar>'",
        "có chữ thừa sau một giá trị, thường vì một dấu nháy mở ở đây hoặc phía trên mà không đóng",
        "kiểm tra các cặp dấu nháy ở dòng này và các dòng phía trên",
    ),
    (
        "expected <block end>",
        "dòng thụt lề không thẳng với các dòng cùng cấp",
        "thêm hoặc bớt dấu cách ở đầu dòng cho thẳng hàng",
    ),
    ("unexpected end of stream", "dấu nháy mở ở đây mà không đóng", "thêm dấu nháy đóng"),
    (
        "expected ',' or '}'",
        "dấu ngoặc { mở mà không đóng, hoặc thiếu dấu phẩy giữa các mục",
        "đóng ngoặc } và ngăn các mục bằng dấu phẩy",
    ),
    (
        "expected ',' or ']'",
        "dấu ngoặc [ mở mà không đóng, hoặc thiếu dấu phẩy giữa các mục",
        "đóng ngoặc ] và ngăn các mục bằng dấu phẩy",
    ),
    (
        "that cannot start any token",
        "giá trị mở đầu bằng một ký hiệu mà YAML không cho phép",
        _QUOTE,
    ),
    ("expected alphabetic or numeric", "giá trị mở đầu bằng ký hiệu & hoặc *", _QUOTE),
    ("undefined alias", "giá trị mở đầu bằng ký hiệu *", _QUOTE),
    ("expected a single document", "có dòng “---” chia tệp làm hai", "xóa dòng “---”"),
    ("special characters", "có ký tự điều khiển không nhìn thấy", "xóa rồi gõ lại dòng này"),
)


_NAMING = ("code", "area", "lines", "name", "agency", "column")
"""The keys whose value tells a list item from its neighbours."""

_SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "kế hoạch": "params/nghe-an-2024.yaml",
        "quy tắc": "params/rules/nghe-an-2024.yaml",
        "ví dụ tính tay": "params/rules/cases/nghe-an-2024.yaml",
        "chuẩn nghèo": "params/standards/nd-07-2021.yaml",
        "đính chính số liệu": "data/nghe-an-2024/review/corrections.yml",
    }
)
"""Each kind of file, with one to copy from."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong, and the way to it."""

    loc: Loc
    what: str
    todo: str = ""


@dataclass(frozen=True)
class Source:
    """What a YAML file holds, where each value stands, and what was wrong on the way."""

    file: str
    value: Any
    lines: Mapping[Loc, int]
    findings: tuple[Finding, ...]

    def line(self, loc: Loc) -> int:
        """Return the line of a value, or of the nearest thing around it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def get(self, loc: Loc) -> Any:
        """Return the value at the end of the way, or None."""
        value = self.value
        for step in loc:
            if isinstance(step, int):
                value = value[step] if isinstance(value, list) and step < len(value) else None
            else:
                value = value.get(step) if isinstance(value, dict) else None
        return value

    def _name(self, loc: Loc) -> str:
        """Return a list item by what names it, else by its place from 1."""
        if isinstance(loc[-1], str):
            return loc[-1]
        item = self.get(loc)
        for key in _NAMING if isinstance(item, dict) else ():
            named = item.get(key)
            words = named if isinstance(named, list) else [named]
            if words and all(isinstance(word, str) and word for word in words):
                return ", ".join(words)
        return f"mục {loc[-1] + 1}"

    def where(self, loc: Loc) -> str:
        """Return the place as a planner finds it: file, line, and the keys that lead there."""
        place = f"{self.file}, dòng {self.line(loc)}"
        keys = " → ".join(self._name(loc[: depth + 1]) for depth in range(len(loc)))
        return f"{place}, khóa {keys}" if keys else place

    def problems(self, findings: Iterable[Finding]) -> list[Problem]:
        """Return the findings as problems, from the top of the file down."""
        ordered = sorted(findings, key=lambda finding: self.line(finding.loc))
        return [Problem(self.where(item.loc), item.what, item.todo) for item in ordered]


class _Walk:
    """Turns YAML nodes into values, noting lines and findings on the way."""

    def __init__(self) -> None:
        self.lines: dict[Loc, int] = {}
        self.findings: list[Finding] = []
        self._open: list[yaml.Node] = []

    def value(self, node: yaml.Node, loc: Loc) -> Any:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if any(node is outer for outer in self._open):
            self._report(loc, "giá trị trỏ vòng lại chính nó", _QUOTE)
            return None
        if not node.tag.startswith("tag:yaml.org,2002:"):
            self._report(loc, "giá trị mở đầu bằng ký hiệu !", _QUOTE)
        self._open.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, loc)
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*loc, i)) for i, item in enumerate(node.value)]
            return _scalar(node)
        finally:
            self._open.pop()

    def _report(self, loc: Loc, what: str, todo: str) -> None:
        self.findings.append(Finding(loc, what, todo))

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node, tail in _rejoined(node):
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(loc, "tên khóa không phải một từ", _QUOTE)
                continue
            key = " ".join(key_node.value.split())
            here = (*loc, key)
            line = key_node.start_mark.line + 1
            if key in found:
                first = self.lines[here]
                what = f"khóa “{key}” ghi hai lần trong cùng một mục (dòng {first} và dòng {line})"
                self._report(here, what, "giữ một dòng, xóa dòng kia")
                continue
            self.lines[here] = line
            if tail:
                whole = value_node.value + tail
                what = (
                    "trong dấu ngoặc { } dấu phẩy dùng để ngăn các mục, nên "
                    f"“{whole}” bị cắt thành {listing(f'“{part}”' for part in _parts(whole))}"
                )
                self._report(here, what, f'đặt giữa hai dấu nháy kép: {key}: "{whole}"')
                found[key] = whole
            else:
                found[key] = self.value(value_node, here)
        return found


def _parts(whole: str) -> list[str]:
    return [part.strip() for part in whole.split(",")]


def _rejoined(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node, str]]:
    """Return key, value, and the tail that a bare comma inside { } has cut off the value."""
    pairs: list[tuple[yaml.Node, yaml.Node, str]] = []
    for key, value in node.value:
        cut_off = (
            node.flow_style
            and pairs
            and isinstance(key, yaml.ScalarNode)
            and value.value == ""
            and value.tag.endswith(":null")
            and isinstance(pairs[-1][1], yaml.ScalarNode)
            and re.match(r"\d|.* ", key.value)
        )
        if cut_off:
            first, before, tail = pairs[-1]
            gap = "," if key.value[:1].isdigit() else ", "
            pairs[-1] = (first, before, f"{tail}{gap}{key.value}")
        else:
            pairs.append((key, value, ""))
    return pairs


def _scalar(node: yaml.Node) -> Any:
    """Return a scalar: whole numbers, exact decimals and nothing as such, all else as its text."""
    kind, text = node.tag.rpartition(":")[2], str(node.value)
    if kind == "null":
        return None
    # YAML 1.1 would read 012 as ten, 1_000 as a thousand and 12:30 as 750: these stay text.
    if kind == "int" and re.fullmatch(r"[-+]?(0|[1-9]\d*)", text):
        return int(text)
    if kind == "float" and re.fullmatch(r"[-+]?\d+\.\d+", text):
        return Decimal(text)
    return text


def _missing(path: Path, kind: str) -> Problem:
    others = sorted(
        other.name for other in path.parent.glob("*.y*ml") if other.suffix in (".yaml", ".yml")
    )
    near = nearest(path.stem, [Path(other).stem for other in others])
    todo = (
        f"trong thư mục {relative(path.parent)} có: {', '.join(others)}"
        if others
        else (f"thư mục {relative(path.parent)} chưa có tệp {kind} nào")
    )
    if near:
        todo = f"có phải là “{near}”? {todo[0].upper()}{todo[1:]}"
    return Problem(relative(path), f"không có tệp {kind} này", todo)


def _text(path: Path, kind: str) -> str:
    """Return the file's text in NFC, with or without a byte-order mark."""
    if path.is_dir():
        todo = f"ghi tên một tệp .yaml, chẳng hạn {_SAMPLES[kind]}"
        what = f"là thư mục, không phải tệp {kind}"
        raise InputRefused([Problem(relative(path), what, todo)])
    note(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputRefused([_missing(path, kind)]) from None
    except OSError:
        todo = "đóng tệp ở chương trình khác, kiểm tra quyền đọc rồi chạy lại"
        raise InputRefused([Problem(relative(path), "không đọc được tệp", todo)]) from None
    coding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return unicodedata.normalize("NFC", raw.decode(coding))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        todo = "mở tệp bằng trình soạn thảo và lưu lại với bảng mã UTF-8"
        where = f"{relative(path)}, dòng {line}"
        raise InputRefused([Problem(where, "tệp không dùng bảng mã UTF-8", todo)]) from None


def _syntax_problem(file: str, text: str, error: yaml.YAMLError) -> Problem:
    """Return what a YAML syntax error means, in plain words."""
    told = str(error)
    mark = getattr(error, "problem_mark", None)
    if "unexpected end of stream" in told:
        mark = getattr(error, "context_mark", None) or mark
    if mark is not None:
        line, column = mark.line, mark.column
    else:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position)
        column = position - text.rfind("\n", 0, position) - 1
    where = f"{file}, dòng {line + 1}, cột {column + 1}"
    rows = text.splitlines()
    start = re.match(r"\s*", rows[line])[0] if line < len(rows) else ""  # type: ignore[index]
    if "\t" in start:
        todo = "xóa phím Tab ở đầu dòng, thụt lề bằng dấu cách"
        return Problem(where, "đầu dòng có phím Tab, YAML chỉ nhận dấu cách", todo)
    for sign, what, todo in _SYNTAX:
        if sign in told:
            return Problem(where, what, todo)
    todo = "so với dòng tương tự trong tệp mẫu: thụt lề, dấu hai chấm, dấu nháy, dấu ngoặc"
    return Problem(where, "không đọc được cấu trúc của tệp từ chỗ này", todo)


def _exact(text: str, error: yaml.YAMLError) -> yaml.YAMLError:
    """Return the same error as the slower parser tells it, which words and places it better."""
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as exact:
        return exact
    return error


def _compose(file: str, text: str, kind: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise InputRefused([_syntax_problem(file, text, _exact(text, error))]) from None
    if node is None:
        todo = f"chép tệp mẫu {_SAMPLES[kind]} rồi sửa"
        raise InputRefused([Problem(file, "tệp trống", todo)])
    return node


def read_source(path: Path, kind: str = "kế hoạch") -> Source:
    """Return a YAML file's values with their lines; `kind` is what messages call the file.

    Raises:
        InputRefused: no such file, not UTF-8, empty, or not YAML.
    """
    text, file = _text(path, kind), relative(path)
    walk = _Walk()
    value = walk.value(_compose(file, text, kind), ())
    return Source(file, value, walk.lines, tuple(walk.findings))

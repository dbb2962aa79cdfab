"""The shipped project with hostile texts in every text field, each to be found again whole."""

from __future__ import annotations

import csv
import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|'/c calc'!A1",
    '#typst[x] #panic("a") $x$ *đậm* _nghiêng_ **rất đậm** @ref // c',
    "{{ 7*7 }} {% raw %} {# c #} {year} {0} %s ${x}",
    "Nguyễn" * 50,
    "Huỳnh Thị " * 12,
    "\u202eđảo\u202c \u200fngược\u200e",
    unicodedata.normalize("NFD", "Hòa Bình Tường Vệ Nghĩa"),
    "&amp; &lt;b&gt; &#60; \\ \\u{41} \\n ' “ ” ` ~",
    "a\u200bb\u2060c\ufeffd\u00ade",
    "[x](javascript:alert(1)) ![i](http://e.vn/i.png) `mã` <http://e.vn> http://e.vn/?a=1&b=2",
    "dòng một\ndòng hai\tcột",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+84 900 - 1",
    "-2+3",
    "| ô | ô |",
    "# đề mục",
    "1. mục",
    "\U0001f600 ✓ ﬁ №",
    "\x07chuông\x1b[31m\x9f",
)
"""Texts that some language behind a document would take for more than text."""

PLAIN_KEYS = frozenset({"code", "status", "type", "of", "column", "eligible", "district", "area"})
"""Keys of the YAML files whose values are no free text but name something else."""

FREE_KEYS = frozenset(
    {
        *("name", "short", "note", "source", "source_note", "title", "document", "article"),
        *("text", "purpose", "lead", "unit", "kind", "parent", "issuer", "symbol", "number"),
        *("place", "authority", "position", "producer", "licence", "label"),
        *("bases", "recipients", "partners", "items", "tasks", "sources", "types"),
    }
)
"""Keys whose values, or all values below them, are sentences and names of the planner's own."""

FIXED = frozenset({"NSTW", "NSĐP", "ĐTPT", "SN", "tỉnh", "thành phố"})
"""Words that name something known under keys that elsewhere hold free text."""

EXPLAINED = "Kỳ Sơn"
"""The district that an analysis names as its example."""

CSV_COLUMNS = frozenset({"source", "document"})
"""Columns of the tables that hold free text."""


@dataclass
class Planted:
    """What was planted: each text with its number, by which it is found again."""

    texts: dict[int, str] = field(default_factory=dict)
    """The payload of each number."""
    names: dict[str, str] = field(default_factory=dict)
    """The new name of each area and agency, by its old one."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def plant(self, text: str) -> str:
        """Return the text with a payload in front or behind, and the payload's number beside it."""
        number = next(self._numbers)
        payload = PAYLOADS[number % len(PAYLOADS)]
        self.texts[number] = payload
        if number // len(PAYLOADS) % 2:
            return f"{text} q{number}z{payload}z{number}q"
        return f"{payload}z{number}q {text}"


def _reload(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8-sig"))


def _save(path: Path, content: Any) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10**6)
    path.write_text(text, encoding="utf-8")


def _spoilt(value: Any, planted: Planted, key: str = "", *, free: bool = False) -> Any:
    """Return YAML values with every free text in them replaced."""
    if isinstance(value, dict):
        return {
            name: _spoilt(inner, planted, str(name), free=name in FREE_KEYS or key in FREE_KEYS)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_spoilt(item, planted, key, free=free) for item in value]
    if not isinstance(value, str):
        return value
    if value in planted.names:
        return planted.names[value]
    spoilt = (free or key in FREE_KEYS) and key not in PLAIN_KEYS and value not in FIXED
    return planted.plant(value) if spoilt and value else value


def _spoil_rows(path: Path, planted: Planted) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    head = rows[0]
    for row in rows[1:]:
        for at, cell in enumerate(row):
            if cell in planted.names:
                row[at] = planted.names[cell]
            elif at < len(head) and head[at] in CSV_COLUMNS and cell not in {"", *FIXED}:
                row[at] = planted.plant(cell)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def spoil(root: Path, plan: str = "params/nghe-an-2024.yaml") -> Planted:
    """Put hostile texts into every text field of a project's plan, rules, standards and data."""
    planted = Planted()
    data = root / "data" / "nghe-an-2024"
    for name in _column(data / "districts.csv", "name"):
        if name == EXPLAINED:
            continue
        planted.names[name] = planted.plant(name)
    taken = {*planted.names, EXPLAINED}
    for name in dict.fromkeys(_column(data / "communes.csv", "name")):
        if name not in taken:
            planted.names[name] = planted.plant(name)
    rules = sorted((root / "params" / "rules").glob("*.yaml"))
    for agency in _reload(root / "params" / "rules" / "nghe-an-2024.yaml")["agencies"]:
        planted.names[agency["name"]] = planted.plant(agency["name"])
    chosen = _reload(root / plan)
    chosen["briefs"] = {"languages": ["vi"], "communes": True}
    _save(root / plan, chosen)
    for path in (root / plan, *rules, *sorted((root / "params" / "standards").glob("*.yaml"))):
        _save(path, _spoilt(_reload(path), planted))
    for path in sorted(data.rglob("*.meta.yml")):
        _save(path, _spoilt(_reload(path), planted))
    for path in sorted(data.rglob("*.csv")):
        _spoil_rows(path, planted)
    return planted

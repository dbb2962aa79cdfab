"""Compare newly published tables with the last ones, value by value. Any CSV, any key."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

__all__ = ["Change", "compare", "summary", "write"]

TABLES = "tables"
SHOWN = 10
SHOWN_OF_ONE_TABLE = 3
LONG, AROUND = 60, 20

_WHOLE = re.compile(r"-?[1-9]\d{4,}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DIGEST = re.compile(r"[0-9a-f]{64}")
"""A file's digest says nothing to a reader: the full list has it, the summary leaves it out."""


@dataclass(frozen=True)
class Change:
    """One value that is not what it was; a row that came or went has no column."""

    table: str
    row: str
    column: str
    before: str
    after: str

    @property
    def size(self) -> Decimal:
        """How telling the change is: the share by which a number moved; 0 for anything else."""
        if not (_NUMBER.fullmatch(self.before) and _NUMBER.fullmatch(self.after)):
            return Decimal(0)
        old, new = Decimal(self.before), Decimal(self.after)
        return abs(new - old) / max(abs(old), abs(new), Decimal(1))

    def __str__(self) -> str:
        """Return the change as one line for a planner."""
        where = f"bảng {self.table}, {self.row}"
        if not self.column:
            return f"{where}: {self.after or self.before}"
        before, after = _cut(self.before, self.after)
        return f"{where}, {self.column}: {_worded(before)} → {_worded(after)}"


def _cut(before: str, after: str) -> tuple[str, str]:
    """Return two long texts as the places where they differ, with a few letters around."""
    if max(len(before), len(after)) <= LONG:
        return before, after
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    return _window(before, start, len(before) - end), _window(after, start, len(after) - end)


def _alike(one: str, other: str) -> int:
    """Return how many letters two texts share from their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _window(text: str, start: int, end: int) -> str:
    """Return the part of a text, some letters around it, and dots where it goes on."""
    first, last = max(start - AROUND, 0), min(end + AROUND, len(text))
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def _worded(value: str) -> str:
    """Return a value as a planner writes it: 79.240.000.000; short or coded ones as they are."""
    if _WHOLE.fullmatch(value):
        return f"{int(value):,}".replace(",", ".")
    if "." in value and _NUMBER.fullmatch(value):
        whole, part = value.split(".")
        return f"{int(whole):,}".replace(",", ".") + "," + part
    return value or "(trống)"


def _key(table: Path) -> list[str]:
    """Return the columns that tell the rows apart, from the table's sidecar."""
    import yaml

    sidecar = table.with_suffix(".meta.yml")
    if not sidecar.is_file():
        return []
    content = yaml.safe_load(sidecar.read_text(encoding="utf-8"))
    key = content.get("key") if isinstance(content, dict) else None
    return [str(column) for column in key] if isinstance(key, list) else []


def _rows(table: Path, key: Sequence[str]) -> dict[str, dict[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        by_number = not key or not set(key) <= set(reader.fieldnames or ())
        rows: dict[str, dict[str, str]] = {}
        for number, row in enumerate(reader, start=1):
            values = {name: value or "" for name, value in row.items() if isinstance(name, str)}
            name = f"hàng {number}" if by_number else " · ".join(values[part] for part in key)
            rows[name if name not in rows else f"{name} (hàng {number})"] = values
        return rows


def _compare_table(name: str, before: Path, after: Path) -> list[Change]:
    key = _key(after)
    old, new = _rows(before, key), _rows(after, key)
    changes = [
        Change(name, row, column, old[row].get(column, ""), value)
        for row, values in new.items()
        if row in old
        for column, value in values.items()
        if old[row].get(column, "") != value
    ]
    changes += [Change(name, row, "", "", "hàng mới") for row in new if row not in old]
    return changes + [Change(name, row, "", "hàng không còn", "") for row in old if row not in new]


def compare(before: Path, after: Path) -> tuple[Change, ...]:
    """Return every value that differs between the tables of two report folders."""
    found: list[Change] = []
    for table in sorted((after / TABLES).glob("*.csv")):
        earlier = before / TABLES / table.name
        if earlier.is_file() and earlier.read_bytes() != table.read_bytes():
            found += _compare_table(table.stem, earlier, table)
    return tuple(found)


def summary(changes: Sequence[Change]) -> list[str]:
    """Return the most telling changes as lines: a few of each table, its largest moves.

    Tables with the fewest changes come first: what a planner decided and the totals stand there,
    while a table of small shares changes in a thousand places by rounding.
    """
    by_table: dict[str, list[Change]] = defaultdict(list)
    readable = [change for change in changes if not _DIGEST.fullmatch(change.after)]
    for change in sorted(readable, key=lambda change: change.size, reverse=True):
        by_table[change.table].append(change)
    tables = sorted(by_table.values(), key=len)
    chosen = [change for some in tables for change in some[:SHOWN_OF_ONE_TABLE]][:SHOWN]
    lines = [str(change) for change in chosen]
    if len(changes) > len(chosen):
        lines.append(f"… và {len(changes) - len(chosen)} thay đổi khác")
    return lines


def write(path: Path, changes: Sequence[Change]) -> None:
    """Write the whole list for Excel."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Bảng", "Hàng", "Cột", "Trước", "Sau"])
        for change in changes:
            writer.writerow([change.table, change.row, change.column, change.before, change.after])

"""What this process has read of files that others make: readers note it, a runner asks for it.

A reader of a table notes as little as it used: the rows with some values in some columns, and of
these the columns that it looked at. So a run that used one district's rows can be told apart from
one that used the whole table. Standard library only; texts are compared as the file has them.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Parts", "Read", "digests", "forget", "note", "noted", "silent", "unnoted"]


@dataclass(frozen=True, order=True)
class Read:
    """A part of a file: all of it, or the rows and columns of a CSV table that were used."""

    path: str
    columns: tuple[str, ...] = ()
    """The columns that were used; empty for all of them."""
    where: tuple[tuple[str, str], ...] = ()
    """Columns and the values by which the rows were chosen; empty for all rows."""


_noted: dict[Read, None] = {}
_silent = 0


def note(path: Path, columns: Iterable[str] = (), where: Mapping[str, str] | None = None) -> None:
    """Note that a part of a file was used (its columns and chosen rows; all of it without)."""
    if not _silent:
        chosen = tuple(sorted((where or {}).items()))
        _noted[Read(str(path), tuple(sorted(set(columns))), chosen)] = None


def noted() -> tuple[Read, ...]:
    """Return what was noted, each once, a part left out where the whole file was used as well."""
    whole = {read.path for read in _noted if not read.columns and not read.where}
    return tuple(
        sorted(
            read for read in _noted if read.path not in whole or not (read.columns or read.where)
        )
    )


def forget() -> None:
    """Start anew."""
    _noted.clear()


@contextmanager
def unnoted() -> Iterator[None]:
    """Let what is read inside pass without a note: it decides no result."""
    global _silent
    _silent += 1
    try:
        yield
    finally:
        _silent -= 1


def silent() -> bool:
    """Tell whether what is read now passes without a note."""
    return bool(_silent)


class _Table:
    """A CSV table as text, its rows found by what stands in a column."""

    def __init__(self, content: bytes) -> None:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        self._names = tuple(next(rows, ()))
        width = len(self._names)
        self._rows = [row if len(row) >= width else row + [""] * (width - len(row)) for row in rows]
        self._places = {name: place for place, name in enumerate(self._names)}
        self._found: dict[str, dict[str, list[list[str]]]] = {}

    def _with(self, column: str, value: str) -> list[list[str]]:
        if column not in self._found:
            by_value = self._found.setdefault(column, {})
            for row in self._rows:
                by_value.setdefault(row[self._places[column]], []).append(row)
        return self._found[column].get(value, [])

    def _chosen(self, where: Sequence[tuple[str, str]]) -> list[list[str]]:
        if not where:
            return self._rows
        (column, value), *others = where
        rows = self._with(column, value)
        for name, wanted in others:
            rows = [row for row in rows if row[self._places[name]] == wanted]
        return rows

    def part(self, read: Read) -> Iterator[Sequence[str | None]]:
        """Yield what was used: the columns' names, then of each chosen row what stands in them.

        A column that is not there has no name; where rows are chosen by it there are none.
        """
        columns = read.columns or self._names
        tested = [column for column, _ in read.where]
        names = [name if name in self._places else None for name in (*columns, *tested)]
        yield names
        if None not in names[len(columns) :]:
            places = [self._places.get(name) for name in columns]
            for row in self._chosen(read.where):
                yield ["" if place is None else row[place] for place in places]


class Parts:
    """The content of a file, and the digests of its parts; a table is taken apart only once."""

    def __init__(self, content: bytes) -> None:
        """Keep the content."""
        self._content = content
        self._whole = hashlib.sha256(content).hexdigest()
        self._table: _Table | None = None
        self._known: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], str] = {}

    def digest(self, read: Read) -> str:
        """Return the SHA-256 of a part of the file."""
        if not (read.columns or read.where):
            return self._whole
        part = (read.columns, read.where)
        if part not in self._known:
            self._table = self._table or _Table(self._content)
            found = hashlib.sha256()
            for texts in self._table.part(read):
                found.update(repr(tuple(texts)).encode())
            self._known[part] = found.hexdigest()
        return self._known[part]


def digests(content: bytes, reads: Sequence[Read]) -> list[str]:
    """Return the SHA-256 of each part of a file with this content, in the order given."""
    parts = Parts(content)
    return [parts.digest(read) for read in reads]

"""One sheet of a returned workbook: its cells, what is merged, and what a message calls them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from helpers.text import nfc

__all__ = ["Box", "Doubts", "Sheet", "letter", "tidy"]

Box = tuple[int, int, int, int]
"""Merged cells: first row and column, last row and column, from 0."""

# A cell with its attributes, its formula and its value, in whatever namespace.
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*(<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@lru_cache(maxsize=512)
def letter(column: int) -> str:
    """Return what Excel calls a column, given from 0 (0 → "A", 26 → "AA")."""
    letters = ""
    place = column + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


tidy = lru_cache(maxsize=8192)(nfc)
"""The text in form NFC with single spaces; the same few texts come in every workbook."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet's values by row and column from 0; under a merged cell they are blank."""

    file: str
    name: str
    cells: Sequence[Sequence[Any]]
    merges: tuple[Box, ...]

    @cached_property
    def height(self) -> int:
        """Return the number of rows."""
        return len(self.cells)

    @cached_property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.cells[0]) if self.cells else 0

    def text(self, row: int, column: int) -> str:
        """Return a cell as tidy text; a whole number without its fraction."""
        cell = self.cells[row][column]
        if isinstance(cell, str):
            return tidy(cell) if cell else ""
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return str(cell)

    def where(self, row: int | None = None, column: int | None = None) -> str:
        """Return where the sheet, a row or a cell of it stands, as a message begins."""
        place = f"{self.file}, trang tính {self.name}"
        if row is None:
            return place
        if column is None:
            return f"{place}, dòng {row + 1}"
        return f"{place}, ô {letter(column)}{row + 1}"


class Doubts:
    """What the fast reader leaves open about empty cells of one workbook; looked up on demand.

    It gives a formula without a value, and a cell in error, as empty.
    """

    def __init__(self, path: Path) -> None:
        """Keep the workbook; nothing is read yet."""
        self._path = path
        self._known: dict[str, dict[tuple[int, int], str]] = {}

    def of(self, sheet: str) -> dict[tuple[int, int], str]:
        """Return a sheet's cells that only look empty, and their error words.

        The word is blank where a formula has no value.
        """
        if sheet not in self._known:
            with ZipFile(self._path) as parts:
                self._known[sheet] = _doubtful(parts.read(self._parts[sheet]))
        return self._known[sheet]

    @cached_property
    def _parts(self) -> dict[str, str]:
        """Return the part of the file that holds each sheet."""
        with ZipFile(self._path) as parts:
            book = ElementTree.fromstring(parts.read(_BOOK))
            links = ElementTree.fromstring(parts.read(_LINKS))
        targets = {link.get("Id"): str(link.get("Target")) for link in links}
        found = {}
        for sheet in book.iter():
            if sheet.tag.endswith("}sheet"):
                link = next(value for key, value in sheet.items() if key.endswith("}id"))
                target = targets[link]
                inside = target.startswith("/")
                found[str(sheet.get("name"))] = target[1:] if inside else f"xl/{target}"
        return found


def _doubtful(text: bytes) -> dict[tuple[int, int], str]:
    """Return the cells in error, and those whose formula was never computed, of a sheet's part."""
    found = {}
    for attributes, formula, value in _CELL.findall(text):
        error = b't="e"' in attributes
        # Of type "str" is a formula that was computed, to a text without letters.
        uncomputed = formula and not value.strip() and b't="str"' not in attributes
        place = _REFERENCE.search(attributes)
        if place and (error or uncomputed):
            column = 0
            for one in place[1]:
                column = column * 26 + one - 64
            found[int(place[2]) - 1, column - 1] = value.decode() if error else ""
    return found

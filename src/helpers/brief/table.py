"""The one table model: a tree of headers, typed cells, levels of rows, unit, notes and source."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

from helpers import words
from helpers.brief.blocks import Block, check_marks, known
from helpers.language import SOURCE, language
from helpers.marks import Mark

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cell", "Column", "HeaderCell", "Kind", "Level", "Row", "Table", "Value"]

Kind = Literal[
    "text",
    "money",
    "money_tenths",
    "change",
    "change_tenths",
    "count",
    "rate",
    "points",
    "range",
    "number",
    "date",
]
Level = Literal["normal", "group", "total", "detail"]
Value = int | Fraction | Decimal | str | date | None
Cell = Value | tuple[Value, Value]

NOTHING = "–"


def _day(value: Any) -> str:
    if not isinstance(value, date):
        return str(value)
    return value.strftime("%d/%m/%Y") if language() == SOURCE else words.day_words(value)


def _plain_number(value: Any) -> str:
    return words.decimal(value, 6, least=0)


def _signed(value: Any, digits: int, least: int | None = None) -> str:
    """Return a difference in triệu with its sign."""
    said = words.decimal(value, digits, least=least, unit=words.MILLION)
    return said if value <= 0 else f"+{said}"


_WORDING: Mapping[str, Callable[[Any], str]] = {
    "text": lambda value: _day(value) if isinstance(value, int | date) else _plain_number(value),
    "money": words.million,
    "money_tenths": lambda value: words.decimal(value, 1, unit=words.MILLION),
    "change": lambda value: _signed(value, 6, least=0),
    "change_tenths": lambda value: _signed(value, 1),
    "count": words.decimal,
    "rate": lambda value: words.decimal(value, 2),
    "points": lambda value: words.decimal(value, 2),
    "range": lambda value: words.decimal(value, 2, least=0),
    "number": _plain_number,
    "date": _day,
}


def cell_text(value: Cell, kind: str) -> str:
    """Return how a cell reads: nothing is "–", a pair is a range, text stays as it is.

    A range whose ends read alike is that one number.
    """
    if value is None:
        return NOTHING
    if isinstance(value, tuple):
        return "–".join(dict.fromkeys(cell_text(end, kind) for end in value))
    return value if isinstance(value, str) else _WORDING[kind](value)


def _cell_to_json(value: Cell) -> Any:
    """Write a cell so that it comes back exactly, without binary fractions."""
    if isinstance(value, tuple):
        return {"range": [_cell_to_json(end) for end in value]}
    if isinstance(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _cell_from_json(value: Any) -> Cell:
    if not isinstance(value, dict):
        return _cell(value)
    ((kind, content),) = value.items()
    if kind == "range":
        low, high = content
        return _end(_cell_from_json(low)), _end(_cell_from_json(high))
    readers: dict[str, Callable[[str], Value]] = {
        "fraction": Fraction,
        "decimal": Decimal,
        "date": date.fromisoformat,
    }
    return readers[kind](content)


def _end(value: Cell) -> Value:
    if isinstance(value, tuple):
        raise TypeError("Khoảng giá trị chỉ gồm hai số: (thấp, cao).")
    return value


_EXACT = frozenset({int, str, Fraction, type(None)})
"""Kinds of values that are as they should be; nearly every cell of a table is of one of them."""


def _cell(value: Any) -> Cell:
    """Bring what a planner or pandas hands over to one exact kind of value."""
    if type(value) in _EXACT:
        exact: Cell = value
        return exact
    if isinstance(value, tuple | list):
        low, high = value
        return _end(_cell(low)), _end(_cell(high))
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    elif not isinstance(value, int | Fraction | Decimal | str) and hasattr(value, "item"):
        value = value.item()
    if value is None or value != value or type(value).__name__ == "NAType":
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else Decimal(repr(value))
    if isinstance(value, int | Fraction | Decimal | str):
        return value
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    return str(value)


@dataclass(frozen=True)
class Column:
    """One column: its key, its label, how its values are worded, what stands above its label.

    `group` names the headers above the label from the top down; neighbours with equal names there
    are merged. `kind` is one of `Kind`. `width` is a relative weight; without it the contents
    decide. `digits` gives a "number" so many decimals, so that its commas stand in one line;
    `whole` keeps texts on one line, as numbers always are.
    """

    key: str
    label: str
    kind: str = "text"
    group: tuple[str, ...] = ()
    width: float | None = None
    digits: int | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        """Refuse a kind that nothing knows how to word."""
        known(self.kind, get_args(Kind), f"cột {self.key}")
        object.__setattr__(self, "group", tuple(self.group))

    def text(self, value: Cell) -> str:
        """Return how a cell of this column reads."""
        if self.digits is not None and isinstance(value, int | Fraction | Decimal):
            return words.decimal(value, self.digits)
        return cell_text(value, self.kind)

    @property
    def numeric(self) -> bool:
        """Say whether the values stand right aligned with digits of one width."""
        return self.kind not in ("text", "date")


@dataclass(frozen=True)
class Row:
    """One row of raw values, in the order of the columns."""

    cells: tuple[Cell, ...]
    level: Level = "normal"

    def __post_init__(self) -> None:
        """Bring the values to exact kinds and refuse an unknown level."""
        known(self.level, get_args(Level), "cấp của dòng")
        object.__setattr__(self, "cells", tuple(_cell(value) for value in self.cells))


@dataclass(frozen=True)
class HeaderCell:
    """One cell of the table's head, with the rows and columns that it spans."""

    text: str
    column: int
    columns: int
    rows: int


@dataclass(frozen=True)
class Table(Block):
    """A table as a document carries it; every writer reads this one model.

    A `landscape` table takes pages of its own; a `dense` one is set small and rather kept whole.
    In a row of level "group" the first cell runs on over the empty cells that follow it.
    """

    type_name = "table"

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str = ""
    note: str = ""
    source: str = ""
    marks: tuple[Mark, ...] = ()
    landscape: bool = False
    dense: bool = False

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the columns, and marks that no writer knows."""
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "rows", tuple(self.rows))
        object.__setattr__(self, "marks", check_marks(self.marks))
        if not self.columns:
            raise ValueError(f"Bảng “{self.title}” không có cột nào.")
        for number, row in enumerate(self.rows, start=1):
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"Bảng “{self.title}”, dòng {number}: có {len(row.cells)} ô "
                    f"nhưng bảng có {len(self.columns)} cột."
                )

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        columns: Sequence[Column],
        title: str,
        *,
        level_column: str | None = None,
        **rest: Any,
    ) -> Table:
        """Return the table of these columns of a frame, row by row in its order.

        `level_column` names the frame's column that holds each row's level. The frame stays as it
        is; missing values become None.
        """
        wanted = [column.key for column in columns]
        missing = [key for key in wanted if key not in frame.columns]
        if missing:
            raise KeyError(f"Bảng “{title}”: khung dữ liệu không có cột {', '.join(missing)}.")
        cells = zip(*(frame[key].tolist() for key in wanted), strict=True)
        levels = frame[level_column].tolist() if level_column else ["normal"] * len(frame)
        rows = tuple(Row(tuple(row), level) for row, level in zip(cells, levels, strict=True))
        return cls(title, tuple(columns), rows, **rest)

    def header_rows(self) -> tuple[tuple[HeaderCell, ...], ...]:
        """Return the head row by row, equal neighbours merged and short branches stretched down."""
        paths = [(*column.group, column.label) for column in self.columns]
        depth = max(map(len, paths))
        grid: list[tuple[HeaderCell, ...]] = []
        for level in range(depth):
            cells: list[HeaderCell] = []
            for index, path in enumerate(paths):
                if level >= len(path):
                    continue
                label = level == len(path) - 1
                before = paths[index - 1] if index else ()
                same = level < len(before) - 1 and before[: level + 1] == path[: level + 1]
                if same and not label:
                    cells[-1] = replace(cells[-1], columns=cells[-1].columns + 1)
                else:
                    rows = depth - level if label else 1
                    cells.append(HeaderCell(path[level], index, 1, rows))
            grid.append(tuple(cells))
        return tuple(grid)

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Return every body cell as it reads."""
        return tuple(
            tuple(column.text(value) for column, value in zip(self.columns, row.cells, strict=True))
            for row in self.rows
        )

    def to_json(self) -> dict[str, Any]:
        """Return the table as plain JSON values, each number exact."""
        rows = [
            {"cells": [_cell_to_json(value) for value in row.cells], "level": row.level}
            for row in self.rows
        ]
        return {**replace(self, rows=()).fields_to_json(), "rows": rows}

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Table:
        """Return the table that `to_json` wrote."""
        columns = tuple(
            Column(**{**column, "group": tuple(column["group"])}) for column in fields["columns"]
        )
        rows = tuple(
            Row(tuple(_cell_from_json(value) for value in row["cells"]), row["level"])
            for row in fields["rows"]
        )
        return cls(**{**fields, "columns": columns, "rows": rows, "marks": tuple(fields["marks"])})

"""A table's exact values as a CSV file that a page carries within itself."""

from __future__ import annotations

import base64
import csv
import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from helpers import words
from helpers.brief.markdown import clean
from helpers.brief.table import Cell, Column, Table

__all__ = ["csv_address", "csv_text"]

MONEY = frozenset({"money", "money_tenths", "change", "change_tenths"})
"""Kinds whose đồng are printed as triệu, unless a column has digits of its own."""

DIGITS = 6
"""Decimals of a rate that does not end; enough to sort by, and to compute with."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula."""

BOM = "\ufeff"
"""Without it Excel reads Vietnamese letters as something else."""


def csv_text(table: Table) -> str:
    """Return the table as CSV, as the published ones are: commas, and a mark of UTF-8 in front.

    Values stand in the unit that the table prints (triệu where it says so), exact, with "." before
    the decimals and nothing between thousands; a range is "1–1.5", nothing is empty, a date is
    2024-12-31. Texts that a spreadsheet would take for a formula get an apostrophe in front.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_safe(_head(column)) for column in table.columns)
    for row in table.rows:
        writer.writerow(map(_value, row.cells, table.columns))
    return BOM + written.getvalue()


def csv_address(table: Table) -> str:
    """Return the address of the table's CSV file: the file itself."""
    content = base64.b64encode(csv_text(table).encode()).decode("ascii")
    return f"data:text/csv;charset=utf-8;base64,{content}"


def _head(column: Column) -> str:
    """Return what stands above a column, from the top down."""
    names = (clean(name) for name in (*column.group, column.label))
    return " – ".join(name for name, _ in groupby(names) if name)


def _value(value: Cell, column: Column) -> str:
    if isinstance(value, tuple):
        return "–".join(dict.fromkeys(_value(end, column) for end in value))
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _safe("\n".join(map(clean, value.split("\n"))))
    if column.kind in MONEY and column.digits is None:
        value = Fraction(value) / words.MILLION
    return _digits(value)


def _digits(value: int | Fraction | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        value = round(value, DIGITS)
        value = Decimal(value.numerator) / Decimal(value.denominator)
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text

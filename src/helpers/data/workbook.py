"""The same tables as one Excel workbook, for planners who would rather keep them there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from helpers.data.dataset import DataSet
from helpers.data.frames import extra_columns
from helpers.data.reading import read_data
from helpers.data.schemas import TABLES
from helpers.data.sidecar import write_yaml

__all__ = ["write_workbook"]


def write_workbook(data: DataSet | Path, path: Path) -> Path:
    """Write the tables as sheets of one workbook, and `<workbook>.meta.yml` beside it.

    Sheets have the tables' names, columns their Vietnamese labels (with the unit in brackets);
    an optional table without rows is a sheet to fill in. `read_data(path)` gives equal frames.
    Returns the path.

    Raises:
        InputRefused: `data` is a folder or workbook that cannot be read.
    """
    if isinstance(data, Path):
        data = read_data(data)
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in TABLES:
        _fill(book.create_sheet(table), table, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    book.save(beside)
    beside.replace(path)
    tables = {
        table: sidecar.model_dump(exclude_defaults=True) for table, sidecar in data.sidecars.items()
    }
    write_yaml(path.with_name(f"{path.stem}.meta.yml"), {"tables": tables})
    return path


def _fill(sheet: Worksheet, table: str, data: DataSet) -> None:
    columns = {**TABLES[table].columns, **extra_columns(table, data.sidecars.get(table))}
    columns.pop("district_code", None)
    frame = data.frames[table]
    for place, (name, column) in enumerate(columns.items(), start=1):
        reads, unit = column.reads, column.unit
        cell = sheet.cell(1, place, f"{column.title} ({unit})" if unit else column.title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        values = [_plain(value) for value in frame[name]]
        for number, value in enumerate(values, start=2):
            sheet.cell(number, place, value).number_format = _FORMATS.get(reads, "General")
        widest = max((len(str(value)) for value in values), default=0)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = min(60, max(12, widest + 2))
    sheet.freeze_panes = "A2"


_FORMATS = {"money": "#,##0", "date": "dd/mm/yyyy"}
"""How Excel shows the cells that are read in these ways."""


def _plain(value: Any) -> str | int | float | date | None:
    """Return the value as Excel stores it: a code stays text, a decimal becomes its number."""
    if isinstance(value, str | date):
        return value or None
    whole = int(value)
    if whole == value:
        return whole
    return float(value) if isinstance(value, Decimal) else value

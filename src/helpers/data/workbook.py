"""The same tables as one Excel workbook, for planners who would rather keep them there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from helpers.data.reading import DataSet, read_data
from helpers.data.schemas import TABLES, label, raw_columns
from helpers.data.sidecar import write_yaml

__all__ = ["write_workbook"]


def write_workbook(data: DataSet | Path, path: Path) -> Path:
    """Write the tables as sheets of one workbook, and `<workbook>.meta.yml` beside it.

    Sheets have the tables' names, columns their Vietnamese labels (with the unit in brackets);
    `read_data(path)` gives equal frames. Returns the path.

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
    columns = raw_columns(table)
    frame = data.frames[table]
    for place, column in enumerate(columns, start=1):
        unit = TABLES[table].columns[column].metadata["unit"]
        header = label(table, column) + (f" ({unit})" if unit else "")
        cell = sheet.cell(1, place, header)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        values = [_plain(value) for value in frame[column]]
        for number, value in enumerate(values, start=2):
            sheet.cell(number, place, value)
        widest = max((len(str(value)) for value in values), default=0)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = min(60, max(12, widest + 2))
    sheet.freeze_panes = "A2"


def _plain(value: Any) -> str | int | float:
    """Return the value as Excel stores it: a code stays text, a decimal becomes its number."""
    if isinstance(value, str):
        return value
    whole = int(value)
    if whole == value:
        return whole
    return float(value) if isinstance(value, Decimal) else value

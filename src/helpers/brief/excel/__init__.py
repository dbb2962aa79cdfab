"""A document's tables as an Excel workbook: real numbers, to check and to reckon with."""

from __future__ import annotations

from helpers.brief.excel.writer import write_excel

__all__ = ["write_excel"]

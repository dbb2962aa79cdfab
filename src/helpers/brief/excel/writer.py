"""Write the tables of a document as one workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime

from xlsxwriter.workbook import Workbook

from helpers.brief.document import Document, tables_of, tree
from helpers.brief.excel.formats import FONT, Styles
from helpers.brief.excel.front import entries, lay_contents, lay_cover, lay_notes
from helpers.brief.excel.sheet import lay_table
from helpers.brief.markdown import Node
from helpers.language import LANGUAGES, say, speaking

__all__ = ["sheet_names", "write_excel"]

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

UNDATED = datetime(1980, 1, 1)
"""When a document without a date was made, so that the same input gives the same bytes."""

LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_excel(document: Document) -> bytes:
    """Return the document's tables as one Excel workbook.

    A cover, the contents and the notes come first, then each table on a sheet of its own. Numbers
    are numbers (đồng as triệu), sums are formulas that carry their value, and no text of the data
    can become a formula.
    """
    told = tree(document)
    with speaking(told["language"] if told["language"] in LANGUAGES else "vi"):
        return _book(told, document)


def _book(told: Node, document: Document) -> bytes:
    pairs = tables_of(document)
    cover, contents, notes = fronts = (
        say("Bìa"),
        told["labels"]["contents"],
        say("Ghi chú, nguồn"),
    )
    names = sheet_names((*fronts, *(node["label"].rstrip(".") for node, _ in pairs)))
    held = io.BytesIO()
    # A copy, since XlsxWriter adds to what it is given: the next workbook would come out otherwise.
    with Workbook(held, {**OPTIONS, "default_format_properties": dict(FONT)}) as book:
        book.set_properties(_properties(told))
        styles = Styles(book)
        found = entries(told, names[len(fronts) :])
        lay_cover(book.add_worksheet(cover), styles, told, [contents, notes])
        lay_contents(book.add_worksheet(contents), styles, told, found, contents)
        lay_notes(book.add_worksheet(notes), styles, told, found, notes)
        for (node, table), entry in zip(pairs, found, strict=True):
            sheet = book.add_worksheet(entry.sheet)
            lay_table(sheet, styles, node, table, title=told["title"], contents=contents)
    return held.getvalue()


def _properties(told: Node) -> dict[str, object]:
    day = told["head"]["iso"] if told["head"] else None
    return {
        "title": told["title"],
        "subject": told["description"],
        "author": told["author"],
        "company": told["author"],
        "created": datetime(*day) if day else UNDATED,
    }


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return names that Excel takes for sheets: short, without its own signs, each once."""
    found: list[str] = []
    taken: set[str] = set()
    for text in wanted:
        name = _FORBIDDEN.sub(" ", text).strip(" '")[:LONGEST_NAME].strip(" '") or "Bảng"
        base, number = name, 2
        while name.casefold() in taken:
            end = f" ({number})"
            name, number = base[: LONGEST_NAME - len(end)] + end, number + 1
        taken.add(name.casefold())
        found.append(name)
    return found

"""What the tests of Word files share: samples, and how a file is taken apart."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import docx
from brief_samples import SAMPLE, grouped_table, long_table, table
from docx.table import Table as WordTable
from docx.table import _Cell
from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

BRIEF = SAMPLE[1:]
"""The sample as its notebook gives it, whose own title is not shown."""

ANNEXES = (
    *BRIEF,
    "## Phụ lục I. Vốn theo dự án",
    table(landscape=True),
    long_table(60),
    "## Phụ lục II. Phiếu tính",
    grouped_table(),
)


def package(content: bytes) -> zipfile.ZipFile:
    """Return the file opened as the package that it is."""
    return zipfile.ZipFile(BytesIO(content))


def part(content: bytes, name: str = "word/document.xml") -> etree._Element:
    """Return a part of the file as XML."""
    return etree.fromstring(package(content).read(name))


def found(root: etree._Element, path: str) -> list[Any]:
    """Return what an XPath finds."""
    given = root.xpath(path, namespaces={"w": W, "r": R})
    assert isinstance(given, list)
    return given


def attribute(element: Any, name: str) -> str:
    """Return an attribute of Word's own."""
    return str(element.get(f"{{{W}}}{name}"))


def texts(content: bytes) -> list[str]:
    """Return the texts of all paragraphs, with the names of their styles before a bar."""
    told = docx.Document(BytesIO(content))
    return [f"{p.style.name}|{p.text}" for p in told.paragraphs if p.style]


def rows(told: WordTable) -> list[list[str]]:
    """Return the texts of a table's own cells, row by row, merged ones once."""
    return [[_Cell(cell, told).text for cell in row._tr.tc_lst] for row in told.rows]

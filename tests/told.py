"""What a document's tree tells, and how each of the four forms gives it back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from docx import Document as WordFile
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from helpers.brief.markdown import Node, plain
from helpers.brief.pdf import drawable

Grid = list[list[str]]

NUMBER = re.compile(r"\d[\d.,/]*\d|\d")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
REPEATED = f"{qn('w:trPr')}/{qn('w:tblHeader')}"
UNSHOWN = {"script", "style", "title"}


def spaced(text: str) -> str:
    """Return the text in NFC with its white space, the unbreakable too, made one space.

    Signs without width, by which a writer may hold a word together, are left out.
    """
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if c not in "\u2060\u200b\ufeff")
    return " ".join(shown.replace("\u2011", "-").split())


def squeezed(text: str) -> str:
    """Return the text without any white space, since line ends part words and cells at will."""
    return spaced(text).replace(" ", "")


def drawn(text: str) -> str:
    """Return the text as a PDF can show it, without white space."""
    return squeezed(drawable(spaced(text)))


def numbers(text: str) -> list[str]:
    """Return the numbers of a text in their order."""
    return NUMBER.findall(spaced(text))


def parts(tree: Node) -> Iterator[Node]:
    """Yield the nodes of the text and then of the annexes."""
    yield from tree["body"]
    for annex in tree["annexes"]:
        yield from annex


def tables(tree: Node) -> list[Node]:
    """Return the tables of a document, those written in Markdown too."""
    return [node for node in parts(tree) if node["type"] in ("table", "simple_table")]


def body(table: Node) -> Grid:
    """Return the cells of a table's rows; those over which a first cell runs on are left out."""
    return [
        [spaced(text) for at, text in enumerate(row["cells"]) if not 0 < at < row["span"]]
        for row in table["rows"]
    ]


def head(table: Node) -> Grid:
    """Return the cells of a table's head, row by row."""
    return [[spaced(cell["text"]) for cell in row] for row in table["header"]]


def prose(tree: Node) -> list[str]:
    """Return the paragraphs, headings and items of lists in their order."""
    return [spaced(text) for node in parts(tree) for text in _prose(node) if spaced(text)]


def _prose(node: Node) -> Iterator[str]:
    kind = node["type"]
    if kind in ("heading", "paragraph"):
        yield plain(node["spans"])
    elif kind == "list":
        for item in node["items"]:
            for inner in item:
                yield from _prose(inner)
    elif kind == "quote":
        for inner in node["nodes"]:
            yield from _prose(inner)
    elif kind == "code":
        yield from node["lines"]
    elif kind == "annex":
        yield node["label"]


def texts(tree: Node) -> list[str]:
    """Return every text that all of HTML, PDF and Word have to show, tables' cells among them."""
    found: list[str] = [tree["notice"], *prose(tree)]
    if tree["head"]:
        told = tree["head"]
        found += [told["kind"], told["subject"], told["parent"], *told["issuer"], *told["bases"]]
    if tree["foot"]:
        told = tree["foot"]
        found += [told["authority"], told["position"], told["name"], *told["recipients"]]
    for node in parts(tree):
        if node["type"] == "annex":
            found += [node["title"], node["attached"]]
        if node["type"] == "key_figures":
            found += [text for item in node["items"] for text in item.values()]
        if node["type"] in ("table", "simple_table"):
            found += [node["unit"], *_under(node)]
            found += [text for row in (*head(node), *body(node)) for text in row]
        if node["type"] == "figure":
            found += _under(node)
        for figure in node.get("figures", ()):
            # Figures side by side share one line for their sources and marks.
            source = figure["source"].removeprefix(tree["labels"]["source"]).strip(" .")
            found += [figure["title"], figure["note"], source, figure["marks"]]
    return [spaced(text) for text in found if spaced(text)]


def _under(node: Node) -> list[str]:
    return [node["title"], node["note"], node["source"], node["marks"]]


@dataclass
class Page:
    """An HTML page as it was read."""

    text: str = ""
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    heads: list[Grid] = field(default_factory=list)
    bodies: list[Grid] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    """The texts of each drawing, which the page's own text leaves out."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.open: list[str] = []
        self.said: list[str] = []
        self.rows: Grid | None = None
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in VOID:
            self.handle_data(" ")
            return
        self.open.append(tag)
        if tag == "svg":
            self.page.drawings.append("")
        if tag in ("thead", "tbody"):
            self.rows = []
            (self.page.heads if tag == "thead" else self.page.bodies).append(self.rows)
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = []
        self.said.append(" " * (tag not in ("span", "em", "strong", "a")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> ends nothing"
        assert self.open.pop() == tag, f"</{tag}> ends another element"
        if tag in ("td", "th") and self.cell is not None and self.rows:
            self.rows[-1].append(spaced("".join(self.cell)))
            self.cell = None
        self.said.append(" " * (tag not in ("span", "em", "strong", "a")))

    def handle_data(self, data: str) -> None:
        if UNSHOWN & set(self.open):
            return
        if "svg" in self.open:
            self.page.drawings[-1] += f"{data} "
            return
        self.said.append(data)
        if self.cell is not None:
            self.cell.append(data)


def read_html(html: str) -> Page:
    """Return what a page shows, its elements, and the cells of its tables."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"never ended: {reader.open}"
    reader.page.text = spaced("".join(reader.said))
    return reader.page


@dataclass
class WordPages:
    """A Word document as it was read: its text, and its tables with the rows that repeat."""

    text: str
    heads: list[Grid]
    bodies: list[Grid]


def read_word(content: bytes) -> WordPages:
    """Return the text and the tables of numbers, which are those with rows that repeat."""
    document = WordFile(BytesIO(content))
    found = WordPages(_words(document.element.body), [], [])
    for table in document.element.body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        repeated = [
            row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        ]
        if repeated:
            found.heads.append([_cells(row) for row in repeated])
            found.bodies.append([_cells(row) for row in rows[len(repeated) :]])
    return found


def _cells(row: Any) -> list[str]:
    """Return the texts of a row's cells, those that only go on from above left out."""
    cells = []
    for cell in row.findall(qn("w:tc")):
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        if merged is None or merged.get(qn("w:val")) == "restart":
            cells.append(spaced(_words(cell)))
    return cells


def _words(element: Any) -> str:
    """Return the words of an element; a paragraph, a line break and a tab part them."""
    said = []
    for part in element.iter():
        if part.tag == qn("w:t"):
            said.append(part.text or "")
        elif part.tag in (qn("w:br"), qn("w:tab"), qn("w:p"), qn("w:cr")):
            said.append("\n")
        elif part.tag == qn("w:noBreakHyphen"):
            said.append("-")
    return "".join(said)


def read_excel(content: bytes, language: str) -> dict[str, Grid]:
    """Return the rows of each sheet of a workbook as they read there."""
    book = load_workbook(BytesIO(content), data_only=True)
    return {
        sheet.title: [[shown(cell, language) for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def shown(cell: Any, language: str) -> str:
    """Return how a cell reads in a spreadsheet program of the language."""
    value, form = cell.value, str(cell.number_format)
    if value is None or not isinstance(cell, Cell):
        return ""
    if cell.is_date:
        return str(value.strftime("%d/%m/%Y"))
    if isinstance(value, str):
        return spaced(value)
    form = re.sub(r"\[[^\]]*\]", "", form)
    signs = form.split(";")
    form = signs[min(len(signs) - 1, 0 if value > 0 else 1 if value < 0 else 2)]
    digits = len(form.partition(".")[2].rstrip("%"))
    # A spreadsheet rounds what it shows half up, from fifteen digits.
    exact = Decimal(f"{abs(value):.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    told = f"{exact:,}" if "," in form else f"{exact:f}"
    if language == "vi":
        told = told.translate(str.maketrans(",.", ".,"))
    sign = "+" if form.startswith("+") else "-" if value < 0 and exact else ""
    return sign + told

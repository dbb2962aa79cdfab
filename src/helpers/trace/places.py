"""Every number that a brief prints, with its place: table, sentence, key figure or figure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from nbformat import NotebookNode

from helpers.brief.blocks import MIME, Block, Figure, Header, KeyFigures
from helpers.brief.document import Document, nodes_of, tree
from helpers.brief.exporters import EXCEL, ONLY_EXCEL, document_from_notebook, language_of
from helpers.brief.markdown import Node, plain
from helpers.brief.table import Row, Table, Value
from helpers.language import LANGUAGES, SOURCE
from helpers.trace.numbers import Kind, Number, numbers_in, rounds_to
from helpers.trace.written import tables_behind

__all__ = ["Place", "TableCell", "printed_places", "withheld_cells"]

_SOURCE = re.compile(r"tables/(\w+)\.csv")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ“])")
_DRAWN = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_KINDS: dict[str, Kind] = {"rate": "percent", "points": "percent", "range": "percent"}
_KINDS |= {"count": "count", "money": "money", "money_tenths": "money"}
_KINDS |= {"change": "money", "change_tenths": "money"}
MILLION = 10**6
MILLIONS = ("triệu đồng", "vnd million", "million vnd")


@dataclass(frozen=True)
class TableCell:
    """A printed cell in its table: which row and column, and the exact values of the whole row."""

    key: str
    """The column's key, often the published column's name."""
    heads: tuple[str, ...]
    """The column's heading, from the top down."""
    row: tuple[str, ...]
    """The texts of the row."""
    above: str
    """The row that heads a group of rows, where there is one."""
    values: tuple[tuple[str, Value], ...]
    """The keys and exact values of the row's other cells."""
    exact: tuple[Fraction, ...]
    """The cell's exact numbers: one, or both ends of a range; none where it is text."""
    level: str


@dataclass(frozen=True)
class Place:
    """Where a number is printed, in words, and what is known of where it comes from."""

    what: str
    """The table, figure or part of the text, as the reader finds it."""
    section: str
    """The headings above it."""
    number: Number
    near: str
    """The words around it that tell what it is: its clause, its row."""
    text: str
    """The sentence, the caption or the label as printed."""
    far: str = ""
    """What else tells: the sentence, headings, the title."""
    tables: tuple[str, ...] = ()
    named: bool = False
    """Whether the brief itself names these tables under the table or figure."""
    typed: bool = False
    """Whether it stands in the notebook's own prose, which no table feeds."""
    cell: TableCell | None = None
    language: str = SOURCE
    """The language of the brief."""
    only_excel: bool = False
    """Whether it stands in the workbook alone."""


@dataclass(frozen=True)
class _Part:
    """One node of the printed document, the block it was made from, and the cell's code."""

    node: Node
    block: Block
    code: str
    section: str
    language: str
    only_excel: bool

    def numbers(self, text: str) -> Iterator[Number]:
        """Yield the numbers of a text of this part."""
        return numbers_in(text, self.language)


def _parts(notebook: NotebookNode, form: str = "") -> Iterator[_Part]:
    """Yield the document piece by piece, as printed: texts and numbers of the whole document."""
    laid = tree(document_from_notebook(notebook, form=form))
    printed = iter([node for part in (laid["body"], *laid["annexes"]) for node in part])
    section: dict[int, str] = {}
    waiting = next(printed, None)
    spoken, head = language_of(notebook), _head_of(notebook)
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", ()))
        if tags & set(LANGUAGES) and spoken not in tags:
            continue
        alone = {"cells": [*head, cell], "metadata": {}}
        blocks = document_from_notebook(NotebookNode({**notebook, **alone}), form=form).blocks
        code = cell.source if cell.cell_type == "code" else ""
        for block in (part for whole in blocks for part in _laid_out(whole)):
            for expected in nodes_of(block, iter(lambda: "x", "")):
                while waiting is not None and waiting["type"] == "end":
                    waiting = next(printed, None)
                if waiting is None or not _is_made_from(waiting, expected):
                    continue  # the title of a document without a head is not repeated in it
                if waiting["type"] == "annex":
                    section = {2: f"{waiting['label']}. {waiting['title']}"}
                elif waiting["type"] == "heading":
                    level = waiting["level"]
                    section = {old: text for old, text in section.items() if old < level}
                    section[level] = plain(waiting["spans"])
                above = " › ".join(section.values())
                yield _Part(waiting, block, code, above, spoken, ONLY_EXCEL in tags)
                waiting = next(printed, None)


def _head_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return a cell with the document's head alone: by it each other cell knows its language."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("data", {}).get(MIME, {}).get("type") == Header.type_name:
                return [NotebookNode({**cell, "metadata": NotebookNode(), "outputs": [output]})]
    return []


def _pieces(notebook: NotebookNode) -> Iterator[_Part]:
    """Yield what is printed, then what the workbook has besides."""
    yield from _parts(notebook)
    if any(ONLY_EXCEL in cell.metadata.get("tags", ()) for cell in notebook.cells):
        yield from (part for part in _parts(notebook, EXCEL) if part.only_excel)


def _laid_out(block: Block) -> Iterator[Block]:
    """Yield the blocks that make nodes of their own: a row of figures stays one."""
    inner = getattr(block, "blocks", None)
    if inner is None:
        yield block
        return
    for part in inner:
        yield from _laid_out(part)


def _is_made_from(node: Node, expected: Node) -> bool:
    return node["type"] == expected["type"] or (node["type"], expected["type"]) == (
        "annex",
        "heading",
    )


def printed_places(notebook: NotebookNode) -> Iterator[Place]:
    """Yield every number that the brief prints, in the order of its pages.

    What stands only in its workbook follows.
    """
    for part in _pieces(notebook):
        for place in _places_in(part):
            yield replace(place, language=part.language, only_excel=part.only_excel)


def _places_in(part: _Part) -> Iterator[Place]:
    if isinstance(part.block, Table):
        yield from _in_table(part, part.block)
    elif part.node["type"] == "figure_row":
        for node, figure in zip(part.node["figures"], part.block.parts(), strict=True):
            yield from _in_figure(part, node, figure)
    elif isinstance(part.block, Figure):
        yield from _in_figure(part, part.node, part.block)
    elif isinstance(part.block, KeyFigures):
        yield from _in_key_figures(part)
    else:
        for text in _texts(part.node):
            yield from _in_text(part, text)


def _texts(node: Node) -> Iterator[str]:
    """Yield the texts of prose: a paragraph, a heading, each item of a list, each cell."""
    if node["type"] == "annex":
        yield f"{node['label']}. {node['title']}"
    yield from node.get("lines", [])
    if "spans" in node:
        yield plain(node["spans"])
    for inner in (node.get("nodes", []), *node.get("items", [])):
        for child in inner:
            yield from _texts(child)
    for row in node.get("rows", []):
        yield " | ".join(row["cells"])


def _clause(sentence: str, at: int) -> str:
    """Return the part between two semicolons in which a place of the sentence lies."""
    begin = sentence.rfind(";", 0, at) + 1
    end = sentence.find(";", at)
    return sentence[begin : end if end >= 0 else len(sentence)]


def _in_text(part: _Part, text: str) -> Iterator[Place]:
    behind = tables_behind(part.code)
    what = {"heading": "Tiêu đề", "annex": "Tiêu đề"}.get(part.node["type"], "Lời văn")
    for sentence in _SENTENCE.split(text):
        for number in part.numbers(sentence):
            near = _clause(sentence, number.start)
            far, typed = f"{sentence} {part.section}", not part.code
            yield Place(what, part.section, number, near, sentence, far, behind, typed=typed)


def _in_key_figures(part: _Part) -> Iterator[Place]:
    behind = tables_behind(part.code)
    for item in part.node["items"]:
        text = f"{item['label']}: {item['value']}"
        text += f" ({item['remark']})" if item["remark"] else ""
        for said in (item["value"], item["remark"]):
            for number in part.numbers(said):
                near = f"{item['label']} {said}"
                yield Place("Số liệu chính ở đầu bản", "", number, near, text, text, behind)


def _sources(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_SOURCE.findall(node["source"])))


def _in_captions(part: _Part, node: Node, what: str) -> Iterator[Place]:
    """Yield the numbers in a title and in a note."""
    tables = _sources(node)
    named = bool(tables)
    tables = tables or tables_behind(part.code)
    for role, text in (("tên", node["title"]), ("ghi chú", node["note"])):
        for number in part.numbers(text):
            near = _clause(text, number.start)
            yield Place(f"{what} ({role})", part.section, number, near, text, text, tables, named)


def _in_figure(part: _Part, node: Node, figure: Block) -> Iterator[Place]:
    what = f"{node['label']} {node['title']}"
    yield from _in_captions(part, node, what)
    tables = _sources(node)
    said = f"{node['note']} {node['alt']}".casefold()
    million = any(unit in said for unit in MILLIONS)
    seen = set()
    for drawn in _DRAWN.findall(node["svg"]):
        label = " ".join(html.unescape(_TAGS.sub("", drawn)).split())
        for number in part.numbers(label):
            if (number.digits, label) in seen:
                continue
            seen.add((number.digits, label))
            if million and not number.kind:
                number = replace(number, kind="money", scale=MILLION)
            near = " ".join((label, *_told(part, node["alt"], number)))
            far = f"{node['title']} {node['note']} {part.section}"
            yield Place(
                f"{what} (chữ trong hình)",
                part.section,
                number,
                near,
                label,
                far,
                tables or tables_behind(part.code),
                bool(tables),
            )


def _told(part: _Part, alt: str, number: Number) -> list[str]:
    """Return the parts of a drawing's description that say a number drawn in it."""
    clauses = [clause for sentence in _SENTENCE.split(alt) for clause in sentence.split(";")]
    return [
        clause
        for clause in clauses
        if any(rounds_to(said.value, number.digits) for said in part.numbers(clause))
    ]


def _exact(value: object) -> tuple[Fraction, ...]:
    ends = value if isinstance(value, tuple) else (value,)
    return tuple(
        Fraction(end) for end in ends if end is not None and hasattr(end, "as_integer_ratio")
    )


def _group_above(rows: Sequence[Row], texts: Sequence[Sequence[str]], at: int) -> str:
    """Return the nearest row above that heads others."""
    for place in range(at - 1, -1, -1):
        if rows[place].level == "group" and rows[at].level != "total":
            return next(filter(None, texts[place]), "")
    return ""


def _in_table(part: _Part, table: Table) -> Iterator[Place]:
    node = part.node
    what = f"{node['label']} {node['title']}"
    yield from _in_captions(part, node, what)
    tables = _sources(node)
    texts = [row["cells"] for row in node["rows"]]
    for at, (row, cells) in enumerate(zip(table.rows, texts, strict=True)):
        for place, (column, value) in enumerate(zip(table.columns, row.cells, strict=True)):
            others = tuple(
                (other.key, cell)
                for other, cell in zip(table.columns, row.cells, strict=True)
                if other is not column and not isinstance(cell, tuple)
            )
            cell = TableCell(
                column.key,
                (*column.group, column.label),
                tuple(cells),
                _group_above(table.rows, texts, at),
                others,
                _exact(value),
                row.level,
            )
            kind: Kind = _KINDS.get(column.kind, "") if cell.exact else ""
            for number in part.numbers(cells[place]):
                if kind and not number.kind:
                    scale = MILLION if kind == "money" else 1
                    number = replace(number, kind=kind, scale=scale)
                near = " | ".join((*cells, cell.above))
                far = f"{' '.join(cell.heads)} {node['title']} {part.section}"
                yield Place(
                    what,
                    part.section,
                    number,
                    near,
                    cells[place],
                    far,
                    tables or tables_behind(part.code),
                    bool(tables),
                    cell=cell,
                )


def withheld_cells(document: Document, mark: str) -> list[str]:
    """Return the tables that print the mark of a withheld number, with how many of them."""
    found = []
    laid = tree(document)
    for node in [node for part in (laid["body"], *laid["annexes"]) for node in part]:
        if node["type"] == "table":
            number = sum(text == mark for row in node["rows"] for text in row["cells"])
            if number:
                found.append(f"{node['label']} {node['title']}: {number} ô")
    return found

"""nbconvert's exporters for briefs: blocks, prose and ordinary outputs in; one file out."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, ClassVar
from xml.sax.saxutils import quoteattr

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from helpers.brief.blocks import MIME, Block, Figure, Header, Text, block_from_json
from helpers.brief.document import Document
from helpers.brief.excel import write_excel
from helpers.brief.html import write_html
from helpers.brief.nodes import Preformatted
from helpers.brief.pdf import write_pdf
from helpers.brief.table import Column, Row, Table
from helpers.brief.word import write_word
from helpers.errors import HelpersError, NotTranslated
from helpers.language import LANGUAGES, SOURCE

__all__ = [
    "BriefExcelExporter",
    "BriefHTMLExporter",
    "BriefPDFExporter",
    "BriefWordExporter",
    "FailedRun",
    "document_from_notebook",
    "language_of",
]

HIDDEN = frozenset({"remove_cell", "remove-cell"})
ONLY_EXCEL = "only_excel"
EXCEL = "excel"
HIDDEN_OUTPUT = frozenset({"remove_output", "remove-output"})
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$", re.MULTILINE)
_NUMBER = re.compile(r"[-−+]?[\d.,\s]*\d%?\Z")


class FailedRun(HelpersError):
    """The notebook holds an error, so there is no result to render."""


def document_from_notebook(nb: NotebookNode, title: str = "", form: str = "") -> Document:
    """Return the document that an executed notebook holds; the code itself never shows.

    Cells tagged `remove_cell`, and outputs of cells tagged `remove_output`, are left out; cells
    tagged `only_excel` stand in a workbook alone. A cell tagged with a language ("vi", "en") stands
    only in documents of that language, which is that of the document's head; in any language but
    Vietnamese each text that is printed has to have a cell of its own.

    Args:
        nb: The executed notebook.
        title: What the document is called where nothing in it says so.
        form: The form that is written: "html", "pdf", "word" or "excel".

    Raises:
        FailedRun: an output is an error.
        NotTranslated: a text has no version in the document's language.
    """
    found: list[Block] = []
    heading = ""
    spoken = language_of(nb)
    if spoken != SOURCE:
        _refuse_untranslated(nb, spoken)
    for number, cell in enumerate(nb.cells, start=1):
        tags = _tags(cell)
        _refuse_errors(cell, number)
        if tags & HIDDEN or (ONLY_EXCEL in tags and form != EXCEL):
            continue
        if tags & set(LANGUAGES) and spoken not in tags:
            continue
        if cell.cell_type == "markdown":
            found.append(Text(cell.source))
            headings = _HEADING.findall(cell.source)
            heading = headings[-1][1] if headings else heading
        elif cell.cell_type == "code" and not tags & HIDDEN_OUTPUT:
            found.extend(_from_outputs(cell.get("outputs", ()), heading))
    header = next((block for block in found if isinstance(block, Header)), None)
    named = nb.get("metadata", {}).get("title", "") or _first_title(nb) or title
    return Document(header, tuple(b for b in found if not isinstance(b, Header)), str(named))


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.get("metadata", {}).get("tags", ()))


def language_of(nb: NotebookNode) -> str:
    """Return the language of the document's head; Vietnamese where it has none."""
    outputs = (output for cell in nb.cells for output in cell.get("outputs", ()))
    blocks: Iterator[dict[str, Any]] = (output.get("data", {}).get(MIME, {}) for output in outputs)
    heads = (block for block in blocks if block.get("type") == Header.type_name)
    return str(next(heads, {}).get("language", SOURCE))


def _refuse_untranslated(nb: NotebookNode, spoken: str) -> None:
    """Raise where a text of the notebook does not stand beside its translation.

    A Vietnamese text carries the tag "vi"; the cell below it that of the other language.
    """
    cells = [
        (number, cell)
        for number, cell in enumerate(nb.cells, start=1)
        if cell.cell_type == "markdown" and cell.source.strip() and not _tags(cell) & HIDDEN
    ]
    tags = [_tags(cell) for _, cell in cells]
    for (number, cell), own, below in zip(cells, tags, [*tags[1:], set()], strict=False):
        if spoken in own or (SOURCE in own and spoken in below):
            continue
        begun = cell.source.strip().splitlines()[0][:60]
        raise NotTranslated(
            f"Ô thứ {number} (“{begun}”) chưa có bản {LANGUAGES[spoken]}: gắn thẻ {SOURCE} cho ô "
            f"này, thêm ngay dưới một ô Markdown có thẻ {spoken} chứa bản {LANGUAGES[spoken]}."
        )


def _refuse_errors(cell: NotebookNode, number: int) -> None:
    for output in cell.get("outputs", ()):
        if output.output_type == "error":
            raise FailedRun(
                f"Ô thứ {number} báo lỗi {output.get('ename', '')}: {output.get('evalue', '')}. "
                "Sổ chưa chạy xong nên không xuất bản."
            )


def _first_title(nb: NotebookNode) -> str:
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for level, text in _HEADING.findall(cell.source):
                if level == "#":
                    return str(text)
    return ""


def _from_outputs(outputs: Any, heading: str) -> Iterator[Block]:
    for output in outputs:
        if output.output_type == "stream":
            if output.get("name") == "stdout" and output.text.strip():
                yield Preformatted(output.text)
            continue
        data = output.get("data", {})
        if MIME in data:
            yield block_from_json(data[MIME])
        else:
            yield from _ordinary(data, output.get("metadata", {}), heading)


def _ordinary(data: Any, metadata: Any, heading: str) -> Iterator[Block]:
    """Yield what an output without a block says, its richest readable form first."""
    for mime in ("image/svg+xml", "image/png", "image/jpeg"):
        if mime in data:
            details = {**metadata.get(mime, {}), **metadata}
            alt = str(details.get("alt") or heading or "Hình trong sổ, chưa có mô tả")
            title = str(details.get("title") or heading or "Hình")
            svg = _joined(data[mime])
            yield Figure(title, svg if mime == "image/svg+xml" else _wrapped(svg, mime), alt)
            return
    if "text/markdown" in data:
        yield Text(_joined(data["text/markdown"]))
        return
    table = _table_from_html(_joined(data.get("text/html", "")))
    if table:
        yield table
    elif _joined(data.get("text/plain", "")).strip():
        yield Preformatted(_joined(data["text/plain"]))


def _joined(value: Any) -> str:
    return "".join(value) if isinstance(value, list | tuple) else str(value)


def _wrapped(content: str, mime: str) -> str:
    """Return a picture as a drawing around it, since Typst's files in memory are text."""
    raw = base64.b64decode(content)
    width, height = 640, 400
    if raw.startswith(b"\x89PNG"):
        width, height = int.from_bytes(raw[16:20], "big"), int.from_bytes(raw[20:24], "big")
    data = f"data:{mime};base64,{base64.b64encode(raw).decode('ascii')}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href={quoteattr(data)}/></svg>'
    )


class _TableReader(HTMLParser):
    """Reads one simple table, as pandas writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.heads = 0
        self.tables = 0
        self.simple = True
        self._cell: list[str] | None = None
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables += 1
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self.rows.append([])
            self.heads += self._in_head
        elif tag in ("td", "th"):
            spans = {name: value for name, value in attrs if name in ("colspan", "rowspan")}
            self.simple &= all(value in (None, "1") for value in spans.values())
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self._in_head = False
        elif tag in ("td", "th") and self._cell is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def _table_from_html(html: str) -> Table | None:
    """Return the one simple table of an output, or None where plain text tells it better."""
    if "<table" not in html:
        return None
    reader = _TableReader()
    reader.feed(html)
    rows = [row for row in reader.rows if row]
    widths = {len(row) for row in rows}
    if reader.tables != 1 or not reader.simple or reader.heads != 1 or len(widths) != 1:
        return None
    head, *body = rows
    numeric = [all(_NUMBER.match(row[at]) for row in body) for at in range(len(head))]
    columns = tuple(
        Column(str(at), label, "number" if body and digits else "text")
        for at, (label, digits) in enumerate(zip(head, numeric, strict=True))
    )
    return Table("", columns, tuple(Row(tuple(row)) for row in body))


class _BriefExporter(Exporter):
    """What all forms share: the document is read once and handed to a writer."""

    form: ClassVar[str]
    extension: ClassVar[str]
    write: ClassVar[staticmethod[[Document], str | bytes]]
    """Returns the document in this form."""

    def _file_extension_default(self) -> str:
        return self.extension

    def _optimistic_validation_default(self) -> bool:
        # Once after all preprocessors in place of once after each of eleven.
        return True

    def from_notebook_node(  # type: ignore[override]  # every exporter narrows it so
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the file's content and the resources."""
        if any(getattr(step, "enabled", True) for step in self._preprocessors):
            prepared, found = super().from_notebook_node(nb, resources, **kw)
        else:
            # What nothing will change needs neither two copies nor to be validated once more.
            prepared, found = nb, self._init_resources(resources)  # type: ignore[no-untyped-call]
        name = found.get("metadata", {}).get("name", "")
        return self.write(document_from_notebook(prepared, name, self.form)), found


class BriefHTMLExporter(_BriefExporter):
    """Writes a brief as one HTML file that needs no network."""

    export_from_notebook = "Bản tóm tắt (HTML)"
    output_mimetype = "text/html"
    form = "html"
    extension = ".html"
    write = staticmethod(write_html)


class BriefPDFExporter(_BriefExporter):
    """Writes a brief as PDF in the form of an official document."""

    export_from_notebook = "Bản tóm tắt (PDF)"
    output_mimetype = "application/pdf"
    form = "pdf"
    extension = ".pdf"
    write = staticmethod(write_pdf)


class BriefWordExporter(_BriefExporter):
    """Writes a brief as a Word document, to comment on."""

    export_from_notebook = "Bản tóm tắt (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    form = "word"
    extension = ".docx"
    write = staticmethod(write_word)


class BriefExcelExporter(_BriefExporter):
    """Writes the tables of a brief as an Excel workbook, to check and to reckon with."""

    export_from_notebook = "Phụ lục (Excel)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    form = EXCEL
    extension = ".xlsx"
    write = staticmethod(write_excel)

"""The four forms of a document read back: each number of the tree stands at its place in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import told
from brief_samples import SAMPLE, document, grouped_table, long_table, table
from build_samples import real_project
from pdf_tags import Element, read_tags, sheets

from helpers.brief.document import Document, tree
from helpers.brief.excel import write_excel
from helpers.brief.exporters import document_from_notebook
from helpers.brief.html import write_html
from helpers.brief.markdown import Node
from helpers.brief.pdf import write_pdf
from helpers.brief.word import write_word

ENDINGS = {"html": ".html", "pdf": ".pdf", "word": ".docx", "excel": ".xlsx"}

LONG = 9
"""A row of so many letters, with a number among them, is like none of the words around tables."""

ANNEX = ("## Phụ lục I. Vốn theo xã", long_table(460), "## Phụ lục II", table(landscape=True))
MARKDOWN = "| Việc | Số |\n| --- | ---: |\n| Họp | 1.234,5 |"


class Forms:
    """A document and its four files, those that there are."""

    def __init__(self, documents: dict[str, Document], files: dict[str, bytes]) -> None:
        """Take the document as each form has it, and the files by form."""
        self.documents = documents
        self.files = files

    def tree(self, form: str) -> Node:
        """Return the tree behind a form."""
        return tree(self.documents[form])


def _sample() -> Forms:
    made = document(*SAMPLE, grouped_table(), MARKDOWN, *ANNEX)
    files = {
        "html": write_html(made).encode(),
        "pdf": write_pdf(made),
        "word": write_word(made),
        "excel": write_excel(made),
    }
    return Forms(dict.fromkeys(files, made), files)


def _read(reports: Path, name: str) -> Forms:
    notebook = nbformat.read(reports / "notebooks" / f"{name}.ipynb", as_version=4)
    files = {
        form: (reports / f"{name}{ending}").read_bytes()
        for form, ending in ENDINGS.items()
        if (reports / f"{name}{ending}").is_file()
    }
    documents = {form: document_from_notebook(notebook, form=form) for form in files}
    return Forms(documents, files)


REAL = ("provincial-brief", "provincial-plan", "districts/ky-son", "districts/vinh.en")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the shipped plan in a folder of its own, two districts of it, in both languages."""
    project = real_project(tmp_path_factory.mktemp("project") / "kế hoạch", "Kỳ Sơn", "Vinh")
    plan = project.root / "params" / "nghe-an-2024.yaml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(
        re.sub(r"languages: \[vi[^]]*\]", "languages: [vi, en]", text), encoding="utf-8"
    )
    code, said = project.build()
    assert code == 0, said[-600:]
    return project.reports


@pytest.fixture(
    scope="module",
    params=["sample", *(pytest.param(name, marks=pytest.mark.slow) for name in REAL)],
)
def forms(request: pytest.FixtureRequest) -> Iterator[Forms]:
    """Return a sample document, or one of the real ones."""
    if request.param == "sample":
        yield _sample()
    else:
        yield _read(request.getfixturevalue("reports"), request.param)


def _need(forms: Forms, form: str) -> bytes:
    """Return a form's file; a form that the document does not come in is not looked at."""
    if form not in forms.files:
        pytest.skip(f"không xuất bản dạng {form}")
    return forms.files[form]


def test_every_table_stands_cell_by_cell_on_the_page(forms: Forms) -> None:
    """The HTML's tables have the tree's heads and cells, each at its place."""
    page = told.read_html(_need(forms, "html").decode())
    wanted = told.tables(forms.tree("html"))
    assert page.heads == [told.head(table) for table in wanted]
    assert page.bodies == [told.body(table) for table in wanted]


def test_every_table_stands_cell_by_cell_in_word(forms: Forms) -> None:
    """The Word document's tables have the tree's heads and cells, each at its place."""
    found = told.read_word(_need(forms, "word"))
    wanted = told.tables(forms.tree("word"))
    assert found.heads == [told.head(table) for table in wanted]
    assert found.bodies == [told.body(table) for table in wanted]


def test_every_number_stands_in_its_cell_of_the_workbook(forms: Forms) -> None:
    """Each table has a sheet whose cells, as a spreadsheet shows them, read as in the tree."""
    content = _need(forms, "excel")
    told_tree = forms.tree("excel")
    sheets = told.read_excel(content, told_tree["language"])
    wanted = [table for table in told.tables(told_tree) if table["type"] == "table"]
    assert wanted
    shown = list(sheets.values())[-len(wanted) :]
    for node, rows in zip(wanted, shown, strict=True):
        grid = [[told.spaced(text) for text in row["cells"]] for row in node["rows"]]
        width = len(node["numeric"])
        held = [row[:width] for row in rows]
        starts = [at for at in range(len(held)) if held[at : at + len(grid)] == grid]
        assert starts, _difference(grid, held, node)
        above = {text for row in held[: starts[0]] for text in row}
        assert {text for row in told.head(node) for text in row} <= above | {""}


def _difference(grid: told.Grid, held: told.Grid, table: Node) -> str:
    """Return the first row that the sheet does not hold."""
    lost = next((row for row in grid if row not in held), ["thứ tự các dòng"])
    near = [row for row in held if row and row[0] == lost[0]]
    return f"{table['label']} {table['title']}: {lost} ≠ {near}"


def test_every_table_stands_cell_by_cell_in_the_pdf(forms: Forms) -> None:
    """The PDF's tables, as a screen reader takes them, have the tree's heads and cells."""
    found = list(read_tags(_need(forms, "pdf")).all("Table"))
    wanted = told.tables(forms.tree("pdf"))
    assert [_tagged(table, "THead") for table in found] == [_drawn(told.head(t)) for t in wanted]
    assert [_tagged(table, "TBody") for table in found] == [_drawn(told.body(t)) for t in wanted]


def _drawn(grid: told.Grid) -> told.Grid:
    return [[told.drawn(text) for text in row] for row in grid]


def _tagged(table: Element, part: str) -> told.Grid:
    rows = (row for group in table.all(part) for row in group.all("TR"))
    return [[cell.text for cell in row.all("TH", "TD")] for row in rows]


def test_no_row_is_printed_twice_and_none_is_lost(forms: Forms) -> None:
    """Each row comes in the PDF as often as in the tree, however many pages its table takes."""
    drawn = sheets(_need(forms, "pdf"))
    text = "".join(
        told.squeezed(piece.text) for page in drawn for piece in page.pieces if piece.mark >= 0
    )
    wanted = told.tables(forms.tree("pdf"))
    lines = ["".join(told.drawn(cell) for cell in row) for one in wanted for row in told.body(one)]
    every = "\n".join(lines)
    telling = {line for line in lines if len(line) >= LONG and re.search(r"\d", line)}
    assert telling
    counts = {line: (text.count(line), every.count(line)) for line in telling}
    assert not {line: counted for line, counted in counts.items() if counted[0] != counted[1]}


@pytest.mark.parametrize("form", ["html", "pdf", "word"])
def test_prose_is_the_same_in_every_form(forms: Forms, form: str) -> None:
    """Each paragraph, heading and item of the tree stands in the form, in the tree's order."""
    content = _need(forms, form)
    if form == "html":
        text = told.squeezed(told.read_html(content.decode()).text)
    elif form == "word":
        text = told.squeezed(told.read_word(content).text)
    else:
        text = read_tags(content).text
    text = text.casefold()
    at = 0
    for paragraph in told.prose(forms.tree(form)):
        wanted = (told.drawn(paragraph) if form == "pdf" else told.squeezed(paragraph)).casefold()
        assert wanted in text[at:], paragraph
        at = text.index(wanted, at) + len(wanted)


@pytest.mark.parametrize("form", ["html", "pdf", "word"])
def test_nothing_that_the_tree_tells_is_left_out(forms: Forms, form: str) -> None:
    """Head, foot, notices, titles, notes, sources and key figures are all in the form."""
    content = _need(forms, form)
    if form == "html":
        text = told.squeezed(told.read_html(content.decode()).text)
    elif form == "word":
        text = told.squeezed(told.read_word(content).text)
    else:
        text = read_tags(content).text
    text = text.casefold()
    clean = told.drawn if form == "pdf" else told.squeezed
    lost = [one for one in told.texts(forms.tree(form)) if clean(one).casefold() not in text]
    assert not lost, lost[:10]

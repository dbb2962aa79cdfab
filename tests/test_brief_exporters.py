"""The exporters through nbconvert's own interface, for briefs and for ordinary notebooks."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from brief_samples import HEADER, SAMPLE, SVG, notebook, pages
from nbconvert.exporters import Exporter
from nbformat import NotebookNode, v4

from helpers.brief.blocks import Figure, Text
from helpers.brief.exporters import (
    BriefHTMLExporter,
    BriefPDFExporter,
    FailedRun,
    document_from_notebook,
)
from helpers.brief.nodes import Preformatted
from helpers.brief.table import Table
from helpers.errors import NotTranslated

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FRAME = """<div><style scoped>.x {}</style><table border="1" class="dataframe"><thead>
<tr style="text-align: right;"><th></th><th>huyện</th><th>hộ</th></tr></thead>
<tbody><tr><th>0</th><td>Kỳ Sơn</td><td>7.222</td></tr>
<tr><th>1</th><td>Vinh</td><td>385</td></tr></tbody></table></div>"""


def ordinary(*outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    """Return a notebook without blocks whose one code cell has these outputs."""
    cell = v4.new_code_cell("1 / 0", outputs=list(outputs), metadata={"tags": list(tags)})
    return v4.new_notebook(cells=[v4.new_markdown_cell("# Sổ thử\n\n## Số hộ"), cell])


def result(**data: object) -> NotebookNode:
    """Return an output with these forms, `image_png` for "image/png"."""
    forms = {name.replace("_", "/", 1): value for name, value in data.items()}
    return v4.new_output("display_data", data=forms)


@pytest.mark.parametrize(
    ("exporter", "kind", "suffix", "mime"),
    [
        (BriefHTMLExporter, str, ".html", "text/html"),
        (BriefPDFExporter, bytes, ".pdf", "application/pdf"),
    ],
)
def test_nbconvert_api(exporter: type[Exporter], kind: type, suffix: str, mime: str) -> None:
    """Each exporter gives its kind of content, suffix, type and a Vietnamese menu label."""
    content, resources = exporter().from_notebook_node(notebook(*SAMPLE))
    assert isinstance(content, kind)
    assert resources["output_extension"] == suffix
    assert exporter().output_mimetype == mime
    assert exporter.export_from_notebook.startswith("Bản tóm tắt")


def test_rendering_twice_gives_the_same_page() -> None:
    """One exporter used again gives the same text, so nothing is counted on."""
    exporter = BriefHTMLExporter()
    first, _ = exporter.from_notebook_node(notebook(*SAMPLE))
    assert exporter.from_notebook_node(notebook(*SAMPLE))[0] == first


def test_the_notebook_is_not_changed() -> None:
    """Exporting leaves the notebook as it was."""
    nb, same = notebook(*SAMPLE), notebook(*SAMPLE)
    BriefHTMLExporter().from_notebook_node(nb)
    assert nb == same


@pytest.mark.parametrize("exporter", [BriefHTMLExporter, BriefPDFExporter])
def test_a_failed_run_is_refused(exporter: type[Exporter]) -> None:
    """An error output stops the export and names the cell and the error."""
    error = v4.new_output("error", ename="ZeroDivisionError", evalue="chia cho 0", traceback=[])
    with pytest.raises(FailedRun, match="Ô thứ 2 báo lỗi ZeroDivisionError: chia cho 0"):
        exporter().from_notebook_node(ordinary(error))


def test_a_hidden_cell_with_an_error_is_refused_too() -> None:
    """A failed cell cannot hide behind its tag."""
    error = v4.new_output("error", ename="KeyError", evalue="x", traceback=[])
    with pytest.raises(FailedRun):
        document_from_notebook(ordinary(error, tags=("remove_cell",)))


@pytest.mark.parametrize("tag", ["remove_cell", "remove-cell", "remove_output"])
def test_tagged_cells_stay_out(tag: str) -> None:
    """Cells tagged as hidden leave nothing in the document."""
    nb = ordinary(v4.new_output("stream", name="stdout", text="Nháp"), tags=(tag,))
    assert not any(isinstance(b, Preformatted) for b in document_from_notebook(nb).blocks)


def test_ordinary_outputs_become_blocks() -> None:
    """Printed text, simple frames and pictures of a plain notebook come along."""
    nb = ordinary(
        v4.new_output("stream", name="stdout", text="Dòng một\nDòng hai\n"),
        v4.new_output("stream", name="stderr", text="UserWarning: ồn"),
        result(text_html=FRAME, text_plain="bảng"),
        result(text_html="<b>đậm</b>", text_plain="chữ thường"),
        result(**{"image_svg+xml": SVG, "text_plain": "<Figure>"}),
        result(image_png=base64.b64encode(PIXEL).decode(), text_plain="<Figure>"),
    )
    made = document_from_notebook(nb)
    kinds = [type(block) for block in made.blocks]
    assert kinds == [Text, Preformatted, Table, Preformatted, Figure, Figure]
    assert made.title == "Sổ thử"
    frame = made.blocks[2]
    assert isinstance(frame, Table)
    assert frame.texts() == (("0", "Kỳ Sơn", "7.222"), ("1", "Vinh", "385"))
    assert [b.alt for b in made.blocks if isinstance(b, Figure)] == ["Số hộ", "Số hộ"]


def test_an_ordinary_notebook_renders_in_both_formats() -> None:
    """A notebook that knows nothing of blocks still gives a page and a PDF."""
    nb = ordinary(
        v4.new_output("stream", name="stdout", text="Dòng một\n\nDòng hai\n"),
        result(text_html=FRAME, text_plain="bảng"),
        result(image_png=base64.b64encode(PIXEL).decode(), text_plain="<Figure>"),
    )
    html, _ = BriefHTMLExporter().from_notebook_node(nb)
    assert '<h1><span class="subject">Sổ thử</span></h1>' in html
    assert 'href="data:image/png;base64,' in html
    assert "1 / 0" not in html
    pdf, _ = BriefPDFExporter().from_notebook_node(nb)
    text = " ".join(pages(pdf))
    assert "Sổ thử" in text
    assert "Dòng hai" in text
    assert "7.222" in text


def test_markdown_tables_and_lists() -> None:
    """Tables, nested lists, quotes and code in Markdown reach both formats."""
    written = (
        "Đoạn.\n\n1. Một\n2. Hai\n   - Hai a\n\n> Trích\n\n```\nmã = 1\n```\n\n"
        "| A | B |\n| --- | ---: |\n| x | 1 |"
    )
    nb = notebook(HEADER, written)
    html, _ = BriefHTMLExporter().from_notebook_node(nb)
    for part in ("<ol>", "<blockquote>", "mã = 1", '<td class="num">1</td>'):
        assert part in html
    text = " ".join(pages(BriefPDFExporter().from_notebook_node(nb)[0]))
    for part in ("1. Một", "Hai a", "Trích", "mã = 1"):
        assert part in text


def test_headings_leave_no_level_out() -> None:
    """Whatever levels a planner uses, the page has h2 under h1 and h3 under h2."""
    html, _ = BriefHTMLExporter().from_notebook_node(
        notebook(HEADER, "### I. Phần\n\n##### 1. Mục\n\n### II. Phần")
    )
    heads = [
        (level, re.sub(r"<[^>]+>", "", inner))
        for level, inner in re.findall(r"<h([23])\b[^>]*>(.*?)</h\1>", html)
    ]
    assert heads == [("2", "I. Phần"), ("3", "1. Mục"), ("2", "II. Phần")]


def test_the_import_is_light() -> None:
    """Loading the exporters loads neither pandas nor matplotlib."""
    code = (
        "import sys, helpers.brief.exporters; "
        "print([name for name in ('pandas', 'matplotlib', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def tagged(*cells: tuple[str, str]) -> NotebookNode:
    """Return an English notebook: its head, then Markdown cells, each with its tags."""
    nb = notebook(replace(HEADER, language="en"), *(text for text, _ in cells))
    for cell, (_, tags) in zip(nb.cells[1:], cells, strict=True):
        cell.metadata["tags"] = tags.split()
    return nb


def said(nb: NotebookNode) -> list[str]:
    """Return the texts of the notebook's document."""
    return [
        block.markdown for block in document_from_notebook(nb).blocks if isinstance(block, Text)
    ]


def test_a_document_holds_the_cells_of_its_language() -> None:
    """Of two versions side by side each document prints its own; a hidden cell needs none."""
    cells = (("## Vốn", "vi"), ("## Capital", "en"), ("Nháp", "remove_cell"), ("Việt", "vi"))
    english = tagged(*cells[:3])
    assert said(english) == ["## Capital"]
    native = tagged(*cells)
    native.cells[0] = notebook(HEADER).cells[0]
    assert said(native) == ["## Vốn", "Việt"]


@pytest.mark.parametrize(
    "cells",
    [
        (("## Vốn của tỉnh", ""),),
        (("## Vốn của tỉnh", "vi"),),
        (("## Vốn của tỉnh", "vi"), ("Chia theo huyện", "vi"), ("By district", "en")),
        (("## Capital", "en"), ("## Vốn của tỉnh", "vi"), ("nháp", "remove_cell")),
    ],
)
def test_a_text_without_its_translation_is_an_error(cells: tuple[tuple[str, str], ...]) -> None:
    """The error names the cell by its place and its first words, and says what to do."""
    number = 2 + [text for text, _ in cells].index("## Vốn của tỉnh")
    with pytest.raises(NotTranslated) as caught:
        document_from_notebook(tagged(*cells))
    assert f"Ô thứ {number} (“## Vốn của tỉnh”) chưa có bản tiếng Anh" in str(caught.value)
    assert "thẻ en" in str(caught.value)


def test_outputs_are_chosen_by_language_too() -> None:
    """A code cell tagged with a language shows its output in that language's document alone."""
    nb = notebook(replace(HEADER, language="en"), Text("Vốn"), Text("Capital"))
    for cell, tag in zip(nb.cells[1:], ("vi", "en"), strict=True):
        cell.metadata["tags"] = [tag]
    assert said(nb) == ["Capital"]

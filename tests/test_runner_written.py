"""An executed notebook's file: the same bytes as nbformat writes."""

from __future__ import annotations

from pathlib import Path

import nbformat
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.paths import project_root
from helpers.runner.written import text_of

KINDS = ("text/plain", "text/html", "image/svg+xml", "image/png", "application/javascript")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
TEXTS = st.text() | st.sampled_from(["", "a\nb", "a\n", "\n\n", "a\r\nb\x0bc\u2028d", 'ệ“”\\"\t'])
DATA = st.dictionaries(st.sampled_from(KINDS), TEXTS, max_size=3)


@st.composite
def outputs(draw: st.DrawFn) -> nbformat.NotebookNode:
    """Return an output of any kind."""
    kind = draw(st.sampled_from(["stream", "error", "display_data", "execute_result"]))
    if kind == "stream":
        return new_output("stream", name="stdout", text=draw(TEXTS))
    if kind == "error":
        return new_output("error", ename="E", evalue=draw(TEXTS), traceback=draw(st.lists(TEXTS)))
    data = {**draw(DATA), "application/json": draw(JSON), "application/x+json": draw(JSON)}
    return new_output(kind, data, metadata={"m": draw(JSON)})


@given(st.lists(TEXTS, max_size=3), st.lists(outputs(), max_size=4), JSON)
def test_any_notebook_is_written_as_nbformat_writes_it(
    sources: list[str], shown: list[nbformat.NotebookNode], about: object
) -> None:
    """Texts are split into lines, keys sorted, empty things and odd signs spelt alike."""
    cells = [new_markdown_cell(source, metadata={"text": source}) for source in sources]
    cells.append(new_code_cell("1", outputs=shown))
    attached = {"a.png": {"image/png": "AAAA", "text/plain": "a\nb"}}
    cells.append(new_markdown_cell("![](attachment:a.png)", attachments=attached))
    notebook = new_notebook(cells=cells, metadata={"about": about, "none": {}, "nothing": []})
    assert text_of(notebook) == nbformat.v4.writes(notebook) + "\n"


def test_the_projects_notebooks_are_written_as_nbformat_writes_them() -> None:
    """Every notebook of the project comes out as it is."""
    notebooks = sorted(Path(project_root() / "notebooks").rglob("*.ipynb"))
    assert len(notebooks) >= 10
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        assert text_of(notebook) == nbformat.v4.writes(notebook) + "\n"

"""The briefs that come in two languages, run from their notebooks: unmixed, and of one shape."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode, v4

from helpers.brief.document import tree
from helpers.brief.exporters import document_from_notebook
from helpers.brief.reader import Brief
from helpers.data.dataset import DataSet
from helpers.language import learn, speak
from helpers.paths import project_root
from helpers.reads import forget

pytestmark = pytest.mark.slow

NOTEBOOKS = project_root() / "notebooks" / "briefs"
VIETNAMESE = re.compile(r"[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
NOT_READ = {"id", "type", "language", "iso", "level", "number", "symbol", "place"}


def executed(name: str, brief: Brief, language: str) -> NotebookNode:
    """Return a brief's notebook with the outputs of its cells, run with the published tables."""
    nb = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    known: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPERS_OUTPUT", str(brief.output))
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            *lines, last = ast.parse(cell.source).body
            if not isinstance(last, ast.Expr):
                lines.append(last)
            exec(compile(ast.Module(lines, []), "cell", "exec"), known)
            if "parameters" in cell.metadata.get("tags", ()):
                known["language"] = language
            elif isinstance(last, ast.Expr):
                shown = eval(compile(ast.Expression(last.value), "cell", "eval"), known)
                bundle = shown._repr_mimebundle_()
                cell.outputs = [v4.new_output("display_data", data=bundle)]
    return nb


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    yield
    speak("vi")
    learn({})
    forget()


def _texts(value: Any) -> Iterator[str]:
    """Yield what a reader reads in a tree, the words in its drawings among it."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "svg":
                yield from re.findall(r">([^<>]+)<", item)
            elif key not in NOT_READ:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _proper(data: DataSet) -> re.Pattern[str]:
    names = {*data.district_names.values(), *data.communes["name"], "Nghệ An"}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


@pytest.mark.parametrize("form", ["html", "excel"])
@pytest.mark.parametrize("name", ["provincial-brief", "district-brief"])
def test_a_notebook_speaks_one_language(
    name: str, form: str, shipped_brief: Brief, shipped_data: DataSet
) -> None:
    """In English nothing but names of places is Vietnamese; both versions have the same parts."""
    native = tree(document_from_notebook(executed(name, shipped_brief, "vi"), form=form))
    english = tree(document_from_notebook(executed(name, shipped_brief, "en"), form=form))
    assert (native["language"], english["language"]) == ("vi", "en")
    proper = _proper(shipped_data)
    left = {text for text in _texts(english) if VIETNAMESE.search(proper.sub("", text))}
    assert left == set()

    def parts(told: dict[str, Any]) -> list[tuple[str, int]]:
        nodes = [*told["body"], *(node for annex in told["annexes"] for node in annex)]
        return [
            (node["type"], len(node.get("rows", ()))) for node in nodes if node["type"] != "end"
        ]

    assert parts(native) == parts(english)

"""What a notebook says that it reads and publishes, as it is written in its cells."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.paths import project_root
from helpers.runner.code import imports_of
from helpers.runner.parameters import TAG

__all__ = ["Declared", "declared", "table_calls"]

PUBLISH = "publish"
READ = ("published", "table")
LISTED = "reads"
"""Names of the calls whose first argument is a table, and of the argument that lists tables."""

LONGEST_PATH = 200


@dataclass(frozen=True)
class Declared:
    """What a notebook declares.

    Tables are the first arguments of calls `publish("x", …)` and `table("x")` or `published("x")`,
    and the names in a text `reads="x y z"`. A file of the project is declared where a text names
    it, from the notebook's folder or the project's.
    """

    reads: tuple[str, ...] = ()
    publishes: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    """The files that its cells name."""
    defaults: tuple[Path, ...] = ()
    """The files that the defaults of its parameters name."""
    imports: tuple[str, ...] = ()
    """The dotted names that it imports."""


def _trees(cells: Iterable[Any]) -> Iterator[ast.AST]:
    """Yield what stands in the cells that are plain Python; magics are left out line by line."""
    for cell in cells:
        source = "".join(cell["source"])
        lines = (line for line in source.splitlines() if line.lstrip()[:1] not in ("%", "!"))
        try:
            yield ast.parse("\n".join(lines))
        except SyntaxError:
            continue  # the run itself will say so


def _text(node: ast.AST) -> str:
    plain = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if plain else ""  # type: ignore[attr-defined]  # a constant by now


def _file_named(text: str, notebook: Path) -> list[Path]:
    """Return the project's file that a text names."""
    root = project_root()
    if not text or len(text) > LONGEST_PATH or "\n" in text:
        return []
    found = [(folder / text).resolve() for folder in (notebook.parent, root)]
    return [path for path in found if path.is_relative_to(root) and path.is_file()][:1]


def table_calls(tree: ast.AST) -> Iterator[tuple[bool, str, ast.Call]]:
    """Yield the calls that publish or read a table by its plain name.

    Each comes with whether it publishes, and the name.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _text(node.args[0]):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == PUBLISH or called in READ:
                yield called == PUBLISH, _text(node.args[0]), node


def _tables(tree: ast.AST) -> Iterator[tuple[bool, str]]:
    """Yield the tables that a cell names, each with whether it is published."""
    yield from ((publishes, name) for publishes, name, _ in table_calls(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == LISTED:
            yield from ((False, name) for name in _text(node.value).split())


def declared(notebook: Path) -> Declared:
    """Return what a notebook declares."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    parameters = [cell for cell in code if TAG in cell.get("metadata", {}).get("tags", [])]
    trees = list(_trees(cell for cell in code if cell not in parameters))
    tables = dict.fromkeys(table for tree in trees for table in _tables(tree))
    publishes = [name for published, name in tables if published]
    reads = [name for published, name in tables if not published and name not in publishes]

    def files(found: Iterable[ast.AST]) -> tuple[Path, ...]:
        texts = dict.fromkeys(_text(node) for tree in found for node in ast.walk(tree))
        return tuple(dict.fromkeys(path for text in texts for path in _file_named(text, notebook)))

    imports = dict.fromkeys(name for tree in trees for name in imports_of(ast.unparse(tree)))
    return Declared(
        tuple(reads), tuple(publishes), files(trees), files(_trees(parameters)), tuple(imports)
    )

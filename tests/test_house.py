"""The house: which room may import which."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "helpers"
FOUNDATION = ["errors", "language", "marks", "paths", "rates", "reads", "stopwatch", "text"]
FOUNDATION += ["legible", "spelling", "retelling", "words"]
ROOMS = [*FOUNDATION, "money", "periods", "areas", "plan", "data", "poverty", "allocation"]
ROOMS += ["progress", "brief"]
ABOVE_ALL = {
    "__init__",
    "__main__",
    "benchmarks",
    "bootstrap",
    "cli",
    "collect",
    "desk",
    "jobs",
    "trace",
}


def _room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def _imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names.update(whole if node.module == "helpers" else [node.module])
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("helpers.")}


def _modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if _room(path) not in ABOVE_ALL)


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    """A module imports its own room, the foundation, and rooms that data passed before."""
    room = _room(path)
    if room == "runner":
        allowed = {*FOUNDATION, "runner"}
    else:
        assert room in ROOMS, f"{room} has no place in the house"
        allowed = set(ROOMS[: ROOMS.index(room) + 1])
    assert _imported_rooms(path) <= allowed


def test_the_house_is_not_empty() -> None:
    """The search really finds the modules that it is to judge."""
    assert {"plan", "data", "allocation", "brief", "runner"} <= {_room(path) for path in _modules()}


def test_no_function_in_a_notebook() -> None:
    """Notebooks stay thin: no definitions, loops or try in their cells."""
    import json

    notebooks = sorted((SOURCE.parents[1] / "notebooks").rglob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                tree = ast.parse("".join(cell["source"]))
                kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try)
                assert not any(isinstance(node, kinds) for node in ast.walk(tree)), path
                assert len(tree.body) <= 5, path
                assert not cell["outputs"], f"{path}: run results do not belong in the source"

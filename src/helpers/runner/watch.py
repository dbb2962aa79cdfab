"""In a notebook's process: which files it opens, and what its readers note of them.

Python tells of every file that it opens. A library that opens one by itself (polars, for example)
is not seen: its reader has to note the file (see `helpers.reads`), or the cell to name it.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers import reads
from helpers.errors import NotDeclared
from helpers.paths import project_root
from helpers.runner.model import OUTPUT_VARIABLE, TABLES

__all__ = ["ANNOUNCED_VARIABLE", "begin", "told"]

ANNOUNCED_VARIABLE = "HELPERS_ANNOUNCED"
"""Environment variable with the names of the tables that a notebook says it publishes."""

_opened: dict[str, None] = {}
"""Files that were opened to be read, and folders whose content was asked for."""

_written: dict[str, None] = {}
_announced: dict[str, None] = {}
_announced_in = ""
"""The tables that this notebook says it publishes, and the folder where tables stand."""

_NOT_OURS = {".git", ".ipynb_checkpoints", ".venv", "__pycache__"}
_WRITES = os.O_WRONLY | os.O_RDWR


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, mode, flags = arguments
    elif event in ("os.listdir", "os.scandir"):
        path, mode, flags = arguments[0] or ".", "r", 0
    else:
        return
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if not isinstance(path, str):
        return
    writes = any(letter in mode for letter in "wax+") if mode else bool(flags & _WRITES)
    if writes:
        _refuse_unannounced(path)
    if writes or not reads.silent():
        (_written if writes else _opened)[os.path.abspath(path)] = None  # noqa: PTH100  # runs at every opening


def _refuse_unannounced(path: str) -> None:
    """Stop a notebook that would write a table which it does not announce: it may be another's."""
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100  # runs at every opening
    table = name.split(".")[0]
    if folder == _announced_in and table not in _announced:
        raise NotDeclared(
            f"Sổ tính công bố bảng “{table}” mà tên không ghi thẳng trong ô: "
            f'viết desk.publish("{table}", …).'
        )


def begin() -> None:
    """Watch from now on what this process opens."""
    reads.forget()
    global _announced_in
    _opened.clear()
    _written.clear()
    _announced.clear()
    _announced.update(dict.fromkeys(os.environ.get(ANNOUNCED_VARIABLE, "").split()))
    _announced_in = str(Path(os.environ[OUTPUT_VARIABLE]).resolve() / TABLES)
    sys.addaudithook(_hook)


def _place(path: str, output: Path, root: Path) -> tuple[str, str] | None:
    """Return what a file is ("table", "file") with its place; None for what is no input."""
    if path.endswith(".pyc"):
        try:
            path = importlib.util.source_from_cache(path)
        except ValueError:
            return None
    found = Path(path)
    if found.is_relative_to(output):
        inside = found.relative_to(output)
        if inside.parts[0] != TABLES:
            return None
        return "table", inside.name
    if not found.is_relative_to(root):
        return None
    inside = found.relative_to(root)
    return None if _NOT_OURS & set(inside.parts) else ("file", inside.as_posix())


def told() -> Mapping[str, Any]:
    """Return the files and the tables that were read.

    Of a table (and of a file) come the parts that were noted: columns and the values by which rows
    were chosen, both empty for the whole. What was opened without any note counts as a whole.
    """
    root, output = project_root(), Path(os.environ[OUTPUT_VARIABLE]).resolve()
    found: dict[str, dict[str, list[Any]]] = {"file": {}, "table": {}}
    for read in reads.noted():
        path = os.path.abspath(read.path)  # noqa: PTH100  # as the hook writes it
        if path in _written:
            continue  # its own, read back
        if place := _place(path, output, root):
            parts = found[place[0]].setdefault(place[1], [])
            parts.append([list(read.columns), [list(pair) for pair in read.where]])
    for path in _opened:
        place = _place(path, output, root)
        if place and path not in _written:
            found[place[0]].setdefault(place[1], [[[], []]])
    return {"files": found["file"], "tables": found["table"]}

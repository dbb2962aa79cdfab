"""Take out of an executed notebook what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat import NotebookNode

from helpers.runner.model import VOLATILE

__all__ = ["INJECTED", "cleaned"]

INJECTED = "injected-parameters"
_CELL_FILE = re.compile(r"(?:[A-Za-z]:)?[^\s\"'<>]*ipykernel_\d+[/\\]\d+\.py")
_KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}


def _pattern(folders: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the folders, with the stroke after it, but not a longer name."""
    longest_first = sorted({folder.rstrip("/") for folder in folders}, key=len, reverse=True)
    names = "|".join(re.escape(folder) for folder in longest_first if folder)
    return re.compile(rf"(?:{names or '(?!)'})(?P<inside>/|(?![\w.-]))")


def _without_paths(value: Any, found: re.Pattern[str]) -> Any:
    """Return an output with the machine's folders and the kernel's temporary files taken out."""
    if isinstance(value, str):
        value = found.sub(lambda place: "" if place["inside"] else ".", value)
        return _CELL_FILE.sub("<cell>", value) if "ipykernel_" in value else value
    if isinstance(value, list):
        return [_without_paths(part, found) for part in value]
    if isinstance(value, NotebookNode):
        return NotebookNode({key: _without_paths(part, found) for key, part in value.items()})
    return value


def cleaned(notebook: Any, parameters: Mapping[str, object], folders: Iterable[str] = ()) -> Any:
    """Return a copy of an executed notebook that two runs make the same, byte for byte.

    Times, durations, random cell ids and papermill's paths go; so do the given folders wherever an
    output names a file in one of them.
    """
    found = _pattern(folders)
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        metadata = {name: value for name, value in cell.metadata.items() if name not in VOLATILE}
        if not metadata.get("tags", True):
            del metadata["tags"]
        kept = NotebookNode(cell)
        kept["id"] = f"cell-{len(cells) + 1:03d}"
        kept["metadata"] = NotebookNode(metadata)
        if cell.cell_type == "code":
            kept["outputs"] = [_without_paths(output, found) for output in cell.outputs]
        cells.append(kept)
    title = notebook.metadata.get("title")
    about = {
        **({"title": title} if title else {}),
        "kernelspec": dict(_KERNELSPEC),
        "language_info": dict(_LANGUAGE),
        "papermill": {"parameters": dict(parameters)},
    }
    return NotebookNode(cells=cells, metadata=NotebookNode(about), nbformat=4, nbformat_minor=5)

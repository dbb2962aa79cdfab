"""An executed notebook as text: byte for byte what nbformat writes, in half of its time.

nbformat copies the whole notebook to split its texts into lines, and has it indented by Python's
own encoder, piece by piece.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

__all__ = ["text_of"]

LINED = ("application/javascript", "image/svg+xml")
"""What is split into lines besides all that is text."""

SHOWN = ("execute_result", "display_data")
"""Outputs that say the same in several forms."""


def text_of(notebook: Mapping[str, Any]) -> str:
    """Return a notebook of format 4 as the text of its file, the last line's end included."""
    cells = [_cell(cell) for cell in notebook["cells"]]
    return _json({**notebook, "cells": cells}, "\n") + "\n"


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    found = {**cell, "source": _lines(cell["source"])}
    if "attachments" in cell:
        attached = cell["attachments"]
        found["attachments"] = {name: _bundle(data) for name, data in attached.items()}
    if "outputs" in cell:
        found["outputs"] = [_output(output) for output in cell["outputs"]]
    return found


def _output(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] in SHOWN:
        return {**output, "data": _bundle(output["data"])}
    return {**output, "text": _lines(output["text"])} if "text" in output else dict(output)


def _bundle(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        kind: _lines(value) if kind.startswith("text/") or kind in LINED else value
        for kind, value in data.items()
    }


def _lines(text: Any) -> Any:
    return text.splitlines(keepends=True) if isinstance(text, str) else text


def _json(value: Any, end: str) -> str:
    """Return a value as JSON, its keys sorted; `end` is a line's end and the indent after it."""
    if isinstance(value, str):
        return encode_basestring(value)
    deeper = f"{end} "
    if isinstance(value, dict) and value:
        items = [f"{encode_basestring(key)}: {_json(value[key], deeper)}" for key in sorted(value)]
        return f"{{{deeper}{f',{deeper}'.join(items)}{end}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{deeper}{f',{deeper}'.join([_json(one, deeper) for one in value])}{end}]"
    return json.dumps(value)

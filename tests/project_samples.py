"""The shipped project in a folder of its own, to be changed at will, and its notebooks run."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from helpers import desk

ROOT = Path(__file__).parents[1]
PLAN = "params/nghe-an-2024.yaml"
ANALYSES = sorted((ROOT / "notebooks").glob("0*.ipynb"))
SETTLE = 0.15
"""Seconds after which a file that was written counts as left alone."""


def copy_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy plans, rules, standards and data, and make the copy the project; nothing is kept yet."""
    for name in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "pyproject.toml", folder)
    monkeypatch.setenv("HELPERS_ROOT", str(folder))
    monkeypatch.setattr(desk, "_kept", {})
    time.sleep(SETTLE)
    return folder


def run_cells(notebook: Path) -> None:
    """Run a notebook's code cells here, with the parameters that it comes with."""
    names: dict[str, object] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), str(notebook), "exec"), names)

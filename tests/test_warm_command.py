"""The engine from papermill's own command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from warm_samples import cell, notebook, texts

pytestmark = pytest.mark.slow


def _papermill(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    cells = [
        cell("parameters", "x = 0", tags=["parameters"]),
        "import os, sys; print(x, os.path.basename(os.getcwd()), 'pandas' in sys.modules)",
        "print(os.getppid() != int(os.environ['JPY_PARENT_PID']))",
    ]
    nbformat.write(notebook(cells), folder / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "warm", "in.ipynb", "out.ipynb"]
    return subprocess.run(
        [*command, *words],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("bar", ["--progress-bar", "--no-progress-bar"])
def test_a_notebook_runs_warm_from_the_command_line(tmp_path: Path, bar: str) -> None:
    """Parameters, kernel name, folder and preloaded modules are as asked for."""
    (tmp_path / "đây").mkdir()
    words = ["-p", "x", "5", "-k", "python3", "--cwd", str(tmp_path / "đây"), bar]
    done = _papermill(tmp_path, *words, WARM_PRELOAD="pandas")
    assert done.returncode == 0, done.stderr
    said = texts(nbformat.read(tmp_path / "out.ipynb", as_version=4))
    assert said[2:] == ["5 đây True", "True"]
    assert "Debugger warning" not in done.stderr
    assert "Traceback" not in done.stderr
    assert ("Executing:" in done.stderr) == (bar == "--progress-bar")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A kernel that cannot start ends the run with an error, at once."""
    done = _papermill(tmp_path, "--cwd", str(tmp_path / "không"))
    assert done.returncode != 0

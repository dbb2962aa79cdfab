"""Small projects with small notebooks, for the tests of the runner."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.runner import Build, Job, Result, run
from helpers.runner.console import Console

PARAMETERS = 'district = "Vinh"\nyear: int = 2024\nrate: float = 1.5\nnote: str | None = None'


def write_notebook(root: Path, name: str, *cells: str, parameters: str | None = PARAMETERS) -> Path:
    """Write a notebook: a title, the parameters cell, and code under a second heading."""
    notebook = new_notebook()
    notebook.cells = [new_markdown_cell(f"# Sổ {name}")]
    if parameters is not None:
        notebook.cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    notebook.cells.append(new_markdown_cell("Lời dẫn\n\n## Tính toán"))
    notebook.cells += [new_code_cell(source) for source in cells]
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"source-{number}"
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def publishing(table: str, text: str) -> str:
    """Return a cell that publishes a table."""
    return (
        "import os\nfrom pathlib import Path\n"
        "folder = Path(os.environ['HELPERS_OUTPUT']) / 'tables'\nfolder.mkdir(exist_ok=True)\n"
        f"_ = (folder / {table + '.csv'!r}).write_text({text!r})"
    )


def toy(root: Path, *jobs: Job, inputs: tuple[Path, ...] = (), **more: object) -> Build:
    """Return a build of the jobs into reports/thu."""
    return Build("thu", root / "reports" / "thu", jobs, inputs, **more)  # type: ignore[arg-type]


def job(path: Path, name: str = "", parameters: Mapping[str, object] | None = None, **more: object):
    """Return a job of the notebook."""
    return Job(f"Bản {path.stem}", path, parameters or {}, name or path.stem, **more)


def run_quietly(build: Build, **options: int) -> tuple[Result, str]:
    """Run the build; return how it ended and what it said."""
    said = io.StringIO()
    result = run(build, console=Console(said), **options)
    return result, said.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

"""Small projects with small notebooks, for the tests of the runner."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.paths import ROOT_VARIABLE
from helpers.runner import Build, Job, Limits, Result, Shop, open_shop, run
from helpers.runner.console import Console
from helpers.runner.surroundings import variables

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
        "folder = Path(os.environ['HELPERS_OUTPUT']) / 'tables'\n"
        "folder.mkdir(parents=True, exist_ok=True)\n"
        f"_ = (folder / {table + '.csv'!r}).write_text({text!r})\n"
        f"_ = (folder / {table + '.meta.yml'!r}).write_text('key: [key]\\n')"
    )


def toy(root: Path, *jobs: Job, inputs: tuple[Path, ...] = (), **more: object) -> Build:
    """Return a build of the jobs into reports/thu; their notebooks are among the inputs."""
    given = tuple(dict.fromkeys([*inputs, *(job.notebook for job in jobs)]))
    return Build("thu", root / "reports" / "thu", jobs, given, **more)  # type: ignore[arg-type]


def job(path: Path, name: str = "", parameters: Mapping[str, object] | None = None, **more: object):
    """Return a job of the notebook."""
    return Job(f"Bản {path.stem}", path, parameters or {}, name or path.stem, **more)


PRELOAD = ("papermill.execute", "nbconvert.exporters", "helpers.runner.execute")


@contextmanager
def shop(workers: int = 2) -> Iterator[Shop]:
    """Open a shop with warm workers, which find the functions of this module too."""
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    with variables({"PYTHONPATH": path}), open_shop(PRELOAD, workers=workers) as opened:
        yield opened


def write_index(folder: Path) -> None:
    """Make the last step of a build: a page."""
    (folder / "index.html").write_text("mục lục", encoding="utf-8")


def learn(folder: Path, several: bool) -> None:
    """Be a rehearsal that leaves a sign of itself, and fails where a table holds no number."""
    text = (folder / "tables" / "von.csv").read_text()
    with Path(os.environ[ROOT_VARIABLE], "learnt").open("a") as signs:
        signs.write(f"{several} {text.split()[-1]}\n")
    int(text.split()[-1])


def refuse(folder: Path) -> None:
    """Make the last step of a build fail."""
    raise ValueError("thiếu bảng")


def run_quietly(
    build: Build, opened: Shop | None = None, *, limits: Limits | None = None, afresh: bool = False
) -> tuple[Result, str]:
    """Run the build in a shop, its own where none is given; return how it ended and its words."""
    said = io.StringIO()
    with nullcontext(opened) if opened else shop() as where:
        told = Console(said)
        result = run(build, where, limits=limits or Limits(), console=told, afresh=afresh)
    return result, said.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

"""The project's notebooks come out the same from papermill's own engine and from the warm one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill.execute import execute_notebook
from warm_samples import STOCK, WARM, normal, ready

from helpers.runner.model import OUTPUT_VARIABLE

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
LAST = ("04-main-risks", "commune-sheet", "district-brief", "provincial-brief", "provincial-plan")
"""They read what others publish."""

PATHS = sorted(NOTEBOOKS.rglob("*.ipynb"), key=lambda path: (path.stem in LAST, path.stem))


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> Iterator[None]:
    with ready(WARM_PRELOAD="numpy,pandas,matplotlib.pyplot", SOURCE_DATE_EPOCH="0"):
        yield


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[Any]]:
    """Return the outputs of each notebook from each engine, which has tables of its own."""
    ran: dict[Path, list[Any]] = {}
    for path in PATHS:
        for name in (STOCK, WARM):
            tables = tmp_path_factory.getbasetemp() / name
            tables.mkdir(exist_ok=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(OUTPUT_VARIABLE, str(tables))
                source = nbformat.read(path, as_version=4)
                given = {"engine_name": name, "cwd": path.parent, "progress_bar": False}
                done = execute_notebook(source, None, **given)
            ran.setdefault(path, []).append([cell.get("outputs") for cell in done.cells])
    return ran


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_gives_the_same(ran: dict[Path, list[Any]], path: Path) -> None:
    """Text, tables and figures of analyses and briefs are equal, the heavy libraries preloaded."""
    stock, warm = ran[path]
    assert any(stock)
    assert normal(warm) == normal(stock)

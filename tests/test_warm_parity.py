"""Papermill's own engine and the warm one give the same outputs, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warm_samples import FIGURES, PREPARED, STOCK, TEXT, WARM, normal, prepared, ready, run

pytestmark = pytest.mark.slow

GROUPS = {"text": TEXT, "figures": FIGURES}
PRELOADED = {"text": "", "figures": "numpy,pandas,matplotlib.pyplot"}
ENGINES = (STOCK, WARM)
WAYS = (*ENGINES, PREPARED)
KEPT_IN_NO_FILE = "history magic"
"""The cell that asks for the history, which a kernel that is prepared does not keep."""
FORMATS = ("image/png", "image/svg+xml")


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> Iterator[None]:
    with ready():
        yield


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """Return each group of cells as each engine has run it, in folders of one name."""
    ran = {}
    for group, cells in GROUPS.items():
        with ready(WARM_PRELOAD=PRELOADED[group], SOURCE_DATE_EPOCH="0"):
            for name in WAYS:
                folder = tmp_path_factory.mktemp(f"{group}-{name}", numbered=False)
                given: dict[str, Any] = {
                    "parameters": {"nơi": "Kỳ Sơn", "số": 3},
                    "report_mode": group == "figures",
                }
                if name == PREPARED:
                    given |= prepared(tmp_path_factory.mktemp("ipython"))
                ran[group, name] = run(cells, WARM if name == PREPARED else name, folder, **given)
    return ran


@pytest.mark.parametrize(
    ("group", "place"),
    [
        pytest.param(group, place, id=f"{group}-{cell.name}")
        for group, cells in GROUPS.items()
        for place, cell in enumerate(cells)
    ],
)
def test_a_cell_gives_the_same(ran: dict[tuple[str, str], Any], group: str, place: int) -> None:
    """Outputs in their order, metadata, execution count and all else of a cell are equal."""
    stock, warm, prepared = (
        next(cell for cell in ran[group, name].cells if cell.get("id") == f"c{place}")
        for name in WAYS
    )
    for cell in (stock, warm, prepared):
        cell.metadata.get("papermill", {}).clear()  # times
        cell.metadata.pop("execution", None)
    assert normal(warm) == normal(stock)
    if GROUPS[group][place].name != KEPT_IN_NO_FILE:
        assert normal(prepared) == normal(stock)


@pytest.mark.parametrize("group", GROUPS)
def test_a_notebook_gets_the_same_around_its_cells(
    ran: dict[tuple[str, str], Any], group: str
) -> None:
    """Injected parameters, language, widgets' state and the run's record are equal."""
    stock, warm = (ran[group, name] for name in ENGINES)
    (first, *_), (injected, *_) = stock.cells, warm.cells
    assert injected.source == first.source
    assert "injected-parameters" in injected.metadata.tags
    kept = ("language_info", "kernelspec", "widgets")
    assert all(warm.metadata.get(key) == stock.metadata.get(key) for key in kept)
    assert warm.metadata.papermill.parameters == stock.metadata.papermill.parameters


def test_the_samples_show_what_they_are_to_show(ran: dict[tuple[str, str], Any]) -> None:
    """The comparison is not one of nothing with nothing: figures, widgets and errors are there."""
    shown = [o for c in ran["figures", WARM].cells for o in c.get("outputs", ())]
    images = [o for o in shown if any(form in o.get("data", {}) for form in FORMATS)]
    assert len(images) == 19
    widgets = ran["text", WARM].metadata.widgets["application/vnd.jupyter.widget-state+json"]
    assert len(widgets["state"]) == 2
    errors = [
        output.ename
        for cell in ran["text", WARM].cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
    assert len(errors) >= 25


@pytest.mark.parametrize("way", ["graceful", "immediate"])
def test_a_notebook_ends_with_its_first_error(way: str, tmp_path: Path) -> None:
    """Cells after an error stay unrun with both engines, however the kernel is ended."""
    cells = ["print(1)", "1 / 0", "print(2)"]
    stock, warm = (run(cells, name, tmp_path, shutdown_kernel=way) for name in ENGINES)
    assert [cell.execution_count for cell in warm.cells] == [1, 2, None]
    assert normal([c.outputs for c in warm.cells]) == normal([c.outputs for c in stock.cells])


@pytest.mark.parametrize("leave", ["exit()", "quit()", "import sys; sys.exit(0)"])
def test_leaving_is_the_same(leave: str, tmp_path: Path) -> None:
    """A cell that leaves gives the same outputs with both engines."""
    stock, warm = (run(["1", leave], name, tmp_path) for name in ENGINES)
    assert normal([c.outputs for c in warm.cells]) == normal([c.outputs for c in stock.cells])

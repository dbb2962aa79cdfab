"""Measure how long an executed brief takes to become its documents, beside nbconvert's own page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbconvert.exporters import Exporter, HTMLExporter, get_exporter

from helpers.brief.document import tree
from helpers.errors import HelpersError
from helpers.runner import manifest
from helpers.stopwatch import median_seconds

__all__ = ["bench_forms"]

PROVINCE, DISTRICT = 1.0, 0.15
"""The goals: seconds for all forms of a document of the province, for a district's page and PDF."""

FORMS = ("brief_html", "brief_pdf", "brief_word", "brief_excel")


def _said(seconds: float) -> str:
    return f"{seconds:.3f} s".replace(".", ",")


def _taken(notebook: nbformat.NotebookNode) -> tuple[list[float], list[float]]:
    """Return the seconds of each form, the first time and again.

    The first time counts for the goals: Typst remembers what it has laid out, so that the same
    document again is quicker than any other would be. Its tree is made with the first form.
    """
    exporters = [get_exporter(form)() for form in FORMS]
    tree.cache_clear()
    first = [_seconds(exporter, notebook) for exporter in exporters]
    again = [
        median_seconds(lambda: exporter.from_notebook_node(notebook))  # noqa: B023  # called at once
        for exporter in exporters
    ]
    return first, again


def _seconds(exporter: Exporter, notebook: nbformat.NotebookNode) -> float:
    start = time.perf_counter()
    exporter.from_notebook_node(notebook)
    return time.perf_counter() - start


def _each(times: list[float]) -> str:
    """Return the seconds of each form."""
    names = (form.removeprefix("brief_") for form in FORMS)
    return ", ".join(f"{name} {_said(taken)}" for name, taken in zip(names, times, strict=True))


def _of_district(records: list[dict[str, object]]) -> str:
    """Return the name of a district's brief: of those in a folder, the first."""
    names = (str(record["name"]) for record in records if record["renders"])
    return next((name for name in names if "/" in name), "")


def bench_forms(root: Path, plan: str) -> Iterator[str]:
    """Yield what the documents of the province and of one district take once they were run.

    Raises:
        HelpersError: the plan has no reports to measure.
    """
    target = root / "reports" / plan
    records = manifest.read(target).get("jobs", [])
    if not records:
        raise HelpersError(f"Chưa có báo cáo của kế hoạch {plan} để đo: chạy make trước.")
    folder = target / "notebooks"
    for record in records:
        name = record["name"]
        if record["renders"] and "/" not in name:
            notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            first, again = _taken(notebook)
            usual = _seconds(HTMLExporter(), notebook)
            yield (
                f"Xuất {name}, cả bốn dạng:   {_said(sum(first))} (mục tiêu {_said(PROVINCE)}; "
                f"{_each(first)}), lần sau {_said(sum(again))}; riêng trang HTML của nbconvert "
                f"{_said(usual)}"
            )
    name = _of_district(records)
    if name:
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        first, again = _taken(notebook)
        yield (
            f"Xuất {name}, HTML và PDF:   {_said(sum(first[:2]))} (mục tiêu {_said(DISTRICT)}; "
            f"{_each(first)}), lần sau {_said(sum(again[:2]))}"
        )

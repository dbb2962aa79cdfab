"""Builds that are only measured: fewer briefs than the plan has, or very many short sheets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.benchmarks.sheets import TABLE, unit_codes
from helpers.jobs import make_build, package
from helpers.paths import project_root
from helpers.runner import Build, Job

__all__ = ["few", "sheets"]

REPORTS = "reports"
FOLDER = "bench"
"""Where the notebooks of the sheets are written, in the copy of the project that is measured."""

_UNITS = (
    "from helpers.benchmarks.sheets import publish_units",
    "publish_units(number)",
)
_SHEET = (
    "from helpers import Text, open_brief\nfrom helpers.benchmarks import sheets\n\n"
    f'brief = open_brief("phieu-xa", reads="{TABLE}")',
    "sheets.title(brief, unit)",
    "Text(sheets.sentence(brief, unit))",
    "sheets.figures(brief, unit)",
    "sheets.bars(brief, unit)",
)


def few(plan: Path, number: int) -> Build:
    """Return the plan's build with so many of its briefs, and reports of its own."""
    whole = make_build(plan)
    briefs = [job for job in whole.jobs if job.renders]
    left_out = {job.name for job in briefs[number:]}
    return replace(
        whole,
        target=project_root() / REPORTS / f"{whole.name}-{number}",
        jobs=tuple(job for job in whole.jobs if job.name not in left_out),
        finish=None,
    )


def _notebook(name: str, parameters: str, cells: tuple[str, ...]) -> Path:
    """Write a notebook of the measurement and return its place."""
    notebook = new_notebook()
    notebook.cells = [
        new_markdown_cell("# Phiếu xã (minh họa)", metadata={"tags": ["remove_cell"]}),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(new_code_cell(source) for source in cells),
    ]
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"o-{number:02}"
    path = project_root() / FOLDER / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    return path


def sheets(plan: Path, number: int, name: str) -> Build:
    """Return the build of so many sheets, each of one made-up unit, in HTML and PDF.

    Args:
        plan: A plan in order, whose build lends the exporters and the rest.
        number: How many units.
        name: The folder of the reports.
    """
    whole = make_build(plan)
    units = _notebook("units", "number: int = 1", _UNITS)
    sheet = _notebook("sheet", 'unit: str = "00001"', _SHEET)
    code = package().reachable(["helpers.benchmarks.sheets", "helpers.brief.reader"])
    first = Job(
        "Số liệu minh họa", units, {"number": number}, "units", publishes=(TABLE,), code=code
    )
    others = (
        Job(
            label=f"Phiếu xã minh họa {unit}",
            notebook=sheet,
            parameters={"unit": unit},
            name=f"sheets/{unit}",
            renders=(("brief_html", f"sheets/{unit}.html"), ("brief_pdf", f"sheets/{unit}.pdf")),
            reads=(TABLE,),
            code=code,
        )
        for unit in unit_codes(number)
    )
    return replace(
        whole,
        name=name,
        target=project_root() / REPORTS / name,
        jobs=(first, *others),
        inputs=(*whole.inputs, units, sheet),
        check=None,
        finish=None,
    )

"""The first page of a plan's reports: what was made, for whom, from which data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from helpers import words
from helpers.brief.narrative import capital_sentence, groups_paragraph, targets_summary
from helpers.brief.reader import Brief
from helpers.data.catalogue import CATALOGUE

__all__ = ["write_index"]

Jobs = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""What a build makes: each run's label and its files, as (exporter, path)."""


def _district_rows(brief: Brief) -> list[dict[str, Any]]:
    targets = brief.table("targets")
    rows = []
    for capital in brief.table("capital_by_district").frame.itertuples():
        target = targets.one(area_code=capital.district_code)
        rows.append(
            {
                "name": capital.district,
                "slug": capital.slug,
                "capital": words.million(capital.total),
                "rate": words.rate(capital_rate(target)),
                "result": target["result"],
                "to_go": words.count(int(str(target["to_low"]))),
            }
        )
    return rows


def capital_rate(target: Any) -> words.Number:
    """Return a target row's current rate as a number."""
    rate = target["current_rate"]
    if not isinstance(rate, words.NUMBERS):
        raise TypeError(f"not a rate: {rate!r}")
    return rate


def write_index(output: Path, *, jobs: Jobs, plan_id: str) -> Path:
    """Write `index.html` into a folder of reports whose tables and briefs are all there."""
    brief = Brief(plan_id, output)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("helpers.brief"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    marks = {mark for name in CATALOGUE for mark in _marks(brief, name)}
    page = environment.get_template("index.html.j2").render(
        title=f"Kế hoạch giảm nghèo bền vững năm {brief.year}, {brief.province}",
        issuer=brief.fact("document", "issuer"),
        capital=capital_sentence(brief).replace("**", ""),
        summary=targets_summary(brief),
        groups=[line.removeprefix("- ") for line in groups_paragraph(brief).splitlines()],
        marks=marks,
        recipients=[name for name in brief.facts("recipient").values() if "Lưu" not in name],
        briefs=[
            {"label": label, "files": [path for _, path in files]}
            for label, files in jobs
            if files and "/" not in files[0][1]
        ],
        districts=_district_rows(brief),
        sources=brief.table("data_sources").frame.to_dict("records"),
        tables=[
            {"name": name, "title": spec.title, "rows": len(brief.table(name).frame)}
            for name, spec in CATALOGUE.items()
            if (output / "tables" / f"{name}.csv").exists()
        ],
        notebooks=[
            {"label": label, "path": path.relative_to(output).as_posix()}
            for label, path in _analyses(output, jobs)
        ],
    )
    path = output / "index.html"
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def _marks(brief: Brief, name: str) -> tuple[str, ...]:
    table = brief.output / "tables" / f"{name}.csv" if brief.output else None
    return brief.table(name).marks if table and table.exists() else ()


def _analyses(output: Path, jobs: Jobs) -> list[tuple[str, Path]]:
    labels = [label for label, files in jobs if not files]
    return list(zip(labels, sorted((output / "notebooks").glob("*.ipynb")), strict=False))

"""The first page of a plan's reports: what was made, for whom, from which data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from helpers import words
from helpers.brief.html import templates
from helpers.brief.narrative import capital_sentence, groups_paragraph, targets_summary
from helpers.brief.reader import Brief
from helpers.data.catalogue import CATALOGUE

__all__ = ["Made", "write_index"]


@dataclass(frozen=True)
class Made:
    """One run of a build: its label, its executed notebook and its documents, as paths."""

    label: str
    notebook: str
    files: tuple[str, ...]


def _district_rows(brief: Brief, made: Sequence[Made]) -> list[dict[str, Any]]:
    """Return the table of districts, each with the documents that bear its name."""
    files: dict[str, list[str]] = defaultdict(list)
    for one in made:
        for path in one.files:
            files[PurePosixPath(path).stem].append(path)
    targets = brief.table("targets")
    rows = []
    for capital in brief.table("capital_by_district").frame.itertuples():
        target = targets.one(area_code=capital.district_code)
        rows.append(
            {
                "name": capital.district,
                "files": _links(files[capital.slug]),
                "capital": words.million(capital.total),
                "rate": words.rate(target["current_rate"]),
                "result": target["result"],
                "to_go": words.count(target["to_low"]),
            }
        )
    return rows


def _links(paths: Sequence[str]) -> list[dict[str, str]]:
    """Return paths with the words of their links; folders tell two documents of a kind apart."""
    folders = {PurePosixPath(path).parent.name for path in paths}
    return [
        {
            "path": path,
            "text": PurePosixPath(path).suffix[1:].upper()
            + (f" ({PurePosixPath(path).parent.name})" if len(folders) > 1 else ""),
        }
        for path in paths
    ]


def write_index(output: Path, *, made: Sequence[Made], plan_id: str) -> Path:
    """Write `index.html` into a folder of reports whose tables and briefs are all there."""
    brief = Brief(plan_id, output)
    marks = {mark for name in CATALOGUE for mark in _marks(brief, name)}
    page = (
        templates()
        .get_template("index.html.j2")
        .render(
            title=f"Kế hoạch giảm nghèo bền vững năm {brief.year}, {brief.province}",
            issuer=brief.fact("document", "issuer"),
            capital=capital_sentence(brief).replace("**", ""),
            summary=targets_summary(brief),
            groups=[line.removeprefix("- ") for line in groups_paragraph(brief).splitlines()],
            marks=marks,
            recipients=[
                name for name in brief.facts("recipient").values() if not name.startswith("Lưu")
            ],
            briefs=[one for one in made if one.files and "/" not in one.files[0]],
            districts=_district_rows(brief, made),
            sources=brief.table("data_sources").frame.to_dict("records"),
            tables=[
                {"name": name, "title": spec.title, "rows": len(brief.table(name).frame)}
                for name, spec in CATALOGUE.items()
                if (output / "tables" / f"{name}.csv").exists()
            ],
            notebooks=[one for one in made if not one.files],
        )
    )
    path = output / "index.html"
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def _marks(brief: Brief, name: str) -> tuple[str, ...]:
    table = brief.output / "tables" / f"{name}.csv" if brief.output else None
    return brief.table(name).marks if table and table.exists() else ()

"""The first page of a plan's reports: what was made, for whom, from which data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from helpers import words
from helpers.brief.html import script, templates
from helpers.brief.narrative import capital_sentence, groups_paragraph, targets_summary
from helpers.brief.reader import Brief
from helpers.data.catalogue import CATALOGUE
from helpers.legible import clean
from helpers.text import slug

__all__ = ["Made", "index_page", "write_index"]

FORMATS: Mapping[str, str] = {
    ".html": "HTML",
    ".pdf": "PDF",
    ".docx": "Word",
    ".xlsx": "Excel",
}
"""How a link names the format of a file, in this order."""

LOOKS: Mapping[str, tuple[str, str]] = {
    "vượt": ("over", "▲"),
    "đạt": ("met", "●"),
    "chưa đạt": ("missed", "▼"),
}
"""A result's class and its sign: shape and word tell them apart where colour does not."""
UNKNOWN = ("unknown", "–")

REGIONS: Mapping[str, str] = {
    "lowland": "đồng bằng",
    "mountainous": "miền núi",
    "highland": "miền núi cao",
}
"""How a page names the regions that districts lie in."""

SHADES = (20, 10, 5, 2)
"""Steps of the map, in percent, from the darkest tile on."""

COMMUNES = "communes"

ADDRESSES = frozenset({"path", "page", "notebook"})
"""What leads to a file stays as the file is called."""


@dataclass(frozen=True)
class Made:
    """One run of a build: its label, its executed notebook and its documents, as paths."""

    label: str
    notebook: str
    files: tuple[str, ...]


def _stem(path: str) -> str:
    """Return the document's name, whatever its language and format ("ky-son")."""
    return PurePosixPath(path).name.partition(".")[0]


def _text(path: str) -> str:
    """Return a link's words: the format, and the language of a translation ("PDF EN")."""
    language, suffix = PurePosixPath(path).stem.partition(".")[2], PurePosixPath(path).suffix
    return f"{FORMATS.get(suffix, suffix[1:].upper())} {language.upper()}".rstrip()


def _links(paths: Iterable[str]) -> list[dict[str, str]]:
    """Return paths with the words of their links, each language's by format.

    Folders tell two documents of a kind apart.
    """
    order = list(FORMATS)

    def place(path: str) -> tuple[str, str, int]:
        pure = PurePosixPath(path)
        known = order.index(pure.suffix) if pure.suffix in FORMATS else len(order)
        return pure.parent.as_posix(), pure.stem.partition(".")[2], known

    chosen = sorted(paths, key=place)
    folders = {PurePosixPath(path).parent.name for path in chosen}
    return [
        {
            "path": path,
            "text": _text(path) + (f" ({PurePosixPath(path).parent.name})" * (len(folders) > 1)),
        }
        for path in chosen
    ]


def _district_rows(brief: Brief, made: Sequence[Made]) -> list[dict[str, Any]]:
    """Return the table of districts, each with the documents that bear its name."""
    files: dict[str, list[str]] = defaultdict(list)
    for one in made:
        for path in one.files:
            if len(PurePosixPath(path).parts) == 2:
                files[_stem(path)].append(path)
    targets = brief.table("targets")
    at_risk = {row["district_code"] for row in brief.table("districts_at_risk").records()}
    rows = []
    for capital in brief.table("capital_by_district").frame.itertuples():
        target = targets.one(area_code=capital.district_code)
        links = _links(files[capital.slug])
        rate = target["current_rate"]
        known = rate is not None and rate == rate
        look, sign = LOOKS.get(target["result"], UNKNOWN)
        rows.append(
            {
                "name": capital.district,
                "plain": slug(capital.district).replace("-", " "),
                "region": capital.region,
                "files": links,
                "page": next((link["path"] for link in links if link["text"] == "HTML"), ""),
                "row": int(capital.tile_row) + 1,
                "column": int(capital.tile_column) + 1,
                "shade": sum(rate >= step for step in SHADES) if known else 0,
                "capital": words.million(capital.total),
                "rate": words.rate(rate) if known else "–",
                "result": target["result"],
                "look": look,
                "sign": sign,
                "risk": capital.district_code in at_risk,
                "to_go": words.count(target["to_low"]),
            }
        )
    return rows


def _documents(made: Sequence[Made]) -> list[dict[str, Any]]:
    """Return the documents at the top, the translations of each beside it."""
    found: dict[str, dict[str, Any]] = {}
    for one in made:
        if one.files and "/" not in one.files[0]:
            known = found.setdefault(_stem(one.files[0]), {"label": one.label, "files": []})
            known["files"] += one.files
    return [{**one, "files": _links(one["files"])} for one in found.values()]


def _communes(made: Sequence[Made], districts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the sheets of communes by district, the languages of each beside one another."""
    names = {slug(row["name"]): row["name"] for row in districts}
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for one in made:
        parts = PurePosixPath(one.files[0]).parts if one.files else ()
        if len(parts) == 3 and parts[0] == COMMUNES:
            label = one.label.partition(": ")[2].partition(",")[0] or one.label
            known = found[parts[1]].setdefault(_stem(parts[2]), {"label": label, "files": []})
            known["files"] += one.files
    return [
        {
            "name": names.get(place, place),
            "sheets": [{**one, "files": _links(one["files"])} for one in sheets.values()],
        }
        for place, sheets in found.items()
    ]


def index_page(
    output: Path, *, made: Sequence[Made], plan_id: str, shared: Collection[str] | None = None
) -> str:
    """Return the first page of a folder of reports whose tables and briefs are all there.

    Args:
        output: The folder of the reports.
        made: What the build has made.
        plan_id: The plan's id.
        shared: The names of the tables that go along where the reports leave the house; the page
            then links nothing else that stays behind. None for the house's own page.
    """
    brief = Brief(plan_id, output)
    tables = [
        name
        for name in CATALOGUE
        if (output / "tables" / f"{name}.csv").exists() and (shared is None or name in shared)
    ]
    districts = _district_rows(brief, made)
    regions = {row["region"] for row in districts}
    running, allowed = script("index.js")
    return (
        templates()
        .get_template("index.html.j2")
        .render(
            script=running,
            allowed=allowed,
            **_cleaned(
                title=f"Kế hoạch giảm nghèo bền vững năm {brief.year}, {brief.province}",
                issuer=brief.fact("document", "issuer"),
                capital=capital_sentence(brief).replace("**", ""),
                summary=targets_summary(brief),
                groups=[line.removeprefix("- ") for line in groups_paragraph(brief).split("\n")],
                marks={mark for name in CATALOGUE for mark in _marks(brief, name)},
                recipients=[
                    name for name in brief.facts("recipient").values() if not name.startswith("Lưu")
                ],
                briefs=_documents(made),
                districts=districts,
                regions={code: name for code, name in REGIONS.items() if code in regions},
                steps=SHADES,
                communes=_communes(made, districts),
                sources=brief.table("data_sources").frame.to_dict("records"),
                tables=[
                    {
                        "name": name,
                        "title": CATALOGUE[name].title,
                        "rows": len(brief.table(name).frame),
                    }
                    for name in tables
                ],
                notebooks=[vars(one) for one in made if not one.files] if shared is None else [],
                inside=shared is None,
            ),
        )
    )


def _cleaned(**values: Any) -> dict[str, Any]:
    """Return what a page is filled with, each text in it cleaned; an address stays as it is."""
    return {key: value if key in ADDRESSES else _clean(value) for key, value in values.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return _cleaned(**value)
    return [_clean(one) for one in value] if isinstance(value, list) else value


def write_index(output: Path, *, made: Sequence[Made], plan_id: str) -> Path:
    """Write `index.html` into a folder of reports whose tables and briefs are all there."""
    path = output / "index.html"
    page = index_page(output, made=made, plan_id=plan_id)
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def _marks(brief: Brief, name: str) -> tuple[str, ...]:
    table = brief.output / "tables" / f"{name}.csv" if brief.output else None
    return brief.table(name).marks if table and table.exists() else ()

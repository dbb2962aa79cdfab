"""The seven projects in the official plan: purpose, capital, units, indicators, who leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers import words
from helpers.brief.narrative.plan_words import (
    amounts,
    ended,
    items,
    lettered,
    lower,
    told_of,
    upper,
)
from helpers.brief.reader import Brief
from helpers.legible import literal
from helpers.plan.vocabulary import STATUS_NAMES
from helpers.text import listing

__all__ = ["plan_projects"]

Row = Mapping[str, Any]

FEW = 5
"""So many districts are named each with its capital; of more, only the largest."""

LARGEST = 3


def plan_projects(brief: Brief) -> str:
    """Return a section for each project, in the order of the plan."""
    rows = brief.table("capital_by_project").records()
    projects = [row for row in rows if row["level"] == "project"]
    parts = [row for row in rows if row["level"] == "subproject"]
    said = f"Chương trình gồm {words.spelled(len(projects))} dự án"
    said += f", trong đó có {words.count(len(parts))} tiểu dự án" if parts else ""
    sections = [
        f"{said}. Vốn chi tiết theo dự án và đơn vị tại Phụ lục II; độ tin cậy của mục tiêu, chỉ"
        " tiêu, phân công dưới đây tại Phụ lục IV."
    ]
    for number, project in enumerate(projects, start=1):
        own = [row for row in parts if row["code"].startswith(f"{project['code']}-")]
        sections.append(f"### {number}. Dự án {number}: {literal(project['name'])}")
        sections += lettered(
            (
                _purpose(brief, project, own),
                _capital(brief, project, own),
                _units(brief, project),
                _indicators(brief, project, own),
                _leads(brief, project, own),
            )
        )
    return "\n\n".join(sections)


def _part(number: int) -> str:
    return f"Tiểu dự án {number}"


def _purpose(brief: Brief, project: Row, parts: Sequence[Row]) -> str:
    own = told_of(brief, "purpose", project["code"])
    whole = f"Mục tiêu: {ended(lower(own[0]['text']))}" if own else ""
    told = [
        f"{_part(number)} - {literal(part['name'])}: {lower(text[0]['text'])}"
        for number, part in enumerate(parts, start=1)
        if (text := told_of(brief, "purpose", part["code"]))
    ]
    if not told:
        return whole
    return f"{whole or 'Mục tiêu:'}\n\n{items(told)}"


def _capital(brief: Brief, project: Row, parts: Sequence[Row]) -> str:
    whole = brief.table("capital_by_project").one(code="total")["total"]
    year = brief.year
    if not project["total"]:
        return f"Vốn năm {year}: không bố trí{_why(brief, project)}."
    said = (
        f"Vốn năm {year}: **{words.money(project['total'])}**, bằng"
        f" {words.share(project['total'], whole)} tổng vốn; {_made_of(project, brief.types)}; theo"
        f" nguồn vốn, {_made_of(project, brief.sources)}."
    )
    if not parts:
        return said
    told = [
        f"{_part(number)}: {words.money(part['total'])}"
        if part["total"]
        else f"{_part(number)}: không bố trí vốn{_why(brief, part)}"
        for number, part in enumerate(parts, start=1)
    ]
    return f"{said}\n\n{items(told)}"


def _made_of(project: Row, names: Mapping[str, str]) -> str:
    """Say of which types or sources the capital is."""
    held = [name for code, name in names.items() if project[code]]
    if len(held) == 1:
        return f"toàn bộ là {lower(literal(held[0]))}"
    return f"gồm {listing(amounts(project, names))}"


def _why(brief: Brief, part: Row) -> str:
    """Return the plan's note on why a line gets nothing, in brackets."""
    notes = told_of(brief, "note", part["code"])
    return f" ({notes[0]['text'].rstrip(' .')})" if notes else ""


def _units(brief: Brief, project: Row) -> str:
    """Say who is given the project's capital: districts, agencies, or nobody yet."""
    code = project["code"]
    rows = brief.table("capital_by_district_project").frame
    given = rows[rows[code] > 0]
    by_size = given.sort_values([code, "district_code"], ascending=[False, True])

    def held(level: str, most: int | None = None) -> list[str]:
        found = by_size[by_size["level"] == level].head(most)
        return [
            f"{literal(row['district'])} {words.money(row[code])}"
            for row in found.to_dict("records")
        ]

    said = []
    if districts := held("district"):
        kinds = brief.table("capital_by_district").frame.set_index("district_code")["kind"]
        codes = given.loc[given["level"] == "district", "district_code"]
        what = "huyện" if set(kinds[list(codes)]) == {"huyện"} else "huyện, thành phố, thị xã"
        named = (
            listing(districts)
            if len(districts) <= FEW
            else f"nhiều nhất là {listing(districts[:LARGEST])}"
        )
        said.append(f"{words.spelled(len(districts))} {what} ({named}){_communes(brief, code)}")
    if agencies := held("agency"):
        said.append(f"cấp tỉnh có {listing(agencies)}")
    if project["unplaced"]:
        said.append(f"chưa phân bổ {words.money(project['unplaced'])}")
    return f"Đơn vị được giao vốn: {'; '.join(said)}." if said else ""


def _communes(brief: Brief, code: str) -> str:
    """Say to how many communes the districts' capital is shared further."""
    rows = brief.table("commune_lines").frame
    own = [line == code or line.startswith(f"{code}-") for line in rows["line"]]
    number = rows.loc[own, "unit_code"].nunique()
    return f", chia tiếp đến {words.count(number)} xã, phường, thị trấn" if number else ""


def _indicators(brief: Brief, project: Row, parts: Sequence[Row]) -> str:
    """Say what is to be reached, and apart from it what has no number yet."""
    told = [row for one in (project, *parts) for row in told_of(brief, "indicator", one["code"])]
    fixed = [_indicator(row) for row in told if row["target"]]
    followed = "; ".join(lower(row["text"]) for row in told if not row["target"])
    said = [f"Chỉ tiêu: {'; '.join(fixed)}."] if fixed else []
    if followed:
        said.append(f"Chỉ tiêu theo dõi, báo cáo (chưa có số giao): {followed}.")
    return " ".join(said)


def _indicator(row: Row) -> str:
    goal = f"{row['target']} {row['unit']}".strip()
    doubt = "" if row["status"] == STATUS_NAMES["verified"] else f" ({row['status']})"
    return f"{lower(row['text'])}: {goal}{doubt}"


def _leads(brief: Brief, project: Row, parts: Sequence[Row]) -> str:
    """Say who leads, of which sub-project where they differ, and who helps."""
    leads: dict[str, list[str]] = {}
    partners: list[str] = []
    for number, one in enumerate((project, *parts)):
        for row in told_of(brief, "lead", one["code"]):
            leads.setdefault(row["text"], []).extend([_part(number)] if number else [])
        partners += [row["text"] for row in told_of(brief, "partner", one["code"])]
    alone = len(leads) == 1
    led = [f"{name}{'' if alone or not of else f' ({listing(of)})'}" for name, of in leads.items()]
    helped = [lower(name) for name in dict.fromkeys(partners) if not alone or name not in leads]
    said = [f"cơ quan chủ trì: {listing(led)}"] if led else []
    said += [f"cơ quan phối hợp: {listing(_places_last(helped))}"] if helped else []
    return f"{upper('; '.join(said))}." if said else ""


def _places_last(names: Sequence[str]) -> list[str]:
    """Return the names, those with commas in them last, so that the list stays readable."""
    return sorted(names, key=lambda name: "," in name)

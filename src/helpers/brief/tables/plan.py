"""The tables of the official plan itself: its targets, its capital by source, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import words
from helpers.brief.blocks import Series, Text
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import MILLIONS, named, table_of
from helpers.brief.tables.targets import district_targets_table
from helpers.plan.vocabulary import STATUS_NAMES
from helpers.text import listing

__all__ = [
    "plan_results_table",
    "plan_sources_table",
    "plan_targets_table",
    "plan_trust_table",
]

PARTS: Mapping[str, str] = {
    "base": "Căn cứ pháp lý",
    "goal": "Mục tiêu chung",
    "purpose": "Mục tiêu của dự án, tiểu dự án",
    "lead": "Cơ quan chủ trì",
    "partner": "Cơ quan phối hợp",
    "indicator": "Chỉ tiêu",
    "measure": "Giải pháp",
    "duty": "Tổ chức thực hiện",
}
"""What the parts of the plan's texts are called, in the order of the document."""

OF_GROUPS: Mapping[str, str] = {"measure": "nhóm giải pháp", "duty": "cơ quan, đơn vị"}
"""What the parts are of that are numbered and not a project's."""

FEW = 3
"""So many projects are named, more are counted."""


def plan_targets_table(brief: Brief) -> Table:
    """Return what is to be reached by the year's end: the groups, then each district."""
    table = brief.table("targets")
    frame = table.frame
    groups = frame[frame["group"] != "district"].assign(row_level="group")
    districts = frame[frame["group"] == "district"].sort_values("rank").assign(row_level="normal")
    rows = pd.concat([groups, districts]).to_dict("records")
    now = rows[0]
    told = [
        row
        | {
            "target": (row["target_low"], row["target_high"]),
            "basis": "" if row["basis"] == row["area"] else row["basis"],
            "status": STATUS_NAMES[row["status"]],
        }
        for row in rows
    ]
    rates = ("Tỷ lệ hộ nghèo (%)",)
    columns = [
        Column("area", "Địa bàn", "text", whole=True),
        Column("baseline_rate", f"Cuối năm {now['baseline_year']}", "rate", group=rates),
        Column("rate_low", "Đạt mức thấp", "rate", group=rates),
        Column("rate_high", "Đạt mức cao", "rate", group=rates),
        Column("target", "Mức giảm (điểm %)", "range"),
        Column("basis", "Theo nhóm", "text", whole=True),
        Column("status", "Độ tin cậy", "text", whole=True),
    ]
    return table_of(
        table,
        columns,
        title=f"Mục tiêu giảm tỷ lệ hộ nghèo năm {brief.year} của tỉnh và từng huyện",
        note=f"Đạt mức thấp, mức cao: tỷ lệ cuối năm {brief.year} nếu giảm đúng mức thấp, mức cao"
        " của mục tiêu. Huyện không được giao riêng lấy mục tiêu của nhóm.",
        records=told,
        levels="row_level",
        dense=True,
    )


def plan_results_table(brief: Brief, heading: str) -> Series:
    """Return how far each district is, under a heading; nothing while nothing is measured."""
    cuts = brief.table("targets").only("cut", group="district")["cut"]
    if all(cut is None for cut in cuts):
        return Series()
    return Series((Text(heading), district_targets_table(brief)))


def plan_sources_table(brief: Brief) -> Table:
    """Return the capital of each project by source and, within each source, by type."""
    table, projects = brief.table("pots"), brief.table("capital_by_project")
    held: dict[tuple[str, str, str], int] = {}
    for pot in table.records(kind="pot"):
        key = (pot["line"], pot["source"], pot["capital_type"])
        held[key] = held.get(key, 0) + pot["amount"]
    kinds = [
        (source, kind)
        for source in brief.sources
        for kind in brief.types
        if any(amount and key[1:] == (source, kind) for key, amount in held.items())
    ]
    rows = [
        _of_project(row, held, kinds)
        for row in projects.records()
        if row["level"] in ("project", "total")
    ]
    columns = [
        Column("code", "Mã", "text", width=0.8),
        Column("short", "Dự án", "text", width=4),
        *(
            Column(f"{source} {kind}", kind, "money", group=(source,), width=1.2)
            for source, kind in kinds
        ),
        Column("total", "Tổng số", "money", width=1.2),
    ]
    return table_of(
        projects,
        columns,
        title=f"Vốn năm {brief.year} theo dự án, nguồn vốn và loại vốn",
        unit=MILLIONS,
        note=named(brief.sources | brief.types),
        records=rows,
        levels="row_level",
    )


def _of_project(
    row: Mapping[str, Any],
    held: Mapping[tuple[str, str, str], int],
    kinds: list[tuple[str, str]],
) -> dict[str, Any]:
    """Return a project's row with what its lines hold of each source and type."""
    code, whole = row["code"], row["level"] == "total"
    sums = {
        f"{source} {kind}": sum(
            amount
            for (line, *of), amount in held.items()
            if of == [source, kind] and (whole or line == code or line.startswith(f"{code}-"))
        )
        for source, kind in kinds
    }
    return {
        **row,
        **sums,
        "code": "" if whole else code,
        "row_level": "total" if whole else "normal",
    }


def plan_trust_table(brief: Brief) -> Series:
    """Return how sure each part of the plan's sentences is; nothing where it has none."""
    table = brief.table("plan_texts")
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in table.records():
        if row["part"] in PARTS:
            groups.setdefault((row["part"], row["status"], row["source"]), []).append(row)
    if not groups:
        return Series()
    order = list(PARTS)
    rows = [
        {
            "part": PARTS[part],
            "of": _where(part, found),
            "number": len(found),
            "status": status,
            "source": source,
        }
        for (part, status, source), found in sorted(
            groups.items(), key=lambda group: order.index(group[0][0])
        )
    ]
    columns = [
        Column("part", "Nội dung", "text", width=2),
        Column("of", "Thuộc", "text", width=2),
        Column("number", "Số câu", "count"),
        Column("status", "Độ tin cậy", "text", width=2),
        Column("source", "Nguồn", "text", width=3),
    ]
    made = table_of(
        table, columns, title="Độ tin cậy của lời văn trong Kế hoạch", records=rows, dense=True
    )
    return Series((made,))


def _where(part: str, rows: list[dict[str, Any]]) -> str:
    """Return of which projects or groups the sentences are, or of how many."""
    codes = list(dict.fromkeys(row["code"] for row in rows if row["code"]))
    of = OF_GROUPS.get(part, "dự án, tiểu dự án")
    if len(codes) > FEW or (codes and part in OF_GROUPS):
        return f"{words.count(len(codes))} {of}"
    return listing(codes)

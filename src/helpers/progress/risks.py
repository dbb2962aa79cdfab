"""What a chairman should worry about, read off the published tables."""

from __future__ import annotations

from typing import cast

import pandas as pd

from helpers.data.published import Published, Result
from helpers.marks import merge_marks
from helpers.progress.pace import MISSED_WORDS
from helpers.rates import announced_rate
from helpers.text import listing

__all__ = ["main_risks"]

COLUMNS = ["order", "kind", "subject", "count", "amount", "share", "households"]


def main_risks(
    targets: Published,
    projects: Published,
    rules: Published,
    districts: Published,
    checks: Published,
) -> Result:
    """Return the risks that the figures show, gravest first; a risk that is not there has no row.

    Kinds: missed_group and missed_district (targets not reached at the year-end, or at risk within
    the year, with the households still to go; what is only slow is no risk yet), assumed (capital
    given to projects by parameters that nobody has verified), rules (capital that such rules share
    among units), concentration (the poor districts' part of the capital), disagreements (data
    against the province's own totals).
    """
    rows: list[dict[str, object]] = []
    missed = targets.frame[targets.frame["result"].isin(MISSED_WORDS)]
    groups = missed[missed["group"] != "district"]
    if len(groups):
        rows.append(
            {
                "kind": "missed_group",
                "subject": listing(groups["area"]),
                "count": len(groups),
                "households": int(groups["to_low"].max()),
            }
        )
    behind = missed[missed["group"] == "district"].sort_values(
        ["to_low", "area_code"], ascending=[False, True]
    )
    if len(behind):
        rows.append(
            {
                "kind": "missed_district",
                "subject": listing(behind["area"]),
                "count": len(behind),
                "households": int(behind["to_low"].sum()),
            }
        )
    whole = projects.one(code="total")
    total = cast(int, whole["total"])
    for kind, subject, count, amount in (
        ("assumed", "", None, cast(int, whole["assumed"])),
        ("rules", *_unverified(rules, projects)),
        ("concentration", *_poor_districts(districts)),
    ):
        if amount:
            share = announced_rate(amount, total)
            rows.append(
                {"kind": kind, "subject": subject, "count": count, "amount": amount, "share": share}
            )
    wrong = checks.rows(result="lệch")
    if len(wrong):
        names = listing(sorted(set(wrong["check"])))
        rows.append({"kind": "disagreements", "subject": names, "count": len(wrong)})
    frame = pd.DataFrame(
        [{"order": place} | row for place, row in enumerate(rows, start=1)], columns=COLUMNS
    )
    for column in ("count", "amount", "households"):
        frame[column] = frame[column].astype("Int64")
    read = (targets, projects, rules, districts, checks)
    inputs = tuple(sorted({name for table in read for name in table.inputs}))
    return Result(frame, merge_marks(*(table.marks for table in read)), inputs)


def _poor_districts(districts: Published) -> tuple[str, int, int]:
    poor = districts.rows(poor_district="yes")
    return listing(poor["district"]), len(poor), int(poor["total"].sum())


def _unverified(rules: Published, projects: Published) -> tuple[str, int, int]:
    """Return the lines whose rule nobody has verified, how many, and their capital in đồng."""
    lines = sorted(set(rules.rows(status="chưa kiểm chứng")["line"]))
    amounts = dict(zip(projects.frame["code"], projects.frame["total"], strict=True))
    return ", ".join(lines), len(lines), sum(int(amounts[line]) for line in lines)

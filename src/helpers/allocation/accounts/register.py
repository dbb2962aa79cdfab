"""The register of all capital in hand: this year's, what is carried over, and what has moved.

Balances stand by district and agency: a commune's capital counts in its district's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from helpers.allocation.accounts.ledger import (
    Key,
    Ledger,
    Scope,
    carry_over_of,
    keep_ledger,
    movements_of,
)
from helpers.allocation.accounts.tables import plan_marks, unit_result
from helpers.allocation.cube import COLUMNS, UNPLACED
from helpers.allocation.engine import Allocation
from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.data.unit_names import UnitNames, resolver
from helpers.errors import InputRefused, Problem
from helpers.marks import merge_marks
from helpers.plan.model import Plan
from helpers.text import nearest

__all__ = [
    "balances_table",
    "capital_by_vintage",
    "carried_rows",
    "check_units",
    "movements_table",
    "open_register",
]


def _units(plan: Plan, data: DataSet) -> UnitNames:
    agencies = {agency.code: agency.name for agency in plan.rule_set.agencies}
    return resolver(data.districts, agencies)


def _granted(allocation: Allocation) -> dict[Key, int]:
    """Return this year's capital by balance."""
    found: dict[Key, int] = defaultdict(int)
    cube = allocation.cube[allocation.cube["level"] != UNPLACED]
    names = ("line", "level", "unit_code", "district_code", "source", "capital_type", "vintage")
    # As lists: a column of texts is slow to go through.
    columns = (cube[name].tolist() for name in (*names, "amount"))
    for line, level, unit, district, source, kind, vintage, amount in zip(*columns, strict=True):
        holder = unit if level == "agency" else district
        found[Key(line, holder, source, kind, vintage)] += amount
    return dict(found)


def open_register(allocation: Allocation) -> Ledger:
    """Return the ledger of the year: what was granted and carried over, and every movement.

    Raises:
        InputRefused: an unknown unit, line, source or type, or a movement that would overdraw its
            balance; every problem with file and row.
    """
    plan, data = allocation.plan, allocation.data
    units = _units(plan, data)
    scope = Scope.of(plan, units.names)
    problems: list[Problem] = []
    carried: dict[Key, int] = {}
    try:
        carried = carry_over_of(data, units, scope)
    except InputRefused as refused:
        problems += refused.problems
    try:
        movements = movements_of(data, units)
    except InputRefused as refused:
        problems += refused.problems
    if problems:
        raise InputRefused(problems)
    return keep_ledger(_granted(allocation) | carried, movements, scope=scope)


def check_units(plan: Plan, data: DataSet) -> list[Problem]:
    """Return the rows of history.csv whose unit or line neither plan nor data know."""
    units = _units(plan, data)
    lines = {line.code for line in plan.lines}
    problems = []
    known: dict[str, bool] = {}
    for place, (unit, line) in enumerate(
        zip(data.history["unit"], data.history["line"], strict=True)
    ):
        if unit not in known:
            known[unit] = units(unit) is not None
        if not known[unit]:
            refusal = units.refusal(unit)
            where = data.where("history", place, "unit")
            problems.append(Problem(where, refusal.what, refusal.todo))
        if line not in lines:
            what = f"kế hoạch không có dự án, tiểu dự án “{line}”"
            near = nearest(line, lines)
            todo = f"có phải là “{near}”?" if near else f"các mã: {', '.join(sorted(lines))}"
            problems.append(Problem(data.where("history", place, "line"), what, todo))
    return problems


def carried_rows(allocation: Allocation, ledger: Ledger) -> pd.DataFrame:
    """Return what is carried over (vốn kéo dài) as rows of the cube, by vintage."""
    year, names = allocation.plan.year, allocation.data.district_names
    rows: list[dict[str, Any]] = []
    for key, amount in sorted(ledger.original.items()):
        if key.vintage == year:
            continue
        own = key.unit_code in names
        rows.append(
            {
                "line": key.line,
                "level": "district" if own else "agency",
                "unit_code": key.unit_code,
                "unit": ledger.units[key.unit_code],
                "district_code": key.unit_code if own else "",
                "district": names.get(key.unit_code, ""),
                "source": key.source,
                "capital_type": key.capital_type,
                "vintage": key.vintage,
                "amount": amount,
                "reason": "",
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _result(allocation: Allocation, frame: pd.DataFrame, *tables: str) -> Result:
    """Return a table that rests on the allocation and on the year's papers."""
    base = unit_result(allocation, frame)
    data = allocation.data
    marks = merge_marks(base.marks, data.marks(*tables))
    return Result(frame, marks, (*base.inputs, *data.names(*tables)))


def balances_table(allocation: Allocation, ledger: Ledger) -> Result:
    """Return each balance: original, transferred in and out, returned, current (đồng)."""
    return _result(allocation, ledger.balances, "carry_over", "movements")


def movements_table(allocation: Allocation, ledger: Ledger) -> Result:
    """Return every movement as it changed a balance, in the order of its day."""
    frame = ledger.journal
    frame.insert(0, "order", range(1, len(frame) + 1))
    marks = merge_marks(plan_marks(allocation), allocation.data.marks("movements"))
    inputs = (allocation.plan.file, *allocation.data.names("movements"))
    return Result(frame, marks, inputs)


def capital_by_vintage(allocation: Allocation, ledger: Ledger) -> Result:
    """Return the capital in hand by vintage and capital type: original, moved, current (đồng).

    What is transferred within a vintage and type leaves its sum as it is; what is returned does
    not. What has not been allocated is in no unit's hand and not in this table.
    """
    sums = (
        ledger.balances.groupby(["vintage", "capital_type"], as_index=False)[
            ["original", "transferred_in", "transferred_out", "returned", "current"]
        ]
        .sum()
        .astype({"vintage": int})
    )
    kinds = [
        "năm nay" if vintage == allocation.plan.year else "kéo dài" for vintage in sums["vintage"]
    ]
    sums.insert(1, "kind", kinds)
    return _result(allocation, sums, "carry_over", "movements")

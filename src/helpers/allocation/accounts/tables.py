"""The tables of capital that an allocation publishes, all summed from its cube."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.allocation.cube import UNPLACED, UNPLACED_NAME
from helpers.allocation.engine import Allocation
from helpers.data.published import Result
from helpers.marks import Mark, merge_marks
from helpers.plan.vocabulary import STATUS_NAMES
from helpers.rates import announced_rate
from helpers.text import slug

__all__ = [
    "TOTAL",
    "TOTAL_NAME",
    "agency_lines",
    "allocation_table",
    "capital_by_district",
    "capital_by_district_project",
    "capital_by_project",
    "commune_lines",
    "district_lines",
    "not_allocated",
    "plan_marks",
    "pots_table",
    "unit_result",
]

TOTAL, TOTAL_NAME = "total", "Tổng cộng"
TENTH = 100_000


def _worst(statuses: set[str]) -> str:
    """Return the least trusted of the statuses."""
    return next(
        (status for status in ("unverified", "secondary") if status in statuses), "verified"
    )


def plan_marks(allocation: Allocation) -> tuple[Mark, ...]:
    """Return what must be said of figures that rest on the plan alone."""
    plan = allocation.plan
    statuses = {plan.capital.total.status}
    statuses |= {item.status for item in plan.capital.funding}
    statuses |= {split.status for line in plan.lines for split in line.split.values()}
    return merge_marks(statuses)


def _tables_used(allocation: Allocation) -> tuple[str, ...]:
    """Return the data tables behind the units' columns."""
    optional = ("commune_poverty", "commune_criteria", "history")
    own = ("districts", "communes", "poverty", "criteria")
    return (*own, *(name for name in optional if allocation.data.has(name)))


def unit_result(allocation: Allocation, frame: pd.DataFrame) -> Result:
    """Return a table that rests on the plan, its rules and the units' data."""
    used = {cell.line for cell, amount in allocation.pots.items() if amount}
    statuses = {rule.status for rule in allocation.rule_set.rules if used & set(rule.lines)}
    tables = _tables_used(allocation)
    marks = merge_marks(plan_marks(allocation), statuses, allocation.data.marks(*tables))
    inputs = (allocation.plan.file, allocation.rule_set.file, *allocation.data.names(*tables))
    return Result(frame, marks, inputs)


def allocation_table(allocation: Allocation, carried: pd.DataFrame | None = None) -> Result:
    """Return the cube: each đồng once, by line, unit, source, capital type and vintage.

    Args:
        allocation: this year's capital.
        carried: rows of earlier years' capital carried over (kéo dài), in the cube's columns.
    """
    parts = [allocation.cube] if carried is None or carried.empty else [allocation.cube, carried]
    cube = pd.concat(parts, ignore_index=True)
    projects = {line.code: line.project_code for line in allocation.plan.lines}
    cube.insert(0, "project", cube["line"].map(projects).fillna(""))
    return unit_result(allocation, cube)


def pots_table(allocation: Allocation) -> Result:
    """Return how each pot came to what the units share: earmarks, reserve, agencies' parts.

    For each pot a row with its amount, one for each thing taken off it, and last what is left for
    the units (G, kind "shared"): the others add up to the pot.
    """
    distribution = allocation.distribution
    rows: list[dict[str, Any]] = []
    for cell, pot in allocation.pots.items():
        if not pot:
            continue
        parts: list[tuple[Any, ...]] = [("pot", "khoản vốn", "", "", "", pot)]
        fixed = [item for item in distribution.fixed if item.cell == cell]
        fixed.sort(key=lambda item: not item.name)
        kept = [item for item in distribution.unplaced if item.cell == cell and item.reserve]
        named = [item for item in fixed if item.name]
        parts += [
            ("earmark", item.name, item.unit_code, item.unit, item.district_code, item.amount)
            for item in named
        ]
        parts += [("reserve", item.reason, "", "", "", item.amount) for item in kept]
        parts += [
            ("agency", "phần của sở, ngành", item.unit_code, item.unit, "", item.amount)
            for item in fixed
            if not item.name
        ]
        left = pot - sum(part[-1] for part in parts[1:])
        parts.append(("shared", "các đơn vị chia theo hệ số", "", "", "", left))
        keys = {"line": cell.line, "source": cell.source, "capital_type": cell.capital_type}
        names = ("kind", "name", "unit_code", "unit", "district_code", "amount")
        rows += [
            keys | {"order": order} | dict(zip(names, part, strict=True))
            for order, part in enumerate(parts, start=1)
        ]
    return unit_result(allocation, pd.DataFrame(rows))


def not_allocated(allocation: Allocation) -> Result:
    """Return what could not be placed, each amount with its reason (chưa phân bổ)."""
    cube = allocation.cube
    rows = cube[cube["level"] == UNPLACED]
    columns = ["line", "source", "capital_type", "district_code", "district", "reason", "amount"]
    return unit_result(allocation, rows[columns].reset_index(drop=True))


def _gathered(allocation: Allocation, rows: pd.DataFrame, *keys: str) -> dict[Any, dict[str, int]]:
    """Return sums by key: the total, its split by capital type and by source, what is unplaced."""
    found: dict[Any, dict[str, int]] = defaultdict(lambda: _nothing(allocation))
    # As lists: a column of texts is slow to go through.
    columns = (rows[name].tolist() for name in (*keys, "capital_type", "source", "level", "amount"))
    for *key, capital_type, source, level, amount in zip(*columns, strict=True):
        sums = found[key[0] if len(key) == 1 else tuple(key)]
        for column in (capital_type, source, "total"):
            sums[column] += amount
        if level == UNPLACED:
            sums["unplaced"] += amount
    return found


def _nothing(allocation: Allocation) -> dict[str, int]:
    plan = allocation.plan
    return dict.fromkeys([*plan.type_totals, *plan.capital.sources, "total", "unplaced"], 0)


def _added(allocation: Allocation, parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of sums."""
    added = _nothing(allocation)
    for part in parts:
        for name, amount in part.items():
            added[name] += amount
    return added


def _assumed(allocation: Allocation) -> dict[str, int]:
    """Return by line how much was given by a parameter that nobody has verified."""
    lines = {line.code: line for line in allocation.plan.lines}
    found: dict[str, int] = defaultdict(int)
    for (code, capital_type), amount in allocation.lines.items():
        split = lines[code].split.get(capital_type)
        rule = allocation.rule_set.rule(code)
        status = split.status if split else rule.status if rule else ""
        found[code] += amount if status == "unverified" else 0
    return found


def capital_by_project(allocation: Allocation) -> Result:
    """Return the plan's first table: projects, their sub-projects and the total, in đồng."""
    plan = allocation.plan
    by_line = _gathered(allocation, allocation.cube, "line")
    assumed = _assumed(allocation)

    def sums(codes: Iterable[str]) -> dict[str, Any]:
        chosen = list(codes)
        added = _added(allocation, (by_line[code] for code in chosen))
        share = announced_rate(added["total"], plan.capital.total.amount)
        return added | {"share": share, "assumed": sum(assumed[code] for code in chosen)}

    rows: list[dict[str, object]] = []
    for project in plan.projects:
        lines = [line for line in plan.lines if line.project_code == project.code]
        statuses = {split.status for line in lines for split in line.split.values()}
        rows.append(
            {"code": project.code, "name": project.name, "short": project.short}
            | {"level": "project", "status": STATUS_NAMES[_worst(statuses)]}
            | sums(line.code for line in lines)
        )
        for line in lines:
            if line.code == project.code:
                continue
            status = STATUS_NAMES[_worst({split.status for split in line.split.values()})]
            rows.append(
                {"code": line.code, "name": line.name, "short": line.short}
                | {"level": "subproject", "status": status if line.split else "không bố trí"}
                | sums([line.code])
            )
    rows.append(
        {"code": TOTAL, "name": TOTAL_NAME, "short": TOTAL_NAME, "level": TOTAL}
        | {"status": STATUS_NAMES[plan.capital.total.status]}
        | sums(["", *(line.code for line in plan.lines)])
    )
    inputs = (plan.file, allocation.rule_set.file)
    return Result(pd.DataFrame(rows), plan_marks(allocation), inputs)


def _tenths(amount: int, number: int) -> int:
    """Return the amount for each of so many, rounded half up to a tenth of a triệu."""
    return (2 * amount + number * TENTH) // (2 * number * TENTH) * TENTH


def capital_by_district(allocation: Allocation) -> Result:
    """Return each district's capital, its share and what it is per poor household, in đồng.

    A district's capital includes its communes'; what province agencies get is not in it. Poor
    households are those at the end of the year before the plan's; the amount per household is
    rounded half up to a tenth of a triệu.
    """
    data, plan = allocation.data, allocation.plan
    poor = data.poverty[data.poverty["year"] == plan.year - 1].set_index("district_code")
    gathered = _gathered(allocation, _placed_in_districts(allocation), "district_code")
    columns = [*plan.type_totals, *plan.capital.sources, "total"]
    sums = {code: {name: gathered[code][name] for name in columns} for code in data.district_names}
    ranked = sorted(sums, key=lambda code: (-sums[code]["total"], code))
    rows: list[dict[str, object]] = []
    for row in data.districts.sort_values("code").itertuples():
        households = int(poor.loc[row.code, "poor_households"])
        total = sums[row.code]["total"]
        rows.append(
            {"district_code": row.code, "district": row.name, "kind": row.kind}
            | {"slug": slug(row.name)}
            | {"region": row.region, "poor_district": row.poor_district}
            | sums[row.code]
            | {
                "share": announced_rate(total, plan.capital.total.amount),
                "poor_households": households,
                "per_poor_household": _tenths(total, households) if households else None,
                "rank": ranked.index(row.code) + 1,
                "tile_row": int(row.tile_row),
                "tile_column": int(row.tile_column),
            }
        )
    return unit_result(allocation, pd.DataFrame(rows))


def _placed_in_districts(allocation: Allocation) -> pd.DataFrame:
    """Return the cube's rows of districts and communes."""
    cube = allocation.cube
    return cube[cube["level"].isin(["district", "commune"])]


def capital_by_district_project(allocation: Allocation) -> Result:
    """Return the matrix of who gets what from which project, with its totals, in đồng.

    Districts (their communes within them), then province agencies, then what is not allocated.
    """
    plan, cube = allocation.plan, allocation.cube
    projects = {line.code: line.project_code for line in plan.lines}
    within = cube["level"].isin(["district", "commune"])
    rows_of = cube.assign(
        holder=cube["district_code"].where(within, cube["unit_code"]),
        project=cube["line"].map(projects).fillna(""),
    )
    found = _gathered(allocation, rows_of, "holder", "project")
    wholes = _gathered(allocation, rows_of, "holder")
    holders = [("district", code, name) for code, name in _districts(allocation)]
    holders += [("agency", code, name) for code, name in _agencies(allocation)]
    if (cube["level"] == UNPLACED).any():
        holders.append((UNPLACED, UNPLACED, UNPLACED_NAME))
    rows: list[dict[str, Any]] = []
    for level, code, name in holders:
        keys = {"level": level, "district_code": code, "district": name}
        parts = {project.code: found[code, project.code]["total"] for project in plan.projects}
        rows.append({**keys, **parts, "total": wholes[code]["total"]})
    columns = [*(project.code for project in plan.projects), "total"]
    totals = {column: sum(row[column] for row in rows) for column in columns}
    rows.append({"level": TOTAL, "district_code": TOTAL, "district": TOTAL_NAME, **totals})
    return unit_result(allocation, pd.DataFrame(rows))


def _districts(allocation: Allocation) -> list[tuple[str, str]]:
    return sorted(allocation.data.district_names.items())


def _agencies(allocation: Allocation) -> list[tuple[str, str]]:
    """Return the agencies that get something, as the rule set lists them."""
    found = set(allocation.cube.loc[allocation.cube["level"] == "agency", "unit_code"])
    return [(a.code, a.name) for a in allocation.rule_set.agencies if a.code in found]


def _by_line(
    allocation: Allocation,
    rows: pd.DataFrame,
    holder: str,
    holders: Iterable[tuple[str, str]],
    keys: tuple[str, str],
) -> pd.DataFrame:
    """Return what each holder gets from each line that it shares, and in all."""
    plan = allocation.plan
    sums = [*plan.type_totals, "total"]
    gathered = _gathered(allocation, rows, holder, "line")
    found: list[dict[str, object]] = []
    for code, name in holders:
        own = [
            (line, gathered[code, line.code])
            for line in plan.lines
            if (code, line.code) in gathered
        ]
        whole = _added(allocation, (part for _, part in own))
        named = dict(zip(keys, (code, name), strict=True))
        for line, part in own:
            told = {"line": line.code, "name": line.name, "short": line.short}
            found.append(named | told | {column: part[column] for column in sums})
        told = {"line": TOTAL, "name": TOTAL_NAME, "short": TOTAL_NAME}
        found.append(named | told | {column: whole[column] for column in sums})
    return pd.DataFrame(found, columns=[*keys, "line", "name", "short", *sums])


def district_lines(allocation: Allocation) -> Result:
    """Return what each district gets from each line that it shares, by capital type, in đồng."""
    rows, keys = _placed_in_districts(allocation), ("district_code", "district")
    frame = _by_line(allocation, rows, "district_code", _districts(allocation), keys)
    return unit_result(allocation, frame)


def agency_lines(allocation: Allocation) -> Result:
    """Return what each province agency gets from each line, by capital type, in đồng."""
    rows = allocation.cube[allocation.cube["level"] == "agency"]
    keys = ("agency_code", "agency")
    frame = _by_line(allocation, rows, "unit_code", _agencies(allocation), keys)
    return unit_result(allocation, frame)


def commune_lines(allocation: Allocation) -> Result:
    """Return what communes get where a rule goes that far, in đồng, by district and commune."""
    cube = allocation.cube[allocation.cube["level"] == "commune"]
    keys = ["district_code", "district", "unit_code", "unit", "line"]
    sums = cube.groupby(keys, as_index=False)["amount"].sum()
    return unit_result(allocation, sums.sort_values(keys, ignore_index=True))

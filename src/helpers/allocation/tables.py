"""The tables that an allocation publishes, from leaf to total."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from helpers import words
from helpers.allocation.engine import Allocation, Cell
from helpers.data.groups import districts_of
from helpers.data.published import Result
from helpers.marks import Mark, merge_marks
from helpers.money import Share
from helpers.plan.model import CRITERIA, ELIGIBLE, Line, SplitPart
from helpers.rates import announced_rate
from helpers.text import slug

__all__ = [
    "allocation_table",
    "capital_by_district",
    "capital_by_district_project",
    "capital_by_project",
    "criteria_in_force",
    "district_lines",
    "parameter_status",
    "rounding_table",
]

STATUS_NAMES = {
    "verified": "đã đối chiếu",
    "secondary": "nguồn thứ cấp",
    "unverified": "chưa kiểm chứng",
}
TOTAL = "total"
TENTH = 100_000


def _worst(statuses: set[str]) -> str:
    """Return the least trusted of the statuses."""
    return next(
        (status for status in ("unverified", "secondary") if status in statuses), "verified"
    )


def _plan_marks(allocation: Allocation) -> tuple[Mark, ...]:
    plan = allocation.plan
    statuses = {plan.capital.total.status}
    statuses |= {item.status for item in plan.capital.funding}
    statuses |= {split.status for line in plan.lines for split in line.split.values()}
    return merge_marks(statuses)


def _district_marks(allocation: Allocation) -> tuple[Mark, ...]:
    rules = {line.districts.status for line in allocation.plan.lines if line.districts}
    return merge_marks(_plan_marks(allocation), rules, allocation.data.marks("poverty", "criteria"))


def _district_result(allocation: Allocation, rows: list[dict[str, object]]) -> Result:
    inputs = (allocation.plan.file, *allocation.data.names("districts", "communes"))
    inputs += allocation.data.names("poverty", "criteria")
    return Result(pd.DataFrame(rows), _district_marks(allocation), inputs)


def _leaves(allocation: Allocation) -> list[tuple[dict[str, object], Share[str], Fraction]]:
    """Return each leaf's key columns, share and score.

    Lines stand as the plan lists them, then capital types, sources, districts.
    """
    plan, names = allocation.plan, allocation.data.district_names
    return [
        (
            {
                "line": line.code,
                "source": source,
                "capital_type": capital_type,
                "district_code": share.key,
                "district": names[share.key],
            },
            share,
            allocation.scores[line.code][share.key],
        )
        for line in plan.lines
        for capital_type in plan.type_totals
        for source in plan.capital.sources
        if (cell := Cell(line.code, source, capital_type)) in allocation.shares
        for share in allocation.shares[cell].shares
    ]


def allocation_table(allocation: Allocation) -> Result:
    """Return the leaves: one row a line, source, capital type and eligible district (đồng)."""
    projects = {line.code: line.project_code for line in allocation.plan.lines}
    rows = [
        {"project": projects[str(key["line"])], **key, "amount": share.amount}
        for key, share, _ in _leaves(allocation)
    ]
    return _district_result(allocation, rows)


def _cut_decimal(value: Fraction, digits: int) -> Decimal:
    """Return the number with so many decimals, what follows left off."""
    return Decimal(value.numerator * 10**digits // value.denominator).scaleb(-digits)


def rounding_table(allocation: Allocation) -> Result:
    """Return how each leaf was rounded: exact share, whole part, rank of the remainder, gain."""
    rows = [
        key
        | {
            "score": _cut_decimal(score * 100, 4),
            "exact": _cut_decimal(share.quota, 2),
            "floor": share.floor,
            "rank": share.rank,
            "gained": share.extra,
            "tied": "có" if share.tied else "không",
            "amount": share.amount,
        }
        for key, share, score in _leaves(allocation)
    ]
    return _district_result(allocation, rows)


def _sums(allocation: Allocation, wanted: Callable[[Cell], bool]) -> dict[str, object]:
    """Return the total and its split by capital type and by source of the wanted cells."""
    plan = allocation.plan
    chosen = {cell: amount for cell, amount in allocation.cells.items() if wanted(cell)}
    sums: dict[str, object] = {}
    for capital_type in plan.type_totals:
        sums[capital_type] = sum(a for c, a in chosen.items() if c.capital_type == capital_type)
    for source in plan.capital.sources:
        sums[source] = sum(a for c, a in chosen.items() if c.source == source)
    sums["total"] = sum(chosen.values())
    sums["share"] = announced_rate(sum(chosen.values()), plan.capital.total.amount)
    lines = {line.code: line for line in plan.lines}
    sums["assumed"] = sum(
        amount
        for cell, amount in chosen.items()
        if lines[cell.line].split[cell.capital_type].status == "unverified"
    )
    return sums


def capital_by_project(allocation: Allocation) -> Result:
    """Return the plan's first table: projects, their sub-projects and the total, in đồng."""
    plan = allocation.plan
    rows: list[dict[str, object]] = []
    for project in plan.projects:
        lines = [line for line in plan.lines if line.project_code == project.code]
        codes = {line.code for line in lines}
        statuses = {split.status for line in lines for split in line.split.values()}
        rows.append(
            {"code": project.code, "name": project.name, "short": project.short}
            | {"level": "project", "status": STATUS_NAMES[_worst(statuses)]}
            | _sums(allocation, lambda cell, codes=codes: cell.line in codes)  # type: ignore[misc]
        )
        for line in lines:
            if line.code == project.code:
                continue
            status = STATUS_NAMES[_worst({split.status for split in line.split.values()})]
            rows.append(
                {"code": line.code, "name": line.name, "short": line.short}
                | {"level": "subproject", "status": status if line.split else "không bố trí"}
                | _sums(allocation, lambda cell, code=line.code: cell.line == code)  # type: ignore[misc]
            )
    rows.append(
        {"code": TOTAL, "name": "Tổng cộng", "short": "Tổng cộng", "level": TOTAL}
        | {"status": STATUS_NAMES[plan.capital.total.status]}
        | _sums(allocation, lambda _: True)
    )
    return Result(pd.DataFrame(rows), _plan_marks(allocation), (plan.file,))


def _district_sums(
    allocation: Allocation, code: str, lines: set[str] | None = None
) -> dict[str, int]:
    plan = allocation.plan
    sums = dict.fromkeys([*plan.type_totals, *plan.capital.sources, "total"], 0)
    for (cell, district), amount in allocation.amounts().items():
        if district == code and (lines is None or cell.line in lines):
            for column in (cell.capital_type, cell.source, "total"):
                sums[column] += amount
    return sums


def _tenths(amount: int, number: int) -> int:
    """Return the amount for each of so many, rounded half up to a tenth of a triệu."""
    return (2 * amount + number * TENTH) // (2 * number * TENTH) * TENTH


def capital_by_district(allocation: Allocation) -> Result:
    """Return each district's capital, its share and what it is per poor household, in đồng.

    Poor households are those at the end of the year before the plan's; the amount per household is
    rounded half up to a tenth of a triệu.
    """
    data, plan = allocation.data, allocation.plan
    poor = data.poverty[data.poverty["year"] == plan.year - 1].set_index("district_code")
    sums = {code: _district_sums(allocation, code) for code in data.district_names}
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
    return _district_result(allocation, rows)


def capital_by_district_project(allocation: Allocation) -> Result:
    """Return the matrix districts × projects with its totals, in đồng."""
    plan = allocation.plan
    projects = {
        project.code: {line.code for line in plan.lines if line.project_code == project.code}
        for project in plan.projects
    }
    rows: list[dict[str, object]] = []
    for code, name in sorted(allocation.data.district_names.items()):
        amounts = {
            project: _district_sums(allocation, code, lines)["total"]
            for project, lines in projects.items()
        }
        total = sum(amounts.values())
        rows.append({"district_code": code, "district": name, **amounts, "total": total})
    columns = [*projects, "total"]
    totals = {column: sum(int(str(row[column])) for row in rows) for column in columns}
    rows.append({"district_code": TOTAL, "district": "Tổng cộng", **totals})
    return _district_result(allocation, rows)


def criteria_words(line: Line) -> str:
    """Return by what a line is shared among districts, in words."""
    if line.districts is None:
        return ""
    parts = [
        f"{CRITERIA[name]} {words.decimal(percent, 2, least=0)}%"
        for name, percent in line.criteria.items()
    ]
    return "; ".join(parts)


def district_lines(allocation: Allocation) -> Result:
    """Return what each district gets from each line, by capital type, in đồng."""
    plan, data = allocation.plan, allocation.data
    columns = [*plan.type_totals, "total"]
    rows: list[dict[str, object]] = []
    for code, name in sorted(data.district_names.items()):
        for line in plan.lines:
            if line.split and code in districts_of(line.eligible, data.districts):
                sums = _district_sums(allocation, code, {line.code})
                rows.append(
                    {"district_code": code, "district": name}
                    | {"line": line.code, "name": line.name, "short": line.short}
                    | {column: sums[column] for column in columns}
                )
        sums = _district_sums(allocation, code)
        rows.append(
            {"district_code": code, "district": name}
            | {"line": TOTAL, "name": "Tổng cộng", "short": "Tổng cộng"}
            | {column: sums[column] for column in columns}
        )
    return _district_result(allocation, rows)


def criteria_in_force(allocation: Allocation) -> Result:
    """Return by what each line is shared, among whom, and how far the rule can be trusted."""
    plan = allocation.plan
    rules = [(line, line.districts) for line in plan.lines if line.districts]
    rows = [
        {
            "line": line.code,
            "name": line.name,
            "short": line.short,
            "eligible": ELIGIBLE[rule.eligible],
            "criteria": criteria_words(line),
            "status": STATUS_NAMES[rule.status],
        }
        for line, rule in rules
    ]
    marks = merge_marks({rule.status for _, rule in rules})
    return Result(pd.DataFrame(rows), marks, (plan.file,))


def _written(amount: int) -> str:
    return f"{words.million(amount)} triệu đồng"


def _part_words(split: SplitPart) -> str:
    """Return a known amount or a weight as the plan has it."""
    if split.amount is not None:
        return _written(split.amount)
    return f"trọng số {words.decimal(split.weight or 0, 6, least=0)}"


def parameter_status(allocation: Allocation) -> Result:
    """Return every amount, weight and rule of the plan with how far it can be trusted."""
    plan = allocation.plan
    total = plan.capital.total
    rows = [("capital → total", _written(total.amount), total.status, total.source)]
    for item in plan.capital.funding:
        where = f"capital → funding → {item.source}, {item.type}"
        rows.append((where, _written(item.amount), item.status, item.source_note))
    for line in plan.lines:
        for capital_type, split in line.split.items():
            where = f"{line.code} → {capital_type}"
            rows.append((where, _part_words(split), split.status, split.source))
        if line.districts:
            where = f"{line.code} → districts"
            rows.append((where, criteria_words(line), line.districts.status, line.districts.source))
    rows += [
        (f"targets → {target.area}", target.text, target.status, target.source)
        for target in plan.targets
    ]
    frame = pd.DataFrame(rows, columns=["parameter", "value", "status", "source"])
    frame["status"] = frame["status"].map(STATUS_NAMES)
    return Result(frame, (), (plan.file,))

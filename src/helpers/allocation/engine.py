"""The plan's capital, shared to the đồng.

Three steps, each exact at its margins:
1. by capital type, known amounts first, then what is left by the lines' weights;
2. each line's amount of a type over the sources that fund this type, so that every line and every
   source keeps its total;
3. each such amount over the eligible districts, by the line's criteria.

Each step works in whole rounding units by largest remainder (phương pháp số dư lớn nhất).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from helpers.data.groups import districts_of
from helpers.data.reading import DataSet
from helpers.errors import InputRefused, Problem
from helpers.money import Apportionment, apportion, apportion_table
from helpers.plan.model import CRITERIA, ELIGIBLE, Line, Plan

__all__ = ["Allocation", "Cell", "allocate", "criterion_values"]


@dataclass(frozen=True, order=True)
class Cell:
    """What one line gets from one source in one capital type, before districts."""

    line: str
    source: str
    capital_type: str


@dataclass(frozen=True)
class Allocation:
    """The whole allocation: đồng by line and type, by cell, and by cell and district."""

    plan: Plan
    data: DataSet
    lines: Mapping[tuple[str, str], int]
    cells: Mapping[Cell, int]
    shares: Mapping[Cell, Apportionment[str]]
    scores: Mapping[str, Mapping[str, Fraction]]

    def amounts(self) -> Mapping[tuple[Cell, str], int]:
        """Return the đồng of every cell and district code."""
        return MappingProxyType(
            {
                (cell, share.key): share.amount
                for cell, shared in self.shares.items()
                for share in shared.shares
            }
        )


def criterion_values(name: str, data: DataSet, year: int) -> Mapping[str, Fraction]:
    """Return each district's value of a criterion, exactly, by district code.

    Poverty counts are those of the given year-end: the last one before the plan's year.
    """
    districts = data.districts
    codes = [str(code) for code in districts["code"]]
    if name == "equal":
        values: dict[str, object] = dict.fromkeys(codes, 1)
    elif name == "communes":
        counts = data.communes["district_code"].value_counts()
        values = {code: int(counts.get(code, 0)) for code in codes}
    elif name in ("households", "poor_households", "near_poor_households", "poor_and_near_poor"):
        rows = data.poverty[data.poverty["year"] == year].set_index("district_code")
        column = (
            rows["poor_households"] + rows["near_poor_households"]
            if name == "poor_and_near_poor"
            else rows[name]
        )
        values = {code: int(column[code]) for code in codes}
    elif name in districts.columns:
        values = dict(zip(codes, districts[name], strict=True))
    else:
        values = dict(zip(data.criteria["district_code"], data.criteria[name], strict=True))
    return MappingProxyType({code: Fraction(str(values[code])) for code in codes})


def _scores(plan: Plan, line: Line, data: DataSet) -> tuple[dict[str, Fraction], list[Problem]]:
    """Return each eligible district's share of 1, or what makes the sharing impossible."""
    eligible = districts_of(line.eligible, data.districts)
    where = f"{plan.file}, {line.code} ({line.short})"
    if not eligible:
        todo = "chọn nhóm huyện khác ở khóa districts → eligible"
        group = ELIGIBLE[line.eligible]
        return {}, [Problem(where, f"không có huyện nào thuộc nhóm “{group}”", todo)]
    scores = dict.fromkeys(eligible, Fraction(0))
    problems = []
    for name, percent in line.criteria.items():
        values = criterion_values(name, data, plan.year - 1)
        total = sum(values[code] for code in eligible)
        if total == 0:
            what = f"tiêu chí “{CRITERIA[name]}” bằng 0 ở mọi huyện được phân bổ"
            todo = f"sửa số liệu, hoặc bỏ {name} khỏi criteria"
            problems.append(Problem(where, what, todo))
            continue
        for code in eligible:
            scores[code] += percent / 100 * values[code] / total
    return scores, problems


def _line_amounts(plan: Plan) -> dict[tuple[str, str], int]:
    amounts: dict[tuple[str, str], int] = {}
    for capital_type, total in plan.type_totals.items():
        splits = {
            line.code: line.split[capital_type] for line in plan.lines if capital_type in line.split
        }
        fixed = {code: split.amount for code, split in splits.items() if split.amount is not None}
        weights = {code: split.weight for code, split in splits.items() if split.weight is not None}
        rest = total - sum(fixed.values())
        shared = apportion(rest, weights, unit=plan.rounding_unit).amounts if weights else {}
        for code in splits:
            amounts[code, capital_type] = fixed[code] if code in fixed else shared[code]
    return amounts


def allocate(plan: Plan, data: DataSet) -> Allocation:
    """Share the plan's capital over lines, sources, capital types and districts.

    Returns:
        An `Allocation` whose amounts (đồng) add up exactly to the plan's total, to each funding
        cell (source × type), to each line and to each known amount.

    Raises:
        InputRefused: a line with money has no eligible district, or a criterion is zero in all.
    """
    lines = _line_amounts(plan)
    cells: dict[Cell, int] = {}
    for capital_type in plan.type_totals:
        rows = {code: amount for (code, kind), amount in lines.items() if kind == capital_type}
        columns = {
            source: amount
            for (source, kind), amount in plan.funding_table.items()
            if kind == capital_type
        }
        table = apportion_table(rows, columns, unit=plan.rounding_unit)
        for (code, source), amount in table.items():
            cells[Cell(code, source, capital_type)] = amount

    funded = {cell.line for cell, amount in cells.items() if amount}
    scores: dict[str, Mapping[str, Fraction]] = {}
    problems: list[Problem] = []
    for line in plan.lines:
        if line.code in funded:
            found, wrong = _scores(plan, line, data)
            scores[line.code] = MappingProxyType(found)
            problems += wrong
    if problems:
        raise InputRefused(problems)

    shares = {
        cell: apportion(amount, scores[cell.line], unit=plan.rounding_unit)
        for cell, amount in cells.items()
        if amount
    }
    frozen = MappingProxyType
    return Allocation(plan, data, frozen(lines), frozen(cells), frozen(shares), frozen(scores))

"""A planner's desk in an analysis notebook: the plan and the data side by side, tables out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.allocation.accounts.register import check_units, open_register
from helpers.allocation.engine import Allocation, allocate
from helpers.brief.table import Table
from helpers.brief.tables import preview
from helpers.data.findings import some
from helpers.data.groups import DISTRICT_GROUPS, districts_of
from helpers.data.known import known_by
from helpers.data.published import Published, Result, publish, published
from helpers.data.reading import DataSet, read_data
from helpers.errors import InputRefused, Problem
from helpers.paths import project_root
from helpers.plan.areas import check_against_districts
from helpers.plan.loading import load_plan, load_rules_for
from helpers.plan.model import Plan
from helpers.poverty.flows import poverty_flows
from helpers.progress.assigned import check_targets
from helpers.progress.withheld import withhold_inflows
from helpers.text import listing

__all__ = ["Desk", "check_together", "open_desk", "read_known"]


def check_together(plan: Plan, data: DataSet) -> None:
    """Raise InputRefused where plan and data do not fit each other; every problem is in it.

    The data must have the districts that the plan's targets name, and the year-end before the
    plan's year; its capital must find units to go to by the rules, and by those that it is compared
    with, and no movement of the year may overdraw what a unit has.
    """
    problems = check_against_districts(plan, list(data.districts["name"]))
    years = sorted({int(year) for year in data.poverty["year"]})
    if plan.year - 1 not in years:
        what = f"kế hoạch năm {plan.year} cần số hộ nghèo cuối năm {plan.year - 1}"
        has = f"số liệu có {listing(str(year) for year in years)}"
        where = ", ".join(data.names("poverty"))
        problems.append(Problem(where, f"{what}, {has}", f"bổ sung dòng năm {plan.year - 1}"))
    problems += check_units(plan, data)
    problems += check_targets(plan, data) if not problems else []
    if problems:
        raise InputRefused(problems)
    open_register(allocate(plan, data))
    if plan.other_rules:
        allocate(plan, data, plan.other_rules)


@dataclass(frozen=True)
class Desk:
    """A plan and its data."""

    plan: Plan
    data: DataSet

    def compared(self, rules: str = "") -> Allocation | None:
        """Return the capital shared by other rules: a file's, else those that the plan names.

        Raises:
            InputRefused: the rules cannot be used for this plan and its data.
        """
        if rules:
            other = load_rules_for(self.plan, project_root() / rules)
            return allocate(self.plan, self.data, other)
        named = self.plan.other_rules
        return allocate(self.plan, self.data, named) if named else None

    def publish(self, name: str, result: Result, rows: int = 30) -> Table:
        """Publish a computed table and return its first rows, worded for reading.

        What counts few households or people leaves without the numbers that would tell of them.
        """
        guarded = self.guarded(name, result)
        publish(name, guarded, self.plan.id)
        shown = preview(self.table(name), rows)
        exposed = getattr(guarded, "exposed", ())
        return replace(shown, note=f"{shown.note} {_warning(exposed)}") if exposed else shown

    def guarded(self, name: str, result: Result) -> Result:
        """Return the table as it may leave the office: see `poverty.disclosure`."""
        from helpers.poverty.disclosure import GUARDS

        if name == "targets":
            return withhold_inflows(result, lambda: self.guarded("flows", poverty_flows(self.data)))
        if name not in GUARDS:
            return result
        districts = self.data.districts
        members = {group: districts_of(group, districts) for group in DISTRICT_GROUPS}
        return GUARDS[name](result, members, self.plan.small_cell_threshold)

    def table(self, name: str) -> Published:
        """Read a table that an analysis has published."""
        return published(name, self.plan.id)


def _warning(exposed: Sequence[str]) -> str:
    """Say which small numbers can be told from what is printed elsewhere, whatever is hidden."""
    named = some(exposed, "số")
    return f"CẢNH BÁO: vẫn có thể suy ra số nhỏ từ những số công bố ở nơi khác: {named}."


def open_desk(plan: str) -> Desk:
    """Load the plan file and its data (paths as seen from the project folder).

    Raises:
        InputRefused: every problem of the plan, else every problem of the data.
    """
    loaded = load_plan(project_root() / Path(plan))
    data = read_known(loaded)
    check_together(loaded, data)
    return Desk(loaded, data)


def read_known(plan: Plan) -> DataSet:
    """Return the plan's data as they were known on the day that its figures speak of.

    Raises:
        InputRefused: every problem of the data.
    """
    return known_by(read_data(project_root() / plan.data), plan.progress.as_of)

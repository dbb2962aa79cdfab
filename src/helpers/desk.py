"""A planner's desk in an analysis notebook: the plan and the data side by side, tables out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.allocation.accounts.register import check_units, open_register
from helpers.allocation.engine import Allocation, allocate
from helpers.brief.table import Column, Row, Table
from helpers.brief.tables import preview
from helpers.data.dataset import DataSet
from helpers.data.findings import some
from helpers.data.groups import DISTRICT_GROUPS, districts_of
from helpers.data.known import known_by
from helpers.data.published import Published, Result, publish, published
from helpers.data.reading import read_data
from helpers.data.unchanged import Facts, facts_of, settled
from helpers.errors import InputRefused, Problem
from helpers.paths import project_root
from helpers.plan.areas import check_against_districts
from helpers.plan.loading import load_plan, load_rules_for
from helpers.plan.model import Plan
from helpers.plan.standards import standard_files
from helpers.poverty.flows import poverty_flows
from helpers.progress.assigned import check_targets
from helpers.progress.withheld import withhold_inflows
from helpers.reads import note, unnoted
from helpers.text import listing

__all__ = ["Desk", "check_together", "open_desk", "read_known", "rehearse", "warm"]


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
        with unnoted():
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

    The plan file is noted as used; of the data and rules, what is taken from the desk.

    Raises:
        InputRefused: every problem of the plan, else every problem of the data.
    """
    desk = warm(Path(plan))
    note(desk.plan.path)
    return desk


def warm(plan: Path) -> Desk:
    """Return the desk of a plan file as `open_desk` does, but note nothing as used.

    What was read and checked stays in this process and in those forked from it: they open the
    same desk at next to no cost as long as no file has changed. No thread is started.

    Raises:
        InputRefused: see `open_desk`.
    """
    with unnoted():
        return _checked((project_root() / plan).resolve())


@dataclass(frozen=True)
class _Kept:
    """A desk that was found to be in order, and the facts of the files that decided it."""

    desk: Desk
    places: Sequence[Path]
    facts: Facts


_kept: dict[tuple[Path, Path], _Kept] = {}
"""By project folder and plan file."""


def _checked(path: Path) -> Desk:
    """Return a desk of its own for the caller; what did not change is not read again."""
    key = (project_root(), path)
    kept = _kept.pop(key, None)
    if kept is None or facts_of(kept.places) != kept.facts:
        start = time.time_ns()
        plan = load_plan(path)
        data = read_known(plan)
        check_together(plan, data)
        places = _deciding(path, plan)
        kept = _Kept(Desk(plan, data), places, facts_of(places))
        if not settled(kept.facts, start):
            return kept.desk
    _kept[key] = kept
    return Desk(kept.desk.plan.model_copy(deep=True), kept.desk.data.copy())


def rehearse() -> None:
    """Show a table once: the first of a process compiles the templates that the others use.

    Called before the analyses are forked, it spares each of them that.
    """
    Table("…", (Column("name", "…"),), (Row(("…",)),))._repr_mimebundle_()


def _deciding(path: Path, plan: Plan) -> list[Path]:
    """Return the files and folders by which a plan and its data are what they are."""
    rules = [found.path for found in (plan.rule_set, plan.other_rules) if found]
    source = project_root() / plan.data
    return [path, *rules, standard_files()[0], source if source.is_dir() else source.parent]


def read_known(plan: Plan) -> DataSet:
    """Return the plan's data as they were known on the day that its figures speak of.

    Raises:
        InputRefused: every problem of the data.
    """
    return known_by(read_data(project_root() / plan.data), plan.progress.as_of)

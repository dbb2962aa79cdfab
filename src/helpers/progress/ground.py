"""What targets and forecast both stand on: the rates, and where each area stands by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.errors import InputRefused
from helpers.marks import merge_marks
from helpers.plan.model import Plan
from helpers.poverty.rates import poverty_rates
from helpers.progress.assigned import Assigned, check_targets
from helpers.progress.observations import Standing, standings

__all__ = ["Ground", "open_ground"]


@dataclass(frozen=True, eq=False)
class Ground:
    """A plan, its data, the rates, and where each area stands in the plan's year."""

    plan: Plan
    data: DataSet
    rates: Result
    standings: Mapping[str, Standing]
    names: Mapping[str, tuple[str, str]]
    """Each area's group and name, by its code."""

    def place(self, code: str) -> dict[str, object]:
        """Return a row's first columns: whose it is."""
        group, name = self.names[code]
        return {"group": group, "area_code": code, "area": name}

    def result(
        self, frame: pd.DataFrame, assigned: Mapping[str, Assigned], *, review: bool = False
    ) -> Result:
        """Return a table with the marks and inputs of what it rests on."""
        reported = any(self.standings[code].now.reported for code in assigned)
        tables = [*(["poverty_periods"] if reported else []), *(["review"] if review else [])]
        statuses = {item.target.status for item in assigned.values()}
        marks = merge_marks(self.rates.marks, self.data.marks(*tables), statuses)
        files: Iterable[str] = [*self.rates.inputs, *self.data.names(*tables)]
        return Result(frame, marks, (self.plan.file, *dict.fromkeys(files)))


def open_ground(plan: Plan, data: DataSet) -> Ground:
    """Return the ground of a plan and its data.

    Raises:
        InputRefused: a target speaks of households that the data do not have.
    """
    problems = check_targets(plan, data)
    if problems:
        raise InputRefused(problems)
    rates = poverty_rates(data)
    first = rates.frame.drop_duplicates("area_code")
    names = {row.area_code: (row.group, row.area) for row in first.itertuples()}
    stands = standings(rates.frame, data, plan.year, plan.progress.as_of)
    return Ground(plan, data, rates, stands, names)

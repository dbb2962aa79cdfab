"""What a household register says, as published tables; empty where the province has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.data.catalogue import spec
from helpers.data.dataset import DataSet
from helpers.data.groups import DISTRICT_GROUPS, DTTS, GROUP_NAMES, districts_of
from helpers.data.published import Result
from helpers.data.register.place import SIDECAR_NAME, register_path
from helpers.data.sidecar import load_sidecar
from helpers.marks import Mark, merge_marks
from helpers.paths import relative
from helpers.plan.model import Plan
from helpers.plan.standards import Standard, load_standards, standard_at
from helpers.poverty.alkire_foster import Measures
from helpers.rates import announced_rate

if TYPE_CHECKING:
    from helpers.poverty.register import Counts

__all__ = ["check_register", "register_indicators", "register_measures"]


@dataclass(frozen=True, eq=False)
class _Counted:
    """A register's counts by district, and what has to be said of them."""

    counts: Counts
    marks: tuple[Mark, ...]
    inputs: tuple[str, ...]

    @property
    def standard(self) -> Standard:
        return self.counts.standard


@dataclass(frozen=True, eq=False)
class _Area:
    """One row's area: its names, its counts (see `classified`) and its measures."""

    head: Mapping[str, str]
    counts: Mapping[str, int]
    measures: Measures


_ByDistrict = tuple[pd.DataFrame, Mapping[str, Measures]]
"""What `classified` and `measures` say of each district that has households."""


def register_measures(plan: Plan, data: DataSet) -> Result:
    """Return households, poor, near-poor and the measures H, A, M0 by group and district.

    By the standard in force on the date of the register (its sidecar's `date`). Measures are of
    households, the poor being those of the standard (income-poor, too), so that H is their rate;
    percentages have two decimals, M0 has four. Only areas in which the register has households.

    Raises:
        InputRefused: the register or a standard cannot be used.
    """
    counted = _counted(data)
    if counted is None:
        return _empty("register_measures")
    rows = []
    areas = list(_areas(data, counted.counts))
    whole = areas[0].measures
    for area in areas:
        households, poor, near_poor = (
            area.counts[name] for name in ("households", "poor_households", "near_poor_households")
        )
        rows.append(
            {
                **area.head,
                "standard": counted.standard.title,
                "households": households,
                "persons": area.counts["persons"],
                "poor_households": poor,
                "near_poor_households": near_poor,
                "poor_rate": announced_rate(poor, households),
                "near_poor_rate": announced_rate(near_poor, households),
                "headcount": _rounded(100 * area.measures.headcount, 2),
                "intensity": _rounded(100 * area.measures.intensity, 2),
                "mpi": _rounded(area.measures.mpi, 4),
                "mpi_contribution": _rounded(100 * area.measures.contribution_to(whole), 2),
            }
        )
    return _result("register_measures", rows, counted)


def register_indicators(plan: Plan, data: DataSet) -> Result:
    """Return each indicator's deprivation by group and district: counts, percent of households.

    `raw` is the share that lacks it, `censored` the share that is poor and lacks it,
    `contribution` its part in M0. Empty where the register has only the score B2.

    Raises:
        InputRefused: the register or a standard cannot be used.
    """
    counted = _counted(data)
    if counted is None:
        return _empty("register_indicators")
    if not counted.counts.patterns:
        return _result("register_indicators", [], counted)
    rows = []
    for area in _areas(data, counted.counts):
        for place, indicator in enumerate(counted.standard.indicators):
            rows.append(
                {
                    **area.head,
                    "order": place + 1,
                    "service": indicator.service,
                    "indicator": indicator.key,
                    "label": indicator.name,
                    "deprived": area.measures.uncensored[place],
                    "poor_deprived": area.measures.censored[place],
                    "raw": _rounded(100 * area.measures.uncensored_headcounts[place], 2),
                    "censored": _rounded(100 * area.measures.censored_headcounts[place], 2),
                    "contribution": _rounded(100 * area.measures.contributions[place], 2),
                }
            )
    return _result("register_indicators", rows, counted)


def check_register(data: DataSet) -> None:
    """Read the register as a whole, if the province has one, so that a build can refuse it first.

    Raises:
        InputRefused: the register or a standard cannot be used; every problem is in it.
    """
    _counted(data)


def _counted(data: DataSet) -> _Counted | None:
    """Return the counts of the register in the folder of the data, or None without one."""
    districts_file = data.table_files["districts"]
    if districts_file.suffix.lower() != ".csv":
        return None
    path = register_path(districts_file.parent)
    if path is None:
        return None
    # Polars is loaded only for provinces that have a register.
    from helpers.data.register.reading import open_register
    from helpers.poverty.register import count_register

    sidecar = load_sidecar(path.parent / SIDECAR_NAME)
    standard = standard_at(load_standards(), sidecar.date)
    communes = data.communes
    kinds = dict(zip(communes["code"], communes["kind"], strict=True))
    districts = dict(zip(communes["code"], communes["district_code"], strict=True))
    counts = count_register(open_register(path, standard, kinds), districts)
    second_hand = ["secondary"] if sidecar.secondary else []
    marks = merge_marks([sidecar.status], second_hand, standard.marks)
    inputs = (*data.names("districts", "communes"), relative(path), standard.file)
    return _Counted(counts, marks, inputs)


def _areas(data: DataSet, counts: Counts) -> Iterator[_Area]:
    """Yield the groups and districts in which the register has households, the province first."""
    from helpers.poverty.register import classified, measures

    def found(of: Counts) -> _ByDistrict:
        return classified(of), measures(of)

    everyone = found(counts)
    groups = [
        (key, GROUP_NAMES[key], everyone, districts_of(key, data.districts))
        for key in DISTRICT_GROUPS
    ]
    if DTTS in counts.flagged:
        groups.append((DTTS, GROUP_NAMES[DTTS], found(counts.only(DTTS)), counts.codes))
    for key, name, by_district, districts in groups:
        yield from _area(key, key, name, by_district, districts)
    for code, name in sorted(data.district_names.items()):
        yield from _area("district", code, name, everyone, (code,))


def _area(
    group: str, code: str, name: str, by_district: _ByDistrict, districts: Iterable[str]
) -> Iterator[_Area]:
    """Yield the sum of those of the districts that have households; nothing where none has."""
    frame, found = by_district
    within = [district for district in districts if district in found]
    if within:
        summed = {column: int(value) for column, value in frame.loc[within].sum().items()}
        total = reduce(add, (found[district] for district in within))
        yield _Area({"group": group, "area_code": code, "area": name}, summed, total)


def _rounded(value: Fraction, digits: int) -> Decimal:
    """Return the number rounded half up; nothing passes through binary fractions."""
    shifted = value * 10**digits
    return Decimal((2 * shifted + 1).__floor__() // 2).scaleb(-digits)


def _result(table: str, rows: list[dict[str, Any]], counted: _Counted) -> Result:
    frame = pd.DataFrame(rows, columns=list(spec(table).fields))
    return Result(frame, counted.marks, counted.inputs)


def _empty(table: str) -> Result:
    return Result(pd.DataFrame(columns=list(spec(table).fields)))

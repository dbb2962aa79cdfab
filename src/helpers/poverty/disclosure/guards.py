"""The published tables of poverty as they may leave for a brief: no small number can be told.

Printed elsewhere and so never hidden here: each area's poor and near-poor households at every
year-end (`poverty_rates`), that is what flows open and close with and their difference, and the
wholes of deprivations and of the profile's topics on households; the province's poor households of
ethnic minorities (`targets`); the districts' sums of their communes' counts.

That nearly all of a group lack something is told: few that are not deprived are no group that needs
protection. A percentage is hidden with its count, and a rank with every rank of its district and
year, since the ranks of the others would tell between which rates it lies.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from helpers.data.catalogue import spec
from helpers.data.published import SUPPRESSED, Result
from helpers.poverty.disclosure.cells import (
    CellName,
    Layout,
    Table,
    area_totals,
    guard_table,
    row_sums,
    same,
)
from helpers.poverty.disclosure.suppression import Relation

__all__ = [
    "NOTE",
    "Guarded",
    "guard_communes",
    "guard_deprivations",
    "guard_flows",
    "guard_profile",
    "guard_register_indicators",
    "guard_register_measures",
    "suppression_note",
]

NOTE = (
    f"“{SUPPRESSED}”: số từ 1 đến dưới {{threshold}} {{counted}}, hoặc số mà từ đó có thể suy ra "
    "số nhỏ như vậy; không công bố để bảo vệ thông tin của hộ."
)
"""What stands under a table with hidden numbers; see `suppression_note`."""

Members = Mapping[str, Sequence[str]]
"""The codes of each group's districts, by the group's key (which is its area code)."""

DEAR_GROUP = 10
"""How much dearer it is to hide a number of the province or a group than one of a district."""
DEAR_WHOLE = 20
"""How much dearer it is to hide a whole than a part of it."""


@dataclass(frozen=True)
class Guarded(Result):
    """A table as it may be printed.

    `exposed` says in words where small numbers stand that can be told all the same, for they, or
    all that could hide them, are printed elsewhere; `narrow` where the print tells more of a small
    number than that it is small. `hidden` counts the hidden counts.
    """

    hidden: int = 0
    exposed: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()


def suppression_note(threshold: int, counted: str = "hộ") -> str:
    """Return what to say under a table with hidden numbers."""
    return NOTE.format(threshold=threshold, counted=counted)


FLOW_COLUMNS = (
    *("opening", "changed", "above", "other_decrease", "from_other", "relapsed", "newly"),
    *("other_increase", "closing", "gross_out", "gross_in", "net"),
)
FLOWS = Layout(
    dict.fromkeys(FLOW_COLUMNS, ("kind", "area_code", "year")),
    {"relapse_rate": ("relapsed", "changed", "above")},
    frozenset({"net"}),
)

OTHER_KIND: Mapping[Hashable, str] = MappingProxyType({"poor": "near_poor", "near_poor": "poor"})


def guard_flows(result: Result, members: Members, threshold: int) -> Guarded:
    """Return the table `flows` with small flows hidden.

    Known to every reader: the form's formulas, the groups' sums, that who became near-poor came
    from the poor, that a year opens with what the last one closed with, and that not more can
    leave than there were.
    """
    table = Table.of(result.frame, FLOWS)

    def from_other_kind(cell: CellName) -> CellName:
        return cell.of("from_other").at(kind=OTHER_KIND[cell.get("kind")])

    def next_opening(cell: CellName) -> CellName:
        return cell.of("opening").at(year=_next(cell.get("year")))

    relations = [
        *row_sums(table, "gross_out", changed=1, above=1, other_decrease=1),
        *row_sums(table, "gross_in", from_other=1, relapsed=1, newly=1, other_increase=1),
        *row_sums(table, "net", gross_out=1, gross_in=-1),
        *row_sums(table, "closing", opening=1, net=-1),
        *area_totals(table, members),
        *same(table, "changed", from_other_kind),
        *same(table, "closing", next_opening),
    ]
    rests = [{cell.of("opening"): -1, cell: 1} for cell in table.cells("gross_out")]
    fixed = set(table.cells("opening", "closing", "net"))
    return _guarded("flows", result, FLOWS, table, relations, members, threshold, fixed, rests)


DEPRIVATIONS = Layout(
    {
        "households": ("kind", "area_code", "year"),
        "deprived": ("kind", "area_code", "year", "indicator"),
    },
    {"percent": ("households", "deprived")},
)


def guard_deprivations(result: Result, members: Members, threshold: int) -> Guarded:
    """Return the table `deprivations` with small counts and their percentages hidden.

    Known to every reader: the groups' sums, and that not more households are deprived than there
    are.
    """
    table = Table.of(result.frame, DEPRIVATIONS)
    relations = [*area_totals(table, members)]
    rests = [*_parts(table, "households", "deprived")]
    fixed = set(table.cells("households"))
    return _guarded(
        "deprivations", result, DEPRIVATIONS, table, relations, members, threshold, fixed, rests
    )


PROFILE = Layout(
    {
        "whole": ("topic", "area_code", "year"),
        "count": ("topic", "area_code", "year", "item"),
    },
    {"percent": ("whole", "count")},
)

HOUSEHOLD_TOPICS = frozenset({"group", "ethnicity", "cause"})
"""Topics whose whole is all poor households, which `poverty_rates` prints."""
MAJORITY = "Kinh"
"""The ethnic group that is no minority (dân tộc thiểu số)."""
MINORITIES = (("area_code", "province"), ("item", "dtts"))
"""All poor households of ethnic minorities, whom the table of targets prints."""


def guard_profile(result: Result, members: Members, threshold: int) -> Guarded:
    """Return the table `poor_profile` with small counts and their percentages hidden.

    Known to every reader: the groups' sums; that no part is above its whole; that the ethnic
    groups make up the whole, and all but the Kinh the ethnic minorities. Groups and causes may
    overlap; where they happen to add up, a reader may guess that they do, so that is guarded too.
    """
    table = Table.of(result.frame, PROFILE)
    relations = [
        *area_totals(table, members),
        *_partitions(table),
        *_minorities(result.frame, table),
    ]
    rests = [*_parts(table, "whole", "count")]
    fixed = {cell for cell in table.cells("whole") if cell.get("topic") in HOUSEHOLD_TOPICS}
    fixed |= {cell for cell in table.cells("count") if cell.key[1:2] + cell.key[3:] == MINORITIES}
    return _guarded(
        "poor_profile", result, PROFILE, table, relations, members, threshold, fixed, rests
    )


COMMUNE_COLUMNS = ("households", "poor_before", "poor_households", "near_poor_households")
COMMUNES = Layout(
    dict.fromkeys(COMMUNE_COLUMNS, ("unit_code", "year")),
    {"poor_rate": ("households", "poor_households")},
)


def guard_communes(result: Result, members: Members, threshold: int) -> Guarded:
    """Return the table `commune_rates` with small counts, their rates and ranks hidden.

    Known to every reader: the districts' sums, printed elsewhere; that a commune has at least as
    many households as poor and near-poor ones; that a year opens with what the last one closed
    with. `members` is not needed, as the table has no groups.
    """
    frame = result.frame
    table = Table.of(frame, COMMUNES)

    def next_before(cell: CellName) -> CellName:
        return cell.of("poor_before").at(year=_next(cell.get("year")))

    relations = [
        *_district_sums(frame, table),
        *same(table, "poor_households", next_before),
    ]
    rests = [
        {cell: -1, cell.of("poor_households"): 1, cell.of("near_poor_households"): 1}
        for cell in table.cells("households")
    ]
    guarded = _guarded(
        "commune_rates", result, COMMUNES, table, relations, members, threshold, frozenset(), rests
    )
    hidden = guarded.frame["poor_rate"].eq(SUPPRESSED)
    districts = hidden.groupby([frame["district_code"], frame["year"]]).transform("any")
    if not districts.any():
        return guarded
    ranks = frame["rank"].astype(object).mask(districts, SUPPRESSED)
    return replace(guarded, frame=guarded.frame.assign(rank=ranks))


REGISTER_MEASURES = Layout(
    dict.fromkeys(("poor_households", "near_poor_households"), ("area_code",)),
    {
        "near_poor_rate": ("near_poor_households",),
        **dict.fromkeys(
            ("poor_rate", "headcount", "intensity", "mpi", "mpi_contribution"),
            ("poor_households",),
        ),
    },
)


def guard_register_measures(result: Result, members: Members, threshold: int) -> Guarded:
    """Return the table `register_measures` with small counts and what tells them hidden."""
    table = Table.of(result.frame, REGISTER_MEASURES)
    relations = [*area_totals(table, members)]
    return _guarded(
        "register_measures", result, REGISTER_MEASURES, table, relations, members, threshold, (), ()
    )


REGISTER_INDICATORS = Layout(
    dict.fromkeys(("deprived", "poor_deprived"), ("area_code", "indicator")),
    {
        "raw": ("deprived",),
        "censored": ("poor_deprived",),
        "contribution": ("poor_deprived",),
    },
)


def guard_register_indicators(result: Result, members: Members, threshold: int) -> Guarded:
    """Return the table `register_indicators` with small counts and their shares hidden.

    Known to every reader besides the groups' sums: the poor who lack something are some of all.
    """
    table = Table.of(result.frame, REGISTER_INDICATORS)
    relations = [*area_totals(table, members)]
    rests = [{CellName("deprived", cell.key): -1, cell: 1} for cell in table.cells("poor_deprived")]
    return _guarded(
        "register_indicators", result, REGISTER_INDICATORS, table, relations, members, threshold,
        (), rests,
    )  # fmt: skip


def _next(year: Hashable) -> Hashable:
    return str(int(year) + 1) if isinstance(year, str) else int(str(year)) + 1


def _parts(table: Table, whole: str, part: str) -> Iterator[Mapping[CellName, int]]:
    """Yield each part with its whole, whose key is the part's without its last column."""
    for cell in table.cells(part):
        yield {CellName(whole, cell.key[:-1]): -1, cell: 1}


def _partitions(table: Table) -> Iterator[Relation]:
    """Yield that a topic's items make up its whole: of ethnicities always, else where it is so."""
    items: dict[CellName, list[CellName]] = {}
    for cell in table.cells("count"):
        items.setdefault(CellName("whole", cell.key[:-1]), []).append(cell)
    for whole, parts in items.items():
        relation = {whole: -1, **dict.fromkeys(parts, 1)}
        if whole.get("topic") == "ethnicity" or table.holds(relation):
            yield relation


def _minorities(frame: pd.DataFrame, table: Table) -> Iterator[Relation]:
    """Yield that the ethnic minorities are all poor households but the Kinh."""
    chosen = (frame["topic"] == "ethnicity") & (frame["label"] == MAJORITY)
    for row in frame[chosen][["area_code", "year", "item"]].itertuples(index=False):
        place = (("area_code", row.area_code), ("year", row.year))
        majority = CellName("count", (("topic", "ethnicity"), *place, ("item", row.item)))
        minorities = CellName("count", (("topic", "group"), *place, ("item", "dtts")))
        whole = CellName("whole", (("topic", "ethnicity"), *place))
        relation = {whole: -1, majority: 1, minorities: 1}
        if table.known(relation):
            yield relation


def _district_sums(frame: pd.DataFrame, table: Table) -> Iterator[Relation]:
    """Yield that the communes' counts of a district and year have a sum that is printed."""
    for column in COMMUNES.counts:
        sums: dict[tuple[Hashable, Hashable], dict[CellName, int]] = {}
        rows = zip(frame["district_code"], frame["year"], table.columns[column], strict=True)
        for district, year, cell in rows:
            if cell is not None:
                sums.setdefault((district, year), {})[cell] = 1
        yield from sums.values()


def _guarded(
    name: str,
    result: Result,
    layout: Layout,
    table: Table,
    relations: Sequence[Relation],
    members: Members,
    threshold: int,
    fixed: Collection[CellName],
    rests: Sequence[Mapping[CellName, int]],
) -> Guarded:
    wholes = {cell for parts in rests for cell, by in parts.items() if by < 0}
    costs = {
        cell: (DEAR_GROUP if str(cell.get("area_code")) in members else 1)
        * (DEAR_WHOLE if cell in wholes else 1)
        for cell in table.values
    }
    frame, found = guard_table(
        result.frame, layout, table, relations, threshold, fixed=fixed, rests=rests, costs=costs
    )
    said = found.exposed or found.narrow
    words = _words(name, result.frame, table) if said else {}
    exposed, narrow = (
        tuple(text for cell, text in words.items() if cell in cells)
        for cells in (found.exposed, found.narrow)
    )
    return Guarded(frame, result.marks, result.inputs, len(found.hidden), exposed, narrow)


KIND_NAMES: Mapping[str, str] = MappingProxyType({"poor": "hộ nghèo", "near_poor": "hộ cận nghèo"})


def _words(name: str, frame: pd.DataFrame, table: Table) -> Mapping[CellName, str]:
    """Return in words what each cell counts, in the order of the rows."""
    fields = spec(name).fields
    place = "unit" if "unit" in frame else "area"
    words: dict[CellName, str] = {}
    for row, record in enumerate(frame.to_dict("records")):
        for column, cells in table.columns.items():
            cell = cells[row]
            if cell is not None:
                label = fields[column].label
                kind = KIND_NAMES.get(str(cell.get("kind")), "")
                item = record["label"] if cell.key[-1][0] in ("indicator", "item") else ""
                year = f"cuối năm {record['year']}" if "year" in record else ""
                parts = (label, kind, item, record[place], year)
                words.setdefault(cell, ", ".join(str(part) for part in parts if part))
    return words

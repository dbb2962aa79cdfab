"""Make the illustrative (minh họa) review: ethnic minorities, reports of the year, forms 1 to 11.

    python data/nghe-an-2024/make_illustrative_review.py [folder]

Run make_illustrative.py first: its counts of households are read here and kept to the household.
Forms of the review by commune or district were not available, so what stands in them is invented:
a plausible shape by region, a little seeded scatter, and whole numbers that close every identity of
the forms. Two faults are made on purpose, see MISTYPED and DISAGREEING. Replace the tables by the
province's own and delete this script and the two whose names begin with illustrative_: what is
assumed stands in illustrative_shape.py, how one unit's forms are made in illustrative_unit.py.

Whole numbers only, and of `random` only `random()`: the same bytes on every machine. Needs nothing
but Python.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from illustrative_shape import DTTS, DTTS_HOUSEHOLDS, DTTS_POOR, PACE, PACES
from illustrative_unit import (
    FLOWS,
    GROUPS,
    HEADERS,
    LAST,
    Counts,
    Members,
    Pair,
    Unit,
    causes,
    children,
    deprivations,
    ethnicities,
    groups,
    household_flows,
    peopled,
    shared_within,
    spread,
    summary,
    with_members,
)
from make_illustrative import HERE, YEARS, read, scattered, shared, write

SEED = 90

DATES = {1: f"{LAST}-03-31", 2: f"{LAST}-06-30", 3: f"{LAST}-09-30"}

MISTYPED = ("17062", "above")
"""The commune (Châu Cường) and the column of form 2 whose digits are swapped in the file."""
DISAGREEING = ("17353", 5)
"""The commune (Đức Sơn) whose forms count so many more poor households than the department."""

# Ethnic minorities, and reports within the year, by district


def minorities(
    counts: Mapping[int, Mapping[str, Counts]], chance: random.Random
) -> dict[int, dict[str, Counts]]:
    """Return households of ethnic minorities, poor and near-poor ones, by year and district."""
    tables = {}
    for place, year in enumerate(YEARS):
        rows = {name: counts[year][name] for name in DTTS}
        households = shared(
            DTTS_HOUSEHOLDS[year], {name: rows[name].households * DTTS[name][0] for name in DTTS}
        )
        poor = shared_within(
            DTTS_POOR[year],
            {
                name: rows[name].poor * (first * (3 - place) + last * place)
                for name, (_, (first, last), _) in DTTS.items()
            },
            {name: rows[name].poor for name in DTTS},
        )
        near = {
            name: scattered(rows[name].near * DTTS[name][2], 200, chance) // 10_000_000
            for name in DTTS
        }
        tables[year] = {name: Counts(households[name], poor[name], near[name]) for name in DTTS}
    return tables


def in_between(
    before: Counts, after: Counts, quarter: int, pace: int, chance: random.Random
) -> Counts:
    """Return the counts at the end of a quarter: households even, the rest as far as the pace."""
    even = quarter * 250
    parts = (even, *(scattered(pace, 500, chance) // 10_000 for _ in range(2)))
    return Counts(
        *(
            first + ((last - first) * part + 500) // 1000
            for first, last, part in zip(before, after, parts, strict=True)
        )
    )


# The forms of all units

Rows = dict[int, list[list[Any]]]
"""By form, its rows: year, code, name and the numbers."""


def flat(flow: Mapping[str, Pair], keys: Sequence[str]) -> list[int]:
    """Return households and persons of the columns in the form's order."""
    return [value for key in keys for value in flow[key]]


def reviewed(
    rows: Rows,
    year: int,
    unit: Unit,
    before: Counts,
    now: Counts,
    members: Members,
    chance: random.Random,
) -> tuple[Members, Sequence[Mapping[str, int]]]:
    """Add a unit's forms 1 to 6 to the rows; return the members at the end, and who lacks what."""
    flows = household_flows(unit, before, now, chance)
    poor, near = with_members(unit, before, members, flows, chance)
    after = (poor["closing"].persons, near["closing"].persons)
    lack = deprivations(unit, now, year, chance)
    head = [year, unit.code, unit.name]
    rows[1].append([*head, *summary(unit, now, after, chance).values()])
    rows[2].append([*head, *flat(poor, FLOWS["poor"])])
    rows[3].append([*head, *flat(near, FLOWS["near"])])
    for form, count, lacks in zip((4, 6), now[1:], lack, strict=True):
        rows[form].append([*head, count, *lacks.values()])
    return after, lack


def profiled(
    rows: Rows,
    unit: Unit,
    poor: Pair,
    dtts: int,
    members: Members,
    lack: Sequence[Mapping[str, int]],
    chance: random.Random,
) -> None:
    """Add a commune's forms 8 to 11 of the last year to the rows."""
    head = [LAST, unit.code, unit.name]
    by_group = groups(unit, poor, dtts, chance)
    by_ethnicity = ethnicities(unit, poor, by_group["dtts"], chance)
    rows[8].append([*head, *flat(by_group, GROUPS)])
    rows[9].append([*head, *flat(by_ethnicity, list(by_ethnicity))])
    rows[10].append([*head, *causes(unit, poor.households, chance).values()])
    rows[11].append([*head, *children(unit, members, lack, chance)])


def commune_counts(
    before: Mapping[str, Counts], totals: Counts, chance: random.Random
) -> dict[str, Counts]:
    """Return a district's communes at the end of the last year, adding up to the district."""
    columns = []
    for place, (total, width) in enumerate(zip(totals, (40, 700, 500), strict=True)):
        weights = {code: scattered(counts[place], width, chance) for code, counts in before.items()}
        columns.append(shared(total, weights))
    return {code: Counts(*(column[code] for column in columns)) for code in before}


def opening_members(
    members: Members, before: Mapping[str, Counts], chance: random.Random
) -> dict[str, Members]:
    """Return the members of the communes' poor and near-poor at the start of the last year."""
    poor, near = (
        spread(persons, {code: counts[place] for code, counts in before.items()}, chance)
        for place, persons in enumerate(members, start=1)
    )
    return {code: (poor[code].persons, near[code].persons) for code in before}


def commune_minorities(
    counts: Mapping[str, Counts], total: int, chance: random.Random
) -> dict[str, int]:
    """Return the poor households of ethnic minorities by commune, adding up to the district."""
    most = {code: row.poor for code, row in counts.items()}
    weights = {code: scattered(poor, 9000, chance) for code, poor in most.items()}
    return shared_within(total, weights, most)


def review_districts(
    rows: Rows,
    districts: Sequence[Unit],
    counts: Mapping[int, Mapping[str, Counts]],
    chance: random.Random,
) -> dict[str, Members]:
    """Add the districts' forms of the years between; return each one's members at their end."""
    members: dict[str, Members] = {}
    for unit in districts:
        start = counts[YEARS[0]][unit.name]
        poor, near = (peopled(start[k], unit.assumed.sizes[k - 1], 150, chance) for k in (1, 2))
        members[unit.name] = (poor.persons, near.persons)
    for year in YEARS[1:-1]:
        for unit in districts:
            first, last = (counts[one][unit.name] for one in (year - 1, year))
            opening = members[unit.name]
            members[unit.name], _ = reviewed(rows, year, unit, first, last, opening, chance)
    return members


def review_communes(
    rows: Rows,
    communes: Sequence[Unit],
    before: Mapping[str, Counts],
    total: Counts,
    dtts: int,
    members: Members,
    chance: random.Random,
) -> None:
    """Add the forms of a district's communes of the last year, which add up to the district."""
    counts = commune_counts(before, total, chance)
    of_minorities = commune_minorities(counts, dtts, chance)
    opening = opening_members(members, before, chance)
    for unit in communes:
        now = counts[unit.code]
        if unit.code == DISAGREEING[0]:
            now = now._replace(poor=now.poor + DISAGREEING[1])
        first = before[unit.code]
        after, lack = reviewed(rows, LAST, unit, first, now, opening[unit.code], chance)
        poor = Pair(now.poor, after[0])
        profiled(rows, unit, poor, of_minorities[unit.code], after, lack, chance)


def review(
    districts: Sequence[Unit],
    communes: Sequence[Unit],
    counts: Mapping[int, Mapping[str, Counts]],
    before: Mapping[str, Counts],
    dtts: Mapping[str, Counts],
    chance: random.Random,
) -> Rows:
    """Return the rows of every form: districts of the years between, communes of the last."""
    rows: Rows = {form: [] for form in HEADERS}
    members = review_districts(rows, districts, counts, chance)
    for district in districts:
        name = district.name
        units = [unit for unit in communes if unit.district == name]
        first = {unit.code: before[unit.code] for unit in units}
        minority = dtts[name].poor if name in dtts else 0
        review_communes(rows, units, first, counts[LAST][name], minority, members[name], chance)
    return rows


def mistyped(rows: Rows) -> tuple[int, int]:
    """Swap the digits of one number of form 2, as MISTYPED says; return it as it is now and was."""
    code, column = MISTYPED
    place = 3 + HEADERS[2].index(column)
    row = next(row for row in rows[2] if row[1] == code)
    right = row[place]
    row[place] = int(str(right)[::-1])
    return row[place], right


CORRECTION = """\
# Sai sót đã biết của các biểu trong thư mục này. Tệp biểu giữ nguyên như đơn vị gửi; mỗi mục ghi ô
# sai (found) và số dùng thay (corrected). Khi đơn vị gửi lại biểu đúng, xóa mục ấy.
# MINH HỌA: không có văn bản nào như vậy; sai sót này được đặt ra để minh họa cách ghi.
- form: 2
  year: {year}
  unit: "{code}"
  column: {column}
  half: hộ
  found: {found}
  corrected: {corrected}
  reason: Xã gõ đảo hai chữ số; đã đối chiếu với danh sách hộ thoát nghèo của xã
  source: "Minh họa: văn bản đính chính của UBND xã"
"""


# Files


def units() -> tuple[list[Unit], list[Unit]]:
    """Return districts and communes in the order of their lists."""
    districts = [
        Unit(row["code"], row["name"], row["name"], row["region"]) for row in read("districts.csv")
    ]
    regions = {unit.name: unit.region for unit in districts}
    communes = [
        Unit(row["code"], row["name"], row["district"], regions[row["district"]],
             row["kind"] != "xã")
        for row in read("communes.csv")
    ]  # fmt: skip
    return districts, communes


def counts_of(row: Mapping[str, str]) -> Counts:
    """Return the counts in a row of a table."""
    columns = ("households", "poor_households", "near_poor_households")
    return Counts(*(int(row[column]) for column in columns))


def main(folder: Path = HERE) -> None:
    """Write the tables and the forms into the folder, units in the order of their lists."""
    districts, communes = units()
    counts: dict[int, dict[str, Counts]] = {year: {} for year in YEARS}
    for row in read("poverty.csv"):
        counts[int(row["year"])][row["district"]] = counts_of(row)
    before = {row["code"]: counts_of(row) for row in read("commune_poverty.csv")}
    chance = random.Random(SEED)
    dtts = minorities(counts, chance)
    columns = ["households", "poor_households", "near_poor_households"]
    write(
        folder / "dtts_poverty.csv",
        ["district", "year", *columns],
        [
            [unit.name, year, *dtts[year].get(unit.name, Counts(0, 0, 0))]
            for unit in districts
            for year in YEARS
        ],
    )
    write(
        folder / "poverty_periods.csv",
        ["district", "date", *columns],
        [
            [unit.name, DATES[quarter], *in_between(first, last, quarter, pace, chance)]
            for unit in districts
            for first, last in [(counts[LAST - 1][unit.name], counts[LAST][unit.name])]
            for quarter, pace in enumerate(PACES[PACE.get(unit.name, "on track")], start=1)
        ],
    )
    rows = review(districts, communes, counts, before, dtts[LAST], chance)
    found, corrected = mistyped(rows)
    order = {unit.code: place for place, unit in enumerate([*districts, *communes])}
    (folder / "review").mkdir(exist_ok=True)
    for form, header in HEADERS.items():
        made = sorted(rows[form], key=lambda row: (row[0], order[row[1]]))
        name = f"bieu-{form:02d}.csv"
        write(folder / "review" / name, ["year", "code", "name", *header], made)
    code, column = MISTYPED
    text = CORRECTION.format(year=LAST, code=code, column=column, found=found, corrected=corrected)
    (folder / "review" / "corrections.yml").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

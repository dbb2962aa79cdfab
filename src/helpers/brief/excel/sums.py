"""Which cells of a table are sums of others: found by its structure, proved by exact arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from helpers.brief.table import Cell, Column, Table

__all__ = ["FAMILY", "Place", "exact", "sums", "without_circles"]

Place = tuple[int, int]
"""A cell by its row and column among the table's values, both from 0."""

Number = int | Fraction
Grid = Sequence[Sequence[Number | None]]

RANK: Mapping[str, int] = {"total": 0, "group": 1, "normal": 2, "detail": 3}

FAMILY: Mapping[str, str] = {
    "money": "money",
    "money_tenths": "money",
    "change": "money",
    "change_tenths": "money",
    "count": "count",
    "number": "number",
    "rate": "rate",
    "points": "points",
}
"""Kinds whose values may be summed, and with which others."""

PLAIN = frozenset({"money", "count"})
"""Families in which a sum of noughts or of one addend is a sum too, where the rows are one."""

PROOF = 2
"""So many addends other than nought tell a sum from two equal numbers."""

_TOTAL = re.compile(r"(?:tổng|cộng|total)\b", re.IGNORECASE)
_PARTS = re.compile(r"(?:trong đó|chia ra|gồm|of which|including)\b", re.IGNORECASE)


def sums(table: Table) -> dict[Place, tuple[Place, ...]]:
    """Return the cells that are sums → the cells that they sum, all in one column or one row.

    A total or a group sums rows, a column "Tổng…" sums columns. A cell is taken only if the exact
    values agree; nothing is taken where a value among the addends is withheld.
    """
    if not _has_any(table):
        return {}
    grid = [[exact(value) for value in row.cells] for row in table.rows]
    hidden = {
        (at, column)
        for at, row in enumerate(table.rows)
        for column, value in enumerate(row.cells)
        if isinstance(value, str) and value.strip() and table.columns[column].numeric
    }
    found = _down(table, grid, hidden)
    for place, addends in _across(table, grid, hidden):
        found.setdefault(place, addends)
    return without_circles(found)


def _has_any(table: Table) -> bool:
    """Say whether a row or a column of the table claims to be a sum at all."""
    return any(RANK[row.level] < RANK["normal"] for row in table.rows) or any(
        _totals(column) or any(map(_PARTS.match, column.group)) for column in table.columns
    )


def exact(value: Cell) -> Number | None:
    """Return a cell's exact number; none where it is something else."""
    if isinstance(value, Decimal):
        return Fraction(value)
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return value
    return None


def _proved(values: Sequence[Number]) -> bool:
    return sum(1 for value in values if value) >= PROOF


def _down(table: Table, grid: Grid, hidden: set[Place]) -> dict[Place, tuple[Place, ...]]:
    """Return the sums over rows: for each total and group the structure that fits most columns.

    A structure that is proved for one row holds for all rows of its level, so that in those a
    single addend is a sum as well.
    """
    ranks = [RANK[row.level] for row in table.rows]
    summed = [c for c, column in enumerate(table.columns) if column.kind in FAMILY]
    fitting: dict[int, dict[str, dict[int, list[int]]]] = {}
    proved: set[tuple[int, str]] = set()
    for at, rank in enumerate(ranks):
        if rank > RANK["group"]:
            continue
        for name, region in _regions(ranks, at):
            for column in summed:
                rows = _addends(name, ranks, region, column, grid, hidden)
                if not rows or not _agrees(grid[at][column], [grid[r][column] for r in rows]):
                    continue
                fitting.setdefault(at, {}).setdefault(name, {})[column] = rows
                if _proved([grid[r][column] or 0 for r in rows]):
                    proved.add((rank, name))
    found: dict[Place, tuple[Place, ...]] = {}
    for at, choices in fitting.items():
        for name in sorted(choices, key=lambda name: -len(choices[name])):
            for column, rows in choices[name].items():
                sure = (ranks[at], name) in proved and FAMILY[table.columns[column].kind] in PLAIN
                if sure or _proved([grid[r][column] or 0 for r in rows]):
                    found.setdefault((at, column), tuple((r, column) for r in rows))
    return found


def _agrees(value: Number | None, addends: Sequence[Number | None]) -> bool:
    return value is not None and sum(addend or 0 for addend in addends) == value


def _regions(ranks: Sequence[int], at: int) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the rows that a total or a group may sum, the likeliest structure first."""
    rank, count = ranks[at], len(ranks)
    end = next((r for r in range(at + 1, count) if ranks[r] <= rank), count)
    start = next((r + 1 for r in range(at - 1, -1, -1) if ranks[r] <= rank), 0)
    below, above = range(at + 1, end), range(start, at)
    if rank == RANK["total"]:
        yield "above", above
    yield "below", below
    if rank == RANK["total"]:
        yield "totals above", [r for r in range(at) if ranks[r] == rank]
        yield "totals below", [r for r in range(at + 1, count) if ranks[r] == rank]
        yield "all above", range(at)
        yield "all below", range(at + 1, count)


def _addends(
    name: str,
    ranks: Sequence[int],
    region: Sequence[int],
    column: int,
    grid: Grid,
    hidden: set[Place],
) -> list[int]:
    """Return the rows of a region that stand for all of it; none where a value is withheld.

    A row with a value stands for the rows of lower level that follow it; a heading without one
    leaves that to them.
    """
    taken: list[int] = []
    owner = len(RANK)
    for row in region:
        rank = ranks[row]
        if rank == RANK["total"] and not name.startswith("totals"):
            continue
        if rank > owner:
            continue
        owner = len(RANK)
        if (row, column) in hidden:
            return []
        if grid[row][column] is not None:
            taken.append(row)
            owner = rank
    return taken


def _across(
    table: Table, grid: Grid, hidden: set[Place]
) -> Iterator[tuple[Place, tuple[Place, ...]]]:
    """Yield the sums over columns: of those that hold in every row with numbers."""
    for target, column in enumerate(table.columns):
        if FAMILY.get(column.kind) not in PLAIN:
            continue
        for parts in _parts(table.columns, target):
            rows = [
                at
                for at, row in enumerate(grid)
                if row[target] is not None
                and any(row[part] is not None for part in parts)
                and not any((at, part) in hidden for part in parts)
            ]
            holds = all(_agrees(grid[at][target], [grid[at][p] for p in parts]) for at in rows)
            if holds and any(_proved([grid[at][p] or 0 for p in parts]) for at in rows):
                yield from (((at, target), tuple((at, p) for p in parts)) for at in rows)
                break


def _totals(column: Column) -> bool:
    return column.key == "total" or _TOTAL.match(column.label) is not None


def _parts(columns: Sequence[Column], target: int) -> Iterator[tuple[int, ...]]:
    """Yield the columns that a column may sum, the likeliest first.

    A column "Tổng…" sums those beside it or the branches of a header; any column sums the header
    "Trong đó…" that follows it.
    """
    here = columns[target]
    family = FAMILY[here.kind]
    left, right = _run(columns, target, -1, family), _run(columns, target, 1, family)
    deep = len(here.group)
    if not _totals(here):
        first = columns[right[0]].group[: deep + 1] if right else ()
        if len(first) > deep and first[:deep] == here.group and _PARTS.match(first[deep]):
            branch = [c for c in right if columns[c].group[: deep + 1] == first]
            yield from _branches(columns, branch)
        return
    if here.group:
        yield tuple(c for c in left + right if columns[c].group == here.group)
    for run in (left, right):
        deeper = [c for c in run if len(columns[c].group) > deep]
        yield tuple(c for c in deeper if _totals(columns[c]))
        yield tuple(c for c in run if not _totals(columns[c]))
        for head in dict.fromkeys(columns[c].group[: deep + 1] for c in deeper):
            yield from _branches(
                columns, [c for c in deeper if columns[c].group[: deep + 1] == head]
            )


def _branches(columns: Sequence[Column], branch: Sequence[int]) -> Iterator[tuple[int, ...]]:
    yield tuple(c for c in branch if not _totals(columns[c]))
    yield tuple(c for c in branch if _totals(columns[c]))


def _run(columns: Sequence[Column], target: int, step: int, family: str) -> list[int]:
    """Return the columns beside one, to the left or right, as long as they are of its family."""
    run: list[int] = []
    at = target + step
    while 0 <= at < len(columns) and FAMILY.get(columns[at].kind) == family:
        run.append(at)
        at += step
    return sorted(run)


def without_circles(found: dict[Place, tuple[Place, ...]]) -> dict[Place, tuple[Place, ...]]:
    """Return what follows from what without cells that would come back to themselves."""
    kept: dict[Place, tuple[Place, ...]] = {}
    for place, addends in found.items():
        waiting, seen = list(addends), set(addends)
        while waiting and place not in seen:
            new = set(kept.get(waiting.pop(), ())) - seen
            seen |= new
            waiting.extend(new)
        if place not in seen:
            kept[place] = addends
    return kept

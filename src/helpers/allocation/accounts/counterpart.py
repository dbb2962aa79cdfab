"""What local budgets must add to the central capital (vốn đối ứng), and what is planned.

A line's counterpart is percent × its central capital of a type. The sum over the lines is rounded
half up to the rounding unit, and the lines share it by largest remainder, so that neither the total
nor any line is as much as one unit off. The levels (province, district, commune) share a line's
amount by their percents, and the districts each level's amount by the central capital in their
hands, again by largest remainder: every amount is whole and every sum exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pandas as pd

from helpers.allocation.accounts.tables import TOTAL, TOTAL_NAME, unit_result
from helpers.allocation.engine import Allocation
from helpers.allocation.model import Cell
from helpers.data.published import Result
from helpers.money import apportion
from helpers.plan.rules.model import COUNTERPART_LEVELS, Counterpart, RuleSet
from helpers.plan.rules.readers import Missing
from helpers.rates import announced_rate

__all__ = [
    "counterpart_by_district",
    "counterpart_table",
    "counterparts_of",
    "judge",
    "levels_of",
    "required_of",
    "shares_of_districts",
]

OTHERS, OTHERS_NAME = "others", "Ứng với vốn của sở, ngành và vốn chưa phân bổ"
ENOUGH, SHORT, BEYOND, UNKNOWN = "đủ", "thiếu", "vượt", "chưa có tỷ lệ"
LEVELS = tuple(COUNTERPART_LEVELS)
LOCAL = ("district", "commune")

COLUMNS = [
    *("line", "short", "capital_type", "of", "source", "central", "percent", "required"),
    *(*LEVELS, "planned", "difference", "result"),
]
MONEY = ("required", *LEVELS, "planned", "difference")
DISTRICT_COLUMNS = [
    *("district_code", "district", "line", "short", "capital_type", "of", "source", "central"),
    *("district_budget", "commune_budget", "total"),
]


def counterparts_of(rule_set: RuleSet, line: str) -> tuple[Counterpart, ...]:
    """Return what a line's capital must be matched by: its rule's own, else the rule set's."""
    rule = rule_set.rule(line)
    own = rule.counterpart if rule else ()
    types = {item.type for item in own}
    return (*own, *(item for item in rule_set.counterpart if item.type not in types))


def required_of(exact: Mapping[str, Fraction], unit: int) -> dict[str, int]:
    """Return what lines must be matched by, in whole rounding units, from the exact amounts (đồng).

    Their sum is the exact sum rounded half up; each is less than one unit from its exact amount,
    or from its part of the rounded sum.
    """
    total = (2 * sum(exact.values(), Fraction(0)) + unit).__floor__() // (2 * unit) * unit
    return dict(apportion(total, exact, unit=unit).amounts) if total else dict.fromkeys(exact, 0)


def levels_of(
    required: int | None, levels: Mapping[str, Fraction | Missing], unit: int
) -> dict[str, int | None]:
    """Return what each level's budget must pay; the levels add up exactly to what is required.

    By largest remainder in rounding units; a level that the rule does not name pays nothing. None
    where a percentage is not known yet.
    """
    known = {level: part for level, part in levels.items() if isinstance(part, Fraction)}
    if required is None or len(known) < len(levels):
        return dict.fromkeys(LEVELS)
    amounts = apportion(required, known, unit=unit).amounts
    return {level: amounts.get(level, 0) for level in LEVELS}


def shares_of_districts(amount: int, central: Mapping[str, int], unit: int) -> dict[str, int]:
    """Return each one's part of what a level must pay, by the central capital in its hands.

    The parts add up exactly, by largest remainder in rounding units.
    """
    return (
        dict(apportion(amount, central, unit=unit).amounts) if amount else dict.fromkeys(central, 0)
    )


def judge(planned: int, exact: Fraction | None, unit: int) -> str:
    """Return whether the planned counterpart is enough (đủ), short (thiếu) or more (vượt).

    It is enough where it is less than one rounding unit off the exact amount: no rounding could
    bring it nearer.
    """
    if exact is None:
        return UNKNOWN
    if abs(planned - exact) < unit:
        return ENOUGH
    return SHORT if planned < exact else BEYOND


Kind = tuple[str, str, str]


@dataclass(frozen=True)
class _Demand:
    """What one line's central capital of a type asks of the local budgets."""

    line: str
    item: Counterpart
    central: int
    planned: int
    required: int | None = None
    levels: Mapping[str, int | None] = field(default_factory=lambda: dict.fromkeys(LEVELS))

    @property
    def kind(self) -> Kind:
        """Return capital type, whose capital it matches, and the source that pays."""
        return self.item.type, self.item.of, self.item.source

    @property
    def exact(self) -> Fraction | None:
        """Return percent × central capital; None where the percentage is not known yet."""
        percent = self.item.percent
        return percent * self.central / 100 if isinstance(percent, Fraction) else None


def _unit(allocation: Allocation) -> int:
    return allocation.rule_set.rounding_unit or allocation.plan.rounding_unit


def _demands(allocation: Allocation) -> list[_Demand]:
    """Return every line's demands where it has central capital, in the plan's order."""
    pots = allocation.pots
    found = []
    for line in allocation.plan.lines:
        for item in counterparts_of(allocation.rule_set, line.code):
            central = pots.get(Cell(line.code, item.of, item.type), 0)
            if central:
                planned = pots.get(Cell(line.code, item.source, item.type), 0)
                found.append(_Demand(line.code, item, central, planned))
    return _rounded(found, _unit(allocation))


def _rounded(demands: list[_Demand], unit: int) -> list[_Demand]:
    """Return the demands with what is required, in whole rounding units."""
    exact: dict[Kind, dict[str, Fraction]] = defaultdict(dict)
    for demand in demands:
        if demand.exact is not None:
            exact[demand.kind][demand.line] = demand.exact
    required = {kind: required_of(lines, unit) for kind, lines in exact.items()}
    found = []
    for demand in demands:
        amount = required.get(demand.kind, {}).get(demand.line)
        levels = levels_of(amount, demand.item.levels, unit)
        found.append(replace(demand, required=amount, levels=levels))
    return found


def _added(amounts: Iterable[int | None]) -> int | None:
    """Return a sum; None as soon as one amount is not known."""
    known = list(amounts)
    return None if None in known else sum(amount or 0 for amount in known)


def _row(demands: Sequence[_Demand], percent: Decimal | None, unit: int) -> dict[str, object]:
    """Return the amounts of one demand, or of several together."""
    central = sum(demand.central for demand in demands)
    planned = sum(demand.planned for demand in demands)
    required = _added(demand.required for demand in demands)
    parts = [demand.exact for demand in demands if demand.exact is not None]
    exact = sum(parts, Fraction(0)) if len(parts) == len(demands) else None
    return {
        "central": central,
        "percent": percent,
        "required": required,
        **{level: _added(demand.levels[level] for demand in demands) for level in LEVELS},
        "planned": planned,
        "difference": None if required is None else planned - required,
        "result": judge(planned, exact, unit),
    }


def _short_names(allocation: Allocation) -> dict[str, str]:
    return {line.code: line.short for line in allocation.plan.lines}


def _keys(names: Mapping[str, str], line: str, kind: Kind) -> dict[str, object]:
    capital_type, of, source = kind
    keys: dict[str, object] = {"line": line, "short": names.get(line, TOTAL_NAME)}
    return keys | {"capital_type": capital_type, "of": of, "source": source}


def _written_percent(percent: Fraction | Missing) -> Decimal | None:
    """Return a percentage of a rule, which has few decimals, as a decimal."""
    if not isinstance(percent, Fraction):
        return None
    return Decimal(percent.numerator) / Decimal(percent.denominator)


def counterpart_table(allocation: Allocation) -> Result:
    """Return what must be added to each line's central capital of a type, and what is planned.

    One row a line and capital type, then the line "total" for each type. All amounts are đồng:
    `central` the capital of the source `of`; `required` percent × central, in rounding units;
    province, district and commune add up to it; `planned` the line's capital of `source`;
    `difference` planned − required; `result` is judged by the exact amount, see `judge`. The
    percentage of a total is what the required amounts come to, with two decimals. Where a
    percentage says "chưa có" the amounts are empty.
    """
    demands, unit = _demands(allocation), _unit(allocation)
    names = _short_names(allocation)
    rows = []
    for demand in demands:
        percent = _written_percent(demand.item.percent)
        keys = _keys(names, demand.line, demand.kind)
        rows.append(keys | _row([demand], percent, unit))
    for kind in dict.fromkeys(demand.kind for demand in demands):
        own = [demand for demand in demands if demand.kind == kind]
        required = _added(demand.required for demand in own)
        whole = sum(demand.central for demand in own)
        percent = None if required is None else announced_rate(required, whole)
        rows.append(_keys(names, TOTAL, kind) | _row(own, percent, unit))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for column in MONEY:
        frame[column] = frame[column].astype("Int64")
    return unit_result(allocation, frame)


def _holders(allocation: Allocation) -> dict[Cell, dict[str, int]]:
    """Return each pot by district, communes within theirs, all else under `OTHERS`."""
    cube = allocation.cube
    inside = cube["level"].isin(["district", "commune"])
    holder = cube["district_code"].where(inside, OTHERS)
    keys = [cube["line"], cube["source"], cube["capital_type"], holder]
    found: dict[Cell, dict[str, int]] = defaultdict(dict)
    for (line, source, capital_type, code), amount in cube["amount"].groupby(keys).sum().items():
        found[Cell(line, source, capital_type)][code] = int(amount)
    return found


def counterpart_by_district(allocation: Allocation) -> Result:
    """Return what each district's and its communes' budgets must add to their central capital.

    One row a district, line and capital type, with the line "total" for each type; then what the
    same levels' percents ask for the capital of agencies and for what is not allocated ("others"),
    and the district "total". All amounts are đồng. `district_budget` and `commune_budget` are the
    district's parts of the amounts that `counterpart_table` has for these levels, by the central
    capital in its hands; over all rows of a line they add up to those. A line whose percentages
    say "chưa có" has no rows.
    """
    unit, holders, demands = _unit(allocation), _holders(allocation), _demands(allocation)
    held: dict[tuple[str, str, Kind], tuple[int, ...]] = {}
    for demand in demands:
        central = holders[Cell(demand.line, demand.item.of, demand.item.type)]
        amounts = [amount for level in LOCAL if (amount := demand.levels[level]) is not None]
        if len(amounts) < len(LOCAL):
            continue
        parts = [shares_of_districts(amount, central, unit) for amount in amounts]
        for code, amount in central.items():
            own = (amount, *(part[code] for part in parts))
            for key in product((code, TOTAL), (demand.line, TOTAL), (demand.kind,)):
                held[key] = tuple(map(sum, zip(held.get(key, (0, 0, 0)), own, strict=True)))
    names = {**allocation.data.district_names, OTHERS: OTHERS_NAME, TOTAL: TOTAL_NAME}
    short_names = _short_names(allocation)
    codes = [*sorted(allocation.data.district_names), OTHERS, TOTAL]
    lines = [(demand.line, demand.kind) for demand in demands]
    lines += [(TOTAL, kind) for kind in dict.fromkeys(demand.kind for demand in demands)]
    rows = []
    for code, (line, kind) in product(codes, lines):
        if (code, line, kind) in held:
            amount, district, commune = held[code, line, kind]
            rows.append(
                {"district_code": code, "district": names[code]}
                | _keys(short_names, line, kind)
                | {"central": amount, "district_budget": district, "commune_budget": commune}
                | {"total": district + commune}
            )
    return unit_result(allocation, pd.DataFrame(rows, columns=DISTRICT_COLUMNS))

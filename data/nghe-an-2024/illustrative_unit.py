"""The forms 1 to 11 of one unit of the illustrative (minh họa) review; every identity closes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from illustrative_shape import (
    CAUSES,
    ELSEWHERE,
    ETHNICITIES,
    INDICATORS,
    MINORITIES,
    OF_CHILDREN,
    ONE_COMMUNE,
    OVERLAPPING,
    REGIONS,
    YEARLY_IMPROVEMENT,
    Region,
)
from make_illustrative import YEARS, scattered, shared

LAST = YEARS[-1]
PAIRED = ("", "_persons")
SUMMARY = (
    *("households", "persons", "poor_households", "near_poor_households", "average_households"),
    *("poor_persons", "near_poor_persons", "average_persons"),
)
FLOWS = {
    "poor": (
        *("opening", "to_near_poor", "above", "other_decrease", "from_near_poor", "relapsed"),
        *("newly", "other_increase", "closing"),
    ),
    "near": (
        *("opening", "to_poor", "above", "other_decrease", "from_poor", "relapsed", "newly"),
        *("other_increase", "closing"),
    ),
}
GROUPS = ("households", "dtts", "no_labour", "merit", "other")
CHILDREN = ("children", "health", "education", "near_children", "near_health", "near_education")
HEADERS: Mapping[int, Sequence[str]] = {
    1: SUMMARY,
    2: [key + half for key in FLOWS["poor"] for half in PAIRED],
    3: [key + half for key in FLOWS["near"] for half in PAIRED],
    4: ["households", *INDICATORS],
    6: ["households", *INDICATORS],
    8: [key + half for key in GROUPS for half in PAIRED],
    9: [
        key + half
        for key in ("households", *(f"ethnic_{place + 1}" for place in range(len(ETHNICITIES))))
        for half in PAIRED
    ],
    10: ["households", *CAUSES],
    11: CHILDREN,
}
"""By form, what follows year, code and name."""


@dataclass(frozen=True)
class Unit:
    """A commune, or a district that stands for its communes."""

    code: str
    name: str
    district: str
    region: str
    urban: bool = False

    @property
    def assumed(self) -> Region:
        """Return what is assumed of its region."""
        return REGIONS[self.region]


class Counts(NamedTuple):
    """A unit's households at a year-end."""

    households: int
    poor: int
    near: int


class Pair(NamedTuple):
    """Households (hộ) and their members (nhân khẩu)."""

    households: int
    persons: int


Flow = dict[str, Pair]
Members = tuple[int, int]
"""Members of the poor and of the near-poor households."""


def drawn(count: int, rate: int, chance: random.Random) -> int:
    """Return about rate thousandths of the count, the last household by chance; at most all."""
    whole, rest = divmod(scattered(count * rate, 1000, chance), 10_000_000)
    return min(count, whole + (int(chance.random() * 10_000_000) < rest))


def peopled(households: int, size: int, width: int, chance: random.Random) -> Pair:
    """Return the households with members: at least one each, about size tenths on the average."""
    more = scattered(households * (size - 10), width, chance) // 100_000
    return Pair(households, households + more)


def spread(
    persons: int, parts: Mapping[str, int], chance: random.Random, small: Iterable[str] = ()
) -> Flow:
    """Return the parts with members that add up to the persons, at least one a household.

    The households of the parts named `small` are half as large as the others.
    """
    more = persons - sum(parts.values())
    halved = frozenset(small)
    weights = {
        key: scattered(count * (1 if key in halved else 2), 800, chance)
        for key, count in parts.items()
    }
    added = shared(more, weights) if more else dict.fromkeys(parts, 0)
    return {key: Pair(count, count + added[key]) for key, count in parts.items()}


def shared_within(
    total: int, weights: Mapping[str, int], most: Mapping[str, int]
) -> dict[str, int]:
    """Return the total shared by weight, no part above its most; the rest goes to the others."""
    parts = dict.fromkeys(weights, 0)
    while left := total - sum(parts.values()):
        open_ = {key: weight for key, weight in weights.items() if parts[key] < most[key]}
        for key, part in shared(left, open_).items():
            parts[key] = min(most[key], parts[key] + part)
    return parts


def trimmed(parts: Mapping[str, int], most: int) -> dict[str, int]:
    """Return the parts, the last ones less, so that they add up to at most so many."""
    kept = {}
    for key, part in parts.items():
        kept[key] = min(part, most)
        most -= kept[key]
    return kept


def household_flows(
    unit: Unit, before: Counts, now: Counts, chance: random.Random
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the flows of poor and of near-poor households; both lead from before to now."""
    of = unit.assumed
    into = trimmed(
        {
            "from_near_poor": drawn(before.near, of.back, chance),
            "relapsed": drawn(max(0, before.poor - now.poor), of.relapsed, chance),
            "newly": drawn(before.poor, of.newly, chance),
            "other_increase": drawn(before.poor, of.other_increase, chance),
        },
        now.poor,
    )
    less = drawn(before.poor, of.other_decrease, chance)
    escaped = before.poor + sum(into.values()) - less - now.poor
    into["newly"] += max(0, -escaped)
    escaped = max(0, escaped)
    to_near = min(drawn(escaped, of.to_near, chance), now.near)
    poor = {"to_near_poor": to_near, "above": escaped - to_near, "other_decrease": less, **into}
    near = near_flows(unit, before.near, now.near, to_near, into["from_near_poor"], chance)
    return poor, near


def near_flows(
    unit: Unit, before: int, now: int, from_poor: int, to_poor: int, chance: random.Random
) -> dict[str, int]:
    """Return the flows of near-poor households, given those from and to the poor ones."""
    of = unit.assumed
    less = min(drawn(before, of.other_decrease // 2, chance), before - to_poor)
    into = trimmed(
        {
            "from_poor": from_poor,
            "relapsed": drawn(before, of.relapsed // 4, chance),
            "newly": drawn(before, of.newly, chance),
            "other_increase": drawn(before, of.other_increase, chance),
        },
        now,
    )
    above = before + sum(into.values()) - to_poor - less - now
    into["newly"] += max(0, -above)
    return {"to_poor": to_poor, "above": max(0, above), "other_decrease": less, **into}


def with_members(
    unit: Unit,
    before: Counts,
    members: Members,
    flows: tuple[dict[str, int], dict[str, int]],
    chance: random.Random,
) -> tuple[Flow, Flow]:
    """Return forms 2 and 3: the flows with members, opening and closing numbers.

    Who leaves takes members out of the opening ones, who stays keeps the others; who comes brings
    new ones, except that who changes between poor and near-poor takes the same along.
    """
    made: list[Flow] = []
    stay: list[Pair] = []
    openings = (before.poor, before.near)
    for opening, persons, flow in zip(openings, members, flows, strict=True):
        out = dict(list(flow.items())[:3])
        parts = spread(persons, {**out, "stay": opening - sum(out.values())}, chance)
        stay.append(parts.pop("stay"))
        made.append({"opening": Pair(opening, persons), **parts})
    poor, near = made
    for form, flow, size in zip(made, flows, unit.assumed.sizes, strict=False):
        for key in list(flow)[4:]:
            form[key] = peopled(flow[key], size, 2500, chance)
    poor["from_near_poor"], near["from_poor"] = near["to_poor"], poor["to_near_poor"]
    for form, kind, kept in zip(made, FLOWS, stay, strict=True):
        into = [kept, *(form[key] for key in FLOWS[kind][4:8])]
        form["closing"] = Pair(sum(one.households for one in into), sum(p for _, p in into))
    return poor, near


def summary(unit: Unit, now: Counts, members: Members, chance: random.Random) -> dict[str, int]:
    """Return form 1: all households and persons, poor, near-poor and of average living standard."""
    rest = now.households - now.poor - now.near
    rate = unit.assumed.average * (4 if unit.urban else 10) // 10
    average = peopled(drawn(rest, rate, chance), unit.assumed.sizes[2], 150, chance)
    others = peopled(rest - average.households, unit.assumed.sizes[2], 150, chance)
    persons = sum(members) + average.persons + others.persons
    values = (now.households, persons, now.poor, now.near, average.households, *members)
    return dict(zip(SUMMARY, (*values, average.persons), strict=True))


def lacking(count: int, rates: Sequence[int], year: int, chance: random.Random) -> dict[str, int]:
    """Return how many of the households lack each indicator, before the bounds of the standard."""
    earlier = 1000 + YEARLY_IMPROVEMENT * (LAST - year)
    return {
        key: drawn(count, min(980, rate * earlier // 1000), chance)
        for key, rate in zip(INDICATORS, rates, strict=True)
    }


def raised(
    values: Mapping[str, int], least: int, most: int, order: Sequence[str]
) -> dict[str, int]:
    """Return the values, one by one higher in this order, until they add up to the least."""
    made = dict(values)
    while sum(made.values()) < least:
        for key in order:
            if made[key] < most and sum(made.values()) < least:
                made[key] += 1
    return made


def lowered(values: Mapping[str, int], most: int) -> dict[str, int]:
    """Return the values, the largest one by one lower, until they add up to at most so many."""
    made = dict(values)
    while sum(made.values()) > most:
        made[max(made, key=made.__getitem__)] -= 1
    return made


def deprivations(
    unit: Unit, now: Counts, year: int, chance: random.Random
) -> tuple[dict[str, int], dict[str, int]]:
    """Return forms 4 and 6 without the first column: three or more a poor household, else two."""
    of = unit.assumed
    rates = dict(zip(INDICATORS, of.poor_lacks, strict=True))
    order = sorted(set(INDICATORS) - {*OF_CHILDREN}, key=lambda key: (-rates[key], key))
    poor = raised(lacking(now.poor, of.poor_lacks, year, chance), 3 * now.poor, now.poor, order)
    return poor, lowered(lacking(now.near, of.near_lacks, year, chance), 2 * now.near)


def groups(unit: Unit, poor: Pair, dtts: int, chance: random.Random) -> Flow:
    """Return form 8; where groups overlap, it is ethnic minority with no labour or with merit.

    Most communes count a household in one group only, as the form's header has it.
    """
    of = unit.assumed
    parts: dict[str, int] = {}
    overlaps = int(chance.random() * 1000) < OVERLAPPING
    for who, count, place in (("dtts", dtts, 0), ("", poor.households - dtts, 1)):
        counted = count if overlaps or who == "" else 0
        no_labour = drawn(counted, of.no_labour[place], chance)
        merit = min(drawn(counted, of.merit[place], chance), count - no_labour)
        parts |= {
            f"{who} no_labour": no_labour,
            f"{who} merit": merit,
            f"{who} other": count - no_labour - merit,
        }
    members = spread(poor.persons, parts, chance, ("dtts no_labour", " no_labour"))
    return {
        "households": poor,
        "dtts": summed(pair for key, pair in members.items() if key.startswith("dtts")),
        "no_labour": summed(pair for key, pair in members.items() if key.endswith("no_labour")),
        "merit": summed(pair for key, pair in members.items() if key.endswith("merit")),
        "other": members[" other"],
    }


def summed(pairs: Iterable[Pair]) -> Pair:
    """Return the sum of pairs."""
    households, persons = (sum(values) for values in zip(*pairs, strict=True))
    return Pair(households, persons)


def ethnicities(unit: Unit, poor: Pair, dtts: Pair, chance: random.Random) -> Flow:
    """Return form 9: the minorities add up to those of form 8, the rest is Kinh."""
    weights = {
        name: scattered(weight, 9000, chance)
        for name, weight in MINORITIES.get(unit.district, ELSEWHERE).items()
        if ONE_COMMUNE.get(name, unit.name) == unit.name
    }
    found = spread(dtts.persons, shared(dtts.households, weights), chance)
    kinh = Pair(poor.households - dtts.households, poor.persons - dtts.persons)
    return {"households": poor} | {
        f"ethnic_{place + 1}": found.get(name, Pair(0, 0)) if place else kinh
        for place, name in enumerate(ETHNICITIES)
    }


def causes(unit: Unit, poor: int, chance: random.Random) -> dict[str, int]:
    """Return form 10: every poor household has a cause, many have several."""
    rates = dict(zip(CAUSES, unit.assumed.causes, strict=True))
    found = {key: drawn(poor, rate, chance) for key, rate in rates.items()}
    order = sorted(CAUSES, key=lambda key: (-rates[key], key))
    return {"households": poor, **raised(found, poor, poor, order)}


def children(
    unit: Unit, members: Members, lack: Sequence[Mapping[str, int]], chance: random.Random
) -> list[int]:
    """Return form 11: at least a child for each household that lacks an indicator of children."""
    values: list[int] = []
    for place, (persons, lacks) in enumerate(zip(members, lack, strict=True)):
        number = drawn(persons, unit.assumed.children[place], chance)
        least = {key: lacks[key] for key in OF_CHILDREN}
        number = min(persons, max(number, *least.values()))
        ill = drawn(number, unit.assumed.ill_children[place], chance)
        out_of_school = least["child_schooling"] + drawn(least["child_schooling"], 250, chance)
        values += [number, max(ill, least["nutrition"]), min(number, out_of_school)]
    return values

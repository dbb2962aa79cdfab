"""Tables shaped like the published ones, drawn by a seed, to test the small-cell guard with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.rates import announced_rate

Members = Mapping[str, Sequence[str]]
Row = dict[str, object]

STREAMS = ("changed", "above", "other_decrease", "from_other", "relapsed", "newly")
INDICATORS = tuple(f"indicator_{number}" for number in range(1, 13))
GROUPS = ("dtts", "no_labour", "merit", "other")
PEOPLES = ("Kinh", "Thái", "Thổ", "Khơ Mú", "Mông", "Ơ Đu")
CAUSES = tuple(f"cause_{number}" for number in range(1, 9))


def members_of(districts: int) -> Members:
    """Return the groups of a province whose first half are mountains, the first sixth poor."""
    codes = [f"{412 + number}" for number in range(districts)]
    half, sixth = (districts + 1) // 2, max(1, districts // 6)
    return {
        "province": codes,
        "mountains": codes[:half],
        "lowland": codes[half:],
        "poor_districts": codes[:sixth],
    }


def _areas(members: Members) -> list[tuple[str, str, Sequence[str]]]:
    groups = [(group, group, codes) for group, codes in members.items() if codes]
    return [*groups, *(("district", code, [code]) for code in members["province"])]


def _level(members: Members, code: str) -> int:
    """Return about how many poor households a district has."""
    if code in members["poor_districts"]:
        return 4000
    return 900 if code in members["mountains"] else 150


def _placed(group: str, code: str, year: int) -> Row:
    return {"group": group, "area_code": code, "area": f"Nơi {code}", "year": year}


def flows(members: Members, years: Sequence[int], chance: np.random.Generator) -> pd.DataFrame:
    """Return flows of the poor and near-poor that close, chain over the years, and add up."""
    numbers: dict[tuple[str, str, int], dict[str, int]] = {}
    for code in members["province"]:
        level = _level(members, code)
        opening = {"poor": level, "near_poor": level + 50}
        for year in years:
            drawn = {}
            for kind in opening:
                means = (level / 12, level / 40, level / 150, 0, level / 200, level / 60)
                drawn[kind] = dict(zip(STREAMS, chance.poisson(means).tolist(), strict=True))
                drawn[kind]["other_increase"] = int(chance.poisson(level / 150))
            for kind, other in (("poor", "near_poor"), ("near_poor", "poor")):
                row = drawn[kind]
                row["from_other"] = drawn[other]["changed"]
                row["gross_out"] = row["changed"] + row["above"] + row["other_decrease"]
                into = ("from_other", "relapsed", "newly", "other_increase")
                row["gross_in"] = sum(row[column] for column in into)
                row["net"] = row["gross_out"] - row["gross_in"]
                row["opening"] = opening[kind]
                row["closing"] = opening[kind] = opening[kind] - row["net"]
                numbers[kind, code, year] = row
    rows = []
    for kind in ("poor", "near_poor"):
        for group, code, codes in _areas(members):
            for year in years:
                parts = [numbers[kind, part, year] for part in codes]
                sums = {column: sum(part[column] for part in parts) for column in parts[0]}
                escaped = sums["changed"] + sums["above"]
                rate = announced_rate(sums["relapsed"], escaped) if escaped else None
                rows.append(
                    {"kind": kind, **_placed(group, code, year), **sums, "relapse_rate": rate}
                )
    return pd.DataFrame(rows)


def deprivations(
    members: Members, years: Sequence[int], chance: np.random.Generator
) -> pd.DataFrame:
    """Return how many poor and near-poor households lack each indicator."""
    rows: list[Row] = []
    for kind in ("poor", "near_poor"):
        for year in years:
            whole = {code: _level(members, code) for code in members["province"]}
            for order, indicator in enumerate(INDICATORS, start=1):
                part = {
                    code: int(chance.binomial(number, chance.choice([0.0, 0.03, 0.2, 0.6])))
                    for code, number in whole.items()
                }
                for group, area, codes in _areas(members):
                    households = sum(whole[code] for code in codes)
                    deprived = sum(part[code] for code in codes)
                    rows.append(
                        {
                            "kind": kind,
                            **_placed(group, area, year),
                            "order": order,
                            "service": indicator,
                            "indicator": indicator,
                            "label": indicator,
                            "households": households,
                            "deprived": deprived,
                            "percent": announced_rate(deprived, households),
                        }
                    )
    return pd.DataFrame(rows)


def profile(members: Members, years: Sequence[int], chance: np.random.Generator) -> pd.DataFrame:
    """Return the poor by group, ethnicity and cause, and children deprived."""
    numbers: dict[tuple[str, str, int], tuple[int, dict[str, int]]] = {}
    for code in members["province"]:
        for year in years:
            whole = _level(members, code)
            kinh = 0.1 if whole > 2000 else 0.9
            shares = [kinh, *((1 - kinh) * np.array([0.8, 0.1, 0.06, 0.03, 0.01]))]
            peoples = dict(zip(PEOPLES, chance.multinomial(whole, shares).tolist(), strict=True))
            groups = {
                "dtts": whole - peoples["Kinh"],
                "no_labour": int(chance.binomial(whole, 0.2)),
                "merit": int(chance.binomial(whole, 0.02)),
                "other": int(chance.binomial(whole, 0.3)),
            }
            causes = {cause: int(chance.binomial(whole, 0.15)) for cause in CAUSES}
            numbers["group", code, year] = whole, groups
            numbers["ethnicity", code, year] = whole, peoples
            numbers["cause", code, year] = whole, causes
            for topic in ("children", "near_children"):
                children = int(chance.poisson(whole * 0.4))
                parts = {
                    "health": int(chance.binomial(children, 0.05)),
                    "education": int(chance.binomial(children, 0.02)),
                }
                numbers[topic, code, year] = children, parts
    rows: list[Row] = []
    for topic in ("group", "ethnicity", "cause", "children", "near_children"):
        for group, area, codes in _areas(members):
            for year in years:
                found = [numbers[topic, code, year] for code in codes]
                whole = sum(total for total, _ in found)
                for order, item in enumerate(found[0][1], start=1):
                    count = sum(parts[item] for _, parts in found)
                    named = f"ethnic_{order}" if topic == "ethnicity" else item
                    rows.append(
                        {
                            "topic": topic,
                            **_placed(group, area, year),
                            "order": order,
                            "item": named,
                            "label": item,
                            "whole": whole,
                            "count": count,
                            "percent": announced_rate(count, whole),
                        }
                    )
    return pd.DataFrame(rows)


def communes(members: Members, count: int, chance: np.random.Generator) -> pd.DataFrame:
    """Return so many communes, spread over the districts."""
    codes = members["province"]
    rows: list[Row] = []
    for number in range(count):
        code = codes[number * len(codes) // count]
        mean = _level(members, code) * len(codes) / count
        households = int(chance.integers(300, 3000))
        poor, before, near = (
            min(households // 3, int(chance.negative_binomial(2, 2 / (2 + mean)))) for _ in "123"
        )
        rows.append(
            {
                "district_code": code,
                "district": f"Huyện {code}",
                "unit_code": f"{16000 + number}",
                "unit": f"Xã {number}",
                "year": 2024,
                "households": households,
                "poor_before": before,
                "poor_households": poor,
                "poor_rate": announced_rate(poor, households),
                "near_poor_households": near,
            }
        )
    frame = pd.DataFrame(rows)
    exact = frame["poor_households"] / frame["households"]
    ranks = exact.groupby(frame["district_code"]).rank(method="first", ascending=False)
    return frame.assign(rank=ranks.astype("int64"))

"""Small rule sets and units for tests of the engine, and strategies that draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from helpers.data.units import Units, units_of_rows
from helpers.plan.rules.model import RuleSet, RuleSetContent

MILLION = 10**6
NOTES = {"rate": ("Tỷ lệ", "%"), "number": ("Số hộ", "hộ"), "area": ("Diện tích", "km²")}
REGIONS = ("highland", "mountainous", "lowland")
Row = Mapping[str, Any]


def rule_set(rule: Mapping[str, Any], **content: Any) -> RuleSet:
    """Return a rule set of one rule for the line DA2, or for the lines that it names."""
    whole = {
        "title": "Thử",
        "valid": {"from": "2024-01-01"},
        "agencies": [{"code": "S1", "name": "Sở Một"}, {"code": "S2", "name": "Sở Hai"}],
        "rules": [{"lines": ["DA2"], "basis": {"document": "Thử"}, "status": "unverified", **rule}],
        **content,
    }
    read = RuleSetContent.model_validate(whole)
    return RuleSet.model_construct(**dict(read), id="thu", path=Path("params/rules/thu.yaml"))


def units(rows: Sequence[Row], level: str = "district") -> Units:
    """Return units from rows."""
    return units_of_rows(level, rows, "thu.csv", NOTES)


def _row(place: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "name": st.just(f"Huyện {place:02d}"),
            "code": st.just(f"{place:02d}"),
            "parent": st.just(f"{place:02d}"),
            "rate": st.integers(0, 10_000).map(lambda v: Decimal(v).scaleb(-2)),
            "number": st.integers(0, 3_000),
            "area": st.integers(1, 300_000).map(lambda v: Decimal(v).scaleb(-1)),
            "region": st.sampled_from(REGIONS),
        }
    )


rows = (
    st.integers(1, 9).flatmap(lambda n: st.tuples(*[_row(place) for place in range(n)])).map(list)
)
"""One to nine units with a rate, a number, an area and a region."""

_points = st.integers(0, 40).map(lambda v: str(Decimal(v) / 2).replace(".", ","))


def _bands(ends: list[int], points: list[str]) -> dict[str, Any]:
    cuts = sorted(set(ends))
    found: list[dict[str, Any]] = [{"below": cuts[0], "points": points[0]}]
    found += [
        {"from": low, "below": high, "points": worth}
        for low, high, worth in zip(cuts, cuts[1:], points[1:], strict=False)
    ]
    found.append({"from": cuts[-1], "points": points[-1]})
    return {"column": "rate", "bands": found}


_banded = st.builds(
    _bands,
    st.lists(st.integers(1, 99), min_size=1, max_size=4),
    st.lists(_points, min_size=6, max_size=6),
)
_stepped = st.builds(
    lambda low, width, every, add, counts: {
        "column": "rate",
        "steps": {
            "from": low,
            "under": 1,
            "points": 2,
            "beyond": low + width,
            "every": every,
            "add": add,
            "counts": counts,
        },
    },
    st.integers(0, 50),
    st.integers(0, 20),
    st.integers(1, 20),
    _points,
    st.sampled_from(["full", "started"]),
)
_weighted = st.sampled_from(
    [{"column": "number", "per_unit": "0,02"}, {"column": "area", "per_unit": "0,5"}]
)
_shared = st.builds(lambda p: {"column": "area", "share": p}, st.integers(1, 100))
_looked_up = st.builds(
    lambda one, rest: {"column": "region", "lookup": {"highland": one}, "otherwise": rest},
    _points,
    st.integers(1, 9),
)
_simple = st.one_of(_banded, _stepped, _weighted, _looked_up)
_nested = st.builds(
    lambda form, parts: {"name": "Nhóm", form: parts},
    st.sampled_from(["highest", "sum"]),
    st.lists(_simple, min_size=1, max_size=3),
)
# Area is never zero, so the units together are always worth something.
_criteria = st.builds(
    lambda first, rest: [first, *rest], _shared, st.lists(st.one_of(_simple, _nested), max_size=3)
)
_factor = st.builds(
    lambda one: {"column": "region", "lookup": {"highland": one}, "otherwise": 1},
    st.sampled_from(["1,2", "1,5", "0,8"]),
)


def _sharing(criteria: Any, factors: Any, classes: Any, method: str, ties: str) -> dict[str, Any]:
    found = {
        "eligible": "all",
        "criteria": criteria,
        "multipliers": factors,
        "method": method,
        "ties": ties,
    }
    return found | ({"classes": classes} if classes else {})


sharings = st.builds(
    _sharing,
    _criteria,
    st.lists(_factor, max_size=2),
    st.sampled_from(
        [
            None,
            [
                {"below": 20, "points": 1},
                {"from": 20, "below": 60, "points": "1,5"},
                {"from": 60, "points": 2},
            ],
        ]
    ),
    st.sampled_from(["largest_remainder", "sainte_lague"]),
    st.sampled_from(["larger", "smaller", "code"]),
)
"""Parts of a rule that say how units share: every form of criterion, factors, classes."""

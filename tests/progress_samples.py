"""A province of three districts in the middle of a year, in round numbers, and plans for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from data_samples import Rows, read_tables, tables

from helpers.data.dataset import DataSet
from helpers.data.review.forms import review_forms
from helpers.data.review.model import KEYS, Review
from helpers.plan.model import Plan, Progress, Target

CODES = {"Vinh": "412", "Thái Hòa": "414", "Kỳ Sơn": "417"}
COUNTS = ["households", "poor_households", "near_poor_households"]

YEAR_ENDS: Rows = [
    ["district", "year", *COUNTS],
    ["Vinh", "2022", "9800", "1200", "0"],
    ["Vinh", "2023", "10000", "1000", "0"],
    ["Thái Hòa", "2022", "5000", "300", "0"],
    ["Thái Hòa", "2023", "5000", "250", "0"],
    ["Kỳ Sơn", "2022", "4000", "1900", "0"],
    ["Kỳ Sơn", "2023", "4000", "1800", "0"],
]
MIDDLE: Rows = [
    ["district", "date", *COUNTS],
    ["Vinh", "2024-07-01", "10100", "950", "0"],
    ["Thái Hòa", "2024-07-01", "5000", "245", "0"],
    ["Kỳ Sơn", "2024-07-01", "4000", "1810", "0"],
]
"""1 July is the 183rd of the 366 days of 2024: half of the year."""

MINORITIES: Rows = [
    ["district", "year", *COUNTS],
    ["Thái Hòa", "2023", "1000", "300", "0"],
    ["Kỳ Sơn", "2023", "3000", "1500", "0"],
    ["Thái Hòa", "2024", "1000", "280", "0"],
    ["Kỳ Sơn", "2024", "3000", "1380", "0"],
]


def province(folder: Path, **changed: Rows) -> DataSet:
    """Return the province with its reports of the middle of 2024, some tables replaced."""
    return read_tables(
        folder, tables(**{"poverty": YEAR_ENDS, "poverty_periods": MIDDLE} | changed)
    )


def with_flows(data: DataSet, year: int, flows: Mapping[str, tuple[int, int, int]]) -> DataSet:
    """Return the data with form 2 of a year: fell back from near-poor, relapsed, newly arisen."""
    form = review_forms({}, ())[1]
    rows: list[dict[str, Any]] = []
    for name, (fell, relapsed, newly) in flows.items():
        counts = {"from_near_poor": fell, "relapsed": relapsed, "newly": newly}
        place = (year, "district", CODES[name], name, CODES[name], 0, len(rows) + 4)
        rows.append(
            {**dict(zip(KEYS, place, strict=True)), **dict.fromkeys(form.names, 0), **counts}
        )
    review = Review({2: form}, {2: pd.DataFrame(rows)}, files=("bieu-02.csv",))
    return dataclasses.replace(data, review=review)


def planned(plan: Plan, *targets: Mapping[str, object], **progress: object) -> Plan:
    """Return the plan with other targets (those of the sample where none are given) and pace."""
    given = targets or ({"area": "province", "cut": "1,0–1,5"},)
    made = tuple(Target.model_validate({"status": "unverified", **item}) for item in given)
    return plan.model_copy(update={"targets": made, "progress": Progress.model_validate(progress)})

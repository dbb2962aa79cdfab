"""Households for tests of the register: five to check by hand, and any to draw."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from helpers.data.register.reading import Register, register_of
from helpers.plan.standards import Standard, load_standards, standard_at

STANDARDS = load_standards(Path(__file__).parents[1] / "params" / "standards")
OLD = standard_at(STANDARDS, datetime.date(2024, 12, 31))
NEW = standard_at(STANDARDS, datetime.date(2027, 12, 31))
KEYS = tuple(item.key for item in OLD.indicators)
COMMUNES: Mapping[str, str] = {
    "16663": "phường",
    "16996": "xã",
    "16813": "thị trấn",
    "16816": "xã",
}
DISTRICTS: Mapping[str, str] = {"16663": "412", "16996": "414", "16813": "417", "16816": "417"}

SIDECAR = """\
title: Danh sách hộ
producer: Sở A
source: Rà soát cuối năm
date: 2024-12-31
licence: Nội bộ
status: official
"""

Household = dict[str, Any]


def household(
    area: str, members: int, income: int, lacking: Sequence[str] = (), **more: Any
) -> Household:
    """Return a household's row with all twelve indicators."""
    flags = {key: int(key in lacking) for key in KEYS}
    return {"area": area, "members": members, "income": income, **flags, **more}


FIVE = [
    # On the rural line and lacking three: poor.
    household("16996", 4, 1_500_000, ["employment", "nutrition", "water"], dtts=1),
    # On the line and lacking two: near-poor.
    household("16996", 3, 1_500_000, ["nutrition", "water"], dtts=1),
    # One đồng above the line: neither, whatever is lacking.
    household("16996", 5, 1_500_001, ["employment", "nutrition", "water", "telecom"], dtts=0),
    # In a ward the line is two million: poor.
    household("16663", 2, 2_000_000, ["employment", "dependents", "housing_area"], dtts=0),
    household("16663", 6, 2_000_001, dtts=0),
]
"""Poor: the first and the fourth; near-poor: the second."""


def register(
    rows: Sequence[Mapping[str, Any]], standard: Standard = OLD, **columns: Any
) -> Register:
    """Return the register of these rows."""
    return register_of(pl.DataFrame(list(rows), **columns), standard, COMMUNES)


def write_register(folder: Path, rows: Sequence[Mapping[str, Any]], delimiter: str = ",") -> Path:
    """Write the rows as register.csv with a sidecar; return the file."""
    path = folder / "register.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "register.meta.yml").write_text(SIDECAR, encoding="utf-8")
    return path


households = st.lists(
    st.fixed_dictionaries(
        {
            "area": st.sampled_from(sorted(COMMUNES)),
            "members": st.integers(1, 12),
            "income": st.sampled_from([0, 1_499_999, 1_500_000, 1_500_001, 2_000_000, 2_000_001]),
            **{key: st.integers(0, 1) for key in KEYS},
            "dtts": st.integers(0, 1),
        }
    ),
    min_size=1,
    max_size=40,
)
"""Households on and around the lines, lacking anything."""

"""A frame is judged against its table's schema at once; pandera is asked only where it is wrong."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from data_samples import with_cell, write_folder

from helpers.data.failures import failures_in_column, failures_in_table
from helpers.data.schema import Column, Rule, Table
from helpers.data.schemas import TABLES
from helpers.data.vocabulary import CHOICES

WORDS: dict[str, Any] = {"count": 7, "money": 9, "measure": Decimal(3), "coordinate": 18.5}
WORDS |= {"date": date(2024, 6, 30)}


def _frame(table: str) -> pd.DataFrame:
    """Return two rows that a table takes."""
    taken: dict[str, pd.Series] = {}
    for name, column in TABLES[table].columns.items():
        value = WORDS.get(column.reads, "x")
        if column.reads == "coordinate":
            value = 105.0 if name == "longitude" else 18.5
        if name in ("year", "vintage"):
            value = 2023
        if column.reads == "choice":
            value = next(word for word in CHOICES[column.choices] if word)
        taken[name] = pd.Series([value, value], dtype=column.dtype)
    frame = pd.DataFrame(taken)
    for name in ("code", "district_code", "unit", "name"):
        if name in frame:
            frame[name] = pd.Series(["a", "b"], dtype="str")
    if "value" in frame:
        frame["year"] = [2022, 2023]
    if "disbursed" in frame:
        frame["disbursed"] = 0
    if "near_poor_households" in frame:
        frame[["poor_households", "near_poor_households"]] = 1
    if table == "movements":
        frame[["kind", "to_unit", "to_line"]] = ["transfer", "c", "x"]
    return frame


@pytest.mark.parametrize("table", TABLES)
def test_a_frame_as_declared_fits(table: str) -> None:
    """And pandera finds nothing in it either."""
    frame = _frame(table)
    assert TABLES[table].fits(frame)
    assert failures_in_table(TABLES[table], frame) == []


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "word": ("districts", {"kind": "làng"}),
    "negative": ("criteria", {"housing_need": -1}),
    "year": ("poverty", {"year": 24}),
    "latitude": ("districts", {"latitude": 105.0}),
    "no latitude": ("districts", {"latitude": float("nan")}),
    "area": ("districts", {"area_km2": Decimal("0.5")}),
    "households": ("commune_poverty", {"households": 1}),
    "part of a household": ("province_totals", {"value": Decimal("1.5")}),
    "disbursed": ("history", {"disbursed": 10}),
    "no receiver": ("movements", {"to_unit": ""}),
    "receiver of a return": ("movements", {"kind": "return"}),
    "key": ("criteria", {"district_code": "b"}),
    "names": ("districts", {"name": "B"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_found_by_pandera(name: str) -> None:
    """Neither of the two judges is milder than the other: each rule, gaps, keys."""
    table, cells = WRONG[name]
    frame = _frame(table)
    if "value" in cells:
        frame["indicator"] = "poor_households"
    for column, value in cells.items():
        frame.loc[0, column] = value
    assert not TABLES[table].fits(frame)
    found = failures_in_table(TABLES[table], frame)
    assert {case["index"] for case in found} <= {0, 1}
    assert found


def test_failures_name_row_column_and_rule() -> None:
    """The index is the row's; several failures of one column are told together."""
    column = Column("int64", "Số", rule=Rule("positive", lambda values: values > 0, "nhỏ quá"))
    values = pd.Series([1, 0, -5], index=[2, 3, 4], name="n")
    assert not column.fits(values)
    told = [
        (case["index"], case["column"], case["failure_case"], case["check"])
        for case in failures_in_column(column, values)
    ]
    assert told == [(3, "n", 0, "nhỏ quá"), (4, "n", -5, "nhỏ quá")]


def test_without_key_or_rules_rows_may_repeat() -> None:
    """A table that declares neither takes any rows of its columns."""
    table = Table("t", "T", None, {"n": Column("int64", "Số")})
    assert table.fits(pd.DataFrame({"n": [1, 1]}))


READ = """
import sys
from pathlib import Path
from helpers.data.reading import read_data
from helpers.errors import InputRefused
try:
    read_data(Path(sys.argv[1]))
except InputRefused:
    print("refused")
print("pandera" in sys.modules)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("year", "said"), [("2023", "False\n"), ("24", "refused\nTrue\n")])
def test_pandera_is_loaded_only_where_something_is_wrong(
    tmp_path: Path, year: str, said: str
) -> None:
    """It takes longer to load than all tables take to be read."""
    source = write_folder(tmp_path, with_cell("poverty", 2, "year", year))
    command = [sys.executable, "-c", READ, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == said

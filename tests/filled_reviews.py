"""Reviews of the three-district sample, made by hand from the columns that a unit filled."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import pytest
from data_samples import read_tables, tables

from helpers.data.catalogue import spec
from helpers.data.dataset import DataSet
from helpers.data.review.forms import Form, review_forms
from helpers.data.review.model import KEYS, Place, Review
from helpers.data.sidecar import Sidecar
from helpers.plan.standards import load_standards

VINH, THAI_HOA, KY_SON = DISTRICTS = ("412", "414", "417")
DONG_VINH, TAY_HIEU, MUONG_XEN, MY_LY = "16663", "16996", "16813", "16816"
COMMUNES = {DONG_VINH: VINH, TAY_HIEU: THAI_HOA, MUONG_XEN: KY_SON, MY_LY: KY_SON}

FORMS: Mapping[int, Form] = {
    form.number: form
    for form in review_forms(load_standards()[0].indicator_names, ("Kinh", "Thái", "Mông"))
}

SIDECAR = Sidecar(
    title="Biểu rà soát mẫu",
    producer="Sở A",
    source="Tự lập",
    date=date(2024, 12, 31),
    licence="Nội bộ",
    status="illustrative",
)

Filled = Mapping[str, int]
"""The columns that a unit filled; the others are zero."""


def _frame(form: Form, years: Mapping[int, Mapping[str, Filled]]) -> pd.DataFrame:
    rows = [
        {
            "year": year,
            "level": "commune" if code in COMMUNES else "district",
            "code": code,
            "name": code,
            "district_code": COMMUNES.get(code, code),
            "place": 0,
            "row": number,
            **{name: filled.get(name, 0) for name in form.counted},
        }
        for year, units in years.items()
        for number, (code, filled) in enumerate(units.items(), start=5)
    ]
    return pd.DataFrame(rows, columns=[*KEYS, *form.counted])


def review(content: Mapping[int, Mapping[int, Mapping[str, Filled]]]) -> Review:
    """Return a review from form → year-end → unit code → filled columns."""
    frames = {number: _frame(FORMS[number], years) for number, years in content.items()}
    return Review(FORMS, frames, (Place("bieu.xlsx", "Biểu", {}),), ("bieu.xlsx",), SIDECAR)


def with_review(
    data: DataSet, content: Mapping[int, Mapping[int, Mapping[str, Filled]]]
) -> DataSet:
    """Return the data with such a review."""
    return dataclasses.replace(data, review=review(content))


def sample_data(factory: pytest.TempPathFactory) -> DataSet:
    """Return the three-district province, without a review."""
    return read_tables(factory.mktemp("sample"), tables())


def has_columns_of(frame: pd.DataFrame, table: str) -> bool:
    """Tell whether the frame has exactly the columns that the catalogue promises, in order."""
    return list(frame.columns) == list(spec(table).fields)


def cells(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the rows of some columns."""
    return list(frame[list(columns)].itertuples(index=False, name=None))

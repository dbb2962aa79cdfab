"""What the review's forms report of an area, and frames with a published table's columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.data.catalogue import spec
from helpers.data.dataset import DataSet
from helpers.data.groups import DISTRICT_GROUPS, GROUP_NAMES, districts_of

__all__ = ["Area", "area_sums", "district_areas", "table_frame"]


class Area(NamedTuple):
    """A group of districts, or one district (`group` is then "district")."""

    group: str
    code: str
    name: str
    members: tuple[str, ...]


def district_areas(data: DataSet) -> tuple[Area, ...]:
    """Return the groups of districts, the province first, then the districts by code."""
    groups = [
        Area(key, key, GROUP_NAMES[key], districts_of(key, data.districts))
        for key in DISTRICT_GROUPS
    ]
    districts = [
        Area("district", code, name, (code,)) for code, name in sorted(data.district_names.items())
    ]
    return (*(area for area in groups if area.members), *districts)


def area_sums(data: DataSet, form: int) -> Iterator[tuple[Area, int, Mapping[str, int]]]:
    """Yield area, year-end and the form's counted columns, area by area.

    A group's numbers are the sums of its districts'. An area is left out of a year-end for which
    not all its districts have reported.
    """
    review = data.review
    by_year = {year: _Counts.of(review.districts(form, year)) for year in review.years}
    for area in district_areas(data):
        for year, counts in by_year.items():
            sums = counts.sums(area.members)
            if sums is not None:
                yield area, year, sums


class _Counts(NamedTuple):
    """The districts' counts of one year-end: the columns, each district's row, the numbers."""

    names: tuple[str, ...]
    rows: Mapping[str, int]
    values: npt.NDArray[np.int64]

    @classmethod
    def of(cls, counts: pd.DataFrame) -> _Counts:
        rows = {str(code): row for row, code in enumerate(counts.index)}
        return cls(tuple(map(str, counts)), rows, counts.to_numpy(dtype=np.int64))

    def sums(self, members: Sequence[str]) -> Mapping[str, int] | None:
        """Return the sum of each column over some districts; None where not all are there."""
        rows = [self.rows[code] for code in members if code in self.rows]
        if len(rows) < len(members):
            return None
        return dict(zip(self.names, self.values[rows].sum(axis=0).tolist(), strict=True))


def table_frame(table: str, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return rows as a frame with exactly the columns of a published table.

    Columns of whole numbers are int64; all others, and those with a blank (None), are objects.
    """
    frame = pd.DataFrame(list(rows), columns=list(spec(table).fields), dtype=object)
    whole = [
        name for name in frame if len(frame) and all(type(cell) is int for cell in frame[name])
    ]
    return frame.astype(dict.fromkeys(whole, "int64"))

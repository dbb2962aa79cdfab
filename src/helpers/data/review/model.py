"""What the returned forms hold once they are read: one frame a form, and where each row stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.data.review.forms import Form

if TYPE_CHECKING:
    from helpers.data.sidecar import Sidecar

__all__ = ["EMPTY", "KEYS", "LEVELS", "CommuneUnit", "DistrictUnit", "Place", "Review", "Territory"]

KEYS = ("year", "level", "code", "name", "district_code", "place", "row")
"""A frame's first columns; then come the form's own (`Form.names`).

`year` is the year-end of the review. `level` is one of LEVELS. `code` and `name` are the unit's, as
the lists of districts and communes have them, the code blank for a total row. `district_code` is
the unit's district, blank for a total row of several districts. `place` is the index in
`Review.places`, `row` the row in Excel. Counts are int64; percentages are float64, NaN where the
source has none (a tidy table never has).
"""

LEVELS = ("total", "district", "commune")


@dataclass(frozen=True)
class DistrictUnit:
    """A district as forms may name it."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class CommuneUnit:
    """A commune as forms may name it; `until` and `successor` are set where it is no more."""

    code: str
    name: str
    kind: str
    district_code: str
    until: str = ""
    successor: str = ""


@dataclass(frozen=True)
class Territory:
    """The districts and communes that have to report, and former communes that no longer can."""

    districts: tuple[DistrictUnit, ...]
    communes: tuple[CommuneUnit, ...]
    former: tuple[CommuneUnit, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where rows stand: a file (from the project folder on), a sheet, and each column's letter.

    Of a tidy table the sheet is blank and the letters are the column's names.
    """

    file: str
    sheet: str
    columns: Mapping[str, str]

    def cell(self, row: int, column: str = "") -> str:
        """Return where a row, or a cell of it, stands, as a message begins."""
        if self.sheet:
            where = f"{self.file}, trang tính {self.sheet}"
            return f"{where}, ô {self.columns[column]}{row}" if column else f"{where}, dòng {row}"
        where = f"{self.file}, dòng {row}"
        return f"{where}, cột {self.columns.get(column, column)}" if column else where


@dataclass(frozen=True, eq=False)
class Review:
    """All returned forms: per form number one frame (see KEYS), read and never mended.

    `frames` holds what the forms say, known errors corrected (`applied`, see `corrections`);
    forms that nobody returned are absent. Units are in the order of the lists. `unused` says, a
    sentence each, what was returned but follows another standard than the latest year's.
    """

    forms: Mapping[int, Form] = field(default_factory=dict)
    frames: Mapping[int, pd.DataFrame] = field(default_factory=dict)
    places: Sequence[Place] = ()
    files: tuple[str, ...] = ()
    sidecar: Sidecar | None = None
    applied: pd.DataFrame = field(default_factory=pd.DataFrame)
    unused: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether nothing was returned at all."""
        return not self.frames

    @property
    def years(self) -> tuple[int, ...]:
        """Return the year-ends that any form speaks of, ascending."""
        found = {year for frame in self.frames.values() for year in frame["year"].tolist()}
        return tuple(sorted(found))

    def rows(self, form: int, year: int, level: str) -> pd.DataFrame:
        """Return a form's rows of one year-end and level as they were reported."""
        if form not in self.frames:
            return pd.DataFrame()
        frame = self.frames[form]
        return frame[(frame["year"] == year) & (frame["level"] == level)]

    def communes(self, form: int, year: int) -> pd.DataFrame:
        """Return the communes' counts: code, name, district_code and the form's counted columns."""
        found = self.rows(form, year, "commune")
        if found.empty:
            return pd.DataFrame()
        columns = ["code", "name", "district_code", *self.forms[form].counted]
        return found[columns].reset_index(drop=True)

    def districts(self, form: int, year: int) -> pd.DataFrame:
        """Return the districts' counts, indexed by district code, ascending.

        A district whose communes reported is the sum of its communes; one that reported only
        itself is as reported. The form's counted columns, int64; empty where nobody reported.
        """
        counted = list(self.forms[form].counted) if form in self.forms else []
        if form not in self.frames:
            return pd.DataFrame(columns=counted)
        frame = self.frames[form]
        # By plain arrays: frames take three times as long, and many tables begin with this.
        of_year = (frame["year"] == year).to_numpy()
        level, code = (frame[name].to_numpy(dtype=object) for name in ("level", "district_code"))
        parts = of_year & (level == "commune")
        summed, places = np.unique(code[parts], return_inverse=True)
        own = of_year & (level == "district") & ~np.isin(code, summed)
        if not parts.any() and not own.any():
            return pd.DataFrame(columns=counted)
        counts = frame[counted].to_numpy(dtype=np.int64)
        sums = np.zeros((len(summed), len(counted)), dtype=np.int64)
        np.add.at(sums, places, counts[parts])
        index = pd.Index([*summed, *code[own]], name="district_code")
        found = pd.DataFrame(np.concatenate([sums, counts[own]]), index=index, columns=counted)
        return found.sort_index()

    def copy(self) -> Review:
        """Return the same forms in frames of their own."""
        frames = {number: frame.copy() for number, frame in self.frames.items()}
        return replace(self, frames=MappingProxyType(frames), applied=self.applied.copy())

    def where(self, form: int, index: object, column: str = "") -> str:
        """Return where a row of a form's frame (by its index label), or a cell of it, stands."""
        row = self.frames[form].loc[index]
        return self.places[int(row["place"])].cell(int(row["row"]), column)


EMPTY = Review(MappingProxyType({}), MappingProxyType({}))
"""What a province without returned forms has."""

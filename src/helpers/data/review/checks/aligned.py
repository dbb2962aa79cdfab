"""The returned forms side by side: the same unit and year at the same place in every form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.data.review.forms import Form
from helpers.data.review.model import Review

__all__ = ["Aligned", "BoolArray", "IntArray"]

IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_Key = tuple[int, str, str, str]
"""Year, level, and the unit's code; of a total row its district and file, which tell it apart."""


class Aligned:
    """All forms' counts over one list of units and years (`size` of them).

    `at[form]` is the place in the list of each of the form's rows, `rows[form]` the form's row at
    each place, or −1.
    """

    def __init__(self, review: Review) -> None:
        """Line up the frames of a review."""
        self.review = review
        self._keys: dict[_Key, int] = {}
        self.at: dict[int, IntArray] = {}
        self._counts: dict[int, IntArray] = {}
        self._columns: dict[int, dict[str, int]] = {}
        for number, frame in review.frames.items():
            places = [self._keys.setdefault(key, len(self._keys)) for key in self._of(frame)]
            self.at[number] = np.asarray(places, dtype=np.int64)
            counted = review.forms[number].counted
            self._counts[number] = frame[list(counted)].to_numpy(dtype=np.int64)
            self._columns[number] = {name: place for place, name in enumerate(counted)}
        self.size = len(self._keys)
        self.rows: dict[int, IntArray] = {}
        for number, at in self.at.items():
            rows = np.full(self.size, -1, dtype=np.int64)
            rows[at] = np.arange(len(at))
            self.rows[number] = rows
        self.level = np.array([level for _, level, _, _ in self._keys], dtype=object)

    def _of(self, frame: pd.DataFrame) -> Iterator[_Key]:
        files = [place.file for place in self.review.places]
        names = ("year", "level", "code", "district_code", "place")
        columns = (frame[name].tolist() for name in names)
        for year, level, code, district, place in zip(*columns, strict=True):
            total = level == "total"
            yield (year, level, district if total else code, files[place] if total else "")

    @property
    def forms(self) -> list[Form]:
        """Return the forms that somebody returned, by number."""
        return [self.review.forms[number] for number in sorted(self.at)]

    def has(self, form: int) -> bool:
        """Tell whether anybody returned the form."""
        return form in self.at

    def column(self, form: int, name: str) -> IntArray:
        """Return a form's column in the order of its frame."""
        return self._counts[form][:, self._columns[form][name]]

    def counts(self, form: int) -> IntArray:
        """Return all of a form's counted columns in the order of its frame, a column each."""
        return self._counts[form]

    def rates(self, form: int, name: str) -> npt.NDArray[np.float64]:
        """Return a form's percentages in the order of its frame; NaN where there are none."""
        rates: Any = self.review.frames[form][name].to_numpy(dtype=np.float64)
        return np.asarray(rates)

    def over_all(self, form: int, name: str) -> tuple[IntArray, BoolArray]:
        """Return a form's column over the list of units and years, and where the form has one."""
        rows = self.rows[form]
        there = rows >= 0
        return np.where(there, self.column(form, name)[rows], 0), there

    def following(self) -> IntArray:
        """Return the place of each unit a year later, −1 where there is none or for a total row."""
        later = [
            self._keys.get((year + 1, level, code, file), -1) if level != "total" else -1
            for year, level, code, file in self._keys
        ]
        return np.asarray(later, dtype=np.int64)

    def parents(self, form: int) -> IntArray:
        """Return, for each row of a form, the place of its district's row; −1 but for communes."""
        frame = self.review.frames[form]
        columns = (frame[name].tolist() for name in ("year", "level", "district_code"))
        found = [
            self._keys.get((year, "district", district, ""), -1) if level == "commune" else -1
            for year, level, district in zip(*columns, strict=True)
        ]
        return np.asarray(found, dtype=np.int64)

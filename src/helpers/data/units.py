"""The units that share capital, districts or communes, and the columns that rules may ask of them.

Numbers are whole: each column holds its values times one scale, so a hundred thousand units can
be judged at once and still exactly. Rates are the announced ones (two decimals), so that the band
in which a unit stands can be checked by hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers import words
from helpers.data.dataset import DataSet
from helpers.data.vocabulary import CHOICES
from helpers.plan.rules.columns import COLUMNS, PERCENT

__all__ = [
    "BoolArray",
    "Column",
    "IntArray",
    "Units",
    "commune_units",
    "district_units",
    "number_column",
    "units_of_rows",
    "word_column",
    "word_name",
]

IntArray: TypeAlias = npt.NDArray[Any]
"""int64, or object holding Python's own whole numbers where int64 could overflow."""
BoolArray: TypeAlias = npt.NDArray[np.bool_]

EQUAL = "equal"

_WORDS: Mapping[str, str] = MappingProxyType(
    {word: name for choice in ("region", "poor_district") for word, name in CHOICES[choice].items()}
)


def word_name(word: str) -> str:
    """Return what a word of the data is called in Vietnamese."""
    return _WORDS.get(word, word)


@dataclass(frozen=True, eq=False)
class Column:
    """One attribute of all units: numbers times `scale`, or places in `words`; −1 is no word."""

    name: str
    label: str
    unit: str
    file: str
    values: IntArray
    absent: BoolArray
    scale: int = 1
    words: tuple[str, ...] | None = None

    def value(self, place: int) -> Fraction | str | None:
        """Return one unit's value, exactly."""
        if self.absent[place]:
            return None
        if self.words is not None:
            return self.words[int(self.values[place])]
        return Fraction(int(self.values[place]), self.scale)

    def shown(self, place: int) -> str:
        """Return one unit's value as a worksheet writes it, with its unit."""
        value = self.value(place)
        if value is None:
            return "chưa có"
        if isinstance(value, str):
            return word_name(value)
        space = "" if self.unit in ("", PERCENT) else " "
        return f"{words.decimal(value, 4, least=0)}{space}{self.unit}"

    def take(self, places: IntArray | BoolArray) -> Column:
        """Return the column of some units."""
        return Column(
            self.name,
            self.label,
            self.unit,
            self.file,
            self.values[places],
            self.absent[places],
            self.scale,
            self.words,
        )


@dataclass(frozen=True, eq=False)
class Units:
    """Units of one level in the order of their codes; `parents` are the communes' districts."""

    level: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[str, ...]
    columns: Mapping[str, Column]
    _by_parent: dict[str, Units] = field(default_factory=dict, repr=False)

    def take(self, places: IntArray | BoolArray) -> Units:
        """Return some of the units."""
        chosen = np.flatnonzero(places) if places.dtype == np.bool_ else places
        return Units(
            self.level,
            tuple(self.codes[i] for i in chosen),
            tuple(self.names[i] for i in chosen),
            tuple(self.parents[i] for i in chosen),
            _Taken(self.columns, chosen),
        )

    def within(self, parent: str) -> Units:
        """Return the units of one district."""
        if not self._by_parent:
            places: dict[str, list[int]] = {}
            for place, district in enumerate(self.parents):
                places.setdefault(district, []).append(place)
            for district, chosen in places.items():
                self._by_parent[district] = self.take(np.asarray(chosen))
        return self._by_parent.get(parent) or self.take(np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        """Return how many units there are."""
        return len(self.codes)


class _Lazy(Mapping[str, Column]):
    """Columns made when first asked for: a rule uses few of them."""

    def __init__(self, makers: Mapping[str, Callable[[], Column]]) -> None:
        self._makers = makers
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Any:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class _Taken(_Lazy):
    """The columns of some of the units."""

    def __init__(self, columns: Mapping[str, Column], places: IntArray) -> None:
        super().__init__({name: lambda n=name: columns[n].take(places) for name in columns})  # type: ignore[misc]


def _note(name: str, notes: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    if name in notes:
        return notes[name]
    return (COLUMNS[name].label, COLUMNS[name].unit) if name in COLUMNS else (name, "")


def number_column(
    name: str,
    values: Sequence[int | Decimal | Fraction | None] | npt.NDArray[np.int64],
    file: str = "",
    notes: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    scale: int | None = None,
) -> Column:
    """Return a column of exact numbers; None is a missing value.

    An int64 array is taken as it is, its values already being times `scale`.
    """
    label, unit = _note(name, notes)
    if isinstance(values, np.ndarray):
        absent = np.zeros(len(values), dtype=np.bool_)
        return Column(name, label, unit, file, values, absent, scale or 1)
    exact = [None if value is None else Fraction(value) for value in values]
    common = math.lcm(*(value.denominator for value in exact if value is not None), 1)
    whole = [0 if value is None else int(value * common) for value in exact]
    fits = all(abs(value) < 2**62 for value in whole)
    return Column(
        name,
        label,
        unit,
        file,
        np.asarray(whole, dtype=np.int64 if fits else object),
        np.asarray([value is None for value in exact], dtype=np.bool_),
        common,
    )


def word_column(
    name: str,
    values: Iterable[str],
    file: str = "",
    notes: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Column:
    """Return a column of words; an empty word is a missing value."""
    label, unit = _note(name, notes)
    places, found = pd.factorize(np.asarray(list(values), dtype=object))
    known = tuple(str(word) for word in found)
    absent = np.asarray([word == "" for word in known] or [False])[places]
    return Column(name, label, unit, file, places.astype(np.int64), absent, 1, known)


def _rate(
    name: str, part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64], file: str
) -> Column:
    """Return announced rates: percent, rounded half up to two decimals; of nothing, missing."""
    label, unit = _note(name, {})
    absent = whole == 0
    base = np.where(absent, 1, whole)
    return Column(name, label, unit, file, (2 * 10_000 * part + base) // (2 * base), absent, 100)


_COUNTED = ("households", "poor_households", "near_poor_households")


def _poverty_makers(counts: pd.DataFrame, file: str) -> dict[str, Callable[[], Column]]:
    """Return the makers of counts and announced rates, from rows in the units' order."""
    households, poor, near = (counts[name].to_numpy(dtype=np.int64) for name in _COUNTED)
    values = dict(zip(_COUNTED, (households, poor, near), strict=True))
    values["poor_and_near_poor"] = poor + near
    makers: dict[str, Callable[[], Column]] = {
        name: lambda n=name, v=found: number_column(n, v, file)  # type: ignore[misc]
        for name, found in values.items()
    }
    rates = {
        "poor_rate": poor,
        "near_poor_rate": near,
        "poor_and_near_poor_rate": poor + near,
    }
    makers |= {
        name: lambda n=name, p=part: _rate(n, p, households, file)  # type: ignore[misc]
        for name, part in rates.items()
    }
    return makers


def _frame_makers(
    data: DataSet, table: str, frame: pd.DataFrame, names: Iterable[str]
) -> dict[str, Callable[[], Column]]:
    """Return the makers of a table's columns as they stand, words and numbers."""
    file = data.names(table)[0]
    described = data.sidecars[table].columns
    notes = {
        name: (note.label, note.unit) for name, note in described.items() if name not in COLUMNS
    }

    def make(name: str) -> Column:
        values = frame[name].tolist()
        if all(isinstance(value, str) for value in values):
            return word_column(name, values, file, notes)
        return number_column(name, values, file, notes)

    return {name: lambda n=name: make(n) for name in names}  # type: ignore[misc]


def _equal(size: int) -> Callable[[], Column]:
    return lambda: number_column(EQUAL, np.ones(size, dtype=np.int64))


def district_units(data: DataSet, year: int) -> Units:
    """Return the districts with their columns; counts of poor households are of a year-end.

    Disbursement (disbursed_rate) is that of the same year.
    """
    frame = data.districts.sort_values("code")
    codes = tuple(map(str, frame["code"]))
    makers = _frame_makers(
        data, "districts", frame, ("kind", "region", "poor_district", "area_km2")
    )
    makers[EQUAL] = _equal(len(codes))
    places = list(codes)
    poverty = data.poverty[data.poverty["year"] == year].set_index("district_code").loc[places]
    makers |= _poverty_makers(poverty, data.names("poverty")[0])
    criteria = data.criteria.set_index("district_code").loc[places]
    makers |= _frame_makers(data, "criteria", criteria, [c for c in criteria if c != "district"])
    number = data.communes["district_code"].value_counts().reindex(places, fill_value=0)
    communes = number.to_numpy(dtype=np.int64)
    makers["communes"] = lambda: number_column("communes", communes, data.names("communes")[0])
    difficult = criteria["special_difficulty_communes"].to_numpy(dtype=np.int64)
    makers["special_difficulty_share"] = lambda: _rate(
        "special_difficulty_share", difficult, communes, data.names("criteria")[0]
    )
    if data.has("history"):
        makers["disbursed_rate"] = lambda: _disbursed(data, places, list(frame["name"]), year)
    return Units("district", codes, tuple(frame["name"]), codes, _Lazy(makers))


def _disbursed(data: DataSet, codes: Sequence[str], names: Sequence[str], year: int) -> Column:
    rows = data.history[data.history["year"] == year]
    sums = rows.groupby("unit")[["assigned", "disbursed"]].sum().reindex(names, fill_value=0)
    assigned, disbursed = (sums[name].to_numpy(dtype=np.int64) for name in sums)
    # A whole million is more than fine enough for hundredths of a percent, and cannot overflow.
    assigned, disbursed = assigned // 10**6, disbursed // 10**6
    return _rate("disbursed_rate", disbursed, assigned, data.names("history")[0])


def commune_units(data: DataSet, year: int) -> Units:
    """Return the communes with their columns; those that a table leaves out have no value."""
    frame = data.communes.sort_values("code")
    codes = tuple(frame["code"].tolist())
    places = list(codes)
    makers = _frame_makers(data, "communes", frame, ("kind", "khu_vuc"))
    makers[EQUAL] = _equal(len(codes))
    districts = data.districts.set_index("code").loc[frame["district_code"].tolist()]
    makers |= _frame_makers(data, "districts", districts, ("region", "poor_district"))
    if data.has("commune_poverty"):
        rows = data.commune_poverty
        counts = rows[rows["year"] == year].set_index("code")[list(_COUNTED)].reindex(places)
        known = counts["households"].notna().to_numpy()
        made = _poverty_makers(counts.fillna(0), data.names("commune_poverty")[0])
        makers |= {name: _without(maker, ~known) for name, maker in made.items()}
    if data.has("commune_criteria"):
        criteria = data.commune_criteria.set_index("code").reindex(places)
        criteria = criteria.astype(object).where(criteria.notna(), None)
        wanted = [column for column in criteria if column != "name"]
        makers |= _frame_makers(data, "commune_criteria", criteria, wanted)
    told = zip(frame["kind"].tolist(), frame["name"].tolist(), strict=True)
    names = tuple(f"{kind} {name}" for kind, name in told)
    return Units("commune", codes, names, tuple(frame["district_code"].tolist()), _Lazy(makers))


def _without(maker: Callable[[], Column], absent: BoolArray) -> Callable[[], Column]:
    """Return the maker of the same column, some values of which are missing."""

    def make() -> Column:
        column = maker()
        gone = column.absent | absent
        return Column(
            column.name, column.label, column.unit, column.file, column.values, gone, column.scale
        )

    return make


def units_of_rows(
    level: str,
    rows: Sequence[Mapping[str, object]],
    file: str,
    notes: Mapping[str, tuple[str, str]],
) -> Units:
    """Return units written out one by one: `name`, perhaps `code` and `parent`, and values.

    Without a code the name stands for it; a district is its own parent.
    """
    ordered = sorted(rows, key=lambda row: str(row.get("code") or row["name"]))
    codes = tuple(str(row.get("code") or row["name"]) for row in ordered)
    known = {key for row in rows for key in row} - {"name", "code", "parent"}
    columns = {EQUAL: number_column(EQUAL, np.ones(len(rows), dtype=np.int64))}
    for name in sorted(known):
        values: list[Any] = [row.get(name) for row in ordered]
        if any(isinstance(value, str) for value in values):
            columns[name] = word_column(name, [str(v or "") for v in values], file, notes)
        else:
            columns[name] = number_column(name, values, file, notes)
    return Units(
        level,
        codes,
        tuple(str(row["name"]) for row in ordered),
        codes if level == "district" else tuple(str(row.get("parent") or "") for row in ordered),
        columns,
    )

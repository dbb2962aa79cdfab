"""A province's data as one frozen value, which notes of its files what is used of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.data.review.folder import review_folder
from helpers.data.review.model import EMPTY, Review
from helpers.marks import Mark, merge_marks
from helpers.paths import project_root, relative
from helpers.reads import note, unnoted

if TYPE_CHECKING:
    from helpers.data.frames import Place
    from helpers.data.sidecar import ColumnNote, Sidecar

__all__ = ["RESTS_ON", "REVIEW", "TABLE_NAMES", "DataSet"]

REVIEW = "review"
"""The name that stands for the returned forms beside the tables."""

_OF_DISTRICTS = ("districts",)
_OF_COMMUNES = ("communes", "districts")
RESTS_ON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("communes", "poverty", "criteria", "dtts_poverty"), _OF_DISTRICTS),
        **dict.fromkeys(("poverty_periods", "former_communes"), _OF_DISTRICTS),
        **dict.fromkeys(("history", "carry_over", "movements"), _OF_DISTRICTS),
        **dict.fromkeys(("commune_poverty", "commune_criteria"), _OF_COMMUNES),
        REVIEW: ("former_communes", *_OF_COMMUNES),
    }
)
"""The tables whose names of units a table's frame carries; it is what it is by these as well."""


@dataclass(frozen=True, eq=False)
class DataSet:
    """A province's tables, typed: counts and đồng int64, measures Decimal, days date, else text.

    Rows are in the order of the files. Where a file names a district, the frame has
    `district_code` and `district` (the name as districts.csv writes it, in form NFC). A `unit`
    that is a district has that name too; any other stays as written, to be found among the
    province agencies (see `unit_names`). An optional table that is absent is an empty frame.

    Whoever takes a table, what its sidecar says, or the returned forms, has the files that decide
    them noted (see `reads`); of an absent table the file that it would have.
    """

    districts: pd.DataFrame
    communes: pd.DataFrame
    poverty: pd.DataFrame
    criteria: pd.DataFrame
    province_totals: pd.DataFrame
    commune_poverty: pd.DataFrame
    dtts_poverty: pd.DataFrame
    poverty_periods: pd.DataFrame
    former_communes: pd.DataFrame
    commune_criteria: pd.DataFrame
    history: pd.DataFrame
    carry_over: pd.DataFrame
    movements: pd.DataFrame
    sidecars: Mapping[str, Sidecar]
    files: tuple[Path, ...]
    table_files: Mapping[str, Path]
    places: Mapping[str, Place]
    review: Review = EMPTY
    _deciding: dict[str, tuple[Path, ...]] = field(default_factory=dict, init=False, repr=False)

    def __getattribute__(self, name: str) -> Any:
        """Return an attribute; of a table or the forms it is noted that they are used."""
        found = object.__getattribute__(self, name)
        if name in _NOTED:
            self._note(name)
        if name == "sidecars" and not isinstance(found, _Sidecars):
            return _Sidecars(self, found)
        return found

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """Return every table's frame by the table's name."""
        return _Frames(self)

    @property
    def district_names(self) -> Mapping[str, str]:
        """Return the districts' names by code, in the order of districts.csv."""
        return MappingProxyType(
            dict(zip(self.districts["code"], self.districts["name"], strict=True))
        )

    def has(self, table: str) -> bool:
        """Tell whether the province reports anything in the table."""
        return not self.frames[table].empty

    def extra_columns(self, table: str) -> Mapping[str, ColumnNote]:
        """Return the columns beyond the table's own: label, unit and kind of each."""
        from helpers.data.frames import extra_columns

        found = extra_columns(table, self.sidecars.get(table))
        notes = {name: self.sidecars[table].columns[name] for name in found}
        return MappingProxyType(
            {
                name: note.model_copy(update={"kind": note.kind or "measure"})
                for name, note in notes.items()
            }
        )

    def where(self, table: str, position: int, column: str = "") -> str:
        """Return where a row of a frame, by its position, or a cell of it stands in the file."""
        self._note(table)
        return self.places[table].row(position, column)

    def names(self, *tables: str) -> tuple[str, ...]:
        """Return the files behind the tables, as seen from the project folder, each once.

        The name "review" stands for the returned forms.
        """
        found = [self.table_files[table] for table in tables if table in self.table_files]
        returned = self.review.files if REVIEW in tables else ()
        for table in tables:
            self._note(table)
        return tuple(dict.fromkeys([*map(relative, found), *returned]))

    def marks(self, *tables: str) -> tuple[Mark, ...]:
        """Return what must be said of figures that rest on these tables (see marks.MARKS).

        The name "review" stands for the returned forms.
        """
        found = [
            self.review.sidecar if table == REVIEW else self.sidecars.get(table) for table in tables
        ]
        sidecars = [sidecar for sidecar in found if sidecar]
        secondary = ["secondary" for sidecar in sidecars if sidecar.secondary]
        return merge_marks([sidecar.status for sidecar in sidecars], secondary)

    def copy(self) -> DataSet:
        """Return the same data in frames of their own: what is done to them stays theirs."""
        with unnoted():
            frames = {name: frame.copy() for name, frame in self.frames.items()}
            sidecars = {
                name: sidecar.model_copy(deep=True) for name, sidecar in self.sidecars.items()
            }
            return replace(
                self, **frames, sidecars=MappingProxyType(sidecars), review=self.review.copy()
            )

    def _note(self, table: str) -> None:
        if table not in self._deciding:
            named = (table, *RESTS_ON.get(table, ()))
            paths = [path for name in named for path in self._own_files(name)]
            self._deciding[table] = tuple(dict.fromkeys(paths))
        for path in self._deciding[table]:
            note(path)

    def _own_files(self, table: str) -> list[Path]:
        """Return the files of one table, or of the forms, there or not; a folder for its names."""
        first = self.table_files["districts"]
        in_folder = first.suffix.lower() == ".csv"
        if table == REVIEW:
            from helpers.plan.standards import standard_files

            folder = review_folder(first.parent if in_folder else first)
            returned = object.__getattribute__(self, REVIEW).files
            standards = standard_files()
            return [folder, *(project_root() / name for name in returned), *standards]
        path = first.with_name(f"{table}.csv") if in_folder else first
        return [path, path.with_name(f"{path.stem}.meta.yml")]


TABLE_NAMES = tuple(one.name for one in fields(DataSet) if one.type == "pd.DataFrame")
"""Every table's name."""

_NOTED = frozenset((*TABLE_NAMES, REVIEW))


class _Frames(Mapping[str, pd.DataFrame]):
    """The frames by name; that a table is there to be asked for says nothing of its file."""

    def __init__(self, data: DataSet) -> None:
        self._data = data

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in TABLE_NAMES:
            raise KeyError(table)
        frame: pd.DataFrame = getattr(self._data, table)
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(TABLE_NAMES)

    def __len__(self) -> int:
        return len(TABLE_NAMES)


class _Sidecars(Mapping[str, "Sidecar"]):
    """The sidecars by table; whoever goes through all of them has looked at every table."""

    def __init__(self, data: DataSet, sidecars: Mapping[str, Sidecar]) -> None:
        self._data, self._sidecars = data, sidecars

    def __getitem__(self, table: str) -> Sidecar:
        self._data._note(table)
        return self._sidecars[table]

    def __iter__(self) -> Iterator[str]:
        for table in TABLE_NAMES:
            self._data._note(table)
        return iter(self._sidecars)

    def __len__(self) -> int:
        return len(list(iter(self)))

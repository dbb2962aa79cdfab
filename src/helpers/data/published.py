"""The named tables that analyses publish and briefs read.

In a build the environment variable `HELPERS_OUTPUT` names the folder that is being made. Outside
one, when a planner runs a notebook by hand, tables go to `reports/.draft/<plan>/`, so that trying
something never touches the reports that were handed out; they are read from there as long as no
later build has published them anew.

What is read of a table is noted (`helpers.reads`): the rows and columns that were asked for, so
that a brief about one district does not depend on the numbers of the others.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import yaml
from pandas.api.extensions import ExtensionArray

from helpers.data.catalogue import CATALOGUE, TableSpec, spec
from helpers.errors import HelpersError, NotPublished
from helpers.marks import Mark, merge_marks
from helpers.paths import project_root
from helpers.reads import note
from helpers.text import nearest

__all__ = ["SUPPRESSED", "Published", "Result", "publish", "published", "tables_folder", "warm"]

OUTPUT_VARIABLE = "HELPERS_OUTPUT"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The parser and the writer in C, many times as fast, where the installed yaml has them."""


class WrongTable(HelpersError):
    """A table to publish does not have the columns or the key that the catalogue promises."""


@dataclass(frozen=True)
class Result:
    """A computed table, with what must be said about it and the inputs it rests on."""

    frame: pd.DataFrame
    marks: tuple[Mark, ...] = ()
    inputs: tuple[str, ...] = ()


SUPPRESSED = "…"
"""What stands in a number's place where it could point at single households (see disclosure)."""

_READERS: Mapping[str, Callable[[str], Any]] = {
    "rate": Decimal,
    "points": Decimal,
    "number": Decimal,
    "money": int,
    "count": int,
}
_KEPT: Mapping[str, str | None] = {"": None, SUPPRESSED: SUPPRESSED}
"""What a number's cell may hold besides a number, and what that is read as."""

_TEXT = pd.Series(dtype="str").dtype
"""How pandas keeps a column of text."""


class _Known(dict[str, Any]):
    """What the texts of a column of numbers mean: each is read once, when it is first asked for."""

    def __init__(self, reader: Callable[[str], Any]) -> None:
        """Begin with what stands for no number."""
        super().__init__(_KEPT)
        self.reader = reader

    def __missing__(self, text: str) -> Any:
        """Read a text and remember what it means."""
        self[text] = value = self.reader(text)
        return value


class _Content:
    """What stands in a table's file: texts, and what has been made of them so far.

    Many readers share it, so it hands out only what cannot be changed, or a copy.
    """

    def __init__(self, content: bytes, wanted: TableSpec) -> None:
        """Take the texts apart, column by column."""
        names, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        self.names = tuple(names)
        self.number = len(rows)
        columns = zip(*rows, strict=True) if rows else [()] * len(names)
        self._texts: dict[str, Sequence[str]] = dict(zip(names, columns, strict=True))
        self._known = {
            name: _Known(_READERS[told.kind])
            for name in names
            if (told := wanted.field(name)) and told.kind in _READERS
        }
        self._arrays: dict[str, ExtensionArray] = {}
        self._places: dict[str, dict[str, list[int]]] = {}

    def _with(self, column: str, text: str) -> Sequence[int]:
        """Return the numbers of the rows that have a text in a column."""
        if column not in self._places:
            places: dict[str, list[int]] = {}
            for number, found in enumerate(self._texts[column]):
                places.setdefault(found, []).append(number)
            self._places[column] = places
        return self._places[column].get(text, ())

    def chosen(self, texts: Mapping[str, str]) -> Sequence[int]:
        """Return the numbers of the rows that have these texts, in the file's order."""
        if not texts:
            return range(self.number)
        found, *others = (self._with(column, text) for column, text in texts.items())
        for among in map(frozenset, others):
            found = [number for number in found if number in among]
        return found

    def values(self, column: str, numbers: Sequence[int]) -> list[Any]:
        """Return these rows of a column, read as its kind; the other rows are not looked at."""
        texts, known = self._texts[column], self._known.get(column)
        if known is None:
            return [texts[number] for number in numbers]
        return [known[texts[number]] for number in numbers]

    def array(self, column: str, numbers: Sequence[int], index: pd.Index) -> Any:
        """Return these rows of a column: text, whole numbers, or objects where some are not told.

        Arrays rather than series: a frame of series would first bring their indexes together. But
        an array of "…" and nothing else but gaps would become a column of text.
        """
        known = self._known.get(column)
        if known is None:
            if column not in self._arrays:
                self._arrays[column] = pd.array(list(self._texts[column]), dtype=_TEXT)
            return self._arrays[column].take(index.to_numpy())
        found = self.values(column, numbers)
        if SUPPRESSED in found:
            return pd.Series(found, index=index, dtype=object)
        whole = known.reader is int and None not in found
        return pd.array(found, dtype="int64" if whole else object)


@lru_cache(maxsize=128)
def _content(content: bytes, name: str) -> _Content:
    """Return the content of a table's file, kept by its very bytes.

    So what one process has read is there in those forked from it, and a file that was made anew is
    read anew, however soon that was.
    """
    return _Content(content, spec(name))


@lru_cache(maxsize=128)
def _sidecar(content: bytes) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """Return the marks and inputs that stand beside a table, kept like its content."""
    told = yaml.load(content, Loader=_LOADER)
    return merge_marks(told["marks"]), tuple(told["inputs"])


class _Stored:
    """A table's file: a part of it becomes values when it is asked for, and is noted as read."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name

    @cached_property
    def content(self) -> _Content:
        """What the file holds, as it was when first asked for."""
        return _content(self._path.read_bytes(), self._name)

    def _chosen(self, wanted: Mapping[str, object], columns: Sequence[str] = ()) -> Sequence[int]:
        """Return the numbers of the rows with the wanted values; note what this looks at."""
        texts = {column: str(value) for column, value in wanted.items()}
        note(self._path, columns, texts)
        return self.content.chosen(texts)

    def _frame(self, columns: Iterable[str], numbers: Sequence[int]) -> pd.DataFrame:
        index = pd.Index(numbers, dtype="int64")
        content = {column: self.content.array(column, numbers, index) for column in columns}
        return pd.DataFrame(content, index=index)

    @cached_property
    def _whole(self) -> pd.DataFrame:
        return self._frame(self.content.names, range(self.content.number))

    def frame(self, columns: Sequence[str], wanted: Mapping[str, object]) -> pd.DataFrame:
        """Return the rows with the wanted values, the columns named (all of them without)."""
        numbers = self._chosen(wanted, columns)
        if not columns and not wanted:
            return self._whole
        return self._frame(columns or self.content.names, numbers)

    def records(self, columns: Sequence[str], wanted: Mapping[str, object]) -> list[dict[str, Any]]:
        """Return the same rows and columns as mappings."""
        numbers = self._chosen(wanted, columns)
        names = columns or self.content.names
        found = [self.content.values(name, numbers) for name in names]
        return [dict(zip(names, cells, strict=True)) for cells in zip(*found, strict=True)]


@dataclass(frozen=True)
class Published:
    """A table read back as it was published: title, marks, the inputs behind it, and its content.

    Ask for no more of the content than is needed: what was asked for counts as read.
    """

    name: str
    content: pd.DataFrame | _Stored = field(repr=False)
    title: str
    marks: tuple[Mark, ...]
    inputs: tuple[str, ...]
    spec: TableSpec = field(repr=False)

    @property
    def frame(self) -> pd.DataFrame:
        """The whole table."""
        return self.only()

    def rows(self, **wanted: object) -> pd.DataFrame:
        """Return the rows whose columns have the wanted values, their order kept."""
        return self.only(**wanted)

    def only(self, *columns: str, **wanted: object) -> pd.DataFrame:
        """Return these columns of the rows with the wanted values; all columns without names."""
        if isinstance(self.content, _Stored):
            return self.content.frame(columns, wanted)
        frame = self.content
        for column, value in wanted.items():
            frame = frame[frame[column] == value]
        return frame[list(columns)] if columns else frame

    def records(self, *columns: str, **wanted: object) -> list[dict[str, Any]]:
        """Return what `only` returns as one mapping a row: for few rows, in a tenth of the time."""
        if isinstance(self.content, _Stored):
            return self.content.records(columns, wanted)
        records: list[dict[str, Any]] = self.only(*columns, **wanted).to_dict("records")
        return records

    def one(self, **wanted: object) -> Mapping[str, Any]:
        """Return the only such row as a mapping; a missing or second one is an error."""
        records = self.records(**wanted)
        if len(records) != 1:
            raise NotPublished(
                f"Bảng “{self.name}” có {len(records)} dòng với {wanted}, cần đúng một dòng."
            )
        return MappingProxyType(records[0])


def _draft(plan_id: str) -> Path:
    return project_root() / "reports" / ".draft" / plan_id / "tables"


def tables_folder(plan_id: str) -> Path:
    """Return the folder into which this process publishes."""
    named = os.environ.get(OUTPUT_VARIABLE)
    return Path(named) / "tables" if named else _draft(plan_id)


def _check(name: str, frame: pd.DataFrame) -> TableSpec:
    if name not in CATALOGUE:
        near = nearest(name, CATALOGUE)
        hint = f" Có phải là “{near}”?" if near else ""
        raise WrongTable(f"Danh mục bảng công bố không có bảng “{name}”.{hint}")
    wanted = spec(name)
    missing = [column for column in wanted.fields if column not in frame.columns]
    unknown = [column for column in frame.columns if wanted.field(column) is None]
    if missing or unknown:
        raise WrongTable(f"Bảng “{name}”: thiếu cột {missing}, thừa cột {unknown}.")
    twice = frame[frame.duplicated(list(wanted.key))]
    if len(twice):
        shown = twice[list(wanted.key)].iloc[0].to_dict()
        raise WrongTable(f"Bảng “{name}”: khóa bị lặp {shown}.")
    return wanted


def publish(name: str, result: Result, plan_id: str) -> str:
    """Write the table as CSV (UTF-8 with BOM) with its sidecar; return a sentence that says so.

    Raises:
        WrongTable: the columns or the key are not those of the catalogue.
    """
    wanted = _check(name, result.frame)
    folder = tables_folder(plan_id)
    folder.mkdir(parents=True, exist_ok=True)
    result.frame.to_csv(
        folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n"
    )
    sidecar = {
        "title": wanted.title,
        "key": list(wanted.key),
        "marks": list(result.marks),
        "inputs": sorted(result.inputs),
        "columns": {
            column: wanted.field(column).label  # type: ignore[union-attr]
            for column in result.frame.columns
        },
    }
    text = yaml.dump(sidecar, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100)
    (folder / f"{name}.meta.yml").write_text(text, encoding="utf-8", newline="\n")
    return f"Đã công bố bảng “{name}”: {wanted.title} ({len(result.frame)} dòng)."


def _find(name: str, plan_id: str, output: Path | None) -> Path:
    named = output or os.environ.get(OUTPUT_VARIABLE)
    reports = project_root() / "reports" / plan_id / "tables"
    folders = [Path(named) / "tables"] if named else [_draft(plan_id), reports]
    found = [folder for folder in folders if (folder / f"{name}.csv").exists()]
    if found:
        return max(found, key=lambda folder: (folder / f"{name}.csv").stat().st_mtime_ns)
    near = nearest(name, [table for table in CATALOGUE if table != name])
    hint = f" Tên gần giống: “{near}”." if near and name not in CATALOGUE else ""
    raise NotPublished(
        f"Chưa có bảng “{name}” của kế hoạch “{plan_id}”.{hint}"
        " Hãy chạy các sổ phân tích trước (lệnh make)."
    )


def published(name: str, plan_id: str, output: Path | None = None) -> Published:
    """Read a published table; money and counts as integers, rates as decimals, all else as text.

    A number that was withheld is the text SUPPRESSED.

    `output` names the folder of the reports to read from, when it is not the one in use.

    Raises:
        NotPublished: no analysis has published it yet.
    """
    folder = _find(name, plan_id, output)
    path, beside = folder / f"{name}.csv", folder / f"{name}.meta.yml"
    note(beside)
    marks, inputs = _sidecar(beside.read_bytes())
    wanted = spec(name)
    return Published(name, _Stored(path, name), wanted.title, marks, inputs, wanted)


def warm(folder: Path) -> None:
    """Read every table published in a folder of reports; nothing of it counts as read.

    What was read stays in this process and in those forked from it.
    """
    for path in sorted((folder / "tables").glob("*.csv")):
        if path.stem in CATALOGUE:
            content = _content(path.read_bytes(), path.stem)
            # What cannot be read is refused where it is used, if it ever is.
            with suppress(ValueError, ArithmeticError):
                for column in content.names:
                    content.values(column, range(content.number))
        beside = path.with_suffix(".meta.yml")
        if beside.exists():
            _sidecar(beside.read_bytes())

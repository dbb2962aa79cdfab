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
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
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

__all__ = ["SUPPRESSED", "Published", "Result", "publish", "published", "tables_folder"]

OUTPUT_VARIABLE = "HELPERS_OUTPUT"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, ten times as fast, where the installed yaml has it."""


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


class _Stored:
    """A table's file: a part of it becomes values when it is asked for, and is noted as read."""

    def __init__(self, path: Path, wanted: TableSpec) -> None:
        self._path = path
        self._spec = wanted

    @cached_property
    def _texts(self) -> tuple[Mapping[str, int], list[list[str]]]:
        """Return each column's place and the rows, all as the file has them."""
        text = self._path.read_bytes().decode("utf-8-sig")
        names, *rows = csv.reader(io.StringIO(text, newline=""))
        return {name: place for place, name in enumerate(names)}, rows

    def _chosen(self, wanted: Mapping[str, object], columns: Sequence[str] = ()) -> Sequence[int]:
        """Return the numbers of the rows with the wanted values; note what this looks at."""
        texts = {column: str(value) for column, value in wanted.items()}
        note(self._path, columns, texts)
        places, rows = self._texts
        numbers: Sequence[int] = range(len(rows))
        for column, text in texts.items():
            at = places[column]
            numbers = [number for number in numbers if rows[number][at] == text]
        return numbers

    def _reader(self, column: str) -> Callable[[str], Any] | None:
        kind = self._spec.field(column)
        return _READERS.get(kind.kind) if kind else None

    def _frame(self, columns: Iterable[str], numbers: Sequence[int]) -> pd.DataFrame:
        places, rows = self._texts
        chosen = [rows[number] for number in numbers]
        index = pd.Index(numbers, dtype="int64")
        content = {
            column: _typed([row[places[column]] for row in chosen], self._reader(column), index)
            for column in columns
        }
        return pd.DataFrame(content, index=index)

    @cached_property
    def _whole(self) -> pd.DataFrame:
        places, rows = self._texts
        return self._frame(places, range(len(rows)))

    def frame(self, columns: Sequence[str], wanted: Mapping[str, object]) -> pd.DataFrame:
        """Return the rows with the wanted values, the columns named (all of them without)."""
        numbers = self._chosen(wanted, columns)
        if not columns and not wanted:
            return self._whole
        return self._frame(columns or self._texts[0], numbers)

    def records(self, wanted: Mapping[str, object]) -> list[dict[str, Any]]:
        """Return the rows with the wanted values as mappings."""
        numbers = self._chosen(wanted)
        places, rows = self._texts
        readers = {column: self._reader(column) for column in places}
        return [
            {column: _value(rows[number][at], readers[column]) for column, at in places.items()}
            for number in numbers
        ]


def _value(text: str, reader: Callable[[str], Any] | None) -> Any:
    if reader is None:
        return text
    return _KEPT[text] if text in _KEPT else reader(text)


# Arrays rather than series: a frame of series would first bring their indexes together. But an
# array of "…" and nothing else but gaps would become a column of text.
def _typed(
    texts: list[str], reader: Callable[[str], Any] | None, index: pd.Index
) -> ExtensionArray | pd.Series:
    """Return a column: text, whole numbers, or objects where some are not told or have decimals."""
    if reader is None:
        return pd.array(texts, dtype=_TEXT)
    values = [_value(text, reader) for text in texts]
    if SUPPRESSED in values:
        return pd.Series(values, index=index, dtype=object)
    whole = reader is int and None not in values
    return pd.array(values, dtype="int64" if whole else object)


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

    def one(self, **wanted: object) -> Mapping[str, Any]:
        """Return the only such row as a mapping; a missing or second one is an error."""
        if isinstance(self.content, _Stored):
            records = self.content.records(wanted)
        else:
            records = self.rows(**wanted).to_dict("records")
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
    text = yaml.safe_dump(sidecar, allow_unicode=True, sort_keys=False, width=100)
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
    sidecar = yaml.load(beside.read_text(encoding="utf-8"), Loader=_LOADER)
    wanted = spec(name)
    marks, inputs = merge_marks(sidecar["marks"]), tuple(sidecar["inputs"])
    return Published(name, _Stored(path, wanted), wanted.title, marks, inputs, wanted)

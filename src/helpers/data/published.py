"""The named tables that analyses publish and briefs read.

In a build the environment variable `HELPERS_OUTPUT` names the folder that is being made. Outside
one, when a planner runs a notebook by hand, tables go to `reports/.draft/<plan>/`, so that trying
something never touches the reports that were handed out; they are read from there as long as no
later build has published them anew.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import yaml

from helpers.data.catalogue import CATALOGUE, TableSpec, spec
from helpers.errors import HelpersError, NotPublished
from helpers.marks import Mark, merge_marks
from helpers.paths import project_root
from helpers.text import nearest

__all__ = ["SUPPRESSED", "Published", "Result", "publish", "published", "tables_folder"]

OUTPUT_VARIABLE = "HELPERS_OUTPUT"


class WrongTable(HelpersError):
    """A table to publish does not have the columns or the key that the catalogue promises."""


@dataclass(frozen=True)
class Result:
    """A computed table, with what must be said about it and the inputs it rests on."""

    frame: pd.DataFrame
    marks: tuple[Mark, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """A table read back as it was published: frame, title, marks, and the inputs behind it."""

    name: str
    frame: pd.DataFrame
    title: str
    marks: tuple[Mark, ...]
    inputs: tuple[str, ...]
    spec: TableSpec = field(repr=False)

    def rows(self, **wanted: object) -> pd.DataFrame:
        """Return the rows whose columns have the wanted values, their order kept."""
        frame = self.frame
        for column, value in wanted.items():
            frame = frame[frame[column] == value]
        return frame

    def one(self, **wanted: object) -> Mapping[str, Any]:
        """Return the only such row as a mapping; a missing or second one is an error."""
        frame = self.rows(**wanted)
        if len(frame) != 1:
            raise NotPublished(
                f"Bảng “{self.name}” có {len(frame)} dòng với {wanted}, cần đúng một dòng."
            )
        return MappingProxyType(frame.iloc[0].to_dict())


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


SUPPRESSED = "…"
"""What stands in a number's place where it could point at single households (see disclosure)."""

_READERS = {"rate": Decimal, "points": Decimal, "number": Decimal, "money": int, "count": int}


def _typed(values: pd.Series, kind: str) -> pd.Series:
    reader = _READERS.get(kind)
    if reader is None:
        return values
    kept = {"": None, SUPPRESSED: SUPPRESSED}
    mixed = reader is Decimal or not kept.keys().isdisjoint(values)
    return pd.Series(
        [kept[value] if value in kept else reader(value) for value in values],
        index=values.index,
        dtype=object if mixed else "int64",
    )


def published(name: str, plan_id: str, output: Path | None = None) -> Published:
    """Read a published table; money and counts as integers, rates as decimals, all else as text.

    A number that was withheld is the text SUPPRESSED.

    `output` names the folder of the reports to read from, when it is not the one in use.

    Raises:
        NotPublished: no analysis has published it yet.
    """
    folder = _find(name, plan_id, output)
    raw = pd.read_csv(
        folder / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )
    sidecar = yaml.safe_load((folder / f"{name}.meta.yml").read_text(encoding="utf-8"))
    wanted = spec(name)
    kinds = {column: wanted.field(column) for column in raw.columns}
    frame = pd.DataFrame(
        {
            column: _typed(raw[column], kind.kind if kind else "text")
            for column, kind in kinds.items()
        }
    )
    return Published(
        name, frame, wanted.title, merge_marks(sidecar["marks"]), tuple(sidecar["inputs"]), wanted
    )

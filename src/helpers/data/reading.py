"""A province's data, read and checked as a whole: `read_data(folder or workbook)`.

Nothing is mended on the way. Only what does not change a meaning is evened out: Unicode form,
spaces, and the several ways of naming a district. Everything else that is wrong is refused, all
of it at once, each with file, row and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from helpers.data.dataset import DataSet
from helpers.data.frames import Lookups, Place, empty_frame, extra_columns, read_table
from helpers.data.headers import header_key
from helpers.data.review.folder import review_folder
from helpers.data.review.model import EMPTY, Review
from helpers.data.schemas import TABLES, label, raw_columns
from helpers.data.sidecar import Sidecar, load_sidecar, load_workbook_sidecars
from helpers.data.sources import Source, open_source
from helpers.data.vocabulary import OPTIONAL, RESERVED
from helpers.errors import InputRefused, Problem
from helpers.paths import project_root, relative
from helpers.text import listing, nearest

__all__ = ["read_data"]


def read_data(source: Path) -> DataSet:
    """Read a folder of CSV files, or one Excel workbook, with its sidecars and review forms.

    Raises:
        InputRefused: every problem of every table, sidecar and form.
    """
    found = open_source(source)
    problems = list(found.problems)
    sidecars, more = _sidecars(found)
    problems += more
    frames: dict[str, pd.DataFrame] = {}
    places: dict[str, Place] = {}
    lookups = Lookups()
    for table in TABLES:
        raw = found.tables.get(table)
        if raw is None or not (raw.rows or table in OPTIONAL):
            if table in OPTIONAL:
                frames[table] = empty_frame(table)
            continue
        read = read_table(raw, sidecars.get(table), lookups)
        problems += read.problems
        places[table] = read.place
        if read.frame is not None:
            frames[table] = read.frame
        lookups = lookups.after(table, read)
    problems += _gaps(frames, found)
    problems += _heirs(frames, places)
    review, more = _review(source, frames)
    problems += more
    if problems:
        raise InputRefused(problems)
    returned = [project_root() / name for name in review.files]
    files = dict.fromkeys([*found.files.values(), *found.sidecars.values(), *returned])
    return DataSet(
        **frames,
        sidecars=MappingProxyType(sidecars),
        files=tuple(files),
        table_files=MappingProxyType(dict(found.files)),
        places=MappingProxyType(places),
        review=review,
    )


def _review(source: Path, frames: Mapping[str, pd.DataFrame]) -> tuple[Review, list[Problem]]:
    """Return the returned forms, or what is wrong with them; none where the units are not known."""
    folder = review_folder(source)
    if not folder.is_dir() or not {"districts", "communes"} <= frames.keys():
        return EMPTY, []
    from helpers.data.review.reading import read_review, territory_of
    from helpers.plan.standards import load_standards

    former = frames.get("former_communes", empty_frame("former_communes"))
    territory = territory_of(frames["districts"], frames["communes"], former)
    try:
        return read_review(folder, territory, load_standards()), []
    except InputRefused as refused:
        return EMPTY, list(refused.problems)


def _sidecars(found: Source) -> tuple[dict[str, Sidecar], list[Problem]]:
    """Return the sidecars that can be read, and what is wrong with them and the others."""
    sidecars: dict[str, Sidecar] = {}
    problems: list[Problem] = []
    paths = dict.fromkeys(found.sidecars.values())
    blank = [name for name in OPTIONAL if name in found.tables and not found.tables[name].rows]
    try:
        if len(paths) == 1:
            filled = [name for name in found.sidecars if name not in blank]
            sidecars = load_workbook_sidecars(next(iter(paths)), filled, blank)
    except InputRefused as refused:
        problems += refused.problems
    for table, path in found.sidecars.items() if len(paths) > 1 else ():
        try:
            sidecars[table] = load_sidecar(path)
        except InputRefused as refused:
            problems += refused.problems
    for table, sidecar in sidecars.items():
        problems += _described(table, sidecar, relative(found.sidecars[table]))
    return sidecars, problems


def _described(table: str, sidecar: Sidecar, file: str) -> list[Problem]:
    """Return what is wrong with the columns that a sidecar speaks of."""
    own = raw_columns(table)
    extras = extra_columns(table, sidecar)
    taken = {header_key(word) for column in own for word in (column, label(table, column))}
    problems = []

    def refuse(column: str, what: str, todo: str) -> None:
        problems.append(Problem(f"{file}, khóa {column}", what, todo))

    totals = sidecar.known.totals if sidecar.known else {}
    for column in dict.fromkeys([*sidecar.columns, *totals]):
        if column not in own and column not in extras:
            near = nearest(column, own)
            todo = f"có phải là “{near}”?" if near else f"chỉ nhận: {listing(own)}"
            refuse(column, f"bảng {table} không có cột này", todo)
    for column, note in sidecar.columns.items():
        if column in own and note.kind:
            refuse(column, "kiểu của cột này đã định sẵn", "bỏ khóa kind")
        elif column in extras and column in RESERVED:
            what = "tên này dành cho số liệu của bảng khác hoặc được tính ra"
            refuse(column, what, "đặt tên khác cho cột")
        elif column in extras and {header_key(column), header_key(note.label)} & taken:
            refuse(column, "tên hoặc nhãn trùng với một cột có sẵn của bảng", "đặt tên, nhãn khác")
    for column in totals:
        described = {**TABLES[table].columns, **extras}.get(column)
        if described is not None and described.reads not in ("count", "money"):
            refuse(column, "cột này không cộng được", "chỉ ghi tổng của cột số đếm hoặc số tiền")
    return problems


def _gaps(frames: Mapping[str, pd.DataFrame], found: Source) -> list[Problem]:
    """Return the districts that a table leaves out (of some year)."""
    if "districts" not in frames:
        return []
    names = dict(zip(frames["districts"]["code"], frames["districts"]["name"], strict=True))
    problems = []
    if "poverty" in frames:
        poverty = frames["poverty"]
        for year, rows in poverty.groupby("year"):
            known = set(rows["district_code"])
            missing = [name for code, name in names.items() if code not in known]
            if missing:
                what = f"cuối năm {year} thiếu {len(missing)} huyện: {listing(missing)}"
                todo = "thêm các dòng còn thiếu, hoặc bỏ cả năm đó"
                problems.append(Problem(found.tables["poverty"].place, what, todo))
    if "criteria" in frames:
        known = set(frames["criteria"]["district_code"])
        missing = [name for code, name in names.items() if code not in known]
        if missing:
            what = f"thiếu {len(missing)} huyện: {listing(missing)}"
            todo = "thêm các dòng còn thiếu; không có thì ghi 0"
            problems.append(Problem(found.tables["criteria"].place, what, todo))
    return problems


def _heirs(frames: Mapping[str, pd.DataFrame], places: Mapping[str, Place]) -> list[Problem]:
    """Return the former communes whose heir is in no list."""
    if "communes" not in frames or frames.get("former_communes", pd.DataFrame()).empty:
        return []
    known = set(frames["communes"]["code"])
    problems = []
    for position, heir in enumerate(frames["former_communes"]["successor"]):
        if heir not in known:
            where = places["former_communes"].row(position, "successor")
            what = f"không có xã mang mã “{heir}”"
            problems.append(Problem(where, what, "ghi mã xã kế thừa như trong bảng communes"))
    return problems

"""A folder of returned forms, read as a whole: tidy tables and Excel workbooks in any mixture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from helpers.data.findings import some
from helpers.data.review.corrections import read_corrections
from helpers.data.review.folder import (
    CORRECTIONS,
    SIDECAR,
    files_in,
    review_folder,
    tidy_number,
)
from helpers.data.review.forms import Form, review_forms
from helpers.data.review.model import (
    EMPTY,
    KEYS,
    CommuneUnit,
    DistrictUnit,
    Place,
    Review,
    Territory,
)
from helpers.data.review.tidy import FormsOfYear, read_tidy, tidy_name
from helpers.data.sidecar import Sidecar, load_sidecar
from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.reads import note
from helpers.text import listing

if TYPE_CHECKING:
    from helpers.plan.standards import Standard

__all__ = ["forms_of", "read_review", "review_folder", "territory_of"]

_ETHNIC = 9
"""The form whose columns the sidecar names."""
_REPEATS = {5: 4, 7: 6}
_OTHER_BOOKS = (".xls", ".xlsm", ".xlsb", ".ods")


def territory_of(
    districts: pd.DataFrame, communes: pd.DataFrame, former: pd.DataFrame
) -> Territory:
    """Return the units that may report, from the frames of a province's tables."""
    columns = ["code", "name", "kind", "district_code"]
    ended = former.assign(until=[day.isoformat() for day in former["until"]])
    return Territory(
        tuple(
            DistrictUnit(*map(str, row))
            for row in districts[columns[:3]].itertuples(index=False, name=None)
        ),
        tuple(
            CommuneUnit(*map(str, row))
            for row in communes[columns].itertuples(index=False, name=None)
        ),
        tuple(
            CommuneUnit(*map(str, row))
            for row in ended[[*columns, "until", "successor"]].itertuples(index=False, name=None)
        ),
    )


def forms_of(standards: Sequence[Standard], ethnicities: Sequence[str]) -> FormsOfYear:
    """Return what gives the forms of a year-end: by the standard of its review.

    What is returned raises InputRefused where no standard is in force then.
    """
    from helpers.plan.standards import standard_for_review

    made: dict[int, tuple[Form, ...]] = {}

    def forms_of_year(year: int) -> tuple[Form, ...]:
        if year not in made:
            standard = standard_for_review(standards, year)
            made[year] = review_forms(standard.indicator_names, ethnicities)
        return made[year]

    return forms_of_year


def read_review(folder: Path, territory: Territory, standards: Sequence[Standard]) -> Review:
    """Return all forms in the folder, known errors corrected; EMPTY where there is no form.

    Raises:
        InputRefused: every problem of every file.
    """
    note(folder)
    files = files_in(folder)
    forms, problems = _forms_among(files)
    corrections = folder / CORRECTIONS
    if not forms and not problems and corrections not in files:
        return EMPTY
    sidecar: Sidecar | None = None
    try:
        sidecar = load_sidecar(folder / SIDECAR)
    except InputRefused as refused:
        problems += refused.problems
    if sidecar:
        problems += _repeated_ethnicities(sidecar, relative(folder / SIDECAR))
    parts = _Parts()
    forms_of_year = forms_of(standards, sidecar.ethnicities if sidecar else ())
    for path in forms:
        try:
            _read(path, sidecar, forms_of_year, territory, parts)
        except InputRefused as refused:
            problems += refused.problems
    problems += parts.problems
    problems += _missing_ethnicities(parts, sidecar, relative(folder / SIDECAR))
    review, more = _merged(parts, forms_of_year, territory)
    problems += more
    used = [path for path in files if path in forms or path.name in (SIDECAR, CORRECTIONS)]
    review = replace(review, files=tuple(map(relative, used)), sidecar=sidecar)
    if corrections in files:
        # Corrections are judged by what the forms say: only where these can be read.
        review, more = read_corrections(corrections, review, territory, known=not problems)
        problems += more
    if problems:
        raise InputRefused(problems)
    return review


def _forms_among(files: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """Return the files that hold forms, and what is wrong with the names of others."""
    forms, problems = [], []
    for path in files:
        suffix = path.suffix.lower()
        number = tidy_number(path)
        if suffix == ".xlsx":
            forms.append(path)
        elif suffix in _OTHER_BOOKS:
            what, todo = "tệp bảng tính này không được đọc", "mở bằng Excel, lưu lại dạng .xlsx"
            problems.append(Problem(relative(path), what, todo))
        elif suffix == ".csv" and number in _REPEATS:
            what = f"Biểu {number} chỉ ghi lại Biểu {_REPEATS[number]} theo tỷ lệ"
            todo = f"xóa tệp này; số của biểu ghi ở {tidy_name(_REPEATS[number])}"
            problems.append(Problem(relative(path), what, todo))
        elif suffix == ".csv" and number is not None and 1 <= number <= 11:
            forms.append(path)
        elif suffix == ".csv":
            what = "tên tệp không nói là biểu nào"
            todo = f"đổi tên thành {tidy_name(1)} … {tidy_name(11)}, hoặc để tệp ở chỗ khác"
            problems.append(Problem(relative(path), what, todo))
    return forms, problems


@dataclass
class _Parts:
    """What has been read so far, file by file."""

    frames: dict[int, list[pd.DataFrame]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    with_ethnicities: list[str] = field(default_factory=list)

    def add(self, frames: Mapping[int, pd.DataFrame], places: Sequence[Place]) -> None:
        """Take in a file's frames, whose `place` counts from 0."""
        for number, frame in frames.items():
            if len(frame):
                moved = frame.assign(place=frame["place"] + len(self.places))
                self.frames.setdefault(number, []).append(moved)
        self.places += places


def _read(
    path: Path,
    sidecar: Sidecar | None,
    forms_of_year: FormsOfYear,
    territory: Territory,
    parts: _Parts,
) -> None:
    number = tidy_number(path)
    named = bool(sidecar and sidecar.ethnicities)
    if number == _ETHNIC and not named:
        parts.with_ethnicities.append(relative(path))
    elif number is not None:
        tidy = read_tidy(path, number, forms_of_year, territory)
        parts.problems += tidy.problems
        if tidy.frame is not None:
            parts.add({number: tidy.frame}, [tidy.place])
    else:
        from helpers.data.review.excel.reading import read_forms_workbook

        book = read_forms_workbook(path, forms_of_year, territory)
        problems = book.problems
        if not named and _ETHNIC in book.frames:
            parts.with_ethnicities.append(relative(path))
            problems = _but_ethnicities(problems, book.frames[_ETHNIC], book.places)
        parts.problems += problems
        parts.add(book.frames, book.places)


def _but_ethnicities(
    problems: Sequence[Problem], frame: pd.DataFrame, places: Sequence[Place]
) -> list[Problem]:
    """Return the problems but for those of form 9: without the groups each column is one."""
    sheets = [places[place] for place in frame["place"].unique()]
    starts = tuple(f"{place.file}, trang tính {place.sheet}, " for place in sheets)
    return [problem for problem in problems if not problem.where.startswith(starts)]


def _repeated_ethnicities(sidecar: Sidecar, where: str) -> list[Problem]:
    twice = {name for name in sidecar.ethnicities if sidecar.ethnicities.count(name) > 1}
    return [
        Problem(f"{where}, khóa ethnicities", f"“{name}” ghi hai lần", "giữ một")
        for name in sorted(twice)
    ]


def _missing_ethnicities(parts: _Parts, sidecar: Sidecar | None, where: str) -> list[Problem]:
    if not parts.with_ethnicities or sidecar is None:
        return []
    what = f"thiếu khóa ethnicities mà có Biểu 9 ({some(parts.with_ethnicities, 'tệp')})"
    todo = "ghi các dân tộc theo thứ tự cột của Biểu 9: ethnicities: [Thái, Thổ, Khơ Mú]"
    return [Problem(where, what, todo)]


def _merged(
    parts: _Parts, forms_of_year: FormsOfYear, territory: Territory
) -> tuple[Review, list[Problem]]:
    """Return the forms of all files, units in the order of the lists, and units returned twice."""
    order = _order(territory)
    forms: dict[int, Form] = {}
    frames: dict[int, pd.DataFrame] = {}
    problems: list[Problem] = []
    unused: list[str] = []
    for number, found in sorted(parts.frames.items()):
        kept, form, older = _of_one_standard(number, found, forms_of_year)
        unused += older
        frame = _with_own_totals(_joined(kept, form))
        frame = frame.iloc[_sorted(frame, order)].reset_index(drop=True)
        problems += _twice(form, frame, parts.places)
        forms[number], frames[number] = form, frame
    review = Review(
        MappingProxyType(forms),
        MappingProxyType(frames),
        tuple(parts.places),
        unused=tuple(unused),
    )
    return review, problems


def _of_one_standard(
    number: int, frames: Sequence[pd.DataFrame], forms_of_year: FormsOfYear
) -> tuple[list[pd.DataFrame], Form, list[str]]:
    """Return the rows that have the latest year's columns, its form, and what is left aside.

    When the standard changes, so do the indicators, and a frame holds those of one standard.
    """
    years = sorted({int(year) for frame in frames for year in frame["year"].unique()})
    form = forms_of_year(years[-1])[number - 1]
    older = [year for year in years if forms_of_year(year)[number - 1].names != form.names]
    if not older:
        return list(frames), form, []
    kept = [frame[~frame["year"].isin(older)] for frame in frames]
    said = (
        f"{form.name} cuối năm {listing(map(str, older))} theo chuẩn nghèo khác năm {years[-1]}, "
        "có cột khác nên không dùng chung được"
    )
    return [frame for frame in kept if len(frame)], form, [said]


def _joined(frames: Sequence[pd.DataFrame], form: Form) -> pd.DataFrame:
    """Return the frames as one with the form's columns; percentages that nobody gave are NaN."""
    whole = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    whole = whole.reindex(columns=[*KEYS, *form.names])
    types = {name: "int64" if name in form.counted else "float64" for name in form.names}
    others = {name: dtype for name, dtype in types.items() if whole[name].dtype != dtype}
    return whole.astype(others) if others else whole


def _with_own_totals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame, the total rows of places that hold one district being that district's."""
    open_totals = (frame["level"] == "total") & (frame["district_code"] == "")
    if not open_totals.any():
        return frame
    units = frame[frame["level"] != "total"].groupby("place")["district_code"]
    single = units.first()[units.nunique() == 1]
    own = frame.loc[open_totals, "place"].map(single).fillna("")
    codes = frame["district_code"].copy()
    codes.loc[open_totals] = own
    return frame.assign(district_code=codes)


def _order(territory: Territory) -> dict[tuple[str, str], int]:
    """Return the place of each unit: districts as listed, communes below each, its total last."""
    communes: dict[str, list[str]] = {}
    for unit in (*territory.communes, *territory.former):
        communes.setdefault(unit.district_code, []).append(unit.code)
    order: dict[tuple[str, str], int] = {}
    for district in territory.districts:
        own = [("commune", code) for code in communes.get(district.code, ())]
        for key in (("district", district.code), *own, ("total", district.code)):
            order[key] = len(order)
    return order


def _sorted(frame: pd.DataFrame, order: Mapping[tuple[str, str], int]) -> list[int]:
    """Return the positions of the rows by year and unit, total rows of several districts last."""
    names = ("year", "level", "code", "district_code")
    columns = [frame[name].tolist() for name in names]  # a column of texts is slow to go through
    ranks = [
        (year, order.get((level, district if level == "total" else code), len(order)))
        for year, level, code, district in zip(*columns, strict=True)
    ]
    return sorted(range(len(frame)), key=ranks.__getitem__)


def _twice(form: Form, frame: pd.DataFrame, places: Sequence[Place]) -> list[Problem]:
    """Return the units that two places return for one year, one problem a pair of places."""
    units = frame[frame["level"] != "total"]
    told = list(zip(*(units[name].tolist() for name in ("year", "level", "code")), strict=True))
    if len(set(told)) == len(told):
        return []
    repeated = units[units.duplicated(["year", "level", "code"], keep=False)]
    pairs: dict[tuple[int, int, int], list[tuple[str, str, str]]] = {}
    first: dict[tuple[int, str, str], tuple[int, int]] = {}
    columns = ["year", "level", "code", "name", "place", "row"]
    for year, level, code, name, place, row in repeated[columns].itertuples(index=False, name=None):
        other, above = first.setdefault((year, level, code), (place, row))
        if (other, above) != (place, row):
            seen = (name, places[place].cell(row), places[other].cell(above))
            pairs.setdefault((year, other, place), []).append(seen)
    problems = []
    for (year, _, _), found in pairs.items():
        names = [name for name, _, _ in found]
        _, where, there = found[0]
        what = f"{form.name} cuối năm {year} của {some(names, 'đơn vị')} đã có ở {there}"
        problems.append(Problem(where, what, "giữ một nơi, xóa nơi kia"))
    return problems

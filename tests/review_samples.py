"""Small provinces and random, consistent reviews of them, and ways to read what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook, load_workbook

from helpers.data.review.excel.reading import WorkbookRead, read_forms_workbook
from helpers.data.review.forms import Form, review_forms
from helpers.data.review.model import (
    KEYS,
    CommuneUnit,
    DistrictUnit,
    Place,
    Review,
    Territory,
)
from helpers.data.review.writing.book import write_forms
from helpers.rates import announced_rate

INDICATORS: Mapping[str, str] = {
    "employment": "Việc làm",
    "dependents": "Người phụ thuộc trong hộ",
    "nutrition": "Dinh dưỡng",
    "health_insurance": "Bảo hiểm y tế",
    "adult_education": "Trình độ giáo dục của người lớn",
    "child_schooling": "Tình trạng đi học của trẻ em",
    "housing_quality": "Chất lượng nhà ở",
    "housing_area": "Diện tích nhà ở bình quân đầu người",
    "water": "Nguồn nước sinh hoạt",
    "sanitation": "Nhà tiêu hợp vệ sinh",
    "telecom": "Sử dụng dịch vụ viễn thông",
    "information": "Phương tiện phục vụ tiếp cận thông tin",
}
ETHNICITIES = ("Thái", "Thổ", "Khơ Mú", "Mông", "Dân tộc khác")
FORMS = review_forms(INDICATORS, ETHNICITIES)

TERRITORY = Territory(
    (
        DistrictUnit("412", "Vinh", "thành phố"),
        DistrictUnit("413", "Cửa Lò", "thị xã"),
        DistrictUnit("417", "Kỳ Sơn", "huyện"),
        DistrictUnit("419", "Nghĩa Đàn", "huyện"),
    ),
    (
        CommuneUnit("16663", "Đông Vĩnh", "phường", "412"),
        CommuneUnit("16666", "Hà Huy Tập", "phường", "412"),
        CommuneUnit("16813", "Mường Xén", "thị trấn", "417"),
        CommuneUnit("16816", "Mỹ Lý", "xã", "417"),
        CommuneUnit("16819", "Bắc Lý", "xã", "417"),
        CommuneUnit("16822", "Nghĩa Bình", "xã", "417"),
        CommuneUnit("16941", "Nghĩa Đàn", "thị trấn", "419"),
        CommuneUnit("16960", "Nghĩa Bình", "xã", "419"),
        CommuneUnit("16963", "Nghĩa Hòa", "xã", "419"),
    ),
    (CommuneUnit("16825", "Keng Đu", "xã", "417", "2024-12-01", "16819"),),
)
"""Three districts with communes, one of a name with its town and one commune's, and one without."""


def forms_of_year(year: int) -> tuple[Form, ...]:
    """Return the forms, the same in every year."""
    return FORMS


def territory_of(districts: pd.DataFrame, communes: pd.DataFrame) -> Territory:
    """Return the units of a province's tables."""
    return Territory(
        tuple(
            DistrictUnit(*row)
            for row in districts[["code", "name", "kind"]].itertuples(index=False, name=None)
        ),
        tuple(
            CommuneUnit(*row)
            for row in communes[["code", "name", "kind", "district_code"]].itertuples(
                index=False, name=None
            )
        ),
    )


def read(path: Path, territory: Territory = TERRITORY) -> WorkbookRead:
    """Return what a workbook holds."""
    return read_forms_workbook(path, forms_of_year, territory)


def random_review(
    territory: Territory = TERRITORY,
    *,
    year: int = 2024,
    years: int = 1,
    seed: int = 0,
    forms: Sequence[Form] = FORMS,
) -> Review:
    """Return a review in which every identity holds, for `years` year-ends up to `year`.

    Communes are random; districts without communes are too; other districts and the total are
    sums. Percentages are those of the counts.
    """
    chance = np.random.default_rng(seed)
    districts = {unit.district_code for unit in territory.communes}
    alone = [unit for unit in territory.districts if unit.code not in districts]
    reported: dict[int, list[dict[str, Any]]] = {form.number: [] for form in forms}
    for unit in (*territory.communes, *alone):
        opening: dict[str, int] = {}
        for at in range(year - years + 1, year + 1):
            counts = _unit(chance, forms, opening)
            for form in forms:
                own = {name: counts[form.number].get(name, 0) for name in form.counted}
                reported[form.number].append({"year": at, "unit": unit, **own})
    frames = {form.number: _frame(form, reported[form.number], territory) for form in forms}
    for form in forms:
        if form.percent_of_form:
            base = frames[form.percent_of_form]
            frames[form.number] = _percent_frame(form, base)
    letters = dict.fromkeys(("name", *(name for form in forms for name in form.names)), "A")
    place = Place("data/mau/review/mau.xlsx", "Biểu", letters)
    return Review({form.number: form for form in forms}, frames, (place,), ("mau.xlsx",))


def _unit(
    chance: np.random.Generator, forms: Sequence[Form], opening: dict[str, int]
) -> dict[int, dict[str, int]]:
    """Return one unit's counts of all forms at one year-end; `opening` goes on to the next."""

    def below(most: int) -> int:
        return int(chance.integers(0, most + 1))

    def split(total: int, parts: int) -> list[int]:
        return [int(part) for part in chance.multinomial(total, [1 / parts] * parts)]

    households = opening.get("households", 300 + below(2500)) + below(20)
    counts: dict[int, dict[str, int]] = {form.number: {} for form in forms}
    closing: dict[int, tuple[int, int]] = {}
    for number, most in ((2, households // 8), (3, households // 10)):
        flow = counts[number]
        flow["opening"] = opening.get(f"{number}", below(most))
        out = split(flow["opening"] // 2, 3)
        into = [below(5) for _ in range(4)]
        names = [column.key for column in forms[number - 1].columns]
        flow |= dict(zip(names[1:4], out, strict=True)) | dict(zip(names[4:8], into, strict=True))
        flow[names[8]] = flow["opening"] - sum(out) + sum(into)
        persons = [3 * flow[name] + below(flow[name]) for name in names[:8]]
        start = opening.get(f"{number}p", persons[0] + sum(persons[1:4]))
        persons[0] = start
        for name, count in zip(names, persons, strict=False):
            flow[f"{name}_persons"] = count
        flow["closing_persons"] = start - sum(persons[1:4]) + sum(persons[4:8])
        closing[number] = flow["closing"], flow["closing_persons"]
        opening[f"{number}"], opening[f"{number}p"] = closing[number]
    opening["households"] = households
    (poor, poor_persons), (near, near_persons) = closing[2], closing[3]
    average = below(max(0, households - poor - near))
    counts[1] = {
        "households": households,
        "persons": 4 * households + poor_persons + near_persons,
        "poor_households": poor,
        "near_poor_households": near,
        "average_households": average,
        "poor_persons": poor_persons,
        "near_poor_persons": near_persons,
        "average_persons": 3 * average,
    }
    for number, whole in ((4, poor), (6, near)):
        indicators = [column.key for column in forms[number - 1].columns[1:]]
        counts[number] = {"households": whole} | {name: below(whole) for name in indicators}
    dtts, no_labour, merit, other = split(poor, 4)
    split_persons = split(poor_persons, 4)
    names = ["dtts", "no_labour", "merit", "other"]
    counts[8] = {"households": poor, "households_persons": poor_persons}
    counts[8] |= dict(zip(names, (dtts, no_labour, merit, other), strict=True))
    counts[8] |= {f"{name}_persons": n for name, n in zip(names, split_persons, strict=True)}
    groups = [column.key for column in forms[8].columns[1:]]
    counts[9] = {"households": poor, "households_persons": poor_persons}
    counts[9] |= dict(zip(groups, split(poor, len(groups)), strict=True))
    people = zip(groups, split(poor_persons, len(groups)), strict=True)
    counts[9] |= {f"{name}_persons": n for name, n in people}
    causes = [column.key for column in forms[9].columns[1:]]
    counts[10] = {"households": poor} | dict(zip(causes, split(poor, len(causes)), strict=True))
    children, near_children = below(2 * poor), below(2 * near)
    counts[11] = {
        "children": children,
        "health": below(children),
        "education": below(children),
        "near_children": near_children,
        "near_health": below(near_children),
        "near_education": below(near_children),
    }
    return counts


def _frame(form: Form, reported: list[dict[str, Any]], territory: Territory) -> pd.DataFrame:
    """Return a form's frame from what units reported, with the rows of sums."""
    counted = list(form.counted)
    rows: list[dict[str, Any]] = []
    for year in sorted({row["year"] for row in reported}):
        own = [row for row in reported if row["year"] == year]
        rows_of_year = []
        for district in territory.districts:
            parts = [
                row for row in own if getattr(row["unit"], "district_code", "") == district.code
            ]
            alone = [row for row in own if row["unit"] == district]
            sums = {name: sum(row[name] for row in (parts or alone)) for name in counted}
            rows_of_year.append(_keys(year, "district", district, district.code) | sums)
            for row in parts:
                keys = _keys(year, "commune", row["unit"], district.code)
                rows_of_year.append(keys | {name: row[name] for name in counted})
        heads = [row for row in rows_of_year if row["level"] == "district"]
        total = {name: sum(row[name] for row in heads) for name in counted}
        only = heads[0]["district_code"] if len(heads) == 1 else ""
        rows_of_year.append(_keys(year, "total", None, only) | total)
        rows += rows_of_year
    frame = pd.DataFrame(rows)
    for column in form.columns:
        if column.percent_of and not form.percent_of_form:
            part, whole = (form.column(number).key for number in column.percent_of)
            pairs = zip(frame[part], frame[whole], strict=True)
            frame[column.key] = [float(announced_rate(one, of)) for one, of in pairs]
    return frame.reindex(columns=[*KEYS, *form.names])


def _keys(
    year: int, level: str, unit: CommuneUnit | DistrictUnit | None, district: str
) -> dict[str, Any]:
    code, name = (unit.code, unit.name) if unit else ("", "Tổng cộng")
    keys = (year, level, code, name, district, 0, 0)
    return dict(zip(KEYS, keys, strict=True))


def _percent_frame(form: Form, base: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of a percent form from that of the form that it is about."""
    frame = base[[*KEYS, "households"]].copy()
    for column in form.columns[1:]:
        pairs = zip(base[column.key], base["households"], strict=True)
        frame[column.key] = [float(announced_rate(one, of)) for one, of in pairs]
    return frame


def filled(
    folder: Path,
    review: Review | None = None,
    territory: Territory = TERRITORY,
    districts: Sequence[str] | None = None,
) -> Path:
    """Write a filled workbook (of a random review) and return its path."""
    path = folder / "huyen.xlsx"
    if review is None and districts is None:
        path.write_bytes(_random_workbook(territory))
        return path
    return _write(path, review or random_review(territory), territory, districts)


def _write(
    path: Path, review: Review, territory: Territory, districts: Sequence[str] | None = None
) -> Path:
    province = "tỉnh Nghệ An"
    options: dict[str, Any] = {"districts": districts, "review": review}
    return write_forms(path, FORMS, territory, year=2024, province=province, **options)


@cache
def _random_workbook(territory: Territory) -> bytes:
    """Return a filled workbook, which many tests spoil: it is written once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "huyen.xlsx"
        return _write(path, random_review(territory), territory).read_bytes()


def plain(path: Path, *, flat: bool = False) -> Workbook:
    """Return a written workbook for editing, its formulas being their values.

    In a `flat` one nothing is merged: each cell of a merged box says what the box said.
    """
    book = load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        sheet.protection.sheet = False
        for box in list(sheet.merged_cells.ranges) if flat else ():
            text = sheet.cell(box.min_row, box.min_col).value
            sheet.unmerge_cells(str(box))
            if box.min_row >= 5:
                for row, column in box.cells:
                    sheet.cell(row, column, text)
    return book


def saved(book: Workbook, path: Path) -> Path:
    """Save a workbook and return its path."""
    book.save(path)
    return path


def edited(folder: Path, edits: Mapping[str, Mapping[str, Any]], **options: Any) -> Path:
    """Return a filled workbook in which cells, by sheet and cell, are something else."""
    book = plain(filled(folder, **options))
    for sheet, cells in edits.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    return saved(book, folder / "huyen.xlsx")


def numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without where its rows stand."""
    return frame.drop(columns=["place", "row"]).reset_index(drop=True)

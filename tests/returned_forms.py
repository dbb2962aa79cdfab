"""Forms that the sample's three districts returned for two years, everything agreeing."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd
from data_samples import SIDECAR, Rows, tables, write_folder

from helpers.data.review.forms import PERSONS, Form, review_forms
from helpers.data.review.model import CommuneUnit, DistrictUnit, Place, Review, Territory
from helpers.plan.standards import load_standards

ETHNICITIES = ("Thái", "Dân tộc khác")
FORMS: Mapping[int, Form] = MappingProxyType(
    {form.number: form for form in review_forms(load_standards()[0].indicator_names, ETHNICITIES)}
)
COUNTED = (1, 2, 3, 4, 6, 8, 9, 10, 11)
TERRITORY = Territory(
    (
        DistrictUnit("412", "Vinh", "thành phố"),
        DistrictUnit("414", "Thái Hòa", "thị xã"),
        DistrictUnit("417", "Kỳ Sơn", "huyện"),
    ),
    (
        CommuneUnit("16663", "Đông Vĩnh", "phường", "412"),
        CommuneUnit("16996", "Tây Hiếu", "xã", "414"),
        CommuneUnit("16813", "Mường Xén", "thị trấn", "417"),
        CommuneUnit("16816", "Mỹ Lý", "xã", "417"),
    ),
    (CommuneUnit("16820", "Phà Đánh", "xã", "417", "2024-12-01", "16816"),),
)
COUNTS: Mapping[tuple[int, str], tuple[int, int, int]] = MappingProxyType(
    {
        (2023, "16663"): (94665, 385, 939),
        (2023, "16996"): (18351, 192, 409),
        (2023, "16813"): (7000, 2222, 804),
        (2023, "16816"): (9976, 5000, 2000),
        (2024, "16663"): (96425, 329, 845),
        (2024, "16996"): (18560, 155, 380),
        (2024, "16813"): (7100, 2000, 850),
        (2024, "16816"): (10121, 4493, 2067),
    }
)
"""Households, poor and near-poor households: they add up to the sample's districts."""

HEADS = 4
"""So many persons live in every household, so that persons agree wherever households do."""

_OUT, _INTO = 1, 3
"""Other decrease and other increase of each flow, and the newly arisen."""


def _flows(opening: int, closing: int, across: int, back: int) -> dict[str, int]:
    """Return a flow that closes; the columns that the other flow shares are given."""
    rest = opening - across - _OUT + back + 2 + _INTO + _INTO - closing
    assert rest >= 0
    return {
        "opening": opening,
        "above": rest,
        "other_decrease": _OUT,
        "relapsed": 2,
        "newly": _INTO,
        "other_increase": _INTO,
        "closing": closing,
    }


def _filled(year: int, code: str) -> dict[int, dict[str, int]]:
    """Return what a commune fills in, by form; households only where a column has two halves."""
    households, poor, near = COUNTS[year, code]
    _, before, near_before = COUNTS.get((year - 1, code), (0, poor * 5 // 4, near + 20))
    fallen, escaped = 2, before // 10
    summary = {"poor": poor, "near_poor": near, "average": households // 20}
    one = {"households": households, "persons": HEADS * households}
    for key, number in summary.items():
        one |= {f"{key}_households": number, f"{key}_persons": HEADS * number}
    indicators = FORMS[4].counted[1:]
    causes = FORMS[10].counted[1:]
    return {
        1: one,
        2: {
            **_flows(before, poor, escaped, fallen),
            "to_near_poor": escaped,
            "from_near_poor": fallen,
        },
        3: {
            **_flows(near_before, near, fallen, escaped),
            "to_poor": fallen,
            "from_poor": escaped,
        },
        4: {"households": poor, **dict.fromkeys(indicators, poor // 2)},
        6: {"households": near, **dict.fromkeys(indicators, near // 3)},
        8: {
            "households": poor,
            "dtts": poor // 2,
            "no_labour": poor // 4,
            "merit": 0,
            "other": poor - poor // 2 - poor // 4,
        },
        9: {"households": poor, "ethnic_1": poor // 3, "ethnic_2": poor - poor // 3},
        10: {"households": poor, **dict.fromkeys(causes, poor // 8)},
        11: {
            **{"children": 2 * poor, "health": poor, "education": poor // 2},
            **{"near_children": 2 * near, "near_health": near, "near_education": near // 2},
        },
    }


def _values(form: Form, filled: Mapping[str, int]) -> list[int]:
    return [
        filled[name.removesuffix(PERSONS)] * HEADS
        if form.paired and name.endswith(PERSONS)
        else filled[name]
        for name in form.counted
    ]


def tidy_rows(
    number: int,
    *,
    years: Sequence[int] = (2023, 2024),
    levels: Sequence[str] = ("district", "commune"),
) -> Rows:
    """Return a form's tidy table: header, then each district with its communes below it."""
    form = FORMS[number]
    rows = [["year", "code", "name", *form.counted]]
    for year in years:
        for district in TERRITORY.districts:
            units = [unit for unit in TERRITORY.communes if unit.district_code == district.code]
            counts = {unit.code: _values(form, _filled(year, unit.code)[number]) for unit in units}
            if "district" in levels:
                summed = [sum(column) for column in zip(*counts.values(), strict=True)]
                rows.append([str(year), district.code, district.name, *map(str, summed)])
            if "commune" in levels:
                rows += [
                    [str(year), unit.code, unit.name, *map(str, counts[unit.code])]
                    for unit in units
                ]
    return rows


def write_csv(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    """Write rows as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_review(folder: Path, content: Mapping[int, Rows] | None = None) -> Path:
    """Write the tidy tables with their sidecar; return the folder."""
    chosen = content if content is not None else {number: tidy_rows(number) for number in COUNTED}
    for number, rows in chosen.items():
        write_csv(folder / f"bieu-{number:02d}.csv", rows)
    folder.mkdir(parents=True, exist_ok=True)
    sidecar = SIDECAR + f"ethnicities: [{', '.join(ETHNICITIES)}]\n"
    (folder / "review.meta.yml").write_text(sidecar, encoding="utf-8")
    return folder


def write_province(folder: Path, content: Mapping[int, Rows] | None = None) -> Path:
    """Write the sample's tables with returned forms beside them; return the folder."""
    write_folder(folder, tables())
    write_review(folder / "review", content)
    return folder


def frames_of(content: Mapping[int, Rows]) -> dict[int, pd.DataFrame]:
    """Return the frames that reading the tidy rows gives."""
    communes = {unit.code: unit.district_code for unit in TERRITORY.communes}
    frames = {}
    for place, (number, rows) in enumerate(content.items()):
        header, *body = rows
        read = pd.DataFrame(body, columns=header)
        counts = read[list(FORMS[number].counted)].astype("int64")
        keys = {
            "year": read["year"].astype("int64"),
            "level": ["commune" if code in communes else "district" for code in read["code"]],
            "code": read["code"],
            "name": read["name"],
            "district_code": [communes.get(code, code) for code in read["code"]],
            "place": place,
            "row": range(2, len(read) + 2),
        }
        rates = [name for name in FORMS[number].names if name not in counts]
        whole = pd.concat([pd.DataFrame(keys), counts], axis=1)
        whole = whole.assign(**dict.fromkeys(rates, float("nan")))
        frames[number] = whole[[*keys, *FORMS[number].names]]
    return frames


@lru_cache(maxsize=1)
def sound_review() -> Review:
    """Return the review of the sample, without any file; nothing may change its frames."""
    content = {number: tidy_rows(number) for number in COUNTED}
    places = tuple(
        Place(f"review/bieu-{number:02d}.csv", "", {name: name for name in FORMS[number].counted})
        for number in content
    )
    return Review(dict(FORMS), frames_of(content), places)


def spoiled(review: Review, form: int, year: int, code: str, **values: float) -> Review:
    """Return the review with some cells of one row replaced."""
    frame = review.frames[form].copy()
    at = (frame["year"] == year) & (frame["code"] == code)
    assert at.sum() == 1
    for name, value in values.items():
        frame.loc[at, name] = value
    return replace(review, frames={**review.frames, form: frame})

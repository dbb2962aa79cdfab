"""Who the poor are and what they lack: forms 4, 6 and 8 to 11, and each commune's numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.marks import merge_marks
from helpers.plan.standards import Standard, load_standards, standard_for_review
from helpers.poverty.reported import Area, area_sums, table_frame
from helpers.rates import announced_rate

__all__ = ["TOPICS", "Topic", "commune_rates", "deprivations", "poor_profile"]

DEPRIVATION_FORMS: Mapping[str, int] = MappingProxyType({"poor": 4, "near_poor": 6})


class Topic(NamedTuple):
    """A form, the column of the whole, and columns of parts (none named: all the others)."""

    form: int
    whole: str
    parts: tuple[str, ...] = ()


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        "group": Topic(8, "households"),
        "ethnicity": Topic(9, "households"),
        "cause": Topic(10, "households"),
        "children": Topic(11, "children", ("health", "education")),
        "near_children": Topic(11, "near_children", ("near_health", "near_education")),
    }
)
"""What the profile tells, each from its form."""


def _placed(area: Area, year: int) -> dict[str, object]:
    return {"group": area.group, "area_code": area.code, "area": area.name, "year": year}


def deprivations(data: DataSet, standards: Sequence[Standard] | None = None) -> Result:
    """Return how many poor and near-poor households lack each indicator, by area and year-end.

    Poor households from form 4, near-poor ones from form 6, both by the indicators of the
    standard in force at that year-end, in its order. `percent` is `deprived` of `households`, all
    households of the kind (columns 2 to 13 and 1), with two decimals. `standards` are those of
    params/standards where none are given.

    Raises:
        InputRefused: no standard was in force at a year-end that was reported.
    """
    review = data.review
    known = load_standards() if standards is None and not review.empty else standards or ()
    in_force = {
        year: standard_for_review(known, year)
        for year in review.years
        if any(len(review.districts(form, year)) for form in DEPRIVATION_FORMS.values())
    }
    frame = table_frame("deprivations", _deprivation_rows(data, in_force))
    used = {standard.file: standard for standard in in_force.values()}
    marks = merge_marks(data.marks("review"), *(standard.marks for standard in used.values()))
    return Result(frame, marks, (*data.names("review", "districts"), *used))


def _deprivation_rows(
    data: DataSet, in_force: Mapping[int, Standard]
) -> Iterator[Mapping[str, object]]:
    for kind, form in DEPRIVATION_FORMS.items():
        for area, year, sums in area_sums(data, form):
            reported = [item for item in in_force[year].indicators if item.key in sums]
            for order, indicator in enumerate(reported, start=1):
                deprived, households = sums[indicator.key], sums["households"]
                yield {
                    "kind": kind,
                    **_placed(area, year),
                    "order": order,
                    "service": indicator.service,
                    "indicator": indicator.key,
                    "label": indicator.name,
                    "households": households,
                    "deprived": deprived,
                    "percent": announced_rate(deprived, households),
                }


def poor_profile(data: DataSet) -> Result:
    """Return the poor by group, ethnicity and cause, and children deprived, by area and year-end.

    Topics: "group" (nhóm đối tượng, form 8), "ethnicity" (dân tộc, form 9), "cause" (nguyên nhân
    nghèo, form 10), all of poor households; "children" and "near_children" (trẻ em thuộc hộ
    nghèo, hộ cận nghèo, form 11: y tế, giáo dục). `percent` is `count` of `whole` with two
    decimals. A household can be in several groups and have several causes, so the percentages of
    a topic need not add up to 100.
    """
    frame = table_frame("poor_profile", _profile_rows(data))
    return Result(frame, data.marks("review"), data.names("review", "districts"))


def _profile_rows(data: DataSet) -> Iterator[Mapping[str, object]]:
    for name, topic in TOPICS.items():
        if topic.form not in data.review.forms:
            continue
        form = data.review.forms[topic.form]
        keys = [column.key for column in form.columns if column.key != topic.whole]
        for area, year, sums in area_sums(data, topic.form):
            whole = sums[topic.whole]
            for order, key in enumerate(topic.parts or keys, start=1):
                yield {
                    "topic": name,
                    **_placed(area, year),
                    "order": order,
                    "item": key.removeprefix("near_"),
                    "label": form.by_key(key).caption,
                    "whole": whole,
                    "count": sums[key],
                    "percent": announced_rate(sums[key], whole),
                }


def commune_rates(data: DataSet) -> Result:
    """Return each commune's households, poor and near-poor ones and rate at the latest year-end.

    From the review's form 1, the poor households at the start of the year (`poor_before`) from
    column 1 of form 2; where no commune returned form 1, from the table of the communes' poor
    households, which does not tell the start. `rank` is the place in the district, 1 the highest
    rate; equal rates rank by code.
    """
    table, communes = "review", _from_review(data)
    if not communes:
        table, communes = "commune_poverty", _from_table(data)
    frame = table_frame("commune_rates", _commune_rows(data, communes))
    return Result(frame, data.marks(table), data.names(table, "districts", "communes"))


class _Commune(NamedTuple):
    district_code: str
    code: str
    year: int
    before: int | None
    households: int
    poor: int
    near_poor: int

    @property
    def rate(self) -> Fraction:
        return Fraction(self.poor, self.households or 1)


_COUNTS = ["households", "poor_households", "near_poor_households"]


def _from_review(data: DataSet) -> list[_Commune]:
    """Return the communes' numbers of the latest year-end for which one returned form 1."""
    review = data.review
    reported = [year for year in review.years if len(review.communes(1, year))]
    if not reported:
        return []
    year = reported[-1]
    flows = review.communes(2, year)
    opening = dict(zip(flows["code"], flows["opening"].tolist(), strict=True)) if len(flows) else {}
    rows = review.communes(1, year)[["district_code", "code", *_COUNTS]]
    return [
        _Commune(district, code, year, opening.get(code), *counts)
        for district, code, *counts in rows.itertuples(index=False, name=None)
    ]


def _from_table(data: DataSet) -> list[_Commune]:
    districts = dict(zip(data.communes["code"], data.communes["district_code"], strict=True))
    table = data.commune_poverty
    rows = table[table["year"] == table["year"].max()][["code", "year", *_COUNTS]]
    return [
        _Commune(districts[code], code, year, None, *counts)
        for code, year, *counts in rows.itertuples(index=False, name=None)
    ]


def _commune_rows(data: DataSet, communes: Sequence[_Commune]) -> Iterator[Mapping[str, object]]:
    names, districts = _unit_names(data), data.district_names
    ranks: Counter[str] = Counter()
    placed = {}
    for commune in sorted(communes, key=lambda one: (-one.rate, one.code)):
        ranks[commune.district_code] += 1
        placed[commune.code] = ranks[commune.district_code]
    for commune in sorted(communes):
        yield {
            "district_code": commune.district_code,
            "district": districts[commune.district_code],
            "unit_code": commune.code,
            "unit": names[commune.code],
            "year": commune.year,
            "households": commune.households,
            "poor_before": commune.before,
            "poor_households": commune.poor,
            "poor_rate": announced_rate(commune.poor, commune.households),
            "near_poor_households": commune.near_poor,
            "rank": placed[commune.code],
        }


def _unit_names(data: DataSet) -> dict[str, str]:
    """Return kind and name of the communes, those of earlier years too ("Xã Hữu Kiệm")."""
    return {
        code: f"{kind[0].upper()}{kind[1:]} {name}"
        for table in (data.former_communes, data.communes)
        for code, kind, name in zip(table["code"], table["kind"], table["name"], strict=True)
    }

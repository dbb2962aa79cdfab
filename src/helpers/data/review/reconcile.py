"""Two sources of one figure, unit by unit: what was returned, and what the department has.

Form 1 of the review is held against the tables of poor households that the department (sở) keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pandas as pd

from helpers.data.catalogue import spec
from helpers.data.dataset import DataSet
from helpers.data.findings import AGREES, DISAGREES, some
from helpers.data.published import Result
from helpers.data.review.checks.disagreements import Base, rate_effect, summed_base
from helpers.data.vocabulary import COUNT_INDICATORS, INDICATOR_NAMES
from helpers.words import count, decimal

__all__ = ["COLUMNS", "NOT_RETURNED", "NOT_YET", "province_base", "reconcile"]

COLUMNS = tuple(spec("reconciliation").fields)
NOT_YET = "sở chưa có"
NOT_RETURNED = "huyện chưa nộp"
_BY_COMMUNE = "{}, bảng các xã"

_Row = tuple[object, ...]


def reconcile(data: DataSet) -> Result:
    """Return, for each year that was reviewed and each district, both figures and their gap.

    `difference` is what was returned less the department's number; `effect` is by how many points
    the province's announced rate would change with the returned number. Where the department also
    has a table by commune, the communes that are in both are compared in it, summed by district.
    """
    rows: list[_Row] = []
    if 1 in data.review.frames:
        base = province_base(data)
        for year in sorted({int(year) for year in data.review.frames[1]["year"]}):
            rows += _by_district(data, year, base)
            rows += _by_commune(data, year, base)
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    marks = data.marks("review", "poverty", "commune_poverty") if rows else ()
    names = data.names("review", "poverty", "commune_poverty") if rows else ()
    return Result(frame, marks, names)


def province_base(data: DataSet) -> dict[int, tuple[int, int]]:
    """Return the province's poor and all households by year-end, as the department has them.

    For years that it does not have yet, what form 1 of the review adds up to.
    """
    sums = data.poverty.groupby("year")[["poor_households", "households"]].sum()
    own = {
        int(year): (int(poor), int(households))
        for year, poor, households in sums.itertuples(name=None)
    }
    return {**summed_base(data.review), **own}


def _effect(base: Base, year: int, indicator: str, change: int) -> Decimal | None:
    """Return what a change of a count does to the province's poverty rate; None for near-poor."""
    if year not in base or indicator == "near_poor_households":
        return None
    poor, households = base[year]
    more = change if indicator == "households" else 0
    return rate_effect(poor, households, change - more, more)


def _by_district(data: DataSet, year: int, base: Base) -> Iterator[_Row]:
    returned = data.review.districts(1, year).to_dict("index")
    table = data.poverty[data.poverty["year"] == year].set_index("district_code")
    department = table[list(COUNT_INDICATORS)].to_dict("index")
    for code, name in data.district_names.items():
        for indicator in COUNT_INDICATORS:
            ours = int(returned[code][indicator]) if code in returned else None
            theirs = int(department[code][indicator]) if code in department else None
            if ours is None and theirs is None:
                continue
            label = INDICATOR_NAMES[indicator]
            subject = f"{label} {name} cuối năm {year}"
            if ours is None or theirs is None:
                who, result = ("sở", NOT_YET) if theirs is None else ("huyện, xã", NOT_RETURNED)
                message = f"{subject}: {who} chưa có số để đối chiếu."
                yield (year, code, name, label, ours, theirs, None, None, result, message)
                continue
            gap = ours - theirs
            effect = _effect(base, year, indicator, gap)
            message = _message(subject, ours, theirs, effect)
            result = DISAGREES if gap else AGREES
            yield (year, code, name, label, ours, theirs, gap, effect, result, message)


def _by_commune(data: DataSet, year: int, base: Base) -> Iterator[_Row]:
    """Compare the communes that form 1 and the department's table by commune both have."""
    theirs = data.commune_poverty[data.commune_poverty["year"] == year].set_index("code")
    ours = data.review.communes(1, year)
    if theirs.empty or ours.empty:
        return
    both = ours[ours["code"].isin(theirs.index)].set_index("code")
    department = theirs.loc[both.index]
    for code, name in data.district_names.items():
        own = both[both["district_code"] == code]
        for indicator in COUNT_INDICATORS if len(own) else ():
            gaps = own[indicator] - department.loc[own.index, indicator]
            wrong = list(own.loc[gaps[gaps != 0].index, "name"])
            returned = int(own[indicator].sum())
            known = returned - int(gaps.sum())
            label = _BY_COMMUNE.format(INDICATOR_NAMES[indicator])
            subject = f"{label}, {name} cuối năm {year}"
            effect = _effect(base, year, indicator, returned - known)
            message = _message(subject, returned, known, effect, wrong)
            result = DISAGREES if len(wrong) else AGREES
            gap = returned - known
            yield (year, code, name, label, returned, known, gap, effect, result, message)


def _message(
    subject: str,
    ours: int,
    theirs: int,
    effect: Decimal | None,
    communes: Sequence[str] = (),
) -> str:
    names = f" ({len(communes)} xã lệch: {some(communes, 'xã')})" if len(communes) else ""
    if ours == theirs:
        tail = "; từng xã lệch nhưng cộng lại bằng nhau" if names else ""
        return f"{subject}: xã, huyện báo cáo {count(ours)}, khớp với số của sở{tail}{names}."
    way = "cao hơn" if ours > theirs else "thấp hơn"
    said = (
        f"{subject}: xã, huyện báo cáo {count(ours)}, {way} số của sở ({count(theirs)}) là "
        f"{count(abs(ours - theirs))}{names}"
    )
    if effect is None:
        return f"{said}."
    return f"{said}; dùng số này thì tỷ lệ hộ nghèo toàn tỉnh đổi {decimal(effect, 4)} điểm %."

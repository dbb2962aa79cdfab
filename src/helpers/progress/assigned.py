"""Whose target holds for which area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.data.dataset import DataSet
from helpers.data.groups import DTTS, GROUP_NAMES
from helpers.errors import Problem
from helpers.plan.areas import resolve_area
from helpers.plan.model import Plan, Target
from helpers.plan.source import Finding, read_source
from helpers.poverty.rates import dtts_counts

__all__ = ["Assigned", "check_targets", "count_targets_of", "rate_targets_of"]


@dataclass(frozen=True)
class Assigned:
    """A target and whose it is: the area's own, or its group's."""

    target: Target
    basis: str


def _own(plan: Plan, data: DataSet) -> dict[str, tuple[int, Target]]:
    """Return the plan's targets by area code, each with its place in the plan."""
    names = data.district_names
    codes = {name: code for code, name in names.items()}
    areas = [resolve_area(target.area, names.values()) for target in plan.targets]
    return {
        codes.get(area, area): (place, target)
        for place, (area, target) in enumerate(zip(areas, plan.targets, strict=True))
    }


def rate_targets_of(plan: Plan, data: DataSet) -> Mapping[str, Assigned]:
    """Return the target for the rate of each area: its own, else its group's.

    A district without one has that of the poor districts if it is one, else its region's. Groups
    come first, then the districts in the order of the data.
    """
    own = {code: item for code, (_, item) in _own(plan, data).items() if item.cut}
    names = data.district_names
    found = {code: Assigned(own[code], name) for code, name in GROUP_NAMES.items() if code in own}
    for row in data.districts.itertuples():
        region = "lowland" if row.region == "lowland" else "mountains"
        chain = ["poor_districts"] if row.poor_district == "yes" else []
        code = next((code for code in [row.code, *chain, region] if code in own), None)
        if code is not None:
            found[row.code] = Assigned(own[code], names.get(code, GROUP_NAMES.get(code, code)))
    return found


def count_targets_of(plan: Plan, data: DataSet) -> Mapping[str, Assigned]:
    """Return the target for the number of poor households of each area that has one of its own.

    A group's number is not its districts': none is passed down.
    """
    own = {code: item for code, (_, item) in _own(plan, data).items() if item.households}
    names = {**GROUP_NAMES, **dict(sorted(data.district_names.items()))}
    return {code: Assigned(own[code], name) for code, name in names.items() if code in own}


def check_targets(plan: Plan, data: DataSet) -> list[Problem]:
    """Return the plan's targets whose area has no figures for the year-end before the plan's year.

    Of districts and their groups the data are held to it elsewhere; the households of ethnic
    minorities (dân tộc thiểu số) are reported in a table that a province may leave out.
    """
    own = _own(plan, data)
    before = plan.year - 1
    if DTTS not in own or before in dtts_counts(data).index:
        return []
    place, _ = own[DTTS]
    what = (
        "có mục tiêu về đồng bào dân tộc thiểu số (dtts) nhưng số liệu chưa có đủ số hộ dân tộc "
        f"thiểu số cuối năm {before}"
    )
    todo = f"bổ sung các dòng năm {before} vào bảng dtts_poverty, hoặc bỏ mục tiêu này"
    return read_source(plan.path).problems([Finding(("targets", place, "area"), what, todo)])

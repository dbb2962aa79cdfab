"""Groups that rules and targets speak of: the province, the mountains, the poor districts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from helpers.plan.vocabulary import AREAS

__all__ = ["DISTRICT_GROUPS", "DTTS", "GROUP_NAMES", "districts_of"]

GROUP_NAMES: Mapping[str, str] = MappingProxyType(
    {key: f"{name[0].upper()}{name[1:]}" for key, name in AREAS.items()}
)
"""Each group's key, as params write it, and its name in a brief."""

DTTS = "dtts"
"""The ethnic minorities (đồng bào dân tộc thiểu số): households, not districts."""

DISTRICT_GROUPS = tuple(group for group in GROUP_NAMES if group != DTTS)
"""The groups that are made of districts."""

_BELONGS: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {
        "all": lambda region, poor: True,
        "province": lambda region, poor: True,
        "mountains": lambda region, poor: region != "lowland",
        "lowland": lambda region, poor: region == "lowland",
        "poor_districts": lambda region, poor: poor == "yes",
    }
)
"""Each group's rule for a district's region and whether it is a poor one."""


def districts_of(group: str, districts: pd.DataFrame) -> tuple[str, ...]:
    """Return the codes of the group's districts, ascending.

    "mountains" (miền núi) is every highland and mountainous district; "all" and "province" are
    the whole province.
    """
    belongs = _BELONGS[group]
    columns = [districts[name].tolist() for name in ("code", "region", "poor_district")]
    chosen = (code for code, region, poor in zip(*columns, strict=True) if belongs(region, poor))
    return tuple(sorted(chosen))

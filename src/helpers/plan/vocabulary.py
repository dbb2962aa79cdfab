"""The words that plan and rule files may use, each with its Vietnamese label."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["AREAS", "ELIGIBLE", "PROVINCE_KINDS", "STATUSES", "STATUS_NAMES"]

ELIGIBLE: Mapping[str, str] = MappingProxyType(
    {
        "all": "tất cả các huyện, thành phố, thị xã",
        "poor_districts": "các huyện nghèo",
        "mountains": "các huyện miền núi",
        "lowland": "các huyện đồng bằng",
    }
)
"""Which districts may get a line's capital."""

AREAS: Mapping[str, str] = MappingProxyType(
    {
        "province": "toàn tỉnh",
        "mountains": "miền núi",
        "lowland": "đồng bằng",
        "poor_districts": "các huyện nghèo",
        "dtts": "đồng bào dân tộc thiểu số",
    }
)
"""The groups that a target may be set for, besides single districts.

All are groups of districts but `dtts`: the households of ethnic minorities, wherever they live.
"""

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "verified": "đã đối chiếu với văn bản gốc",
        "secondary": "nguồn thứ cấp, chưa đối chiếu",
        "unverified": "chưa kiểm chứng",
    }
)
"""How far a figure can be trusted."""

STATUS_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "verified": "đã đối chiếu",
        "secondary": "nguồn thứ cấp",
        "unverified": "chưa kiểm chứng",
    }
)
"""The same in so few words that a column holds them."""

PROVINCE_KINDS: Mapping[str, str] = MappingProxyType(
    {"tỉnh": "tỉnh", "thành phố": "thành phố trực thuộc Trung ương"}
)
"""What a province-level unit may be called."""

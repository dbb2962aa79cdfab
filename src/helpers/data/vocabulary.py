"""The closed lists of words in the province's tables, and which tables may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = [
    "CHOICES",
    "COUNT_INDICATORS",
    "EXTENSIBLE",
    "EXTRA_KINDS",
    "INDICATOR_NAMES",
    "MOVEMENT_KINDS",
    "OPTIONAL",
    "PROVINCE_AREAS",
    "RESERVED",
    "STATUS_NAMES",
]

INDICATOR_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "households": "Tổng số hộ",
        "poor_households": "Số hộ nghèo",
        "near_poor_households": "Số hộ cận nghèo",
        "poor_rate": "Tỷ lệ hộ nghèo",
        "near_poor_rate": "Tỷ lệ hộ cận nghèo",
    }
)
COUNT_INDICATORS = ("households", "poor_households", "near_poor_households")
PROVINCE_AREAS: Mapping[str, str] = MappingProxyType(
    {"province": "Toàn tỉnh", "mountains": "Miền núi", "dtts": "Đồng bào dân tộc thiểu số"}
)
STATUS_NAMES: Mapping[str, str] = MappingProxyType(
    {"official": "chính thức", "derived": "dẫn xuất", "illustrative": "minh họa"}
)
MOVEMENT_KINDS: Mapping[str, str] = MappingProxyType(
    {"transfer": "điều chuyển", "return": "trả lại"}
)

OPTIONAL = frozenset(
    (
        *("commune_poverty", "commune_criteria", "history", "carry_over", "movements"),
        *("dtts_poverty", "poverty_periods", "former_communes"),
    )
)
"""The tables that a province may leave out."""

EXTENSIBLE = frozenset(("criteria", "commune_criteria"))
"""The tables that may have more columns than their schema's, described in the sidecar."""

EXTRA_KINDS: Mapping[str, str] = MappingProxyType(
    {"count": "số đếm", "measure": "số đo", "rate": "tỷ lệ từ 0 đến 100", "word": "từ"}
)
"""What such a column may hold; each kind is also how its cells are read."""

RESERVED = frozenset(
    (
        *("code", "name", "district_code", "district", "unit", "kind", "region", "year"),
        *("equal", "households", "poor_households", "near_poor_households"),
        *("poor_and_near_poor", "poor_rate", "near_poor_rate", "poor_and_near_poor_rate"),
        *("area_km2", "communes", "special_difficulty_communes", "special_difficulty_share"),
        *("disbursed_rate", "poor_district", "khu_vuc", "special_difficulty"),
    )
)
"""Names that no further column may take: rules know figures of other tables by them."""

CHOICES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "kind": {word: word for word in ("thành phố", "thị xã", "huyện", "quận")},
        "commune_kind": {word: word for word in ("xã", "phường", "thị trấn")},
        "region": {"highland": "vùng núi cao", "mountainous": "vùng núi", "lowland": "đồng bằng"},
        "poor_district": {"yes": "có", "no": "không"},
        "khu_vuc": {word: word for word in ("I", "II", "III", "")},
        "area": PROVINCE_AREAS,
        "indicator": INDICATOR_NAMES,
        "total_status": {key: STATUS_NAMES[key] for key in ("official", "derived")},
        "movement_kind": MOVEMENT_KINDS,
    }
)
"""Each closed list of words, with its Vietnamese names: either may be written."""

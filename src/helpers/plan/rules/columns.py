"""The columns that every province's data have for rules: what they are called, and their unit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from helpers.plan.rules.model import ColumnNote, Criterion

__all__ = ["COLUMNS", "PERCENT", "Column", "column_label", "column_unit", "criterion_label"]

PERCENT = "%"


class Column(NamedTuple):
    """A column's name in a worksheet, its unit, and its words where it does not hold numbers."""

    label: str
    unit: str = ""
    words: tuple[str, ...] | None = None
    """None where the column holds numbers; empty where its words are not a closed list."""


_YES_NO = ("yes", "no")

COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "equal": Column("Chia đều"),
        "households": Column("Số hộ", "hộ"),
        "poor_households": Column("Số hộ nghèo", "hộ"),
        "near_poor_households": Column("Số hộ cận nghèo", "hộ"),
        "poor_and_near_poor": Column("Số hộ nghèo và cận nghèo", "hộ"),
        "poor_rate": Column("Tỷ lệ hộ nghèo", PERCENT),
        "near_poor_rate": Column("Tỷ lệ hộ cận nghèo", PERCENT),
        "poor_and_near_poor_rate": Column("Tỷ lệ hộ nghèo và cận nghèo", PERCENT),
        "area_km2": Column("Diện tích", "km²"),
        "communes": Column("Số xã, phường, thị trấn", "xã"),
        "special_difficulty_communes": Column("Số xã đặc biệt khó khăn", "xã"),
        "special_difficulty_share": Column("Tỷ lệ xã đặc biệt khó khăn", PERCENT),
        "poor_workers": Column("Lao động thuộc hộ nghèo, cận nghèo", "người"),
        "housing_need": Column("Hộ cần hỗ trợ nhà ở", "hộ"),
        "disbursed_rate": Column("Tỷ lệ giải ngân năm trước", PERCENT),
        "region": Column("Vùng", words=("highland", "mountainous", "lowland")),
        "poor_district": Column("Huyện nghèo", words=_YES_NO),
        "kind": Column("Loại đơn vị", words=()),
        "special_difficulty": Column("Xã đặc biệt khó khăn", words=_YES_NO),
        "khu_vuc": Column("Khu vực", words=("I", "II", "III")),
    }
)
"""District columns, then those that only communes have; a province may add others."""


def column_label(name: str, notes: Mapping[str, ColumnNote]) -> str:
    """Return what a column is called: as the rule set says, else as every province calls it."""
    if name in notes:
        return notes[name].label
    return COLUMNS[name].label if name in COLUMNS else name


def column_unit(name: str, notes: Mapping[str, ColumnNote]) -> str:
    """Return a column's unit, or "" where none is known."""
    if name in notes:
        return notes[name].unit
    return COLUMNS[name].unit if name in COLUMNS else ""


def criterion_label(criterion: Criterion, notes: Mapping[str, ColumnNote]) -> str:
    """Return what a criterion is called: its own name, else its column's."""
    return criterion.name or column_label(criterion.column, notes)

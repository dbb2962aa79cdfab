"""What the province's tables must look like, declared once per table.

How a cell's text becomes a value is not its business: see `cells`. Which cells and rows of a frame
break a schema is found by pandera: see `failures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from helpers.data.schema import Column, Rule, Table
from helpers.data.vocabulary import CHOICES, COUNT_INDICATORS
from helpers.text import match_key

__all__ = [
    "TABLES",
    "extra_column",
    "label",
    "raw_columns",
]


def _text(title: str, reads: str = "text") -> Column:
    return Column("str", title, reads)


def _choice(title: str, words: str) -> Column:
    accepted = list(CHOICES[words])
    error = "từ này không có trong danh sách → sửa lại"
    rule = Rule("isin", lambda values: values.isin(accepted), error)
    return Column("str", title, "choice", choices=words, rule=rule)


def _count(title: str, unit: str) -> Column:
    rule = Rule("not_negative", lambda values: values >= 0, "số âm → ghi số không âm")
    return Column("int64", title, "count", unit, rule=rule)


def _number(title: str, unit: str, reads: str, least: int, most: int, error: str) -> Column:
    rule = Rule("range", lambda values: (values >= least) & (values <= most), error)
    dtype = "float64" if reads == "coordinate" else "object"
    return Column(dtype, title, reads, unit, rule=rule)


def _money(title: str) -> Column:
    return Column("int64", title, "money", "đồng")


def _year(title: str = "Cuối năm") -> Column:
    error = "năm nằm ngoài khoảng 2000 - 2100 → ghi đủ bốn chữ số, ví dụ 2024"
    rule = Rule("year", lambda values: values.between(2000, 2100), error)
    return Column("int64", title, "count", rule=rule)


def _district() -> dict[str, Column]:
    """Return the two columns that stand, after reading, for the district named in a row."""
    return {
        "district_code": Column("str", "Mã huyện"),
        "district": Column("str", "Huyện", "district"),
    }


def _commune() -> dict[str, Column]:
    """Return the two columns that name a commune: the code finds it, the name confirms it."""
    return {"code": _text("Mã xã", "commune_code"), "name": _text("Tên xã", "commune_name")}


def _capital() -> dict[str, Column]:
    return {
        "line": _text("Tiểu dự án"),
        "source": _text("Nguồn vốn"),
        "capital_type": _text("Loại vốn"),
    }


def _within_households(frame: pd.DataFrame) -> pd.Series:
    return frame["poor_households"] + frame["near_poor_households"] <= frame["households"]


def _whole_counts(frame: pd.DataFrame) -> pd.Series:
    counts = frame["indicator"].isin(COUNT_INDICATORS)
    return ~counts | frame["value"].map(lambda value: value == int(value)).astype(bool)


def _rates_within_100(frame: pd.DataFrame) -> pd.Series:
    counts = frame["indicator"].isin(COUNT_INDICATORS)
    return counts | frame["value"].map(lambda value: value <= 100).astype(bool)


def _within_assigned(frame: pd.DataFrame) -> pd.Series:
    return frame["disbursed"] <= frame["assigned"]


_WITHIN_HOUSEHOLDS = Rule(
    "within_households",
    _within_households,
    "số hộ nghèo cộng số hộ cận nghèo lớn hơn tổng số hộ → kiểm tra lại ba số của dòng này",
)


def _day(title: str) -> Column:
    return Column("object", title, "date")


def _households() -> dict[str, Column]:
    return {"year": _year(), **_counts()}


def _counts() -> dict[str, Column]:
    return {
        "households": _count("Tổng số hộ", "hộ"),
        "poor_households": _count("Số hộ nghèo", "hộ"),
        "near_poor_households": _count("Số hộ cận nghèo", "hộ"),
    }


def _receiver_of_transfer(frame: pd.DataFrame) -> pd.Series:
    return (frame["kind"] != "transfer") | (frame["to_unit"] != "")


def _no_receiver_of_return(frame: pd.DataFrame) -> pd.Series:
    return (frame["kind"] != "return") | ((frame["to_unit"] == "") & (frame["to_line"] == ""))


def _distinct(*columns: str) -> Rule:
    """Return the rule that names differ, however their letters and tones were typed."""

    def distinct(frame: pd.DataFrame) -> pd.Series:
        keys = frame[list(columns)].assign(name=frame["name"].map(match_key))
        return ~keys.duplicated()

    error = "tên này đã có ở một dòng trên → sửa tên, hoặc bỏ dòng thừa"
    return Rule("distinct", distinct, error)


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        schema.name: schema
        for schema in (
            Table(
                "districts",
                "Huyện",
                ["code"],
                {
                    "code": _text("Mã huyện"),
                    "name": _text("Tên huyện"),
                    "kind": _choice("Loại đơn vị", "kind"),
                    "region": _choice("Vùng", "region"),
                    "poor_district": _choice("Huyện nghèo", "poor_district"),
                    "latitude": _number(
                        "Vĩ độ",
                        "độ",
                        "coordinate",
                        8,
                        24,
                        "vĩ độ nằm ngoài lãnh thổ (8 - 24) → kiểm tra lại, có thể lẫn với kinh độ",
                    ),
                    "longitude": _number(
                        "Kinh độ",
                        "độ",
                        "coordinate",
                        102,
                        118,
                        "kinh độ nằm ngoài lãnh thổ (102 - 118) → kiểm tra lại, có thể lẫn với "
                        "vĩ độ",
                    ),
                    "area_km2": _number(
                        "Diện tích",
                        "km²",
                        "measure",
                        1,
                        20_000,
                        "diện tích nằm ngoài khoảng 1 - 20000 km² → kiểm tra đơn vị (km²)",
                    ),
                    "tile_row": _count("Hàng trên lưới", ""),
                    "tile_column": _count("Cột trên lưới", ""),
                },
                [_distinct("name")],
            ),
            Table(
                "communes",
                "Xã",
                ["code"],
                {
                    "code": _text("Mã xã"),
                    "name": _text("Tên xã"),
                    "kind": _choice("Loại đơn vị", "commune_kind"),
                    **_district(),
                    "khu_vuc": _choice("Khu vực", "khu_vuc"),
                },
                [_distinct("district_code", "kind", "name")],
            ),
            Table(
                "poverty",
                "Hộ nghèo",
                ["district_code", "year"],
                {
                    **_district(),
                    **_households(),
                },
                [_WITHIN_HOUSEHOLDS],
            ),
            Table(
                "criteria",
                "Tiêu chí",
                ["district_code"],
                {
                    **_district(),
                    "special_difficulty_communes": _count("Số xã đặc biệt khó khăn", "xã"),
                    "poor_workers": _count("Lao động thuộc hộ nghèo, hộ cận nghèo", "người"),
                    "housing_need": _count("Hộ nghèo, hộ cận nghèo cần nhà ở", "hộ"),
                },
            ),
            Table(
                "province_totals",
                "Số liệu toàn tỉnh",
                ["year", "area", "indicator"],
                {
                    "year": _year(),
                    "area": _choice("Địa bàn", "area"),
                    "indicator": _choice("Chỉ tiêu", "indicator"),
                    "value": _number(
                        "Giá trị", "hộ hoặc %", "measure", 0, 10**9, "số âm → ghi số không âm"
                    ),
                    "status": _choice("Tính chất số liệu", "total_status"),
                    "source": _text("Nguồn"),
                },
                [
                    Rule(
                        "whole_counts",
                        _whole_counts,
                        "chỉ tiêu này là số hộ nhưng giá trị có phần lẻ → ghi số nguyên",
                    ),
                    Rule(
                        "rates_within_100",
                        _rates_within_100,
                        "tỷ lệ lớn hơn 100% → kiểm tra lại giá trị",
                    ),
                ],
            ),
            Table(
                "commune_poverty",
                "Hộ nghèo các xã",
                ["code", "year"],
                {**_commune(), **_households()},
                [_WITHIN_HOUSEHOLDS],
            ),
            Table(
                "dtts_poverty",
                "Hộ nghèo dân tộc thiểu số",
                ["district_code", "year"],
                {
                    **_district(),
                    **_households(),
                },
                [_WITHIN_HOUSEHOLDS],
            ),
            Table(
                "poverty_periods",
                "Hộ nghèo trong năm",
                ["district_code", "date"],
                {
                    **_district(),
                    "date": _day("Ngày chốt số liệu"),
                    **_counts(),
                },
                [_WITHIN_HOUSEHOLDS],
            ),
            Table(
                "former_communes",
                "Xã đã sắp xếp",
                ["code"],
                {
                    "code": _text("Mã xã"),
                    "name": _text("Tên xã"),
                    "kind": _choice("Loại đơn vị", "commune_kind"),
                    **_district(),
                    "until": _day("Hết hiệu lực từ ngày"),
                    "successor": _text("Mã xã kế thừa"),
                },
            ),
            Table(
                "commune_criteria",
                "Tiêu chí các xã",
                ["code"],
                {
                    **_commune(),
                    "special_difficulty": _choice("Xã đặc biệt khó khăn", "poor_district"),
                },
            ),
            Table(
                "history",
                "Vốn các năm trước",
                ["unit", "year", "line", "source", "capital_type"],
                {
                    "unit": _text("Đơn vị", "unit"),
                    "year": _year("Kế hoạch năm"),
                    **_capital(),
                    "assigned": _money("Vốn giao"),
                    "disbursed": _money("Vốn đã giải ngân"),
                },
                [
                    Rule(
                        "within_assigned",
                        _within_assigned,
                        "vốn đã giải ngân lớn hơn vốn giao → kiểm tra lại hai số của dòng này",
                    )
                ],
            ),
            Table(
                "carry_over",
                "Vốn kéo dài",
                ["unit", "line", "source", "capital_type", "vintage"],
                {
                    "unit": _text("Đơn vị", "unit"),
                    **_capital(),
                    "vintage": _year("Vốn của năm"),
                    "amount": _money("Số tiền"),
                },
            ),
            Table(
                "movements",
                "Điều chuyển, trả lại",
                None,
                {
                    "date": _day("Ngày"),
                    "kind": _choice("Hình thức", "movement_kind"),
                    **_capital(),
                    "vintage": _year("Vốn của năm"),
                    "unit": _text("Đơn vị", "unit"),
                    "amount": _money("Số tiền"),
                    "to_unit": _text("Đơn vị nhận", "optional_unit"),
                    "to_line": _text("Tiểu dự án nhận", "optional_text"),
                    "document": _text("Văn bản"),
                },
                [
                    Rule(
                        "receiver_of_transfer",
                        _receiver_of_transfer,
                        "điều chuyển mà chưa ghi đơn vị nhận → điền ô ở cột to_unit (“Đơn vị "
                        "nhận”), hoặc sửa hình thức thành trả lại",
                    ),
                    Rule(
                        "no_receiver_of_return",
                        _no_receiver_of_return,
                        "trả lại mà có đơn vị hoặc tiểu dự án nhận → để trống hai ô ở cột "
                        "to_unit và to_line, hoặc sửa hình thức thành điều chuyển",
                    ),
                ],
            ),
        )
    }
)
"""Every table by its name, as its frame is after reading."""


def raw_columns(table: str) -> tuple[str, ...]:
    """Return the columns as the file has them: one `district`, a name or a code."""
    return tuple(name for name in TABLES[table].columns if name != "district_code")


def label(table: str, column: str) -> str:
    """Return the column's Vietnamese label."""
    return TABLES[table].columns[column].title


def extra_column(title: str, unit: str, kind: str) -> Column:
    """Return a further column of one of EXTRA_KINDS, as its frame has it."""
    dtype = {"count": "int64", "word": "str"}.get(kind, "object")
    return Column(dtype, title, "text" if kind == "word" else kind, unit)

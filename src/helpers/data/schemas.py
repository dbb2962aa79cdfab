"""What the province's tables must look like, declared once per table.

The schema library is pandera: a schema is a value that says columns, types, keys and rules in one
place; it checks lazily, so that every failing cell is reported with its row rather than the first
one only; it works on the pandas frames that notebooks use; and it is maintained. How a cell's text
becomes a value is not its business: see `cells`.

Each column carries its Vietnamese label (`title`) and, in `metadata`, how its cells are read
(`reads`), its unit and, for a choice, the accepted words. A rule's error text is
"what is wrong → what to do".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
import pandera.pandas as pa

from helpers.data.vocabulary import CHOICES, COUNT_INDICATORS
from helpers.text import match_key

__all__ = [
    "TABLES",
    "extra_column",
    "label",
    "raw_columns",
]


def _text(title: str, reads: str = "text") -> pa.Column:
    return pa.Column(str, title=title, metadata={"reads": reads, "unit": ""})


def _choice(title: str, words: str) -> pa.Column:
    rule = pa.Check.isin(list(CHOICES[words]), error="từ này không có trong danh sách → sửa lại")
    metadata = {"reads": "choice", "unit": "", "choices": words}
    return pa.Column(str, rule, title=title, metadata=metadata)


def _count(title: str, unit: str) -> pa.Column:
    rule = pa.Check.ge(0, error="số âm → ghi số không âm")
    return pa.Column("int64", rule, title=title, metadata={"reads": "count", "unit": unit})


def _number(title: str, unit: str, reads: str, least: int, most: int, error: str) -> pa.Column:
    rule = pa.Check(
        lambda values: values.map(lambda value: least <= value <= most), name="range", error=error
    )
    dtype = "float64" if reads == "coordinate" else object
    return pa.Column(dtype, rule, title=title, metadata={"reads": reads, "unit": unit})


def _money(title: str) -> pa.Column:
    return pa.Column("int64", title=title, metadata={"reads": "money", "unit": "đồng"})


def _year(title: str = "Cuối năm") -> pa.Column:
    error = "năm nằm ngoài khoảng 2000 - 2100 → ghi đủ bốn chữ số, ví dụ 2024"
    rule = pa.Check.in_range(2000, 2100, error=error)
    return pa.Column("int64", rule, title=title, metadata={"reads": "count", "unit": ""})


def _district() -> dict[str, pa.Column]:
    """Return the two columns that stand, after reading, for the district named in a row."""
    district = pa.Column(str, title="Huyện", metadata={"reads": "district", "unit": ""})
    return {"district_code": pa.Column(str, title="Mã huyện"), "district": district}


def _commune() -> dict[str, pa.Column]:
    """Return the two columns that name a commune: the code finds it, the name confirms it."""
    return {"code": _text("Mã xã", "commune_code"), "name": _text("Tên xã", "commune_name")}


def _capital() -> dict[str, pa.Column]:
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


_WITHIN_HOUSEHOLDS = pa.Check(
    _within_households,
    name="within_households",
    error="số hộ nghèo cộng số hộ cận nghèo lớn hơn tổng số hộ → kiểm tra lại ba số của dòng này",
)


def _day(title: str) -> pa.Column:
    return pa.Column(object, title=title, metadata={"reads": "date", "unit": ""})


def _households() -> dict[str, pa.Column]:
    return {"year": _year(), **_counts()}


def _counts() -> dict[str, pa.Column]:
    return {
        "households": _count("Tổng số hộ", "hộ"),
        "poor_households": _count("Số hộ nghèo", "hộ"),
        "near_poor_households": _count("Số hộ cận nghèo", "hộ"),
    }


def _receiver_of_transfer(frame: pd.DataFrame) -> pd.Series:
    return (frame["kind"] != "transfer") | (frame["to_unit"] != "")


def _no_receiver_of_return(frame: pd.DataFrame) -> pd.Series:
    return (frame["kind"] != "return") | ((frame["to_unit"] == "") & (frame["to_line"] == ""))


def _distinct(*columns: str) -> pa.Check:
    """Return the rule that names differ, however their letters and tones were typed."""

    def distinct(frame: pd.DataFrame) -> pd.Series:
        keys = frame[list(columns)].assign(name=frame["name"].map(match_key))
        return ~keys.duplicated()

    error = "tên này đã có ở một dòng trên → sửa tên, hoặc bỏ dòng thừa"
    return pa.Check(distinct, name="distinct", error=error)


def _table(
    name: str,
    title: str,
    key: list[str] | None,
    columns: dict[str, pa.Column],
    checks: list[pa.Check] | None = None,
) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        columns,
        checks,
        name=name,
        title=title,
        unique=key,
        report_duplicates="exclude_first",
        strict=True,
        ordered=True,
    )


TABLES: Mapping[str, pa.DataFrameSchema] = MappingProxyType(
    {
        schema.name: schema
        for schema in (
            _table(
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
            _table(
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
            _table(
                "poverty",
                "Hộ nghèo",
                ["district_code", "year"],
                {
                    **_district(),
                    **_households(),
                },
                [_WITHIN_HOUSEHOLDS],
            ),
            _table(
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
            _table(
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
                    pa.Check(
                        _whole_counts,
                        name="whole_counts",
                        error="chỉ tiêu này là số hộ nhưng giá trị có phần lẻ → ghi số nguyên",
                    ),
                    pa.Check(
                        _rates_within_100,
                        name="rates_within_100",
                        error="tỷ lệ lớn hơn 100% → kiểm tra lại giá trị",
                    ),
                ],
            ),
            _table(
                "commune_poverty",
                "Hộ nghèo các xã",
                ["code", "year"],
                {**_commune(), **_households()},
                [_WITHIN_HOUSEHOLDS],
            ),
            _table(
                "dtts_poverty",
                "Hộ nghèo dân tộc thiểu số",
                ["district_code", "year"],
                {
                    **_district(),
                    **_households(),
                },
                [_WITHIN_HOUSEHOLDS],
            ),
            _table(
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
            _table(
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
            _table(
                "commune_criteria",
                "Tiêu chí các xã",
                ["code"],
                {
                    **_commune(),
                    "special_difficulty": _choice("Xã đặc biệt khó khăn", "poor_district"),
                },
            ),
            _table(
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
                    pa.Check(
                        _within_assigned,
                        name="within_assigned",
                        error="vốn đã giải ngân lớn hơn vốn giao "
                        "→ kiểm tra lại hai số của dòng này",
                    )
                ],
            ),
            _table(
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
            _table(
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
                    pa.Check(
                        _receiver_of_transfer,
                        name="receiver_of_transfer",
                        error="điều chuyển mà chưa ghi đơn vị nhận → điền ô ở cột to_unit (“Đơn vị "
                        "nhận”), hoặc sửa hình thức thành trả lại",
                    ),
                    pa.Check(
                        _no_receiver_of_return,
                        name="no_receiver_of_return",
                        error="trả lại mà có đơn vị hoặc tiểu dự án nhận → để trống hai ô ở cột "
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
    return str(TABLES[table].columns[column].title)


def extra_column(title: str, unit: str, kind: str) -> pa.Column:
    """Return a further column of one of EXTRA_KINDS, as its frame has it."""
    dtype = {"count": "int64", "word": str}.get(kind, object)
    reads = "text" if kind == "word" else kind
    return pa.Column(dtype, title=title, metadata={"reads": reads, "unit": unit})

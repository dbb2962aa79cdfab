"""The published tables: their titles, keys and columns, said once for CSV, screen and briefs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CATALOGUE", "Field", "TableSpec", "spec"]


@dataclass(frozen=True)
class Field:
    """One column: its Vietnamese label and how its values are worded.

    Kinds: text, count, money (đồng), rate (percent), points (percentage points), number.
    """

    label: str
    kind: str = "text"


@dataclass(frozen=True)
class TableSpec:
    """One published table: what a row is (its key) and what its columns say.

    Columns that the plan names itself (codes of sources, capital types, projects) are not listed:
    they are worded as `other` says and carry their code as label.
    """

    title: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    other: Field | None = None

    def field(self, column: str) -> Field | None:
        """Return the column's label and kind, or None where the table has no such column."""
        if column in self.fields:
            return self.fields[column]
        return Field(column, self.other.kind) if self.other else None


_AREA: Mapping[str, Field] = {
    "district_code": Field("Mã huyện"),
    "district": Field("Huyện, thành phố, thị xã"),
}
_UNIT: Mapping[str, Field] = {
    "level": Field("Cấp"),
    "unit_code": Field("Mã đơn vị"),
    "unit": Field("Đơn vị"),
}
_LINE: Mapping[str, Field] = {
    "line": Field("Mã"),
    "name": Field("Dự án, tiểu dự án"),
    "short": Field("Tên ngắn"),
}
_BALANCE: Mapping[str, Field] = {
    "line": Field("Dự án, tiểu dự án"),
    "unit_code": Field("Mã đơn vị"),
    "unit": Field("Đơn vị"),
    "source": Field("Nguồn vốn"),
    "capital_type": Field("Loại vốn"),
    "vintage": Field("Năm vốn"),
}
_MOVED: Mapping[str, Field] = {
    "original": Field("Ban đầu", "money"),
    "transferred_in": Field("Nhận điều chuyển", "money"),
    "transferred_out": Field("Chuyển đi", "money"),
    "returned": Field("Trả lại", "money"),
    "current": Field("Hiện có", "money"),
}
_MONEY = Field("", "money")


def _spec(
    title: str, key: tuple[str, ...], fields: Mapping[str, Field], other: Field | None = None
) -> TableSpec:
    return TableSpec(title, key, MappingProxyType(dict(fields)), other)


_COMPARED: Mapping[str, Field] = {
    "line": Field("Mã"),
    "short": Field("Dự án, tiểu dự án"),
    **_UNIT,
}

_BEFORE_AND_AFTER: Mapping[str, Field] = {
    "before": Field("Trước", "money"),
    "after": Field("Sau", "money"),
    "difference": Field("Chênh lệch", "money"),
}
_CAUSE: Mapping[str, Field] = {
    "pot_effect": Field("Do mức vốn đem chia", "money"),
    "criterion": Field("Nguyên nhân chính"),
    "criterion_effect": Field("Tác động của nguyên nhân chính", "money"),
}


def _comparison(title: str) -> TableSpec:
    return _spec(
        title,
        ("line", "level", "unit_code"),
        {
            **_COMPARED,
            **_BEFORE_AND_AFTER,
            "share_before": Field("Tỷ trọng trước (%)", "rate"),
            "share_after": Field("Tỷ trọng sau (%)", "rate"),
            **_CAUSE,
            "sources": Field("Nguồn vốn được so sánh"),
        },
    )


def _moves(title: str) -> TableSpec:
    return _spec(
        title,
        ("direction", "unit_code"),
        {
            "direction": Field("Tăng, giảm"),
            "rank": Field("Thứ hạng", "count"),
            **_UNIT,
            **_BEFORE_AND_AFTER,
            **_CAUSE,
        },
    )


def _effects(title: str) -> TableSpec:
    return _spec(
        title,
        ("line", "level", "unit_code", "order"),
        {
            **_COMPARED,
            "order": Field("Thứ tự", "count"),
            "effect": Field("Nguyên nhân"),
            "amount": Field("Tăng, giảm", "money"),
        },
    )


CATALOGUE: Mapping[str, TableSpec] = MappingProxyType(
    {
        "plan_facts": _spec(
            "Thông tin chung của kế hoạch",
            ("group", "code"),
            {"group": Field("Nhóm"), "code": Field("Mã"), "value": Field("Nội dung")},
        ),
        "data_checks": _spec(
            "Kết quả kiểm tra số liệu",
            ("check", "area", "period"),
            {
                "check": Field("Nội dung kiểm tra"),
                "area": Field("Địa bàn"),
                "period": Field("Thời điểm"),
                "expected": Field("Số đối chiếu"),
                "found": Field("Số tính được"),
                "difference": Field("Chênh lệch"),
                "result": Field("Kết quả"),
                "message": Field("Diễn giải"),
            },
        ),
        "data_sources": _spec(
            "Nguồn số liệu đầu vào",
            ("table",),
            {
                "table": Field("Bảng"),
                "file": Field("Tệp"),
                "title": Field("Nội dung"),
                "producer": Field("Đơn vị cung cấp"),
                "source": Field("Nguồn"),
                "status": Field("Tính chất"),
                "rows": Field("Số dòng", "count"),
                "sha256": Field("Mã SHA-256"),
            },
        ),
        "parameter_status": _spec(
            "Độ tin cậy của các tham số trong kế hoạch",
            ("parameter",),
            {
                "parameter": Field("Tham số"),
                "value": Field("Giá trị"),
                "status": Field("Độ tin cậy"),
                "source": Field("Nguồn, căn cứ"),
            },
        ),
        "rules_in_force": _spec(
            "Quy tắc phân bổ đang áp dụng của từng dự án, tiểu dự án",
            ("line", "level"),
            {
                "line": Field("Mã"),
                "level": Field("Cấp"),
                "name": Field("Dự án, tiểu dự án"),
                "short": Field("Tên ngắn"),
                "eligible": Field("Đơn vị được phân bổ"),
                "criteria": Field("Tiêu chí và điểm"),
                "limits": Field("Giới hạn và cách làm tròn"),
                "agencies": Field("Trừ trước, phần của sở, ngành"),
                "basis": Field("Căn cứ"),
                "missing": Field("Số còn thiếu", "count"),
                "status": Field("Độ tin cậy"),
            },
        ),
        "allocation": _spec(
            "Phân bổ vốn theo tiểu dự án, đơn vị, nguồn vốn, loại vốn và năm vốn",
            ("line", "source", "capital_type", "vintage", "unit_code", "district_code", "reason"),
            {
                "project": Field("Dự án"),
                "line": Field("Dự án, tiểu dự án"),
                **_UNIT,
                **_AREA,
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                "vintage": Field("Năm vốn"),
                "amount": Field("Số vốn", "money"),
                "reason": Field("Lý do chưa phân bổ"),
            },
        ),
        "pots": _spec(
            "Từ khoản vốn của dự án đến phần các đơn vị chia theo hệ số",
            ("line", "source", "capital_type", "order"),
            {
                "line": Field("Dự án, tiểu dự án"),
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                "order": Field("Thứ tự", "count"),
                "kind": Field("Loại"),
                "name": Field("Nội dung"),
                "unit_code": Field("Mã đơn vị"),
                "unit": Field("Đơn vị"),
                "district_code": Field("Mã huyện"),
                "amount": Field("Số vốn", "money"),
            },
        ),
        "not_allocated": _spec(
            "Vốn chưa phân bổ và lý do",
            ("line", "source", "capital_type", "district_code", "reason"),
            {
                "line": Field("Dự án, tiểu dự án"),
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                **_AREA,
                "reason": Field("Lý do chưa phân bổ"),
                "amount": Field("Số vốn", "money"),
            },
        ),
        "coefficients": _spec(
            "Hệ số của từng đơn vị theo từng tiêu chí",
            ("line", "unit_code", "order"),
            {
                "line": Field("Dự án, tiểu dự án"),
                **_UNIT,
                **_AREA,
                "order": Field("Thứ tự", "count"),
                "part": Field("Loại"),
                "name": Field("Tiêu chí"),
                "value": Field("Số liệu"),
                "hit": Field("Mức áp dụng"),
                "points": Field("Điểm", "number"),
                "whole": Field("ΣX", "number"),
                "percent": Field("X/ΣX (%)", "number"),
            },
        ),
        "rounding": _spec(
            "Cách làm tròn từng số phân bổ",
            ("line", "source", "capital_type", "unit_code"),
            {
                "line": Field("Dự án, tiểu dự án"),
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                **_UNIT,
                **_AREA,
                "coefficient": Field("Hệ số", "number"),
                "pot": Field("Khoản vốn đem chia", "money"),
                "exact": Field("Số chia chính xác (đồng, cắt sau hai chữ số lẻ)", "number"),
                "bound": Field("Giới hạn"),
                "floor": Field("Phần nguyên", "money"),
                "rank": Field("Thứ tự số dư", "count"),
                "gained": Field("Được làm tròn thêm", "money"),
                "tied": Field("Số dư bằng nhau, chia theo quy tắc"),
                "amount": Field("Số vốn", "money"),
            },
        ),
        "capital_by_project": _spec(
            "Phân bổ vốn theo dự án, tiểu dự án",
            ("code",),
            {
                "code": Field("Mã"),
                "name": Field("Dự án, tiểu dự án"),
                "short": Field("Tên ngắn"),
                "level": Field("Cấp"),
                "total": Field("Tổng số", "money"),
                "share": Field("Tỷ trọng (%)", "rate"),
                "unplaced": Field("Chưa phân bổ", "money"),
                "assumed": Field("Chia theo tham số chưa kiểm chứng", "money"),
                "status": Field("Độ tin cậy"),
            },
            _MONEY,
        ),
        "capital_by_district": _spec(
            "Phân bổ vốn theo huyện",
            ("district_code",),
            {
                **_AREA,
                "kind": Field("Loại đơn vị"),
                "slug": Field("Tên tệp"),
                "region": Field("Vùng"),
                "poor_district": Field("Huyện nghèo"),
                "total": Field("Tổng số", "money"),
                "share": Field("Tỷ trọng (%)", "rate"),
                "poor_households": Field("Số hộ nghèo đầu năm", "count"),
                "per_poor_household": Field("Vốn trên một hộ nghèo", "money"),
                "rank": Field("Thứ hạng", "count"),
                "tile_row": Field("Hàng trên lưới", "count"),
                "tile_column": Field("Cột trên lưới", "count"),
            },
            _MONEY,
        ),
        "capital_by_district_project": _spec(
            "Phân bổ vốn theo đơn vị và dự án",
            ("district_code",),
            {
                "level": Field("Cấp"),
                "district_code": Field("Mã đơn vị"),
                "district": Field("Đơn vị"),
                "total": Field("Tổng số", "money"),
            },
            _MONEY,
        ),
        "district_lines": _spec(
            "Vốn của từng huyện theo tiểu dự án, loại vốn",
            ("district_code", "line"),
            {**_AREA, **_LINE, "total": Field("Tổng số", "money")},
            _MONEY,
        ),
        "agency_lines": _spec(
            "Vốn của từng sở, ngành theo tiểu dự án, loại vốn",
            ("agency_code", "line"),
            {
                "agency_code": Field("Mã sở, ngành"),
                "agency": Field("Sở, ngành"),
                **_LINE,
                "total": Field("Tổng số", "money"),
            },
            _MONEY,
        ),
        "commune_lines": _spec(
            "Vốn của từng xã theo dự án, tiểu dự án",
            ("unit_code", "line"),
            {
                **_AREA,
                "unit_code": Field("Mã xã"),
                "unit": Field("Xã, phường, thị trấn"),
                "line": Field("Dự án, tiểu dự án"),
                "amount": Field("Số vốn", "money"),
            },
        ),
        "allocation_warnings": _spec(
            "Các điểm cần xem lại trước khi giao vốn",
            ("order",),
            {
                "order": Field("Thứ tự", "count"),
                "kind": Field("Loại"),
                "severity": Field("Mức độ"),
                "subject": Field("Đối tượng"),
                "line": Field("Dự án, tiểu dự án"),
                "count": Field("Số lượng", "count"),
                "amount": Field("Số vốn", "money"),
                "limit": Field("Mức so sánh", "money"),
                "value": Field("Tỷ lệ, hệ số, số lần", "number"),
                "message": Field("Diễn giải"),
            },
        ),
        "counterpart": _spec(
            "Vốn đối ứng phải có và vốn đối ứng trong kế hoạch",
            ("line", "capital_type", "of", "source"),
            {
                "line": Field("Mã"),
                "short": Field("Dự án, tiểu dự án"),
                "capital_type": Field("Loại vốn"),
                "of": Field("Đối ứng cho nguồn"),
                "source": Field("Nguồn đối ứng"),
                "central": Field("Vốn được đối ứng", "money"),
                "percent": Field("Tỷ lệ đối ứng (%)", "number"),
                "required": Field("Phải có", "money"),
                "province": Field("Ngân sách tỉnh", "money"),
                "district": Field("Ngân sách huyện", "money"),
                "commune": Field("Ngân sách xã", "money"),
                "planned": Field("Trong kế hoạch", "money"),
                "difference": Field("Chênh lệch", "money"),
                "result": Field("Đánh giá"),
            },
        ),
        "counterpart_by_district": _spec(
            "Vốn đối ứng của ngân sách huyện, xã",
            ("district_code", "line", "capital_type", "of", "source"),
            {
                **_AREA,
                "line": Field("Mã"),
                "short": Field("Dự án, tiểu dự án"),
                "capital_type": Field("Loại vốn"),
                "of": Field("Đối ứng cho nguồn"),
                "source": Field("Nguồn đối ứng"),
                "central": Field("Vốn được đối ứng", "money"),
                "district_budget": Field("Ngân sách huyện", "money"),
                "commune_budget": Field("Ngân sách xã", "money"),
                "total": Field("Tổng số", "money"),
            },
        ),
        "comparison_last_year": _comparison("So sánh phân bổ với vốn giao năm trước"),
        "last_year_effects": _effects("Các nguyên nhân của chênh lệch so với năm trước"),
        "comparison_rules": _comparison("So sánh phân bổ với bộ quy tắc khác"),
        "rule_effects": _effects("Các nguyên nhân của chênh lệch giữa hai bộ quy tắc"),
        "biggest_moves_last_year": _moves("Đơn vị tăng, giảm vốn nhiều nhất so với năm trước"),
        "biggest_moves_rules": _moves("Đơn vị tăng, giảm vốn nhiều nhất so với bộ quy tắc khác"),
        "movements": _spec(
            "Sổ điều chuyển, trả lại vốn trong năm",
            ("order",),
            {
                "order": Field("Thứ tự", "count"),
                "date": Field("Ngày"),
                "document": Field("Văn bản quyết định"),
                "kind": Field("Hình thức"),
                **_BALANCE,
                "other_unit": Field("Nơi đi hoặc nơi đến"),
                "other_line": Field("Dự án, tiểu dự án ở nơi đó"),
                "before": Field("Trước điều chỉnh", "money"),
                "change": Field("Tăng, giảm", "money"),
                "after": Field("Sau điều chỉnh", "money"),
            },
        ),
        "balances": _spec(
            "Vốn của từng đơn vị theo năm vốn: ban đầu, điều chỉnh, hiện có",
            ("line", "unit_code", "source", "capital_type", "vintage"),
            {**_BALANCE, **_MOVED},
        ),
        "capital_by_vintage": _spec(
            "Vốn năm nay và vốn các năm trước kéo dài",
            ("vintage", "capital_type"),
            {
                "vintage": Field("Năm vốn"),
                "kind": Field("Loại"),
                "capital_type": Field("Loại vốn"),
                **_MOVED,
            },
        ),
        "poverty_rates": _spec(
            "Hộ nghèo, hộ cận nghèo và tỷ lệ theo địa bàn và năm",
            ("area_code", "year"),
            {
                "group": Field("Nhóm địa bàn"),
                "area_code": Field("Mã"),
                "area": Field("Địa bàn"),
                "year": Field("Cuối năm"),
                "households": Field("Tổng số hộ", "count"),
                "poor_households": Field("Số hộ nghèo", "count"),
                "near_poor_households": Field("Số hộ cận nghèo", "count"),
                "poor_rate": Field("Tỷ lệ hộ nghèo (%)", "rate"),
                "near_poor_rate": Field("Tỷ lệ hộ cận nghèo (%)", "rate"),
            },
        ),
        "targets": _spec(
            "Mục tiêu giảm nghèo và kết quả",
            ("area_code",),
            {
                "group": Field("Nhóm địa bàn"),
                "area_code": Field("Mã"),
                "area": Field("Địa bàn"),
                "baseline_year": Field("Năm gốc"),
                "baseline_rate": Field("Tỷ lệ đầu kỳ (%)", "rate"),
                "current_year": Field("Năm số liệu"),
                "current_rate": Field("Tỷ lệ hiện nay (%)", "rate"),
                "cut": Field("Mức giảm (điểm %)", "points"),
                "target_low": Field("Mục tiêu thấp (điểm %)", "points"),
                "target_high": Field("Mục tiêu cao (điểm %)", "points"),
                "rate_low": Field("Tỷ lệ cần đạt, mức thấp (%)", "rate"),
                "rate_high": Field("Tỷ lệ cần đạt, mức cao (%)", "rate"),
                "result": Field("Đánh giá"),
                "households": Field("Tổng số hộ", "count"),
                "poor_households": Field("Số hộ nghèo", "count"),
                "to_low": Field("Còn phải giảm để đạt mức thấp (hộ)", "count"),
                "to_high": Field("Còn phải giảm để đạt mức cao (hộ)", "count"),
                "basis": Field("Mục tiêu lấy từ"),
                "status": Field("Độ tin cậy của mục tiêu"),
                "rank": Field("Thứ hạng tỷ lệ hộ nghèo", "count"),
            },
        ),
        "risks": _spec(
            "Rủi ro chính",
            ("order",),
            {
                "order": Field("Thứ tự", "count"),
                "kind": Field("Loại"),
                "subject": Field("Đối tượng"),
                "count": Field("Số lượng", "count"),
                "amount": Field("Số vốn", "money"),
                "share": Field("Tỷ trọng (%)", "rate"),
                "households": Field("Số hộ", "count"),
            },
        ),
    }
)


def spec(name: str) -> TableSpec:
    """Return the description of the named table (KeyError where there is none)."""
    return CATALOGUE[name]

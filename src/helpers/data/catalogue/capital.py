"""The published tables of the capital: allocation, its trail, comparison, register."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpers.data.catalogue.model import AREA, Field, TableSpec, described

__all__ = ["CAPITAL"]

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


def _comparison(title: str, *, internal: bool = False) -> TableSpec:
    return described(
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
        internal=internal,
    )


def _moves(title: str, *, internal: bool = False) -> TableSpec:
    return described(
        title,
        ("direction", "unit_code"),
        {
            "direction": Field("Tăng, giảm"),
            "rank": Field("Thứ hạng", "count"),
            **_UNIT,
            **_BEFORE_AND_AFTER,
            **_CAUSE,
        },
        internal=internal,
    )


def _effects(title: str, *, internal: bool = False) -> TableSpec:
    return described(
        title,
        ("line", "level", "unit_code", "order"),
        {
            **_COMPARED,
            "order": Field("Thứ tự", "count"),
            "effect": Field("Nguyên nhân"),
            "amount": Field("Tăng, giảm", "money"),
        },
        internal=internal,
    )


CAPITAL: Mapping[str, TableSpec] = MappingProxyType(
    {
        "allocation": described(
            "Phân bổ vốn theo tiểu dự án, đơn vị, nguồn vốn, loại vốn và năm vốn",
            ("line", "source", "capital_type", "vintage", "unit_code", "district_code", "reason"),
            {
                "project": Field("Dự án"),
                "line": Field("Dự án, tiểu dự án"),
                **_UNIT,
                **AREA,
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                "vintage": Field("Năm vốn"),
                "amount": Field("Số vốn", "money"),
                "reason": Field("Lý do chưa phân bổ"),
            },
        ),
        "pots": described(
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
        "not_allocated": described(
            "Vốn chưa phân bổ và lý do",
            ("line", "source", "capital_type", "district_code", "reason"),
            {
                "line": Field("Dự án, tiểu dự án"),
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                **AREA,
                "reason": Field("Lý do chưa phân bổ"),
                "amount": Field("Số vốn", "money"),
            },
        ),
        "coefficients": described(
            "Hệ số của từng đơn vị theo từng tiêu chí",
            ("line", "unit_code", "order"),
            {
                "line": Field("Dự án, tiểu dự án"),
                **_UNIT,
                **AREA,
                "order": Field("Thứ tự", "count"),
                "part": Field("Loại"),
                "name": Field("Tiêu chí"),
                "value": Field("Số liệu"),
                "hit": Field("Mức áp dụng"),
                "points": Field("Điểm", "number"),
                "whole": Field("ΣX", "number"),
                "percent": Field("X/ΣX (%)", "number"),
            },
            internal=True,
        ),
        "rounding": described(
            "Cách làm tròn từng số phân bổ",
            ("line", "source", "capital_type", "unit_code"),
            {
                "line": Field("Dự án, tiểu dự án"),
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                **_UNIT,
                **AREA,
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
            internal=True,
        ),
        "capital_by_project": described(
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
        "capital_by_district": described(
            "Phân bổ vốn theo huyện",
            ("district_code",),
            {
                **AREA,
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
        "capital_by_district_project": described(
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
        "district_lines": described(
            "Vốn của từng huyện theo tiểu dự án, loại vốn",
            ("district_code", "line"),
            {**AREA, **_LINE, "total": Field("Tổng số", "money")},
            _MONEY,
        ),
        "agency_lines": described(
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
        "commune_lines": described(
            "Vốn của từng xã theo dự án, tiểu dự án",
            ("unit_code", "line"),
            {
                **AREA,
                "unit_code": Field("Mã xã"),
                "unit": Field("Xã, phường, thị trấn"),
                "line": Field("Dự án, tiểu dự án"),
                "amount": Field("Số vốn", "money"),
            },
        ),
        "allocation_warnings": described(
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
            internal=True,
        ),
        "counterpart": described(
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
        "counterpart_by_district": described(
            "Vốn đối ứng của ngân sách huyện, xã",
            ("district_code", "line", "capital_type", "of", "source"),
            {
                **AREA,
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
        "comparison_rules": _comparison("So sánh phân bổ với bộ quy tắc khác", internal=True),
        "rule_effects": _effects(
            "Các nguyên nhân của chênh lệch giữa hai bộ quy tắc", internal=True
        ),
        "biggest_moves_last_year": _moves("Đơn vị tăng, giảm vốn nhiều nhất so với năm trước"),
        "biggest_moves_rules": _moves(
            "Đơn vị tăng, giảm vốn nhiều nhất so với bộ quy tắc khác", internal=True
        ),
        "movements": described(
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
        "balances": described(
            "Vốn của từng đơn vị theo năm vốn: ban đầu, điều chỉnh, hiện có",
            ("line", "unit_code", "source", "capital_type", "vintage"),
            {**_BALANCE, **_MOVED},
        ),
        "capital_by_vintage": described(
            "Vốn năm nay và vốn các năm trước kéo dài",
            ("vintage", "capital_type"),
            {
                "vintage": Field("Năm vốn"),
                "kind": Field("Loại"),
                "capital_type": Field("Loại vốn"),
                **_MOVED,
            },
        ),
    }
)

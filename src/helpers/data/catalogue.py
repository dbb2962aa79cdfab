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
_MONEY = Field("", "money")


def _spec(
    title: str, key: tuple[str, ...], fields: Mapping[str, Field], other: Field | None = None
) -> TableSpec:
    return TableSpec(title, key, MappingProxyType(dict(fields)), other)


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
        "criteria_in_force": _spec(
            "Tiêu chí chia vốn cho huyện của từng dự án, tiểu dự án",
            ("line",),
            {
                "line": Field("Mã"),
                "name": Field("Dự án, tiểu dự án"),
                "short": Field("Tên ngắn"),
                "eligible": Field("Đơn vị được phân bổ"),
                "criteria": Field("Tiêu chí và tỷ trọng"),
                "status": Field("Độ tin cậy"),
            },
        ),
        "allocation": _spec(
            "Phân bổ vốn theo tiểu dự án, nguồn vốn, loại vốn và huyện",
            ("line", "source", "capital_type", "district_code"),
            {
                "project": Field("Dự án"),
                "line": Field("Dự án, tiểu dự án"),
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                **_AREA,
                "amount": Field("Số vốn", "money"),
            },
        ),
        "rounding": _spec(
            "Cách làm tròn từng số phân bổ",
            ("line", "source", "capital_type", "district_code"),
            {
                "line": Field("Dự án, tiểu dự án"),
                "source": Field("Nguồn vốn"),
                "capital_type": Field("Loại vốn"),
                **_AREA,
                "score": Field("Tỷ trọng theo tiêu chí (%)", "number"),
                "exact": Field("Số chia chính xác (đồng, cắt sau hai chữ số lẻ)", "number"),
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
            "Phân bổ vốn theo huyện và dự án",
            ("district_code",),
            {**_AREA, "total": Field("Tổng số", "money")},
            _MONEY,
        ),
        "district_lines": _spec(
            "Vốn của từng huyện theo tiểu dự án, loại vốn",
            ("district_code", "line"),
            {
                **_AREA,
                "line": Field("Mã"),
                "name": Field("Dự án, tiểu dự án"),
                "short": Field("Tên ngắn"),
                "total": Field("Tổng số", "money"),
            },
            _MONEY,
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

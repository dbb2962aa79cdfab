"""The published tables about the plan and the data themselves."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpers.data.catalogue.model import AREA, Field, TableSpec, described

__all__ = ["INPUTS"]


INPUTS: Mapping[str, TableSpec] = MappingProxyType(
    {
        "plan_facts": described(
            "Thông tin chung của kế hoạch",
            ("group", "code"),
            {"group": Field("Nhóm"), "code": Field("Mã"), "value": Field("Nội dung")},
            internal=True,
        ),
        "plan_texts": described(
            "Lời văn của kế hoạch",
            ("part", "code", "order"),
            {
                "part": Field("Phần"),
                "code": Field("Mã"),
                "order": Field("Thứ tự", "count"),
                "name": Field("Tên"),
                "text": Field("Nội dung"),
                "status": Field("Độ tin cậy"),
                "source": Field("Nguồn, căn cứ"),
                "target": Field("Mức phải đạt"),
                "unit": Field("Đơn vị tính"),
            },
        ),
        "data_checks": described(
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
            internal=True,
        ),
        "data_sources": described(
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
            internal=True,
        ),
        "parameter_status": described(
            "Độ tin cậy của các tham số trong kế hoạch",
            ("parameter",),
            {
                "parameter": Field("Tham số"),
                "value": Field("Giá trị"),
                "status": Field("Độ tin cậy"),
                "source": Field("Nguồn, căn cứ"),
            },
            internal=True,
        ),
        "rules_in_force": described(
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
        "review_checks": described(
            "Chỗ không khớp trong các biểu rà soát",
            ("order",),
            {
                "order": Field("Thứ tự", "count"),
                "form": Field("Biểu"),
                "year": Field("Cuối năm"),
                "level": Field("Cấp"),
                "unit_code": Field("Mã đơn vị"),
                "unit": Field("Đơn vị"),
                "column": Field("Cột"),
                "against": Field("Đối chiếu với"),
                "value": Field("Số trong biểu", "number"),
                "expected": Field("Số đối chiếu", "number"),
                "difference": Field("Chênh lệch", "number"),
                "effect": Field("Ảnh hưởng đến tỷ lệ hộ nghèo của tỉnh (điểm %)", "number"),
                "result": Field("Kết quả"),
                "where": Field("Vị trí"),
                "message": Field("Diễn giải"),
            },
            internal=True,
        ),
        "reconciliation": described(
            "Đối chiếu số xã, huyện báo cáo với số của sở",
            ("year", "district_code", "indicator"),
            {
                "year": Field("Cuối năm"),
                **AREA,
                "indicator": Field("Chỉ tiêu"),
                "returns": Field("Xã, huyện báo cáo", "count"),
                "department": Field("Số của sở", "count"),
                "difference": Field("Chênh lệch", "count"),
                "effect": Field("Ảnh hưởng đến tỷ lệ hộ nghèo của tỉnh (điểm %)", "number"),
                "result": Field("Kết quả"),
                "message": Field("Diễn giải"),
            },
            internal=True,
        ),
        "known_errors": described(
            "Sai sót đã biết của các biểu và số được dùng thay",
            ("form", "year", "unit_code", "column"),
            {
                "form": Field("Biểu"),
                "year": Field("Cuối năm"),
                "unit_code": Field("Mã đơn vị"),
                "unit": Field("Đơn vị"),
                "column": Field("Cột"),
                "found": Field("Số trong biểu", "count"),
                "corrected": Field("Số dùng thay", "count"),
                "reason": Field("Lý do"),
                "where": Field("Vị trí"),
            },
            internal=True,
        ),
    }
)

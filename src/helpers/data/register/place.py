"""Where a province's household register (danh sách hộ) stands, if it has one."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.reads import note

__all__ = ["SIDECAR_NAME", "register_path"]

NAMES = ("register.parquet", "register.csv")
SIDECAR_NAME = "register.meta.yml"


def register_path(folder: Path) -> Path | None:
    """Return the register in a folder of data: register.parquet or register.csv, or None.

    Raises:
        InputRefused: both are there, or only the file that describes one.
    """
    for name in (*NAMES, SIDECAR_NAME):
        note(folder / name)
    found = [folder / name for name in NAMES if (folder / name).is_file()]
    if len(found) > 1:
        what = f"có cả {NAMES[0]} và {NAMES[1]}, không biết dùng danh sách hộ nào"
        todo = "giữ một tệp, chuyển tệp kia ra khỏi thư mục này"
        raise InputRefused([Problem(relative(folder), what, todo)])
    sidecar = folder / SIDECAR_NAME
    if not found and sidecar.exists():
        what = f"có tệp mô tả mà không có {NAMES[0]} hay {NAMES[1]}"
        raise InputRefused(
            [Problem(relative(sidecar), what, "thêm danh sách hộ, hoặc xóa tệp này")]
        )
    return found[0] if found else None

"""What a household register (danh sách hộ) is once its columns are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from helpers.data.sidecar import Sidecar
from helpers.plan.standards import Standard

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FLAGS", "Register", "titles_for"]

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "dtts": "Hộ dân tộc thiểu số",
        "no_labour": "Hộ không có khả năng lao động",
        "merit": "Hộ có thành viên là người có công",
    }
)
"""Optional flags 0/1 of a household; in `flags` of a chunk the first is bit 0."""

_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "area": "Mã xã",
        "area_type": "Khu vực",
        "members": "Số nhân khẩu",
        "income": "Thu nhập bình quân đầu người một tháng",
        "b1": "Điểm B1",
        "b2": "Điểm B2",
        **FLAGS,
    }
)


@dataclass(frozen=True, eq=False)
class Register:
    """A register that has the columns it needs; its cells are checked as they are read.

    `headers` gives the file's header of each column that is there. `codes` are the communes' codes
    and `kinds` their kinds (xã, phường, thị trấn), place by place.
    """

    source: pl.LazyFrame
    place: str
    first_row: int
    headers: Mapping[str, str]
    standard: Standard
    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    sidecar: Sidecar | None = None
    path: Path | None = None

    @property
    def by_income(self) -> bool:
        """Tell whether income decides who is income-poor; else the score B1 does."""
        return "income" in self.headers

    @property
    def by_indicator(self) -> bool:
        """Tell whether each indicator is known; else only their number, from the score B2."""
        return self.standard.indicators[0].key in self.headers

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the Vietnamese label of every column that a register may have."""
        return titles_for(self.standard)


def titles_for(standard: Standard) -> Mapping[str, str]:
    """Return the Vietnamese label of every column that a register may have."""
    return MappingProxyType({**_TITLES, **standard.indicator_names})

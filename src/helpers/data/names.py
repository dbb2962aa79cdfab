"""The ways in which a row may name a district."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from helpers.data.cells import READERS, Cell, CellRefusedError, shown
from helpers.text import match_key, nearest, nfc

__all__ = ["DistrictNames"]

SHORT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"thành phố": ("tp",), "thị xã": ("tx",), "huyện": ("h",), "quận": ("q",)}
)
_PREFIX = re.compile(r"^(thành phố|thị xã|huyện|quận|tp|tx|h|q)[.\s]\s*", re.IGNORECASE)
TOTALS = frozenset(map(match_key, ("Tổng cộng", "Tổng số", "Tổng", "Cộng", "Toàn tỉnh")))


def _key(text: str) -> str:
    """Return the match key; a full stop ends an abbreviation ("TP.Vinh", "TP Vinh")."""
    return match_key(text.replace(".", " "))


@dataclass(frozen=True)
class DistrictNames:
    """Districts by every accepted spelling: code, name, name with its kind, whole or short.

    Unicode form, letter case, spacing and the place of tone marks do not count; another kind than
    the district's own ("huyện Vinh") does.
    """

    codes: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, districts: pd.DataFrame) -> DistrictNames:
        """Return the spellings of the districts of a frame (code, name, kind)."""
        codes: dict[str, str] = {}
        names: dict[str, str] = {}
        for code, name, kind in districts[["code", "name", "kind"]].itertuples(index=False):
            names[code] = name
            prefixes = ("", kind, *SHORT_KINDS.get(kind, ()))
            codes |= {_key(f"{prefix} {name}"): code for prefix in prefixes}
            codes[_key(code)] = code
        return cls(MappingProxyType(codes), MappingProxyType(names))

    def find(self, cell: Cell) -> tuple[str, str]:
        """Return the code and the canonical name of the district that a cell names.

        Raises:
            CellRefusedError: the cell is blank, or names no district of the province.
        """
        text = str(READERS["text"](cell))
        code = self.codes.get(_key(text))
        if code is not None:
            return code, self.names[code]
        if match_key(text) in TOTALS:
            raise CellRefusedError(
                f"{shown(cell)} là dòng tổng", "xóa dòng này; tổng được tính từ các huyện"
            )
        near = nearest(_PREFIX.sub("", nfc(text)), self.names.values())
        todo = f"có phải là “{near}”?" if near else "ghi tên hoặc mã như trong bảng districts"
        raise CellRefusedError(f"không có huyện {shown(cell)}", todo)

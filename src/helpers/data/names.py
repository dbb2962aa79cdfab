"""The ways in which a row may name a district or a commune."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from helpers.data.cells import READERS, Cell, CellRefusedError, shown
from helpers.text import match_key, nearest, nfc

__all__ = ["TOTALS", "CommuneNames", "CommuneRefusedError", "DistrictNames", "name_key"]

SHORT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"thành phố": ("tp",), "thị xã": ("tx",), "huyện": ("h",), "quận": ("q",)}
)
_PREFIX = re.compile(r"^(thành phố|thị xã|huyện|quận|tp|tx|h|q)[.\s]\s*", re.IGNORECASE)
TOTALS = frozenset(map(match_key, ("Tổng cộng", "Tổng số", "Tổng", "Cộng", "Toàn tỉnh")))


def name_key(text: str) -> str:
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
            codes |= {name_key(f"{prefix} {name}"): code for prefix in prefixes}
            codes[name_key(code)] = code
        return cls(MappingProxyType(codes), MappingProxyType(names))

    def find(self, cell: Cell) -> tuple[str, str]:
        """Return the code and the canonical name of the district that a cell names.

        Raises:
            CellRefusedError: the cell is blank, or names no district of the province.
        """
        text = str(READERS["text"](cell))
        code = self.codes.get(name_key(text))
        if code is not None:
            return code, self.names[code]
        if match_key(text) in TOTALS:
            raise CellRefusedError(
                f"{shown(cell)} là dòng tổng", "xóa dòng này; tổng được tính từ các huyện"
            )
        near = nearest(_PREFIX.sub("", nfc(text)), self.names.values())
        todo = f"có phải là “{near}”?" if near else "ghi tên hoặc mã như trong bảng districts"
        raise CellRefusedError(f"không có huyện {shown(cell)}", todo)


class CommuneRefusedError(CellRefusedError):
    """A row's code and name are not those of one commune: the `column` to blame, what, todo."""

    def __init__(self, column: str, what: str, todo: str) -> None:
        """Keep the column besides the two halves of the sentence."""
        self.column = column
        super().__init__(what, todo)


@dataclass(frozen=True)
class CommuneNames:
    """The communes by code: kind, name and district of each."""

    communes: Mapping[str, tuple[str, str, str]]

    def find(self, code: str, name: str) -> str:
        """Return the canonical name of the commune with this code, which the name has to confirm.

        Raises:
            CommuneRefusedError: no commune has the code, or it has another name.
        """
        found = self.communes.get(code)
        if found is None:
            todo = self._code_of(name) or "ghi mã như trong bảng communes"
            raise CommuneRefusedError("code", f"không có xã mang mã {shown(code)}", todo)
        kind, canonical, district = found
        if name == canonical or name_key(name) in (
            name_key(canonical),
            name_key(f"{kind} {canonical}"),
        ):
            return canonical
        what = f"{shown(name)} không phải tên của mã {code}: {kind} {canonical} ({district})"
        near = nearest(name, [canonical])
        todo = f"có phải là “{near}”?" if near else self._code_of(name) or "sửa tên hoặc sửa mã"
        raise CommuneRefusedError("name", what, todo)

    def _code_of(self, name: str) -> str:
        """Return a hint at the codes of the communes with nearly this name, or nothing."""
        near = nearest(name, [canonical for _, canonical, _ in self.communes.values()])
        codes = [
            f"{code} ({kind} {canonical}, {district})"
            for code, (kind, canonical, district) in self.communes.items()
            if canonical == near
        ]
        return f"có phải là mã {' hoặc '.join(codes)}?" if codes else ""

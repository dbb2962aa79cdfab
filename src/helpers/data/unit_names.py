"""The ways in which a row may name a unit that gets capital: a district or a province agency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from helpers.data.cells import CellRefusedError
from helpers.data.names import DistrictNames, name_key
from helpers.text import nearest, nfc, slug

__all__ = ["UnitNames", "resolver"]


def _key(text: str) -> str:
    """Return the match key; a hyphen, a dash and a comma count as spaces."""
    return name_key(re.sub(r"[-–—,]", " ", text))


@dataclass(frozen=True)
class UnitNames:
    """Districts, and province agencies by code or name; called with a text, it finds the unit.

    Beyond the spellings that a `district` column takes, a text without any accent stands for the
    one unit whose name it is when its accents are left out ("Ky Son"); wrong accents do not.
    """

    districts: DistrictNames
    agencies: Mapping[str, str]
    keys: Mapping[str, str]
    plain: Mapping[str, str]

    @classmethod
    def of(cls, districts: DistrictNames, agencies: Mapping[str, str]) -> UnitNames:
        """Return the spellings of these districts and agencies (names by code)."""
        keys = {_key(word): code for code, name in agencies.items() for word in (name, code)}
        keys |= districts.codes
        plain: dict[str, set[str]] = {}
        for key, code in keys.items():
            plain.setdefault(slug(key), set()).add(code)
        single = {word: min(codes) for word, codes in plain.items() if len(codes) == 1}
        frozen = MappingProxyType
        return cls(districts, frozen(dict(agencies)), frozen(keys), frozen(single))

    @property
    def names(self) -> Mapping[str, str]:
        """Return every unit's name by its code, agencies first."""
        return MappingProxyType({**self.agencies, **self.districts.names})

    def __call__(self, text: str) -> tuple[str, str] | None:
        """Return the code and the name of the unit that the text names, or None."""
        code = self.keys.get(name_key(text)) or self.keys.get(_key(text))
        if code is None and text.isascii():
            code = self.plain.get(slug(text))
        return None if code is None else (code, self.names[code])

    def refusal(self, text: str) -> CellRefusedError:
        """Return what is wrong with a text that names no unit, and what to write instead."""
        near = nearest(nfc(text), [*self.names.values(), *self.agencies])
        todo = f"có phải là “{near}”?" if near else ""
        if not near:
            todo = "ghi huyện như trong bảng districts, hoặc cơ quan như ở khóa agencies"
        return CellRefusedError(f"không có huyện hay cơ quan “{nfc(text)}”", todo)


def resolver(districts: pd.DataFrame, agencies: Mapping[str, str]) -> UnitNames:
    """Return what finds a unit by name or code among the districts' frame and the agencies.

    `agencies` are the province agencies' names by code.
    """
    return UnitNames.of(DistrictNames.of(districts), agencies)

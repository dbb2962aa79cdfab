"""Every spelling of a territory's units in returned forms, and what is wrong with other names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TypeAlias, TypeVar

from helpers.data.names import TOTALS, name_key
from helpers.data.review.model import CommuneUnit, DistrictUnit, Territory
from helpers.text import listing, nearest, slug

__all__ = ["Names", "Reading", "Unit", "names_of", "titled", "unit_key"]

Unit: TypeAlias = DistrictUnit | CommuneUnit
_U = TypeVar("_U", DistrictUnit, CommuneUnit)
_Reads: TypeAlias = "list[tuple[Reading, tuple[Unit, ...], tuple[CommuneUnit, ...]]]"

_COMMUNE_WORDS: Mapping[str, tuple[str, ...]] = {
    "xã": ("xã", "x"),
    "phường": ("phường", "p", "ph", "f"),
    "thị trấn": ("thị trấn", "tt", "t t", "ttr"),
}
_DISTRICT_WORDS: Mapping[str, tuple[str, ...]] = {
    "huyện": ("huyện", "h"),
    "quận": ("quận", "q"),
    "thị xã": ("thị xã", "tx", "t x"),
    "thành phố": ("thành phố", "tp", "t p"),
}
_KINDS = {
    name_key(word): kind
    for words in (_COMMUNE_WORDS, _DISTRICT_WORDS)
    for kind, spellings in words.items()
    for word in spellings
}
_BY_LENGTH = sorted(_KINDS, key=len, reverse=True)
_ORDINAL = re.compile(r"^(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXL]{1,6}|[A-Z])\s*[.):/–-]|[-+*•–])\s*")
_REMARK = re.compile(r"\s*(?:\([^()]*\)|\*+)$")
_WHOLES = tuple(map(name_key, ("Tổng cộng", "Tổng số", "Tổng", "Cộng", "Toàn", "Cộng toàn")))


@lru_cache(maxsize=16384)
def unit_key(text: str) -> str:
    """Return the match key of a unit's name; marks between words count as spaces."""
    return name_key(re.sub(r"[-–—,:;'’()]", " ", text))


def titled(unit: Unit) -> str:
    """Return a unit's name with its kind ("xã Hữu Kiệm")."""
    return f"{unit.kind} {unit.name}"


@dataclass(frozen=True)
class Reading:
    """One way to read a name: its kind of unit ("" where it gives none), and the bare name."""

    kind: str
    key: str


def _readings(text: str) -> Iterator[Reading]:
    """Yield the ways to read a text, the most literal first: "X. Bản" is a xã, then the tenth."""
    bare = _ORDINAL.sub("", text)
    for said in dict.fromkeys((text, bare, _REMARK.sub("", bare))):
        key = unit_key(said)
        for word in _BY_LENGTH:
            if key.startswith(f"{word} "):
                yield Reading(_KINDS[word], key[len(word) + 1 :])
                break
        if key:
            yield Reading("", key)


def _by_key(units: Iterable[_U]) -> dict[str, tuple[_U, ...]]:
    found: dict[str, list[_U]] = {}
    for unit in units:
        # A text without any accent may stand for the name without its own.
        for key in (unit_key(unit.name), f"~{slug(unit.name)}"):
            found.setdefault(key, []).append(unit)
    return {key: tuple(units) for key, units in found.items()}


def _find(units: Mapping[str, tuple[_U, ...]], key: str) -> tuple[_U, ...]:
    found = units.get(key, ())
    return found or (units.get(f"~{slug(key)}", ()) if key.isascii() else ())


@dataclass(frozen=True, eq=False)
class Names:
    """The units of a territory by code and by name."""

    codes: Mapping[str, Unit]
    districts: Mapping[str, tuple[DistrictUnit, ...]]
    communes: Mapping[str, tuple[CommuneUnit, ...]]
    former: Mapping[str, tuple[CommuneUnit, ...]]
    expected: Mapping[str, tuple[CommuneUnit, ...]]
    """The communes of each district, by its code."""
    keys: frozenset[str]
    """The keys of every name, with and without its kind."""

    def readings(self, text: str) -> _Reads:
        """Return how a text can be read, each way with its present and its former units."""
        return self._read(text)

    @cached_property
    def _read(self) -> Callable[[str], _Reads]:
        """Return `readings`, which remembers: the same names stand in every form."""

        @cache
        def read(text: str) -> _Reads:
            found: _Reads = []
            for reading in _readings(text):
                units: list[Unit] = []
                if reading.kind not in _COMMUNE_WORDS:
                    units += _find(self.districts, reading.key)
                if reading.kind not in _DISTRICT_WORDS:
                    units += _find(self.communes, reading.key)
                former = () if reading.kind in _DISTRICT_WORDS else _find(self.former, reading.key)
                found.append((reading, tuple(units), former))
            return found

        return read

    def is_total(self, text: str) -> bool:
        """Tell whether a row is the total's ("Tổng cộng", "Toàn huyện", "Cộng toàn tỉnh")."""
        key = unit_key(_ORDINAL.sub("", text))
        if key in TOTALS:
            return True
        # A commune may be called "Cộng Hòa" or "Toàn Thắng".
        starts = any(key.startswith(f"{whole} ") for whole in _WHOLES)
        return starts and not self.names_any(text)

    def names_any(self, text: str) -> bool:
        """Tell whether a text can be read as some unit's name."""
        return any(units or former for _, units, former in self.readings(text))

    def seems_unit(self, text: str) -> bool:
        """Tell whether a text gives a kind of unit before a name ("Xã …", "TT. …")."""
        return any(reading.kind for reading in _readings(text))

    def district_of(self, text: str) -> DistrictUnit | None:
        """Return the one district that a text names; its kind has to be the district's own."""
        for reading, units, _ in self.readings(text):
            own = [unit for unit in units if isinstance(unit, DistrictUnit)]
            if len(own) == 1 and reading.kind in ("", own[0].kind):
                return own[0]
        return None

    def nearest(self, text: str, district: str | None) -> Unit | None:
        """Return the unit with the name most like a text's, of the district before any other."""
        readings = list(_readings(text))
        reading = readings[0]
        units = list(self.codes.values())
        inside = [
            unit
            for unit in units
            if isinstance(unit, CommuneUnit) and unit.district_code == district
        ]
        if reading.kind in _DISTRICT_WORDS:
            inside, units = [], [unit for unit in units if isinstance(unit, DistrictUnit)]
        for group in (inside, units):
            near = nearest(reading.key, [unit.name for unit in group])
            if near is not None:
                return next(unit for unit in group if unit.name == near)
        return None

    def said(self, units: Iterable[Unit]) -> str:
        """Return units as a message lists them: communes with their district."""
        texts = []
        for unit in units:
            text = titled(unit)
            if isinstance(unit, CommuneUnit) and unit.district_code in self.codes:
                text += f" ({titled(self.codes[unit.district_code])})"
            texts.append(text)
        return listing(texts)


@lru_cache(maxsize=8)
def names_of(territory: Territory) -> Names:
    """Return the names of a territory's units."""
    units: tuple[Unit, ...] = (*territory.districts, *territory.communes)
    expected: dict[str, tuple[CommuneUnit, ...]] = {unit.code: () for unit in territory.districts}
    for unit in territory.communes:
        expected[unit.district_code] = (*expected.get(unit.district_code, ()), unit)
    keys = {unit_key(text) for unit in units for text in (unit.name, titled(unit))}
    return Names(
        {unit.code: unit for unit in units},
        _by_key(territory.districts),
        _by_key(territory.communes),
        _by_key(territory.former),
        expected,
        frozenset(keys | {unit_key("Tổng cộng")}),
    )

"""How a published table is described: its title, its key, its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["AREA", "Field", "TableSpec", "described"]


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
    internal: bool = False
    """Whether it stays in the house: it tells of drafts, of single returns, of where the data are,
    or of criteria whose numbers may be few households. `make share` takes only what the catalogue
    names and does not call internal."""

    def field(self, column: str) -> Field | None:
        """Return the column's label and kind, or None where the table has no such column."""
        if column in self.fields:
            return self.fields[column]
        return Field(column, self.other.kind) if self.other else None


AREA: Mapping[str, Field] = {
    "district_code": Field("Mã huyện"),
    "district": Field("Huyện, thành phố, thị xã"),
}


def described(
    title: str,
    key: tuple[str, ...],
    fields: Mapping[str, Field],
    other: Field | None = None,
    *,
    internal: bool = False,
) -> TableSpec:
    """Return the description of one table."""
    return TableSpec(title, key, MappingProxyType(dict(fields)), other, internal)

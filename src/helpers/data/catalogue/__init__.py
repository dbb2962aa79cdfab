"""The published tables: their titles, keys and columns, said once for CSV, screen and briefs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpers.data.catalogue.capital import CAPITAL
from helpers.data.catalogue.inputs import INPUTS
from helpers.data.catalogue.model import Field, TableSpec
from helpers.data.catalogue.poverty import POVERTY

__all__ = ["CATALOGUE", "Field", "TableSpec", "spec"]

CATALOGUE: Mapping[str, TableSpec] = MappingProxyType({**INPUTS, **CAPITAL, **POVERTY})


def spec(name: str) -> TableSpec:
    """Return the description of the named table (KeyError where there is none)."""
    return CATALOGUE[name]

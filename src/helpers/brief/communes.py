"""What the published tables hold of one commune, for its half-page sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.brief.latest import one_of
from helpers.brief.reader import Brief

__all__ = ["capital_of", "district_of", "kind_of", "name_of", "place_of", "rates_of"]

Row = Mapping[str, Any]

KINDS = ("thị trấn", "phường", "xã")


def rates_of(brief: Brief, code: str) -> Row | None:
    """Return the commune's households at the latest year-end; None where none were reported."""
    return one_of(brief.table("commune_rates"), unit_code=code)


def capital_of(brief: Brief, code: str) -> list[dict[str, Any]]:
    """Return the capital that was shared to the commune, a row for each line."""
    return brief.table("commune_lines").records(unit_code=code)


def _known(brief: Brief, code: str) -> Row | None:
    rates = rates_of(brief, code)
    return rates if rates is not None else next(iter(capital_of(brief, code)), None)


def name_of(brief: Brief, code: str) -> str:
    """Return the commune with its kind ("xã Mường Típ"); its code where no table names it."""
    row = _known(brief, code)
    return f"{row['unit'][0].lower()}{row['unit'][1:]}" if row else f"xã có mã {code}"


def kind_of(brief: Brief, code: str) -> str:
    """Return what the commune is: "xã", "phường" or "thị trấn"."""
    return next(kind for kind in KINDS if name_of(brief, code).startswith(kind))


def district_of(brief: Brief, code: str) -> str:
    """Return the commune's district with its kind ("huyện Kỳ Sơn"); blank where none is known."""
    row = _known(brief, code)
    return brief.district_name(row["district_code"]) if row else ""


def place_of(brief: Brief, code: str) -> str:
    """Return commune and district ("xã Mường Típ, huyện Kỳ Sơn")."""
    return ", ".join(filter(None, [name_of(brief, code), district_of(brief, code)]))

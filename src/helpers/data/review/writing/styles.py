"""How the cells of a written form look: each kind of cell once, as XlsxWriter wants it."""

from __future__ import annotations

from typing import Any

__all__ = ["FONT", "Styles"]

FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}

_FRAME = {"border": 1}
_HEAD = {**_FRAME, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EEF4"}
_KINDS: dict[str, dict[str, Any]] = {
    "province": {"bold": True},
    "form": {"bold": True, "align": "right"},
    "title": {"bold": True, "align": "center", "font_size": 14},
    "year": {"italic": True, "align": "center"},
    "period": {},
    "choice": {**_FRAME, "locked": False},
    "unit": {"italic": True, "align": "right"},
    "note": {"italic": True},
    "head": _HEAD,
    "number": {**_HEAD, "bold": False, "italic": True, "font_size": 9},
    "ordinal": {**_FRAME, "align": "center"},
    "name": {**_FRAME, "text_wrap": True},
    "code": {**_FRAME, "align": "center", "font_size": 8, "font_color": "#666666"},
    "count": {**_FRAME, "num_format": "#,##0"},
    "rate": {**_FRAME, "num_format": "0.00"},
}
_TOUCHES: dict[str, dict[str, Any]] = {
    "bold": {"bold": True},
    "input": {"locked": False, "bg_color": "#FFFBE6"},
    "differs": {"bg_color": "#F8D7DA"},
}


class Styles:
    """The formats of one workbook, made when they are first asked for."""

    def __init__(self, book: Any) -> None:
        """Keep the workbook that the formats are of."""
        self._book = book
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, kind: str, *touches: str) -> Any:
        """Return the format of a kind of cell, with what is special about it.

        Touches are "bold" (a district, the total), "input" (to be filled in) and "differs" (a
        reported number that is not what the formula gives).
        """
        key = (kind, *touches)
        if key not in self._made:
            look = {**FONT, **_KINDS[kind]}
            for touch in touches:
                look |= _TOUCHES[touch]
            self._made[key] = self._book.add_format(look)
        return self._made[key]

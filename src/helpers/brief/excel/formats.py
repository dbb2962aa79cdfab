"""The styles of a workbook, each made once however many cells use it."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

__all__ = ["FONT", "Styles"]

FONT = {"font_name": "Times New Roman", "font_size": 11}
"""The typeface of official documents (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

WRAPPED = {"text_wrap": True, "valign": "vcenter"}
CENTRED = {**WRAPPED, "align": "center"}
LINE, SHADE, PALE = "#8C8C8C", "#E7ECF2", "#F4F6F9"
BOXED = {"text_wrap": True, "valign": "top", "border": 1, "border_color": LINE}
LINKED = {"font_color": "#1F4E79", "underline": 1}

NAMED: dict[str, dict[str, Any]] = {
    "plain": WRAPPED,
    "bold": {**WRAPPED, "bold": True},
    "italic": {**WRAPPED, "italic": True},
    "centre": CENTRED,
    "centre bold": {**CENTRED, "bold": True},
    "centre italic": {**CENTRED, "italic": True},
    "document": {**CENTRED, "bold": True, "font_size": 14},
    "title": {**WRAPPED, "bold": True, "font_size": 12},
    "unit": {**WRAPPED, "italic": True, "align": "right"},
    "link": {"valign": "vcenter", **LINKED},
    "head": {**CENTRED, "bold": True, "border": 1, "border_color": LINE, "bg_color": SHADE},
    "boxed": BOXED,
    "boxed link": {**BOXED, **LINKED},
}
"""The styles of everything but the tables' cells."""

LEVELS: dict[str, dict[str, Any]] = {
    "normal": {},
    "detail": {"italic": True},
    "group": {"bold": True, "bg_color": PALE},
    "total": {"bold": True, "bg_color": SHADE, "top": 2},
}

SIDES = ("left", "right")


class Styles:
    """Gives a workbook's formats by what they are for."""

    def __init__(self, book: Workbook) -> None:
        """Begin without any."""
        self._book = book
        self._made: dict[Any, Format] = {}

    def named(self, name: str, *, quoted: bool = False) -> Format:
        """Return one of the named styles; `quoted` keeps a text from becoming a formula."""
        return self._format(("named", name, quoted), NAMED[name], quoted)

    def cell(
        self,
        level: str,
        *,
        right: bool = False,
        indent: int = 0,
        number: str = "",
        open_sides: tuple[bool, bool] = (False, False),
        quoted: bool = False,
    ) -> Format:
        """Return the style of a table's cell.

        Args:
            level: The level of its row.
            right: Whether it stands at the right, as numbers do.
            indent: How far its text is set in.
            number: Its number format.
            open_sides: Whether a text runs on over the line at its left, at its right.
            quoted: Whether its text must never become a formula.
        """
        key = (level, right, indent, number, open_sides, quoted)
        if key in self._made:
            return self._made[key]
        wanted: dict[str, Any] = {"border": 1, "border_color": LINE, "valign": "top"}
        wanted |= LEVELS[level]
        wanted["text_wrap"] = not (right or any(open_sides))
        wanted |= {side: 0 for side, is_open in zip(SIDES, open_sides, strict=True) if is_open}
        wanted["align"] = "right" if right else "left"
        if indent:
            wanted["indent"] = indent
        if number:
            wanted["num_format"] = number
        return self._format(key, wanted, quoted)

    def _format(self, key: Any, wanted: dict[str, Any], quoted: bool) -> Format:
        if key not in self._made:
            made = self._book.add_format(wanted)
            if quoted:
                made.set_quote_prefix()
            self._made[key] = made
        return self._made[key]

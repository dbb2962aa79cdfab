"""How sheets are set up for paper, and texts put on them so that none becomes a formula."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from helpers.brief.excel.formats import Styles
from helpers.brief.excel.values import LONGEST, is_risky
from helpers.brief.excel.widths import height

__all__ = ["lay_page", "lay_text", "put"]

A4 = 9
MARGINS = {"left": 0.8, "right": 0.6, "top": 0.9, "bottom": 0.8}
"""In inches: 2 cm at the left, for the binding."""

RUNNING = 150
"""The title above each page is cut after so many signs: Excel allows 255 with their codes."""


def put(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write a text as a text, whatever it begins with; Excel takes no more than 32.767 signs."""
    if text:
        kept = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        sheet.write_string(row, column, kept, style)
    else:
        sheet.write_blank(row, column, None, style)


def lay_text(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    text: str,
    name: str,
    widths: Sequence[float],
    *,
    larger: float = 1.0,
) -> int:
    """Write a text over the whole width of a sheet; return the row below it."""
    style = styles.named(name, quoted=is_risky(text))
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", style)
    put(sheet, row, 0, text, style)
    sheet.set_row(row, height(text, sum(widths), larger=larger))
    return row + 1


def lay_page(
    sheet: Worksheet, title: str, *, landscape: bool = False, single: bool = False
) -> None:
    """Set a sheet up for A4: one page wide, the document above, the page's number below.

    A `single` sheet is set a little smaller where that keeps it on one page.
    """
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, int(single))
    sheet.hide_gridlines(2)
    if landscape:
        sheet.set_landscape()
    kept = title if len(title) <= RUNNING else title[:RUNNING].rsplit(" ", 1)[0] + " …"
    above = kept.replace("&", "&&")
    sheet.set_header(f'&L&"Times New Roman,Italic"&9 {above}&R&"Times New Roman,Italic"&9 &A')
    sheet.set_footer('&C&"Times New Roman,Regular"&10 &P/&N')

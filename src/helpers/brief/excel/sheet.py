"""One table of a document on a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell as named
from xlsxwriter.worksheet import Worksheet

from helpers.brief.excel.differences import differences
from helpers.brief.excel.formats import Styles
from helpers.brief.excel.paper import lay_page, lay_text, put
from helpers.brief.excel.sums import Place, sums, without_circles
from helpers.brief.excel.values import Shown, date_format, is_risky, number_format, shown
from helpers.brief.excel.widths import PAGE, fitted, height, high, lines
from helpers.brief.markdown import Node
from helpers.brief.table import Cell, Table
from helpers.language import language

__all__ = ["lay_table"]

FROZEN = 45.0
"""Leading columns of texts stay in sight while they are together no wider than so many digits."""

PRESSED = PAGE[False] * 1.15
"""A wider table lies; one that is hardly wider than an upright page is set smaller instead."""

HIGH = {False: 690.0, True: 440.0}
"""The height of a page upright and lying, in points."""

SPARE = 1.35
"""A sheet so much higher than a page is set smaller instead of leaving a few rows for the next."""

FILTERED = 8
"""A table of fewer rows needs no filter."""

HARMLESS = ("number_stored_as_text", "formula_range")
"""What Excel would mark with a triangle though it is meant: codes and years as texts, sums that
leave out the rows between groups."""

ARGUMENTS = 255
"""Excel takes no more arguments in one SUM."""


def lay_table(
    sheet: Worksheet, styles: Styles, node: Node, table: Table, *, title: str, contents: str
) -> None:
    """Lay a table out: title, unit, head, values, and what stands under it.

    Args:
        sheet: The empty sheet.
        styles: The workbook's formats.
        node: The table as the document lays it out.
        table: The same table with its exact values.
        title: The document's title, for the head of each printed page.
        contents: The name of the sheet with the contents.
    """
    texts = [row["cells"] for row in node["rows"]]
    columns = list(zip(*texts, strict=True)) or [()] * len(table.columns)
    landscape = node["landscape"] or _is_wide(node, columns)
    widths = fitted(node["header"], _unspilled(node, columns), node["whole"], landscape)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    back = f"← {contents}"
    sheet.write_url(0, 0, f"internal:'{contents}'!A1", styles.named("link"), back)
    above = ((_heading(node), "title"), (node["unit"], "unit"))
    under = tuple((node[part], "italic") for part in ("note", "source", "marks"))
    row = _lay_texts(sheet, styles, 1, above, widths)
    first, tall = _lay_head(sheet, styles, node, row, widths)
    tall += _lay_heights(sheet, node, first, widths)
    tall += sum(height(text, sum(widths)) for text, _ in (*above, *under) if text)
    last = _lay_values(sheet, styles, node, table, first)
    below = _lay_texts(sheet, styles, last + 2, under, widths)
    sheet.freeze_panes(first, _frozen(node, widths))
    sheet.repeat_rows(row, first - 1)
    sheet.print_area(1, 0, below - 1 if any(text for text, _ in under) else last, len(widths) - 1)
    sheet.ignore_errors(dict.fromkeys(HARMLESS, f"A1:{named(max(last, 1), len(widths) - 1)}"))
    end = _filtered(node)
    if end:
        sheet.autofilter(first - 1, 0, first + end - 1, len(widths) - 1)
    smaller = min(1.0, PAGE[landscape] / sum(widths))
    lay_page(sheet, title, landscape=landscape, single=tall * smaller <= HIGH[landscape] * SPARE)


def _heading(node: Node) -> str:
    return " ".join(part for part in (node["label"], node["title"]) if part)


def _unspilled(node: Node, columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return the columns' texts without those that run on over empty cells."""
    if not columns:
        return []
    first = [
        "" if row["span"] > 1 else text for row, text in zip(node["rows"], columns[0], strict=False)
    ]
    return [first, *columns[1:]]


def _is_wide(node: Node, columns: Sequence[Sequence[str]]) -> bool:
    """Say whether a table is too wide for an upright page even when its texts are pressed."""
    return sum(fitted(node["header"], _unspilled(node, columns), node["whole"], False)) > PRESSED


def _lay_texts(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    texts: Sequence[tuple[str, str]],
    widths: Sequence[float],
) -> int:
    """Write the texts that there are, each with its style, in rows of their own."""
    for text, name in texts:
        if text:
            row = lay_text(sheet, styles, row, text, name, widths)
    return row


def _lay_heights(sheet: Worksheet, node: Node, first: int, widths: Sequence[float]) -> float:
    """Give the rows whose texts wrap the height for them; return the height of all rows."""
    whole = node["whole"]
    everything = 0.0
    for at, row in enumerate(node["rows"], start=first):
        cells = zip(row["cells"], widths, whole, strict=True)
        wrapped = list(cells)[row["span"] if row["span"] > 1 else 0 :]
        need = max((lines(text, width) for text, width, stays in wrapped if not stays), default=1)
        if need > 1:
            sheet.set_row(at, high(need))
        everything += high(need)
    return everything


def _lay_head(
    sheet: Worksheet, styles: Styles, node: Node, top: int, widths: Sequence[float]
) -> tuple[int, float]:
    """Write the tree of headers with its merged cells; return the row below it and its height."""
    depth = len(node["header"])
    heights = [0.0] * depth
    for level, cells in enumerate(node["header"]):
        for cell in cells:
            at, right, rows = cell["column"], cell["column"] + cell["columns"] - 1, cell["rows"]
            style = styles.named("head", quoted=is_risky(cell["text"]))
            if rows > 1 or right > at:
                sheet.merge_range(top + level, at, top + level + rows - 1, right, "", style)
            put(sheet, top + level, at, cell["text"], style)
            share = height(cell["text"], sum(widths[at : right + 1]), larger=1.05) / rows
            for below in range(level, level + rows):
                heights[below] = max(heights[below], share)
    for level, need in enumerate(heights):
        sheet.set_row(top + level, need + 4)
    return top + depth, sum(heights)


def _lay_values(sheet: Worksheet, styles: Styles, node: Node, table: Table, first: int) -> int:
    """Write the rows, sums as formulas; return the last one."""
    formulas = _formulas(table, first)
    indents = _indents(node)
    for at, (row, laid) in enumerate(zip(table.rows, node["rows"], strict=True)):
        span = laid["span"]
        for column, (value, text) in enumerate(zip(row.cells, laid["cells"], strict=True)):
            model = table.columns[column]
            stored = shown(value, model)
            style = styles.cell(
                row.level,
                right=model.numeric,
                indent=indents[column] + (row.level == "detail" and column == 0),
                number=_number_format(model.kind, value, stored),
                open_sides=(0 < column < span, column < span - 1),
                quoted=stored is None and is_risky(text),
            )
            formula = formulas.get((at, column), "")
            _lay_value(sheet, (first + at, column), stored, text, formula, style)
    return first + len(table.rows) - 1


def _indents(node: Node) -> list[int]:
    """Return how far each column's texts are set in: those beside numbers, not to touch them."""
    numeric = node["numeric"]
    return [int(at > 0 and numeric[at - 1] and not right) for at, right in enumerate(numeric)]


def _number_format(kind: str, value: Cell, stored: Shown) -> str:
    """Return the number format that shows a value as the column's text does."""
    if isinstance(stored, tuple):
        kind = "number" if kind == "text" and not isinstance(value, int) else kind
        nought = -0.5 < stored[0] * 10 ** stored[1] < 0
        return number_format(kind, stored[1], language(), nought=nought)
    return date_format(language()) if stored else ""


def _lay_value(
    sheet: Worksheet, place: Place, stored: Shown, text: str, formula: str, style: Format
) -> None:
    """Write one cell: a formula with its value, a number, a date, or else its text."""
    if isinstance(stored, tuple):
        if formula:
            sheet.write_formula(*place, formula, style, stored[0])
        else:
            sheet.write_number(*place, stored[0], style)
    elif stored:
        sheet.write_datetime(*place, stored, style)
    else:
        put(sheet, *place, text, style)


def _formulas(table: Table, first: int) -> dict[Place, str]:
    """Return the formulas of the cells that follow from others; a sum goes before a difference."""
    summed, parted = sums(table), differences(table)
    behind = {place: (*added, *taken) for place, (added, taken) in parted.items()}
    found = {}
    for place in without_circles(summed | {p: b for p, b in behind.items() if p not in summed}):
        sides = [summed[place]] if place in summed else parted[place]
        told = [_side(table, side, first, alone=place not in summed) for side in sides]
        found[place] = f"={'-'.join(told)}" if all(told) else ""
    return found


def _side(table: Table, addends: Sequence[Place], first: int, *, alone: bool) -> str:
    """Return the sum of the cells, neighbours as ranges; none where it is too long.

    `alone` names a single cell without a sum around it.
    """
    ranges = [
        named(first + top, left)
        if (top, left) == (bottom, right)
        else f"{named(first + top, left)}:{named(first + bottom, right)}"
        for (top, left), (bottom, right) in _runs(table, addends)
    ]
    if alone and len(addends) == 1:
        return ranges[0]
    return f"SUM({','.join(ranges)})" if len(ranges) <= ARGUMENTS else ""


def _runs(table: Table, addends: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Yield the first and last cell of each run; cells without a value do not part it."""
    begun = before = addends[0]
    for place in addends[1:]:
        between = [
            (row, column)
            for row in range(before[0], place[0] + 1)
            for column in range(before[1], place[1] + 1)
        ][1:-1]
        if any(table.rows[row].cells[column] not in (None, "") for row, column in between):
            yield begun, before
            begun = place
        before = place
    yield begun, before


def _frozen(node: Node, widths: Sequence[float]) -> int:
    """Return how many leading columns of texts stay in sight."""
    texts = next((at for at, numeric in enumerate(node["numeric"]) if numeric), 1)
    for count in range(min(texts, 2), 0, -1):
        if sum(widths[:count]) <= FROZEN and count < len(widths):
            return count
    return 0


def _filtered(node: Node) -> int:
    """Return how many rows a filter may cover: those of one level, any total below them left out.

    A filter over groups would part them from their rows, and a head of several rows has no one row
    to carry it.
    """
    levels = [row["level"] for row in node["rows"]]
    while levels and levels[-1] == "total":
        levels.pop()
    plain = len(node["header"]) == 1 and set(levels) == {"normal"}
    return len(levels) if plain and len(levels) >= FILTERED else 0

"""The sheets before the tables: cover, contents, and notes with the legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from helpers.brief.excel.formats import Styles
from helpers.brief.excel.paper import lay_page, lay_text, put
from helpers.brief.excel.values import is_risky
from helpers.brief.excel.widths import height
from helpers.brief.markdown import Node, plain
from helpers.language import say

__all__ = ["Entry", "entries", "lay_contents", "lay_cover", "lay_notes", "legend"]

HALVES = [44.0, 50.0]
CONTENTS = [12.0, 56.0, 24.0, 44.0]
NOTES = [10.0, 64.0, 28.0, 32.0]


@dataclass(frozen=True)
class Entry:
    """A table as the contents name it: its node, the section it stands in, its sheet."""

    node: Node
    section: str
    sheet: str


def entries(told: Node, sheets: Sequence[str]) -> list[Entry]:
    """Return the tables of a document in order, each with the heading above it."""
    found = []
    names = iter(sheets)
    for part in (told["body"], *told["annexes"]):
        section = ""
        for node in part:
            if node["type"] == "annex":
                section = ". ".join(text for text in (node["label"], node["title"]) if text)
            elif node["type"] == "heading" and node["level"] == 2:
                section = plain(node["spans"])
            elif node["type"] == "table":
                found.append(Entry(node, section, next(names)))
    return found


def lay_cover(sheet: Worksheet, styles: Styles, told: Node, links: Sequence[str]) -> None:
    """Lay out who issues what and when, what it has to confess, and where to go on."""
    for column, width in enumerate(HALVES):
        sheet.set_column(column, column, width)
    head = told["head"]
    row = _lay_head(sheet, styles, head, told["labels"]) if head else 0
    row += 2
    if head:
        kind = head["kind"].upper()
        row = lay_text(sheet, styles, row, kind, "document", HALVES, larger=1.3)
        row = lay_text(sheet, styles, row, head["subject"], "document", HALVES, larger=1.3)
    else:
        row = lay_text(sheet, styles, row, told["title"], "document", HALVES, larger=1.3)
    annexed = say("Phụ lục số liệu (sổ tính Excel)")
    row = lay_text(sheet, styles, row, annexed, "centre italic", HALVES) + 1
    if told["notice"]:
        notice = f"{told['labels']['notice']} {told['notice']}"
        row = lay_text(sheet, styles, row, notice, "bold", HALVES) + 1
    for name in links:
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.named("link"), name)
        row += 1
    sheet.print_area(0, 0, row - 1, len(HALVES) - 1)
    lay_page(sheet, told["title"])


def _lay_head(sheet: Worksheet, styles: Styles, head: Node, labels: Node) -> int:
    """Write the two sides of a document's head, names in capitals; return the row below it."""
    number = head["number"] or "…"
    symbol = f"/{head['symbol']}" if head["symbol"] else ""
    numbered = head["symbol"] or head["number"]
    issuer = " ".join(head["issuer"]).upper()
    left = [
        *([(head["parent"].upper(), "centre")] if head["parent"] else []),
        (issuer, "centre bold"),
        *([(f"{labels['number']} {number}{symbol}", "centre")] if numbered else []),
    ]
    right = [
        (labels["nation"].upper(), "centre bold"),
        (labels["motto"], "centre bold"),
        (head["day"], "centre italic"),
    ]
    for column, side in enumerate((left, right)):
        for row, (text, name) in enumerate(side):
            put(sheet, row, column, text, styles.named(name, quoted=is_risky(text)))
    return max(len(left), len(right))


def lay_contents(
    sheet: Worksheet, styles: Styles, told: Node, found: Sequence[Entry], name: str
) -> None:
    """Lay out one row for each table, with a link to its sheet."""
    labels = (
        _label(told, "table"),
        say("Tên bảng"),
        _label(told, "unit"),
        say("Thuộc phần"),
    )
    first = _lay_list(sheet, styles, told, name, CONTENTS, labels)
    for row, entry in enumerate(found, start=first):
        cells = (
            entry.sheet,
            entry.node["title"],
            entry.node["unit"].rpartition(": ")[2],
            entry.section,
        )
        sheet.write_url(
            row, 0, f"internal:'{entry.sheet}'!A1", styles.named("boxed link"), entry.sheet
        )
        _lay_row(sheet, styles, row, cells, CONTENTS, start=1)
    sheet.print_area(0, 0, max(first + len(found) - 1, first), len(CONTENTS) - 1)


def lay_notes(
    sheet: Worksheet, styles: Styles, told: Node, found: Sequence[Entry], name: str
) -> None:
    """Lay out what stands under each table, then how the sheets are to be read."""
    labels = tuple(_label(told, key) for key in ("table", "note", "source", "marks"))
    row = _lay_list(sheet, styles, told, name, NOTES, labels)
    for entry in found:
        node = entry.node
        cells = (
            entry.sheet,
            node["note"].removeprefix(told["labels"]["note"]).strip(),
            node["source"].removeprefix(told["labels"]["source"]).strip(),
            node["marks"],
        )
        sheet.write_url(
            row, 0, f"internal:'{entry.sheet}'!A1", styles.named("boxed link"), entry.sheet
        )
        _lay_row(sheet, styles, row, cells, NOTES, start=1)
        row += 1
    row = lay_text(sheet, styles, row + 1, say("Cách đọc các bảng"), "title", NOTES, larger=1.1)
    for line in legend():
        row = lay_text(sheet, styles, row, line, "plain", NOTES)
    sheet.print_area(0, 0, row - 1, len(NOTES) - 1)


def legend() -> Iterator[str]:
    """Yield how the tables' sheets are to be read."""
    yield say(
        "Số tiền ghi bằng triệu đồng, dấu chấm phân cách hàng nghìn, dấu phẩy phân cách phần "
        "thập phân (603.736 là 603.736 triệu đồng); phần lẻ chỉ hiện khi có."
    )
    yield say("Tỷ lệ, tỷ trọng ghi theo phần trăm, hai chữ số thập phân (4,16 là 4,16%).")
    yield say(
        "Tổng, chênh lệch và số còn lại là công thức khi cộng, trừ các ô trong bảng ra đúng số đó; "
        "số khác và tỷ lệ là số ghi sẵn."
    )
    yield say(
        "Dòng tổng: chữ đậm, nền xám, kẻ đậm phía trên; dòng nhóm: chữ đậm; dòng chi tiết: chữ "
        "nghiêng, lùi vào."
    )
    yield say("“–”: không có số liệu. “…”: số nhỏ không công bố, không cộng được từ các ô.")


def _label(told: Node, key: str) -> str:
    """Return one of the document's constant words as a column's head."""
    return str(told["labels"][key]).rstrip(":")


def _lay_list(
    sheet: Worksheet,
    styles: Styles,
    told: Node,
    name: str,
    widths: list[float],
    labels: Sequence[str],
) -> int:
    """Begin a sheet that lists the tables; return the row of the first."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = lay_text(sheet, styles, 0, name, "title", widths, larger=1.1) + 1
    for column, label in enumerate(labels):
        put(sheet, row, column, label, styles.named("head"))
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(row)
    lay_page(sheet, told["title"], landscape=True)
    return row + 1


def _lay_row(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    cells: Sequence[str],
    widths: Sequence[float],
    *,
    start: int,
) -> None:
    """Write the texts of a row in boxes from a column on, the row as high as they need."""
    for column, text in enumerate(cells[start:], start=start):
        put(sheet, row, column, text, styles.named("boxed", quoted=is_risky(text)))
    sheet.set_row(row, max(height(text, w) for text, w in zip(cells, widths, strict=True)))

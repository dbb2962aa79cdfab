"""Tables of numbers: merged heads that repeat, rows that stay whole, columns of fixed width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpers.brief.markdown import Node
from helpers.brief.word.markup import (
    TEXT_TALL,
    TEXT_WIDE,
    cell,
    codes_unbroken,
    grid,
    paragraph,
    quoted,
    run,
    shares,
    unbroken,
)
from helpers.brief.word.measure import bold_width
from helpers.brief.word.parts import Parts
from helpers.brief.word.text import caption, under

__all__ = ["number_table"]

SHORT = {(False, False): 18, (False, True): 10, (True, False): 30, (True, True): 20}
"""A table of at most so many lines is kept on one page: dense or not, lying or not."""

LAST = 3
"""So many rows at a table's end stay together, so that a total never stands alone on a page."""

LOOK = (
    '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
    'w:noHBand="1" w:noVBand="1"/>'
)
LEVELS = {
    "group": "<w:b/><w:bCs/>",
    "total": "<w:b/><w:bCs/>",
    "detail": "<w:i/><w:iCs/>",
}
TOTAL = (
    '<w:tcBorders><w:top w:val="single" w:sz="12" w:space="0" w:color="auto"/></w:tcBorders>'
    '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
)
APART = 24
"""So many points at least part a unit of measurement from the title on whose line it stands."""

MIDDLE = '<w:vAlign w:val="center"/>'
KEEP = "<w:keepNext/>"


@dataclass(frozen=True)
class _Frame:
    """What all cells of a table share."""

    widths: list[int]
    size: int
    keep: str

    def paragraph(self, kind: str, content: str, keep: str) -> str:
        """Return a cell's paragraph in the style for its kind and size."""
        return paragraph(f"{kind}{self.size}", content, keep)


def number_table(node: Node, parts: Parts) -> Iterator[str]:
    """Yield a table with its caption, its unit, and what stands below it."""
    short = node["lines"] <= SHORT[node["dense"], node["landscape"]]
    room = TEXT_WIDE if node["landscape"] else TEXT_TALL
    size = round(node["size"] * 2)
    parts.sizes.add(size)
    frame = _Frame(shares(node["widths"], room), size, KEEP if short else "")
    title, unit = " ".join(filter(None, (node["label"], node["title"]))), node["unit"]
    beside = bold_width(title, 11.5) + bold_width(unit, 10.5) + APART <= room / 20
    if title:
        yield caption(node, parts, end=unit if beside else "", room=room)
    if unit and not (title and beside):
        yield paragraph("DonViTinh", run(unit))
    style = "BangSoLieuNho" if node["dense"] else "BangSoLieu"
    rows = [*_head(node, frame), *_body(node, frame)]
    yield grid(style, frame.widths, rows, look=LOOK, told=_told(node))
    yield from list(under(node)) or [paragraph("KhoangCach")]


def _told(node: Node) -> str:
    """Return a table's title and what it holds, for those who hear it."""
    title = " ".join(filter(None, (node["label"], node["title"])))
    labels = "; ".join(c["text"] for row in node["header"] for c in row if c["text"])
    holds = ". ".join(filter(None, (node["unit"], labels)))
    return f'<w:tblCaption w:val="{quoted(title)}"/><w:tblDescription w:val="{quoted(holds)}"/>'


def _head(node: Node, frame: _Frame) -> Iterator[str]:
    """Yield the rows of the head; a cell over several rows goes on, empty, in those below."""
    going: dict[int, tuple[int, int]] = {}  # column → columns, rows still to come
    for row in node["header"]:
        own = {told["column"]: told for told in row}
        cells, at = [], 0
        while at < len(frame.widths):
            if at in own:
                told = own[at]
                columns, more, words = (
                    told["columns"],
                    told["rows"] - 1,
                    run(codes_unbroken(told["text"])),
                )
                merged = '<w:vMerge w:val="restart"/>' if more else ""
            else:
                columns, left = going.get(at, (1, 1))
                more, words, merged = left - 1, "", "<w:vMerge/>" if at in going else ""
            going.pop(at, None)
            if more:
                going[at] = columns, more
            span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
            content = frame.paragraph("ODauBang", words, KEEP)
            width = sum(frame.widths[at : at + columns])
            cells.append(cell(width, content, span + merged + MIDDLE))
            at += columns
        yield f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _body(node: Node, frame: _Frame) -> Iterator[str]:
    rows, whole = node["rows"], node["whole"]
    kinds = ["OSo" if numeric else "OChu" for numeric in node["numeric"]]
    followed = bool(node["note"] or node["source"] or node["marks"])
    for left, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True):
        keep = KEEP if left < LAST else frame.keep
        if left == 0 and not followed:
            keep = ""
        style, shade = LEVELS.get(row["level"], ""), TOTAL if row["level"] == "total" else ""
        cells = []
        for at, text in enumerate(row["cells"]):
            if 0 < at < row["span"]:
                continue
            runs_on = at == 0 and row["span"] > 1
            words = unbroken(text) if whole[at] and not runs_on else codes_unbroken(text)
            content = frame.paragraph(kinds[at], run(words, style), keep)
            if runs_on:
                width = sum(frame.widths[: row["span"]])
                cells.append(cell(width, content, f'<w:gridSpan w:val="{row["span"]}"/>{shade}'))
            else:
                cells.append(cell(frame.widths[at], content, shade))
        yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"

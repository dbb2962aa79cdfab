"""One block as the plain nodes that writers lay out: words chosen, numbers given, unstyled."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.brief.blocks import (
    Block,
    Figure,
    FigureRow,
    KeyFigures,
    Series,
    Text,
    check_marks,
)
from helpers.brief.columns import fitted
from helpers.brief.markdown import Node, clean, parse
from helpers.brief.svg import sanitise
from helpers.brief.table import Column, Row, Table
from helpers.language import say
from helpers.legible import clean_lines
from helpers.marks import Mark

__all__ = ["Preformatted", "nodes_of"]

MARK_NOTES: dict[Mark, str] = {
    "illustrative": "Số liệu minh họa, không phải số chính thức.",
    "unverified": "Có tham số chưa kiểm chứng.",
    "secondary": "Có số từ nguồn thứ cấp, chưa đối chiếu.",
}
"""What stands under a marked table or figure."""


@dataclass(frozen=True)
class Preformatted(Block):
    """Text that an ordinary notebook printed, kept line by line."""

    type_name = "preformatted"

    text: str


def nodes_of(block: Block, ids: Iterator[str]) -> list[Node]:
    """Return one block as nodes, not yet numbered; each drawing takes the next of the ids."""
    if isinstance(block, Text):
        return [_as_table(node) for node in parse(block.markdown)] + _marks_line(block.marks)
    if isinstance(block, Table):
        return [_table(block)]
    if isinstance(block, Figure):
        return [_figure(block, next(ids))]
    if isinstance(block, FigureRow):
        figures = [_figure(figure, next(ids)) for figure in block.figures]
        return [{"type": "figure_row", "figures": figures, **_under_row(block, figures)}]
    if isinstance(block, KeyFigures):
        items = [
            {"value": clean(i.value), "label": clean(i.label), "remark": clean(i.remark)}
            for i in block.items
        ]
        return [{"type": "key_figures", "items": items, "marks": _mark_notes(block.marks)}]
    if isinstance(block, Preformatted):
        return [{"type": "code", "lines": [clean(line) for line in block.text.splitlines()]}]
    if isinstance(block, Series):
        return [node for part in block.blocks for node in nodes_of(part, ids)]
    return []


def _mark_notes(marks: Sequence[Mark]) -> str:
    return " ".join(say(MARK_NOTES[mark]) for mark in marks)


def _marks_line(marks: Sequence[Mark]) -> list[Node]:
    return [{"type": "marks", "text": _mark_notes(marks)}] if marks else []


def _under(block: Table | Figure) -> dict[str, str]:
    """Return what stands below a table or figure: note, source, and the marks in words."""
    return {
        "note": _begun(clean(block.note), say("Ghi chú:")),
        "source": _begun(clean(block.source), say("Nguồn:")),
        "marks": _mark_notes(block.marks),
    }


def _under_row(row: FigureRow, figures: Sequence[Node]) -> dict[str, str]:
    """Return what stands below figures side by side: their sources and marks, each once."""
    label = say("Nguồn:")
    sources = (figure["source"].removeprefix(label).strip(" .") for figure in figures)
    named = "; ".join(dict.fromkeys(filter(None, sources)))
    marks = check_marks({mark for figure in row.figures for mark in figure.marks})
    return {"source": f"{label} {named}." if named else "", "marks": _mark_notes(marks)}


def _begun(text: str, label: str) -> str:
    """Return the text with the label in front, unless it begins with it already."""
    begins = text.lower().startswith(label.rstrip(":").lower())
    return text if begins or not text else f"{label} {text}"


def _figure(figure: Figure, prefix: str) -> Node:
    drawing = sanitise(figure.svg, prefix)
    return {
        "type": "figure",
        "label": "",
        "id": "",
        "title": clean(figure.title),
        "alt": clean(figure.alt),
        "svg": drawing.markup,
        "width": drawing.width,
        "height": drawing.height,
        **_under(figure),
    }


def _span(row: Row, cells: Sequence[str]) -> int:
    """Return over how many columns the first cell of a row runs."""
    if row.level != "group" or not cells[0]:
        return 1
    return 1 + sum(1 for _ in itertools.takewhile(lambda text: not text, cells[1:]))


def _table(table: Table) -> Node:
    texts = [[clean_lines(text) for text in row] for row in table.texts()]
    header = [
        [
            {"text": clean(c.text), "column": c.column, "columns": c.columns, "rows": c.rows}
            for c in row
        ]
        for row in table.header_rows()
    ]
    spanned = [_span(row, cells) for row, cells in zip(table.rows, texts, strict=True)]
    measured = [
        cells if span == 1 else ["", *cells[1:]] for cells, span in zip(texts, spanned, strict=True)
    ]
    whole = [column.numeric or column.whole for column in table.columns]
    fit = fitted(
        header,
        measured,
        whole,
        [column.width for column in table.columns],
        landscape=table.landscape,
        dense=table.dense,
    )
    singles = fit.pop("single")
    return {
        "type": "table",
        "label": "",
        "id": "",
        "title": clean(table.title),
        "unit": clean(table.unit),
        "header": header,
        "numeric": [column.numeric for column in table.columns],
        "whole": whole,
        "rows": [
            {"level": row.level, "cells": cells, "span": span, "single": single and span == 1}
            for row, cells, span, single in zip(table.rows, texts, spanned, singles, strict=True)
        ],
        "landscape": table.landscape,
        "dense": table.dense,
        **fit,
        **_under(table),
    }


def _as_table(node: Node) -> Node:
    """Return a Markdown table as the table model would give it, without title and number."""
    if node["type"] != "plain_table":
        return node
    columns = tuple(
        Column(str(i), label, "number" if right else "text")
        for i, (label, right) in enumerate(zip(node["labels"], node["numeric"], strict=True))
    )
    rows = tuple(Row(tuple(cells)) for cells in node["rows"])
    return {**_table(Table("", columns, rows)), "type": "simple_table"}

"""Make one district's brief in memory once, so that the briefs forked later need not learn how.

The first figure of a process loads typefaces, the first block compiles the templates, and every
table has to be read: all of that is the same for each brief. Nothing is written, and nothing of it
counts as read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from helpers.brief import figures, narrative, tables
from helpers.brief.blocks import Block, FigureRow, Text
from helpers.brief.document import Document
from helpers.brief.html import write_html
from helpers.brief.reader import Brief
from helpers.data.published import warm
from helpers.reads import unnoted

__all__ = ["rehearse"]


def rehearse(folder: Path, several: bool) -> None:
    """Read the tables of a folder of reports; for several briefs make the parts of one, too."""
    warm(folder)
    if not several:
        return
    with unnoted():
        brief = Brief("", folder)
        first, *_ = brief.table("capital_by_district").records("district_code")
        blocks = tuple(_blocks(brief, first["district_code"]))
        for block in blocks:
            block._repr_mimebundle_()
        write_html(Document(None, blocks))


def _blocks(brief: Brief, code: str) -> Iterator[Block]:
    """Yield what the brief of a district shows."""
    yield brief.header("…")
    yield narrative.district_numbers(brief, code)
    for text in (
        narrative.district_capital_sentence,
        narrative.district_counterpart_sentence,
        narrative.district_comparison_sentence,
        narrative.district_targets_sentence,
    ):
        yield Text(text(brief, code))
    for headed in (narrative.communes_paragraph, narrative.district_forecast):
        yield Text(headed(brief, code, ""))
    for table in (
        tables.district_capital_table,
        tables.district_comparison_table,
        tables.rates_table,
        tables.worksheet_table,
        tables.shares_table,
        tables.commune_tables,
    ):
        yield table(brief, code)
    for annex in (tables.district_register_tables, tables.communes_table):
        yield annex(brief, code, "### Mục")
    yield tables.district_remarks_table(
        brief,
        code,
        {
            "Cảnh báo": narrative.district_warnings(brief, code, ""),
            "Diễn biến": narrative.district_flow_paragraph(brief, code, ""),
            "Thiếu hụt": narrative.district_needs_paragraph(brief, code, ""),
            "Số nhỏ": narrative.district_disclosure_note(brief, code),
            "Số liệu": narrative.data_paragraph(brief),
        },
    )
    yield from _figures(brief, code)


def _figures(brief: Brief, code: str) -> Iterator[Block]:
    trend, place = figures.district_trend(brief, code), figures.district_place(brief, code)
    yield FigureRow((trend, place))
    lacks = figures.district_lacks(brief, code, most=4)
    yield figures.beside(figures.year_flow(brief, code), lacks)

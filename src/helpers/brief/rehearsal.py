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
        narrative.district_disclosure_note,
    ):
        yield Text(text(brief, code))
    for headed in (
        narrative.district_warnings,
        narrative.district_flow_paragraph,
        narrative.district_forecast,
        narrative.communes_paragraph,
        narrative.district_needs_paragraph,
    ):
        yield Text(headed(brief, code, "### Mục"))
    yield Text(narrative.data_paragraph(brief))
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
        yield annex(brief, code, "## Phụ lục")
    yield from _figures(brief, code)


def _figures(brief: Brief, code: str) -> Iterator[Block]:
    capital, rates = brief.table("capital_by_district"), brief.table("poverty_rates")
    trend = figures.district_trend(rates, brief.table("forecast"), capital, code)
    yield FigureRow((trend, figures.district_place(brief.table("targets"), code)))
    yield figures.district_flows(brief.table("flows"), brief.table("rate_moves"), code)
    needs, profile = brief.table("deprivations"), brief.table("poor_profile")
    yield figures.district_needs(needs, profile, capital, code)

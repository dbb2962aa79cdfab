"""What the briefs that come in two languages print, block by block, for the tests of language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from helpers.brief import narrative, tables
from helpers.brief.blocks import Block, Series, Text
from helpers.brief.reader import Brief
from helpers.language import SOURCE, learn, speaking

__all__ = ["district", "in_language", "province"]

HEADING = "### 2. Diễn biến trong năm"


@contextmanager
def in_language(brief: Brief, code: str) -> Iterator[Brief]:
    """Speak a language as a notebook does that opens the brief in it."""
    learn(brief.facts("english") if code != SOURCE else {})
    try:
        with speaking(code):
            yield replace(brief, language=code)
    finally:
        learn({})


def province(brief: Brief) -> Iterator[Block]:
    """Yield the blocks of the province's brief."""
    yield brief.header(brief.province)
    yield narrative.province_numbers(brief)
    for said in (
        narrative.capital_sentence,
        narrative.placement_sentence,
        narrative.groups_paragraph,
        narrative.targets_summary,
        narrative.risk_list,
        narrative.comparison_paragraph,
        narrative.rules_comparison_paragraph,
        narrative.warnings_list,
        narrative.data_paragraph,
    ):
        yield Text(said(brief))
    for headed in (
        narrative.flow_paragraph,
        narrative.forecast_paragraph,
        narrative.deprivation_paragraph,
    ):
        yield Text(headed(brief, HEADING))
    yield tables.projects_table(brief)
    yield tables.targets_table(brief)


def district(brief: Brief, code: str) -> Iterator[Block]:
    """Yield the blocks of a district's brief, those of its workbook among them."""
    yield brief.header(brief.district_name(code))
    yield narrative.district_numbers(brief, code)
    for said in (
        narrative.district_capital_sentence,
        narrative.district_counterpart_sentence,
        narrative.district_comparison_sentence,
        narrative.district_targets_sentence,
        narrative.district_disclosure_note,
    ):
        yield Text(said(brief, code))
    for headed in (
        narrative.district_flow_paragraph,
        narrative.district_forecast,
        narrative.communes_paragraph,
        narrative.district_needs_paragraph,
        narrative.district_warnings,
    ):
        yield Text(headed(brief, code, HEADING))
    for table in (
        tables.district_capital_table,
        tables.rates_table,
        tables.worksheet_table,
        tables.shares_table,
        tables.commune_tables,
        tables.district_comparison_table,
    ):
        yield from _blocks(table(brief, code))
    for annex in (tables.communes_table, tables.district_register_tables):
        yield from _blocks(annex(brief, code, "## Phụ lục III. Hộ nghèo của từng xã"))


def _blocks(block: Block) -> Iterator[Block]:
    yield from block.blocks if isinstance(block, Series) else [block]

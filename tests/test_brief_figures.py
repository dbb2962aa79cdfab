"""All figures of all briefs are legible: every text on the page, none on another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import poverty_samples as samples
import pytest
from drawings import Written, box, written

from helpers.brief import figures
from helpers.brief.blocks import Block, Figure
from helpers.brief.reader import Brief

States = Callable[[Brief], Brief]


def _figures(block: Block) -> Iterator[Figure]:
    if isinstance(block, Figure):
        yield block
    else:
        for part in block.parts():
            yield from _figures(part)


def _district(brief: Brief, code: str) -> Iterator[Block]:
    table, capital = brief.table, brief.table("capital_by_district")
    yield figures.district_trend(table("poverty_rates"), table("forecast"), capital, code)
    yield figures.district_place(table("targets"), code)
    yield figures.district_flows(table("flows"), table("rate_moves"), code)
    yield figures.district_needs(table("deprivations"), table("poor_profile"), capital, code)


def _province(brief: Brief) -> Iterator[Block]:
    table, projects = brief.table, brief.table("capital_by_project")
    yield figures.capital_by_project(projects, brief.types)
    yield figures.capital_by_district(table("capital_by_district"), projects)
    yield figures.trend(table("poverty_rates"), table("forecast"))
    yield figures.poverty_map(table("targets"), table("capital_by_district"))
    yield figures.year_flows(table("flows"), table("rate_moves"))
    yield figures.target_ranges(table("targets"))
    yield figures.poor_households(table("targets"))
    yield figures.province_needs(table("deprivations"), table("poor_profile"))


def _overlap(one: Written, other: Written) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    up = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and up > 0


def _all(brief: Brief) -> list[Figure]:
    codes = brief.table("capital_by_district").frame["district_code"]
    blocks = [*_province(brief), *(block for code in codes for block in _district(brief, code))]
    return [figure for block in blocks for figure in _figures(block)]


@pytest.mark.parametrize("state", [samples.at_year_end, samples.within_year])
def test_every_text_is_on_the_page_and_none_on_another(shipped_brief: Brief, state: States) -> None:
    """In a year that is over and in one still open, for the province and each district."""
    drawn = _all(state(shipped_brief))
    assert len(drawn) > 100
    for figure in drawn:
        width, height = box(figure.svg)
        texts = written(figure.svg)
        assert texts
        for text in texts:
            assert text.left >= 0, figure.title
            assert text.right <= width, figure.title
            assert text.top >= 0, figure.title
            assert text.bottom <= height, figure.title
        clash = [pair for pair in combinations(texts, 2) if _overlap(*pair)]
        assert not clash, figure.title


def test_texts_keep_their_size(shipped_brief: Brief) -> None:
    """No name or number of the shipped plan is so long that it has to be set smaller."""
    sizes: set[Any] = set()
    for figure in _all(samples.at_year_end(shipped_brief)):
        sizes.update(text.size for text in written(figure.svg))
    assert sizes == {7, 7.5, 8, 8.5, 9}

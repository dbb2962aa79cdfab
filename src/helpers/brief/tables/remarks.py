"""What a district's two pages have no room for, told in the rows of a table of its workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helpers.brief.markdown import Node, parse, plain
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Row, Table
from helpers.brief.tables.layout import source_of
from helpers.language import say
from helpers.retelling import name

__all__ = ["district_remarks_table"]

TOLD_OF = ("flows", "rate_moves", "commune_rates", "deprivations", "poor_profile")


def district_remarks_table(brief: Brief, district_code: str, texts: Mapping[str, str]) -> Table:
    """Return texts about a district, each paragraph a row; what says nothing is left out.

    Args:
        brief: The brief whose narrative they are.
        district_code: The district.
        texts: Markdown by its topic, as the narrative gives it.
    """
    district = brief.table("capital_by_district").one(district_code=district_code)
    rows = tuple(
        Row((say(topic), paragraph))
        for topic, text in texts.items()
        for paragraph in _paragraphs(parse(text))
    )
    columns = (
        Column("topic", say("Nội dung"), width=1.5),
        Column("text", say("Thuyết minh"), width=6),
    )
    title = say("Thuyết minh thêm về {district}", district=name(district["district"]))
    behind = (brief.table(table) for table in TOLD_OF)
    return Table(title, columns, rows, **source_of(*behind, brief.table("allocation_warnings")))


def _paragraphs(nodes: list[Node]) -> Iterator[str]:
    """Yield the words of paragraphs and of list items."""
    for node in nodes:
        if node["type"] == "list":
            for item in node["items"]:
                yield from _paragraphs(item)
        elif "spans" in node:
            yield plain(node["spans"])

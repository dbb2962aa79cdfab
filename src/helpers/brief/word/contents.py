"""The table of contents: a field that Word updates on request, right before it ever did."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.brief.markdown import Node
from helpers.brief.word.markup import paragraph, run

__all__ = ["contents", "is_long"]

ENTRIES = 40
"""So many entries guide a reader still; a document with more lists its main headings alone."""

MANY = 12
"""A document without annexes but with so many headings is long enough to need a guide."""


def is_long(told: Node) -> bool:
    """Tell whether a document is long enough for a table of contents."""
    return bool(told["annexes"]) or sum(n["type"] == "heading" for n in told["body"]) >= MANY


def contents(headings: Sequence[tuple[int, str, str]], title: str) -> str:
    """Return the table of contents.

    Its entries lead to the headings and carry no page numbers until someone updates them: only
    Word knows where its pages end, and a number that is not there cannot be wrong.

    Args:
        headings: Level, words and bookmark of each.
        title: What stands above.
    """
    levels = 2 if sum(level <= 2 for level, _, _ in headings) <= ENTRIES else 1
    shown = [heading for heading in headings if heading[0] <= levels]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        f' TOC \\o "1-{levels}" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    entries = [
        paragraph(
            f"TOC{level}",
            (begin if at == 0 else "")
            + f'<w:hyperlink w:anchor="{mark}" w:history="1">{run(words)}</w:hyperlink>'
            + (end if at == len(shown) - 1 else ""),
        )
        for at, (level, words, mark) in enumerate(shown)
    ]
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>"
        f"{paragraph('TOCHeading', run(title))}{''.join(entries)}</w:sdtContent></w:sdt>"
    )

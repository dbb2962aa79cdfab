"""Pages that stand and pages that lie, their numbers, and what stands on each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from helpers.brief.markdown import Node
from helpers.brief.word.markup import WORD, XML, paragraph, run, twips
from helpers.brief.word.markup import field as word_field

__all__ = ["Section", "ended", "footer_xml", "header_xml", "parted", "properties_of"]

A4 = (11906, 16838)
TALL, WIDE = (20, 15, 20, 30), (20, 15, 20, 30)
"""Margins in millimetres: top, right, bottom, left."""

HEADER, FOOTER = twips(9), twips(8)
_NAMES = (
    f'xmlns:w="{WORD}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass
class Section:
    """Pages of one shape; `opening` is "document", "annex" or blank for what goes on."""

    wide: bool = False
    opening: str = ""
    blocks: list[str] = field(default_factory=list)


def parted(nodes: Sequence[Node]) -> Iterator[tuple[bool, list[Node]]]:
    """Yield stretches of nodes for pages that lie or stand.

    A landscape table takes pages of its own, and with it the headings right above it.
    """
    held: list[Node] = []
    wide: bool | None = None
    waiting: list[Node] = []
    for node in nodes:
        if node["type"] in ("heading", "annex"):
            waiting.append(node)
            continue
        lies = node["type"] == "table" and node["landscape"]
        if wide is not None and lies != wide:
            yield wide, held
            held = []
        wide = lies
        held += [*waiting, node]
        waiting = []
    if wide and waiting:
        yield True, held
        wide, held = False, []
    if wide is not None or waiting:
        yield bool(wide), [*held, *waiting]


def properties_of(section: Section) -> str:
    """Return a section's page, margins and numbering, in the order that the schema wants.

    The number is missing on a first page, an annex's included; what the document has to confess
    stands on every page but the very first.
    """
    top, right, bottom, left = map(twips, WIDE if section.wide else TALL)
    wide, tall = reversed(A4) if section.wide else A4
    lies = ' w:orient="landscape"' if section.wide else ""
    first = "rIdNoFooter" if section.opening == "document" else "rIdFooter"
    shown = (
        ("header", "default", "rIdHeader"),
        ("header", "first", "rIdNoHeader"),
        ("footer", "default", "rIdFooter"),
        ("footer", "first", first),
    )
    references = "".join(
        f'<w:{part}Reference w:type="{kind}" r:id="{target}"/>' for part, kind, target in shown
    )
    start = '<w:pgNumType w:start="1"/>' if section.opening else ""
    title = "<w:titlePg/>" if section.opening else ""
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{wide}" w:h="{tall}"{lies}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
        f'w:header="{HEADER}" w:footer="{FOOTER}" w:gutter="0"/>'
        f'{start}<w:cols w:space="720"/>{title}</w:sectPr>'
    )


def ended(section: Section) -> str:
    """Return a section's blocks with its properties in the last paragraph."""
    *blocks, last = section.blocks or [paragraph("KhoangCach")]
    if not last.startswith("<w:p>"):
        blocks, last = [*blocks, last], paragraph("KhoangCach")
    return "".join(blocks) + last.replace("</w:pPr>", f"{properties_of(section)}</w:pPr>", 1)


def header_xml(*, numbered: bool) -> str:
    """Return what stands at the head of a page: its number, or nothing."""
    return _part("hdr", paragraph("Header", word_field("PAGE", "2") if numbered else ""))


def footer_xml(text: str) -> str:
    """Return what stands at the foot of a page."""
    return _part("ftr", paragraph("Footer", run(text)))


def _part(name: str, content: str) -> str:
    return f"{XML}<w:{name} {_NAMES}>{content}</w:{name}>"

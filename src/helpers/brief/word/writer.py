"""Write the document's tree as one Word file."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.brief.document import Document, tree
from helpers.brief.markdown import Node
from helpers.brief.word.contents import contents, is_long
from helpers.brief.word.front import foot, head, notice
from helpers.brief.word.markup import XML, kept_with_next, paragraph
from helpers.brief.word.package import packed
from helpers.brief.word.parts import Parts
from helpers.brief.word.pictures import drawn, figure, figure_row, key_figures
from helpers.brief.word.sections import Section, ended, parted, properties_of
from helpers.brief.word.tables import number_table
from helpers.brief.word.text import annex_title, prose

__all__ = ["write_word"]

_NAMES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{address}"'
    for prefix, address in (
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
    )
)


def write_word(document: Document) -> bytes:
    """Return the document as one Word file, in the form of an official document.

    Raises:
        TypesettingFailed: a figure cannot be drawn.
    """
    told = tree(document)
    parts = Parts()
    text = _text(told, parts)
    return packed(told, text, parts, drawn(parts.pictures))


def _text(told: Node, parts: Parts) -> str:
    """Return the document's text, its sections one after the other."""
    words = told["labels"]
    short = not told["annexes"]
    sections = _sections(told["body"], "document", parts)
    if told["foot"] and any(told["foot"].values()):
        if sections[-1].wide:
            sections.append(Section())
        last = sections[-1].blocks
        last[-1:] = [kept_with_next(block) for block in last[-1:]]
        last += foot(told["foot"], words, short=short)
    for annex in told["annexes"]:
        sections += _sections(annex, "annex", parts)
    front = [*head(told, words), *notice(told, words)]
    if is_long(told) and parts.headings:
        front += [contents(parts.headings, words["contents"]), paragraph("KhoangCach")]
    sections[0].blocks[:0] = front
    *others, last_section = sections
    return (
        f"{XML}<w:document {_NAMES}><w:body>{''.join(map(ended, others))}"
        f"{''.join(last_section.blocks)}{properties_of(last_section)}</w:body></w:document>"
    )


def _sections(nodes: list[Node], opening: str, parts: Parts) -> list[Section]:
    """Return the sections of the text or of an annex; the first one opens it."""
    made = [Section(wide, blocks=list(_blocks(held, parts))) for wide, held in parted(nodes)]
    if opening == "document" and (not made or made[0].wide):
        made.insert(0, Section())
    made = made or [Section()]
    made[0].opening = opening
    return made


def _blocks(nodes: list[Node], parts: Parts) -> Iterator[str]:
    for node in nodes:
        kind = node["type"]
        if kind in ("table", "simple_table"):
            yield from number_table(node, parts)
        elif kind == "figure":
            yield from figure(node, parts)
        elif kind == "figure_row":
            yield from figure_row(node, parts)
        elif kind == "key_figures":
            yield from key_figures(node)
        elif kind == "annex":
            yield from annex_title(node, parts)
        else:
            yield from prose(node, parts)

"""Prose: paragraphs, headings, lists, quotes, links, and the captions that count."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from helpers.brief.markdown import Node, plain
from helpers.brief.word.markup import field, paragraph, properties, run, unbroken
from helpers.brief.word.parts import Parts, mark_name

__all__ = ["annex_title", "caption", "prose", "spans", "under"]

DEEPEST = 8
"""Word's lists have nine levels."""

BESIDE = '<w:b w:val="0"/><w:bCs w:val="0"/><w:i/><w:iCs/><w:sz w:val="21"/><w:szCs w:val="21"/>'
"""What stands beside a caption: italic and not bold."""

_COUNTED = re.compile(r"(\w+) (\d+)\.")
_BULLETS = ("ListBullet", "ListBullet2", "ListBullet3")
_NUMBERS = ("ListNumber", "ListNumber2", "ListNumber3")


def spans(pieces: list[Node], parts: Parts) -> str:
    """Return a text with its styles and links, each stretch of one style as one run."""
    return "".join(
        _linked(link, "".join(_words(piece) for piece in same), bold, italic, parts)
        for (bold, italic, link), same in itertools.groupby(pieces, _style)
    )


def _style(piece: Node) -> tuple[bool, bool, str]:
    return bool(piece.get("bold")), bool(piece.get("italic")), str(piece.get("link", ""))


def _words(piece: Node) -> str:
    return unbroken(piece["text"]) if piece.get("whole") else str(piece["text"])


def _linked(link: str, words: str, bold: bool, italic: bool, parts: Parts) -> str:
    if not link:
        return run(words, properties(bold=bold, italic=italic))
    shown = run(words, properties(bold=bold, italic=italic, style="Hyperlink"))
    if link.startswith("#"):
        return f'<w:hyperlink w:anchor="{mark_name(link[1:])}">{shown}</w:hyperlink>'
    return f'<w:hyperlink r:id="{parts.link(link)}">{shown}</w:hyperlink>'


def prose(node: Node, parts: Parts, style: str = "BodyText", depth: int = 0) -> Iterator[str]:
    """Yield a node of prose as paragraphs; `depth` is that of the list in which it stands."""
    kind = node["type"]
    if kind == "paragraph":
        yield paragraph(style, spans(node["spans"], parts))
    elif kind == "heading" and style != "BodyText":
        # Inside a list or a quote no section begins.
        yield paragraph(style, spans([{**piece, "bold": True} for piece in node["spans"]], parts))
    elif kind == "heading":
        level = node["level"] - 1
        content = parts.heading(level, plain(node["spans"]), spans(node["spans"], parts))
        yield paragraph(f"Heading{min(level, 4)}", content)
    elif kind == "list":
        yield from _items(node, parts, depth)
    elif kind == "quote":
        for inner in node["nodes"]:
            yield from prose(inner, parts, "Quote", depth)
    elif kind == "code":
        yield paragraph("VanBanIn", run("\n".join(node["lines"])))
    elif kind == "end":
        yield paragraph("HetVanBan", run(node["text"]))
    elif kind == "marks":
        yield from under({"note": "", "source": "", "marks": node["text"]})


def _items(node: Node, parts: Parts, depth: int) -> Iterator[str]:
    styles = _NUMBERS if node["ordered"] else _BULLETS
    style = styles[min(depth, len(styles) - 1)]
    number = parts.ordered(node["start"]) if node["ordered"] else 1
    level = min(depth, DEEPEST)
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    # A bullet's style knows its list; a count of its own has to be said.
    direct = "" if not node["ordered"] and depth < len(styles) else place
    for item in node["items"]:
        for at, inner in enumerate(item):
            if inner["type"] == "paragraph" and at == 0:
                yield paragraph(style, spans(inner["spans"], parts), direct)
            elif inner["type"] == "paragraph":
                yield paragraph("ListContinue", spans(inner["spans"], parts))
            else:
                yield from prose(inner, parts, "ListContinue", depth + 1)


def annex_title(node: Node, parts: Parts) -> Iterator[str]:
    """Yield an annex's number and title, and the document that it belongs to."""
    title = f"<w:r><w:br/></w:r>{run(node['title'], '<w:caps/>')}" if node["title"] else ""
    told = ". ".join(filter(None, (node["label"], node["title"])))
    yield paragraph("PhuLuc", parts.heading(1, told, run(node["label"]) + title))
    if node["attached"]:
        yield paragraph("KemTheo", run(node["attached"]))


def caption(node: Node, parts: Parts, style: str = "Caption", end: str = "", room: int = 0) -> str:
    """Return a caption's paragraph, its number a field of which lists can be made.

    `end` is what stands at the end of the line, as far right as the room in twips goes.
    """
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{room}"/></w:tabs>' if end else ""
    last = f"<w:r><w:tab/></w:r>{run(end, BESIDE)}" if end else ""
    counted = _COUNTED.match(node["label"])
    if not counted:
        told = run(" ".join(filter(None, (node["label"], node["title"]))))
        return paragraph(style, told + last, tabs)
    name, number = counted.groups()
    label = run(f"{name}\u00a0") + field(f"SEQ {name} \\* ARABIC", number)
    marked = parts.bookmark(mark_name(node["id"]), label)
    return paragraph(style, marked + run(f". {node['title']}") + last, tabs)


def under(node: Node) -> Iterator[str]:
    """Yield what stands below a table or figure: note, source, and the marks in words."""
    told = " ".join(filter(None, (node["note"], node["source"])))
    marks = f" {node['marks']}" if told and node["marks"] else node["marks"]
    if told or marks:
        yield paragraph("NguonGhiChu", run(told) + run(marks, properties(italic=True)))

"""One HTML file that needs no network: to read on a phone, to print, to keep."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from xml.sax import saxutils

import jinja2
from markupsafe import Markup, escape

from helpers.brief.blocks import Block, Header
from helpers.brief.document import Document, nodes_of, tables_of, tree
from helpers.brief.download import csv_address
from helpers.brief.fonts import FAMILY, fonts_folder
from helpers.brief.markdown import Node, plain
from helpers.language import say, speaking

__all__ = ["render_fragment", "script", "templates", "write_html"]

WIDE = 340.0
"""A drawing wider than this (in points) scrolls on a phone instead of shrinking beyond reading."""

LONG = 12
"""A table of more rows scrolls in a box of its own, where its head stays in sight."""

CONTENTS = 4
"""From so many headings on a page has a table of contents; it lists headings of these levels."""
LISTED = (2, 3)

_SIZE = re.compile(r' (?:width|height)="[^"]*"')
_QUOTE = {'"': "&quot;"}
_FACES = (("Regular", 400, "normal"), ("Bold", 700, "normal"), ("Italic", 400, "italic"))


@lru_cache(maxsize=1)
def templates() -> jinja2.Environment:
    """Return the room's templates; every value is escaped, a missing one is an error."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("helpers.brief"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"drawing": _drawing, "spans": _spans, "cells": _cells}
    environment.globals |= {"wide": WIDE, "long": LONG, "say": say}
    return environment


@lru_cache(maxsize=4)
def script(name: str) -> tuple[Markup, str]:
    """Return a script of the templates, and its hash: a page lets run what has it, and no other."""
    loader = templates().loader
    assert loader is not None
    text = "\n" + loader.get_source(templates(), name)[0]
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return Markup(text), f"sha256-{digest}"


@lru_cache(maxsize=1)
def _faces() -> Markup:
    """Return the typeface as style rules, so that drawings measure the same everywhere."""
    rules = []
    for name, weight, style in _FACES:
        content = (fonts_folder() / f"Tinos-{name}.woff2").read_bytes()
        data = base64.b64encode(content).decode("ascii")
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:{style};'
            f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
        )
    return Markup("\n".join(rules))


def _drawing(node: dict[str, Any]) -> Markup:
    """Return a sanitised drawing that fills its column and says what it shows."""
    # ElementTree, which wrote the markup, leaves no ">" within a tag.
    head, end, rest = node["svg"].partition(">")
    closed = head.endswith("/")
    said = f' role="img" aria-label="{saxutils.escape(node["alt"], _QUOTE)}"'
    kept = _SIZE.sub("", head.removesuffix("/").rstrip())
    return Markup(f"{kept}{said}{' /' * closed}{end}{rest}")  # sanitised and quoted


def _spans(pieces: list[Node]) -> Markup:
    """Return a text with its styles.

    Here and in `_cells` Python writes what a brief has by the hundreds, faster than a template.
    """
    return Markup("".join(map(_span, pieces)))  # each piece is escaped


def _span(piece: Node) -> str:
    shown = str(escape(piece["text"]))
    if "whole" in piece:
        shown = f'<span class="n">{shown}</span>'
    if "italic" in piece:
        shown = f"<em>{shown}</em>"
    if "bold" in piece:
        shown = f"<strong>{shown}</strong>"
    return f'<a href="{escape(piece["link"])}">{shown}</a>' if "link" in piece else shown


def _cells(row: Node, numeric: list[bool]) -> Markup:
    """Return the cells of a table's row.

    The first column of words names the row; the first cell of a group runs on over empty ones.
    """
    texts = list(map(escape, row["cells"]))
    cells = [
        f'<td class="num">{text}</td>' if digits else f"<td>{text}</td>"
        for text, digits in zip(texts, numeric, strict=True)
    ]
    if False in numeric and texts[numeric.index(False)]:
        head = numeric.index(False)
        cells[head] = f'<th scope="row">{texts[head]}</th>'
    if row["span"] > 1:
        cells[: row["span"]] = [f'<th scope="rowgroup" colspan="{row["span"]}">{texts[0]}</th>']
    return Markup("".join(cells))  # each text is escaped


def _anchored(nodes: list[Node], numbers: Iterator[int]) -> list[Node]:
    """Return nodes whose headings have ids, made from their order alone."""
    return [
        {**node, "anchor": f"muc-{next(numbers)}"} if node["type"] in ("heading", "annex") else node
        for node in nodes
    ]


def _contents(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    """Return what the table of contents lists; nothing for a page of few headings."""
    heads = [node for node in nodes if "anchor" in node]
    if len(heads) < CONTENTS:
        return []
    listed = []
    for node in heads:
        annex = node["type"] == "annex"
        level = 2 if annex else node["level"]
        title = ". ".join(filter(None, (node["label"], node["title"]))) if annex else ""
        if level in LISTED:
            text = title or plain(node["spans"])
            listed.append({"level": level, "text": text, "anchor": node["anchor"]})
    return listed


def write_html(document: Document) -> str:
    """Return the document as one HTML page."""
    told = tree(document)
    numbers = itertools.count(1)
    body = _anchored(told["body"], numbers)
    annexes = [_anchored(annex, numbers) for annex in told["annexes"]]
    running, allowed = script("brief.js")
    page = templates().get_template("brief.html.j2")
    files = {node["id"]: csv_address(table) for node, table in tables_of(document)}
    with speaking(document.language):
        written = page.render(
            **{**told, "body": body, "annexes": annexes},
            contents=_contents(itertools.chain(body, *annexes)),
            files=files,
            faces=_faces(),
            script=running,
            allowed=allowed,
        )
    return written + "\n"


def render_fragment(block: Block) -> str:
    """Return one block as HTML for a notebook's output, with the little style that it needs."""
    fragment = templates().get_template("fragment.html.j2")
    header = block if isinstance(block, Header) else None
    return fragment.render(
        content=nodes_of(block, (f"h{number}" for number in itertools.count())), header=header
    )

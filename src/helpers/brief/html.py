"""One HTML file that needs no network: to read on a phone, to print, to keep."""

from __future__ import annotations

import base64
import itertools
import re
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import jinja2
from markupsafe import Markup

from helpers.brief.blocks import Block, Header
from helpers.brief.document import Document, nodes_of, tree
from helpers.brief.fonts import FAMILY, fonts_folder

__all__ = ["render_fragment", "templates", "write_html"]

WIDE = 340.0
"""A drawing wider than this (in points) scrolls on a phone instead of shrinking beyond reading."""

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
    )
    environment.filters["drawing"] = _drawing
    environment.globals["wide"] = WIDE
    return environment


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
    said = f' role="img" aria-label="{escape(node["alt"], _QUOTE)}"'
    kept = _SIZE.sub("", head.removesuffix("/").rstrip())
    return Markup(f"{kept}{said}{' /' * closed}{end}{rest}")  # sanitised and quoted


def write_html(document: Document) -> str:
    """Return the document as one HTML page."""
    page = templates().get_template("brief.html.j2")
    return page.render(**tree(document), faces=_faces()) + "\n"


def render_fragment(block: Block) -> str:
    """Return one block as HTML for a notebook's output, with the little style that it needs."""
    fragment = templates().get_template("fragment.html.j2")
    header = block if isinstance(block, Header) else None
    return fragment.render(
        content=nodes_of(block, (f"h{number}" for number in itertools.count())), header=header
    )

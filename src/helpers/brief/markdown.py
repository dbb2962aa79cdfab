"""Markdown as plain nodes, the same for every writer; nothing in it is ever taken as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import mistune

from helpers.legible import clean

__all__ = ["Node", "clean", "parse", "plain", "spans"]

Node = dict[str, Any]
"""One piece of the document's tree: plain JSON values with a "type"."""

_KEEP_TOGETHER = re.compile(
    r"(?:(?<=\s)[-+−])?\d[\d.,]*(?:\s?[–-]\s?\d[\d.,]*)?%?"
    r"(?: (?:tỷ|triệu|nghìn|đồng|hộ|xã|huyện|điểm|năm|người)(?!\w))?"
)
"""A number, the sign before it and the unit after it, which no line end may part."""

_SAFE_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)


def spans(text: str, **style: Any) -> list[Node]:
    """Return a text as spans of one style, each number with its unit apart and unbreakable."""
    pieces: list[Node] = []
    text, at = clean(text), 0
    for found in _KEEP_TOGETHER.finditer(text):
        number = found.group().rstrip(".,")
        start, end = found.start(), found.start() + len(number)
        if len(number) < 2:
            continue
        if start > at:
            pieces.append({"text": text[at:start], **style})
        pieces.append({"text": number, "whole": True, **style})
        at = end
    if at < len(text):
        pieces.append({"text": text[at:], **style})
    return pieces


def plain(pieces: list[Node]) -> str:
    """Return the words of spans without their style."""
    return "".join(piece["text"] for piece in pieces)


@lru_cache(maxsize=1)
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None, plugins=["table"])


def parse(markdown: str) -> list[Node]:
    """Return Markdown as nodes: headings, paragraphs, lists, quotes, code and simple tables."""
    tokens = _parser()(markdown)
    if isinstance(tokens, str):
        raise TypeError("mistune rendered instead of parsing")
    return [node for token in tokens for node in _block(token)]


def _blocks(token: dict[str, Any]) -> list[Node]:
    return [node for child in token.get("children", ()) for node in _block(child)]


def _block(token: dict[str, Any]) -> Iterator[Node]:
    kind = token["type"]
    if kind == "heading":
        yield {"type": "heading", "level": token["attrs"]["level"], "spans": _inline(token)}
    elif kind in ("paragraph", "block_text"):
        yield {"type": "paragraph", "spans": _inline(token)}
    elif kind == "list":
        attrs = token["attrs"]
        yield {
            "type": "list",
            "ordered": bool(attrs.get("ordered")),
            "start": attrs.get("start") or 1,
            "items": [_blocks(item) for item in token["children"]],
        }
    elif kind == "block_quote":
        yield {"type": "quote", "nodes": _blocks(token)}
    elif kind == "block_code":
        yield {"type": "code", "lines": [clean(line) for line in token["raw"].rstrip().split("\n")]}
    elif kind == "block_html":
        yield {"type": "paragraph", "spans": spans(token["raw"].strip())}
    elif kind == "table":
        yield _table(token)


def _table(token: dict[str, Any]) -> Node:
    head, *bodies = token["children"]
    rows = [row["children"] for body in bodies for row in body["children"]]
    cells = [[clean(plain(_inline(cell))) for cell in row] for row in rows]
    right = [cell["attrs"].get("align") == "right" for cell in head["children"]]
    return {
        "type": "plain_table",
        "labels": [clean(plain(_inline(cell))) for cell in head["children"]],
        "numeric": right,
        "rows": cells,
    }


def _inline(token: dict[str, Any], **style: Any) -> list[Node]:
    return [piece for child in token.get("children", ()) for piece in _piece(child, style)]


def _piece(token: dict[str, Any], style: dict[str, Any]) -> list[Node]:
    kind = token["type"]
    if kind in ("softbreak", "linebreak"):
        return [{"text": " ", **style}]
    if kind == "strong":
        return _inline(token, **style, **{"bold": True} if "bold" not in style else {})
    if kind == "emphasis":
        return _inline(token, **style, **{"italic": True} if "italic" not in style else {})
    if kind == "link":
        url = clean(token["attrs"]["url"])
        link = {"link": url} if _SAFE_LINK.match(url) and "link" not in style else {}
        return _inline(token, **style, **link)
    if kind == "image":
        return _inline(token, **{**style, "italic": True})
    return spans(token.get("raw", ""), **style)

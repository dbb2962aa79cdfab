"""Numbers of headings follow the order in which they stand: an empty section leaves no gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helpers.brief.markdown import Node, plain

__all__ = ["renumbered"]

_NUMBERED = re.compile(r"\d+\. ")
_NUMBER = re.compile(r"\d+")
_ANNEX = re.compile(r"(?i:phụ lục|annex) ([IVXLC]+)\b")
_ROMAN = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))


def renumbered(nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes with numbered headings and annexes counted through, references following.

    Only headings that begin with a number and a stop are counted, afresh below each higher
    heading. Annexes count from I on; where one is missing, texts that name a later one change too.
    """
    counted = list(_sections(nodes))
    annexes = [found for node in counted if (found := _annex(node))]
    names = {old: _roman(place) for place, old in enumerate(annexes, start=1)}
    if all(old == new for old, new in names.items()):
        return counted
    return [_renamed(node, names) for node in counted]


def _sections(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes, the numbers of headings made consecutive."""
    counts: dict[int, int] = {}
    for node in nodes:
        if node["type"] != "heading":
            yield node
            continue
        level = node["level"]
        counts = {other: number for other, number in counts.items() if other <= level}
        if not _NUMBERED.match(plain(node["spans"])):
            yield node
            continue
        counts[level] = counts.get(level, 0) + 1
        first, *others = node["spans"]
        text = _NUMBER.sub(str(counts[level]), first["text"], count=1)
        yield {**node, "spans": [{**first, "text": text}, *others]}


def _annex(node: Node) -> str:
    """Return the Roman number of an annex that a heading begins; blank for any other node."""
    found = node["type"] == "heading" and _ANNEX.match(plain(node["spans"]))
    return found[1] if found else ""


def _roman(number: int) -> str:
    digits = ""
    for letters, value in _ROMAN:
        while number >= value:
            digits, number = digits + letters, number - value
    return digits


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return the value with every annex in its texts under its new number."""
    if isinstance(value, dict):
        return {key: item if key == "svg" else _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if isinstance(value, str):
        return _ANNEX.sub(
            lambda found: found[0][: -len(found[1])] + names.get(found[1], found[1]), value
        )
    return value

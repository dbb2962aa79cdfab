"""Lists that Word counts itself: strokes, numbers, and the recipients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from helpers.brief.word.markup import WORD, XML, twips
from helpers.brief.word.parts import FIRST_LIST

__all__ = ["numbering_xml"]

LEVELS = 9
STEP = 340
_FORMATS = (("decimal", "%{}."), ("lowerLetter", "%{})"), ("decimal", "%{}."))
_MARKERS = ("-", "+", "-")


def _level(at: int, form: str, text: str, left: int, hanging: int) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>'
        f'<w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )


def _abstract(identity: int, levels: Iterable[str]) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{identity}"><w:multiLevelType w:val="multilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )


def _bullets(first: int) -> Iterable[str]:
    for at in range(LEVELS):
        yield _level(at, "bullet", _MARKERS[at % 3], first + 227 + at * STEP, 227)


def _numbers(first: int) -> Iterable[str]:
    for at in range(LEVELS):
        form, text = _FORMATS[at % 3]
        yield _level(at, form, text.format(at + 1), first + STEP + at * STEP, STEP)


def _list(number: int, abstract: int, start: int | None = None) -> str:
    again = "" if start is None else "".join(
        f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for at in range(LEVELS)
    )  # fmt: skip
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{again}</w:num>'


def numbering_xml(starts: Sequence[int]) -> str:
    """Return the lists: those of the styles, then each of the document's own with its start."""
    indent = twips(10)
    kinds = (
        _abstract(0, _bullets(indent)),
        _abstract(1, _numbers(indent)),
        _abstract(2, _bullets(-114)),
    )
    styled = [_list(at + 1, at) for at in range(len(kinds))]
    own = [_list(FIRST_LIST + at, 1, start) for at, start in enumerate(starts)]
    return f'{XML}<w:numbering xmlns:w="{WORD}">{"".join((*kinds, *styled, *own))}</w:numbering>'

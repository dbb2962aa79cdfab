"""WordprocessingML as strings: a table of a thousand cells is written faster so than as objects."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

__all__ = [
    "CLOSE",
    "TEXT_TALL",
    "TEXT_WIDE",
    "WORD",
    "XML",
    "cell",
    "codes_unbroken",
    "escaped",
    "field",
    "grid",
    "kept_with_next",
    "paragraph",
    "properties",
    "quoted",
    "run",
    "shares",
    "twips",
    "unbroken",
]

_HYPHEN = re.compile(r"(?<=\w)-")
_CODE = re.compile(r"[\w.]{1,7}-[\w.]{1,7}")

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
"""How every part begins, and the namespace of nearly all of them."""

MILLIMETRE = 1440 / 25.4


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point, which Word counts in."""
    return round(millimetres * MILLIMETRE)


TEXT_TALL, TEXT_WIDE = twips(165), twips(252)
"""The text's width in twips on a page that stands and on one that lies."""


def escaped(text: str) -> str:
    """Return a text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Return a text as it stands in an attribute."""
    return escaped(text).replace('"', "&quot;").replace("\n", " ")


def unbroken(text: str) -> str:
    """Return a text that no line end parts: its spaces and hyphens are the unbreakable ones.

    A minus before a number stays as it is, so that a number copied from here is still one.
    """
    kept = text.replace(" ", "\u00a0")
    return _HYPHEN.sub("\u2011", kept) if "-" in kept else kept


def codes_unbroken(text: str) -> str:
    """Return a text whose codes ("DA1-TDA1") no line end parts."""
    return _CODE.sub(lambda found: unbroken(found[0]), text) if "-" in text else text


def properties(*, bold: bool = False, italic: bool = False, style: str = "") -> str:
    """Return the properties of a run, in the order that the schema wants."""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    return named + "<w:b/><w:bCs/>" * bold + "<w:i/><w:iCs/>" * italic


def run(text: str, props: str = "") -> str:
    """Return a run of text; line ends become breaks, U+2011 the hyphen that Word has for it."""
    if not text:
        return ""
    inner = f'<w:t xml:space="preserve">{escaped(text)}</w:t>'
    for sign, element in (("\n", "<w:br/>"), ("\u2011", "<w:noBreakHyphen/>")):
        if sign in inner:
            inner = inner.replace(sign, f'</w:t>{element}<w:t xml:space="preserve">')
    held = f"<w:rPr>{props}</w:rPr>" if props else ""
    return f"<w:r>{held}{inner}</w:r>"


def field(instruction: str, shown: str, props: str = "") -> str:
    """Return a field with the text that it shows until someone updates it."""
    held = f"<w:rPr>{props}</w:rPr>" if props else ""

    def mark(kind: str) -> str:
        return f'<w:r>{held}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = (
        f'<w:r>{held}<w:instrText xml:space="preserve"> {escaped(instruction)} </w:instrText></w:r>'
    )
    return mark("begin") + code + mark("separate") + run(shown, props) + mark("end")


CLOSE = '<w:spacing w:line="40" w:lineRule="exact"/>'
"""Where room follows anyway, the paragraph that ends a table takes little."""


def paragraph(style: str, content: str = "", direct: str = "") -> str:
    """Return a paragraph of a style; `direct` holds what this one alone has, in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{direct}</w:pPr>{content}</w:p>'


def kept_with_next(block: str) -> str:
    """Return a paragraph that no page end parts from what follows; a table is left as it is."""
    end = block.find("/>") + 2
    if not block.startswith("<w:p>") or block.startswith("<w:keepNext/>", end):
        return block
    return f"{block[:end]}<w:keepNext/>{block[end:]}"


def shares(widths: Sequence[float], total: int) -> list[int]:
    """Return whole widths in the proportion of those given, that sum to the total."""
    whole = sum(widths) or 1
    edges = [round(total * edge / whole) for edge in itertools.accumulate(widths, initial=0)]
    return [right - left for left, right in itertools.pairwise(edges)]


def cell(width: int, content: str, props: str = "") -> str:
    """Return a table's cell; `props` follow its width in schema order."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{props}</w:tcPr>{content}</w:tc>'


def grid(
    style: str, widths: Sequence[int], rows: Iterable[str], *, look: str = "", told: str = ""
) -> str:
    """Return a table of fixed widths; `told` is its caption and description for a reader aloud."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look or LOOK}{told}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


LOOK = (
    '<w:tblLook w:val="0000" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
    'w:noHBand="1" w:noVBand="1"/>'
)
"""Which rows of a table's style apply: none, in a table that only lays out."""

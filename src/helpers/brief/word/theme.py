"""The colours and typefaces that Word offers whoever edits: black on white, the decree's font."""

from __future__ import annotations

from helpers.brief.word.markup import WORD, XML

__all__ = ["FONT", "fonts_xml", "theme_xml"]

FONT = "Times New Roman"
"""The typeface of official documents (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COLOURS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "16324F", "lt2": "F2F2F2", "accent1": "16324F",
    "accent2": "B5481E", "accent3": "2F6F9F", "accent4": "5F6B76", "accent5": "B9D3E6",
    "accent6": "8A6D1B", "hlink": "1F3F6E", "folHlink": "5A3F6E",
}  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'


def theme_xml() -> str:
    """Return the theme."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>' for name, colour in _COLOURS.items()
    )
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    lines = "".join(f'<a:ln w="{width}">{_FILL}</a:ln>' for width in (6350, 12700, 19050))
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{XML}<a:theme xmlns:a="{_A}" name="Nghị định 30"><a:themeElements>'
        f'<a:clrScheme name="Nghị định 30">{colours}</a:clrScheme>'
        f'<a:fontScheme name="Nghị định 30"><a:majorFont>{face}</a:majorFont>'
        f"<a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Nghị định 30"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{lines}</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>"
        "</a:theme>"
    )


def fonts_xml() -> str:
    """Return the typefaces that the file asks for, and their kind for where they are missing."""
    return (
        f'{XML}<w:fonts xmlns:w="{WORD}"><w:font w:name="{FONT}">'
        '<w:panose1 w:val="02020603050405020304"/><w:charset w:val="A3"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )

"""Figures: the drawing itself for Word of today, a picture of it for older readers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import typst

from helpers.brief.fonts import FAMILY
from helpers.brief.markdown import Node
from helpers.brief.pdf import TypesettingFailed, drawable_svg, typst_fonts
from helpers.brief.word.markup import (
    CLOSE,
    TEXT_TALL,
    cell,
    grid,
    kept_with_next,
    paragraph,
    properties,
    quoted,
    run,
    shares,
    twips,
)
from helpers.brief.word.measure import bold_width
from helpers.brief.word.parts import Parts, Picture
from helpers.brief.word.text import caption, under
from helpers.brief.word.theme import FONT

__all__ = ["drawn", "figure", "figure_row", "key_figures", "sharp"]

SHARPNESS = 200
"""Dots an inch, at the drawing's natural size."""

EMU = 12_700
"""Of Word's units in a point."""

TALLEST = 190 * 72 / 25.4
"""No drawing is taller (in points) than a page can hold."""

GUTTER = 5
NEAR = '<w:spacing w:after="0"/>'
"""Below a note, where the sources of the whole row follow."""

SIZES = (17, 16, 15, 14, 13, 12)
TEMPLATE = """
#set page(margin: 0pt)
#for drawing in json("drawings.json") {
  page(width: drawing.width * 1pt, height: drawing.height * 1pt,
    image(bytes(drawing.svg), format: "svg", width: 100%))
}
"""
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def drawn(pictures: Sequence[Picture]) -> list[bytes]:
    """Return the drawings as PNG, all of them from one run of the typesetter.

    Raises:
        TypesettingFailed: what Typst reports.
    """
    if not pictures:
        return []
    kept = ("width", "height")
    told = [
        {key: picture.node[key] for key in kept} | {"svg": drawable_svg(picture.node["svg"])}
        for picture in pictures
    ]
    content = json.dumps(told, ensure_ascii=False)
    files: Any = {"main.typ": TEMPLATE.encode(), "drawings.json": content.encode()}
    try:
        made = typst.Compiler(files, font_paths=typst_fonts()).compile(format="png", ppi=SHARPNESS)
    except typst.TypstError as error:
        raise TypesettingFailed(f"Không vẽ được hình: {error.diagnostic or error}") from error
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if isinstance(page, bytes)]


def sharp(picture: Picture) -> bytes:
    """Return the drawing as SVG in the typeface that readers have, which measures the same."""
    return str(picture.node["svg"]).replace(FAMILY, FONT).encode()


def _inline(node: Node, width: float, parts: Parts) -> str:
    """Return a drawing as a run, with the words that stand for it."""
    width = min(width, TALLEST * node["width"] / node["height"])
    wide, tall = round(width * EMU), round(width * node["height"] / node["width"] * EMU)
    picture = parts.picture(node)
    title = " ".join(filter(None, (node["label"], node["title"])))
    told = (
        f'id="{picture.number}" name="{quoted(node["id"] or f"hinh-{picture.number}")}" '
        f'descr="{quoted(node["alt"])}" title="{quoted(title)}"'
    )
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{tall}"/><wp:docPr {told}/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_A}" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}">'
        f'<pic:pic xmlns:pic="{_PIC}"><pic:nvPicPr><pic:cNvPr {told}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{picture.png}"><a:extLst>'
        f'<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip xmlns:asvg="{_SVG}" '
        f'r:embed="{picture.svg}"/></a:ext></a:extLst></a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>"
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def figure(node: Node, parts: Parts) -> Iterator[str]:
    """Yield a figure: caption, drawing, and what stands below it."""
    yield caption(node, parts)
    shown = paragraph("HinhVe", _inline(node, min(node["width"], TEXT_TALL / 20), parts))
    notes = list(under(node))
    yield kept_with_next(shown) if notes else shown
    yield from notes


def figure_row(node: Node, parts: Parts) -> Iterator[str]:
    """Yield figures side by side, in a table without lines; sources and marks stand below it."""
    figures = node["figures"]
    count = len(figures)
    widths = shares([1] * count, TEXT_TALL)
    gutter = twips(GUTTER)
    wide = (TEXT_TALL - gutter * (count - 1)) / count / 20
    # Margins that grow and shrink across the row make all drawings equally wide.
    sides = [
        f'<w:tcMar><w:left w:w="{gutter * at // count}" w:type="dxa"/>'
        f'<w:right w:w="{gutter * (count - 1 - at) // count}" w:type="dxa"/></w:tcMar>'
        for at in range(count)
    ]
    captions = [caption(one, parts, "TenHinhNho") for one in figures]
    drawings = [
        paragraph("HinhVe", _inline(one, min(wide, one["width"] * 1.1), parts)) for one in figures
    ]
    below = list(under({"note": "", "source": node["source"], "marks": node["marks"]}))
    ended = NEAR if below else ""
    notes = [
        paragraph("NguonGhiChu", run(one["note"]), ended) if one["note"] else "" for one in figures
    ]
    layers = [captions, drawings, *([notes] if any(notes) else [])]
    # A page end may part neither a note from its drawing nor what stands below from the row.
    for layer in layers if below else layers[:-1]:
        layer[:] = map(kept_with_next, layer)
    yield grid("BangBoCuc", widths, (_row(widths, layer, sides) for layer in layers))
    yield from below or [paragraph("KhoangCach", direct=CLOSE if any(notes) else "")]


def _row(widths: Sequence[int], contents: Sequence[str], props: Sequence[str]) -> str:
    cells = (
        cell(width, content or paragraph("KhoangCach"), own)
        for width, content, own in zip(widths, contents, props, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def key_figures(node: Node) -> Iterator[str]:
    """Yield the numbers to remember, at the largest size at which each stands on one line."""
    items = node["items"]
    widths = shares([1] * len(items), TEXT_TALL)
    room = min(widths) / 20 - 9
    widest = max(bold_width(item["value"], 1) for item in items)
    size = next((size for size in SIZES if widest * size <= room), SIZES[-1])
    props = "" if size == SIZES[0] else f'<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/>'
    contents = [
        paragraph("SoLieuChinh", run(item["value"].replace(" ", "\u00a0"), props))
        + paragraph("NhanSoLieu", run(item["label"]))
        + (paragraph("GhiChuSoLieu", run(item["remark"])) if item["remark"] else "")
        for item in items
    ]
    yield grid("HangSoLieuChinh", widths, [_row(widths, contents, [""] * len(items))])
    told = properties(italic=True)
    marks = run(node["marks"], told)
    yield paragraph("NguonGhiChu", marks) if marks else paragraph("KhoangCach", direct=CLOSE)

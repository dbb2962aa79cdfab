"""Drawings made safe and lean before they enter a document that others open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from helpers.errors import HelpersError

__all__ = ["Drawing", "DrawingRefused", "sanitise"]

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

_ALLOWED = frozenset([
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "defs", "clipPath", "use", "symbol", "linearGradient", "radialGradient", "stop",
    "marker", "pattern", "mask", "image",
])  # fmt: skip
_ATTRIBUTES = frozenset([
    "class", "cx", "cy", "d", "dx", "dy", "fx", "fy", "gradientTransform", "gradientUnits",
    "height", "id", "markerHeight", "markerUnits", "markerWidth", "offset", "opacity", "orient",
    "patternTransform", "patternUnits", "points", "preserveAspectRatio", "r", "refX", "refY",
    "rotate", "rx", "ry", "spreadMethod", "style", "textLength", "transform", "viewBox",
    "visibility", "width", "x", "x1", "x2", "y", "y1", "y2", "clipPathUnits", "maskUnits",
    "lengthAdjust", "color", "display", "direction", "xml:space", "clip-path", "clip-rule",
    "dominant-baseline", "fill", "fill-opacity", "fill-rule", "font-family", "font-size",
    "font-style", "font-weight", "letter-spacing", "marker-end", "marker-mid", "marker-start",
    "mask", "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width",
    "text-anchor",
])  # fmt: skip
_URL = re.compile(r"url\(\s*['\"]?\s*(#?)([^)'\"\s]*)\s*['\"]?\s*\)")
_SUSPECT = re.compile(r"[(:@\\]")
"""A value without any of these neither calls nor reaches for anything."""
_GLOBAL_STYLE = re.compile(r"^\s*\*\s*\{([^{}]*)\}\s*$")
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]+\Z")
_TEXT, _TSPAN, _IMAGE = (f"{{{SVG}}}{name}" for name in ("text", "tspan", "image"))
_LINKED = f"{{{XLINK}}}"
_KEPT = frozenset(f"{{{SVG}}}{name}" for name in _ALLOWED)
_POINTS = {"": 0.75, "px": 0.75, "pt": 1.0, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0}


class DrawingRefused(HelpersError):
    """A figure's drawing cannot be read as SVG."""


@dataclass(frozen=True)
class Drawing:
    """A drawing ready for the page: its markup and its natural size in points."""

    markup: str
    width: float
    height: float


@lru_cache(maxsize=256)
def sanitise(source: str, prefix: str) -> Drawing:
    """Return the drawing without anything that runs or reaches out, its ids short and its own.

    Elements and attributes outside a short list are dropped with all they hold; so are references
    to anything but the drawing's own parts and pictures that it carries. `prefix` keeps the ids of
    two drawings in one page apart.

    Raises:
        DrawingRefused: it is not SVG, or it declares entities.
    """
    if "<!ENTITY" in source:
        raise DrawingRefused("Hình vẽ SVG khai báo thực thể (ENTITY): không được phép.")
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError as error:
        raise DrawingRefused(f"Hình vẽ không phải SVG hợp lệ: {error}.") from error
    if root.tag != f"{{{SVG}}}svg":
        raise DrawingRefused("Hình vẽ không phải SVG: thiếu thẻ gốc <svg>.")
    _spread_style(root)
    _prune(root)
    _rename(root, prefix)
    width = _length(root.get("width")) or _box(root)[2] * 0.75
    if "viewBox" not in root.attrib:
        height = _length(root.get("height")) or width * 0.6
        root.set("viewBox", f"0 0 {width / 0.75:g} {height / 0.75:g}")
    _, _, wide, high = _box(root)
    root.set("width", f"{width:g}pt")
    root.set("height", f"{width * high / wide:g}pt")
    ElementTree.register_namespace("", SVG)
    return Drawing(ElementTree.tostring(root, encoding="unicode"), width, width * high / wide)


def _spread_style(root: ElementTree.Element) -> None:
    """Move matplotlib's rule for all elements to the root, since a rule would reach the page."""
    for style in root.iter(f"{{{SVG}}}style"):
        found = _GLOBAL_STYLE.match(style.text or "")
        if found:
            root.set("style", ";".join(filter(None, [root.get("style"), found[1].strip()])))


def _prune(element: ElementTree.Element) -> None:
    element.text = element.text if element.tag in (_TEXT, _TSPAN) else None
    for name, value in list(element.attrib.items()):
        if name in _ATTRIBUTES and not _SUSPECT.search(value):
            continue
        local = name.removeprefix(_LINKED)
        if local == "href":
            del element.attrib[name]
            own = value.startswith("#")
            if own or (element.tag == _IMAGE and _PICTURE.match(value)):
                element.set("href", value)
        elif local not in _ATTRIBUTES or not _harmless(value):
            del element.attrib[name]
    for child in list(element):
        if child.tag not in _KEPT:
            element.remove(child)
        else:
            _prune(child)
            child.tail = child.tail if element.tag == _TEXT else None


def _harmless(value: str) -> bool:
    lower = value.lower()
    return (
        all(found[1] for found in _URL.finditer(value))
        and lower.count("url(") == len(_URL.findall(value))
        and "\\" not in lower
        and not any(word in lower for word in ("javascript:", "expression(", "@import"))
    )


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Number the ids that are referred to, in the order in which they stand; drop the others."""
    used: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if "url(" in value:
                used.update(found[2] for found in _URL.finditer(value))
            if name == "href" and value.startswith("#"):
                used.add(value[1:])
    names: dict[str, str] = {}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in used:
            element.set("id", names.setdefault(old, f"{prefix}-{len(names)}"))
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "href" and value.startswith("#"):
                element.set(name, "#" + names.get(value[1:], f"{prefix}-none"))
            elif "url(" in value:
                element.set(
                    name,
                    _URL.sub(lambda f: f"url(#{names.get(f[2], f'{prefix}-none')})", value),
                )


def _length(text: str | None) -> float:
    found = re.fullmatch(r"\s*([\d.]+)\s*([a-z]*)\s*", text or "")
    return float(found[1]) * _POINTS[found[2]] if found and found[2] in _POINTS else 0.0


def _box(root: ElementTree.Element) -> tuple[float, float, float, float]:
    try:
        x, y, wide, high = map(float, re.split(r"[\s,]+", root.get("viewBox", "").strip()))
    except ValueError:
        return 0.0, 0.0, 640.0, 400.0
    return x, y, wide or 640.0, high or 400.0

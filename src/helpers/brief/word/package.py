"""The file itself: its parts, how they refer to each other, and the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence

from helpers.brief.markdown import Node
from helpers.brief.word.markup import WORD, XML, escaped, quoted
from helpers.brief.word.numbering import numbering_xml
from helpers.brief.word.parts import Parts
from helpers.brief.word.pictures import sharp
from helpers.brief.word.sections import footer_xml, header_xml
from helpers.brief.word.styles import TAGS, styles_xml
from helpers.brief.word.theme import fonts_xml, theme_xml

__all__ = ["packed"]

OUTSIDE = ' TargetMode="External"'
DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file knows: when a file was built must not change its bytes."""

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"

_PARTS = (
    ("rIdStyles", "styles", "styles.xml"),
    ("rIdNumbering", "numbering", "numbering.xml"),
    ("rIdSettings", "settings", "settings.xml"),
    ("rIdFonts", "fontTable", "fontTable.xml"),
    ("rIdTheme", "theme", "theme/theme1.xml"),
    ("rIdHeader", "header", "header1.xml"),
    ("rIdNoHeader", "header", "header2.xml"),
    ("rIdFooter", "footer", "footer1.xml"),
    ("rIdNoFooter", "footer", "footer2.xml"),
)
"""Relationship, kind and name of the parts beside the text."""


def _types() -> str:
    defaults = {
        "png": "image/png",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "svg": "image/svg+xml",
        "xml": "application/xml",
    }
    own = {
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/word/document.xml": f"{KIND}.document.main+xml",
        **{f"/word/{name}": f"{KIND}.{kind}+xml" for _, kind, name in _PARTS},
        "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    }
    return (
        f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
        + "".join(
            f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items()
        )
        + "".join(
            f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in own.items()
        )
        + "</Types>"
    )


def _relations(entries: Sequence[tuple[str, str, str, bool]]) -> str:
    """Return relationships: id, kind, target, and whether it lies outside the file."""
    return (
        f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{kind}" Target="{quoted(target)}"'
            f"{OUTSIDE * outside}/>"
            for name, kind, target, outside in entries
        )
        + "</Relationships>"
    )


def _root() -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    return _relations(
        [
            ("rIdDocument", f"{_OFFICE}/officeDocument", "word/document.xml", False),
            ("rIdCore", core, "docProps/core.xml", False),
        ]
    )


def _of_document(parts: Parts) -> str:
    entries = [(name, f"{_OFFICE}/{kind}", target, False) for name, kind, target in _PARTS]
    for picture in parts.pictures:
        image = f"{_OFFICE}/image"
        entries.append((picture.png, image, f"media/image{picture.number}.png", False))
        entries.append((picture.svg, image, f"media/image{picture.number}.svg", False))
    entries += [
        (name, f"{_OFFICE}/hyperlink", target, True) for target, name in parts.links.items()
    ]
    return _relations(entries)


def _core(told: Node) -> str:
    iso = told["head"]["iso"] if told["head"] else None
    year, month, day = iso or DAY[:3]
    moment = f"{year:04d}-{month:02d}-{day:02d}T00:00:00Z"
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(told['title'])}</dc:title>"
        f"<dc:creator>{escaped(told['author'])}</dc:creator>"
        f"<dc:description>{escaped(told['description'])}</dc:description>"
        f"<cp:lastModifiedBy>{escaped(told['author'])}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<dc:language>{TAGS.get(told['language'], told['language'])}</dc:language>"
        "</cp:coreProperties>"
    )


def _settings(language: str) -> str:
    tag = TAGS.get(language, language)
    decimal, listed = (",", ";") if language == "vi" else (".", ",")
    office = 'w:uri="http://schemas.microsoft.com/office/word"'
    return (
        f'{XML}<w:settings xmlns:w="{WORD}"><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="567"/><w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:compat><w:compatSetting w:name="compatibilityMode" {office} w:val="15"/>'
        f'<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification" {office} w:val="1"/>'
        f'<w:compatSetting w:name="enableOpenTypeFeatures" {office} w:val="1"/>'
        f'<w:compatSetting w:name="doNotFlipMirrorIndents" {office} w:val="1"/></w:compat>'
        f'<w:themeFontLang w:val="{tag}"/><w:decimalSymbol w:val="{decimal}"/>'
        f'<w:listSeparator w:val="{listed}"/></w:settings>'
    )


def _entries(
    told: Node, text: str, parts: Parts, drawings: Sequence[bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every part, the types first as readers expect them."""
    language = told["language"]
    for name, content in (
        ("[Content_Types].xml", _types()),
        ("_rels/.rels", _root()),
        ("word/document.xml", text),
        ("word/_rels/document.xml.rels", _of_document(parts)),
        ("word/styles.xml", styles_xml(language, parts.sizes)),
        ("word/numbering.xml", numbering_xml(parts.starts)),
        ("word/settings.xml", _settings(language)),
        ("word/fontTable.xml", fonts_xml()),
        ("word/theme/theme1.xml", theme_xml()),
        ("word/header1.xml", header_xml(numbered=True)),
        ("word/header2.xml", header_xml(numbered=False)),
        ("word/footer1.xml", footer_xml(told["footer"])),
        ("word/footer2.xml", footer_xml("")),
        ("docProps/core.xml", _core(told)),
    ):
        yield name, content.encode()
    for picture, drawing in zip(parts.pictures, drawings, strict=True):
        yield f"word/media/image{picture.number}.png", drawing
        yield f"word/media/image{picture.number}.svg", sharp(picture)


def packed(told: Node, text: str, parts: Parts, drawings: Sequence[bytes]) -> bytes:
    """Return the file: the text, its parts, and the drawings as pictures in their order."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, content in _entries(told, text, parts, drawings):
            entry = zipfile.ZipInfo(name, DAY)
            entry.create_system = 0  # the same on every system
            pressed = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.compress_type = pressed
            package.writestr(entry, content)
    return held.getvalue()

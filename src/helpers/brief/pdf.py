"""PDF through Typst, in process: PDF/A-2a and PDF/UA-1, the same bytes every time."""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import typst

from helpers.brief.document import Document, tree
from helpers.brief.fonts import covered, fonts_folder
from helpers.brief.markdown import Node
from helpers.errors import HelpersError

__all__ = ["TypesettingFailed", "drawable", "drawable_svg", "typst_fonts", "write_pdf"]

STANDARDS: list[Any] = ["a-2a", "ua-1"]
TEMPLATE = Path(__file__).parent / "templates" / "brief.typ"

TWINS = {
    "✓": "√", "✔": "√", "▶": "►", "◀": "◄", "⇒": "→", "⇐": "←", "⇔": "↔", "↗": "↑", "↘": "↓",
    "◆": "■", "◇": "◊", "☐": "□", "☑": "√", "✗": "×", "✘": "×", "⁃": "-", "∙": "•", "₋": "-",
}  # fmt: skip
"""What is drawn instead of signs that the typeface lacks."""


class TypesettingFailed(HelpersError):
    """Typst refused the document, or warned of something in it."""


def drawable(text: str) -> str:
    """Return the text in characters that the typeface has.

    A twin stands in where there is one, then the compatibility form; what remains is spelt as its
    code ("[U+1F600]"), so that nothing is lost unseen.
    """
    have = covered() | {"\n"}
    if have.issuperset(text):
        return text
    return "".join(letter if letter in have else _spelt(letter) for letter in text)


def _spelt(letter: str) -> str:
    twin = TWINS.get(letter) or unicodedata.normalize("NFKC", letter)
    return twin if covered().issuperset(twin) else f"[U+{ord(letter):04X}]"


def _content(document: Node) -> str:
    """Return the document's tree as JSON, its texts in characters that the typeface has."""
    content = json.dumps(document, ensure_ascii=False)
    if covered().issuperset(content):  # JSON escapes line ends, and its own signs are covered
        return content
    return json.dumps(_drawable_tree(document), ensure_ascii=False)


def _drawable_tree(value: Any) -> Any:
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, list):
        return [_drawable_tree(item) for item in value]
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key != "link"}
        drawing = {"svg": drawable_svg(kept["svg"])} if "svg" in kept else {}
        links = {"link": value["link"]} if "link" in value else {}
        return {key: _drawable_tree(item) for key, item in kept.items()} | drawing | links
    return value


def drawable_svg(markup: str) -> str:
    """Return a drawing with its texts in characters that the typeface has."""
    if covered().issuperset(markup.replace("\n", "")):
        return markup
    root = ElementTree.fromstring(markup)
    for element in root.iter():
        element.text = element.text and drawable(element.text)
        element.tail = element.tail and drawable(element.tail)
    return ElementTree.tostring(root, encoding="unicode")


@lru_cache(maxsize=1)
def typst_fonts() -> typst.Fonts:
    """Return the briefs' typeface, and no other, as Typst takes it."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_folder())]
    )


def write_pdf(document: Document) -> bytes:
    """Return the document as one PDF file.

    The template reads the document's tree as JSON: no text of it is ever parsed as markup.

    Raises:
        TypesettingFailed: what Typst reports, a warning included.
    """
    content = _content(tree(document))
    files: Any = {"main.typ": TEMPLATE.read_bytes(), "document.json": content.encode("utf-8")}
    try:
        pdf, warnings = typst.Compiler(files, font_paths=typst_fonts()).compile_with_warnings(
            format="pdf", timestamp=0, pdf_standards=STANDARDS
        )
    except typst.TypstError as error:
        raise TypesettingFailed(f"Không dựng được PDF: {error.diagnostic or error}") from error
    if warnings:
        raise TypesettingFailed(
            "Không dựng được PDF, Typst cảnh báo: " + "; ".join(w.message for w in warnings)
        )
    if not isinstance(pdf, bytes):
        raise TypesettingFailed("Không dựng được PDF: Typst không trả về một tệp duy nhất.")
    return pdf

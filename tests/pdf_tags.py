"""A PDF read back: where each piece of text stands, and the order that a screen reader takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
import told
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

__all__ = [
    "ARTIFACT",
    "Element",
    "Glyphs",
    "Rule",
    "Sheet",
    "broken_promises",
    "read_tags",
    "sheets",
]

ARTIFACT = -1
"""The mark of what belongs to a page alone, such as its number."""


SPACE = 0.25
"""The width of a space in ems; one that ends a line is drawn beyond its edge."""


@dataclass(frozen=True)
class Glyphs:
    """Text that was drawn in one go, measured in points from the page's upper left corner."""

    text: str
    page: int
    x: float
    y: float
    """Where the baseline stands."""
    width: float
    font: str
    size: float
    mark: int
    """Number of the marked content on its page, or `ARTIFACT`."""

    @property
    def right(self) -> float:
        """Return where the text ends."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """Return the middle of the text."""
        return self.x + self.width / 2

    @property
    def bold(self) -> bool:
        """Say whether the type is bold."""
        return "Bold" in self.font

    @property
    def italic(self) -> bool:
        """Say whether the type is italic."""
        return "Italic" in self.font


@dataclass(frozen=True)
class Rule:
    """A line from left to right that was drawn by itself."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Sheet:
    """A page: its size, its text, and the rules on it."""

    width: float
    height: float
    pieces: list[Glyphs]
    rules: list[Rule]

    def find(self, text: str) -> Glyphs:
        """Return the first piece that begins with a text."""
        wanted = told.squeezed(text)
        return next(p for p in self.pieces if told.squeezed(p.text).startswith(wanted))


@dataclass
class Element:
    """A structure element: its kind, the elements in it and the pieces of text between them."""

    kind: str
    parts: list[Element | Glyphs] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all text in the element, in its logical order, without white space."""
        return "".join(told.squeezed(piece.text) for piece in self.pieces())

    def pieces(self) -> Iterator[Glyphs]:
        """Yield all pieces of text in the element, in its logical order."""
        for part in self.parts:
            if isinstance(part, Element):
                yield from part.pieces()
            else:
                yield part

    def all(self, *kinds: str) -> Iterator[Element]:
        """Yield the elements of these kinds, one after the other as they are read."""
        if self.kind in kinds:
            yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part.all(*kinds)


def sheets(pdf: bytes) -> list[Sheet]:
    """Return the pages with what is drawn on them."""
    return [_Reader(page, at).sheet for at, page in enumerate(PdfReader(BytesIO(pdf)).pages)]


def read_tags(pdf: bytes) -> Element:
    """Return the document's structure with its text; what is drawn for the page alone is not it."""
    reader = PdfReader(BytesIO(pdf))
    marked: dict[tuple[int, int], list[Glyphs]] = {}
    for number, page in enumerate(reader.pages):
        for piece in _Reader(page, number).sheet.pieces:
            marked.setdefault((number, piece.mark), []).append(piece)
    root: Any = reader.trailer["/Root"]
    return _element(root["/StructTreeRoot"], -1, _numbers(reader), marked)


def _numbers(reader: PdfReader) -> dict[int, int]:
    references = (page.indirect_reference for page in reader.pages)
    return {found.idnum: at for at, found in enumerate(references) if found}


def _element(
    node: Any, page: int, numbers: Mapping[int, int], marked: Mapping[Any, list[Glyphs]]
) -> Element:
    element = Element(str(node.get("/S", "")).strip("/"))
    if "/Pg" in node:
        page = numbers[node.raw_get("/Pg").idnum]
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object()
        if isinstance(found, int):
            element.parts += marked.get((page, int(found)), [])
        elif isinstance(found, DictionaryObject) and "/MCID" in found:
            place = numbers[found.raw_get("/Pg").idnum] if "/Pg" in found else page
            element.parts += marked.get((place, int(found["/MCID"])), [])
        elif isinstance(found, DictionaryObject) and "/S" in found:
            element.parts.append(_element(found, page, numbers, marked))
    return element


class _Reader:
    """Follows the operators of a page's content."""

    def __init__(self, page: PageObject, number: int) -> None:
        self.number = number
        self.fonts: Any = page["/Resources"].get("/Font", {})  # type: ignore[attr-defined]
        self.widths: dict[str, dict[int, float]] = {}
        self.open: list[int] = []
        self.font, self.wide, self.start = "", 0.0, (0.0, 0.0)
        self.sheet = Sheet(float(page.mediabox.width), float(page.mediabox.height), [], [])
        page.extract_text(visitor_operand_before=self._before, visitor_text=self._text)

    def _before(self, operator: bytes, operands: Any, cm: list[float], _: list[float]) -> None:
        if operator in (b"BDC", b"BMC"):
            content = operands[1] if len(operands) > 1 else {}
            inherited = self.open[-1] if self.open else ARTIFACT
            mark = content.get("/MCID", inherited) if isinstance(content, dict) else inherited
            self.open.append(ARTIFACT if operands[0] == "/Artifact" else int(mark))
        elif operator == b"EMC":
            self.open.pop()
        elif operator == b"Tf":
            self.font = str(operands[0])
        elif operator == b"BT":
            self.wide = 0.0
        elif operator in (b"TJ", b"Tj"):
            self.wide += self._ems(operands[0] if operator == b"TJ" else operands)
        elif operator == b"m":
            self.start = operands[0], operands[1]
        elif operator == b"l" and float(operands[1]) == float(self.start[1]):
            x = cm[0] * min(float(self.start[0]), float(operands[0])) + cm[4]
            y = self.sheet.height - (cm[3] * float(operands[1]) + cm[5])
            long = abs(float(operands[0]) - float(self.start[0])) * abs(cm[0])
            self.sheet.rules.append(Rule(x, y, long))

    def _text(self, said: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if not said.strip():
            return
        x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
        y = self.sheet.height - (cm[1] * tm[4] + cm[3] * tm[5] + cm[5])
        name = str(font["/BaseFont"]).partition("+")[2] if font else ""
        drawn = size * abs(cm[3] * tm[3])
        mark = self.open[-1] if self.open else ARTIFACT
        unseen = SPACE * (len(said) - len(said.rstrip(" ")))
        wide = (self.wide - unseen) * drawn
        piece = Glyphs(said.strip(), self.number, x, y, wide, name, drawn, mark)
        self.sheet.pieces.append(piece)

    def _ems(self, shown: Any) -> float:
        """Return how wide strings of two-byte codes are, in ems, moved as the operator says."""
        known = self._known()
        total = 0.0
        for part in shown:
            if isinstance(part, int | float):
                total -= float(part)
                continue
            raw = part if isinstance(part, bytes) else part.original_bytes
            codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
            total += sum(known.get(code, 0.0) for code in codes)
        return total / 1000

    def _known(self) -> dict[int, float]:
        """Return the widths of the current font's codes."""
        if self.font not in self.widths:
            found: dict[int, float] = {}
            descendants = self.fonts[self.font].get_object().get("/DescendantFonts", [{}])
            listed = list(descendants[0].get_object().get("/W", []))
            while listed:
                first, second = int(listed.pop(0)), listed.pop(0).get_object()
                if isinstance(second, list):
                    found |= {first + at: float(wide) for at, wide in enumerate(second)}
                else:
                    wide = float(listed.pop(0))
                    found |= dict.fromkeys(range(first, int(second) + 1), wide)
            self.widths[self.font] = found
        return self.widths[self.font]


MISREAD = "a stream /Length does not match its raw content length"
"""What the validator says, wrongly, where a stream's last byte is a carriage return."""


def broken_promises(pdf: bytes, profile: str) -> set[str]:
    """Return what a validator that others wrote finds against a profile: "2a" or "ua1"."""
    page = pytest.importorskip("page")
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile(profile))
    found = {failure.message for failure in report.failures}
    return found - {MISREAD} if _lengths_are_right(pdf) else found


def _lengths_are_right(pdf: bytes) -> bool:
    """Say whether each stream is as long as it says, byte for byte."""
    found = list(re.finditer(rb"/Length (\d+)\b(?! \d+ R)", pdf))
    for length in found:
        end = pdf.index(b"stream\n", length.end()) + len(b"stream\n") + int(length[1])
        if not pdf.startswith((b"\nendstream", b"\r\nendstream"), end):
            return False
    return bool(found)

"""What a brief is made of: values that a notebook displays and that every writer lays out."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Self

from helpers.legible import clean
from helpers.marks import MARKS, Mark

__all__ = [
    "MIME",
    "Block",
    "Figure",
    "FigureRow",
    "Header",
    "KeyFigure",
    "KeyFigures",
    "Series",
    "Text",
    "block_from_json",
]

MIME = "application/vnd.helpers.block+json"
"""The type under which a notebook's output keeps a block."""


def known(value: str, allowed: Collection[str], where: str) -> None:
    """Raise unless the value is one of those that the writers know."""
    if value not in allowed:
        raise ValueError(f"{where}: “{value}” không hợp lệ; chọn {', '.join(allowed)}.")


def check_marks(marks: Collection[str]) -> tuple[Mark, ...]:
    """Return the marks once each, in the order of their weight; refuse an unknown one."""
    for mark in marks:
        known(mark, MARKS, "đánh dấu")
    return tuple(mark for mark in MARKS if mark in marks)


@dataclass(frozen=True)
class Block:
    """The root of all blocks: the JSON round trip and the display in a notebook."""

    type_name: ClassVar[str] = ""

    def to_json(self) -> dict[str, Any]:
        """Return the block as plain JSON values, its type among them."""
        return self.fields_to_json()

    def fields_to_json(self) -> dict[str, Any]:
        """Return the type and the fields, tuples as lists."""
        return {"type": self.type_name, **_lists(self)}

    @classmethod
    def from_fields(cls, values: dict[str, Any]) -> Self:
        """Return the block whose fields are given as JSON values."""
        return cls(**{key: _tuples(value) for key, value in values.items()})

    def parts(self) -> Iterator[Block]:
        """Yield the blocks that this one lays out, itself where it holds no others."""
        yield self

    def summary(self) -> str:
        """Return the block in one line."""
        first = getattr(self, fields(self)[0].name)
        return f"{type(self).__name__}: {first}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show the block in a notebook and leave it there for the exporters."""
        from helpers.brief.html import render_fragment

        return {
            MIME: self.to_json(),
            "text/html": render_fragment(self),
            "text/plain": clean(self.summary()),
        }


def _lists(value: Any) -> Any:
    """Return what JSON would give back, for kernels whose messages never pass through JSON."""
    if is_dataclass(value):
        return {field.name: _lists(getattr(value, field.name)) for field in fields(value)}
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Header(Block):
    """The document's head and foot after Nghị định 30/2020/NĐ-CP, Phụ lục I.

    What is still open stays blank: number, date (ISO), the signatory's name.
    """

    type_name = "header"

    kind: str
    subject: str
    issuer: str
    parent: str = ""
    number: str = ""
    symbol: str = ""
    place: str = ""
    date: str = ""
    bases: tuple[str, ...] = ()
    authority: str = ""
    position: str = ""
    name: str = ""
    recipients: tuple[str, ...] = ()
    language: str = "vi"
    title: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        """Take lists as well as tuples and refuse a date that is none."""
        object.__setattr__(self, "bases", tuple(self.bases))
        object.__setattr__(self, "recipients", tuple(self.recipients))
        if self.date:
            datetime.date.fromisoformat(self.date)

    @property
    def day(self) -> datetime.date | None:
        """Return the date of issue, or None while it is open."""
        return datetime.date.fromisoformat(self.date) if self.date else None


@dataclass(frozen=True)
class Text(Block):
    """Computed prose in Markdown: paragraphs, lists, bold, italic, headings."""

    type_name = "text"

    markdown: str
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        """Refuse marks that no writer knows."""
        object.__setattr__(self, "marks", check_marks(self.marks))


@dataclass(frozen=True)
class Figure(Block):
    """A drawing as SVG; the title says what it shows, `alt` says it to those who cannot see it."""

    type_name = "figure"

    title: str
    svg: str
    alt: str
    note: str = ""
    source: str = ""
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a figure that a blind reader could not follow."""
        if not self.alt.strip():
            raise ValueError(f"Hình “{self.title}” thiếu mô tả thay thế (alt).")
        if not self.svg.strip():
            raise ValueError(f"Hình “{self.title}” không có nội dung SVG.")
        object.__setattr__(self, "marks", check_marks(self.marks))


@dataclass(frozen=True)
class FigureRow(Block):
    """Two or three figures side by side, on a phone one below the other."""

    type_name = "figure_row"

    figures: tuple[Figure, ...]

    def __post_init__(self) -> None:
        """Refuse an empty row."""
        object.__setattr__(self, "figures", tuple(self.figures))
        if not 1 <= len(self.figures) <= 3:
            raise ValueError("Một hàng hình có từ một đến ba hình.")

    def parts(self) -> Iterator[Block]:
        """Yield the figures."""
        yield from self.figures

    def summary(self) -> str:
        """Return the titles of the figures in one line."""
        return "FigureRow: " + "; ".join(figure.title for figure in self.figures)

    @classmethod
    def from_fields(cls, values: dict[str, Any]) -> FigureRow:
        """Return the row that `to_json` wrote."""
        return cls(tuple(Figure.from_fields(figure) for figure in values["figures"]))


@dataclass(frozen=True)
class KeyFigure:
    """One number of the first page: as it reads, what it counts, a remark."""

    value: str
    label: str
    remark: str = ""


@dataclass(frozen=True)
class KeyFigures(Block):
    """The three to five numbers that a leader should remember."""

    type_name = "key_figures"

    items: tuple[KeyFigure, ...]
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        """Take plain tuples of texts as well, and refuse an empty row."""
        given: Collection[Any] = self.items
        items = (item if isinstance(item, KeyFigure) else KeyFigure(*item) for item in given)
        object.__setattr__(self, "items", tuple(items))
        object.__setattr__(self, "marks", check_marks(self.marks))
        if not 1 <= len(self.items) <= 6:
            raise ValueError("Hàng số liệu chính có từ một đến sáu số.")

    def summary(self) -> str:
        """Return the numbers in one line."""
        return "KeyFigures: " + "; ".join(f"{i.label} {i.value}" for i in self.items)

    @classmethod
    def from_fields(cls, values: dict[str, Any]) -> KeyFigures:
        """Return the row that `to_json` wrote."""
        items = tuple(KeyFigure(**item) for item in values["items"])
        return cls(items, tuple(values["marks"]))


@dataclass(frozen=True)
class Series(Block):
    """Blocks one below the other, as one value: how many there are is for the tables to say.

    An empty series leaves nothing in a document, not even a heading.
    """

    type_name = "series"

    blocks: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        """Take a list as well as a tuple."""
        object.__setattr__(self, "blocks", tuple(self.blocks))

    def parts(self) -> Iterator[Block]:
        """Yield what the blocks lay out."""
        for block in self.blocks:
            yield from block.parts()

    def to_json(self) -> dict[str, Any]:
        """Return the series as plain JSON values, each block in its own form."""
        return {"type": self.type_name, "blocks": [block.to_json() for block in self.blocks]}

    def summary(self) -> str:
        """Return the blocks in one line."""
        return "Series: " + "; ".join(block.summary() for block in self.blocks)

    @classmethod
    def from_fields(cls, values: dict[str, Any]) -> Series:
        """Return the series that `to_json` wrote."""
        return cls(tuple(block_from_json(block) for block in values["blocks"]))


def block_from_json(value: dict[str, Any]) -> Block:
    """Return the block that `to_json` wrote."""
    from helpers.brief.table import Table

    kinds: tuple[type[Block], ...] = (Header, Text, Figure, FigureRow, KeyFigures, Series, Table)
    by_name = {kind.type_name: kind for kind in kinds}
    rest = {key: content for key, content in value.items() if key != "type"}
    known(value.get("type", ""), by_name, "loại khối")
    return by_name[value["type"]].from_fields(rest)

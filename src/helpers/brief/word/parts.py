"""What a Word file gathers while it is written: links, lists, pictures, sizes, headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib import parse

from helpers.brief.markdown import Node

__all__ = ["FIRST_LIST", "Parts", "Picture", "mark_name"]

FIRST_LIST = 10
"""The number of the first list of a document's own; those below belong to styles."""

SAFE = "%:/?#@!$&'()*+,;=~"
"""What an address may hold as it is; Word refuses a file with an address that is none."""


@dataclass(frozen=True)
class Picture:
    """A drawing and the relationships under which its two forms are found."""

    node: Node
    number: int

    @property
    def png(self) -> str:
        """Return the relationship of the picture for old readers."""
        return f"rIdPng{self.number}"

    @property
    def svg(self) -> str:
        """Return the relationship of the sharp drawing."""
        return f"rIdSvg{self.number}"


@dataclass
class Parts:
    """The parts beside the text, counted as they come up, so that the same text counts the same."""

    links: dict[str, str] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    sizes: set[int] = field(default_factory=set)
    pictures: list[Picture] = field(default_factory=list)
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    marks: int = 0

    def link(self, target: str) -> str:
        """Return the relationship of an address."""
        return self.links.setdefault(
            parse.quote(target, safe=SAFE), f"rIdLink{len(self.links) + 1}"
        )

    def ordered(self, start: int) -> int:
        """Return the number of a new list that counts from `start`."""
        self.starts.append(start)
        return FIRST_LIST + len(self.starts) - 1

    def picture(self, node: Node) -> Picture:
        """Take a drawing in."""
        self.pictures.append(Picture(node, len(self.pictures) + 1))
        return self.pictures[-1]

    def bookmark(self, name: str, content: str) -> str:
        """Return the content under a bookmark."""
        self.marks += 1
        return (
            f'<w:bookmarkStart w:id="{self.marks}" w:name="{name}"/>{content}'
            f'<w:bookmarkEnd w:id="{self.marks}"/>'
        )

    def heading(self, level: int, text: str, content: str) -> str:
        """Return a heading's content under the bookmark that the table of contents leads to."""
        name = f"_Toc{len(self.headings) + 1:08d}"
        self.headings.append((level, text, name))
        return self.bookmark(name, content)


def mark_name(identity: str) -> str:
    """Return an id as Word allows a bookmark's name: letters, digits and "_", 40 at most."""
    return re.sub(r"\W", "_", f"m_{identity}")[:40]

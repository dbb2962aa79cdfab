"""A whole brief: gathered from an executed notebook, numbered, and laid out as one plain tree."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from helpers import words
from helpers.brief.blocks import Block, Header, check_marks
from helpers.brief.markdown import Node, clean, plain, spans
from helpers.brief.nodes import nodes_of
from helpers.brief.numbering import renumbered
from helpers.brief.table import Table
from helpers.language import SOURCE, say, speaking
from helpers.marks import Mark
from helpers.text import listing

__all__ = ["Document", "nodes_of", "tables_of", "tree"]

LABELS: Mapping[str, str] = {
    "nation": "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "motto": "Độc lập - Tự do - Hạnh phúc",
    "number": "Số:",
    "recipients": "Nơi nhận:",
    "notice": "Lưu ý:",
    "contents": "Mục lục",
    "skip": "Đến nội dung chính",
    "top": "Về đầu trang",
    "csv": "Tải CSV",
    "table": "Bảng",
    "figure": "Hình",
    "annex": "Phụ lục",
    "source": "Nguồn:",
    "note": "Ghi chú:",
    "unit": "Đơn vị tính:",
    "code": "Kết quả dạng chữ",
    "page": "Trang",
    "total": "Tổng số",
    "sheet": "Trang tính",
    "marks": "Đánh dấu",
}
"""The constant words that writers need, by their keys in the tree's `labels`."""

MARK_NAMES: dict[Mark, str] = {
    "illustrative": "số liệu minh họa",
    "unverified": "tham số chưa kiểm chứng",
    "secondary": "số liệu từ nguồn thứ cấp chưa đối chiếu",
}
"""How the notice on the first page names them."""

END = "./."
ANNEX = re.compile(r"(?i:phụ lục|annex)\b")
ENDS = re.compile(r" (?=(?:tỉnh|thành phố|huyện|thị xã|of) )", re.IGNORECASE)
"""Where the second line of an issuing body's name begins."""


@dataclass(frozen=True)
class Document:
    """A brief as the writers take it: head and foot, and the blocks between them."""

    header: Header | None
    blocks: tuple[Block, ...]
    title: str = ""

    @property
    def language(self) -> str:
        """Return the code of the language in which the document is worded."""
        return self.header.language if self.header else SOURCE

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return every mark that occurs anywhere, in the order of their weight."""
        parts = itertools.chain.from_iterable(block.parts() for block in self.blocks)
        return check_marks({mark for part in parts for mark in getattr(part, "marks", ())})


@lru_cache(maxsize=1)
def tree(document: Document) -> Node:
    """Return the document as plain JSON values: words are chosen, numbers given, nothing styled.

    Every writer lays out this one tree, so the formats cannot tell different stories. It is made
    once for all of them: a writer must leave it as it is. Its words are in the document's language,
    those that a writer adds among them (`labels`).
    """
    with speaking(document.language):
        return _tree(document)


def _tree(document: Document) -> Node:
    header = document.header
    nodes = renumbered(_levelled(_numbered(document.blocks), drop_title=header is None))
    body, annexes = _split(nodes, _attached(header) if header else "")
    if header and (header.position or header.authority) and document.language == SOURCE:
        body = _ended(body)
    confessed = _confession(document.marks)
    title = clean(document.title) or say("Bản tóm tắt")
    if header:
        title = clean(header.title or f"{header.kind}: {header.subject}")
    return {
        "language": document.language,
        "labels": {key: say(label) for key, label in LABELS.items()},
        "title": title,
        "description": clean(header.description if header else "") or title,
        "author": clean(header.issuer) if header else "",
        "head": _head(header) if header else None,
        "notice": say("{confessed}; xem ghi chú dưới từng bảng, hình.", confessed=confessed)
        if confessed
        else "",
        "footer": f"{confessed}." if confessed else "",
        "body": body,
        "foot": _foot(header) if header else None,
        "annexes": annexes,
    }


def tables_of(document: Document) -> list[tuple[Node, Table]]:
    """Return the document's tables as they are laid out, each with its exact values."""
    told = tree(document)
    everything = itertools.chain(told["body"], *told["annexes"])
    nodes = [node for node in everything if node["type"] == "table"]
    parts = itertools.chain.from_iterable(block.parts() for block in document.blocks)
    return list(zip(nodes, (part for part in parts if isinstance(part, Table)), strict=True))


def _head(header: Header) -> Node:
    bases = [clean(base).rstrip(" ;.") for base in header.bases]
    begun = say("Căn cứ {base}", base="").lower()
    worded = [b if b.lower().startswith(begun) else say("Căn cứ {base}", base=b) for b in bases]
    ends = [";"] * (len(worded) - 1) + ["."]
    day = header.day
    return {
        "kind": clean(header.kind),
        "subject": clean(header.subject),
        "parent": clean(header.parent),
        "issuer": _issuer_lines(clean(header.issuer)),
        "number": clean(header.number),
        "symbol": clean(header.symbol),
        "day": clean(words.date_words(day, header.place)),
        "iso": [day.year, day.month, day.day] if day else None,
        "bases": [base + end for base, end in zip(worded, ends, strict=False)],
    }


def _issuer_lines(issuer: str) -> list[str]:
    """Return the issuing body in the two lines that a document's head has for it.

    The name of the place starts the second line ("Ủy ban nhân dân" / "tỉnh Nghệ An").
    """
    place = ENDS.search(issuer)
    return [issuer[: place.start()], issuer[place.end() :]] if place else [issuer]


def _attached(header: Header) -> str:
    """Return the line under an annex's title that says to which document it belongs."""
    number = clean(header.number) or "…"
    symbol = f"/{clean(header.symbol)}" if header.symbol else ""
    return say(
        "(Kèm theo {kind} số {number} {day} của {issuer})",
        kind=clean(header.kind),
        number=f"{number}{symbol}",
        day=words.date_words(header.day),
        issuer=clean(header.issuer),
    )


def _foot(header: Header) -> Node:
    names = [clean(name).rstrip(" ;.").removeprefix("- ") for name in header.recipients]
    ends = [";"] * (len(names) - 1) + ["."]
    return {
        "authority": clean(header.authority),
        "position": clean(header.position),
        "name": clean(header.name),
        "recipients": [name + end for name, end in zip(names, ends, strict=False)],
    }


def _confession(marks: Sequence[Mark]) -> str:
    """Return what the whole document has to confess, as words without an end."""
    if not marks:
        return ""
    return say("Bản này có {marks}", marks=listing(say(MARK_NAMES[mark]) for mark in marks))


def _numbered(blocks: Iterable[Block]) -> Iterator[Node]:
    """Yield the nodes of the blocks, tables and figures counted through the document."""
    tables, figures = itertools.count(1), itertools.count(1)
    ids = (f"h{number}" for number in itertools.count(1))
    for block in blocks:
        for node in nodes_of(block, ids):
            if node["type"] == "table":
                number = next(tables)
                label = say("Bảng {number}.", number=number)
                yield {**node, "label": label, "id": f"bang-{number}"}
            elif node["type"] == "figure_row":
                yield {**node, "figures": [_labelled(f, next(figures)) for f in node["figures"]]}
            elif node["type"] == "figure":
                yield _labelled(node, next(figures))
            else:
                yield node


def _labelled(figure: Node, number: int) -> Node:
    return {**figure, "label": say("Hình {number}.", number=number), "id": f"hinh-{number}"}


def _levelled(nodes: Iterable[Node], *, drop_title: bool) -> Iterator[Node]:
    """Yield the nodes with headings from level 2 down and no level left out.

    Level 1 is the document's title. Without a head the first heading of level 1 is that title and
    is not repeated.
    """
    everything = list(nodes)
    if drop_title:
        first = next((node for node in everything if node["type"] == "heading"), None)
        if first and first["level"] == 1:
            everything.remove(first)
    levels = [node["level"] for node in everything if node["type"] == "heading"]
    top, before = min(levels, default=2), 1
    for node in everything:
        if node["type"] == "heading":
            before = min(node["level"] - top + 2, before + 1)
            yield {**node, "level": before}
        else:
            yield node


def _split(nodes: Sequence[Node], attached: str) -> tuple[list[Node], list[list[Node]]]:
    """Part the text from its annexes, each of which begins with a heading "Phụ lục …".

    "Phụ lục I. Vốn theo huyện" gives the annex its number and, after the stop, its title.
    """
    parts: list[list[Node]] = [[]]
    for node in nodes:
        words_of = plain(node["spans"]).lower() if node["type"] == "heading" else ""
        if node["type"] == "heading" and node["level"] == 2 and ANNEX.match(words_of):
            label, _, title = plain(node["spans"]).partition(". ")
            parts.append([{"type": "annex", "label": label, "title": title, "attached": attached}])
            continue
        parts[-1].append(node)
    return parts[0], parts[1:]


def _ended(body: list[Node]) -> list[Node]:
    """Return the text with "./." at its end, as the decree wants it."""
    if not body:
        return body
    last = body[-1]
    if last["type"] == "paragraph":
        return [*body[:-1], {**last, "spans": _with_end(last["spans"])}]
    if last["type"] == "list" and last["items"][-1] and "spans" in last["items"][-1][-1]:
        item = last["items"][-1]
        ended = [*item[:-1], {**item[-1], "spans": _with_end(item[-1]["spans"])}]
        return [*body[:-1], {**last, "items": [*last["items"][:-1], ended]}]
    return [*body, {"type": "end", "text": END}]


def _with_end(pieces: list[Any]) -> list[Node]:
    whole = plain(pieces).rstrip()
    if whole.endswith(END):
        return pieces
    *others, last = pieces
    return [*others, {**last, "text": last["text"].rstrip(" .;")}, *spans(END)]

"""The head and the foot of an official document (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helpers.brief.markdown import Node
from helpers.brief.word.markup import (
    CLOSE,
    TEXT_TALL,
    cell,
    grid,
    kept_with_next,
    paragraph,
    properties,
    run,
    twips,
)
from helpers.brief.word.measure import bold_width

__all__ = ["foot", "head", "notice"]

LEFT = twips(70)
HALF = TEXT_TALL // 2
PART = 0.42
"""How long the line under the issuing body is, in parts of its name's length."""

BLANK = "\u00a0" * 8
"""Room for a number that is still open."""

NAME_ROOM = {True: 48, False: 74}
"""Points between position and name, in a short document and in a long one."""


def _rule(width: float, room: int) -> str:
    """Return a line of a width (in points) in the middle of a room (in twips)."""
    side = max(round((room - width * 20) / 2), 0)
    return paragraph("KeNgang", direct=f'<w:ind w:left="{side}" w:right="{side}"/>')


def head(told: Node, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield nation and issuing body, number and day, what the document is and what it is about."""
    given = told["head"]
    if given is None:
        yield paragraph("Title", run(told["title"]))
        return
    right = TEXT_TALL - LEFT
    named = max(bold_width(line.upper(), 12) for line in given["issuer"])
    issuer = "".join(
        (
            paragraph("CoQuanCapTren", run(given["parent"])) if given["parent"] else "",
            *(paragraph("CoQuan", run(line)) for line in given["issuer"]),
            _rule(PART * min(named, 60 * 72 / 25.4), LEFT),
        )
    )
    nation = (
        paragraph("QuocHieu", run(labels["nation"]))
        + paragraph("TieuNgu", run(labels["motto"]))
        + _rule(bold_width(labels["motto"], 13), right)
    )
    day = paragraph("NgayThang", run(given["day"]))
    rows = ((issuer, nation), (paragraph("SoKyHieu", run(_number(given, labels))), day))
    yield grid(
        "BangBoCuc",
        (LEFT, right),
        (f"<w:tr>{cell(LEFT, one)}{cell(right, other)}</w:tr>" for one, other in rows),
    )
    yield paragraph("TenLoai", run(given["kind"]))
    yield paragraph("Title", run(given["subject"]))
    yield _rule(55 * 72 / 25.4, TEXT_TALL)


def _number(given: Node, labels: Mapping[str, str]) -> str:
    if not (given["number"] or given["symbol"]):
        return ""
    symbol = f"/{given['symbol']}" if given["symbol"] else ""
    number = given["number"] or BLANK
    return f"{labels['number']} {number}{symbol}"


def notice(told: Node, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield what the document has to confess, and the bases on which it stands."""
    if told["notice"]:
        words = run(f"{labels['notice']} ", properties(bold=True)) + run(told["notice"])
        yield paragraph("LuuY", words)
    for base in told["head"]["bases"] if told["head"] else ():
        yield paragraph("CanCu", run(base))


def foot(given: Node, labels: Mapping[str, str], *, short: bool) -> Iterator[str]:
    """Yield the recipients and the signature, on one page with what stands above them."""
    recipients = "".join(paragraph("DongNoiNhan", run(name)) for name in given["recipients"])
    left = paragraph("NoiNhan", run(labels["recipients"])) + recipients if recipients else ""
    room = f'<w:spacing w:before="{NAME_ROOM[short] * 20}"/>'
    right = "".join(
        (
            paragraph("ThamQuyen", run(given["authority"])) if given["authority"] else "",
            paragraph("ThamQuyen", run(given["position"])) if given["position"] else "",
            paragraph("NguoiKy", run(given["name"]), room),
        )
    )
    row = cell(HALF, left or paragraph("KhoangCach")) + cell(HALF, right)
    yield kept_with_next(paragraph("KhoangCach", direct=CLOSE))
    yield grid("BangBoCuc", (HALF, HALF), [f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr>"])
    yield paragraph("KhoangCach", direct=CLOSE)

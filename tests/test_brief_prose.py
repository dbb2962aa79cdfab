"""What a plan or its data put into a sentence is read as it was written, in every form."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import pytest
import told
from brief_samples import HEADER, document, table
from hostile_samples import PAYLOADS
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pdf_tags import read_tags

from helpers.brief.blocks import Text
from helpers.brief.document import Document, tree
from helpers.brief.excel import write_excel
from helpers.brief.figures.canvas import Sheet
from helpers.brief.html import write_html
from helpers.brief.markdown import Node, plain
from helpers.brief.narrative import plan_words
from helpers.brief.narrative.prose import Prose, say
from helpers.brief.pdf import write_pdf
from helpers.brief.word import write_word
from helpers.legible import clean, clean_lines, literal
from helpers.runner.console import Console

PLACES = (
    "{field}",
    "Vốn của {field} là **một tỷ đồng**.",
    "- {field}",
    "Mở đầu:\n\n- {field};\n- {field} tăng.",
    "### {field}\n\n{field}",
    "a) {field}",
    "Đoạn trước\n{field}",
)
"""Where a field may stand: within a line, at the start of a paragraph, item, heading, line."""

MARKED = st.text(
    st.sampled_from("\\`*_[]()<>{}#|~&!+-=.:;/@$%^'\"1 a\n\t đ\u0338\u0301\u200b\u202e")
)
ANY = st.text(st.characters(exclude_categories=("Cs", "Co")))


def _shown(text: str) -> str:
    """Return a text without white space, as it is seen."""
    return unicodedata.normalize("NFC", "".join(clean(text).split()))


def _nodes(markdown: str) -> list[Node]:
    """Return what becomes of a text, without the paragraph with which a document ends."""
    nodes: list[Node] = tree(document(HEADER, Text(markdown), Text("Hết")))["body"]
    return nodes[:-1]


def _words(nodes: list[Node]) -> str:
    """Return what is read in nodes, one after another."""
    said = []
    for node in nodes:
        assert node["type"] in ("paragraph", "heading", "list"), node
        said.append(plain(node.get("spans", [])))
        said += [_words(item) for item in node.get("items", ())]
    return "".join(said)


def _styles(nodes: list[Node]) -> set[str]:
    """Return what the spans of nodes are besides plain text and whole numbers."""
    spans = [span for node in nodes for span in node.get("spans", ())]
    inner = [_styles(item) for node in nodes for item in node.get("items", ())]
    return {key for span in spans for key in span if key not in ("text", "whole")}.union(*inner)


def _kinds(nodes: list[Node]) -> list[object]:
    """Return how nodes are built, without their words."""
    return [
        (node["type"], node.get("level"), [_kinds(item) for item in node.get("items", ())])
        for node in nodes
    ]


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=50)
@given(text=MARKED | ANY)
@example(text="*a* _b_ **c** `d` [e](http://e.vn) <http://e.vn> ![f](g)")
@example(text="+ một")
@example(text="- - -")
@example(text="===")
@example(text="12) mục")
@example(text="     lùi vào")
@example(text=">\u0338")
def test_a_field_is_read_as_it_was_written(place: str, text: str) -> None:
    """Whatever a field is, its signs all stay, and the lines stay what the template made them."""
    nodes = _nodes(say(place, field=f"x{text}"))
    if _shown(text):
        nodes, bare = _nodes(say(place, field=text)), _nodes(place.replace("{field}", "tên"))
        assert _kinds(nodes) == _kinds(bare)
    else:
        text, bare = f"x{text}", _nodes(place.replace("{field}", "tên"))
    wanted = _words(bare).replace("tên", text)
    assert _shown(_words(nodes)) == _shown(wanted)
    assert _styles(nodes) <= {"bold"}
    assert ("bold" in _styles(nodes)) == ("**" in place)


@given(text=MARKED | ANY)
def test_a_literal_text_is_literal_only_once(text: str) -> None:
    """Twice is as good as once, and cleaned it is the text again, up to white space."""
    once = literal(text)
    assert literal(once) == once
    assert _shown(once) == _shown(text)


@pytest.mark.parametrize(
    "text", ["Kỳ Sơn", "4,16%", "-2,5 điểm", "1.234,5 triệu đồng", " (5%)", "–"]
)
def test_a_plain_text_is_left_as_it_is(text: str) -> None:
    """Names, numbers and their signs need nothing in their place."""
    assert literal(text) == text


def test_a_sentence_of_the_plan_stays_an_item() -> None:
    """What ends an item's own words does not make a numbered list of a year."""
    (node,) = _nodes(plan_words.items(["2025", "# mục", "1. mục *một*"]))
    assert [_words(item) for item in node["items"]] == ["2025.", "# mục.", "1. mục *một*."]


def test_a_number_in_a_field_stays_whole() -> None:
    """A number keeps its sign and unit in one piece, bold where the template makes it bold."""
    (node,) = _nodes(say("Còn **{amount}** của {name}.", amount="1.234,5 triệu đồng", name="*A*"))
    assert {"text": "1.234,5 triệu", "whole": True, "bold": True} in node["spans"]
    assert plain(node["spans"]) == "Còn 1.234,5 triệu đồng của *A*."


def test_what_was_said_keeps_its_own_markdown() -> None:
    """A sentence within a sentence is bold where its template is, and its names stay names."""
    inner = say("**{name}** tăng", name="**A**")
    assert isinstance(inner, Prose)
    (node,) = _nodes(say("Năm 2024, {inner}.", inner=inner))
    assert [span["text"] for span in node["spans"] if span.get("bold")] == ["**A**"]


def _in_html(made: Document) -> str:
    return told.read_html(write_html(made)).text


def _in_word(made: Document) -> str:
    return told.read_word(write_word(made)).text


def _in_excel(made: Document) -> str:
    sheets = told.read_excel(write_excel(made), "vi").values()
    return " ".join(text for sheet in sheets for row in sheet for text in row)


@pytest.mark.parametrize("read", [_in_html, _in_word, _in_excel])
@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_every_form_shows_a_field_as_it_was_written(
    read: Callable[[Document], str], text: str
) -> None:
    """The writers put each sign back, in prose and notes: none of its stand-ins is in a file."""
    said = say("Vốn của {name} tăng.", name=text)
    shown = read(document(HEADER, Text(said), table(note=said)))
    assert _shown(f"Vốn của {text} tăng.") in _shown(shown)
    assert not {letter for letter in shown if unicodedata.category(letter) == "Cn"}


def test_a_pdf_shows_every_field_as_it_was_written() -> None:
    """The same of a PDF, as it is read aloud; signs that the typeface has not are replaced."""
    sentences = [say("Vốn của {name} tăng.", name=text) for text in PAYLOADS]
    shown = read_tags(write_pdf(document(HEADER, *map(Text, sentences)))).text
    for text in PAYLOADS:
        assert told.drawn(clean(f"Vốn của {text} tăng.")) in shown


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_drawing_takes_any_name(text: str) -> None:
    """A name in a drawing leaves it well-formed, and reads without what cannot be seen."""
    sheet = Sheet(40, (0, 1), (0, 1), names=[(0.5, text.replace("\n", " "))])
    (written,) = (
        found.text for found in fromstring(sheet.svg()).iter() if found.tag.endswith("text")
    )
    assert written == clean(text)


def test_what_a_notebook_shows_in_one_line_has_its_signs() -> None:
    """The plain text beside a block is for people too."""
    shown = Text(say("Vốn của {name}", name="*A*"))._repr_mimebundle_()["text/plain"]
    assert shown == "Text: Vốn của *A*"


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_terminal_is_told_nothing_to_obey(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Progress and refusals say names without what would move the cursor or turn the line."""
    Console().say(f"{text}: xong")
    said = capsys.readouterr().out.removesuffix("\n")
    assert said == clean_lines(f"{text}: xong")
    assert not {unicodedata.category(letter) for letter in said.replace("\n", "")} & {"Cc", "Cf"}

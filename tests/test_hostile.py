"""Hostile texts in every text field of a plan and its data come out as plain text in every form."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import hostile_samples
import nbformat
import pytest
import told
from brief_samples import HEADER, SAMPLE, document, long_table
from build_samples import real_project
from data_samples import only, with_cell, write_folder
from hostile_samples import PAYLOADS, Planted
from openpyxl import load_workbook
from pdf_tags import read_tags
from pypdf import PdfReader

from helpers.brief.document import tree
from helpers.brief.exporters import document_from_notebook
from helpers.brief.html import write_html
from helpers.brief.markdown import parse, plain
from helpers.brief.word import write_word
from helpers.legible import clean, literal
from helpers.text import nfc, slug

BUILT = 6
"""So many districts are built, besides the one that keeps its name."""

SHEETS = 24
"""So many of the communes' sheets are read; more would be like them."""

FORBIDDEN = {
    "img",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "video",
    "audio",
    "frame",
    "applet",
}
FIELDS = re.compile(r"\s*(SEQ|PAGE|NUMPAGES|PAGEREF|REF|TOC|SECTIONPAGES|HYPERLINK \\l)\b")
SPREADSHEET = re.compile(r"=(SUM\([A-Z0-9:,]+\)|[A-Z]+\d+)(-(SUM\([A-Z0-9:,]+\)|[A-Z]+\d+))?\Z")


@dataclass(frozen=True)
class Hostile:
    """A project that was built from hostile texts, and what was planted in it."""

    reports: Path
    planted: Planted

    def files(self, ending: str) -> list[Path]:
        """Return the documents of a form: all but the most of the communes' sheets."""
        places = (f"*{ending}", f"districts/*{ending}", f"communes/*/*{ending}")
        found = [sorted(self.reports.glob(place)) for place in places]
        return [*found[0], *found[1], *found[2][:SHEETS]]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    """Spoil a copy of the shipped project and build it: both documents of the province and some."""
    project = real_project(tmp_path_factory.mktemp("project") / "kế hoạch")
    planted = hostile_samples.spoil(project.root)
    names = [nfc(name) for name in planted.names.values()][:BUILT]
    project.arguments = (*names, hostile_samples.EXPLAINED)
    code, said = project.build()
    assert code == 0, said[-1500:]
    return Hostile(project.reports, planted)


def _broken(text: str, planted: Planted, shown: Callable[[str], str]) -> tuple[set[int], list[str]]:
    """Return the numbers of the texts that were found, and those that are not what was planted.

    Args:
        text: What a document shows, without white space.
        planted: What was planted.
        shown: How the form shows a text, without white space.
    """
    folded, found, broken = text.casefold(), set(), []
    for mark in re.finditer(r"q(\d+)z|z(\d+)q", folded):
        number = int(mark[1] or mark[2])
        whole = shown(planted.texts[number]).casefold()
        after, before = folded[mark.end() :], folded[: mark.start()]
        found.add(number)
        if not (after.startswith(whole) if mark[1] else before.endswith(whole)):
            near = after[:60] if mark[1] else before[-60:]
            broken.append(f"{number}: {planted.texts[number][:60]!r} → {near!r}")
    return found, broken


def _plain(text: str) -> str:
    return told.squeezed(clean(nfc(text)))


def _in_pdf(text: str) -> str:
    return told.drawn(clean(nfc(text)))


def _html_text(path: Path) -> str:
    page = told.read_html(path.read_text(encoding="utf-8"))
    return told.squeezed(" ".join([page.text, *page.drawings]))


def _pdf_text(path: Path) -> str:
    return read_tags(path.read_bytes()).text


def _word_text(path: Path) -> str:
    return told.squeezed(told.read_word(path.read_bytes()).text)


def _excel_text(path: Path) -> str:
    sheets = told.read_excel(path.read_bytes(), "vi").values()
    return told.squeezed(" ".join(text for sheet in sheets for row in sheet for text in row))


READERS = {".html": _html_text, ".pdf": _pdf_text, ".docx": _word_text, ".xlsx": _excel_text}


@pytest.mark.slow
@pytest.mark.parametrize("ending", READERS)
def test_what_was_planted_is_read_as_it_was_written(hostile: Hostile, ending: str) -> None:
    """Wherever a planted text appears it is whole and unchanged, sign by sign."""
    everything: set[int] = set()
    wrong: list[str] = []
    files = hostile.files(ending)
    assert len(files) >= BUILT
    for path in files:
        shown = _in_pdf if ending == ".pdf" else _plain
        found, broken = _broken(READERS[ending](path), hostile.planted, shown)
        everything |= found
        wrong += [f"{path.name[:30]} {line}" for line in broken]
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:25])
    assert len({number % len(PAYLOADS) for number in everything}) == len(PAYLOADS)


@pytest.mark.slow
def test_no_element_of_a_page_comes_from_a_text(hostile: Hostile) -> None:
    """A page has its own scripts and no others, no event attribute, no address from the data."""
    own = _scripts(write_html(document(*SAMPLE)))
    for path in hostile.files(".html"):
        html = path.read_text(encoding="utf-8")
        page = told.read_html(html)
        assert not {tag for tag, _ in page.tags} & (FORBIDDEN - {"form"}), path.name
        if path.name != "index.html":
            assert _scripts(html) == own
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on")], (path.name, tag)
            for name in ("href", "src", "action", "xlink:href"):
                address = attributes.get(name, "")
                assert "e.vn" not in address
                assert not re.match(r"\s*(javascript|vbscript|data:text/html)", address, re.I)


def _scripts(html: str) -> list[str]:
    return re.findall(r"<script\b[^>]*>(.*?)</script>", html, re.DOTALL | re.IGNORECASE)


@pytest.mark.slow
def test_a_pdf_holds_no_action(hostile: Hostile) -> None:
    """No script, no file within, and no address that came out of a text."""
    for path in hostile.files(".pdf"):
        reader = PdfReader(path)
        root = reader.trailer["/Root"]
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root), path.name  # type: ignore[arg-type]
        for page in reader.pages:
            for note in page.get("/Annots", []):
                action = note.get_object().get("/A", {})
                assert "e.vn" not in str(action.get("/URI", ""))


@pytest.mark.slow
def test_word_runs_no_field_of_a_text(hostile: Hostile) -> None:
    """Every part is well-formed, fields are the document's own, no link leads out of it."""
    for path in hostile.files(".docx"):
        with zipfile.ZipFile(path) as file:
            for name in file.namelist():
                content = file.read(name)
                if not name.endswith((".xml", ".rels")):
                    continue
                root = ElementTree.fromstring(content)
                for element in root.iter():
                    if element.tag.endswith("}instrText"):
                        assert FIELDS.match(element.text or ""), element.text
                    if element.tag.endswith("}Relationship"):
                        assert "e.vn" not in element.get("Target", "")
            assert not [name for name in file.namelist() if "vba" in name.lower()]


@pytest.mark.slow
def test_a_workbook_runs_no_formula_of_a_text(hostile: Hostile) -> None:
    """Formulas are sums of cells; a text that looks like one stays text when it is edited."""
    risky = 0
    for path in hostile.files(".xlsx"):
        for sheet in load_workbook(path).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if cell.data_type == "f":
                    assert SPREADSHEET.match(str(cell.value)), (path.name, cell.value)
                elif isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    risky += cell.value not in ("-", "–")
                    assert cell.quotePrefix, (path.name, sheet.title, cell.coordinate, cell.value)
                if cell.hyperlink:
                    assert not cell.hyperlink.target, cell.hyperlink.target
    assert risky > 0


@pytest.mark.slow
def test_every_form_still_tells_the_same(hostile: Hostile) -> None:
    """The hostile plan's tables stand cell by cell on its page, in Word and in its PDF."""
    notebook = nbformat.read(hostile.reports / "notebooks" / "provincial-plan.ipynb", as_version=4)
    wanted = told.tables(tree(document_from_notebook(notebook, form="html")))
    stem = hostile.reports / "provincial-plan"
    page = told.read_html(stem.with_suffix(".html").read_text(encoding="utf-8"))
    assert page.bodies == [told.body(table) for table in wanted]
    word = told.read_word(stem.with_suffix(".docx").read_bytes())
    assert word.bodies == [told.body(table) for table in wanted]
    tagged = list(read_tags(stem.with_suffix(".pdf").read_bytes()).all("Table"))
    cells = [cell.text for table in tagged for cell in table.all("TD", "TH")]
    rows = (row for table in wanted for row in (*told.head(table), *told.body(table)))
    assert cells == [told.drawn(text) for row in rows for text in row]


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nothing_unseen_is_left_in_a_text(text: str) -> None:
    """Line ends, directions and signs without width are gone; what is seen stays, composed."""
    left = clean(text)
    assert not {unicodedata.category(letter) for letter in left} & {"Cc", "Cf", "Cs", "Cn"}
    assert left == unicodedata.normalize("NFC", left)
    kept = [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] in "LNPSM"]
    assert [letter for letter in left if letter != " "] == kept


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_what_is_refused_is_refused_in_one_plain_line(tmp_path: Path, text: str) -> None:
    """Where a word must be one of a few, the refusal names file, row, column and the few."""
    said = str(only(write_folder(tmp_path, with_cell("districts", 2, "region", text))))
    assert "\n" not in said
    assert "districts.csv, dòng 2, cột region" in said
    assert told.squeezed(nfc(text)) in told.squeezed(said)
    assert said.endswith("chỉ nhận: vùng núi cao, vùng núi và đồng bằng")


def test_a_very_long_name_gives_a_file_name_that_systems_take() -> None:
    """No file system takes more than 255 letters, and a suffix has to fit too."""
    assert len(slug("Nguyễn" * 50)) <= 200


def test_a_long_table_repeats_its_head_on_each_page_of_the_page_bound_forms() -> None:
    """In Word and HTML the head of a table of 460 rows is marked to repeat, and no row is lost."""
    made = document(HEADER, long_table(460))
    wanted = [f"xã-{number:03d}" for number in range(1, 461)]
    word = told.read_word(write_word(made))
    assert [row[0] for row in word.bodies[0]] == wanted
    assert word.heads == [[["Mã riêng", "Số vốn"]]]
    page = told.read_html(write_html(made))
    assert [row[0] for row in page.bodies[0]] == wanted
    assert page.heads == [[["Mã riêng", "Số vốn"]]]


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_text_put_into_markdown_is_no_markdown(text: str) -> None:
    """In a sentence, in bold, at the start of a paragraph and of an item it reads as written."""
    wanted, kept = clean(nfc(text)), literal(nfc(text))
    one, two, three = parse(f"{kept} là **{kept}**.\n\n{kept}\n\n- {kept}")
    assert plain(one["spans"]) == f"{wanted} là {wanted}."
    assert {bool(span.get("bold")) for span in one["spans"]} == {True, False}
    assert two["type"] == "paragraph"
    assert plain(two["spans"]) == wanted
    ((item,),) = three["items"]
    assert (item["type"], plain(item["spans"])) == ("paragraph", wanted)
    assert literal(kept) == kept
    assert clean(kept) == wanted

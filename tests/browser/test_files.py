"""The files in programs of others: qpdf, and LibreOffice for Word and Excel."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import told
from conftest import SHOWN, call
from openpyxl import load_workbook
from pdf_tags import broken_promises

from helpers.brief.document import tree
from helpers.brief.exporters import document_from_notebook
from helpers.brief.markdown import Node

pytestmark = pytest.mark.browser

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Settings under which LibreOffice reckons every formula anew when it opens a workbook."""

PAGES = {"provincial-plan": 60, "provincial-brief": 14}
"""No document of these may need more pages in LibreOffice; any other no more than eight."""


@dataclass(frozen=True)
class Opened:
    """What LibreOffice made of the files: Word and Excel as PDF, Excel reckoned anew."""

    pdf: Path
    excel: Path


@pytest.fixture(scope="module")
def opened(
    reports: Path, fonts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Opened:
    """Open one Word and one Excel file of each kind in LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    given = folder / "given"
    given.mkdir()
    for path in _files(reports, ".docx", ".xlsx"):
        shutil.copy(path, given / _flat(path, reports))
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    variables = {**fonts, "HOME": str(folder)}
    start = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    made = Opened(folder / "pdf", folder / "excel")
    both, books = sorted(given.iterdir()), sorted(given.glob("*.xlsx"))
    call([*start, "--convert-to", "pdf", "--outdir", made.pdf, *both], folder, variables)
    call([*start, "--convert-to", "xlsx", "--outdir", made.excel, *books], folder, variables)
    return made


def _files(reports: Path, *endings: str) -> list[Path]:
    paths = (reports / f"{name}{ending}" for name in SHOWN for ending in endings)
    return [path for path in paths if path.is_file()]


def _flat(path: Path, reports: Path) -> str:
    """Return a file's name among those of all folders; Word and Excel may share a stem."""
    return f"{path.suffix[1:]}-{path.relative_to(reports).as_posix().replace('/', '-')}"


def _tree(path: Path, reports: Path, form: str) -> Node:
    place = path.relative_to(reports).with_suffix(".ipynb")
    notebook = nbformat.read(reports / "notebooks" / place, as_version=4)
    return tree(document_from_notebook(notebook, form=form))


def _pages(pdf: Path, footer: str) -> list[str]:
    """Return the text of each page without its number and its foot line."""
    whole = call(["pdftotext", "-raw", pdf, "-"])
    pages = [page.splitlines() for page in whole.removesuffix("\f").split("\f")]
    kept = []
    for lines in pages:
        body = "\n".join(lines[1:] if lines and lines[0].strip().isdecimal() else lines)
        text = told.squeezed(body)
        kept.append(text.removesuffix(told.squeezed(footer)))
    return kept


def test_qpdf_finds_every_pdf_sound(reports: Path) -> None:
    """The structure and streams of each PDF are without a fault and without a warning."""
    files = sorted(reports.rglob("*.pdf"))
    assert len(files) > 100
    for path in files:
        assert "No syntax or stream encoding errors found" in call(["qpdf", "--check", path])


def test_every_pdf_keeps_its_promises(reports: Path) -> None:
    """Each PDF of the reports is PDF/A-2a and PDF/UA-1."""
    broken = {
        (path.name, profile): found
        for path in sorted(reports.rglob("*.pdf"))
        for profile in ("2a", "ua1")
        if (found := broken_promises(path.read_bytes(), profile))
    }
    assert not broken


def test_word_opens_whole(opened: Opened, reports: Path) -> None:
    """All that the document tells stands in what LibreOffice makes of it, on a fair page count."""
    files = _files(reports, ".docx")
    assert len(files) >= 5
    for path in files:
        wanted = _tree(path, reports, "word")
        pdf = opened.pdf / Path(_flat(path, reports)).with_suffix(".pdf")
        pages = _pages(pdf, wanted["footer"])
        text = "".join(pages).casefold()
        lost = [one for one in told.texts(wanted) if told.squeezed(one).casefold() not in text]
        assert not lost, f"{path.name}: {len(lost)} {lost[:8]}"
        assert len(pages) <= PAGES.get(path.stem.removesuffix(".en"), 8), path.name
        assert all(pages[:-1]), f"{path.name}: an empty page"


def test_a_table_repeats_its_head_on_every_page_in_word(opened: Opened, reports: Path) -> None:
    """On each page that a table of the plan reaches stand all its heads."""
    path = reports / "provincial-plan.docx"
    wanted = _tree(path, reports, "word")
    pages = _pages(opened.pdf / "docx-provincial-plan.pdf", wanted["footer"])
    over = 0
    for node in told.tables(wanted):
        rows = {told.squeezed("".join(row)) for row in told.body(node)}
        telling = {row for row in rows if len(row) >= 12 and re.search(r"\d{3}", row)}
        reached = [page for page in pages if any(row in page for row in telling)]
        over += len(reached) > 1
        for page in reached:
            lost = [c for row in told.head(node) for c in row if told.squeezed(c) not in page]
            assert not lost, (node["label"], lost)
    assert over > 0


def test_excel_opens_whole(opened: Opened, reports: Path) -> None:
    """LibreOffice reckons every formula to the value that the file carries, and finds no error."""
    files = _files(reports, ".xlsx")
    assert len(files) >= 3
    for path in files:
        name = _flat(path, reports)
        before, after = (load_workbook(f, data_only=True) for f in (path, opened.excel / name))
        formulas = load_workbook(path)
        assert before.sheetnames == after.sheetnames
        reckoned = 0
        for sheet in before.worksheets:
            again = after[sheet.title]
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                new = again[cell.coordinate].value
                where = f"{path.name} {sheet.title}!{cell.coordinate}"
                reckoned += formulas[sheet.title][cell.coordinate].data_type == "f"
                if isinstance(cell.value, int | float):
                    assert new == pytest.approx(cell.value, rel=1e-12, abs=1e-9), where
                elif isinstance(cell.value, str):
                    assert told.spaced(str(new)) == told.spaced(cell.value), where
                    assert not re.match(r"(Err:|#(NAME|REF|VALUE|DIV/0|N/A|NUM))", str(new)), where
        assert reckoned > 0, path.name


def test_excel_prints_every_sheet(opened: Opened, reports: Path) -> None:
    """Printed, each table of the workbook is there with all its cells."""
    for path in _files(reports, ".xlsx"):
        pdf = opened.pdf / Path(_flat(path, reports)).with_suffix(".pdf")
        text = told.squeezed(call(["pdftotext", "-raw", pdf, "-"]))
        wanted = [node for node in told.tables(_tree(path, reports, "excel")) if node["title"]]
        assert wanted
        for node in wanted:
            assert told.squeezed(node["title"]) in text, node["title"]
            cells = {told.squeezed(cell) for row in told.body(node) for cell in row}
            lost = {cell for cell in cells if cell not in text}
            assert not lost, f"{path.name} {node['label']}: {sorted(lost)[:8]}"

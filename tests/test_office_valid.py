"""Word and Excel files are what the standard says (ECMA-376), by a validator that others wrote."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from brief_samples import HEADER, SAMPLE, document, grouped_table, long_table, table
from build_samples import real_project
from openxml_audit import OpenXmlValidator

from helpers.brief.document import Document
from helpers.brief.excel import write_excel
from helpers.brief.word import write_word

WRITERS = {".docx": write_word, ".xlsx": write_excel}

FAULTS = {
    "docx: a paragraph of a style that is not there": (
        ".docx",
        "word/document.xml",
        r'<w:pStyle w:val="BodyText"/>',
        '<w:pStyle w:val="KhongCo"/>',
    ),
    "docx: properties in disorder": (
        ".docx",
        "word/document.xml",
        r"(<w:tblStyle [^>]*/>)(<w:tblW [^>]*/>)",
        r"\2\1",
    ),
    "docx: a link to nowhere": (".docx", "word/document.xml", r'r:embed="\w+"', 'r:embed="rId0"'),
    "xlsx: a sheet that is not there": (
        ".xlsx",
        "xl/workbook.xml",
        r'r:id="rId4"',
        'r:id="rId999"',
    ),
    "xlsx: a sheet whose parts stand in disorder": (
        ".xlsx",
        "xl/worksheets/sheet4.xml",
        r"(<sheetData>.*</sheetData>)(.*)(<pageSetup [^>]*/>)",
        r"\3\1\2",
    ),
}


def sample() -> Document:
    """Return a document with all that the writers know."""
    annex = ("## Phụ lục I. Vốn", table(landscape=True), long_table(30), grouped_table())
    told = document(HEADER, *SAMPLE[2:], "- # Đề mục\n\n1. Một\n\n> Lời trích", *annex)
    assert isinstance(told, Document)
    return told


def faults(path: Path) -> list[str]:
    """Return what the validator finds wrong in a file."""
    return [str(error) for error in OpenXmlValidator().validate(str(path)).errors]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the sample's files by their endings."""
    folder = tmp_path_factory.mktemp("sample")
    files = {ending: folder / f"sample{ending}" for ending in WRITERS}
    for ending, path in files.items():
        path.write_bytes(WRITERS[ending](sample()))
    return files


@pytest.mark.parametrize("ending", WRITERS)
def test_the_sample_is_valid(written: dict[str, Path], ending: str) -> None:
    """Every kind of block gives parts that the schemas take, and references that lead somewhere."""
    assert faults(written[ending]) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(written: dict[str, Path], tmp_path: Path, name: str) -> None:
    """The validator sees what Word or Excel would refuse or repair."""
    ending, part, before, after = FAULTS[name]
    spoilt = BytesIO()
    with zipfile.ZipFile(written[ending]) as source, zipfile.ZipFile(spoilt, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == part:
                text, count = re.subn(before, after, content.decode(), count=1, flags=re.DOTALL)
                assert count == 1
                content = text.encode()
            target.writestr(entry, content)
    path = tmp_path / f"spoilt{ending}"
    path.write_bytes(spoilt.getvalue())
    assert faults(path)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the province's documents and one district's in a folder of its own."""
    project = real_project(tmp_path_factory.mktemp("project") / "kế hoạch", "Kỳ Sơn")
    code, said = project.build()
    assert code == 0, said[-600:]
    return project.reports


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "provincial-plan.docx",
        "provincial-plan.xlsx",
        "provincial-brief.docx",
        "districts/ky-son.docx",
        "districts/ky-son.xlsx",
    ],
)
def test_the_real_documents_are_valid(reports: Path, name: str) -> None:
    """The files that planners get have no fault at all."""
    assert faults(reports / name) == []

"""The form of an official document: Nghị định 30/2020/NĐ-CP, Phụ lục I, measured on the PDF."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import told
from brief_samples import HEADER, document, long_table, table
from build_samples import real_project
from pdf_tags import ARTIFACT, Element, Glyphs, Sheet, broken_promises, read_tags, sheets

from helpers.brief.blocks import Text
from helpers.brief.document import tree
from helpers.brief.exporters import document_from_notebook
from helpers.brief.markdown import Node
from helpers.brief.pdf import write_pdf

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
SLACK = 1.0
"""Points by which a place may differ: less than half a millimetre."""

HANG = 0.21
"""So many ems of a comma or stop may hang over the right edge, so that letters end on one line."""

KEPT = 0.3
"""So many ems stay empty where a line ends with a number held together: its space is kept."""

ASCENT, DESCENT = 0.693, 0.216
SINGLE = 1.149
"""Heights of the typeface in ems: of its letters above and below the line, of a single line."""

ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]

SENTENCE = (
    "Giảm nghèo đa chiều, bao trùm, bền vững, hạn chế tái nghèo và phát sinh nghèo năm 2024. "
)


@dataclass(frozen=True)
class Paper:
    """A document as PDF: its tree, its pages, and its elements in reading order."""

    pdf: bytes
    tree: Node
    sheets: list[Sheet]
    tags: Element

    @property
    def body(self) -> list[list[Glyphs]]:
        """Return the text of each page without its number and its foot line."""
        return [[p for p in page.pieces if p.mark != ARTIFACT] for page in self.sheets]

    @property
    def first_pages(self) -> list[int]:
        """Return the pages with which the document and each of its annexes begin."""
        starts = [told.drawn(annex[0]["label"]) for annex in self.tree["annexes"]]
        found = [0]
        for start in starts:
            pages = range(found[-1] + 1, len(self.sheets))
            found.append(next(p for p in pages if told.squeezed(self.body[p][0].text) == start))
        return found

    def paragraphs(self, limit: int = 60) -> list[list[Glyphs]]:
        """Return the pieces of each paragraph of the text that is long enough to measure."""
        wanted = {
            told.drawn(told.plain(node["spans"]))
            for node in self.tree["body"]
            if node["type"] == "paragraph"
        }
        found = [list(e.pieces()) for e in self.tags.all("P") if e.text in wanted]
        return [pieces for pieces in found if sum(len(p.text) for p in pieces) >= limit]


def _paper(pdf: bytes, told_tree: Node) -> Paper:
    return Paper(pdf, told_tree, sheets(pdf), read_tags(pdf))


def _sample() -> Paper:
    made = document(
        HEADER,
        "## I. Mục tiêu",
        Text(SENTENCE * 6 + "\n\n" + SENTENCE * 12),
        table(),
        "### 1. Giải pháp",
        Text((SENTENCE * 5 + "\n\n") * 6),
        "## Phụ lục I. Vốn theo xã",
        long_table(120, unit="Đơn vị tính: Triệu đồng"),
        "## Phụ lục II. Bảng ngang",
        table(landscape=True),
    )
    return _paper(write_pdf(made), tree(made))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the shipped plan in a folder of its own, with one district."""
    project = real_project(tmp_path_factory.mktemp("project") / "kế hoạch", "Kỳ Sơn")
    code, said = project.build()
    assert code == 0, said[-600:]
    return project.reports


REAL = ("provincial-plan", "provincial-brief", "districts/ky-son")


@pytest.fixture(
    scope="module",
    params=["sample", *(pytest.param(name, marks=pytest.mark.slow) for name in REAL)],
)
def paper(request: pytest.FixtureRequest) -> Paper:
    """Return a sample document, or one of the real ones."""
    if request.param == "sample":
        return _sample()
    reports = request.getfixturevalue("reports")
    notebook = nbformat.read(reports / "notebooks" / f"{request.param}.ipynb", as_version=4)
    told_tree = tree(document_from_notebook(notebook, form="pdf"))
    return _paper((reports / f"{request.param}.pdf").read_bytes(), told_tree)


def _margins(page: Sheet) -> tuple[float, float]:
    """Return where the text may begin and end from left to right, the decree's widest."""
    return 30 * MM, page.width - 15 * MM


def test_the_paper_is_a4(paper: Paper) -> None:
    """Every page is A4; a page lies only where a wide table stands on it."""
    wide = [node for node in told.tables(paper.tree) if node["landscape"]]
    for page in paper.sheets:
        size = (page.width, page.height)
        assert sorted(size) == pytest.approx(sorted(A4), abs=SLACK)
    lying = [at for at, page in enumerate(paper.sheets) if page.width > page.height]
    assert bool(lying) == bool(wide)
    for node in wide:
        title = told.drawn(f"{node['label']} {node['title']}")
        pages = [at for at, body in enumerate(paper.body) if title in _text(body)]
        assert set(pages) & set(lying), node["title"]


def _text(pieces: list[Glyphs]) -> str:
    return "".join(told.squeezed(piece.text) for piece in pieces)


def test_the_margins_are_those_of_the_decree(paper: Paper) -> None:
    """Text keeps 20 mm from the top and foot, 30 from the left, 15 from the right, lying or not."""
    for at, (page, body) in enumerate(zip(paper.sheets, paper.body, strict=True)):
        left, right = _margins(page)
        assert min(p.y - ASCENT * p.size for p in body) > 20 * MM - SLACK, at
        assert max(p.y + DESCENT * p.size for p in body) < page.height - 20 * MM + SLACK, at
        assert min(p.x for p in body) > left - SLACK, at
        assert max(p.right for p in body) < right + HANG * 13 + SLACK, at
    first = paper.body[0]
    assert min(p.y - ASCENT * p.size for p in first) < 25 * MM
    assert min(p.x for p in first) < 35 * MM
    assert max(p.right for p in first) > A4[0] - 20 * MM


def test_the_typeface_is_that_of_the_decree(paper: Paper) -> None:
    """Only Tinos is used, which has the measures of Times New Roman."""
    fonts = {piece.font for page in paper.sheets for piece in page.pieces}
    assert fonts
    assert all(font.startswith("Tinos-") for font in fonts), fonts


def test_the_names_of_nation_and_issuer_stand_side_by_side(paper: Paper) -> None:
    """Nation 12–13 bold capitals right, motto 13–14 bold over a rule; the issuer left, bold."""
    page = paper.sheets[0]
    nation = page.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = page.find("Độc lập - Tự do - Hạnh phúc")
    assert nation.bold
    assert 12 <= nation.size <= 13
    assert motto.bold
    assert 13 <= motto.size <= 14
    assert nation.size <= motto.size
    assert nation.middle == pytest.approx(motto.middle, abs=SLACK)
    under_motto = min((r for r in page.rules if r.y > motto.y), key=lambda r: abs(r.x - motto.x))
    assert under_motto.width == pytest.approx(motto.width, abs=SLACK)
    assert under_motto.y - motto.y < 12
    issuer = page.find(told.drawn(paper.tree["head"]["issuer"][0]).upper())
    assert issuer.bold
    assert 12 <= issuer.size <= 13
    assert issuer.text == issuer.text.upper()
    assert issuer.right < nation.x
    last = page.find(told.drawn(paper.tree["head"]["issuer"][-1]).upper())
    short = min((r for r in page.rules if r.y > last.y), key=lambda r: r.y)
    assert 1 / 3 <= short.width / max(issuer.width, last.width) <= 1 / 2
    assert short.x + short.width / 2 == pytest.approx(last.middle, abs=2 * SLACK)


def test_number_place_and_date_follow(paper: Paper) -> None:
    """Number 13 upright at the left; place and date 13–14 italic at the right, on one line."""
    head = paper.tree["head"]
    day = paper.sheets[0].find(head["day"])
    assert day.italic
    assert 13 <= day.size <= 14
    assert day.middle > A4[0] / 2
    if head["symbol"]:
        number = paper.sheets[0].find("Số:")
        assert number.size == 13
        assert not number.italic
        assert number.y == pytest.approx(day.y, abs=SLACK)
        assert told.squeezed(number.text).endswith(told.squeezed(f"/{head['symbol']}"))


def test_kind_and_subject_stand_in_the_middle(paper: Paper) -> None:
    """The kind in capitals and the subject, both 13–14 bold and centred, with a rule beneath."""
    page = paper.sheets[0]
    kind = page.find(told.drawn(paper.tree["head"]["kind"]).upper())
    left, right = _margins(page)
    assert kind.bold
    assert 13 <= kind.size <= 14
    assert kind.middle == pytest.approx((left + right) / 2, abs=SLACK)
    lines = []
    subject = told.drawn(paper.tree["head"]["subject"])
    for piece in page.pieces[page.pieces.index(kind) + 1 :]:
        if not subject.startswith(_text([*lines, piece])):
            break
        lines.append(piece)
    assert _text(lines) == subject
    assert all(line.bold and 13 <= line.size <= 14 for line in lines)
    middles = [line.middle for line in lines]
    assert middles == pytest.approx([(left + right) / 2] * len(lines), abs=2.5)
    rule = min((r for r in page.rules if r.y > lines[-1].y), key=lambda r: r.y)
    longest = max(line.width for line in lines)
    assert 1 / 3 - 0.01 <= rule.width / longest <= 1 / 2 + 0.01


def test_bases_are_italic_one_a_line(paper: Paper) -> None:
    """Each "Căn cứ …" begins a line of its own in italics; all end with ";", the last with "."."""
    bases = paper.tree["head"]["bases"]
    found = [e for e in paper.tags.all("P", "Em") if e.text in {told.drawn(b) for b in bases}]
    assert {e.text for e in found} == {told.drawn(base) for base in bases}
    for element in found:
        pieces = list(element.pieces())
        assert all(piece.italic and 13 <= piece.size <= 14 for piece in pieces)
        assert 40 * MM - SLACK < pieces[0].x < 42.7 * MM + SLACK
    assert [base[-1] for base in bases] == [";"] * (len(bases) - 1) + ["."] * bool(bases)


def test_the_text_is_set_as_the_decree_says(paper: Paper) -> None:
    """13–14 pt, first line in by 1–1.27 cm, both edges straight, spacing of 1 to 1.5 lines."""
    paragraphs = paper.paragraphs()
    assert paragraphs
    ends: Counter[bool] = Counter()
    for pieces in paragraphs:
        assert {round(piece.size, 1) for piece in pieces} <= {13.0, 13.5, 14.0}
        lines = _lines(pieces)
        assert 40 * MM - SLACK < lines[0][0].x < 42.7 * MM + SLACK, lines[0][0]
        for before, line in pairwise(lines):
            ends[before[-1].right > A4[0] - 15 * MM - KEPT * before[-1].size - SLACK] += 1
            assert line[0].x == pytest.approx(30 * MM, abs=SLACK)
            if line[0].page == before[0].page:
                spacing = (line[0].y - before[0].y) / line[0].size / SINGLE
                assert 1 <= spacing <= 1.5
    assert ends[True] > 0
    assert not ends[False]


def _lines(pieces: list[Glyphs]) -> list[list[Glyphs]]:
    """Return the pieces line by line."""
    lines: list[list[Glyphs]] = []
    for piece in pieces:
        same = lines and (piece.page, round(piece.y)) == (lines[-1][0].page, round(lines[-1][0].y))
        if same:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines


def test_paragraphs_stand_apart(paper: Paper) -> None:
    """Between two paragraphs there are at least 6 pt more than between two lines."""
    gaps = []
    paragraphs = paper.paragraphs()
    for before, after in pairwise(paragraphs):
        upper, lower = _lines(before), _lines(after)
        if len(upper) > 1 and upper[-1][0].page == upper[-2][0].page == lower[0][0].page:
            pitch = upper[-1][0].y - upper[-2][0].y
            gaps.append(lower[0][0].y - upper[-1][0].y - pitch)
    assert all(gap > 6 - 0.2 for gap in gaps), gaps


def test_headings_are_bold_and_numbered(paper: Paper) -> None:
    """Sections "I." stand in bold capitals, "1." in bold, both in the size of the text."""
    for node in (node for node in paper.tree["body"] if node["type"] == "heading"):
        words = told.drawn(told.plain(node["spans"]))
        shown = words.upper() if node["level"] == 2 else words
        found = [e for e in paper.tags.all("H1", "H2", "H3") if e.text == shown]
        assert found, words
        assert all(p.bold and 13 <= p.size <= 14 for e in found for p in e.pieces())
        if node["level"] == 2:
            assert re.match(r"[IVX]+\.", words), words


def test_page_numbers_stand_in_the_top_margin(paper: Paper) -> None:
    """Arabic, 13–14 pt, centred in the top margin; none on first pages; annexes count afresh."""
    first = paper.first_pages
    for at, page in enumerate(paper.sheets):
        numbers = [p for p in page.pieces if p.mark == ARTIFACT and p.y < 20 * MM]
        start = max(begin for begin in first if begin <= at)
        if at == start:
            assert not numbers, at
            continue
        (number,) = numbers
        assert number.text == str(at - start + 1)
        assert 13 <= number.size <= 14
        assert not number.bold
        assert number.middle == pytest.approx(sum(_margins(page)) / 2, abs=SLACK)


def test_annexes_are_named_by_the_decree(paper: Paper) -> None:
    """Number ("Phụ lục I") and title in capitals, 14 bold, centred; then what it belongs to."""
    annexes = paper.tree["annexes"]
    for number, (annex, at) in enumerate(zip(annexes, paper.first_pages[1:], strict=True)):
        page, title = paper.sheets[at], annex[0]
        if len(annexes) > 1:
            assert title["label"].split()[-1] == ROMAN[number]
        pieces = iter(paper.body[at])
        label = next(pieces)
        assert label.bold
        assert label.size == 14
        named = ""
        for piece in pieces:
            if named == told.drawn(title["title"]).upper():
                break
            named += told.squeezed(piece.text)
            assert piece.bold
            assert piece.size == 14
        assert named == told.drawn(title["title"]).upper()
        assert piece.italic
        assert told.squeezed(piece.text).startswith("(Kèmtheo")
        assert label.middle == pytest.approx(sum(_margins(page)) / 2, abs=SLACK)


def test_the_text_ends_and_is_signed(paper: Paper) -> None:
    """The text ends in "./."; then "Nơi nhận" left, 12 bold italic over 11, who signs right."""
    foot = paper.tree["foot"]
    assert paper.tags.text.count("./.") == 1
    if not foot["recipients"]:
        pytest.skip("văn bản không có nơi nhận")
    recipients = [p for body in paper.body for p in body if told.squeezed(p.text) == "Nơinhận:"]
    (label,) = recipients
    page = paper.sheets[label.page]
    assert label.bold
    assert label.italic
    assert label.size == 12
    listed = page.find(foot["recipients"][0])
    assert listed.size == 11
    assert not listed.bold
    assert foot["recipients"][-1].startswith("Lưu: ")
    assert foot["recipients"][-1].endswith(".")
    position = page.find(foot["position"].upper())
    assert position.bold
    assert 13 <= position.size <= 14
    assert position.x > A4[0] / 2 - 10 * MM
    authority = page.find(foot["authority"].upper())
    assert authority.bold
    assert authority.middle == pytest.approx(position.middle, abs=SLACK)


def test_units_stand_in_italics_above_their_tables(paper: Paper) -> None:
    """The line "Đơn vị tính: …" is italic, and ends at the right edge above the table."""
    units = [node for node in told.tables(paper.tree) if node["unit"]]
    assert units
    drawn = [p for body in paper.body for p in body if p.text.startswith("Đơn vị tính")]
    assert len(drawn) == len(units)
    for piece in drawn:
        page = paper.sheets[piece.page]
        assert piece.italic
        assert piece.right == pytest.approx(_margins(page)[1], abs=SLACK)
    for node in units:
        assert re.fullmatch(r"Đơn vị tính: \S.*", node["unit"])


def test_dates_and_percent_signs_are_written_as_officials_do(paper: Paper) -> None:
    """Days below 10 and the months 1 and 2 have a zero in front; "%" follows its number at once."""
    text = " ".join(piece.text for body in paper.body for piece in body)
    for day, month in re.findall(r"ngày\s+(\d+)\s+tháng\s+(\d+)", text):
        assert len(day) == 2, (day, month)
        assert month == (f"{int(month):02d}" if int(month) < 3 else str(int(month))), (day, month)
    for told_text in told.texts(paper.tree):
        assert not re.search(r"\d\s+%", told_text), told_text


@pytest.mark.parametrize("profile", ["2a", "ua1"])
def test_the_file_keeps_its_promises(paper: Paper, profile: str) -> None:
    """A validator that others wrote finds PDF/A-2a and PDF/UA-1 fulfilled."""
    assert not broken_promises(paper.pdf, profile)

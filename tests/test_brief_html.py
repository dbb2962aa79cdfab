"""The HTML writer: one safe file without network, and drawings made harmless."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from brief_samples import (
    HEADER,
    MILLION,
    SAMPLE,
    SVG,
    document,
    figure,
    grouped_table,
    long_table,
    table,
)

from helpers.brief.blocks import KeyFigures, Series, Text
from helpers.brief.download import csv_text
from helpers.brief.html import render_fragment, write_html
from helpers.brief.svg import DrawingRefused, sanitise
from helpers.brief.table import Column, Row, Table

HOSTILE = "<script>alert('x')</script> #typst[*a*] \u202eđảo\u202c & \"ngoặc\""


class Page(HTMLParser):
    """Collects the elements and the attributes of a page."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of that name."""
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def html() -> str:
    """Return the sample brief as HTML."""
    return write_html(document(*SAMPLE))


def test_the_page_is_complete(html: str) -> None:
    """Language, title, description, viewport, one h1, main, footer and a skip link are there."""
    page = Page(html)
    assert page.all("html") == [{"lang": "vi"}]
    assert "<title>Báo cáo tóm tắt: Kế hoạch giảm nghèo" in html
    names = {meta.get("name"): meta.get("content") for meta in page.all("meta")}
    assert names["description"] == "Vốn và mục tiêu giảm nghèo năm 2024."
    assert names["viewport"] == "width=device-width, initial-scale=1"
    assert [len(page.all(tag)) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    assert page.all("a")[0] == {"class": "skip", "href": f"#{page.all('main')[0]['id']}"}


def test_the_page_needs_no_network(html: str) -> None:
    """Nothing is loaded from outside, a strict policy says so, and the file stays small."""
    without_namespaces = html.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in re.sub(r'http-equiv="Content-Security-Policy"', "", without_namespaces)
    assert "default-src 'none'" in html
    assert "base-uri 'none'; form-action 'none'" in html
    assert not Page(html).all("link")
    assert len(html.encode()) < 350_000


def test_only_the_pages_own_script_may_run(html: str) -> None:
    """The policy allows one script by its hash, and it is the only one that is there."""
    assert Page(html).all("script") == [{}]
    (running,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(running.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in html


def test_ids_are_unique(html: str) -> None:
    """The same drawing twice in a page does not share an id, and references follow."""
    ids = [attrs["id"] for _, attrs in Page(html).tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)
    assert {f"hinh-{n}" for n in (1, 2)} | {"bang-1"} <= set(ids)


def test_code_never_shows(html: str) -> None:
    """The source of the cells is not in the brief."""
    assert "secret_code" not in html


def test_hostile_text_is_only_text() -> None:
    """Markup in any field is shown as typed, without its bidi overrides."""
    written = write_html(
        document(
            HEADER,
            KeyFigures(((HOSTILE, HOSTILE, HOSTILE),)),
            Text(HOSTILE),
            table(title=HOSTILE, columns=(Column("a", HOSTILE),), rows=(Row((HOSTILE,)),)),
            figure(title=HOSTILE, alt=HOSTILE, note=HOSTILE),
        )
    )
    assert Page(written).all("script") == [{}]
    assert "\u202e" not in written
    assert written.count("&lt;script&gt;alert(") >= 7


def test_tables_have_scopes_and_merged_heads(html: str) -> None:
    """Header cells carry scope and spans; numbers stand in cells of their own class."""
    heads = Page(html).all("th")
    assert {"scope": "colgroup", "colspan": "2"} in heads
    assert any(th.get("rowspan") == "2" and th["scope"] == "col" for th in heads)
    assert '<th scope="row">Hạ tầng</th><td class="num">220.469</td>' in html
    assert '<tr class="total">' in html
    assert 'role="region" aria-label="Bảng 1. Vốn năm 2024 theo dự án"' in html


def test_a_heading_row_runs_over_its_empty_cells() -> None:
    """A row that heads others is one cell up to its number; two lines in a cell stay two."""
    written = write_html(document(HEADER, grouped_table()))
    heading = '<th scope="rowgroup" colspan="2">DA2. Đa dạng hóa sinh kế</th><td class="num">10.533'
    assert heading in written
    assert "<td>vùng núi cao\nhệ số 1,2</td>" in written


def test_a_landscape_table_may_be_wider_than_the_text() -> None:
    """What lies across a page in print has the room of a wide screen, and others keep to the text.

    Cut off at the edge of the text it would hide its last columns, the trust in a rule among them.
    """
    wide, usual = (write_html(document(table(landscape=flag))) for flag in (True, False))
    assert '<div class="table landscape"' in wide
    assert '<div class="table"' in usual
    assert ".landscape { --broad:" in wide


def test_a_long_page_lists_its_contents(html: str) -> None:
    """From four headings on a page lists them, annexes too; each link has its heading."""
    heads = ["## I. Vốn", "### 1. Theo **huyện**", "## II. Mục tiêu", "## Phụ lục I. Số & liệu"]
    written = write_html(document(HEADER, *heads, Text("Hết.")))
    listed = re.findall(r'<a href="#(muc-\d)">([^<]*)</a>', written)
    names = ["I. Vốn", "1. Theo huyện", "II. Mục tiêu", "Phụ lục I. Số &amp; liệu"]
    assert listed == [(f"muc-{number}", name) for number, name in enumerate(names, start=1)]
    ids = [attrs.get("id") for tag, attrs in Page(written).tags if tag in ("h2", "h3")]
    assert ids == ["muc-1", "muc-2", "muc-3", "muc-4"]
    assert "<nav" not in html


def test_only_a_long_table_has_a_box_to_scroll_in() -> None:
    """A table of many rows scrolls under its head; a short one stands as it is."""
    boxes = [write_html(document(long_table(rows))) for rows in (12, 13)]
    assert 'class="scroll long"' not in boxes[0]
    assert 'class="scroll long"' in boxes[1]


def _rows(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_a_table_can_be_downloaded_from_the_page_itself(html: str) -> None:
    """The link holds the file: exact values in the printed unit, heads from the top down."""
    (link,) = [a for a in Page(html).all("a") if a.get("class") == "csv"]
    assert link["download"] == "bang-1.csv"
    address = link["href"] or ""
    kind, _, content = address.partition(",")
    assert kind == "data:text/csv;charset=utf-8;base64"
    assert _rows(base64.b64decode(content).decode()) == [
        ["Dự án", "Loại vốn – ĐTPT", "Loại vốn – SN", "Tỷ trọng (%)"],
        ["Hạ tầng", "220469", "18600", "39.6"],
        ["Sinh kế", "", "79048", "13.09"],
        ["Tổng cộng", "252000", "351736", "100"],
    ]


def test_values_in_a_download_are_plain_and_harmless() -> None:
    """Every kind of value has plain digits; a text never becomes a formula."""
    kinds = {
        "a": ("text", "=1+1", "'=1+1"),
        "b": ("money", -1_500_000, "-1.5"),
        "c": ("range", (Fraction(1), Fraction(3, 2)), "1–1.5"),
        "d": ("date", date(2024, 2, 5), "2024-02-05"),
        "e": ("rate", Fraction(1, 3), "0.333333"),
        "f": ("number", Decimal("1200.50"), "1200.5"),
        "g": ("change", 10 * MILLION, "10"),
        "h": ("range", (Fraction(3), Fraction(3)), "3"),
        "i": ("text", "hai\ndòng", "hai\ndòng"),
        "k": ("count", None, ""),
        "l": ("count", "…", "…"),
    }
    columns = tuple(Column(key, f"@{key}", kind) for key, (kind, _, _) in kinds.items())
    told = Table("Mọi kiểu", columns, (Row(tuple(value for _, value, _ in kinds.values())),))
    head, row = _rows(csv_text(told))
    assert head == [f"'@{key}" for key in kinds]
    assert row == [written for _, _, written in kinds.values()]


def test_a_head_names_its_column_and_its_kind(html: str) -> None:
    """The script finds for each head its column in the download, and whether it holds numbers."""
    heads = [th for th in Page(html).all("th") if "data-column" in th]
    assert [(th["data-column"], th.get("data-kind")) for th in heads] == [
        ("0", None),
        ("3", "number"),
        ("1", "number"),
        ("2", "number"),
    ]
    assert heads[0]["class"] == "first"


def test_a_series_is_numbered_through() -> None:
    """Tables of a series carry on the numbers of the document, each with its own id."""
    written = write_html(document(HEADER, table(), Series((Text("### Mục"), table(), table()))))
    assert re.findall(r'class="label">(Bảng \d\.)', written) == ["Bảng 1.", "Bảng 2.", "Bảng 3."]
    assert {attrs.get("id") for attrs in Page(written).all("div")} >= {"bang-2", "bang-3"}
    assert '<h2 id="muc-1">Mục</h2>' in written


def test_figures_keep_alt_text(html: str) -> None:
    """Each drawing says what it shows to a screen reader and is numbered for the rest."""
    drawings = Page(html).all("svg")
    assert [(d["role"], d["aria-label"]) for d in drawings] == [("img", "Biểu đồ cột.")] * 2
    assert "Hình 1." in html
    assert "Hình 2." in html


def test_marks_are_announced_and_repeated() -> None:
    """A mark anywhere stands under its block and in the notice after the head."""
    written = write_html(
        document(HEADER, table(marks=("unverified",)), figure(marks=("illustrative",)))
    )
    main = written[written.index("<main") :]
    notice = main[main.index('class="notice"') : main.index("<table")]
    assert "số liệu minh họa và tham số chưa kiểm chứng" in notice
    assert "thứ cấp" not in notice
    assert "Có tham số chưa kiểm chứng." in main[main.index("</table>") :]
    assert "Số liệu minh họa, không phải số chính thức." in main[main.index("</svg>") :]


def test_an_unmarked_document_carries_no_notice(html: str) -> None:
    """Where nothing is marked nothing is announced."""
    assert 'class="notice"' not in html


def test_the_text_ends_as_the_decree_wants(html: str) -> None:
    """The last sentence ends with "./."."""
    assert "Kết thúc tại đây./.</p>" in re.sub(r"</?span[^>]*>", "", html)


def test_fragment_for_the_notebook_is_safe_too() -> None:
    """A block in JupyterLab is escaped like in the brief."""
    shown = render_fragment(Text(HOSTILE))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


ATTACKS = [
    "<script>alert(1)</script>",
    "<foreignObject><body/></foreignObject>",
    '<rect onclick="alert(1)"/>',
    '<a href="javascript:alert(1)"><text>x</text></a>',
    '<image href="https://example.org/x.png"/>',
    '<use href="https://example.org/x.svg#a"/>',
    '<rect style="fill: url(https://example.org/x)"/>',
    '<rect fill="url(&quot;https://example.org/x&quot;)"/>',
    "<style>@import 'https://example.org/x.css';</style>",
    '<animate attributeName="href" to="javascript:alert(1)"/>',
    '<set attributeName="onclick" to="alert(1)"/>',
    '<rect style="fill: u\\72l(https://example.org)"/>',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_drawings_lose_what_runs_or_reaches_out(attack: str) -> None:
    """Scripts, event attributes, foreign content and outside references never survive."""
    source = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{attack}</svg>'
    markup = sanitise(source, "h1").markup
    assert not re.search(r"script|example\.org|onclick|foreign|import|animate|<set", markup)


def test_a_drawing_keeps_what_it_shows() -> None:
    """Text, shapes, own references and the style for all elements stay; loose ids go."""
    drawing = sanitise(SVG, "h7")
    assert "Kỳ Sơn 132.131" in drawing.markup
    assert 'clip-path="url(#h7-0)"' in drawing.markup
    assert 'href="#h7-1"' in drawing.markup
    assert "stroke-linejoin: round" in drawing.markup
    assert "figure_1" not in drawing.markup
    assert drawing.width == 226


@pytest.mark.parametrize(
    "source", ["<p>không phải SVG</p>", "<svg", '<!DOCTYPE x [<!ENTITY a "b">]><svg/>']
)
def test_what_is_no_drawing_is_refused(source: str) -> None:
    """Anything but SVG, and entity declarations, stop the rendering with a Vietnamese sentence."""
    with pytest.raises(DrawingRefused, match="Hình vẽ"):
        sanitise(source, "h1")

"""The first page of the reports: it links what was made, nothing else, and says what it is."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from helpers.brief.index import Made, index_page, write_index
from helpers.brief.reader import Brief


def _page(brief: Brief, *made: Made) -> str:
    assert isinstance(brief.output, Path)
    return write_index(brief.output, made=made, plan_id=brief.plan_id).read_text(encoding="utf-8")


def _links(page: str) -> list[str]:
    return [link for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith("tables/")]


def test_every_document_made_is_linked_and_no_other(shipped_brief: Brief) -> None:
    """A planner's own briefs, for the province or for each district, find their place."""
    page = _page(
        shipped_brief,
        Made("Phân bổ vốn", "notebooks/02.ipynb", ()),
        Made("Bản tóm tắt", "notebooks/brief.ipynb", ("brief.html", "brief.pdf")),
        Made("Kỳ Sơn", "notebooks/districts/ky-son.ipynb", ("districts/ky-son.pdf",)),
        Made("Phiếu Kỳ Sơn", "notebooks/phieu/ky-son.ipynb", ("phieu/ky-son.pdf",)),
    )
    assert sorted(_links(page)) == [
        "brief.html",
        "brief.pdf",
        "districts/ky-son.pdf",
        "manifest.json",
        "notebooks/02.ipynb",
        "phieu/ky-son.pdf",
    ]
    assert "PDF (districts)" in page
    assert "PDF (phieu)" in page


def test_the_page_says_for_whom_and_what_it_rests_on(shipped_brief: Brief) -> None:
    """Recipients without the archive, the total, every input, and the marks are on it."""
    page = _page(shipped_brief)
    assert "Thường trực Tỉnh ủy" in page
    assert "Lưu: VT" not in page
    assert "603,736 tỷ đồng" in page
    assert "số liệu minh họa" in page
    for title in shipped_brief.table("data_sources").frame["title"]:
        assert title in page


def test_formats_and_languages_have_words_of_their_own(shipped_brief: Brief) -> None:
    """A document and its translation share a line; each link says format and language."""
    page = _page(
        shipped_brief,
        Made("Bản tóm tắt", "", ("brief.pdf", "brief.html", "brief.docx")),
        Made("Bản tóm tắt (tiếng Anh)", "", ("brief.en.html", "brief.en.xlsx")),
        Made("Kỳ Sơn", "", ("districts/ky-son.html",)),
        Made("Kỳ Sơn (tiếng Anh)", "", ("districts/ky-son.en.html",)),
    )
    cards = page[page.index('class="cards"') : page.index('class="map"')]
    texts = re.findall(r"<a [^>]*>([^<]+)</a>", cards)
    assert texts == ["HTML", "PDF", "Word", "HTML EN", "Excel EN"]
    assert cards.count("<li>") == 1
    row = page[page.index('<tr data-name="ky son"') :]
    row = row[: row.index("</tr>")]
    assert re.findall(r"<a [^>]*>([^<]+)</a>", row) == ["HTML", "HTML EN"]


def test_the_map_and_the_table_lead_to_each_district(shipped_brief: Brief) -> None:
    """A tile links its district's page, at its place; a district without one is still shown."""
    page = _page(shipped_brief, Made("Kỳ Sơn", "", ("districts/ky-son.html",)))
    tiles = page[page.index('<ul class="map">') : page.index("map-key")]
    assert tiles.count("<li ") == 21
    assert '<a class="s4" href="districts/ky-son.html">Kỳ Sơn' in tiles
    assert 'data-name="vinh" style="grid-row:6;grid-column:6"><span class="tile s0">' in tiles


def test_a_row_says_how_its_district_stands(shipped_brief: Brief) -> None:
    """The result is told by word, sign and class; region and risk are there to filter by."""
    page = _page(shipped_brief)
    row = page[page.index('<tr data-name="tuong duong"') :]
    row = row[: row.index("</tr>")]
    assert 'data-region="highland" data-look="missed" data-risk="1"' in row
    assert re.search(r'class="missed"><span aria-hidden="true">▼</span> chưa đạt', row)
    assert 'role="search" hidden' in page


def test_communes_stand_by_district(shipped_brief: Brief) -> None:
    """Sheets of communes are grouped under the names of their districts."""
    page = _page(
        shipped_brief,
        Made("Phiếu xã: Xã Mường Típ, Kỳ Sơn", "", ("communes/ky-son/muong-tip-1.html",)),
        Made("Phiếu xã: Xã Tri Lễ, Quế Phong", "", ("communes/que-phong/tri-le-2.html",)),
    )
    groups = re.findall(r"<summary>(.*?)</summary>", page)
    assert groups == ["Kỳ Sơn (1 xã)", "Quế Phong (1 xã)"]
    assert "<li>Xã Mường Típ: <a" in page


def test_only_the_pages_own_script_may_run(shipped_brief: Brief) -> None:
    """The policy allows the one script of the page by its hash."""
    page = _page(shipped_brief)
    (running,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(running.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in page


def test_a_page_to_share_links_nothing_that_stays(shipped_brief: Brief) -> None:
    """Notebooks, the manifest and tables that are not shared have no link on it."""
    assert isinstance(shipped_brief.output, Path)
    page = index_page(
        shipped_brief.output,
        made=[Made("Phân bổ vốn", "notebooks/02.ipynb", ())],
        plan_id=shipped_brief.plan_id,
        shared=["targets"],
    )
    assert re.findall(r'href="([^"#]+)"', page) == ["tables/targets.csv"]

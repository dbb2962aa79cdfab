"""The first page of the reports: it links what was made, nothing else, and says what it is."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.brief.index import Made, write_index
from helpers.brief.reader import Brief


def _page(brief: Brief, *made: Made) -> str:
    assert isinstance(brief.output, Path)
    return write_index(brief.output, made=made, plan_id=brief.plan_id).read_text(encoding="utf-8")


def _links(page: str) -> list[str]:
    return [link for link in re.findall(r'href="([^"]+)"', page) if not link.startswith("tables/")]


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

"""The pages in Chromium, in axe-core and before the W3C's HTML checker."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from conftest import NODE_MODULES, SHOWN, WIDTHS, Seen

pytestmark = pytest.mark.browser

CHECKER = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"

HASHES = "Inline script violates Content Security Policy"
"""The checker does not reckon the hash by which a page allows its own script; Chromium does."""


def test_the_checker_of_the_w3c_finds_nothing(reports: Path) -> None:
    """Every page of the reports is valid HTML, without an error and without a warning."""
    pages = sorted(reports.rglob("*.html"))
    assert len(pages) > 100
    done = subprocess.run(
        ["java", "-jar", str(CHECKER), "--format", "json", *map(str, pages)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    messages = json.loads(done.stderr)["messages"]
    told = [
        f"{Path(m['url']).name}:{m.get('lastLine')} {m['type']} {m['message']}"
        for m in messages
        if HASHES not in m["message"]
    ]
    assert not told, f"{len(told)} messages:\n" + "\n".join(told[:20])


def test_everything_was_looked_at(seen: Seen) -> None:
    """Each kind of page was seen at both widths and in both schemes."""
    views = {(one["name"], one["width"], one["scheme"]) for one in seen.looked}
    assert views == {(n, w, s) for n in SHOWN for w in WIDTHS for s in ("light", "dark")}


def test_axe_finds_nothing(seen: Seen) -> None:
    """No rule of axe-core is broken, on a phone and on a desk, in the light and in the dark."""
    broken = [
        f"{one['name']} {one['width']} {one['scheme']}: {found['id']} ({found['count']}) "
        f"{found['nodes'][0][:300]}"
        for one in seen.looked
        for found in one["violations"]
    ]
    assert not broken, f"{len(broken)}:\n" + "\n".join(broken[:20])


def test_a_page_needs_no_network(seen: Seen) -> None:
    """Opened from the disk, a page asks for nothing, and its own policy refuses nothing of it."""
    asked = {one["name"]: one["requests"] + one["complaints"] for one in seen.looked}
    assert not {name: found for name, found in asked.items() if found}


def test_no_page_is_wider_than_its_screen(seen: Seen) -> None:
    """What is too wide scrolls in a box of its own; the page stays."""
    wide = {
        (one["name"], one["width"]): one["scrollWidth"]
        for one in seen.looked
        if one["scrollWidth"] > one["innerWidth"]
    }
    assert not wide


def test_the_dark_scheme_is_dark(seen: Seen) -> None:
    """Where the reader's screen is dark the page's ground is dark too."""
    for one in seen.looked:
        shades = [int(part) for part in re.findall(r"\d+", one["background"])[:3]]
        assert (sum(shades) < 200) == (one["scheme"] == "dark"), (one["name"], one["scheme"])


def test_links_within_a_page_lead_somewhere(seen: Seen) -> None:
    """Every link to a place in the page has its place, and no place has two."""
    for one in seen.looked:
        assert not one["broken"], one["name"]
        assert len(one["ids"]) == len(set(one["ids"])), one["name"]


def _number(text: str, language: str) -> float:
    digits = re.sub(r"[^\d.,-]", "", text)
    marks = str.maketrans(",.", ".,") if language == "vi" else str.maketrans("", "")
    return float(digits.translate(marks).replace(",", ""))


def test_a_click_sorts_a_table_and_a_third_puts_it_back(seen: Seen) -> None:
    """A head sorts its column rising, then falling (by the keyboard), then as it was printed."""
    tried = 0
    for name, one in seen.used.items():
        if not one["sorted"]:
            continue
        tried += 1
        language = "en" if name.endswith(".en") else "vi"
        printed, rising, falling, back = one["sorted"]
        assert [step["order"] for step in one["sorted"]] == ["", "ascending", "descending", ""]
        assert back["rows"] == printed["rows"]
        assert sorted(rising["rows"]) == sorted(printed["rows"]) == sorted(falling["rows"])
        values = [_number(t, language) for t in rising["texts"] if re.search(r"\d", t)]
        assert values == sorted(values), name
        values = [_number(t, language) for t in falling["texts"] if re.search(r"\d", t)]
        assert values == sorted(values, reverse=True), name
    assert tried >= 4


def test_a_table_comes_as_csv_with_every_row(seen: Seen) -> None:
    """The file behind "Tải CSV" opens in a spreadsheet: its mark, a head, each row, no formula."""
    count = 0
    for name, one in seen.used.items():
        for file in one["carried"]:
            count += 1
            assert file["text"].startswith("\ufeff"), (name, file["name"])
            head, *rows = csv.reader(io.StringIO(file["text"].removeprefix("\ufeff")))
            assert len(rows) == file["rows"], (name, file["name"])
            assert {len(row) for row in rows} == {len(head)}
            for cell in (cell for row in rows for cell in row):
                assert not re.match(r"[=@\t\r]|[+-](?![\d.,]+\Z)", cell), (name, cell)
    assert count > 20


def test_the_index_is_searched_and_leads_on(seen: Seen, reports: Path) -> None:
    """A word typed without accents leaves the rows that hold it; the map's links lead to files."""
    index = seen.used["index"]
    found = index["searched"]
    assert found, "the index has no search box"
    searched = [
        (before, after)
        for before, after in zip(found["before"], found["after"], strict=True)
        if before != after
    ]
    assert searched
    for before, after in searched:
        assert after == [row for row in before if "Kỳ Sơn" in row]
    assert any(after for _, after in searched)
    assert found["again"] == found["before"]
    assert len(index["map"]) == 21
    assert len(index["links"]) > 100
    assert not [link for link in index["links"] if not (reports / link).is_file()]

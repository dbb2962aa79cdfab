"""Pages as pictures, compared with pictures that somebody looked at: layout that breaks shows here.

What is kept is only how dark each small square of a page is. So the smoothing of letters does not
count, but a table that runs off, a figure that is gone or one text over another does. `make
test-browser ARGS=--refresh` takes the pictures anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import SHOWN, WIDTHS, Seen, call
from PIL import Image, ImageChops

pytestmark = pytest.mark.browser

KEPT = Path(__file__).parent / "pictures"

DOTS = 40
"""Dots per inch of a page's picture: A4 becomes 331 × 468."""

SQUARE = 10
"""Pixels in a square's side."""

DARKER = 24
"""A square has changed when its grey, of 256, differs by more."""

CHANGED = 0.015
"""So much of a picture may have changed."""

FIRST = 3
"""So many pages of a document are compared, and the first that lies."""

SCREENS = 3000
"""So many pixels of a page's length are compared."""

PRINTED = [name for name in SHOWN if name != "index"]


def _opened(path: Path) -> Image.Image:
    """Return a picture; its file is closed again."""
    with Image.open(path) as picture:
        return picture.convert("L")


def _squares(picture: Image.Image) -> Image.Image:
    """Return how dark each square is, one pixel for each."""
    size = max(1, picture.width // SQUARE), max(1, picture.height // SQUARE)
    return picture.resize(size, Image.Resampling.BOX)


def _beside(pictures: list[Image.Image]) -> Image.Image:
    """Return pictures side by side, a black line between them."""
    high = max(picture.height for picture in pictures)
    whole = Image.new("L", (sum(p.width + 1 for p in pictures), high), 0)
    at = 0
    for picture in pictures:
        whole.paste(picture, (at, 0))
        at += picture.width + 1
    return whole


def changed(one: Image.Image, other: Image.Image) -> float:
    """Return which part of the squares has changed; pictures of other sizes differ wholly."""
    if one.size != other.size:
        return 1.0
    apart = ImageChops.difference(one, other)
    return sum(apart.histogram()[DARKER + 1 :]) / (one.width * one.height)


def _compared(name: str, taken: Image.Image, whole: Path, config: pytest.Config) -> None:
    """Compare a picture with the one that is kept, or keep it where that was asked for."""
    kept = KEPT / (re.sub(r"[^\w.]+", "-", name) + ".png")
    if config.getoption("--refresh"):
        KEPT.mkdir(exist_ok=True)
        taken.quantize(64).convert("L").save(kept, optimize=True)
        return
    how = "look at the page; where it is as it should be: make test-browser ARGS=--refresh"
    assert kept.is_file(), f"{kept.name} is missing; {how}"
    part = changed(taken, _opened(kept))
    assert part <= CHANGED, f"{name}: {part:.1%} has changed ({whole}); {how}"


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_document_looks_as_it_did(
    name: str, reports: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The first pages of each kind of document, and its first lying page, are laid out as kept."""
    pdf = reports / f"{name}.pdf"
    call(["pdftoppm", "-r", str(DOTS), "-gray", "-png", pdf, tmp_path / "page"])
    pages = [_opened(path) for path in sorted(tmp_path.glob("page*.png"))]
    lying = [page for page in pages[FIRST:] if page.width > page.height]
    shown = [_squares(page) for page in [*pages[:FIRST], *lying[:1]]]
    _compared(f"{name}.pdf", _beside(shown), tmp_path, request.config)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SHOWN)
def test_a_page_looks_as_it_did(
    name: str, width: int, seen: Seen, request: pytest.FixtureRequest
) -> None:
    """The beginning of each kind of page is laid out as kept, on a phone and on a desk."""
    (path,) = (
        Path(one["picture"])
        for one in seen.looked
        if (one["name"], one["width"], one["scheme"]) == (name, width, "light")
    )
    picture = _opened(path)
    top = picture.crop((0, 0, picture.width, min(picture.height, SCREENS)))
    _compared(f"{name}-{width}", _squares(top), path, request.config)


def test_a_broken_layout_would_be_seen(tmp_path: Path) -> None:
    """A text block moved by 5 mm, one that is gone, and a black box all count as changed."""
    page = Image.new("L", (331, 468), 255)
    for line in range(60, 400, 7):
        page.paste(90, (47, line, 307, line + 3))
    moved, gone, boxed = Image.new("L", page.size, 255), page.copy(), page.copy()
    moved.paste(page, (8, 8))
    gone.paste(255, (40, 200, 310, 260))
    boxed.paste(0, (60, 100, 120, 140))
    smoothed = page.resize((330, 467)).resize(page.size)
    assert changed(_squares(page), _squares(smoothed)) <= CHANGED
    for broken in (moved, gone, boxed):
        assert changed(_squares(page), _squares(broken)) > CHANGED

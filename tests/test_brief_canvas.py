"""Figures are drawn on sheets: everything inside, texts as texts, the same bytes every time."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawings import SVG, box, measured, points, written
from hypothesis import given
from hypothesis import strategies as st

from helpers.brief.figures.canvas import ACCENT, DARK, LIGHT, WARM, Label, Sheet, bar_chart
from helpers.brief.figures.typeface import typeface
from helpers.brief.svg import sanitise

NAMES = ("Kỳ Sơn", "Thị xã Cửa Lò", "Vinh (thành phố)")
SIGNS = "aăâđêôơưẤỗỷ ABĐVYghqy0123456789,.%–<&>"

names = st.text(SIGNS, min_size=1, max_size=60).map(lambda text: f"x{text}x")
values = st.floats(0, 10**9).map(lambda value: round(value, 2))


def _chart(rows: list[tuple[str, float]], height: float = 4.0) -> Sheet:
    lengths = [value for _, value in rows]
    texts = [f"{value:.2f}%" for value in lengths]
    named = [name for name, _ in rows]
    return bar_chart(height, named, lengths, texts, [ACCENT] * len(rows), bold=0)


@given(st.lists(st.tuples(names, values), min_size=1, max_size=25))
def test_all_of_a_chart_lies_on_its_page(rows: list[tuple[str, float]]) -> None:
    """However long names and numbers are: neither a text nor a bar leaves the drawing."""
    svg = _chart(rows).svg()
    width, height = box(svg)
    spare = 0.05  # of the rounding of places
    for text in written(svg):
        assert -spare <= text.left
        assert text.right <= width + spare
        assert text.top >= 0
        assert text.bottom <= height
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points(svg))


@given(st.lists(st.tuples(names, values), min_size=1, max_size=25))
def test_names_stand_left_of_the_bars_and_numbers_right(rows: list[tuple[str, float]]) -> None:
    """No name reaches into the plot, and each row's number begins where its bar has ended."""
    svg = _chart(rows).svg()
    texts = written(svg)
    ends, starts = [text.right for text in texts[::2]], [text.left for text in texts[1::2]]
    assert max(ends) < min(starts)
    assert [text.text for text in texts[::2]] == [name for name, _ in reversed(rows)]
    ends_of_bars = points(svg)
    if ends_of_bars:
        assert max(ends) < min(x for x, _ in ends_of_bars)
        assert max(starts) > max(x for x, _ in ends_of_bars)


@given(st.text(SIGNS, min_size=1, max_size=40), st.floats(6, 12), st.booleans())
def test_texts_are_measured_as_they_are_set(text: str, size: float, bold: bool) -> None:
    """The width is that of all signs; kerning only draws them nearer, so that texts have room."""
    width = typeface("Bold" if bold else "Regular").width(text, size)
    alone = sum(measured(sign, size, bold=bold) for sign in text)
    assert width == pytest.approx(alone, rel=0.001)
    assert measured(text, size, bold=bold) <= width * 1.001


@pytest.mark.parametrize("name", [*NAMES, "Tương Dương", "Yên Thành", "Thoát nghèo, còn cận nghèo"])
def test_names_are_measured_within_a_hundredth(name: str) -> None:
    """In the names that figures show kerning makes next to no difference."""
    assert typeface("Regular").width(name, 9) == pytest.approx(measured(name, 9), rel=0.01)


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_a_sign_that_the_typeface_lacks_has_a_width(style: str) -> None:
    """An unknown sign is measured by the box that is drawn for it."""
    assert typeface(style).width("\U0001f600", 10) > 0  # type: ignore[arg-type]


def _all_kinds() -> Sheet:
    column = [(0.0, "3%"), (1.0, "12,5%")]
    sheet = Sheet(2, (0, 3), (-1, 2), names=[(0, "Vinh")], column=column, axis=range(4))
    sheet.baseline(range(4))
    sheet.bars([0, 1], [1, 2], [DARK, WARM], 0.6)
    sheet.areas([[(0, 0), (1, 1), (1, 0)]], LIGHT)
    sheet.tiles([(0, 0), (1, 1)], 0.5, LIGHT, rounding=0.1)
    sheet.lines([[(0, 0), (1, 1)], [(1, 0), (2, 0)]], DARK, 1.5, "--")
    for shape in "oDs^X|":
        sheet.marks([(0.5, 0.5), (1.5, 0.5)], shape, ACCENT, 5)
    sheet.text(Label(1, 1, "Hai\ndòng", 8, bold=True, colour=WARM), ha="center")
    return sheet


def test_a_drawing_has_the_same_bytes_every_time() -> None:
    """A sheet can be written twice, and another one drawn alike has the same bytes."""
    sheet = _all_kinds()
    assert sheet.svg() == sheet.svg() == _all_kinds().svg()


def test_a_drawing_keeps_all_in_a_document_without_ids() -> None:
    """Nothing is taken away for the page, and no id can clash with another drawing's."""
    svg = _all_kinds().svg()
    drawing = sanitise(svg, "f1")
    assert (drawing.width, drawing.height) == (226.8, 144.0)
    assert " id=" not in svg
    for tag in ("path", "text"):
        assert drawing.markup.count(f"<{tag} ") == svg.count(f"<{tag} ") > 0
    kept = ElementTree.fromstring(drawing.markup)
    assert {text.get("font-weight") for text in kept.iter(f"{SVG}text")} == {None, "bold"}
    assert [group.get("font-family") for group in kept.iter(f"{SVG}g")] == ["Tinos"]


def test_strokes_of_one_colour_are_one_path() -> None:
    """Separate lines are drawn as one path that begins anew for each."""
    sheet = Sheet(1, (0, 1), (0, 2))
    sheet.lines([[(0, y), (1, y)] for y in range(3)], "#123456", 1.5)
    (path,) = re.findall(r'<path d="([^"]*)"[^>]*stroke: #123456', sheet.svg())
    assert (path.count("M"), path.count("L")) == (3, 3)


def test_bars_of_one_colour_are_one_path() -> None:
    """A chart has as many paths as colours, each with as many bars as have it."""
    sheet = bar_chart(2, NAMES, [3, 2, 1], ["3", "2", "1"], [DARK, WARM, DARK])
    paths = re.findall(r'<path d="([^"]*)" style="fill: (#\w+)"', sheet.svg())
    assert {colour: path.count("M") for path, colour in paths} == {DARK: 2, WARM: 1}


def test_a_bar_ends_where_the_plot_ends() -> None:
    """What withheld numbers push below zero does not run over the names."""
    sheet = Sheet(1, (0, 10), (-1, 1), names=[(0, "Vinh")])
    sheet.bars([0], [-20], [DARK], 0.5, starts=[5])
    (name,) = written(sheet.svg())
    assert min(x for x, _ in points(sheet.svg())) > name.right


def test_lengths_are_to_scale() -> None:
    """A bar of twice the value is twice as long."""
    sheet = bar_chart(2, NAMES, [40.0, 20.0, 10.0], ["", "", ""], [DARK, WARM, ACCENT])
    lengths = []
    for colour in (DARK, WARM, ACCENT):
        (path,) = re.findall(
            rf'<path (d="[^"]*") style="fill: {colour}"', sheet.svg().replace("\n", " ")
        )
        across = [x for x, _ in points(f" {path}")]
        lengths.append(max(across) - min(across))
    assert lengths[0] / lengths[2] == pytest.approx(4, rel=0.005)
    assert lengths[1] / lengths[2] == pytest.approx(2, rel=0.005)


def test_texts_of_a_row_stand_on_one_line_whatever_marks_they_bear() -> None:
    """Neither a hook over a capital nor a tail below moves a text out of its row."""
    sheet = Sheet(1, (0, 1), (0, 1))
    for place, text in enumerate(("12,5%", "Ấn", "ggy", "aaa")):
        sheet.text(Label(place / 4, 0.5, text))
    texts = written(sheet.svg())
    assert {text.bottom for text in texts} == {texts[0].bottom}
    # The digits' middle is the row's.
    assert (texts[0].top + texts[0].bottom) / 2 == pytest.approx(36, abs=0.2)


def test_lines_of_a_text_stand_around_its_place() -> None:
    """Two lines lie as far above their point as below it, one after the other."""
    sheet = Sheet(1, (0, 1), (0, 1))
    sheet.text(Label(0.5, 0.5, "Quế\nPhong", 7), ha="center")
    first, second = written(sheet.svg())
    assert (first.text, second.text) == ("Quế", "Phong")
    assert (first.top + second.bottom) / 2 == pytest.approx(36, abs=0.2)
    assert second.bottom - first.bottom == pytest.approx(1.05 * 7, abs=0.01)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Linux tells what is open")
def test_a_typeface_keeps_no_file_open() -> None:
    """Processes forked with an open font would all move the one place in it, and read nonsense."""
    before = _open_fonts()
    face = typeface.__wrapped__("Regular")
    assert face.width("ẵ", 10) > 0
    assert _open_fonts() == before


def _open_fonts() -> int:
    opened = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    return sum(path.endswith(".ttf") for path in opened)


def test_texts_are_read_row_by_row() -> None:
    """Whatever was written first: a name comes before its number, a row before the next."""
    sheet = Sheet(2, (0, 1), (0, 2), column=[(0, "một"), (1, "hai")], names=[(1, "B"), (0, "A")])
    assert [text.text for text in written(sheet.svg())] == ["B", "hai", "A", "một"]


def test_an_equal_sheet_has_squares() -> None:
    """A unit is as wide as it is high, and the plot stands in the middle of the page."""
    sheet = Sheet(1, (0, 1), (0, 1), equal=True)
    sheet.tiles([(0, 0)], 1, LIGHT)
    corners = points(sheet.svg())
    across, up = [x for x, _ in corners], [y for _, y in corners]
    assert max(across) - min(across) == pytest.approx(max(up) - min(up), abs=0.02)
    assert min(across) + max(across) == pytest.approx(226.8, abs=0.02)

"""Figures are drawn on sheets: everything inside, texts as texts, the same bytes every time."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawings import SVG, box, measured, points, written
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.brief.figures.canvas import FULL, HALF, Sheet, together
from helpers.brief.figures.charts import Entry, bar_chart, columns, key, key_depth
from helpers.brief.figures.labels import Label
from helpers.brief.figures.palette import ACCENT, DARK, INK, LIGHT, WARM
from helpers.brief.figures.typeface import typeface
from helpers.brief.svg import sanitise

NAMES = ("Kỳ Sơn", "Thị xã Cửa Lò", "Vinh (thành phố)")
SIGNS = "aăâđêôơưẤỗỷ ABĐVYghqy0123456789,.%–<&>"

names = st.text(SIGNS, min_size=1, max_size=60).map(lambda text: f"x{text}x")
values = st.floats(0, 10**9).map(lambda value: round(value, 2))


def _chart(rows: list[tuple[str, float]]) -> Sheet:
    lengths = [value for _, value in rows]
    texts = [f"{value:.2f}%" for value in lengths]
    named = [name for name, _ in rows]
    return bar_chart(named, lengths, texts, [ACCENT] * len(rows), bold=[0])


@given(st.lists(st.tuples(names, values), min_size=1, max_size=25))
@example([("x0000000000000000<AAA&ơưx", 0.0)])
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
    sheet = Sheet(144, (0, 3), (-1, 2), names=[(0, "Vinh")], column=column, axis=range(4))
    sheet.baseline(range(4))
    sheet.bars([0, 1], [1, 2], [DARK, WARM], 0.6)
    sheet.areas([[(0, 0), (1, 1), (1, 0)]], LIGHT)
    sheet.tiles([(0, 0), (1, 1)], (0.5, 0.4), LIGHT, radius=3)
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
    sheet = Sheet(72, (0, 1), (0, 2))
    sheet.lines([[(0, y), (1, y)] for y in range(3)], "#123456", 1.5)
    (path,) = re.findall(r'<path d="([^"]*)" fill="none" stroke="#123456"', sheet.svg())
    assert (path.count("M"), path.count("L")) == (3, 3)


def test_bars_of_one_colour_are_one_path() -> None:
    """A chart has as many paths as colours, each with as many bars as have it."""
    sheet = bar_chart(NAMES, [3, 2, 1], ["3", "2", "1"], [DARK, WARM, DARK])
    paths = re.findall(r'<path d="([^"]*)" fill="(#\w+)"', sheet.svg())
    assert {colour: path.count("M") for path, colour in paths} == {DARK: 2, WARM: 1}


def test_a_bar_ends_where_the_plot_ends() -> None:
    """What withheld numbers push below zero does not run over the names."""
    sheet = Sheet(72, (0, 10), (-1, 1), names=[(0, "Vinh")])
    sheet.bars([0], [-20], [DARK], 0.5, starts=[5])
    (name,) = written(sheet.svg())
    assert min(x for x, _ in points(sheet.svg())) > name.right


def test_lengths_are_to_scale() -> None:
    """A bar of twice the value is twice as long."""
    sheet = bar_chart(NAMES, [40.0, 20.0, 10.0], ["", "", ""], [DARK, WARM, ACCENT])
    lengths = []
    for colour in (DARK, WARM, ACCENT):
        (path,) = re.findall(rf'<path (d="[^"]*") fill="{colour}"', sheet.svg())
        across = [x for x, _ in points(f" {path}")]
        lengths.append(max(across) - min(across))
    assert lengths[0] / lengths[2] == pytest.approx(4, rel=0.005)
    assert lengths[1] / lengths[2] == pytest.approx(2, rel=0.005)


def test_texts_of_a_row_stand_on_one_line_whatever_marks_they_bear() -> None:
    """Neither a hook over a capital nor a tail below moves a text out of its row."""
    sheet = Sheet(72, (0, 1), (0, 1))
    for place, text in enumerate(("12,5%", "Ấn", "ggy", "aaa")):
        sheet.text(Label(place / 4, 0.5, text))
    texts = written(sheet.svg())
    assert {text.bottom for text in texts} == {texts[0].bottom}
    # The digits' middle is the row's.
    assert (texts[0].top + texts[0].bottom) / 2 == pytest.approx(36, abs=0.2)


def test_lines_of_a_text_stand_around_its_place() -> None:
    """Two lines lie as far above their point as below it, one after the other."""
    sheet = Sheet(72, (0, 1), (0, 1))
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
    sheet = Sheet(144, (0, 1), (0, 2), column=[(0, "một"), (1, "hai")], names=[(1, "B"), (0, "A")])
    assert [text.text for text in written(sheet.svg())] == ["B", "hai", "A", "một"]


def test_sheets_on_one_page_are_read_one_after_another() -> None:
    """Two columns of rows stand side by side, and the first is read before the second."""
    left = Sheet(72, (0, 1), (0, 2), names=[(1.5, "A"), (0.5, "B")])
    right = Sheet(72, (0, 1), (0, 2), origin=FULL - HALF, names=[(1.5, "C"), (0.5, "D")])
    svg = together(left, right)
    texts = written(svg)
    assert box(svg) == (FULL, 72)
    assert [text.text for text in texts] == ["A", "B", "C", "D"]
    assert max(text.right for text in texts[:2]) < HALF < FULL - HALF
    assert min(text.left for text in texts[2:]) > FULL - HALF


def test_a_yielding_text_gives_way() -> None:
    """Where another text stands already nothing is written; beside it there is."""
    sheet = Sheet(72, (0, 1), (0, 1))
    sheet.text(Label(0.5, 0.5, "trước"))
    sheet.text(Label(0.51, 0.5, "sau"), yielding=True)
    sheet.text(Label(0.5, 0.1, "dưới"), yielding=True)
    assert [text.text for text in written(sheet.svg())] == ["trước", "dưới"]


@given(st.lists(names, min_size=1, max_size=8), st.sampled_from([HALF, FULL]))
def test_a_key_takes_the_room_that_it_says(entries: list[str], width: float) -> None:
    """However many names there are, they wrap within the sheet and end above the plot."""
    listed = [Entry(name, INK, shape) for name, shape in zip(entries, "oDs^X|oD", strict=False)]
    depth = key_depth(width, listed)
    sheet = Sheet(300, (0, 1), (0, 1), width=width)
    key(sheet, listed)
    texts = written(sheet.svg())
    assert len(texts) == len(entries)
    assert max(text.bottom for text in texts) <= depth
    assert max(text.right for text in texts) <= width + 0.1


@pytest.mark.parametrize("number", [1, 2, 3, 21])
def test_rows_are_laid_out_in_two_columns(number: int) -> None:
    """The first column has as many rows as the second, or one more; none is lost."""
    parts = columns(range(number))
    assert [row for part in parts for row in part] == list(range(number))
    lengths = [len(part) for part in parts]
    assert max(lengths) - min(lengths) <= 1
    assert len(parts) == min(number, 2)

"""All figures of all briefs are legible: texts large, apart and on the page; colours told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import poverty_samples as samples
import pytest
from drawings import SVG, Written, box, written
from figure_samples import briefs, district_figures, province_figures
from hypothesis import HealthCheck, given, settings

from helpers.brief import figures
from helpers.brief.blocks import Figure, FigureRow
from helpers.brief.figures.labels import SMALL
from helpers.brief.figures.palette import (
    ACCENT,
    ADJACENT,
    DARK,
    GREY,
    LIGHT,
    MIDDLE,
    ON_TILE,
    PALE,
    PALETTE,
    TEXTS,
    WHITE,
)
from helpers.brief.figures.typeface import typeface
from helpers.brief.reader import Brief
from helpers.language import learn, speaking

States = Callable[[Brief], Brief]

KY_SON = "417"
MM = 72 / 25.4


def _overlap(one: Written, other: Written) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    up = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0.05 and up > 0.05


def _all(brief: Brief, most: int | None = None) -> list[Figure]:
    codes = brief.table("capital_by_district").frame["district_code"]
    drawn = province_figures(brief, most)
    return [*drawn, *(figure for code in codes for figure in district_figures(brief, code, most))]


@pytest.fixture(params=["vi", "en"])
def spoken(request: pytest.FixtureRequest, shipped_brief: Brief) -> Iterator[str]:
    """Speak each language in turn, with the plan's own names in English."""
    learn(shipped_brief.facts("english"))
    with speaking(request.param):
        yield request.param
    learn({})


def _assert_legible(figure: Figure) -> None:
    width, height = box(figure.svg)
    texts = written(figure.svg)
    assert texts
    spare = 0.1  # of rounding and kerning
    for text in texts:
        assert text.left >= -spare, (figure.title, text)
        assert text.right <= width + spare, (figure.title, text)
        assert text.top >= 0, (figure.title, text)
        assert text.bottom <= height, (figure.title, text)
    clash = [pair for pair in combinations(texts, 2) if _overlap(*pair)]
    assert not clash, (figure.title, clash)


@pytest.mark.parametrize("state", [samples.at_year_end, samples.within_year])
@pytest.mark.parametrize("most", [None, 6])
def test_every_text_is_on_the_page_and_none_on_another(
    shipped_brief: Brief, spoken: str, state: States, most: int | None
) -> None:
    """In a year that is over and in one still open, for the province and each district."""
    drawn = _all(state(shipped_brief), most)
    assert len(drawn) > 100
    for figure in drawn:
        _assert_legible(figure)


@pytest.mark.slow
@given(briefs())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_numbers_or_names_break_a_figure(brief: Brief) -> None:
    """One district or many, zeros, equal or enormous values, gaps, withheld cells, long names."""
    # The first three districts: more would only be slower.
    for figure in _all(brief)[:24]:
        _assert_legible(figure)
        assert figure.title
        assert figure.alt


def test_texts_keep_their_size(shipped_brief: Brief, spoken: str) -> None:
    """No name or number of the shipped plan has to be set smaller than the notes below."""
    for figure in _all(samples.at_year_end(shipped_brief)):
        sizes = {text.size for text in written(figure.svg)}
        assert min(sizes) >= SMALL, figure.title


def test_every_sign_is_in_the_typeface(shipped_brief: Brief) -> None:
    """A sign that the typeface lacks would be a box in print, and no PDF/UA."""
    signs = {
        sign
        for figure in _all(samples.at_year_end(shipped_brief))
        for text in written(figure.svg)
        for sign in text.text
    }
    assert not [sign for sign in signs if not typeface("Regular").font.get_char_index(ord(sign))]


def test_figures_stand_side_by_side_as_many_as_there_are(shipped_brief: Brief) -> None:
    """Two make a row, one stands in it alone, and none leave nothing behind."""
    brief = samples.at_year_end(shipped_brief)
    flow, lacks = figures.year_flow(brief, KY_SON), figures.district_lacks(brief, KY_SON, 6)
    (row,) = figures.beside(flow, lacks).blocks
    assert isinstance(row, FigureRow)
    assert row.figures == (flow, lacks)
    (alone,) = figures.beside(None, lacks).blocks
    assert isinstance(alone, FigureRow)
    assert alone.figures == (lacks,)
    assert not figures.beside(None, None).blocks


def test_figures_leave_room_on_a_page(shipped_brief: Brief, spoken: str) -> None:
    """Where few rows are asked for, no figure of a two-page brief is higher than 75 mm."""
    brief = samples.at_year_end(shipped_brief)
    for figure in province_figures(brief, 6):
        assert box(figure.svg)[1] <= 75 * MM, figure.title
    for figure in district_figures(brief, KY_SON, 6):
        assert box(figure.svg)[1] <= 70 * MM, figure.title


NUMBER = re.compile(r"[+-]?\d+(?:\.\d{3})*(?:,\d+)?%?")


def _value(text: str) -> tuple[Decimal, int]:
    """Return a Vietnamese number without its sign, and how many decimals it has."""
    plain = text.strip("+-%").replace(".", "").replace(",", ".")
    return Decimal(plain), len(plain.partition(".")[2])


@pytest.mark.parametrize("state", [samples.at_year_end, samples.within_year])
def test_the_text_for_the_blind_has_every_number(shipped_brief: Brief, state: States) -> None:
    """Each labelled value stands in the alt text too, there perhaps with more decimals."""
    for figure in _all(state(shipped_brief)):
        said = [_value(found)[0] for found in NUMBER.findall(figure.alt)]
        texts = [text for text in written(figure.svg) if text.text not in _axis(figure.svg)]
        for before, text in pairwise(texts):
            if not NUMBER.fullmatch(text.text) or before.text.endswith("huyện khác"):
                continue
            value, digits = _value(text.text)
            step = Decimal(1).scaleb(-digits)
            near = {number.quantize(step, ROUND_HALF_UP) for number in said}
            assert value in near, (figure.title, text.text)


def _axis(svg: str) -> set[str]:
    """Return the numbers of a drawing's axis, which are grey."""
    texts = ElementTree.fromstring(svg).iter(f"{SVG}text")
    return {text.text or "" for text in texts if text.get("fill") == GREY}


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""How linear red, green and blue are seen (Machado, Oliveira and Fernandes 2009, full severity)."""


def _luminance(colour: str, vision: str = "normal") -> float:
    """Return how light a colour is to an eye; that of normal sight is a grey print's, too."""
    parts = _linear(colour)
    seen = [sum(a * b for a, b in zip(row, parts, strict=True)) for row in VISIONS[vision]]
    red, green, blue = (min(max(part, 0.0), 1.0) for part in seen)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str, vision: str = "normal") -> float:
    low, high = sorted((_luminance(one, vision), _luminance(other, vision)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_beside_each_other_differ_in_lightness(vision: str) -> None:
    """In a grey print and to every kind of colour-blindness areas that lie together are apart."""
    for pair in ADJACENT:
        assert _contrast(*pair, vision=vision) >= 1.6, pair
    steps = (DARK, ACCENT, MIDDLE, LIGHT, PALE)
    for darker, lighter in pairwise(steps):
        assert _luminance(darker, vision) < _luminance(lighter, vision)
        assert _contrast(darker, lighter, vision) >= 1.25


def test_texts_stand_out_from_their_ground() -> None:
    """Texts on white and on the tiles of the map have the contrast that WCAG asks of small text."""
    for colour in TEXTS:
        assert _contrast(colour, WHITE) >= 4.5
    for tile, ink in ((DARK, WHITE), (ACCENT, WHITE), (MIDDLE, ON_TILE), (PALE, ON_TILE)):
        assert _contrast(tile, ink) >= 4.5


def test_only_the_palette_is_used_and_as_attributes(shipped_brief: Brief) -> None:
    """A page can change every colour by rules on `fill` and `stroke`."""
    for figure in _all(samples.within_year(shipped_brief)):
        used = re.findall(r'(?:fill|stroke)="(?!none)([^"]*)"', figure.svg)
        assert set(used) <= set(PALETTE), figure.title
        assert "style" not in figure.svg


def test_a_bar_says_which_source_the_capital_comes_from(shipped_brief: Brief) -> None:
    """Each project's total stands at its bar; the text for the blind has both sources."""
    drawn = figures.capital_by_project(shipped_brief)
    row = shipped_brief.table("capital_by_project").one(code="DA4")
    central = f"{row['NSTW'] // 10**6:,}".replace(",", ".")
    assert re.search(rf"DA4 91\.980 \(Ngân sách trung ương {re.escape(central)}, ", drawn.alt)
    assert ">Ngân sách địa phương đối ứng<" in drawn.svg


@pytest.mark.parametrize(
    ("poor", "title"),
    [
        (0, r"Kỳ Sơn, Tương Dương và Quế Phong nhận \d\d,\d% tổng vốn; .+"),
        (1, r"Một huyện nghèo nhận \d\d,\d% tổng vốn; .+"),
        (4, r"Bốn huyện nghèo nhận 67,2% tổng vốn; mỗi hộ nghèo được 4,7–18,8 triệu đồng"),
    ],
)
def test_capital_is_told_of_no_poor_district_one_or_many(
    shipped_brief: Brief, poor: int, title: str
) -> None:
    """The title counts the poor districts; without any it names those that receive most."""
    table = shipped_brief.table("capital_by_district")
    codes = table.frame.sort_values("total", ascending=False)["district_code"].tolist()[:poor]
    brief = samples.with_tables(
        shipped_brief,
        samples.changed(
            table, lambda row: {"poor_district": "yes" if row["district_code"] in codes else "no"}
        ),
    )
    assert re.fullmatch(title, figures.capital_by_district(brief).title)


@pytest.mark.parametrize(
    ("high", "title"),
    [
        (0, "Không huyện nào còn tỷ lệ hộ nghèo từ 10% trở lên"),
        (1, "Một huyện còn tỷ lệ hộ nghèo từ 10% trở lên"),
        (3, "Ba huyện còn tỷ lệ hộ nghèo từ 10% trở lên, đều ở miền núi"),
    ],
)
def test_the_map_counts_none_one_or_many(shipped_brief: Brief, high: int, title: str) -> None:
    """How many districts have a high rate, and where, as Vietnamese says it."""
    table = shipped_brief.table("targets")
    ranked = table.rows(group="district").sort_values("current_rate", ascending=False)
    codes = ranked["area_code"].tolist()[:high]

    def lowered(row: dict[str, object]) -> dict[str, object]:
        return {} if row["area_code"] in codes else {"current_rate": Decimal("1.50")}

    brief = samples.with_tables(shipped_brief, samples.changed(table, lowered))
    assert figures.poverty_map(brief).title == title


@pytest.mark.parametrize(("code", "said"), [("417", "cao nhất trong"), ("412", "thấp nhất trong")])
def test_a_district_stands_among_its_neighbours(shipped_brief: Brief, code: str, said: str) -> None:
    """Its bar is bold, first and last are there with the province, the alt text has all."""
    drawn = figures.district_place(shipped_brief, code)
    assert said in drawn.title
    for name in ("1. Kỳ Sơn", "21. Vinh", "Toàn tỉnh"):
        assert f">{name}<" in drawn.svg
    assert drawn.svg.count('font-weight="bold"') == 1
    assert drawn.alt.count("%") == 22


def test_a_first_bar_that_hides_the_steps_is_cut(shipped_brief: Brief) -> None:
    """The cut is drawn and said; where the steps are long enough the bars begin at zero."""
    brief = samples.at_year_end(shipped_brief)
    cut = figures.year_flow(brief, "province")
    assert cut is not None
    assert "cắt bớt" in cut.note
    assert f'stroke="{WHITE}"' in cut.svg

    def emptied(row: dict[str, object]) -> dict[str, object]:
        return {"changed": row["opening"], "closing": 0}

    all_left = samples.with_tables(brief, samples.changed(brief.table("flows"), emptied))
    whole = figures.year_flow(all_left, "province")
    assert whole is not None
    assert "cắt bớt" not in whole.note
    assert f'stroke="{WHITE}"' not in whole.svg

"""Flows, deprivations, forecast, risk and communes in the briefs: what they say and leave out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import poverty_samples as samples
import pytest
from poverty_samples import changed, sample, with_tables

from helpers.brief import figures, narrative, tables
from helpers.brief.blocks import Block, Figure, FigureRow, Series, Text
from helpers.brief.reader import Brief
from helpers.brief.rough import rough, rough_range
from helpers.brief.table import Table
from helpers.data.published import SUPPRESSED, Published

KY_SON, CUA_LO, VINH = "417", "413", "412"


@pytest.fixture(scope="module")
def ended(shipped_brief: Brief) -> Brief:
    """Return the brief of a year that is over."""
    return samples.at_year_end(shipped_brief)


@pytest.fixture(scope="module")
def september(shipped_brief: Brief) -> Brief:
    """Return the brief of a year on 30 September."""
    return samples.within_year(shipped_brief)


@pytest.fixture(scope="module")
def bare(shipped_brief: Brief) -> Brief:
    """Return the brief of a province that returned no forms."""
    return samples.without_review(shipped_brief)


def _figures(series: Series) -> list[Figure]:
    return [block for block in series.parts() if isinstance(block, Figure)]


def _tables(series: Series) -> list[Table]:
    return [block for block in series.parts() if isinstance(block, Table)]


def _with_row(brief: Brief, name: str, change: Mapping[str, Any], **wanted: object) -> Brief:
    """Return the brief with one row of a table changed."""

    def changes(row: dict[str, Any]) -> Mapping[str, Any]:
        return change if all(row[key] == value for key, value in wanted.items()) else {}

    return with_tables(brief, changed(brief.table(name), changes))


FLOW = {"kind": "poor", "area_code": "province", "year": "2024"}


def _flowing(brief: Brief, **steps: object) -> Brief:
    return _with_row(brief, "flows", steps, **FLOW)


def test_what_was_not_reported_leaves_nothing(bare: Brief) -> None:
    """Without forms no section, figure or annex of theirs appears, not even a heading."""
    assert narrative.flow_paragraph(bare, "### 2. Diễn biến", "Xem phụ lục.") == ""
    assert narrative.district_flow_paragraph(bare, KY_SON, "### Diễn biến") == ""
    assert narrative.deprivation_paragraph(bare, "### 4. Thiếu hụt", "Xem phụ lục.") == ""
    assert narrative.district_needs_paragraph(bare, KY_SON, "### Vì sao") == ""
    assert narrative.communes_paragraph(bare, KY_SON, "### Xã", "Xem phụ lục.") == ""
    assert narrative.forecast_paragraph(bare, "### 5. Dự báo") == ""
    assert narrative.district_forecast(bare, KY_SON, "### Dự báo") == ""
    assert narrative.forecast_method(bare, "### 3. Dự báo") == ""
    assert narrative.risk_method(bare, "### 4. Nguy cơ") == ""
    assert narrative.disclosure_note(bare, "### 5. Số") == ""
    for series in (
        figures.year_flows(bare),
        figures.district_flows(bare, KY_SON),
        figures.province_needs(bare),
        figures.district_needs(bare, KY_SON),
        tables.at_risk_table(bare),
        tables.flows_table(bare, "## Phụ lục VI. Diễn biến"),
        tables.deprivations_table(bare, "## Phụ lục VII. Thiếu hụt"),
        tables.review_tables(bare, "## Phụ lục VIII. Đối chiếu"),
        tables.register_measures_tables(bare, "## Phụ lục IX. Danh sách hộ"),
        tables.communes_table(bare, KY_SON, "## Phụ lục III. Xã"),
    ):
        assert series == Series()
    assert all("Khả năng" not in item.label for item in narrative.province_numbers(bare).items)


def test_the_years_flow_is_told_with_its_numbers(ended: Brief) -> None:
    """Opening, every step, closing and net stand in one paragraph, and add up."""
    row = ended.table("flows").one(**FLOW)
    said = narrative.flow_paragraph(ended, "### 2. Diễn biến trong năm", "Từng huyện ở sau.")
    heading, _, text = said.partition("\n\n")
    assert heading == "### 2. Diễn biến trong năm"
    assert text.endswith("Từng huyện ở sau.")
    numbers = [int(found.replace(".", "")) for found in re.findall(r"([\d.]+) hộ", text)]
    for name in ("opening", "closing", "changed", "above", "relapsed", "newly", "net"):
        assert row[name] in numbers
    out, into = row["changed"] + row["above"], row["from_other"] + row["relapsed"] + row["newly"]
    assert f"Có {out:,} hộ thoát nghèo".replace(",", ".") in text
    assert f"ngược lại có {into:,} hộ nghèo mới".replace(",", ".") in text


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ({"opening": 10, "closing": 12}, "từ 10 hộ lên 12 hộ (tăng thuần 2 hộ)"),
        ({"opening": 10, "closing": 10}, "không thay đổi, vẫn là 10 hộ"),
        ({"changed": 0, "above": 0}, "Có không hộ nào thoát nghèo"),
        ({"changed": 0, "above": 7}, "7 hộ thoát nghèo (7 hộ vượt chuẩn cận nghèo)"),
        ({"from_other": 0, "relapsed": 0, "newly": 0}, "ngược lại có không hộ nào nghèo mới"),
        ({"relapse_rate": Decimal(0)}, "Không có hộ tái nghèo."),
        (
            {"relapsed": SUPPRESSED, "newly": 25, "from_other": 0},
            "có một số hộ nghèo mới, trong đó 25 hộ phát sinh mới, phần còn lại không công bố",
        ),
        (
            {"from_other": SUPPRESSED, "relapsed": SUPPRESSED, "newly": SUPPRESSED},
            "ngược lại có một số hộ nghèo mới (không công bố)",
        ),
    ],
)
def test_flows_read_naturally(ended: Brief, steps: dict[str, Any], wanted: str) -> None:
    """Up, unmoved, none, one kind only and withheld numbers each have their own words."""
    assert wanted in narrative.flow_paragraph(_flowing(ended, **steps), "### 2. Diễn biến")


@pytest.mark.parametrize(
    ("steps", "title"),
    [
        (
            {"changed": 600, "above": 400, "from_other": 60, "relapsed": 10, "newly": 30},
            "Cứ 10 hộ thoát nghèo thì có khoảng 1 hộ tái nghèo, nghèo mới",
        ),
        (
            {"changed": 600, "above": 400, "from_other": 10, "relapsed": 10, "newly": 10},
            "Cứ 100 hộ thoát nghèo thì có khoảng 3 hộ tái nghèo, nghèo mới",
        ),
        (
            {"changed": 600, "above": 400, "from_other": 0, "relapsed": 1, "newly": 0},
            "Hầu như không có hộ tái nghèo, nghèo mới năm 2024",
        ),
        (
            {"from_other": 0, "relapsed": 0, "newly": 0},
            "Không có hộ tái nghèo, nghèo mới năm 2024",
        ),
        ({"changed": 0, "above": 0}, "Không hộ nào thoát nghèo năm 2024"),
        (
            {"changed": 60, "above": 40, "from_other": 98, "relapsed": 0, "newly": 0},
            "Số hộ tái nghèo, nghèo mới gần bằng số hộ thoát nghèo",
        ),
        (
            {"changed": 60, "above": 40, "from_other": 98, "relapsed": 9, "newly": 0},
            "Số hộ tái nghèo, nghèo mới nhiều hơn số hộ thoát nghèo",
        ),
        (
            {"changed": SUPPRESSED, "opening": 90, "closing": 100},
            "Số hộ nghèo năm 2024 tăng 10 hộ",
        ),
    ],
)
def test_the_flow_figure_says_its_finding(ended: Brief, steps: dict[str, Any], title: str) -> None:
    """How many come into poverty for those who leave it, in whole numbers; or what is known."""
    drawn = figures.year_flow(_flowing(ended, **steps), "province")
    assert drawn is not None
    assert drawn.title == title


def test_the_flow_figure_shows_every_step(ended: Brief) -> None:
    """Numbers stand beside the bars with their signs and in the text for the blind."""
    row = ended.table("flows").one(**FLOW)
    drawn = figures.year_flow(ended, "province")
    assert drawn is not None
    for name, sign in (
        ("changed", "-"),
        ("other_decrease", "-"),
        ("relapsed", "+"),
        ("newly", "+"),
    ):
        text = f"{sign}{row[name]:,}".replace(",", ".")
        assert text in drawn.svg
        assert text in drawn.alt
    assert SUPPRESSED not in drawn.svg


def test_withheld_steps_are_said_to_be(ended: Brief) -> None:
    """A withheld step has dots for its number, no bar, and a note that says why."""
    hidden = _flowing(ended, relapsed=SUPPRESSED, newly=SUPPRESSED)
    drawn = figures.year_flow(hidden, "province")
    assert drawn is not None
    assert f">+{SUPPRESSED}<" in drawn.svg
    assert "không công bố" in drawn.note
    said = narrative.district_flow_paragraph(ended, CUA_LO, "### Diễn biến")
    assert "không công bố" in said
    assert SUPPRESSED not in said


def test_a_flow_of_which_most_is_withheld_is_not_drawn(ended: Brief) -> None:
    """Bars without lengths would say nothing: only the part in the province's change is drawn."""
    assert figures.year_flow(ended, CUA_LO) is None
    (drawn,) = _figures(figures.district_flows(ended, CUA_LO))
    assert drawn.title.startswith("Cửa Lò góp")


def test_contributions_add_up_as_printed(ended: Brief) -> None:
    """The printed bars, the others' among them, add up to the province's."""
    drawn = figures.rate_moves(ended)
    assert drawn is not None
    printed = [Decimal(text.replace(",", ".")) for text in re.findall(r">(-?\d+,\d\d)<", drawn.svg)]
    assert len(printed) == 8
    assert sum(printed[:-1]) == printed[-1]
    assert "15 huyện khác" in drawn.svg
    assert re.fullmatch(r".+ làm nên \d+% mức giảm của tỉnh", drawn.title)
    names = ended.table("capital_by_district").frame["district"]
    assert all(name in drawn.alt for name in names)


def test_who_moved_the_rate_is_named_while_few(ended: Brief) -> None:
    """One district that did it all is named alone; a rate that did not move has its own words."""

    def alone(row: dict[str, Any]) -> dict[str, Any]:
        did = row["district_code"] in (KY_SON, "total")
        return {"total": Decimal("-0.5000") if did else Decimal("0.0000")}

    def nobody(row: dict[str, Any]) -> dict[str, Any]:
        return {"total": Decimal("0.0000")}

    def titled(change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
        drawn = figures.rate_moves(with_tables(ended, changed(ended.table("rate_moves"), change)))
        assert drawn is not None
        return drawn.title

    assert titled(alone) == "Kỳ Sơn làm nên 100% mức giảm của tỉnh"
    assert titled(nobody) == "Tỷ lệ hộ nghèo của tỉnh không thay đổi"
    still = with_tables(ended, changed(ended.table("rate_moves"), nobody))
    assert "không thay đổi" in narrative.district_move_sentence(still, KY_SON)


def test_a_rate_that_rose_is_told_the_other_way(ended: Brief) -> None:
    """Where the province's rate rose, districts are said to raise it, the largest first."""
    risen = changed(
        ended.table("rate_moves"), lambda row: {"total": -row["total"], "rank": row["rank"]}
    )
    drawn = figures.rate_moves(with_tables(ended, risen))
    assert drawn is not None
    assert drawn.title.endswith("mức tăng của tỉnh")
    assert "tăng trong năm 2024" in narrative.district_move_sentence(
        with_tables(ended, risen), KY_SON
    )


def test_a_district_has_its_own_bar_and_sentence(ended: Brief) -> None:
    """A district far down the list still stands in its figure, and its place is said."""
    moves = ended.table("rate_moves")
    drawn = figures.rate_moves(ended, VINH)
    assert drawn is not None
    assert re.fullmatch(r"Vinh góp \d+,\d% mức giảm của tỉnh", drawn.title)
    assert ">Vinh<" in drawn.svg
    rank = moves.one(district_code=VINH, year="2024")["rank"]
    assert f"đứng thứ {rank} trong 21 huyện" in narrative.district_move_sentence(ended, VINH)
    against = _with_row(ended, "rate_moves", {"total": Decimal("0.0100")}, district_code=VINH)
    assert "Vinh không góp vào" in narrative.district_move_sentence(against, VINH)


def test_a_district_is_told_beside_the_province(ended: Brief) -> None:
    """Escapes of a hundred poor and relapses are compared with the province's."""
    said = narrative.district_flow_paragraph(ended, KY_SON, "### Diễn biến trong năm")
    assert re.search(r"Cứ 100 hộ nghèo đầu năm thì \d+ hộ thoát nghèo, \w+ hơn mức chung", said)
    assert re.search(r"tái nghèo bằng \d+,\d\d% số hộ thoát nghèo, cao hơn mức chung", said)


def test_deprivations_name_the_three_largest(ended: Brief) -> None:
    """The three largest shares of the poor and of the near-poor are named in their order."""
    said = narrative.deprivation_paragraph(ended, "### 4. Thiếu hụt")
    assert (
        "hộ nghèo toàn tỉnh thiếu hụt nhiều nhất về nhà tiêu hợp vệ sinh (58,0%), chất lượng nhà"
        " ở (47,0%) và sử dụng dịch vụ viễn thông (44,0%)." in said
    )
    assert re.search(r"Hộ cận nghèo \([\d.]+ hộ\) thiếu hụt nhiều nhất về nhà tiêu", said)
    assert "Nguyên nhân nghèo nhiều nhất: không có vốn sản xuất, kinh doanh (44,0%)" in said


def test_the_deprivation_figure_has_every_indicator(ended: Brief) -> None:
    """All twelve stand under their services with the province's value; alt has every region."""
    drawn, why = _figures(figures.province_needs(ended))
    assert drawn.title == "Hộ nghèo thiếu hụt nhiều nhất về nhà tiêu hợp vệ sinh (58,0%)"
    for service, label, percent in samples.INDICATORS.values():
        assert f">{service}<" in drawn.svg
        assert f">{label}<" in drawn.svg
        assert f">{percent},0%<" in drawn.svg
        assert f"{label}: Huyện nghèo" in drawn.alt
    places = [drawn.svg.index(f">{label}<") for _, label, _ in samples.INDICATORS.values()]
    assert min(places) == drawn.svg.index(">Nhà tiêu hợp vệ sinh<")
    assert why.title.startswith("Nguyên nhân nghèo nhiều nhất là không có vốn")


def test_a_district_is_drawn_against_its_region(ended: Brief) -> None:
    """A mountain district stands beside the mountains, a lowland one beside the lowland."""
    districts = ended.table("capital_by_district")
    for code, region in ((KY_SON, "Miền núi"), (VINH, "Đồng bằng")):
        drawn, _ = _figures(figures.district_needs(ended, code))
        name = districts.one(district_code=code)["district"]
        rows = ended.table("deprivations").rows(kind="poor", area_code=code)
        most = max(rows.to_dict("records"), key=lambda row: (row["percent"], -row["order"]))
        assert drawn.svg.index(f">{most['label']}<") == min(
            drawn.svg.index(f">{label}<") for _, label, _ in samples.INDICATORS.values()
        )
        assert drawn.title.startswith(f"{name}: hộ nghèo thiếu hụt nhiều nhất về")
        assert f">{region}<" in drawn.svg


def test_withheld_percentages_stay_hidden(ended: Brief) -> None:
    """A withheld percentage is dots in figure and table, never the largest, and is noted."""
    drawn, _ = _figures(figures.district_needs(ended, CUA_LO))
    assert f">{SUPPRESSED}<" in drawn.svg
    assert "không công bố" in drawn.note
    (table,) = _tables(tables.deprivations_table(ended, "## Phụ lục VII. Thiếu hụt"))
    row = next(cells for cells in table.texts() if cells[0] == "Cửa Lò")
    assert SUPPRESSED in row
    assert "từ 1 đến dưới 10 hộ" in table.note
    assert all(column.numeric for column in table.columns[1:])
    hidden = changed(ended.table("deprivations"), lambda row: {"percent": SUPPRESSED})
    lost = with_tables(ended, hidden)
    assert narrative.deprivation_paragraph(lost, "### 4. Thiếu hụt") == ""


def test_what_stands_out_in_a_district_is_named(ended: Brief) -> None:
    """An indicator five points above the region's is named with both numbers; less is not."""
    quiet = narrative.district_needs_paragraph(ended, KY_SON, "### Vì sao nghèo")
    assert "Nặng hơn hẳn" not in quiet
    assert "là hộ dân tộc thiểu số (toàn tỉnh 72,0%)" in quiet
    wanted = {"kind": "poor", "area_code": KY_SON, "indicator": "water"}
    dry = _with_row(ended, "deprivations", {"percent": Decimal("77.50")}, **wanted)
    said = narrative.district_needs_paragraph(dry, KY_SON, "### Vì sao nghèo")
    assert re.search(
        r"Nặng hơn hẳn miền núi là nguồn nước sinh hoạt \(77,5% so với \d+,\d%\)\.", said
    )


def test_communes_that_carry_most_are_named(ended: Brief) -> None:
    """The fewest communes with half of the district's poor, and the one with the highest rate."""
    said = narrative.communes_paragraph(ended, KY_SON, "### Xã", "Từng xã tại Phụ lục III.")
    assert re.search(r"bốn trong mười xã, phường, thị trấn có \d\d,\d% số hộ nghèo của huyện", said)
    assert "Tỷ lệ hộ nghèo cao nhất là xã Kỳ Sơn 1" in said
    assert said.endswith("Từng xã tại Phụ lục III.")
    hidden = changed(
        ended.table("commune_rates"),
        lambda row: {"poor_households": SUPPRESSED, "poor_rate": SUPPRESSED},
    )
    said = narrative.communes_paragraph(with_tables(ended, hidden), KY_SON, "### Xã")
    assert "nhỏ, không nêu" in said
    none = changed(ended.table("commune_rates"), lambda row: {"poor_households": 0})
    rates = changed(ended.table("poverty_rates"), lambda row: {"poor_households": 0})
    said = narrative.communes_paragraph(with_tables(ended, none, rates), KY_SON, "### Xã")
    assert "không xã nào còn hộ nghèo" in said


def test_the_communes_table_marks_what_is_withheld(ended: Brief) -> None:
    """Communes stand with most poor first, withheld ones last, with the note of the guard."""
    series = tables.communes_table(ended, CUA_LO, "## Phụ lục III. Xã")
    (table,) = _tables(series)
    poor = [cells[3] for cells in table.texts()]
    shown = [int(text) for text in poor if text != SUPPRESSED]
    assert shown == sorted(shown, reverse=True)
    assert poor[len(shown) :] == [SUPPRESSED] * (len(poor) - len(shown))
    assert "bảo vệ thông tin của hộ" in table.note
    assert isinstance(series.blocks[0], Text)


FORECAST: dict[str, Any] = {
    "as_of": "2024-09-30",
    "horizon": "2024-12-31",
    "observations": 9,
    "expected": Decimal("4.30"),
    "low": Decimal("3.90"),
    "high": Decimal("4.80"),
    "level": Decimal(80),
    "reason": "",
}


def test_a_forecast_is_told_in_plain_words() -> None:
    """The rate to expect, and between which it will be in so many of ten cases."""
    assert narrative.forecast_sentence(FORECAST, "của tỉnh") == (
        "Nếu giữ nhịp độ các năm qua, tính từ số liệu đến 30/9/2024, tỷ lệ hộ nghèo của tỉnh cuối"
        " năm 2024 vào khoảng **4,3%**; 8 trong 10 khả năng nằm giữa 3,9% và 4,8%."
    )
    ended = narrative.forecast_sentence(FORECAST | {"as_of": "2023-12-31"}, "của tỉnh")
    assert ended.startswith("Nếu giữ nhịp độ các năm qua, tỷ lệ hộ nghèo của tỉnh cuối năm 2024")
    few = narrative.forecast_sentence(FORECAST | {"observations": 4}, "của tỉnh")
    assert "dựa trên bốn lần quan sát" in few
    sure = narrative.forecast_sentence(FORECAST | {"level": Decimal(95)}, "của tỉnh")
    assert "95 trong 100 khả năng" in sure
    unknown = FORECAST | {"expected": None, "reason": "mới có một khoảng"}
    assert narrative.forecast_sentence(unknown, "của tỉnh") == (
        "Chưa dự báo được tỷ lệ hộ nghèo của tỉnh cuối năm 2024: mới có một khoảng."
    )


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (
            {},
            "Khả năng đạt mức thấp của mục tiêu (giảm 1 điểm phần trăm): khoảng 7/10; đạt mức cao"
            " (giảm 1,5 điểm phần trăm): khoảng 2/10.",
        ),
        (
            {"target_low": Decimal(3), "target_high": Decimal(3)},
            "Khả năng đạt mục tiêu (giảm 3 điểm phần trăm): khoảng 7/10.",
        ),
        ({"probability_low": Decimal(99)}, "trên 9/10, gần như chắc chắn"),
        ({"probability_low": Decimal(2)}, "dưới 1/10, rất khó"),
        (
            {"pace_needed": Decimal("0.120"), "pace_so_far": Decimal("0.080")},
            "mỗi tháng phải giảm 0,12 điểm phần trăm, gấp rưỡi bình quân chín tháng qua (0,08).",
        ),
        (
            {"pace_needed": Decimal("0.106"), "pace_so_far": Decimal("0.076")},
            "mỗi tháng phải giảm 0,106 điểm phần trăm, gấp 1,4 lần bình quân chín tháng qua"
            " (0,076).",
        ),
        ({"pace_so_far": Decimal("-0.010")}, "trong khi chín tháng qua tỷ lệ tăng."),
        ({"pace_so_far": Decimal("0.000")}, "trong khi chín tháng qua tỷ lệ chưa giảm."),
        ({"pace_so_far": None}, "mỗi tháng phải giảm 0,12 điểm phần trăm để đạt mức thấp."),
        ({"pace_needed": Decimal("0.000")}, "đã đủ mức thấp"),
    ],
)
def test_what_the_year_still_needs(september: Brief, change: dict[str, Any], wanted: str) -> None:
    """Chance and pace read naturally: sure and unlikely, faster, not yet begun, enough already."""
    brief = _with_row(september, "forecast", change, area_code="province")
    assert wanted in narrative.forecast_paragraph(brief, "### 5. Dự báo")


def test_households_to_go_are_net_and_gross(september: Brief) -> None:
    """What has to leave is told with those who will come into poverty; without them, net alone."""
    target = {"to_low": 2000, "gross_to_low": 3200, "inflow": 1200}
    brief = _with_row(september, "targets", target, area_code="province")
    said = narrative.forecast_paragraph(brief, "### 5. Dự báo")
    assert (
        "cần giảm 2.000 hộ để đạt mức thấp; từ 30/9/2024 đến cuối năm dự kiến có thêm 1.200 hộ"
        " tái nghèo, nghèo mới, nên phải có 3.200 hộ thoát nghèo." in said
    )
    there = {"to_low": 0, "gross_to_low": 15, "inflow": 43}
    said = narrative.forecast_paragraph(
        _with_row(september, "targets", there, area_code="province"), "### 5. Dự báo"
    )
    assert (
        "Số hộ nghèo hiện nay đã đủ để đạt mức thấp; từ 30/9/2024 đến cuối năm dự kiến có thêm 43"
        " hộ tái nghèo, nghèo mới, nên vẫn phải có 15 hộ thoát nghèo." in said
    )
    for nothing in (None, SUPPRESSED):
        unknown = _with_row(brief, "targets", {"gross_to_low": nothing, "inflow": nothing})
        said = narrative.forecast_paragraph(unknown, "### 5. Dự báo")
        assert said.endswith("cần giảm 2.000 hộ để đạt mức thấp.")


def test_a_year_that_is_over_looks_to_the_next(ended: Brief) -> None:
    """After the year-end the forecast is for the next one, without chance or pace."""
    said = narrative.forecast_paragraph(ended, "### 5. Dự báo")
    assert "cuối năm 2025" in said
    assert "Khả năng" not in said
    assert "mỗi tháng" not in said
    assert all("Khả năng" not in item.label for item in narrative.province_numbers(ended).items)


def test_the_trend_shows_the_forecast(ended: Brief, september: Brief) -> None:
    """The expected rate stands with its interval; within the year the line goes on to its day."""
    drawn = figures.trend(ended)
    row = ended.table("forecast").one(area_code="province")
    assert f">{rough(row['expected'])} ({rough_range(row['low'], row['high'])})<" in drawn.svg
    assert "dự báo 2025" in drawn.alt
    assert "độ tin cậy 80%" in drawn.note
    early = figures.trend(september)
    assert early.title.endswith("đến ngày 30/9/2024")
    assert "2023: 5,18%, đến ngày 30/9/2024" in early.alt
    plain = figures.trend(with_tables(ended, sample("forecast")))
    assert "dự báo" not in plain.alt
    assert plain.note == "Tỷ lệ hộ nghèo cuối năm, %."


def test_a_district_without_forecast_is_drawn_without(ended: Brief) -> None:
    """Too few observations: the line ends where it is, and the text says why."""
    drawn = figures.district_trend(ended, CUA_LO)
    assert drawn.alt.split(";")[0].endswith("2024: 0,51%")
    said = narrative.district_forecast(ended, CUA_LO, "### Dự báo")
    assert "Chưa dự báo được" in said


def test_within_the_year_targets_are_judged_by_their_pace(september: Brief) -> None:
    """Range due by now, judgement and the whole year's goal; behind districts are named."""
    row = september.table("targets").one(area_code="province") | {
        "cut": Decimal("0.60"), "current_rate": Decimal("4.58"), "to_low": 1500,
        "due_low": Decimal("0.75"), "due_high": Decimal("1.13"), "result": "chậm",
    }  # fmt: skip
    assert narrative.target_sentence(row) == (
        "Toàn tỉnh giảm 0,60 điểm phần trăm, từ 5,18% cuối năm 2023 còn 4,58% đến ngày 30/9/2024,"
        " chậm so với mức phải đạt đến nay (0,75–1,13); mục tiêu cả năm là giảm 1–1,5 điểm phần"
        " trăm, còn phải giảm 1.500 hộ để đạt mức thấp."
    )
    done = row | {"to_low": 0, "result": "vượt"}
    assert narrative.target_sentence(done).endswith("đã đủ mức thấp.")
    said = narrative.targets_summary(september)
    assert said.startswith("So với mức phải đạt đến ngày 30/9/2024, trong 21 huyện")
    for word, begun in (("nguy cơ không đạt", "Có nguy cơ không đạt"), ("chậm", "Chậm")):
        for behind in september.table("targets").rows(group="district", result=word).itertuples():
            assert re.search(rf"{begun}: [^.]*{behind.area} \(còn", said)


def test_within_the_year_ranges_show_what_is_due(september: Brief, ended: Brief) -> None:
    """All four words are in the key with the range due; at the year-end the three of the end."""
    drawn = figures.target_ranges(september)
    assert re.fullmatch(
        r"Có \d+ trong 21 huyện theo kịp nhịp độ giảm nghèo đến ngày 30/9/2024", drawn.title
    )
    assert all(f">{word}<" in drawn.svg for word in ("vượt", "đạt", "chậm", "nguy cơ không đạt"))
    assert "phải đạt đến nay" in drawn.alt
    assert "dải đậm là khoảng phải đạt đến nay" in drawn.note
    over = figures.target_ranges(ended)
    assert ">chậm<" not in over.svg
    assert ">chưa đạt<" in over.svg


def test_who_has_not_reported_is_said(september: Brief) -> None:
    """A district whose figures are older has no mark, and the texts say so."""
    late = _with_row(
        september,
        "targets",
        {"as_of": "2023-12-31", "cut": None, "result": "chưa có số liệu"},
        area_code=KY_SON,
    )
    drawn = figures.target_ranges(late)
    assert "(nơi chưa báo cáo: cuối năm 2023)" in drawn.note
    assert "Kỳ Sơn mục tiêu 4–5, chưa có số liệu" in drawn.alt
    assert "Còn 1 đơn vị chưa có số liệu." in narrative.targets_summary(late)
    table = tables.district_targets_table(late)
    assert "Chưa có báo cáo mới: Kỳ Sơn." in table.note
    row = next(cells for cells in table.texts() if cells[0] == "Kỳ Sơn")
    assert row[3:5] == ("–", "–")


def test_within_the_year_heads_and_first_page_name_the_day(september: Brief) -> None:
    """Columns, key figures and risks speak of the day, not of the year's end."""
    heads = [column.label for column in tables.targets_table(september).columns]
    assert heads[1:3] == ["Cuối 2023", "30/9/2024"]
    assert "Phải đạt đến nay" in heads
    items = {item.label: item for item in narrative.province_numbers(september).items}
    assert "Tỷ lệ hộ nghèo đến ngày 30/9/2024" in items
    assert items["Khả năng đạt mức thấp"].value == "7/10"
    assert "phải đạt" in items["Mức giảm đến 30/9/2024"].remark
    assert "có nguy cơ không đạt mục tiêu" in narrative.risk_list(september)
    own = {item.label for item in narrative.district_numbers(september, KY_SON).items}
    assert "Tỷ lệ hộ nghèo đến ngày 30/9/2024" in own


COUNTED: dict[str, Any] = {
    "group": "province", "area_code": "province", "area": "Toàn tỉnh", "baseline_year": 2023,
    "baseline": 45_221, "as_of": "2024-12-31", "current": 36_703, "cut": 8_518,
    "target_low": 8_000, "target_high": 9_000, "due_low": Decimal(8000), "due_high": Decimal(9000),
    "result": "đạt", "to_low": 0, "basis": "Toàn tỉnh", "status": "verified",
}  # fmt: skip


def test_targets_in_households_are_told_too(ended: Brief) -> None:
    """A target that counts households stands beside those in points, at and before the year-end."""
    brief = with_tables(ended, sample("count_targets", [COUNTED]))
    assert narrative.groups_paragraph(brief).endswith(
        "- Tính theo số hộ, toàn tỉnh giảm 8.518 hộ nghèo, cuối năm 2024 còn 36.703 hộ, đạt mục"
        " tiêu giảm 8.000–9.000 hộ nghèo."
    )
    early = COUNTED | {"as_of": "2024-09-30", "result": "chậm", "to_low": 2_000, "cut": 6_000}
    assert (
        "chậm so với mức phải đạt đến nay; mục tiêu cả năm là giảm 8.000–9.000 hộ nghèo; còn"
        in (narrative.count_target_sentence(early))
    )
    unknown = COUNTED | {"cut": None, "as_of": "2023-12-31"}
    assert "số hộ nghèo cuối năm 2023 là 36.703 hộ" in narrative.count_target_sentence(unknown)


def test_districts_at_risk_stand_with_their_reason(ended: Brief) -> None:
    """Each listed district has its numbers and reason; columns without any number are left out."""
    (table,) = _tables(tables.at_risk_table(ended))
    assert [cells[0] for cells in table.texts()] == ["Kỳ Sơn", "Anh Sơn"]
    assert all("hộ tái nghèo" in cells[-1] for cells in table.texts())
    assert "Khả năng đạt (%)" in [column.label for column in table.columns]
    plain = changed(
        ended.table("districts_at_risk"),
        lambda row: {"probability_low": None, "gross_to_low": None},
    )
    (table,) = _tables(tables.at_risk_table(with_tables(ended, plain)))
    assert [column.label for column in table.columns][3:] == ["Hộ còn phải giảm", "Lý do"]


def test_only_what_disagrees_is_printed(ended: Brief) -> None:
    """Disagreements, known errors and unequal sources; where all agree, one sentence."""
    found = _tables(tables.review_tables(ended, "## Phụ lục VIII. Đối chiếu"))
    assert [len(table.rows) for table in found] == [1, 1, 1]
    assert [cells[1] for cells in found[1].texts()] == ["Kỳ Sơn"]
    agreed = with_tables(
        ended,
        sample("review_checks"),
        sample("known_errors"),
        changed(ended.table("reconciliation"), lambda row: {"result": "khớp"}),
    )
    blocks = tables.review_tables(agreed, "## Phụ lục VIII. Đối chiếu").blocks
    assert all(isinstance(block, Text) for block in blocks)
    assert "khớp" in blocks[-1].summary()


def test_a_disagreement_about_few_households_withholds_its_numbers(ended: Brief) -> None:
    """A commune's 3 against 12 is printed without numbers and with the note; 6.493 in full."""
    few = changed(
        ended.table("review_checks"),
        lambda row: {"value": Decimal(3), "expected": Decimal(12), "difference": Decimal(-9)},
    )
    table, *_ = _tables(tables.review_tables(with_tables(ended, few), "## Phụ lục VIII"))
    assert table.texts()[0][5:9] == (SUPPRESSED,) * 4
    assert "không công bố" in table.note
    whole, *_ = _tables(tables.review_tables(ended, "## Phụ lục VIII"))
    assert whole.texts()[0][5:8] == ("6.493", "6.483", "10")
    assert "không công bố" not in whole.note


def test_what_is_only_worth_a_look_is_counted(ended: Brief) -> None:
    """Remarks are no disagreements: their number is said, their list stays with the tables."""
    noted = changed(ended.table("review_checks"), lambda row: {"result": "lưu ý"})
    series = tables.review_tables(with_tables(ended, noted), "## Phụ lục VIII. Đối chiếu")
    assert [table.source for table in _tables(series)] == [
        "Nguồn: tables/reconciliation.csv.",
        "Nguồn: tables/known_errors.csv.",
    ]
    assert "Còn 1 chỗ chỉ cần lưu ý" in series.blocks[-1].summary()


def test_forms_that_close_with_another_number_are_named(ended: Brief) -> None:
    """Where the forms' closing number is not the announced one, both are said."""
    row = ended.table("flows").one(**FLOW)
    off = _flowing(ended, closing=row["closing"] + 5)
    said = narrative.flow_paragraph(off, "### 2. Diễn biến")
    assert "lệch 5 hộ so với số hộ nghèo dùng để tính tỷ lệ (36.703 hộ)" in said
    assert "lệch" not in narrative.flow_paragraph(ended, "### 2. Diễn biến")


def test_many_disagreements_are_cut_and_counted(ended: Brief) -> None:
    """A long list stops after forty and says where the rest is."""
    (row,) = ended.table("review_checks").frame.to_dict("records")
    long = sample("review_checks", [row | {"order": order} for order in range(1, 61)])
    table, *_ = _tables(
        tables.review_tables(with_tables(ended, long), "## Phụ lục VIII. Đối chiếu")
    )
    assert len(table.rows) == 40
    assert "Nêu 40 trong 60 chỗ" in table.note


def test_annex_tables_end_with_the_province(ended: Brief) -> None:
    """Every district and the province as the total, the flows' columns in the form's order."""
    (flows,) = _tables(tables.flows_table(ended, "## Phụ lục VI. Diễn biến"))
    (needs,) = _tables(tables.deprivations_table(ended, "## Phụ lục VII. Thiếu hụt"))
    for table in (flows, needs):
        assert len(table.rows) == 22
        assert table.rows[-1].level == "total"
        assert table.texts()[-1][0] == "Toàn tỉnh"
        assert table.landscape
    assert len(needs.columns) == 14
    total = flows.rows[-1].cells
    opening, changed_kind, above, less, into, again, new, more, closing, net = total[1:11]
    assert opening - changed_kind - above - less + into + again + new + more == closing  # type: ignore[operator]
    assert net == opening - closing  # type: ignore[operator]


def test_the_register_has_its_tables(ended: Brief) -> None:
    """Areas with H's parts and every indicator, under the heading."""
    series = tables.register_measures_tables(ended, "## Phụ lục IX. Danh sách hộ")
    areas, indicators = _tables(series)
    assert len(areas.rows) >= 22
    assert len(indicators.rows) == 12
    assert "chuẩn nghèo 2022 - 2025" in areas.note


def test_methods_are_the_rules_own_words(ended: Brief) -> None:
    """Judgement, forecast, risk and withholding are explained with the plan's own numbers."""
    assert "70% mức thấp" in narrative.judgement_method(ended)
    assert narrative.forecast_method(ended, "### 3. Cách dự báo").startswith("### 3. Cách dự báo\n")
    assert "(1)" in narrative.risk_method(ended, "### 4. Huyện có nguy cơ")
    assert "dưới 10 hộ" in narrative.disclosure_note(ended, "### 5. Số không công bố")
    assert "dưới 10 hộ" in narrative.district_disclosure_note(ended, CUA_LO)
    assert narrative.district_disclosure_note(ended, KY_SON) == ""


def test_new_figures_are_the_same_each_time(september: Brief) -> None:
    """Drawing twice gives the same bytes."""

    def drawn() -> list[Block]:
        return [
            figures.year_flows(september),
            figures.district_flows(september, CUA_LO),
            figures.province_needs(september),
            figures.trend(september),
            figures.district_trend(september, KY_SON),
            figures.target_ranges(september),
        ]

    assert drawn() == drawn()
    row = drawn()[0]
    assert isinstance(row, Series)
    assert isinstance(row.blocks[0], FigureRow)


def test_sources_and_marks_stand_under_all(ended: Brief) -> None:
    """Every new table and figure leads to its published table and carries its marks."""
    made: list[Block] = [
        *figures.year_flows(ended).parts(),
        *figures.province_needs(ended).parts(),
        *_tables(tables.flows_table(ended, "## Phụ lục VI. Diễn biến")),
        *_tables(tables.deprivations_table(ended, "## Phụ lục VII. Thiếu hụt")),
        *_tables(tables.review_tables(ended, "## Phụ lục VIII. Đối chiếu")),
        *_tables(tables.register_measures_tables(ended, "## Phụ lục IX. Danh sách hộ")),
        *_tables(tables.communes_table(ended, KY_SON, "## Phụ lục III. Xã")),
        *_tables(tables.at_risk_table(ended)),
    ]
    for block in made:
        if isinstance(block, FigureRow):
            continue
        assert isinstance(block, Figure | Table)
        (name,) = re.findall(r"tables/(\w+)\.csv", block.source)
        published: Published = ended.table(name)
        assert block.marks == published.marks != ()

"""Sentences, tables and figures of the briefs: what they say follows the published tables."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pandas as pd
import poverty_samples as samples
import pytest

from helpers.brief import figures, narrative, tables
from helpers.brief.blocks import Series
from helpers.brief.reader import Brief, open_brief
from helpers.brief.table import Table
from helpers.data.catalogue import TableSpec
from helpers.data.published import Published
from helpers.errors import NotPublished
from helpers.marks import merge_marks

TARGET: dict[str, Any] = {
    "area": "Kỳ Sơn",
    "baseline_year": "2023",
    "baseline_rate": Decimal("42.54"),
    "current_year": "2024",
    "as_of": "2024-12-31",
    "current_rate": Decimal("37.70"),
    "cut": Decimal("4.84"),
    "target_low": Decimal(4),
    "target_high": Decimal(5),
    "result": "đạt",
    "to_low": 0,
}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, "giảm 4,84 điểm phần trăm, từ 42,54% cuối năm 2023 còn 37,70% cuối năm 2024, đạt"),
        ({"result": "vượt"}, "vượt mục tiêu giảm 4–5 điểm phần trăm."),
        ({"result": "chưa đạt", "to_low": 15}, "còn phải giảm thêm 15 hộ để đạt mức thấp."),
        (
            {"cut": Decimal("-0.50"), "current_rate": Decimal("43.04"), "result": "chưa đạt"},
            "tăng 0,50 điểm phần trăm, từ 42,54% cuối năm 2023 lên 43,04% cuối năm 2024",
        ),
        (
            {"cut": Decimal("0.00"), "current_rate": Decimal("42.54"), "result": "chưa đạt"},
            "Kỳ Sơn không giảm, vẫn là 42,54% cuối năm 2024",
        ),
        ({"cut": None, "to_low": 822}, "cần giảm ít nhất 822 hộ để đạt mức thấp của mục tiêu."),
    ],
)
def test_a_target_is_told_as_it_went(change: dict[str, Any], wanted: str) -> None:
    """Down, up, unmoved, reached, missed and not yet known each have their own sentence."""
    assert wanted in narrative.target_sentence(TARGET | change)


def _with(brief: Brief, name: str, frame: pd.DataFrame) -> Brief:
    """Return the brief with one table as given, whether or not the fixture publishes it."""
    spec = TableSpec(name, (), {})
    table = Published(name, frame, name, ("illustrative",), (), spec)
    return Brief(brief.plan_id, brief.output, {**brief._read, name: table})


def _tables(series: Series) -> list[Table]:
    return [block for block in series.parts() if isinstance(block, Table)]


def test_the_summary_names_who_is_behind(shipped_brief: Brief) -> None:
    """Counts by judgement, and every district that misses with the households still to go."""
    said = narrative.targets_summary(shipped_brief)
    assert "3 đơn vị vượt, 15 đơn vị đạt và 3 đơn vị chưa đạt" in said
    for row in (
        shipped_brief.table("targets").rows(group="district", result="chưa đạt").itertuples()
    ):
        assert f"{row.area} (còn {row.to_low} hộ)" in said


def test_nobody_behind_reads_naturally(shipped_brief: Brief) -> None:
    """Without a missed target no one is named, and without data nothing is judged."""
    brief = samples.without_review(shipped_brief)
    frame = brief.table("targets").frame
    good = _with(brief, "targets", frame.assign(result="đạt", to_low=0))
    assert narrative.targets_summary(good) == (
        "Trong 21 huyện, thành phố, thị xã: 21 đơn vị đạt mục tiêu giảm nghèo."
    )
    early = _with(brief, "targets", frame.assign(result="chưa có số liệu", cut=None))
    assert "Chưa có số liệu" in narrative.targets_summary(early)
    drawing = figures.target_ranges(early)
    assert drawing.title == "Mục tiêu giảm nghèo của 21 huyện"
    assert "chưa đạt" not in drawing.svg
    heads = [column.label for column in tables.targets_table(early).columns]
    assert heads == ["Địa bàn", "2023", "Mục tiêu", "Số hộ nghèo", "Hộ còn phải giảm"]
    said = [(item.value, item.label) for item in narrative.province_numbers(early).items]
    assert ("1–1,5 điểm %", "Mục tiêu giảm năm 2024") in said


def test_prose_and_table_agree_on_the_capital(shipped_brief: Brief) -> None:
    """The total and its parts in prose are the table's, in tỷ instead of triệu."""
    said = narrative.capital_sentence(shipped_brief)
    assert "603,736 tỷ đồng" in said
    assert "vốn đầu tư phát triển 252 tỷ đồng (41,7%)" in said
    texts = tables.projects_table(shipped_brief).texts()
    assert texts[-1][1:] == ("Tổng cộng", "252.000", "351.736", "603.736", "100,00")


def test_no_risk_is_said_as_such(shipped_brief: Brief) -> None:
    """An empty list of risks is a sentence, not an empty space."""
    empty = _with(shipped_brief, "risks", shipped_brief.table("risks").frame.head(0))
    assert "không cho thấy rủi ro" in narrative.risk_list(empty)
    assert narrative.risk_list(shipped_brief).count("\n- ") == 3
    said = "Quy tắc chia cho đơn vị của 12 dự án, tiểu dự án chưa kiểm chứng** (603,736 tỷ"
    assert said in narrative.risk_list(shipped_brief)


def test_table_totals_add_up_as_printed(shipped_brief: Brief) -> None:
    """Adding the printed millions of a column gives the printed total, and each head its part."""
    table = tables.matrix_table(shipped_brief)
    printed = [[int(cell.replace(".", "")) for cell in row[1:]] for row in table.texts()]
    by_level = {
        level: [cells for row, cells in zip(table.rows, printed, strict=True) if row.level == level]
        for level in ("normal", "group", "total")
    }
    for level in ("normal", "group"):
        sums = [sum(column) for column in zip(*by_level[level], strict=True)]
        assert [sums] == by_level["total"]
    assert all(sum(row[:-1]) == row[-1] for row in printed)
    heads = [row.cells[0] for row in table.rows if row.level == "group"]
    assert heads == ["Huyện, thành phố, thị xã", "Sở, ngành của tỉnh"]


def test_every_table_says_where_it_comes_from(shipped_brief: Brief) -> None:
    """Source and marks of the published table stand under what is printed."""
    for table in (
        tables.projects_table(shipped_brief),
        tables.lines_table(shipped_brief),
        tables.matrix_table(shipped_brief),
        tables.districts_table(shipped_brief),
        tables.targets_table(shipped_brief),
        tables.district_targets_table(shipped_brief),
        tables.district_capital_table(shipped_brief, "417"),
        tables.rates_table(shipped_brief, "417"),
        tables.rules_table(shipped_brief),
        tables.worksheet_table(shipped_brief, "417"),
        tables.shares_table(shipped_brief, "417"),
        *_tables(tables.agencies_table(shipped_brief)),
        *_tables(tables.coefficient_tables(shipped_brief)),
        *_tables(tables.commune_tables(shipped_brief, "417")),
    ):
        names = re.findall(r"tables/(\w+)\.csv", table.source)
        assert names
        marks = merge_marks(*(shipped_brief.table(name).marks for name in names))
        assert table.marks == marks != ()


def test_figures_tell_their_finding_and_describe_themselves(shipped_brief: Brief) -> None:
    """Titles carry computed numbers; the text for the blind names every district."""
    districts = shipped_brief.table("capital_by_district")
    made = {
        "map": figures.poverty_map(shipped_brief),
        "ranges": figures.target_ranges(shipped_brief),
        "capital": figures.capital_by_district(shipped_brief),
        "place": figures.district_place(shipped_brief, "417"),
    }
    for figure in made.values():
        assert re.search(r"\d|nhất|Năm", figure.title)
        assert all(name in figure.alt for name in districts.frame["district"])
        assert "illustrative" in figure.marks
    assert made["ranges"].title == "Có 18 trong 21 huyện đạt hoặc vượt mục tiêu giảm nghèo"
    assert made["place"].title == "Kỳ Sơn có tỷ lệ hộ nghèo cao nhất trong 21 huyện"
    trend = figures.trend(samples.with_tables(shipped_brief, samples.sample("forecast")))
    assert trend.title == "Toàn tỉnh: tỷ lệ hộ nghèo từ 7,80% năm 2021 còn 4,16% năm 2024"


def test_figures_are_real_text_and_the_same_each_time(shipped_brief: Brief) -> None:
    """Words in a drawing can be searched, and drawing twice gives the same bytes."""
    one, two = (figures.capital_by_project(shipped_brief) for _ in range(2))
    assert one == two
    assert "DA5. Nhà ở tại các huyện nghèo" in one.svg
    assert "79.240" in one.svg


@pytest.mark.parametrize("code", ["412", "413", "417", "428"])
def test_a_district_tells_its_own_story(shipped_brief: Brief, code: str) -> None:
    """Its amount, rank and result stand in its sentences; lowland compares with lowland."""
    brief = samples.at_year_end(shipped_brief)
    row = shipped_brief.table("capital_by_district").one(district_code=code)
    said = narrative.district_capital_sentence(shipped_brief, code)
    assert str(row["district"]) in said
    assert f"đứng thứ {row['rank']} trong 21 huyện" in said
    alt = figures.district_trend(brief, code).alt
    assert ("Đồng bằng" in alt) == (row["region"] == "lowland")
    assert narrative.district_numbers(brief, code).items


def test_an_unknown_district_is_refused_with_the_known_ones(shipped_brief: Brief) -> None:
    """A typing error in a district's name lists the names that exist."""
    assert shipped_brief.district_code("Kỳ Sơn") == "417"
    with pytest.raises(NotPublished, match="Kỳ Sơn"):
        shipped_brief.district_code("Kỳ Sươn")


def test_a_brief_before_any_analysis_says_what_to_do(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a table that nobody has published asks to run the analyses first."""
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    with pytest.raises(NotPublished, match="Hãy chạy các sổ phân tích trước"):
        open_brief("params/nghe-an-2024.yaml", "targets").table("targets")

"""Figures of the capital: by project and by district."""

from __future__ import annotations

from collections.abc import Sequence

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.figures.canvas import ACCENT, DARK, LIGHT, WARM, Label, Sheet, bar_chart
from helpers.brief.sources import source_line
from helpers.data.published import Published
from helpers.text import listing

__all__ = ["capital_by_district", "capital_by_project"]

UNIT = "Đơn vị tính: triệu đồng."


SHADES = (DARK, LIGHT, ACCENT)


def _split_bars(labels: Sequence[str], parts: dict[str, list[int]]) -> Sheet:
    """Draw one stacked bar a label, the label above its bar, the total at its end."""
    totals = [sum(values) for values in zip(*parts.values(), strict=True)]
    places = [0.19 - place for place in range(len(labels))]
    ends = [
        Label(total, place, words.million(total), 9)
        for place, total in zip(places, totals, strict=True)
    ]
    sheet = Sheet(3.1, (0, max(totals)), (0.9 - len(labels), 1.5), ends=ends)
    left = [0] * len(labels)
    for shade, values in zip(SHADES, parts.values(), strict=False):
        sheet.bars(places, values, [shade] * len(places), 0.38, left)
        left = [start + value for start, value in zip(left, values, strict=True)]
    for place, label in zip(places, labels, strict=True):
        sheet.text(Label(0, place + 0.25, label, 9), va="bottom")
    _key(sheet, list(parts))
    return sheet


def _key(sheet: Sheet, names: Sequence[str]) -> None:
    """Write on top what each shade stands for, side by side."""
    start, y = 0.0, sheet.top - sheet.upwards(5)
    for name, shade in zip(names, SHADES, strict=False):
        label = Label(start, y, name)
        sheet.bars([y], [sheet.across(8)], [shade], sheet.upwards(7.5), [start])
        sheet.text(label, shift=12)
        start += sheet.across(12 + label.width + 12)


def _type_columns(table: Published, types: Sequence[str]) -> list[str]:
    return [name for name in types if name in table.frame.columns]


def capital_by_project(projects: Published, types: dict[str, str]) -> Figure:
    """Draw each project's capital, split by capital type (code → name)."""
    rows = projects.rows(level="project")
    columns = _type_columns(projects, list(types))
    total = int(projects.one(code="total")["total"])
    largest = rows.sort_values(["total", "code"], ascending=[False, True]).head(2)
    share = words.share(int(largest["total"].sum()), total)
    labels = [f"{row.code}. {row.short}" for row in rows.itertuples()]
    parts = {types[name]: [int(value) for value in rows[name]] for name in columns}
    sheet = _split_bars(labels, parts)
    told = "; ".join(f"{row.code} {words.million(row.total)}" for row in rows.itertuples())
    return Figure(
        svg=sheet.svg(),
        title=f"{listing(largest['code'])} chiếm {share} tổng vốn",
        alt=f"Biểu đồ thanh ngang: vốn theo dự án, triệu đồng: {told}.",
        note=UNIT,
        source=source_line(projects),
        marks=projects.marks,
    )


def capital_by_district(districts: Published, projects: Published) -> Figure:
    """Draw each district's capital, the poor districts set off; their part of the plan's total."""
    rows = districts.frame.sort_values(["total", "district_code"], ascending=[True, False])
    poor = districts.rows(poor_district="yes")
    total = int(projects.one(code="total")["total"])
    share = words.share(int(poor["total"].sum()), total)
    colours = [WARM if kind == "yes" else ACCENT for kind in rows["poor_district"]]
    amounts = [int(value) for value in rows["total"]]
    texts = [words.million(amount) for amount in amounts]
    sheet = bar_chart(4.3, rows["district"].tolist(), amounts, texts, colours)
    for place, (text, colour) in enumerate((("■ Huyện khác", ACCENT), ("■ Huyện nghèo", WARM))):
        sheet.text(Label(sheet.right, place, text, colour=colour), ha="right")
    told = "; ".join(
        f"{row.district} {words.million(row.total)}" for row in rows.iloc[::-1].itertuples()
    )
    return Figure(
        svg=sheet.svg(),
        title=f"{words.spelled(len(poor)).capitalize()} huyện nghèo nhận {share} tổng vốn",
        alt=f"Biểu đồ thanh ngang: vốn phân bổ theo huyện, triệu đồng: {told}.",
        note=UNIT,
        source=source_line(districts),
        marks=districts.marks,
    )

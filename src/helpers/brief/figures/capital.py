"""Figures of the capital: by project and by district."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.figures.canvas import ACCENT, DARK, LIGHT, WARM, bars, canvas, plain_axes, to_svg
from helpers.brief.sources import source_line
from helpers.data.published import Published
from helpers.text import listing

__all__ = ["capital_by_district", "capital_by_project"]

UNIT = "Đơn vị tính: triệu đồng."


def _split_bars(axes: Axes, labels: Sequence[str], parts: dict[str, list[int]]) -> None:
    """Draw one stacked bar a label, the label above its bar, the total at its end."""
    totals = [sum(values) for values in zip(*parts.values(), strict=True)]
    shades = dict(zip(parts, (DARK, LIGHT, ACCENT), strict=False))
    places = [-place for place in range(len(labels))]
    left = [0] * len(labels)
    for name, values in parts.items():
        axes.barh(places, values, left=left, height=0.38, color=shades[name], align="edge")
        left = [start + value for start, value in zip(left, values, strict=True)]
    widest = max(totals)
    for place, label, total in zip(places, labels, totals, strict=True):
        axes.text(0, place + 0.44, label, va="bottom", ha="left")
        axes.text(total + widest * 0.015, place + 0.19, words.million(total), va="center")
    axes.set_xlim(0, widest * 1.18)
    axes.set_ylim(-len(labels) + 0.9, 1.5)
    plain_axes(axes)


def _legend(axes: Axes, names: Sequence[str]) -> None:
    shades = (DARK, LIGHT, ACCENT)
    handles = [
        axes.barh([0], [0], color=shade, label=name)
        for name, shade in zip(names, shades, strict=False)
    ]
    axes.legend(
        handles=handles,
        loc="upper left",
        ncols=len(handles),
        frameon=False,
        fontsize=8.5,
        handlelength=1,
        handleheight=0.9,
        borderaxespad=0,
        borderpad=0,
        columnspacing=1.2,
    )


def _type_columns(table: Published, types: Sequence[str]) -> list[str]:
    return [name for name in types if name in table.frame.columns]


def capital_by_project(projects: Published, types: dict[str, str]) -> Figure:
    """Draw each project's capital, split by capital type (code → name)."""
    rows = projects.rows(level="project")
    columns = _type_columns(projects, list(types))
    total = int(projects.one(code="total")["total"])
    largest = rows.sort_values(["total", "code"], ascending=[False, True]).head(2)
    share = words.share(int(largest["total"].sum()), total)
    with canvas(3.1) as (figure, axes):
        labels = [f"{row.code}. {row.short}" for row in rows.itertuples()]
        parts = {types[name]: [int(value) for value in rows[name]] for name in columns}
        _split_bars(axes, labels, parts)
        _legend(axes, list(parts))
        svg = to_svg(figure, "capital-by-project")
    told = "; ".join(f"{row.code} {words.million(row.total)}" for row in rows.itertuples())
    return Figure(
        svg=svg,
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
    with canvas(4.3) as (figure, axes):
        colours = [WARM if kind == "yes" else ACCENT for kind in rows["poor_district"]]
        amounts = [int(value) for value in rows["total"]]
        texts = [words.million(amount) for amount in amounts]
        bars(axes, rows["district"], amounts, texts, colours)
        axes.text(
            1, 0.05, "■ Huyện nghèo", color=WARM, ha="right", transform=axes.transAxes, size=8.5
        )
        axes.text(
            1, 0, "■ Huyện khác", color=ACCENT, ha="right", transform=axes.transAxes, size=8.5
        )
        svg = to_svg(figure, "capital-by-district")
    told = "; ".join(
        f"{row.district} {words.million(row.total)}" for row in rows.iloc[::-1].itertuples()
    )
    return Figure(
        svg=svg,
        title=f"{words.spelled(len(poor)).capitalize()} huyện nghèo nhận {share} tổng vốn",
        alt=f"Biểu đồ thanh ngang: vốn phân bổ theo huyện, triệu đồng: {told}.",
        note=UNIT,
        source=source_line(districts),
        marks=districts.marks,
    )

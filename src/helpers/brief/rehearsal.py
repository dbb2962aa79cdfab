"""Draw and lay out a little of everything once, so that every brief forked later need not learn it.

The first figure of a process loads typefaces and measures its signs, the first block compiles the
templates. Nothing is written, and nothing of it is of any plan.
"""

from __future__ import annotations

import datetime

from helpers.brief.blocks import Block, Figure, FigureRow, Header, KeyFigures, Series, Text
from helpers.brief.figures.canvas import ACCENT, DARK, bars, canvas, row_names, strokes, to_svg
from helpers.brief.table import Column, Row, Table

__all__ = ["rehearse"]

SIGNS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ 0123456789.,%–−()/:;"


def _figure() -> Figure:
    with canvas(1.5) as (drawing, axes):
        bars(axes, [SIGNS[:20], SIGNS[20:]], [2, 1], ["1.234", "4,16%"], [DARK, ACCENT], bold=0)
        strokes(axes, [((0, 1), (0, 1)), ((1, 2), (0, 0))], ACCENT, 1)
        row_names(axes, [0, 1], ["A", "B"])
        axes.plot([0.5], [0.5], marker="o", color=DARK)
        axes.fill_between([0, 1], [0, 0], [1, 1], color=ACCENT, alpha=0.2)
        axes.annotate("2024", (0.2, 0.2))
    return Figure("Hình", to_svg(drawing, "rehearsal"), "Mô tả.", note="Ghi chú.", source="Nguồn.")


def rehearse() -> None:
    """Show one of each kind of block."""
    columns = (Column("name", "Tên"), Column("amount", "Vốn", "money"), Column("rate", "%", "rate"))
    table = Table("Bảng", columns, (Row(("Một", 1_000_000, 4)),), unit="triệu đồng", note="Ghi chú")
    figure = _figure()
    blocks: list[Block] = [
        Header(kind="Báo cáo", subject="thử", issuer="Tỉnh", date=datetime.date.min.isoformat()),
        KeyFigures((("1", "một", "nhận xét"),)),  # type: ignore[arg-type]  # plain tuples are taken
        Text("### Mục\n\nLời **đậm**, *nghiêng*:\n\n- một\n- hai", ("illustrative",)),
        table,
        figure,
        FigureRow((figure, figure)),
        Series((Text("Lời"), table)),
    ]
    for block in blocks:
        block._repr_mimebundle_()

"""A small brief of the plan of 2024 as executed cells, for the tests of the writers."""

from __future__ import annotations

import re
from fractions import Fraction
from io import BytesIO
from typing import Any

import nbformat
from nbformat import NotebookNode, v4
from pypdf import PdfReader

from helpers.brief.blocks import Block, Figure, FigureRow, Header, KeyFigures, Text
from helpers.brief.exporters import document_from_notebook
from helpers.brief.table import Column, Row, Table

MILLION = 10**6

HEADER = Header(
    kind="Báo cáo tóm tắt",
    subject="Kế hoạch giảm nghèo bền vững năm 2024 trên địa bàn tỉnh Nghệ An",
    issuer="Ủy ban nhân dân tỉnh Nghệ An",
    symbol="BC-UBND",
    place="Nghệ An",
    date="2024-02-05",
    bases=("Quyết định số 90/QĐ-TTg ngày 18 tháng 01 năm 2022", "Nghị quyết của HĐND tỉnh."),
    authority="TM. Ủy ban nhân dân",
    position="Chủ tịch",
    name="Nguyễn Văn A",
    recipients=("Thường trực Tỉnh ủy", "Lưu: VT, KT"),
    description="Vốn và mục tiêu giảm nghèo năm 2024.",
)

SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="226pt" height="113pt"
  viewBox="0 0 226 113" xmlns="http://www.w3.org/2000/svg" version="1.1">
 <defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>
 <g id="figure_1" clip-path="url(#clip)">
  <rect x="10" y="10" width="120" height="20" style="fill: #2d6ca2"/>
  <use xlink:href="#mark" x="5" y="5"/>
  <text style="font: 9px 'Tinos'" x="10" y="60">Kỳ Sơn 132.131</text>
 </g>
 <defs><clipPath id="clip"><rect x="0" y="0" width="226" height="113"/></clipPath>
 <path id="mark" d="M 0 0 L 3 3"/></defs>
</svg>"""


def figure(**changed: Any) -> Figure:
    """Return a figure about capital."""
    fields = {"title": "Bốn huyện nghèo nhận 69,7% tổng vốn", "svg": SVG, "alt": "Biểu đồ cột."}
    return Figure(**{**fields, **changed})


def table(**changed: Any) -> Table:
    """Return the table of projects with a merged head and a total."""
    columns = (
        Column("name", "Dự án", width=4),
        Column("invest", "ĐTPT", "money", group=("Loại vốn",)),
        Column("recurrent", "SN", "money", group=("Loại vốn",)),
        Column("share", "Tỷ trọng (%)", "rate"),
    )
    rows = (
        Row(("Hạ tầng", 220_469 * MILLION, 18_600 * MILLION, Fraction(1188, 30))),
        Row(("Sinh kế", None, 79_048 * MILLION, Fraction(1309, 100))),
        Row(("Tổng cộng", 252_000 * MILLION, 351_736 * MILLION, 100), "total"),
    )
    fields = {
        "title": "Vốn năm 2024 theo dự án",
        "columns": columns,
        "rows": rows,
        "unit": "Đơn vị tính: Triệu đồng",
        "source": "tables/capital_by_project.csv",
    }
    return Table(**{**fields, **changed})


def long_table(rows: int, **changed: Any) -> Table:
    """Return a table of so many rows, each with a code of its own."""
    columns = (Column("code", "Mã riêng"), Column("money", "Số vốn", "money"))
    body = tuple(Row((f"xã-{n:03d}", n * MILLION)) for n in range(1, rows + 1))
    return Table("Vốn theo xã", columns, body, **changed)


def grouped_table() -> Table:
    """Return a table with a row that heads others, and a cell of two lines."""
    rows = (
        Row(("DA2. Đa dạng hóa sinh kế", "", 10_533 * MILLION), "group"),
        Row(("Hệ số vùng", "vùng núi cao\nhệ số 1,2", None)),
    )
    columns = (Column("a", "Tiêu chí"), Column("b", "Số liệu"), Column("c", "Số vốn", "money"))
    return Table("Phiếu tính vốn", columns, rows, dense=True)


SAMPLE: tuple[Block | str, ...] = (
    "# Sổ tóm tắt",
    HEADER,
    KeyFigures((("603,736 tỷ đồng", "Tổng vốn", "7 dự án"), ("4,16%", "Tỷ lệ hộ nghèo", ""))),
    "## I. Tóm tắt",
    Text("Tổng vốn là **603,736 tỷ đồng**.\n\n- Rủi ro một\n- Rủi ro hai"),
    table(),
    "## II. Phân bổ",
    FigureRow((figure(), figure(title="Một huyện"))),
    Text("Kết thúc tại đây."),
)


def notebook(*cells: Block | str) -> NotebookNode:
    """Return an executed notebook: text is a Markdown cell, a block is a code cell's output."""
    made = v4.new_notebook()
    for number, cell in enumerate(cells):
        if isinstance(cell, str):
            node = v4.new_markdown_cell(cell)
        else:
            bundle = cell._repr_mimebundle_()
            output = v4.new_output("execute_result", data=bundle, execution_count=1)
            node = v4.new_code_cell("brief.secret_code()", outputs=[output])
        node.id = f"cell-{number}"
        made.cells.append(node)
    return nbformat.reads(nbformat.writes(made), as_version=4)


def document(*cells: Block | str) -> Any:
    """Return the document of such a notebook."""
    return document_from_notebook(notebook(*cells))


def pages(pdf: bytes) -> list[str]:
    """Return the text of a PDF page by page, its white space made one space."""
    reader = PdfReader(BytesIO(pdf))
    return [re.sub(r"\s+", " ", page.extract_text()).strip() for page in reader.pages]

"""A half-page sheet about one unit, from made-up numbers: what is made by the thousand."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from helpers import words
from helpers.brief.blocks import Figure, Text
from helpers.brief.figures.charts import bar_chart
from helpers.brief.figures.palette import ACCENT, MIDDLE
from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import table_of
from helpers.data.published import Result, publish

__all__ = ["TABLE", "bars", "figures", "publish_units", "sentence", "title", "unit_codes"]

TABLE = "commune_rates"
YEAR = 2024
DISTRICTS = 21


def unit_codes(number: int) -> list[str]:
    """Return the codes of so many units."""
    return [f"{place:05}" for place in range(1, number + 1)]


def _units(number: int) -> pd.DataFrame:
    """Return made-up units, the same numbers every time."""
    rows = []
    for place, code in enumerate(unit_codes(number)):
        district = place % DISTRICTS + 1
        households = 900 + place * 37 % 1400
        poor = households * (3 + place * 7 % 38) // 100
        rows.append(
            {
                "district_code": f"h{district:02}",
                "district": f"Huyện minh họa {district}",
                "unit_code": code,
                "unit": f"Xã minh họa {place + 1}",
                "year": YEAR,
                "households": households,
                "poor_before": poor + households // 25,
                "poor_households": poor,
                "poor_rate": f"{Decimal(poor * 100) / households:.2f}",
                "near_poor_households": households * (4 + place * 5 % 13) // 100,
                "rank": place // DISTRICTS + 1,
            }
        )
    return pd.DataFrame(rows)


def publish_units(number: int) -> str:
    """Publish so many made-up units; return a sentence that says so."""
    return publish(TABLE, Result(_units(number), marks=("illustrative",)), "phieu-xa")


def title(brief: Brief, unit: str) -> Text:
    """Return the sheet's heading."""
    row = brief.table(TABLE).one(unit_code=unit)
    return Text(f"## Hộ nghèo tại {row['unit']}, {row['district']}")


def sentence(brief: Brief, unit: str) -> str:
    """Return what the numbers of the unit come to."""
    row = brief.table(TABLE).one(unit_code=unit)
    fewer = row["poor_before"] - row["poor_households"]
    return (
        f"Cuối năm {row['year']}, {row['unit']} có {words.households(row['poor_households'])} "
        f"nghèo trên {words.households(row['households'])}, bằng {words.rate(row['poor_rate'])}; "
        f"giảm {words.households(fewer)} so với đầu năm."
    )


def figures(brief: Brief, unit: str) -> Table:
    """Return the unit's numbers as a table."""
    table = brief.table(TABLE)
    columns = [
        Column("households", "Tổng số hộ", "count"),
        Column("poor_before", "Hộ nghèo đầu năm", "count"),
        Column("poor_households", "Hộ nghèo cuối năm", "count"),
        Column("near_poor_households", "Hộ cận nghèo", "count"),
        Column("poor_rate", "Tỷ lệ hộ nghèo (%)", "rate"),
    ]
    rows = table.rows(unit_code=unit)
    return table_of(table, columns, title="Số hộ của xã", unit="Đơn vị tính: Hộ", frame=rows)


def bars(brief: Brief, unit: str) -> Figure:
    """Return a small figure of the unit's poor and near-poor households."""
    table = brief.table(TABLE)
    row = table.one(unit_code=unit)
    names = ["Cận nghèo", "Nghèo cuối năm", "Nghèo đầu năm"]
    values = [row[key] for key in ("near_poor_households", "poor_households", "poor_before")]
    texts = [words.count(value) for value in values]
    sheet = bar_chart(names, values, texts, [MIDDLE, ACCENT, MIDDLE], bold=[1])
    said = "; ".join(f"{name} {text} hộ" for name, text in zip(names, texts, strict=True))
    return Figure(
        "Hộ nghèo giảm trong năm", sheet.svg(), f"Biểu đồ cột: {said}.",
        source=source_line(table), marks=table.marks,
    )  # fmt: skip

"""One district's place among all: the figure of its rank, with those around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.dates import days_words
from helpers.brief.figures.charts import bar_chart
from helpers.brief.figures.palette import DARK, LIGHT, WARM
from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.language import say

__all__ = ["district_place"]

Row = Mapping[str, Any]

AROUND, SHOWN = 2, 9
"""So many neighbours on each side at the least, and so many districts in all."""

GAP = "· · ·"


def district_place(brief: Brief, district_code: str) -> Figure:
    """Draw one district's poverty rate among all districts.

    The highest, the lowest and the nearest stand with their ranks, and the province between them:
    all districts in a size that can be read would take a page's half. The text for the blind has
    every one.
    """
    targets = brief.table("targets")
    rows = targets.records("area", "area_code", "current_rate", "as_of", group="district")
    rows.sort(key=lambda row: (-row["current_rate"], row["area_code"]))
    own = targets.one(area_code=district_code)
    when = days_words(row["as_of"] for row in rows)
    whole = targets.records("current_rate", group="province")
    said = "; ".join(f"{row['area']} {words.rate(row['current_rate'])}" for row in rows)
    mean = words.rate(whole[0]["current_rate"]) if whole else ""
    province = say("; toàn tỉnh {rate}", rate=mean) if mean else ""
    fewer = len(rows) > SHOWN
    return Figure(
        svg=_drawn(rows, district_code, whole[0] if whole else None),
        title=_finding(str(own["area"]), int(own["rank"]), len(rows)),
        alt=say(
            "Biểu đồ thanh ngang: tỷ lệ hộ nghèo {when} theo huyện: {said}{province}.",
            when=when,
            said=said,
            province=province,
        ),
        note=say(
            "Tỷ lệ hộ nghèo {when}, từ cao xuống; chỉ vẽ nơi cao nhất, thấp nhất và gần nhất."
            if fewer
            else "Tỷ lệ hộ nghèo {when}, từ cao xuống.",
            when=when,
        ),
        source=source_line(targets),
        marks=targets.marks,
    )


def _chosen(number: int, own: int) -> list[int]:
    """Return the places to draw: first, last, the district's own and the nearest to it."""
    chosen = {0, number - 1, own} if number else set()
    distance = 1
    while len(chosen) < min(SHOWN, number):
        near = [place for place in (own - distance, own + distance) if 0 <= place < number]
        chosen.update(near)
        distance += 1
    return sorted(chosen)


def _drawn(rows: Sequence[Row], own_code: str, province: Row | None) -> str:
    """Draw the chosen rows from above, dots where some are left out, the province in its place."""
    own = [row["area_code"] for row in rows].index(own_code)
    bars: list[tuple[str, float, str, str, bool]] = []
    waiting, last = province, -1
    for place in _chosen(len(rows), own):
        row = rows[place]
        if place > last + 1:
            bars.append((GAP, 0.0, "", LIGHT, False))
        last = place
        if waiting and waiting["current_rate"] > row["current_rate"]:
            bars.append(_province(waiting))
            waiting = None
        rate, name = row["current_rate"], f"{place + 1}. {row['area']}"
        colour = WARM if place == own else LIGHT
        bars.append((name, float(rate), words.rate(rate), colour, place == own))
    if waiting:
        bars.append(_province(waiting))
    names, values, texts, colours, bold = zip(*reversed(bars), strict=True)
    heavy = [place for place, chosen in enumerate(bold) if chosen]
    return bar_chart(names, values, texts, colours, bold=heavy).svg()


def _province(row: Row) -> tuple[str, float, str, str, bool]:
    rate = row["current_rate"]
    return say("Toàn tỉnh"), float(rate), words.rate(rate), DARK, False


def _finding(area: str, rank: int, number: int) -> str:
    """Say a place among so many, from the highest down."""
    if rank == 1:
        return say("{area} có tỷ lệ hộ nghèo cao nhất trong {n} huyện", n=number, area=area)
    if rank == number:
        return say("{area} có tỷ lệ hộ nghèo thấp nhất trong {n} huyện", n=number, area=area)
    return say("{area} có tỷ lệ hộ nghèo cao thứ {rank}/{n} huyện", n=number, area=area, rank=rank)

"""Made-up briefs for the tests of figures: any number of districts, any names, any numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from helpers.brief import figures
from helpers.brief.blocks import Block, Figure
from helpers.brief.reader import Brief
from helpers.data.catalogue import spec
from helpers.data.published import SUPPRESSED, Published

__all__ = ["briefs", "district_figures", "flat", "province_figures"]

LETTERS = "aăâđêôơưẤỗỷ ABĐVYghqy<&"
GROUPS = (
    ("province", "Toàn tỉnh"),
    ("mountains", "Miền núi"),
    ("lowland", "Đồng bằng"),
    ("poor_districts", "Các huyện nghèo"),
)
STEPS = ("changed", "above", "other_decrease", "from_other", "relapsed", "newly", "other_increase")

names = st.text(LETTERS, min_size=1, max_size=30).map(lambda text: f"X{text}x")
rates = st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(100)]) | st.decimals(0, 100, places=2)
counts = st.sampled_from([0, 1, 10**9]) | st.integers(0, 10**6)
hidden = counts | st.just(SUPPRESSED)
percents = rates | st.just(SUPPRESSED) | st.none()


def _published(name: str, rows: Iterable[Mapping[str, Any]]) -> Published:
    made = list(rows)
    columns = list(made[0]) if made else list(spec(name).fields)
    frame = pd.DataFrame(made, columns=columns, dtype=object)
    return Published(name, frame, name, ("illustrative",), (), spec(name))


@st.composite
def briefs(draw: st.DrawFn) -> Brief:
    """Return a brief of up to 24 districts, with values at their extremes and gaps everywhere."""
    number = draw(st.sampled_from([1, 2, 3, 21]) | st.integers(1, 24))
    shared = draw(st.none() | rates)  # all equal
    places = [
        {"group": "district", "area_code": str(400 + at), "area": draw(names)}
        for at in range(number)
    ]
    around = [{"group": code, "area_code": code, "area": name} for code, name in GROUPS]
    areas = [*around, *places]
    tables = [
        _capital(draw, places),
        _projects(draw),
        _published("plan_facts", [
            {"group": "source", "code": code, "value": name}
            for code, name in (("NSTW", "Ngân sách trung ương"), ("NSĐP", draw(names)))
        ]),
        _targets(draw, areas, shared),
        _published("poverty_rates", [
            {**area, "year": str(year), "poor_rate": draw(rates) if shared is None else shared}
            for area in areas
            for year in range(2021, 2025)
        ]),
        _forecast(draw, areas, shared),
        _flows(draw, areas),
        _moves(draw, places),
        _shares(draw, areas, "deprivations", {"kind": "poor", "service": "Y tế"}, "indicator"),
        _shares(draw, areas, "poor_profile", {"topic": "cause"}, "item"),
    ]  # fmt: skip
    return Brief("", None, {table.name: table for table in tables})


def _capital(draw: st.DrawFn, places: list[dict[str, Any]]) -> Published:
    return _published("capital_by_district", [
        {
            "district_code": place["area_code"],
            "district": place["area"],
            "region": draw(st.sampled_from(["lowland", "high", "mountainous"])),
            "poor_district": draw(st.sampled_from(["yes", "no"])),
            "total": draw(counts) * 10**6,
            "poor_households": draw(counts),
            "per_poor_household": draw(st.none() | counts.map(lambda count: count * 10**5)),
            "tile_row": str(at // 7),
            "tile_column": str(at % 7),
        }
        for at, place in enumerate(places)
    ])  # fmt: skip


def _projects(draw: st.DrawFn) -> Published:
    rows: list[dict[str, Any]] = []
    for at in range(draw(st.integers(1, 8))):
        parts: dict[str, Any] = {"NSTW": draw(counts) * 10**6, "NSĐP": draw(counts) * 10**6}
        rows.append({"code": f"DA{at + 1}", "short": draw(names), "level": "project", **parts})
    whole = {key: sum(row[key] for row in rows) for key in ("NSTW", "NSĐP")}
    rows.append({"code": "total", "short": "Tổng cộng", "level": "total", **whole})
    return _published(
        "capital_by_project", [row | {"total": row["NSTW"] + row["NSĐP"]} for row in rows]
    )


def _targets(draw: st.DrawFn, areas: list[dict[str, Any]], shared: Decimal | None) -> Published:
    day = draw(st.sampled_from(["2024-12-31", "2024-09-30"]))
    words = ["vượt", "đạt", "chậm", "nguy cơ không đạt"]
    rows = []
    for at, area in enumerate(areas):
        low, cut = draw(rates), draw(st.none() | rates)
        result = "chưa có số liệu" if cut is None else draw(st.sampled_from(words))
        rows.append(
            {
                **area,
                "as_of": day,
                "current_rate": draw(rates) if shared is None else shared,
                "cut": cut if cut is None or draw(st.booleans()) else -cut,
                "target_low": low,
                "target_high": low + draw(rates),
                "due_low": low / 2,
                "due_high": low,
                "result": result,
                "poor_households": draw(counts),
                "rank": at,
            }
        )
    return _published("targets", rows)


def _forecast(draw: st.DrawFn, areas: list[dict[str, Any]], shared: Decimal | None) -> Published:
    rows = []
    for area in draw(st.sampled_from([areas, areas[:2], []])):
        expected = draw(st.none() | rates)
        low = None if expected is None else draw(st.none() | st.just(expected / 2))
        rows.append(
            {
                **area,
                "as_of": "2024-12-31",
                "horizon": "2025-12-31",
                "rate_now": draw(rates) if shared is None else shared,
                "expected": expected,
                "low": low,
                "high": None if low is None or expected is None else expected * 2,
                "level": Decimal(80),
            }
        )
    return _published("forecast", rows)


def _flows(draw: st.DrawFn, areas: list[dict[str, Any]]) -> Published:
    return _published("flows", [
        {
            "kind": "poor", **area, "year": "2024", "opening": draw(hidden),
            **{step: draw(hidden) for step in STEPS}, "closing": draw(hidden),
        }
        for area in draw(st.sampled_from([areas, []]))
    ])  # fmt: skip


def _moves(draw: st.DrawFn, places: list[dict[str, Any]]) -> Published:
    moved = [draw(st.decimals(-30, 30, places=4)) for _ in places]
    rows = [
        {"district_code": place["area_code"], "district": place["area"], "total": total}
        for place, total in zip(places, moved, strict=True)
    ]
    whole = {"district_code": "total", "district": "Toàn tỉnh", "total": sum(moved, Decimal())}
    return _published(
        "rate_moves", [row | {"from_year": "2023", "year": "2024"} for row in [*rows, whole]]
    )


def _shares(
    draw: st.DrawFn, areas: list[dict[str, Any]], table: str, fixed: dict[str, str], item: str
) -> Published:
    labels = draw(st.lists(names, max_size=14))
    return _published(table, [
        {
            **fixed, **area, "year": "2024", "order": order, item: f"i{order}", "label": label,
            "percent": draw(percents),
        }
        for area in areas
        for order, label in enumerate(labels)
    ])  # fmt: skip


def province_figures(brief: Brief, most: int | None = None) -> list[Figure]:
    """Return all figures of the province."""
    return flat(
        figures.capital_by_project(brief),
        figures.capital_by_district(brief),
        figures.trend(brief),
        figures.poverty_map(brief),
        figures.year_flows(brief),
        figures.target_ranges(brief),
        figures.poor_households(brief),
        figures.province_needs(brief, most),
    )


def district_figures(brief: Brief, code: str, most: int | None = None) -> list[Figure]:
    """Return all figures of one district."""
    return flat(
        figures.district_trend(brief, code),
        figures.district_place(brief, code),
        figures.district_flows(brief, code),
        figures.district_needs(brief, code, most),
    )


def flat(*blocks: Block) -> list[Figure]:
    """Return the figures in blocks."""
    return [figure for block in blocks for figure in _within(block)]


def _within(block: Block) -> Iterator[Figure]:
    if isinstance(block, Figure):
        yield block
    else:
        for part in block.parts():
            yield from _within(part)

"""Figures of how households leave poverty and come into it, and who moves the province's rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure, FigureRow, Series
from helpers.brief.figures.canvas import (
    ACCENT,
    DARK,
    FAINT,
    GREY,
    LIGHT,
    WARM,
    Label,
    Sheet,
)
from helpers.brief.latest import WITHHELD, latest_year, one_of, told, total_of
from helpers.brief.rough import in_ten
from helpers.brief.sources import source_line
from helpers.data.published import SUPPRESSED, Published
from helpers.poverty.moves import TOTAL
from helpers.text import listing

__all__ = ["district_flows", "rate_moves", "year_flow", "year_flows"]

Row = Mapping[str, Any]

OUT: Mapping[str, str] = {
    "changed": "Thoát nghèo, còn cận nghèo",
    "above": "Vượt chuẩn cận nghèo",
    "other_decrease": "Giảm khác",
}
INTO: Mapping[str, str] = {
    "from_other": "Từ cận nghèo xuống",
    "relapsed": "Tái nghèo",
    "newly": "Phát sinh mới",
    "other_increase": "Tăng khác",
}
"""The year's steps: columns of the flows and their labels."""

MOST = 6
"""So many districts have a bar of their own; the others share one."""

REST = "rest"
"""What stands for a code where districts share a bar."""

NAMED = 3
"""So many districts are named in a title."""


def year_flows(flows: Published, moves: Published) -> Series:
    """Return the year's flow beside the districts that moved the rate; whichever there is."""
    return _beside(year_flow(flows, "province"), rate_moves(moves))


def district_flows(flows: Published, moves: Published, district_code: str) -> Series:
    """Return one district's flow beside its part in the province's change."""
    return _beside(year_flow(flows, district_code), rate_moves(moves, district_code))


def _beside(*figures: Figure | None) -> Series:
    there = tuple(figure for figure in figures if figure)
    return Series((FigureRow(there),) if there else ())


def year_flow(flows: Published, area_code: str) -> Figure | None:
    """Draw one area's poor households from the year's start to its end, step by step.

    None where nothing was reported, or where most of the steps are withheld.
    """
    row = one_of(flows, kind="poor", area_code=area_code)
    if row is None or not (told(row["opening"]) and told(row["closing"])):
        return None
    withheld = [name for name in (*OUT, *INTO) if not told(row[name])]
    if 2 * len(withheld) > len(OUT) + len(INTO):
        return None
    finding = _flow_finding(row)
    steps = "; ".join(
        f"{label.lower()} {sign}{_number(row[name])}"
        for labels, sign in ((OUT, "-"), (INTO, "+"))
        for name, label in labels.items()
    )
    hidden = f" {WITHHELD}" if withheld else ""
    return Figure(
        svg=_waterfall(row).svg(),
        title=finding if area_code == "province" else f"{row['area']}: {_lower(finding)}",
        alt=f"Biểu đồ bậc thang số hộ nghèo năm {row['year']}: đầu năm {_number(row['opening'])};"
        f" {steps}; cuối năm {_number(row['closing'])}.",
        note=f"Số hộ nghèo, từ đầu năm đến cuối năm {row['year']}.{hidden}",
        source=source_line(flows),
        marks=flows.marks,
    )


def _number(value: Any) -> str:
    return words.count(value) if told(value) else SUPPRESSED


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _flow_finding(row: Row) -> str:
    """Say how many came into poverty for those who left it."""
    escaped = total_of([row["changed"], row["above"]])
    fallen = total_of([row["from_other"], row["relapsed"], row["newly"]])
    who = "hộ tái nghèo, nghèo mới"
    if not (told(escaped) and told(fallen)):
        net = row["opening"] - row["closing"]
        way = "giảm" if net >= 0 else "tăng"
        return f"Số hộ nghèo năm {row['year']} {way} {words.households(abs(net))}"
    if not escaped:
        return f"Không hộ nào thoát nghèo năm {row['year']}"
    if not fallen:
        return f"Không có {who} năm {row['year']}"
    number, base = in_ten(fallen, escaped)
    if fallen > escaped:
        return f"Số {who} nhiều hơn số hộ thoát nghèo"
    if number == base:
        return f"Số {who} gần bằng số hộ thoát nghèo"
    if not number:
        return f"Hầu như không có {who} năm {row['year']}"
    return f"Cứ {base} hộ thoát nghèo thì có khoảng {number} {who}"


@dataclass(frozen=True)
class _Bar:
    """One bar of a waterfall: where it starts, by how much it goes up or down, what it says."""

    label: str
    start: int
    step: int
    colour: str
    text: str
    whole: bool = False

    @property
    def right(self) -> int:
        """Return where its right end is."""
        return self.start + max(self.step, 0)


def _bars(row: Row) -> list[_Bar]:
    """Return opening, falling steps, rising steps, closing; a withheld step has no length."""
    opening, closing = int(row["opening"]), int(row["closing"])
    bars = [_Bar("Đầu năm", 0, opening, DARK, words.count(opening), whole=True)]
    running = opening
    for labels, sign, colour in ((OUT, -1, ACCENT), (INTO, 1, WARM)):
        for name, label in labels.items():
            step = sign * int(row[name]) if told(row[name]) else 0
            mark = "" if row[name] == 0 else "-" if sign < 0 else "+"
            bars.append(_Bar(label, running, step, colour, mark + _number(row[name])))
            # Without the withheld steps what is left may be less than none.
            running = max(running + step, 0)
    return [*bars, _Bar("Cuối năm", 0, closing, DARK, words.count(closing), whole=True)]


def _waterfall(row: Row) -> Sheet:
    """Draw the bars from above with their numbers beside them, joined from end to end."""
    bars = _bars(row)
    places = [-place for place in range(len(bars))]
    sheet = Sheet(
        3.1,
        (0, max(1, *(bar.right for bar in bars))),
        (-len(bars) + 0.4, 0.6),
        names=[(place, bar.label) for place, bar in zip(places, bars, strict=True)],
        name_size=8.5,
        ends=[
            Label(bar.right, place, bar.text, bold=bar.whole)
            for place, bar in zip(places, bars, strict=True)
        ],
    )
    steps, starts = [bar.step for bar in bars], [bar.start for bar in bars]
    sheet.bars(places, steps, [bar.colour for bar in bars], 0.66, starts)
    ends = [max(bar.start + bar.step, 0) for bar in bars]
    joints = zip(ends[:-1], places[1:], strict=True)
    sheet.lines([[(x, place + 0.67), (x, place + 0.33)] for x, place in joints], GREY, 0.6)
    return sheet


def rate_moves(moves: Published, district_code: str = "") -> Figure | None:
    """Draw how much each district moved the province's rate; the bars add up.

    With a district the figure is about that one: it has a bar of its own in any case.
    """
    columns = ("district_code", "district", "total", "from_year", "year")
    rows = moves.records(*columns, year=latest_year(moves))
    districts = [row for row in rows if row["district_code"] != TOTAL]
    if not districts:
        return None
    (whole,) = (row for row in rows if row["district_code"] == TOTAL)
    sign = -1 if whole["total"] <= 0 else 1
    total, way = sign * whole["total"], "giảm" if sign < 0 else "tăng"
    sized = sorted(
        (_Part(row["district"], sign * row["total"], row["district_code"]) for row in districts),
        key=lambda part: (-part.value, part.code),
    )
    own = next((part for part in sized if part.code == district_code), None)
    said = "; ".join(f"{part.name} {words.decimal(part.value, 2)}" for part in sized)
    return Figure(
        svg=_contributions(_shown(sized, own, total), own).svg(),
        title=_own_finding(own, total, way) if own else _moves_finding(sized, total, way),
        alt=f"Biểu đồ thanh ngang: đóng góp của từng huyện vào mức {way} tỷ lệ hộ nghèo của tỉnh,"
        f" điểm phần trăm: {said}; toàn tỉnh {words.decimal(total, 2)}.",
        note=f"Đóng góp vào mức {way} tỷ lệ hộ nghèo của tỉnh từ cuối năm {whole['from_year']}"
        f" đến cuối năm {whole['year']}, điểm phần trăm.",
        source=source_line(moves),
        marks=moves.marks,
    )


@dataclass(frozen=True)
class _Part:
    """One bar of the contributions, in percentage points."""

    name: str
    value: Decimal
    code: str = ""


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _shown(sized: Sequence[_Part], own: _Part | None, total: Decimal) -> list[_Part]:
    """Return bars as printed: the largest, the rest as what is left to the total, the total."""
    most = len(sized) if len(sized) <= MOST + 1 else MOST
    chosen = list(sized[:most])
    if own and own not in chosen:
        chosen[-1] = own
    shown = [_Part(part.name, _cents(part.value), part.code) for part in chosen]
    if most < len(sized):
        left = _cents(total) - sum(part.value for part in shown)
        shown.append(_Part(f"{len(sized) - most} huyện khác", left, REST))
    return [*shown, _Part("Toàn tỉnh", _cents(total), TOTAL)]


def _contributions(parts: Sequence[_Part], own: _Part | None) -> Sheet:
    """Draw the bars from above, each with its value at its end; two of these are bold."""
    reach = max(float(abs(part.value)) for part in parts) or 1.0
    least = min(0.0, *(float(part.value) for part in parts))
    shades = {TOTAL: DARK, REST: LIGHT} | ({own.code: WARM} if own else {})
    places = [-place for place in range(len(parts))]
    colours = [shades.get(part.code, ACCENT if part.value >= 0 else GREY) for part in parts]
    rows = list(zip(places, parts, strict=True))
    bold = (TOTAL, own.code if own else TOTAL)
    sheet = Sheet(
        3.1,
        (least * 1.05, reach),
        (-len(parts) + 0.4, 0.6),
        names=[(place, part.name) for place, part in rows],
        name_size=8.5,
        ends=[
            Label(
                max(float(part.value), 0.0),
                place,
                words.decimal(part.value, 2),
                bold=part.code in bold,
            )
            for place, part in rows
        ],
    )
    sheet.lines([[(0, -len(parts) + 0.4), (0, 0.6)]], FAINT, 0.6)
    sheet.bars(places, [float(part.value) for part in parts], colours, 0.66)
    return sheet


UNMOVED = "Tỷ lệ hộ nghèo của tỉnh không thay đổi"


def _own_finding(own: _Part, total: Decimal, way: str) -> str:
    """Say which part of the province's change is one district's."""
    if not total:
        return UNMOVED
    if own.value <= 0:
        return f"{own.name} không góp vào mức {way} của tỉnh"
    return f"{own.name} góp {_share(own.value, total, 1)} mức {way} của tỉnh"


def _share(part: Decimal, total: Decimal, digits: int) -> str:
    return words.rate(100 * Fraction(part) / Fraction(total), digits)


def _moves_finding(sized: Sequence[_Part], total: Decimal, way: str) -> str:
    """Name the fewest districts that make up half of the province's change."""
    if not total:
        return UNMOVED
    number, reached = 0, Decimal()
    while 2 * reached < total:
        reached += sized[number].value
        number += 1
    who = listing(part.name for part in sized[:number])
    if number > NAMED:
        who = f"{words.spelled(number).capitalize()} huyện"
    return f"{who} làm nên {_share(reached, total, 0)} mức {way} của tỉnh"

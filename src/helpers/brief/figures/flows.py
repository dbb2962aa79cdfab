"""Figures of how households leave poverty and come into it within a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers import words
from helpers.brief.blocks import Figure, Series
from helpers.brief.figures.canvas import Sheet
from helpers.brief.figures.charts import PITCH
from helpers.brief.figures.labels import Label
from helpers.brief.figures.moves import rate_moves
from helpers.brief.figures.palette import DARK, GREY, MIDDLE, WARM, WHITE
from helpers.brief.figures.rows import beside
from helpers.brief.latest import WITHHELD, one_of, told, total_of
from helpers.brief.reader import Brief
from helpers.brief.rough import in_ten
from helpers.brief.sources import source_line
from helpers.data.published import SUPPRESSED
from helpers.language import say

__all__ = ["district_flows", "year_flow", "year_flows"]

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


def year_flows(brief: Brief) -> Series:
    """Return the year's flow beside the districts that moved the rate; whichever there is."""
    return beside(year_flow(brief, "province"), rate_moves(brief))


def district_flows(brief: Brief, district_code: str) -> Series:
    """Return one district's flow beside its part in the province's change."""
    return beside(year_flow(brief, district_code), rate_moves(brief, district_code))


def year_flow(brief: Brief, area_code: str) -> Figure | None:
    """Draw one area's poor households from the year's start to its end, step by step.

    None where nothing was reported, or where most of the steps are withheld.
    """
    flows = brief.table("flows")
    row = one_of(flows, kind="poor", area_code=area_code)
    if row is None or not (told(row["opening"]) and told(row["closing"])):
        return None
    withheld = [name for name in (*OUT, *INTO) if not told(row[name])]
    if 2 * len(withheld) > len(OUT) + len(INTO):
        return None
    finding, year, bars = _flow_finding(row), row["year"], _bars(row)
    area = "" if area_code == "province" else f"{row['area']}: "
    steps = "; ".join(
        f"{_lower(say(label))} {sign}{_number(row[name])}"
        for labels, sign in ((OUT, "-"), (INTO, "+"))
        for name, label in labels.items()
    )
    cut = say("Hai thanh đầu năm và cuối năm được cắt bớt phần gốc.") if _floor(bars) else ""
    hidden = say(WITHHELD) if withheld else ""
    what = say("Số hộ nghèo, từ đầu năm đến cuối năm {year}.", year=year)
    return Figure(
        svg=_waterfall(bars).svg(),
        title=f"{area}{_lower(finding)}" if area else finding,
        alt=say(
            "{area}Biểu đồ bậc thang số hộ nghèo năm {year}: đầu năm {opening}; {steps};"
            " cuối năm {closing}.",
            area=area,
            year=year,
            opening=_number(row["opening"]),
            steps=steps,
            closing=_number(row["closing"]),
        ),
        note=" ".join(filter(None, [what, cut, hidden])),
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
    year = row["year"]
    if not (told(escaped) and told(fallen)):
        net = row["opening"] - row["closing"]
        text = (
            "Số hộ nghèo năm {year} giảm {number}"
            if net >= 0
            else "Số hộ nghèo năm {year} tăng {number}"
        )
        return say(text, year=year, number=words.households(abs(net)))
    if not escaped:
        return say("Không hộ nào thoát nghèo năm {year}", year=year)
    if not fallen:
        return say("Không có hộ tái nghèo, nghèo mới năm {year}", year=year)
    number, base = in_ten(fallen, escaped)
    if fallen > escaped:
        return say("Số hộ tái nghèo, nghèo mới nhiều hơn số hộ thoát nghèo")
    if number == base:
        return say("Số hộ tái nghèo, nghèo mới gần bằng số hộ thoát nghèo")
    if not number:
        return say("Hầu như không có hộ tái nghèo, nghèo mới năm {year}", year=year)
    return say(
        "Cứ {base} hộ thoát nghèo thì có khoảng {n} hộ tái nghèo, nghèo mới", base=base, n=number
    )


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
    bars = [_Bar(say("Đầu năm"), 0, opening, DARK, words.count(opening), whole=True)]
    running = opening
    for labels, sign, colour in ((OUT, -1, MIDDLE), (INTO, 1, WARM)):
        for name, label in labels.items():
            step = sign * int(row[name]) if told(row[name]) else 0
            mark = "" if row[name] == 0 else "-" if sign < 0 else "+"
            bars.append(_Bar(say(label), running, step, colour, mark + _number(row[name])))
            # Without the withheld steps what is left may be less than none.
            running = max(running + step, 0)
    return [*bars, _Bar(say("Cuối năm"), 0, closing, DARK, words.count(closing), whole=True)]


ZOOM = 2.5
"""From this many times the steps' reach on, the first and last bar are cut, or no step is seen."""


def _floor(bars: Sequence[_Bar]) -> float:
    """Return where the axis begins: at zero, or where the first and last bar are cut."""
    most = max(bar.right for bar in bars)
    least = min(bar.start + min(bar.step, 0) for bar in bars if not bar.whole)
    least = min(least, *(bar.step for bar in bars if bar.whole))
    reach = most - least
    return least - reach * 0.45 if reach and most > ZOOM * reach else 0.0


def _waterfall(bars: Sequence[_Bar]) -> Sheet:
    """Draw the bars from above with their numbers beside them, joined from end to end."""
    places = [-place for place in range(len(bars))]
    floor = _floor(bars)
    sheet = Sheet(
        PITCH * len(bars) + 5,
        (floor, max(1, *(bar.right for bar in bars))),
        (-len(bars) + 0.45, 0.55),
        names=[(place, bar.label) for place, bar in zip(places, bars, strict=True)],
        ends=[
            Label(bar.right, place, bar.text, bold=bar.whole)
            for place, bar in zip(places, bars, strict=True)
        ],
    )
    steps, starts = [bar.step for bar in bars], [bar.start for bar in bars]
    sheet.bars(places, steps, [bar.colour for bar in bars], 0.68, starts)
    ends = [max(bar.start + bar.step, 0) for bar in bars]
    joints = zip(ends[:-1], places[1:], strict=True)
    sheet.lines([[(x, place + 0.66), (x, place + 0.34)] for x, place in joints], GREY, 0.6)
    if floor:
        left, lean = floor + sheet.across(8), sheet.across(2.5)
        cuts = [
            [(left + x - lean, place - 0.45), (left + x + lean, place + 0.45)]
            for place, bar in zip(places, bars, strict=True)
            if bar.whole
            for x in (0, sheet.across(4))
        ]
        sheet.lines(cuts, WHITE, 1.6)
    return sheet

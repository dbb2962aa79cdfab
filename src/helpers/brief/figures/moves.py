"""The figure of who moves the province's poverty rate, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from helpers import words
from helpers.brief.blocks import Figure
from helpers.brief.figures.canvas import Sheet
from helpers.brief.figures.charts import PITCH
from helpers.brief.figures.labels import Label
from helpers.brief.figures.palette import DARK, FAINT, GREY, LIGHT, MIDDLE, WARM
from helpers.brief.latest import latest_year
from helpers.brief.reader import Brief
from helpers.brief.sources import source_line
from helpers.language import say
from helpers.poverty.moves import TOTAL
from helpers.text import listing

__all__ = ["rate_moves"]

MOST = 6
"""So many districts have a bar of their own; the others share one."""

REST = "rest"
"""What stands for a code where districts share a bar."""

NAMED = 3
"""So many districts are named in a title."""


def rate_moves(brief: Brief, district_code: str = "") -> Figure | None:
    """Draw how much each district moved the province's rate; the bars add up.

    With a district the figure is about that one: it has a bar of its own in any case.
    """
    moves = brief.table("rate_moves")
    columns = ("district_code", "district", "total", "from_year", "year")
    rows = moves.records(*columns, year=latest_year(moves))
    districts = [row for row in rows if row["district_code"] != TOTAL]
    if not districts:
        return None
    (whole,) = (row for row in rows if row["district_code"] == TOTAL)
    sign = -1 if whole["total"] <= 0 else 1
    total, falls = sign * whole["total"], sign < 0
    sized = sorted(
        (_Part(row["district"], sign * row["total"], row["district_code"]) for row in districts),
        key=lambda part: (-part.value, part.code),
    )
    own = next((part for part in sized if part.code == district_code), None)
    said = "; ".join(f"{part.name} {words.decimal(part.value, 2)}" for part in sized)
    return Figure(
        svg=_contributions(_shown(sized, own, total), own).svg(),
        title=_own_finding(own, total, falls) if own else _moves_finding(sized, total, falls),
        alt=say(
            "Biểu đồ thanh ngang: đóng góp của từng huyện vào mức giảm tỷ lệ hộ nghèo của tỉnh,"
            " điểm phần trăm: {said}; toàn tỉnh {total}."
            if falls
            else "Biểu đồ thanh ngang: đóng góp của từng huyện vào mức tăng tỷ lệ hộ nghèo của"
            " tỉnh, điểm phần trăm: {said}; toàn tỉnh {total}.",
            said=said,
            total=words.decimal(total, 2),
        ),
        note=say(
            "Đóng góp vào mức giảm tỷ lệ hộ nghèo của tỉnh từ cuối năm {before} đến cuối năm"
            " {year}, điểm phần trăm."
            if falls
            else "Đóng góp vào mức tăng tỷ lệ hộ nghèo của tỉnh từ cuối năm {before} đến cuối năm"
            " {year}, điểm phần trăm.",
            before=whole["from_year"],
            year=whole["year"],
        ),
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
        number = len(sized) - most
        shown.append(_Part(say("{n} huyện khác", n=number), left, REST))
    return [*shown, _Part(say("Toàn tỉnh"), _cents(total), TOTAL)]


def _contributions(parts: Sequence[_Part], own: _Part | None) -> Sheet:
    """Draw the bars from above, each with its value at its end; two of these are bold."""
    reach = max(float(abs(part.value)) for part in parts) or 1.0
    least = min(0.0, *(float(part.value) for part in parts))
    shades = {TOTAL: DARK, REST: LIGHT} | ({own.code: WARM} if own else {})
    places = [-place for place in range(len(parts))]
    colours = [shades.get(part.code, MIDDLE if part.value >= 0 else GREY) for part in parts]
    rows = list(zip(places, parts, strict=True))
    bold = (TOTAL, own.code if own else TOTAL)
    sheet = Sheet(
        PITCH * len(parts) + 5,
        (least * 1.05, reach),
        (-len(parts) + 0.45, 0.55),
        names=[(place, part.name) for place, part in rows],
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


def _own_finding(own: _Part, total: Decimal, falls: bool) -> str:
    """Say which part of the province's change is one district's."""
    if not total:
        return say(UNMOVED)
    if own.value <= 0:
        text = (
            "{area} không góp vào mức giảm của tỉnh"
            if falls
            else "{area} không góp vào mức tăng của tỉnh"
        )
        return say(text, area=own.name)
    text = (
        "{area} góp {share} mức giảm của tỉnh" if falls else "{area} góp {share} mức tăng của tỉnh"
    )
    return say(text, area=own.name, share=_share(own.value, total, 1))


def _share(part: Decimal, total: Decimal, digits: int) -> str:
    return words.rate(100 * Fraction(part) / Fraction(total), digits)


def _moves_finding(sized: Sequence[_Part], total: Decimal, falls: bool) -> str:
    """Name the fewest districts that make up half of the province's change."""
    if not total:
        return say(UNMOVED)
    number, reached = 0, Decimal()
    while 2 * reached < total:
        reached += sized[number].value
        number += 1
    who = listing(part.name for part in sized[:number])
    if number > NAMED:
        who = say("{number} huyện", n=number, number=words.spelled(number).capitalize())
    text = (
        "{who} làm nên {share} mức giảm của tỉnh"
        if falls
        else "{who} làm nên {share} mức tăng của tỉnh"
    )
    return say(text, n=number, who=who, share=_share(reached, total, 0))

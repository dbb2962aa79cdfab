"""Which districts may fail their targets, and why, read off the published tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from helpers import words
from helpers.data.findings import DISAGREES
from helpers.data.published import Published, Result
from helpers.marks import merge_marks
from helpers.poverty.reported import table_frame
from helpers.progress.observations import year_end
from helpers.progress.pace import AT_RISK, MISSED

__all__ = ["REASONS", "RULE", "districts_at_risk"]

REASONS = ("missed", "at_risk", "unlikely", "relapse", "figures")
"""Why a district can be listed, gravest first; the words of the column `reasons`."""

LIKELY = 50
"""Percent: a low end less likely than this is a reason."""

RELAPSE_TIMES = 2
"""A relapse rate of so many times the province's is a reason …"""

RELAPSE_LEAST = 10
"""… where so many households relapsed: a rate of fewer says little."""

EFFECT_LEAST = Decimal("0.005")
"""Percentage points: figures that disagree by so much can change the announced rate."""

RULE = (
    "Một huyện được nêu khi có ít nhất một trong các lý do: (1) năm đã kết thúc mà chưa đạt mức "
    "thấp của mục tiêu; (2) trong năm, mức giảm đến ngày chốt số liệu được đánh giá là nguy cơ "
    "không đạt; (3) trong năm, xác suất đạt mức thấp của mục tiêu theo dự báo dưới "
    f"{words.rate(LIKELY, 0)}; (4) theo số rà soát mới nhất, tỷ lệ hộ tái nghèo so với số hộ thoát "
    f"nghèo trong năm bằng {words.spelled(RELAPSE_TIMES)} lần của toàn tỉnh trở lên và có từ "
    f"{words.households(RELAPSE_LEAST)} tái nghèo trở lên; (5) số liệu rà soát còn chỗ không khớp "
    f"làm tỷ lệ hộ nghèo của tỉnh chênh từ {words.points(EFFECT_LEAST, 3)} trở lên. Các huyện xếp "
    "theo lý do nặng nhất, từ (1) đến (5); cùng lý do thì huyện còn phải giảm nhiều hộ hơn (tính "
    "cả số tái nghèo, phát sinh dự kiến) đứng trước, sau đó là huyện có xác suất đạt thấp hơn, rồi "
    "huyện có tỷ lệ hộ nghèo cao hơn. Số đã được ẩn (“…”) không dùng để xét; khi xếp thứ tự thì "
    "coi như không có."
)
"""The rule by which districts are listed and ordered, as a brief's section on methods says it."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _District:
    """What the tables know of a district; an empty row where a table does not have it."""

    code: str
    name: str
    target: Row = field(default_factory=dict)
    forecast: Row = field(default_factory=dict)
    flow: Row = field(default_factory=dict)
    province_flow: Row = field(default_factory=dict)
    effect: Decimal = Decimal(0)

    @property
    def to_go(self) -> int:
        """Return how many households have to leave poverty, relapses included; 0 if unknown."""
        for column in ("gross_to_low", "to_low"):
            number = _number(self.target, column)
            if number is not None:
                return int(number)
        return 0

    @property
    def probability(self) -> Decimal | None:
        """Return the probability of the low end in percent while the target's year is open."""
        if not self.target:
            return None
        end = year_end(int(self.target["baseline_year"]) + 1)
        open_still = date.fromisoformat(self.target["as_of"]) < end
        return _number(self.forecast, "probability_low") if open_still else None


def _number(row: Row, column: str) -> Decimal | None:
    """Return a cell's number; None where it is blank or withheld, or where there is no row."""
    value = row.get(column)
    return Decimal(value) if isinstance(value, int | Decimal) else None


def districts_at_risk(
    targets: Published,
    forecast: Published,
    flows: Published,
    checks: Published,
    communes: Published | None = None,
) -> Result:
    """Return the districts of which RULE says that they are at risk, gravest first, and why.

    `reasons` are words of REASONS, gravest first, separated by "; "; `message` says the same
    with the numbers, as a sentence without capital and full stop, to stand after the district's
    name. `forecast` counts only while the year is open. Of `checks` (review_checks) a district
    answers for its own rows and, where `communes` (commune_rates) is given, for its communes'.
    """
    read = [table for table in (targets, forecast, flows, checks, communes) if table is not None]
    found = [
        (district, reasons)
        for district in _districts(targets, forecast, flows, _effects(checks, communes))
        if (reasons := dict(_reasons(district)))
    ]
    found.sort(key=lambda pair: _gravity(*pair))
    rows = [
        {
            "order": order,
            "district_code": district.code,
            "district": district.name,
            "rate": district.target.get("current_rate"),
            "result": district.target.get("result", ""),
            "to_low": district.target.get("to_low"),
            "gross_to_low": district.target.get("gross_to_low"),
            "probability_low": district.probability,
            "reasons": "; ".join(reasons),
            "message": "; ".join(reasons.values()),
        }
        for order, (district, reasons) in enumerate(found, start=1)
    ]
    inputs = tuple(sorted({name for table in read for name in table.inputs}))
    frame = table_frame("districts_at_risk", rows)
    return Result(frame, merge_marks(*(table.marks for table in read)), inputs)


def _by_code(rows: Iterable[Row]) -> dict[str, Row]:
    return {str(row["area_code"]): row for row in rows}


def _records(table: Published, **wanted: object) -> list[Row]:
    records: list[Row] = table.rows(**wanted).to_dict("records")
    return records


def _districts(
    targets: Published, forecast: Published, flows: Published, effects: Mapping[str, Decimal]
) -> Iterator[_District]:
    target, ahead = (_by_code(_records(table, group="district")) for table in (targets, forecast))
    poor = _records(flows, kind="poor")
    latest = max((row["year"] for row in poor), default=None)
    flow = _by_code(row for row in poor if row["year"] == latest)
    own = _by_code(row for row in flow.values() if row["group"] == "district")
    for code, row in sorted({**own, **target}.items()):
        yield _District(
            code,
            row["area"],
            target.get(code, {}),
            ahead.get(code, {}),
            own.get(code, {}),
            flow.get("province", {}),
            effects.get(code, Decimal(0)),
        )


def _effects(checks: Published, communes: Published | None) -> dict[str, Decimal]:
    """Return each district's largest effect of a disagreement on the province's rate, in points."""
    places = [] if communes is None else _records(communes)
    homes = {row["unit_code"]: str(row["district_code"]) for row in places}
    effects: dict[str, Decimal] = {}
    for row in _records(checks, result=DISAGREES):
        effect = _number(row, "effect")
        if effect is not None:
            code = homes.get(row["unit_code"], str(row["unit_code"]))
            effects[code] = max(abs(effect), effects.get(code, Decimal(0)))
    return effects


def _gravity(district: _District, reasons: Mapping[str, str]) -> tuple[object, ...]:
    likely = district.probability
    return (
        REASONS.index(next(iter(reasons))),
        -district.to_go,
        101 if likely is None else likely,
        -(_number(district.target, "current_rate") or 0),
        district.code,
    )


def _reasons(district: _District) -> Iterator[tuple[str, str]]:
    """Yield the district's reasons with their sentences, gravest first."""
    result = district.target.get("result", "")
    if result == MISSED:
        yield "missed", _missed(district.target)
    if result == AT_RISK:
        yield "at_risk", _behind(district.target)
    likely = district.probability
    if likely is not None and likely < LIKELY:
        yield "unlikely", _unlikely(likely)
    if _relapses(district):
        yield "relapse", _relapse(district)
    if district.effect >= EFFECT_LEAST:
        yield "figures", _figures(district.effect)


def _moved(cut: Decimal) -> str:
    if cut == 0:
        return "tỷ lệ hộ nghèo không giảm"
    return f"{'giảm' if cut > 0 else 'tỷ lệ hộ nghèo tăng'} {words.points(abs(cut))}"


def _missed(target: Row) -> str:
    cut, low = _number(target, "cut"), _number(target, "target_low")
    parts = ["chưa đạt mục tiêu"]
    if cut is not None and low is not None:
        goal = words.points_range(low, target["target_high"])
        parts = [_moved(cut), f"chưa đạt mục tiêu giảm {goal} điểm phần trăm"]
    left = _number(target, "to_low")
    if left:
        parts.append(f"còn thiếu {words.households(int(left))} so với mức thấp")
    return ", ".join(parts)


def _behind(target: Row) -> str:
    cut, due = _number(target, "cut"), _number(target, "due_low")
    parts = ["nguy cơ không đạt mục tiêu"]
    if cut is not None and due:
        when = f"đến ngày {words.day_words(date.fromisoformat(target['as_of']))}"
        done = f"mới đạt {words.rate(100 * cut / due, 0)} mức phải đạt {when}"
        wanted = f"trong khi phải giảm {words.points(due)} {when}"
        parts = [_moved(cut), done] if cut > 0 else [f"{_moved(cut)} {wanted}"]
    left, gross = _number(target, "to_low"), _number(target, "gross_to_low")
    if left:
        parts.append(f"còn phải giảm {words.households(int(left))} để đạt mức thấp của mục tiêu")
        if gross is not None and gross > left:
            parts.append(
                f"tính cả tái nghèo và phát sinh thì cần {words.households(int(gross))} thoát nghèo"
            )
    return ", ".join(parts)


def _unlikely(probability: Decimal) -> str:
    # Rounded down, so that what is below the mark never reads as the mark itself.
    whole = math.floor(probability)
    about = f"khoảng {words.rate(whole, 0)}" if whole else f"dưới {words.rate(1, 0)}"
    return f"theo dự báo, xác suất đạt mức thấp của mục tiêu chỉ {about}"


def _relapses(district: _District) -> bool:
    rate = _number(district.flow, "relapse_rate")
    whole = _number(district.province_flow, "relapse_rate")
    relapsed = _number(district.flow, "relapsed")
    if rate is None or not whole or relapsed is None:
        return False
    return relapsed >= RELAPSE_LEAST and rate >= RELAPSE_TIMES * whole


def _relapse(district: _District) -> str:
    flow, whole = district.flow, district.province_flow["relapse_rate"]
    times = words.decimal(flow["relapse_rate"] / whole, 1, least=0)
    return (
        f"năm {flow['year']} có {words.households(int(flow['relapsed']))} tái nghèo, bằng "
        f"{words.rate(flow['relapse_rate'])} số hộ thoát nghèo, gấp {times} lần toàn tỉnh "
        f"({words.rate(whole)})"
    )


def _figures(effect: Decimal) -> str:
    return (
        "số liệu rà soát còn chỗ không khớp, có thể làm tỷ lệ hộ nghèo của tỉnh chênh "
        f"{words.points(effect, 3)}"
    )

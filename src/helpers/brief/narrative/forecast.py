"""Sentences about the forecast: what to expect, how likely the target is, what it still takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from helpers import words
from helpers.brief.dates import as_of, is_year_end, months_words
from helpers.brief.latest import told
from helpers.brief.reader import Brief
from helpers.brief.rough import chance, rough, rough_range, times

__all__ = ["district_forecast", "forecast_paragraph", "forecast_sentence"]

Row = Mapping[str, Any]

PLAIN = Decimal("0.1")
"""Points a month from which two decimals say enough."""

FEW = 6
"""With fewer observations than these the reader is told how few there are."""


def forecast_paragraph(brief: Brief, heading: str) -> str:
    """Say the province's forecast and what the target still takes; nothing without a forecast."""
    return _paragraph(brief, "province", "của tỉnh", heading)


def district_forecast(brief: Brief, district_code: str, heading: str) -> str:
    """Say one district's forecast and what its target still takes."""
    name = brief.table("capital_by_district").one(district_code=district_code)["district"]
    return _paragraph(brief, district_code, f"của {name}", heading)


def _paragraph(brief: Brief, code: str, whose: str, heading: str) -> str:
    rows = brief.table("forecast").records(area_code=code)
    if not rows:
        return ""
    (row,) = rows
    targets = brief.table("targets").records(area_code=code)
    said = [forecast_sentence(row, whose), _likely(row), _pace(row)]
    said += [_households(row, target) for target in targets]
    return "\n".join([heading, "", " ".join(filter(None, said))])


def _horizon(row: Row) -> str:
    """Return the day that the forecast is for ("cuối năm 2025")."""
    return f"cuối năm {date.fromisoformat(row['horizon']).year}"


def forecast_sentence(row: Row, whose: str) -> str:
    """Say which rate is to be expected and between which it will probably be."""
    if row["expected"] is None:
        return f"Chưa dự báo được tỷ lệ hộ nghèo {whose} {_horizon(row)}: {row['reason']}."
    since = "" if is_year_end(row) else f", tính từ số liệu đến {words.day_words(as_of(row))}"
    said = (
        f"Nếu giữ nhịp độ các năm qua{since}, tỷ lệ hộ nghèo {whose} {_horizon(row)} vào khoảng"
        f" **{rough(row['expected'])}**"
    )
    if row["low"] is not None:
        said += (
            f"; {_level(row['level'])} khả năng nằm giữa"
            f" {rough_range(row['low'], row['high']).replace('–', '% và ')}"
        )
    few = row["observations"] < FEW
    return f"{said}{_few(row['observations']) if few else ''}."


def _few(number: int) -> str:
    return f" (khoảng này dựa trên {words.spelled(number)} lần quan sát)"


def _level(percent: Decimal) -> str:
    """Return a level of confidence as people say it ("8 trong 10")."""
    tenths = Fraction(percent) / 10
    if tenths.denominator == 1:
        return f"{tenths} trong 10"
    return f"{words.decimal(percent)} trong 100"


def _likely(row: Row) -> str:
    """Say how likely the low and the high end of the target are, while the year is open."""
    if row["probability_low"] is None:
        return ""
    ends = {"low": "mức thấp của mục tiêu", "high": "mức cao"}
    if row["target_low"] == row["target_high"]:
        ends = {"low": "mục tiêu"}
    said = "; ".join(
        f"đạt {name} ({_cut(row[f'target_{end}'])}): {chance(row[f'probability_{end}'])}"
        for end, name in ends.items()
    )
    return f"Khả năng {said}."


def _cut(points: Decimal) -> str:
    return f"giảm {words.decimal(points, 2, least=0)} điểm phần trăm"


def _pace(row: Row) -> str:
    """Say what the rest of the year needs a month, and how that is to what was."""
    needed, so_far = row["pace_needed"], row["pace_so_far"]
    if needed is None:
        return ""
    if not needed:
        return "Mức giảm đến nay đã đủ mức thấp; từ nay đến cuối năm phải giữ, không để tăng lại."
    digits = 2 if min(needed, abs(so_far or needed)) >= PLAIN else 3
    monthly = words.decimal(needed, digits, least=2)
    begun = f"Từ nay đến {_horizon(row)}, mỗi tháng phải giảm {monthly} điểm phần trăm"
    if so_far is None:
        return f"{begun} để đạt mức thấp."
    past = months_words(row)
    if so_far <= 0:
        said = "chưa giảm" if not so_far else "tăng"
        return f"{begun}, trong khi {past} tỷ lệ {said}."
    return (
        f"{begun}, {times(needed, so_far)} bình quân {past}"
        f" ({words.decimal(so_far, digits, least=2)})."
    )


def _households(row: Row, target: Row) -> str:
    """Say how many households have to leave poverty, net and gross of those who come into it."""
    gross, inflow = (
        target[name] if told(target[name]) else None for name in ("gross_to_low", "inflow")
    )
    if row["target_low"] is None or not (target["to_low"] or gross):
        return ""
    to_low = target["to_low"]
    net = f"Tính ra số hộ, cần giảm {words.households(to_low)} để đạt mức thấp"
    net, still = (net, "") if to_low else ("Số hộ nghèo hiện nay đã đủ để đạt mức thấp", "vẫn ")
    if not gross or not inflow:
        return f"{net}."
    since = (
        f"từ {words.day_words(as_of(row))} đến cuối năm" if not is_year_end(row) else "trong năm"
    )
    return (
        f"{net}; {since} dự kiến có thêm {words.households(inflow)} tái nghèo, nghèo mới, nên"
        f" {still}phải có {words.households(gross)} thoát nghèo."
    )

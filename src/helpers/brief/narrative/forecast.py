"""Sentences about the forecast: what to expect, how likely the target is, what it still takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from helpers import words
from helpers.brief.dates import as_of, is_year_end, months_words
from helpers.brief.headings import headed
from helpers.brief.latest import told
from helpers.brief.narrative.prose import say
from helpers.brief.reader import Brief
from helpers.brief.rough import chance, rough, rough_ends, times
from helpers.retelling import name as name_of
from helpers.retelling import retold

__all__ = ["district_forecast", "forecast_paragraph", "forecast_sentence"]

Row = Mapping[str, Any]

PLAIN = Decimal("0.1")
"""Points a month from which two decimals say enough."""

FEW = 6
"""With fewer observations than these the reader is told how few there are."""


def forecast_paragraph(brief: Brief, heading: str, *, short: bool = False) -> str:
    """Say the province's forecast and what the target still takes; nothing without a forecast.

    The short form leaves out what the target takes a month and in households.
    """
    return _paragraph(brief, "province", say("của tỉnh"), heading, short)


def district_forecast(
    brief: Brief, district_code: str, heading: str, *, short: bool = False
) -> str:
    """Say one district's forecast and, unless it is to be short, what its target still takes."""
    name = brief.table("capital_by_district").one(district_code=district_code)["district"]
    return _paragraph(brief, district_code, say("của {area}", area=name_of(name)), heading, short)


def _paragraph(brief: Brief, code: str, whose: str, heading: str, short: bool) -> str:
    rows = brief.table("forecast").records(area_code=code)
    if not rows:
        return ""
    (row,) = rows
    said = [forecast_sentence(row, whose), _likely(row)]
    if not short:
        targets = brief.table("targets").records(area_code=code)
        said += [_pace(row), *(_households(row, target) for target in targets)]
    return headed(heading, *said)


def _horizon(row: Row) -> str:
    """Return the day that the forecast is for ("cuối năm 2025")."""
    return say("cuối năm {year}", year=date.fromisoformat(row["horizon"]).year)


def forecast_sentence(row: Row, whose: str) -> str:
    """Say which rate is to be expected and between which it will probably be."""
    about = {"whose": whose, "horizon": _horizon(row)}
    if row["expected"] is None:
        return say(
            "Chưa dự báo được tỷ lệ hộ nghèo {whose} {horizon}: {reason}.",
            reason=retold(row["reason"]),
            **about,
        )
    since = (
        ""
        if is_year_end(row)
        else say(", tính từ số liệu đến {day}", day=words.day_words(as_of(row)))
    )
    said = say(
        "Nếu giữ nhịp độ các năm qua{since}, tỷ lệ hộ nghèo {whose} {horizon} vào khoảng"
        " **{rate}**",
        since=since,
        rate=rough(row["expected"]),
        **about,
    )
    if row["low"] is not None:
        low, high = rough_ends(row["low"], row["high"])
        level = _level(row["level"])
        said += say("; {level} khả năng nằm giữa {low} và {high}", level=level, low=low, high=high)
    if row["observations"] < FEW:
        said += say(
            " (khoảng này dựa trên {number} lần quan sát)",
            n=row["observations"],
            number=words.spelled(row["observations"]),
        )
    return f"{said}."


def _level(percent: Decimal) -> str:
    """Return a level of confidence as people say it ("8 trong 10")."""
    tenths = Fraction(percent) / 10
    if tenths.denominator == 1:
        return say("{tenths} trong 10", tenths=tenths)
    return say("{number} trong 100", number=words.decimal(percent))


def _likely(row: Row) -> str:
    """Say how likely the low and the high end of the target are, while the year is open."""
    if row["probability_low"] is None:
        return ""
    low, high = (_end(row, end) for end in ("low", "high"))
    if row["target_low"] == row["target_high"]:
        return say("Khả năng đạt mục tiêu (giảm {low}): {chance}.", **low)
    return say(
        "Khả năng đạt mức thấp của mục tiêu (giảm {low}): {chance}; đạt mức cao (giảm {high}):"
        " {chance_high}.",
        high=high["low"],
        chance_high=high["chance"],
        **low,
    )


def _end(row: Row, end: str) -> dict[str, str]:
    """Return one end of the target, and how likely it is."""
    return {
        "low": say(
            "{number} điểm phần trăm",
            n=row[f"target_{end}"],
            number=words.decimal(row[f"target_{end}"], 2, least=0),
        ),
        "chance": chance(row[f"probability_{end}"]),
    }


def _pace(row: Row) -> str:
    """Say what the rest of the year needs a month, and how that is to what was."""
    needed, so_far = row["pace_needed"], row["pace_so_far"]
    if needed is None:
        return ""
    if not needed:
        return say(
            "Mức giảm đến nay đã đủ mức thấp; từ nay đến cuối năm phải giữ, không để tăng lại."
        )
    digits = 2 if min(needed, abs(so_far or needed)) >= PLAIN else 3
    begun = say(
        "Từ nay đến {horizon}, mỗi tháng phải giảm {monthly} điểm phần trăm",
        horizon=_horizon(row),
        monthly=words.decimal(needed, digits, least=2),
    )
    if so_far is None:
        return say("{begun} để đạt mức thấp.", begun=begun)
    past = months_words(row)
    if not so_far:
        return say("{begun}, trong khi {past} tỷ lệ chưa giảm.", begun=begun, past=past)
    if so_far < 0:
        return say("{begun}, trong khi {past} tỷ lệ tăng.", begun=begun, past=past)
    return say(
        "{begun}, {times} bình quân {past} ({average}).",
        begun=begun,
        times=times(needed, so_far),
        past=past,
        average=words.decimal(so_far, digits, least=2),
    )


def _households(row: Row, target: Row) -> str:
    """Say how many households have to leave poverty, net and gross of those who come into it."""
    gross, inflow = (
        target[name] if told(target[name]) else None for name in ("gross_to_low", "inflow")
    )
    to_low = target["to_low"]
    if row["target_low"] is None or not (to_low or gross):
        return ""
    net = (
        say(
            "Tính ra số hộ, cần giảm {households} để đạt mức thấp",
            households=words.households(to_low),
        )
        if to_low
        else say("Số hộ nghèo hiện nay đã đủ để đạt mức thấp")
    )
    if not gross or not inflow:
        return f"{net}."
    since = (
        say("trong năm")
        if is_year_end(row)
        else say("từ {day} đến cuối năm", day=words.day_words(as_of(row)))
    )
    said = {
        "net": net,
        "since": since,
        "inflow": words.households(inflow),
        "gross": words.households(gross),
    }
    if to_low:
        return say(
            "{net}; {since} dự kiến có thêm {inflow} tái nghèo, nghèo mới, nên phải có {gross}"
            " thoát nghèo.",
            **said,
        )
    return say(
        "{net}; {since} dự kiến có thêm {inflow} tái nghèo, nghèo mới, nên vẫn phải có {gross}"
        " thoát nghèo.",
        **said,
    )

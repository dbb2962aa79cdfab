"""How a brief says to which day its figures belong: a year-end, or a day within the year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from helpers import words
from helpers.language import say

__all__ = [
    "as_of",
    "as_of_words",
    "days_words",
    "is_year_end",
    "months_words",
    "newest",
    "until_words",
]

Row = Mapping[str, Any]

YEAR_END = (12, 31)


def as_of(row: Row) -> date:
    """Return the day of a row of targets, count targets or forecast."""
    return date.fromisoformat(str(row["as_of"]))


def is_year_end(row: Row) -> bool:
    """Tell whether a row speaks of a year-end; otherwise its year is still open."""
    day = as_of(row)
    return (day.month, day.day) == YEAR_END


def newest(rows: pd.DataFrame) -> Row:
    """Return the first of the rows whose figures are the newest."""
    found: Row = rows[rows["as_of"] == rows["as_of"].max()].iloc[0].to_dict()
    return found


def as_of_words(row: Row) -> str:
    """Return when a figure was counted ("cuối năm 2024", "đến ngày 30/9/2024")."""
    day = as_of(row)
    if is_year_end(row):
        return say("cuối năm {year}", year=day.year)
    return say("đến ngày {day}", day=words.day_words(day))


def days_words(days: Iterable[str]) -> str:
    """Return when the figures of several areas were counted; who is behind is said too.

    The days are those in the column `as_of` of these areas' rows.
    """
    counted = sorted(set(days))
    said = as_of_words({"as_of": counted[-1]})
    if len(counted) == 1:
        return said
    before = as_of_words({"as_of": counted[0]})
    return say("{newest} (nơi chưa báo cáo: {before})", newest=said, before=before)


def until_words(row: Row) -> str:
    """Return the period since the year began, as a label has it ("năm 2024", "đến 30/9/2024")."""
    day = as_of(row)
    if is_year_end(row):
        return say("năm {year}", year=day.year)
    return say("đến {day}", day=words.day_words(day))


def months_words(row: Row) -> str:
    """Return the part of the year that is over ("chín tháng qua"), or "từ đầu năm đến nay"."""
    day = as_of(row)
    ended = (day + timedelta(days=1)).day == 1
    if not ended:
        return say("từ đầu năm đến nay")
    return say("{number} tháng qua", n=day.month, number=words.spelled(day.month))

"""The data as they were known on a day: a report of September knows no December."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from helpers.data.dataset import DataSet
from helpers.data.review.model import Review
from helpers.reads import unnoted

__all__ = ["known_by"]

YEAR_ENDS = ("poverty", "dtts_poverty", "commune_poverty", "province_totals")
"""The tables that count at year-ends."""


def known_by(data: DataSet, day: date | None) -> DataSet:
    """Return the data without year-ends, reports and forms of after the day; all where it is None.

    What a province reports of capital is not touched: it has dates of its own.
    """
    if day is None:
        return data
    with unnoted():
        return _known_by(data, day)


def _known_by(data: DataSet, day: date) -> DataSet:
    last = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    frames = {
        name: frame[frame["year"] <= last].reset_index(drop=True)
        for name in YEAR_ENDS
        for frame in [data.frames[name]]
    }
    reports = data.poverty_periods
    frames["poverty_periods"] = reports[[found <= day for found in reports["date"]]]
    return replace(data, **frames, review=_review(data.review, last))


def _review(review: Review, last: int) -> Review:
    kept = {form: frame[frame["year"] <= last] for form, frame in review.frames.items()}
    frames = {form: frame for form, frame in kept.items() if len(frame)}
    applied = review.applied
    if len(applied):
        applied = applied[applied["year"].astype(int) <= last]
    return replace(review, frames=MappingProxyType(frames), applied=applied)

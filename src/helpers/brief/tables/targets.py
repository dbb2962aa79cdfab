"""The tables of poverty: targets and results, and one district's rates."""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.brief.dates import as_of, is_year_end, newest
from helpers.brief.reader import Brief
from helpers.brief.table import Column, Table
from helpers.brief.tables.layout import table_of
from helpers.language import say
from helpers.retelling import name, retold
from helpers.text import listing

__all__ = ["district_targets_table", "rates_table", "targets_table"]


def _target_columns(rows: pd.DataFrame) -> list[Column]:
    """Return the columns of targets: with results, or while nothing is measured, goals only."""
    now = newest(rows)
    measured = any(cut is not None for cut in rows["cut"])
    ended = is_year_end(now)
    rates = say("Tỷ lệ hộ nghèo cuối năm (%)") if ended else say("Tỷ lệ hộ nghèo (%)")
    year = now["baseline_year"]
    before = str(year) if ended else say("Cuối {year}", year=year)
    day = str(now["current_year"]) if ended else words.day_words(as_of(now))
    cuts = say("Mức giảm (điểm %)")
    current = Column("current_rate", day, "rate", group=(rates,))
    cut = Column("cut", say("Đã giảm"), "points", group=(cuts,))
    due = Column("due", say("Phải đạt đến nay"), "range", group=(cuts,))
    goal = Column("target", say("Mục tiêu") if ended else say("Cả năm"), "range", group=(cuts,))
    return [
        Column("area", say("Địa bàn"), "text", width=2.2),
        Column("baseline_rate", before, "rate", group=(rates,)),
        *([current, cut] if measured else []),
        *([due] if measured and not ended else []),
        goal,
        *([Column("result", say("Đánh giá"), "text", width=1.2)] if measured else []),
        Column("poor_households", say("Số hộ nghèo"), "count"),
        Column("to_low", say("Hộ còn phải giảm"), "count"),
    ]


def _with_range(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with both ranges as pairs: the year's, and what is due of what is known.

    Its words are in the language that is spoken.
    """
    whole = list(zip(frame["target_low"], frame["target_high"], strict=True))
    due = [
        None if cut is None else (low, high)
        for cut, low, high in zip(frame["cut"], frame["due_low"], frame["due_high"], strict=True)
    ]
    columns = {
        "target": whole,
        "due": due,
        "area": list(map(name, frame["area"])),
        "result": list(map(retold, frame["result"])),
    }
    return frame.assign(
        **{
            name: pd.Series(pairs, index=frame.index, dtype=object)
            for name, pairs in columns.items()
        }
    )


NEEDED = "Hộ còn phải giảm: số hộ nghèo phải giảm thêm để đạt mức thấp của mục tiêu."


def _note(rows: pd.DataFrame) -> str:
    """Say what the last column counts, and whose figures are older than the others'."""
    needed = say(NEEDED)
    if rows["as_of"].nunique() == 1:
        return needed
    older = listing(rows[rows["as_of"] < rows["as_of"].max()]["area"])
    return f"{needed} {say('Chưa có báo cáo mới: {areas}.', areas=older)}"


def targets_table(brief: Brief) -> Table:
    """Return the targets of the province and its groups."""
    table = brief.table("targets")
    frame = _with_range(table.frame[table.frame["group"] != "district"])
    return table_of(
        table,
        _target_columns(frame),
        title=say("Mục tiêu giảm nghèo năm {year}", year=brief.year),
        note=_note(frame),
        frame=frame,
    )


def district_targets_table(brief: Brief) -> Table:
    """Return the targets of every district, the poorest first."""
    table = brief.table("targets")
    frame = _with_range(table.frame[table.frame["group"] == "district"].sort_values("rank"))
    return table_of(
        table,
        _target_columns(frame),
        title=say("Mục tiêu giảm nghèo năm {year} theo huyện", year=brief.year),
        note=_note(frame),
        frame=frame,
    )


def rates_table(brief: Brief, district_code: str) -> Table:
    """Return one district's households and rates from year-end to year-end."""
    table = brief.table("poverty_rates")
    rows = table.records(area_code=district_code)
    columns = [
        Column("year", say("Cuối năm"), "text"),
        Column("households", say("Tổng số hộ"), "count"),
        Column("poor_households", say("Hộ nghèo"), "count"),
        Column("poor_rate", say("Tỷ lệ hộ nghèo (%)"), "rate"),
        Column("near_poor_households", say("Hộ cận nghèo"), "count"),
        Column("near_poor_rate", say("Tỷ lệ hộ cận nghèo (%)"), "rate"),
    ]
    title = say("Hộ nghèo, hộ cận nghèo của {area}", area=name(rows[0]["area"]))
    return table_of(table, columns, title=title, records=rows)

"""The cells of a register checked column by column; each kind of problem is said once.

A chunk in good order costs one pass; only where something is wrong are its rows looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from helpers.data.register.model import FLAGS, Register
from helpers.errors import Problem
from helpers.plan.standards import Standard
from helpers.words import count

__all__ = ["Findings", "typed_chunk"]

SHOWN = 3
"""So many rows stand in a message."""
_WORDS = ("area", "area_type")
_ROW = "row"


@dataclass(frozen=True)
class _Rule:
    """What a whole number has to be: within bounds, a multiple; and how a message says so."""

    what: str
    todo: str
    low: int
    high: int | None = None
    step: int = 1


_FLAG = _Rule("giá trị khác 0 và 1", "ghi 1 là có (thiếu hụt), 0 là không", 0, 1)
_RULES: Mapping[str, _Rule] = {
    "members": _Rule("số nhân khẩu nhỏ hơn 1", "ghi số người trong hộ, ít nhất là 1", 1),
    "income": _Rule("thu nhập là số âm", "ghi số đồng một người một tháng, không âm", 0),
    "b1": _Rule("điểm là số âm", "ghi điểm phiếu B1, không âm", 0),
}


def _rule(column: str, register: Register) -> _Rule:
    if column != "b2" or register.standard.score_b2 is None:
        return _RULES.get(column, _FLAG)
    points = register.standard.score_b2.points
    most = points * sum(item.weight for item in register.standard.indicators)
    what = f"điểm không phải bội số của {points} từ 0 đến {most}"
    return _Rule(what, f"ghi {points} điểm cho mỗi chỉ số thiếu hụt", 0, most, points)


@dataclass
class _Seen:
    todo: str
    households: int = 0
    shown: list[tuple[int, str]] = field(default_factory=list)


class Findings:
    """What is wrong with a register, gathered over its chunks: how many households, which first."""

    def __init__(
        self, place: str, headers: Mapping[str, str], titles: Mapping[str, str], first_row: int
    ) -> None:
        """Start with nothing found; `first_row` is the number of the first household's row."""
        self._place, self._headers, self._titles = place, headers, titles
        self._first = first_row
        self._seen: dict[tuple[str, str], _Seen] = {}

    def add(self, column: str, what: str, todo: str, rows: pl.Series, values: pl.Series) -> None:
        """Note that the households of these rows (from 0) have something wrong in a column."""
        if not len(rows):
            return
        seen = self._seen.setdefault((column, what), _Seen(todo))
        seen.households += len(rows)
        room = SHOWN - len(seen.shown)
        for row, value in zip(rows.head(room), values.head(room), strict=True):
            seen.shown.append((int(row), "" if value is None else str(value).strip()))

    def problems(self) -> list[Problem]:
        """Return each kind of problem once, in the order of the columns."""
        order = {column: place for place, column in enumerate(self._headers)}
        found = sorted(self._seen.items(), key=lambda item: order[item[0][0]])
        return [self._problem(column, what, seen) for (column, what), seen in found]

    def _problem(self, column: str, what: str, seen: _Seen) -> Problem:
        word = "dòng" if self._first > 1 else "hộ thứ"
        rows = [
            f"{word} {count(row + self._first)}" + (f" (“{value}”)" if value else "")
            for row, value in seen.shown
        ]
        rest = seen.households - len(rows)
        listed = ", ".join(rows) + (f" và {count(rest)} hộ khác" if rest else "")
        where = f"{self._place}, cột {self._headers[column]}"
        return Problem(where, f"{count(seen.households)} hộ có {what}: {listed}", seen.todo)


def typed_chunk(
    batch: pl.DataFrame,
    start: int,
    register: Register,
    types: Sequence[int],
    findings: Findings,
) -> pl.DataFrame | None:
    """Return a chunk as `read_chunks` yields it, or None where some of its cells cannot be used.

    `start` is how many households stand before it; `types` gives each commune's area type.
    """
    headers, standard = register.headers, register.standard
    batch = batch.rename({header: column for column, header in headers.items()})
    numbers = [column for column in headers if column not in _WORDS]
    read = batch.select(
        _place("area", batch.schema["area"], register.codes),
        *([_area_type(batch.schema["area_type"], standard)] if "area_type" in headers else []),
        *(_whole(column, batch.schema[column]) for column in numbers),
    )
    rules = {column: _rule(column, register) for column in numbers}
    rows = pl.Series(_ROW, np.arange(start, start + batch.height))
    if not _in_order(read, rules):
        filled = ~_blank(batch)
        batch, read, rows = batch.filter(filled), read.filter(filled), rows.filter(filled)
        _report(batch, read, rows, rules, findings)
        if not _in_order(read, rules):
            return None
    if not _agrees(read, rows, register, findings):
        return None
    return _chunk(read, register, types)


def _text(column: str, kind: pl.DataType) -> pl.Expr:
    text = pl.col(column) if kind == pl.String else pl.col(column).cast(pl.String)
    return text.str.strip_chars()


def _place(column: str, kind: pl.DataType, known: Sequence[str]) -> pl.Expr:
    """Return the place of each word among the known ones; null where it is none of them."""
    words = pl.Enum(list(known))
    return _text(column, kind).cast(words, strict=False).to_physical().alias(column)


def _area_type(kind: pl.DataType, standard: Standard) -> pl.Expr:
    """Return the place of each area type, which its key or its name may stand for."""
    places = {item.name: place for place, item in enumerate(standard.area_types.values())}
    places |= {key: place for place, key in enumerate(standard.area_types)}
    text = _text("area_type", kind)
    return text.replace_strict(places, default=None, return_dtype=pl.UInt8)


def _whole(column: str, kind: pl.DataType) -> pl.Expr:
    """Return whole numbers; null where there is none."""
    cell = pl.col(column)
    if kind.is_integer() or kind == pl.Boolean:
        return cell if kind.is_integer() else cell.cast(pl.UInt8)
    if kind.is_float() or kind.is_decimal():
        return pl.when(cell == cell.floor()).then(cell).cast(pl.Int64, strict=False)
    return _text(column, kind).cast(pl.Int64, strict=False)


def _in_order(read: pl.DataFrame, rules: Mapping[str, _Rule]) -> bool:
    """Tell whether every cell could be read and keeps its rule."""
    tests = [(pl.col(column).null_count() == 0).alias(column) for column in read.columns]
    tests += [_kept(column, rule).all().alias(f"{column} rule") for column, rule in rules.items()]
    return all(read.select(tests).row(0))


def _kept(column: str, rule: _Rule) -> pl.Expr:
    cell = pl.col(column)
    kept = cell >= rule.low
    if rule.high is not None:
        kept &= cell <= rule.high
    return kept & (cell % rule.step == 0) if rule.step > 1 else kept


def _blank(batch: pl.DataFrame) -> pl.Series:
    """Tell of each row whether nothing at all stands in it, as under the end of a list."""
    empty = [_empty(column, kind) for column, kind in batch.schema.items()]
    return batch.select(pl.all_horizontal(empty)).to_series()


def _empty(column: str, kind: pl.DataType) -> pl.Expr:
    cell = pl.col(column)
    if kind == pl.String:
        return cell.is_null() | (cell.str.strip_chars() == "")
    return cell.is_null() | (cell.is_nan() if kind.is_float() else False)


def _report(
    batch: pl.DataFrame,
    read: pl.DataFrame,
    rows: pl.Series,
    rules: Mapping[str, _Rule],
    findings: Findings,
) -> None:
    for column in read.columns:
        empty = batch.select(_empty(column, batch.schema[column])).to_series()
        unread = read[column].is_null() & ~empty
        values = batch[column]

        def add(
            what: str, todo: str, mask: pl.Series, column: str = column, cells: pl.Series = values
        ) -> None:
            findings.add(column, what, todo, rows.filter(mask), cells.filter(mask))

        add("ô trống", "điền giá trị vào ô", empty)
        if column == "area":
            todo = "ghi mã như trong bảng communes"
            add("mã xã không có trong bảng communes", todo, unread)
        elif column == "area_type":
            add("khu vực không có trong chuẩn nghèo", "ghi rural hoặc urban", unread)
        else:
            todo = "ghi liền các chữ số, không có dấu ngăn, chữ hay phần lẻ"
            add("giá trị không phải số nguyên", todo, unread)
            kept = read.select(_kept(column, rules[column]).fill_null(True)).to_series()
            add(rules[column].what, rules[column].todo, ~kept)


def _code(read: pl.DataFrame, register: Register) -> pl.Series:
    """Return which indicators each household lacks, as bits, or their number where only B2 is."""
    if not register.by_indicator:
        assert register.standard.score_b2 is not None
        return (read["b2"] // register.standard.score_b2.points).cast(pl.UInt16).alias("code")
    bits = [
        pl.col(item.key).cast(pl.UInt16) * (1 << place)
        for place, item in enumerate(register.standard.indicators)
    ]
    return read.select(pl.sum_horizontal(bits).cast(pl.UInt16).alias("code")).to_series()


def _agrees(read: pl.DataFrame, rows: pl.Series, register: Register, findings: Findings) -> bool:
    """Tell whether B2, where it stands beside the indicators, is what they give."""
    b2 = register.standard.score_b2
    if "b2" not in read.columns or not register.by_indicator or b2 is None:
        return True
    score = pl.sum_horizontal(
        pl.col(item.key).cast(pl.Int64) * item.weight for item in register.standard.indicators
    )
    wrong = read.select(pl.col("b2") != score * b2.points).to_series()
    what = "điểm B2 khác với số chỉ số thiếu hụt"
    todo = f"ghi {b2.points} điểm cho mỗi chỉ số thiếu hụt, hoặc bỏ cột b2"
    findings.add("b2", what, todo, rows.filter(wrong), read["b2"].filter(wrong))
    return not wrong.any()


def _chunk(read: pl.DataFrame, register: Register, types: Sequence[int]) -> pl.DataFrame:
    unit = read["area"].cast(pl.UInt32)
    if "area_type" in read.columns:
        area_type = read["area_type"].cast(pl.UInt8)
    else:
        area_type = pl.Series(np.asarray(types, dtype=np.uint8)[unit.to_numpy()])
    flags = [
        pl.col(flag).cast(pl.UInt8) * (1 << place)
        for place, flag in enumerate(FLAGS)
        if flag in read.columns
    ]
    summed = pl.sum_horizontal(flags).cast(pl.UInt8) if flags else pl.lit(0, pl.UInt8)
    return read.select(
        unit.alias("unit"),
        area_type.alias("area_type"),
        pl.col("members").cast(pl.Int64),
        pl.col("income" if register.by_income else "b1").cast(pl.Int64).alias("measure"),
        _code(read, register),
        summed.alias("flags"),
    )

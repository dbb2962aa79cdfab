"""What has to hold within a way of sharing: ranges that meet, criteria and bounds that agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from helpers.money import written
from helpers.plan.rules.columns import COLUMNS, PERCENT, column_unit, criterion_label
from helpers.plan.rules.intervals import Interval, gaps, interval_of, overlaps, shown
from helpers.plan.rules.model import (
    Agency,
    Band,
    ColumnNote,
    Condition,
    Criterion,
    Sharing,
    Steps,
)
from helpers.plan.source import Finding, Loc
from helpers.plan.values import suggestion
from helpers.text import match_key

__all__ = ["SHARING_CHECKS", "Check", "Known", "percent_text"]

HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Known:
    """What the checks of a part need to know of the whole rule set."""

    columns: Mapping[str, ColumnNote]
    agencies: Sequence[Agency]
    listed: bool
    """Whether every agency is well formed and listed once, so that others can be called unknown."""
    unit: int | None


Check = Callable[[Loc, Any, Known], Iterator[Finding]]
"""Yields what is wrong with one well-formed section, given the way to it."""


def percent_text(value: Fraction) -> str:
    """Return a percentage as a planner writes it ("96,5%")."""
    return f"{shown(value)}%"


def _criteria(loc: Loc, sharing: Sharing, known: Known) -> Iterator[Finding]:
    named = [("criteria", i, item) for i, item in enumerate(sharing.criteria)]
    named += [("multipliers", i, item) for i, item in enumerate(sharing.multipliers)]
    yield from _names_once(loc, named, known)
    for place, item in enumerate(sharing.multipliers):
        if item.form == "share":
            what = "hệ số nhân (multipliers) không dùng share"
            todo = "dùng bands, steps, per_unit hoặc lookup"
            yield Finding((*loc, "multipliers", place, "share"), what, todo)
    shares = [item.share for item in sharing.criteria if item.form == "share"]
    if len(shares) != len(sharing.criteria):
        return
    if all(isinstance(share, Fraction) for share in shares):
        total = sum((share for share in shares if isinstance(share, Fraction)), Fraction(0))
        if total != 100:
            what = f"tỷ trọng các tiêu chí cộng lại là {percent_text(total)}, phải đúng 100%"
            yield Finding((*loc, "criteria"), what, "sửa các tỷ trọng share cho đủ 100")


def _names_once(
    loc: Loc, named: Sequence[tuple[str, int, Criterion]], known: Known
) -> Iterator[Finding]:
    seen: set[str] = set()
    for key, place, item in named:
        label = criterion_label(item, known.columns)
        if match_key(label) in seen:
            what = f"hai tiêu chí cùng tên “{label}”"
            todo = "đặt cho mỗi tiêu chí một tên riêng bằng dòng “name: …”, hoặc xóa bớt một"
            yield Finding((*loc, key, place), what, todo)
        seen.add(match_key(label))


def _bounds(loc: Loc, sharing: Sharing, known: Known) -> Iterator[Finding]:
    floor, cap, lot = sharing.floor, sharing.cap, sharing.minimum_lot
    todo = "sửa một trong hai mức"
    if cap and 0 in (cap.amount, cap.percent):
        what = "mức trần (cap) bằng 0 thì không đơn vị nào được giao vốn"
        yield Finding((*loc, "cap"), what, "ghi mức lớn hơn 0, hoặc xóa dòng cap")
        return
    if floor and cap:
        if floor.amount is not None and cap.amount is not None and cap.amount < floor.amount:
            what = (
                f"mức trần (cap) {written(cap.amount)} thấp hơn mức sàn (floor) "
                f"{written(floor.amount)}"
            )
            yield Finding((*loc, "cap"), what, todo)
        if floor.percent is not None and cap.percent is not None and cap.percent < floor.percent:
            what = (
                f"mức trần (cap) {percent_text(cap.percent)} thấp hơn mức sàn (floor) "
                f"{percent_text(floor.percent)}"
            )
            yield Finding((*loc, "cap"), what, todo)
    if lot and cap and cap.amount is not None and cap.amount < lot.amount:
        what = (
            f"mức giao tối thiểu (minimum_lot) {written(lot.amount)} cao hơn mức trần (cap) "
            f"{written(cap.amount)}"
        )
        yield Finding((*loc, "minimum_lot", "amount"), what, todo)
    if lot and floor and lot.action == "drop":
        what = (
            "mức sàn (floor) bảo đảm vốn cho mọi đơn vị, còn minimum_lot với action: drop "
            "lại không giao cho đơn vị nhỏ"
        )
        yield Finding((*loc, "minimum_lot", "action"), what, "bỏ floor, hoặc ghi “action: warn”")
    unit = sharing.rounding_unit or known.unit
    if cap and unit and cap.amount and cap.amount < unit:
        what = (
            f"mức trần (cap) {written(cap.amount)} nhỏ hơn đơn vị làm tròn {written(unit)} nên "
            "không đơn vị nào được giao vốn"
        )
        yield Finding((*loc, "cap"), what, "tăng cap, hoặc giảm rounding_unit")


def _method(loc: Loc, sharing: Sharing, known: Known) -> Iterator[Finding]:
    if sharing.method != "largest_remainder" and not sharing.reason:
        what = "dùng phương pháp Sainte-Laguë mà chưa nêu lý do"
        todo = "thêm dòng “reason: …” nói vì sao không dùng phương pháp số dư lớn nhất"
        yield Finding((*loc, "method"), what, todo)


def _classes(loc: Loc, sharing: Sharing, known: Known) -> Iterator[Finding]:
    yield from _ranges((*loc, "classes"), sharing.classes, "")


def _ends(loc: Loc, item: Band | Condition) -> Iterator[Finding]:
    """Yield what makes a range impossible by itself."""
    for one, other, side in (("from_", "above", "dưới"), ("to", "below", "trên")):
        if getattr(item, one) is not None and getattr(item, other) is not None:
            name = one.rstrip("_")
            what = f"ghi cả {name} lẫn {other}: hai mức {side} cho một khoảng"
            todo = f"giữ {name} (kể cả mức đó) hoặc {other} (không kể mức đó)"
            yield Finding((*loc, other), what, todo)
            return
    interval = interval_of(item)
    if interval is None or not interval.empty or interval.high is None:
        return
    if interval.low > interval.high:
        what = f"mức dưới {shown(interval.low)} lớn hơn mức trên {shown(interval.high)}"
        yield Finding(loc, what, "đổi chỗ hai mức")
    else:
        low, high = (
            ("from" if interval.low_in else "above"),
            ("to" if interval.high_in else "below"),
        )
        at = shown(interval.low)
        what = f"khoảng trống: không giá trị nào vừa {low} {at} vừa {high} {at}"
        yield Finding(loc, what, f"ghi from: {at} và to: {at} nếu là đúng giá trị {at}")


def _condition(loc: Loc, condition: Condition, known: Known) -> Iterator[Finding]:
    yield from _ends(loc, condition)
    column = None if condition.column in known.columns else COLUMNS.get(condition.column)
    if column and column.words:
        for key, words in (("is", condition.is_), ("not", condition.not_)):
            for word in words:
                yield from _word((*loc, key), word, condition.column, column.words)


def _word(loc: Loc, word: str, column: str, words: Sequence[str]) -> Iterator[Finding]:
    if match_key(word) not in map(match_key, words):
        what = f"cột {column} không có giá trị “{word}”"
        yield Finding(loc, what, suggestion(word, words))


def _column_kind(loc: Loc, criterion: Criterion, known: Known) -> Iterator[Finding]:
    column = None if criterion.column in known.columns else COLUMNS.get(criterion.column)
    if column is None:
        return
    if criterion.form == "lookup":
        if column.words is None:
            what = f"cột {criterion.column} là cột số nên không dùng lookup"
            yield Finding((*loc, "lookup"), what, "dùng bands, steps, per_unit hoặc share")
        for word in criterion.lookup if column.words else ():
            yield from _word((*loc, "lookup", word), word, criterion.column, column.words or ())
    elif column.words is not None:
        what = f"cột {criterion.column} là cột chữ nên không dùng {criterion.form}"
        yield Finding((*loc, criterion.form), what, "dùng lookup: mỗi loại một số điểm")


def _steps(loc: Loc, steps: Steps, known: Known) -> Iterator[Finding]:
    if steps.every == 0:
        what = "bước tăng (every) bằng 0"
        yield Finding((*loc, "every"), what, "ghi bước lớn hơn 0, chẳng hạn every: 10")
    start, beyond = steps.from_, steps.beyond
    if isinstance(start, Fraction) and isinstance(beyond, Fraction) and beyond < start:
        what = f"mức bắt đầu tăng (beyond) {shown(beyond)} thấp hơn mức đầu (from) {shown(start)}"
        yield Finding((*loc, "beyond"), what, "ghi beyond bằng hoặc cao hơn from")
    most, points = steps.most, steps.points
    if isinstance(most, Fraction) and isinstance(points, Fraction) and most < points:
        what = f"điểm tối đa (most) {shown(most)} thấp hơn điểm đầu (points) {shown(points)}"
        yield Finding((*loc, "most"), what, "ghi most bằng hoặc cao hơn points, hoặc xóa dòng most")


def _bands(loc: Loc, criterion: Criterion, known: Known) -> Iterator[Finding]:
    yield from _ranges(
        (*loc, "bands"), criterion.bands, column_unit(criterion.column, known.columns)
    )


def _parts(loc: Loc, criterion: Criterion, known: Known) -> Iterator[Finding]:
    key = criterion.form
    if key not in ("highest", "sum"):
        return
    parts = criterion.highest or criterion.sum
    yield from _names_once(loc, [(key, i, item) for i, item in enumerate(parts)], known)
    for place, item in enumerate(parts):
        if item.form == "share":
            what = f"tiêu chí con của {key} không dùng share"
            todo = "dùng bands, steps, per_unit hoặc lookup; share chỉ đứng riêng trong criteria"
            yield Finding((*loc, key, place, "share"), what, todo)


def _label(band: Band, interval: Interval) -> str:
    return f"“{band.name or interval.text}”"


def _ranges(loc: Loc, bands: Sequence[Band], unit: str) -> Iterator[Finding]:
    """Yield where ranges share values or leave some out; each value needs exactly one."""
    wrong = [finding for i, band in enumerate(bands) for finding in _ends((*loc, i), band)]
    yield from wrong
    intervals = [interval for band in bands if (interval := interval_of(band))]
    if wrong or len(intervals) != len(bands):
        return
    names = [_label(band, interval) for band, interval in zip(bands, intervals, strict=True)]
    doubled = False
    for one, other, shared in overlaps(intervals):
        doubled = True
        both = f"hai khoảng {names[one]} và {names[other]}"
        todo = "sửa các mức from, above, to, below để mỗi giá trị chỉ thuộc một khoảng"
        if intervals[one].high is None and intervals[other].high is None:
            what = f"{both} đều không ghi mức trên"
            todo = "ghi to hoặc below cho khoảng thấp hơn"
        elif shared.low == shared.high:
            at = shown(shared.low)
            what = f"giá trị {at} thuộc cả {both}"
            todo = f"ghi below: {at} ở khoảng dưới, hoặc above: {at} ở khoảng trên"
        else:
            what = f"{both} chồng lên nhau ở các giá trị {shared.text}"
        yield Finding((*loc, other), what, todo)
    if doubled:
        return
    percent = unit == PERCENT
    for before, after, gap in gaps(intervals, HUNDRED if percent else None):
        many = "" if gap.low == gap.high else "các "
        what = f"{many}giá trị {gap.text} chưa thuộc khoảng nào"
        if after is None:
            todo = "bỏ mức trên của khoảng cuối, hoặc thêm một khoảng cho các giá trị này"
        elif before is None:
            end = "below" if not gap.high_in else "to"
            example = f"{{{end}: {shown(gap.high or Fraction(0))}, points: …}}"
            todo = f"thêm khoảng “{example}” với số điểm đúng, kể cả khi là 0"
        else:
            todo = "sửa mức của hai khoảng liền nhau cho khớp, hoặc thêm một khoảng"
        yield Finding((*loc, before if after is None else after), what, todo)  # type: ignore[arg-type]


SHARING_CHECKS: Mapping[type[BaseModel], tuple[Check, ...]] = MappingProxyType(
    {
        Sharing: (_criteria, _bounds, _method, _classes),
        Criterion: (_column_kind, _bands, _parts),
        Steps: (_steps,),
        Condition: (_condition,),
    }
)

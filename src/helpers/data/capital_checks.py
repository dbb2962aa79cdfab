"""What the tables of earlier years' capital and of movements say of one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from helpers.data.dataset import DataSet
from helpers.data.findings import AGREES, DISAGREES, NOTABLE, PROVINCE, Row, notable, some
from helpers.data.schemas import TABLES
from helpers.text import match_key
from helpers.words import count, million, money

__all__ = ["capital_checks"]

LEAST = 10**6
"""An amount below so many đồng, zero apart, was probably meant in another unit."""

_CARRIED = "Vốn kéo dài so với vốn chưa giải ngân (triệu đồng)"
_UNSPENT = "Vốn chưa giải ngân đồng nào"
_TWICE = "Dòng điều chuyển, trả lại lặp lại"
_AMOUNTS = {
    "history": ("assigned", "disbursed"),
    "carry_over": ("amount",),
    "movements": ("amount",),
}


def capital_checks(data: DataSet) -> list[Row]:
    """Return the checks of the tables of capital; none where the province leaves them out."""
    rows: list[Row] = []
    if data.has("carry_over"):
        rows += _carried_over(data)
    return [*rows, *_unspent(data), *_small_amounts(data), *_twice(data)]


_CAPITAL = ("unit", "line", "source", "capital_type")


def _carried_over(data: DataSet) -> Iterator[Row]:
    """Hold what was carried over against what was left: assigned − disbursed (by vintage)."""
    left: dict[int, Counter[tuple[str, ...]]] = defaultdict(Counter)
    columns = data.history[["year", *_CAPITAL, "assigned", "disbursed"]]
    for year, unit, *key, assigned, disbursed in columns.itertuples(index=False, name=None):
        left[year][match_key(unit), *key] += assigned - disbursed
    carried: dict[int, Counter[tuple[str, ...]]] = defaultdict(Counter)
    names: dict[str, str] = {}
    columns = data.carry_over[["vintage", *_CAPITAL, "amount"]]
    for vintage, unit, *key, amount in columns.itertuples(index=False, name=None):
        carried[vintage][match_key(unit), *key] += amount
        names.setdefault(match_key(unit), unit)
    for vintage, amounts in sorted(carried.items()):
        found, period = sum(amounts.values()), str(vintage)
        subject = f"Vốn năm {vintage}"
        if vintage not in left:
            message = f"{subject}: bảng history không có năm này để đối chiếu."
            yield _CARRIED, PROVINCE, period, "", million(found), "", NOTABLE, message
            continue
        known = left[vintage]
        over = [
            f"{names[key[0]]}, {key[1]} ({key[2]}, {key[3]}): kéo dài {million(amount)}, còn lại "
            f"{million(known[key])} triệu đồng"
            for key, amount in amounts.items()
            if key in known and amount > known[key]
        ]
        unknown = sum(key not in known for key in amounts)
        undisbursed = sum(known.values())
        said = [f"kéo dài {money(found)} trong {money(undisbursed)} chưa giải ngân"]
        if found < undisbursed and not over and not unknown:
            said.append(f"{money(undisbursed - found)} coi như đã trả lại, hủy bỏ")
        if over:
            said.append(f"{count(len(over))} dòng kéo dài nhiều hơn số còn lại: "
                        f"{some(over, 'dòng')}")  # fmt: skip
        if unknown:
            said.append(f"{count(unknown)} dòng không có trong bảng history")
        result = DISAGREES if over else NOTABLE if unknown else AGREES
        yield (
            _CARRIED, PROVINCE, period, million(undisbursed), million(found),
            million(found - undisbursed), result, f"{subject}: {'; '.join(said)}.",
        )  # fmt: skip


def _unspent(data: DataSet) -> Iterator[Row]:
    """Count, by year, the lines of which nothing at all was disbursed."""
    history = data.history
    for year, rows in history[(history["assigned"] > 0) & (history["disbursed"] == 0)].groupby(
        "year"
    ):
        total = int(rows["assigned"].sum())
        yield notable(
            _UNSPENT, PROVINCE, str(year), count(len(rows)),
            f"{_UNSPENT}, năm {year}: {count(len(rows))} dòng, {money(total)}.",
        )  # fmt: skip


def _small_amounts(data: DataSet) -> Iterator[Row]:
    """Find amounts so small that their unit was probably left out."""
    for table, columns in _AMOUNTS.items():
        frame = data.frames[table]
        places = [
            data.where(table, position, column)
            for column in columns
            for position in [
                place for place, amount in enumerate(frame[column]) if 0 < amount < LEAST
            ]
        ]
        if places:
            check = f"Số tiền dưới 1 triệu đồng: {TABLES[table].title}"
            yield notable(
                check, PROVINCE, "", count(len(places)),
                f"{check}: {count(len(places))} ô, có thể ghi thiếu đơn vị: "
                f"{some(places, 'ô')}.",
            )  # fmt: skip


def _twice(data: DataSet) -> Iterator[Row]:
    """Find movements that stand there twice, word for word."""
    frame = data.movements
    again = [place for place, twice in enumerate(frame.duplicated()) if twice]
    if again:
        yield notable(
            _TWICE, PROVINCE, "", count(len(again)),
            f"{_TWICE}: {count(len(again))} dòng giống hệt một dòng phía trên, có thể nhập hai "
            f"lần: {some((data.where('movements', place) for place in again), 'dòng')}.",
        )  # fmt: skip

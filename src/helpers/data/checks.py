"""What the tables say of one another: listed for the planner, never a reason to stop.

Counts are compared as they are; rates after rounding half up to two decimals, as they are
announced. A disagreement with an official figure is "lệch"; one with a derived figure, or
anything that is only unusual, is "lưu ý".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from helpers.data.groups import districts_of
from helpers.data.reading import DataSet
from helpers.data.schemas import INDICATOR_NAMES, PROVINCE_AREAS, label

__all__ = ["AGREES", "COLUMNS", "DISAGREES", "NOTABLE", "check_data"]

AGREES, DISAGREES, NOTABLE = "khớp", "lệch", "lưu ý"
COLUMNS = ("check", "area", "period", "expected", "found", "difference", "result", "message")

HOUSEHOLD_JUMP = Fraction(10, 100)
"""A change of the number of households within a year that wants a second look."""
HIGH_RATE = 60
"""A poverty rate, in percent, that wants a second look."""

_COUNTED = {
    "poverty": ("households", "poor_households", "near_poor_households"),
    "criteria": ("special_difficulty_communes", "poor_workers", "housing_need"),
}
_RATES = {"poor_rate": "poor_households", "near_poor_rate": "near_poor_households"}
_SMALL, _JUMP = "Số đếm nhỏ", "Biến động số hộ"
_RISE, _HIGH = "Tỷ lệ hộ nghèo tăng", "Tỷ lệ hộ nghèo cao"
_PROVINCE = PROVINCE_AREAS["province"]

_Row = tuple[str, str, str, str, str, str, str, str]


def check_data(data: DataSet, *, small_cell_threshold: int) -> pd.DataFrame:
    """Return every check as a row of text (see COLUMNS), worded for a planner.

    A comparison has a row whether it agrees or not; a check that looks for something unusual has
    a row for each find, or one row that says there is none. No two rows have the same check, area
    and period.
    """
    rows = [
        *_totals(data),
        *_known(data),
        *_difficulty(data),
        *_found(_SMALL, f"dưới {small_cell_threshold}", _small_cells(data, small_cell_threshold)),
        *_found(_JUMP, "tổng số hộ tăng hoặc giảm quá 10% trong một năm", _jumps(data)),
        *_found(_RISE, "tỷ lệ hộ nghèo cao hơn năm trước", _rises(data)),
        *_found(_HIGH, f"tỷ lệ hộ nghèo trên {HIGH_RATE}%", _high(data)),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _announced(part: int | Decimal, whole: int = 100) -> Fraction:
    """Return part of whole in percent, rounded half up to two decimals; 0 of nobody."""
    exact = 10_000 * Fraction(part) / whole if whole else Fraction(0)
    return Fraction((2 * exact + 1) // 2, 100)


def _count(value: int) -> str:
    """Return a whole number as Vietnamese writes it ("36.703")."""
    return f"{value:,}".replace(",", ".")


def _hundredths(value: Fraction) -> str:
    """Return an announced rate, or a difference of two, as Vietnamese writes it ("4,16")."""
    whole, part = divmod(int(abs(value) * 100), 100)
    return ("-" if value < 0 else "") + f"{_count(whole)},{part:02d}"


def _rate(value: Fraction) -> str:
    return f"{_hundredths(value)}%"


def _points(value: Fraction) -> str:
    return f"{_hundredths(value)} điểm phần trăm"


def _compared(
    check: str,
    area: str,
    period: str,
    expected: int | Fraction,
    found: int | Fraction,
    *,
    weight: str,
    basis: str,
) -> _Row:
    """Return the row that compares two figures, counts as int and announced rates as Fraction.

    `weight` is the result where they differ.
    """
    difference = found - expected
    if isinstance(expected, Fraction):
        one, other = _rate(expected), _rate(Fraction(found))
        gap, size = _hundredths(Fraction(difference)), _points(abs(Fraction(difference)))
    else:
        one, other = _count(expected), _count(int(found))
        gap, size = _count(int(difference)), _count(abs(int(difference)))
    subject = f"{check} {area.lower()}" + (f" cuối năm {period}" if period else "")
    if difference == 0:
        message = f"{subject}: số tính được {other} khớp với {basis}."
        return check, area, period, one, other, gap, AGREES, message
    way = "cao hơn" if difference > 0 else "thấp hơn"
    message = f"{subject}: số tính được {other} {way} {basis} ({one}) là {size}."
    return check, area, period, one, other, gap, weight, message


def _notable(check: str, area: str, period: str, found: str, message: str) -> _Row:
    return check, area, period, "", found, "", NOTABLE, message


def _found(check: str, sought: str, rows: Iterable[_Row]) -> list[_Row]:
    """Return the finds, or one row that says that nothing of what was sought is there."""
    message = f"{check}: không có trường hợp nào {sought}."
    return list(rows) or [(check, _PROVINCE, "", "", "", "", AGREES, message)]


def _totals(data: DataSet) -> Iterator[_Row]:
    """Compare the districts' sums with the province's own figures."""
    poverty = data.poverty
    for total in data.province_totals.itertuples(index=False):
        members = districts_of(str(total.area), data.districts)
        rows = poverty[poverty["district_code"].isin(members) & (poverty["year"] == total.year)]
        check = INDICATOR_NAMES[str(total.indicator)]
        area, period = PROVINCE_AREAS[str(total.area)], str(total.year)
        value = Decimal(str(total.value))
        is_rate = total.indicator in _RATES
        expected = _announced(value) if is_rate else int(value)
        official = total.status == "official"
        basis = "số công bố" if official else "số suy ra từ số công bố"
        weight = DISAGREES if official else NOTABLE
        if rows.empty:
            shown = _rate(Fraction(expected)) if is_rate else _count(int(value))
            subject = f"{check} {area.lower()} cuối năm {period}"
            message = f"{subject}: không có số liệu huyện để đối chiếu."
            yield check, area, period, shown, "", "", NOTABLE, message
        elif is_rate:
            part = int(rows[_RATES[str(total.indicator)]].sum())
            found = _announced(part, int(rows["households"].sum()))
            yield _compared(check, area, period, expected, found, weight=weight, basis=basis)
        else:
            found_count = int(rows[str(total.indicator)].sum())
            yield _compared(check, area, period, expected, found_count, weight=weight, basis=basis)


def _known(data: DataSet) -> Iterator[_Row]:
    """Compare numbers of rows and totals of columns with what the sidecars know of them."""
    units = {"districts": "Số huyện, thành phố, thị xã", "communes": "Số xã, phường, thị trấn"}
    for table, sidecar in data.sidecars.items():
        known = sidecar.known
        if known is None:
            continue
        basis = f"số đã biết ({known.source})"
        frame = data.frames[table]
        if known.rows is not None:
            check = units.get(table, f"Số dòng của bảng {table}")
            yield _compared(
                check, _PROVINCE, "", known.rows, len(frame), weight=DISAGREES, basis=basis
            )
        for column, expected in known.totals.items():
            yield _compared(
                label(table, column), _PROVINCE, "", expected, int(frame[column].sum()),
                weight=DISAGREES, basis=basis,
            )  # fmt: skip


def _difficulty(data: DataSet) -> Iterator[_Row]:
    """Hold each district's communes in special difficulty against its list of communes.

    Where khu vực is filled in for a district, those of khu vực III have to be as many.
    """
    check = "Số xã đặc biệt khó khăn so với danh mục xã"
    quiet = True
    by_code = data.criteria.set_index("district_code")["special_difficulty_communes"]
    for code, name in data.district_names.items():
        communes = data.communes[data.communes["district_code"] == code]
        given = int(by_code[code])
        third = int((communes["khu_vuc"] == "III").sum())
        if given > len(communes):
            quiet = False
            yield (
                check, name, "", _count(len(communes)), _count(given),
                _count(given - len(communes)), DISAGREES,
                f"{check}, {name}: ghi {_count(given)} xã, nhiều hơn cả {_count(len(communes))} xã "
                "của huyện.",
            )  # fmt: skip
        elif (communes["khu_vuc"] != "").any() and third != given:
            quiet = False
            yield (
                check, name, "", _count(third), _count(given), _count(given - third), DISAGREES,
                f"{check}, {name}: ghi {_count(given)} xã, danh mục có {_count(third)} xã khu vực "
                "III.",
            )  # fmt: skip
    if quiet:
        message = f"{check}: không huyện nào vượt quá số xã của mình."
        yield check, _PROVINCE, "", "", "", "", AGREES, message


def _small_cells(data: DataSet, threshold: int) -> Iterator[_Row]:
    """Find counts above zero so small that a table could point at single households."""
    for table, columns in _COUNTED.items():
        for column in columns:
            if column == "special_difficulty_communes":
                continue  # communes are not people
            frame = data.frames[table]
            small = frame[(frame[column] > 0) & (frame[column] < threshold)]
            name = label(table, column)
            for row in small.to_dict("records"):
                period = str(row.get("year", ""))
                at = f" cuối năm {period}" if period else ""
                yield _notable(
                    f"{_SMALL}: {name}", row["district"], period, _count(row[column]),
                    f"{name}, {row['district']}{at}: chỉ {_count(row[column])}, dưới ngưỡng "
                    f"{_count(threshold)}; có thể nhận ra từng hộ, cân nhắc trước khi công bố.",
                )  # fmt: skip


def _years(data: DataSet) -> Iterator[tuple[str, list[dict[str, int]]]]:
    """Yield each district's name and its counts, year by year."""
    columns = ["year", *_COUNTED["poverty"]]
    ordered = data.poverty.sort_values("year", kind="stable")
    for code, name in data.district_names.items():
        rows = ordered.loc[ordered["district_code"] == code, columns].to_dict("records")
        yield name, [{str(key): int(value) for key, value in row.items()} for row in rows]


def _jumps(data: DataSet) -> Iterator[_Row]:
    for name, years in _years(data):
        for before, now in pairwise(years):
            change = now["households"] - before["households"]
            if abs(change) > HOUSEHOLD_JUMP * before["households"]:
                way = "tăng" if change > 0 else "giảm"
                share = _announced(abs(change), before["households"])
                yield _notable(
                    _JUMP, name, str(now["year"]), _count(change),
                    f"Tổng số hộ, {name}: {way} {_count(abs(change))} hộ ({_rate(share)}) từ cuối "
                    f"năm {before['year']} đến cuối năm {now['year']}; kiểm tra lại số liệu.",
                )  # fmt: skip


def _rises(data: DataSet) -> Iterator[_Row]:
    for name, years in _years(data):
        for before, now in pairwise(years):
            first = _announced(before["poor_households"], before["households"])
            last = _announced(now["poor_households"], now["households"])
            if last > first:
                yield _notable(
                    _RISE, name, str(now["year"]), _hundredths(last - first),
                    f"Tỷ lệ hộ nghèo, {name}: tăng {_points(last - first)} (từ {_rate(first)} cuối "
                    f"năm {before['year']} lên {_rate(last)} cuối năm {now['year']}).",
                )  # fmt: skip


def _high(data: DataSet) -> Iterator[_Row]:
    for name, years in _years(data):
        for now in years:
            found = _announced(now["poor_households"], now["households"])
            if found > HIGH_RATE:
                yield _notable(
                    _HIGH, name, str(now["year"]), _rate(found),
                    f"Tỷ lệ hộ nghèo, {name} cuối năm {now['year']}: {_rate(found)}, trên "
                    f"{HIGH_RATE}%; kiểm tra lại số liệu.",
                )  # fmt: skip

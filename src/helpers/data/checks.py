"""What the tables say of one another: listed for the planner, never a reason to stop.

Counts are compared as they are; rates after rounding half up to two decimals, as they are
announced. A disagreement with an official figure is "lệch"; one with a derived figure, or
anything that is only unusual, is "lưu ý".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from helpers.data.groups import districts_of
from helpers.data.reading import DataSet
from helpers.data.schemas import INDICATOR_NAMES, PROVINCE_AREAS, label
from helpers.rates import announced_rate
from helpers.words import count, decimal, points, rate

__all__ = ["AGREES", "COLUMNS", "DISAGREES", "NOTABLE", "check_data"]

AGREES, DISAGREES, NOTABLE = "khớp", "lệch", "lưu ý"
COLUMNS = ("check", "area", "period", "expected", "found", "difference", "result", "message")

CENT = Decimal("0.01")
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


def _compared(
    check: str,
    area: str,
    period: str,
    expected: int | Decimal,
    found: int | Decimal,
    *,
    weight: str,
    basis: str,
) -> _Row:
    """Return the row that compares two figures, counts as int and announced rates as Decimal.

    `weight` is the result where they differ.
    """
    difference = Fraction(found) - Fraction(expected)
    if isinstance(expected, Decimal):
        one, other = rate(expected), rate(found)
        gap, size = decimal(difference, 2), points(abs(difference))
    else:
        one, other = decimal(expected), decimal(found)
        gap, size = decimal(difference), decimal(abs(difference))
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
        expected = value.quantize(CENT, ROUND_HALF_UP) if is_rate else int(value)
        official = total.status == "official"
        basis = "số công bố" if official else "số suy ra từ số công bố"
        weight = DISAGREES if official else NOTABLE
        if rows.empty:
            shown = rate(value) if is_rate else count(int(value))
            subject = f"{check} {area.lower()} cuối năm {period}"
            message = f"{subject}: không có số liệu huyện để đối chiếu."
            yield check, area, period, shown, "", "", NOTABLE, message
        elif is_rate:
            part = int(rows[_RATES[str(total.indicator)]].sum())
            found = announced_rate(part, int(rows["households"].sum()))
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
                check, name, "", count(len(communes)), count(given),
                count(given - len(communes)), DISAGREES,
                f"{check}, {name}: ghi {count(given)} xã, nhiều hơn cả {count(len(communes))} xã "
                "của huyện.",
            )  # fmt: skip
        elif (communes["khu_vuc"] != "").any() and third != given:
            quiet = False
            yield (
                check, name, "", count(third), count(given), count(given - third), DISAGREES,
                f"{check}, {name}: ghi {count(given)} xã, danh mục có {count(third)} xã khu vực "
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
                    f"{_SMALL}: {name}", row["district"], period, count(row[column]),
                    f"{name}, {row['district']}{at}: chỉ {count(row[column])}, dưới ngưỡng "
                    f"{count(threshold)}; có thể nhận ra từng hộ, cân nhắc trước khi công bố.",
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
                share = announced_rate(abs(change), before["households"])
                yield _notable(
                    _JUMP, name, str(now["year"]), count(change),
                    f"Tổng số hộ, {name}: {way} {count(abs(change))} hộ ({rate(share)}) từ cuối "
                    f"năm {before['year']} đến cuối năm {now['year']}; kiểm tra lại số liệu.",
                )  # fmt: skip


def _rises(data: DataSet) -> Iterator[_Row]:
    for name, years in _years(data):
        for before, now in pairwise(years):
            first = announced_rate(before["poor_households"], before["households"])
            last = announced_rate(now["poor_households"], now["households"])
            if last > first:
                yield _notable(
                    _RISE, name, str(now["year"]), decimal(last - first, 2),
                    f"Tỷ lệ hộ nghèo, {name}: tăng {points(last - first)} (từ {rate(first)} cuối "
                    f"năm {before['year']} lên {rate(last)} cuối năm {now['year']}).",
                )  # fmt: skip


def _high(data: DataSet) -> Iterator[_Row]:
    for name, years in _years(data):
        for now in years:
            found = announced_rate(now["poor_households"], now["households"])
            if found > HIGH_RATE:
                yield _notable(
                    _HIGH, name, str(now["year"]), rate(found),
                    f"Tỷ lệ hộ nghèo, {name} cuối năm {now['year']}: {rate(found)}, trên "
                    f"{HIGH_RATE}%; kiểm tra lại số liệu.",
                )  # fmt: skip

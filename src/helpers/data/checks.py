"""What the tables say of one another: listed for the planner, never a reason to stop.

Counts are compared as they are; rates after rounding half up to two decimals, as they are
announced. A disagreement with an official figure is "lệch"; one with a derived figure, or
anything that is only unusual, is "lưu ý".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from helpers.data.capital_checks import capital_checks
from helpers.data.commune_checks import SMALL, commune_checks, small_communes
from helpers.data.dataset import DataSet
from helpers.data.findings import (
    AGREES,
    COLUMNS,
    DISAGREES,
    NOTABLE,
    PROVINCE,
    Row,
    compared,
    found_or_none,
    notable,
    some,
)
from helpers.data.frames import extra_columns
from helpers.data.groups import DTTS, districts_of
from helpers.data.review.checks.disagreements import review_findings
from helpers.data.schemas import TABLES, label
from helpers.data.vocabulary import INDICATOR_NAMES, PROVINCE_AREAS
from helpers.rates import announced_rate
from helpers.words import count, decimal, million, points, rate

__all__ = ["AGREES", "COLUMNS", "DISAGREES", "NOTABLE", "check_data"]

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
_Years = Mapping[str, Sequence[Mapping[str, int]]]
"""Each district's counts by its name, a mapping a year, ascending."""

_JUMP = "Biến động số hộ"
_RISE, _HIGH = "Tỷ lệ hộ nghèo tăng", "Tỷ lệ hộ nghèo cao"


def check_data(data: DataSet, *, small_cell_threshold: int) -> pd.DataFrame:
    """Return every check as a row of text (see COLUMNS), worded for a planner.

    A comparison has a row whether it agrees or not; a check that looks for something unusual has
    a row for each find, or one row that says there is none. No two rows have the same check, area
    and period.
    """
    years = _years(data)
    small = [*_small_cells(data, small_cell_threshold), *small_communes(data, small_cell_threshold)]
    rows = [
        *_totals(data),
        *_known(data),
        *_difficulty(data),
        *_partial_reports(data),
        *commune_checks(data),
        *capital_checks(data),
        *review_findings(data.review),
        *found_or_none(SMALL, f"dưới {small_cell_threshold}", small),
        *found_or_none(_JUMP, "tổng số hộ tăng hoặc giảm quá 10% trong một năm", _jumps(years)),
        *found_or_none(_RISE, "tỷ lệ hộ nghèo cao hơn năm trước", _rises(years)),
        *found_or_none(_HIGH, f"tỷ lệ hộ nghèo trên {HIGH_RATE}%", _high(years)),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _totals(data: DataSet) -> Iterator[Row]:
    """Compare the districts' sums with the province's own figures."""
    poverty = data.poverty
    for total in data.province_totals.itertuples(index=False):
        if total.area == DTTS:
            rows = data.dtts_poverty[data.dtts_poverty["year"] == total.year]
        else:
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
            yield compared(check, area, period, expected, found, weight=weight, basis=basis)
        else:
            found_count = int(rows[str(total.indicator)].sum())
            yield compared(check, area, period, expected, found_count, weight=weight, basis=basis)


def _known(data: DataSet) -> Iterator[Row]:
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
            yield compared(
                check, PROVINCE, "", known.rows, len(frame), weight=DISAGREES, basis=basis
            )
        for column, expected in known.totals.items():
            described = {**TABLES[table].columns, **extra_columns(table, sidecar)}[column]
            in_money = described.reads == "money"
            yield compared(
                f"{described.title} (triệu đồng)" if in_money else described.title,
                PROVINCE, "", expected, int(frame[column].sum()),
                weight=DISAGREES, basis=basis, worded=million if in_money else decimal,
            )  # fmt: skip


def _difficulty(data: DataSet) -> Iterator[Row]:
    """Hold each district's communes in special difficulty against its list of communes.

    Where khu vực is filled in for a district, those of khu vực III have to be as many.
    """
    check = "Số xã đặc biệt khó khăn so với danh mục xã"
    quiet = True
    by_code = data.criteria.set_index("district_code")["special_difficulty_communes"]
    zones: dict[str, list[str]] = {code: [] for code in data.district_names}
    columns = (data.communes[name].tolist() for name in ("district_code", "khu_vuc"))
    for code, zone in zip(*columns, strict=True):
        zones[code].append(zone)
    for code, name in data.district_names.items():
        communes = zones[code]
        given, third = int(by_code[code]), communes.count("III")
        if given > len(communes):
            quiet = False
            yield (
                check, name, "", count(len(communes)), count(given),
                count(given - len(communes)), DISAGREES,
                f"{check}, {name}: ghi {count(given)} xã, nhiều hơn cả {count(len(communes))} xã "
                "của huyện.",
            )  # fmt: skip
        elif any(communes) and third != given:
            quiet = False
            yield (
                check, name, "", count(third), count(given), count(given - third), DISAGREES,
                f"{check}, {name}: ghi {count(given)} xã, danh mục có {count(third)} xã khu vực "
                "III.",
            )  # fmt: skip
    if quiet:
        message = f"{check}: không huyện nào vượt quá số xã của mình."
        yield check, PROVINCE, "", "", "", "", AGREES, message


def _partial_reports(data: DataSet) -> Iterator[Row]:
    """Find days of reports within the year, and years of minorities, that lack districts."""
    if data.has("poverty_periods"):
        check = "Báo cáo trong năm thiếu huyện"
        use = "ngày này chỉ dùng cho các huyện có báo cáo, không tính cho các nhóm"
        found = _missing(data.poverty_periods, "date", data.district_names, check, use)
        yield from found_or_none(check, "thiếu huyện", found)
    if data.has("dtts_poverty"):
        check = "Số liệu hộ dân tộc thiểu số thiếu huyện"
        use = "năm này không dùng để tính tỷ lệ hộ nghèo dân tộc thiểu số"
        ever = set(data.dtts_poverty["district_code"])
        names = {code: name for code, name in data.district_names.items() if code in ever}
        found = _missing(data.dtts_poverty, "year", names, check, use)
        yield from found_or_none(check, "thiếu huyện", found)


def _missing(
    frame: pd.DataFrame, period: str, names: Mapping[str, str], check: str, use: str
) -> Iterator[Row]:
    """Find the periods that lack some of the districts, and say what becomes of them."""
    for when, rows in frame.groupby(period):
        present = set(rows["district_code"])
        missing = [name for code, name in names.items() if code not in present]
        if missing:
            told = some(missing, "huyện")
            message = f"{check}, {when}: thiếu {count(len(missing))} huyện ({told}); {use}."
            yield notable(check, PROVINCE, str(when), count(len(missing)), message)


def _small_cells(data: DataSet, threshold: int) -> Iterator[Row]:
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
                yield notable(
                    f"{SMALL}: {name}", row["district"], period, f"dưới {count(threshold)}",
                    f"{name}, {row['district']}{at}: dưới ngưỡng {count(threshold)}; có thể nhận "
                    "ra từng hộ, cân nhắc trước khi công bố.",
                )  # fmt: skip


def _years(data: DataSet) -> _Years:
    columns = ["year", *_COUNTED["poverty"]]
    ordered = data.poverty.sort_values("year", kind="stable")
    found: dict[str, list[dict[str, int]]] = {code: [] for code in data.district_names}
    for code, counts in zip(
        ordered["district_code"].tolist(), ordered[columns].to_dict("records"), strict=True
    ):
        found[code].append({str(name): int(value) for name, value in counts.items()})
    return {name: found[code] for code, name in data.district_names.items()}


def _jumps(counted: _Years) -> Iterator[Row]:
    for name, years in counted.items():
        for before, now in pairwise(years):
            change = now["households"] - before["households"]
            if abs(change) > HOUSEHOLD_JUMP * before["households"]:
                way = "tăng" if change > 0 else "giảm"
                share = announced_rate(abs(change), before["households"])
                yield notable(
                    _JUMP, name, str(now["year"]), count(change),
                    f"Tổng số hộ, {name}: {way} {count(abs(change))} hộ ({rate(share)}) từ cuối "
                    f"năm {before['year']} đến cuối năm {now['year']}; kiểm tra lại số liệu.",
                )  # fmt: skip


def _rises(counted: _Years) -> Iterator[Row]:
    for name, years in counted.items():
        for before, now in pairwise(years):
            first = announced_rate(before["poor_households"], before["households"])
            last = announced_rate(now["poor_households"], now["households"])
            if last > first:
                yield notable(
                    _RISE, name, str(now["year"]), decimal(last - first, 2),
                    f"Tỷ lệ hộ nghèo, {name}: tăng {points(last - first)} (từ {rate(first)} cuối "
                    f"năm {before['year']} lên {rate(last)} cuối năm {now['year']}).",
                )  # fmt: skip


def _high(counted: _Years) -> Iterator[Row]:
    for name, years in counted.items():
        for now in years:
            found = announced_rate(now["poor_households"], now["households"])
            if found > HIGH_RATE:
                yield notable(
                    _HIGH, name, str(now["year"]), rate(found),
                    f"Tỷ lệ hộ nghèo, {name} cuối năm {now['year']}: {rate(found)}, trên "
                    f"{HIGH_RATE}%; kiểm tra lại số liệu.",
                )  # fmt: skip

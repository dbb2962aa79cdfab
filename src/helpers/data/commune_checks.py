"""What the communes' tables say of their districts, and of one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from helpers.data.dataset import DataSet
from helpers.data.findings import (
    AGREES,
    DISAGREES,
    NOTABLE,
    PROVINCE,
    Row,
    found_or_none,
    notable,
    some,
)
from helpers.data.vocabulary import COUNT_INDICATORS, INDICATOR_NAMES
from helpers.words import count, decimal

__all__ = ["SMALL", "commune_checks", "small_communes"]

SMALL = "Số đếm nhỏ"
_MISSING = "Xã thiếu số liệu"
_SPECIAL = "Số xã đặc biệt khó khăn theo từng xã so với huyện"
_THIRD = "Xã khu vực III và xã đặc biệt khó khăn"

_Counts = dict[str, tuple[int, ...]]
"""Households, poor and near-poor households, by code."""


def commune_checks(data: DataSet) -> list[Row]:
    """Return the checks of the communes' tables; none where the province leaves them out."""
    rows: list[Row] = []
    by_year = _by_year(data)
    for year, counts in by_year.items():
        rows += _sums(data, year, counts)
    if data.has("commune_criteria"):
        rows += found_or_none(_SPECIAL, "lệch nhau", _special_difficulty(data))
        rows += found_or_none(_THIRD, "trái nhau", _third_areas(data))
    if data.has("commune_poverty") or data.has("commune_criteria"):
        rows += found_or_none(_MISSING, "thiếu dòng", _missing(data, by_year))
    return rows


def small_communes(data: DataSet, threshold: int) -> Iterator[Row]:
    """Count, by year, the communes with counts so small that a table could point at households."""
    for year, counts in _by_year(data).items():
        for place, indicator in enumerate(COUNT_INDICATORS):
            small = sum(0 < values[place] < threshold for values in counts.values())
            if small:
                name = INDICATOR_NAMES[indicator]
                yield notable(
                    f"{SMALL}: {name} của xã", PROVINCE, str(year), count(small),
                    f"{name} cuối năm {year}: {count(small)} xã có số dưới ngưỡng "
                    f"{count(threshold)}; có thể nhận ra từng hộ, cân nhắc trước khi công bố.",
                )  # fmt: skip


def _by_year(data: DataSet) -> dict[int, _Counts]:
    columns = ["year", "code", *COUNT_INDICATORS]
    found: dict[int, _Counts] = defaultdict(dict)
    for year, code, *values in data.commune_poverty[columns].itertuples(index=False, name=None):
        found[year][code] = tuple(values)
    return dict(sorted(found.items()))


def _members(data: DataSet) -> dict[str, list[str]]:
    """Return the codes of each district's communes."""
    members: dict[str, list[str]] = {code: [] for code in data.district_names}
    columns = data.communes[["district_code", "code"]]
    for district, code in columns.itertuples(index=False, name=None):
        members[district].append(code)
    return members


def _sums(data: DataSet, year: int, counts: Mapping[str, tuple[int, ...]]) -> Iterator[Row]:
    """Hold the communes' sums against the districts whose communes are all there."""
    rows = data.poverty[data.poverty["year"] == year]
    columns = rows[["district_code", *COUNT_INDICATORS]]
    districts = {
        code: tuple(values) for code, *values in columns.itertuples(index=False, name=None)
    }
    whole = {
        district: codes
        for district, codes in _members(data).items()
        if codes and district in districts and all(code in counts for code in codes)
    }
    for place, indicator in enumerate(COUNT_INDICATORS):
        check = f"{INDICATOR_NAMES[indicator]} các xã so với huyện"
        subject = f"{check}, cuối năm {year}"
        if not whole:
            message = f"{subject}: không huyện nào có đủ số liệu để đối chiếu."
            yield check, PROVINCE, str(year), "", "", "", NOTABLE, message
            continue
        expected = {district: districts[district][place] for district in whole}
        found = {
            district: sum(counts[code][place] for code in codes)
            for district, codes in whole.items()
        }
        wrong = [
            f"{data.district_names[district]} (các xã {count(found[district])}, huyện "
            f"{count(expected[district])})"
            for district in whole
            if found[district] != expected[district]
        ]
        if wrong:
            message = f"{subject}: lệch ở {len(wrong)}/{len(whole)} huyện: {some(wrong, 'huyện')}."
        else:
            message = f"{subject}: khớp ở cả {len(whole)} huyện."
        difference = sum(found.values()) - sum(expected.values())
        yield (
            check, PROVINCE, str(year), count(sum(expected.values())), count(sum(found.values())),
            decimal(difference), DISAGREES if wrong else AGREES, message,
        )  # fmt: skip


def _missing(data: DataSet, by_year: Mapping[int, _Counts]) -> Iterator[Row]:
    """Find the communes that a table leaves out."""
    tables = [(str(year), f"số hộ cuối năm {year}", set(codes)) for year, codes in by_year.items()]
    if data.has("commune_criteria"):
        tables.append(("", "tiêu chí", set(data.commune_criteria["code"])))
    listed = data.communes[["code", "name", "district"]]
    for period, subject, there in tables:
        missing = [
            f"{name} ({district})"
            for code, name, district in listed.itertuples(index=False, name=None)
            if code not in there
        ]
        if missing:
            yield notable(
                _MISSING, PROVINCE, period, count(len(missing)),
                f"{_MISSING}: {count(len(missing))} xã chưa có {subject}: {some(missing, 'xã')}.",
            )  # fmt: skip


def _special_difficulty(data: DataSet) -> Iterator[Row]:
    """Hold the communes marked as in special difficulty against each district's number."""
    marked = dict(
        data.commune_criteria[["code", "special_difficulty"]].itertuples(index=False, name=None)
    )
    given = dict(
        data.criteria[["district_code", "special_difficulty_communes"]].itertuples(
            index=False, name=None
        )
    )
    for district, codes in _members(data).items():
        found = sum(marked.get(code) == "yes" for code in codes)
        whole = all(code in marked for code in codes)
        if found > given[district] or (whole and found < given[district]):
            name = data.district_names[district]
            yield (
                _SPECIAL, name, "", count(given[district]), count(found),
                decimal(found - given[district]), DISAGREES,
                f"{_SPECIAL}, {name}: bảng của huyện ghi {count(given[district])} xã, đánh dấu "
                f"{count(found)} xã.",
            )  # fmt: skip


def _third_areas(data: DataSet) -> Iterator[Row]:
    """Find communes of khu vực III that are not marked, and marked ones of khu vực I or II.

    The latter may be right (bãi ngang, hải đảo), so they only want a look.
    """
    marked = dict(
        data.commune_criteria[["code", "special_difficulty"]].itertuples(index=False, name=None)
    )
    unmarked: dict[str, list[str]] = defaultdict(list)
    others: Counter[str] = Counter()
    listed = data.communes[["code", "name", "district", "khu_vuc"]]
    for code, name, district, khu_vuc in listed.itertuples(index=False, name=None):
        if khu_vuc == "III" and marked.get(code) == "no":
            unmarked[district].append(name)
        elif khu_vuc in ("I", "II") and marked.get(code) == "yes":
            others[district] += 1
            unmarked[district] += []
    for district, names in unmarked.items():
        said = []
        if names:
            said.append(f"{len(names)} xã khu vực III không ghi đặc biệt khó khăn: "
                        f"{some(names, 'xã')}")  # fmt: skip
        if others[district]:
            said.append(f"{others[district]} xã ghi đặc biệt khó khăn mà thuộc khu vực I, II")
        yield (
            _THIRD, district, "", "", count(len(names) + others[district]), "",
            DISAGREES if names else NOTABLE, f"{_THIRD}, {district}: {'; '.join(said)}.",
        )  # fmt: skip

"""Published tables of poverty for the briefs' tests: a year-end, a day within the year, nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from helpers.brief.reader import Brief
from helpers.data.catalogue import spec
from helpers.data.published import SUPPRESSED, Published
from helpers.data.review.forms import review_forms
from helpers.rates import announced_rate

Rows = Iterable[Mapping[str, Any]]

SMALL = 10
"""Below this a count of the samples is withheld."""

INDICATORS: Mapping[str, tuple[str, str, int]] = {
    "employment": ("Việc làm", "Việc làm", 38),
    "dependents": ("Việc làm", "Người phụ thuộc trong hộ gia đình", 24),
    "nutrition": ("Y tế", "Dinh dưỡng", 17),
    "health_insurance": ("Y tế", "Bảo hiểm y tế", 9),
    "adult_education": ("Giáo dục", "Trình độ giáo dục của người lớn", 41),
    "child_schooling": ("Giáo dục", "Tình trạng đi học của trẻ em", 6),
    "housing_quality": ("Nhà ở", "Chất lượng nhà ở", 47),
    "housing_area": ("Nhà ở", "Diện tích nhà ở bình quân đầu người", 22),
    "water": ("Nước sinh hoạt và vệ sinh", "Nguồn nước sinh hoạt", 33),
    "sanitation": ("Nước sinh hoạt và vệ sinh", "Nhà tiêu hợp vệ sinh", 58),
    "telecom": ("Thông tin", "Sử dụng dịch vụ viễn thông", 44),
    "information": ("Thông tin", "Phương tiện phục vụ tiếp cận thông tin", 35),
}
"""Key, service, name, and the percentage of poor households that lack it in the samples."""

TABLES = (
    "flows", "rate_moves", "deprivations", "poor_profile", "commune_rates", "forecast",
    "count_targets", "districts_at_risk", "review_checks", "reconciliation", "known_errors",
    "register_measures", "register_indicators",
)  # fmt: skip


def sample(name: str, rows: Rows = ()) -> Published:
    """Return a published table of these rows, with every column that the catalogue promises."""
    wanted = spec(name)
    made = list(rows)
    for row in made:
        assert set(row) == set(wanted.fields), (name, set(row) ^ set(wanted.fields))
    frame = pd.DataFrame(made, columns=list(wanted.fields), dtype=object)
    return Published(name, frame, wanted.title, ("illustrative",), (), wanted)


def with_tables(brief: Brief, *tables: Published) -> Brief:
    """Return the brief with these tables in place of those that were published."""
    read = {**brief._read, **{table.name: table for table in tables}}
    return Brief(brief.plan_id, brief.output, read)


def changed(table: Published, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Published:
    """Return the table with each row as the function changes it."""
    rows = [{**row, **change(row)} for row in table.frame.to_dict("records")]
    return replace(table, content=pd.DataFrame(rows, columns=table.frame.columns, dtype=object))


def without_review(brief: Brief) -> Brief:
    """Return the brief of a province that returned no forms: every new table is empty."""
    return with_tables(at_year_end(brief), *(sample(name) for name in TABLES))


def at_year_end(brief: Brief) -> Brief:
    """Return the brief of a year that is over, with a forecast of the next."""
    targets = _targets(brief, within_year=False)
    return with_tables(
        brief, targets, _forecast(targets, 2025), *_reported(brief), *_register(brief)
    )


def within_year(brief: Brief) -> Brief:
    """Return the brief on 30 September of the plan's year, its poverty counted to that day."""
    targets, rates = _targets(brief, within_year=True), brief.table("poverty_rates")
    past = replace(rates, content=rates.frame[rates.frame["year"].astype(int) < 2024])
    early = with_tables(brief, past)
    return with_tables(
        early, targets, _forecast(targets, 2024), *_reported(early), *_register(early)
    )


def _targets(brief: Brief, *, within_year: bool) -> Published:
    """Return the shipped targets at the year-end, or two thirds of the way in September."""
    rows = []
    for place, row in enumerate(brief.table("targets").frame.to_dict("records")):
        low, high, cut = row["target_low"], row["target_high"], row["cut"]
        made = {name: row.get(name) for name in spec("targets").fields}
        made |= {"as_of": "2024-12-31", "elapsed": Decimal(100), "due_low": low, "due_high": high}
        made |= {"households_end": row["households"], "inflow": 0, "gross_to_low": row["to_low"]}
        if within_year:
            cut = _cents(cut * (60 + 5 * (place % 6)) / 100) if place % 7 != 3 else Decimal("-0.02")
            due_low, due_high = _cents(low * 3 / 4), _cents(high * 3 / 4)
            word = ["vượt", "đạt", "chậm", "nguy cơ không đạt"]
            place_of = 0 if cut > due_high else 1 if cut >= due_low else 2 if cut > low / 2 else 3
            left = int(max(low - cut, 0) * row["households"] / 100)
            made |= {
                "as_of": "2024-09-30",
                "elapsed": Decimal(75),
                "cut": cut,
                "current_rate": row["baseline_rate"] - cut,
                "due_low": due_low,
                "due_high": due_high,
                "result": word[place_of],
                "to_low": left,
                "inflow": row["poor_households"] // 20,
                "gross_to_low": left + row["poor_households"] // 20,
            }
        rows.append(made)
    return sample("targets", rows)


def _cents(value: Decimal) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _forecast(targets: Published, year: int) -> Published:
    rows = []
    for row in targets.frame.to_dict("records"):
        now, this_year = row["current_rate"], row["as_of"] < f"{year}-12-31" < "2025"
        expected = max(_cents(now - row["target_low"] * (35 if this_year else 90) / 100), _cents(0))
        few = row["area"] == "Cửa Lò"
        rows.append(
            {
                "group": row["group"],
                "area_code": row["area_code"],
                "area": row["area"],
                "as_of": row["as_of"],
                "horizon": f"{year}-12-31",
                "observations": 2 if few else 4,
                "rate_now": now,
                "expected": None if few else expected,
                "low": None if few else max(expected - Decimal("0.45"), Decimal(0)),
                "high": None if few else expected + Decimal("0.45"),
                "level": Decimal(80),
                "target_low": row["target_low"] if this_year else None,
                "target_high": row["target_high"] if this_year else None,
                "probability_low": Decimal("71.4") if this_year and not few else None,
                "probability_high": Decimal("18.2") if this_year and not few else None,
                "pace_so_far": _cents(row["cut"] / 9) if this_year else None,
                "pace_needed": Decimal("0.12") if this_year else None,
                "reason": "mới có 2 lần quan sát, cần ít nhất 3" if few else "",
            }
        )
    return sample("forecast", rows)


def _reported(brief: Brief) -> tuple[Published, ...]:
    """Return what the review's forms give."""
    rates = brief.table("poverty_rates").frame
    year = rates["year"].max()
    now = rates[rates["year"] == year].to_dict("records")
    before = rates[rates["year"] == str(int(year) - 1)].set_index("area_code")
    return (
        sample("flows", _flow_rows(now, before, year)),
        sample("rate_moves", _move_rows(now, before, year)),
        sample("deprivations", _deprivation_rows(now, year)),
        sample("poor_profile", _profile_rows(now, year)),
        sample("commune_rates", _commune_rows(brief, now, year)),
        sample("districts_at_risk", _risk_rows(brief)),
        sample("count_targets"),
        *_disagreements(year),
    )


def _hidden(value: int) -> int | str:
    return SUPPRESSED if 0 < value < SMALL else value


def _flow_rows(now: list[dict[str, Any]], before: pd.DataFrame, year: str) -> Rows:
    for kind in ("poor", "near_poor"):
        column = "poor_households" if kind == "poor" else "near_poor_households"
        for row in now:
            if row["area_code"] == "dtts":
                continue
            opening, closing = int(before.loc[row["area_code"], column]), int(row[column])
            into = [opening * part // 1000 for part in (24, 9, 31, 6)]
            out = opening - closing + sum(into)
            changed_kind, other = out * 55 // 100, out * 8 // 100
            above = out - changed_kind - other
            steps = dict(
                zip(
                    ("changed", "above", "other_decrease", "from_other", "relapsed", "newly",
                     "other_increase"),
                    (changed_kind, above, other, *into),
                    strict=True,
                )
            )  # fmt: skip
            yield {
                "kind": kind,
                **_placed(row, year),
                "opening": opening,
                **{name: _hidden(value) for name, value in steps.items()},
                "closing": closing,
                "gross_out": out,
                "gross_in": sum(into),
                "net": opening - closing,
                "relapse_rate": SUPPRESSED
                if 0 < into[1] < SMALL
                else announced_rate(into[1], changed_kind + above),
            }


def _placed(row: Mapping[str, Any], year: str) -> dict[str, Any]:
    return {name: row[name] for name in ("group", "area_code", "area")} | {"year": year}


def _move_rows(now: list[dict[str, Any]], before: pd.DataFrame, year: str) -> Rows:
    whole = next(row for row in now if row["group"] == "province")
    shares = []
    for row in now:
        if row["group"] in ("district", "province"):
            code = row["area_code"]
            moved = Decimal(row["poor_households"] - int(before.loc[code, "poor_households"]))
            total = (100 * moved / whole["households"]).quantize(Decimal("0.0001"))
            shares.append((total, row))
    districts = sorted(
        (total, row["area_code"]) for total, row in shares if row["group"] == "district"
    )
    ranks = {code: place for place, (_, code) in enumerate(districts, start=1)}
    exact = sum(total for total, _ in districts)
    for total, row in shares:
        code, own = row["area_code"], row["group"] == "district"
        effect = total if own else exact
        yield {
            "district_code": code if own else "total",
            "district": row["area"],
            "from_year": str(int(year) - 1),
            "year": year,
            "rate_before": before.loc[code, "poor_rate"],
            "rate_after": row["poor_rate"],
            "share_before": Decimal(5),
            "share_after": Decimal(5),
            "rate_effect": effect,
            "share_effect": Decimal("0.0000"),
            "total": effect,
            "rank": ranks[code] if own else None,
        }


def _deprivation_rows(now: list[dict[str, Any]], year: str) -> Rows:
    for kind, column in (("poor", "poor_households"), ("near_poor", "near_poor_households")):
        for row in now:
            if row["area_code"] == "dtts":
                continue
            households = int(row[column])
            lift = {"poor_districts": 14, "mountains": 6, "lowland": -5}.get(row["group"], 0)
            lift += int(row["area_code"]) % 7 - 3 if row["group"] == "district" else 0
            for order, (key, (service, label, percent)) in enumerate(INDICATORS.items(), start=1):
                part = max(percent + lift * (1 + order % 3) // 2, 1) - 3 * (kind == "near_poor")
                deprived = households * max(part, 1) // 100
                hidden = 0 < deprived < SMALL
                yield {
                    "kind": kind,
                    **_placed(row, year),
                    "order": order,
                    "service": service,
                    "indicator": key,
                    "label": label,
                    "households": households,
                    "deprived": SUPPRESSED if hidden else deprived,
                    "percent": SUPPRESSED if hidden else announced_rate(deprived, households),
                }


def _profile_rows(now: list[dict[str, Any]], year: str) -> Rows:
    forms = {form.number: form for form in review_forms({}, ("Thái", "Mông", "Kinh"))}
    topics = {"group": (8, (72, 6, 2, 21)), "ethnicity": (9, (50, 30, 20))}
    topics["cause"] = (10, (21, 44, 12, 17, 39, 36, 15, 4))
    for topic, (number, parts) in topics.items():
        for row in now:
            if row["area_code"] == "dtts":
                continue
            whole = int(row["poor_households"])
            for order, (column, percent) in enumerate(
                zip(forms[number].columns[1:], parts, strict=True), start=1
            ):
                lift = int(row["area_code"]) % 5 if row["group"] == "district" else 0
                count = whole * (percent + lift) // 100
                hidden = 0 < count < SMALL
                yield {
                    "topic": topic,
                    **_placed(row, year),
                    "order": order,
                    "item": column.key,
                    "label": column.caption,
                    "whole": whole,
                    "count": SUPPRESSED if hidden else count,
                    "percent": SUPPRESSED if hidden else announced_rate(count, whole),
                }


def _commune_rows(brief: Brief, now: list[dict[str, Any]], year: str) -> Rows:
    """Yield each district's communes: their share of the poor falls from the first on."""
    for row in now:
        if row["group"] != "district":
            continue
        code, poor, households = row["area_code"], int(row["poor_households"]), row["households"]
        number = 8 + int(code) % 5
        weights = list(range(number, 0, -1))
        for place, weight in enumerate(weights, start=1):
            own, whole = poor * weight // sum(weights), int(households) // number
            hidden = 0 < own < SMALL
            yield {
                "district_code": code,
                "district": row["area"],
                "unit_code": f"{code}{place:02d}",
                "unit": f"Xã {row['area']} {place}",
                "year": year,
                "households": whole,
                "poor_before": SUPPRESSED if hidden else own + own // 8,
                "poor_households": SUPPRESSED if hidden else own,
                "poor_rate": SUPPRESSED if hidden else announced_rate(own, whole),
                "near_poor_households": own + 12,
                "rank": place,
            }


def _risk_rows(brief: Brief) -> Rows:
    targets = brief.table("targets")
    for order, code in enumerate(("417", "424"), start=1):
        row = targets.one(area_code=code)
        yield {
            "order": order,
            "district_code": code,
            "district": row["area"],
            "rate": row["current_rate"],
            "result": row["result"],
            "to_low": 15 * order,
            "gross_to_low": 40 * order,
            "probability_low": Decimal("31.5") if order == 1 else None,
            "reasons": "relapse" if order == 2 else "missed",
            "message": f"năm 2024 có {120 * order} hộ tái nghèo, bằng 6,20% số hộ thoát nghèo",
        }


def _disagreements(year: str) -> tuple[Published, ...]:
    place = {"unit_code": "417", "unit": "Kỳ Sơn"}
    check = {
        "order": 1, "form": "Biểu 2", "year": year, "level": "district", **place,
        "column": "Hộ nghèo cuối kỳ (hộ)", "against": "9=1-2-3-4+5+6+7+8",
        "value": Decimal(6493), "expected": Decimal(6483), "difference": Decimal(10),
        "effect": Decimal("0.0011"), "result": "lệch",
        "where": "review/2024/ky-son.xlsx, trang tính Biểu 2, ô R9", "message": "lệch 10 hộ",
    }  # fmt: skip
    compared = [
        {
            "year": year, "district_code": code, "district": name, "indicator": "Hộ nghèo",
            "returns": 100, "department": 100 + off, "difference": -off,
            "effect": Decimal("0.0003") * off, "result": "lệch" if off else "khớp",
            "message": f"Hộ nghèo {name}: chênh {off} hộ.",
        }
        for code, name, off in (("417", "Kỳ Sơn", 3), ("412", "Vinh", 0))
    ]  # fmt: skip
    known = {
        "form": "Biểu 1", "year": year, **place, "column": "Hộ nghèo: Số hộ", "found": 6943,
        "corrected": 6493, "reason": "Đảo hai chữ số, huyện đã xác nhận",
        "where": "review/2024/ky-son.xlsx, trang tính Biểu 1, ô D9",
    }  # fmt: skip
    return (
        sample("review_checks", [check]),
        sample("reconciliation", compared),
        sample("known_errors", [known]),
    )


def _register(brief: Brief) -> tuple[Published, ...]:
    rates = brief.table("poverty_rates").frame
    now = rates[(rates["year"] == rates["year"].max()) & (rates["area_code"] != "dtts")]
    measures = [
        {
            **{name: row[name] for name in ("group", "area_code", "area")},
            "standard": "Chuẩn nghèo 2022 - 2025",
            "households": row["households"],
            "persons": row["households"] * 4,
            "poor_households": row["poor_households"],
            "near_poor_households": row["near_poor_households"],
            "poor_rate": row["poor_rate"],
            "near_poor_rate": row["near_poor_rate"],
            "headcount": row["poor_rate"],
            "intensity": Decimal("38.2146"),
            "mpi": row["poor_rate"] * Decimal("0.00382146"),
            "mpi_contribution": Decimal("4.1234"),
        }
        for row in now.to_dict("records")
    ]
    indicators = [
        {
            "group": "province", "area_code": "province", "area": "Toàn tỉnh", "order": order,
            "service": service, "indicator": key, "label": label,
            "deprived": 9000 * percent, "poor_deprived": 360 * percent,
            "raw": Decimal(percent), "censored": Decimal(percent) / 2,
            "contribution": Decimal("8.33"),
        }
        for order, (key, (service, label, percent)) in enumerate(INDICATORS.items(), start=1)
    ]  # fmt: skip
    return sample("register_measures", measures), sample("register_indicators", indicators)

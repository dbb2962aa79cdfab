"""Inflows of targets beside withheld flows, register tables, and warnings of what stays exposed."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from helpers.data.dataset import DataSet
from helpers.data.known import known_by
from helpers.data.published import SUPPRESSED, Result
from helpers.desk import Desk
from helpers.plan.model import Plan
from helpers.plan.values import day
from helpers.poverty.disclosure import guard_register_indicators, guard_register_measures
from helpers.progress.withheld import FLOWS, withhold_inflows

MEMBERS = {"province": ("1", "2", "3")}


def _flows(**withheld: str) -> Result:
    rows = [
        {"kind": kind, "area_code": code, "year": year, **dict.fromkeys(FLOWS, 20)}
        for kind in ("poor", "near_poor")
        for code in ("1", "2")
        for year in (2022, 2023)
    ]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(FLOWS, object))
    for code, column in withheld.items():
        chosen = (frame["area_code"] == code.removeprefix("d")) & (frame["year"] == 2023)
        frame.loc[chosen & (frame["kind"] == "poor"), column] = SUPPRESSED
    return Result(frame)


def _targets(*inflows: int | None) -> Result:
    rows = [
        {"area_code": str(code), "inflow": inflow, "gross_to_low": 50}
        for code, inflow in enumerate(inflows, start=1)
    ]
    return Result(pd.DataFrame(rows, dtype=object))


def test_an_inflow_beside_a_withheld_flow_is_withheld() -> None:
    """District 1 hides who relapsed, so its expected inflow goes; district 2's stays."""
    found = withhold_inflows(_targets(15, 30), lambda: _flows(d1="relapsed")).frame
    assert found["inflow"].to_list() == [SUPPRESSED, 30]
    assert found["gross_to_low"].to_list() == [SUPPRESSED, 50]


def test_without_inflows_no_flow_is_asked_for() -> None:
    """At the year-end nothing is expected any more, and the guard of the flows is not run."""

    def never() -> Result:
        raise AssertionError("asked")

    targets = _targets(0, None)
    assert withhold_inflows(targets, never) is targets


def _measures(*poor: int) -> Result:
    rows = [("province", sum(poor)), *((str(n), number) for n, number in enumerate(poor, start=1))]
    frame = pd.DataFrame(
        {
            "area_code": [code for code, _ in rows],
            "area": [code for code, _ in rows],
            "households": 1000,
            "poor_households": [number for _, number in rows],
            "near_poor_households": 40,
            **dict.fromkeys(("poor_rate", "near_poor_rate", "headcount"), Decimal(1)),
            **dict.fromkeys(("intensity", "mpi", "mpi_contribution"), Decimal(1)),
        }
    )
    frame.loc[0, "near_poor_households"] = 120
    return Result(frame)


def test_a_register_hides_small_counts_and_all_that_tells_them() -> None:
    """3 poor households of district 1 go with their measures, and a second district's with them."""
    found = guard_register_measures(_measures(3, 40, 60), MEMBERS, 10).frame.set_index("area_code")
    hidden = found["poor_households"] == SUPPRESSED
    assert hidden["1"]
    assert hidden.sum() == 2
    for column in ("poor_rate", "headcount", "intensity", "mpi", "mpi_contribution"):
        assert (found[column] == SUPPRESSED).equals(hidden), column
    assert found["near_poor_households"].to_list() == [120, 40, 40, 40]
    assert found.loc["province", "poor_households"] == 103


def test_a_register_hides_small_indicators() -> None:
    """Four households that lack water are told neither by count nor by percentage."""
    rows = [("province", 104, 50), ("1", 4, 4), ("2", 60, 30), ("3", 40, 16)]
    frame = pd.DataFrame(
        {
            "area_code": [code for code, _, _ in rows],
            "area": [code for code, _, _ in rows],
            "indicator": "water",
            "label": "Nguồn nước",
            "deprived": [number for _, number, _ in rows],
            "poor_deprived": [number for _, _, number in rows],
            **dict.fromkeys(("raw", "censored", "contribution"), Decimal(1)),
        }
    )
    found = guard_register_indicators(Result(frame), MEMBERS, 10).frame.set_index("area_code")
    assert list(
        found.loc["1", ["deprived", "poor_deprived", "raw", "censored", "contribution"]]
    ) == ([SUPPRESSED] * 5)
    assert (found["deprived"] == SUPPRESSED).sum() == 2
    assert ((found["raw"] == SUPPRESSED) == (found["deprived"] == SUPPRESSED)).all()


def test_what_cannot_be_hidden_is_said(
    shipped_plan: Plan, shipped_data: DataSet, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A district's only commune has seven near-poor households: the district's total tells them."""
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    rows = [
        {
            "district_code": "412", "district": "Vinh", "unit_code": code, "unit": f"Phường {code}",
            "year": 2024, "households": 900, "poor_before": 30, "poor_households": 20,
            "poor_rate": Decimal("2.22"), "near_poor_households": number, "rank": 1,
        }
        for code, number in (("1", 7),)
    ]  # fmt: skip
    desk = Desk(shipped_plan, shipped_data)
    table = desk.publish("commune_rates", Result(pd.DataFrame(rows)))
    assert "CẢNH BÁO: vẫn có thể suy ra số nhỏ" in table.note
    assert "Phường 1" in table.note
    assert all("7" not in row[9] for row in table.texts())


def test_data_of_a_day_know_nothing_later(shipped_data: DataSet) -> None:
    """On 30/9/2024 no year-end, report or form of later is known; on 31/12 the year-end is."""
    september = known_by(shipped_data, day("2024-09-30"))
    assert september.poverty["year"].max() == september.dtts_poverty["year"].max() == 2023
    assert max(september.poverty_periods["date"]).isoformat() == "2024-09-30"
    assert september.review.years == (2022, 2023)
    assert len(september.review.applied) == 0
    assert known_by(shipped_data, day("2024-12-31")).review.years == (2022, 2023, 2024)
    june = known_by(shipped_data, day("2024-06-30"))
    assert max(june.poverty_periods["date"]).isoformat() == "2024-06-30"
    assert known_by(shipped_data, None) is shipped_data
    assert shipped_data.poverty["year"].max() == 2024

"""Which districts moved the province's rate: by hand, and adding up exactly for any counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from filled_reviews import DISTRICTS, KY_SON, THAI_HOA, VINH, cells, has_columns_of, sample_data
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.data.dataset import DataSet
from helpers.poverty.moves import TOTAL, Counts, decompose, rate_moves, rounded_effects
from helpers.rates import announced_rate

UNIT = Decimal("0.0001")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """Return the three-district province."""
    return sample_data(tmp_path_factory)


def with_poverty(data: DataSet, years: Mapping[int, Mapping[str, Counts]]) -> DataSet:
    """Return the data with households and poor households by year-end and district."""
    rows = [
        (code, data.district_names[code], year, households, poor, 0)
        for year, districts in years.items()
        for code, (households, poor) in districts.items()
    ]
    return dataclasses.replace(data, poverty=pd.DataFrame(rows, columns=list(data.poverty)))


BEFORE = {VINH: (600, 12), THAI_HOA: (200, 20), KY_SON: (200, 100)}
AFTER = {VINH: (700, 7), THAI_HOA: (200, 20), KY_SON: (100, 40)}


def test_a_decomposition_by_hand() -> None:
    """Of 1.000 households 132 were poor (13,2%), now 67 (6,7%): −6,5 points.

    R̄ = 9,95. Vinh: w̄ = 0,65, Δr = 1 − 2 = −1 → −0,65; r̄ = 1,5, Δw = +0,1 →
    (1,5 − 9,95)·0,1 = −0,845. Thái Hòa: nothing changed → 0 and 0. Kỳ Sơn: w̄ = 0,15,
    Δr = 40 − 50 = −10 → −1,5; r̄ = 45, Δw = −0,1 → (45 − 9,95)·(−0,1) = −3,505.
    Together −2,15 and −4,35, which is −6,5.
    """
    effects = decompose(BEFORE, AFTER)
    exact = {code: (effect.rate, effect.share) for code, effect in effects.items()}
    assert exact == {
        VINH: (Fraction("-0.65"), Fraction("-0.845")),
        THAI_HOA: (0, 0),
        KY_SON: (Fraction("-1.5"), Fraction("-3.505")),
    }


def test_the_table_by_hand(data: DataSet) -> None:
    """The same numbers as printed, the province last; Kỳ Sơn brought the rate down the most."""
    result = rate_moves(with_poverty(data, {2023: BEFORE, 2024: AFTER}))
    frame = result.frame
    assert has_columns_of(frame, "rate_moves")
    wanted = ("district", "rate_before", "rate_after", "share_before", "share_after")
    assert [tuple(map(str, row)) for row in cells(frame, wanted)] == [
        ("Vinh", "2.00", "1.00", "60.00", "70.00"),
        ("Thái Hòa", "10.00", "10.00", "20.00", "20.00"),
        ("Kỳ Sơn", "50.00", "40.00", "20.00", "10.00"),
        ("Toàn tỉnh", "13.20", "6.70", "100.00", "100.00"),
    ]
    effects = ("district_code", "rate_effect", "share_effect", "total", "rank")
    assert [tuple(map(str, row)) for row in cells(frame, effects)] == [
        (VINH, "-0.6500", "-0.8450", "-1.4950", "2"),
        (THAI_HOA, "0.0000", "0.0000", "0.0000", "3"),
        (KY_SON, "-1.5000", "-3.5050", "-5.0050", "1"),
        (TOTAL, "-2.1500", "-4.3500", "-6.5000", "None"),
    ]
    assert set(zip(frame["from_year"], frame["year"], strict=True)) == {(2023, 2024)}
    assert "districts" in " ".join(result.inputs)


def test_a_district_that_appears_is_a_share_effect() -> None:
    """Without households it had no rate, so nothing is due to a change of its rate."""
    before = {"A": (100, 10), "B": (0, 0)}
    effects = decompose(before, {"A": (100, 10), "B": (100, 50)})
    assert effects["A"].rate == effects["B"].rate == 0
    assert effects["B"].share > 0
    assert sum(effect.share for effect in effects.values()) == 30 - 10


def test_the_total_is_the_change_of_the_unrounded_rate(data: DataSet) -> None:
    """1 of 801 (0,12484%) to 1 of 799 (0,12516%): announced 0,12 to 0,13, really +0,0003."""
    two = {THAI_HOA: (0, 0), KY_SON: (0, 0)}
    frame = rate_moves(
        with_poverty(data, {2023: {VINH: (801, 1), **two}, 2024: {VINH: (799, 1), **two}})
    ).frame
    whole = frame[frame["district_code"] == TOTAL].iloc[0]
    assert whole["rate_after"] - whole["rate_before"] == Decimal("0.01")
    assert whole["total"] == Decimal("0.0003")


def test_each_pair_of_following_years(data: DataSet) -> None:
    """Three year-ends, one of them skipped, give two comparisons that name both ends."""
    frame = rate_moves(with_poverty(data, {2021: BEFORE, 2023: AFTER, 2024: BEFORE})).frame
    pairs = frame[["from_year", "year"]].drop_duplicates()
    assert cells(pairs, ("from_year", "year")) == [(2021, 2023), (2023, 2024)]
    assert not frame.duplicated(["district_code", "year"]).any()


def test_one_year_end_is_not_enough(data: DataSet) -> None:
    """Without a second year-end there is nothing to compare: columns, no row."""
    frame = rate_moves(with_poverty(data, {2024: AFTER})).frame
    assert has_columns_of(frame, "rate_moves")
    assert frame.empty


def test_a_year_without_households_has_no_rate(data: DataSet) -> None:
    """A year-end for which every count is zero is no start for a comparison."""
    nobody = dict.fromkeys(DISTRICTS, (0, 0))
    assert rate_moves(with_poverty(data, {2023: nobody, 2024: AFTER})).frame.empty


HOUSEHOLDS = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 200_000))


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Return households and poor ones among them; often none at all."""
    households = draw(HOUSEHOLDS)
    return households, draw(st.integers(0, households))


@st.composite
def two_dates(draw: st.DrawFn) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """Return the same districts at two dates, at least one household at each."""
    codes = [f"{number:02d}" for number in range(draw(st.integers(1, 25)))]
    sides = [{code: draw(counts()) for code in codes} for _ in range(2)]
    assume(all(any(households for households, _ in side.values()) for side in sides))
    return sides[0], sides[1]


def change(before: Mapping[str, Counts], after: Mapping[str, Counts]) -> Fraction:
    """Return the exact change of the whole's rate in percentage points."""
    rates = [
        Fraction(100 * sum(p for _, p in side.values()), sum(h for h, _ in side.values()))
        for side in (before, after)
    ]
    return rates[1] - rates[0]


@given(two_dates())
def test_the_exact_effects_leave_no_residual(
    dates: tuple[dict[str, Counts], dict[str, Counts]],
) -> None:
    """All effects together are the change of the province's rate, to the last fraction."""
    effects = decompose(*dates)
    assert sum(effect.rate + effect.share for effect in effects.values()) == change(*dates)


@given(two_dates())
def test_printed_effects_add_up_both_ways(
    dates: tuple[dict[str, Counts], dict[str, Counts]],
) -> None:
    """Columns add up to their totals and rows to theirs, each cell within a unit of the truth."""
    effects = decompose(*dates)
    printed = rounded_effects(effects)
    assert list(printed) == [*effects, TOTAL]
    for by_rate, by_share, total in printed.values():
        assert by_rate + by_share == total
    for column in range(3):
        parts = [row[column] for code, row in printed.items() if code != TOTAL]
        assert sum(parts) == printed[TOTAL][column]
    for code, effect in effects.items():
        assert abs(Fraction(printed[code][0]) - effect.rate) < Fraction(UNIT)
        assert abs(Fraction(printed[code][1]) - effect.share) < Fraction(UNIT)
    sums = [
        sum((getattr(effect, part) for effect in effects.values()), Fraction())
        for part in ("rate", "share")
    ]
    assert abs(Fraction(printed[TOTAL][0]) - sums[0]) <= Fraction(UNIT) / 2
    assert abs(Fraction(printed[TOTAL][1]) - sums[1]) < Fraction(UNIT)
    assert abs(Fraction(printed[TOTAL][2]) - change(*dates)) <= Fraction(UNIT) / 2


@given(two_dates())
def test_nothing_out_of_nothing(dates: tuple[dict[str, Counts], dict[str, Counts]]) -> None:
    """An effect that is exactly zero, or any whole number of units, is printed as it is."""
    effects = decompose(*dates)
    printed = rounded_effects(effects)
    for code, effect in effects.items():
        for exact, shown in zip((effect.rate, effect.share), printed[code], strict=False):
            if (exact / Fraction(UNIT)).denominator == 1:
                assert Fraction(shown) == exact


def test_the_shipped_data_add_up(shipped_data: DataSet) -> None:
    """Nghệ An's districts, year by year: ranks run from the largest cut, and totals are sums."""
    frame = rate_moves(shipped_data).frame
    whole = shipped_data.poverty.groupby("year")[["households", "poor_households"]].sum()
    for year, rows in frame.groupby("year"):
        districts, total = rows[rows["district_code"] != TOTAL], rows.iloc[-1]
        assert total["district_code"] == TOTAL
        for column in ("rate_effect", "share_effect", "total"):
            assert sum(districts[column]) == total[column]
        ordered = districts.sort_values("rank")
        assert ordered["rank"].tolist() == list(range(1, len(districts) + 1))
        assert ordered["total"].is_monotonic_increasing
        assert total["rate_after"] == announced_rate(
            int(whole.loc[year, "poor_households"]), int(whole.loc[year, "households"])
        )

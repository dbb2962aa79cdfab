"""Alkire–Foster measures: worked by hand, their identities, and a second opinion."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_samples import COMMUNES, FIVE, KEYS, OLD, Household, households, register

from helpers.data.register.sample import Profile, sample_frame
from helpers.poverty.alkire_foster import Measures, alkire_foster, scores_of
from helpers.poverty.register import count_register, measures

cells = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 31), st.integers(1, 10**9)), max_size=30
)
"""Area, pattern of five indicators, count."""
weightings = st.lists(st.integers(1, 9), min_size=5, max_size=5)


def _measured(
    rows: Sequence[tuple[int, int, int]], weights: Sequence[int], cutoff: int
) -> dict[int, Measures]:
    columns = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3).T
    return alkire_foster(*columns, weights=weights, cutoff=cutoff)


def _whole(rows: Sequence[Household], **options: Any) -> Measures:
    return reduce(add, measures(count_register(register(rows)), **options).values())


def test_the_poor_of_the_standard_by_hand() -> None:
    """Two of five households are poor and lack six of 24: H = 2/5, A = 1/4, M0 = 1/10."""
    whole = _whole(FIVE)
    assert whole.headcount == Fraction(2, 5)
    assert whole.intensity == Fraction(6, 24)
    assert whole.mpi == Fraction(6, 60)
    lacking = dict(zip(KEYS, whole.censored_headcounts, strict=True))
    assert lacking["employment"] == Fraction(2, 5)
    assert lacking["nutrition"] == Fraction(1, 5)
    assert lacking["telecom"] == 0
    assert dict(zip(KEYS, whole.uncensored_headcounts, strict=True))["telecom"] == Fraction(1, 5)
    assert dict(zip(KEYS, whole.contributions, strict=True))["employment"] == Fraction(2, 6)


def test_without_the_income_whoever_lacks_three_is_poor() -> None:
    """Then the third household is poor too: H = 3/5, A = 10/36, M0 = 10/60."""
    whole = _whole(FIVE, official=False)
    assert (whole.headcount, whole.intensity) == (Fraction(3, 5), Fraction(10, 36))
    assert whole.mpi == Fraction(1, 6)


def test_persons_weigh_households_by_their_members() -> None:
    """Six of twenty persons live in poor households: H = 3/10, A = 1/4, M0 = 18/240."""
    whole = _whole(FIVE, by="persons")
    assert (whole.population, whole.poor) == (20, 6)
    assert (whole.headcount, whole.intensity) == (Fraction(3, 10), Fraction(1, 4))
    assert whole.mpi == Fraction(18, 240)


def test_weights_are_whole_numbers_and_decide_the_cut_off() -> None:
    """With weights 2, 1, 1 and k = 2, the first indicator alone makes poor, the others together."""
    patterns = [0b000, 0b001, 0b010, 0b110]
    found = _measured([(0, pattern, 1) for pattern in patterns], [2, 1, 1], 2)[0]
    assert found.poor == 2
    assert found.mpi == Fraction(2 + 2, 4 * 4)
    assert found.contributions == (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4))


def test_the_score_of_a_pattern_is_the_sum_of_its_weights() -> None:
    """Bit i stands for indicator i."""
    assert scores_of(np.arange(8), [5, 3, 1]).tolist() == [0, 5, 3, 8, 1, 6, 4, 9]


def test_nobody_gives_no_measures() -> None:
    """Of no households there is nothing to say, and of nobody poor all shares are zero."""
    assert _measured([], [1] * 5, 3) == {}
    nobody = _measured([(0, 0, 7)], [1] * 5, 3)[0]
    assert (nobody.headcount, nobody.intensity, nobody.mpi) == (0, 0, 0)
    assert nobody.contributions == (0,) * 5


@given(rows=cells, weights=weightings, cutoff=st.integers(1, 45))
def test_m0_is_h_times_a_and_contributions_add_up(
    rows: list[tuple[int, int, int]], weights: list[int], cutoff: int
) -> None:
    """Exactly, for any weights, cut-off and counts; indicators and areas each add up to one."""
    found = _measured(rows, weights, cutoff)
    for item in found.values():
        assert item.headcount * item.intensity == item.mpi
        assert sum(item.contributions) == (1 if item.poor else 0)
        pairs = zip(weights, item.censored_headcounts, strict=True)
        assert sum(weight * share for weight, share in pairs) == item.mpi * sum(weights)
        assert all(c <= u for c, u in zip(item.censored, item.uncensored, strict=True))
    if found:
        whole = reduce(add, found.values())
        shares = sum(item.contribution_to(whole) for item in found.values())
        assert shares == (1 if whole.poor else 0)
        together = _measured([(0, pattern, count) for _, pattern, count in rows], weights, cutoff)
        assert whole == together[0]


@given(rows=cells, weights=weightings)
def test_a_higher_cut_off_never_finds_more_poor(
    rows: list[tuple[int, int, int]], weights: list[int]
) -> None:
    """H and M0 fall or stay as k rises."""
    found = [_measured(rows, weights, cutoff) for cutoff in range(1, sum(weights) + 2)]
    for low, high in pairwise(found):
        assert all(high[area].poor <= low[area].poor for area in low)
        assert all(high[area].mpi <= low[area].mpi for area in low)
    assert all(item.poor == 0 for item in found[-1].values())


@given(rows=households)
def test_the_official_poor_are_some_of_the_deprived(rows: list[Household]) -> None:
    """Asking for a low income as well only takes away, and not from the uncensored headcounts."""
    official, all_deprived = _whole(rows), _whole(rows, official=False)
    assert official.poor <= all_deprived.poor
    assert official.deprivations <= all_deprived.deprivations
    assert official.uncensored == all_deprived.uncensored


# The package fills columns into a frame it was handed and divides by raw rows under weights: it is
# given a frame of its own, and persons as rows.
def _second_opinion(frame: pd.DataFrame, cutoff: float) -> dict[tuple[str, str], float]:
    from mpitb.core import MPIToolbox

    toolbox = MPIToolbox()
    toolbox.set(name="chuẩn", dimensions=[(list(KEYS), "chung")])
    weights = dict.fromkeys(KEYS, 1 / len(KEYS))
    found = toolbox.est(frame.copy(), "chuẩn", [cutoff], weights=weights, over=["area"])
    return {
        (str(row.get("subg", "")), f"{row['measure']} {row.get('indicator', '')}".strip()): row["b"]
        for row in found
    }


@pytest.mark.parametrize("by", ["households", "persons"])
def test_mpitb_agrees(by: Any) -> None:
    """H, A, M0, censored and raw headcounts and contributions are those of the package."""
    profiles = [
        Profile(code, kind, 10 + place, 0.3, 0.1, 0.5)
        for place, (code, kind) in enumerate(COMMUNES.items())
    ]
    sample = sample_frame(profiles, OLD, 2_000).collect()
    frame = pd.DataFrame({name: sample[name].to_numpy() for name in ("area", *KEYS)})
    if by == "persons":
        frame = frame.loc[np.repeat(frame.index, sample["members"].to_numpy())]
        frame = frame.reset_index(drop=True)
    ours = measures(count_register(register(sample.to_dicts())), by=by, official=False)
    # Any cut-off between two and three of twelve means three, and no rounding can miss it.
    theirs = _second_opinion(frame.astype(dict.fromkeys(KEYS, "int64")), 100 * 2.5 / 12)
    for area, item in {**ours, "": reduce(add, ours.values())}.items():
        assert item.poor
        expected = {"H": item.headcount, "A": item.intensity, "M0": item.mpi}
        for place, key in enumerate(KEYS):
            expected[f"hdk {key}"] = item.censored_headcounts[place]
            expected[f"hd {key}"] = item.uncensored_headcounts[place]
            expected[f"pctb {key}"] = item.contributions[place]
        for name, value in expected.items():
            assert theirs[area, name] == pytest.approx(float(value), abs=1e-12), name

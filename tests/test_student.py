"""Student's t distribution against the tables of a library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc

from helpers.progress.student import probability_below, quantile

freedoms = st.integers(1, 60)


def _by_beta(score: float, freedom: int) -> float:
    """Return the probability below a score by the incomplete beta function.

    The library's own function of Student's t is 3e-10 off near zero.
    """
    whole = freedom + score * score
    if score * score < freedom:
        central = betainc(0.5, freedom / 2, score * score / whole)
    else:
        central = 1 - betainc(freedom / 2, 0.5, freedom / whole)
    return 0.5 + math.copysign(float(central), score) / 2


@given(st.floats(-1e6, 1e6), freedoms)
def test_probabilities_are_those_of_the_library(score: float, freedom: int) -> None:
    """Every score has the probability that the library's beta function gives it."""
    assert float(probability_below(score, freedom)) == pytest.approx(
        _by_beta(score, freedom), rel=0, abs=1e-13
    )


@given(st.floats(0.001, 0.999), freedoms)
def test_a_quantile_has_its_probability(probability: float, freedom: int) -> None:
    """Below the quantile of a probability lies that probability, by the library's measure."""
    score = quantile(probability, freedom)
    assert _by_beta(score, freedom) == pytest.approx(probability, rel=0, abs=1e-13)


def test_quantiles_by_the_printed_table() -> None:
    """The 90th percentiles for 1, 2 and 10 degrees of freedom, as textbooks print them."""
    printed = [round(quantile(0.9, freedom), 3) for freedom in (1, 2, 10)]
    assert printed == [3.078, 1.886, 1.372]


@given(st.floats(-1e300, -1e3), freedoms)
def test_what_is_possible_is_above_zero(score: float, freedom: int) -> None:
    """However far below a score is, something below it stays possible."""
    assert 0 < float(probability_below(score, freedom)) < 0.001


def test_ends_and_many_at_once() -> None:
    """Infinite scores have the probabilities 0 and 1; an array has one probability each."""
    found = probability_below(np.array([[-np.inf, 0.0], [1.0, np.inf]]), 1)
    assert found.tolist() == [[0.0, 0.5], [pytest.approx(0.75), 1.0]]

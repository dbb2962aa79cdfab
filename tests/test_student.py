"""Student's t distribution against the tables of a library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr, stdtrit

from helpers.progress.student import probability_below, quantile

freedoms = st.integers(1, 60)


@given(st.floats(-1e6, 1e6), freedoms)
def test_probabilities_are_those_of_the_library(score: float, freedom: int) -> None:
    """Every score has the library's probability, as exactly as that is (3e-15 off near zero)."""
    assert float(probability_below(score, freedom)) == pytest.approx(
        float(stdtr(freedom, score)), rel=0, abs=1e-13
    )


@given(st.floats(0.001, 0.999), freedoms)
def test_quantiles_are_those_of_the_library(probability: float, freedom: int) -> None:
    """Every probability has the library's quantile."""
    assert quantile(probability, freedom) == pytest.approx(
        float(stdtrit(freedom, probability)), rel=1e-10, abs=1e-10
    )


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

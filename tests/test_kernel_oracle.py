"""Sharing on arrays against the package `apportionment`, which others wrote."""

from __future__ import annotations

import numpy as np
from apportionment.methods import TiesException, compute
from hypothesis import given
from hypothesis import strategies as st

from helpers.allocation.exact.kernel import share

seats_of = st.integers(1, 40)
votes_of = st.lists(
    st.one_of(st.integers(0, 6), st.integers(0, 10**6)), min_size=1, max_size=8
).filter(any)


def _theirs(method: str, votes: list[int], seats: int) -> list[int] | None:
    """Return the package's seats, reckoned in fractions; None where a tie has to be decided."""
    try:
        return compute(method, votes, seats, fractions=True, tiesallowed=False)
    except TiesException:
        return None


@given(votes_of, seats_of)
def test_largest_remainder(votes: list[int], seats: int) -> None:
    """Without a tie both give the same; a tie for them is a reported tie here, and no other is.

    Their own way out of a tie is not compared: it can pass over a larger remainder that stands
    further back than the equal ones.
    """
    shared = share(seats, np.array(votes))
    theirs = _theirs("largest_remainder", votes, seats)
    assert shared.tied.any() == (theirs is None)
    assert theirs is None or shared.amounts.tolist() == theirs


@given(votes_of, seats_of)
def test_sainte_lague(votes: list[int], seats: int) -> None:
    """Both give the same, ties by place included, and both say when there was one."""
    shared = share(seats, np.array(votes), method="sainte_lague", ties="code")
    theirs = compute("saintelague", votes, seats, fractions=True)
    assert shared.amounts.tolist() == theirs
    assert shared.tied.any() == (_theirs("saintelague", votes, seats) is None)

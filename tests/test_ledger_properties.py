"""What holds for any movements: sums, no overdraft, and no regard for the order of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.allocation.accounts.ledger import Key, Movement, Scope, keep_ledger
from helpers.errors import InputRefused

UNITS = ("412", "414", "417")
LINES = ("DA2", "DA5")
SCOPE = Scope(
    2024, dict.fromkeys(LINES, ("SN",)), ("NSTW", "NSĐP"), ("SN",), dict.fromkeys(UNITS, "Đơn vị")
)

keys = st.builds(
    Key,
    st.sampled_from(LINES),
    st.sampled_from(UNITS),
    st.sampled_from(["NSTW", "NSĐP"]),
    st.just("SN"),
    st.sampled_from([2022, 2023, 2024]),
)
originals = st.dictionaries(keys, st.integers(0, 50), max_size=8).map(
    lambda found: {Key("DA2", "412", "NSTW", "SN", year): 20 for year in (2022, 2023)} | found
)


@st.composite
def movements(draw: st.DrawFn) -> list[Movement]:
    """Draw transfers and returns of a week, each with a sense; some may overdraw."""
    found = []
    for place in range(draw(st.integers(0, 8))):
        giver = draw(keys)
        receiver = draw(
            st.none()
            | st.builds(
                lambda line, unit, giver=giver: giver._replace(line=line, unit_code=unit),
                st.sampled_from(LINES),
                st.sampled_from(UNITS),
            ).filter(lambda key, giver=giver: key != giver)
        )
        found.append(
            Movement(
                date(2024, 5, 1) + timedelta(days=draw(st.integers(0, 6))),
                "return" if receiver is None else "transfer",
                giver,
                receiver,
                draw(st.integers(1, 12)),
                draw(st.sampled_from(["A", "B"])),
                f"dòng {place + 2}",
            )
        )
    return found


def attempt(original: dict[Key, int], listed: list[Movement]) -> object:
    """Return the ledger, or the rows that are refused."""
    try:
        return keep_ledger(original, listed, scope=SCOPE)
    except InputRefused as refused:
        return refused.problems


def accepted(original: dict[Key, int], listed: list[Movement]) -> list[Movement]:
    """Return as many of the movements, in their dates' order, as overdraw nothing."""
    fit: list[Movement] = []
    for movement in sorted(listed, key=lambda movement: movement.date):
        try:
            keep_ledger(original, [*fit, movement], scope=SCOPE)
        except InputRefused:
            continue
        fit.append(movement)
    return fit


@given(originals, movements())
def test_sums_at_every_margin(original: dict[Key, int], listed: list[Movement]) -> None:
    """What was there is there or returned: in all, and by source, type and vintage."""
    listed = accepted(original, listed)
    balances = keep_ledger(original, listed, scope=SCOPE).balances
    given_back = sum(m.amount for m in listed if m.to_key is None)
    assert balances["returned"].sum() == given_back
    assert balances["transferred_in"].sum() == balances["transferred_out"].sum()
    own = balances["original"] + balances["transferred_in"]
    own -= balances["transferred_out"] + balances["returned"]
    assert (own == balances["current"]).all()
    for margin in ("source", "capital_type", "vintage"):
        sums = balances.groupby(margin)[["original", "current", "returned"]].sum()
        assert (sums["original"] == sums["current"] + sums["returned"]).all()
    assert balances["original"].sum() == sum(original.values())


@given(originals, movements())
def test_never_below_zero(original: dict[Key, int], listed: list[Movement]) -> None:
    """No balance is below zero after any entry, and each entry goes on from the one before."""
    ledger = keep_ledger(original, accepted(original, listed), scope=SCOPE)
    running = dict(original)
    for entry in ledger.entries:
        assert entry.before == running.get(entry.key, 0)
        assert entry.after == entry.before + entry.change >= 0
        running[entry.key] = entry.after
    assert running == dict(ledger.current)
    assert [entry.date for entry in ledger.entries] == sorted(e.date for e in ledger.entries)


@given(originals, movements(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(
    original: dict[Key, int], listed: list[Movement], chance: object
) -> None:
    """Shuffled rows give the same entries and balances, or the same refusal."""
    shuffled = list(listed)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = attempt(original, listed), attempt(original, shuffled)
    if isinstance(one, tuple):
        assert one == other
    else:
        assert one.entries == other.entries  # type: ignore[attr-defined]
        pd.testing.assert_frame_equal(one.balances, other.balances)  # type: ignore[attr-defined]


@given(originals, movements(), keys)
def test_refusal_leaves_nothing_changed(
    original: dict[Key, int], listed: list[Movement], giver: Key
) -> None:
    """An overdraft among the movements refuses them all, and the balances stay as they were."""
    before = dict(original)
    huge = Movement(date(2024, 5, 9), "return", giver, None, 10**6, "C", "dòng 99")
    with pytest.raises(InputRefused) as caught:
        keep_ledger(original, [*listed, huge], scope=SCOPE)
    assert any(problem.where == "dòng 99" for problem in caught.value.problems)
    assert original == before


@given(originals, movements())
def test_a_refusal_is_for_want_of_capital(original: dict[Key, int], listed: list[Movement]) -> None:
    """With plenty in every balance, the same movements are all kept."""
    plenty = original | {movement.from_key: 10**6 for movement in listed}
    ledger = keep_ledger(plenty, listed, scope=SCOPE)
    wanted = sum(1 if movement.to_key is None else 2 for movement in listed)
    assert len(ledger.entries) == wanted


@given(originals, movements())
def test_there_and_back(original: dict[Key, int], listed: list[Movement]) -> None:
    """Transfers undone later, the last one first, leave every balance as it was."""
    transfers = [m for m in accepted(original, listed) if m.to_key is not None]
    transfers = accepted(original, transfers)
    last = max((m.date for m in transfers), default=None)
    undone = [
        replace(m, date=last + (last - m.date) + timedelta(1), from_key=m.to_key, to_key=m.from_key)
        for m in transfers
        if last
    ]
    current = keep_ledger(original, [*transfers, *undone], scope=SCOPE).current
    assert {key: amount for key, amount in current.items() if amount} == {
        key: amount for key, amount in original.items() if amount
    }

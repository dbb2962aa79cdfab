"""Before and after: every effect is exact, named, and adds up to what a unit gained or lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_samples import MILLION, Row, rows, rule_set, sharings, units

from helpers.allocation.accounts.attribution import (
    LAST_YEAR,
    Stake,
    main_effect,
    sharing_effects,
    whole_effects,
)
from helpers.allocation.accounts.compare import (
    biggest_moves,
    compare_last_year,
    compare_rules,
    comparison_effects,
    last_year_effects,
)
from helpers.allocation.accounts.tables import capital_by_district
from helpers.allocation.distribution import distribute
from helpers.allocation.engine import Allocation, allocate
from helpers.allocation.model import Cell, Unplaced
from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.errors import InputRefused
from helpers.plan.model import Plan
from helpers.plan.rules.model import RuleSet

CENTRAL, LOCAL = Cell("DA2", "NSTW", "SN"), Cell("DA2", "NSĐP", "SN")
HISTORY = ["unit", "year", "line", "source", "capital_type", "assigned", "disbursed"]
AB: list[Row] = [
    {"name": "A", "code": "a", "number": 400, "area": 100},
    {"name": "B", "code": "b", "number": 600, "area": 900},
]
BY_NUMBER = {"eligible": "all", "criteria": [{"column": "number", "share": 100}]}
BY_BOTH = {
    "eligible": "all",
    "criteria": [{"column": "number", "share": 60}, {"column": "area", "share": 40}],
}
Share = Callable[..., Allocation]


@pytest.fixture(scope="session")
def share(shipped_plan: Plan, shipped_data: DataSet) -> Share:
    """Return what shares pots of DA2 over a few units by one rule, in whole đồng."""

    def make(
        rule: dict[str, Any],
        money: int | dict[Cell, int] = 1000,
        table: list[Row] = AB,
        history: list[tuple[Any, ...]] | None = None,
        unit: int = 1,
        communes: list[Row] | None = None,
    ) -> Allocation:
        names = {key: [row[key] for row in table] for key in ("code", "name")}
        names["kind"] = ["huyện"] * len(table)
        data = dataclasses.replace(
            shipped_data,
            districts=pd.DataFrame(names),
            history=pd.DataFrame(history or [], columns=HISTORY),
        )
        levels = {"district": units(table)}
        if communes:
            levels["commune"] = units(communes, "commune")
        pots = money if isinstance(money, dict) else {CENTRAL: money}
        plan = shipped_plan.model_copy(update={"rule_set": rule_set(rule)})
        return Allocation(plan, data, distribute(rule_set(rule), pots, levels, unit), ())

    return make


def effects_of(table: Result, unit: str, line: str = "DA2") -> dict[str, int]:
    """Return one row's effects."""
    frame = table.frame
    own = frame[(frame["unit"] == unit) & (frame["line"] == line)]
    return dict(zip(own["effect"], own["amount"], strict=True))


def check_sums(table: Result, effects: Result) -> None:
    """Check that effects add up to differences, units to lines, and lines to totals."""
    frame, long = table.frame, effects.frame
    assert not frame.duplicated(["line", "unit_code"]).any()
    assert not long.duplicated(["line", "unit_code", "effect"]).any()
    sums = long.groupby(["line", "unit_code"])["amount"].sum()
    for row in frame.itertuples():
        assert row.difference == row.after - row.before
        assert sums.get((row.line, row.unit_code), 0) == row.difference
    columns = ["before", "after", "difference"]
    single = frame[(frame["line"] != "total") & (frame["unit_code"] != "total")]
    for key, total in (("line", "unit_code"), ("unit_code", "line")):
        of = frame[(frame[total] == "total") & (frame[key] != "total")].set_index(key)[columns]
        assert of.sort_index().equals(single.groupby(key)[columns].sum())


def test_a_criterion_put_in_by_hand(share: Share) -> None:
    """A has 40% of the households and 10% of the area; area now counts for 40%.

    400 becomes 0,6 × 400 + 0,4 × 100 = 280: what A loses, 0,4 × (10% − 40%) of 1.000, it loses by
    the area; the households pull it nowhere, for by them it still has its 40%.
    """
    before, after = share({"districts": BY_NUMBER}), share({"districts": BY_BOTH})
    frame = compare_rules(before, after).frame
    row = frame[(frame["line"] == "DA2") & (frame["unit"] == "A")].iloc[0]
    assert (row["before"], row["after"], row["difference"]) == (400, 280, -120)
    assert (str(row["share_before"]), str(row["share_after"])) == ("40.00", "28.00")
    assert (row["criterion"], row["criterion_effect"], row["pot_effect"]) == ("Diện tích", -120, 0)
    assert effects_of(comparison_effects(before, after), "A") == {"Diện tích": -120}
    assert effects_of(comparison_effects(before, after), "B") == {"Diện tích": 120}
    assert effects_of(comparison_effects(before, after), "Tổng cộng") == {}


def test_another_pot_by_hand(share: Share) -> None:
    """Twice the money gives A 400 more; of it, area takes 0,12 of 2.000 away."""
    before, after = share({"districts": BY_NUMBER}), share({"districts": BY_BOTH}, 2000)
    found = comparison_effects(before, after)
    assert effects_of(found, "A") == {"mức vốn đem chia": 400, "Diện tích": -240}
    assert effects_of(found, "Tổng cộng") == {"mức vốn đem chia": 1000}
    row = compare_rules(before, after).frame.iloc[0]
    assert (row["pot_effect"], row["criterion"]) == (400, "Diện tích")


def test_agencies_and_earmarks_by_hand(share: Share) -> None:
    """100 for a project in B come first; of the other 900 an agency takes 10%: 810 are shared."""
    earmark = {"name": "Dự án mẫu", "unit": "B", "source": "NSTW", "type": "SN", "amount": 100}
    rule = {
        "districts": BY_NUMBER,
        "earmarks": [earmark],
        "agencies": [{"agency": "S1", "percent": 10}],
    }
    before, after = share({"districts": BY_NUMBER}), share(rule)
    found = comparison_effects(before, after)
    assert effects_of(found, "A") == {"mức vốn đem chia": -76}
    assert effects_of(found, "B") == {"mức vốn đem chia": -114, "khoản cố định": 100}
    assert effects_of(found, "Sở Một") == {"phần của sở, ngành": 90}
    frame = compare_rules(before, after).frame
    assert list(frame.loc[frame["line"] == "DA2", "level"]) == [
        "district",
        "district",
        "agency",
        "total",
    ]
    check_sums(compare_rules(before, after), found)


def test_eligibility_by_hand(share: Share) -> None:
    """Who is shut out loses by that, and not by any criterion; the others gain by the same."""
    only = {"eligible": [{"names": ["A"]}], "criteria": [{"column": "number", "share": 100}]}
    before, after = share({"districts": BY_NUMBER}), share({"districts": only})
    found = comparison_effects(before, after)
    assert effects_of(found, "B") == {"diện được phân bổ": -600}
    assert effects_of(found, "A") == {"Số hộ": 600}


def test_bounds_by_hand(share: Share) -> None:
    """A floor of 450 lifts A by 50 over its 400, at B's cost; a cap leaves 100 unallocated."""
    floor, cap = {**BY_NUMBER, "floor": 450}, {**BY_NUMBER, "cap": 450}
    before = share({"districts": BY_NUMBER})
    name = "mức sàn, mức trần, mức giao tối thiểu"
    lifted = comparison_effects(before, share({"districts": floor}))
    assert effects_of(lifted, "A") == {name: 50}
    assert effects_of(lifted, "B") == {name: -50}
    held = share({"districts": cap})
    found = comparison_effects(before, held)
    assert effects_of(found, "A") == {name: 50}
    assert effects_of(found, "B") == {name: -150}
    assert effects_of(found, "Chưa phân bổ") == {"vốn chưa phân bổ": 100}
    check_sums(compare_rules(before, held), found)


def test_a_minimum_lot_by_hand(share: Share) -> None:
    """Who drops out below the lot loses by the lot, and the others gain by it."""
    lot = {**BY_NUMBER, "minimum_lot": {"amount": 500, "action": "drop"}}
    before, after = share({"districts": BY_NUMBER}), share({"districts": lot})
    found = comparison_effects(before, after)
    assert effects_of(found, "A") == {"mức sàn, mức trần, mức giao tối thiểu": -400}
    assert effects_of(found, "B") == {"mức sàn, mức trần, mức giao tối thiểu": 400}


def test_classes_count_as_one(share: Share) -> None:
    """Classes 1 : 4 in place of 400 : 600 give A 200, and that is their effect."""
    classes = {
        "eligible": "all",
        "criteria": [{"column": "number", "per_unit": 1}],
        "classes": [{"below": 500, "points": 1}, {"from": 500, "points": 4}],
    }
    before, after = share({"districts": BY_NUMBER}), share({"districts": classes})
    assert effects_of(comparison_effects(before, after), "A") == {"xếp loại": -200}
    assert effects_of(comparison_effects(after, before), "A") == {"Số hộ": 200}


def test_multipliers_count_with_their_criteria(share: Share) -> None:
    """A factor of 2 for A turns 40% into 80/140 of the capital, by the criterion it multiplies."""
    factor = {"column": "area", "bands": [{"below": 500, "points": 2}, {"from": 500, "points": 1}]}
    after = share({"districts": {**BY_NUMBER, "multipliers": [factor]}}, 1400)
    found = comparison_effects(share({"districts": BY_NUMBER}, 1400), after)
    assert effects_of(found, "A") == {"Số hộ": 240}


def test_rounding_stands_apart(share: Share) -> None:
    """What whole rounding units give beyond the exact shares is the effect of rounding alone."""
    thirds: list[Row] = [{"name": n, "code": n, "number": 1, "area": 1} for n in "ABC"]
    before = share({"districts": BY_NUMBER}, 9 * MILLION, thirds, unit=MILLION)
    after = share({"districts": BY_NUMBER}, 10 * MILLION, thirds, unit=MILLION)
    found = comparison_effects(before, after)
    assert effects_of(found, "A") == {"mức vốn đem chia": 333_333, "làm tròn": 666_667}
    assert effects_of(found, "B") == {"mức vốn đem chia": 333_333, "làm tròn": -333_333}


def test_communes_stand_with_their_district(share: Share) -> None:
    """Shared over communes at once, a district has what its communes have, by their criteria."""
    communes = [
        {"name": "Xã 1", "code": "1", "parent": "a", "number": 100},
        {"name": "Xã 2", "code": "2", "parent": "a", "number": 100},
        {"name": "Xã 3", "code": "3", "parent": "b", "number": 300},
    ]
    after = share({"communes": BY_NUMBER}, communes=communes)
    before = share({"districts": BY_BOTH}, communes=communes)
    table, found = compare_rules(before, after), comparison_effects(before, after)
    assert list(table.frame.loc[table.frame["line"] == "DA2", "after"]) == [400, 600, 1000]
    check_sums(table, found)


def test_what_is_stuck_in_a_district(share: Share) -> None:
    """What a district's communes cannot take is not the district's but unallocated."""
    communes = [{"name": "Xã 1", "code": "1", "parent": "a", "number": 100}]
    communes += [{"name": "Xã 3", "code": "3", "parent": "b", "number": 300}]
    capped = {"districts": BY_NUMBER, "communes": {**BY_NUMBER, "cap": 500}}
    after = share(capped, communes=communes)
    before = share({"districts": BY_NUMBER}, communes=communes)
    found = comparison_effects(before, after)
    assert effects_of(found, "B") == {"mức sàn, mức trần, mức giao tối thiểu": -100}
    assert effects_of(found, "Chưa phân bổ") == {"vốn chưa phân bổ": 100}
    check_sums(compare_rules(before, after), found)


def test_a_district_whose_communes_all_drop_out(share: Share) -> None:
    """Where no commune reaches the lot, the whole part of the district is unallocated."""
    communes = [{"name": f"Xã {code}", "code": code, "parent": code, "number": 1} for code in "ab"]
    lot = {**BY_NUMBER, "minimum_lot": {"amount": 500, "action": "drop"}}
    after = share({"districts": BY_NUMBER, "communes": lot}, communes=communes)
    before = share({"districts": BY_NUMBER}, communes=communes)
    found = comparison_effects(before, after)
    assert effects_of(found, "A") == {"mức sàn, mức trần, mức giao tối thiểu": -400}
    assert effects_of(found, "Chưa phân bổ") == {"vốn chưa phân bổ": 400}
    check_sums(compare_rules(before, after), found)


def test_capital_without_a_line(share: Share) -> None:
    """What no line takes has a row of its own, so that the totals are whole."""
    before = share({"districts": BY_NUMBER})
    left = Unplaced(Cell("", "NSTW", "SN"), 7, "chưa bố trí")
    after = dataclasses.replace(before, without_line=(left,))
    frame = compare_rules(before, after).frame
    assert frame.iloc[-1][["before", "after"]].tolist() == [1000, 1007]
    assert "Chưa bố trí cho dự án, tiểu dự án" in set(frame["short"])
    check_sums(compare_rules(before, after), comparison_effects(before, after))


def test_nothing_changes_by_the_same_rules(shipped_allocation: Allocation) -> None:
    """Against itself every difference is zero, no effect is named and nobody gains or loses."""
    table = compare_rules(shipped_allocation, shipped_allocation)
    assert (table.frame[["difference", "pot_effect", "criterion_effect"]] == 0).all(axis=None)
    assert set(table.frame["criterion"]) == {""}
    assert comparison_effects(shipped_allocation, shipped_allocation).frame.empty
    assert biggest_moves(table).frame.empty


def test_the_shipped_plan_by_other_rules(
    shipped_plan: Plan,
    shipped_data: DataSet,
    shipped_allocation: Allocation,
    other_rules: RuleSet,
) -> None:
    """Each district's totals are those of its own table, and rounding is all that is unnamed."""
    other = allocate(shipped_plan, shipped_data, other_rules)
    table = compare_rules(other, shipped_allocation)
    effects = comparison_effects(other, shipped_allocation)
    check_sums(table, effects)
    totals = table.frame[table.frame["line"] == "total"].set_index("unit_code")
    for side, allocation in (("before", other), ("after", shipped_allocation)):
        own = capital_by_district(allocation).frame.set_index("district_code")["total"]
        assert dict(totals.loc[own.index, side]) == dict(own)
        assert totals.loc["total", side] == shipped_plan.capital.total.amount
    single = effects.frame[(effects.frame["line"] != "total") & (effects.frame["level"] != "total")]
    rounding = single.loc[single["effect"] == "làm tròn", "amount"]
    # Two sources and up to two types on each side: each amount is less than one unit off.
    assert rounding.abs().max() < 8 * shipped_plan.rounding_unit
    assert set(table.inputs) > {shipped_plan.file, other_rules.file}
    back = compare_rules(shipped_allocation, other).frame
    assert (back["difference"] == -table.frame["difference"]).all()


criteria = st.lists(st.integers(0, 50), min_size=1, max_size=4)
"""Points of one unit by criterion; all others together have 100 by each."""


def stake(pot: int, points: list[int] | None, number: int, names: str) -> Stake:
    """Return a unit's stake where `number` criteria weigh the same."""
    weights = {name: Fraction(1, number) for name in names[:number]}
    if points is None:
        return Stake(pot, None, weights)
    parts = {
        name: Fraction(worth, 100 * number) for name, worth in zip(names, points, strict=False)
    }
    return Stake(pot, parts, weights)


@given(
    st.tuples(st.integers(0, 10**12), criteria, st.booleans()),
    st.tuples(st.integers(0, 10**12), criteria, st.booleans()),
    st.sampled_from(["abcd", "cdef", "ABCD"]),
)
def test_effects_are_exact(
    first: tuple[int, list[int], bool], second: tuple[int, list[int], bool], names: str
) -> None:
    """Whatever pots, criteria and eligibility: the effects add up to G'·s' − G·s."""
    before = stake(first[0], first[1] if first[2] else None, len(first[1]), "abcd")
    after = stake(second[0], second[1] if second[2] else None, len(second[1]), names)
    found = sharing_effects(before, after)
    assert sum(found.values()) == after.pot * after.share - before.pot * before.share


@given(st.integers(-(10**12), 10**12), st.dictionaries(st.text("abc"), st.fractions()))
def test_whole_effects_add_up(difference: int, exact: dict[str, Fraction]) -> None:
    """Rounded effects and the effect of rounding add up to the difference by construction."""
    found = whole_effects(difference, exact)
    assert sum(found.values()) == difference
    assert 0 not in found.values()
    assert all(abs(found.get(name, 0) - amount) <= Fraction(1, 2) for name, amount in exact.items())


def test_effects_are_ordered_by_size() -> None:
    """The largest stands first whatever its sign, rounding last; halves go away from zero."""
    exact = {"nhỏ": Fraction(5, 2), "lớn": Fraction(-7, 2), "không": Fraction(1, 3)}
    assert list(whole_effects(9, exact).items()) == [("lớn", -4), ("nhỏ", 3), ("làm tròn", 10)]


def test_the_main_effect() -> None:
    """It pulls in the direction in which the part moved, beyond pot and rounding."""
    assert main_effect(-100, {"A": 300, "B": -250, "C": -150}) == ("B", -250)
    assert main_effect(100, {"mức vốn đem chia": 400, "B": -250, "C": -50}) == ("B", -250)
    assert main_effect(5, {"mức vốn đem chia": 4, "làm tròn": 1}) == ("", 0)
    assert main_effect(0, {"A": 10, "B": -10}) == ("", 0)


@settings(max_examples=40)
@given(
    one=sharings,
    other=sharings,
    table=rows,
    money=st.tuples(st.integers(1, 10**12), st.integers(0, 10**11), st.integers(1, 10**12)),
)
def test_any_two_rules(
    share: Share,
    one: dict[str, Any],
    other: dict[str, Any],
    table: list[Row],
    money: tuple[int, ...],
) -> None:
    """Whatever the rules, sums hold; by largest remainder rounding alone stays unexplained."""
    try:
        before = share({"districts": one}, {CENTRAL: money[0], LOCAL: money[1]}, table)
        after = share({"districts": other}, {CENTRAL: money[2], LOCAL: money[1]}, table)
    except InputRefused:
        return
    effects = comparison_effects(before, after)
    check_sums(compare_rules(before, after), effects)
    if {one.get("method"), other.get("method")} <= {None, "largest_remainder"}:
        single = effects.frame[effects.frame["level"] == "district"]
        rounding = single.loc[single["effect"] == "làm tròn", "amount"]
        # Two pots a side, each less than one đồng off, and half a đồng for every effect.
        assert (rounding.abs() < 4 + 8).all()


def test_last_year_by_hand(share: Share) -> None:
    """A had 100 of 500; now 1.000 are shared, and by its criteria A would have 280.

    Its 20% of the 500 more are 100. Households, which weigh 60%, pull it from 20% to 40%: 0,6 ×
    20% of 1.000 = 120; area from 20% to 10%: 0,4 × −10% of 1.000 = −40.
    """
    history = [("A", 2023, "DA2", "NSTW", "SN", 60, 0), ("A", 2023, "DA2", "NSTW", "ĐTPT", 40, 0)]
    history += [("B", 2023, "DA2", "NSTW", "SN", 400, 0), ("B", 2022, "DA2", "NSTW", "SN", 9000, 0)]
    allocation = share({"districts": BY_BOTH}, history=history)
    frame = compare_last_year(allocation).frame
    row = frame[(frame["line"] == "DA2") & (frame["unit"] == "A")].iloc[0]
    assert (row["before"], row["after"], row["pot_effect"]) == (100, 280, 100)
    assert (row["criterion"], row["criterion_effect"]) == ("Số hộ", 120)
    effects = last_year_effects(allocation)
    assert effects_of(effects, "A") == {"Số hộ": 120, "mức vốn đem chia": 100, "Diện tích": -40}
    assert effects_of(effects, "Tổng cộng") == {"mức vốn đem chia": 500}
    check_sums(compare_last_year(allocation), effects)


def test_last_year_has_one_criterion() -> None:
    """Its share is all that is known of last year, and it pulls nobody away from itself."""
    last = Stake(500, {"": Fraction(1, 5)}, LAST_YEAR)
    now = Stake(500, {"a": Fraction(1, 4)}, {"a": Fraction(1)})
    found = whole_effects(25, sharing_effects(last, now))
    assert found == {"a": 25}


def test_a_line_that_is_new_or_gone(share: Share) -> None:
    """Where one year has nothing to share, all is the effect of what there is to share."""
    allocation = share({"districts": BY_BOTH}, history=[("A", 2023, "DA5", "NSTW", "SN", 70, 0)])
    effects = last_year_effects(allocation)
    assert effects_of(effects, "A") == {"mức vốn đem chia": 280}
    assert effects_of(effects, "A", "DA5") == {"mức vốn đem chia": -70}
    frame = compare_last_year(allocation).frame
    assert list(dict.fromkeys(frame["line"])) == ["DA2", "DA5", "total"]


def test_agencies_since_last_year(share: Share) -> None:
    """Named by code or name, S1 had 10% of the line; of 1.000 it now has 30%."""
    history = [
        ("Sở Một", 2023, "DA2", "NSTW", "SN", 50, 0),
        ("A", 2023, "DA2", "NSTW", "SN", 450, 0),
    ]
    rule = {"districts": BY_NUMBER, "agencies": [{"agency": "S1", "percent": 30}]}
    effects = last_year_effects(share(rule, history=history))
    assert effects_of(effects, "Sở Một") == {"phần của sở, ngành": 200, "mức vốn đem chia": 50}
    history[0] = ("S1", *history[0][1:])
    assert last_year_effects(share(rule, history=history)).frame.equals(effects.frame)


@pytest.mark.parametrize("history", [[], [("A", 2022, "DA2", "NSTW", "SN", 70, 0)]])
def test_without_last_year(share: Share, history: list[tuple[Any, ...]]) -> None:
    """A province that has no history of last year gets empty tables with all their columns."""
    allocation = share({"districts": BY_BOTH}, history=history)
    table = compare_last_year(allocation).frame
    assert table.empty
    assert "criterion_effect" in table
    assert last_year_effects(allocation).frame.empty
    assert biggest_moves(compare_last_year(allocation)).frame.empty


def test_the_shipped_plan_since_last_year(
    shipped_data: DataSet, shipped_allocation: Allocation
) -> None:
    """Before is what was assigned in 2023, after what is allocated for 2024."""
    table = compare_last_year(shipped_allocation)
    check_sums(table, last_year_effects(shipped_allocation))
    totals = table.frame[table.frame["line"] == "total"].set_index("unit")
    history = shipped_data.history[shipped_data.history["year"] == 2023]
    assert (
        totals.loc["Kỳ Sơn", "before"] == history.loc[history["unit"] == "Kỳ Sơn", "assigned"].sum()
    )
    assert totals.loc["Tổng cộng", "before"] == history["assigned"].sum()
    # The history knows of the central capital alone, so that alone is compared.
    funding = shipped_allocation.plan.funding_table
    central = sum(amount for (source, _), amount in funding.items() if source == "NSTW")
    assert totals.loc["Tổng cộng", "after"] == central == 548_850 * 10**6


def test_the_biggest_moves() -> None:
    """Gains and losses each from the largest; equal ones by code; lines and totals left out."""
    moves = {"a": 5, "b": -9, "c": 5, "d": 0, "e": 7, "f": -1}
    held = [
        {"line": "total", "level": "district", "unit_code": code, "unit": code, "difference": size}
        for code, size in moves.items()
    ]
    others = [
        {"line": "DA2", "level": "district", "unit_code": "a", "unit": "a", "difference": 99},
        {"line": "total", "level": "total", "unit_code": "total", "unit": "", "difference": 99},
        {
            "line": "total",
            "level": "unplaced",
            "unit_code": "unplaced",
            "unit": "",
            "difference": 9,
        },
    ]
    blank = {"before": 0, "after": 0, "pot_effect": 0, "criterion": "", "criterion_effect": 0}
    frame = pd.DataFrame([{**blank, **row} for row in (*others, *held)])
    found = biggest_moves(Result(frame), 2).frame
    said = found[["direction", "rank", "unit_code", "difference"]].to_numpy().tolist()
    assert said == [
        ["tăng", 1, "e", 7],
        ["tăng", 2, "a", 5],
        ["giảm", 1, "b", -9],
        ["giảm", 2, "f", -1],
    ]

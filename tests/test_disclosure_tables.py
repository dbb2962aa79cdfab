"""The published tables as they may leave for a brief: nobody can tell a small number."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from disclosure_attack import Reader
from disclosure_samples import (
    Members,
    communes,
    deprivations,
    flows,
    members_of,
    profile,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.published import SUPPRESSED, Result, publish, published
from helpers.poverty.disclosure import (
    Guarded,
    guard_communes,
    guard_deprivations,
    guard_flows,
    guard_profile,
    suppression_note,
)

THRESHOLD = 10
YEARS = (2022, 2023, 2024)
Cell = tuple[object, ...]
Relation = dict[Cell, int]
Guard = Callable[[Result, Members, int], Guarded]

FLOWS = [
    *("opening", "changed", "above", "other_decrease", "from_other", "relapsed", "newly"),
    *("other_increase", "closing", "gross_out", "gross_in", "net"),
]
COUNTED: Mapping[str, tuple[list[str], dict[str, list[str]], Guard]] = {
    "flows": (["kind", "area_code", "year"], {column: [] for column in FLOWS}, guard_flows),
    "deprivations": (
        ["kind", "area_code", "year"],
        {"households": [], "deprived": ["indicator"]},
        guard_deprivations,
    ),
    "poor_profile": (
        ["topic", "area_code", "year"],
        {"whole": [], "count": ["item"]},
        guard_profile,
    ),
    "commune_rates": (
        ["district_code", "unit_code", "year"],
        {
            column: []
            for column in ("households", "poor_before", "poor_households", "near_poor_households")
        },
        guard_communes,
    ),
}


def drawn(name: str, members: Members, years: Sequence[int], seed: int) -> pd.DataFrame:
    """Return a table of the catalogue drawn by a seed."""
    chance = np.random.default_rng(seed)
    if name == "flows":
        return flows(members, years, chance)
    if name == "deprivations":
        return deprivations(members, years, chance)
    if name == "poor_profile":
        return profile(members, years, chance)
    return communes(members, 22 * len(members["province"]), chance)


def cells(name: str, frame: pd.DataFrame) -> dict[Cell, int | str]:
    """Return a table's counts as a reader sees them, by column and key."""
    keys, columns, _ = COUNTED[name]
    return {
        (column, *(row[key] for key in (*keys, *more))): row[column]
        for row in frame.to_dict("records")
        for column, more in columns.items()
    }


def area_sums(seen: Mapping[Cell, object], members: Members) -> Iterator[Relation]:
    """Yield that the number of a group of districts is the sum of theirs."""
    for column, kind, area, *rest in seen:
        if area in members:
            parts = {(column, kind, code, *rest): 1 for code in members[str(area)]}
            yield {(column, kind, area, *rest): -1, **parts}


def known_of_flows(seen: Mapping[Cell, object], members: Members) -> Iterator[Relation]:
    """Yield what everyone knows of flows."""
    yield from area_sums(seen, members)
    signs = dict.fromkeys(("changed", "above", "other_decrease"), -1)
    signs |= dict.fromkeys(("from_other", "relapsed", "newly", "other_increase"), 1)
    for column, kind, *place in seen:
        if column == "closing":
            formula = {(name, kind, *place): by for name, by in signs.items()}
            yield {("closing", kind, *place): -1, ("opening", kind, *place): 1, **formula}
            out = {cell: -by for cell, by in formula.items() if by < 0}
            into = {cell: by for cell, by in formula.items() if by > 0}
            yield {("gross_out", kind, *place): -1, **out}
            yield {("gross_in", kind, *place): -1, **into}
            yield {
                ("net", kind, *place): 1,
                ("closing", kind, *place): 1,
                ("opening", kind, *place): -1,
            }
            other = "near_poor" if kind == "poor" else "poor"
            yield {("changed", kind, *place): 1, ("from_other", other, *place): -1}


def known_of_profile(
    seen: Mapping[Cell, object], members: Members, majority: str
) -> Iterator[Relation]:
    """Yield what everyone knows of the poor by group, ethnicity and cause."""
    yield from area_sums(seen, members)
    for column, topic, area, year in [cell for cell in seen if cell[0] == "whole"]:  # type: ignore[misc]
        if topic == "ethnicity":
            items = [cell for cell in seen if cell[:4] == ("count", topic, area, year)]
            whole = (column, topic, area, year)
            yield {whole: -1, **dict.fromkeys(items, 1)}
            minorities = ("count", "group", area, year, "dtts")
            yield {whole: -1, ("count", topic, area, year, majority): 1, minorities: 1}


def known_of_communes(
    true: Mapping[Cell, int], seen: Mapping[Cell, object]
) -> tuple[list[Relation], list[int]]:
    """Return what everyone knows of communes: their districts' sums, printed elsewhere."""
    sums: dict[Cell, Relation] = {}
    for cell in seen:
        column, district, _, year = cell
        sums.setdefault((column, district, year), {})[cell] = 1
    relations = list(sums.values())
    return relations, [sum(true[cell] for cell in relation) for relation in relations]


def told(
    name: str, whole: pd.DataFrame, printed: pd.DataFrame, members: Members, *, knows: bool
) -> set[Cell]:
    """Return the hidden cells that a reader of the printed table can tell.

    A reader that `knows` also knows which of the hidden cells are small.
    """
    true = {cell: int(value) for cell, value in cells(name, whole).items()}
    seen = cells(name, printed)
    hidden = {cell for cell, value in seen.items() if value == SUPPRESSED}
    sums = None
    pairs: list[tuple[Cell, Cell]] = []
    if name == "flows":
        relations = list(known_of_flows(seen, members))
        pairs = [(cell, ("opening", *cell[1:])) for cell in seen if cell[0] == "gross_out"]
    elif name == "deprivations":
        relations = list(area_sums(seen, members))
        pairs = [(cell, ("households", *cell[1:-1])) for cell in seen if cell[0] == "deprived"]
    elif name == "poor_profile":
        relations = list(known_of_profile(seen, members, "ethnic_1"))
        pairs = [(cell, ("whole", *cell[1:-1])) for cell in seen if cell[0] == "count"]
    else:
        relations, sums = known_of_communes(true, seen)
        pairs = [
            (cell, ("households", *cell[1:]))
            for cell in seen
            if cell[0] in ("poor_households", "near_poor_households")
        ]
    reader = Reader(
        {cell: int(value) for cell, value in seen.items() if cell not in hidden},
        relations,
        sums=sums,
        between={
            cell: (1, THRESHOLD - 1) for cell in hidden if knows and 0 < true[cell] < THRESHOLD
        },
        at_most=pairs,
    )
    return reader.told(hidden)


def check_print(name: str, whole: pd.DataFrame, guarded: Guarded) -> None:
    """Check that small cells are hidden, and that all else is as it was."""
    printed = guarded.frame
    assert list(printed.columns) == list(whole.columns)
    true = cells(name, whole)
    for cell, value in cells(name, printed).items():
        fixed = cell[0] in ("opening", "closing", "net", "households")
        if cell[0] == "whole":
            fixed = cell[1] in ("group", "ethnicity", "cause")
        if value != SUPPRESSED:
            assert value == true[cell]
            assert not 0 < value < THRESHOLD or fixed
    for column in whole:
        hidden = printed[column].eq(SUPPRESSED)
        assert printed[column][~hidden].tolist() == whole[column][~hidden].tolist()
        if not hidden.any():
            assert printed[column].dtype == whole[column].dtype


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTED)
@settings(max_examples=12)
@given(st.integers(2, 5), st.integers(0, 10**6))
def test_nobody_can_tell(name: str, districts: int, seed: int) -> None:
    """No reader of a small province's tables can tell a hidden number that is not reported."""
    members = members_of(districts)
    whole = drawn(name, members, YEARS[:1], seed)
    guarded = COUNTED[name][2](Result(whole), members, THRESHOLD)
    check_print(name, whole, guarded)
    for knows in (False, True):
        found = told(name, whole, guarded.frame, members, knows=knows)
        assert len(found) <= len(guarded.exposed)


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTED)
def test_a_real_province(name: str) -> None:
    """Of 21 districts over three years, or of 462 communes, every hidden number stays hidden."""
    members = members_of(21)
    whole = drawn(name, members, YEARS, 2024)
    guarded = COUNTED[name][2](Result(whole), members, THRESHOLD)
    check_print(name, whole, guarded)
    assert guarded.hidden
    assert not guarded.exposed
    for year in whole["year"].unique():
        of_year = whole["year"] == year
        seen = whole[of_year], guarded.frame[of_year]
        assert not told(name, *seen, members, knows=True)


@pytest.mark.slow
def test_quick_enough() -> None:
    """The four tables of a real province are guarded in seconds, not minutes."""
    members = members_of(21)
    results = [Result(drawn(name, members, YEARS, 1)) for name in COUNTED]
    start = time.perf_counter()
    for result, (_, _, guard) in zip(results, COUNTED.values(), strict=True):
        guard(result, members, THRESHOLD)
    assert time.perf_counter() - start < 30  # about 3.5 s on a quiet machine


@pytest.mark.parametrize("name", COUNTED)
def test_the_frame_handed_over_is_left_alone(name: str) -> None:
    """The guard returns a new frame; the numbers for the planner stay whole."""
    members = members_of(3)
    whole = drawn(name, members, YEARS[:1], 7)
    before = whole.copy(deep=True)
    COUNTED[name][2](Result(whole), members, THRESHOLD)
    pd.testing.assert_frame_equal(whole, before)


@pytest.mark.parametrize("name", COUNTED)
def test_row_order_makes_no_difference(name: str) -> None:
    """Whichever way the rows stand, the same numbers are hidden, and twice in a row too."""
    members = members_of(4)
    whole = drawn(name, members, YEARS[:1], 3)
    guard = COUNTED[name][2]
    once = guard(Result(whole), members, THRESHOLD)
    again = guard(Result(whole), members, THRESHOLD)
    pd.testing.assert_frame_equal(once.frame, again.frame)
    mixed = whole.sample(frac=1, random_state=5)
    turned = guard(Result(mixed), members, THRESHOLD)
    pd.testing.assert_frame_equal(turned.frame.sort_index(), once.frame)
    assert once.hidden
    assert sorted(turned.exposed) == sorted(once.exposed)


@pytest.mark.parametrize("name", COUNTED)
def test_nothing_small_nothing_hidden(name: str) -> None:
    """A table without small numbers comes back as it was; so does an empty one."""
    members = members_of(3)
    whole = drawn(name, members, YEARS[:1], 7)
    for frame in (whole, whole.iloc[:0]):
        guarded = COUNTED[name][2](Result(frame, ("secondary",), ("x",)), members, 1)
        pd.testing.assert_frame_equal(guarded.frame, frame)
        assert (guarded.marks, guarded.inputs) == (("secondary",), ("x",))
        assert (guarded.hidden, guarded.exposed, guarded.narrow) == (0, (), ())


def test_percentages_go_with_their_counts() -> None:
    """A hidden count takes its percentage with it, and no other percentage is hidden."""
    members = members_of(4)
    for name, column in (("deprivations", "deprived"), ("poor_profile", "count")):
        whole = drawn(name, members, YEARS[:1], 11)
        frame = COUNTED[name][2](Result(whole), members, THRESHOLD).frame
        wholes = "households" if name == "deprivations" else "whole"
        hidden = frame[column].eq(SUPPRESSED) | frame[wholes].eq(SUPPRESSED)
        assert hidden.any()
        assert not hidden.all()
        assert (frame["percent"].eq(SUPPRESSED) == hidden).all()


def test_the_relapse_rate_goes_with_what_it_is_made_of() -> None:
    """From a rate and two of relapsed, changed and above the third would follow."""
    members = members_of(4)
    frame = guard_flows(Result(drawn("flows", members, YEARS, 11)), members, THRESHOLD).frame
    hidden = frame[["relapsed", "changed", "above"]].eq(SUPPRESSED).any(axis=1)
    assert hidden.any()
    assert not hidden.all()
    assert (frame["relapse_rate"].eq(SUPPRESSED) == hidden).all()


def commune_frame(counts: Mapping[str, Sequence[int]]) -> pd.DataFrame:
    """Return communes from district → poor households, all other numbers large."""
    rows = [
        {
            "district_code": district,
            "district": district,
            "unit_code": f"{district}{number}",
            "unit": f"Xã {district}{number}",
            "year": 2024,
            "households": 1000 + number,
            "poor_before": 100 + number,
            "poor_households": poor,
            "poor_rate": poor,
            "near_poor_households": 200 + number,
            "rank": number,
        }
        for district, poors in counts.items()
        for number, poor in enumerate(poors, start=1)
    ]
    return pd.DataFrame(rows)


def test_communes_by_hand() -> None:
    """The district's sum would tell a lone hidden commune, so the smallest other is hidden too.

    Ranks of the others would tell between which rates a hidden one lies, so the district prints
    none; another district prints all.
    """
    frame = commune_frame({"a": [60, 3, 25], "b": [60, 30, 25]})
    guarded = guard_communes(Result(frame), {}, THRESHOLD)
    assert guarded.frame["poor_households"].tolist() == [60, "…", "…", 60, 30, 25]
    assert guarded.frame["poor_rate"].tolist() == [60, "…", "…", 60, 30, 25]
    assert guarded.frame["rank"].tolist() == ["…", "…", "…", 1, 2, 3]
    assert guarded.hidden == 2
    kept = ["households", "poor_before", "near_poor_households"]
    pd.testing.assert_frame_equal(guarded.frame[kept], frame[kept])


def test_what_cannot_be_hidden_is_said() -> None:
    """A district's only commune is the district; the guard hides it here and says so."""
    frame = commune_frame({"a": [3], "b": [60, 30, 25]})
    guarded = guard_communes(Result(frame), {}, THRESHOLD)
    assert guarded.frame["poor_households"].tolist() == ["…", 60, 30, 25]
    assert guarded.exposed == ("Số hộ nghèo, Xã a1, cuối năm 2024",)


def test_a_blank_is_no_number() -> None:
    """Where a column is not known it stays blank, and the rest is guarded all the same."""
    frame = commune_frame({"a": [60, 3, 25]}).assign(poor_before=None)
    guarded = guard_communes(Result(frame), {}, THRESHOLD)
    assert guarded.frame["poor_before"].isna().all()
    assert guarded.frame["poor_households"].tolist() == [60, "…", "…"]


def test_minorities_and_the_majority_are_hidden_together() -> None:
    """The whole is printed elsewhere, so a printed Kinh would tell the ethnic minorities."""
    thai = {"a": 4, "b": 200, "c": 300}
    members = {"province": list(thai)}
    counts = {"province": sum(thai.values()), **thai}
    rows = [
        {
            "topic": topic,
            "group": "province" if area == "province" else "district",
            "area_code": area,
            "area": area,
            "year": 2024,
            "order": order,
            "item": item,
            "label": label,
            "whole": (whole := 1000 * (3 if area == "province" else 1)),
            "count": minorities if item != "ethnic_1" else whole - minorities,
            "percent": minorities,
        }
        for area, minorities in counts.items()
        for topic, order, item, label in (
            ("group", 1, "dtts", "Hộ dân tộc thiểu số"),
            ("ethnicity", 1, "ethnic_1", "Kinh"),
            ("ethnicity", 2, "ethnic_2", "Thái"),
        )
    ]
    frame = guard_profile(Result(pd.DataFrame(rows)), members, THRESHOLD).frame
    hidden = frame[frame["count"].eq(SUPPRESSED)].groupby("area_code")["item"].agg(set).to_dict()
    three = {"dtts", "ethnic_1", "ethnic_2"}
    assert hidden == {"a": three, "b": three}
    assert not frame["whole"].eq(SUPPRESSED).any()


def test_a_guarded_table_is_published_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hidden numbers come back as the sign that stands for them, all others as numbers."""
    members = members_of(4)
    guarded = guard_deprivations(
        Result(drawn("deprivations", members, YEARS[:1], 11)), members, THRESHOLD
    )
    monkeypatch.setenv("HELPERS_OUTPUT", str(tmp_path))
    publish("deprivations", guarded, "thu")
    read = published("deprivations", "thu").frame
    assert read["deprived"].tolist() == guarded.frame["deprived"].tolist()
    assert SUPPRESSED in read["deprived"].tolist()


def test_the_note() -> None:
    """The note under a table says what the sign means, with the plan's threshold."""
    assert suppression_note(10) == (
        "“…”: số từ 1 đến dưới 10 hộ, hoặc số mà từ đó có thể suy ra số nhỏ như vậy; "
        "không công bố để bảo vệ thông tin của hộ."
    )

"""Which cells are hidden so that no small number can be told, and a reader who tries to."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set
from typing import Any, NamedTuple

import numpy as np
import pytest
from disclosure_attack import Reader
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy.sparse import csc_array

from helpers.poverty.disclosure import Suppression, suppress
from helpers.poverty.disclosure.block import Block, Relations, cheapest

THRESHOLD = 10
Relation = Mapping[Hashable, int]


class Problem(NamedTuple):
    """Tied cells, and which of them are printed elsewhere or nowhere, or are differences."""

    values: dict[Hashable, int]
    relations: list[Relation]
    fixed: frozenset[Hashable] = frozenset()
    unpublished: frozenset[Hashable] = frozenset()
    signed: frozenset[Hashable] = frozenset()

    def solve(self, threshold: int = THRESHOLD) -> Suppression:
        """Return what is hidden."""
        return suppress(
            self.values,
            self.relations,
            threshold,
            fixed=self.fixed,
            unpublished=self.unpublished,
            signed=self.signed,
        )

    def small(self, threshold: int = THRESHOLD) -> set[Hashable]:
        """Return the cells that the rule hides, printed elsewhere or not."""
        no = self.unpublished | self.signed
        return {cell for cell, n in self.values.items() if 0 < n < threshold and cell not in no}

    def reader(self, hidden: Set[Hashable], *, knows_small: bool = False) -> Reader:
        """Return a reader who knows the relations, how far each fails to hold, and what is printed.

        Such a reader may also know which cells are small, hence from 1 to the threshold less 1.
        """
        unknown = hidden | self.unpublished
        small = self.small() - self.fixed if knows_small else set()
        return Reader(
            {cell: n for cell, n in self.values.items() if cell not in unknown},
            self.relations,
            sums=[
                sum(by * self.values[cell] for cell, by in relation.items())
                for relation in self.relations
            ],
            between={
                **dict.fromkeys(self.signed, (-(10**6), 10**6)),
                **dict.fromkeys(small, (1, THRESHOLD - 1)),
            },
        )


def crossed(rows: list[list[int]]) -> Problem:
    """Return a table with its margins: cell (i, j), "t" the total of a row or column."""
    places = range(len(rows)), range(len(rows[0]))
    values: dict[Hashable, int] = {(i, j): rows[i][j] for i in places[0] for j in places[1]}
    values |= {(i, "t"): sum(rows[i]) for i in places[0]}
    values |= {("t", j): sum(row[j] for row in rows) for j in places[1]}
    values["t", "t"] = sum(map(sum, rows))
    relations: list[Relation] = [
        {(i, "t"): -1, **{(i, j): 1 for j in places[1]}} for i in (*places[0], "t")
    ]
    relations += [{("t", j): -1, **{(i, j): 1 for i in places[0]}} for j in (*places[1], "t")]
    return Problem(values, relations)


def test_three_by_three_by_hand() -> None:
    """One small cell takes the three others of a rectangle with it, and the margins stay.

    A lone "…" would be its row's total less its neighbours; a second one in its row would follow
    from its column, and so on: four corners of a rectangle are the least that hides one of them.
    """
    problem = crossed([[4, 40, 300], [50, 30, 400], [500, 600, 700]])
    assert problem.solve() == Suppression(frozenset({(0, 0), (0, 1), (1, 0), (1, 1)}))


def test_a_margin_is_hidden_where_a_row_has_nothing_else() -> None:
    """Zeros stay and the small row total goes, with the other numbers that would tell it."""
    problem = crossed([[4, 0, 0], [50, 30, 400], [500, 600, 700]])
    found = problem.solve()
    assert {(0, 0), (0, "t")} <= found.hidden
    assert not {(0, 1), (0, 2)} & found.hidden
    assert not found.exposed


def test_zeros_are_hidden_last_of_all() -> None:
    """Where total and zeros would tell a small cell, zeros are hidden only if nothing else can."""
    values = {"a": 4, "b": 0, "c": 0, "t": 4}
    relation = {"t": -1, "a": 1, "b": 1, "c": 1}
    assert suppress(values, [relation], THRESHOLD).hidden == {"a", "t"}
    found = suppress(values, [relation], THRESHOLD, fixed={"t"})
    assert "a" in found.hidden
    assert found.hidden & {"b", "c"}
    assert found.narrow == {"a"}
    assert found.exposed == {"t"}


def test_two_ones_do_not_hide_each_other() -> None:
    """Of two small cells with the sum 2 each must be 1, so a third cell is hidden with them."""
    problem = crossed([[1, 1, 40, 60], [90, 91, 92, 93], [94, 95, 96, 97]])
    hidden = problem.solve().hidden
    assert {cell for cell in hidden if cell[0] == 0} > {(0, 0), (0, 1)}  # type: ignore[index]


@pytest.mark.parametrize("values", [{"a": 3, "b": 0}, {"a": 3}])
def test_a_fixed_total_with_nothing_else(values: dict[Hashable, int]) -> None:
    """What nothing can hide is reported: one part is its total."""
    relation = {**dict.fromkeys(values, 1), "t": -1}
    fixed = {"t", "b"}
    found = suppress({**values, "t": 3, "b": 0}, [relation], THRESHOLD, fixed=fixed)
    assert found == Suppression(frozenset({"a"}), exposed=frozenset({"a", "t"}))


def test_cells_without_relations_need_no_company() -> None:
    """A small cell that nothing is tied to is hidden alone."""
    found = suppress({"a": 3, "b": 300, "c": 0}, [], THRESHOLD)
    assert found == Suppression(frozenset({"a"}))


@pytest.mark.parametrize(("value", "hidden"), [(0, False), (1, True), (9, True), (10, False)])
def test_what_is_small(value: int, hidden: bool) -> None:
    """Small is above zero and below the threshold."""
    assert suppress({"a": value}, [], THRESHOLD).hidden == ({"a"} if hidden else set())


@pytest.mark.parametrize("threshold", [0, 1])
def test_a_threshold_that_hides_nothing(threshold: int) -> None:
    """No whole number is above zero and below one."""
    assert crossed([[1, 2], [3, 4]]).solve(threshold) == Suppression()


def test_threshold_two() -> None:
    """The only small number is 1; what hides it leaves a second possibility."""
    problem = crossed([[1, 5, 6], [7, 8, 9], [10, 11, 12]])
    found = problem.solve(2)
    assert (0, 0) in found.hidden
    assert len(found.hidden) == 4
    assert problem.reader(found.hidden).ends((0, 0)) == (0, 6)


def test_a_difference_is_never_small() -> None:
    """A net change of -3 or 3 counts nobody; a change that tells a small cell is hidden with it."""
    values: dict[Hashable, int] = {"out": 50, "in": 53, "net": -3}
    relation = {"out": 1, "in": -1, "net": -1}
    assert not suppress(values, [relation], THRESHOLD, signed={"net"}).hidden
    values = {"out": 50, "in": 3, "net": 47}
    found = suppress(values, [relation], THRESHOLD, signed={"net"}, fixed={"out"})
    assert found == Suppression(frozenset({"in", "net"}))


def test_a_relation_that_does_not_hold() -> None:
    """Parts that miss their total by some are as safe as parts that meet it."""
    values = {"a": 3, "b": 40, "c": 50, "t": 95}
    found = suppress(values, [{"a": 1, "b": 1, "c": 1, "t": -1}], THRESHOLD, fixed={"t"})
    assert found == Suppression(frozenset({"a", "b"}))


def test_an_upper_limit_counts() -> None:
    """A part that cannot be above a small whole is not hidden by one that could only shrink."""
    values: dict[Hashable, int] = {"whole": 12, "part": 9, "rest": 3, "other": 11, "t": 20}
    relations = [{"whole": -1, "part": 1, "rest": 1}, {"t": -1, "part": 1, "other": 1}]
    fixed, unpublished = {"whole", "t"}, {"rest"}
    found = suppress(values, relations, 10, fixed=fixed, unpublished=unpublished)
    assert found == Suppression(frozenset({"part", "other"}))
    values |= {"part": 12, "rest": 0, "other": 4, "t": 16}
    found = suppress(values, relations, 10, fixed=fixed, unpublished=unpublished)
    assert found.hidden == {"part", "other"}
    assert found.narrow == {"other"}


def test_costs_choose() -> None:
    """Of two cells that would do, the cheaper is hidden."""
    values = {"a": 3, "b": 40, "c": 40, "t": 83}
    relation = {"a": 1, "b": 1, "c": 1, "t": -1}
    for cheap, dear in (("b", "c"), ("c", "b")):
        found = suppress(values, [relation], THRESHOLD, costs={dear: 5})
        assert found.hidden == {"a", cheap}


def test_an_unknown_cell_is_refused() -> None:
    """A relation that names a cell without a value is a mistake of the caller."""
    with pytest.raises(KeyError, match="b"):
        suppress({"a": 3}, [{"a": 1, "b": -1}], THRESHOLD)


counts = st.one_of(st.integers(0, 12), st.integers(0, 60))


@st.composite
def hierarchies(draw: st.DrawFn) -> Problem:
    """Draw areas with groups that overlap, and flows of each that close.

    Each area has an opening number, two ways out with their sum, one way in, and a closing number;
    the net change is a difference. A province and a group are sums of areas; what leaves is not
    above what was there.
    """
    areas = range(draw(st.integers(2, 4)))
    group = [area for area in areas if draw(st.booleans())]
    values: dict[Hashable, int] = {}
    for area in areas:
        first, second, into = draw(counts), draw(counts), draw(counts)
        opening = first + second + draw(counts)
        values |= {
            ("opening", area): opening,
            ("first", area): first,
            ("second", area): second,
            ("out", area): first + second,
            ("in", area): into,
            ("net", area): first + second - into,
            ("closing", area): opening - first - second + into,
            ("stayed", area): opening - first - second,
        }
    columns = sorted({str(column) for column, _ in values})  # type: ignore[misc]
    relations: list[Relation] = []
    for name, parts in (("province", list(areas)), ("group", group)):
        if parts:
            for column in columns:
                values[column, name] = sum(values[column, area] for area in parts)
                relations.append({(column, name): -1, **{(column, area): 1 for area in parts}})
    for area in [area for column, area in values if column == "net"]:  # type: ignore[misc]
        relations += [
            {("out", area): -1, ("first", area): 1, ("second", area): 1},
            {("net", area): -1, ("out", area): 1, ("in", area): -1},
            {("closing", area): -1, ("opening", area): 1, ("net", area): -1},
            {("stayed", area): -1, ("opening", area): 1, ("out", area): -1},
        ]
    known = frozenset(cell for cell in values if cell[0] in ("opening", "closing"))  # type: ignore[index]
    return Problem(
        values,
        relations,
        known if draw(st.booleans()) else frozenset(),
        frozenset(cell for cell in values if cell[0] == "stayed"),  # type: ignore[index]
        frozenset(cell for cell in values if cell[0] == "net"),  # type: ignore[index]
    )


@st.composite
def tables(draw: st.DrawFn) -> Problem:
    """Draw a table with margins, some of them printed elsewhere."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(counts, min_size=width, max_size=width), min_size=2, max_size=4))
    problem = crossed(rows)
    margins = sorted((cell for cell in problem.values if "t" in cell), key=repr)  # type: ignore[operator]
    return problem._replace(fixed=frozenset(cell for cell in margins if draw(st.booleans())))


problems = st.one_of(tables(), hierarchies())


@pytest.mark.slow
@settings(max_examples=60)
@given(problems)
def test_no_hidden_cell_can_be_told(problem: Problem) -> None:
    """Every small cell is hidden, and a reader finds two numbers for each that is not reported.

    The second reader also knows which hidden cells are small. Even so a small cell that is not
    reported may be anything from 1 to the threshold less 1.
    """
    found = problem.solve()
    small = problem.small()
    assert small - problem.fixed <= found.hidden
    assert not found.hidden & (problem.fixed | problem.unpublished)
    assert found.exposed | found.narrow <= small
    assert small & problem.fixed <= found.exposed
    for knows_small in (False, True):
        reader = problem.reader(found.hidden, knows_small=knows_small)
        assert not reader.told(found.hidden - found.exposed)
        for cell in (small & found.hidden) - found.exposed - found.narrow:
            least, most = reader.ends(cell)
            assert least <= 1
            assert most >= THRESHOLD - 1


@pytest.mark.slow
@settings(max_examples=60)
@given(problems)
def test_what_is_reported_cannot_be_helped(problem: Problem) -> None:
    """A reported cell can be told with everything hidden that may be: no more could be done."""
    found = problem.solve()
    most = frozenset(problem.values) - problem.fixed - problem.unpublished
    reader = problem.reader(most, knows_small=True)
    for cell in found.exposed - problem.fixed:
        assert reader.ends(cell) == (problem.values[cell], problem.values[cell])
    for cell in found.narrow:
        ends = reader.ends(cell)
        assert ends[0] < ends[1]
        assert ends[0] > 1 or ends[1] < THRESHOLD - 1


@pytest.mark.slow
@settings(max_examples=60)
@given(problems)
def test_no_hidden_cell_is_idle(problem: Problem) -> None:
    """Printing any one of the other hidden cells would tell more of some small cell."""
    found = problem.solve()
    small = problem.small() & found.hidden
    reader = problem.reader(found.hidden, knows_small=True)
    before = {cell: reader.ends(cell) for cell in small}
    for cell in found.hidden - small:
        without = problem.reader(found.hidden - {cell}, knows_small=True)
        assert any(without.ends(one) != before[one] for one in small)


@settings(max_examples=60)
@given(problems, st.randoms(use_true_random=False))
def test_order_makes_no_difference(problem: Problem, shuffle: object) -> None:
    """The same cells and relations in another order, once more: the same cells are hidden."""
    cells, relations = list(problem.values.items()), list(problem.relations)
    shuffle.shuffle(cells)  # type: ignore[attr-defined]
    shuffle.shuffle(relations)  # type: ignore[attr-defined]
    turned = [dict(reversed(list(relation.items()))) for relation in relations]
    assert problem._replace(values=dict(cells), relations=turned).solve() == problem.solve()


@settings(max_examples=60)
@given(problems)
def test_nothing_small_nothing_hidden(problem: Problem) -> None:
    """Without a number above zero and below the threshold everything is printed."""
    large = {cell: THRESHOLD * value for cell, value in problem.values.items()}
    assert problem._replace(values=large).solve() == Suppression()


# The solver


@st.composite
def programmes(draw: st.DrawFn) -> Any:
    """Return a block of cells with random small relations."""
    cells = draw(st.integers(2, 7))
    numbers = st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=cells, max_size=cells)
    relations = draw(st.lists(numbers, min_size=1, max_size=4))
    room = st.lists(st.sampled_from([0.0, 1.0, 4.0, np.inf]), min_size=cells, max_size=cells)
    whole = st.lists(st.integers(1, 50), min_size=cells, max_size=cells)
    every = np.ones(cells, dtype=np.bool_)
    table = np.array(relations, dtype=np.int64)
    return Block(
        Relations(*table.nonzero(), table[table != 0], *table.shape),
        np.array(draw(room)),
        np.array(draw(room)),
        np.array(draw(whole), dtype=np.int64),
        every,
        every,
        {},
    )


@settings(max_examples=200)
@given(programmes(), st.data())
def test_moves_are_as_cheap_as_those_of_the_public_solver(
    block: Block, data: st.DataObject
) -> None:
    """Called without scipy's wrapping HiGHS keeps ties and room, and finds no dearer moves.

    Of several equally cheap moves two releases of HiGHS may give different ones.
    """
    prices, goal = block.costs.astype(float), data.draw(st.integers(0, len(block.costs) - 1))
    wishes = np.zeros(len(prices))
    wishes[goal] = 1 + block.costs.sum()
    room = np.minimum(np.concatenate([block.up, block.down]), 9)
    worth = np.concatenate([prices - wishes, prices + wishes])
    ties = block.relations.both_ways(np.ones(len(room), dtype=np.bool_))
    matrix = csc_array((ties.entries, ties.lines, ties.starts), (ties.height, len(room)))
    for whole in (False, True):
        found = cheapest(worth, room, ties, whole=whole)
        wanted = optimize.milp(
            worth,
            bounds=optimize.Bounds(0, room),
            constraints=optimize.LinearConstraint(matrix, 0, 0),
            integrality=int(whole),
            options={"presolve": whole, "mip_rel_gap": 0},
        ).x
        assert found is not None
        assert wanted is not None
        assert worth @ found == pytest.approx(worth @ wanted, rel=1e-9, abs=1e-6)
        assert matrix @ found == pytest.approx(np.zeros(ties.height), abs=1e-6)
        assert (found >= -1e-6).all()
        assert (found <= room + 1e-6).all()
        assert not whole or found == pytest.approx(np.rint(found), abs=1e-6)


@given(programmes(), st.data())
def test_relations_are_those_of_a_plain_matrix(block: Block, data: st.DataObject) -> None:
    """What is asked of the relations is what their whole matrix, zeros and all, would answer."""
    relations = block.relations
    matrix = np.zeros((relations.height, relations.width), dtype=np.int64)
    matrix[relations.lines, relations.cells] = relations.entries
    cells = st.lists(st.booleans(), min_size=relations.width, max_size=relations.width)
    some = np.array(data.draw(cells))
    moves = np.array(
        data.draw(st.lists(st.integers(-2, 2), min_size=len(some), max_size=len(some)))
    )
    single = (matrix != 0) @ some.astype(int) == 1
    assert relations.hold(moves) == (not (matrix @ moves).any())
    assert relations.naming_one(some).tolist() == single.tolist()
    assert relations.within(single).tolist() == (matrix[single] != 0).any(axis=0).tolist()
    lines = matrix[:, 0] != 0
    assert relations.near(0).tolist() == (matrix[lines] != 0).any(axis=0).tolist()
    used = np.array(data.draw(cells) + some.tolist())
    ties = relations.both_ways(used)
    columns = csc_array((ties.entries, ties.lines, ties.starts), (ties.height, used.sum()))
    assert columns.toarray().tolist() == np.hstack([matrix, -matrix])[:, used].tolist()

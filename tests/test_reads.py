"""What is noted of files that are read: each part tells its own changes and no others."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.reads import Read, digests, forget, note, noted, unnoted

NAMES = ("code", "area", "value", "note")
CELLS = ("", "1", "1.0", "Kỳ Sơn", "a, b", 'nói "có"', "hai\ndòng", "…")

rows = st.lists(st.tuples(*[st.sampled_from(CELLS)] * len(NAMES)), min_size=1, max_size=6)
reads = st.builds(
    lambda columns, where: Read("t.csv", tuple(sorted(columns)), tuple(sorted(where.items()))),
    st.sets(st.sampled_from(NAMES)),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(CELLS), max_size=2),
)


def _csv(table: Sequence[Sequence[str]], names: Sequence[str] = NAMES) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *table])
    return out.getvalue().encode("utf-8-sig")


def _chosen(row: Sequence[str], read: Read) -> bool:
    return all(row[NAMES.index(column)] == value for column, value in read.where)


@given(rows, st.lists(reads, min_size=1, max_size=4), st.data())
def test_a_part_changes_with_its_own_cells_only(
    table: list[tuple[str, ...]], parts: list[Read], data: st.DataObject
) -> None:
    """A changed cell changes the digest of a read if and only if the read looked at it.

    It looked at the columns that it names, of the rows that had or now have the wanted values.
    """
    number = data.draw(st.integers(0, len(table) - 1))
    place = data.draw(st.integers(0, len(NAMES) - 1))
    row = list(table[number])
    row[place] = data.draw(st.sampled_from([cell for cell in CELLS if cell != row[place]]))
    after = [*table[:number], tuple(row), *table[number + 1 :]]
    found = zip(parts, digests(_csv(table), parts), digests(_csv(after), parts), strict=True)
    for read, old, new in found:
        was, now = _chosen(table[number], read), _chosen(row, read)
        whole = not read.columns and not read.where
        seen = was and NAMES[place] in (read.columns or NAMES)
        assert (old != new) == (whole or seen or was != now)


@given(rows, reads)
def test_rows_that_are_not_chosen_may_come_and_go(table: list[tuple[str, ...]], read: Read) -> None:
    """Without the other rows a part is still the same part, and the order of its rows counts."""
    kept = [row for row in table if _chosen(row, read)]
    part = Read("t.csv", read.columns or NAMES, read.where)
    assert digests(_csv(table), [part]) == digests(_csv(kept), [part])
    if kept != kept[::-1]:
        told = [tuple(row[NAMES.index(name)] for name in part.columns) for row in kept]
        same = digests(_csv(kept), [part]) == digests(_csv(kept[::-1]), [part])
        assert same == (told == told[::-1])


def test_a_column_that_is_gone_is_not_an_empty_one() -> None:
    """A part says which of its columns the table has; a new column concerns whole rows only."""
    table, shorter = [("1", "", "5", "")], [("1", "5", "")]
    names = ("code", "value", "note")
    gone = [Read("t", ("area",)), Read("t", ("value",), (("area", ""),)), Read("t", ("value",))]
    before, after = digests(_csv(table), gone), digests(_csv(shorter, names), gone)
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]
    rows_of = Read("t", (), (("code", "1"),))
    assert digests(_csv(table), [rows_of]) != digests(_csv(shorter, names), [rows_of])


def test_a_file_that_is_no_table_is_read_whole() -> None:
    """Without columns and rows a part is the file's bytes; a torn table breaks nothing."""
    assert digests(b"\xff\x00", [Read("x")]) == digests(b"\xff\x00", [Read("y")])
    assert digests(b"a", [Read("x")]) != digests(b"b", [Read("x")])
    assert digests(b"", [Read("x", ("a",))]) != digests(b"a\n", [Read("x", ("a",))])
    torn = digests(b"a,b\n1\n\n", [Read("x", ("b",)), Read("x", (), (("b", ""),))])
    assert len(set(torn)) == 2


def test_what_is_read_is_noted_once(tmp_path: Path) -> None:
    """Notes come sorted and once each; parts of a file that was used whole add nothing."""
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    forget()
    for _ in range(2):
        note(one, ("b", "a"), {"code": "7"})
        note(one)
        note(other, ["a"])
    note(other, where={"code": "7", "area": "x"})
    with unnoted():
        note(tmp_path / "silent.csv")
    assert noted() == (
        Read(str(one)),
        Read(str(other), (), (("area", "x"), ("code", "7"))),
        Read(str(other), ("a",)),
    )
    forget()
    assert noted() == ()


def test_silence_ends_with_an_error(tmp_path: Path) -> None:
    """What is read after a silent part that failed is noted again."""
    forget()
    with pytest.raises(KeyError), unnoted():
        raise KeyError
    note(tmp_path)
    assert noted() == (Read(str(tmp_path)),)
    forget()

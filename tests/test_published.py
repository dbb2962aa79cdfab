"""Published tables read back: the values that were written, and notes of what was asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from helpers.brief.reader import Brief
from helpers.data.catalogue import spec
from helpers.data.published import SUPPRESSED, Published, _content, published, warm
from helpers.errors import NotPublished
from helpers.reads import Read, forget, noted

FLOWS = ("group", "kind", "area_code", "area", "year")


@pytest.fixture(autouse=True)
def _no_notes() -> Iterator[None]:
    forget()
    yield
    forget()


def _names(brief: Brief) -> list[str]:
    assert brief.output
    return sorted(path.stem for path in (brief.output / "tables").glob("*.csv"))


def _read(brief: Brief, name: str) -> Published:
    return published(name, brief.plan_id, brief.output)


def _parts(name: str) -> list[Read]:
    """Return what was noted of a table's own file."""
    return [read for read in noted() if read.path.endswith(f"{name}.csv")]


def test_parts_are_what_the_whole_table_has_there(shipped_brief: Brief) -> None:
    """Rows and columns asked for hold the very values, types and places of the whole table's."""
    for name in _names(shipped_brief):
        whole = _read(shipped_brief, name).frame
        for column in whole.columns[:2]:
            for value in whole[column].drop_duplicates().head(2):
                if value is None:
                    continue
                part = _read(shipped_brief, name).rows(**{column: value})
                rows = whole[whole[column] == value]
                assert part.to_dict("index") == rows.to_dict("index")
                few = _read(shipped_brief, name).only(*whole.columns[1:3], **{column: value})
                assert few.to_dict("index") == rows[whole.columns[1:3]].to_dict("index")


def test_one_row_is_the_row_of_the_frame(shipped_brief: Brief) -> None:
    """A single row as a mapping holds plain values of the same types as the frame's records."""
    for name in _names(shipped_brief):
        table = _read(shipped_brief, name)
        for row in table.frame.head(3).to_dict("records"):
            one = table.one(**{column: row[column] for column in spec(name).key})
            assert dict(one) == row
            assert [type(value) for value in one.values()] == [type(v) for v in row.values()]


def test_records_are_what_is_returned_as_a_frame(shipped_brief: Brief) -> None:
    """Rows as mappings have the columns, values and kinds of values of the same rows as a frame."""
    for name in _names(shipped_brief):
        table = _read(shipped_brief, name)
        columns = tuple(table.frame.columns[:2])
        assert table.records() == table.frame.to_dict("records")
        assert table.records(*columns) == table.only(*columns).to_dict("records")
    flows = _read(shipped_brief, "flows")
    wanted = {"kind": "poor", "area_code": "415"}
    assert flows.records("closing", **wanted) == flows.only("closing", **wanted).to_dict("records")


def _written(folder: Path, rows: list[str]) -> Published:
    """Return the flows whose file holds these rows, as far as their first columns go."""
    tables = folder / "tables"
    tables.mkdir()
    head = "kind,area_code,year,opening,changed,relapse_rate"
    (tables / "flows.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8-sig")
    (tables / "flows.meta.yml").write_text("marks: [illustrative]\ninputs: []\n", encoding="utf-8")
    return published("flows", "thu", folder)


def test_gaps_and_withheld_numbers_stay_apart(tmp_path: Path) -> None:
    """A gap is None, a withheld number its sign, whatever else a column or a part of it holds."""
    table = _written(
        tmp_path,
        [
            "poor,412,2024,10,…,1.50",
            "poor,415,2024,,,…",
            "poor,430,2024,7,3,",
            "near,430,2024,1,2,",
        ],
    )
    assert table.frame["changed"].tolist() == [SUPPRESSED, None, 3, 2]
    assert table.frame["opening"].tolist() == [10, None, 7, 1]
    assert table.frame["relapse_rate"].tolist() == [Decimal("1.50"), SUPPRESSED, None, None]
    assert table.frame[["opening", "changed", "relapse_rate"]].dtypes.tolist() == [object] * 3
    few = table.only("changed", year="2024", opening="")
    assert few["changed"].tolist() == [None]
    withheld = table.rows(area_code="412")
    assert withheld["changed"].tolist() == [SUPPRESSED]
    assert withheld["changed"].dtype == object
    near = table.rows(kind="near")
    assert (near["changed"].dtype, near["kind"].dtype) == ("int64", "str")
    assert table.rows(kind="other").dtypes.tolist() == near.dtypes.tolist()
    assert table.marks == ("illustrative",)


def test_a_table_written_anew_is_read_anew_however_soon(tmp_path: Path) -> None:
    """Of two tables of one size and one moment in the same place, each is read as it is."""
    (tmp_path / "tables").mkdir()
    path, beside = (tmp_path / "tables" / f"flows.{end}" for end in ("csv", "meta.yml"))
    beside.write_text("marks: []\ninputs: []\n", encoding="utf-8")
    found = []
    for opening in (10, 20):
        path.write_text(f"kind,year,opening\npoor,2024,{opening}\n", encoding="utf-8-sig")
        os.utime(path, ns=(0, 0))
        found.append(published("flows", "thu", tmp_path).one(kind="poor")["opening"])
    assert found == [10, 20]


def test_no_reader_sees_what_another_does_to_its_rows(shipped_brief: Brief) -> None:
    """Frames and records changed in place leave those of a later reader as they were published."""
    before = _read(shipped_brief, "flows").frame.to_dict("records")
    own = _read(shipped_brief, "flows")
    for frame in (own.frame, own.rows(kind="poor"), own.only("area", "opening")):
        for column in frame.columns:
            frame.isetitem(frame.columns.get_loc(column), frame[column].iloc[0])
            frame.loc[:, column] = frame[column].iloc[-1]
    for record in own.records():
        record.clear()
    assert _read(shipped_brief, "flows").frame.to_dict("records") == before
    assert _read(shipped_brief, "flows").records() == before


def test_tables_read_ahead_are_noted_only_by_those_who_use_them(shipped_brief: Brief) -> None:
    """Reading a folder ahead notes nothing, parses all, and a reader's notes are as ever."""
    assert shipped_brief.output
    warm(shipped_brief.output)
    assert noted() == ()
    parsed = _content.cache_info().misses
    table = _read(shipped_brief, "flows")
    table.records("closing", kind="poor")
    assert _content.cache_info().misses == parsed
    assert [(read.columns, read.where) for read in _parts("flows")] == [
        (("closing",), (("kind", "poor"),))
    ]


def test_what_is_asked_for_is_noted(shipped_brief: Brief) -> None:
    """The sidecar counts whole; of the table, the rows and columns that were asked for."""
    table = _read(shipped_brief, "flows")
    assert [read.path.endswith("flows.meta.yml") for read in noted()] == [True]
    table.rows(kind="poor", area_code="415")
    table.only("closing", "area", kind="poor")
    table.one(kind="poor", area_code="415", year=2024)
    own = (("area_code", "415"), ("kind", "poor"))
    assert [(read.columns, read.where) for read in _parts("flows")] == [
        ((), own),
        ((), (*own, ("year", "2024"))),
        (("area", "closing"), (("kind", "poor"),)),
    ]
    assert len(table.frame) > 1
    assert [(read.columns, read.where) for read in _parts("flows")] == [((), ())]
    forget()
    assert len(table.frame) > 1
    assert len(_parts("flows")) == 1


def test_a_missing_row_and_a_missing_column_are_errors(shipped_brief: Brief) -> None:
    """Asking for one row says how many there are; asking for an unknown column fails."""
    table = _read(shipped_brief, "flows")
    with pytest.raises(NotPublished, match="có 0 dòng"):
        table.one(area_code="không có")
    with pytest.raises(KeyError, match="unknown"):
        table.only("unknown")
    with pytest.raises(KeyError, match="unknown"):
        table.rows(unknown="1")


def test_a_table_in_memory_answers_alike(shipped_brief: Brief) -> None:
    """A table that was never written gives the same rows and columns, and notes nothing."""
    stored = _read(shipped_brief, "targets")
    frame = stored.frame
    forget()
    made = Published("targets", frame, "", (), (), spec("targets"))
    columns, wanted = ("area", "current_rate"), {"group": "district"}
    pd.testing.assert_frame_equal(made.frame, frame)
    pd.testing.assert_frame_equal(
        made.only(*columns, **wanted), frame.loc[made.rows(**wanted).index, list(columns)]
    )
    assert dict(made.one(area_code="412")) == dict(stored.one(area_code="412"))
    assert [read.where for read in noted()] == [(("area_code", "412"),)]

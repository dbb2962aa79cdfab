"""Properties of reading that hold for any table, order and spelling."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from data_samples import Rows, book_of, read_tables, save, tables, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.cells import CellRefusedError, read_count, read_measure
from helpers.data.dataset import DataSet
from helpers.data.names import DistrictNames
from helpers.data.reading import read_data
from helpers.data.workbook import write_workbook

counts = st.integers(min_value=0, max_value=10**7)


@st.composite
def poverty_rows(draw: st.DrawFn) -> Rows:
    """Draw a table of three districts and some years, the poor within the households."""
    years = draw(st.lists(st.integers(2015, 2030), min_size=1, max_size=3, unique=True))
    rows: Rows = [["district", "year", "households", "poor_households", "near_poor_households"]]
    for district in ("Vinh", "Thái Hòa", "Kỳ Sơn"):
        for year in years:
            poor, near_poor, others = draw(st.tuples(counts, counts, counts))
            row = [year, poor + near_poor + others, poor, near_poor]
            rows.append([district, *map(str, row)])
    return rows


def assert_equal(one: DataSet, other: DataSet) -> None:
    """Fail unless all frames are equal."""
    for name, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, other.frames[name])


@pytest.mark.slow
@settings(max_examples=10)
@given(rows=poverty_rows())
def test_any_table_comes_back(rows: Rows) -> None:
    """What a CSV file says is what the frame has; through a workbook and back it is the same."""
    with tempfile.TemporaryDirectory() as name:
        data = read_tables(Path(name) / "csv", tables(poverty=rows))
        wanted = [[row[0], *map(int, row[1:])] for row in rows[1:]]
        assert data.poverty.drop(columns="district_code").to_numpy().tolist() == wanted
        assert_equal(data, read_data(write_workbook(data, Path(name) / "a.xlsx")))
        assert_equal(data, read_data(save(book_of(tables(poverty=rows)), Path(name) / "b.xlsx")))


@pytest.mark.slow
@settings(max_examples=10)
@given(st.data())
def test_any_order_of_rows(data: st.DataObject) -> None:
    """The order of a table's rows decides the order of the frame's rows and nothing else."""
    shuffled = {
        name: [rows[0], *data.draw(st.permutations(rows[1:]))] for name, rows in tables().items()
    }
    with tempfile.TemporaryDirectory() as name:
        plain = read_tables(Path(name) / "a", tables())
        other = read_data(write_folder(Path(name) / "b", shuffled))
    for table, frame in plain.frames.items():
        key = list(frame.columns[:4])
        pd.testing.assert_frame_equal(
            frame.sort_values(key).reset_index(drop=True),
            other.frames[table].sort_values(key).reset_index(drop=True),
        )


@given(
    form=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
    case=st.sampled_from([str, str.upper, str.lower, str.title]),
    spaces=st.sampled_from([" ", "  ", "\u00a0", " \t"]),
    kind=st.booleans(),
    place=st.integers(0, 20),
)
def test_any_spelling_of_a_name(
    shipped_data: DataSet, form: str, case: type[str], spaces: str, kind: bool, place: int
) -> None:
    """Every district is found under any Unicode form, case and spacing, its kind said or not."""
    district = shipped_data.districts.iloc[place]
    said = f"{district['kind']} {district['name']}" if kind else district["name"]
    spelling = spaces + unicodedata.normalize(form, case(said)).replace(" ", spaces)
    found = DistrictNames.of(shipped_data.districts).find(spelling)
    assert found == (district["code"], district["name"])


@given(counts)
def test_any_count(value: int) -> None:
    """A count is read from its digits, and never from digits with marks between thousands."""
    assert read_count(str(value)) == read_count(value) == value
    for mark in (".", ",", " "):
        marked = f"{value:,}".replace(",", mark)
        if marked != str(value):
            with pytest.raises(CellRefusedError, match=f"chữ số: {value}$"):
                read_count(marked)


@given(st.decimals(0, 10**6, places=2))
def test_any_rate(value: object) -> None:
    """A number with two decimals is exact, whichever the decimal mark."""
    text = str(value)
    assert read_measure(text) == read_measure(text.replace(".", ",")) == value

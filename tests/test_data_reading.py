"""A province's tables are read into typed frames; only what changes no meaning is evened out."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from data_samples import SIDECAR, TABLES, read_tables, tables, with_cell, write_folder

from helpers.data.failures import failures_in_table
from helpers.data.reading import read_data
from helpers.data.schemas import TABLES as SCHEMAS
from helpers.data.schemas import label


def test_frames_are_typed(tmp_path: Path) -> None:
    """Counts are int64, measures exact, codes text; a named district becomes code and name."""
    data = read_tables(tmp_path, tables())
    assert list(data.poverty) == [
        "district_code",
        "district",
        "year",
        "households",
        "poor_households",
        "near_poor_households",
    ]
    assert data.poverty.iloc[0].to_list() == ["412", "Vinh", 2023, 94665, 385, 939]
    assert (data.poverty.dtypes.iloc[2:] == "int64").all()
    assert data.province_totals["value"].to_list() == [
        Decimal(6977),
        Decimal("5.28"),
        Decimal("18.58"),
    ]
    assert data.districts["area_km2"].to_list() == [Decimal(105), Decimal(135), Decimal(2096)]
    assert data.communes["district_code"].to_list() == ["412", "414", "417", "417"]
    assert data.communes["khu_vuc"].to_list() == ["", "I", "III", "III"]
    assert dict(data.district_names) == {"412": "Vinh", "414": "Thái Hòa", "417": "Kỳ Sơn"}


def test_every_frame_holds_its_schema(tmp_path: Path) -> None:
    """What reading returns passes the declared schema of its table."""
    data = read_tables(tmp_path, tables())
    for name, schema in SCHEMAS.items():
        frame = data.frames[name]
        assert schema.fits(frame)
        assert failures_in_table(schema, frame) == []


SPELLINGS = [
    "417",
    "Kỳ Sơn",
    "kỳ sơn",
    "  Kỳ   Sơn ",
    "huyện Kỳ Sơn",
    "Huyện Kỳ Sơn",
    "H. Kỳ Sơn",
    unicodedata.normalize("NFD", "Kỳ Sơn"),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_district_spellings(tmp_path: Path, spelling: str) -> None:
    """A district is found by code or name, with or without its kind, in any Unicode form."""
    data = read_tables(tmp_path, with_cell("criteria", 4, "district", spelling))
    assert data.criteria.loc[2, ["district_code", "district"]].to_list() == ["417", "Kỳ Sơn"]


@pytest.mark.parametrize("spelling", ["Thái Hoà", "TX Thái Hòa", "TX.Thái Hoà", "thị xã Thái Hòa"])
def test_either_tone_placement(tmp_path: Path, spelling: str) -> None:
    """Hoà and Hòa are one name, and the frame has the one that districts.csv writes."""
    data = read_tables(tmp_path, with_cell("criteria", 3, "district", spelling))
    assert data.criteria.loc[1, "district"] == "Thái Hòa"


@pytest.mark.parametrize("spelling", ["TP Vinh", "TP.Vinh", "Tp. Vinh", "thành phố Vinh"])
def test_city_prefixes(tmp_path: Path, spelling: str) -> None:
    """A city may be written with its kind, whole or short."""
    data = read_tables(tmp_path, with_cell("criteria", 2, "district", spelling))
    assert data.criteria.loc[0, "district_code"] == "412"


def test_vietnamese_headers_and_words(tmp_path: Path) -> None:
    """Vietnamese labels serve as headers, with a unit or without, Vietnamese words as values."""
    plain = read_tables(tmp_path / "a", tables())
    changed = tables()
    for name, rows in changed.items():
        rows[0] = [label(name, column) for column in rows[0]]
    changed["districts"][0][7] = "Diện tích (km²)"
    changed["districts"][1][3:5] = ["Đồng bằng", "không"]
    changed["districts"][3][3:5] = ["vùng núi cao", "CÓ"]
    changed["province_totals"][1][1:3] = ["toàn tỉnh", "Số hộ nghèo"]
    labelled = read_tables(tmp_path / "b", changed)
    for name in SCHEMAS:
        pd.testing.assert_frame_equal(plain.frames[name], labelled.frames[name])


def test_sidecar_label_is_a_header(tmp_path: Path) -> None:
    """The label that a sidecar gives a column is accepted as its header."""
    changed = tables()
    changed["poverty"][0][3] = "Hộ nghèo đa chiều"
    folder = write_folder(tmp_path, changed)
    note = "columns:\n  poor_households: {label: Hộ nghèo đa chiều, unit: hộ}\n"
    (folder / "poverty.meta.yml").write_text(SIDECAR + note, encoding="utf-8")
    assert read_data(folder).poverty["poor_households"].sum() == 14776


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    """Semicolons and decimal commas, as a Vietnamese Excel saves them, are read as they mean."""
    changed = tables()
    for row in changed["districts"][1:]:
        row[5], row[6] = row[5].replace(".", ","), row[6].replace(".", ",")
    changed["province_totals"][2][3] = "5,28"
    plain = read_tables(tmp_path / "a", tables())
    other = read_data(write_folder(tmp_path / "b", changed, delimiter))
    for name in SCHEMAS:
        pd.testing.assert_frame_equal(plain.frames[name], other.frames[name])


def test_byte_order_mark(tmp_path: Path) -> None:
    """The mark that Excel puts before UTF-8 does not become part of the first header."""
    folder = write_folder(tmp_path, tables())
    path = folder / "poverty.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_data(folder).poverty) == 6


def test_blank_rows_and_columns(tmp_path: Path) -> None:
    """Rows and trailing columns with nothing in them are left out."""
    changed = tables()
    changed["poverty"] = [[*row, "", ""] for row in changed["poverty"]]
    changed["poverty"] += [["", " ", "", "", "", "", ""]] * 3
    assert len(read_tables(tmp_path, changed).poverty) == 6


def test_blank_khu_vuc(tmp_path: Path) -> None:
    """A khu vực that is not known stays blank, spaces in its cell or not."""
    data = read_tables(tmp_path, with_cell("communes", 3, "khu_vuc", "  "))
    assert data.communes["khu_vuc"].to_list() == ["", "", "III", "III"]


def test_blank_rows_keep_their_numbers(tmp_path: Path) -> None:
    """A row after a blank one is named by the number that Excel shows."""
    changed = with_cell("poverty", 7, "households", "x")
    changed["poverty"].insert(3, [""] * 5)
    with pytest.raises(Exception, match=r"poverty.csv, dòng 8, cột households"):
        read_tables(tmp_path, changed)


def test_extra_files_are_left_alone(tmp_path: Path) -> None:
    """A file of another name in the folder is none of the tables' business."""
    folder = write_folder(tmp_path, tables())
    (folder / "disbursement.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert len(read_data(folder).criteria) == 3


def test_marks_and_names(tmp_path: Path) -> None:
    """Marks come from the sidecars of the tables named, files are named from the project on."""
    folder = write_folder(tmp_path, tables())
    made = SIDECAR.replace("official", "illustrative")
    (folder / "poverty.meta.yml").write_text(made, encoding="utf-8")
    (folder / "province_totals.meta.yml").write_text(SIDECAR + "secondary: true\n", "utf-8")
    data = read_data(folder)
    assert data.marks("districts") == ()
    assert data.marks("poverty", "province_totals") == ("illustrative", "secondary")
    assert data.names("poverty") == ((folder / "poverty.csv").as_posix(),)
    assert len(data.files) == 2 * len(TABLES)

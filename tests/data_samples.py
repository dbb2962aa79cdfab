"""A province of three districts, small enough to read in a test, and ways to spoil it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from helpers.data.dataset import DataSet
from helpers.data.reading import read_data
from helpers.errors import InputRefused, Problem

Rows = list[list[str]]

TABLES: Mapping[str, Rows] = {
    "districts": [
        [
            *["code", "name", "kind", "region", "poor_district", "latitude", "longitude"],
            *["area_km2", "tile_row", "tile_column"],
        ],
        ["412", "Vinh", "thành phố", "lowland", "no", "18.698", "105.686", "105", "5", "5"],
        ["414", "Thái Hòa", "thị xã", "mountainous", "no", "19.29", "105.446", "135", "1", "5"],
        ["417", "Kỳ Sơn", "huyện", "highland", "yes", "19.432", "104.211", "2096", "1", "0"],
    ],
    "communes": [
        ["code", "name", "kind", "district", "khu_vuc"],
        ["16663", "Đông Vĩnh", "phường", "Vinh", ""],
        ["16996", "Tây Hiếu", "xã", "Thái Hòa", "I"],
        ["16813", "Mường Xén", "thị trấn", "Kỳ Sơn", "III"],
        ["16816", "Mỹ Lý", "xã", "417", "III"],
    ],
    "poverty": [
        ["district", "year", "households", "poor_households", "near_poor_households"],
        ["Vinh", "2023", "94665", "385", "939"],
        ["Vinh", "2024", "96425", "329", "845"],
        ["Thái Hòa", "2023", "18351", "192", "409"],
        ["Thái Hòa", "2024", "18560", "155", "380"],
        ["Kỳ Sơn", "2023", "16976", "7222", "2804"],
        ["Kỳ Sơn", "2024", "17221", "6493", "2917"],
    ],
    "criteria": [
        ["district", "special_difficulty_communes", "poor_workers", "housing_need"],
        ["Vinh", "0", "2275", "0"],
        ["Thái Hòa", "0", "1221", "0"],
        ["Kỳ Sơn", "2", "22185", "608"],
    ],
    "province_totals": [
        ["year", "area", "indicator", "value", "status", "source"],
        ["2024", "province", "poor_households", "6977", "official", "Báo cáo"],
        ["2024", "province", "poor_rate", "5.28", "official", "Báo cáo"],
        ["2024", "mountains", "poor_rate", "18.58", "derived", "Tính"],
    ],
}

OPTIONAL: Mapping[str, Rows] = {
    "commune_poverty": [
        ["code", "name", "year", "households", "poor_households", "near_poor_households"],
        ["16663", "Đông Vĩnh", "2023", "94665", "385", "939"],
        ["16996", "Tây Hiếu", "2023", "18351", "192", "409"],
        ["16813", "Mường Xén", "2023", "7000", "2222", "804"],
        ["16816", "Mỹ Lý", "2023", "9976", "5000", "2000"],
    ],
    "commune_criteria": [
        ["code", "name", "special_difficulty"],
        ["16663", "Đông Vĩnh", "no"],
        ["16996", "Tây Hiếu", "no"],
        ["16813", "Mường Xén", "yes"],
        ["16816", "Mỹ Lý", "yes"],
    ],
    "history": [
        ["unit", "year", "line", "source", "capital_type", "assigned", "disbursed"],
        ["Kỳ Sơn", "2022", "DA2", "NSTW", "SN", "5.000 triệu", "3.000 triệu"],
        ["Kỳ Sơn", "2023", "DA2", "NSTW", "SN", "6.000 triệu", "2.500 triệu"],
        ["Sở Y tế", "2023", "DA3-TDA2", "NSTW", "SN", "1,5 tỷ", "1500000000"],
    ],
    "carry_over": [
        ["unit", "line", "source", "capital_type", "vintage", "amount"],
        ["Kỳ Sơn", "DA2", "NSTW", "SN", "2022", "1.500 triệu"],
        ["Kỳ Sơn", "DA2", "NSTW", "SN", "2023", "3.500 triệu"],
    ],
    "movements": [
        [
            *["date", "kind", "line", "source", "capital_type", "vintage", "unit", "amount"],
            *["to_unit", "to_line", "document"],
        ],
        [
            *["2024-05-20", "điều chuyển", "DA2", "NSTW", "SN", "2023", "Kỳ Sơn", "500 triệu"],
            *["Vinh", "", "Quyết định A"],
        ],
        [
            *["2024-06-30", "trả lại", "DA2", "NSTW", "SN", "2022", "Kỳ Sơn", "200 triệu"],
            *["", "", "Quyết định B"],
        ],
    ],
    "dtts_poverty": [
        ["district", "year", "households", "poor_households", "near_poor_households"],
        ["Vinh", "2023", "0", "0", "0"],
        ["Thái Hòa", "2023", "3000", "90", "120"],
        ["Kỳ Sơn", "2023", "16000", "7100", "2700"],
    ],
    "poverty_periods": [
        ["district", "date", "households", "poor_households", "near_poor_households"],
        ["Vinh", "2024-06-30", "95500", "360", "900"],
        ["Thái Hòa", "2024-06-30", "18450", "175", "395"],
        ["Kỳ Sơn", "2024-06-30", "17100", "6900", "2850"],
    ],
    "former_communes": [
        ["code", "name", "kind", "district", "until", "successor"],
        ["16999", "Nghĩa Thuận", "xã", "Thái Hòa", "2024-12-01", "16996"],
    ],
}
"""The tables that a province may leave out."""

SIDECAR = """\
title: Bảng mẫu
producer: Sở A
source: Báo cáo rà soát
date: 2024-12-31
licence: Nội bộ
status: official
"""


def tables(**changed: Rows) -> dict[str, Rows]:
    """Return the sample's tables, some of them replaced."""
    return {name: [list(row) for row in rows] for name, rows in {**TABLES, **changed}.items()}


def all_tables() -> dict[str, Rows]:
    """Return the sample's tables with those that a province may leave out."""
    return tables(**OPTIONAL)


def with_cell(table: str, row: int, column: str, text: str) -> dict[str, Rows]:
    """Return the tables with one cell replaced; the row is Excel's (header = 1)."""
    changed = all_tables() if table in OPTIONAL else tables()
    changed[table][row - 1][changed[table][0].index(column)] = text
    return changed


def write_folder(folder: Path, content: Mapping[str, Rows], delimiter: str = ",") -> Path:
    """Write the tables as CSV files with a plain sidecar each; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in content.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        (folder / f"{name}.meta.yml").write_text(SIDECAR, encoding="utf-8")
    return folder


def book_of(content: Mapping[str, Rows]) -> Workbook:
    """Return a workbook with a sheet for each table, whole numbers as numbers."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    return book


def save(book: Workbook, path: Path) -> Path:
    """Save the workbook with a plain sidecar for all its tables; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    path.with_name(f"{path.stem}.meta.yml").write_text(SIDECAR, encoding="utf-8")
    return path


def read_tables(folder: Path, content: Mapping[str, Rows]) -> DataSet:
    """Write the tables and read them."""
    return read_data(write_folder(folder, content))


def refused(source: Path) -> tuple[Problem, ...]:
    """Return the problems for which reading is refused; fail where it is not."""
    with pytest.raises(InputRefused) as caught:
        read_data(source)
    return caught.value.problems


def only(source: Path) -> Problem:
    """Return the only problem of a source."""
    problems = refused(source)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]

"""A household register (danh sách hộ), one row a household, read in chunks of bounded memory.

Columns by name or Vietnamese label: `area` (the commune's code), `members`, `income` (đồng per
head per month) or `b1` (score), a flag 0/1 for each indicator of the standard or `b2` (points),
and, if there, `area_type` (else the commune's kind decides) and the flags of FLAGS. Any other
column, a name or an address for example, is never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import polars as pl

from helpers.data.headers import header_key
from helpers.data.register.checks import Findings, typed_chunk
from helpers.data.register.model import FLAGS, Register, titles_for
from helpers.data.register.place import SIDECAR_NAME
from helpers.data.sidecar import load_sidecar
from helpers.errors import InputRefused, Problem
from helpers.paths import relative
from helpers.plan.standards import Standard
from helpers.reads import note
from helpers.text import nearest

__all__ = ["CHUNK", "FLAGS", "Register", "open_register", "read_chunks", "register_of"]

CHUNK = 500_000
"""Households read at a time."""


def open_register(path: Path, standard: Standard, communes: Mapping[str, str]) -> Register:
    """Return the register in a CSV or Parquet file, its columns found and its sidecar read.

    Args:
        path: the file; its sidecar stands beside it.
        standard: the standard whose indicators it has.
        communes: the kind (xã, phường, thị trấn) of each commune by code.

    Raises:
        InputRefused: file or sidecar cannot be read, or columns are missing; every problem.
    """
    problems: list[Problem] = []
    sidecar, register = None, None
    note(path)
    try:
        sidecar = load_sidecar(path.parent / SIDECAR_NAME)
    except InputRefused as refused:
        problems += refused.problems
    try:
        csv = path.suffix.lower() == ".csv"
        source = _scan_csv(path) if csv else pl.scan_parquet(path)
        register = _opened(source, relative(path), 2 if csv else 1, standard, communes)
    except InputRefused as refused:
        problems += refused.problems
    except (pl.exceptions.PolarsError, OSError):
        problems.append(_unreadable(relative(path)))
    if problems or register is None:
        raise InputRefused(problems)
    return replace(register, sidecar=sidecar, path=path)


def register_of(
    frame: pl.DataFrame | pl.LazyFrame,
    standard: Standard,
    communes: Mapping[str, str],
    place: str = "danh sách hộ",
) -> Register:
    """Return the register that a Polars frame holds; `place` is what messages call it.

    Raises:
        InputRefused: columns are missing.
    """
    return _opened(frame.lazy(), place, 1, standard, communes)


def read_chunks(register: Register, rows: int = CHUNK) -> Iterator[pl.DataFrame]:
    """Yield the households in chunks, in the file's order; refuse the register at its end.

    A chunk has `unit` (place in `codes`), `area_type` (place in the standard's area types),
    `members`, `measure` (income in đồng, or B1), `code` (bit i: indicator i is lacking; or, of a
    register with B2, the number of deprivations) and `flags` (bit i: flag i of FLAGS).

    Raises:
        InputRefused: cells that cannot be used; each kind of problem once, with the number of
            households and the first rows. Chunks with such cells are not yielded.
    """
    findings = Findings(register.place, register.headers, register.titles, register.first_row)
    types = _area_types(register)
    start = households = 0
    for batch in _batches(register, rows):
        chunk = typed_chunk(batch, start, register, types, findings)
        start += batch.height
        if chunk is not None and chunk.height:
            households += chunk.height
            yield chunk
    problems = findings.problems()
    if not households and not problems:
        what, todo = "không có hộ nào", "thêm các dòng số liệu, hoặc bỏ tệp này"
        problems.append(Problem(register.place, what, todo))
    if problems:
        raise InputRefused(problems)


def _batches(register: Register, rows: int) -> Iterator[pl.DataFrame]:
    chosen = register.source.select(list(register.headers.values()))
    try:
        yield from chosen.collect_batches(chunk_size=rows, maintain_order=True)
    except pl.exceptions.PolarsError:
        raise InputRefused([_unreadable(register.place)]) from None


def _area_types(register: Register) -> tuple[int, ...]:
    """Return the place of each commune's area type among the standard's."""
    places = {key: place for place, key in enumerate(register.standard.area_types)}
    by_kind = {
        kind: places[register.standard.area_type(kind)] for kind in dict.fromkeys(register.kinds)
    }
    return tuple(by_kind[kind] for kind in register.kinds)


def _unreadable(place: str) -> Problem:
    todo = (
        "kiểm tra tệp có mở được không; tệp .csv phải ở bảng mã UTF-8, mỗi dòng có đúng số ô như "
        "dòng tên cột"
    )
    return Problem(place, "không đọc được danh sách hộ", todo)


def _scan_csv(path: Path) -> pl.LazyFrame:
    """Return the cells as text; the sign that parts them is the commonest in the first line."""
    with path.open("rb") as file:
        first = file.readline(65_536)
    if not first.strip():
        raise InputRefused([Problem(relative(path), "tệp trống", "điền dòng tên cột và các hộ")])
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputRefused([_unreadable(relative(path))])
    separator = max(",;\t", key=lambda sign: first.count(sign.encode()))
    return pl.scan_csv(path, separator=separator, infer_schema=False)


def _opened(
    source: pl.LazyFrame,
    place: str,
    first_row: int,
    standard: Standard,
    communes: Mapping[str, str],
) -> Register:
    schema = source.collect_schema()
    headers, problems = _match(schema.names(), standard, place)
    problems += _unfit(headers, schema, place)
    if problems:
        raise InputRefused(problems)
    codes, kinds = tuple(communes), tuple(communes.values())
    return Register(source, place, first_row, MappingProxyType(headers), standard, codes, kinds)


def _match(
    found: Iterable[str], standard: Standard, place: str
) -> tuple[dict[str, str], list[Problem]]:
    """Return the header of each column that is there, and what is wrong with the columns."""
    titles = titles_for(standard)
    names = {header_key(title): column for column, title in titles.items()}
    names |= {header_key(column): column for column in titles}
    headers: dict[str, str] = {}
    problems, others = [], []
    for header in found:
        column = names.get(header_key(header))
        if column is None:
            others.append(header)
        elif column in headers:
            what = f"cột lặp lại: “{headers[column]}” và “{header}” cùng là {column}"
            problems.append(Problem(place, what, "chỉ để lại một cột"))
        else:
            headers[column] = header
    for column in _wanting(headers, standard):
        near = nearest(column, others) or nearest(titles[column], others)
        todo = f"có phải là cột “{near}”? hãy đổi tên" if near else "thêm cột này"
        what = f"thiếu cột {column} (“{titles[column]}”)"
        if column in _EITHER:
            what += f", hoặc cột {_EITHER[column]}"
        problems.append(Problem(place, what, todo))
    if {"income", "b1"} <= set(headers):
        what = "có cả cột income và cột b1, không biết xác định nghèo về thu nhập theo cột nào"
        problems.append(Problem(place, what, "giữ một cột"))
    if "b1" in headers and standard.score_b1 is None:
        what = f"có cột b1 mà {standard.file} chưa có ngưỡng điểm B1"
        problems.append(Problem(place, what, "thay bằng cột income, hoặc điền score_b1 ở tệp đó"))
    if "b2" in headers and standard.score_b2 is None:
        what = f"có cột b2 mà {standard.file} chưa có điểm B2"
        problems.append(Problem(place, what, "bỏ cột b2, hoặc điền score_b2 ở tệp đó"))
    # In this order whatever the file's: what follows must not depend on where a column stands.
    return {column: headers[column] for column in titles if column in headers}, problems


_EITHER: Mapping[str, str] = MappingProxyType({"income": "b1 (“Điểm B1”)"})


def _wanting(headers: Mapping[str, str], standard: Standard) -> list[str]:
    """Return the columns without which the register says too little."""
    wanting = [column for column in ("area", "members") if column not in headers]
    if not {"income", "b1"} & set(headers):
        wanting.append("income")
    absent = [item.key for item in standard.indicators if item.key not in headers]
    only_b2 = "b2" in headers and len(absent) == len(standard.indicators)
    return wanting if only_b2 else wanting + absent


def _unfit(headers: Mapping[str, str], schema: pl.Schema, place: str) -> list[Problem]:
    """Return the columns of a Parquet file that hold neither numbers nor text."""
    problems = []
    for column, header in headers.items():
        kind = schema[header]
        words = kind in (pl.String, pl.Categorical, pl.Enum) or kind.is_integer()
        if not (words or (column not in ("area", "area_type") and _numeric(kind))):
            wanted = "mã xã dạng chữ" if column in ("area", "area_type") else "số nguyên"
            what = f"kiểu dữ liệu {kind} không dùng được"
            problems.append(Problem(f"{place}, cột {header}", what, f"lưu cột thành {wanted}"))
    return problems


def _numeric(kind: pl.DataType) -> bool:
    return kind.is_numeric() or kind in (pl.Boolean, pl.Null)

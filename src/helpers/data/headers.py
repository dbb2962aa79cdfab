"""Which column of a file is which: technical names and Vietnamese labels both serve."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpers.data.schemas import label, raw_columns
from helpers.data.sources import RawTable
from helpers.errors import Problem
from helpers.text import listing, match_key, nearest

__all__ = ["match_headers"]


def _key(header: str) -> str:
    """Return the match key of a header; underscores are spaces, a unit in brackets is left out."""
    without_unit = re.sub(r"\s*\([^()]*\)$", "", header)
    return match_key(without_unit.replace("_", " "))


def match_headers(raw: RawTable, labels: Mapping[str, str]) -> tuple[dict[str, int], list[Problem]]:
    """Return the place of each column, and what is wrong with the row of headers.

    A header may be the technical name, the label of the schema, or the sidecar's own label.
    """
    wanted = raw_columns(raw.name)
    names = {_key(labels[column]): column for column in wanted if column in labels}
    names |= {_key(label(raw.name, column)): column for column in wanted}
    names |= {_key(column): column for column in wanted}
    where = f"{raw.place}, dòng 1"
    if not any(_key(header) in names for header in raw.headers):
        what = "dòng 1 không có tên cột nào của bảng này"
        todo = f"đặt tên cột ở dòng 1, bỏ các dòng tiêu đề phía trên; các cột: {listing(wanted)}"
        return {}, [Problem(where, what, todo)]
    columns: dict[str, int] = {}
    problems = []
    unknown = []
    if raw.overlong:
        what = f"{len(raw.overlong)} dòng có nhiều ô hơn dòng tên cột"
        todo = "bỏ ô thừa, hoặc đặt tên cột; ô có dấu ngăn cột thì đặt giữa hai dấu nháy kép"
        problems.append(Problem(f"{raw.place}, dòng {raw.overlong[0]}", what, todo))
    for place, header in enumerate(raw.headers):
        column = names.get(_key(header))
        if column is None:
            unknown.append((place, header))
        elif column in columns:
            other = raw.headers[columns[column]]
            what = f"cột lặp lại: “{other}” và “{header}” cùng là {column}"
            problems.append(Problem(f"{where}, cột {header}", what, "chỉ để lại một cột"))
        else:
            columns[column] = place
    missing = [column for column in wanted if column not in columns]
    for place, header in unknown:
        if not header:
            what, todo = "cột không có tên", "đặt tên cột, hoặc xóa cột"
            problems.append(Problem(f"{where}, cột thứ {place + 1}", what, todo))
            continue
        spellings = [*missing, *(label(raw.name, column) for column in missing)]
        near = nearest(header, spellings)
        todo = f"có phải là “{near}”?" if near else f"xóa cột; các cột của bảng: {listing(wanted)}"
        problems.append(Problem(f"{where}, cột {header}", "bảng này không có cột ấy", todo))
    problems += [
        Problem(where, f"thiếu cột {column} (“{label(raw.name, column)}”)", "thêm cột này")
        for column in missing
    ]
    return columns, problems

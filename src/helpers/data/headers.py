"""Which column of a file is which: technical names and Vietnamese labels both serve."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from helpers.data.sources import RawTable
from helpers.data.vocabulary import EXTENSIBLE, EXTRA_KINDS
from helpers.errors import Problem
from helpers.text import listing, match_key, nearest

__all__ = ["header_key", "match_headers"]


def header_key(header: str) -> str:
    """Return the match key of a header; underscores are spaces, a unit in brackets is left out."""
    without_unit = re.sub(r"\s*\([^()]*\)$", "", header)
    return match_key(without_unit.replace("_", " "))


def match_headers(
    raw: RawTable,
    titles: Mapping[str, str],
    labels: Mapping[str, str],
    extras: Collection[str],
    key: Callable[[str], str] = header_key,
) -> tuple[dict[str, int], list[Problem]]:
    """Return the place of each column, and what is wrong with the row of headers.

    A header may be the technical name, the label of the schema (`titles`, for every column that
    the table has to have), or the sidecar's own label (`labels`). `extras` are the columns that
    only the sidecar asks for. `key` says what two spellings of one header share.
    """
    wanted = tuple(titles)
    names = {key(labels[column]): column for column in wanted if column in labels}
    names |= {key(titles[column]): column for column in wanted}
    names |= {key(column): column for column in wanted}
    where = f"{raw.place}, dòng 1"
    if not any(key(header) in names for header in raw.headers):
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
        column = names.get(key(header))
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
        near = nearest(header, [*missing, *(titles[column] for column in missing)])
        todo = f"có phải là “{near}”?" if near else _columns_of(raw.name, header, wanted)
        problems.append(Problem(f"{where}, cột {header}", "bảng này không có cột ấy", todo))
    for column in missing:
        todo = "thêm cột này"
        if column in extras:
            near = nearest(column, [name for name in wanted if name not in extras])
            todo += ", hoặc bỏ mô tả của nó trong tệp .meta.yml"
            todo += f"; có phải là “{near}”?" if near else ""
        what = f"thiếu cột {column} (“{titles[column]}”)"
        problems.append(Problem(where, what, todo))
    return columns, problems


def _columns_of(table: str, header: str, wanted: Collection[str]) -> str:
    """Return what to do with a column that is none of the table's."""
    todo = f"xóa cột; các cột của bảng: {listing(wanted)}"
    if table not in EXTENSIBLE:
        return todo
    kinds = ", ".join(f"{kind} ({name})" for kind, name in EXTRA_KINDS.items())
    return (
        f"mô tả cột trong tệp .meta.yml, dưới khóa columns: “{header}: {{label: …, unit: …, "
        f"kind: …}}”, kind là một trong {kinds}; hoặc {todo}"
    )

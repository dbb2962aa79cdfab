"""Check parameters against a notebook's `parameters` cell before anything runs."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import Problem
from helpers.paths import relative
from helpers.runner.model import Job
from helpers.text import listing, nearest

__all__ = ["Declared", "check", "declared"]

TAG = "parameters"
"""Tag of the cell that declares a notebook's parameters, as papermill defines it."""

WORDS = {
    "bool": "đúng hay sai (True, False)",
    "dict": "bảng tra (dict)",
    "float": "số",
    "int": "số nguyên",
    "list": "danh sách",
    "None": "trống (None)",
    "str": "chữ",
}
"""What a planner calls the types that a parameter can have."""


@dataclass(frozen=True)
class Declared:
    """One parameter of a notebook: the types it takes, none where nothing can be told."""

    name: str
    types: frozenset[str] = frozenset()


def _annotated(node: ast.expr) -> frozenset[str]:
    """Return the plain types that an annotation allows; empty where it cannot be told."""
    match node:
        case ast.Name(id=name) if name in WORDS:
            return frozenset({name})
        case ast.Constant(value=None):
            return frozenset({"None"})
        case ast.Constant(value=str(text)):
            return _annotated(ast.parse(text, mode="eval").body)
        case ast.Subscript(value=ast.Name(id="list" | "dict" as name)):
            return frozenset({name})
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            first, second = _annotated(left), _annotated(right)
            return first | second if first and second else frozenset()
    return frozenset()


def _of_default(node: ast.expr) -> frozenset[str]:
    """Return the type of a default value; empty for None and for what is computed."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return frozenset()
    name = type(value).__name__
    return frozenset({name}) if name in WORDS else frozenset()


def declared(notebook: Path) -> dict[str, Declared] | None:
    """Return a notebook's parameters by name, or None where it has no `parameters` cell."""
    cells = json.loads(notebook.read_text(encoding="utf-8")).get("cells", [])
    for cell in cells:
        if TAG in cell.get("metadata", {}).get("tags", []):
            source = "".join(cell["source"])
            found = {}
            for node in ast.parse(source).body:
                match node:
                    case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                        types = _annotated(annotation)
                    case ast.Assign(targets=[ast.Name(id=name)], value=value):
                        types = _of_default(value)
                    case _:
                        continue
                found[name] = Declared(name, types)
            return found
    return None


def _takes(types: frozenset[str], value: object) -> bool:
    kind = "None" if value is None else type(value).__name__
    return not types or kind in types or (kind == "int" and "float" in types)


def _check_values(
    where: str, known: Mapping[str, Declared], parameters: Mapping[str, object]
) -> Iterable[Problem]:
    for name, value in parameters.items():
        if name not in known:
            near = nearest(name, known)
            todo = f"có phải là “{near}”?" if near else f"các tham số của sổ: {listing(known)}"
            yield Problem(where, f"không có tham số “{name}”", todo)
        elif type(value).__name__ not in {*WORDS, "NoneType"}:
            kind = type(value).__name__
            todo = "chỉ dùng chữ, số, đúng/sai, danh sách, bảng tra"
            yield Problem(where, f"tham số “{name}” có kiểu {kind}, sổ tính không nhận được", todo)
        elif not _takes(known[name].types, value):
            wanted = " hoặc ".join(WORDS[kind] for kind in sorted(known[name].types))
            yield Problem(where, f"tham số “{name}” nhận giá trị {value!r}", f"phải là {wanted}")


def check(jobs: Iterable[Job]) -> tuple[Problem, ...]:
    """Return what is wrong with the parameters of all the jobs; empty where all can run."""
    problems: list[Problem] = []
    read: dict[Path, dict[str, Declared] | None] = {}
    for job in jobs:
        where = relative(job.notebook)
        try:
            if job.notebook not in read:
                read[job.notebook] = declared(job.notebook)
        except FileNotFoundError:
            problems.append(Problem(where, "không có sổ tính này", "kiểm tra tên tệp"))
            continue
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            todo = "mở bằng make lab để sửa, hoặc lấy lại bản trước"
            problems.append(Problem(where, f"tệp sổ tính bị hỏng ({error})", todo))
            continue
        except SyntaxError as error:
            what = f"ô tham số (parameters) có lỗi cú pháp ở dòng {error.lineno}"
            problems.append(Problem(where, what, "mở bằng make lab để sửa"))
            continue
        known = read[job.notebook]
        if known is not None:
            problems.extend(_check_values(where, known, job.parameters))
        elif job.parameters:
            todo = "gắn nhãn (tag) “parameters” cho ô khai báo tham số"
            problems.append(Problem(where, "sổ tính không có ô tham số", todo))
    return tuple(dict.fromkeys(problems))

"""What pydantic finds wrong, said in Vietnamese."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from helpers.money import AmountRefused
from helpers.plan.source import Finding, Loc
from helpers.plan.values import ValueRefused, suggestion
from helpers.text import nearest

__all__ = ["TRANSLATED", "findings_of"]

_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "amount": "amount: 603.736 triệu",
        "area": "area: province",
        "bases": "bases: rồi mỗi căn cứ một dòng “- …”",
        "capital_types": "capital_types: [ĐTPT, SN]",
        "code": "code: DA1",
        "criteria": "criteria: {poor_households: 100}",
        "cut": 'cut: "1,0–1,5"',
        "data": "data: data/nghe-an-2024",
        "eligible": "eligible: all",
        "rounding_unit": "rounding_unit: 1 triệu",
        "small_cell_threshold": "small_cell_threshold: 10",
        "source": "source: NSTW",
        "status": "status: unverified",
        "type": "type: SN",
        "year": "year: 2024",
    }
)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def _keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys that may stand in the mapping at the end of the way."""
    for step in loc:
        if step in model.model_fields:
            found = _models(model.model_fields[str(step)].annotation)
            model = found[0] if found else model
    return list(model.model_fields)


def _missing(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    *around, key = error["loc"]
    example = _EXAMPLES.get(str(key), f"{key}: …")
    return Finding(tuple(around), f"thiếu khóa “{key}”", f"thêm dòng “{example}”")


def _unknown(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    key = str(error["loc"][-1])
    todo = suggestion(key, keys, f"các khóa dùng được ở đây: {', '.join(keys)}")
    return Finding(error["loc"], f"không có khóa “{key}”", todo)


def _not_a_section(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    todo = "ghi từng dòng “khóa: giá trị”, thụt lề thẳng nhau, như trong tệp mẫu"
    return Finding(error["loc"], "phải gồm các dòng “khóa: giá trị”", todo)


def _not_a_list(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    todo = "ghi mỗi mục một dòng, mở đầu bằng “- ”, hoặc ghi [A, B]"
    return Finding(error["loc"], "phải là một danh sách", todo)


def _too_short(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    return Finding(error["loc"], "danh sách đang trống", "ghi ít nhất một mục")


def _refused(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, ValueRefused | AmountRefused):
        return Finding(error["loc"], cause.what, cause.todo)
    return _other(error, keys)


def _other(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    return Finding(error["loc"], "giá trị không hợp lệ", "so với dòng cùng khóa trong tệp mẫu")


TRANSLATED: Mapping[str, Callable[[ErrorDetails, Sequence[str]], Finding]] = MappingProxyType(
    {
        "missing": _missing,
        "extra_forbidden": _unknown,
        "model_type": _not_a_section,
        "dict_type": _not_a_section,
        "tuple_type": _not_a_list,
        "too_short": _too_short,
        "value_error": _refused,
    }
)
"""The error types that a plan can meet; any other is said in general words."""


def findings_of(errors: Sequence[ErrorDetails], model: type[BaseModel]) -> list[Finding]:
    """Return pydantic's errors as findings; a mistyped key is not also said to be missing."""
    mistyped = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            *around, key = error["loc"]
            mistyped.add((*around, nearest(str(key), _keys(model, tuple(around)))))
    findings = []
    for error in errors:
        if error["type"] == "missing" and error["loc"] in mistyped:
            continue
        loc = tuple(step for step in error["loc"] if step != "[key]")
        translate = TRANSLATED.get(error["type"], _other)
        findings.append(translate({**error, "loc": loc}, _keys(model, loc[:-1])))
    return findings

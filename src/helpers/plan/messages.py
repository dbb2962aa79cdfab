"""What pydantic finds wrong, said in Vietnamese."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from helpers.money import AmountRefused
from helpers.plan.source import Finding, Loc
from helpers.plan.values import ValueRefused, suggestion
from helpers.text import nearest

__all__ = ["TRANSLATED", "findings_of", "models_in"]

# A key that one kind of section uses otherwise stands after that section's first key and a point.
_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "add": 'add: "0,5"',
        "agency": "agency: tên hoặc mã của sở, ngành",
        "amount": "amount: 603.736 triệu",
        "area": "area: province",
        "area_types": "area_types: rồi mỗi khu vực một dòng “rural: {name: …, kinds: [xã]}”",
        "bases": "bases: rồi mỗi căn cứ một dòng “- …”",
        "basis": "basis: rồi dòng document ghi tên văn bản",
        "basis.lines": "lines: rồi mức của từng khu vực, như trong area_types",
        "beyond": "beyond: 60",
        "capital_types": "capital_types: [ĐTPT, SN]",
        "cases": "cases: rồi mỗi ví dụ một mục “- name: …”",
        "code": "code: DA1",
        "criteria": "criteria: rồi mỗi tiêu chí một mục “- {column: …, share: 100}”",
        "data": "data: data/nghe-an-2024",
        "deprivations": "deprivations: {minimum: 3}",
        "document.document": "document: tên, số và cơ quan ban hành văn bản",
        "eligible": "eligible: all",
        "every": "every: 10",
        "from": "from: 45",
        "goal": "goal: rồi dòng text ghi mục tiêu chung và dòng status",
        "income": "income: rồi dòng lines ghi mức của từng khu vực",
        "indicators": "indicators: rồi mỗi chỉ số một mục “- {key: …, name: …}”",
        "items": "items: rồi mỗi giải pháp một dòng “- …”",
        "key": "key: housing_area",
        "kinds": "kinds: [xã]",
        "label": "label: tên gọi của cột số liệu",
        "levels": "levels: {province: 50, district: 30, commune: 20}",
        "line": "line: DA2",
        "lines": "lines: [DA2]",
        "minimum": "minimum: 3",
        "of": "of: NSTW",
        "percent": "percent: 10",
        "points": "points: 2",
        "pot": "pot: 1.000 triệu",
        "reason": "reason: lý do bằng một câu",
        "rounding_unit": "rounding_unit: 1 triệu",
        "rules": "rules: params/rules/nghe-an-2024.yaml",
        "services": "services: rồi mỗi dịch vụ một mục “- name: …” có indicators",
        "small_cell_threshold": "small_cell_threshold: 10",
        "source": "source: NSTW",
        "status": "status: unverified",
        "status.title": "title: tên của nhóm giải pháp",
        "status.unit": "unit: tên cơ quan, đơn vị",
        "symbol": "symbol: KH-UBND",
        "symbol.bases": "bases: rồi mỗi căn cứ một mục “- {text: …, status: …}”",
        "tasks": "tasks: rồi mỗi nhiệm vụ một dòng “- …”",
        "text": "text: nội dung bằng một câu",
        "threshold": "threshold: 30",
        "title": "title: tên của bộ quy tắc",
        "title.rules": "rules: rồi mỗi quy tắc một mục “- lines: [DA2]”",
        "type": "type: SN",
        "under": "under: 0",
        "unit": "unit: tên hoặc mã của sở, ngành hay huyện",
        "units": "units: rồi mỗi đơn vị một mục “- {name: …, poor_rate: …}”",
        "valid": "valid: {from: 2024-01-01, to: 2024-12-31}",
        "year": "year: 2024",
    }
)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the models within a field's annotation, such as those of a list's items."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def _fields(model: type[BaseModel]) -> dict[str | int, FieldInfo]:
    """Return the model's fields by the key that a file writes for each."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys that may stand in the mapping at the end of the way."""
    for step in loc:
        if step in _fields(model):
            found = models_in(_fields(model)[step].annotation)
            model = found[0] if found else model
    return [str(key) for key in _fields(model)]


def _missing(error: ErrorDetails, keys: Sequence[str]) -> Finding:
    *around, key = error["loc"]
    example = _EXAMPLES.get(f"{keys[0]}.{key}") or _EXAMPLES.get(str(key), f"{key}: …")
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


def _has_inner(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """Tell whether a list only seems too short: items that are themselves wrong do not count."""
    depth = len(error["loc"])
    return any(len(e["loc"]) > depth and e["loc"][:depth] == error["loc"] for e in errors)


def findings_of(
    errors: Sequence[ErrorDetails],
    model: type[BaseModel],
    moved: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> list[Finding]:
    """Return pydantic's errors as findings; a mistyped key is not also said to be missing.

    Args:
        errors: what pydantic found.
        model: what the file holds.
        moved: keys that files used to have, with what to say and to do about each.
    """
    mistyped = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            *around, key = error["loc"]
            mistyped.add((*around, nearest(str(key), _keys(model, tuple(around)))))
    findings = []
    for error in errors:
        if error["type"] == "missing" and error["loc"] in mistyped:
            continue
        if error["type"] == "too_short" and _has_inner(error, errors):
            continue
        loc = tuple(step for step in error["loc"] if step != "[key]")
        if error["type"] == "extra_forbidden" and loc[-1] in moved:
            findings.append(Finding(loc, *moved[str(loc[-1])]))
            continue
        translate = TRANSLATED.get(error["type"], _other)
        findings.append(translate({**error, "loc": loc}, _keys(model, loc[:-1])))
    return findings

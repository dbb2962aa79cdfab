"""JSON Schema of rule files and of their cases, so that an editor completes and explains keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

from helpers.plan.rules.cases import LEVELS, CaseFileContent
from helpers.plan.rules.columns import COLUMNS
from helpers.plan.rules.model import (
    COUNTERPART_LEVELS,
    COUNTS,
    FORMS,
    LOT_ACTIONS,
    METHODS,
    TIES,
    RuleSetContent,
)
from helpers.plan.rules.readers import MISSING_WORD
from helpers.plan.vocabulary import ELIGIBLE, STATUSES

__all__ = ["SCHEMAS", "cases_schema", "rules_schema", "schema_text"]

Schema = dict[str, Any]
DRAFT: Final = "http://json-schema.org/draft-07/schema#"
"""The newest draft that editors' YAML tools understand in full."""


def _choices(words: Mapping[Any, str]) -> str:
    return "; ".join(f"{word}: {meaning}" for word, meaning in words.items())


_FROM, _ABOVE = "Mức dưới, kể cả mức này", "Mức dưới, không kể mức này"
_TO, _BELOW = "Mức trên, kể cả mức này", "Mức trên, không kể mức này"
_UNIT_OF_ROUNDING = "Đơn vị làm tròn, chẳng hạn “1 triệu”; không ghi thì theo kế hoạch"
_COUNTERPART = "Vốn đối ứng của ngân sách địa phương, mỗi loại vốn một mục"
_STATUS = f"Độ tin cậy. {_choices(STATUSES)}"
_SOURCE, _TYPE = "Nguồn vốn, như trong capital → sources", "Loại vốn, như trong capital → types"

DESCRIPTIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "RuleSetContent": {
            "": "Bộ quy tắc phân bổ vốn",
            "title": "Tên của bộ quy tắc, như sẽ in trong bản tóm tắt",
            "valid": "Thời gian có hiệu lực; phải bao trùm năm của kế hoạch dùng nó",
            "note": "Ghi chú chung",
            "agencies": "Các sở, ngành được nêu trong quy tắc, theo tên gọi của thời kỳ này",
            "columns": "Tên gọi và đơn vị của các cột số liệu riêng mà quy tắc dùng",
            "rounding_unit": _UNIT_OF_ROUNDING,
            "counterpart": _COUNTERPART,
            "rules": "Các quy tắc; mỗi dự án, tiểu dự án thuộc đúng một quy tắc",
        },
        "Valid": {
            "": "Thời gian có hiệu lực",
            "from": "Ngày bắt đầu (năm-tháng-ngày), hoặc “chưa có” khi chưa đối chiếu được",
            "to": "Ngày cuối cùng còn hiệu lực; không ghi là còn hiệu lực đến khi có quy tắc khác",
        },
        "Agency": {
            "": "Một sở, ngành",
            "code": "Mã ngắn, không trùng",
            "name": "Tên đầy đủ",
        },
        "ColumnNote": {
            "": "Tên gọi và đơn vị của một cột số liệu",
            "label": "Tên gọi trong bảng tính",
            "unit": "Đơn vị, chẳng hạn hộ, xã, %; cột % chỉ nhận giá trị từ 0 đến 100",
        },
        "Counterpart": {
            "": "Vốn đối ứng cho một loại vốn",
            "type": _TYPE,
            "of": "Nguồn vốn làm gốc để tính, chẳng hạn NSTW",
            "source": "Nguồn vốn phải đối ứng, chẳng hạn NSĐP",
            "percent": "Tỷ lệ % so với nguồn vốn làm gốc",
            "levels": f"Phần % của mỗi cấp, cộng lại đúng 100. {_choices(COUNTERPART_LEVELS)}",
        },
        "Rule": {
            "": "Quy tắc của một hay nhiều dự án, tiểu dự án",
            "lines": "Mã các dự án, tiểu dự án dùng quy tắc này",
            "basis": "Văn bản làm căn cứ",
            "status": _STATUS,
            "note": "Ghi chú của quy tắc",
            "pots": "Khoản vốn do chính quy tắc ấn định; không có thì lấy theo split của kế hoạch",
            "earmarks": "Các khoản giao đích danh, lấy ra trước khi chia",
            "reserve": "Dự phòng giữ lại trước khi chia; đứng riêng là “chưa phân bổ”",
            "agencies": "Phần % của các sở, ngành sau khi trừ khoản đích danh và dự phòng",
            "districts": "Cách chia phần còn lại cho huyện",
            "communes": "Cách chia cho xã: trong từng huyện nếu có districts, không thì toàn tỉnh",
            "counterpart": "Vốn đối ứng riêng của quy tắc này, thay cho mức chung cùng loại vốn",
        },
        "Basis": {
            "": "Văn bản làm căn cứ",
            "document": "Tên, số và cơ quan ban hành",
            "article": "Điều, khoản, phụ lục",
            "date": "Ngày ban hành (năm-tháng-ngày)",
        },
        "Pot": {
            "": "Một khoản vốn do quy tắc ấn định: ghi amount hoặc percent",
            "source": _SOURCE,
            "type": _TYPE,
            "amount": "Số tiền, chẳng hạn “5.000 triệu”",
            "percent": "Tỷ lệ % của nguồn vốn, loại vốn đó",
        },
        "Earmark": {
            "": "Một khoản giao đích danh",
            "name": "Tên khoản",
            "unit": "Sở, ngành hoặc huyện được giao, theo tên hoặc mã",
            "source": _SOURCE,
            "type": _TYPE,
            "amount": "Số tiền, chẳng hạn “500 triệu”",
            "basis": "Văn bản giao khoản này",
        },
        "Reserve": {
            "": "Dự phòng",
            "percent": "Tỷ lệ % của mỗi khoản vốn",
            "reason": "Lý do giữ lại, như sẽ in cạnh “chưa phân bổ”",
        },
        "AgencyShare": {
            "": "Phần của một sở, ngành",
            "agency": "Tên hoặc mã trong danh sách agencies ở đầu tệp",
            "percent": "Tỷ lệ %; các sở, ngành cộng lại không quá 100",
        },
        "Sharing": {
            "": "Cách chia cho các đơn vị: hệ số X, mức vốn Q = G / ΣX, vốn của đơn vị V = Q × X",
            "eligible": f"Đơn vị được chia: một nhóm hoặc các điều kiện. {_choices(ELIGIBLE)}",
            "criteria": "Các tiêu chí; điểm cộng lại",
            "multipliers": "Các hệ số nhân với tổng điểm",
            "classes": "Xếp loại: tổng điểm thuộc khoảng nào thì lấy hệ số (points) của khoảng đó",
            "floor": "Mức ít nhất của mỗi đơn vị: số tiền, hoặc % của khoản vốn",
            "cap": "Mức nhiều nhất của mỗi đơn vị: số tiền, hoặc % của khoản vốn",
            "minimum_lot": "Mức giao nhỏ nhất",
            "rounding_unit": _UNIT_OF_ROUNDING,
            "method": f"Phương pháp làm tròn. {_choices(METHODS)}",
            "reason": "Lý do chọn phương pháp khác số dư lớn nhất",
            "ties": f"Khi phần lẻ bằng nhau. {_choices(TIES)}",
        },
        "Condition": {
            "": "Một điều kiện về đơn vị; các điều kiện trong danh sách phải cùng đúng",
            "group": f"Nhóm đơn vị. {_choices(ELIGIBLE)}",
            "names": "Tên hoặc mã các đơn vị",
            "one_of": "Các điều kiện mà chỉ cần một cái đúng",
            "column": "Cột số liệu đem xét",
            "is": "Giá trị, hoặc các giá trị, được nhận",
            "not": "Giá trị, hoặc các giá trị, không được nhận",
            "from": _FROM,
            "above": _ABOVE,
            "to": _TO,
            "below": _BELOW,
        },
        "Criterion": {
            "": "Một tiêu chí: một cột số liệu và đúng một cách tính điểm",
            "name": "Tên tiêu chí; không ghi thì lấy tên của cột",
            "column": "Cột số liệu",
            "bands": "Điểm theo khoảng giá trị; các khoảng phủ hết từ 0 trở lên, không chồng nhau",
            "steps": "Điểm đầu, rồi cộng thêm theo bước",
            "per_unit": "Điểm cho mỗi đơn vị của cột",
            "share": "Tỷ trọng (%), chia theo tỷ lệ của cột; nếu mọi tiêu chí đều là share thì "
            "cộng lại đúng 100",
            "lookup": "Điểm theo loại, chẳng hạn {I: 30, II: 40, III: 50}",
            "otherwise": "Điểm của các loại không ghi trong lookup",
            "highest": "Lấy điểm cao nhất của các tiêu chí con",
            "sum": "Cộng điểm của các tiêu chí con",
        },
        "Band": {
            "": "Một khoảng giá trị và số điểm của nó",
            "from": _FROM,
            "above": _ABOVE,
            "to": _TO,
            "below": _BELOW,
            "points": "Số điểm",
            "name": "Tên của khoảng",
        },
        "Steps": {
            "": "Điểm đầu và các bước tăng",
            "from": "Giá trị bắt đầu có điểm đầu",
            "under": "Điểm của các giá trị dưới mức bắt đầu",
            "points": "Điểm đầu",
            "beyond": "Giá trị mà từ đó mỗi bước được cộng thêm",
            "every": "Độ dài của một bước",
            "add": "Điểm cộng cho mỗi bước",
            "counts": f"Cách đếm bước. {_choices(COUNTS)}",
            "most": "Điểm nhiều nhất",
        },
        "Lot": {
            "": "Mức giao nhỏ nhất",
            "amount": "Số tiền, chẳng hạn “50 triệu”",
            "action": f"Khi đơn vị được ít hơn. {_choices(LOT_ACTIONS)}",
        },
        "CaseFileContent": {
            "": "Ví dụ tính tay của một bộ quy tắc",
            "rules": "Tệp quy tắc, chẳng hạn params/rules/nghe-an-2024.yaml",
            "cases": "Các ví dụ",
        },
        "CaseContent": {
            "": "Một ví dụ",
            "name": "Tên ví dụ",
            "note": "Ghi chú",
            "line": "Mã dự án, tiểu dự án có quy tắc đem tính",
            "level": f"Cấp đem chia. {_choices(LEVELS)}",
            "pot": "Khoản vốn đem chia, chẳng hạn “1.000 triệu”",
            "rounding_unit": "Đơn vị làm tròn, nếu quy tắc chưa ghi",
            "units": "Các đơn vị và số liệu của chúng",
            "expect": "Kết quả tính tay theo tên đơn vị",
            "unplaced": "Phần không phân bổ được",
            "refused": "Một phần của câu báo lỗi, khi ví dụ phải bị từ chối",
        },
        "CaseUnit": {
            "": "Một đơn vị; ngoài các khóa này, mỗi cột số liệu một dòng, “chưa có” là thiếu",
            "name": "Tên đơn vị",
            "code": "Mã đơn vị",
            "parent": "Huyện của xã",
        },
        "Expected": {
            "": 'Kết quả tính tay; "≈29,63" là số đã làm tròn, còn lại là số đúng',
            "points": "Tổng điểm các tiêu chí",
            "coefficient": "Hệ số X, sau hệ số nhân và xếp loại",
            "share": "Tỷ lệ % của khoản vốn, trước mức ít nhất, nhiều nhất và làm tròn",
            "amount": "Số tiền",
        },
    }
)
"""What each key means, by section; "" is the section itself."""

_WORD: Final = {"type": ["string", "number", "boolean"]}
_MISSING: Final = {"const": MISSING_WORD}
_GROUP: Final = {"enum": list(ELIGIBLE)}


def _either(*options: Schema) -> Schema:
    return {"anyOf": list(options)}


def _shorthand(items: Schema) -> Schema:
    return _either(items, {"type": "array", "items": items, "minItems": 1})


# Where a file may write something shorter than the model holds.
_SHORTER: Final[Mapping[tuple[str, str], Callable[[Schema], Schema]]] = MappingProxyType(
    {
        ("Criterion", "bands"): lambda full: _either(_MISSING, full),
        ("Sharing", "classes"): lambda full: _either(_MISSING, full),
        ("Sharing", "eligible"): lambda full: _shorthand(_either(_GROUP, full["items"])),
        ("Condition", "is"): lambda full: _shorthand(_WORD),
        ("Condition", "not"): lambda full: _shorthand(_WORD),
        ("Criterion", "column"): lambda full: _either({"enum": list(COLUMNS)}, full),
        ("Condition", "column"): lambda full: _either({"enum": list(COLUMNS)}, full),
    }
)


def _property(section: str, key: str, raw: Schema) -> Schema:
    """Return a key's schema without what pydantic adds for itself, and with its meaning."""
    found = {name: value for name, value in raw.items() if name not in ("title", "default")}
    options = [option for option in found.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        found = options[0]
    elif options:
        found = {**found, "anyOf": options}
    shorter = _SHORTER.get((section, key))
    found = shorter(found) if shorter else found
    if "$ref" in found:
        # Draft 7 ignores what stands beside a reference.
        found = {"allOf": [found]}
    return {"description": DESCRIPTIONS[section][key], **found}


def _section(name: str, raw: Schema) -> Schema:
    keys = {key: item for key, item in raw["properties"].items() if (name, key) != _FIGURES}
    found = {
        "description": DESCRIPTIONS[name][""],
        "type": "object",
        "properties": {key: _property(name, key, item) for key, item in keys.items()},
        "additionalProperties": False,
    }
    if (name, "figures") == _FIGURES:
        found["additionalProperties"] = raw["properties"]["figures"]["additionalProperties"]
    if "required" in raw:
        found["required"] = raw["required"]
    if name == "Criterion":
        found["oneOf"] = [{"required": [form]} for form in FORMS]
    return found


_FIGURES: Final = ("CaseUnit", "figures")
"""What a file writes beside the unit's name, under no key of its own."""


def _schema(model: type[BaseModel], title: str) -> Schema:
    raw = model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    sections = {name: _section(name, item) for name, item in sorted(raw["$defs"].items())}
    head = {"$schema": DRAFT, "title": title}
    return {**head, **_section(model.__name__, raw), "definitions": sections}


def rules_schema() -> Schema:
    """Return the JSON Schema of a rule file."""
    return _schema(RuleSetContent, "Quy tắc phân bổ vốn")


def cases_schema() -> Schema:
    """Return the JSON Schema of a file of worked examples."""
    return _schema(CaseFileContent, "Ví dụ tính tay của quy tắc phân bổ")


def schema_text(schema: Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


SCHEMAS: Final[Mapping[str, Callable[[], Schema]]] = MappingProxyType(
    {"rules.schema.json": rules_schema, "cases.schema.json": cases_schema}
)
"""The schema files in params/rules/, each with what makes it."""

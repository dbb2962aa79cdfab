"""What has to hold within a rule set: percentages that add up, known names, one rule a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from helpers.money import AmountRefused
from helpers.plan import values
from helpers.plan.messages import models_in
from helpers.plan.rules.model import Agency, ColumnNote, Counterpart, Rule, RuleSetContent, Valid
from helpers.plan.rules.sharing_checks import SHARING_CHECKS, Check, Known, percent_text
from helpers.plan.source import Finding, Loc, Source
from helpers.plan.values import suggestion
from helpers.text import match_key

__all__ = ["check_rules"]

M = TypeVar("M", bound=BaseModel)


def check_rules(source: Source) -> list[Finding]:
    """Return what does not fit together, as far as the parts themselves are well formed."""
    raw = source.value if isinstance(source.value, dict) else {}
    agencies = [_valid(Agency, item) for item in _items(raw.get("agencies"))]
    findings = _agencies_once(raw.get("agencies"))
    known = Known(
        columns=_columns(raw.get("columns")),
        agencies=[agency for agency in agencies if agency],
        listed=all(agencies) and not findings,
        unit=_unit(raw.get("rounding_unit")),
    )
    findings += _lines_once(raw.get("rules"))
    rules: list[tuple[Loc, Rule]] = []
    for loc, part in _valid_parts(RuleSetContent, raw, ()):
        if isinstance(part, Rule):
            rules.append((loc, part))
        for check in _CHECKS.get(type(part), ()):
            findings += check(loc, part, known)
    return findings + _pots_within(rules)


def _unit(raw: object) -> int | None:
    try:
        return values.rounding_unit(raw)
    except AmountRefused:
        return None


def _valid(model: type[M], raw: object) -> M | None:
    try:
        return model.model_validate(raw)
    except ValidationError:
        return None


def _items(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _columns(raw: object) -> dict[str, ColumnNote]:
    pairs = raw.items() if isinstance(raw, dict) else ()
    notes = {str(name): _valid(ColumnNote, note) for name, note in pairs}
    return {name: note for name, note in notes.items() if note}


def _valid_parts(model: type[BaseModel], raw: object, loc: Loc) -> Iterator[tuple[Loc, BaseModel]]:
    """Yield every well-formed section with the way to it, whatever is wrong around it."""
    if isinstance(raw, list):
        for place, item in enumerate(raw):
            yield from _valid_parts(model, item, (*loc, place))
    elif isinstance(raw, dict):
        item = _valid(model, raw)
        if item is not None:
            yield loc, item
        for name, field in model.model_fields.items():
            key = field.alias or name
            for inner in models_in(field.annotation) if key in raw else ():
                yield from _valid_parts(inner, raw[key], (*loc, key))


def _agencies_once(raw: object) -> list[Finding]:
    findings = []
    seen: dict[str, int] = {}
    for place, item in enumerate(_items(raw)):
        agency = _valid(Agency, item)
        for key in ("code", "name") if agency else ():
            word = str(getattr(agency, key))
            first = seen.setdefault(match_key(word), place)
            if first != place:
                what = f"“{word}” đã dùng cho cơ quan ở mục {first + 1}"
                todo = "mỗi sở, ngành một mã và một tên riêng; giữ một mục, xóa mục kia"
                findings.append(Finding(("agencies", place, key), what, todo))
                break
    return findings


def _lines_once(raw: object) -> list[Finding]:
    findings = []
    seen: dict[str, int] = {}
    for place, rule in enumerate(_items(raw)):
        lines = _items(rule.get("lines")) if isinstance(rule, dict) else []
        for i, line in enumerate(lines):
            if not isinstance(line, str) or not line:
                continue
            if line in seen:
                first = seen[line]
                where = "ghi hai lần" if first == place else f"đã có ở quy tắc thứ {first + 1}"
                what = f"“{line}” {where}; mỗi dự án, tiểu dự án chỉ có một quy tắc"
                findings.append(Finding(("rules", place, "lines", i), what, "xóa bớt một chỗ"))
            seen.setdefault(line, place)
    return findings


def _pots_within(rules: Sequence[tuple[Loc, Rule]]) -> list[Finding]:
    """Return the pots that together take more than all of a source's capital of a type."""
    findings = []
    sums: dict[tuple[str, str], Fraction] = {}
    for loc, rule in rules:
        for place, pot in enumerate(rule.pots):
            if not isinstance(pot.percent, Fraction):
                continue
            key = (pot.source, pot.type)
            before = sums.get(key, Fraction(0))
            sums[key] = before + pot.percent
            if before <= 100 < sums[key]:
                what = (
                    f"các khoản vốn của nguồn {pot.source}, loại vốn {pot.type} cộng lại là "
                    f"{percent_text(sums[key])}, vượt 100%"
                )
                todo = "giảm percent của các khoản vốn cùng nguồn, cùng loại vốn"
                findings.append(Finding((*loc, "pots", place, "percent"), what, todo))
    return findings


def _valid_order(loc: Loc, valid: Valid, known: Known) -> Iterator[Finding]:
    if valid.from_ and valid.to and valid.to < valid.from_:
        what = (
            f"ngày hết hiệu lực {valid.to:%d/%m/%Y} trước ngày có hiệu lực {valid.from_:%d/%m/%Y}"
        )
        yield Finding((*loc, "to"), what, "sửa valid → from hoặc valid → to")


def _stages(loc: Loc, rule: Rule, known: Known) -> Iterator[Finding]:
    total = Fraction(0)
    seen: set[str] = set()
    for place, share in enumerate(rule.agencies):
        here: Loc = (*loc, "agencies", place, "agency")
        found = next((a for a in known.agencies if _is(a, share.agency)), None)
        if found is None and known.listed:
            names = [name for agency in known.agencies for name in (agency.name, agency.code)]
            what = f"sở, ngành “{share.agency}” không có trong danh sách agencies của bộ quy tắc"
            todo = "thêm sở, ngành này vào agencies ở đầu tệp: {code: …, name: …}"
            yield Finding(here, what, suggestion(share.agency, names, todo))
        key = found.code if found else match_key(share.agency)
        if key in seen:
            what = f"“{share.agency}” ghi hai lần trong một quy tắc"
            yield Finding(here, what, "cộng hai dòng làm một")
        seen.add(key)
        total += share.percent if isinstance(share.percent, Fraction) else 0
    units = rule.districts is not None or rule.communes is not None
    complete = all(isinstance(share.percent, Fraction) for share in rule.agencies)
    here = (*loc, "agencies")
    if not rule.agencies and not units:
        what = "quy tắc chưa nói vốn giao cho ai"
        yield Finding(loc, what, "thêm agencies (sở, ngành), districts (huyện) hoặc communes (xã)")
    elif total > 100:
        what = f"phần của các sở, ngành cộng lại là {percent_text(total)}, vượt 100%"
        yield Finding(here, what, "giảm các tỷ lệ percent")
    elif total == 100 and units:
        what = "phần của các sở, ngành đã đủ 100% nên không còn vốn cho huyện, xã"
        yield Finding(here, what, "giảm các tỷ lệ percent, hoặc xóa districts và communes")
    elif complete and rule.agencies and total < 100 and not units:
        what = (
            f"phần của các sở, ngành cộng lại là {percent_text(total)}, còn "
            f"{percent_text(100 - total)} chưa giao cho ai"
        )
        todo = "sửa các tỷ lệ percent cho đủ 100, hoặc thêm districts, communes"
        yield Finding(here, what, todo)


def _is(agency: Agency, word: str) -> bool:
    return match_key(word) in (match_key(agency.code), match_key(agency.name))


def _off_the_top(loc: Loc, rule: Rule, known: Known) -> Iterator[Finding]:
    for key in ("pots", "earmarks"):
        if len(rule.lines) > 1 and getattr(rule, key):
            what = f"quy tắc chung cho {len(rule.lines)} dự án, tiểu dự án nên không ghi {key}"
            todo = f"tách dự án có {key} thành một quy tắc riêng"
            yield Finding((*loc, key), what, todo)
    seen: dict[tuple[str, str], int] = {}
    for place, pot in enumerate(rule.pots):
        first = seen.setdefault((pot.source, pot.type), place)
        if first != place:
            what = f"nguồn {pot.source}, loại vốn {pot.type} đã ghi ở mục {first + 1}"
            yield Finding((*loc, "pots", place), what, "cộng hai dòng làm một")
    if rule.reserve and isinstance(rule.reserve.percent, Fraction) and rule.reserve.percent == 100:
        what = "dự phòng 100% thì không còn vốn để phân bổ"
        yield Finding((*loc, "reserve", "percent"), what, "ghi tỷ lệ nhỏ hơn 100")


def _counterparts_once(loc: Loc, item: Rule | RuleSetContent, known: Known) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for place, part in enumerate(item.counterpart):
        first = seen.setdefault(part.type, place)
        if first != place:
            what = f"vốn đối ứng của loại vốn {part.type} đã ghi ở mục {first + 1}"
            yield Finding((*loc, "counterpart", place), what, "giữ một mục, xóa mục kia")


def _counterpart(loc: Loc, item: Counterpart, known: Known) -> Iterator[Finding]:
    if item.of == item.source:
        what = f"vốn đối ứng của nguồn {item.of} không thể lấy từ chính nguồn đó"
        yield Finding((*loc, "source"), what, "ghi nguồn ngân sách địa phương, chẳng hạn NSĐP")
    parts = [value for value in item.levels.values() if isinstance(value, Fraction)]
    total = sum(parts, Fraction(0))
    if len(parts) == len(item.levels) and total != 100:
        what = f"phần của các cấp ngân sách cộng lại là {percent_text(total)}, phải đúng 100%"
        yield Finding((*loc, "levels"), what, "sửa các tỷ lệ cho đủ 100")
    elif total > 100:
        what = f"phần của các cấp ngân sách cộng lại là {percent_text(total)}, vượt 100%"
        yield Finding((*loc, "levels"), what, "giảm các tỷ lệ")


_CHECKS: Mapping[type[BaseModel], tuple[Check, ...]] = {
    **SHARING_CHECKS,
    RuleSetContent: (_counterparts_once,),
    Valid: (_valid_order,),
    Rule: (_stages, _off_the_top, _counterparts_once),
    Counterpart: (_counterpart,),
}

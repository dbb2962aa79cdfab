"""The trail behind the amounts: rules in force, parameters, coefficients, rounding."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from helpers import words
from helpers.allocation.accounts.explain import basis_words
from helpers.allocation.accounts.tables import unit_result
from helpers.allocation.engine import Allocation
from helpers.allocation.model import Cell, Portion
from helpers.allocation.worksheet import Step, band_words, figure, judge_unit
from helpers.data.published import Result
from helpers.data.units import word_name
from helpers.marks import merge_marks
from helpers.plan.model import SplitPart
from helpers.plan.rules.columns import PERCENT, column_label, column_unit, criterion_label
from helpers.plan.rules.intervals import interval_of
from helpers.plan.rules.missing import missing_numbers
from helpers.plan.rules.model import (
    METHODS,
    TIES,
    Bound,
    Condition,
    Criterion,
    Rule,
    RuleSet,
    Sharing,
)
from helpers.plan.vocabulary import ELIGIBLE, STATUS_NAMES
from helpers.text import listing

__all__ = ["coefficients", "parameter_status", "rounding_table", "rules_in_force"]

COMMUNES = {
    "all": "tất cả các xã, phường, thị trấn",
    "poor_districts": "các xã, phường, thị trấn của huyện nghèo",
    "mountains": "các xã, phường, thị trấn miền núi",
    "lowland": "các xã, phường, thị trấn đồng bằng",
}
"""Whom the groups of ELIGIBLE mean where communes share."""
CLASS, COEFFICIENT = "Xếp loại", "Hệ số"


def condition_words(condition: Condition, rule_set: RuleSet, level: str) -> str:
    """Return who is eligible by one condition, in words; a group means units of the level."""
    if condition.group is not None:
        return COMMUNES[condition.group] if level == "commune" else ELIGIBLE[condition.group]
    if condition.names:
        return listing(condition.names)
    if condition.one_of:
        return " hoặc ".join(condition_words(part, rule_set, level) for part in condition.one_of)
    label = column_label(condition.column, rule_set.columns)
    label = f"{label[0].lower()}{label[1:]}"
    if condition.is_:
        return f"{label} là {listing(map(word_name, condition.is_))}"
    if condition.not_:
        return f"{label} không phải {listing(map(word_name, condition.not_))}"
    interval = interval_of(condition)
    unit = column_unit(condition.column, rule_set.columns)
    return f"{label} {interval.worded(unit) if interval else 'chưa có'}"


def criterion_words(criterion: Criterion, rule_set: RuleSet) -> str:
    """Return a criterion and how it gives points, in words."""
    name = criterion_label(criterion, rule_set.columns)
    name = f"{name[0].lower()}{name[1:]}"
    form = criterion.form
    unit = column_unit(criterion.column, rule_set.columns)
    unit = unit if unit in ("", PERCENT) else f" {unit}"
    if form == "share":
        return f"{name} {figure(criterion.share)}%"
    if form == "per_unit":
        return f"{name} ({figure(criterion.per_unit)} điểm mỗi{unit or ' đơn vị'})"
    if form == "bands":
        parts = []
        for band in criterion.bands:
            interval = interval_of(band)
            said = interval.worded(unit.strip()) if interval else "chưa có"
            parts.append(f"{said}: {figure(band.points)} điểm")
        return f"{name} ({'; '.join(parts)})"
    if form == "lookup":
        parts = [f"{word_name(word)}: {figure(worth)}" for word, worth in criterion.lookup.items()]
        parts += [f"khác: {figure(criterion.otherwise)}"] if criterion.otherwise is not None else []
        return f"{name} ({'; '.join(parts)})"
    if form == "steps" and criterion.steps is not None:
        steps = criterion.steps
        return (
            f"{name} (từ {figure(steps.from_)}{unit}: {figure(steps.points)} điểm; trên "
            f"{figure(steps.beyond)}{unit}, mỗi {figure(steps.every)}{unit} thêm "
            f"{figure(steps.add)} điểm)"
        )
    parts = [criterion_words(part, rule_set) for part in getattr(criterion, form)]
    return f"{name}: {'cao nhất của ' if form == 'highest' else ''}{listing(parts)}"


def _bound_words(bound: Bound) -> str:
    if bound.amount is not None:
        return words.million_dong(bound.amount)
    return "chưa có" if bound.percent is None else f"{figure(bound.percent)}% khoản vốn"


def _sharing_words(sharing: Sharing, rule_set: RuleSet) -> str:
    said = "; ".join(criterion_words(item, rule_set) for item in sharing.criteria)
    if sharing.multipliers:
        factors = listing(criterion_words(item, rule_set) for item in sharing.multipliers)
        said += f"; nhân {factors}"
    if sharing.classes:
        classes = (f"{band_words(band)}: hệ số {figure(band.points)}" for band in sharing.classes)
        said += f"; xếp loại theo tổng điểm: {', '.join(classes)}"
    return said


def _limits_words(sharing: Sharing) -> str:
    parts = []
    if sharing.floor is not None:
        parts.append(f"sàn {_bound_words(sharing.floor)}")
    if sharing.cap is not None:
        parts.append(f"trần {_bound_words(sharing.cap)}")
    if sharing.minimum_lot is not None:
        parts.append(f"mức giao tối thiểu {words.million_dong(sharing.minimum_lot.amount)}")
    if sharing.rounding_unit is not None:
        parts.append(f"làm tròn đến {words.money(sharing.rounding_unit)}")
    if sharing.method != "largest_remainder":
        parts.append(f"làm tròn theo {METHODS[sharing.method]} ({sharing.reason})")
    if sharing.ties != "larger":
        parts.append(f"khi bằng nhau: {TIES[sharing.ties]}")
    return "; ".join(parts)


def _agency_words(rule: Rule, rule_set: RuleSet) -> str:
    names = {agency.code: agency.name for agency in rule_set.agencies}
    parts = [
        f"{item.name}: {names.get(item.unit, item.unit)} {words.million_dong(item.amount)}"
        for item in rule.earmarks
    ]
    if rule.reserve is not None:
        parts.append(f"giữ lại {figure(rule.reserve.percent)}% ({rule.reserve.reason})")
    parts += [
        f"{names.get(item.agency, item.agency)} {figure(item.percent)}%" for item in rule.agencies
    ]
    return "; ".join(parts)


def rules_in_force(allocation: Allocation) -> Result:
    """Return by which rule each line is shared, among whom, on which basis, and how sure it is.

    One row a line and level: the province's units first, communes within their district second.
    """
    plan, rule_set = allocation.plan, allocation.rule_set
    rows = []
    statuses = set()
    for line in plan.lines:
        rule = rule_set.rule(line.code)
        if rule is None:
            continue
        statuses.add(rule.status)
        stages = [("district", rule.districts), ("commune", rule.communes)]
        if rule.districts is None and rule.communes is None:
            stages = [("agency", None)]
        for level, sharing in stages:
            if sharing is None and level != "agency":
                continue
            first = level == "agency" or sharing is rule.districts or rule.districts is None
            rows.append(
                {
                    "line": line.code,
                    "level": level,
                    "name": line.name,
                    "short": line.short,
                    "eligible": _eligible_words(sharing, rule_set, level),
                    "criteria": _sharing_words(sharing, rule_set) if sharing else "",
                    "limits": _limits_words(sharing) if sharing else "",
                    "agencies": _agency_words(rule, rule_set) if first else "",
                    "basis": basis_words(rule.basis),
                    "missing": len(missing_numbers(rule)),
                    "status": STATUS_NAMES[rule.status],
                }
            )
    return Result(pd.DataFrame(rows), merge_marks(statuses), (plan.file, rule_set.file))


def _eligible_words(sharing: Sharing | None, rule_set: RuleSet, level: str) -> str:
    if sharing is None:
        return ""
    return ", ".join(condition_words(item, rule_set, level) for item in sharing.eligible)


def _part_words(split: SplitPart) -> str:
    """Return a known amount or a weight as the plan has it."""
    if split.amount is not None:
        return words.million_dong(split.amount)
    return f"trọng số {figure(split.weight)}"


def parameter_status(allocation: Allocation) -> Result:
    """Return every amount, weight and rule of the plan with how far it can be trusted."""
    plan, rule_set = allocation.plan, allocation.rule_set
    total = plan.capital.total
    rows = [("capital → total", words.million_dong(total.amount), total.status, total.source)]
    for item in plan.capital.funding:
        where = f"capital → funding → {item.source}, {item.type}"
        rows.append((where, words.million_dong(item.amount), item.status, item.source_note))
    for line in plan.lines:
        for capital_type, split in line.split.items():
            where = f"{line.code} → {capital_type}"
            rows.append((where, _part_words(split), split.status, split.source))
        rule = rule_set.rule(line.code)
        if rule is not None:
            said, basis = _rule_words(rule, rule_set), basis_words(rule.basis)
            rows.append((f"{line.code} → rules", said, rule.status, basis))
    rows += [
        (f"targets → {target.area}", target.text, target.status, target.source)
        for target in plan.targets
    ]
    frame = pd.DataFrame(rows, columns=["parameter", "value", "status", "source"])
    frame["status"] = frame["status"].map(STATUS_NAMES)
    return Result(frame, (), (plan.file, rule_set.file))


def _rule_words(rule: Rule, rule_set: RuleSet) -> str:
    sharings = [sharing for sharing in (rule.districts, rule.communes) if sharing is not None]
    parts = [_agency_words(rule, rule_set)]
    parts += [_sharing_words(sharing, rule_set) for sharing in sharings]
    return "; ".join(part for part in parts if part)


def _sharings(allocation: Allocation) -> Iterator[tuple[str, Portion]]:
    """Yield each line's sharings once, by the first pot, for each district and the whole."""
    seen = set()
    for (cell, parent), portion in allocation.portions.items():
        if (cell.line, parent) not in seen:
            seen.add((cell.line, parent))
            yield cell.line, portion


def _exact(value: Fraction) -> Decimal:
    """Return a number with up to six decimals, rounded half up as worksheets show it."""
    millionths = (2 * 10**6 * value.numerator + value.denominator) // (2 * value.denominator)
    rounded = Decimal(millionths).scaleb(-6).normalize()
    # Of a round number it would be 6E+1.
    return rounded.quantize(Decimal(1)) if rounded == int(rounded) else rounded


def _cut_decimal(value: Fraction, digits: int) -> Decimal:
    return Decimal(value.numerator * 10**digits // value.denominator).scaleb(-digits)


def coefficients(allocation: Allocation) -> Result:
    """Return how each unit's coefficient came about, criterion by criterion.

    For each line and unit a row for each criterion, each factor, the class where the rule has
    classes, and the coefficient X itself with ΣX (`whole`) and its part of it (`percent`).
    """
    rows: list[dict[str, object]] = []
    names = allocation.data.district_names
    for line, portion in _sharings(allocation):
        units = portion.scores.units
        whole = sum(portion.scores.coefficients.at(i) for i in range(len(units)))
        for place, (code, name) in enumerate(zip(units.codes, units.names, strict=True)):
            scored = judge_unit(portion.sharing, units, place)
            district = units.parents[place]
            keys = {"line": line, "level": units.level, "unit_code": code, "unit": name}
            keys |= {"district_code": district, "district": names.get(district, "")}
            parts = [("criterion", step) for step in scored.criteria]
            parts += [("multiplier", step) for step in scored.multipliers]
            if scored.class_name:
                step = Step(CLASS, figure(scored.points), scored.class_name, scored.coefficient)
                parts.append(("class", step))
            percent = 100 * scored.coefficient / whole if whole else Fraction(0)
            said = f"{figure(scored.coefficient)}/{figure(Fraction(whole))}"
            total = Step(COEFFICIENT, said, f"{figure(percent)}% của ΣX", scored.coefficient)
            parts.append(("total", total))
            sums = {"whole": _exact(Fraction(whole)), "percent": _exact(percent)}
            for order, (part, step) in enumerate(parts, start=1):
                rows.append(
                    keys
                    | {"order": order, "part": part, "name": step.name, "value": step.value}
                    | {"hit": step.hit, "points": _exact(step.points)}
                    | (sums if part == "total" else dict.fromkeys(sums))
                )
    return unit_result(allocation, pd.DataFrame(rows))


def rounding_table(allocation: Allocation) -> Result:
    """Return how each unit's amount came from its exact share: bounds, whole part, rank, gain."""
    rows: list[dict[str, object]] = []
    for (cell, parent), portion in allocation.portions.items():
        rows += _rounded(allocation, cell, parent, portion)
    return unit_result(allocation, pd.DataFrame(rows))


BOUNDS = {-1: "mức sàn", 0: "", 1: "mức trần"}


def _rounded(
    allocation: Allocation, cell: Cell, parent: str, portion: Portion
) -> Iterator[dict[str, object]]:
    shared, units = portion.shared, portion.scores.units
    names = allocation.data.district_names
    for place, (code, name) in enumerate(zip(units.codes, units.names, strict=True)):
        bound = int(shared.bound[place])
        exact = Fraction(int(shared.numerators[place]), shared.denominator)
        district = units.parents[place]
        yield {
            "line": cell.line,
            "source": cell.source,
            "capital_type": cell.capital_type,
            "level": units.level,
            "district_code": district,
            "district": names.get(district, ""),
            "unit_code": code,
            "unit": name,
            "coefficient": _exact(portion.scores.coefficients.at(place)),
            "pot": portion.total,
            "exact": _cut_decimal(exact, 2),
            "bound": BOUNDS[bound] if portion.kept[place] else "dưới mức giao tối thiểu",
            "floor": int(shared.floors[place]),
            "rank": int(shared.ranks[place]),
            "gained": int(shared.extras[place]),
            "tied": "có" if shared.tied[place] else "không",
            "amount": int(shared.amounts[place]),
        }

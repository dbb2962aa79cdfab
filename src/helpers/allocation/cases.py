"""Working out the cases that planners write for rules, and comparing with what they found."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from helpers.allocation.distribution import distribute
from helpers.allocation.model import Cell, Distribution, Portion
from helpers.allocation.worksheet import figure
from helpers.data.units import units_of_rows
from helpers.errors import InputRefused
from helpers.money import written
from helpers.plan.rules.cases import Case, CaseFile, Written
from helpers.plan.rules.model import RuleSet
from helpers.text import nfc

__all__ = ["differences"]

STAGES = {"districts": "district", "communes": "commune"}


def _alone(case: Case, rule_set: RuleSet) -> RuleSet:
    """Return the case's rule for its level alone: the whole pot is shared at that level."""
    stages = {stage: None for stage in STAGES if stage != case.stage}
    off = {"pots": (), "earmarks": (), "reserve": None, "agencies": ()}
    rule = case.rule.model_copy(update=stages | off)
    return rule_set.model_copy(update={"rules": (rule,)})


def _worked(case: Case, rule_set: RuleSet) -> Distribution:
    notes = {name: (note.label, note.unit) for name, note in rule_set.columns.items()}
    level = STAGES[case.stage]
    rows = [unit.row for unit in case.units]
    units = {level: units_of_rows(level, rows, case.where, notes)}
    return distribute(_alone(case, rule_set), {Cell(case.line, "", ""): case.pot}, units, case.unit)


def _compared(name: str, what: str, wanted: Written | None, found: Fraction) -> Iterator[str]:
    if wanted is not None and not wanted.holds(found):
        yield f"{name}: {what} tính được là {figure(found)}, ví dụ ghi {wanted.text}"


def _unit_differences(case: Case, portion: Portion) -> Iterator[str]:
    scores, shared = portion.scores, portion.shared
    names = scores.units.names
    whole = sum(
        (scores.coefficients.at(i) for i in range(len(names)) if portion.kept[i]), Fraction(0)
    )
    for name, wanted in case.expect.items():
        if name not in names:
            if wanted.amount:
                yield f"{name}: không thuộc diện được phân bổ, ví dụ ghi {written(wanted.amount)}"
            continue
        place = names.index(name)
        points = sum((part.at(place) for part in scores.criteria), Fraction(0))
        coefficient = scores.coefficients.at(place)
        part = 100 * coefficient / whole if whole and portion.kept[place] else Fraction(0)
        yield from _compared(name, "tổng điểm", wanted.points, points)
        yield from _compared(name, "hệ số", wanted.coefficient, coefficient)
        yield from _compared(name, "tỷ trọng (%)", wanted.share, part)
        amount = int(shared.amounts[place])
        if wanted.amount is not None and amount != wanted.amount:
            yield f"{name}: được {written(amount)}, ví dụ ghi {written(wanted.amount)}"


def differences(case: Case, file: CaseFile) -> list[str]:
    """Return where the rules give something else than the case says; empty where they agree.

    Each is a Vietnamese sentence that names the unit, what the rules give and what the case says.
    """
    try:
        worked = _worked(case, file.rule_set)
    except InputRefused as refused:
        if not case.refused:
            return [f"bị từ chối: {refused}"]
        agrees = nfc(case.refused) in nfc(str(refused))
        return [] if agrees else [f"bị từ chối vì lý do khác: {refused}"]
    if case.refused:
        return [f"được phân bổ, ví dụ ghi phải bị từ chối: “{case.refused}”"]
    found = [
        line for portion in worked.portions.values() for line in _unit_differences(case, portion)
    ]
    left = sum(item.amount for item in worked.unplaced)
    if case.unplaced is not None and left != case.unplaced:
        said = f"chưa phân bổ {written(left)}, ví dụ ghi {written(case.unplaced)}"
        found.append(said)
    return found

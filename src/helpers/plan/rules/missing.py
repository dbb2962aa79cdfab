"""Where a rule still says "chưa có": by such a rule nothing can be allocated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from helpers.plan.rules.columns import column_label, criterion_label
from helpers.plan.rules.intervals import interval_of
from helpers.plan.rules.model import (
    AgencyShare,
    Band,
    ColumnNote,
    Condition,
    Counterpart,
    Criterion,
    Pot,
    Rule,
    RuleSet,
)
from helpers.plan.rules.readers import MISSING, Bound

__all__ = ["missing_counterpart", "missing_numbers"]

_NO_NOTES: Mapping[str, ColumnNote] = {}
_UNKNOWN = Band(points=MISSING)
"""What “chưa có” in place of bands is read as."""


def missing_numbers(
    item: RuleSet | Rule, notes: Mapping[str, ColumnNote] = _NO_NOTES
) -> tuple[str, ...]:
    """Return the places that say "chưa có" and without which nothing can be allocated.

    Args:
        item: a rule set, or one of its rules.
        notes: what the rule set says of columns; a rule set brings its own.

    Returns:
        Ways as a planner reads them, such as "DA2 → districts → tiêu chí “Tỷ lệ hộ nghèo” →
        bands"; empty where every number is known.
    """
    if isinstance(item, RuleSet):
        return tuple(way for rule in item.rules for way in missing_numbers(rule, item.columns))
    lines = ", ".join(item.lines)
    ways = _Walk(notes).model(item, leave=("counterpart",))
    return tuple(dict.fromkeys(" → ".join((lines, *way)) for way in ways))


def missing_counterpart(item: RuleSet | Rule) -> tuple[str, ...]:
    """Return the places of the counterpart (vốn đối ứng) that say "chưa có".

    They leave the allocation of the capital itself untouched.
    """
    own = [" → ".join(way) for way in _Walk({}).value(item.counterpart, ("counterpart",))]
    if isinstance(item, Rule):
        lines = ", ".join(item.lines)
        return tuple(f"{lines} → {way}" for way in own)
    return (*own, *(way for rule in item.rules for way in missing_counterpart(rule)))


class _Walk:
    def __init__(self, notes: Mapping[str, ColumnNote]) -> None:
        self.notes = notes

    def value(self, value: object, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Yield the ways to missing numbers within a value."""
        if value is MISSING or (isinstance(value, Bound) and value.missing):
            yield way
        elif isinstance(value, BaseModel):
            for inner in self.model(value):
                yield (*way, *inner)
        elif isinstance(value, Mapping):
            for key, inner_value in value.items():
                yield from self.value(inner_value, (*way, str(key)))
        elif isinstance(value, tuple) and not isinstance(value, Bound):
            if len(value) == 1 and value[0] == _UNKNOWN:
                yield way
                return
            for item in value:
                name = self.name(item, way[-1])
                keys = way[:-1] if way[-1] in ("criteria", "multipliers") else way
                yield from self.value(item, (*keys, name) if name else keys)

    def model(self, item: BaseModel, leave: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        """Yield the ways to missing numbers from a model on."""
        for name, field in type(item).model_fields.items():
            if name not in leave:
                yield from self.value(getattr(item, name), (field.alias or name,))

    def name(self, item: object, key: str) -> str:
        """Return how a planner finds an item of a list."""
        if isinstance(item, Criterion):
            kind = "hệ số" if key == "multipliers" else "tiêu chí"
            return f"{kind} “{criterion_label(item, self.notes)}”"
        if isinstance(item, Band):
            interval = interval_of(item)
            return item.name or (interval.text if interval else "")
        if isinstance(item, Pot):
            return f"{item.source}, {item.type}"
        if isinstance(item, AgencyShare):
            return item.agency
        if isinstance(item, Counterpart):
            return item.type
        if isinstance(item, Condition):
            return column_label(item.column, self.notes) if item.column else ""
        return ""

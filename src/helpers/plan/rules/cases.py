"""Worked examples of rules: units, their figures, and what a clerk computes by hand for each.

A file in params/rules/cases/ names a rule file and holds cases; a planner can read them, check them
with pencil and paper, and add some. `helpers.allocation` recomputes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema, model_validator

from helpers.errors import InputRefused
from helpers.money import parse_amount, written
from helpers.paths import relative
from helpers.plan import values
from helpers.plan.messages import findings_of
from helpers.plan.rules.loading import blanks, rules_named_in
from helpers.plan.rules.model import (
    Model,
    OptionalText,
    PositiveAmount,
    Rule,
    RuleSet,
    Sharing,
    Text,
)
from helpers.plan.rules.readers import MISSING_WORD
from helpers.plan.source import Finding, Loc, read_source
from helpers.plan.values import ValueRefused, suggestion
from helpers.text import match_key, nfc
from helpers.words import decimal

__all__ = [
    "LEVELS",
    "Case",
    "CaseContent",
    "CaseFile",
    "CaseFileContent",
    "CaseUnit",
    "Expected",
    "Written",
    "load_cases",
]

CASES: Final = "ví dụ tính tay"
"""What messages call a file of cases."""

Level = Literal["districts", "communes"]
LEVELS: Final[Mapping[Level, str]] = {"districts": "huyện", "communes": "xã"}
_OWN: Final = ("name", "code", "parent")
_FRACTION = re.compile(r"(\d+)/([1-9]\d*)")
_SIGNED = re.compile(r"-?\d+(?:[.,]\d+)?")
_NO_UNIT: Final = 1


class Written(NamedTuple):
    """A number that a clerk wrote down: exact, or rounded to so many decimals ("≈33,33")."""

    value: Fraction
    digits: int | None = None

    def holds(self, actual: Fraction) -> bool:
        """Tell whether an exact number is the one that was written."""
        if self.digits is None:
            return actual == self.value
        shifted = actual * 10**self.digits
        return Fraction((2 * shifted + 1) // 2, 10**self.digits) == self.value

    @property
    def text(self) -> str:
        """Return the number as a planner writes it."""
        if self.digits is not None:
            return f"≈{decimal(self.value, self.digits)}"
        if 10**6 % self.value.denominator == 0:
            return decimal(self.value, 6, least=0)
        return f"{self.value.numerator}/{self.value.denominator}"


def _written(value: object) -> Written:
    """Return a number from 4, "2,5", "1/3" (exact) or "≈33,33" (rounded)."""
    if isinstance(value, str):
        text = nfc(value)
        if text.startswith("≈"):
            number = text.removeprefix("≈").strip()
            digits = len(number.partition(",")[2])
            return Written(values.number(number), digits)
        fraction = _FRACTION.fullmatch(text)
        if fraction:
            return Written(Fraction(int(fraction[1]), int(fraction[2])))
    point = isinstance(value, Decimal) and value.as_tuple().exponent == -3 and value >= 1
    return Written(values.number(str(value) if point else value))


def _figure(value: object) -> Fraction | str | None:
    """Return a unit's figure: a number, a word, or None where it is left open ("chưa có", "")."""
    if isinstance(value, str) and match_key(value) in ("", match_key(MISSING_WORD)):
        return None
    if isinstance(value, str):
        text = nfc(value).replace("−", "-")
        if not _SIGNED.fullmatch(text):
            return text
        sign = -1 if text.startswith("-") else 1
        return sign * values.number(text.lstrip("-"))
    if isinstance(value, int | Decimal) and value < 0:
        # A case may show that an absurd figure is refused.
        return Fraction(value)
    point = isinstance(value, Decimal) and value.as_tuple().exponent == -3 and value >= 1
    return values.number(str(value) if point else value)


def _split(raw: Any) -> Any:
    """Put the figures of a unit, which stand beside its name, under one key."""
    if not isinstance(raw, dict):
        return raw
    own = {key: value for key, value in raw.items() if key in _OWN}
    return {**own, "figures": {key: value for key, value in raw.items() if key not in _OWN}}


_WRITTEN = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number", "minimum": 0},
            {"type": "string", "pattern": r"^(≈ ?)?\d+(,\d+)?$|^\d+/[1-9]\d*$"},
        ]
    }
)
Number = Annotated[Written | None, PlainValidator(_written), _WRITTEN]
Amount = Annotated[
    int | None,
    PlainValidator(parse_amount),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 0}),
]


class CaseUnit(Model):
    """A unit of a case: its name, perhaps its code and its district, and its figures by column."""

    name: Text
    code: OptionalText = ""
    parent: OptionalText = ""
    figures: Mapping[
        Text,
        Annotated[
            Fraction | str | None,
            PlainValidator(_figure),
            WithJsonSchema({"type": ["number", "string"]}),
        ],
    ] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _beside(cls, raw: Any) -> Any:
        return _split(raw)

    @property
    def row(self) -> dict[str, object]:
        """Return all that is known of the unit, as one row of a table."""
        own = {key: getattr(self, key) for key in _OWN}
        return {**{key: value for key, value in own.items() if value}, **self.figures}


class Expected(Model):
    """What a clerk finds for a unit; what is left out is not compared.

    `points` are the sum of the criteria before multipliers, `coefficient` is X after multipliers
    and classes, `share` is the unit's part of the pot in percent before floor, cap and rounding.
    """

    points: Number = None
    coefficient: Number = None
    share: Number = None
    amount: Amount = None


class CaseContent(Model):
    """One case as a file holds it."""

    name: Text
    note: OptionalText = ""
    line: Text
    level: Annotated[
        Level | None,
        PlainValidator(values.choice(LEVELS, "cấp")),
        WithJsonSchema({"type": "string", "enum": list(LEVELS)}),
    ] = None
    pot: PositiveAmount
    rounding_unit: Annotated[
        int | None,
        PlainValidator(values.rounding_unit),
        WithJsonSchema({"type": ["integer", "string"]}),
    ] = None
    units: Annotated[tuple[CaseUnit, ...], Field(min_length=1)]
    expect: Mapping[Text, Expected] = Field(default_factory=dict)
    unplaced: Amount = None
    refused: OptionalText = ""

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        if bool(self.expect) == bool(self.refused):
            raise ValueRefused(
                "ví dụ phải có đúng một trong hai: expect (kết quả tính tay) hoặc refused (câu báo "
                "lỗi)",
                "ghi expect: {tên đơn vị: {amount: …}}, hoặc refused: “một phần của câu báo lỗi”",
            )
        return self


class Case(CaseContent):
    """A case with the part of the rule that it works out."""

    where: str
    """File, line and key, for messages."""
    rule: Rule
    stage: Level
    unit: int
    """The rounding unit in đồng: the rule's own, else the rule set's, else the case's."""

    @property
    def sharing(self) -> Sharing:
        """Return how the pot is shared at the case's level."""
        found = getattr(self.rule, self.stage)
        assert isinstance(found, Sharing)
        return found


class CaseFileContent(Model):
    """What a file of cases holds."""

    rules: Text
    cases: Annotated[tuple[CaseContent, ...], Field(min_length=1)]


class CaseFile(NamedTuple):
    """The cases of a file with the rule set that they are about."""

    path: Path
    rule_set: RuleSet
    cases: tuple[Case, ...]

    @property
    def file(self) -> str:
        """Return where the cases stand, from the project folder on."""
        return relative(self.path)


def load_cases(path: Path) -> CaseFile:
    """Return the cases in a YAML file.

    Raises:
        InputRefused: the file or its rule file cannot be read, or a case contradicts itself;
            carries every problem with file, line and key.
    """
    path = path.resolve()
    source = read_source(path, CASES)
    findings = list(source.findings)
    content = None
    try:
        content = CaseFileContent.model_validate(source.value)
    except ValidationError as error:
        findings += _beside(findings_of(error.errors(include_url=False), CaseFileContent))
    findings += blanks(source, findings)
    rules, wrong_key, problems = rules_named_in(source)
    findings += wrong_key
    cases = content.cases if content else ()
    for place, case in enumerate(cases):
        findings += _check(("cases", place), case, rules)
    findings += _names_once(cases)
    if findings or problems or content is None or rules is None:
        raise InputRefused([*source.problems(findings), *problems])
    made = tuple(_made(case, source.where(("cases", i)), rules) for i, case in enumerate(cases))
    return CaseFile(path, rules, made)


def _beside(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings with the way that the file has, where figures stand beside the name."""
    for finding in findings:
        loc = tuple(step for step in finding.loc if step != "figures")
        yield Finding(loc, finding.what, finding.todo)


def _stage(case: CaseContent, rule: Rule) -> Level | None:
    """Return the level that the case is about: the one it names, else the rule's first."""
    if case.level is not None:
        return case.level
    return next((level for level in LEVELS if getattr(rule, level) is not None), None)


def _made(case: CaseContent, where: str, rules: RuleSet) -> Case:
    rule = rules.rule(case.line)
    assert rule is not None
    stage = _stage(case, rule)
    own = getattr(rule, stage or "districts").rounding_unit
    unit = own or rules.rounding_unit or case.rounding_unit or _NO_UNIT
    return Case.model_construct(**dict(case), where=where, rule=rule, stage=stage, unit=unit)


def _check(loc: Loc, case: CaseContent, rules: RuleSet | None) -> Iterator[Finding]:
    """Yield what in a case does not fit its rule, or itself."""
    if rules is not None:
        rule = rules.rule(case.line)
        if rule is None:
            lines = [line for known in rules.rules for line in known.lines]
            what = f"{rules.file} không có quy tắc cho “{case.line}”"
            yield Finding((*loc, "line"), what, suggestion(case.line, lines))
        else:
            stage = _stage(case, rule)
            if stage is None or getattr(rule, stage) is None:
                what = f"quy tắc của “{case.line}” không chia cho {LEVELS[stage or 'districts']}"
                yield Finding(
                    (*loc, "level" if case.level else "line"), what, "sửa line hoặc level"
                )
    names = [unit.name for unit in case.units]
    for place, name in enumerate(names):
        if match_key(name) in map(match_key, names[:place]):
            what = f"hai đơn vị cùng tên “{name}”"
            yield Finding((*loc, "units", place, "name"), what, "mỗi đơn vị một tên riêng")
    for name in case.expect:
        if name not in names:
            what = f"không có đơn vị “{name}” trong units của ví dụ"
            yield Finding((*loc, "expect", name), what, suggestion(name, names))
    amounts = [found.amount for found in case.expect.values() if found.amount is not None]
    if set(case.expect) == set(names) and len(amounts) == len(names):
        total = sum(amounts) + (case.unplaced or 0)
        if total != case.pot:
            what = f"các số tiền của ví dụ cộng lại là {written(total)}, khác {written(case.pot)}"
            todo = "sửa các amount, hoặc ghi phần không phân bổ được vào unplaced"
            yield Finding((*loc, "expect"), what, todo)


def _names_once(cases: Sequence[CaseContent]) -> Iterator[Finding]:
    names = [match_key(case.name) for case in cases]
    for place, name in enumerate(names):
        if name in names[:place]:
            what = f"hai ví dụ cùng tên “{cases[place].name}”"
            yield Finding(("cases", place, "name"), what, "mỗi ví dụ một tên riêng")

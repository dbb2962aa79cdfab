"""A rule set as frozen models; the YAML files in params/rules/ have the same shape, key by key.

A rule says how the pot of one or several lines (dự án, tiểu dự án) is shared: what is taken off
the top, which province agencies (sở, ngành) get a part, and how the rest goes to districts, to
communes, or to districts and within each to its communes. A number that is not known yet is
written "chưa có": the structure can be read, checked and shown, and nothing is allocated by it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from helpers.money import parse_amount
from helpers.paths import relative
from helpers.plan import values
from helpers.plan.rules import readers
from helpers.plan.rules.readers import MISSING, MISSING_WORD, Bound, Missing
from helpers.plan.values import ValueRefused
from helpers.plan.vocabulary import ELIGIBLE, STATUSES

__all__ = [
    "COUNTERPART_LEVELS",
    "FORMS",
    "METHODS",
    "MISSING",
    "TIES",
    "Agency",
    "AgencyShare",
    "Band",
    "Basis",
    "Bound",
    "ColumnNote",
    "Condition",
    "Counterpart",
    "Criterion",
    "Earmark",
    "Form",
    "Lot",
    "Missing",
    "Pot",
    "Reserve",
    "Rule",
    "RuleSet",
    "RuleSetContent",
    "Sharing",
    "Steps",
    "Valid",
]

COUNTERPART_LEVELS: Final[Mapping[str, str]] = {
    "province": "ngân sách tỉnh",
    "district": "ngân sách huyện",
    "commune": "ngân sách xã",
}
METHODS: Final[Mapping[str, str]] = {
    "largest_remainder": "số dư lớn nhất",
    "sainte_lague": "Sainte-Laguë",
}
TIES: Final[Mapping[str, str]] = {
    "larger": "đơn vị có điểm lớn hơn, rồi mã nhỏ hơn được trước",
    "smaller": "đơn vị có điểm nhỏ hơn, rồi mã nhỏ hơn được trước",
    "code": "đơn vị có mã nhỏ hơn được trước",
}
LOT_ACTIONS: Final[Mapping[str, str]] = {
    "warn": "vẫn giao và cảnh báo",
    "drop": "không giao, chia lại cho các đơn vị khác",
}
COUNTS: Final[Mapping[str, str]] = {
    "full": "chỉ tính bậc đủ",
    "started": "tính cả bậc chưa đủ",
}
Form = Literal["bands", "steps", "per_unit", "share", "lookup", "highest", "sum"]
FORMS: Final[tuple[Form, ...]] = (
    "bands",
    "steps",
    "per_unit",
    "share",
    "lookup",
    "highest",
    "sum",
)
"""How a criterion turns a value into points; each has exactly one."""


def _words(known: Mapping[str, str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(known)})


_MISSING: Final = {"const": MISSING_WORD}
_WRITTEN: Final = {"type": "string", "pattern": r"^\d+(,\d+)?%?$"}
_NUMBER = WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, _MISSING, _WRITTEN]})
_PERCENT = WithJsonSchema(
    {"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, _MISSING, _WRITTEN]}
)
_TEXT = WithJsonSchema({"type": "string"})
_AMOUNT = WithJsonSchema({"type": ["integer", "string"], "minimum": 0})
_DAY = WithJsonSchema(
    {"type": "string", "pattern": rf"^(\d{{4}}-\d{{2}}-\d{{2}}|{MISSING_WORD})?$"}
)

Text = Annotated[str, PlainValidator(values.text), _TEXT]
OptionalText = Annotated[str, PlainValidator(values.optional_text), _TEXT]
Number = Annotated[Fraction | Missing, PlainValidator(readers.number), _NUMBER]
Percent = Annotated[Fraction | Missing, PlainValidator(readers.percent), _PERCENT]
Amount = Annotated[int, PlainValidator(parse_amount), _AMOUNT]
PositiveAmount = Annotated[int, PlainValidator(values.positive_amount), _AMOUNT]
Day = Annotated[datetime.date | None, PlainValidator(readers.day), _DAY]
Status = Annotated[str, PlainValidator(values.choice(STATUSES, "độ tin cậy")), _words(STATUSES)]


class Model(BaseModel):
    """What all sections of these files share: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Valid(Model):
    """The first and the last day on which a rule set is in force; none where it is not known.

    Without `to` it stays in force until another takes its place.
    """

    from_: Annotated[Day, Field(alias="from")]
    to: Day = None


class Basis(Model):
    """The legal text behind a rule: document, article, date."""

    document: Text
    article: OptionalText = ""
    date: Day = None


class ColumnNote(Model):
    """What a column of the data is called in a worksheet, and its unit (%, hộ, xã …)."""

    label: Text
    unit: OptionalText = ""


class Agency(Model):
    """A province agency (sở, ngành) by the name that it bears while the rule set is in force."""

    code: Text
    name: Text


class Band(Model):
    """What a value within some ends is worth: `from` ≤ and `above` < below, `to` ≥, `below` >."""

    from_: Annotated[Number | None, Field(alias="from")] = None
    above: Number | None = None
    to: Number | None = None
    below: Number | None = None
    points: Number
    name: OptionalText = ""


class Steps(Model):
    """`points` from `from` on; beyond `beyond`, `add` more for each further `every`.

    Below `from` a value gets `under`. `counts` says whether a further step counts only when it is
    full; `most` is the most that can be reached.
    """

    from_: Annotated[Number, Field(alias="from")]
    under: Number
    points: Number
    beyond: Number
    every: Number
    add: Number
    counts: Annotated[
        str, PlainValidator(values.choice(COUNTS, "cách đếm bậc")), _words(COUNTS)
    ] = "full"
    most: Number | None = None


class Criterion(Model):
    """How a unit's value becomes points; exactly one of FORMS.

    `share` is percent: the unit's part of the column's sum over all eligible units. `highest` and
    `sum` hold criteria of their own.
    """

    name: OptionalText = ""
    column: OptionalText = ""
    bands: Annotated[tuple[Band, ...], BeforeValidator(readers.bands)] = ()
    steps: Steps | None = None
    per_unit: Number | None = None
    share: Percent | None = None
    lookup: Mapping[Text, Number] = Field(default_factory=dict)
    otherwise: Number | None = None
    highest: tuple[Criterion, ...] = ()
    sum: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = [form for form in FORMS if form in self.model_fields_set]
        if len(forms) != 1:
            said = (
                f"có {len(forms)} cách tính điểm ({', '.join(forms)})"
                if forms
                else ("chưa có cách tính điểm")
            )
            raise ValueRefused(said, f"ghi đúng một trong: {', '.join(FORMS)}")
        nested = forms[0] in ("highest", "sum")
        if nested == bool(self.column):
            raise ValueRefused(
                f"“{forms[0]}” gồm các tiêu chí con nên không ghi column"
                if nested
                else f"thiếu khóa “column” cho cách tính {forms[0]}",
                "xóa dòng column" if nested else "ghi tên cột số liệu, chẳng hạn column: poor_rate",
            )
        if nested and not self.name:
            raise ValueRefused(f"tiêu chí “{forms[0]}” chưa có tên", "thêm dòng “name: …”")
        if not getattr(self, forms[0]) and forms[0] not in ("per_unit", "share", "steps"):
            raise ValueRefused(f"“{forms[0]}” đang trống", "ghi ít nhất một mục")
        if self.otherwise is not None and forms[0] != "lookup":
            raise ValueRefused("otherwise chỉ dùng cùng lookup", "xóa dòng otherwise")
        return self

    @property
    def form(self) -> Form:
        """Return which form the criterion has."""
        return next(form for form in FORMS if form in self.model_fields_set)


class Condition(Model):
    """One condition on a unit: a group, names, a category, or a number within ends.

    Conditions in a list must all hold; of those in `one_of` at least one.
    """

    group: (
        Annotated[str, PlainValidator(values.choice(ELIGIBLE, "nhóm đơn vị")), _words(ELIGIBLE)]
        | None
    ) = None
    names: tuple[Text, ...] = ()
    one_of: tuple[Condition, ...] = ()
    column: OptionalText = ""
    is_: Annotated[tuple[Text, ...], Field(alias="is"), BeforeValidator(readers.words)] = ()
    not_: Annotated[tuple[Text, ...], Field(alias="not"), BeforeValidator(readers.words)] = ()
    from_: Annotated[Number | None, Field(alias="from")] = None
    above: Number | None = None
    to: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [bool(self.group), bool(self.names), bool(self.one_of), bool(self.column)]
        if sum(kinds) != 1:
            raise ValueRefused(
                "điều kiện phải có đúng một trong: group, names, one_of, column",
                "ghi chẳng hạn {column: khu_vuc, is: III}",
            )
        ends = [self.from_, self.above, self.to, self.below]
        tests = bool(self.is_) + bool(self.not_) + any(end is not None for end in ends)
        if bool(self.column) != (tests == 1):
            raise ValueRefused(
                "điều kiện trên cột phải có đúng một phép thử: is, not, hoặc khoảng (from, above, "
                "to, below)"
                if self.column
                else "phép thử is, not, from, above, to, below cần khóa column",
                "ghi chẳng hạn {column: poor_rate, from: 20}",
            )
        return self


class Lot(Model):
    """The smallest amount worth giving a unit (mức giao tối thiểu), and what happens below it."""

    amount: PositiveAmount
    action: Annotated[
        str, PlainValidator(values.choice(LOT_ACTIONS, "cách xử lý")), _words(LOT_ACTIONS)
    ] = "warn"


class Sharing(Model):
    """How an amount is shared among units: X = Σ criteria × multipliers, V = G·X/ΣX.

    `classes` turns the score into a coefficient that takes its place. `floor`, `cap` and
    `minimum_lot` are for each unit, of the line's whole capital of a type (all sources together).
    """

    eligible: Annotated[
        tuple[Condition, ...], BeforeValidator(readers.conditions), Field(min_length=1)
    ]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    multipliers: tuple[Criterion, ...] = ()
    classes: Annotated[tuple[Band, ...], BeforeValidator(readers.bands)] = ()
    floor: Annotated[Bound | None, PlainValidator(readers.bound), _AMOUNT] = None
    cap: Annotated[Bound | None, PlainValidator(readers.bound), _AMOUNT] = None
    minimum_lot: Lot | None = None
    rounding_unit: Annotated[int | None, PlainValidator(values.rounding_unit), _AMOUNT] = None
    method: Annotated[
        str, PlainValidator(values.choice(METHODS, "phương pháp làm tròn")), _words(METHODS)
    ] = "largest_remainder"
    reason: OptionalText = ""
    """Why another method than the largest remainder was chosen."""
    ties: Annotated[
        str, PlainValidator(values.choice(TIES, "quy tắc khi bằng nhau")), _words(TIES)
    ] = "larger"


class Pot(Model):
    """What a rule itself gives a line of one source and type: đồng, or percent of that capital."""

    source: Text
    type: Text
    amount: Amount | None = None
    percent: Percent | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.amount is None) == (self.percent is None):
            raise ValueRefused(
                "khoản vốn phải ghi đúng một trong hai: amount, percent",
                "ghi amount (số tiền) hoặc percent (phần trăm của nguồn, loại vốn đó)",
            )
        return self


class Earmark(Model):
    """A named fixed amount taken off a pot for one agency or district before sharing."""

    name: Text
    unit: Text
    source: Text
    type: Text
    amount: PositiveAmount
    basis: Basis | None = None


class Reserve(Model):
    """Percent of each pot kept back before sharing (dự phòng); it stands as not allocated."""

    percent: Percent
    reason: Text


class AgencyShare(Model):
    """What percent of a pot, after earmarks and reserve, goes to a province agency."""

    agency: Text
    percent: Percent


class Counterpart(Model):
    """The local budget's part for a capital type, in percent of the central capital (đối ứng).

    `levels` splits it, in percent that add up to 100: province, district, commune.
    """

    type: Text
    of: Text
    source: Text
    percent: Percent
    levels: Annotated[
        Mapping[
            Annotated[
                str,
                PlainValidator(values.choice(COUNTERPART_LEVELS, "cấp ngân sách")),
                _words(COUNTERPART_LEVELS),
            ],
            Percent,
        ],
        Field(min_length=1),
    ]


class Rule(Model):
    """How the capital of one or several lines is shared, and on which legal basis."""

    lines: Annotated[tuple[Text, ...], Field(min_length=1)]
    basis: Basis
    status: Status
    note: OptionalText = ""
    pots: tuple[Pot, ...] = ()
    """Where there are none, the plan's split gives the pots."""
    earmarks: tuple[Earmark, ...] = ()
    reserve: Reserve | None = None
    agencies: tuple[AgencyShare, ...] = ()
    districts: Sharing | None = None
    communes: Sharing | None = None
    """With `districts`: within each district; without: over all communes at once."""
    counterpart: tuple[Counterpart, ...] = ()
    """Takes the place of the rule set's own for the capital types that it names."""


class RuleSetContent(Model):
    """What a rule file holds."""

    title: Text
    valid: Valid
    note: OptionalText = ""
    agencies: tuple[Agency, ...] = ()
    columns: Mapping[Text, ColumnNote] = Field(default_factory=dict)
    rounding_unit: Annotated[int | None, PlainValidator(values.rounding_unit), _AMOUNT] = None
    counterpart: tuple[Counterpart, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class RuleSet(RuleSetContent):
    """Rules whose parts have been found to fit together; made by `helpers.plan.rules.loading`."""

    id: str
    """The file's name without its ending."""
    path: Path

    @property
    def file(self) -> str:
        """Return where the rules stand, from the project folder on."""
        return relative(self.path)

    def rule(self, line: str) -> Rule | None:
        """Return the rule of a line, or None where the set has none."""
        return next((rule for rule in self.rules if line in rule.lines), None)

"""A plan as frozen models; the YAML file in params/ has the same shape, key by key."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, model_validator

from helpers.language import LANGUAGES
from helpers.money import parse_amount
from helpers.paths import relative
from helpers.plan import values
from helpers.plan.rules.model import RuleSet
from helpers.plan.texts import PlanText
from helpers.plan.values import Cut, HouseholdCut, PacePoint, ValueRefused
from helpers.plan.vocabulary import AREAS, ELIGIBLE, PROVINCE_KINDS, STATUSES
from helpers.reads import note

__all__ = [
    "AREAS",
    "ELIGIBLE",
    "STATUSES",
    "Briefs",
    "Capital",
    "Cut",
    "Document",
    "Funding",
    "HouseholdCut",
    "Line",
    "PacePoint",
    "Plan",
    "PlanContent",
    "Progress",
    "Project",
    "Province",
    "Signature",
    "SplitPart",
    "SubProject",
    "Target",
    "Total",
    "plan_year",
]

FIRST_YEAR, LAST_YEAR = 2021, 2035

Text = Annotated[str, PlainValidator(values.text)]
OptionalText = Annotated[str, PlainValidator(values.optional_text)]
Amount = Annotated[int, PlainValidator(parse_amount)]
Status = Annotated[str, PlainValidator(values.choice(STATUSES, "độ tin cậy"))]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Province(_Model):
    """The province-level unit whose plan it is."""

    name: Text
    kind: Annotated[str, PlainValidator(values.choice(PROVINCE_KINDS, "loại đơn vị"))]


class Signature(_Model):
    """Who signs; the name stays blank until somebody does."""

    authority: Text
    position: Text
    name: OptionalText = ""


class Document(_Model):
    """What an official document's head and foot need (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    kind: Text
    parent: OptionalText = ""
    issuer: Text
    symbol: Text
    number: OptionalText = ""
    place: Text
    date: Annotated[datetime.date | None, PlainValidator(values.day)] = None
    bases: Annotated[tuple[Text, ...], Field(min_length=1)]
    signature: Signature
    recipients: Annotated[tuple[Text, ...], Field(min_length=1)]


class Total(_Model):
    """The year's whole capital, in đồng."""

    amount: Annotated[int, PlainValidator(values.positive_amount)]
    status: Status
    source: OptionalText = ""


class Funding(_Model):
    """What one source gives in one capital type, in đồng."""

    source: Text
    type: Text
    amount: Amount
    status: Status
    source_note: OptionalText = ""
    """Where the figure comes from; `source` already names who pays."""


class Capital(_Model):
    """The capital by source (nguồn vốn) and type (loại vốn)."""

    total: Total
    sources: Annotated[Mapping[Text, Text], Field(min_length=1)]
    types: Annotated[Mapping[Text, Text], Field(min_length=1)]
    funding: Annotated[tuple[Funding, ...], Field(min_length=1)]


class SplitPart(_Model):
    """A line's part of one capital type: a known amount, or a weight for what is left."""

    amount: Annotated[int | None, PlainValidator(parse_amount)] = None
    weight: Annotated[Fraction | None, PlainValidator(values.weight)] = None
    status: Status
    source: OptionalText = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.amount is None) == (self.weight is None):
            raise ValueRefused(
                "thiếu cả amount lẫn weight" if self.amount is None else "có cả amount lẫn weight",
                "ghi một trong hai: amount (số tiền đã biết) hoặc weight (trọng số chia phần còn "
                "lại)",
            )
        return self


class _Item(_Model):
    code: Text
    name: Text
    short: Text
    note: OptionalText = ""
    capital_types: tuple[Text, ...] = ()
    split: Mapping[Text, SplitPart] = Field(default_factory=dict)


class SubProject(_Item):
    """A sub-project (tiểu dự án); without `split` it gets no capital this year."""

    capital_types: Annotated[tuple[Text, ...], Field(min_length=1)]


class Project(_Item):
    """A project (dự án): either sub-projects, or capital of its own."""

    subprojects: tuple[SubProject, ...] = ()


class Target(_Model):
    """By how much poverty in an area has to fall within the year: its rate, its count, or both."""

    area: Text
    """A key of `AREAS`, or a district's name."""
    cut: Annotated[Cut | None, PlainValidator(values.cut)] = None
    """Percentage points of the poverty rate."""
    households: Annotated[HouseholdCut | None, PlainValidator(values.household_cut)] = None
    """Poor households."""
    status: Status
    source: OptionalText = ""

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if self.cut is None and self.households is None:
            raise ValueRefused(
                "thiếu cả cut lẫn households",
                'ghi cut: "1,0–1,5" (điểm phần trăm) hoặc households: "8.000–9.000" (hộ nghèo)',
            )
        return self

    @property
    def text(self) -> str:
        """Return what is to be reached as a planner writes it ("1,0–1,5", "8.000–9.000 hộ")."""
        said = [values.cut_text(self.cut)] if self.cut else []
        said += [values.household_cut_text(self.households)] if self.households else []
        return "; ".join(said)


class Progress(_Model):
    """How progress is judged within the year (theo dõi trong năm)."""

    as_of: Annotated[datetime.date | None, PlainValidator(values.day)] = None
    """What is known by this day counts; without one, all that is known."""
    pace: Annotated[tuple[PacePoint, ...], PlainValidator(values.pace)] = ()
    """What part of the year's cut is due by which days; even by days where none are given."""
    at_risk_below: Annotated[
        int, PlainValidator(values.whole_number(0, 100, "ngưỡng nguy cơ không đạt"))
    ] = 70
    """Percent of what is due by now; a target with less is at risk."""
    interval: Annotated[
        int, PlainValidator(values.whole_number(50, 99, "độ tin cậy của khoảng dự báo"))
    ] = 80
    """Percent of forecasts whose interval is to hold what comes."""


class Briefs(_Model):
    """Which documents are made besides the usual ones (những bản được dựng)."""

    languages: Annotated[tuple[str, ...], PlainValidator(values.several(LANGUAGES, "ngôn ngữ"))] = (
        "vi",
    )
    """The languages of the briefs of the province and of its districts."""
    communes: Annotated[bool, PlainValidator(values.switch)] = False
    """Whether each commune in special difficulty (xã đặc biệt khó khăn) has a sheet of its own."""


@dataclass(frozen=True)
class Line:
    """What capital is allocated to: a sub-project, or a project that has none."""

    code: str
    name: str
    short: str
    note: str
    project_code: str
    capital_types: tuple[str, ...]
    split: Mapping[str, SplitPart]
    """By capital type; empty where the line gets nothing this year."""


plan_year = values.whole_number(FIRST_YEAR, LAST_YEAR, "năm")
"""Reads the year of a plan."""


class PlanContent(_Model):
    """What the plan file holds."""

    year: Annotated[int, PlainValidator(plan_year)]
    province: Province
    data: Text
    rules: Text
    """The file of the rule set by which the capital is shared, from the project folder on."""
    compare_with: OptionalText = ""
    """The file of another rule set, with which the allocation is compared; none where blank."""
    document: Document
    capital: Capital
    rounding_unit: Annotated[int, PlainValidator(values.rounding_unit)]
    projects: Annotated[tuple[Project, ...], Field(min_length=1)]
    targets: Annotated[tuple[Target, ...], Field(min_length=1)]
    progress: Progress = Progress()
    briefs: Briefs = Briefs()
    plan_text: PlanText | None = None
    """The sentences of the official plan; without them only its computed parts are written."""
    english: Mapping[Text, Text] = Field(default_factory=dict)
    """English for the names that this plan gives, where a document comes in English."""
    small_cell_threshold: Annotated[
        int, PlainValidator(values.whole_number(0, 1000, "ngưỡng số đếm nhỏ"))
    ]


class Plan(PlanContent):
    """A plan whose parts have been found to fit together; made by `helpers.plan.loading`."""

    id: str
    """The file's name without its ending."""
    path: Path
    rule_set: RuleSet
    """The rules that `rules` names, found to fit this plan."""
    other_rules: RuleSet | None
    """Those that `compare_with` names, found to fit it too."""

    def __getattribute__(self, name: str) -> Any:
        """Return an attribute; of a rule set it is noted that its file is used (see `reads`)."""
        found = super().__getattribute__(name)
        if name in ("rule_set", "other_rules") and found is not None:
            note(found.path)
        return found

    @property
    def file(self) -> str:
        """Return where the plan stands, from the project folder on."""
        return relative(self.path)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return what capital is allocated to, in the file's order."""
        return tuple(
            Line(
                code=item.code,
                name=item.name,
                short=item.short,
                note=item.note,
                project_code=project.code,
                capital_types=item.capital_types,
                split=item.split,
            )
            for project in self.projects
            for item in project.subprojects or (project,)
        )

    @property
    def funding_table(self) -> dict[tuple[str, str], int]:
        """Return đồng by (source, type), in the file's order."""
        return {(item.source, item.type): item.amount for item in self.capital.funding}

    @property
    def type_totals(self) -> dict[str, int]:
        """Return đồng by capital type, every type once."""
        funding = self.capital.funding
        return {
            name: sum(item.amount for item in funding if item.type == name)
            for name in self.capital.types
        }

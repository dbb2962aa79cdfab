"""What the official plan says besides its numbers: bases, goal, projects, measures, duties.

These are the planner's own sentences. Each part says how far it can be trusted, as figures do, so
that nothing that nobody has checked is printed as if it had been.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from helpers.plan import values
from helpers.plan.vocabulary import STATUSES

__all__ = ["Duty", "Indicator", "Measure", "PlanText", "ProjectText", "Statement"]

Text = Annotated[str, PlainValidator(values.text)]
OptionalText = Annotated[str, PlainValidator(values.optional_text)]
Status = Annotated[str, PlainValidator(values.choice(STATUSES, "độ tin cậy"))]


class _Told(BaseModel):
    """Something that is said, with what it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    source: OptionalText = ""


class Statement(_Told):
    """One sentence, such as a legal basis (căn cứ) or the general goal (mục tiêu chung)."""

    text: Text


class Indicator(_Told):
    """What a project is to reach (chỉ tiêu); without a target it is only counted and reported."""

    text: Text
    target: OptionalText = ""
    """As the document words it: a number, or "theo số giao"."""
    unit: OptionalText = ""


class ProjectText(_Told):
    """What the plan says of a project or sub-project: why, who leads, who helps, what to reach."""

    purpose: OptionalText = ""
    lead: OptionalText = ""
    """The agency in charge (cơ quan chủ trì), by its name in the plan's year."""
    partners: tuple[Text, ...] = ()
    indicators: tuple[Indicator, ...] = ()


class Measure(_Told):
    """A group of measures (nhóm giải pháp)."""

    title: Text
    items: Annotated[tuple[Text, ...], Field(min_length=1)]


class Duty(_Told):
    """What an agency or a level of government has to do (tổ chức thực hiện)."""

    unit: Text
    tasks: Annotated[tuple[Text, ...], Field(min_length=1)]


class PlanText(BaseModel):
    """The sentences of the official plan; its parent body, issuer and signature are `document`'s.

    Number and date stay blank until the plan is issued.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    symbol: Text
    kind: Text = "Kế hoạch"
    number: OptionalText = ""
    date: Annotated[datetime.date | None, PlainValidator(values.day)] = None
    bases: Annotated[tuple[Statement, ...], Field(min_length=1)]
    goal: Statement
    projects: Mapping[Text, ProjectText] = Field(default_factory=dict)
    """By the code of a project or sub-project."""
    measures: tuple[Measure, ...] = ()
    organisation: tuple[Duty, ...] = ()

"""The sentences of the official plan as a published table, one row a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from helpers.data.published import Result
from helpers.marks import MARKS, merge_marks
from helpers.plan.model import Plan
from helpers.plan.texts import PlanText, ProjectText
from helpers.plan.vocabulary import STATUS_NAMES

__all__ = ["plan_texts"]


class _Row(NamedTuple):
    """One sentence: in which part, of what (code, name), and how sure it is."""

    part: str
    code: str
    name: str
    text: str
    status: str = ""
    source: str = ""
    target: str = ""
    unit: str = ""


def plan_texts(plan: Plan) -> Result:
    """Return what the plan says besides its numbers, in the order of the plan file.

    Parts: base (căn cứ), goal (mục tiêu chung), note (ghi chú của dự án), purpose, lead, partner,
    indicator (mục tiêu, cơ quan chủ trì, cơ quan phối hợp, chỉ tiêu of a project, by its code),
    measure (giải pháp) and duty (tổ chức thực hiện), both by the number of their group.
    """
    rows = [_Row("note", line.code, line.short, line.note) for line in plan.lines if line.note]
    if plan.plan_text:
        rows += _rows(plan, plan.plan_text)
    frame = pd.DataFrame(rows, columns=_Row._fields)
    frame.insert(2, "order", frame.groupby(["part", "code"]).cumcount() + 1)
    marks = merge_marks(set(frame["status"]) & set(MARKS))
    frame["status"] = frame["status"].map({"": "", **STATUS_NAMES})
    return Result(frame, marks, (plan.file,))


def _rows(plan: Plan, text: PlanText) -> Iterator[_Row]:
    for base in text.bases:
        yield _Row("base", "", "", base.text, base.status, base.source)
    yield _Row("goal", "", "", text.goal.text, text.goal.status, text.goal.source)
    for project in plan.projects:
        for item in (project, *project.subprojects):
            if item.code in text.projects:
                yield from _of_project(item.code, item.short, text.projects[item.code])
    for number, measure in enumerate(text.measures, start=1):
        for said in measure.items:
            yield _Row("measure", str(number), measure.title, said, measure.status, measure.source)
    for number, duty in enumerate(text.organisation, start=1):
        for said in duty.tasks:
            yield _Row("duty", str(number), duty.unit, said, duty.status, duty.source)


def _of_project(code: str, name: str, told: ProjectText) -> Iterator[_Row]:
    once = {"purpose": (told.purpose,), "lead": (told.lead,), "partner": told.partners}
    for part, texts in once.items():
        for text in filter(None, texts):
            yield _Row(part, code, name, text, told.status, told.source)
    for one in told.indicators:
        yield _Row(
            *("indicator", code, name, one.text, one.status, one.source), one.target, one.unit
        )

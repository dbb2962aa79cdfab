"""Reading a plan: all that is wrong with it is said at once, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from helpers.errors import InputRefused
from helpers.plan.checks import check_capital, check_projects, check_split, check_targets, parts_of
from helpers.plan.messages import findings_of
from helpers.plan.model import Capital, Plan, PlanContent, Project, Target
from helpers.plan.source import Finding, Source, read_source

__all__ = ["load_plan"]

M = TypeVar("M", bound=BaseModel)


def _valid(model: type[M], value: Any) -> M | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _valid_items(model: type[M], value: Any) -> Iterator[tuple[int, M]]:
    """Yield the items that are well formed, each with its place."""
    for place, raw in enumerate(value if isinstance(value, list) else []):
        item = _valid(model, raw)
        if item is not None:
            yield place, item


def _check_parts(source: Source) -> list[Finding]:
    """Return what does not fit together, as far as the parts themselves are well formed."""
    capital = _valid(Capital, source.get(("capital",)))
    raw_projects, raw_targets = source.get(("projects",)), source.get(("targets",))
    projects = list(_valid_items(Project, raw_projects))
    targets = list(_valid_items(Target, raw_targets))
    findings = check_capital(capital) if capital else []
    # A funding line without a known source or type would make every sum by type look wrong.
    astray = any(len(finding.loc) > 2 for finding in findings)
    if capital and projects and len(projects) == len(raw_projects) and not astray:
        findings += check_split(capital, parts_of(projects), source)
    findings += check_projects(projects, capital)
    complete = bool(targets) and len(targets) == len(raw_targets)
    return findings + check_targets(targets, complete)


def load_plan(path: Path) -> Plan:
    """Return the plan in a YAML file; its id is the file's name without the ending.

    Raises:
        InputRefused: the file cannot be read, or the plan cannot be used; carries every problem
            with file, line and key.
    """
    path = path.resolve()
    source = read_source(path)
    findings = list(source.findings)
    content = None
    try:
        content = PlanContent.model_validate(source.value)
    except ValidationError as error:
        findings += findings_of(error.errors(include_url=False), PlanContent)
    findings += _check_parts(source)
    if findings or content is None:
        raise InputRefused(source.problems(findings))
    return Plan.model_construct(**dict(content), id=path.stem, path=path)

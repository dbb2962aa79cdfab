"""Reading a plan: all that is wrong with it is said at once, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from helpers.errors import InputRefused, Problem
from helpers.plan import values
from helpers.plan.checks import (
    check_capital,
    check_progress,
    check_projects,
    check_split,
    check_targets,
    check_texts,
    parts_of,
)
from helpers.plan.english import ENGLISH, check_english
from helpers.plan.messages import findings_of
from helpers.plan.model import (
    Briefs,
    Capital,
    Plan,
    PlanContent,
    Progress,
    Project,
    Target,
    plan_year,
)
from helpers.plan.rules.loading import RULES, load_rules, rules_named_in
from helpers.plan.rules.model import RuleSet
from helpers.plan.source import Finding, Source, read_source
from helpers.plan.texts import PlanText
from helpers.plan.together import Pieces, check_lines_have_rules, check_rules_fit, given_by

__all__ = ["load_plan", "load_rules_for"]

M = TypeVar("M", bound=BaseModel)

_MOVED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "districts": (
            "cách chia cho huyện (districts) không còn ghi trong tệp kế hoạch",
            "chuyển sang tệp quy tắc mà khóa rules nêu: một quy tắc có lines, basis, status và "
            "districts, trong đó mỗi tiêu chí một mục {column: …, share: …}; mẫu: "
            "params/rules/nghe-an-2024.yaml",
        )
    }
)
"""Keys of older plan files."""


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


def _pieces(source: Source) -> Pieces:
    """Return the parts of the plan that its rules touch, as far as they are well formed."""
    raw_projects = source.get(("projects",))
    projects = list(_valid_items(Project, raw_projects))
    complete = bool(projects) and len(projects) == len(raw_projects)
    # Rules find lines by their codes, so a wrong code would make every rule of the line look wrong.
    coded = not any(finding.loc[-1] == "code" for finding in check_projects(projects, None, None))
    return Pieces(
        file=source.file,
        year=_read(plan_year, source.get(("year",))),
        unit=_read(values.rounding_unit, source.get(("rounding_unit",))),
        capital=_valid(Capital, source.get(("capital",))),
        parts=parts_of(projects) if complete and coded else None,
    )


def _read(reader: Callable[[object], int], value: object) -> int | None:
    try:
        return reader(value)
    except ValueError:
        return None


def _check_parts(source: Source, pieces: Pieces, rules: RuleSet | None) -> list[Finding]:
    """Return what does not fit together, as far as the parts themselves are well formed."""
    capital = pieces.capital
    raw_projects, raw_targets = source.get(("projects",)), source.get(("targets",))
    projects = list(_valid_items(Project, raw_projects))
    targets = list(_valid_items(Target, raw_targets))
    given = given_by(rules, pieces) if rules else None
    findings = check_capital(capital) if capital else []
    # A funding line without a known source or type would make every sum by type look wrong.
    astray = any(len(finding.loc) > 2 for finding in findings)
    if capital and projects and len(projects) == len(raw_projects) and not astray:
        findings += check_split(capital, parts_of(projects), source, given)
    findings += check_projects(projects, capital, given)
    if rules:
        findings += check_lines_have_rules(rules, pieces)
    complete = bool(targets) and len(targets) == len(raw_targets)
    findings += check_targets(targets, complete)
    text = _valid(PlanText, source.get(("plan_text",)))
    if text and pieces.parts is not None:
        findings += check_texts(text, projects)
    progress = _valid(Progress, source.get(("progress",)))
    return findings + (check_progress(progress, pieces.year) if progress and pieces.year else [])


def load_plan(path: Path) -> Plan:
    """Return the plan in a YAML file with its rules; its id is the file's name without the ending.

    Raises:
        InputRefused: the file or its rule file cannot be read, or the plan cannot be used;
            carries every problem of both with file, line and key.
    """
    path = path.resolve()
    source = read_source(path)
    findings = list(source.findings)
    content = None
    try:
        content = PlanContent.model_validate(source.value)
    except ValidationError as error:
        findings += findings_of(error.errors(include_url=False), PlanContent, _MOVED)
    rules, wrong_key, problems = rules_named_in(source)
    pieces = _pieces(source)
    findings += wrong_key + _check_parts(source, pieces, rules)
    problems = [*source.problems(findings), *problems]
    if rules:
        problems += _misfits(rules, pieces)
    problems += _untranslated(source, rules)
    if problems or content is None or rules is None:
        raise InputRefused(problems)
    others = _other_rules(source, pieces)
    return Plan.model_construct(
        **dict(content), id=path.stem, path=path, rule_set=rules, other_rules=others
    )


def _other_rules(source: Source, pieces: Pieces) -> RuleSet | None:
    """Return the rules to compare with, found to fit the plan; None where it names none."""
    rules, wrong_key, problems = rules_named_in(source, "compare_with")
    findings = wrong_key + (_check_parts(source, pieces, rules) if rules else [])
    problems = [*source.problems(findings), *problems]
    problems += _misfits(rules, pieces) if rules else []
    if problems:
        raise InputRefused(problems)
    return rules


def _untranslated(source: Source, rules: RuleSet | None) -> list[Problem]:
    """Return the names without English, of both files, where the plan asks for it."""
    briefs = _valid(Briefs, source.get(("briefs",)))
    if briefs is None or ENGLISH not in briefs.languages:
        return []
    of_rules = read_source(rules.path, RULES) if rules else None
    missing, more = check_english(source, of_rules)
    return [*source.problems(missing), *(of_rules.problems(more) if of_rules else ())]


def _misfits(rules: RuleSet, pieces: Pieces) -> list[Problem]:
    findings = list(check_rules_fit(rules, pieces))
    return read_source(rules.path, RULES).problems(findings) if findings else []


def load_rules_for(plan: Plan, path: Path) -> RuleSet:
    """Return another rule set, found to fit the plan as the plan's own does (để so sánh).

    Raises:
        InputRefused: the file cannot be read, the rules contradict each other, or they do not fit
            the plan; carries every problem.
    """
    rules = load_rules(path)
    source = read_source(plan.path)
    pieces = _pieces(source)
    problems = source.problems(_check_parts(source, pieces, rules)) + _misfits(rules, pieces)
    if problems:
        raise InputRefused(problems)
    return rules

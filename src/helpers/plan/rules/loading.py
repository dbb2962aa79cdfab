"""Reading a rule set: all that is wrong with it is said at once, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from helpers.errors import InputRefused, Problem
from helpers.paths import project_root
from helpers.plan.messages import findings_of
from helpers.plan.rules.checks import check_rules
from helpers.plan.rules.model import RuleSet, RuleSetContent
from helpers.plan.source import Finding, Loc, Source, read_source

__all__ = ["RULES", "blanks", "load_rules", "rules_named_in"]

RULES = "quy tắc"
"""What messages call a rule file."""


def load_rules(path: Path) -> RuleSet:
    """Return the rule set in a YAML file; its id is the file's name without the ending.

    Raises:
        InputRefused: the file cannot be read, or the rules contradict each other; carries every
            problem with file, line and key.
    """
    path = path.resolve()
    source = read_source(path, RULES)
    findings = list(source.findings)
    content = None
    try:
        content = RuleSetContent.model_validate(source.value)
    except ValidationError as error:
        findings += findings_of(error.errors(include_url=False), RuleSetContent)
    findings += check_rules(source)
    findings += blanks(source, findings)
    if findings or content is None:
        raise InputRefused(source.problems(findings))
    return RuleSet.model_construct(**dict(content), id=path.stem, path=path)


def rules_named_in(
    source: Source, key: str = "rules"
) -> tuple[RuleSet | None, list[Finding], Sequence[Problem]]:
    """Return the rules that a file names under a key, or what is wrong with key or rule file."""
    named = source.get((key,))
    if not isinstance(named, str) or not named:
        return None, [], ()
    path = project_root() / named
    try:
        return load_rules(path), [], ()
    except InputRefused as refused:
        problem = refused.problems[0]
        if path.is_file():
            return None, [], refused.problems
        what = f"“{named}” {problem.what}" if path.exists() else f"không có tệp quy tắc “{named}”"
        return None, [Finding((key,), what, problem.todo)], ()


def blanks(source: Source, findings: list[Finding]) -> Iterator[Finding]:
    """Yield the keys after which nothing stands: a cap left blank must not pass for no cap."""
    told = {finding.loc for finding in findings}
    for loc in _nothings(source.value, ()):
        if loc and not any(loc[: len(other)] == other for other in told if other):
            yield Finding(
                loc, "chưa ghi giá trị", "ghi giá trị sau dấu hai chấm, hoặc xóa dòng này"
            )


def _nothings(value: object, loc: Loc) -> Iterator[Loc]:
    if value is None:
        yield loc
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _nothings(inner, (*loc, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _nothings(inner, (*loc, place))

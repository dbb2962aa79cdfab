"""What briefs need to know of the plan itself, as a published table."""

from __future__ import annotations

import pandas as pd

from helpers.data.published import Result
from helpers.plan.model import Plan
from helpers.plan.rules.model import RuleSet
from helpers.plan.texts import PlanText

__all__ = ["plan_facts"]


def plan_facts(plan: Plan) -> Result:
    """Return the plan's names and the details of its documents, one row a fact.

    Groups: plan, document, base (căn cứ), recipient (nơi nhận), plan_text (the official plan's own
    head, where there are texts for it), type (loại vốn), source (nguồn vốn), rules (bộ quy tắc),
    english (a Vietnamese name of the plan's and its English) and, where the plan compares with
    others, other_rules. The order of rows is that of the plan file.
    """
    document = plan.document
    rows = [
        ("plan", "year", str(plan.year)),
        ("plan", "province", plan.province.name),
        ("plan", "province_kind", plan.province.kind),
        ("plan", "rounding_unit", str(plan.rule_set.rounding_unit or plan.rounding_unit)),
        ("plan", "small_cell_threshold", str(plan.small_cell_threshold)),
        ("plan", "at_risk_below", str(plan.progress.at_risk_below)),
        ("plan", "interval", str(plan.progress.interval)),
        ("document", "kind", document.kind),
        ("document", "parent", document.parent),
        ("document", "issuer", document.issuer),
        ("document", "symbol", document.symbol),
        ("document", "number", document.number),
        ("document", "place", document.place),
        ("document", "date", document.date.isoformat() if document.date else ""),
        ("document", "authority", document.signature.authority),
        ("document", "position", document.signature.position),
        ("document", "name", document.signature.name),
    ]
    rows += [("base", str(n), text) for n, text in enumerate(document.bases, start=1)]
    rows += [("recipient", str(n), text) for n, text in enumerate(document.recipients, start=1)]
    rows += _plan_text(plan.plan_text) if plan.plan_text else []
    rows += [("type", code, name) for code, name in plan.capital.types.items()]
    rows += [("source", code, name) for code, name in plan.capital.sources.items()]
    rows += _rules("rules", plan.rule_set)
    rows += _rules("other_rules", plan.other_rules) if plan.other_rules else []
    rows += [("english", text, english) for text, english in plan.english.items()]
    return Result(pd.DataFrame(rows, columns=["group", "code", "value"]), (), (plan.file,))


def _plan_text(text: PlanText) -> list[tuple[str, str, str]]:
    """Return what the official plan's head has of its own."""
    return [
        ("plan_text", "kind", text.kind),
        ("plan_text", "symbol", text.symbol),
        ("plan_text", "number", text.number),
        ("plan_text", "date", text.date.isoformat() if text.date else ""),
    ]


def _rules(group: str, rules: RuleSet) -> list[tuple[str, str, str]]:
    """Return a rule set's title, file, and when it is in force (ISO dates, blank where open)."""
    start, end = rules.valid.from_, rules.valid.to
    return [
        (group, "title", rules.title),
        (group, "file", rules.file),
        (group, "from", start.isoformat() if start else ""),
        (group, "to", end.isoformat() if end else ""),
    ]

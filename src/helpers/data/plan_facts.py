"""What briefs need to know of the plan itself, as a published table."""

from __future__ import annotations

import pandas as pd

from helpers.data.published import Result
from helpers.plan.model import Plan

__all__ = ["plan_facts"]


def plan_facts(plan: Plan) -> Result:
    """Return the plan's names and the details of its documents, one row a fact.

    Groups: plan, document, base (căn cứ), recipient (nơi nhận), type (loại vốn), source (nguồn
    vốn). The order of rows is that of the plan file.
    """
    document = plan.document
    rows = [
        ("plan", "year", str(plan.year)),
        ("plan", "province", plan.province.name),
        ("plan", "province_kind", plan.province.kind),
        ("plan", "rounding_unit", str(plan.rounding_unit)),
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
    rows += [("type", code, name) for code, name in plan.capital.types.items()]
    rows += [("source", code, name) for code, name in plan.capital.sources.items()]
    return Result(pd.DataFrame(rows, columns=["group", "code", "value"]), (), (plan.file,))

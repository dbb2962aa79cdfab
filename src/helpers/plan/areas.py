"""The areas that targets speak of, matched with the districts that the data have."""

from __future__ import annotations

import re
from collections.abc import Iterable

from helpers.errors import InputRefused, Problem
from helpers.plan.model import Plan
from helpers.plan.source import Finding, read_source
from helpers.plan.values import suggestion
from helpers.plan.vocabulary import AREAS
from helpers.text import match_key, nfc

__all__ = ["check_against_districts", "resolve_area"]

_KIND = "^(huyện|thị xã|thành phố) "


def _find(area: str, names: Iterable[str]) -> str | None:
    known = {match_key(name): name for name in (*names, *AREAS)}
    key = match_key(area)
    bare = re.sub(_KIND, "", nfc(area), flags=re.IGNORECASE)
    return known.get(key) or known.get(match_key(bare))


def resolve_area(area: str, names: Iterable[str]) -> str:
    """Return the key in `AREAS`, or the district's name as the data spell it.

    Letter case, tone placement and a leading "huyện", "thị xã" or "thành phố" do not count.

    Raises:
        InputRefused: no such area.
    """
    names = list(names)
    found = _find(area, names)
    if found is None:
        what = f"không có khu vực hoặc huyện “{area}”"
        raise InputRefused([Problem("targets", what, suggestion(area, [*names, *AREAS]))])
    return found


def check_against_districts(plan: Plan, names: Iterable[str]) -> list[Problem]:
    """Return the plan's targets whose area the data do not have, or that name one twice."""
    names = list(names)
    findings = []
    seen: dict[str, str] = {}
    for place, target in enumerate(plan.targets):
        loc = ("targets", place, "area")
        found = _find(target.area, names)
        if found is None:
            what = f"không có khu vực hoặc huyện “{target.area}” trong số liệu"
            findings.append(Finding(loc, what, suggestion(target.area, [*names, *AREAS])))
        elif found in seen:
            what = f"“{target.area}” và “{seen[found]}” là một huyện"
            findings.append(Finding(loc, what, "giữ một dòng, xóa dòng kia"))
        else:
            seen[found] = target.area
    return read_source(plan.path).problems(findings) if findings else []

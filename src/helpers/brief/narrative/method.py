"""How the figures of poverty are made, as the rules themselves word it.

The rules stand with what computes them, which a district's brief has no other use for: a rule is
loaded when it is asked for.
"""

from __future__ import annotations

from helpers.brief.headings import headed
from helpers.brief.latest import latest_records, note_for, withheld_note
from helpers.brief.reader import Brief
from helpers.data.published import SUPPRESSED

__all__ = [
    "disclosure_note",
    "district_disclosure_note",
    "forecast_method",
    "judgement_method",
    "risk_method",
]

GUARDED = ("flows", "deprivations", "poor_profile", "commune_rates")
"""The tables that may withhold numbers."""


def judgement_method(brief: Brief) -> str:
    """Return the rule of the words within the year."""
    from helpers.progress.pace import judgement_rule

    return judgement_rule(int(brief.fact("plan", "at_risk_below")))


def forecast_method(brief: Brief, heading: str) -> str:
    """Return how the forecast is made; nothing where there is none."""
    from helpers.progress.forecast import METHOD

    return headed(heading, METHOD) if len(brief.table("forecast").frame) else ""


def risk_method(brief: Brief, heading: str) -> str:
    """Return by which rule districts are listed as being at risk; nothing where none is."""
    from helpers.progress.at_risk import RULE

    return headed(heading, RULE) if len(brief.table("districts_at_risk").frame) else ""


def disclosure_note(brief: Brief, heading: str) -> str:
    """Return why some numbers are withheld; nothing where none is."""
    hidden = any((brief.table(name).frame == SUPPRESSED).to_numpy().any() for name in GUARDED)
    return headed(heading, withheld_note(brief)) if hidden else ""


def district_disclosure_note(brief: Brief, district_code: str) -> str:
    """Return the same for one district's brief; nothing where all that it shows is told."""
    shown = (
        *latest_records(brief.table("flows"), kind="poor", area_code=district_code),
        *latest_records(brief.table("deprivations"), kind="poor", area_code=district_code),
        *latest_records(brief.table("poor_profile"), area_code=district_code),
        *latest_records(brief.table("commune_rates"), district_code=district_code),
    )
    return note_for(brief, shown)

"""Plan, follow and report a province's poverty-reduction programme.

The names below are what notebooks use; each is loaded when it is first asked for, so that a brief
does not pay for what only an analysis needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.allocation.accounts import compare as comparison  # noqa: F401
    from helpers.allocation.accounts import counterpart as counterpart
    from helpers.allocation.accounts import register as capital_register  # noqa: F401
    from helpers.allocation.accounts import tables as allocation_tables  # noqa: F401
    from helpers.allocation.accounts import trail as allocation_trail  # noqa: F401
    from helpers.allocation.accounts.explain import explainer as explainer
    from helpers.allocation.accounts.warnings import allocation_warnings as allocation_warnings
    from helpers.allocation.engine import allocate as allocate
    from helpers.brief import figures as figures
    from helpers.brief import narrative as narrative
    from helpers.brief import tables as tables
    from helpers.brief.blocks import FigureRow as FigureRow
    from helpers.brief.blocks import Text as Text
    from helpers.brief.reader import open_brief as open_brief
    from helpers.data.plan_facts import plan_facts as plan_facts
    from helpers.data.plan_texts import plan_texts as plan_texts
    from helpers.data.review import tables as review_tables  # noqa: F401
    from helpers.data.tables import data_checks as data_checks
    from helpers.data.tables import data_sources as data_sources
    from helpers.desk import open_desk as open_desk
    from helpers.poverty.flows import poverty_flows as poverty_flows
    from helpers.poverty.moves import rate_moves as rate_moves
    from helpers.poverty.profile import commune_rates as commune_rates
    from helpers.poverty.profile import deprivations as deprivations
    from helpers.poverty.profile import poor_profile as poor_profile
    from helpers.poverty.rates import poverty_rates as poverty_rates
    from helpers.poverty.register_tables import register_indicators as register_indicators
    from helpers.poverty.register_tables import register_measures as register_measures
    from helpers.progress.at_risk import districts_at_risk as districts_at_risk
    from helpers.progress.forecast import year_end_forecast as year_end_forecast
    from helpers.progress.risks import main_risks as main_risks
    from helpers.progress.targets import count_targets as count_targets
    from helpers.progress.targets import target_progress as target_progress

_NAMES = {
    "FigureRow": "brief.blocks",
    "Text": "brief.blocks",
    "allocate": "allocation.engine",
    "allocation_warnings": "allocation.accounts.warnings",
    "commune_rates": "poverty.profile",
    "count_targets": "progress.targets",
    "data_checks": "data.tables",
    "data_sources": "data.tables",
    "deprivations": "poverty.profile",
    "districts_at_risk": "progress.at_risk",
    "explainer": "allocation.accounts.explain",
    "main_risks": "progress.risks",
    "open_brief": "brief.reader",
    "open_desk": "desk",
    "plan_facts": "data.plan_facts",
    "plan_texts": "data.plan_texts",
    "poor_profile": "poverty.profile",
    "poverty_flows": "poverty.flows",
    "poverty_rates": "poverty.rates",
    "rate_moves": "poverty.moves",
    "register_indicators": "poverty.register_tables",
    "register_measures": "poverty.register_tables",
    "target_progress": "progress.targets",
    "year_end_forecast": "progress.forecast",
}
_MODULES = {
    "allocation_tables": "allocation.accounts.tables",
    "allocation_trail": "allocation.accounts.trail",
    "capital_register": "allocation.accounts.register",
    "comparison": "allocation.accounts.compare",
    "counterpart": "allocation.accounts.counterpart",
    "figures": "brief.figures",
    "narrative": "brief.narrative",
    "review_tables": "data.review.tables",
    "tables": "brief.tables",
}

__all__ = sorted([*_NAMES, *_MODULES])


def face() -> dict[str, str]:
    """Return the module behind each name that notebooks use."""
    return {name: f"{__name__}.{place}" for name, place in {**_NAMES, **_MODULES}.items()}


def __getattr__(name: str) -> Any:
    """Load a name of the face from its room."""
    if name in _MODULES:
        return import_module(f"{__name__}.{_MODULES[name]}")
    if name in _NAMES:
        return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

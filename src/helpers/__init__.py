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
    from helpers.data.tables import data_checks as data_checks
    from helpers.data.tables import data_sources as data_sources
    from helpers.desk import open_desk as open_desk
    from helpers.poverty.rates import poverty_rates as poverty_rates
    from helpers.progress.risks import main_risks as main_risks
    from helpers.progress.targets import target_progress as target_progress

_NAMES = {
    "FigureRow": "brief.blocks",
    "Text": "brief.blocks",
    "allocate": "allocation.engine",
    "allocation_warnings": "allocation.accounts.warnings",
    "data_checks": "data.tables",
    "data_sources": "data.tables",
    "explainer": "allocation.accounts.explain",
    "main_risks": "progress.risks",
    "open_brief": "brief.reader",
    "open_desk": "desk",
    "plan_facts": "data.plan_facts",
    "poverty_rates": "poverty.rates",
    "target_progress": "progress.targets",
}
_MODULES = {
    "allocation_tables": "allocation.accounts.tables",
    "allocation_trail": "allocation.accounts.trail",
    "capital_register": "allocation.accounts.register",
    "comparison": "allocation.accounts.compare",
    "counterpart": "allocation.accounts.counterpart",
    "figures": "brief.figures",
    "narrative": "brief.narrative",
    "tables": "brief.tables",
}

__all__ = sorted([*_NAMES, *_MODULES])


def __getattr__(name: str) -> Any:
    """Load a name of the face from its room."""
    if name in _MODULES:
        return import_module(f"{__name__}.{_MODULES[name]}")
    if name in _NAMES:
        return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

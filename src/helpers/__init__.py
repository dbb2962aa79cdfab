"""Plan, follow and report a province's poverty-reduction programme.

The names below are what notebooks use; each is loaded when it is first asked for, so that a brief
does not pay for what only an analysis needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.allocation.engine import allocate as allocate
    from helpers.allocation.tables import allocation_table as allocation_table
    from helpers.allocation.tables import capital_by_district as capital_by_district
    from helpers.allocation.tables import capital_by_district_project as capital_by_district_project
    from helpers.allocation.tables import capital_by_project as capital_by_project
    from helpers.allocation.tables import district_lines as district_lines
    from helpers.allocation.tables import parameter_status as parameter_status
    from helpers.allocation.tables import rounding_table as rounding_table
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

_FACE = {
    "FigureRow": "brief.blocks",
    "Text": "brief.blocks",
    "allocate": "allocation.engine",
    "allocation_table": "allocation.tables",
    "capital_by_district": "allocation.tables",
    "capital_by_district_project": "allocation.tables",
    "capital_by_project": "allocation.tables",
    "data_checks": "data.tables",
    "data_sources": "data.tables",
    "district_lines": "allocation.tables",
    "figures": "brief",
    "main_risks": "progress.risks",
    "narrative": "brief",
    "open_brief": "brief.reader",
    "open_desk": "desk",
    "parameter_status": "allocation.tables",
    "plan_facts": "data.plan_facts",
    "poverty_rates": "poverty.rates",
    "rounding_table": "allocation.tables",
    "tables": "brief",
    "target_progress": "progress.targets",
}

__all__ = sorted(_FACE)  # noqa: PLE0605 - computed on purpose: one list of the face


def __getattr__(name: str) -> Any:
    """Load a name of the face from its room."""
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = f"{__name__}.{_FACE[name]}"
    if _FACE[name] == "brief":
        return import_module(f"{room}.{name}")
    return getattr(import_module(room), name)

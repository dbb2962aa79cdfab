"""The small-cell guard: what leaves for a brief hides numbers that point at single households."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from helpers.data.published import Result
from helpers.poverty.disclosure.guards import (
    NOTE,
    Guarded,
    guard_communes,
    guard_deprivations,
    guard_flows,
    guard_profile,
    guard_register_indicators,
    guard_register_measures,
    suppression_note,
)
from helpers.poverty.disclosure.suppression import Suppression, suppress

__all__ = [
    "GUARDS",
    "NOTE",
    "Guarded",
    "Suppression",
    "guard_communes",
    "guard_deprivations",
    "guard_flows",
    "guard_profile",
    "guard_register_indicators",
    "guard_register_measures",
    "suppress",
    "suppression_note",
]

GUARDS: Mapping[str, Callable[[Result, Mapping[str, Sequence[str]], int], Guarded]] = (
    MappingProxyType(
        {
            "commune_rates": guard_communes,
            "deprivations": guard_deprivations,
            "flows": guard_flows,
            "poor_profile": guard_profile,
            "register_indicators": guard_register_indicators,
            "register_measures": guard_register_measures,
        }
    )
)
"""The guard of each published table that needs one: table, groups' districts, threshold."""

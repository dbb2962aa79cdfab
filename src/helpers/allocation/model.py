"""What an allocation consists of: pots, amounts taken off the top, sharings, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.allocation.exact.kernel import Shared
from helpers.allocation.scoring import Scores
from helpers.data.units import BoolArray, Units
from helpers.money import Apportionment
from helpers.plan.rules.model import RuleSet, Sharing

__all__ = ["UNITS", "Cell", "Distribution", "Fixed", "Portion", "Unplaced"]

UNITS = ""
"""The key under which the units together stand beside the agencies."""


@dataclass(frozen=True, order=True)
class Cell:
    """A pot: what one line gets from one source in one capital type."""

    line: str
    source: str
    capital_type: str


@dataclass(frozen=True)
class Fixed:
    """An amount that a unit gets off the top: an earmark, or an agency's part."""

    cell: Cell
    level: str
    unit_code: str
    unit: str
    amount: int
    name: str = ""
    """What the earmark is for; empty for an agency's part."""
    district_code: str = ""
    """The district, or the commune's district; empty for an agency."""


@dataclass(frozen=True)
class Unplaced:
    """What could not be placed, and why; where it got stuck within a district, in which."""

    cell: Cell
    amount: int
    reason: str
    district_code: str = ""
    reserve: bool = False
    """Whether it was kept back before sharing, and not left over from it."""


@dataclass(frozen=True, eq=False)
class Portion:
    """One sharing: a pot among districts or communes, or a district's part among its communes."""

    cell: Cell
    parent: str
    """The district within which communes share; empty otherwise."""
    total: int
    sharing: Sharing
    scores: Scores
    shared: Shared
    unit: int
    """The rounding unit."""
    kept: BoolArray
    """Which units take part: the others were left out below the minimum lot."""

    @property
    def level(self) -> str:
        """Return the level of the units that share."""
        return self.scores.units.level


@dataclass(frozen=True, eq=False)
class Distribution:
    """Pots shared out by a rule set: what was taken off the top, each sharing, what is left."""

    rule_set: RuleSet
    units: Mapping[str, Units]
    pots: Mapping[Cell, int]
    agencies: Mapping[Cell, Apportionment[str]]
    fixed: tuple[Fixed, ...]
    portions: Mapping[tuple[Cell, str], Portion]
    """By pot and district: "" for the sharing of the pot itself."""
    unplaced: tuple[Unplaced, ...]

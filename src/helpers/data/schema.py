"""What a table must look like, as a value: columns, types, key and rules.

Whether a frame is as declared is asked of all columns at once and costs little; only where one is
not do `failures` look for the cells and rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

__all__ = ["Column", "Rule", "Table"]


@dataclass(frozen=True)
class Rule:
    """What must hold of every value of a column, or of every row of a table.

    `keeps` takes the column, or the table's frame, and says of each row whether the rule is kept;
    `error` is "what is wrong → what to do".
    """

    name: str
    keeps: Callable[[Any], pd.Series]
    error: str


@dataclass(frozen=True)
class Column:
    """A column: its type, Vietnamese label, how its cells are read (see `cells`), and its unit.

    `choices` names the accepted words of a choice. `reads` is blank where no cell is read.
    """

    dtype: str
    title: str
    reads: str = ""
    unit: str = ""
    choices: str = ""
    rule: Rule | None = None

    def fits(self, values: pd.Series) -> bool:
        """Tell whether values of the column's type are all there and keep its rule."""
        whole = values.dtype == "int64" or not values.hasnans
        return whole and (self.rule is None or bool(self.rule.keeps(values).all()))


@dataclass(frozen=True)
class Table:
    """A table: its name, its Vietnamese name, its key, its columns, rules of its rows."""

    name: str
    title: str
    key: Sequence[str] | None
    columns: Mapping[str, Column]
    rules: Sequence[Rule] = ()

    def fits(self, frame: pd.DataFrame) -> bool:
        """Tell whether a frame with the table's columns and types is as it must be."""
        keys = [frame[name].tolist() for name in self.key or ()]
        return (
            all(column.fits(frame[name]) for name, column in self.columns.items())
            and (not keys or len(set(zip(*keys, strict=True))) == len(frame))
            and all(bool(rule.keeps(frame).all()) for rule in self.rules)
        )

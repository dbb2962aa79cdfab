"""The cube: every đồng once, by line, unit, source, capital type and vintage.

It is the one table from which all others are summed. Units are province agencies, districts and,
where a rule goes that far, communes in place of their district; what could not be placed stands as
a row of its own with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from helpers.allocation.model import Cell, Distribution, Fixed, Portion, Unplaced

__all__ = ["COLUMNS", "UNPLACED", "UNPLACED_NAME", "cube_frame"]

COLUMNS = [
    "line",
    "level",
    "unit_code",
    "unit",
    "district_code",
    "district",
    "source",
    "capital_type",
    "vintage",
    "amount",
    "reason",
]
LEVELS = ("agency", "district", "commune", "unplaced")
UNPLACED, UNPLACED_NAME = "unplaced", "Chưa phân bổ"


@dataclass
class _Blocks:
    """Rows gathered block by block: a scalar stands for a whole block."""

    names: Mapping[str, str]
    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def add(self, size: int, **values: object) -> None:
        for name, gathered in self.columns.items():
            value = values.get(name, "")
            if isinstance(value, np.ndarray):
                gathered.append(value)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                gathered.append(np.asarray(value, dtype=object))
            else:
                kind = np.int64 if isinstance(value, int) else object
                gathered.append(np.full(size, value, dtype=kind))

    def fixed(self, item: Fixed, amount: int) -> None:
        self.add(
            1,
            **_keys(item.cell),
            level=item.level,
            unit_code=item.unit_code,
            unit=item.unit,
            district_code=item.district_code,
            district=self.names.get(item.district_code, ""),
            amount=amount,
        )

    def portion(self, portion: Portion, amounts: Any, keep: Any) -> None:
        units = portion.scores.units if keep is None else portion.scores.units.take(keep)
        self.add(
            len(units),
            **_keys(portion.cell),
            level=units.level,
            unit_code=units.codes,
            unit=units.names,
            district_code=units.parents,
            district=tuple(self.names.get(parent, "") for parent in units.parents),
            amount=amounts if keep is None else amounts[keep],
        )

    def unplaced(self, item: Unplaced) -> None:
        self.add(
            1,
            **_keys(item.cell),
            level="unplaced",
            unit_code=UNPLACED,
            unit=UNPLACED_NAME,
            district_code=item.district_code,
            district=self.names.get(item.district_code, ""),
            amount=item.amount,
            reason=item.reason,
        )

    def frame(self, vintage: int) -> pd.DataFrame:
        size = sum(map(len, self.columns["line"]))
        self.columns["vintage"] = [np.full(size, vintage, dtype=np.int64)]
        empty = np.empty(0, dtype=object)
        found = {name: np.concatenate(parts or [empty]) for name, parts in self.columns.items()}
        frame = pd.DataFrame({name: pd.Series(found[name]) for name in COLUMNS})
        return frame.astype({"amount": "int64"})


def _keys(cell: Cell) -> dict[str, str]:
    return {"line": cell.line, "source": cell.source, "capital_type": cell.capital_type}


def _leaves(
    portion: Portion, inner: Mapping[str, Portion], stuck: Collection[str], blocks: _Blocks
) -> None:
    """Add a pot's rows: districts that keep their part, then the communes of the others.

    In the districts named by `stuck` no commune could take the district's part: it stands as not
    allocated, not here.
    """
    amounts = portion.shared.amounts.astype(np.int64)
    if not inner and not stuck:
        blocks.portion(portion, amounts, None)
        return
    passed = {*inner, *stuck}
    keeps = np.asarray([code not in passed for code in portion.scores.units.codes])
    if keeps.any():
        blocks.portion(portion, amounts, np.flatnonzero(keeps))
    for within in inner.values():
        blocks.portion(within, within.shared.amounts.astype(np.int64), None)


def cube_frame(
    distribution: Distribution,
    vintage: int,
    without_line: Iterable[Unplaced] = (),
) -> pd.DataFrame:
    """Return the cube of one year's capital: see COLUMNS; amounts are đồng (int64).

    Rows stand as the pots do; within a pot agencies, districts, communes, what is not allocated.
    """
    districts = distribution.units.get("district")
    names = dict(zip(districts.codes, districts.names, strict=True)) if districts else {}
    blocks = _Blocks(names)
    merged: dict[tuple[Cell, str, str], tuple[Fixed, int]] = {}
    for item in distribution.fixed:
        key = (item.cell, item.level, item.unit_code)
        before = merged.get(key, (item, 0))[1]
        merged[key] = (item, before + item.amount)
    by_cell: dict[Cell, list[tuple[Fixed, int]]] = {}
    for (cell, _, _), found in sorted(merged.items(), key=lambda pair: pair[0][1:]):
        by_cell.setdefault(cell, []).append(found)
    within: dict[Cell, dict[str, Portion]] = {}
    for (cell, parent), portion in distribution.portions.items():
        if parent:
            within.setdefault(cell, {})[parent] = portion
    left: dict[Cell, list[Unplaced]] = {}
    for lost in distribution.unplaced:
        left.setdefault(lost.cell, []).append(lost)
    for cell in distribution.pots:
        for item, amount in by_cell.get(cell, []):
            blocks.fixed(item, amount)
        if (cell, "") in distribution.portions:
            stuck = {lost.district_code for lost in left.get(cell, [])} - {""}
            _leaves(distribution.portions[cell, ""], within.get(cell, {}), stuck, blocks)
        for lost in left.get(cell, []):
            blocks.unplaced(lost)
    for lost in without_line:
        blocks.unplaced(lost)
    frame = blocks.frame(vintage)
    return _each_unit_once(frame) if any(f.level != "agency" for f in distribution.fixed) else frame


def _each_unit_once(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a unit's earmarks added to what it shares."""
    keys = [name for name in COLUMNS if name != "amount"]
    return frame.groupby(keys, sort=False, as_index=False)["amount"].sum()[COLUMNS]

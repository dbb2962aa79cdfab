"""What every check of the returned forms yields: a column held against something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from helpers.data.findings import DISAGREES
from helpers.data.review.checks.aligned import Aligned, BoolArray, IntArray

__all__ = ["KINDS", "Compared", "Numbers", "at_places", "compared"]

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "formulas": "công thức ở dòng số cột",
        "rates": "tỷ lệ so với số đếm",
        "parts": "số thành phần không lớn hơn tổng",
        "persons": "số nhân khẩu so với số hộ",
        "other_poor": "hộ nghèo khác ở Biểu 8",
        "same": "cùng một số ở các biểu",
        "years": "cuối kỳ năm trước và đầu kỳ năm sau",
        "districts": "dòng huyện so với các xã cộng lại",
        "totals": "dòng tổng cộng so với các đơn vị cộng lại",
    }
)
"""Each kind of check, and what tables call it."""

Numbers: TypeAlias = npt.NDArray[Any]
"""Counts, or percentages and what they should be in hundredths."""


@dataclass(frozen=True, eq=False)
class Compared:
    """One column held against something else, in `count` rows of a form.

    `rows` are the positions in the form's frame where it fails, `values` what stands there and
    `expected` what should. `against` names what it was held against; `said` is the sentence, to be
    filled in with value and expected.
    """

    kind: str
    form: int
    name: str
    against: str
    said: str
    count: int
    rows: IntArray
    values: Numbers
    expected: Numbers
    weight: str = DISAGREES


def compared(
    kind: str,
    form: int,
    name: str,
    against: str,
    said: str,
    values: Numbers,
    expected: Numbers,
    fails: BoolArray,
    among: BoolArray | None = None,
    weight: str = DISAGREES,
) -> Compared:
    """Return a comparison from arrays in the order of the form's frame."""
    if among is not None:
        fails = fails & among
    rows = np.flatnonzero(fails)
    count = len(values) if among is None else int(among.sum())
    return Compared(
        kind, form, name, against, said, count, rows, values[rows], expected[rows], weight
    )


def at_places(
    aligned: Aligned,
    kind: str,
    form: int,
    name: str,
    against: str,
    values: IntArray,
    expected: IntArray,
    fails: BoolArray,
    among: BoolArray,
) -> Compared:
    """Return a comparison from arrays over all units and years."""
    failing = np.flatnonzero(fails & among)
    return Compared(
        kind, form, name, against, f"ghi {{value}}, {against} ghi {{expected}}", int(among.sum()),
        aligned.rows[form][failing], values[failing], expected[failing],
    )  # fmt: skip

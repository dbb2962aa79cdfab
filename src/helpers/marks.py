"""What a figure may have to confess wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

__all__ = ["MARKS", "Mark", "merge_marks"]

Mark = Literal["illustrative", "unverified", "secondary"]
"""Made data (minh họa), an assumed parameter (chưa kiểm chứng), a second-hand source."""

MARKS: tuple[Mark, ...] = get_args(Mark)


def merge_marks(*groups: Iterable[str]) -> tuple[Mark, ...]:
    """Return every mark that occurs in any group, once, in the order of `MARKS`."""
    found = {word for group in groups for word in group}
    return tuple(mark for mark in MARKS if mark in found)

"""Where a figure or a table comes from, in one line under it."""

from __future__ import annotations

from helpers.data.published import Published
from helpers.language import say

__all__ = ["source_line"]


def source_line(*tables: Published) -> str:
    """Return the line that leads a reader from a brief to the published tables behind it."""
    names = ", ".join(f"tables/{table.name}.csv" for table in tables)
    return say("Nguồn: {names}.", names=names)

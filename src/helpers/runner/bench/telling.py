"""How a measured value reads."""

from __future__ import annotations

from helpers.runner.bench.measure import Used

__all__ = ["decimal", "gigabytes", "second", "taken"]


def decimal(value: float, digits: int = 2) -> str:
    """Return a number with a decimal comma."""
    return f"{value:.{digits}f}".replace(".", ",")


def second(value: float) -> str:
    """Return seconds: "0,21 s", from a minute on "131 s"."""
    return f"{decimal(value, 2 if value < 60 else 0)} s"


def gigabytes(size: int) -> str:
    """Return a size of memory: "0,85 GB"."""
    return f"{decimal(size / 1e9)} GB"


def taken(used: Used) -> str:
    """Return seconds on the clock and of the processor, and the memory where it was watched."""
    said = f"{second(used.wall)}, bộ xử lý {second(used.processor)}"
    return f"{said}, bộ nhớ cao nhất {gigabytes(used.memory)}" if used.memory else said

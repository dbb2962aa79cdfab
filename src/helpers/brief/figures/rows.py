"""Figures side by side, as many of them as there are."""

from __future__ import annotations

from helpers.brief.blocks import Figure, FigureRow, Series

__all__ = ["beside"]


def beside(*figures: Figure | None) -> Series:
    """Return the figures that there are as one row; nothing where there are none."""
    there = tuple(figure for figure in figures if figure)
    return Series((FigureRow(there),) if there else ())

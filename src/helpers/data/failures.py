"""The cells and rows of a frame that are not as their table's schema says, listed by pandera.

It checks lazily, so that every failing cell is reported with its row rather than the first one
only, and what depends on a broken column is left out. It takes a while to load, and is loaded only
where something is wrong.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa

from helpers.data.schema import Column, Rule, Table

__all__ = ["failures_in_column", "failures_in_table"]


def _check(rule: Rule) -> pa.Check:
    return pa.Check(rule.keeps, name=rule.name, error=rule.error)


def _column(column: Column, name: str | None = None) -> pa.Column:
    # pandera calls "object" what pandas does, and takes str for the text type of pandas.
    dtype: Any = {"str": str, "object": object}.get(column.dtype, column.dtype)
    return pa.Column(dtype, _check(column.rule) if column.rule else None, name=name)


def _schema(table: Table) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {name: _column(column) for name, column in table.columns.items()},
        [_check(rule) for rule in table.rules],
        name=table.name,
        unique=list(table.key) if table.key else None,
        report_duplicates="exclude_first",
        strict=True,
        ordered=True,
    )


def failures_in_table(table: Table, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return pandera's failure cases of a frame with the table's columns."""
    return _failures(_schema(table), frame)


def failures_in_column(column: Column, values: pd.Series) -> list[dict[str, Any]]:
    """Return pandera's failure cases of some values of a column, named as it is."""
    return _failures(_column(column, str(values.name)), values.to_frame())


def _failures(schema: pa.DataFrameSchema | pa.Column, frame: pd.DataFrame) -> list[dict[str, Any]]:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        found: list[dict[str, Any]] = errors.failure_cases.to_dict("records")
        return found
    return []

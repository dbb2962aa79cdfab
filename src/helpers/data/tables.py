"""The tables about the data themselves: what came in, and what disagrees."""

from __future__ import annotations

import hashlib

import pandas as pd

from helpers.data.checks import check_data
from helpers.data.published import Result
from helpers.data.reading import DataSet
from helpers.paths import relative
from helpers.plan.model import Plan

__all__ = ["data_checks", "data_sources"]


def data_checks(plan: Plan, data: DataSet) -> Result:
    """Return every comparison of the data with the province's totals and with themselves."""
    frame = check_data(data, small_cell_threshold=plan.small_cell_threshold)
    return Result(frame, data.marks(*data.frames), (plan.file, *data.names(*data.frames)))


def data_sources(data: DataSet) -> Result:
    """Return each input table with its producer, source, status, rows and SHA-256."""
    rows = []
    for name, sidecar in data.sidecars.items():
        path = data.table_files[name]
        rows.append(
            {
                "table": name,
                "file": relative(path),
                "title": sidecar.title,
                "producer": sidecar.producer,
                "source": sidecar.source,
                "status": sidecar.status_name,
                "rows": len(data.frames[name]),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
        )
    return Result(pd.DataFrame(rows), (), data.names(*data.frames))

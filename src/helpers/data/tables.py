"""The tables about the data themselves: what came in, and what disagrees."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from helpers.data.checks import check_data
from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.data.register.place import SIDECAR_NAME, register_path
from helpers.data.sidecar import Sidecar, load_sidecar
from helpers.paths import project_root, relative
from helpers.plan.model import Plan

__all__ = ["data_checks", "data_sources"]


def data_checks(plan: Plan, data: DataSet) -> Result:
    """Return every comparison of the data with the province's totals and with themselves."""
    frame = check_data(data, small_cell_threshold=plan.small_cell_threshold)
    return Result(frame, data.marks(*data.frames), (plan.file, *data.names(*data.frames)))


def data_sources(data: DataSet) -> Result:
    """Return each input table with its producer, source, status, rows and SHA-256.

    The returned forms are one row: their folder, the rows of all of them, and the SHA-256 of the
    list of their files' SHA-256. So is the household register, whose rows are not counted here.
    """
    rows = [
        _source(name, sidecar, relative(path), len(data.frames[name]), _digest(path))
        for name, sidecar in data.sidecars.items()
        for path in [data.table_files[name]]
    ]
    if data.review.sidecar:
        files = [project_root() / name for name in data.review.files]
        digests = "\n".join(f"{relative(path)} {_digest(path)}" for path in sorted(files))
        whole = hashlib.sha256(digests.encode()).hexdigest()
        number = sum(map(len, data.review.frames.values()))
        folder = relative(files[0].parent) if files else ""
        rows.append(_source("review", data.review.sidecar, folder, number, whole))
    register = register_path(data.table_files["districts"].parent)
    if register:
        sidecar = load_sidecar(register.with_name(SIDECAR_NAME))
        rows.append(_source("register", sidecar, relative(register), None, _digest(register)))
    frame = pd.DataFrame(rows)
    frame["rows"] = frame["rows"].astype("Int64")
    return Result(frame, (), data.names(*data.frames, "review"))


def _source(
    name: str, sidecar: Sidecar, file: str, rows: int | None, digest: str
) -> dict[str, object]:
    return {
        "table": name,
        "file": file,
        "title": sidecar.title,
        "producer": sidecar.producer,
        "source": sidecar.source,
        "status": sidecar.status_name,
        "rows": rows,
        "sha256": digest,
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Run one notebook with papermill, and tell honestly whether it went well."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from helpers.runner import translate
from helpers.runner.clean import MARKER, cleaned
from helpers.runner.failures import RunFailed
from helpers.runner.kernels import KERNEL_NAME, Kernels

__all__ = ["execute", "prepare"]

START_TIMEOUT = 120
"""Seconds that a kernel may take to start, on a machine that is busy with other kernels."""

OUTPUT_TIMEOUT = 60
"""Seconds to wait for the rest of a cell's output once the cell has ended."""

SKIPPED = "skip-execution"
"""Tag of a cell that nbclient leaves out on purpose."""


def prepare() -> None:
    """Set papermill up, once and before any thread runs."""
    translate.register()
    logger = logging.getLogger("papermill")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False  # what went wrong is said once, in the planner's words
    # A kernel that is killed leaves its reader's task unfinished, which asyncio would remark on.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def _error_in(notebook: Any) -> tuple[int, Any] | None:
    """Return the first error among the outputs, with the index of its cell."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                return index, output
    return None


def _first_not_run(notebook: Any) -> int | None:
    """Return the index of the first cell with code that was never run."""
    for index, cell in enumerate(notebook.cells):
        left_out = SKIPPED in cell.metadata.get("tags", [])
        has_code = cell.cell_type == "code" and cell.source.strip()
        if has_code and not left_out and cell.execution_count is None:
            return index
    return None


def execute(
    notebook: Path,
    parameters: Mapping[str, object],
    kernels: Kernels,
    *,
    timeout: int,
    folders: tuple[str, ...] = (),
) -> Any:
    """Return the executed notebook, cleaned of what differs from run to run.

    Success is what the run says and the outputs show, never what the saved metadata claims: after
    a time-out or a kernel's death papermill marks every cell as completed.

    Raises:
        RunFailed: with the kind of failure, the notebook as far as it came, and the cell.
    """
    source = nbformat.read(notebook, as_version=4)
    seen: dict[str, Any] = {"notebook": source, "cell": None}
    kind = ""
    error: Exception | None = None
    try:
        seen["notebook"] = execute_notebook(
            source,
            None,
            parameters=dict(parameters),
            kernel_name=KERNEL_NAME,
            language="python",
            progress_bar=False,
            start_timeout=START_TIMEOUT,
            execution_timeout=timeout,
            autosave_cell_every=0,
            record_timing=False,
            coalesce_streams=True,
            iopub_timeout=OUTPUT_TIMEOUT,
            kernel_manager_class=kernels.manager_class(),
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(notebook.parent)}},
            on_notebook_start=lambda notebook: seen.update(notebook=notebook),
            on_cell_start=lambda cell, cell_index: seen.update(cell=cell),
        )
    except PapermillExecutionError:
        kind = "error"
    except CellTimeoutError as timed_out:
        kind, error = "timeout", timed_out
    except DeadKernelError as died:
        kind, error = "died", died
    except Exception as other:  # whatever a kernel or a library does must not end the whole build
        kind, error = "start" if seen["cell"] is None else "broken", other
    finally:
        ensure_event_loop().close()  # jupyter_core opens one in every thread and closes none
    ran, last = seen["notebook"], seen["cell"]
    ran.cells = [cell for cell in ran.cells if MARKER not in cell.metadata.get("tags", [])]
    index = next((place for place, cell in enumerate(ran.cells) if cell is last), None)
    result = cleaned(ran, parameters, folders)
    shown = _error_in(result)
    if shown is not None:
        index, output = shown
        kind = "exit" if output.ename == "SystemExit" else "error"
        raise RunFailed(
            kind, result, index, output.ename, output.evalue, "\n".join(output.traceback)
        )
    if not kind and (not_run := _first_not_run(result)) is not None:
        kind, index = "exit", not_run
    if kind:
        name = type(error).__name__ if error else ""
        raise RunFailed(kind, result, index, name, str(error or ""), str(error or "")) from error
    return result

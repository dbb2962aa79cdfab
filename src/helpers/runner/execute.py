"""Run one notebook with papermill, and tell honestly whether it went well."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.parameterize import parameterize_notebook

from helpers.paths import ROOT_VARIABLE, project_root
from helpers.runner import translate
from helpers.runner.clean import cleaned
from helpers.runner.failures import RunFailed
from helpers.runner.kernels import KERNEL_NAME, Kernels
from helpers.runner.model import OUTPUT_VARIABLE, Job
from helpers.runner.records import canonical
from helpers.runner.task import Task
from helpers.runner.warm.engine import WarmEngine
from helpers.runner.warm.manager import WarmKernels
from helpers.runner.warm.shared import shared
from helpers.runner.warm.start import Start
from helpers.runner.watch import ANNOUNCED_VARIABLE
from helpers.runner.written import text_of

__all__ = ["Ran", "execute", "prepare"]

ENGINE = "warm"
WATCH = "helpers.runner.watch"

START_TIMEOUT = 120
"""Seconds that a kernel may take to start, on a machine that is busy with other kernels."""

OUTPUT_TIMEOUT = 60
"""Seconds to wait for the rest of a cell's output once the cell has ended."""

SKIPPED = "skip-execution"
"""Tag of a cell that nbclient leaves out on purpose."""


def prepare() -> None:
    """Set papermill up, once."""
    translate.register()
    papermill_engines.register(ENGINE, WarmEngine)
    logger = logging.getLogger("papermill")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False  # what went wrong is said once, in the planner's words
    # A kernel that is killed leaves its reader's task unfinished, which asyncio would remark on.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    _rehearse()


def _rehearse() -> None:
    """Go through what the first notebook of a process loads and compiles: schemas above all.

    In a template all workers are spared it.
    """
    cell = nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]})
    text = text_of(nbformat.v4.new_notebook(cells=[cell]))
    notebook = _parameterised(Job("", Path(), {"x": 2}, ""), text)
    for kind in ("stream", "display_data"):
        nbformat.v4.new_output(kind)
    cleaned(notebook, {})


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


@dataclass(frozen=True)
class Ran:
    """A notebook that has run to its end."""

    notebook: Any
    source: str
    """Digest of the notebook as it was read for this run."""
    told: Mapping[str, Any]
    processor: float = 0.0
    memory: int = 0


def _asks_to_exit(reply: Any) -> bool:
    """Tell whether a cell has called exit() or quit(), which a kernel reports as a success."""
    payload = reply["content"].get("payload") or ()
    return any(part.get("source") == "ask_exit" for part in payload)


def execute(task: Task) -> Ran:
    """Run the job's notebook with papermill; return it cleaned of what differs from run to run.

    Success is what the run says and the outputs show, never what the saved metadata claims: after
    a time-out or a kernel's death papermill marks every cell as completed.

    Raises:
        RunFailed: with the kind of failure, the notebook as far as it came, and the cell.
    """
    with tempfile.TemporaryDirectory(prefix="nb-") as scratch:
        return _execute(task, Path(scratch))


def _execute(task: Task, scratch: Path) -> Ran:
    job, limits = task.job, task.limits
    text = job.notebook.read_text(encoding="utf-8")
    notebook = _parameterised(job, text)
    seen: dict[str, Any] = {"cell": None, "exit": None}
    deadline = time.monotonic() + limits.notebook
    kind = ""
    error: Exception | None = None

    def executed(cell: Any, cell_index: int, execute_reply: Any) -> None:
        if seen["exit"] is None and _asks_to_exit(execute_reply):
            seen["exit"] = cell

    kernels = _kernels(task, scratch)
    try:
        papermill_engines.execute_notebook_with_engine(
            None if task.stock else ENGINE,
            notebook,
            kernel_name=KERNEL_NAME,
            progress_bar=False,
            start_timeout=START_TIMEOUT,
            timeout_func=lambda _: max(1, min(limits.cell, int(deadline - time.monotonic()))),
            autosave_cell_every=0,
            record_timing=False,
            coalesce_streams=True,
            iopub_timeout=OUTPUT_TIMEOUT,
            kernel_manager_class=kernels.manager_class(),
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(job.notebook.parent)}},
            on_cell_start=lambda cell, cell_index: seen.update(cell=cell),
            on_cell_executed=executed,
        )
    except CellTimeoutError as timed_out:
        kind, error = "timeout", timed_out
    except DeadKernelError as died:
        kind, error = "died", died
    except Exception as other:  # whatever a kernel or a library does must not end the whole build
        kind, error = "start" if seen["cell"] is None else "broken", other
    finally:
        if threading.current_thread() is not threading.main_thread():
            ensure_event_loop().close()  # jupyter_core opens one in every thread and closes none
    ended = getattr(kernels, "ended", None)
    memory = ended.bytes if ended else 0
    last = seen["cell"]
    folders = (str(task.folder), str(project_root()))
    result = cleaned(notebook, job.parameters, folders)
    shown = _error_in(result)
    if shown is not None:
        place, output = shown
        kind = "exit" if output.ename == "SystemExit" else "error"
        traceback = "\n".join(output.traceback)
        raise RunFailed(kind, result, place, output.ename, output.evalue, traceback, memory)
    if seen["exit"] is not None:
        kind, last = "exit", seen["exit"]
    index = next((place for place, cell in enumerate(notebook.cells) if cell is last), None)
    if not kind and (not_run := _first_not_run(result)) is not None:
        kind, index = "exit", not_run
    if kind:
        name, said = (type(error).__name__, str(error)) if error else ("", "")
        raise RunFailed(kind, result, index, name, said, said, memory) from error
    told = kernels.told or {}
    return Ran(result, canonical(text), told, ended.seconds if ended else 0.0, memory)


def _parameterised(job: Job, text: str) -> Any:
    """Return the notebook as papermill runs it, its parameters injected.

    papermill's own execute_notebook would read and write the whole notebook three times more.
    """
    notebook = nbformat.v4.upgrade(nbformat.reads(text, as_version=4))
    notebook.metadata["papermill"] = NotebookNode(
        parameters={}, environment_variables={}, version=None
    )
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata["papermill"] = NotebookNode()
    if not job.parameters:
        return notebook
    return parameterize_notebook(
        notebook, dict(job.parameters), kernel_name=KERNEL_NAME, language="python"
    )


def _kernels(task: Task, scratch: Path) -> WarmKernels | Kernels:
    """Return how this task's kernel starts: forked from the template, or papermill's own way."""
    own = {
        **task.environment,
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYTHONUTF8": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        OUTPUT_VARIABLE: str(task.folder),
        ROOT_VARIABLE: str(task.root),
    }
    if task.stock:
        return Kernels(scratch, {"PYTHONHASHSEED": "0", **own})
    start = Start(
        environment={**os.environ, **own, ANNOUNCED_VARIABLE: " ".join(task.job.publishes)},
        arguments=("--HistoryManager.enabled=False",),
        memory=task.limits.memory,
        before=(f"{WATCH}:begin",),
        tell=f"{WATCH}:told",
    )
    return WarmKernels(shared(), start)


prepare()

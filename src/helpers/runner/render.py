"""Render executed notebooks with nbconvert's exporters, one instance a thread and a format."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter, get_exporter

from helpers.runner.failures import RunFailed
from helpers.runner.model import Job

__all__ = ["render"]

_made = threading.local()


def _exporter(name: str) -> Exporter:
    """Return this thread's exporter of that name; templates are then read only once."""
    exporters: dict[str, Exporter] = _made.__dict__.setdefault("exporters", {})
    if name not in exporters:
        exporters[name] = get_exporter(name)()
    return exporters[name]


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def render(job: Job, renders: Sequence[tuple[str, str]], notebook: Any, folder: Path) -> list[str]:
    """Write these documents of the job into the folder; return what else the exporters made.

    Raises:
        RunFailed: of the kind "render", where an exporter refuses or breaks.
    """
    extras = []
    for name, place in renders:
        path = folder / place
        resources = {
            "metadata": {"name": path.stem, "path": str(job.notebook.parent)},
            "output_files_dir": f"{path.stem}_files",
        }
        try:
            content, produced = _exporter(name).from_notebook_node(notebook, resources)
        except OSError:
            raise
        except Exception as error:  # an exporter may raise anything; the other jobs go on
            said = f"{place} ({name}): {error}".strip()
            details = traceback.format_exc()
            raise RunFailed(
                "render", notebook, None, type(error).__name__, said, details
            ) from error
        _write(path, content)
        for extra, data in produced.get("outputs", {}).items():
            _write(path.parent / extra, data)
            extras.append((path.parent / extra).relative_to(folder).as_posix())
    return extras

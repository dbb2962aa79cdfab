"""Where a published table comes from: its analysis, the tables before it, and the data files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import yaml

from helpers.data.published import Published, published
from helpers.data.sidecar import Sidecar, load_sidecar, load_workbook_sidecars
from helpers.errors import InputRefused, NotPublished
from helpers.paths import project_root
from helpers.runner.manifest import digest
from helpers.trace.written import Made, published_by

__all__ = ["Analysis", "InputFile", "Reports"]

WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Analysis:
    """The notebook that published a table, and the published tables that it made it from."""

    label: str
    notebook: str
    from_tables: tuple[str, ...]


@dataclass(frozen=True)
class InputFile:
    """A file behind a table: its digest at the build, whether it is still so, what is known of it.

    `state` is "same", "changed", "gone" or "unknown" (the manifest does not have it).
    """

    path: str
    sha256: str
    state: str
    notes: tuple[Sidecar, ...]


@dataclass(frozen=True)
class Reports:
    """The reports of one plan as a build left them."""

    folder: Path
    manifest: Mapping[str, Any]
    _tables: dict[str, Published | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def plan_id(self) -> str:
        """Return the plan's name, which is also the folder's."""
        return self.folder.name

    @property
    def briefs(self) -> tuple[Mapping[str, Any], ...]:
        """Return the jobs whose documents are handed out."""
        return tuple(job for job in self.manifest["jobs"] if job["renders"])

    def notebook(self, job: Mapping[str, Any]) -> nbformat.NotebookNode:
        """Return the notebook as the build executed it."""
        executed: nbformat.NotebookNode = nbformat.read(self.folder / self.place(job), 4)
        return executed

    @staticmethod
    def place(job: Mapping[str, Any]) -> str:
        """Return where an executed notebook lies in the reports."""
        return f"notebooks/{job['name']}.ipynb"

    def is_as_built(self, place: str) -> bool:
        """Tell whether a file of the reports is still the one that the build made."""
        path = self.folder / place
        known = self.manifest["outputs"].get(place, {})
        return path.is_file() and digest(path) == known.get("sha256")

    def table(self, name: str) -> Published | None:
        """Return a published table; None where it is gone, or was edited so as to be unreadable."""
        if name not in self._tables:
            try:
                table = published(name, self.plan_id, self.folder)
                self._tables[name] = table if len(table.frame.columns) else None
            except (NotPublished, ValueError, LookupError):
                self._tables[name] = None
        return self._tables[name]

    @cached_property
    def _makers(self) -> Mapping[str, tuple[Mapping[str, Any], Made]]:
        """Return who published each table: the job, and what its notebook makes of which tables."""
        found: dict[str, tuple[Mapping[str, Any], Made]] = {}
        for job in self.manifest["jobs"]:
            if job["renders"] or not (self.folder / self.place(job)).is_file():
                continue
            cells = self.notebook(job).cells
            made = published_by(cell.source for cell in cells if cell.cell_type == "code")
            for name in (*made, *job.get("publishes", ())):
                found[name] = (job, made)
        return found

    def analysis(self, name: str) -> Analysis | None:
        """Return who published a table; None where no notebook of the build says so."""
        if name not in self._makers:
            return None
        job, made = self._makers[name]
        return Analysis(job["label"], job["notebook"], tuple(sorted(made.get(name, ()))))

    def tables_before(self, name: str) -> tuple[str, ...]:
        """Return every published table that this one was made from, however far back."""
        found: dict[str, None] = {}
        waiting = [name]
        while waiting:
            analysis = self.analysis(waiting.pop(0))
            for other in analysis.from_tables if analysis else ():
                if other not in found and other != name:
                    found[other] = None
                    waiting.append(other)
        return tuple(found)

    def inputs(self, name: str) -> tuple[str, ...]:
        """Return the files behind a table and behind the tables that it was made from."""
        tables = filter(None, map(self.table, (name, *self.tables_before(name))))
        return tuple(sorted({path for table in tables for path in table.inputs}))

    def input_file(self, path: str) -> InputFile:
        """Return what is known of a file behind a table, and whether it has changed since."""
        here = project_root() / path
        sha256 = self.manifest["inputs"].get(path, "")
        if not here.is_file():
            state = "gone"
        elif not sha256:
            state = "unknown"
        else:
            state = "same" if digest(here) == sha256 else "changed"
        return InputFile(path, sha256, state, _notes(here))


def _notes(path: Path) -> tuple[Sidecar, ...]:
    """Return the sidecars of a file: its own, its folder's; a workbook may have one a table."""
    own = path.with_name(f"{path.stem}.meta.yml")
    shared = path.with_name(f"{path.parent.name}.meta.yml")
    found = next((sidecar for sidecar in (own, shared) if sidecar.is_file()), None)
    if found is None or found == path:
        return ()
    try:
        if path.suffix.lower() in WORKBOOKS:
            named = yaml.safe_load(found.read_text(encoding="utf-8-sig")).get("tables")
            return tuple(dict.fromkeys(load_workbook_sidecars(found, list(named or [""])).values()))
        return (load_sidecar(found),)
    except InputRefused:
        return ()

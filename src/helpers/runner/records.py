"""What is known of a job's last run: from what it was made, and what it made, by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from helpers.paths import relative
from helpers.reads import Parts, Read
from helpers.runner.manifest import common_facts, digest
from helpers.runner.model import TABLES, VOLATILE, Build, Job

__all__ = [
    "Facts",
    "Record",
    "Tables",
    "canonical",
    "damaged",
    "executed",
    "published_records",
    "record_of",
]


NAMED = 3
"""How many files or tables a reason names."""


@dataclass
class Record:
    """The last good run of a job; every value is plain JSON."""

    label: str
    name: str
    notebook: str
    parameters: Mapping[str, Any]
    publishes: Sequence[str]
    source: str
    """Digest of the notebook's cells."""
    code: str
    """Digest of the source files that it can reach."""
    common: str
    """Digest of what decides every result: packages, Python, environment, the runner."""
    declared: str
    """Digest of the names of what it may read and has to publish."""
    files: dict[str, str] = field(default_factory=dict)
    """Digest of each file of the project that it read; empty where it found none."""
    tables: dict[str, list[list[Any]]] = field(default_factory=dict)
    """Of each table file that it read, the parts: columns, chosen by, digest."""
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Digest and size of each file that it made."""
    renders: dict[str, list[str]] = field(default_factory=dict)
    """Of each document: the exporter's digest and that of the executed notebook it shows."""

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values, its own, not copies."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def rendered(
        self, exporters: Mapping[str, str], outputs: Mapping[str, Mapping[str, Any]]
    ) -> Record:
        """Return the record after documents were rendered anew from the same run."""
        shown = str(self.outputs[executed(self.name)]["sha256"])
        renders = {place: [digest, shown] for place, digest in exporters.items()}
        made = {place: dict(facts) for place, facts in outputs.items()}
        return replace(self, renders=self.renders | renders, outputs=self.outputs | made)

    def asked_for(self, job: Job) -> Record:
        """Return the record without documents that the job does not render any more."""
        wanted = {place for _, place in job.renders}
        gone = self.renders.keys() - wanted
        return replace(
            self,
            renders={place: made for place, made in self.renders.items() if place not in gone},
            outputs={place: made for place, made in self.outputs.items() if place not in gone},
        )

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Record | None:
        """Return the record, or None where it is not one of ours."""
        try:
            return cls(**value)
        except TypeError:
            return None


def executed(name: str) -> str:
    """Return the place of a job's executed notebook among the reports, by the job's name."""
    return f"notebooks/{name}.ipynb"


def _sha(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(text: str) -> str:
    """Return the digest of what a notebook says: its cells and title, not outputs of past runs."""
    content = json.loads(text)
    cells = [
        {
            "type": cell.get("cell_type"),
            "source": "".join(cell.get("source", [])),
            "attachments": cell.get("attachments"),
            "metadata": {
                key: value for key, value in cell.get("metadata", {}).items() if key not in VOLATILE
            },
        }
        for cell in content.get("cells", [])
    ]
    return _sha([cells, content.get("metadata", {}).get("title")])


class Tables:
    """The published tables of a folder, and the digests of parts of them."""

    def __init__(self, folder: Path) -> None:
        """Look into the folder when asked."""
        self._folder = folder
        self._parts: dict[str, Parts | None] = {}

    def digest(self, name: str, columns: Iterable[str], where: Iterable[Sequence[str]]) -> str:
        """Return the digest of a part of a table file; empty where there is no such file."""
        if name not in self._parts:
            path = self._folder / TABLES / name
            self._parts[name] = Parts(path.read_bytes()) if path.is_file() else None
        parts = self._parts[name]
        read = Read(name, tuple(columns), tuple((column, value) for column, value in where))
        return parts.digest(read) if parts else ""

    def forget(self, names: Iterable[str]) -> None:
        """Look anew at tables that have just been published."""
        for name in names:
            for suffix in (".csv", ".meta.yml"):
                self._parts.pop(f"{name}{suffix}", None)


class Facts:
    """What holds now: the digests of all inputs, and what follows from them for a job."""

    def __init__(self, build: Build, inputs: Mapping[str, str]) -> None:
        """Judge with these digests of the build's inputs."""
        self.build = build
        self.inputs = inputs
        self._sources: dict[Path, str] = {}
        self._groups: dict[int, tuple[tuple[Path, ...], str]] = {}
        self._folders: dict[str, str] = {}
        self.common = _sha([common_facts(), self._group(build.common), dict(build.environment)])

    def _group(self, paths: tuple[Path, ...]) -> str:
        # Many jobs share one and the same tuple, which is quicker told by itself than by its paths.
        if id(paths) not in self._groups:
            named = {place: self.digest(place) for place in map(relative, paths)}
            self._groups[id(paths)] = paths, _sha(named)
        return self._groups[id(paths)][1]

    def digest(self, place: str) -> str:
        """Return the digest of an input; of a folder, that of the inputs' names in it.

        Empty where there is nothing of that name.
        """
        if place in self.inputs:
            return self.inputs[place]
        if place not in self._folders:
            inside = [name for name in self.inputs if name.startswith(f"{place}/")]
            self._folders[place] = _sha(sorted(inside)) if inside else ""
        return self._folders[place]

    def source(self, job: Job) -> str:
        """Return the digest of the job's notebook."""
        if job.notebook not in self._sources:
            self._sources[job.notebook] = canonical(job.notebook.read_text(encoding="utf-8"))
        return self._sources[job.notebook]

    def code(self, job: Job) -> str:
        """Return the digest of the source files that the job can reach."""
        return self._group(job.code)

    def declared(self, job: Job) -> str:
        """Return the digest of the names of the tables that the job declares."""
        return _sha([sorted(job.reads), sorted(job.publishes)])

    def exporter(self, name: str) -> str:
        """Return the digest of what decides an exporter's documents, besides the notebook."""
        return _sha([name, self._group(self.build.exporters.get(name, ())), self.common])

    def reasons(self, job: Job, record: Record | None, before: Mapping[str, str]) -> Iterator[str]:
        """Yield why a job has to run again, as far as its inputs but not its tables tell.

        Args:
            job: The job as it is now.
            record: Its last good run.
            before: The digests of all inputs at the last publication, to name what has changed.
        """
        if record is None:
            yield "chưa có kết quả"
            return
        if record.source != self.source(job):
            yield "sổ tính đã sửa"
        if record.parameters != json.loads(json.dumps(dict(job.parameters), default=str)):
            yield "tham số đã đổi"
        if record.common != self.common:
            yield from self._changed(self.build.common, before, "gói, Python hoặc bộ chạy đã đổi")
        if record.code != self.code(job):
            yield from self._changed(job.code, before, "mã nguồn đã đổi")
        if record.declared != self.declared(job):
            yield "khai báo bảng đã đổi"
        for place, known in record.files.items():
            now = self.digest(place)
            if now != known:
                yield f"{place} {'đã đổi' if now and known else 'mới thêm' if now else 'không còn'}"

    def _changed(
        self, paths: Iterable[Path], before: Mapping[str, str], otherwise: str
    ) -> Iterator[str]:
        places = [relative(path) for path in paths]
        found = [
            place for place in places if before and before.get(place, "") != self.digest(place)
        ]
        if len(found) > NAMED:
            yield f"{found[0]} và {len(found) - 1} tệp nữa đã đổi"
        else:
            yield from (f"{place} đã đổi" for place in found)
        if not found:
            yield otherwise

    @staticmethod
    def table_reasons(record: Record, tables: Tables) -> Iterator[str]:
        """Yield, as one reason, the tables of which a part that the job had read has changed."""
        changed = [
            place
            for place, parts in record.tables.items()
            if any(tables.digest(place, columns, where) != known for columns, where, known in parts)
        ]
        names = list(dict.fromkeys(place.split(".")[0] for place in changed))
        if names:
            more = len(names) - NAMED
            others = f" và {more} bảng nữa" if more > 0 else ""
            yield f"bảng {', '.join(names[:NAMED])}{others} đã đổi"

    def stale_renders(self, job: Job, record: Record, before: Mapping[str, str]) -> dict[str, str]:
        """Return the documents that have to be rendered anew, each with the reason."""
        found = {}
        for exporter, place in job.renders:
            made = record.renders.get(place)
            if made is None or place not in record.outputs:
                found[place] = f"chưa có {place}"
            elif made[0] != self.exporter(exporter):
                paths = self.build.exporters.get(exporter, ())
                changed = self._changed(paths, before, f"bộ xuất {exporter} đã đổi")
                found[place] = ", ".join(changed)
        return found


def record_of(
    job: Job,
    facts: Facts,
    tables: Tables,
    told: Mapping[str, Any],
    outputs: Mapping[str, Mapping[str, Any]],
) -> Record:
    """Return the record of a run that has just ended well."""
    shown = str(outputs[executed(job.name)]["sha256"])
    # What the job can reach anyway is in its digests already, and stands there as a whole.
    own = {relative(path) for path in (*job.code, *facts.build.common, job.notebook)}
    read = dict.fromkeys([*told["files"], *map(relative, job.named)])
    may = [relative(path) for path in job.files]

    def counts(place: str) -> bool:
        """Tell a file, or a folder with files that the job may read, from what Python looks at."""
        folder = not facts.inputs.get(place) and bool(facts.digest(place))
        return place not in own and (not folder or any(it.startswith(f"{place}/") for it in may))

    return Record(
        label=job.label,
        name=job.name,
        notebook=relative(job.notebook),
        parameters=json.loads(json.dumps(dict(job.parameters), default=str)),
        publishes=sorted(job.publishes),
        source=facts.source(job),
        code=facts.code(job),
        common=facts.common,
        declared=facts.declared(job),
        files={place: facts.digest(place) for place in read if counts(place)},
        tables={
            name: [
                [columns, where, tables.digest(name, columns, where)] for columns, where in parts
            ]
            for name, parts in told["tables"].items()
        },
        outputs={place: dict(made) for place, made in outputs.items()},
        renders={place: [facts.exporter(exporter), shown] for exporter, place in job.renders},
    )


def damaged(record: Record, folder: Path) -> list[str]:
    """Return the files of a record that are not as it made them, in the folder."""
    return [
        place
        for place, made in record.outputs.items()
        if not (folder / place).is_file()
        or (folder / place).stat().st_size != made["size"]
        or digest(folder / place) != made["sha256"]
    ]


def published_records(before: Mapping[str, Any]) -> dict[str, Record]:
    """Return the records in a manifest, by the names of their jobs."""
    found = (Record.from_json(value) for value in before.get("jobs", ()))
    return {record.name: record for record in found if record is not None}

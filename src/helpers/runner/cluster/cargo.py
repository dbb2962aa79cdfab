"""What travels between a build and the machines of a cluster: content with its digests, no paths.

A machine of the cluster has another file system, so a file is named by its place in the project
(or in the folder of the reports) and by the SHA-256 of what is in it.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import helpers
from helpers.paths import project_root, relative
from helpers.runner.manifest import digest
from helpers.runner.model import TABLES
from helpers.runner.records import executed
from helpers.runner.task import Done, Task

__all__ = [
    "PROJECT",
    "Absent",
    "Answer",
    "Lacking",
    "Parcel",
    "Snapshot",
    "contents",
    "loaded_from",
    "needs",
    "packed",
    "portable",
    "snapshot",
    "written",
]

PROJECT, PACKAGE = "project", "package"
"""Folders of a station: the project as it is here, and the package where it stands apart."""

REPORTS, CACHE = "reports", "__pycache__"
"""Folders of the project that are not sent."""


@dataclass(frozen=True)
class Snapshot:
    """The project as it was at one moment: the digest of each file by its place at a station."""

    places: Mapping[str, str] = field(default_factory=dict)
    package: str = ""
    """The folder of a station that Python imports the package from."""
    sources: Mapping[str, Path] = field(default_factory=dict, compare=False)
    """Where the content with a digest is found here."""


@dataclass(frozen=True)
class Parcel:
    """A task as it travels: what to call with it, and the files that it needs besides."""

    call: bytes
    """A function and its task, portable."""
    folder: str
    """The place of the reports in the making."""
    needs: Mapping[str, str]
    """The digest of each file that must stand in that folder before."""


@dataclass(frozen=True)
class Answer:
    """What came of a task: the pickled Done, and every file that was made."""

    done: bytes
    files: Mapping[str, bytes]
    broken: Mapping[str, bytes]
    """What is kept of a run that failed."""
    host: str = ""


@dataclass(frozen=True)
class Absent:
    """The machine does not have the project (it has just joined, or was started anew)."""

    address: str


@dataclass(frozen=True)
class Lacking:
    """The machine does not have the content with these digests."""

    address: str
    digests: tuple[str, ...]


def _files(root: Path) -> Iterator[Path]:
    """Yield the files of a folder that may matter to a build: nothing hidden, no reports."""
    for place, folders, names in os.walk(root):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if name[0] != "." and name != CACHE and here / name != root / REPORTS
        )
        yield from (here / name for name in sorted(names) if name[0] != ".")


def snapshot(root: Path) -> Snapshot:
    """Return what the project in the folder is now."""
    package = Path(helpers.__file__).resolve().parent
    inside = package.is_relative_to(root)
    folders = {PROJECT: (root, root)}
    if not inside:
        folders[PACKAGE] = (package, package.parent)
    found = {
        f"{name}/{path.relative_to(above).as_posix()}": path
        for name, (folder, above) in folders.items()
        for path in _files(folder)
        if path.is_file()
    }
    places = {place: digest(path) for place, path in found.items()}
    sources = {places[place]: path for place, path in found.items()}
    where = f"{PROJECT}/{package.parent.relative_to(root).as_posix()}" if inside else PACKAGE
    return Snapshot(places, where, sources)


def loaded_from(names: Iterable[str]) -> dict[str, str]:
    """Return the digest of the source file of each of these modules, by its place."""
    package = Path(helpers.__file__).resolve().parent.parent
    paths = {name: package.joinpath(*name.split(".")) for name in names}
    files = [
        path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for path in paths.values()
    ]
    return {
        path.relative_to(package).as_posix(): digest(path)
        for path in sorted(files)
        if path.is_file()
    }


class _Portable(pickle.Pickler):
    """Writes every path of the project by its place, to be found again in another folder."""

    def reducer_override(self, value: Any) -> Any:
        """Replace a path."""
        return (_here, (relative(value),)) if isinstance(value, Path) else NotImplemented


def _here(place: str) -> Path:
    return project_root() / place


def portable(value: Any) -> bytes:
    """Return a value as bytes that are the same value, its paths included, in another folder."""
    stream = io.BytesIO()
    _Portable(stream, pickle.HIGHEST_PROTOCOL).dump(value)
    return stream.getvalue()


def needs(task: Task, *, whole: bool = False) -> dict[str, Path]:
    """Return the files that a task may look for in the folder of the reports, by their place.

    Args:
        task: The task.
        whole: Whether it may look for tables that it did not declare, too.
    """
    tables = task.folder / TABLES
    if whole:
        found = [path for path in sorted(tables.glob("*")) if path.is_file()]
    else:
        named = [f"{name}{end}" for name in task.job.reads for end in (".csv", ".meta.yml")]
        found = [tables / name for name in named if (tables / name).is_file()]
    if not task.execute:
        found.append(task.folder / executed(task.job.name))
    return {path.relative_to(task.folder).as_posix(): path for path in found}


def packed(function: Callable[[Task], Done], task: Task, wanted: Mapping[str, Path]) -> Parcel:
    """Return a task as it travels, with the digests of the files that it wants."""
    digests = {place: digest(path) for place, path in wanted.items()}
    folder = f"{REPORTS}/{task.folder.parent.name}/{task.folder.name}"
    return Parcel(portable((function, task)), folder, digests)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in the files of a folder, by their place in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def written(answer: Answer, task: Task) -> Done | None:
    """Write the files of an answer where the task wants them; None where they are not whole.

    Nothing is written unless each file is what the one who made it has measured.
    """
    done: Done = pickle.loads(answer.done)
    for place, facts in done.outputs.items():
        content = answer.files.get(place)
        if content is None or _measured(content) != (facts["sha256"], facts["size"]):
            return None
    for folder, files in ((task.folder, answer.files), (task.broken, answer.broken)):
        for place, content in files.items():
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return done


def _measured(content: bytes) -> tuple[str, Any]:
    return hashlib.sha256(content).hexdigest(), len(content)

"""On a machine of the cluster: the project as the build has it, and warm workers that run there.

Everything here is called by the build, in a process of Dask. That process only passes on what it
is given: notebooks and their documents are made by processes forked from a template, which imports
the code that the build has sent. A station ends with its build, with its process, or when nobody
has asked for anything for a while.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import platform
import re
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module, metadata
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.paths import ROOT_VARIABLE
from helpers.runner.cluster import cargo
from helpers.runner.cluster.cargo import PROJECT, Absent, Answer, Lacking, Parcel
from helpers.runner.executor import LocalExecutor
from helpers.runner.model import TABLES
from helpers.runner.surroundings import HASH_SEED
from helpers.runner.warm.template import NotWarm, Template

__all__ = ["begin", "end", "facts", "keep", "lacking", "packages", "warm", "work"]

IDLE = 60.0
"""Seconds without a question after which the build is taken to be gone."""

DISTRIBUTIONS = ("helpers", "distributed")

_SAFE_PATH = "PYTHONSAFEPATH"
_WARM = "helpers.runner.cluster.station:warm"

_LOADED = cargo.loaded_from(sorted(name for name in sys.modules if name.split(".")[0] == "helpers"))
"""The code that this process has, as it was when it was imported."""


def packages() -> dict[str, str]:
    """Return the versions of all packages that the project rests on."""
    found: dict[str, str] = {}
    waiting = list(DISTRIBUTIONS)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = distribution.version
        for line in distribution.requires or ():
            if "extra ==" not in line:
                waiting.append(re.split(r"[^\w.-]", line, maxsplit=1)[0])
    return {name: found[name] for name in sorted(found) if name != DISTRIBUTIONS[0]}


def facts() -> dict[str, Any]:
    """Return what must be the same on every machine, and what this one can do."""
    return {
        "python": platform.python_version(),
        "packages": packages(),
        "loaded": _LOADED,
    }


class _Station:
    """One build's project on this machine, and the processes that work in it."""

    def __init__(self, folder: Path) -> None:
        """Set up in an empty folder."""
        self.folder = folder
        self.root = folder / PROJECT
        self.running = 0
        self.idle: threading.Timer | None = None
        self._store = folder / "store"
        self._store.mkdir()
        self._stamps: dict[str, tuple[str, tuple[int, ...]]] = {}
        self._laying = threading.Lock()
        self._start: Callable[[], Template] | None = None
        self._calls: tuple[bytes, ...] = ()
        self._template: Template | None = None
        self._crew: LocalExecutor | None = None

    @property
    def open(self) -> bool:
        """Whether the project is laid out."""
        return self._start is not None

    def lacking(self, digests: Iterable[str]) -> list[str]:
        """Return those of the digests whose content is not here."""
        return [name for name in digests if not (self._store / name).is_file()]

    def keep(self, name: str, content: bytes, *, more: bool) -> None:
        """Keep the next piece of the content with this digest."""
        beside = self._store / f"{name}.part"
        with beside.open("ab") as stream:
            stream.write(content)
        if more:
            return
        with beside.open("rb") as stream:
            whole = hashlib.file_digest(stream, "sha256").hexdigest() == name
        if whole:
            beside.replace(self._store / name)
        else:
            beside.unlink()  # it is asked for again

    def begin(
        self,
        places: Mapping[str, str],
        package: str,
        preload: Sequence[str],
        seed: str,
        calls: Sequence[bytes],
    ) -> None:
        """Lay the project out and start its template, once; it is warmed when it is ready.

        Raises:
            NotWarm: this system cannot fork.
        """
        if self.open:
            return
        self.root.mkdir(exist_ok=True)
        for place, name in places.items():
            self._lay(place, name)
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder / package),
            _SAFE_PATH: "1",  # what stands in this process's working directory is not the project
            HASH_SEED: seed,
            ROOT_VARIABLE: str(self.root),
        }
        start = partial(Template, tuple(preload), environment)
        self._template = start()
        self._start = start
        self._calls = tuple(calls)
        threading.Thread(target=self._warm, daemon=True).start()

    def _workers(self) -> LocalExecutor:
        """Return what has the work done, with a new template where the last one was killed.

        Raises:
            NotWarm: no template can be had.
        """
        assert self._start is not None
        with self._laying:
            if self._template is None or not self._template.alive():
                self._template, self._crew = self._start(), None
            self._template.wait()
            if self._crew is None:
                self._crew = LocalExecutor(self._template, 1)
            return self._crew

    def _warm(self) -> None:
        """Have the template read what notebooks will read; it only saves them time."""
        with self._laying, contextlib.suppress(Exception):
            assert self._template is not None
            for call in self._calls:
                self._template.call(_WARM, call)

    def _lay(self, place: str, name: str) -> None:
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._store / name, path)
        self._stamps[place] = (name, _stamp(path))

    def _mend(self) -> None:
        """Bring back what a notebook may have changed in the project: the next must not see it."""
        with self._laying:
            for place, (name, stamp) in list(self._stamps.items()):
                if _stamp(self.folder / place) != stamp:
                    self._lay(place, name)

    def work(self, parcel: Parcel, address: str) -> Answer | Lacking:
        """Do a task in a folder of its own."""
        missing = self.lacking(set(parcel.needs.values()))
        if missing:
            return Lacking(address, tuple(missing))
        crew = self._workers()
        self._mend()
        reports = PurePosixPath(parcel.folder)
        above = self.root / reports.parent.parent
        above.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f"{reports.parent.name}-", dir=above))
        try:
            folder, broken = scratch / reports.name, scratch / "failed"
            folder.mkdir()
            for place, name in parcel.needs.items():
                path = folder / place
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._store / name, path)
            done, outputs = crew.call(do, parcel.call, folder, broken)
            made = {place: (folder / place).read_bytes() for place in outputs}
            for place, name in outputs.items():
                if PurePosixPath(place).parts[0] == TABLES and self.lacking([name]):
                    self.keep(name, made[place], more=False)
            return Answer(done, made, cargo.contents(broken), socket.gethostname())
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def close(self) -> None:
        """End everything that runs here and take the folder away."""
        if self.idle is not None:
            self.idle.cancel()
        if self._template is not None:
            self._template.close()
        if self._crew is not None:
            self._crew.shutdown(wait=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def warm(call: bytes) -> None:
    """Call a function in this process, the station's template, and keep what it has read."""
    place, arguments = pickle.loads(call)
    module, _, name = place.partition(":")
    getattr(import_module(module), name)(*arguments)


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        facts = path.stat()
    except OSError:
        return ()
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def do(call: bytes, folder: Path, broken: Path) -> tuple[bytes, dict[str, str]]:
    """Do a task in this process, forked from the station's template, with the build's own code.

    Returns:
        The pickled Done, and the digest of each file that was made.
    """
    os.environ.pop(_SAFE_PATH, None)
    function, task = pickle.loads(call)
    done = function(replace(task, folder=folder, broken=broken))
    outputs = {place: str(made["sha256"]) for place, made in done.outputs.items()}
    return pickle.dumps(done), outputs


_stations: dict[tuple[str, str], _Station] = {}
_guard = threading.Lock()


@contextmanager
def _busy(key: str, address: str) -> Iterator[_Station | None]:
    """Give the station of a build, which does not end of itself meanwhile."""
    with _guard:
        station = _stations.get((key, address))
        if station is not None:
            station.running += 1
            if station.idle is not None:
                station.idle.cancel()
    try:
        yield station
    finally:
        if station is not None:
            with _guard:
                station.running -= 1
                if not station.running and (key, address) in _stations:
                    station.idle = threading.Timer(IDLE, _end_if_idle, [key, address])
                    station.idle.daemon = True
                    station.idle.start()


def lacking(key: str, digests: Sequence[str], dask_worker: Any) -> list[str]:
    """Return the digests whose content is not here, in the station of a build, opened if need be.

    A folder of Dask's own holds it: Dask clears what is left there when a process was killed.
    """
    address = dask_worker.address
    with _guard:
        if (key, address) not in _stations:
            made = tempfile.mkdtemp(prefix="station-", dir=dask_worker.local_directory)
            _stations[key, address] = _Station(Path(made).resolve())
    with _busy(key, address) as station:
        return station.lacking(digests) if station else []


def keep(key: str, name: str, content: bytes, more: bool, dask_worker: Any) -> None:
    """Keep a piece of content; `more` of it follows."""
    with _busy(key, dask_worker.address) as station:
        if station is not None and station.lacking([name]):
            station.keep(name, content, more=more)


def begin(
    key: str,
    places: Mapping[str, str],
    package: str,
    preload: Sequence[str],
    seed: str,
    calls: Sequence[bytes],
    dask_worker: Any,
) -> str:
    """Lay out a build's project and start its template; return why that cannot be, else nothing."""
    with _busy(key, dask_worker.address) as station:
        try:
            if station is not None:
                station.begin(places, package, preload, seed, calls)
        except NotWarm as reason:
            return str(reason)
    return ""


def work(key: str, parcel: Parcel) -> Answer | Absent | Lacking:
    """Do a task, or say what is missing for it."""
    from distributed import get_worker

    address = get_worker().address
    with _busy(key, address) as station:
        return station.work(parcel, address) if station and station.open else Absent(address)


def _end_if_idle(key: str, address: str) -> None:
    with _guard:
        station = _stations.get((key, address))
        if station is None or station.running:
            return
        del _stations[key, address]
    station.close()


def end(key: str, dask_worker: Any) -> None:
    """End a build's station with everything that runs in it."""
    with _guard:
        station = _stations.pop((key, dask_worker.address), None)
    if station is not None:
        station.close()

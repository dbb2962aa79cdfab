"""A small Dask cluster in a process of its own, for the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

import helpers

WORKERS = 2
LAST_MOMENT = 20

_MACHINES = (
    *("__init__.py", "errors.py", "language.py", "legible.py", "paths.py", "reads.py", "text.py"),
    "runner",
)
"""All that a machine of the cluster needs of the project."""


def copy_of_runner(folder: Path) -> Path:
    """Copy what a machine of the cluster needs; return what belongs on its Python's path."""
    source = Path(helpers.__file__).parent
    for name in _MACHINES:
        if (source / name).is_dir():
            kept_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source / name, folder / "helpers" / name, ignore=kept_out)
        else:
            (folder / "helpers").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, folder / "helpers" / name)
    return folder


@dataclass(frozen=True)
class Cluster:
    """A cluster that is running."""

    address: str
    process: psutil.Process
    workers: tuple[int, ...]
    """The process numbers of its workers, as they were at the start."""

    def running(self) -> list[psutil.Process]:
        """Return the processes that the cluster's workers have started."""
        found = []
        for child in self.process.children(recursive=True):
            try:
                if any("helpers.runner.warm" in word for word in child.cmdline()):
                    found.append(child)
            except psutil.Error:
                continue
        return found


@contextmanager
def cluster(code: Path, folder: Path, workers: int = WORKERS) -> Iterator[Cluster]:
    """Start a cluster whose machines have the project's code from one folder only."""
    variables = {**os.environ, "PYTHONPATH": str(code), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    for name in ("HELPERS_ROOT", "HELPERS_OUTPUT"):
        variables.pop(name, None)
    with (folder / "cluster.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, str(workers)],
            cwd=folder,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdin
    assert process.stdout
    try:
        address, *numbers = process.stdout.readline().decode().split()
        yield Cluster(address, psutil.Process(process.pid), tuple(map(int, numbers)))
    finally:
        process.stdin.close()
        try:
            process.wait(LAST_MOMENT)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def main() -> None:
    """Be the cluster, until nobody holds its input open."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=int(sys.argv[1]),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
        ) as started,
        Client(started) as client,
    ):
        numbers = client.run(os.getpid).values()
        print(started.scheduler_address, *numbers, flush=True)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()

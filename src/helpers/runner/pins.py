"""Resolve the packages anew and pin them with their hashes, without any index address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["OLDEST", "resolve"]

OLDEST = "3.11.2"
"""The oldest Python that the pins must install on: Debian 12's own."""

BASE, CLUSTER = "requirements/build.txt", "requirements/cluster.txt"

_COMPILE = (
    *("uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", OLDEST),
    *("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)
_PROJECT = ("pyproject.toml", "--group", "install")

SETS = {
    "requirements/uv.txt": ("-",),
    BASE: _PROJECT,
    CLUSTER: (*_PROJECT, "--extra", "cluster", "--constraints", BASE),
    "requirements/test.txt": (
        *(*_PROJECT, "--extra", "test"),
        *("--constraints", BASE, "--constraints", CLUSTER),
    ),
    "requirements/lab.txt": (*_PROJECT, "--extra", "lab", "--constraints", BASE),
}
"""What each file of pins is resolved from; the later ones keep to the versions of the build's."""


def resolve(root: Path) -> int:
    """Write every file of pins anew; return 0, or the exit code of the first that failed."""
    for place, source in SETS.items():
        print(f"Ghim {place} …", flush=True)
        command = [sys.executable, "-m", *_COMPILE, *source, "--output-file", place]
        given = "uv\n" if source == ("-",) else ""
        done = subprocess.run(command, cwd=root, input=given, encoding="utf-8", check=False)
        if done.returncode:
            return done.returncode
    return 0

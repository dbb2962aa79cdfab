"""The environment variables that notebooks and their documents are made under."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

__all__ = ["HASH_SEED", "environment", "variables"]

HASH_SEED = "PYTHONHASHSEED"


def environment() -> dict[str, str]:
    """Return the variables of every process that runs notebooks: sets have one order in all."""
    seed = os.environ.get(HASH_SEED, "random")
    return {**os.environ, HASH_SEED: "0" if seed == "random" else seed}


@contextmanager
def variables(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a time."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

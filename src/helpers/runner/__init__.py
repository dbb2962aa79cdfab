"""Run notebooks with papermill, render them, and publish the whole or nothing.

Knows nothing of what the notebooks are about. Importing this room is cheap: papermill and
nbconvert are imported only once a build has to run, and then in other processes.
"""

from __future__ import annotations

from helpers.runner.build import run
from helpers.runner.manifest import staleness
from helpers.runner.model import OUTPUT_VARIABLE, Build, Failure, Job, Limits, Result
from helpers.runner.opening import open_shop
from helpers.runner.shop import Shop

__all__ = [
    "OUTPUT_VARIABLE",
    "Build",
    "Failure",
    "Job",
    "Limits",
    "Result",
    "Shop",
    "open_shop",
    "run",
    "staleness",
]

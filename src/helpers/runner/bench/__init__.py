"""Measure the build beside the stock tools, on the same notebooks in the same minutes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from helpers.runner.bench.many import many, resumed
from helpers.runner.bench.stock import printer
from helpers.runner.bench.trial import Edit, Trial
from helpers.runner.bench.whole import beside_stock, cold, edited, margins, unchanged
from helpers.runner.console import Console
from helpers.runner.copies import copy_project

__all__ = ["Edit", "Trial", "bench"]

NUMBERS, QUICK_NUMBERS = (250, 500, 1000), (25, 50, 100)
"""How many short documents are made in one run."""


def bench(root: Path, trial: Trial, console: Console, *, quick: bool = False) -> int:
    """Measure and say, one line each; the goal stands beside the value.

    Args:
        root: The project; a copy of it is built.
        trial: What to build, change and multiply.
        console: Where to say it.
        quick: Whether to let the stock tools make only some briefs, and to make fewer documents.

    Raises:
        HelpersError: what should be measured failed.
    """
    numbers: Sequence[int] = QUICK_NUMBERS if quick else NUMBERS
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        copy = Path(folder) / "du-an"
        copy_project(root, copy)
        whole = cold(copy, trial)
        for line in whole.lines():
            console.say(line)
        for line in beside_stock(copy, whole, printer(), quick=quick):
            console.say(line)
        console.say(unchanged(copy, trial))
        for edit in trial.edits:
            console.say(edited(copy, trial, edit))
        for line in margins(copy, trial, whole.briefs):
            console.say(line)
        for line in many(copy, trial, numbers):
            console.say(line)
        console.say(resumed(copy, trial, numbers[len(numbers) // 2]))
    return 0

"""The measurement of one plan's builds, described for the runner."""

from __future__ import annotations

from pathlib import Path

from helpers.benchmarks.edits import data_edits, look
from helpers.jobs import data_source
from helpers.paths import relative
from helpers.runner.bench import Trial

__all__ = ["trial_of"]

OURS = ("-m", "helpers.benchmarks")


def trial_of(plan: Path) -> Trial:
    """Return what is to be measured of a plan."""
    named = relative(plan)
    source = data_source(plan)
    return Trial(
        name=plan.stem,
        build=("-m", "helpers.cli", "build", "--plan", named),
        edits=tuple(data_edits(source)) if source else (),
        look=look(),
        few=lambda number: (*OURS, "few", named, str(number)),
        many=lambda number, name: (*OURS, "sheets", named, str(number), name),
    )

"""Run a build that is measured: `python -m helpers.benchmarks few PLAN 5`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from helpers import jobs
from helpers.paths import project_root
from helpers.runner import open_shop, run


def main(words: Sequence[str]) -> int:
    """Run the build that the words name; say at the end how many notebooks were run and kept."""
    what, plan, number, *name = words
    arguments = (project_root() / plan, int(number), *name)
    with open_shop(jobs.PRELOAD) as shop:
        build = shop.call(f"helpers.benchmarks.builds:{what}", *arguments)
        result = run(build, shop)
    print(json.dumps({"made": len(result.made), "kept": len(result.kept)}))
    return result.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

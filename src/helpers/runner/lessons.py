"""What the template learns while a build is under way, for the notebooks with documents."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from helpers.runner.model import Build
from helpers.runner.shop import Shop
from helpers.runner.task import Task

__all__ = ["Lessons"]


class Lessons:
    """Imports beside the first notebooks, and a rehearsal before the first with documents."""

    def __init__(self, build: Build, shop: Shop) -> None:
        """Have this build's lessons learnt in this shop, once they begin."""
        self._build, self._shop = build, shop
        self._imports = threading.Thread(target=shop.learn, args=(build.learn,), daemon=True)
        self._over = False

    def begin(self) -> None:
        """Start the imports, unless they have started."""
        if self._imports.ident is None:
            self._imports.start()

    def before(self, task: Task, folder: Path, several: Callable[[], bool]) -> None:
        """See that all is learnt that a task can profit from, which is about to start.

        Args:
            task: What is about to start.
            folder: The folder of the reports in the making.
            several: Tells whether several others of its kind are to run.
        """
        if self._over or not task.renders:
            return
        self.begin()
        self._imports.join()
        self._over = task.execute
        if self._over and self._build.rehearse:
            self._shop.rehearse(self._build.rehearse, folder, several())
        self._shop.renew()

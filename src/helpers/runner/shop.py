"""Where the work of a build is done: in warm workers, or in papermill's own way."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from importlib import import_module
from typing import Any

from helpers.runner.executor import LocalExecutor
from helpers.runner.surroundings import environment
from helpers.runner.warm.template import NotWarm, Template

__all__ = ["SLOWLY", "Shop"]

LEARN = "helpers.runner.warm.server:learn"
SLOWLY = "Chạy từng sổ tính theo cách gốc của papermill, chậm hơn: {}."


class Shop:
    """Where the work of a build is done; close it when the build is over, or stop it at once."""

    def __init__(
        self,
        executor: Executor | None = None,
        *,
        template: Template | None = None,
        workers: int = 1,
        say: Callable[[str], None] = print,
    ) -> None:
        """Work in this executor, or in workers forked from a template, or as papermill does."""
        self._template = template
        self._workers = workers
        self._say = say
        self.stock = False
        """Whether papermill's own way of running is used."""
        if executor is None and template is not None:
            executor = LocalExecutor(template, workers)
        self.executor = executor or self._as_papermill_does()

    @property
    def width(self) -> int:
        """How many tasks it takes at once: one more than it works on, so that none of it idles."""
        return self._workers + 1

    def call(self, place: str, *arguments: Any) -> Any:
        """Return what a function ("package.module:name") answers.

        It runs in the template where there is one: what it reads stays there for every notebook.
        Where it turns out that nothing can be forked from a template, the shop goes on in
        papermill's own way.
        """
        if self._template is not None:
            try:
                return self._template.call(place, *arguments)
            except NotWarm as reason:
                self._say(SLOWLY.format(reason))
                self.stop()
                self._template = None
                self.executor = self._as_papermill_does()
        module, _, name = place.partition(":")
        return getattr(import_module(module), name)(*arguments)

    def learn(self, modules: Sequence[str]) -> None:
        """Have the template import further modules, forks going on between one and the next."""
        for name in modules:
            self.rehearse(LEARN, name)

    def rehearse(self, place: str, *arguments: Any) -> None:
        """Have a function learn once, for all notebooks to come, what each would learn anew.

        Where nothing is forked from a template there is nobody to learn for. What goes wrong here
        is left for the notebooks to meet, each by itself.
        """
        if self._template is not None:
            with contextlib.suppress(Exception):
                self._template.call(place, *arguments)

    def renew(self) -> None:
        """Have new workers forked, which know what the template has learnt."""
        if isinstance(self.executor, LocalExecutor):
            self.executor.renew()

    def _as_papermill_does(self) -> Executor:
        self.stock = True
        spawning = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            self._workers,
            mp_context=spawning,
            initializer=_start_plainly,
            initargs=(environment(),),
        )

    def close(self) -> None:
        """End what is idle once everything that was asked for is done."""
        self.executor.shutdown(wait=True, cancel_futures=True)
        self._end_template()

    def stop(self) -> None:
        """End everything at once."""
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        self._end_template()

    def _end_template(self) -> None:
        if self._template is not None:
            self._template.close()


def _start_plainly(variables: Mapping[str, str]) -> None:
    """Be a worker without a template: Ctrl-C is for the one who gave the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(variables)

"""Where the work of a build is done: warm workers here, papermill's own way, or a cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from importlib import import_module
from typing import Any

from helpers.runner.executor import LocalExecutor, cores, free_memory, workers_for
from helpers.runner.warm.template import NotWarm, Template

__all__ = ["Shop", "environment", "open_shop"]

HASH_SEED = "PYTHONHASHSEED"
SLOWLY = "Chạy từng sổ tính theo cách gốc của papermill, chậm hơn: {}."


class Shop:
    """Where the work of a build is done; close it when the build is over, or stop it at once."""

    def __init__(
        self,
        executor: Executor | None = None,
        *,
        templates: Sequence[Template] = (),
        workers: int = 1,
        say: Callable[[str], None] = print,
    ) -> None:
        """Work in this executor, or in workers forked from templates, or as papermill does.

        Of two templates the second is for the jobs with documents to render.
        """
        self._templates = tuple(templates)
        self._workers = workers
        self._say = say
        self.stock = False
        """Whether papermill's own way of running is used."""
        if executor is None and templates:
            executor = LocalExecutor(templates[0], workers, templates[-1])
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
        if self._templates:
            try:
                answer = self._templates[0].call(place, *arguments)
                for template in self._templates[1:]:
                    template.wait()
                return answer
            except NotWarm as reason:
                self._say(SLOWLY.format(reason))
                self.stop()
                self._templates = ()
                self.executor = self._as_papermill_does()
        module, _, name = place.partition(":")
        return getattr(import_module(module), name)(*arguments)

    def rehearse(self, place: str) -> None:
        """Have a function learn once, for all documents, what each would learn anew."""
        if self._templates:
            self._templates[-1].call(place)

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
        self._end_templates()

    def stop(self) -> None:
        """End everything at once."""
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        self._end_templates()

    def _end_templates(self) -> None:
        for template in self._templates:
            template.hang_up()
        for template in self._templates:
            template.close()


def environment() -> dict[str, str]:
    """Return the variables of every process that runs notebooks: sets have one order in all."""
    seed = os.environ.get(HASH_SEED, "random")
    return {**os.environ, HASH_SEED: "0" if seed == "random" else seed}


def _start_plainly(variables: Mapping[str, str]) -> None:
    """Be a worker without a template: Ctrl-C is for the one who gave the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(variables)


@contextlib.contextmanager
def open_shop(
    preload: Sequence[str] = (),
    *,
    documents: Sequence[str] = (),
    cluster: str = "",
    workers: int | None = None,
    stock: bool = False,
    say: Callable[[str], None] = print,
) -> Iterator[Shop]:
    """Open where notebooks are run, and close it with everything that runs there.

    Args:
        preload: Modules that the template imports once.
        documents: Those of a second template, for jobs with documents to render: two import at
            the same time what one would import one after the other. None where it is empty.
        cluster: Address of a Dask cluster ("tcp://host:8786"); this machine where empty.
        workers: Notebooks run side by side; as many as cores and memory allow where not given.
        stock: Whether to run as papermill does without a template.
        say: Where to say that it cannot be done as it was meant.
    """
    if cluster:
        from helpers.runner.cluster import ClusterShop, open_cluster

        with open_cluster(cluster, [*preload, *documents]) as executor:
            yield ClusterShop(executor)
        return
    count = workers or workers_for(cores(), free_memory())
    with tempfile.TemporaryFile() as log:
        templates = []
        if not stock:
            try:
                for modules in (preload, documents)[: 2 if documents else 1]:
                    templates.append(Template(modules, environment(), log))
            except NotWarm as reason:
                say(SLOWLY.format(reason))
        shop = Shop(templates=templates, workers=count, say=say)
        try:
            yield shop
        except BaseException:
            shop.stop()
            raise
        shop.close()

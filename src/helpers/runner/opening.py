"""Open where notebooks are run: warm workers here, papermill's own way, or a cluster."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence

from helpers.runner.executor import cores, free_memory, workers_for
from helpers.runner.shop import SLOWLY, Shop
from helpers.runner.surroundings import environment
from helpers.runner.warm.template import NotWarm, Template

__all__ = ["open_shop"]


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

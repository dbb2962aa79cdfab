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
    cluster: str = "",
    workers: int | None = None,
    stock: bool = False,
    say: Callable[[str], None] = print,
) -> Iterator[Shop]:
    """Open where notebooks are run, and close it with everything that runs there.

    Args:
        preload: Modules that the template imports once.
        cluster: Address of a Dask cluster ("tcp://host:8786"); this machine where empty.
        workers: Notebooks run side by side; as many as cores and memory allow where not given.
        stock: Whether to run as papermill does without a template.
        say: Where to say that it cannot be done as it was meant.
    """
    if cluster:
        from helpers.runner.cluster import ClusterShop, open_cluster

        with open_cluster(cluster, preload) as executor:
            yield ClusterShop(executor)
        return
    count = workers or workers_for(cores(), free_memory())
    with tempfile.TemporaryFile() as log:
        template = None
        if not stock:
            try:
                template = Template(preload, environment(), log)
            except NotWarm as reason:
                say(SLOWLY.format(reason))
        shop = Shop(template=template, workers=count, say=say)
        try:
            yield shop
        except BaseException:
            shop.stop()
            raise
        shop.close()

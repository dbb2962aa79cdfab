"""Run a build on a Dask cluster, with the results that this machine would give.

The machines of the cluster need this Python, the pinned packages and this runner; the project
itself, code and data, is sent to them by content, each file once to each process of Dask. A task
goes there with the digests of what it needs and comes back as files with theirs. A machine that
dies costs nothing but time: Dask has its tasks done elsewhere.
"""

from __future__ import annotations

from helpers.runner.cluster.executor import (
    ClusterExecutor,
    ClusterShop,
    ClusterUnfit,
    ClusterUnreachable,
    open_cluster,
)

__all__ = ["ClusterExecutor", "ClusterShop", "ClusterUnfit", "ClusterUnreachable", "open_cluster"]

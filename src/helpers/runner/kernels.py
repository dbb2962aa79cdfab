"""Start kernels of this very Python, away from the user's own Jupyter and IPython settings."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

__all__ = ["KERNEL_NAME", "Kernels"]

KERNEL_NAME = "python3"

LONGEST_SOCKET_PATH = 80
"""A Unix socket's path holds 107 bytes at most; a kernel adds a name and a number to the folder."""


class Stopped(RuntimeError):
    """No kernel is started any more, since the build is being stopped."""


class Kernels:
    """The kernels of one build: how they start, and how they all stop at once."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Keep sockets and settings in the folder, which must be private and short-lived."""
        sockets = os.name != "nt" and len(os.fsencode(folder)) < LONGEST_SOCKET_PATH
        self._folder = folder
        self._transport = "ipc" if sockets else "tcp"
        self._spec = KernelSpec(
            argv=[
                *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
                "--HistoryManager.enabled=False",
            ],
            display_name="Python 3",
            language="python",
            # Jupyter fills ${NAME} in these values; a doubled $ stands for itself.
            env={name: value.replace("$", "$$") for name, value in environment.items()},
        )
        self.told: Any = None
        self._lock = threading.Lock()
        self._stopped = False
        self._provisioners: list[Any] = []

    def manager_class(self) -> type[AsyncKernelManager]:
        """Return the class that papermill's client starts its kernel with."""
        kernels = self

        class Manager(AsyncKernelManager):
            """Connects through a socket file of its own, so parallel runs cannot clash."""

            def __init__(self, **kwargs: Any) -> None:
                connection = kernels._folder / f"{uuid4().hex[:12]}.json"
                super().__init__(
                    connection_file=str(connection), transport=kernels._transport, **kwargs
                )
                self._kernel_spec = kernels._spec

            async def _async_launch_kernel(self, kernel_cmd: list[str], **kwargs: Any) -> None:
                if kernels._stopped:
                    raise Stopped
                await super()._async_launch_kernel(kernel_cmd, **kwargs)
                kernels._started(self.provisioner)

        return Manager

    def _started(self, provisioner: Any) -> None:
        with self._lock:
            self._provisioners.append(provisioner)
        if self._stopped:
            self.stop()

    def stop(self) -> None:
        """End every kernel that is running, and start none any more."""
        self._stopped = True
        with self._lock:
            provisioners, self._provisioners = self._provisioners, []
        for provisioner in provisioners:
            process = getattr(provisioner, "process", None)
            if process is None or process.poll() is not None:
                continue
            with contextlib.suppress(OSError):
                if os.name == "nt":
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)  # a kernel leads a group of its own

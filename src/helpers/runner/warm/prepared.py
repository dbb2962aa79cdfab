"""A kernel started in the template, before anything is forked: its children only connect it.

To start a kernel costs a child four times as much as to connect one, much of it for pages that it
has to copy. So the template starts one without sockets, streams and signals; no cell ever runs in
it there. A child takes it over where it would have started the same: with the same command
line, the same variables that a kernel reads as it starts, and no IPython folder with settings of
its own.
"""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ipykernel import ipkernel
from ipykernel.displayhook import ZMQDisplayHook
from IPython.paths import get_ipython_dir

from helpers.runner.warm import kernel
from helpers.runner.warm.channel import Channel
from helpers.runner.warm.start import Start

__all__ = ["prepare", "take_over"]

ARGUMENTS = ("--HistoryManager.enabled=False",)
"""The command line of the kernel that is prepared."""

UNUSED = "--HistoryManager.hist_file="
"""An argument that decides nothing where there is no history."""

FOLDER = "IPYTHONDIR"

READ = (
    *("CLICOLOR", "COLORTERM", "CONDA", "FORCE_COLOR", "HOME", "IPY", "JPY_SESSION", "JUPYTER"),
    *("LANG", "LC_", "MPLBACKEND", "NO_COLOR", "PATH", "PYTHON", "TERM", "VIRTUAL_ENV", "XDG_"),
)
"""How the variables begin that a kernel, or the settings that it looks for, may depend on."""

OF_SYS = ("argv", "displayhook", "excepthook", "stderr", "stdout")
"""What of the module sys a kernel's start replaces."""


class _Nowhere:
    """What a kernel takes for a socket as long as it has none."""

    def flush(self, *_: Any, **__: Any) -> None:
        """Nothing waits here."""


class IPKernelApp(kernel.IPKernelApp):
    """A kernel's start in two parts: all but its connection in the template, that in the child."""

    def init_sockets(self) -> None:
        """Have none yet."""
        self.shell_socket = self.iopub_socket = _Nowhere()
        self.iopub_thread = None

    def init_io(self) -> None:
        """Leave the process its streams."""
        self.displayhook = ZMQDisplayHook(self.session, self.iopub_socket)

    def init_signal(self) -> None:
        """Leave the process its signals."""

    def init_path(self) -> None:
        """Leave the process its path."""

    def connect(self, channel: Channel) -> None:
        """Become the kernel of this process, which was forked after the first part."""
        self.channel = channel
        self.session.pid = os.getpid()
        super().init_sockets()
        super().init_io()
        super().init_signal()
        super().init_path()
        its, shell = self.kernel, self.kernel.shell
        its.shell_stream, its.iopub_socket = self.shell_socket, self.iopub_socket
        its.iopub_thread = self.iopub_thread
        for sender in (shell.displayhook, shell.display_pub):
            sender.pub_socket = self.iopub_socket
        self.displayhook.get_execution_count = lambda: its.execution_count
        self._settle(shell)
        its.profile_dir = self.profile_dir

    def _settle(self, shell: Any) -> None:
        """Take over what a start finds out of its process: folders, streams, variables."""
        self.profile_dir = None
        self.ipython_dir = get_ipython_dir()
        self.init_profile_dir()
        shell.ipython_dir, shell.profile_dir = self.ipython_dir, self.profile_dir
        shell.starting_dir = str(Path.cwd())
        shell.history_manager.dir_hist[:] = [Path.cwd()]
        shell.init_environment()
        self.init_gui_pylab()
        shell.save_sys_module_state()


@dataclass(frozen=True)
class _Prepared:
    """A kernel that waits to be connected."""

    application: IPKernelApp
    variables: Mapping[str, str]
    """Those that it has read."""
    main: Any
    """The module in which its cells will run."""


_waiting: list[_Prepared] = []


def _read(variables: Mapping[str, str]) -> dict[str, str]:
    found = {name: value for name, value in variables.items() if name.startswith(READ)}
    found.pop(FOLDER, None)
    return found


def prepare() -> None:
    """Start a kernel in this process that nobody can talk to; the process stays what it was."""
    of_sys = {name: getattr(sys, name) for name in OF_SYS}
    variables, main = dict(os.environ), sys.modules["__main__"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ[FOLDER] = folder
        try:
            application = IPKernelApp.instance()
            application.initialize(list(ARGUMENTS))
            found = _Prepared(application, _read(variables), sys.modules["__main__"])
            _waiting.append(found)
        finally:
            for name, value in of_sys.items():
                setattr(sys, name, value)
            sys.modules["__main__"] = main
            os.environ.clear()
            os.environ.update(variables)


def take_over(channel: Channel, start: Start) -> kernel.IPKernelApp | None:
    """Connect the prepared kernel, in a child with its own variables and folder already.

    Returns:
        The kernel's application; None where none would have started the same here.
    """
    while _waiting:
        found = _waiting.pop()
        if _fits(found, start):
            sys.modules["__main__"] = found.main
            sys.excepthook = found.application.excepthook
            found.application.connect(channel)
            return found.application
        _forget(found.application)
    return None


def _fits(found: _Prepared, start: Start) -> bool:
    """Tell whether a kernel that starts here now would be as the one that was prepared."""
    arguments = tuple(word for word in start.arguments if not word.startswith(UNUSED))
    folder = Path(os.environ.get(FOLDER, "."))
    fresh = not folder.exists() and folder.parent.is_dir()
    return arguments == ARGUMENTS and found.variables == _read(os.environ) and fresh


def _forget(application: IPKernelApp) -> None:
    """Let another kernel start in the place of the prepared one."""
    shell = application.kernel.shell
    atexit.unregister(shell.atexit_operations)
    for single in (application, application.kernel, shell):
        type(single).clear_instance()
    ipkernel._comm_manager = None

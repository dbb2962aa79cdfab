"""The template: one process that imports the heavy libraries once and forks from then on.

It has a single thread for as long as it lives, for only then is a fork safe. Whoever holds a
connection to it may ask for a call inside it (to warm it further) or for a child; it reports every
child's end to the one who asked. When the one who started it is gone, it ends its children and
itself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from helpers.runner.warm.channel import Channel, Closed, pair, readable
from helpers.runner.warm.template import READY, Ended, Template

__all__ = ["learn", "serve", "set_by_imports"]

KERNEL = (
    "helpers.runner.warm.kernel",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "pdb",
    "sqlite3",
    "tornado.platform.asyncio",
)
"""What every kernel needs, besides what a template is asked to import.

Not matplotlib's inline backend: imported before there is a shell, it would never show a figure.
"""

PREPARE = "helpers.runner.warm.prepared:prepare"
"""What starts a kernel as far as it can be started before a fork."""

LEFT_OUT = "debugpy"
"""What ipykernel would import besides: a debugger, and nobody can attach one to these kernels."""

_WHILE_IMPORTING = {
    # A library that would open threads at once opens none.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
}

set_by_imports: dict[str, str] = {}
"""In a template and its children: environment variables that libraries have set when imported."""

PATIENCE = (50_000, 20, 20)
"""How seldom a template and its workers look for circles of objects: they make few of them."""

CRASHED = 70
"""The exit code of a child whose own code, not a notebook's, has failed."""

_DIE_WITH_PARENT = 1
_ADOPT_ORPHANS = 36


def _named(place: str) -> Any:
    """Return the function that "package.module:name" names."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _prctl(option: int, value: int) -> None:
    """Set a property of this process on Linux; elsewhere do nothing."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def threads() -> int:
    """Return how many threads this process has, those of libraries included where it can tell."""
    with contextlib.suppress(OSError):
        return len(list(Path("/proc/self/task").iterdir()))
    return threading.active_count()


@dataclass
class _Server:
    """The state of the template process."""

    connections: list[Channel]
    children: dict[int, tuple[Channel, Channel]] = field(default_factory=dict)
    """Who asked for each living child, and the child's own connection."""

    def run(self) -> None:
        """Answer until the first connection, that of the one who started it, is closed."""
        wake, waker = os.pipe()
        for end in (wake, waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        self.plumbing = (wake, waker)
        while True:
            for ready in readable([wake, *self.connections], None):
                if not isinstance(ready, Channel):
                    with contextlib.suppress(BlockingIOError):
                        while os.read(wake, 512):
                            pass
                    self.reap()
                elif ready in self.connections:
                    try:
                        self.answer(ready)
                    except Closed:
                        if ready is self.connections[0]:
                            return
                        self.drop(ready)

    def answer(self, connection: Channel) -> None:
        """Do what was asked for; the answer carries the request's number."""
        content, descriptors = connection.receive_bytes(descriptors=1)
        what, number, place, arguments = pickle.loads(content)
        if what == "signal":
            self.send_signal(connection, number, *arguments)
            return
        key = (what, number)
        value: Any
        try:
            if what == "fork":
                value = self.fork(connection, place, arguments, descriptors)
            else:
                value = _named(place)(*arguments), self.settled()
        except Exception as error:
            connection.send((key, (_portable(error), None)))
        else:
            connection.send((key, (None, value)))

    def settled(self) -> int:
        """Keep what is in memory now from being copied by children; return the threads' number."""
        gc.collect()
        gc.freeze()
        return threads()

    def fork(
        self, connection: Channel, place: str, arguments: Sequence[Any], descriptors: list[int]
    ) -> int:
        """Fork a child that runs a function with its own connection to this template."""
        mine, its = pair()
        try:
            pid = os.fork()
        except OSError:
            mine.close()
            its.close()
            raise
        else:
            if not pid:
                self.be_child(mine, its, place, arguments, descriptors[0])
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        its.close()
        link = Channel(mine)
        self.connections.append(link)
        self.children[pid] = connection, link
        return pid

    def be_child(
        self,
        mine: socket.socket,
        its: socket.socket,
        place: str,
        arguments: Sequence[Any],
        descriptor: int,
    ) -> None:
        """Run the function in the child, and end the process."""
        code, log = CRASHED, os.dup(2)
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in self.plumbing:
                os.close(end)
            mine.close()
            for other in self.connections:
                other.close()
            os.setsid()
            _prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            Template.here = Template.adopted(Channel(its))
            channel = Channel(socket.socket(fileno=descriptor))
            code = int(_named(place)(channel, *arguments) or 0)
        except Closed:
            code = 0
        except BaseException:
            # The streams may be a kernel's by now: straight into the template's own log.
            os.write(log, traceback.format_exc().encode())
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def reap(self) -> None:
        """Tell the owners of the children that have ended."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if not pid:
                    return
                owner, link = self.children.pop(pid, (None, None))
                if owner is None or link is None:
                    continue  # somebody's orphan
                # Whatever the child left running in its session goes with it.
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)
                if link in self.connections:
                    self.drop(link)
                unit = 1 if sys.platform == "darwin" else 1024
                seconds = usage.ru_utime + usage.ru_stime
                code = os.waitstatus_to_exitcode(status)
                with contextlib.suppress(Closed):
                    owner.send((("ended", pid), Ended(code, seconds, usage.ru_maxrss * unit)))

    def drop(self, connection: Channel) -> None:
        """Forget a connection and end the children that it asked for."""
        self.connections.remove(connection)
        connection.close()
        for pid, (owner, _) in list(self.children.items()):
            if owner is connection:
                self.end(pid)

    def send_signal(self, connection: Channel, pid: int, number: int) -> None:
        """Signal a living child of the one who asks, and what runs in the child's session."""
        owner, _ = self.children.get(pid, (None, None))
        if owner is connection:
            self.end(pid, number)

    def end(self, pid: int, number: int = signal.SIGKILL) -> None:
        """Signal a child and what runs in its session; by default, end them."""
        try:
            os.killpg(pid, number)
        except OSError:  # it has not come so far as to open its session
            os.kill(pid, number)

    def end_all(self) -> None:
        """End every child, and what children left behind that had moved out of their session."""
        for pid in self.children:
            self.end(pid)
        while True:
            for orphan in _children():
                with contextlib.suppress(OSError):
                    os.kill(orphan, signal.SIGKILL)
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                return


def _children() -> list[int]:
    """Return the living children of this process, where the system tells them."""
    with contextlib.suppress(OSError):
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
        return [int(pid) for pid in listed.split()]
    return []


def _portable(error: Exception) -> Exception:
    """Return the error as it can travel, with its traceback as a note."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note("".join(traceback.format_exception(error)))
    return error


def learn(module: str) -> None:
    """Import another module, in a template that answers already."""
    import_module(module)


def serve(descriptor: int, modules: Sequence[str]) -> int:
    """Be the template: import, then answer on the descriptor's connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(_ADOPT_ORPHANS, 1)
    if sys.path and sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]
    channel = Channel(socket.socket(fileno=descriptor))
    os.set_inheritable(descriptor, False)
    given = dict(os.environ)
    os.environ.update({**_WHILE_IMPORTING, **given})
    failed = []
    sys.modules[LEFT_OUT] = None  # type: ignore[assignment]  # as Python marks what is not there
    gc.disable()  # what is imported stays: there is nothing to be found
    for name in (*KERNEL, *modules):
        try:
            import_module(name)
        except Exception as error:
            failed.append(f"{name}: {error}")
    _named(PREPARE)()
    del sys.modules[LEFT_OUT]
    gc.enable()
    gc.set_threshold(*PATIENCE)
    gc.freeze()  # before anything looks through it all, which takes longer than most imports
    for name in _WHILE_IMPORTING.keys() - given:
        os.environ.pop(name, None)
    set_by_imports.update({name: os.environ[name] for name in os.environ.keys() - given})
    server = _Server([channel])
    with contextlib.suppress(Closed):
        channel.send((READY, (server.settled(), failed)))
        try:
            server.run()
        finally:
            server.end_all()
    sys.stdout.flush()
    return 0

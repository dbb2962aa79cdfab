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
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from helpers.runner.warm.channel import Channel, Closed, pair, readable

__all__ = ["Ended", "NotWarm", "Template", "serve", "supported"]

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

_WHILE_IMPORTING = {
    # A library that would open threads at once opens none.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    # The debugger, which ipykernel imports, would remark on how Python was started.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

set_by_imports: dict[str, str] = {}
"""In a template and its children: environment variables that libraries have set when imported."""

CRASHED = 70
"""The exit code of a child whose own code, not a notebook's, has failed."""

READY = ("ready", 0)
"""Under what the template says that it has imported everything."""

LAST_MOMENT = 10.0
"""Seconds that a template has to end its children and itself."""

_DIE_WITH_PARENT = 1
_ADOPT_ORPHANS = 36


class NotWarm(Exception):
    """No template can be had here, or it is not safe to fork from; the message says why."""


def supported() -> bool:
    """Tell whether this system has what a template needs."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and hasattr(os, "wait4")


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (negative: the signal), processor seconds, peak memory."""

    code: int
    seconds: float = 0.0
    bytes: int = 0


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


# --- the template process ---------------------------------------------------------------------


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
    gc.disable()  # what is imported stays: there is nothing to be found
    for name in (*KERNEL, *modules):
        try:
            import_module(name)
        except Exception as error:
            failed.append(f"{name}: {error}")
    gc.enable()
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
    return 0


# --- the side that asks -------------------------------------------------------------------------


class Template:
    """A connection to a template process: ask it for calls and for children, from any thread."""

    here: Template | None = None
    """The template from which this very process was forked."""

    def __init__(
        self,
        modules: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
        log: BinaryIO | None = None,
    ) -> None:
        """Start a template that imports the modules; `wait` for it before the first use.

        Args:
            modules: Names of modules to import once.
            environment: Variables of the template and, unless told otherwise, of its children.
            log: Where the template and its children write what no notebook shows.

        Raises:
            NotWarm: this system cannot fork.
        """
        if not supported():
            raise NotWarm("hệ điều hành này không nhân bản được tiến trình (fork)")
        mine, its = pair()
        code = (
            "import sys; from helpers.runner.warm.template import serve; "
            "sys.exit(serve(int(sys.argv[1]), sys.argv[2:]))"
        )
        with its:
            self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
                [sys.executable, "-c", code, str(its.fileno()), *modules],
                env=dict(os.environ if environment is None else environment),
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log or subprocess.DEVNULL,
                stderr=log or subprocess.DEVNULL,
                start_new_session=True,
            )
        self._set_up(Channel(mine))

    def _set_up(self, channel: Channel) -> None:
        self._channel = channel
        self._numbers = count(1)
        self._turn = threading.Condition()
        self._reading = False
        self._gone = False
        self._said: dict[tuple[str, int], Any] = {}

    @classmethod
    def adopted(cls, channel: Channel) -> Template:
        """Return the template on the other end of a connection that a fork has left."""
        template = cls.__new__(cls)
        template._process = None
        template._set_up(channel)
        template._said[READY] = (1, [])
        return template

    def wait(self) -> None:
        """Wait until everything is imported.

        Raises:
            NotWarm: a library has started threads, or the process could not start.
        """
        try:
            self._hear(READY)
        except Closed:
            self.close()
            raise NotWarm("tiến trình mẫu không chạy") from None
        number, failed = self._said[READY]
        if failed:
            self.close()
            raise NotWarm(f"không nạp được {'; '.join(failed)}")
        self._refuse_threads(number)

    def alive(self) -> bool:
        """Tell whether the template is still there."""
        with contextlib.suppress(Closed):
            self._hear(("", 0), 0)  # nobody says this: it only looks
        return not self._gone

    def _refuse_threads(self, number: int) -> None:
        if number > 1:
            self.close()
            raise NotWarm(f"một thư viện đã mở {number - 1} luồng trong tiến trình mẫu")

    def call(self, place: str, *arguments: Any) -> Any:
        """Run a function ("package.module:name") inside the template; return what it returns.

        Raises:
            NotWarm: the call has started threads, or the template is gone.
            Exception: whatever the function raises.
        """
        error, value = self._ask("call", place, arguments)
        if error is not None:
            raise error
        result, number = value
        self._refuse_threads(number)
        return result

    def fork(self, place: str, *arguments: Any) -> tuple[int, Channel]:
        """Fork a child that runs a function with a channel and the arguments.

        Returns:
            The child's process number, and the other end of its channel.

        Raises:
            NotWarm: the template is gone, or the system has no room for another process.
        """
        mine, its = pair()
        try:
            with its:
                error, pid = self._ask("fork", place, arguments, [its.fileno()])
            if error is not None:
                raise NotWarm(f"không nhân bản được tiến trình mẫu ({error})")
        except BaseException:
            mine.close()
            raise
        return int(pid), Channel(mine)

    def send_signal(self, pid: int, number: int) -> None:
        """Signal a child and all in its session, if it is still there."""
        with contextlib.suppress(Closed):
            self._channel.send(("signal", pid, "", (number,)))

    def has_ended(self, pid: int, seconds: float = 0.0) -> bool:
        """Tell whether a child has ended, waiting for it so long."""
        try:
            return self._hear(("ended", pid), seconds)
        except Closed:
            return True

    def ended(self, pid: int, seconds: float = 10.0) -> Ended:
        """Wait for a child that is ending; return how it ended (killed, where nobody can tell)."""
        self.has_ended(pid, seconds)
        with self._turn:
            found: Ended = self._said.pop(("ended", pid), Ended(-signal.SIGKILL))
        return found

    def _ask(
        self, what: str, place: str, arguments: Sequence[Any], descriptors: Sequence[int] = ()
    ) -> tuple[Any, Any]:
        """Send a request and wait for what answers it: an error or a value."""
        self.wait()
        key = what, next(self._numbers)
        try:
            self._channel.send((*key, place, arguments), descriptors)
            self._hear(key)
        except Closed:
            raise NotWarm("tiến trình mẫu đã bị tắt") from None
        with self._turn:
            error, value = self._said.pop(key)
        return error, value

    def _hear(self, key: tuple[str, int], seconds: float | None = None) -> bool:
        """Wait until the template has said something; one waiting thread reads for them all.

        Returns:
            Whether it was said in time.

        Raises:
            Closed: the template is gone and has not said it.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        with self._turn:
            while key not in self._said:
                if self._gone:
                    raise Closed
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                if not (self._turn.wait(left) if self._reading else self._read(left)):
                    return key in self._said
            return True

    def _read(self, seconds: float | None) -> bool:
        """Take one thing that the template says, if it comes in time, for whoever waits for it."""
        self._reading = True
        self._turn.release()
        said = []
        gone = False
        try:
            if readable([self._channel], seconds):
                gone = True  # unless a whole message comes
                said.append(self._channel.receive())
                gone = False
        except (Closed, OSError, ValueError):  # this end may have been closed meanwhile
            gone = True
        finally:
            self._turn.acquire()
            self._reading = False
            self._gone = self._gone or gone
            self._said.update(said)
            self._turn.notify_all()
        return bool(said) or gone

    def hang_up(self) -> None:
        """Let the template end with all its children, without waiting for it."""
        with contextlib.suppress(OSError):
            self._channel.socket.shutdown(socket.SHUT_RDWR)  # wakes a thread that reads
        with self._turn:
            self._gone = True
            self._turn.notify_all()
            # Closed before that thread has seen it, the channel would never wake it again.
            self._turn.wait_for(lambda: not self._reading, LAST_MOMENT)
        self._channel.close()

    def close(self) -> None:
        """End the template with all its children, and wait for its end."""
        self.hang_up()
        if self._process is not None:
            try:
                self._process.wait(LAST_MOMENT)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

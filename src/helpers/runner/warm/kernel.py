"""In the forked child: IPython's own kernel, its sockets replaced by one pipe.

Everything but the transport is ipykernel's: configuration, start-up files, shell, display
machinery, streams (what subprocesses and libraries write to the descriptors included).
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import zmq
from ipykernel import debugger, iostream, ipkernel, kernelapp
from ipykernel.kernelbase import Kernel
from traitlets import Any as AnyValue
from traitlets import DottedObjectName, Type

from helpers.runner.warm.channel import Channel, Closed, decoded, encoded, framed
from helpers.runner.warm.server import set_by_imports
from helpers.runner.warm.start import IOPUB, READY, SHELL, TOLD, Start

__all__ = ["main"]

USUAL = (700, 10, 10)
"""How often Python looks for circles of objects where nobody has said otherwise."""

RESERVE = 64 * 2**20
"""Bytes beyond the limit for a kernel to tell that a notebook has reached it."""


class _Outbox:
    """Sends messages into the pipe, one together with the next where another follows at once.

    Each time that something arrives the other side has to wake up.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._held = bytearray()
        self._guard = threading.Lock()

    def send(self, name: bytes, frames: Sequence[bytes]) -> None:
        """Send a message of a channel, or hold it: before each cell and after it are two."""
        answers = name == SHELL  # after each answer the kernel says that it is idle
        starts = frames[0].endswith(b".status") and b'"busy"' in frames[-1]  # and then what it runs
        with self._guard:
            self._held += framed(encoded([name, *frames]))
            if not answers and not starts:
                with contextlib.suppress(Closed):
                    self._channel.send_framed(self._held)
                self._held.clear()


@dataclass
class _Socket:
    """What the kernel takes for a socket: each message goes into the pipe."""

    outbox: _Outbox
    name: bytes
    context: zmq.Context[Any] = field(default_factory=zmq.Context)

    def send_multipart(self, frames: Sequence[Any], *_: Any, **__: Any) -> None:
        parts = [frame.bytes if isinstance(frame, zmq.Frame) else bytes(frame) for frame in frames]
        self.outbox.send(self.name, parts)

    def flush(self, *_: Any) -> None:
        """Nothing waits here."""

    def on_recv(self, *_: Any, **__: Any) -> None:
        """Requests are handed to the kernel by `_answer`."""

    def close(self, *_: Any) -> None:
        """The pipe closes with the process."""


class IOPubThread(iostream.IOPubThread):
    """Sends from the thread that has something to send; the own one only keeps the time.

    A pipe may be written to from anywhere. To hand each message over costs a third of what a cell
    does besides its work.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Have one thread send at a time."""
        self.sending = threading.RLock()
        super().__init__(*arguments, **named)

    def send_multipart(self, *arguments: Any, **named: Any) -> None:
        """Send a message."""
        with self._turn():
            self._really_send(*arguments, **named)

    def _turn(self) -> contextlib.AbstractContextManager[object]:
        """Return what to hold while sending; nothing in a process that a notebook has forked."""
        return self.sending if self._is_master_process() else contextlib.nullcontext()


class OutStream(iostream.OutStream):
    """A stream whose text is sent by whoever flushes it, in the order in which it was written."""

    __module__ = iostream.__name__  # notebooks may show it

    def flush(self) -> None:
        """Send what was written."""
        self._flush()

    def _flush(self) -> None:
        # One at a time: what another thread has taken to send must go before what follows.
        with self.pub_thread._turn() if self.pub_thread else contextlib.nullcontext():
            super()._flush()


class IPythonKernel(ipkernel.IPythonKernel):
    """IPython's kernel with a pipe in the place of its sockets."""

    shell_stream = AnyValue()
    shell_channel_thread = AnyValue()
    _supports_kernel_subshells = False
    tell = ""
    _execute_sleep = 0
    """Seconds after each cell for outputs that come another way: here is but one."""

    def start(self) -> None:
        """Be ready for requests, without a debugger's channel."""
        assert self.shell is not None
        self.shell.exit_now = False
        Kernel.start(self)
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())

    def _abort_queues(self, _: str | None = None) -> None:
        """Drop no requests: they come one at a time."""

    @property
    def kernel_info(self) -> dict[str, Any]:
        """What the kernel is, and what it was asked to tell."""
        told = {TOLD: _called(self.tell)} if self.tell else {}
        return {**super().kernel_info, **told}


class IPKernelApp(kernelapp.IPKernelApp):
    """ipykernel's start, without what belongs to sockets and files of connections."""

    kernel_class = Type(IPythonKernel, klass=IPythonKernel)
    outstream_class = DottedObjectName("helpers.runner.warm.kernel.OutStream").tag(config=True)

    channel: Channel

    def init_connection_file(self) -> None:
        """Have none."""

    def init_sockets(self) -> None:
        """Open the pipe's two ways."""
        self.session.auth = None  # nobody else can reach the pipe
        outbox = _Outbox(self.channel)
        self.shell_socket = _Socket(outbox, SHELL)
        self.configure_tornado_logger()
        self.iopub_thread = IOPubThread(_Socket(outbox, IOPUB), pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_poller(self) -> None:
        """Watch no parent: a pipe that closes says more."""

    def init_heartbeat(self) -> None:
        """Have none."""

    def write_connection_file(self, **_: Any) -> None:
        """Write none."""

    def log_connection_info(self) -> None:
        """Say none."""

    def init_kernel(self) -> None:
        """Make the kernel."""
        debugger._is_debugpy_available = False  # nobody can attach to this kernel
        self.kernel = IPythonKernel.instance(
            parent=self,
            session=self.session,
            shell_stream=self.shell_socket,
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


def _called(place: str) -> Any:
    """Return what the function that "package.module:name" names answers."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)()


def _limit(memory: int) -> None:
    """Let this process take so much more data; what asks for more gets a MemoryError."""
    held = 0
    with contextlib.suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as facts:
        held = next(int(line.split()[1]) for line in facts if line.startswith("VmData")) * 1024
    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (held + memory, highest))


def _show_with_reserve(limit: int) -> Callable[..., None]:
    """Return what shows a MemoryError: the kernel needs some memory itself to tell of it."""

    def show(shell: Any, kind: Any, error: Any, frames: Any, tb_offset: int | None = None) -> None:
        _, highest = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (limit + RESERVE, highest))
        shell.showtraceback((kind, error, frames), tb_offset=tb_offset)

    return show


def _pass_by(*_: Any, **__: Any) -> None:
    """Do what breakpoint() does in a stock kernel that no debugger is attached to: nothing."""


def _fresh() -> None:
    """Undo what a child shares with its template and a new process would not."""
    gc.set_threshold(*USUAL)
    sys.breakpointhook = _pass_by
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "matplotlib" in sys.modules:
        # Read anew at the first figure, as if it were imported only then.
        backend = os.environ.get("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        dict.__setitem__(sys.modules["matplotlib"].rcParams, "backend", backend)


async def _answer(kernel: Any, channel: Channel) -> None:
    """Take requests from the pipe and hand them to the kernel, one after the other."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[list[bytes] | None] = asyncio.Queue()

    def arrived() -> None:
        try:
            waiting.put_nowait(decoded(channel.receive_bytes()[0]))
        except Closed:
            loop.remove_reader(channel.fileno())
            waiting.put_nowait(None)

    loop.add_reader(channel.fileno(), arrived)
    while (frames := await waiting.get()) is not None:
        await kernel.shell_main(None, [zmq.Frame(part) for part in frames])


def _application(channel: Channel, start: Start) -> IPKernelApp:
    """Return the application of this process's kernel: the prepared one, else one started now."""
    from helpers.runner.warm.prepared import take_over

    if (found := take_over(channel, start)) is not None:
        return found
    application = IPKernelApp.instance()
    application.channel = channel
    application.initialize(list(start.arguments))
    return application


def main(channel: Channel, start: Start) -> int:
    """Run a kernel until the pipe closes."""
    if start.environment is not None:
        os.environ.clear()
        os.environ.update({**set_by_imports, **start.environment})
        time.tzset()
    if start.folder:
        os.chdir(start.folder)
    launcher = find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *start.arguments]
    _fresh()
    if start.memory:
        _limit(start.memory)
    for place in start.before:
        _called(place)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    application = _application(channel, start)
    kernel = application.kernel
    kernel.tell = start.tell
    kernel.log.setLevel(application.log_level)  # else records are made that no handler wants
    if start.memory:
        limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
        kernel.shell.set_custom_exc((MemoryError,), _show_with_reserve(limit))

    async def serve() -> None:
        kernel.start()
        channel.send_bytes(encoded([READY]))
        await _answer(kernel, channel)

    with contextlib.suppress(RuntimeError):  # the loop was stopped: a cell has called exit()
        loop.run_until_complete(serve())
    sys.stdout.flush()
    sys.stderr.flush()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    return 0

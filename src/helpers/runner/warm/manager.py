"""On papermill's side: what its client takes for a kernel manager and its channels."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_client.session import DELIM, Session
from nbclient.exceptions import DeadKernelError

from helpers.runner.warm.channel import Channel, decoded, encoded, framed, taken
from helpers.runner.warm.start import IOPUB, READY, SHELL, TOLD, Start
from helpers.runner.warm.template import Ended, Template

__all__ = ["WarmKernels", "WarmManager"]

KERNEL = "helpers.runner.warm.kernel:main"

GRACE = 5.0
"""Seconds that a kernel has to put its things away when it is ended gracefully."""

STEP = 0.2
"""Seconds between two looks at whether a kernel's process has ended."""


class _Queue:
    """One Jupyter channel of the kernel, as nbclient reads it; an empty message is its last."""

    def __init__(self, client: _Client) -> None:
        self._client = client
        self.waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._all_taken = asyncio.Event()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message.

        Raises:
            Empty: none came in time, or none can come: nbclient then asks whether the kernel lives.
        """
        self._client.listen()
        try:
            message = await asyncio.wait_for(self.waiting.get(), timeout)
        except TimeoutError:
            raise Empty from None
        if message:
            return message
        self.waiting.put_nowait(message)  # for whoever asks next
        self._all_taken.set()
        await self._client.iopub_channel.all_taken()
        if timeout is None:  # nbclient asks by itself, and then cancels this
            await asyncio.Event().wait()
        raise Empty

    def send(self, message: dict[str, Any]) -> None:
        """Send a request to the kernel."""
        self._client.send(message)

    async def all_taken(self) -> None:
        """Wait until every message is taken, where somebody takes them."""
        if self.waiting.qsize() > 1:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_taken.wait(), GRACE)


def _message(frames: Sequence[bytes]) -> dict[str, Any]:
    """Return a message as jupyter_client's session unpacks it.

    The session tries to read each text of the headers as a date, which takes longer than all else.
    """
    start = frames.index(DELIM) + 2  # behind the signature
    texts = (frame.decode("utf-8", "replace") for frame in frames[start : start + 4])
    header, parent, metadata, content = map(json.loads, texts)
    for about in (header, parent):
        if "date" in about:
            about["date"] = datetime.fromisoformat(about["date"])
    return {
        "header": header,
        "msg_id": header["msg_id"],
        "msg_type": header["msg_type"],
        "parent_header": parent,
        "metadata": metadata,
        "content": content,
        "buffers": [memoryview(frame) for frame in frames[start + 4 :]],
    }


class _Client:
    """What nbclient takes for a kernel client."""

    allow_stdin = False

    def __init__(self, channel: Channel, ended: Callable[[], bool]) -> None:
        """Talk through the channel; `ended` tells whether the kernel's process is gone."""
        self._channel = channel
        self._ended = ended
        self.session = Session()
        self.session.auth = None  # nobody else can reach the pipe
        self._loop: asyncio.AbstractEventLoop | None = None
        self._coming = bytearray()
        self._going = bytearray()
        self._alive = True
        self._ready = asyncio.Event()
        self._gone = asyncio.Event()
        self.shell_channel = _Queue(self)
        self.iopub_channel = _Queue(self)
        self.told: Any = None
        self._queues = {SHELL: self.shell_channel, IOPUB: self.iopub_channel}

    def start_channels(self) -> None:
        """Be ready to read and write without waiting."""
        self._channel.socket.setblocking(False)

    def stop_channels(self) -> None:
        """Read and write no more."""
        self._leave()
        self._channel.close()

    def listen(self) -> None:
        """Have the running loop read from the pipe, and write what is still to be written."""
        loop = asyncio.get_running_loop()
        if self._alive and self._loop is not loop:
            self._leave()
            self._loop = loop
            loop.add_reader(self._channel.fileno(), self._arrived)
            self._write()

    def _leave(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._channel.fileno())
            self._loop.remove_writer(self._channel.fileno())
        self._loop = None

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel can take a request."""
        self.listen()
        try:
            await asyncio.wait_for(self._ready.wait(), timeout)
        except TimeoutError:
            raise RuntimeError(f"Kernel didn't respond in {timeout} seconds") from None
        if not self._alive:
            raise DeadKernelError("Kernel died")

    async def wait_for_end(self, timeout: float) -> None:
        """Ask the kernel to end after what it is doing, and wait for that, outputs unread."""
        self._queues = {}
        with contextlib.suppress(OSError):
            self._channel.socket.shutdown(socket.SHUT_WR)
        self.listen()
        deadline = asyncio.get_running_loop().time() + timeout
        while await self.is_alive():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), min(left, STEP))

    async def is_alive(self) -> bool:
        """Tell whether the kernel may still answer.

        The pipe alone does not tell: a process that the kernel has left behind may hold its end.
        """
        if self._alive and self._ended():
            while self._arrived():
                pass
            self._die()
        return self._alive

    def _die(self) -> None:
        if self._alive:
            self._alive = False
            self._leave()
            self._ready.set()
            self._gone.set()
            for queue in (self.shell_channel, self.iopub_channel):
                queue.waiting.put_nowait({})

    def _arrived(self) -> bool:
        """Take what has arrived; tell whether there was anything."""
        try:
            content = self._channel.socket.recv(1 << 20)
        except BlockingIOError:
            return False
        except OSError:
            content = b""
        if not content:
            self._die()
            return False
        self._coming += content
        for message in taken(self._coming):
            self._dispatch(message)
        return True

    def _write(self) -> None:
        """Send as much as goes without waiting, the rest once the kernel has read some of it.

        Waiting here could be for ever: the kernel may itself wait for its outputs to be read.
        """
        try:
            while self._going:
                del self._going[: self._channel.socket.send(self._going[: 1 << 20])]
        except BlockingIOError:
            pass
        except OSError:
            self._going.clear()  # that the kernel is gone shows where its answer is awaited
        if self._loop is not None and self._alive:
            if self._going:
                self._loop.add_writer(self._channel.fileno(), self._write)
            else:
                self._loop.remove_writer(self._channel.fileno())

    def _dispatch(self, content: bytes) -> None:
        kind, *frames = decoded(content)
        if kind == READY:
            self._ready.set()
        elif kind in self._queues:
            message = _message(frames)
            if kind == SHELL:
                self.told = message["content"].get(TOLD, self.told)
            self._queues[kind].waiting.put_nowait(message)

    def _request(self, kind: str, content: dict[str, Any]) -> str:
        message = self.session.msg(kind, content)
        self.send(message)
        return str(message["header"]["msg_id"])

    def send(self, message: dict[str, Any]) -> None:
        """Send a message to the kernel."""
        self._going += framed(encoded(self.session.serialize(message)))
        self._write()

    def execute(self, code: str, *, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Ask for a cell to be run; return the request's id."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": self.allow_stdin,
            "stop_on_error": stop_on_error,
        }
        return self._request("execute_request", content)

    def kernel_info(self) -> str:
        """Ask what the kernel is; return the request's id."""
        return self._request("kernel_info_request", {})


class WarmKernels:
    """How the kernels of one run start, and what is known of the last one."""

    def __init__(self, template: Template, start: Start) -> None:
        """Fork from the template, and start each kernel so."""
        self.template = template
        self.start = start
        self.told: Any = None
        self.ended: Ended | None = None

    def manager_class(self) -> type[WarmManager]:
        """Return the class that papermill's client makes its manager from."""
        kernels = self

        class Manager(WarmManager):
            """A manager of this run."""

            def __init__(self, **_: Any) -> None:
                super().__init__(kernels)

        return Manager


class WarmManager(KernelManager):
    """A kernel manager whose kernel is forked from a template."""

    def __init__(self, kernels: WarmKernels) -> None:
        """Manage one kernel."""
        super().__init__()
        self._kernels = kernels
        self._pid = 0
        self._channel: Channel | None = None
        self._client: _Client | None = None

    @property
    def ipykernel(self) -> bool:
        """Whether nbclient may name a history file of this run's own on the command line."""
        return True

    @property
    def has_kernel(self) -> bool:
        """Whether a kernel was started."""
        return bool(self._pid)

    async def start_kernel(
        self,
        *,
        cwd: str = "",
        env: Mapping[str, str] | None = None,
        extra_arguments: list[str] | None = None,
        **_: Any,
    ) -> None:
        """Fork the kernel."""
        start = self._kernels.start
        variables = env if env is not None else start.environment
        if variables is not None:
            variables = {**variables, "JPY_PARENT_PID": str(os.getpid())}  # as Jupyter has it
        start = replace(
            start,
            folder=str(cwd or start.folder or Path.cwd()),
            environment=variables,
            arguments=(*start.arguments, *(extra_arguments or ())),
        )
        self._pid, self._channel = self._kernels.template.fork(KERNEL, start)

    def client(self) -> _Client:
        """Return the client of the kernel's channels."""
        assert self._channel is not None
        template, pid = self._kernels.template, self._pid
        self._client = _Client(self._channel, lambda: template.has_ended(pid))
        return self._client

    async def is_alive(self) -> bool:
        """Tell whether the kernel may still answer."""
        return self._client is not None and await self._client.is_alive()

    async def interrupt_kernel(self) -> None:
        """Stop the cell that is running, as Ctrl-C does."""
        self._kernels.template.send_signal(self._pid, signal.SIGINT)

    async def shutdown_kernel(self, now: bool = False) -> None:
        """End the kernel: at once, or give it a moment to put its things away."""
        if not now and self._client is not None:
            await self._client.wait_for_end(GRACE)
        self._kernels.template.send_signal(self._pid, signal.SIGKILL)

    async def cleanup_resources(self, restart: bool = False) -> None:
        """Wait for the kernel's end and keep what it told and how it ended."""
        if self._pid:
            if not self._kernels.template.has_ended(self._pid, GRACE):
                self._kernels.template.send_signal(self._pid, signal.SIGKILL)
            self._kernels.told = self._client.told if self._client else None
            self._kernels.ended = self._kernels.template.ended(self._pid)
            self._pid = 0

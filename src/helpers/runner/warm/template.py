"""Ask a template process (`server`) for calls inside it, and for children forked from it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO

from helpers.runner.warm.channel import Channel, Closed, pair, readable

__all__ = ["READY", "Ended", "NotWarm", "Template", "supported"]

READY = ("ready", 0)
"""Under what the template says that it has imported everything."""

LAST_MOMENT = 10.0
"""Seconds that a template has to end its children and itself."""


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
        # Left at once: to take every object apart first would only take time.
        code = (
            "import os, sys; from helpers.runner.warm.server import serve; "
            "os._exit(serve(int(sys.argv[1]), sys.argv[2:]))"
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

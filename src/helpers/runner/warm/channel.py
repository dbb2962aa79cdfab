"""Whole messages through a Unix socket, file descriptors with them where needed."""

from __future__ import annotations

import os
import pickle
import selectors
import socket
import struct
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

__all__ = ["Channel", "Closed", "decoded", "encoded", "framed", "pair", "readable", "taken"]

_LENGTH = struct.Struct("!Q")
_COUNT = struct.Struct("!I")


class Closed(Exception):
    """The other end is gone."""


def encoded(frames: Iterable[bytes]) -> bytes:
    """Return frames as one run of bytes: how many, then each with its length before it."""
    listed = [bytes(frame) for frame in frames]
    parts = [_COUNT.pack(len(listed))]
    for frame in listed:
        parts += (_LENGTH.pack(len(frame)), frame)
    return b"".join(parts)


def decoded(content: bytes) -> list[bytes]:
    """Return the frames that were encoded."""
    (count,) = _COUNT.unpack_from(content)
    at, frames = _COUNT.size, []
    for _ in range(count):
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size
        frames.append(content[at : at + length])
        at += length
    return frames


def framed(content: bytes) -> bytes:
    """Return a message as it goes through the socket: its length before it."""
    return _LENGTH.pack(len(content)) + content


def taken(coming: bytearray) -> Iterator[bytes]:
    """Take from what has arrived so far each message that is whole."""
    while len(coming) >= _LENGTH.size:
        (length,) = _LENGTH.unpack_from(coming)
        end = _LENGTH.size + length
        if len(coming) < end:
            return
        content = bytes(memoryview(coming)[_LENGTH.size : end])
        del coming[:end]
        yield content


def readable(ends: Sequence[Channel | int], seconds: float | None) -> list[Channel | int]:
    """Wait until one of the ends has something to read or is closed; return those that do."""
    with selectors.DefaultSelector() as selector:
        for end in ends:
            selector.register(end, selectors.EVENT_READ, end)
        return [key.data for key, _ in selector.select(seconds)]


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


class Channel:
    """One end of a connection: bytes, or any value pickled, as one message."""

    def __init__(self, connection: socket.socket) -> None:
        """Take over the socket."""
        self.socket = connection
        self._writing = threading.Lock()

    def fileno(self) -> int:
        """Return the descriptor, for select."""
        return self.socket.fileno()

    def send_bytes(self, content: bytes, descriptors: Sequence[int] = ()) -> None:
        """Send a message, and descriptors with it.

        Raises:
            Closed: nobody is there to read it.
        """
        with self._writing:
            try:
                if descriptors:
                    socket.send_fds(self.socket, [_LENGTH.pack(len(content))], descriptors)
                    self.socket.sendall(content)
                else:
                    self.socket.sendall(framed(content))
            except OSError as error:
                raise Closed from error

    def receive_bytes(self, descriptors: int = 0) -> tuple[bytes, list[int]]:
        """Wait for a message; return it with the descriptors that came along, as many at most.

        Raises:
            Closed: the other end closed before a whole message came.
        """
        try:
            first, found, _, _ = socket.recv_fds(self.socket, _LENGTH.size, descriptors)
            head = first + self._exactly(_LENGTH.size - len(first)) if first else b""
            if not head:
                raise Closed
            (length,) = _LENGTH.unpack(head)
            for descriptor in found:
                os.set_inheritable(descriptor, False)
            return self._exactly(length), found
        except OSError as error:
            raise Closed from error

    def _exactly(self, length: int) -> bytes:
        content = bytearray(length)
        view, at = memoryview(content), 0
        while at < length:
            got = self.socket.recv_into(view[at:])
            if not got:
                raise Closed
            at += got
        return bytes(content)

    def send_framed(self, content: bytes | bytearray) -> None:
        """Send messages that were framed already.

        Raises:
            Closed: nobody is there to read them.
        """
        with self._writing:
            try:
                self.socket.sendall(content)
            except OSError as error:
                raise Closed from error

    def send(self, value: Any, descriptors: Sequence[int] = ()) -> None:
        """Send a value."""
        self.send_bytes(pickle.dumps(value), descriptors)

    def receive(self) -> Any:
        """Wait for a value."""
        return pickle.loads(self.receive_bytes()[0])

    def close(self) -> None:
        """Close this end."""
        self.socket.close()

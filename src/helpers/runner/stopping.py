"""Stop once, and in peace: Ctrl-C and a request to end are one and the same."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Never

__all__ = ["stoppable"]

_REQUESTS = (signal.SIGINT, signal.SIGTERM)


def _stop(*_: object) -> Never:
    """Ask no more: who is asked again and again while putting things away leaves them about."""
    for number in _REQUESTS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextlib.contextmanager
def stoppable(*, at_last: bool = False) -> Iterator[None]:
    """Have the first Ctrl-C or SIGTERM raise KeyboardInterrupt, and let no other disturb the rest.

    Args:
        at_last: Whether the process ends next, so that nothing is to be heard any more.
    """
    inside = signal.getsignal(signal.SIGTERM) is _stop
    if inside or threading.current_thread() is not threading.main_thread():
        yield
        return
    # What was told to be deaf, as a shell tells its background jobs, stays so.
    heard = [number for number in _REQUESTS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            if not at_last or signal.getsignal(number) is _stop:
                signal.signal(number, handler)

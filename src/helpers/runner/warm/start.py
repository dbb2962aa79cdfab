"""What both sides of a kernel's pipe agree on; papermill's side needs nothing else of a kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["IOPUB", "READY", "SHELL", "TOLD", "Start"]

SHELL, IOPUB, READY = b"shell", b"iopub", b"ready"
"""What a message of the pipe is: of a Jupyter channel, or the sign that requests are welcome."""

TOLD = "told"
"""Key of the kernel's information under which it answers what `Start.tell` asks for."""


@dataclass(frozen=True)
class Start:
    """How a kernel starts."""

    folder: str = ""
    """The working directory; the template's own where empty."""
    environment: Mapping[str, str] | None = None
    """All variables; the template's own where None."""
    arguments: Sequence[str] = ()
    """The kernel's command line, as for `python -m ipykernel_launcher`."""
    memory: int = 0
    """Bytes that the notebook may take beyond what the template holds; 0 for no limit."""
    before: tuple[str, ...] = ()
    """Functions ("package.module:name") to call before the kernel starts."""
    tell: str = ""
    """A function ("package.module:name") whose answer, plain JSON values, goes along whenever the
    kernel is asked what it is: papermill's client asks once, after the last cell."""

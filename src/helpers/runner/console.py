"""Say how a build is getting on: a bar on a terminal, one line a notebook elsewhere."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Never, TextIO

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["Console", "seconds", "use_utf8"]

_COLOURS = {"good": "32", "bad": "31", "dim": "2"}


def use_utf8() -> None:
    """Write Vietnamese even where the environment claims ASCII (LANG=C, Windows code pages)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def seconds(duration: float) -> str:
    """Return a duration as a planner reads it: "2,1 s", "1 phút 05 s"."""
    if duration < 60:
        return f"{duration:.1f} s".replace(".", ",")
    return f"{int(duration) // 60} phút {int(duration) % 60:02d} s"


@dataclass
class Console:
    """Where the build speaks."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    total: int = 0
    done: int = 0
    _bar: tqdm[Never] | None = None

    @property
    def live(self) -> bool:
        """Whether a person is watching a terminal that can draw a bar."""
        able = os.name == "nt" or os.environ.get("TERM", "dumb") != "dumb"
        return able and self.stream.isatty()

    def coloured(self, text: str, kind: str) -> str:
        """Return the text in a colour, where colours are shown and wanted (NO_COLOR)."""
        if not self.live or os.environ.get("NO_COLOR"):
            return text
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m"

    def say(self, text: str = "", kind: str = "") -> None:
        """Write a line, above the bar where there is one."""
        line = self.coloured(text, kind) if kind else text
        if self._bar is not None:
            self._bar.write(line, file=self.stream)
        else:
            print(line, file=self.stream, flush=True)

    def begin(self, total: int) -> None:
        """Start counting jobs."""
        self.total, self.done = total, 0
        if self.live:
            from tqdm import tqdm

            form = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}]"
            self._bar = tqdm(total=total, desc="Chạy sổ tính", file=self.stream, bar_format=form)

    def step(self, label: str, result: str, kind: str = "") -> None:
        """Say that one more job has ended, and how."""
        self.done += 1
        if self._bar is None:
            width = len(str(self.total))
            self.say(f"[{self.done:>{width}}/{self.total}] {label} … {result}", kind)
            return
        if kind:
            self.say(f"{label} … {result}", kind)
        self._bar.set_description_str(label[:40], refresh=False)
        self._bar.update()

    def end(self) -> None:
        """Stop counting."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

"""Say how a build is getting on: a bar on a terminal, one line a notebook elsewhere.

A long build says how much time is left; where a file or pipe would get more lines than anybody
reads, it gets the failures, and from time to time how far the build has come.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Never, TextIO

from helpers.legible import clean, clean_lines

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["Console", "seconds", "time_left", "use_utf8"]

_COLOURS = {"good": "32", "bad": "31", "dim": "2"}

MANY = 50
"""With more jobs than so many, a file gets no line for each."""

SHARE = 20
"""It gets one for each such part (5 %) of the jobs instead,"""
PAUSE = 30.0
"""or after so many seconds."""

SETTLED = (5.0, 3)
"""After so many seconds and jobs, the time left can be told."""


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


def time_left(duration: float) -> str:
    """Return a guess of a duration, no finer than a guess is: "35 s", "2 phút 10 s"."""
    rough = max(5, round(duration / 5) * 5 if duration < 60 else round(duration / 10) * 10)
    if rough < 60:
        return f"{rough} s"
    minutes, rest = divmod(rough, 60)
    return f"{minutes} phút {rest} s" if rest else f"{minutes} phút"


@dataclass
class Console:
    """Where the build speaks."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    total: int = 0
    done: int = 0
    clock: Callable[[], float] = time.monotonic
    _steps: int = 0
    """Jobs done that had something to do: by them the time left is told."""
    _began: float = 0.0
    _told: tuple[int, float] = (0, 0.0)
    """How many jobs were done when it was last said how far the build has come, and when."""
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
        text = clean_lines(text)  # a name may hold what a terminal would obey
        line = self.coloured(text, kind) if kind else text
        if self._bar is not None:
            self._bar.write(line, file=self.stream)
        else:
            print(line, file=self.stream, flush=True)

    def begin(self, total: int) -> None:
        """Start counting jobs."""
        self.total, self.done, self._steps = total, 0, 0
        self._began = self.clock()
        self._told = 0, self._began
        if self.live:
            from tqdm import tqdm

            form = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"
            self._bar = tqdm(total=total, desc="Chạy sổ tính", file=self.stream, bar_format=form)

    def step(self, label: str, result: str, kind: str = "") -> None:
        """Say that one more job has ended, and how."""
        self.done += 1
        self._steps += 1
        if self._bar is None:
            if self.total <= MANY or kind == "bad":
                self.say(f"{self._count} {label} … {result}", kind)
            if self.total > MANY:
                self._say_progress()
            return
        if kind:
            self.say(f"{label} … {result}", kind)
        self._bar.set_description_str(clean(label)[:40], refresh=False)
        self._bar.set_postfix_str(self._left(), refresh=False)
        self._bar.update()

    @property
    def _count(self) -> str:
        return f"[{self.done:>{len(str(self.total))}}/{self.total}]"

    def _left(self) -> str:
        """Return how much time is left, in words; nothing as long as nobody can tell."""
        took = self.clock() - self._began
        seconds, steps = SETTLED
        if took < seconds or self._steps < steps or self.done >= self.total:
            return ""
        return f"còn khoảng {time_left(took / self._steps * (self.total - self.done))}"

    def _say_progress(self) -> None:
        """Say how far a long build has come, where it is time for it."""
        before, moment = self._told
        now = self.clock()
        further = self.done * SHARE // self.total > before * SHARE // self.total
        if further or now - moment >= PAUSE:
            self._told = self.done, now
            left = self._left()
            self.say(f"{self._count} {self.done * 100 // self.total} %{left and f', {left}'}")

    def pass_over(self) -> None:
        """Count a job that has nothing to do."""
        self.done += 1
        if self._bar is not None:
            self._bar.update()

    def end(self) -> None:
        """Stop counting."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

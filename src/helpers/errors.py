"""What can go wrong, one class per cause; every message is a Vietnamese sentence for a planner."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "HOPELESS",
    "HelpersError",
    "InputRefused",
    "NotDeclared",
    "NotPublished",
    "NotTranslated",
    "Problem",
]

HOPELESS = {
    errno.ENOSPC: ("đĩa đã đầy", "dọn bớt đĩa rồi chạy lại make; những gì đã xong được dùng lại"),
    errno.EDQUOT: ("đã hết phần đĩa được cấp", "dọn bớt tệp rồi chạy lại make"),
    errno.EROFS: ("đĩa chỉ cho đọc", "chuyển dự án sang nơi ghi được rồi chạy lại make"),
}
"""Errors of the system that whatever is done next would meet as well: what is wrong, what to do."""


class HelpersError(Exception):
    """The root of every error that this library raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """Show in a notebook what is wrong and nothing else: the way there helps no planner."""
        return str(self).splitlines()


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with what a planner wrote, and where it stands.

    `where` reads from the outside in, for example "data/nghe-an-2024/poverty.csv, dòng 7, cột
    poor_households"; `what` says what is wrong; `todo` says what to write instead.
    """

    where: str
    what: str
    todo: str = ""

    def __str__(self) -> str:
        """Return the problem as one sentence, the place first."""
        return f"{self.where}: {self.what}" + (f" → {self.todo}" if self.todo else "")


class InputRefused(HelpersError):
    """The plan or the data cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order in which they were found, each one once."""
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputRefused], tuple[tuple[Problem, ...]]]:
        """Let the problems travel between processes with the error."""
        return type(self), (self.problems,)


class NotPublished(HelpersError):
    """A brief asks for a table or a figure that no analysis has published."""


class NotDeclared(HelpersError):
    """A notebook reads or publishes a table that it does not declare."""


class NotTranslated(HelpersError):
    """A text has no translation into the language that is spoken."""

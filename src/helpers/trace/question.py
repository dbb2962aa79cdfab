"""What a planner asks: which brief, and which number in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from helpers.errors import HelpersError
from helpers.text import listing, nearest, slug
from helpers.trace.numbers import NotANumber, Number, asked_number

__all__ = ["NoSuchBrief", "asked", "brief_named"]

USAGE = (
    'nêu bản tóm tắt và số cần tra, ví dụ: make trace ARGS="ky-son 28.416", hoặc'
    ' make trace ARGS="provincial-brief 603,736 tỷ"'
)

Job = Mapping[str, Any]


class NoSuchBrief(HelpersError):
    """No brief of the plan has this name."""


def asked(words: Sequence[str]) -> tuple[str, Number]:
    """Return the brief's name and the number: a name may have spaces, a number its unit behind it.

    Raises:
        NotANumber: there is no number after the name.
    """
    wrong: NotANumber | None = None
    for at in range(1, len(words)):
        try:
            return " ".join(words[:at]), asked_number(" ".join(words[at:]))
        except NotANumber as error:
            # What begins with a digit was meant as the number; a word before it belongs to a name.
            if wrong is None and words[at].lstrip("-+−")[:1].isdigit():
                wrong = error
    raise wrong or NotANumber(USAGE)


def _names(job: Job) -> Iterable[str]:
    """Yield the names by which a brief may be called, the surest first."""
    yield PurePath(job["name"]).name
    yield job["name"]
    yield from (str(job["parameters"][key]) for key in ("district",) if key in job["parameters"])
    yield job["label"]


def brief_named(name: str, briefs: Sequence[Job]) -> Job:
    """Return the brief of this name: its file, its district (accents or none), or its title.

    Raises:
        NoSuchBrief: there is none, or the name fits several.
    """
    wanted = slug(PurePath(name).stem if "/" in name or "." in name else name)
    joined = wanted.replace("-", "")
    exact = [job for job in briefs if joined in (slug(n).replace("-", "") for n in _names(job))]
    within = [job for job in briefs if wanted and f"-{wanted}-" in f"-{slug(job['label'])}-"]
    fitting = exact or within
    if len(fitting) == 1:
        return fitting[0]
    known = [PurePath(job["name"]).name for job in briefs]
    if fitting:
        names = listing(PurePath(job["name"]).name for job in fitting)
        raise NoSuchBrief(
            f"“{name}” có thể là nhiều bản tóm tắt: {names}. Ghi một tên trong số đó."
        )
    near = nearest(wanted, known)
    hint = f" Có phải là {near}?" if near else ""
    raise NoSuchBrief(f"không có bản tóm tắt “{name}”.{hint} Các bản hiện có: {listing(known)}.")

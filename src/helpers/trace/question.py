"""What a planner asks: which brief, and which number in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from helpers.errors import HelpersError
from helpers.language import LANGUAGES, SOURCE
from helpers.text import listing, nearest, slug
from helpers.trace.numbers import NotANumber, Number, asked_number

__all__ = ["NoSuchBrief", "asked", "brief_asked", "brief_named", "language_of"]

USAGE = (
    'nêu bản tóm tắt và số cần tra, ví dụ: make trace ARGS="ky-son 28.416", hoặc'
    ' make trace ARGS="provincial-brief 603,736 tỷ"'
)
ENDINGS = (".html", ".pdf", ".docx", ".xlsx", ".ipynb")

Job = Mapping[str, Any]


class NoSuchBrief(HelpersError):
    """No brief of the plan has this name."""


def asked(words: Sequence[str], language: str = SOURCE) -> tuple[str, Number]:
    """Return the brief's name and the number: a name may have spaces, a number its unit behind it.

    Args:
        words: What was typed.
        language: That of the brief, by whose signs the number is read.

    Raises:
        NotANumber: there is no number after the name.
    """
    wrong: NotANumber | None = None
    for at in range(1, len(words)):
        try:
            return " ".join(words[:at]), asked_number(" ".join(words[at:]), language)
        except NotANumber as error:
            # What begins with a digit was meant as the number; a word before it belongs to a name.
            if wrong is None and words[at].lstrip("-+−")[:1].isdigit():
                wrong = error
    raise wrong or NotANumber(USAGE)


def brief_asked(words: Sequence[str], briefs: Sequence[Job]) -> tuple[Job, Number]:
    """Return the brief that is asked about, and the number as the brief's language writes it.

    Raises:
        NotANumber: there is no number after the name.
        NoSuchBrief: there is no such brief, or the name fits several.
    """
    refused: HelpersError | None = None
    for language in LANGUAGES:
        try:
            name, number = asked(words, language)
            job = brief_named(name, briefs)
        except HelpersError as error:
            refused = refused or error
            continue
        if language_of(job) == language:
            return job, number
    raise refused or NotANumber(USAGE)


def language_of(job: Job) -> str:
    """Return the language of a brief."""
    return str(job["parameters"].get("language", SOURCE))


def _names(job: Job) -> Iterable[str]:
    """Yield the names by which a brief may be called, the surest first."""
    name = job["name"].removesuffix(f".{language_of(job)}")
    yield PurePath(name).name
    yield name
    keys = ("district", "commune")
    yield from (str(job["parameters"][key]) for key in keys if key in job["parameters"])
    yield _label(job)


def _label(job: Job) -> str:
    return str(job["label"]).removesuffix(f" ({LANGUAGES[language_of(job)]})")


def _parted(name: str) -> tuple[str, str]:
    """Return the name without the ending of a file, and the language that it asks for."""
    bare = PurePath(name).name if "/" in name else name
    for ending in ENDINGS:
        bare = bare.removesuffix(ending)
    for code in LANGUAGES:
        if bare.endswith(f".{code}"):
            return bare.removesuffix(f".{code}"), code
    return bare, ""


def brief_named(name: str, briefs: Sequence[Job]) -> Job:
    """Return the brief of this name: its file, its district (accents or none), or its title.

    The Vietnamese one, where the name does not end in another language ("ky-son.en").

    Raises:
        NoSuchBrief: there is none, or the name fits several.
    """
    bare, language = _parted(name)
    wanted = slug(bare)
    spoken = [job for job in briefs if language_of(job) == (language or SOURCE)]
    fitting = _fitting(wanted, spoken) or ([] if language else _fitting(wanted, briefs))
    if len(fitting) == 1:
        return fitting[0]
    known = [PurePath(job["name"]).name for job in briefs]
    if fitting:
        names = listing(PurePath(job["name"]).name for job in fitting)
        raise NoSuchBrief(
            f"“{name}” có thể là nhiều bản tóm tắt: {names}. Ghi một tên trong số đó."
        )
    near = nearest(f"{wanted}.{language}" if language else wanted, known)
    hint = f" Có phải là {near}?" if near else ""
    raise NoSuchBrief(f"không có bản tóm tắt “{name}”.{hint} Các bản hiện có: {listing(known)}.")


def _fitting(wanted: str, briefs: Sequence[Job]) -> list[Job]:
    """Return the briefs that bear the name, else those whose title has it in it."""
    joined = wanted.replace("-", "")
    exact = [job for job in briefs if joined in (slug(n).replace("-", "") for n in _names(job))]
    within = [job for job in briefs if wanted and f"-{wanted}-" in f"-{slug(_label(job))}-"]
    return exact or within

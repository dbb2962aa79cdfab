"""The language in which a document is worded, and the one catalogue of translations.

Vietnamese is the language of the source: a text is written in it where it is used, and `say`
returns it, or its translation where another language is spoken. What has no translation is an
error, never a mixture of two languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from helpers.errors import HelpersError

__all__ = [
    "LANGUAGES",
    "NotTranslated",
    "catalogue",
    "language",
    "learn",
    "say",
    "speak",
    "speaking",
]

LANGUAGES: Mapping[str, str] = {"vi": "tiếng Việt", "en": "tiếng Anh"}
"""The languages that documents come in: code → name."""

SOURCE = "vi"
FOLDER = Path(__file__).parent / "translations"

_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE)
_learnt: ContextVar[Mapping[str, str]] = ContextVar("learnt", default={})  # noqa: B039  # never changed


class NotTranslated(HelpersError):
    """A text has no translation into the language that is spoken."""


def language() -> str:
    """Return the code of the language that is spoken now."""
    return _spoken.get()


def speak(code: str) -> None:
    """Speak a language from now on, as a notebook does for its whole run."""
    _spoken.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language within the block."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def learn(names: Mapping[str, str]) -> None:
    """Take translations of names that a plan gives (Vietnamese → the language spoken)."""
    _learnt.set({**_learnt.get(), **names})


@lru_cache(maxsize=2)
def catalogue(code: str) -> Mapping[str, Any]:
    """Return the catalogue of a language: Vietnamese text → its translation.

    A translation is one text, or one for each number: `{one: "{n} household", other: "…"}`.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (FOLDER / f"{code}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, loader))


def say(text: str, /, **fields: object) -> str:
    """Return a text in the language that is spoken, its fields filled in.

    Args:
        text: The Vietnamese text, its fields in braces ("Vốn năm {year}").
        **fields: What the fields are. A number `n` also chooses between one and many.

    Raises:
        NotTranslated: the catalogue does not have the text.
    """
    spoken = _spoken.get()
    if spoken != SOURCE:
        text = _translated(text, spoken, fields.get("n"))
    return text.format(**fields) if fields else text


def _translated(text: str, spoken: str, n: object) -> str:
    found = _learnt.get().get(text) or catalogue(spoken).get(text)
    if found is None:
        raise NotTranslated(
            f"Chưa có bản {LANGUAGES[spoken]} của “{text}”: thêm vào "
            f"src/helpers/translations/{spoken}.yaml; tên riêng của kế hoạch thì thêm vào khóa "
            "english của tệp kế hoạch."
        )
    return str(found["one" if n == 1 else "other"] if isinstance(found, Mapping) else found)

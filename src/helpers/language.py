"""The language in which a document is worded, and the one catalogue of translations.

Vietnamese is the language of the source: a text is written in it where it is used, and `say`
returns it, or its translation where another language is spoken. What has no translation is an
error, never a mixture of two languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import local
from typing import Any

from helpers.errors import NotTranslated

__all__ = [
    "LANGUAGES",
    "PUBLISHED",
    "SOURCE",
    "catalogue",
    "knows",
    "language",
    "learn",
    "say",
    "speak",
    "speaking",
]

LANGUAGES: Mapping[str, str] = {"vi": "tiếng Việt", "en": "tiếng Anh"}
"""The languages that documents come in: code → name."""

SOURCE = "vi"
"""The language in which texts are written where they are used."""
PUBLISHED = "published"
"""The catalogue of words in published tables stands beside that of the code's own."""

FOLDER = Path(__file__).parent / "translations"


class _Spoken(local):
    """What each thread speaks: a notebook says it once, for all of its cells.

    A context variable would not do: each cell may run in a context of its own.
    """

    language: str = SOURCE
    names: Mapping[str, str] = {}
    """The English of names that a plan gives."""


_now = _Spoken()


def language() -> str:
    """Return the code of the language that is spoken now."""
    return _now.language


def speak(code: str) -> None:
    """Speak a language from now on, as a notebook does for its whole run.

    Raises:
        NotTranslated: documents do not come in that language.
    """
    if code not in LANGUAGES:
        known = ", ".join(f"{one} ({name})" for one, name in LANGUAGES.items())
        raise NotTranslated(f"Không có ngôn ngữ “{code}”; chọn {known}.")
    _now.language = code


@contextmanager
def speaking(code: str, names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Speak a language within the block, with a plan's names where some are given."""
    before = _now.language, _now.names
    speak(code)
    if names is not None:
        learn(names)
    try:
        yield
    finally:
        _now.language, _now.names = before


def learn(names: Mapping[str, str]) -> None:
    """Know the translations of names that a plan gives (Vietnamese → English), and no others."""
    _now.names = dict(names)


@lru_cache(maxsize=4)
def catalogue(code: str) -> Mapping[str, Any]:
    """Return the catalogue of a language: Vietnamese text → its translation.

    A translation is one text, or one for each number: `{one: "{n} household", other: "…"}`.
    The words of published tables stand in a catalogue of their own (`helpers.retelling`).
    """
    import yaml  # here, because names are compared where no package is installed yet

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
    spoken = _now.language
    if spoken != SOURCE and text:
        text = _translated(text, spoken, fields.get("n"))
    return text.format(**fields) if fields else text


def knows(text: str) -> bool:
    """Tell whether a text can be said as it stands."""
    return _now.language == SOURCE or _found(text, _now.language) is not None


def _found(text: str, spoken: str) -> Any:
    """Return the translation of a text: the plan's own, the code's, that of published words."""
    for known in (_now.names, catalogue(spoken), catalogue(f"{spoken}.{PUBLISHED}")):
        if text in known:
            return known[text]
    return None


def _translated(text: str, spoken: str, n: object) -> str:
    found = _found(text, spoken)
    if found is None:
        raise NotTranslated(
            f"Chưa có bản {LANGUAGES[spoken]} của “{text}”. Tên, lời do kế hoạch hoặc bộ quy tắc "
            "đặt: thêm vào khóa english của tệp kế hoạch; lời của phần mềm: thêm vào "
            f"src/helpers/translations/{spoken}.yaml."
        )
    return str(found["one" if n == 1 else "other"] if isinstance(found, Mapping) else found)

"""How sentences are said: what a plan or its data put into them stays plain text."""

from __future__ import annotations

from helpers import language
from helpers.legible import literal

__all__ = ["Prose", "say"]


class Prose(str):
    """A sentence, or part of one, in Markdown of our own."""

    __slots__ = ()


def say(text: str, /, **fields: object) -> str:
    """Return a text in the language that is spoken, as `helpers.language.say` does.

    Its own Markdown counts; that in its fields does not, unless they were said here themselves.

    Args:
        text: The Vietnamese text, its fields in braces ("Vốn năm {year}").
        **fields: What the fields are. A number `n` also chooses between one and many.
    """
    for name, field in fields.items():
        if isinstance(field, str) and type(field) is not Prose:
            fields[name] = literal(field)
    return Prose(language.say(text, **fields))

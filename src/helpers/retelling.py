"""Published words and sentences in another language.

Analyses publish Vietnamese texts: a judgement, a reason, a warning with its numbers. Vietnamese
documents print them as they are. For another language each kind of sentence has a pattern, with
typed fields where the numbers and names stand, beside its translation:

    "{unit:name} được giao {given:number} triệu đồng": "{unit} was given VND {given} million"

Types of fields: `number` (its signs change places), `word` (a code or a year, kept), `name` (a
proper name; a translation where the plan gives one), `names` (several of them), `text` (retold in
turn), `texts` (several, parted by semicolons), `spelled` (a small number as a word).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from helpers import spelling
from helpers.errors import NotTranslated
from helpers.language import PUBLISHED, SOURCE, catalogue, knows, language, say
from helpers.text import listing, parted

__all__ = ["name", "retold", "retold_parts"]

SPELLED = {spelling.vietnamese(number): spelling.english(number) for number in range(11)}

_NUMBER = r"-?\d+(?:\.\d{3})*(?:,\d+)?"
_SWAPPED = str.maketrans(".,", ",.")
_APART = re.compile(r"; (?![^()]*\))")
"""What parts texts; within brackets it parts bands."""


def retold(text: str) -> str:
    """Return a published text in the language that is spoken.

    Raises:
        NotTranslated: no pattern fits the text.
    """
    if language() == SOURCE or not text:
        return text
    return _retold(text)


def retold_parts(text: str) -> str:
    """Return published texts parted by semicolons in the language that is spoken."""
    return _texts(text) if text and language() != SOURCE else text


def name(text: str) -> str:
    """Return a name in the language that is spoken; a proper name stays what it is."""
    if language() == SOURCE or not text:
        return text
    try:
        return _retold(text)
    except NotTranslated:
        return text


def _retold(text: str) -> str:
    other = _turned(text)
    if knows(text):
        return say(text)
    if knows(other):
        return _cased(say(other), text)
    patterns = _patterns(language())
    for pattern in patterns:
        found = pattern.told(text)
        if found is not None:
            return found
    for pattern in patterns:
        found = pattern.told(other)
        if found is not None:
            return found if pattern.begins_with_field else _cased(found, text)
    return say(text)  # says what is missing


def _turned(text: str) -> str:
    """Return the text with its first letter in the other case."""
    first = text[:1]
    return (first.lower() if first.isupper() else first.upper()) + text[1:]


def _cased(text: str, like: str) -> str:
    """Return the text with its first letter in the case of another's."""
    return _turned(text) if text[:1].isupper() != like[:1].isupper() else text


def _names(text: str) -> str:
    return listing(name(part) for part in parted(text))


def _texts(text: str) -> str:
    return "; ".join(map(_retold, _APART.split(text)))


TYPES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "number": (_NUMBER, lambda text: text.translate(_SWAPPED)),
    "word": (r"[\w/.-]+?", str),
    "name": (r".+?", name),
    "names": (r".+?", _names),
    "text": (r".+?", _retold),
    "spelled": (r"[^\W\d]+", lambda text: SPELLED.get(text.lower(), text)),
    "texts": (r".+?", _texts),
}
"""Each type of field: what it looks like, and how it is retold."""


@dataclass(frozen=True)
class _Pattern:
    """A kind of published sentence with its translation."""

    expression: re.Pattern[str]
    types: Mapping[str, str]
    translation: object
    """A text, or one for one and one for many of the first number."""

    @property
    def begins_with_field(self) -> bool:
        """Tell whether a name or number stands first, whose case is its own."""
        chosen = self.translation
        return str(chosen["other"] if isinstance(chosen, Mapping) else chosen).startswith("{")

    @classmethod
    def of(cls, text: str, translation: object) -> _Pattern:
        types: dict[str, str] = {}
        pieces = []
        for literal, field, kind, _ in Formatter().parse(text):
            pieces.append(re.escape(literal))
            if field is not None:
                types[field] = str(kind)
                pieces.append(f"(?P<{field}>{TYPES[str(kind)][0]})")
        return cls(re.compile("".join(pieces)), types, translation)

    def told(self, text: str) -> str | None:
        """Return the translation of a text of this kind, None where it is of another."""
        found = self.expression.fullmatch(text)
        if not found:
            return None
        try:
            fields = {key: TYPES[kind][1](found[key]) for key, kind in self.types.items()}
        except NotTranslated:
            return None
        chosen = self.translation
        if isinstance(chosen, Mapping):
            chosen = chosen["one" if "1" in self._counts(fields) else "other"]
        return str(chosen).format(**fields)

    def _counts(self, fields: Mapping[str, str]) -> Iterator[str]:
        """Yield the first number, which chooses between one and many."""
        yield from [fields[key] for key, kind in self.types.items() if kind == "number"][:1]


@lru_cache(maxsize=2)
def _patterns(spoken: str) -> tuple[_Pattern, ...]:
    """Return the patterns of a language, in the order in which they are tried."""
    told = catalogue(f"{spoken}.{PUBLISHED}")
    return tuple(_Pattern.of(text, found) for text, found in told.items() if "{" in text)

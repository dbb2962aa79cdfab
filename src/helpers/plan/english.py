"""Whether a plan that asks for English gives the English of the names that it coins."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.errors import NotTranslated
from helpers.language import LANGUAGES, knows, speaking
from helpers.plan.source import Finding, Loc, Source
from helpers.retelling import retold
from helpers.text import nfc, slug

__all__ = ["ENGLISH", "check_english"]

ENGLISH = "en"
ALIKE = 0.9
"""So much alike, of 1, are a name and a mistyped one; two names of a plan are less."""
MATTERS = ("criteria", "multipliers")
"""The parts of a rule whose items may bear a name."""


@dataclass(frozen=True)
class _Name:
    """A name that the plan or its rules coin, and the way to it in the file."""

    loc: Loc
    text: str
    printed: bool
    """Whether the English briefs print it; what else they meet stays Vietnamese if it must."""
    whole: bool = True
    """Whether it has to be known as it stands: what is published may be told by a pattern."""

    @property
    def is_told(self) -> bool:
        """Tell whether it can be said in the language that is spoken."""
        if self.whole:
            return knows(self.text)
        try:
            retold(self.text)
        except NotTranslated:
            return False
        return True


def _names_of_plan(source: Source) -> Iterator[_Name]:
    for key in ("kind", "parent", "issuer"):
        yield from _name(source, ("document", key), printed=True)
    for key in ("sources", "types"):
        named = source.get(("capital", key))
        for code in named if isinstance(named, dict) else ():
            yield _Name(("capital", key, code), nfc(code), printed=False)
            yield from _name(source, ("capital", key, code), printed=True)
    for loc in _items(source, ("projects",)):
        for here in (loc, *_items(source, (*loc, "subprojects"))):
            yield from _name(source, (*here, "name"), printed=False)
            yield from _name(source, (*here, "short"), printed=True, whole=False)


def _names_of_rules(source: Source) -> Iterator[_Name]:
    yield from _name(source, ("title",), printed=False)
    for loc in _items(source, ("agencies",)):
        yield from _name(source, (*loc, "name"), printed=False)
    noted = source.get(("columns",))
    for column in noted if isinstance(noted, dict) else ():
        yield from _name(source, ("columns", column, "label"), printed=True, whole=False)
    for loc in _matters(source.get(("rules",)), ("rules",)):
        yield from _name(source, (*loc, "name"), printed=True, whole=False)


def _name(source: Source, loc: Loc, *, printed: bool, whole: bool = True) -> Iterator[_Name]:
    """Yield the name that stands there, unless there is none or it is no text."""
    text = source.get(loc)
    if isinstance(text, str) and text.strip():
        yield _Name(loc, nfc(text), printed, whole)


def _items(source: Source, loc: Loc) -> list[Loc]:
    found = source.get(loc)
    return [(*loc, place) for place in range(len(found))] if isinstance(found, list) else []


def _matters(value: Any, loc: Loc) -> Iterator[Loc]:
    """Yield the ways to what rules weigh units by, wherever it stands in a rule."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _matters(inner, (*loc, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            if loc[-1] in MATTERS:
                yield (*loc, place)
            yield from _matters(inner, (*loc, place))


def check_english(
    source: Source, rules: Source | None
) -> tuple[Sequence[Finding], Sequence[Finding]]:
    """Return the names without English, and mistyped ones, of the plan's file and of its rules'.

    Words that only the data know (documents of transfers, communes) may stand among the
    translations, too: one that is near no name is left alone.
    """
    raw = source.get(("english",))
    given = {nfc(key): text for key, text in raw.items()} if isinstance(raw, dict) else {}
    of_plan = list(_names_of_plan(source))
    of_rules = list(_names_of_rules(rules)) if rules else []
    names = [*of_plan, *of_rules]
    bare = {name.text for name in names} - set(given)
    strays = dict(_strays(sorted(set(given) - {name.text for name in names}), bare))
    findings = [
        Finding(
            ("english", key),
            f"“{key}” không phải tên nào của kế hoạch và bộ quy tắc",
            f"có phải là “{meant}”?",
        )
        for key, meant in strays.items()
    ]
    with speaking(ENGLISH, given):
        said = set(strays.values())
        first = _missing(of_plan, said)
        return [*findings, *first], _missing(of_rules, said | {name.text for name in of_plan})


def _strays(keys: Sequence[str], names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the translated words that are a name without a translation but for a slip."""
    by_slug = {slug(name): name for name in sorted(names)}
    for key in keys:
        near = difflib.get_close_matches(slug(key), by_slug, n=1, cutoff=ALIKE)
        if near:
            yield key, by_slug[near[0]]


def _missing(names: Sequence[_Name], said: set[str]) -> list[Finding]:
    """Return the printed names that cannot be said, each once, but for those spoken of already."""
    first: Mapping[str, _Name] = {
        name.text: name for name in reversed(names) if name.printed and name.text not in said
    }
    return [
        Finding(
            name.loc,
            f"“{name.text}” chưa có bản {LANGUAGES[ENGLISH]}, mà briefs → languages có {ENGLISH}",
            f'thêm vào khóa english của tệp kế hoạch một dòng: "{name.text}": "…"',
        )
        for name in names
        if first.get(name.text) is name and not name.is_told
    ]

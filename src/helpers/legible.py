"""Texts of others, fit to be shown: without what cannot be seen, and never taken for markup."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "clean_lines", "literal"]

_MARKUP = "\\`*_[]<>#|~&!"
"""The signs that mean something in Markdown wherever they stand."""

_AT_START = "+-=.)"
"""Those that mean something only where a line begins with them: a list, a rule, a heading."""

_HIDDEN = {ord(sign): 0xFDD0 + at for at, sign in enumerate(_MARKUP + _AT_START)}
"""Each sign's stand-in: one of the code points that are kept free for use within a program."""

_BACK = {hidden: sign for sign, hidden in _HIDDEN.items()}

_WITHIN = {sign: hidden for sign, hidden in _HIDDEN.items() if chr(sign) in _MARKUP} | {
    **dict.fromkeys(map(ord, "\n\r\t\v\f"), " "),
    **dict.fromkeys(map(ord, "\0\x1c\x1d\x1e\x1f")),
}
"""What is changed wherever it stands, line ends with it: a text of others is no line of its own."""

_PLAIN = re.compile(r"(?!\s|[-+=]|\d{1,9}[.)](?:\s|\Z))[^\0-\x1f!#&*<>\[-`|~]*\Z")
"""A text that needs nothing in its place, as nearly every one is: it is seen at one glance."""

_START = re.compile(r"\s*(?:[-+](?=[-\s]|\Z)|\d{1,9}[.)](?=\s|\Z)|=(?=[=\s]*\Z))|\s{2,}")


def literal(text: str) -> str:
    """Return the text so that Markdown shows it as it is.

    Signs of Markdown are replaced with stand-ins that `clean`, through which every text of every
    document passes, puts back. Doing so twice changes nothing.
    """
    if _PLAIN.match(text):
        return text
    text = text.translate(_WITHIN)
    start = _START.match(text)
    return _started(start.group()) + text[start.end() :] if start else text


def _started(start: str) -> str:
    """Return the start of a text without what would make its line a list, a rule or code."""
    return f"{' ' * start[0].isspace()}{start.strip().translate(_HIDDEN)}"


def clean(text: str) -> str:
    """Return the text in Unicode form NFC without control, bidi and other invisible characters.

    Line ends and tabs become spaces; letters and marks all stay. What `literal` put in place of a
    sign is the sign again.
    """
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # without any of the categories below; nearly every text is
        return composed
    spaced = "".join(" " if letter in "\n\r\t\v\f\u2028\u2029" else letter for letter in composed)
    signs = spaced.translate(_BACK)
    seen = (c for c in signs if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn"))
    return unicodedata.normalize("NFC", "".join(seen))


def clean_lines(text: str) -> str:
    """Return the text with each of its lines cleaned; a line end stays one."""
    return "\n".join(map(clean, text.split("\n"))) if "\n" in text else clean(text)

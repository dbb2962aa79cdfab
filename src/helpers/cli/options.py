"""What a command line says: its commands, their options, the plan that is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpers.paths import relative
from helpers.text import listing, nearest

__all__ = ["DEFAULT_PLAN", "REFUSED", "Command", "Options", "UsageError", "number", "plan_file"]

DEFAULT_PLAN = "params/nghe-an-2024.yaml"
REFUSED = 2
"""The exit code when what was written cannot be used."""


class UsageError(Exception):
    """The command line itself is wrong; the message says how to write it."""


@dataclass(frozen=True)
class Options:
    """What the command line said."""

    values: Mapping[str, str] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    """Words handed on to the tool behind the command, or what the command is about."""


@dataclass(frozen=True)
class Command:
    """One command: its line in the help, the packages it needs, and what it takes."""

    help: str
    action: Callable[[Path, Options], int]
    needs: str = ""
    """Name of the environment, in `bootstrap.ENVIRONMENTS`; empty where any Python will do."""
    needs_with: Mapping[str, str] = field(default_factory=dict)
    """Names of the environments that it needs instead, by the option that asks for more."""
    options: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    hands_on: bool = False
    takes_words: bool = False
    """Whether words that are no option say what the command is about."""


def plan_file(root: Path, options: Options) -> Path:
    """Return the plan's file."""
    named = options.values.get("--plan") or DEFAULT_PLAN
    path = root / named
    if path.is_file():
        return path
    plans = sorted(relative(found) for found in (root / "params").glob("*.yaml"))
    near = nearest(path.stem, [Path(found).stem for found in plans])
    what = f"không có tệp kế hoạch “{named}”."
    if near:
        what += f" Có phải là params/{near}.yaml?"
    raise UsageError(f"{what} Các kế hoạch hiện có: {listing(plans) or 'chưa có kế hoạch nào'}")


def number(options: Options, name: str, default: int, unit: str = "giây") -> int:
    """Return a whole number from the command line."""
    text = options.values.get(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise UsageError(f"{name} phải là số nguyên dương ({unit}), nhận được “{text}”")
    return int(text)

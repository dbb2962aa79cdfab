"""Which published tables stand behind what a notebook's cell says or publishes, read off its code.

Nothing is run: calls of `table("…")` are looked up in the cell, and in the functions of the briefs
that the cell calls, and in those that these call.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any

import helpers
from helpers.brief.reader import Brief
from helpers.runner.declared import table_calls

__all__ = ["Made", "published_by", "tables_behind"]

Made = Mapping[str, frozenset[str]]
"""What a notebook publishes: each table's name → the published tables that it is made from."""

_ROOM = "helpers.brief"


def _parsed(source: str) -> ast.Module:
    """Return the code's tree, empty where it is no plain Python (a magic, say)."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _read(tree: ast.AST) -> set[str]:
    """Return the tables that are read by calls like `brief.table("flows")`."""
    return {name for publishes, name, _ in table_calls(tree) if not publishes}


def _meant(node: ast.AST, names: Mapping[str, Any]) -> Any:
    """Return what a name or a dotted name of the library means; None where it is none of it."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = _meant(node.value, names)
    if isinstance(owner, ModuleType):
        return getattr(owner, node.attr, None)
    if isinstance(node.value, ast.Name) and node.value.id in ("brief", "self"):
        member = inspect.getattr_static(Brief, node.attr, None)
        return member.fget if isinstance(member, property) else member
    return None


def _called(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[FunctionType]:
    """Yield the functions of the briefs that the code names."""
    for node in ast.walk(tree):
        meant = _meant(node, names)
        if isinstance(meant, FunctionType) and meant.__module__.startswith(_ROOM):
            yield meant


@lru_cache(maxsize=512)
def _code(function: FunctionType) -> ast.Module:
    return _parsed(textwrap.dedent(inspect.getsource(function)))


def tables_behind(source: str) -> tuple[str, ...]:
    """Return the tables that a brief's cell may read, in the order of their names."""
    face = {name: getattr(helpers, name) for name in helpers.__all__ if name in source}
    tree = _parsed(source)
    found = _read(tree)
    waiting, seen = list(_called(tree, face)), set()
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        found |= _read(_code(function))
        waiting += _called(_code(function), function.__globals__)
    return tuple(sorted(found))


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that a statement sets, with the expression that it gets."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield target.id, node.value
        elif isinstance(target, ast.Tuple):
            same = isinstance(node.value, ast.Tuple) and len(node.value.elts) == len(target.elts)
            values = node.value.elts if same else [node.value] * len(target.elts)  # type: ignore[attr-defined]
            for name, value in zip(target.elts, values, strict=True):
                if isinstance(name, ast.Name):
                    yield name.id, value


def published_by(sources: Iterable[str]) -> Made:
    """Return what the code cells of an analysis publish, and from which published tables."""
    known: dict[str, frozenset[str]] = {}
    made: dict[str, frozenset[str]] = {}

    def rests_on(expression: ast.AST) -> frozenset[str]:
        direct = _read(expression)
        names = (node.id for node in ast.walk(expression) if isinstance(node, ast.Name))
        return frozenset(direct).union(*(known.get(name, frozenset()) for name in names))

    for source in sources:
        for statement in _parsed(source).body:
            for name, value in _assigned(statement):
                known[name] = rests_on(value)
            for publishes, name, call in table_calls(statement):
                if not publishes:
                    continue
                made[name] = frozenset().union(*map(rests_on, call.args[1:])) - {name}
    return made

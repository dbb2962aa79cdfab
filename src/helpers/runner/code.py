"""Which source files a piece of code can reach: read from its imports, never by running it."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Package", "imports_of"]

FINDINGS = Path("__pycache__", "imports.json")
"""What each source file of a package imports, kept from one run to the next to save time."""


def _only_for_types(node: ast.stmt) -> bool:
    """Tell whether the statement is `if TYPE_CHECKING:`, which no run ever enters."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for node in body:
        if isinstance(node, ast.stmt) and _only_for_types(node):
            assert isinstance(node, ast.If)
            yield from _statements(node.orelse)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not isinstance(node, ast.expr):
            yield from _statements(ast.iter_child_nodes(node))


def imports_of(source: str, module: str = "") -> tuple[str, ...]:
    """Return the dotted names that a source text imports, wherever in it.

    `from a import b` gives both "a" and "a.b", for b may be a module. A relative import is
    resolved against the module's own name.
    """
    found: dict[str, None] = {}
    for node in _statements(ast.parse(source).body):
        if isinstance(node, ast.Import):
            found.update(dict.fromkeys(alias.name for alias in node.names))
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(module.split(".")[: -node.level]) if node.level else ""
            base = ".".join(part for part in (above, node.module or "") if part)
            found[base] = None
            found.update(dict.fromkeys(f"{base}.{alias.name}" for alias in node.names))
    return tuple(found)


@dataclass
class Package:
    """The source files of one package, and what each imports."""

    folder: Path
    """The folder of the package, such as src/helpers."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Names that the package gives out from one of its modules: "helpers.allocate" → that one."""
    resources: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    """Files that a module reads when it is used: templates, fonts."""
    memory: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What files import, by the SHA-256 of their content: kept from one run to the next."""
    _places: dict[str, Path] = field(default_factory=dict)
    _read: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    _known: dict[str, None] = field(default_factory=dict)

    def _imports(self, path: Path, module: str) -> tuple[str, ...]:
        if path not in self._read:
            content = path.read_bytes()
            key = hashlib.sha256(module.encode() + b"\0" + content).hexdigest()
            if key not in self.memory:
                self.memory[key] = imports_of(content.decode("utf-8"), module)
            self._known[key] = None
            self._read[path] = self.memory[key]
        return self._read[path]

    def _modules(self) -> Mapping[str, Path]:
        """Return the file of every module of the package, by its dotted name."""
        if not self._places:
            for path in sorted(self.folder.rglob("*.py")):
                parts = path.relative_to(self.folder.parent).with_suffix("").parts
                self._places[".".join(part for part in parts if part != "__init__")] = path
        return self._places

    def _files(self, name: str) -> Iterator[tuple[str, Path]]:
        """Yield the modules that an import of a dotted name runs, the packages above it first."""
        modules = self._modules()
        parts = self.aliases.get(name, name).split(".")
        for end in range(1, len(parts) + 1):
            module = ".".join(parts[:end])
            if module not in modules:
                return  # of another package, or a name inside the module above
            yield module, modules[module]

    def reachable(self, names: Iterable[str]) -> tuple[Path, ...]:
        """Return the files that importing these names can lead to, resources among them."""
        found: dict[Path, None] = {}
        waiting = list(dict.fromkeys(names))
        seen = set(waiting)
        while waiting:
            for module, path in self._files(waiting.pop()):
                if path in found:
                    continue
                found[path] = None
                found.update(dict.fromkeys(self.resources.get(module, ())))
                more = [name for name in self._imports(path, module) if name not in seen]
                seen.update(more)
                waiting += more
        return tuple(sorted(found))

    def look_through(self) -> None:
        """Find out what every file of the package imports, with the help of earlier findings.

        They are kept beside the bytecode, which is found out from the same files and as readily
        made anew.
        """
        kept = self.folder / FINDINGS
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
            known = json.loads(kept.read_text(encoding="utf-8"))
            self.memory.update({key: tuple(names) for key, names in known.items()})
        before = set(self.memory)
        for module, path in self._modules().items():
            self._imports(path, module)
        if set(self._known) != before:
            content = json.dumps({key: self.memory[key] for key in sorted(self._known)})
            with contextlib.suppress(OSError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                beside = kept.with_suffix(f".{os.getpid()}")
                beside.write_text(content, encoding="utf-8")
                beside.replace(kept)

"""What a build was made from and what it made, by SHA-256. Stdlib only: it decides in a moment."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.paths import project_root, relative
from helpers.runner.model import Build

__all__ = [
    "MANIFEST",
    "commit",
    "common_facts",
    "digest",
    "fingerprint",
    "made",
    "measured",
    "outputs",
    "read",
    "staleness",
    "write",
]

MANIFEST = "manifest.json"
SCHEMA = 2
DISTRIBUTION = "helpers"


def digest(path: Path) -> str:
    """Return the file's SHA-256 in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(paths: Iterable[Path]) -> dict[str, str]:
    """Return the digest of every file by its path from the project folder on."""
    return {relative(path): digest(path) for path in sorted(set(paths))}


def measured(path: Path) -> dict[str, Any]:
    """Return digest and size of a file."""
    return {"sha256": digest(path), "size": path.stat().st_size}


def outputs(folder: Path) -> dict[str, dict[str, Any]]:
    """Return digest and size of every file in the folder, the manifest itself left out."""
    return {
        path.relative_to(folder).as_posix(): measured(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


def _packages() -> tuple[str, dict[str, str]]:
    """Return the project's version and those of the packages that it is declared to need."""
    from importlib import metadata  # only where a manifest is written

    try:
        project = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "", {}
    needed = [line for line in project.requires or () if "extra ==" not in line]
    names = sorted(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in needed)
    return project.version, {name: metadata.version(name) for name in names}


def common_facts() -> dict[str, str]:
    """Return what every result depends on besides files."""
    return {"python": platform.python_version()}


def commit(root: Path) -> str:
    """Return the commit of the project that is checked out, empty where there is none."""
    try:
        head = (root / ".git" / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        loose = root / ".git" / name
        if loose.is_file():
            return loose.read_text(encoding="ascii").strip()
        packed = (root / ".git" / "packed-refs").read_text(encoding="ascii").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    except (OSError, ValueError):
        return ""


def write(
    build: Build,
    folder: Path,
    inputs: Mapping[str, str],
    jobs: Sequence[Mapping[str, Any]],
    made: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Write and return the manifest of a finished build; it holds no time and no absolute path.

    Args:
        build: What was built.
        folder: Where the finished files are.
        inputs: The digests of everything that the build was made from.
        jobs: The record of each job, in the build's order.
        made: Digest and size of every file in the folder.
    """
    version, packages = _packages()
    content = {
        "schema": SCHEMA,
        "name": build.name,
        "project": version,
        "commit": commit(project_root()),
        **common_facts(),
        "packages": packages,
        "parameters": dict(build.parameters),
        "inputs": dict(inputs),
        "jobs": list(jobs),
        "outputs": dict(made),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return content


def read(target: Path) -> dict[str, Any]:
    """Return the manifest of the published reports, empty where there is none that is whole."""
    try:
        content = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    whole = isinstance(content, dict) and content.get("schema") == SCHEMA
    return content if whole else {}


def made(target: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return what builds, those of earlier versions too, have made of the published reports."""
    try:
        content = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        return content.get("outputs") or {}
    except (OSError, ValueError, AttributeError):
        return {}


def _changed_outputs(target: Path, made: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    for place, facts in made.items():
        path = target / place
        if not path.is_file():
            yield f"{relative(path)} không còn"
        elif path.stat().st_size != facts["size"] or digest(path) != facts["sha256"]:
            yield f"{relative(path)} đã bị sửa sau lần dựng trước"


def staleness(target: Path, inputs: Iterable[Path]) -> tuple[str, ...]:
    """Return why the published reports must be built again; empty where nothing has changed.

    Args:
        target: The folder of the published reports.
        inputs: Every file that decides the result.
    """
    before = read(target)
    if not before:
        return ("chưa có bản dựng nào",)
    known, now = before["inputs"], fingerprint(path for path in inputs if path.is_file())
    reasons = [f"{path} đã đổi" for path in now if path in known and now[path] != known[path]]
    reasons += [f"{path} mới thêm" for path in now if path not in known]
    reasons += [f"{path} không còn" for path in known if path not in now]
    if before["python"] != platform.python_version():
        reasons.append(
            f"phiên bản Python đã đổi ({before['python']} → {platform.python_version()})"
        )
    reasons += _changed_outputs(target, before["outputs"])
    return tuple(reasons)

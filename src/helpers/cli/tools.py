"""The commands that hand over to the Python tools of an environment: tests, checks, JupyterLab."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.cli.options import Options

__all__ = ["TESTED", "check", "lab", "pins", "test"]

TESTED = ("src", "tests", "notebooks")


def tool(arguments: Sequence[str], root: Path, **environment: str) -> int:
    """Run a Python tool of this environment in the project folder."""
    sys.stdout.flush()
    variables = {**os.environ, **environment}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=root, env=variables, check=False).returncode


def test(root: Path, options: Options) -> int:
    """Run every test that needs nothing but the pinned packages, side by side."""
    parallel = ["-n", "auto", "--dist", "loadscope"]
    return tool(["pytest", "-m", "not browser", *parallel, *options.rest], root)


def check(root: Path, _: Options) -> int:
    """Lint, format and types; say which passed."""
    folders = [folder for folder in TESTED if (root / folder).is_dir()]
    checks = {
        "Quy tắc viết mã (ruff check)": ["ruff", "check", *folders],
        "Trình bày mã (ruff format)": ["ruff", "format", "--check", *folders],
        "Kiểu dữ liệu (mypy)": ["mypy"],
    }
    results = {name: tool(arguments, root) for name, arguments in checks.items()}
    print()
    for name, code in results.items():
        print(f"{'đạt  ' if code == 0 else 'HỎNG '} {name}")
    return int(any(results.values()))


def lab(root: Path, options: Options) -> int:
    """Open JupyterLab in Vietnamese on the notebooks."""
    import json

    settings = Path(sys.prefix) / "share/jupyter/lab/settings/overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    language = {"@jupyterlab/translation-extension:plugin": {"locale": "vi_VN"}}
    settings.write_text(json.dumps(language, indent=1) + "\n", encoding="utf-8")
    arguments = [f"--ServerApp.root_dir={root}", "--LabApp.default_url=/lab/tree/notebooks"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    words = ["jupyterlab", "-y", *arguments, *options.rest]
    if os.name == "nt":
        return tool(words, root, LANGUAGE="vi_VN")
    # JupyterLab takes this process's place, so that Ctrl-C reaches it alone.
    os.chdir(root)
    os.execve(sys.executable, [sys.executable, "-m", *words], {**os.environ, "LANGUAGE": "vi_VN"})


def pins(root: Path, _: Options) -> int:
    """Resolve the pinned packages anew."""
    from helpers.runner.pins import resolve

    return resolve(root)

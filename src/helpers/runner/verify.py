"""Build twice in two places under other settings, and compare every byte."""

from __future__ import annotations

import tempfile
from pathlib import Path

from helpers.runner.console import Console, seconds
from helpers.runner.copies import build_there, copy_project
from helpers.runner.publish import CHANGES

__all__ = ["differences", "verify"]

SETTINGS = (
    ("mot", {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
    ("thu-hai-dai-hon", {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "2"}),
)
"""Where and under what settings the two builds run: paths of unlike length, other zones."""


def differences(first: Path, second: Path) -> list[str]:
    """Return the files that are not the same in both folders, from the folder on."""
    places = {
        path.relative_to(folder)
        for folder in (first, second)
        for path in folder.rglob("*")
        if path.is_file() and path.name != CHANGES
    }
    return [
        place.as_posix()
        for place in sorted(places)
        if not (first / place).is_file()
        or not (second / place).is_file()
        or (first / place).read_bytes() != (second / place).read_bytes()
    ]


def verify(root: Path, plan: str, console: Console) -> int:
    """Return 0 where two builds of the plan are the same byte for byte, else 1."""
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
        targets = []
        for number, (name, settings) in enumerate(SETTINGS, start=1):
            folder = Path(scratch) / name / "du-an"
            copy_project(root, folder)
            words = ", ".join(f"{key}={value}" for key, value in settings.items())
            console.say(f"Dựng lần {number} ({words}) …")
            took, done = build_there(folder, plan, settings)
            if done.returncode:
                console.say(done.stdout + done.stderr)
                console.say(f"Lần {number} dựng hỏng, không so sánh được.", "bad")
                return 1
            console.say(f"  xong {seconds(took)}")
            targets.append(folder / "reports")
        different = differences(*targets)
        count = sum(path.is_file() for path in targets[0].rglob("*"))
    if different:
        console.say(f"Có {len(different)} tệp khác nhau giữa hai lần dựng:", "bad")
        for place in different:
            console.say(f"  {place}")
        return 1
    console.say(f"Hai lần dựng giống nhau từng byte ({count} tệp).", "good")
    return 0

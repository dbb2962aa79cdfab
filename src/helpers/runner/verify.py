"""Build again in two other places, as at other times, and compare every byte.

Each build runs in a copy of the project under a clock, a time zone, a locale and a hash seed of its
own; the files of the copy have other times, and the paths are of unlike length. The clock is that
of every Python process of the build: Python imports `sitecustomize` whenever it starts.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from helpers.runner.console import Console, seconds
from helpers.runner.copies import copy_project, run_there
from helpers.runner.judge import shortened
from helpers.runner.manifest import MANIFEST, read, staleness
from helpers.runner.publish import CHANGES

__all__ = ["SETTINGS", "Setting", "differences", "verify"]

CLOCK = """import datetime
import time_machine
moment = datetime.datetime.fromisoformat({moment!r})
time_machine.travel(moment, tick=True).start()
"""
"""What every Python process of a build starts with."""

OF_PLACE = ("commit",)
"""What the manifest says of the place where it was built, and not of what was built."""

CLOCK_FOLDER = "clock"
SHOWN = 20


@dataclass(frozen=True)
class Setting:
    """Where, when and how a build runs."""

    folder: str
    moment: str
    """What its clock shows at the start, with the offset from UTC."""
    variables: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the setting in one line."""
        words = (f"{name}={value}" for name, value in self.variables.items())
        return ", ".join([f"đồng hồ {self.moment}", *words])


SETTINGS = (
    Setting(
        "mot",
        "2019-02-28T23:59:50+07:00",
        {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    ),
    Setting(
        "thu-hai-dai-hon",
        "2031-12-31T23:59:50-08:00",
        {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    ),
)
"""Both builds see midnight pass: into a March, and into a new year."""


def _fields(path: Path) -> dict[str, object]:
    """Return what of a manifest is compared: all that is not of the place where it was written."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in found.items() if name not in OF_PLACE}


def _difference(first: Path, second: Path) -> str:
    """Return how two files differ, in a few words; empty where they do not."""
    if not (first.is_file() and second.is_file()):
        return "chỉ có ở một bên"
    if first.name != MANIFEST:
        return "" if first.read_bytes() == second.read_bytes() else "khác nội dung"
    one, other = _fields(first), _fields(second)
    names = [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
    return f"khác ở mục {', '.join(names)}" if names else ""


def _made(folder: Path) -> set[str]:
    """Return the files of reports: those that a build made there, and its manifest."""
    return {*read(folder).get("outputs", ()), MANIFEST}


def _all(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files} - {CHANGES}


def differences(first: Path, second: Path, places: Iterable[str] | None = None) -> dict[str, str]:
    """Return the files that are not the same in both folders, from the folder on, and how.

    Args:
        first: A folder of finished reports.
        second: Another.
        places: The files to compare; all that are in either, where not given.
    """
    wanted = _all(first) | _all(second) if places is None else set(places)
    found = {place: _difference(first / place, second / place) for place in sorted(wanted)}
    return {place: how for place, how in found.items() if how}


def _date(folder: Path, moment: datetime) -> None:
    """Give every file of a copy a time of change of its own, before its clock's."""
    for age, path in enumerate(sorted(folder.rglob("*"))):
        when = moment.timestamp() - 3600 * (age + 1)
        os.utime(path, (when, when))


def _prepare(root: Path, scratch: Path, setting: Setting) -> Path:
    """Copy the project to where it is built under a setting; return the copy."""
    place = scratch / setting.folder
    folder, clock = place / "du-an", place / CLOCK_FOLDER
    copy_project(root, folder)
    _date(folder, datetime.fromisoformat(setting.moment))
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(CLOCK.format(moment=setting.moment), encoding="utf-8")
    return folder


def _build(folder: Path, setting: Setting, command: Sequence[str]) -> str:
    """Build a copy under its setting; return what was said where that failed."""
    path = os.pathsep.join([str(folder.parent / CLOCK_FOLDER), str(folder / "src")])
    done = run_there(folder, command, {**setting.variables, "PYTHONPATH": path})
    return done.stdout + done.stderr if done.returncode else ""


def _tell(different: Mapping[str, str], what: str, console: Console) -> None:
    console.say(f"Có {len(different)} tệp khác nhau {what}:", "bad")
    for place, how in list(different.items())[:SHOWN]:
        console.say(f"  {place}: {how}")
    if len(different) > SHOWN:
        console.say(f"  … và {len(different) - SHOWN} tệp khác")


def _beside_published(
    published: Path, built: Path, inputs: Iterable[Path], console: Console
) -> bool:
    """Compare the reports that are published in the project; return whether they are alike."""
    if not read(published):
        console.say("Trong reports/ chưa có bản nào để so thêm.")
        return True
    if reasons := staleness(published, inputs):
        said = shortened(list(reasons))
        console.say(f"Bản đang có trong reports/ không còn đúng với số liệu, không so: {said}.")
        return True
    if different := differences(published, built, _made(published) | _made(built)):
        _tell(different, "giữa bản đang có trong reports/ và bản dựng lại", console)
        return False
    note = "trừ mã commit ghi trong manifest.json, vì bản sao không có .git"
    console.say(f"Bản đang có trong reports/ giống từng byte ({note}).", "good")
    return True


def verify(
    root: Path, name: str, command: Sequence[str], inputs: Iterable[Path], console: Console
) -> int:
    """Return 0 where all builds of the reports are the same byte for byte, else 1.

    Args:
        root: The project.
        name: The folder of the reports in `reports/`.
        command: What builds them, as it stands behind Python's name.
        inputs: Every file that decides the reports: by them it is known whether those published in
            the project are up to date, and are compared too.
        console: Where to say it.
    """
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
        copies = [root]
        for setting in SETTINGS:
            # A copy of the copy before: an edit made meanwhile in the project reaches no second.
            copies.append(_prepare(copies[-1], Path(scratch), setting))
        del copies[0]
        for number, (folder, setting) in enumerate(zip(copies, SETTINGS, strict=True), start=1):
            console.say(f"Dựng lần {number} ({setting}) …")
            start = time.monotonic()
            if failed := _build(folder, setting, command):
                console.say(failed)
                console.say(f"Lần {number} dựng hỏng, không so sánh được.", "bad")
                return 1
            console.say(f"  xong {seconds(time.monotonic() - start)}")
        first, second = (folder / "reports" / name for folder in copies)
        if not read(first):
            console.say(f"Lần dựng không để lại báo cáo nào trong reports/{name}.", "bad")
            return 1
        if different := differences(first, second):
            _tell(different, "giữa hai lần dựng", console)
            return 1
        console.say(f"Hai lần dựng giống nhau từng byte ({len(_all(first))} tệp).", "good")
        return int(not _beside_published(root / "reports" / name, first, inputs, console))

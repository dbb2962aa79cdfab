"""A desk is read and checked once, and again as soon as any file behind it has changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from project_samples import PLAN, ROOT, SETTLE, copy_project

from helpers import desk, open_desk
from helpers.data.unchanged import facts_of, settled
from helpers.desk import warm
from helpers.errors import InputRefused

DATA = "data/nghe-an-2024"


class Readings(list[Path]):
    """The plan files that were really read."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project, nothing of which has been read."""
    return copy_project(tmp_path, monkeypatch)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    """Count how often a plan is read."""
    found, load = Readings(), desk.load_plan

    def counted(path: Path) -> desk.Plan:
        found.append(path)
        return load(path)

    monkeypatch.setattr(desk, "load_plan", counted)
    return found


def test_an_unchanged_desk_is_read_once(project: Path, readings: Readings) -> None:
    """However often it is opened, by notebooks or by the build, and whatever it is asked for."""
    first, second = open_desk(PLAN), open_desk(PLAN)
    third = warm(project / PLAN)
    assert len(readings) == 1
    assert first.plan == second.plan == third.plan
    for name, frame in first.data.frames.items():
        pd.testing.assert_frame_equal(frame, second.data.frames[name])


def _replace(old: str, new: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _without(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")


CHANGES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "plan": (PLAN, _replace("small_cell_threshold: 10", "small_cell_threshold: 12")),
    "rules": ("params/rules/nghe-an-2024.yaml", _replace("title: ", "title: Sửa ")),
    "other rules": ("params/rules/nghe-an-2024-theo-so-ho.yaml", _replace("title: ", "title: Sửa")),
    "standard": ("params/standards/nd-07-2021.yaml", _replace("title: ", "title: Sửa ")),
    "cell": (f"{DATA}/poverty.csv", _replace("2024,", "2024, ")),
    "sidecar": (f"{DATA}/poverty.meta.yml", _replace("title: ", "title: Sửa ")),
    "form": (f"{DATA}/review/bieu-01.csv", _replace(",", ", ")),
    "corrections": (f"{DATA}/review/corrections.yml", _replace("reason: ", "reason: Sửa ")),
    "sidecar of the forms": (f"{DATA}/review/review.meta.yml", _replace("title: ", "title: Sửa ")),
    "table gone": (f"{DATA}/dtts_poverty.meta.yml", _without),
    "file added": (f"{DATA}/notes.csv", _empty),
    "sidecar of a register added": (f"{DATA}/register.meta.yml", _empty),
    "folder added": (f"{DATA}/review/Kỳ Sơn/ghi-chú.txt", _empty),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_any_change_is_seen_at_once(project: Path, readings: Readings, name: str) -> None:
    """Of plan, rules, standards, tables, sidecars, forms, and of which files there are."""
    open_desk(PLAN)
    place, change = CHANGES[name]
    change(project / place)
    try:
        open_desk(PLAN)
    except InputRefused:
        assert name in ("table gone",)
    assert len(readings) == 2


def test_a_changed_cell_is_in_the_next_desk(project: Path) -> None:
    """And back again, even where size and time of the file are made to look the same."""
    path = project / DATA / "poverty.csv"
    text, times = path.read_text(encoding="utf-8"), path.stat()
    before = open_desk(PLAN).data.poverty
    row = text.splitlines()[1]
    other = f"{row[:-1]}{(int(row[-1]) + 1) % 10}"
    path.write_text(text.replace(row, other, 1), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = open_desk(PLAN).data.poverty
    assert before["near_poor_households"].iloc[0] != after["near_poor_households"].iloc[0]
    assert before.iloc[1:].equals(after.iloc[1:])


def test_a_file_that_was_just_written_is_not_trusted(project: Path) -> None:
    """Two changes within one tick of the file system's clock have one time."""
    path = project / PLAN
    text = path.read_text(encoding="utf-8")
    for number in (11, 12, 13):
        path.write_text(text.replace("threshold: 10", f"threshold: {number}"), encoding="utf-8")
        assert open_desk(PLAN).plan.small_cell_threshold == number


def test_a_refused_plan_is_read_again(project: Path) -> None:
    """What was in order before the mistake does not stand in for it, and mending helps at once."""
    path = project / PLAN
    text = path.read_text(encoding="utf-8")
    open_desk(PLAN)
    path.write_text(text.replace("year: 2024", "year: x"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InputRefused):
            open_desk(PLAN)
    path.write_text(text, encoding="utf-8")
    assert open_desk(PLAN).plan.year == 2024


def test_a_workbook_and_its_forms_are_watched(project: Path, readings: Readings) -> None:
    """Where the tables are one Excel file, the sidecar and the forms stand beside it."""
    from helpers.data.workbook import write_workbook

    write_workbook(project / DATA, project / "data" / "so-lieu.xlsx")
    shutil.copytree(project / DATA / "review", project / "data" / "so-lieu-review")
    plan = project / PLAN
    plan.write_text(
        plan.read_text(encoding="utf-8").replace(DATA, "data/so-lieu.xlsx"), encoding="utf-8"
    )
    time.sleep(SETTLE)
    open_desk(PLAN)
    open_desk(PLAN)
    assert len(readings) == 1
    _replace("title: ", "title: Sửa ")(project / "data" / "so-lieu.meta.yml")
    open_desk(PLAN)
    _empty(project / "data" / "so-lieu-review" / "thêm.txt")
    open_desk(PLAN)
    assert len(readings) == 3


def test_what_one_caller_does_touches_no_other(project: Path) -> None:
    """Frames may be written to in place, down to their arrays; the next desk is as it was."""
    kept, spoilt = open_desk(PLAN), open_desk(PLAN)
    frames = [*spoilt.data.frames.values(), *spoilt.data.review.frames.values()]
    for frame in [*frames, spoilt.data.review.applied]:
        frame.index.name = "hỏng"
        for column in list(frame):
            if len(frame):
                frame[column].array[0] = frame[column].array[-1]
                frame.loc[frame.index[0], column] = frame[column].iloc[-1]
        frame.pop(frame.columns[0])
        frame["hỏng"] = 1
    spoilt.plan.capital.types.clear()  # type: ignore[attr-defined]
    spoilt.data.sidecars["poverty"].columns["hỏng"] = 1  # type: ignore[index]
    again = open_desk(PLAN)
    assert again.plan == kept.plan
    assert again.data.sidecars == kept.data.sidecars
    for name, frame in kept.data.frames.items():
        pd.testing.assert_frame_equal(frame, again.data.frames[name])
    for number, frame in kept.data.review.frames.items():
        pd.testing.assert_frame_equal(frame, again.data.review.frames[number])
    pd.testing.assert_frame_equal(kept.data.review.applied, again.data.review.applied)


def test_facts_tell_of_files_that_are_gone_or_new(tmp_path: Path) -> None:
    """A missing file has facts of its own, and is never settled."""
    (tmp_path / "a").write_text("a", encoding="utf-8")
    time.sleep(SETTLE)
    known = facts_of([tmp_path])
    assert settled(known, time.time_ns())
    assert not settled(known, 0)
    assert not settled(facts_of([tmp_path / "b"]), time.time_ns())
    (tmp_path / "b").mkdir()
    assert facts_of([tmp_path]) != known


WARM = """
import os, sys
from pathlib import Path

def threads():
    return len(os.listdir("/proc/self/task"))

before = threads()
from helpers import desk
desk.warm(Path(sys.argv[1]))
assert threads() == before == 1, (before, threads())
assert not {"polars", "pyarrow", "openpyxl", "matplotlib"} & set(sys.modules)
child = os.fork()
if not child:
    desk.load_plan = None
    os._exit(0 if desk.open_desk(sys.argv[1]).plan.year == 2024 else 1)
sys.exit(os.waitpid(child, 0)[1] != 0)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_warming_starts_no_thread_and_serves_forked_processes(project: Path) -> None:
    """Polars is not loaded, though there is a register, and the child reads nothing again."""
    (project / DATA / "register.csv").write_text("không đọc\n", encoding="utf-8")
    (project / DATA / "register.meta.yml").write_text("không đọc\n", encoding="utf-8")
    time.sleep(SETTLE)
    environment = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "HELPERS_ROOT": str(project),
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-c", WARM, str(project / PLAN)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


LIGHT = """
import sys
import helpers.data.catalogue, helpers.poverty.disclosure, helpers.progress.forecast
import helpers.progress.at_risk, helpers.progress.pace
print(*sorted({"pandera", "scipy", "openpyxl", "polars"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_what_briefs_take_from_analyses_loads_no_heavy_library() -> None:
    """Words, names and rules of tables need neither schemas nor a solver."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", LIGHT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"

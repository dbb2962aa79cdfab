"""A full disk, folders that cannot be written, data that vanish, two builds, and being stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import toy_build
from build_samples import (
    Project,
    marked,
    may_mount,
    mounted,
    numbers_in,
    tell,
    told,
    toy_project,
    waiting,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]

STOPPED = 130
PARAMETERS = 'table: str = "bang-1.csv"\nnumber: int = 1'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a toy project that was built once, to be copied."""
    project = toy_project(tmp_path_factory.mktemp("built") / "toy")
    assert project.build()[0] == 0
    return project.root


@pytest.fixture
def toy(built: Path, tmp_path: Path) -> Project:
    """Return a toy project that was built once."""
    shutil.copytree(built, tmp_path / "toy")
    return Project(tmp_path / "toy", "toy_build", "thu")


@pytest.fixture
def mounts(tmp_path: Path) -> None:
    """Skip where this user may not mount."""
    if not may_mount(tmp_path / "mount"):
        pytest.skip("chỉ người quản trị máy gắn được đĩa để thử")


def change(project: Project, text: str) -> dict[int, str]:
    """Change all data of the toy; return what its tables tell from then on."""
    after = dict.fromkeys(range(1, toy_build.TABLES + 1), text)
    tell(project.root, after)
    return after


def fill(folder: Path, leave: int) -> Path:
    """Fill a disk but for so many bytes; return the file that does."""
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    with ballast.open("wb") as stream:
        stream.write(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
    return ballast


@pytest.mark.usefixtures("mounts")
def test_a_full_disk_spares_the_reports_and_what_was_done(tmp_path: Path) -> None:
    """However early the disk is full, the build says so, publishes nothing, and resumes later."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=16m", "tmpfs") as disk:
        project = toy_project(disk / "toy")
        assert project.build()[0] == 0
        for turn, leave in enumerate((0, 8, 24, 60, 120, 200, 400, 800)):
            before = told(project.reports)
            after = change(project, f"đầy {turn}")
            ballast = fill(disk, leave * 1024)
            code, said = project.build()
            if code == 0:
                assert leave > 200, said
                ballast.unlink()
                continue
            assert code in (1, 2), said
            assert "đĩa đã đầy" in said
            assert "Traceback" not in said
            assert project.broken() == []
            assert told(project.reports) == before
            assert project.left() == []
            ballast.unlink()
            code, said = project.build()
            assert (code, project.broken(), told(project.reports)) == (0, [], after), said


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("place", ["reports", "reports/thu"])
def test_reports_that_may_not_be_written_are_told(toy: Project, place: str) -> None:
    """Where nothing may be written a build says so plainly; nothing changed is still told."""
    folder = toy.root / place
    before = told(toy.reports)
    with mounted(folder, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        code, said = toy.build()
        assert (code, "Không có gì thay đổi" in said) == (0, True), said
        after = change(toy, "mới")
        code, said = toy.build()
        assert code in (1, 2), said
        assert "Traceback" not in said
        assert "chỉ cho đọc" in said or "quyền ghi" in said
        assert toy.broken() == []
        assert told(toy.reports) == before
    code, said = toy.build()
    assert (code, toy.broken(), told(toy.reports)) == (0, [], after), said


@pytest.mark.parametrize("what", ["removed", "changed", "changed and back"])
def test_data_that_move_during_a_build_publish_nothing(toy: Project, what: str) -> None:
    """A data file that vanishes or changes in mid-run is named; the next build is right.

    So it is even when the file is then put back: what was made from the other is not taken for its.
    """
    before = told(toy.reports)
    mark = waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"), seconds=0.5)
    after = change(toy, "một")
    build = toy.start(stderr=subprocess.STDOUT)
    numbers_in(mark)
    data = toy.root / "data" / "bang-1.csv"
    if what == "removed":
        data.unlink()
    else:
        data.write_text("hai\n", encoding="utf-8")
        after[1] = "hai" if what == "changed" else "một"
    said, _ = build.communicate(timeout=60)
    assert build.returncode == 1, said
    assert "Traceback" not in said
    assert "data/bang-1.csv" in said
    assert (toy.broken(), told(toy.reports), toy.left()) == ([], before, [])
    if what != "changed":
        data.write_text("một\n", encoding="utf-8")
    code, said = toy.build()
    assert (code, toy.broken(), told(toy.reports)) == (0, [], after), said


def test_a_second_and_a_third_build_wait_and_find_nothing_to_do(toy: Project) -> None:
    """Builds at once say who holds the reports, wait, and then need not build again."""
    mark = waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"), seconds=0.7)
    after = change(toy, "mới")
    first = toy.start(stderr=subprocess.STDOUT)
    numbers_in(mark)
    others = [toy.start(stderr=subprocess.STDOUT) for _ in range(2)]
    assert first.wait(60) == 0
    for other in others:
        said, _ = other.communicate(timeout=60)
        assert other.returncode == 0
        held, *rest = said.splitlines()
        assert "đang được dựng ở nơi khác" in held
        assert f"tiến trình {first.pid} " in held
        assert "Không có gì thay đổi" in rest[0]
    first.communicate()
    assert (toy.broken(), told(toy.reports), toy.left()) == ([], after, [])


def test_a_build_that_waits_can_be_stopped(toy: Project) -> None:
    """Ctrl-C ends a build that waits for another, and leaves that one alone."""
    mark = waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"), seconds=1.5)
    first = toy.start(stderr=subprocess.STDOUT)
    numbers_in(mark)
    second = toy.start(stderr=subprocess.STDOUT)
    assert "đang chờ" in second.stdout.readline()
    os.killpg(second.pid, signal.SIGINT)
    said, _ = second.communicate(timeout=10)
    assert (second.returncode, said.splitlines()) == (STOPPED, ["Đã dừng theo yêu cầu."])
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 0, said


def _importing(project: Project) -> None:
    """Wait until the template's process is there."""
    while len(marked(project.mark)) < 2:
        time.sleep(0.005)


def _analysing(project: Project) -> None:
    numbers_in(project.root / "phan-tich-1.dau")


def _rendering(project: Project) -> None:
    """Wait until a brief is being made."""
    work = project.reports.with_name(".thu.work") / "reports" / "notebooks" / "huyen"
    while not any(work.glob("*.ipynb")):
        time.sleep(0.002)


PHASES: dict[str, Callable[[Project], None] | int] = {
    "importing": _importing,
    "analysing": _analysing,
    "rendering": _rendering,
    "publishing": 2,
    "tidying": 9,
}
"""How to wait for a phase of a build, or the step in publishing at which the build waits."""

STOPS = {"Ctrl-C": [signal.SIGINT], "Ctrl-C twice": [signal.SIGINT] * 2, "ended": [signal.SIGTERM]}


@pytest.mark.parametrize("signs", STOPS.values(), ids=STOPS.keys())
@pytest.mark.parametrize("phase", list(PHASES))
def test_a_build_is_stopped_in_any_phase(
    toy: Project, phase: str, signs: list[signal.Signals]
) -> None:
    """Ctrl-C or a request to end: one line, code 130, whole reports, no process, work not lost."""
    before = told(toy.reports)
    if phase == "analysing":
        waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"))
    after = change(toy, "mới")
    wait = PHASES[phase]
    held = {toy_build.STRUCK: f"{wait} held"} if isinstance(wait, int) else {}
    build = toy.start(stderr=subprocess.STDOUT, environment=held)
    if callable(wait):
        wait(toy)
    else:
        numbers_in(toy.root / toy_build.HELD)
    for sign in signs:
        os.killpg(build.pid, sign)
        time.sleep(0.01)
    said, _ = build.communicate(timeout=20)
    assert "Traceback" not in said
    assert toy.left() == []
    assert toy.broken() == []
    assert told(toy.reports) == (after if phase == "tidying" else before)
    lines = [line for line in said.splitlines() if not line.startswith("[")]
    assert build.returncode == STOPPED, said
    assert [line for line in lines if line.startswith("Đã dừng")] == lines[-1:]
    finished = toy.finished()
    code, said = toy.build()
    assert (code, toy.broken(), told(toy.reports)) == (0, [], after), said
    if finished and phase != "tidying":
        assert f"Giữ nguyên {len(finished)} sổ tính" in said


@pytest.mark.parametrize("changed", [False, True], ids=["unchanged", "changed"])
def test_a_reader_that_leaves_early_does_no_harm(toy: Project, changed: bool) -> None:
    """With `| head -1` no traceback is shown, and the reports are whole whatever comes of it."""
    before = told(toy.reports)
    after = change(toy, "mới") if changed else before
    build = toy.start()
    build.stdout.readline()
    build.stdout.close()
    errors = build.stderr.read()
    build.stderr.close()
    build.wait(60)
    assert errors == ""
    assert toy.left() == []
    assert toy.broken() == []
    assert told(toy.reports) in (before, after)
    code, said = toy.build()
    assert (code, toy.broken(), told(toy.reports)) == (0, [], after), said

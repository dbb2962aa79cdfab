"""Whatever is killed and whenever: whole reports, no process left, the next build completes."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import toy_build
from build_samples import (
    Project,
    marked,
    numbers_in,
    real_project,
    shown,
    tell,
    told,
    toy_project,
    waiting,
)
from runner_toys import write_notebook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]

KILLS, AT_ONCE = 190, 2
REAL_KILLS = 10
EVERY = 4
"""Of so many kills one strikes while the reports are being published."""
PUBLISHING_STEPS = 45
CHANGED = 6
"""Jobs of the toy that a round has to do again: two analyses and their four briefs."""


def _kept(said: str) -> int:
    found = re.search(r"Giữ nguyên (\d+) sổ tính", said)
    return int(found[1]) if found else 0


def _kill(project: Project, moment: float) -> int:
    """Start a build and kill it after so many seconds; return its exit code."""
    build = project.start(stderr=subprocess.STDOUT)
    time.sleep(moment)
    build.kill()
    build.communicate(timeout=30)
    return build.returncode


def _rounds(project: Project, kills: int, seed: int) -> tuple[list[str], int]:
    """Kill so many builds of a toy; return what was wrong, and how many had published."""
    chance = random.Random(seed)
    wrong: list[str] = []
    published = killed = tried = 0
    length = 1.0
    while killed < kills and tried < 2 * kills:
        tried += 1
        before = told(project.reports)
        first = tried % toy_build.TABLES
        after = {**before, **dict.fromkeys((first + 1, (first + 1) % 4 + 1), f"lần {tried}")}
        tell(project.root, after)
        if tried % EVERY == 0:
            moment = f"{chance.randint(1, PUBLISHING_STEPS)} killed"
            code, _ = project.build(environment={toy_build.STRUCK: moment})
        else:
            drawn = chance.uniform(0.02, 1.0) * length
            moment = f"{drawn:.3f} s"
            code = _kill(project, drawn)
        killed += code == -signal.SIGKILL
        name = f"{project.root.name} {tried} ({moment}, {code})"
        if left := project.left():
            wrong.append(f"{name}: left {left}")
        if broken := project.broken():
            wrong.append(f"{name}: broken {broken}")
            continue
        now = told(project.reports)
        if now not in (before, after) or shown(project.reports) != {n: {t} for n, t in now.items()}:
            wrong.append(f"{name}: mixed {now} {shown(project.reports)}")
        finished = project.finished()
        start = time.monotonic()
        code, said = project.build()
        if now == after:
            published += 1
            if "Không có gì thay đổi" not in said:
                wrong.append(f"{name}: published and built again {said}")
        else:
            length = time.monotonic() - start if not finished else length
            if _kept(said) < toy_build.JOBS - CHANGED + len(finished):
                wrong.append(f"{name}: {finished} not used {said}")
        if code or project.broken() or project.left() or told(project.reports) != after:
            wrong.append(f"{name}: next build {code} {project.broken()} {project.left()} {said}")
    if killed < kills:
        wrong.append(f"only {killed} of {tried} builds were killed")
    return wrong, published


def test_200_kills_of_builds_leave_whole_reports_and_no_process(tmp_path: Path) -> None:
    """Killed at any moment, a build leaves reports of one build only, and the next resumes it."""
    projects = [toy_project(tmp_path / f"toy-{number}") for number in range(AT_ONCE)]
    for project in projects:
        assert project.build()[0] == 0
    with ThreadPoolExecutor(AT_ONCE) as side_by_side:
        counts = [KILLS // AT_ONCE] * AT_ONCE
        ended = list(side_by_side.map(_rounds, projects, counts, range(AT_ONCE)))
    assert [wrong for found, _ in ended for wrong in found] == []
    # Some kills struck before, some after the moment of publication.
    assert all(0 < published < KILLS // AT_ONCE for _, published in ended)


def test_kills_of_the_shipped_project_leave_whole_reports(tmp_path: Path) -> None:
    """The province's own reports survive kills while one cell of the data makes them anew."""
    project = real_project(tmp_path / "kế hoạch", "Kỳ Sơn")
    start = time.monotonic()
    code, said = project.build()
    assert code == 0, said
    length = (time.monotonic() - start) / 2
    chance = random.Random(2024)
    data = project.root / "data" / "nghe-an-2024" / "movements.csv"
    text = data.read_text(encoding="utf-8")
    published = project.reports / "tables" / "movements.csv"
    for kill in range(1, REAL_KILLS + 1):
        amount = f"{800 + kill} triệu"
        data.write_text(text.replace("800 triệu", amount), encoding="utf-8")
        before = published.read_bytes()
        code = _kill(project, chance.uniform(0.2, 1.0) * length)
        assert project.left() == []
        assert project.broken() == []
        finished = project.finished() if published.read_bytes() == before else []
        start = time.monotonic()
        code, said = project.build()
        length = length if finished else time.monotonic() - start
        assert (code, project.broken(), project.left()) == (0, [], []), said
        assert f",{800 + kill}000000," in published.read_text(encoding="utf-8-sig")
        if finished:
            assert _kept(said) >= len(finished)


@pytest.fixture
def toy(tmp_path: Path) -> Project:
    """Return a toy project that was built once."""
    project = toy_project(tmp_path / "toy")
    assert project.build()[0] == 0
    return project


def _struck(project: Project, mark: Path, which: int, times: int = 1) -> tuple[int, str]:
    """Build, and kill one of the two processes that the mark names; return how it ended."""
    build = project.start(stderr=subprocess.STDOUT)
    for _ in range(times):
        os.kill(numbers_in(mark)[which], signal.SIGKILL)
        mark.unlink()
    if times == 1:
        mark.touch()  # it need not wait again
    said, _ = build.communicate(timeout=60)
    return build.returncode, said


KERNEL, WORKER = 0, 1


def test_a_worker_that_is_killed_is_replaced(toy: Project) -> None:
    """The task of a dead worker is done by another; the build is as good as any."""
    mark = waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"))
    after = told(toy.reports) | {1: "mới"}
    tell(toy.root, after)
    code, said = _struck(toy, mark, WORKER)
    assert (code, toy.broken(), toy.left(), told(toy.reports)) == (0, [], [], after), said


def test_a_task_that_kills_its_worker_twice_fails_alone(toy: Project) -> None:
    """Twice is enough: the job fails, those that need it are skipped, all others are done."""
    before = told(toy.reports)
    analysis = toy_build.ANALYSIS.format(table="bang-1")
    mark = waiting(toy, "phan-tich-1", analysis, always=True)
    tell(toy.root, {2: "mới"})
    code, said = _struck(toy, mark, WORKER, times=2)
    assert code == 1
    assert "tiến trình chạy và xuất bản bị tắt hai lần" in said
    _assert_rest_is_done(toy, said, before)


def test_a_kernel_that_is_killed_fails_its_notebook_alone(toy: Project) -> None:
    """A kernel killed in mid-cell is told with its cell; dependants are skipped, the rest done."""
    before = told(toy.reports)
    mark = waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"))
    tell(toy.root, {2: "mới"})
    code, said = _struck(toy, mark, KERNEL)
    assert code == 1
    assert "tiến trình tính (kernel) bị tắt đột ngột" in said
    assert "ô thứ 3" in said
    _assert_rest_is_done(toy, said, before)


def _assert_rest_is_done(toy: Project, said: str, before: dict[int, str]) -> None:
    """Hold that all but the first analysis and its two briefs were done, and resume."""
    assert "Traceback" not in said
    assert said.count("bỏ qua") == 2
    assert (toy.broken(), toy.left(), told(toy.reports)) == ([], [], before)
    done = ["huyen/1.json", "huyen/5.json", "phan-tich-2.json"]
    assert toy.finished() == done
    write_notebook(
        toy.root, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"), parameters=None
    )
    code, said = toy.build()
    assert (code, toy.broken(), told(toy.reports)) == (0, [], before | {2: "mới"}), said
    assert f"Giữ nguyên {toy_build.JOBS} sổ tính" in said or "Phân tích 1" in said


def test_a_template_that_is_killed_ends_the_build_honestly(toy: Project) -> None:
    """Without its template a build fails in plain words, at once, and leaves the reports."""
    before = told(toy.reports)
    mark = waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"))
    tell(toy.root, dict.fromkeys(range(1, toy_build.TABLES + 1), "mới"))
    build = toy.start(stderr=subprocess.STDOUT)
    numbers_in(mark)
    children = Path(f"/proc/{build.pid}/task/{build.pid}/children").read_text(encoding="ascii")
    (template,) = (int(number) for number in children.split())
    os.kill(template, signal.SIGKILL)
    said, _ = build.communicate(timeout=30)
    assert build.returncode == 1, said
    assert "Traceback" not in said
    assert "bị tắt" in said
    assert (toy.broken(), toy.left(), told(toy.reports)) == ([], [], before)
    code, said = toy.build()
    assert (code, toy.broken()) == (0, []), said
    assert set(told(toy.reports).values()) == {"mới"}


def test_the_looks_for_processes_find_them(toy: Project) -> None:
    """While a build runs, its driver, template, workers and kernels are all found by their mark."""
    mark = waiting(toy, "phan-tich-1", toy_build.ANALYSIS.format(table="bang-1"))
    build = toy.start(stderr=subprocess.STDOUT)
    kernel, worker = numbers_in(mark)
    found = {int(line.split()[0]) for line in marked(toy.mark)}
    build.kill()
    build.communicate()
    assert {build.pid, kernel, worker} < found
    assert toy.left() == []

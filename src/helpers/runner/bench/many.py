"""Measure many short documents in one run: time, memory, and going on after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpers.errors import HelpersError
from helpers.runner.bench.measure import Used, alive, measured, processes
from helpers.runner.bench.telling import decimal, gigabytes, second, taken
from helpers.runner.bench.trial import Trial, answer, run_measured
from helpers.runner.copies import variables_there
from helpers.runner.publish import workshop

__all__ = ["linear", "many", "resumed"]

MEMORY = 1_500_000_000
"""The goal: bytes of all processes together."""

APART = 0.2
"""The goal: by how much the time of one document may differ between the numbers of documents."""

LONGEST = 3600.0
"""Seconds that a run may take to its half."""

LOOK = 0.05
"""Seconds between two looks at how far a run has come."""


def linear(measures: Sequence[tuple[int, Used]]) -> str:
    """Return how the time of one document and the memory differ between the numbers."""
    times = [[used.wall / number, used.processor / number] for number, used in measures]
    wall, processor = (
        f"{'; '.join(f'{decimal(one * 1000, 0)} ms' for one in each)} "
        f"(chênh nhau {decimal((max(each) / min(each) - 1) * 100, 0)} %)"
        for each in zip(*times, strict=True)
    )
    held = "; ".join(gigabytes(used.memory) for _, used in measures)
    return (
        f"Mỗi phiếu:   {wall}, bộ xử lý {processor}, mục tiêu chênh không quá {APART * 100:.0f} %; "
        f"bộ nhớ {held} (mục tiêu dưới {gigabytes(MEMORY)}, không tăng theo số phiếu)"
    )


def many(root: Path, trial: Trial, numbers: Sequence[int]) -> Iterator[str]:
    """Yield what each number of documents takes, and how that grows."""
    measures = []
    for number in numbers:
        used, said = run_measured(root, trial.many(number, f"phieu-{number}"), memory=True)
        made = answer(said)["made"]
        yield f"Sinh {number} phiếu minh họa, HTML và PDF ({made} sổ tính):   {taken(used)}"
        measures.append((number, used))
    yield linear(measures)


def _records(shed: Path) -> int:
    """Return how many jobs a build under way has finished."""
    return sum(1 for _ in (shed / "jobs").rglob("*.json"))


def _kill_half_way(root: Path, command: Sequence[str], shed: Path, half: int) -> tuple[int, int]:
    """Start a run and kill its process; return the jobs finished by then, and processes left."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env=variables_there(root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + LONGEST
    while _records(shed) < half:
        if process.poll() is not None or time.monotonic() > deadline:
            raise HelpersError("Không đo được: lần chạy kết thúc trước khi bị dừng giữa chừng.")
        time.sleep(LOOK)
    started = processes(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while (left := sum(map(alive, started))) and time.monotonic() < deadline:
        time.sleep(LOOK)
    return _records(shed), left


def resumed(root: Path, trial: Trial, number: int) -> str:
    """Return what is left to do for a run that was killed half-way, and what that takes."""
    name = "phieu-dung-giua-chung"
    command = trial.many(number, name)
    shed = workshop(root / "reports" / name)
    with measured():
        finished, left = _kill_half_way(root, command, shed, number // 2)
    used, said = run_measured(root, command)
    told = answer(said)
    whole = told["made"] + told["kept"]
    return (
        f"Dừng đột ngột (SIGKILL) khi xong {finished} trên {whole} sổ tính, còn sót {left} tiến "
        f"trình:   lần sau chỉ chạy {told['made']}, giữ {told['kept']}; {second(used.wall)}"
    )

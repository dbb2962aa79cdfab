"""Kernels that die, hang, hoard memory or leave processes behind; and nothing is left of them."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.execute import execute_notebook
from warm_samples import WARM, notebook, ready, run, texts

from helpers.runner.warm import shared as sharing
from helpers.runner.warm.manager import WarmKernels
from helpers.runner.warm.start import Start
from helpers.runner.warm.template import Ended, Template

pytestmark = pytest.mark.slow

MARK = "86399.125"
"""Seconds of a sleep that nobody else sleeps: by it a process that was left behind is found."""


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> Iterator[None]:
    with ready(WARM_PRELOAD="numpy"):
        yield


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    """Return a template of the tests' own."""
    made = Template(["numpy"])
    made.wait()
    yield made
    made.close()


def _asleep() -> list[psutil.Process]:
    """Return the living processes that sleep so conspicuously."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if alive and process.info["cmdline"] == ["sleep", MARK]:
            found.append(process)
    return found


def _soon(true: Callable[[], object], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return bool(true())


def _dies(template: Template, folder: Path, *cells: str, **given: Any) -> tuple[Any, Ended, str]:
    """Run cells of which the last is the kernel's end; return notebook, end and error's name."""
    seen: list[Any] = []
    kernels = WarmKernels(template, Start(environment=os.environ))
    with pytest.raises((DeadKernelError, CellTimeoutError)) as caught:
        execute_notebook(
            notebook(cells),
            None,
            engine_name=WARM,
            kernel_manager_class=kernels.manager_class(),
            progress_bar=False,
            cwd=folder,
            on_notebook_start=lambda notebook: seen.append(notebook),
            **given,
        )
    assert kernels.ended is not None
    return seen[0], kernels.ended, caught.typename


DEATHS = {
    "os._exit": ("import os; os._exit(7)", 7),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    "terminated": ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
    "segfault": ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    "stack": (
        "import sys, ctypes; sys.setrecursionlimit(10**8)\n"
        "call = ctypes.CFUNCTYPE(None)\n"
        "def deep(): again()\n"
        "again = call(deep)\n"
        "deep()",
        -signal.SIGSEGV,
    ),
    "abort": ("import os; os.abort()", -signal.SIGABRT),
}


@pytest.mark.parametrize("way", DEATHS)
def test_a_death_is_told_with_its_code_and_what_was_printed(
    template: Template, tmp_path: Path, way: str
) -> None:
    """The run ends as died within moments; outputs that came before stay in the notebook."""
    line, code = DEATHS[way]
    started = time.monotonic()
    before = "for i in range(200): print(i, flush=True)\nprint('trước', flush=True)\ndisplay(5)\n"
    wait = "import time; time.sleep(0.05)\n"  # a kernel's own thread sends what was printed
    ran, ended, name = _dies(template, tmp_path, "x = 1", before + wait + line)
    assert (name, ended.code) == ("DeadKernelError", code)
    assert time.monotonic() - started < 5
    said = texts(ran)[1]
    assert said.startswith("0\n1\n")
    assert said.endswith("199\ntrước\n5")
    assert ended.seconds > 0
    assert ended.bytes > 2**20


def test_a_death_is_seen_though_a_process_left_behind_holds_the_pipe(
    template: Template, tmp_path: Path
) -> None:
    """A forked process that outlives its kernel does not keep papermill waiting."""
    cell = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    time.sleep(20)\n"
        "    os._exit(0)\n"
        "print('cha', flush=True); time.sleep(0.1); os._exit(3)"
    )
    started = time.monotonic()
    ran, ended, name = _dies(template, tmp_path, cell)
    assert (name, ended.code, texts(ran)) == ("DeadKernelError", 3, ["cha"])
    assert time.monotonic() - started < 4


HANGS = {
    "sleep": "import time; time.sleep(60)",
    "ignores": (
        "import signal, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True:\n"
        "    try: time.sleep(60)\n"
        "    except BaseException: pass"
    ),
    "join": (
        "import threading, time\n"
        "t = threading.Thread(target=time.sleep, args=(60,)); t.start(); t.join()"
    ),
    "await": "import asyncio; await asyncio.sleep(60)",
    "prints": "while True: print('x' * 1000)",
}


@pytest.mark.parametrize("way", HANGS)
def test_a_cell_that_hangs_is_ended_in_time(template: Template, tmp_path: Path, way: str) -> None:
    """After the time-out the kernel is gone, whatever it does against it."""
    started = time.monotonic()
    given = {"execution_timeout": 1, "shutdown_kernel": "immediate"}
    ran, ended, name = _dies(template, tmp_path, "print(1)", HANGS[way], **given)
    assert (name, ended.code) == ("CellTimeoutError", -signal.SIGKILL)
    assert texts(ran)[0] == "1"
    assert 1 <= time.monotonic() - started < 5


def test_a_hanging_cell_is_given_some_grace_at_most(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a graceful end of a kernel that never stops printing comes to its end."""
    monkeypatch.setattr("helpers.runner.warm.manager.GRACE", 0.5)
    started = time.monotonic()
    _, ended, _ = _dies(template, tmp_path, HANGS["prints"], execution_timeout=1)
    assert ended.code == -signal.SIGKILL
    assert time.monotonic() - started < 5


def test_an_interrupt_stops_a_cell_and_spares_the_kernel(
    template: Template, tmp_path: Path
) -> None:
    """With interrupt_on_timeout a cell ends as KeyboardInterrupt, and the next ones run."""
    kernels = WarmKernels(template, Start(environment=os.environ))
    given = {"interrupt_on_timeout": True, "execution_timeout": 1, "allow_errors": True}
    ran = run(
        ["import time\nx = 5\ntime.sleep(60)", "x"],
        WARM,
        tmp_path,
        kernel_manager_class=kernels.manager_class(),
        **given,
    )
    assert texts(ran) == ["KeyboardInterrupt:", "5"]


HOARDS = {
    "numpy": "import numpy; hoard = [numpy.ones(10**7) for _ in range(1000)]",
    "one array": "import numpy; hoard = numpy.ones(10**10)",
    "bytes": "hoard = [bytearray(10**6) for _ in range(10**6)]",
    "list": "hoard = []\nwhile True: hoard.append(object())",
    "text": "hoard = 'x'\nwhile True: hoard += hoard",
}


@pytest.mark.parametrize("way", HOARDS)
def test_memory_has_a_limit_that_the_kernel_survives(
    template: Template, tmp_path: Path, way: str
) -> None:
    """What a notebook may not have is a MemoryError in the cell; the next cell still runs."""
    kernels = WarmKernels(template, Start(environment=os.environ, memory=300 * 2**20))
    cells = [HOARDS[way], "print(len(hoard) if 'hoard' in dir() else 0, 'còn sống')"]
    ran = run(
        cells,
        WARM,
        tmp_path,
        kernel_manager_class=kernels.manager_class(),
        allow_errors=True,
    )
    first, second = texts(ran)
    assert first.startswith("MemoryError")
    assert second.endswith("còn sống")
    assert kernels.ended is not None
    assert kernels.ended.bytes < 700 * 2**20


def test_memory_has_a_limit_even_for_crumbs(template: Template, tmp_path: Path) -> None:
    """Where crumbs leave Python itself no memory to go on, time or death ends the run."""
    kernels = WarmKernels(template, Start(environment=os.environ, memory=200 * 2**20))
    cell = "hoard = {}\nfor i in range(10**9): hoard[i] = [i]"
    with contextlib.suppress(DeadKernelError, CellTimeoutError):
        run(
            [cell],
            WARM,
            tmp_path,
            kernel_manager_class=kernels.manager_class(),
            execution_timeout=3,
            shutdown_kernel="immediate",
        )
    assert kernels.ended is not None
    assert 150 * 2**20 < kernels.ended.bytes < 600 * 2**20


LEAVES = f"""
import os, subprocess, time
subprocess.Popen(["sleep", "{MARK}"])
subprocess.Popen(["sleep", "{MARK}"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "{MARK}"])
    os._exit(0)
os.system("setsid sleep {MARK} &")
time.sleep(0.2)
"""


def test_processes_that_a_notebook_leaves_go_with_the_template(tmp_path: Path) -> None:
    """Children, sessions of their own and daemons are gone once the template is closed."""
    template = Template()
    kernels = WarmKernels(template, Start(environment=os.environ))
    run([LEAVES], WARM, tmp_path, kernel_manager_class=kernels.manager_class())
    assert _soon(lambda: len(_asleep()) == 3)  # the one in the kernel's session went with it
    template.close()
    assert _asleep() == []


def test_a_killed_papermill_leaves_nothing(tmp_path: Path) -> None:
    """Template, kernel and all their processes are gone soon after papermill was killed."""
    source = tmp_path / "in.ipynb"
    nbformat.write(notebook([LEAVES + "import time; time.sleep(600)"]), source)
    words = [sys.executable, "-m", "papermill", "--engine", "warm", str(source)]
    process = subprocess.Popen(
        [*words, str(tmp_path / "out.ipynb")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    with process:
        assert _soon(lambda: len(_asleep()) == 4, 20)
        kin = psutil.Process(process.pid).children(recursive=True)
        assert len(kin) >= 2
        process.kill()
    assert _soon(lambda: not _asleep())
    assert _soon(lambda: not any(one.is_running() for one in kin))


def test_many_runs_leak_nothing(tmp_path: Path) -> None:
    """Thirty runs, good and dying ones, leave descriptors, threads and processes as they were."""

    def used() -> tuple[int, int, int, int]:
        gc.collect()
        own, its = psutil.Process(), psutil.Process(template._process.pid)
        assert _soon(lambda: not its.children())
        return own.num_fds(), own.num_threads(), its.num_fds(), its.num_threads()

    template = Template()
    kernels = WarmKernels(template, Start(environment=os.environ))
    given = {"kernel_manager_class": kernels.manager_class()}
    assert template._process is not None
    run(["1"], WARM, tmp_path, **given)
    before = used()
    for turn in range(30):
        if turn % 3 == 2:
            with pytest.raises(DeadKernelError):
                run(["import os; os._exit(1)"], WARM, tmp_path, **given)
        else:
            way = ("graceful", "immediate")[turn % 2]
            run(["print(1)", "1 / 0"], WARM, tmp_path, shutdown_kernel=way, **given)
    assert used() == before
    template.close()


def test_a_template_that_is_killed_takes_its_kernels_along(tmp_path: Path) -> None:
    """A run whose template is killed ends as died, and the next run has another template."""
    killed = threading.Timer(0.5, lambda: os.kill(sharing.shared()._process.pid, signal.SIGKILL))
    sharing.shared()
    killed.start()
    with pytest.raises(DeadKernelError):
        run(["import time; time.sleep(30)"], WARM, tmp_path)
    killed.join()
    assert texts(run(["41 + 1"], WARM, tmp_path)) == ["42"]

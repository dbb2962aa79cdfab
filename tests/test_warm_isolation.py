"""What one notebook does in its kernel, the next one from the same template does not see."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from warm_samples import WARM, ready, run, texts

from helpers.runner.warm import shared as sharing

pytestmark = pytest.mark.slow

PRELOAD = "numpy,pandas,matplotlib.pyplot,decimal,locale"

SPOILS = {
    "variable": "secret = 1",
    "module": "import this",
    "patched module": "import colorsys; colorsys.rgb_to_hsv = None",
    "patched built-in": "import builtins; builtins.secret = 1",
    "working directory": "import os; os.mkdir('d'); os.chdir('d')",
    "environment": "import os; os.environ['SECRET'] = '1'; os.environ.pop('HOME', None)",
    "rcParams": "import matplotlib.pyplot as plt; plt.rcParams['font.size'] = 99; plt.figure()",
    "backend": "%matplotlib agg",
    "pandas options": "import pandas; pandas.set_option('display.max_rows', 1)",
    "numpy options": "import numpy as n; n.set_printoptions(precision=1); n.seterr(all='raise')",
    "warnings": "import warnings; warnings.simplefilter('error')",
    "logging": "import logging as l; l.basicConfig(level=0); l.getLogger('x').disabled = True",
    "signals": "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "mask": "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])",
    "descriptors": "import os; os.dup(0), os.pipe()",
    "threads": "import threading as t; t.Thread(None, t.Event().wait, daemon=True).start()",
    "recursion": "import sys; sys.setrecursionlimit(5000); sys.path += ['/x']; sys.argv += ['y']",
    "locale": "import locale; locale.setlocale(locale.LC_ALL, 'C')",
    "decimal": "import decimal; decimal.getcontext().prec = 3",
    "umask": "import os; _ = os.umask(0o77)",
    "limits": "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
    "hooks": "import sys; sys.settrace(lambda *_: None); sys.excepthook = None",
    "magic": "%xmode Plain",
    "gc": "import gc; gc.disable()",
}

LOOKS = """
import builtins, decimal, gc, json, locale, logging, os, resource, signal, sys, threading, warnings
import matplotlib, numpy, pandas
def look():
    mask = os.umask(0); os.umask(mask)
    fonts = matplotlib.rcParams['font.size'], matplotlib.rcParams['backend']
    loggers = {name: one.disabled for name, one in logging.root.manager.loggerDict.items()
               if isinstance(one, logging.Logger)}
    handlers = {str(number): str(signal.getsignal(number)) for number in signal.valid_signals()}
    return {
        'globals': 'secret' in globals(), 'built-ins': hasattr(builtins, 'secret'),
        'modules': sorted(sys.modules),
        'patched': getattr(sys.modules.get('colorsys'), 'rgb_to_hsv', 0) is None,
        'folder': os.getcwd(), 'environment': dict(os.environ), 'fonts': fonts,
        'figures': matplotlib.pyplot.get_fignums(), 'rows': pandas.get_option('display.max_rows'),
        'numpy': (str(numpy.get_printoptions()), numpy.geterr()),
        'filters': [str(one) for one in warnings.filters],
        'logging': (logging.root.level, len(logging.root.handlers), loggers),
        'signals': handlers, 'mask': [int(one) for one in signal.pthread_sigmask(0, [])],
        'descriptors': len(os.listdir('/proc/self/fd')),
        'threads': sorted(thread.name for thread in threading.enumerate()),
        'recursion': (sys.getrecursionlimit(), sys.path, sys.argv),
        'locale': locale.setlocale(locale.LC_ALL), 'decimal': decimal.getcontext().prec,
        'umask': mask, 'limits': resource.getrlimit(resource.RLIMIT_CORE),
        'hooks': (str(sys.gettrace()), str(type(sys.excepthook))),
        'magic': get_ipython().InteractiveTB.mode, 'gc': gc.isenabled(),
    }
"""


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> Iterator[None]:
    with ready(WARM_PRELOAD=PRELOAD):
        yield


def test_nothing_that_a_notebook_does_reaches_the_next(tmp_path: Path) -> None:
    """The first kernel of a template and the tenth start alike, whatever the others have done."""
    looks = [LOOKS, "print(json.dumps(look(), sort_keys=True))"]
    first, second = (texts(run(looks, WARM, tmp_path)) for _ in range(2))
    spoilt = run(list(SPOILS.values()), WARM, tmp_path)
    assert not [output for cell in spoilt.cells for output in cell.outputs if "ename" in output]
    for _ in range(7):
        run(list(SPOILS.values())[:2], WARM, tmp_path)
    tenth = texts(run(looks, WARM, tmp_path))
    assert first[1].startswith("{")
    assert first == second == tenth


def test_every_spoiling_is_seen_by_the_one_who_did_it(tmp_path: Path) -> None:
    """The looks are not blind: in the same kernel each spoiling changes what is seen."""
    cells = [LOOKS]
    for line in SPOILS.values():
        cells += ["old = look()", line, "print(look() != old)"]
    seen = texts(run(cells, WARM, tmp_path))
    unseen = [name for name, said in zip(SPOILS, seen[3::3], strict=True) if "True" not in said]
    assert unseen == []


def test_chance_differs_from_kernel_to_kernel_unless_seeded(tmp_path: Path) -> None:
    """Two kernels draw different numbers; with a seed they draw the same."""
    draw = (
        "import random, numpy, uuid, tempfile, os\n"
        "print(random.random(), numpy.random.rand(), numpy.random.default_rng().random())\n"
        "print(uuid.uuid4(), tempfile.mktemp(), os.urandom(4))"
    )
    free = [texts(run([draw], WARM, tmp_path))[0].split() for _ in range(2)]
    assert not set(free[0]) & set(free[1])
    seeded = "import random, numpy; random.seed(1); numpy.random.seed(1)\n"
    seeded += "print(random.random(), numpy.random.rand())"
    same = [texts(run([seeded], WARM, tmp_path))[0] for _ in range(2)]
    assert same[0] == same[1] != ""


def test_a_graceful_end_runs_what_was_left_for_the_end(tmp_path: Path) -> None:
    """Functions registered with atexit run, and threads that are no daemons may finish."""
    cell = (
        "import atexit, threading, time, pathlib\n"
        "atexit.register(pathlib.Path('atexit').write_text, 'x')\n"
        "late = lambda: (time.sleep(0.3), pathlib.Path('thread').write_text('x'))\n"
        "threading.Thread(target=late).start()"
    )
    run([cell], WARM, tmp_path)
    assert {"atexit", "thread"} <= {path.name for path in tmp_path.iterdir()}


def test_time_zone_and_variables_are_the_runs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that changed since the template started are seen, those of the clock as well."""
    look = "import os, time; print(os.environ.get('NEW'), time.strftime('%H', time.localtime(0)))"
    before = texts(run([look], WARM, tmp_path))[0]
    monkeypatch.setenv("NEW", "mới")
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh" if Path("/usr/share/zoneinfo").exists() else "X-8")
    after = texts(run([look], WARM, tmp_path))[0]
    assert before.startswith("None")
    assert after in ("mới 07", "mới 08")


def test_what_python_reads_as_it_starts_gets_a_template_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed PYTHONHASHSEED or PYTHONPATH holds in the kernel, as in a new process."""
    (tmp_path / "found_there.py").write_text("value = 7")
    templates = len(sharing._templates)
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}")
    monkeypatch.setenv("WARM_PRELOAD", "")
    (tmp_path / "run").mkdir()
    seen = texts(
        run(["import found_there; print(found_there.value, hash('a'))"], WARM, tmp_path / "run")
    )
    again = texts(run(["print(hash('a'))"], WARM, tmp_path))
    assert seen[0] == f"7 {again[0]}"
    assert len(sharing._templates) == templates + 1

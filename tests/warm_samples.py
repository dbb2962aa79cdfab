"""Awkward cells, run by papermill's own engine and by the warm one, to be compared."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG, execute_notebook

from helpers.runner.warm import shared as sharing
from helpers.runner.warm.manager import WarmKernels
from helpers.runner.warm.prepared import ARGUMENTS
from helpers.runner.warm.start import Start

STOCK, WARM, PREPARED = "nbclient", "warm", "prepared"
FAILS = "raises-exception"

DIFFERS: tuple[tuple[str, str, str], ...] = (
    (r"ipykernel_\d+", "ipykernel_N", "a cell's file lies in a folder with the process number"),
    (r"(?i)\b0x[0-9a-f]{6,}", "0xN", "objects lie elsewhere in memory"),
    (r"\b\d+(\.\d+)?(e[+-]?\d+)? (ns|µs|μs|ms|s)\b", "N s", "%time measures"),
    (r"[\d.?]+ ?(it/s|s/it)|\d\d:\d\d<[\d:?]+", "N", "a progress bar measures"),
    (r"\] +(?=\r)", "]", "and covers what it has measured before"),
)
"""All that may differ in the texts of two runs: pattern, what takes its place, and why."""


def normal(value: Any) -> Any:
    """Return outputs without what truly differs from run to run.

    Besides `DIFFERS`: pieces of one stream that follow each other are put together, for a stream
    is sent in pieces whenever a clock strikes; and of a recursion's frames one is kept, for it ends
    sooner where the kernel's own calls are more.
    """
    if isinstance(value, dict):
        return {key: normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normal(item) for item in _joined(list(value))]
    if isinstance(value, str):
        for pattern, instead, _ in DIFFERS:
            value = re.sub(pattern, instead, value)
    return value


def _joined(items: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for item in items:
        last = joined[-1] if joined else None
        streams = [
            isinstance(one, dict) and one.get("output_type") == "stream" for one in (last, item)
        ]
        if all(streams) and last["name"] == item["name"]:
            joined[-1] = {**last, "text": last["text"] + item["text"]}
        elif not (isinstance(item, str) and item == last):
            joined.append(item)
    return joined


@dataclass(frozen=True)
class Cell:
    """One cell of a sample."""

    name: str
    source: str
    tags: tuple[str, ...] = ()
    kind: str = "code"


def cell(name: str, *lines: str, fails: bool = False, tags: Sequence[str] = ()) -> Cell:
    """Return a cell of code; one that fails lets the run go on."""
    return Cell(name, "\n".join(lines), (*((FAILS,) if fails else ()), *tags))


def notebook(cells: Sequence[Cell | str]) -> Any:
    """Return cells as a notebook."""
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    for place, item in enumerate(cells):
        one = cell(f"c{place}", item) if isinstance(item, str) else item
        made = getattr(nbformat.v4, f"new_{one.kind}_cell")(one.source)
        made["id"] = f"c{place}"
        if one.tags:
            made.metadata["tags"] = list(one.tags)
        book.cells.append(made)
    return book


def run(cells: Sequence[Cell | str], engine_name: str, folder: Path, **given: Any) -> Any:
    """Run cells in a folder; return the executed notebook, whose errors papermill has raised."""
    seen: list[Any] = []
    with contextlib.suppress(PapermillExecutionError):
        execute_notebook(
            notebook(cells),
            None,
            engine_name=engine_name,
            progress_bar=False,
            cwd=folder,
            on_notebook_start=lambda notebook: seen.append(notebook),
            **given,
        )
    ran = seen[0]
    ran.cells = [one for one in ran.cells if ERROR_MARKER_TAG not in one.metadata.get("tags", [])]
    return ran


def prepared(folder: Path) -> dict[str, Any]:
    """Return what has a run take over the kernel that its template has prepared."""
    environment = {**os.environ, "IPYTHONDIR": str(folder / ".none")}
    kernels = WarmKernels(
        sharing.shared(environment), Start(environment=environment, arguments=ARGUMENTS)
    )
    return {"kernel_manager_class": kernels.manager_class()}


@contextlib.contextmanager
def ready(**environment: str) -> Iterator[None]:
    """Run kernels as they are run outside of tests, and end the templates afterwards.

    ipykernel leaves the descriptors alone where it sees that pytest is running. A path that is
    relative would mean another folder to a kernel than to the template.
    """
    places = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    logger = logging.getLogger("papermill")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)
        patch.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, filter(None, places))))
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(logger, "disabled", True)
        try:
            yield
        finally:
            sharing.close()


def texts(ran: Any) -> list[str]:
    """Return what each cell has printed or returned, or the name of its error."""
    return ["".join(map(_text, one.get("outputs", ()))).strip() for one in ran.cells]


def _text(output: Any) -> str:
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.text if output.output_type == "stream" else output.data["text/plain"])


TEXT = (
    cell("nothing", ""),
    cell("blank", "  \n\t\n"),
    Cell("markdown", "# Đầu đề\n$x$", kind="markdown"),
    Cell("raw", "thô", kind="raw"),
    cell("skipped", "print('không chạy')", tags=["skip-execution"]),
    cell("result", "[1, 'hai', None]"),
    cell("no result", "_ = 1;", "2;"),
    cell(
        "unicode",
        "print('e\\u0302\\u0301 ế 👩‍👩‍👧 שלום \\u202e rtl \\u0000 \\x1b[31mđỏ\\x1b[0m')",
        "'Kỳ Sơn'",
    ),
    cell("surrogates", "print('\\udce9')", fails=True),
    cell(
        "interleaved",
        "import sys",
        "for i in range(5):",
        "    print('ra', i, flush=True)",
        "    print('lỗi', i, file=sys.stderr, flush=True)",
    ),
    cell("long", "print('x' * 5_000_000)"),
    cell("many writes", "for i in range(5000): print(i, end=' ')"),
    cell("many flushes", "for i in range(300): print(i, end=' ', flush=True)"),
    cell(
        "carriage returns",
        "for i in range(5): print(f'\\r{i} %', end='', flush=True)",
        "print('ab\\b\\bc')",
    ),
    cell(
        "tqdm",
        "from tqdm import tqdm",
        "for _ in tqdm(range(3), mininterval=0, desc='bước', bar_format='{l_bar}{bar}{n_fmt}'): pass",
    ),
    cell("tqdm auto", "import tqdm.auto, warnings", "for _ in tqdm.auto.tqdm(range(2)): pass"),
    cell(
        "display",
        "from IPython.display import *",
        "display({'text/plain': 'a', 'text/html': '<b>a</b>'}, raw=True, metadata={'text/html': {'isolated': True}})",
        "display(HTML('<i>é</i>'), Markdown('*m*'), Latex('$x$'), JSON({'a': [1]}), Javascript('1'))",
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
        "print('sau')",
    ),
    cell(
        "bundle",
        "class Rich:",
        "    def _repr_mimebundle_(self, include=None, exclude=None):",
        "        return {'text/plain': 'r', 'application/x-thử+json': {'a': 1}}, {'b': [2]}",
        "    def _repr_html_(self): return '<p>'",
        "    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 30",
        "Rich()",
    ),
    cell(
        "broken repr",
        "class Bad:",
        "    def _repr_html_(self): raise ValueError('hỏng')",
        "    def __repr__(self): return 'Bad'",
        "Bad()",
        fails=True,
    ),
    cell(
        "handle", "handle = display('một', display_id='d')", "other = display('x', display_id=True)"
    ),
    cell("handle again", "display('một nữa', display_id='d')"),
    cell(
        "update",
        "handle.update('hai')",
        "update_display(HTML('ba'), display_id='d')",
        "other.update(5)",
    ),
    cell("clear", "print('mất')", "clear_output()", "print('còn')"),
    cell("clear later", "print('mất')", "display(1)", "clear_output(wait=True)", "print('còn')"),
    cell("clear, nothing later", "print('còn')", "clear_output(wait=True)"),
    cell(
        "comm",
        "import comm",
        "made = comm.create_comm(target_name='jupyter.widget', data={'state': {'_model_name': 'IntSliderModel',",
        "    '_model_module': '@jupyter-widgets/controls', 'value': 3}, 'buffer_paths': []},",
        "    metadata={'version': '2.1.0'}, comm_id='w1', buffers=[])",
        "made.send({'method': 'update', 'state': {'value': 9, 'data': None}, 'buffer_paths': [['data']]}, buffers=[b'abc'])",
        "display({'text/plain': 'IntSlider(value=9)', 'application/vnd.jupyter.widget-view+json':",
        "    {'model_id': 'w1', 'version_major': 2, 'version_minor': 0}}, raw=True)",
    ),
    cell(
        "output widget",
        "out = comm.create_comm(target_name='jupyter.widget', data={'state': {'_model_name': 'OutputModel',",
        "    '_model_module': '@jupyter-widgets/output', 'msg_id': '', 'outputs': []}, 'buffer_paths': []},",
        "    metadata={'version': '2.1.0'}, comm_id='w2')",
        "parent = get_ipython().kernel.get_parent('shell')['header']['msg_id']",
        "out.send({'method': 'update', 'state': {'msg_id': parent}, 'buffer_paths': []})",
        "print('vào trong', flush=True)",
        "out.send({'method': 'update', 'state': {'msg_id': ''}, 'buffer_paths': []})",
        "print('ra ngoài')",
    ),
    cell(
        "error",
        "def f(n):",
        "    return 1 / n",
        "def g(n):",
        "    return f(n)",
        "print('trước')",
        "g(0)",
        fails=True,
    ),
    cell(
        "chained",
        "try:",
        "    g(0)",
        "except ZeroDivisionError as e:",
        "    raise ValueError('vì') from e",
        fails=True,
    ),
    cell("context", "try: {}['k']", "except KeyError: int('q')", fails=True),
    cell("syntax", "x = = 1", fails=True),
    cell("indent", "if 1:\nx", fails=True),
    cell("name", "không_có", fails=True),
    cell("in a library", "import json", "json.loads('{')", fails=True),
    cell("compiled", "exec(compile('1/0', 'tệp.py', 'exec'))", fails=True),
    cell("group", "raise ExceptionGroup('nhiều', [ValueError(1), TypeError('2')])", fails=True),
    cell("note", "e = ValueError('x'); e.add_note('chú thích'); raise e", fails=True),
    cell("recursion", "def r(): r()", "r()", fails=True),
    cell("interrupt", "raise KeyboardInterrupt", fails=True),
    cell(
        "own interrupt",
        "import os, signal",
        "os.kill(os.getpid(), signal.SIGINT)",
        "import time; time.sleep(1)",
        fails=True,
    ),
    cell(
        "bad str",
        "class E(Exception):",
        "    def __str__(self): raise ValueError",
        "raise E",
        fails=True,
    ),
    cell("assertion", "assert 1 == 2, 'không bằng'", fails=True),
    cell("sys.exit", "import sys", "sys.exit()", fails=True),
    cell("sys.exit text", "sys.exit('thoát')", fails=True),
    cell("SystemExit 3", "raise SystemExit(3)", fails=True),
    cell("time", "%time 1 + 1"),
    cell("time cell", "%%time\nsum(range(10))"),
    cell("timeit", "%timeit -n1 -r1 -o pass"),
    cell("capture", "%%capture caught\nprint('bắt')\ndisplay(1)\n2"),
    cell("captured", "caught.stdout, len(caught.outputs), caught.show()"),
    cell("bash", "%%bash\necho ra; echo lỗi >&2"),
    cell("bash fails", "%%bash\nexit 3", fails=True),
    cell("sh out", "%%bash --out ra --err sai\necho một; echo hai >&2"),
    cell("sh outs", "ra, sai"),
    cell("writefile", "%%writefile viết.py\nprint('tệp', __name__)\nbiến = 4"),
    cell("run", "%run viết.py"),
    cell("ran", "biến"),
    cell("import written", "import viết"),
    cell("pwd", "import os", "get_ipython().run_line_magic('pwd', '') == os.getcwd()"),
    cell("cd", "os.mkdir('trong')", "%cd -q trong", "os.path.basename(os.getcwd())"),
    cell("cd back", "%cd -q ..", "os.path.exists('viết.py')"),
    cell("env", "%env HELPERS_THỬ=1", "%env HELPERS_THỬ"),
    cell("autoreload", "%load_ext autoreload", "%autoreload 2"),
    cell("shell", "!echo vỏ; echo lỗi >&2; exit 2"),
    cell("shell code", "_exit_code"),
    cell("shell value", "x = !printf 'a\\nb\\n'", "x, x.n, x.s"),
    cell("shell fails", "!không-có-lệnh-này"),
    cell("who", "%who_ls str"),
    cell("psearch", "%psearch os.getp*"),
    cell("help", "len?"),
    cell("source", "f??"),
    cell("magic unknown", "%không_có", fails=True),
    cell("cell magic unknown", "%%không_có\n1", fails=True),
    cell("page", "from IPython.core import page; page.page('trang')"),
    cell("pinfo", "%pinfo2 g"),
    cell("lsmagic", "str(get_ipython().run_line_magic('lsmagic', ''))[:2000]"),
    cell("prun", "%prun -q -T p.txt 1"),
    cell("debug", "%debug", fails=True),
    cell("pdb", "breakpoint()", fails=True),
    cell("xmode", "%xmode Plain", "1/0", fails=True),
    cell("xmode back", "%xmode Context"),
    cell("input", "input('tên? ')", fails=True),
    cell("getpass", "import getpass; getpass.getpass()", fails=True),
    cell("stdin", "import sys", "sys.stdin.read()"),
    cell("os.system", "os.system('echo từ vỏ; sleep 0.2; echo lỗi >&2; sleep 0.2')"),
    cell(
        "subprocess",
        "import subprocess, sys",
        "subprocess.run([sys.executable, '-c', 'print(1)']).returncode, __import__('time').sleep(0.2)",
    ),
    cell(
        "C level",
        "import ctypes",
        "libc = ctypes.CDLL(None)",
        "_ = libc.puts(b'tu C')",
        "_ = libc.fflush(None)",
        "import time; time.sleep(0.2)",
    ),
    cell(
        "descriptor",
        "_ = os.write(1, 'bộ mô tả\\n'.encode()); time.sleep(0.4)  # two threads listen",
        "_ = os.write(2, b'hai\\n')",
        "time.sleep(0.2)",
    ),
    cell(
        "fork child",
        "import multiprocessing",
        "child = multiprocessing.get_context('fork').Process(target=print, args=('từ con',))",
        "child.start(); child.join(); child.exitcode",
    ),
    cell(
        "late thread",
        "import threading, time",
        "late = threading.Timer(0.3, print, ('muộn',))",
        "late.start()",
    ),
    cell("waits", "late.join(); time.sleep(.1); print('sau')"),
    cell(
        "pool",
        "from concurrent.futures import ThreadPoolExecutor",
        "with ThreadPoolExecutor(2) as pool: print(list(pool.map(lambda i: i * i, range(4))))",
    ),
    cell(
        "thread fails",
        "t = threading.Thread(target=lambda: 1 / 0, name='luồng'); t.start(); t.join()",
    ),
    cell("await", "import asyncio", "await asyncio.sleep(0.01, 'xong')"),
    cell(
        "task",
        "async def later():",
        "    for i in range(3):",
        "        await asyncio.sleep(0.05); print('việc', i)",
        "    return 'hết'",
        "task = asyncio.create_task(later())",
    ),
    cell("task goes on", "await task"),
    cell(
        "task lost",
        "async def lost(): raise ValueError('lạc')",
        "lost_task = asyncio.create_task(lost())",
        "await asyncio.sleep(.05)",
        "lost_task.done(), lost_task.exception()",
    ),
    cell(
        "async for",
        "async def gen():",
        "    for i in range(3): yield i",
        "async for i in gen(): print(i)",
        "[i async for i in gen()]",
    ),
    cell(
        "async with",
        "from contextlib import asynccontextmanager",
        "@asynccontextmanager",
        "async def inside(): yield 'trong'",
        "async with inside() as value: print(value)",
        "async with asyncio.timeout(1): await asyncio.sleep(0)",
    ),
    cell(
        "asyncio.run",
        "sleeping = asyncio.sleep(0)",
        "try: asyncio.run(sleeping)",
        "finally: sleeping.close()",
        fails=True,
    ),
    cell("await fails", "await asyncio.wait_for(asyncio.sleep(5), 0.01)", fails=True),
    cell("loop", "type(asyncio.get_running_loop()).__name__"),
    cell(
        "subprocess async",
        "p = await asyncio.create_subprocess_exec('echo', 'bất đồng bộ', stdout=-1)",
        "(await p.communicate())[0].decode()",
    ),
    cell(
        "names", "__name__, '__file__' in globals(), sys.modules['__main__'].__dict__ is globals()"
    ),
    cell("argv", "os.path.basename(sys.argv[0]), sys.argv[-1]"),
    cell(
        "shell class",
        "type(get_ipython()), get_ipython().kernel.implementation, isinstance(get_ipython().kernel, __import__('ipykernel').ipkernel.IPythonKernel)",
    ),
    cell("path", "sys.path"),
    cell("garbage", "import gc", "gc.get_threshold(), gc.isenabled()"),
    cell("environment", "sorted(os.environ.keys() - {'IPYTHONDIR'})"),
    cell(
        "streams",
        "sys.stdout.fileno() > 2, sys.stdout.encoding, sys.stdout.isatty(), sys.__stdout__.fileno(), type(sys.stdout)",
    ),
    cell("stream write", "sys.stdout.write('viết')"),
    cell("writelines", "sys.stderr.writelines(['a', 'b'])"),
    cell("print bytes", "sys.stdout.write(b'x')", fails=True),
    cell(
        "faulthandler",
        "import faulthandler",
        "faulthandler.is_enabled(), faulthandler.enable(), faulthandler.is_enabled(), faulthandler.disable()",
    ),
    cell("warning", "import warnings", "for _ in range(3): warnings.warn('một lần')"),
    cell("warning again", "for _ in range(2): warnings.warn('một lần')"),
    cell("deprecated", "warnings.warn('cũ', DeprecationWarning)"),
    cell("escape", "'\\d'"),
    cell("filters", "[(f[0], f[2].__name__, f[4]) for f in warnings.filters]"),
    cell(
        "logging",
        "import logging",
        "logging.warning('nhật ký')",
        "logging.getLogger('x').info('không')",
    ),
    cell(
        "logging set", "logging.basicConfig(level='INFO', force=True)", "logging.info('thông tin')"
    ),
    cell(
        "loggers",
        "sorted(n for n, l in logging.root.manager.loggerDict.items() if getattr(l, 'handlers', None))",
    ),
    cell("history", "41 + 1"),
    cell("history again", "_, _i, Out[max(Out)], In[-1], ___ is not None, _ih[-2]"),
    cell("history magic", "%history -l 3"),
    cell("recall", "%recall 6"),
    cell("oh", "len(In), sorted(Out)[:5], get_ipython().execution_count"),
    cell("reset", "%reset -f out"),
    cell(
        "hooks",
        "get_ipython().events.register('post_run_cell', lambda result: print('móc', result.success))",
    ),
    cell("hooked", "1"),
    cell(
        "handler",
        "get_ipython().set_custom_exc((ZeroDivisionError,), lambda *a, **k: print('tự xử lý'))",
        "1/0",
    ),
    cell(
        "signals",
        "import signal",
        "{s.name: str(signal.getsignal(s)) for s in signal.valid_signals() if isinstance(s, signal.Signals)}",
    ),
    cell("mask", "sorted(signal.pthread_sigmask(signal.SIG_BLOCK, []))"),
    cell(
        "limits",
        "import decimal, locale, resource",
        "sys.getrecursionlimit(), decimal.getcontext().prec, locale.setlocale(locale.LC_ALL), locale.getpreferredencoding(), resource.getrlimit(resource.RLIMIT_DATA), sys.getswitchinterval(), threading.stack_size()",
    ),
    cell(
        "threads",
        "sorted(t.name for t in threading.enumerate() if not t.name.startswith(('Thread', 'Control', 'Shell', 'Heartbeat')))",
    ),
    cell(
        "session",
        "os.getsid(0) == os.getpid() == os.getpgid(0), os.getcwd() == os.path.realpath('.')",
    ),
    cell("umask", "umask = os.umask(0o22)", "umask"),
    cell("gc", "import gc", "gc.isenabled(), gc.get_threshold(), gc.get_debug()"),
    cell(
        "pickles",
        "import pickle",
        "class P: pass",
        "pickle.loads(pickle.dumps(P())).__class__ is P",
    ),
    cell("inspect", "import inspect", "print(inspect.getsource(g))"),
    cell("time zone", "time.tzname, time.strftime('%Z', time.localtime(0))"),
    cell(
        "own display hook",
        "from IPython.display import publish_display_data",
        "publish_display_data({'text/plain': 'thẳng'})",
    ),
    cell("metadata", "display(1, metadata={'a': {'b': 'c'}}, include=['text/plain'])"),
    cell("big display", "display(HTML('<p>' + 'ữ' * 1_000_000 + '</p>'))"),
    cell("matplotlib unused", "'matplotlib.pyplot' in sys.modules and None"),
)
"""Text, displays, errors, magics, processes, tasks, and what the interpreter is."""

FIGURES = (
    cell("config too early", "%config InlineBackend.close_figures", fails=True),
    cell(
        "shown at the end",
        "import matplotlib.pyplot as plt",
        "plt.plot([1, 2, 3])",
        "plt.title('Tỷ lệ nghèo')",
    ),
    cell(
        "backend",
        "import matplotlib",
        "matplotlib.get_backend(), plt.isinteractive(), plt.get_fignums()",
    ),
    cell("shown by hand", "plt.plot([3, 1])", "plt.show()", "print('sau hình')"),
    cell("two", "plt.figure(); plt.plot([1, 2])", "plt.figure(); plt.bar([1, 2], [3, 4]);"),
    cell("two shown", "plt.plot([1]); plt.show()", "plt.plot([2]); plt.show()"),
    cell("closed", "plt.plot([1, 2])", "plt.close()"),
    cell(
        "as result",
        "figure, axes = plt.subplots()",
        "axes.plot([1, 4])",
        "plt.close(figure)",
        "figure",
    ),
    cell("result and shown", "figure, axes = plt.subplots()", "figure"),
    cell(
        "not pyplot",
        "from matplotlib.figure import Figure",
        "own = Figure(figsize=(2, 1))",
        "own.subplots().plot([2, 1])",
        "own",
    ),
    cell("display figure", "display(own)", "print('x')"),
    cell("fails with a figure", "plt.plot([1, 2])", "1/0", fails=True),
    cell(
        "rcParams",
        "plt.rcParams['figure.dpi'], plt.rcParams['figure.figsize'], plt.rcParams['figure.facecolor'], plt.rcParams['backend']",
    ),
    cell("inline", "%matplotlib inline", "plt.plot([5, 1]);"),
    cell(
        "svg",
        "%env SOURCE_DATE_EPOCH=0",
        "%config InlineBackend.figure_formats = ['svg']",
        "plt.rcParams['svg.hashsalt'] = 'muối'",
        "matplotlib.rcParams['svg.fonttype'] = 'none'",
        "fig = plt.figure(); plt.plot([1, 2]);",
    ),
    cell(
        "png and svg", "%config InlineBackend.figure_formats = {'svg', 'png'}", "plt.plot([1, 3]);"
    ),
    cell(
        "retina",
        "%config InlineBackend.figure_format = 'retina'",
        "plt.figure(figsize=(2, 1)); plt.plot([1, 3]);",
    ),
    cell(
        "print kwargs",
        "%config InlineBackend.figure_format = 'png'",
        "%config InlineBackend.print_figure_kwargs = {'bbox_inches': None}",
        "plt.plot([1, 3]);",
    ),
    cell("other backend", "%matplotlib agg", "plt.plot([1, 3])", "plt.show()"),
    cell("back", "%matplotlib inline", "plt.close('all'); plt.plot([1, 3]);"),
    cell("gui", "%gui asyncio"),
    cell(
        "frame",
        "import pandas as pd",
        "frame = pd.DataFrame({'huyện': ['Kỳ Sơn', 'Quế Phong'], 'vốn': [1.5, None]})",
        "frame",
    ),
    cell(
        "style",
        "frame.style.set_uuid('u').format('{:.1f}', subset='vốn', na_rep='…').set_caption('Bảng')",
    ),
    cell("series", "frame['vốn']"),
    cell("options", "pd.set_option('display.max_rows', 1)", "frame"),
    cell("pandas plot", "frame.plot.bar('huyện', 'vốn');"),
    cell("latex repr", "pd.set_option('styler.render.repr', 'latex')", "frame.style.hide()"),
    cell(
        "random",
        "import numpy as np",
        "np.random.seed(1)",
        "np.random.rand(3), np.random.default_rng(2).random()",
    ),
    cell("numpy error", "np.array([1, 2]) @ np.array([1, 2, 3])", fails=True),
    cell("numpy warning", "np.array([1.0]) / 0"),
    cell("numpy options", "np.get_printoptions(), np.geterr()"),
)
"""Figures and tables."""

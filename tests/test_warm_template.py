"""The channel and the template: messages of any size, any number of threads, honest refusals."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import papermill.execute  # noqa: F401  # it loads the engine by its entry point
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.session import Session
from jupyter_core.utils import ensure_event_loop
from warm_samples import STOCK, WARM, ready, run, texts

from helpers.runner.warm import engine
from helpers.runner.warm import shared as sharing
from helpers.runner.warm.channel import Channel, Closed, decoded, encoded, framed, pair, taken
from helpers.runner.warm.manager import WarmKernels, _message
from helpers.runner.warm.start import Start
from helpers.runner.warm.template import NotWarm, Template


def test_frames_come_back_as_they_were() -> None:
    """Any number of frames, empty ones too, survive being one message."""
    for frames in ([], [b""], [b"a", b"", b"\0" * 1000]):
        assert decoded(encoded(frames)) == frames


def test_messages_are_taken_once_they_are_whole() -> None:
    """Bytes that arrive one by one give each message at its last byte."""
    coming, found = bytearray(), []
    for byte in framed(b"one") + framed(b"") + framed(b"three"):
        coming.append(byte)
        found += list(taken(coming))
    assert found == [b"one", b"", b"three"]
    assert coming == b""


def test_a_channel_carries_values_and_descriptors() -> None:
    """Values and open files arrive; the descriptors do not leak into programs that are started."""
    mine, its = (Channel(end) for end in pair())
    read, write = os.pipe()
    mine.send_bytes(b"content", [write])
    content, (received,) = its.receive_bytes(descriptors=1)
    os.write(received, b"x")
    assert (content, os.read(read, 1)) == (b"content", b"x")
    assert not os.get_inheritable(received)
    its.send({"a": [1]})
    assert mine.receive() == {"a": [1]}
    for end in (read, write, received):
        os.close(end)
    its.close()
    with pytest.raises(Closed):
        mine.receive()
    with pytest.raises(Closed):
        mine.send("nobody reads this")
    mine.close()


def test_messages_are_unpacked_as_a_session_does() -> None:
    """Headers with their dates, texts of any kind, and buffers are what jupyter_client gives."""
    session = Session()
    session.auth = None
    asked = session.msg("execute_request", {"code": "1"})
    content = {"text": "Kỳ Sơn 😀", "when": "2024-12-31T00:00:00", "nothing": None}
    shown = session.msg("stream", content, parent=asked, metadata={"tags": []})
    for message, buffers in ((asked, []), (shown, [b"\0\xff", b""])):
        frames = [b"topic", *session.serialize(message), *buffers]
        _, parts = session.feed_identities(frames)
        assert _message(frames) == session.deserialize(parts)


def test_a_message_that_stops_halfway_is_no_message() -> None:
    """An end that closes in the middle of a message is told as closed."""
    mine, its = pair()
    mine.sendall(framed(b"content")[:-1])
    mine.shutdown(socket.SHUT_WR)
    with pytest.raises(Closed):
        Channel(its).receive_bytes()
    mine.close()
    its.close()


def _spec(*words: str, language: str = "python") -> KernelSpec:
    return KernelSpec(argv=list(words), language=language, display_name="k")


LAUNCH = ("-m", "ipykernel_launcher", "-f", "{connection_file}")


def test_only_a_kernel_of_this_python_is_forked() -> None:
    """Another language, another Python or another launcher is refused; options are kept."""
    assert engine._arguments(_spec("python", *LAUNCH, "--x=1")) == ["--x=1"]
    assert engine._arguments(_spec(sys.executable, *LAUNCH)) == []
    for spec in (
        _spec("R", "--slave", language="R"),
        _spec("/usr/bin/python3.0", *LAUNCH),
        _spec("python", "-m", "xeus_python"),
    ):
        with pytest.raises(NotWarm):
            engine._arguments(spec)


def test_without_fork_there_is_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that cannot fork is refused before anything is started."""
    monkeypatch.delattr(os, "fork")
    with pytest.raises(NotWarm, match="fork"):
        Template()


# --- with processes -----------------------------------------------------------------------------


@pytest.fixture
def kernels() -> Iterator[None]:
    """Let kernels run as outside of tests."""
    with ready():
        yield


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines that the engine logs."""
    lines: list[str] = []
    monkeypatch.setattr(engine.logger, "warning", lines.append)
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["thread", "missing", "fork", "language"])
def test_the_stock_engine_stands_in_and_says_so(
    kernels: None,
    said: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wherever a kernel cannot be forked safely the notebook still runs, and the log tells why."""
    code = (
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    (tmp_path / "opens_a_thread.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}")
    why = {
        "thread": "1 luồng",
        "missing": "không_có_gói",
        "fork": "fork",
        "language": "Python khác",
    }
    if reason in ("thread", "missing"):
        module = "opens_a_thread" if reason == "thread" else "không_có_gói"
        monkeypatch.setenv("WARM_PRELOAD", module)
    elif reason == "fork":
        monkeypatch.setattr("helpers.runner.warm.template.supported", lambda: False)
    else:
        elsewhere = _spec("/opt/other/python", *LAUNCH)
        manager = "jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec"
        with monkeypatch.context() as patch:
            patch.setattr(manager, lambda *_: elsewhere)
            with pytest.raises(NotWarm, match=why[reason]):
                engine.WarmEngine._manager_class("python3")
        return
    ran = run(["import os; os.getppid()"], WARM, tmp_path)
    assert texts(ran) == [str(os.getpid())]
    assert len(said) == 1
    assert why[reason] in said[0]


@pytest.mark.slow
def test_a_template_that_died_between_runs_is_replaced(
    kernels: None, said: list[str], tmp_path: Path
) -> None:
    """The run after a template's death is a warm one as well."""
    assert texts(run(["1"], WARM, tmp_path)) == ["1"]
    process = sharing.shared()._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    parent = texts(run(["import os; os.getppid()"], WARM, tmp_path))[0]
    again = sharing.shared()._process
    assert again is not None
    assert parent == str(again.pid) != str(process.pid)
    assert said == []


@pytest.mark.slow
def test_many_threads_share_a_template(kernels: None, tmp_path: Path) -> None:
    """Eight threads with five runs each get each their own outputs, ends and codes."""
    template = Template()

    def runs(thread: int) -> list[Any]:
        found: list[Any] = []
        for turn in range(5):
            kernel = WarmKernels(template, Start(environment=os.environ))
            lines = [f"print({thread}, {turn})", f"import os; os.environ['A'] = '{thread}'"]
            given = {"kernel_manager_class": kernel.manager_class()}
            ran = run([*lines, "print(os.environ['A'])"], WARM, tmp_path, **given)
            found.append((texts(ran), kernel.ended and kernel.ended.code))
        ensure_event_loop().close()
        return found

    with ThreadPoolExecutor(8) as pool:
        every = list(pool.map(runs, range(8)))
    for thread, found in enumerate(every):
        expected = [([f"{thread} {turn}", "", str(thread)], 0) for turn in range(5)]
        assert found == expected
    template.close()


@pytest.mark.slow
def test_calls_and_forks_go_on_beside_each_other(kernels: None) -> None:
    """A call's answer reaches the thread that called, an error comes as what it was."""
    template = Template()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda n: template.call("builtins:abs", -n), range(40))) == list(
            range(40)
        )
    with pytest.raises(ZeroDivisionError):
        template.call("operator:floordiv", 1, 0)
    waiting = threading.Thread(target=template.close)
    waiting.start()
    waiting.join()
    with pytest.raises(NotWarm):
        template.call("builtins:abs", 1)
    assert not template.alive()


@pytest.mark.slow
def test_big_messages_go_both_ways_at_once(kernels: None, tmp_path: Path) -> None:
    """A cell of 5 MB arrives while a task is printing, and 50 MB of output come back whole."""
    flood = (
        "import asyncio\n"
        "async def flood():\n"
        "    for _ in range(20):\n"
        "        print('x' * 1_000_000); await asyncio.sleep(0)\n"
        "task = asyncio.create_task(flood())"
    )
    source = f"text = '{'ữ' * 1_700_000}'\nprint(len(text))\nawait task\nprint('y' * 50_000_000)"
    ran = run([flood, source], WARM, tmp_path)
    length, printed = texts(ran)[1].split()
    assert (length, len(printed), set(printed)) == ("1700000", 50_000_000, {"y"})


@pytest.mark.slow
def test_papermills_process_stays_quiet(
    kernels: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a good run nor a death makes asyncio remark on what was left undone."""
    caplog.set_level(logging.DEBUG, "asyncio")
    run(["print(1)"], WARM, tmp_path)
    with pytest.raises(Exception, match="Kernel died"):
        run(["import os; os._exit(1)"], WARM, tmp_path, execution_timeout=30)
    run(["print(1)"], WARM, tmp_path)
    assert [one.message for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_an_output_against_the_format_is_refused_as_ever(kernels: None, tmp_path: Path) -> None:
    """Outputs are checked together, at the end: what stock papermill refuses is refused here."""
    cell = (
        "from IPython.display import publish_display_data as p; p({'text/plain': 1}, metadata={})"
    )
    for name in (STOCK, WARM):
        with pytest.raises(nbformat.ValidationError):
            run([cell], name, tmp_path)
    assert run(["1"], WARM, tmp_path).cells[0].outputs[0].data["text/plain"] == "1"
    with pytest.raises(nbformat.ValidationError):
        nbformat.v4.new_output("display_data", {"text/plain": 1})

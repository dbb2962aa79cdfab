"""A bar and colours only where a person watches a terminal; plain lines elsewhere."""

from __future__ import annotations

import io

import pytest

from helpers.runner.console import MANY, Console, seconds, time_left


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return True, as a terminal does."""
        return True


def _run(stream: io.StringIO) -> str:
    console = Console(stream)
    console.begin(2)
    console.step("Bản Kỳ Sơn", "xong 1,0 s")
    console.step("Bản Vinh", "HỎNG", "bad")
    console.end()
    return stream.getvalue()


def test_a_file_gets_one_plain_line_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output that goes to a file or a pipe has no colours and no bar."""
    monkeypatch.setenv("TERM", "xterm")
    assert _run(io.StringIO()) == "[1/2] Bản Kỳ Sơn … xong 1,0 s\n[2/2] Bản Vinh … HỎNG\n"


def test_a_terminal_gets_a_bar_and_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal shows a bar in Vietnamese, and failures in red."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    said = _run(Terminal())
    assert "Chạy sổ tính" in said
    assert "\x1b[31mBản Vinh … HỎNG\x1b[0m" in said


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR set, a terminal gets the same words without colours."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in _run(Terminal())


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that cannot draw gets what a file gets."""
    monkeypatch.setenv("TERM", "dumb")
    assert _run(Terminal()) == _run(io.StringIO())


@pytest.mark.parametrize(
    ("given", "said"), [(2.14, "2,1 s"), (59.9, "59,9 s"), (65, "1 phút 05 s")]
)
def test_durations_are_worded_in_vietnamese(given: float, said: str) -> None:
    """Seconds have a decimal comma, longer times are minutes."""
    assert seconds(given) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [(0.4, "5 s"), (38, "40 s"), (58, "1 phút"), (131, "2 phút 10 s"), (3600, "60 phút")],
)
def test_time_left_is_no_finer_than_a_guess(given: float, said: str) -> None:
    """Less than a minute is told in steps of five seconds, more in steps of ten."""
    assert time_left(given) == said


class Clock:
    """A clock that somebody else sets."""

    def __init__(self) -> None:
        """Begin anywhere."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def _run_many(stream: io.StringIO, jobs: int, pace: float, kept: int = 0) -> list[str]:
    """Run jobs of so many seconds each, the seventh failing, after some that were kept."""
    clock = Clock()
    console = Console(stream, clock=clock)
    console.begin(jobs)
    for _ in range(kept):
        console.pass_over()
    for number in range(kept, jobs):
        clock.now += pace
        console.step(f"Xã {number}", *(("HỎNG", "bad") if number == kept + 6 else ("xong",)))
    console.end()
    return stream.getvalue().splitlines()


def test_a_file_gets_failures_and_progress_of_a_long_build() -> None:
    """With many jobs only failures have a line; each twentieth of the jobs one with time left."""
    lines = _run_many(io.StringIO(), 1000, 0.25)
    assert len(lines) == 21
    assert lines[0] == "[   7/1000] Xã 6 … HỎNG"
    assert lines[1] == "[  50/1000] 5 %, còn khoảng 4 phút"
    assert lines[10] == "[ 500/1000] 50 %, còn khoảng 2 phút"
    assert lines[-1] == "[1000/1000] 100 %"


def test_a_slow_long_build_does_not_fall_silent() -> None:
    """Where a twentieth of the jobs takes long, something is said every half minute."""
    lines = _run_many(io.StringIO(), 1000, 10)
    assert lines[0] == "[   3/1000] 0 %, còn khoảng 166 phút 10 s"
    assert len(lines) > 300


def test_jobs_that_were_kept_do_not_shorten_the_time_left() -> None:
    """A build that goes on where it was cut short tells the time left by what it really runs."""
    lines = _run_many(io.StringIO(), 1000, 0.25, kept=500)
    assert "[ 550/1000] 55 %, còn khoảng 1 phút 50 s" in lines


def test_a_short_build_keeps_a_line_for_each_job() -> None:
    """Up to the limit each job has its line, and nothing else is said."""
    lines = _run_many(io.StringIO(), MANY, 0.25)
    assert len(lines) == MANY
    assert not any("còn khoảng" in line for line in lines)


def test_the_bar_says_how_much_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the time left stands in the bar of a long build, not in that of a short one."""
    monkeypatch.setenv("TERM", "xterm")
    long, short = Terminal(), Terminal()
    _run_many(long, 100, 1.0)
    _run_many(short, 10, 0.1)
    assert "còn khoảng" in long.getvalue()
    assert "còn khoảng" not in short.getvalue()

"""A bar and colours only where a person watches a terminal; plain lines elsewhere."""

from __future__ import annotations

import io

import pytest

from helpers.runner.console import Console, seconds


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

"""`python -m helpers X`: what every `make X` calls. Starts on any Python, nothing installed."""

import os
import sys

OLDEST = (3, 11)
"""The oldest Python that the project runs on."""

NEWEST_TRIED = 15


def _with_newer_python() -> int:
    """Start again with a newer Python of this machine, or say that there is none."""
    import shutil

    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            os.execv(found, [found, "-m", "helpers", *sys.argv[1:]])
    sys.stderr.write(
        "Cần Python 3.11 trở lên, máy này đang dùng Python %d.%d.\n"
        "Hãy cài bản mới hơn (Debian, Ubuntu: apt install python3 python3-venv) rồi chạy lại;\n"
        "nếu đã cài ở nơi khác thì chỉ rõ: make PYTHON=/đường/dẫn/python3\n" % sys.version_info[:2]
    )
    return 2


def _start() -> int:
    """Run the command line and return its exit code."""
    if sys.version_info < OLDEST:
        return _with_newer_python()
    from helpers.cli import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(_start())

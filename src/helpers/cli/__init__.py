"""The command line: one command a `make` target, every word of it Vietnamese."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from helpers import bootstrap
from helpers.cli import browser, building, sharing, tables, tools
from helpers.cli.options import DEFAULT_PLAN, REFUSED, Command, Options, UsageError
from helpers.errors import HOPELESS, HelpersError, InputRefused, Problem
from helpers.legible import clean_lines
from helpers.paths import project_root, relative
from helpers.runner.stopping import stoppable
from helpers.text import listing, nearest

__all__ = ["COMMANDS", "main", "run_here"]


def _say_refused(problems: Sequence[Problem]) -> None:
    print(f"Có {len(problems)} lỗi cần sửa trước khi chạy:")
    for number, problem in enumerate(problems, start=1):
        print(clean_lines(f"{number:3}. {problem}"))


def _help(_: Path, __: Options) -> int:
    print(
        "Cách dùng: make [lệnh]   (máy không có make: python -m helpers [lệnh], với PYTHONPATH=src)"
    )
    for name, command in COMMANDS.items():
        print(f"  {name:13}{command.help}")
    print(f"Chọn kế hoạch khác: make PLAN=params/ten-ke-hoach.yaml (mặc định {DEFAULT_PLAN})")
    return 0


COMMANDS: Mapping[str, Command] = {
    "build": Command(
        "chạy các sổ tính và xuất mọi bản tóm tắt (lệnh mặc định)",
        building.build,
        needs="build",
        needs_with={"--cluster": "cluster"},
        options=("--plan", "--timeout", "--timeout-all", "--memory", "--workers", "--cluster"),
        flags=("--force", "--stock"),
    ),
    "explain": Command(
        "nói make sẽ làm lại những gì và vì sao, không chạy gì cả",
        building.explain,
        needs="build",
        options=("--plan",),
    ),
    "test": Command("chạy toàn bộ kiểm thử", tools.test, needs="test", hands_on=True),
    "test-browser": Command(
        "kiểm tra bản tóm tắt bằng Chromium, LibreOffice, bộ kiểm HTML; tự cài những gì cần",
        browser.test_browser,
        needs="test",
        hands_on=True,
    ),
    "lab": Command(
        "mở JupyterLab tiếng Việt trên các sổ tính", tools.lab, needs="lab", hands_on=True
    ),
    "check": Command("kiểm tra quy tắc viết mã và kiểu dữ liệu", tools.check, needs="test"),
    "bench": Command(
        "đo thời gian, so với công cụ gốc; ARGS=--quick: đo nhanh; --build: chỉ đo phần dựng",
        building.bench,
        needs="test",
        options=("--plan",),
        flags=("--quick", "--build"),
    ),
    "verify": Command(
        "dựng hai lần ở hai nơi, hai thời điểm khác nhau rồi so từng byte",
        building.verify,
        needs="test",
        options=("--plan",),
    ),
    "workbook": Command(
        "chép số liệu của kế hoạch thành một tệp Excel để điền và dùng thay các tệp .csv",
        tables.workbook,
        needs="build",
        options=("--plan",),
    ),
    "forms": Command(
        "viết biểu rà soát trống cho từng huyện; ARGS=--filled: biểu tổng hợp; --tidy: bảng gọn",
        tables.forms,
        needs="build",
        options=("--plan", "--year", "--district"),
        flags=("--filled", "--tidy"),
    ),
    "review": Command(
        "kiểm tra các biểu rà soát đã nộp: nêu mọi chỗ sai, chỗ lệch, kèm ô",
        tables.review,
        needs="build",
        options=("--plan",),
    ),
    "trace": Command(
        "tra một số in trên bản tóm tắt về bảng và tệp số liệu; ARGS='ky-son 126,693'",
        tables.trace,
        needs="build",
        options=("--plan",),
        flags=("--all",),
        takes_words=True,
    ),
    "register": Command(
        "sinh một danh sách hộ giả định để dùng thử; ARGS='--rows 882400'",
        tables.register,
        needs="build",
        options=("--plan", "--rows"),
    ),
    "share": Command(
        "đóng gói những gì được gửi ra ngoài: bản tóm tắt và bảng công khai, vào reports/share",
        sharing.share,
        needs="build",
        options=("--plan",),
    ),
    "schema": Command(
        "ghi lại lược đồ JSON để trình soạn thảo gợi ý khi viết tệp quy tắc",
        tables.schema,
        needs="build",
    ),
    "clean": Command(
        "xóa những gì được tạo ra; make clean ARGS=--all xóa cả .venv",
        building.clean,
        flags=("--all",),
    ),
    "pins": Command("chọn lại phiên bản các gói và ghim mã băm", tools.pins, needs="build"),
    "help": Command("in bản hướng dẫn này", _help),
}


def _parse(name: str, command: Command, words: Sequence[str]) -> Options:
    """Read the options of one command."""
    if command.hands_on:
        return Options(rest=tuple(words))
    values: dict[str, str] = {}
    rest: list[str] = []
    waiting = list(words)
    while waiting:
        word, _, value = waiting.pop(0).partition("=")
        if word in command.flags:
            values[word] = ""
        elif word in command.options:
            if not value and not waiting:
                raise UsageError(f"{word} cần một giá trị đi sau")
            values[word] = value or waiting.pop(0)
        elif command.takes_words and not word.startswith("--"):
            rest.append(f"{word}={value}" if value else word)
        else:
            known = [*command.options, *command.flags]
            near = nearest(word, known)
            hint = f" Có phải là {near}?" if near else ""
            all_known = listing(known) or "không có"
            raise UsageError(f"lệnh {name} không có “{word}”.{hint} Tùy chọn: {all_known}")
    return Options(values, tuple(rest))


def _command(arguments: Sequence[str]) -> tuple[str, Options]:
    """Return the command's name and its options."""
    if arguments and arguments[0] in ("-h", "--help"):
        return "help", Options()
    named = bool(arguments) and not arguments[0].startswith("-")
    name = arguments[0] if named else "build"
    if name not in COMMANDS:
        near = nearest(name, COMMANDS)
        hint = f" Có phải là “{near}”?" if near else ""
        raise UsageError(f"không có lệnh “{name}”.{hint} Các lệnh: {listing(COMMANDS)}")
    return name, _parse(name, COMMANDS[name], arguments[1:] if named else arguments)


def _guarded(action: Callable[[], int]) -> int:
    """Return the exit code of the action; what goes wrong is said in a planner's words."""
    try:
        with stoppable(at_last=True):
            return action()
    except UsageError as error:
        print(clean_lines(f"Lỗi: {error}"))
    except InputRefused as error:
        _say_refused(error.problems)
    except (HelpersError, bootstrap.SetupFailed) as error:
        print(clean_lines(f"Lỗi: {error}"))
    except KeyboardInterrupt:
        print("Đã dừng theo yêu cầu.")
        return 130
    except BrokenPipeError:  # whoever was listening has gone, as `head` does: no word reaches them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        otherwise = (
            error.strerror or str(error),
            "kiểm tra đĩa còn trống, quyền ghi và đóng các tệp báo cáo đang mở, rồi chạy lại",
        )
        what, todo = HOPELESS.get(error.errno or 0, otherwise)
        print(f"Lỗi đọc ghi tệp: {what}{place}.\n→ {todo}")
    except Exception:  # a fault of the program itself: its traceback is no text for a planner
        log = project_root() / "reports" / "error.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(traceback.format_exc(), encoding="utf-8")
        print(f"Chương trình gặp lỗi ngoài dự kiến. Gửi tệp {relative(log)} cho người hỗ trợ.")
        return 1
    return REFUSED


def run_here(arguments: Sequence[str]) -> int:
    """Run a command with this very Python, whatever it has; return the exit code."""
    from helpers.runner.console import use_utf8

    use_utf8()

    def action() -> int:
        name, options = _command(arguments)
        return COMMANDS[name].action(project_root(), options)

    return _guarded(action)


def main(arguments: Sequence[str]) -> int:
    """Run a command with the project's own Python, made first where it is missing."""
    from helpers.runner.console import use_utf8

    use_utf8()

    def action() -> int:
        name, options = _command(arguments)
        command = COMMANDS[name]
        more = (needs for option, needs in command.needs_with.items() if options.values.get(option))
        needs = next(more, command.needs)
        if not needs:
            return run_here(arguments)
        root = project_root()
        python = bootstrap.ensure(root, needs)
        if Path(sys.prefix).resolve() == python.parent.parent.resolve():
            return run_here(arguments)
        return bootstrap.reexecute(python, arguments)

    return _guarded(action)

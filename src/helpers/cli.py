"""The command line: one command a `make` target, every word of it Vietnamese."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers import bootstrap
from helpers.errors import HelpersError, InputRefused, Problem
from helpers.paths import project_root, relative
from helpers.text import listing, nearest

__all__ = ["COMMANDS", "Command", "UsageError", "main", "run_here"]

DEFAULT_PLAN = "params/nghe-an-2024.yaml"
REASONS_SHOWN = 5
REFUSED = 2
TESTED = ("src", "tests", "notebooks")
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")


class UsageError(Exception):
    """The command line itself is wrong; the message says how to write it."""


@dataclass(frozen=True)
class Options:
    """What the command line said."""

    values: Mapping[str, str] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    """Words handed on to the tool behind the command."""


@dataclass(frozen=True)
class Command:
    """One command: its line in the help, the packages it needs, and what it takes."""

    help: str
    action: Callable[[Path, Options], int]
    needs: str = ""
    """Name of the environment, in `bootstrap.ENVIRONMENTS`; empty where any Python will do."""
    options: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    hands_on: bool = False


def _plan(root: Path, options: Options) -> Path:
    """Return the plan's file."""
    named = options.values.get("--plan") or DEFAULT_PLAN
    path = root / named
    if path.is_file():
        return path
    plans = sorted(relative(found) for found in (root / "params").glob("*.yaml"))
    near = nearest(path.stem, [Path(found).stem for found in plans])
    what = f"không có tệp kế hoạch “{named}”."
    if near:
        what += f" Có phải là params/{near}.yaml?"
    raise UsageError(f"{what} Các kế hoạch hiện có: {listing(plans) or 'chưa có kế hoạch nào'}")


def _number(options: Options, name: str, default: int) -> int:
    """Return a whole number from the command line."""
    text = options.values.get(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise UsageError(f"{name} phải là số nguyên dương (giây), nhận được “{text}”")
    return int(text)


def _say_refused(problems: Sequence[Problem]) -> None:
    print(f"Có {len(problems)} lỗi cần sửa trước khi chạy:")
    for number, problem in enumerate(problems, start=1):
        print(f"{number:3}. {problem}")


def _say_places(target: Path) -> None:
    from helpers.runner.places import places

    for line in places(target):
        print(f"  {line}")


def _build(root: Path, options: Options) -> int:
    from helpers import jobs
    from helpers.runner import manifest, publish, run, staleness
    from helpers.runner.build import CELL_TIMEOUT
    from helpers.runner.console import seconds

    plan = _plan(root, options)
    timeout = _number(options, "--timeout", CELL_TIMEOUT)
    target = root / "reports" / plan.stem
    publish.repair(target)
    reasons = staleness(target, jobs.inputs(plan))
    if not reasons and "--force" not in options.values:
        shutil.rmtree(target / publish.FAILED, ignore_errors=True)
        print(f"Không có gì thay đổi từ lần dựng trước, các báo cáo vẫn đúng ({plan.stem}):")
        _say_places(target)
        return 0
    if reasons and manifest.read(target):
        print("Dựng lại vì:")
        for reason in reasons[:REASONS_SHOWN]:
            print(f"  {reason}")
        if len(reasons) > REASONS_SHOWN:
            print(f"  … và {len(reasons) - REASONS_SHOWN} lý do khác")
    result = run(jobs.make_build(plan), timeout=timeout)
    if result.code == 0:
        print(f"Xong sau {seconds(result.seconds)}. Các báo cáo:")
        _say_places(target)
    return result.code


def _tool(arguments: Sequence[str], root: Path, **environment: str) -> int:
    """Run a Python tool of this environment in the project folder."""
    sys.stdout.flush()
    variables = {**os.environ, **environment}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=root, env=variables, check=False).returncode


def _test(root: Path, options: Options) -> int:
    parallel = ["-n", "auto", "--dist", "loadscope"]
    return _tool(["pytest", "-m", "", *parallel, *options.rest], root)


def _check(root: Path, _: Options) -> int:
    folders = [folder for folder in TESTED if (root / folder).is_dir()]
    checks = {
        "Quy tắc viết mã (ruff check)": ["ruff", "check", *folders],
        "Trình bày mã (ruff format)": ["ruff", "format", "--check", *folders],
        "Kiểu dữ liệu (mypy)": ["mypy"],
    }
    results = {name: _tool(arguments, root) for name, arguments in checks.items()}
    print()
    for name, code in results.items():
        print(f"{'đạt  ' if code == 0 else 'HỎNG '} {name}")
    return int(any(results.values()))


def _lab(root: Path, options: Options) -> int:
    import json

    settings = Path(sys.prefix) / "share/jupyter/lab/settings/overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    language = {"@jupyterlab/translation-extension:plugin": {"locale": "vi_VN"}}
    settings.write_text(json.dumps(language, indent=1) + "\n", encoding="utf-8")
    arguments = [f"--ServerApp.root_dir={root}", "--LabApp.default_url=/lab/tree/notebooks"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    words = ["jupyterlab", "-y", *arguments, *options.rest]
    if os.name == "nt":
        return _tool(words, root, LANGUAGE="vi_VN")
    # JupyterLab takes this process's place, so that Ctrl-C reaches it alone.
    os.chdir(root)
    os.execve(sys.executable, [sys.executable, "-m", *words], {**os.environ, "LANGUAGE": "vi_VN"})


def _bench(root: Path, options: Options) -> int:
    from helpers.allocation.bench import bench as allocation_bench
    from helpers.runner.bench import bench
    from helpers.runner.console import Console

    plan = _plan(root, options)
    for line in allocation_bench(plan):
        print(line, flush=True)
    return bench(root, relative(plan), Console())


def _verify(root: Path, options: Options) -> int:
    from helpers.runner.console import Console
    from helpers.runner.verify import verify

    return verify(root, relative(_plan(root, options)), Console())


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
        else:
            continue
        print(f"Đã xóa {relative(path)}")


def _clean(root: Path, options: Options) -> int:
    from helpers.runner import publish

    for target in sorted((root / "reports").glob("*")):
        if not target.is_dir():
            continue
        if target.name.startswith("."):
            _remove([target])
            continue
        kept = publish.remove_made(target)
        print(f"Đã xóa các báo cáo trong {relative(target)}")
        if kept:
            print(f"  giữ lại {len(kept)} tệp không do hệ thống tạo ra")
    _remove(root / cache for cache in CACHES if (root / cache).exists())
    for folder in TESTED:
        for cache in sorted((root / folder).rglob("__pycache__")):
            shutil.rmtree(cache)
    if "--all" in options.values:
        _remove(sorted(root.glob(".venv*")))
    return 0


def _workbook(root: Path, options: Options) -> int:
    from helpers.data.workbook import write_workbook
    from helpers.jobs import data_source

    plan = _plan(root, options)
    source = data_source(plan)
    if source is None or source.suffix:
        raise UsageError(f"kế hoạch {relative(plan)} không dùng thư mục số liệu .csv để chuyển")
    path = source.with_name(f"{source.name}.xlsx")
    if path.exists():
        raise UsageError(f"đã có {relative(path)}; đổi tên hoặc xóa tệp đó trước")
    write_workbook(source, path)
    print(f"Đã ghi {relative(path)}, mỗi bảng một trang tính; nguồn và tính chất của số liệu ở")
    print(f"{relative(path.with_suffix('.meta.yml'))}. Để dùng: đặt “data: {relative(path)}”")
    print(f"trong {relative(plan)}.")
    return 0


def _schema(root: Path, _: Options) -> int:
    from helpers.plan.rules.schema import SCHEMAS, schema_text

    for name, make in SCHEMAS.items():
        path = root / "params" / "rules" / name
        path.write_text(schema_text(make()), encoding="utf-8", newline="\n")
        print(f"Đã ghi {relative(path)}")
    return 0


def _pins(root: Path, _: Options) -> int:
    from helpers.runner.pins import resolve

    return resolve(root)


def _help(_: Path, __: Options) -> int:
    print(
        "Cách dùng: make [lệnh]   (máy không có make: python -m helpers [lệnh], với PYTHONPATH=src)"
    )
    for name, command in COMMANDS.items():
        print(f"  {name:9}{command.help}")
    print(f"Chọn kế hoạch khác: make PLAN=params/ten-ke-hoach.yaml (mặc định {DEFAULT_PLAN})")
    return 0


COMMANDS: Mapping[str, Command] = {
    "build": Command(
        "chạy các sổ tính và xuất mọi bản tóm tắt (lệnh mặc định)",
        _build,
        needs="build",
        options=("--plan", "--timeout"),
        flags=("--force",),
    ),
    "test": Command("chạy toàn bộ kiểm thử", _test, needs="test", hands_on=True),
    "lab": Command("mở JupyterLab tiếng Việt trên các sổ tính", _lab, needs="lab", hands_on=True),
    "check": Command("kiểm tra quy tắc viết mã và kiểu dữ liệu", _check, needs="test"),
    "bench": Command("đo thời gian, so với công cụ gốc", _bench, needs="test", options=("--plan",)),
    "verify": Command(
        "dựng hai lần ở hai nơi rồi so từng byte", _verify, needs="build", options=("--plan",)
    ),
    "workbook": Command(
        "chép số liệu của kế hoạch thành một tệp Excel để điền và dùng thay các tệp .csv",
        _workbook,
        needs="build",
        options=("--plan",),
    ),
    "schema": Command(
        "ghi lại lược đồ JSON để trình soạn thảo gợi ý khi viết tệp quy tắc",
        _schema,
        needs="build",
    ),
    "clean": Command(
        "xóa những gì được tạo ra; make clean ARGS=--all xóa cả .venv", _clean, flags=("--all",)
    ),
    "pins": Command("chọn lại phiên bản các gói và ghim mã băm", _pins, needs="build"),
    "help": Command("in bản hướng dẫn này", _help),
}


def _parse(name: str, command: Command, words: Sequence[str]) -> Options:
    """Read the options of one command."""
    if command.hands_on:
        return Options(rest=tuple(words))
    values: dict[str, str] = {}
    waiting = list(words)
    while waiting:
        word, _, value = waiting.pop(0).partition("=")
        if word in command.flags:
            values[word] = ""
        elif word in command.options:
            if not value and not waiting:
                raise UsageError(f"{word} cần một giá trị đi sau")
            values[word] = value or waiting.pop(0)
        else:
            known = [*command.options, *command.flags]
            near = nearest(word, known)
            hint = f" Có phải là {near}?" if near else ""
            all_known = listing(known) or "không có"
            raise UsageError(f"lệnh {name} không có “{word}”.{hint} Tùy chọn: {all_known}")
    return Options(values)


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
        return action()
    except UsageError as error:
        print(f"Lỗi: {error}")
    except InputRefused as error:
        _say_refused(error.problems)
    except (HelpersError, bootstrap.SetupFailed) as error:
        print(f"Lỗi: {error}")
    except KeyboardInterrupt:
        print("Đã dừng theo yêu cầu.")
        return 130
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        print(f"Lỗi đọc ghi tệp: {error.strerror or error}{place}.")
        print("Kiểm tra đĩa còn trống, quyền ghi và đóng các tệp báo cáo đang mở, rồi chạy lại.")
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
        name, _ = _command(arguments)
        needs = COMMANDS[name].needs
        if not needs:
            return run_here(arguments)
        root = project_root()
        python = bootstrap.ensure(root, needs)
        if Path(sys.prefix).resolve() == python.parent.parent.resolve():
            return run_here(arguments)
        return bootstrap.reexecute(python, arguments)

    return _guarded(action)


if __name__ == "__main__":
    sys.exit(run_here(sys.argv[1:]))

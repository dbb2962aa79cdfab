"""The project's own Python in .venv, made from nothing but a Python with venv. Stdlib only."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ENVIRONMENTS", "Environment", "SetupFailed", "ensure", "fits", "reexecute"]

UV_PINS = "requirements/uv.txt"


class SetupFailed(Exception):
    """The environment could not be made; the message is for a planner."""


@dataclass(frozen=True)
class Environment:
    """A set of pinned packages, and the folder of the virtual environment that holds it."""

    folder: str
    pins: str
    covers: tuple[str, ...] = ()
    """Names of the environments that this one, being a superset, also makes up to date."""


ENVIRONMENTS: Mapping[str, Environment] = {
    "build": Environment(".venv", "requirements/build.txt"),
    "cluster": Environment(".venv", "requirements/cluster.txt", covers=("build",)),
    "test": Environment(".venv", "requirements/test.txt", covers=("build", "cluster")),
    # JupyterLab lives apart: one of its dependencies slows every process that reads a notebook.
    "lab": Environment(".venv-lab", "requirements/lab.txt"),
}


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _wanted(root: Path, name: str) -> dict[str, str]:
    """Return what a stamp must say for the environment to fit."""
    environment = ENVIRONMENTS[name]
    python = _python(root / environment.folder)
    return {
        "pins": _digest(root / environment.pins),
        "root": str(root),
        "python": str(python.resolve()) if python.exists() else "",
        "project": _digest(root / "pyproject.toml"),
    }


def _stamp(root: Path, name: str) -> Path:
    return root / ENVIRONMENTS[name].folder / f"helpers-{name}.json"


def _stamped(root: Path, name: str) -> dict[str, str]:
    try:
        stamp = json.loads(_stamp(root, name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def fits(root: Path, name: str) -> bool:
    """Return whether the named environment is there, whole and made from today's pins."""
    wanted = _wanted(root, name)
    return bool(wanted["python"]) and _stamped(root, name) == wanted


@contextlib.contextmanager
def _alone(root: Path, folder: str) -> Iterator[None]:
    """Hold the right to change the folder, so that two commands at once do not spoil it."""
    try:
        import fcntl
    except ImportError:  # Windows: no advisory locks in this form
        yield
        return
    with (root / f"{folder}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _call(command: Sequence[str | Path], environment: Mapping[str, str]) -> str | None:
    """Run a command; return None where it went well, else the end of what it said."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        return str(error)
    if done.returncode == 0:
        return None
    return "\n".join(done.stdout.strip().splitlines()[-12:]) or f"mã thoát {done.returncode}"


def _clean_environment() -> dict[str, str]:
    """Return this process's variables without those that would slow or mislead an installer."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}


def _explain(said: str) -> str:
    """Return a planner's explanation of why an installer failed."""
    network = (
        "No matching distribution",
        "Could not fetch",
        "Failed to fetch",
        "NewConnectionError",
        "ConnectTimeout",
        "Temporary failure in name resolution",
        "Connection refused",
        "dns error",
    )
    if "No space left" in said:
        return "Đĩa đã đầy: cần khoảng 1 GB trống trong thư mục dự án. Dọn bớt rồi chạy lại."
    if "Permission denied" in said or "Read-only file system" in said:
        return "Không ghi được vào thư mục dự án: kiểm tra quyền ghi rồi chạy lại."
    if "HASHES" in said or "Hash mismatch" in said:
        return (
            "Gói tải về không khớp mã băm đã ghim (requirements/*.txt): có thể bị lỗi đường truyền "
            "hoặc máy chủ gói đã bị thay đổi. Chạy lại; nếu vẫn lỗi, báo người quản trị mạng."
        )
    if any(mark in said for mark in network):
        return (
            "Không tải được các gói Python: kiểm tra kết nối mạng (hoặc proxy, biến HTTPS_PROXY), "
            "rồi chạy lại. Chỉ lần chạy đầu tiên mới cần mạng."
        )
    return "Không cài được các gói Python. Chạy lại; nếu vẫn lỗi, gửi đoạn dưới cho người hỗ trợ."


def _new_venv(folder: Path, environment: Mapping[str, str]) -> None:
    """Make an empty virtual environment, in place of whatever is there."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupFailed(
            f"Python {version} của máy thiếu phần venv: cài gói python3-venv "
            "(Debian, Ubuntu: sudo apt install python3-venv) rồi chạy lại."
        )
    if folder.exists():
        shutil.rmtree(folder)
    said = _call([sys.executable, "-m", "venv", folder], environment)
    if said is not None:
        raise SetupFailed(f"Không tạo được {folder.name}. {_explain(said)}\n{said}")


def _mirror(python: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the package index that pip is set up with, in the variable that uv reads."""
    if any(name in environment for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    asked = subprocess.run(
        [str(python), "-m", "pip", "config", "list"],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    found = re.findall(r"^\S*\.index-url='(.+)'$", asked.stdout, re.MULTILINE)
    return {"UV_DEFAULT_INDEX": found[-1]} if found else {}


def _install(root: Path, name: str, environment: Mapping[str, str]) -> None:
    """Put the pinned packages in: with uv, and where uv fails, with pip alone."""
    python = _python(root / ENVIRONMENTS[name].folder)
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--require-hashes",
    ]
    pins = root / ENVIRONMENTS[name].pins
    said = _call([*pip, "--no-deps", "--requirement", root / UV_PINS], environment)
    if said is None:
        uv: list[str | Path] = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        said = _call(
            [*uv, "--require-hashes", "--no-deps", "--compile-bytecode", "--requirement", pins],
            {**environment, **_mirror(python, environment)},
        )
        if said is None:
            return
        print("  uv không cài được, chuyển sang pip (chậm hơn, khoảng 1 phút) …", flush=True)
    said = _call([*pip, "--no-deps", "--requirement", pins], environment)
    if said is not None:
        raise SetupFailed(f"{_explain(said)}\n{said}")


def _install_project(root: Path, folder: Path, environment: Mapping[str, str]) -> None:
    """Register the project itself, its exporters included, to be read from src/."""
    command: list[str | Path] = [
        _python(folder),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--no-index",
    ]
    said = _call([*command, "--no-deps", "--no-build-isolation", "--editable", root], environment)
    if said is not None:
        raise SetupFailed(f"Không đăng ký được dự án vào {folder.name}.\n{said}")


def _write_stamp(root: Path, name: str) -> None:
    text = json.dumps(_wanted(root, name), indent=1, ensure_ascii=False)
    _stamp(root, name).write_text(text + "\n", encoding="utf-8")


def _make(root: Path, name: str) -> None:
    """Bring the named environment up to date, with the least work that does it."""
    folder = root / ENVIRONMENTS[name].folder
    variables = _clean_environment()
    wanted, found = _wanted(root, name), _stamped(root, name)
    if found and found == wanted | {"project": found["project"]}:
        _install_project(root, folder, variables)
        _write_stamp(root, name)
        return
    extends = bool(wanted["python"]) and any(fits(root, base) for base in ENVIRONMENTS[name].covers)
    first = "Bổ sung" if extends else "Chuẩn bị"
    print(f"{first} môi trường {folder.name} ({ENVIRONMENTS[name].pins}) …", flush=True)
    if not extends:
        _new_venv(folder, variables)
    _install(root, name, variables)
    _install_project(root, folder, variables)
    # Its font list is made once and here: made by a notebook, it would leave a remark in there.
    _call([_python(folder), "-c", "import matplotlib.font_manager"], variables)
    for made in (*ENVIRONMENTS[name].covers, name):
        _write_stamp(root, made)


def ensure(root: Path, name: str) -> Path:
    """Make sure that the named environment fits, and return its Python.

    Raises:
        SetupFailed: with a Vietnamese sentence, where it cannot be made.
    """
    try:
        if not fits(root, name):
            with _alone(root, ENVIRONMENTS[name].folder):
                if not fits(root, name):  # another command may have made it meanwhile
                    _make(root, name)
    except OSError as error:
        raise SetupFailed(f"{_explain(str(error))}\n{error}") from error
    return _python(root / ENVIRONMENTS[name].folder)


def reexecute(python: Path, arguments: Sequence[str]) -> int:
    """Go on as `python -m helpers …` of the given Python; return only where exec is missing."""
    environment = _clean_environment()
    command = [str(python), "-m", "helpers", *arguments]
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.run(command, env=environment, check=False).returncode
    os.execve(python, command, environment)

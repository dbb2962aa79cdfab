"""`make test-browser`: the reports looked at through programs that others wrote."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.cli.options import REFUSED, Options
from helpers.cli.tools import tool

__all__ = ["FOLDER", "missing_packages", "test_browser"]

FOLDER = ".browser"
"""Where the npm packages are kept; git ignores it."""

LISTED = "tests/browser/package.json"
"""The npm packages, each by its exact version."""

PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "chromium": ("chromium",),
    "java": ("default-jre-headless",),
    "node": ("nodejs",),
    "npm": ("npm",),
    "pdftoppm": ("poppler-utils",),
    "qpdf": ("qpdf",),
    "soffice": ("libreoffice-writer-nogui", "libreoffice-calc-nogui"),
}
"""Each program with the Debian packages that bring it."""

OFFICE: Mapping[str, str] = {
    "libswlo.so": "libreoffice-writer-nogui",
    "libsclo.so": "libreoffice-calc-nogui",
}
"""LibreOffice starts without its parts too; these files beside it are Writer and Calc."""


def missing_packages() -> list[str]:
    """Return the Debian packages without which the tests cannot run here."""
    found = {name: shutil.which(name) for name in PROGRAMS}
    wanted = [package for name, path in found.items() if not path for package in PROGRAMS[name]]
    office = found["soffice"]
    if office:
        beside = Path(office).resolve().parent
        wanted += [package for part, package in OFFICE.items() if not (beside / part).exists()]
    return wanted


def test_browser(root: Path, options: Options) -> int:
    """Bring what the tests need, then run them; ARGS=--refresh takes the pictures anew."""
    packages = missing_packages()
    if packages and not _installed(packages):
        return REFUSED
    if not _npm(root):
        return REFUSED
    return tool(["pytest", "-m", "browser", "tests/browser", *options.rest], root)


def _installed(packages: Sequence[str]) -> bool:
    """Install Debian packages where this user may; say what to do where not."""
    print(f"Cần cài thêm các gói Debian: {' '.join(packages)}", flush=True)
    may = _may_install()
    if may is not None:
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run([*may, *command], env=quiet, stdin=subprocess.DEVNULL, check=False)
        packages = missing_packages()
        if not packages:
            return True
    print(
        "Lỗi: chưa có đủ chương trình để kiểm tra bản tóm tắt bằng trình duyệt và LibreOffice.\n"
        f"→ cài bằng quyền quản trị: apt-get install {' '.join(packages)}; rồi chạy lại "
        "make test-browser. Trên máy không phải Debian, Ubuntu: cài chương trình tương ứng"
    )
    return False


def _may_install() -> list[str] | None:
    """Return the words to put before apt-get, or None where this user cannot install."""
    if not shutil.which("apt-get"):
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    unasked = ["sudo", "-n"]
    if not shutil.which("sudo"):
        return None
    tried = subprocess.run([*unasked, "true"], capture_output=True, check=False)
    return None if tried.returncode else unasked


def _npm(root: Path) -> bool:
    """Bring the npm packages of the list, unless the very same are there."""
    folder, wanted = root / FOLDER, root / LISTED
    stamp = folder / "installed.json"
    if stamp.is_file() and stamp.read_bytes() == wanted.read_bytes():
        return True
    print(f"Cài các gói npm ghi trong {LISTED} vào {FOLDER}/", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(wanted, folder / "package.json")
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        print("Lỗi: npm không cài được các gói trên.\n→ kiểm tra kết nối mạng rồi chạy lại")
        return False
    shutil.copy(wanted, stamp)
    return True

"""`make test-browser`: what it needs, and what it says where that cannot be had."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from helpers.cli import browser
from helpers.cli.options import REFUSED, Options

ROOT = Path(__file__).parents[1]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record the programs that would be started, in place of starting them."""
    started: list[list[str]] = []

    def run(words: list[Any], **_: Any) -> SimpleNamespace:
        started.append([str(word) for word in words])
        return SimpleNamespace(returncode=1 if words[0] == "sudo" else 0)

    monkeypatch.setattr(subprocess, "run", run)
    return started


def _has(monkeypatch: pytest.MonkeyPatch, *names: str, folder: Path | None = None) -> None:
    """Let only these programs be found."""
    here = folder or Path("/usr/bin")
    monkeypatch.setattr(shutil, "which", lambda name: str(here / name) if name in names else None)


def test_every_missing_program_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a bare machine every package is asked for, Writer and Calc among them."""
    _has(monkeypatch)
    packages = browser.missing_packages()
    assert {"chromium", "default-jre-headless", "nodejs", "npm", "qpdf"} <= set(packages)
    assert {"poppler-utils", "libreoffice-writer-nogui", "libreoffice-calc-nogui"} <= set(packages)


def test_an_office_without_its_spreadsheet_is_not_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """LibreOffice starts without Calc, but opens no workbook."""
    (tmp_path / "soffice").touch()
    (tmp_path / "libswlo.so").touch()
    _has(monkeypatch, *browser.PROGRAMS, folder=tmp_path)
    assert browser.missing_packages() == ["libreoffice-calc-nogui"]
    (tmp_path / "libsclo.so").touch()
    assert browser.missing_packages() == []


def test_a_user_who_cannot_install_is_told_what_to_ask_for(
    monkeypatch: pytest.MonkeyPatch, calls: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without root or sudo nothing is started; the packages and the next step are said."""
    _has(monkeypatch, "apt-get", "sudo", "node", "npm", "java", "soffice", "pdftoppm")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert browser.test_browser(ROOT, Options()) == REFUSED
    said = capsys.readouterr().out
    assert "apt-get install chromium qpdf" in said
    assert "chạy lại make test-browser" in said
    assert calls == [["sudo", "-n", "true"]]


def test_root_installs_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, calls: list[list[str]], tmp_path: Path
) -> None:
    """As root the packages are installed without the recommended ones, then looked for again."""
    there = {"apt-get", *browser.PROGRAMS} - {"qpdf", "soffice"}
    monkeypatch.setattr("os.geteuid", lambda: 0)
    _has(monkeypatch, *there)
    assert browser.test_browser(tmp_path, Options()) == REFUSED
    install = next(words for words in calls if "install" in words)
    assert install[:4] == ["apt-get", "install", "-y", "--no-install-recommends"]
    assert set(install[4:]) == {"qpdf", "libreoffice-writer-nogui", "libreoffice-calc-nogui"}


def test_npm_packages_are_of_exact_versions_and_bring_no_scripts(
    monkeypatch: pytest.MonkeyPatch, calls: list[list[str]], tmp_path: Path
) -> None:
    """They are installed once for a list, without a lock file and without running anything."""
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    shutil.copy(ROOT / browser.LISTED, tmp_path / browser.LISTED)
    versions = json.loads((ROOT / browser.LISTED).read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    monkeypatch.setattr(browser, "missing_packages", list)
    monkeypatch.setattr(browser, "tool", lambda words, root: 0)
    assert browser.test_browser(tmp_path, Options()) == 0
    assert browser.test_browser(tmp_path, Options()) == 0
    assert len(calls) == 1
    assert {"--ignore-scripts", "--no-package-lock"} <= set(calls[0])

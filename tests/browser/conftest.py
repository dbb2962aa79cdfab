"""What the tests with other programs share: the real reports, built once, and the programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PLAN = "params/nghe-an-2024.yaml"
COPIED = ("params", "data", "notebooks", "requirements", "src")
FONTS = ROOT / "src" / "helpers" / "brief" / "fonts"
NODE_MODULES = ROOT / ".browser" / "node_modules"

CHANGED = {"languages: [vi]": "languages: [vi, en]", "communes: false": "communes: true"}
"""What the tests ask of the shipped plan besides: every kind of document."""

SHOWN = (
    "index",
    "provincial-brief",
    "provincial-brief.en",
    "provincial-plan",
    "districts/ky-son",
    "districts/vinh.en",
    "communes/ky-son/bac-ly-16819",
)
"""One document of each kind, by its place among the reports."""


WIDTHS = [375, 1280]
"""A phone and a desk, in pixels."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `make test-browser`."""
    parser.addoption("--refresh", action="store_true", help="take the reference pictures anew")
    parser.addoption("--built", metavar="FOLDER", help="look at reports that were built already")


@pytest.fixture(scope="session")
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the reports of the shipped plan, in both languages and with the communes' sheets."""
    built = request.config.getoption("--built")
    if built:
        return Path(built).resolve()
    folder = tmp_path_factory.mktemp("project") / "kế hoạch tỉnh"
    hidden = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.egg-info")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=hidden)
    shutil.copy(ROOT / "pyproject.toml", folder)
    plan = (folder / PLAN).read_text(encoding="utf-8")
    for old, new in CHANGED.items():
        assert old in plan or new in plan
        plan = plan.replace(old, new)
    (folder / PLAN).write_text(plan, encoding="utf-8")
    variables = {**os.environ, "HELPERS_ROOT": str(folder), "PYTHONPATH": str(folder / "src")}
    said = call([sys.executable, "-m", "helpers.cli", "build", "--plan", PLAN], folder, variables)
    target = folder / "reports" / "nghe-an-2024"
    assert (target / "index.html").is_file(), said[-3000:]
    return target


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variables under which every program finds the project's typeface, and no other.

    So line breaks do not depend on what is installed here.
    """
    folder = tmp_path_factory.mktemp("fonts")
    rules = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{FONTS}</dir>
  <cachedir>{folder}/cache</cachedir>
  <alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer>
  </alias>
</fontconfig>
"""
    (folder / "fonts.conf").write_text(rules, encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}


@dataclass(frozen=True)
class Seen:
    """What Chromium showed: each page at each width in each scheme, and each page as it is used."""

    looked: list[dict[str, Any]]
    used: dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def seen(reports: Path, fonts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Look at one page of each kind, on a phone and on a desk, in the light and in the dark."""
    asked = {
        "chromium": shutil.which("chromium"),
        "axe": True,
        "pages": [str(reports / f"{name}.html") for name in SHOWN],
        "widths": WIDTHS,
        "schemes": ["light", "dark"],
        "pictures": str(tmp_path_factory.mktemp("pictures")),
        "word": "ky son",
    }
    script = Path(__file__).parent / "look.cjs"
    variables = {**fonts, "NODE_PATH": str(NODE_MODULES)}
    said = call(["node", script], variables=variables, text=json.dumps(asked))
    found = json.loads(said)
    for one in (*found["looked"], *found["used"]):
        one["name"] = Path(one["file"]).relative_to(reports).with_suffix("").as_posix()
    return Seen(found["looked"], {one["name"]: one for one in found["used"]})


def call(
    words: Sequence[str | Path],
    folder: Path | None = None,
    variables: dict[str, str] | None = None,
    *,
    text: str = "",
) -> str:
    """Run a program to its end; return what it said, and fail where it failed."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=variables,
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{words[0]}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout

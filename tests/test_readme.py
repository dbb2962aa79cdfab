"""README tells the truth: its commands, files and numbers exist."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from helpers.cli import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    """The table of commands and the command line name the same commands."""
    named = set(re.findall(r"^\| `make ?([a-z-]*)", README, flags=re.MULTILINE))
    assert {name or "build" for name in named} == set(COMMANDS)
    words = re.findall(r"`(?:make|py -m helpers) ([a-z-]+)", README)
    assert set(words) <= set(COMMANDS)


def test_files_that_readme_names_exist() -> None:
    """Paths in README lead to files of the project (those under reports/ are made)."""
    paths = re.findall(r"`((?:params|data|notebooks|src|requirements|docs)/[\w./-]*)`", README)
    paths += re.findall(r"\]\(([\w./-]+)\)", README)
    examples = ("params/nghe-an-2025.yaml", "params/other.yaml")
    shown = [path for path in paths if path not in examples]
    assert len(shown) > 6
    assert not [path for path in shown if not (ROOT / path).exists()]


def test_the_example_of_changing_a_number_can_be_followed() -> None:
    """The line that README tells the planner to edit stands in the plan."""
    plan = (ROOT / "params" / "nghe-an-2024.yaml").read_text(encoding="utf-8")
    edited = re.search(r"sửa `(amount: [^`]+)`", README)
    assert edited
    assert edited.group(1) in plan
    assert yaml.safe_load(plan)["capital"]["total"]["amount"] == "603.736 triệu"
    assert "603.736 triệu đồng" in README

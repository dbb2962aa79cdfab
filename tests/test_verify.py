"""Two builds under other clocks and settings: what is unsteady is found and named."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from runner_toys import publishing, write_notebook

from helpers.paths import ROOT_VARIABLE
from helpers.runner.console import Console
from helpers.runner.verify import SETTINGS, differences, verify

SCRIPT = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from runner_toys import job, shop, toy
from helpers.runner import run
root = Path(os.environ["HELPERS_ROOT"])
notebooks = sorted((root / "notebooks").glob("*.ipynb"))
jobs = [job(path, publishes=(path.stem,)) for path in notebooks]
with shop() as opened:
    sys.exit(run(toy(root, *jobs), opened).code)
"""

UNSTEADY = {
    "now": "__import__('datetime').datetime.now().isoformat()",
    "year": "str(__import__('datetime').date.today().year)",
    "clock": "str(__import__('time').time())",
    "zone": "__import__('time').strftime('%Z')",
    "order": "', '.join({'Kỳ Sơn', 'Quế Phong', 'Tương Dương', 'Con Cuông', 'Quỳ Châu'})",
    "address": "hex(id(object()))",
    "dated": "str(Path('now.ipynb').stat().st_mtime)",
    "place": "str(Path.cwd())",
}
"""What a careless notebook publishes, each as a table of its own."""


def _project(root: Path, cells: dict[str, str]) -> Path:
    """Write a project whose notebooks each publish a table with the value of an expression."""
    for name, value in cells.items():
        text = publishing(name, "VALUE").replace("'VALUE'", value)
        write_notebook(root, name, text, parameters=None)
    (root / "build.py").write_text(SCRIPT.format(tests=str(Path(__file__).parent)))
    return root


def _verify(root: Path) -> tuple[int, str]:
    said = io.StringIO()
    inputs = sorted((root / "notebooks").glob("*.ipynb"))
    code = verify(root, "thu", ["build.py"], inputs, Console(said))
    return code, said.getvalue()


def _publish(root: Path, **variables: str) -> None:
    """Build the project where it is."""
    environment = {**os.environ, ROOT_VARIABLE: str(root), **variables}
    subprocess.run([sys.executable, "build.py"], cwd=root, env=environment, check=True)


@pytest.mark.slow
def test_whatever_is_unsteady_is_found_and_named(tmp_path: Path) -> None:
    """Clock, zone, order of sets, addresses, file times and paths: each table is named."""
    code, said = _verify(_project(tmp_path, {**UNSTEADY, "steady": "'a'"}))
    assert code == 1
    named = {line.split()[0] for line in said.splitlines() if line.startswith("  tables/")}
    assert named == {f"tables/{name}.csv:" for name in UNSTEADY}
    assert "manifest.json: khác ở mục jobs, outputs" in said


@pytest.mark.slow
def test_a_steady_project_is_alike_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both builds and the published reports are the same; without these, only the builds are."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    _project(tmp_path, {"steady": "'a'", "other": "str(6 * 7)"})
    code, said = _verify(tmp_path)
    assert code == 0
    assert "Hai lần dựng giống nhau từng byte (7 tệp)." in said
    assert "chưa có bản nào" in said
    _publish(tmp_path)
    code, said = _verify(tmp_path)
    assert code == 0
    assert "Bản đang có trong reports/ giống từng byte" in said


@pytest.mark.slow
def test_published_reports_are_a_third_witness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What both builds agree on still shows where the published reports were made otherwise."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    _project(tmp_path, {"steady": "'a'", "mine": "os.environ.get('WHO', 'nobody')"})
    _publish(tmp_path, WHO="me")
    code, said = _verify(tmp_path)
    assert code == 1
    assert "Hai lần dựng giống nhau từng byte" in said
    assert "tables/mine.csv: khác nội dung" in said
    assert "tables/steady.csv" not in said


@pytest.mark.slow
def test_stale_reports_are_no_witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports that are older than a notebook are not compared, and the notebook is named."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    _project(tmp_path, {"steady": "'a'"})
    _publish(tmp_path)
    _project(tmp_path, {"steady": "'b'"})
    code, said = _verify(tmp_path)
    assert code == 0
    assert "không so: notebooks/steady.ipynb đã đổi" in said


def test_a_build_that_fails_is_told(tmp_path: Path) -> None:
    """Where a copy cannot be built there is nothing to compare, and what was said is shown."""
    (tmp_path / "build.py").write_text("import sys; print('hỏng rồi'); sys.exit(1)")
    code, said = _verify(tmp_path)
    assert code == 1
    assert "hỏng rồi" in said
    assert "Lần 1 dựng hỏng" in said


def test_a_build_that_leaves_nothing_is_told(tmp_path: Path) -> None:
    """Two builds without any report are no proof."""
    (tmp_path / "build.py").write_text("pass")
    code, said = _verify(tmp_path)
    assert code == 1
    assert "không để lại báo cáo nào" in said


CLOCK = """
import datetime, subprocess, sys
child = [sys.executable, "-c", "import datetime; print(datetime.datetime.now().year)"]
said = subprocess.run(child, capture_output=True, text=True, check=True).stdout
print(datetime.datetime.now().astimezone().isoformat(), said)
sys.exit(1)
"""


def test_every_process_of_a_build_has_its_clock(tmp_path: Path) -> None:
    """The build and what it starts live at the time of the setting, in its time zone."""
    (tmp_path / "build.py").write_text(CLOCK)
    _, said = _verify(tmp_path)
    moment, year = next(line for line in said.splitlines() if line[:2] == "20").split()
    assert moment.startswith(SETTINGS[0].moment[:16])
    assert moment.endswith("+07:00")
    assert year == "2019"


def test_manifests_may_differ_in_the_commit_only(tmp_path: Path) -> None:
    """The commit is of the place where reports were built; any other difference is named."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, commit, python in ((first, "abc", "3.11.7"), (second, "", "3.11.7")):
        folder.mkdir()
        text = f'{{"commit": "{commit}", "python": "{python}"}}'
        (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert differences(first, second) == {}
    (second / "manifest.json").write_text('{"commit": "abc", "python": "3.12.1"}')
    (first / "index.html").write_text("a")
    assert differences(first, second) == {
        "index.html": "chỉ có ở một bên",
        "manifest.json": "khác ở mục python",
    }

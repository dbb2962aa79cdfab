"""Whole builds with real kernels: what is published, and how failures are told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from runner_toys import (
    contents,
    job,
    publishing,
    refuse,
    run_quietly,
    shop,
    toy,
    write_index,
    write_notebook,
)

from helpers.paths import ROOT_VARIABLE
from helpers.runner import Limits, staleness
from helpers.runner.model import Build

pytestmark = pytest.mark.slow

LIMITS = Limits(cell=8, memory=1 << 30)


def seen(root: Path) -> list[str]:
    """Return what a planner sees in the reports folder; hidden files are the runner's own."""
    return sorted(p.name for p in (root / "reports").iterdir() if not p.name.startswith("."))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project folder."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    return tmp_path


def _good_build(root: Path) -> Build:
    """Return a build of an analysis and of two briefs made from what it publishes."""
    analysis = write_notebook(root, "phan-tich", publishing("von", "key,total\nDA5,100000\n"))
    brief = write_notebook(
        root,
        "ban",
        "import os, sys, warnings\nfrom pathlib import Path",
        "text = (Path(os.environ['HELPERS_OUTPUT']) / 'tables' / 'von.csv').read_text()\n"
        "print(district, text, Path.cwd())\nprint('é', file=sys.stderr)",
        "warnings.warn('cảnh báo')",
        "{'HELPERS_TOY': os.environ.get('HELPERS_TOY'), 'output': os.environ['HELPERS_OUTPUT']}",
    )
    jobs = [job(analysis, publishes=("von",))]
    for name in ("Kỳ Sơn", "Con Cuông"):
        place = f"districts/{len(name)}"
        renders = (("html", f"{place}.html"), ("markdown", f"{place}.md"))
        parameters = {"district": name}
        jobs.append(job(brief, place, parameters, renders=renders, reads=("von",)))
    return toy(
        root,
        *jobs,
        inputs=(analysis, brief),
        environment={"HELPERS_TOY": "có $dollar"},
        finish=write_index,
    )


def test_a_good_build_is_published_readable_and_repeatable(root: Path) -> None:
    """Two builds give the same bytes, free of times, paths and ids, with readable parameters."""
    build = _good_build(root)
    result, said = run_quietly(build)
    assert (result.code, result.failures) == (0, ())
    assert "3/3" in said
    first = contents(build.target)
    assert {"index.html", "manifest.json", "tables/von.csv", "districts/6.html"} <= set(first)
    executed = json.loads(first["notebooks/districts/6.ipynb"])
    injected = next(
        cell
        for cell in executed["cells"]
        if "injected-parameters" in cell["metadata"].get("tags", [])
    )
    assert 'district = "Kỳ Sơn"' in "".join(injected["source"])
    assert executed["metadata"]["papermill"] == {"parameters": {"district": "Kỳ Sơn"}}
    whole = b"".join(first.values()).decode()
    assert str(root) not in whole
    assert "ipykernel_" not in whole
    assert "Kỳ Sơn key,total\nDA5,100000\n notebooks" in whole  # it ran in its own folder
    assert "có $dollar" in whole
    assert staleness(build.target, build.inputs) == ()
    again, said = run_quietly(build, afresh=True)
    assert (again.changed_briefs, len(again.made)) == ((), 3)
    assert "không bảng nào" in said
    assert contents(build.target) == first
    assert seen(root) == ["thu"]
    kept, _ = run_quietly(build)
    assert (kept.made, len(kept.kept)) == ((), 3)
    assert contents(build.target) == first


@pytest.mark.parametrize(
    ("briefs", "said", "several"), [(6, "5", True), (6, "năm", True), (4, "5", False)]
)
def test_a_rehearsal_comes_once_before_the_briefs(
    root: Path, briefs: int, said: str, several: bool
) -> None:
    """It finds the tables that briefs read, is told whether they are several, and may even fail."""
    analysis = write_notebook(root, "phan-tich", publishing("von", f"total\n{said}\n"))
    brief = write_notebook(root, "ban", "print('von')")
    shown = [
        job(
            brief,
            f"huyen/{n}",
            {"district": f"{n}"},
            renders=(("html", f"{n}.html"),),
            reads=("von",),
        )
        for n in range(briefs)
    ]
    jobs = (job(analysis, publishes=("von",)), *shown)
    build = toy(root, *jobs, rehearse="runner_toys:learn")
    result, _ = run_quietly(build)
    assert (result.code, len(result.made)) == (0, briefs + 1)
    assert (root / "learnt").read_text() == f"{several} {said}\n"
    run_quietly(build)
    assert (root / "learnt").read_text() == f"{several} {said}\n"  # nothing was to run


def test_what_changed_is_told(root: Path) -> None:
    """After an edit the changed values and briefs are named, and listed in changes.csv."""
    build = _good_build(root)
    run_quietly(build)
    write_notebook(root, "phan-tich", publishing("von", "key,total\nDA5,200000\n"))
    result, said = run_quietly(build)
    assert (result.code, result.changed_values, len(result.changed_briefs)) == (0, 1, 2)
    assert "100.000 → 200.000" in said
    assert "changes.csv" in said
    assert (build.target / "changes.csv").is_file()
    assert "changes.csv" not in json.loads((build.target / "manifest.json").read_text())["outputs"]


FAILURES = {
    "loi": ("1 / 0", "ZeroDivisionError: division by zero"),
    "rieng": (
        "from helpers.errors import InputRefused, Problem\n"
        "raise InputRefused([Problem('tệp', 'sai một'), Problem('tệp', 'sai hai')])",
        "tệp: sai một\n  tệp: sai hai",
    ),
    "treo": ("import time; time.sleep(60)", "quá 8 giây"),
    "chet": ("import os; os._exit(0)", "tắt đột ngột"),
    "giet": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "tắt đột ngột"),
    "thoat": ("import sys; sys.exit(0)", "lệnh thoát"),
    "het": ("raise MemoryError", "hết bộ nhớ"),
    "phinh": ("big = bytearray(3 << 30)", "hết bộ nhớ cho một sổ tính (cho phép thêm 1.024 MB)"),
    "ra": ("exit()", "lệnh thoát"),
    "bo": ("quit()", "lệnh thoát"),
    "vo": ("import ctypes; ctypes.string_at(0)", "tắt đột ngột"),
}


def test_every_kind_of_failure_is_told_and_spares_the_good_reports(root: Path) -> None:
    """Each failure has its place and reason; the others of its stage go on, later ones do not."""
    build = _good_build(root)
    run_quietly(build)
    before = contents(build.target)
    paths = {
        name: write_notebook(root, name, "first = 1", cell, "last = 1")
        for name, (cell, _) in FAILURES.items()
    }
    broken = [job(path, publishes=(f"bang-{name}",)) for name, path in paths.items()]
    later = job(write_notebook(root, "sau", "1"), reads=("bang-chet",))
    alone = job(write_notebook(root, "rieng-le", "2"), reads=("von",))
    jobs = (*build.jobs[:1], *broken, later, alone)
    result, said = run_quietly(toy(root, *jobs, environment=build.environment), limits=LIMITS)
    assert result.code == 1
    assert result.skipped == ("Bản sau",)
    assert result.made == ("Bản rieng-le",), said
    assert "Bản sau … bỏ qua" in said
    assert "Traceback" not in said
    assert {failure.notebook for failure in result.failures} == {
        f"notebooks/{name}.ipynb" for name in FAILURES
    }
    failed = build.target / "failed"
    for name, (_, reason) in FAILURES.items():
        found = (str(f) for f in result.failures if f.notebook == f"notebooks/{name}.ipynb")
        message = next(found)
        assert reason in message
        assert "ô thứ 5, dưới mục “Tính toán”" in message
        assert message in said.replace("\n  Chi tiết", "\n Chi tiết")
        notebook = json.loads((failed / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert "CHẠY HỎNG" in "".join(notebook["cells"][0]["source"])
        assert notebook["cells"][5]["cell_type"] == "code"
    assert "ZeroDivisionError" in (failed / "loi.log").read_text(encoding="utf-8")
    after = {
        place: data for place, data in contents(build.target).items() if "failed/" not in place
    }
    assert after == before
    good, _ = run_quietly(build)
    assert good.code == 0
    assert not failed.exists()
    assert seen(root) == ["thu"]


def test_another_notebooks_table_is_never_written_over(root: Path) -> None:
    """A table under a computed name stops the cell before it touches what another published."""
    name = "('v' + 'on.csv')"
    overwriting = publishing("von", "key,total\nDA5,7\n").replace("'von.csv'", name)
    good = _good_build(root)
    thief = job(write_notebook(root, "trom", overwriting), reads=("von",))
    result, said = run_quietly(toy(root, *good.jobs, thief, environment=good.environment))
    assert result.code == 1
    assert "công bố bảng “von” mà tên không ghi thẳng trong ô" in said, said
    made = root / "reports" / ".thu.work" / "reports" / "tables" / "von.csv"
    assert made.read_text(encoding="utf-8") == "key,total\nDA5,100000\n"


def test_a_document_that_is_not_asked_for_any_more_goes(root: Path) -> None:
    """With one format less, its old file is no part of the reports, and nothing runs again."""
    build = _good_build(root)
    run_quietly(build)
    (build.target / "districts" / "6.md").rename(root / "bản cũ.md")
    run_quietly(build)
    fewer = tuple(replace(one, renders=one.renders[:1]) for one in build.jobs)
    write_notebook(root, "phan-tich", "# ghi chú", publishing("von", "key,total\nDA5,100000\n"))
    result, _ = run_quietly(replace(build, jobs=fewer))
    assert result.made == ("Bản phan-tich",)
    assert (build.target / "districts" / "6.html").is_file()
    assert not list(build.target.rglob("*.md"))


def test_a_document_that_cannot_be_rendered_fails_its_job(root: Path) -> None:
    """An exporter that refuses is a failure like any other, and names the document."""
    path = write_notebook(root, "ban", "1")
    renders = (("khong-co", "ban.pdf"),)
    result, said = run_quietly(toy(root, job(path, renders=renders)))
    assert result.code == 1
    assert "ban.pdf (khong-co)" in said
    assert (root / "reports" / "thu" / "failed" / "ban.ipynb").is_file()
    assert not (root / "reports" / "thu" / "manifest.json").exists()


def test_a_failing_last_step_publishes_nothing(root: Path) -> None:
    """When the index cannot be made, the reports are not put in place."""
    result, said = run_quietly(toy(root, job(write_notebook(root, "ban", "1")), finish=refuse))
    assert result.code == 1
    assert "thiếu bảng" in said
    assert not (root / "reports" / "thu" / "manifest.json").exists()


def test_notebooks_do_not_share_names_or_imports(root: Path) -> None:
    """Each notebook has a process of its own, and nothing of the user's IPython settings."""
    first = write_notebook(root, "mot", "import json\nshared = 1\njson.mark = 1")
    check = "import json, os\nassert 'shared' not in globals() and not hasattr(json, 'mark')"
    second = write_notebook(root, "hai", check, "assert os.environ['IPYTHONDIR'] != '/nha'")
    os.environ["IPYTHONDIR"] = "/nha"
    try:
        with shop(workers=1) as opened:
            result, said = run_quietly(toy(root, job(first), job(second)), opened)
    finally:
        del os.environ["IPYTHONDIR"]
    assert result.code == 0, said


@pytest.mark.skipif(os.name == "nt", reason="signals work otherwise there")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_nothing_behind(root: Path, sign: signal.Signals) -> None:
    """Ctrl-C or a request to end stops the kernels, keeps the old reports, exits with 130."""
    mark = root / "bat-dau"
    cell = f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    path = write_notebook(root, "lau", cell)
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from helpers.runner import Build, Job, open_shop, run\n"
        f"build = Build('thu', Path({str(root)!r}) / 'reports' / 'thu',"
        f" (Job('Lâu', Path({str(path)!r}), {{}}, 'lau'),))\n"
        "with open_shop() as shop:\n    code = run(build, shop).code\n"
        "sys.exit(code)"
    )
    driver = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    deadline = time.monotonic() + 30
    while not (mark.exists() and mark.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    kernel = int(mark.read_text())
    driver.send_signal(sign)
    out, err = driver.communicate(timeout=20)
    assert driver.returncode == 130
    assert out.decode().strip().splitlines() == [
        "Đã dừng theo yêu cầu; các báo cáo cũ không bị thay đổi."
    ]
    assert "Traceback" not in err.decode()
    assert seen(root) == []
    import psutil

    assert not psutil.pid_exists(kernel)


def test_one_fault_met_many_times_is_told_once(root: Path) -> None:
    """The same cell failing for several districts is explained once, the others are named."""
    path = write_notebook(root, "huyện", "1 / (year - 2024)")
    jobs = [job(path, f"huyen-{number}", {"district": f"Huyện {number}"}) for number in range(1, 4)]
    result, said = run_quietly(toy(root, *jobs))
    assert result.code == 1
    assert len(result.failures) == 3
    assert said.count("ZeroDivisionError") == 1
    assert "còn hỏng 2 lần chạy khác" in said


def test_a_heading_is_told_in_the_planners_words(root: Path) -> None:
    """Where a text and its translation stand above a cell that fails, the text itself is named."""
    path = write_notebook(root, "hai-thứ-tiếng", "1 / 0")
    notebook = nbformat.read(path, as_version=4)
    at = next(n for n, cell in enumerate(notebook.cells) if cell.source == "1 / 0")
    notebook.cells[at:at] = [
        new_markdown_cell("## I. Vốn", metadata={"tags": ["vi"]}),
        new_markdown_cell("## I. Capital", metadata={"tags": ["en"]}),
    ]
    nbformat.write(notebook, path)
    result, _ = run_quietly(toy(root, job(path, "hai-thứ-tiếng", {})))
    assert [failure.heading for failure in result.failures] == ["I. Vốn"]
